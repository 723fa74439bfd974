//! Pastes of many kinds, and how many of them are read exactly. Half were set aside before the reader was written, and are only
//! counted; who wrote them wrote the reader, so that strangers' pastes will be read less well.

#[cfg(test)]
mod tests {
    use super::super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;
    use std::fmt::Write;

    const KNOWN: &str = include_str!("corpus/known.txt");
    const UNSEEN: &str = include_str!("corpus/unseen.txt");

    /// A paste, and what it says.
    struct Case {
        group: &'static str,
        text: String,
        rows: Vec<String>,
        aside: Vec<String>,
    }

    fn decoded(text: &str) -> String {
        text.replace('→', "\t").replace('⍽', "\u{A0}").replace('∅', "\u{200B}")
    }

    fn cases(corpus: &'static str) -> Vec<Case> {
        let sections = corpus.split("\n=== ").skip(1);
        let case = |section: &'static str| {
            let (group, rest) = section.split_once('\n').expect("a group");
            let (text, said) = rest.split_once("\n---\n").or_else(|| rest.split_once("\n---")).expect("what it says");
            let (aside, rows): (Vec<&str>, Vec<&str>) =
                said.lines().filter(|line| !line.is_empty()).partition(|line| line.starts_with('~'));
            Case {
                group,
                text: decoded(text),
                rows: rows.into_iter().map(str::to_owned).collect(),
                aside: aside.into_iter().map(|line| decoded(&line[1..])).collect(),
            }
        };
        sections.map(case).collect()
    }

    /// An entry as the corpus writes it.
    fn shown(pasted: &Pasted) -> String {
        let mut out = match &pasted.kind {
            PastedKind::Email(email) => email.to_string(),
            PastedKind::Phone(phone) => phone.to_string(),
            PastedKind::Broken { .. } => format!("!{}", pasted.typed),
        };
        let mut field = |label: &str, text: Option<&str>| {
            if let Some(text) = text {
                write!(out, " · {label}{text}").expect("written");
            }
        };
        field("n:", pasted.name.as_deref());
        let beside = &pasted.beside;
        field("p:", beside.phone.as_ref().and_then(|phone| phone.number.as_ref().ok()).map(Phone::as_str));
        field("p!", beside.phone.as_ref().filter(|phone| phone.number.is_err()).map(|phone| phone.typed.as_str()));
        field("r:", beside.role.as_deref());
        field("u:", beside.unit.as_deref());
        field("l:", beside.login.as_deref());
        field("#:", beside.record.as_deref());
        field("o:", beside.note.as_deref());
        out
    }

    /// The fields of a row, whatever their order.
    fn fields(row: &str) -> Vec<&str> {
        let mut fields: Vec<&str> = row.split(" · ").collect();
        fields.sort_unstable();
        fields
    }

    fn is_right(case: &Case, paste: &Paste) -> bool {
        let read: Vec<String> = paste.entries.iter().map(shown).collect();
        read.len() == case.rows.len()
            && read.iter().zip(&case.rows).all(|(read, row)| fields(read) == fields(row))
            && case.aside.iter().all(|line| paste.aside.contains(line))
    }

    /// The addresses and numbers of a paste that stand nowhere in what was read of it.
    fn lost(text: &str, paste: &Paste) -> Vec<String> {
        let kept = kept_of(paste);
        let plain = plain::plain_text(text);
        let lines = plain.lines().filter(|line| !line.to_uppercase().contains("TYPE=") && !line.contains("EMAIL;"));
        let found = lines.flat_map(contacts::find_contacts).map(|contact| contact.entry.pasted.typed);
        let is_bare =
            |word: &&str| word.contains('@') && !word.contains(['<', ';', ',', '/', '(', ':', '=', '|', '、']);
        let words = plain.split_whitespace().filter(is_bare).map(str::to_owned);
        found.chain(words).filter(|typed| !kept.contains(&bare(typed.split('?').next().unwrap_or(typed)))).collect()
    }

    /// All that an entry or a line set aside says, letters and digits only.
    fn kept_of(paste: &Paste) -> String {
        let mut kept = paste.aside.join(" ");
        for pasted in &paste.entries {
            kept.push_str(&format!(
                " {} {} {}",
                pasted.typed,
                pasted.name.as_deref().unwrap_or_default(),
                pasted.leftovers().join(" ")
            ));
        }
        bare(&kept)
    }

    fn bare(text: &str) -> String {
        text.chars().filter(|letter| letter.is_alphanumeric() || *letter == '@').flat_map(char::to_lowercase).collect()
    }

    /// The score of each group, and of all.
    fn scores(corpus: &'static str) -> (String, usize, usize) {
        let mut groups: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
        for case in cases(corpus) {
            let (right, all) = groups.entry(case.group).or_default();
            *right += usize::from(is_right(&case, &read_paste(&case.text)));
            *all += 1;
        }
        let (right, all) = groups.values().fold((0, 0), |sum, group| (sum.0 + group.0, sum.1 + group.1));
        let mut out = String::new();
        for (group, (right, all)) in groups {
            writeln!(out, "{group} {right}/{all}").expect("written");
        }
        (out, right, all)
    }

    #[test]
    fn the_known_pastes_are_read_exactly() {
        for case in cases(KNOWN) {
            let paste = read_paste(&case.text);
            if !is_right(&case, &paste) {
                let read: Vec<String> = paste.entries.iter().map(shown).collect();
                println!(
                    "[{}]\n{}\n-- read\n{}\n-- meant\n{}\n-- aside {:?}\n",
                    case.group,
                    case.text,
                    read.join("\n"),
                    case.rows.join("\n"),
                    paste.aside
                );
            }
        }
        let (groups, right, all) = scores(KNOWN);
        println!("{groups}{right} of {all}");
        assert!(right == all, "{right} of {all}");
    }

    /// Of sixty, fifty-seven.
    #[test]
    fn of_the_unseen_pastes_nearly_all_are_read_exactly() {
        let (groups, right, all) = scores(UNSEEN);
        insta::assert_snapshot!(format!("{groups}{right} of {all}"), @r"
        cards 7/7
        chats 3/3
        csv 7/7
        excel 7/8
        groups 4/4
        headers 3/3
        html 4/4
        lists 5/6
        mailers 5/5
        noise 6/6
        pdf 2/2
        phones 4/4
        prose 2/3
        59 of 62
        ");
        assert!(right * 60 >= all * 57, "{right} of {all}");
    }

    /// Ten thousand rows of a table, and as many of a list, are read in a time that grows with their number only: without any
    /// optimisation, on a busy machine, in a few seconds.
    #[test]
    fn ten_thousand_rows_are_read_at_once() {
        for row in [
            "Anna Petrova\tuser{}@acme.by\t+375 29 111-22-33\tDispatcher\n",
            "Petrova, Anna <user{}@acme.by>; ",
            "user{}@acme.by\n",
        ] {
            let text: String = (0..10_000).map(|number| row.replace("{}", &number.to_string())).collect();
            let text = text.get(..text.len().min(MOST_BYTES)).unwrap_or_default();
            let started = std::time::Instant::now();
            let paste = read_paste(text);
            println!("{row:?}: {:?}, {} entries", started.elapsed(), paste.entries.len());
            assert_eq!(paste.entries.len(), 10_000);
            assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
        }
    }

    #[test]
    fn no_address_and_no_number_of_any_paste_is_lost() {
        for case in cases(KNOWN).into_iter().chain(cases(UNSEEN)) {
            let lost = lost(&case.text, &read_paste(&case.text));
            assert!(lost.is_empty(), "{lost:?} of\n{}", case.text);
        }
    }

    proptest! {
        /// Whatever stands around them, and however torn: no address and no number is lost.
        #[test]
        fn nothing_is_lost_of_whatever_is_put_together(
            pieces in proptest::collection::vec((0..44_usize, 0..12_usize), 0..24)
        ) {
            const AROUND: [&str; 44] = [
                " ", "\t", ", ", ";", "; ", "\n", "\n\n", " - ", " | ", "  ", " / ", ": ", "\"", " (", ") ", " <", "> ", "\r\n",
                "Anna Petrova", "Иванов Иван", "Name: ", "E-mail: ", "тел. ", "Phone\tE-mail\n", "Имя;Почта;Роль\n", "Teachers:\n",
                "учитель", "Abteilung Lager\n", "1. ", "\n- ", "С уважением,\n", "[03.11.25, 10:15:22] Anna: ", "To: ", "<br>", "</td><td>",
                "&lt;", "3,7E+11", "#N/A", "{\"name\": \"", "BEGIN:VCARD\n",
                ", private: ", "Work ", "\nHarbour\n", " Thanks, Joe ",
            ];
            let (mut text, mut meant) = (String::new(), Vec::new());
            for (number, (around, what)) in pieces.into_iter().enumerate() {
                text.push_str(AROUND[around]);
                let contact = match what {
                    0..=4 => format!(" user{number}@acme{number}.by "),
                    5..=6 => format!("  +37529{:07}  ", 1_000_003 * (number + 1)),
                    7 => format!("<user{number}@acme.by>"),
                    _ => continue,
                };
                meant.push(bare(&contact));
                text.push_str(&contact);
            }
            let paste = read_paste(&text);
            let kept = kept_of(&paste);
            for contact in meant {
                prop_assert!(kept.contains(&contact), "{} of {:?}: {:?}", contact, text, paste);
            }
        }
    }
}
