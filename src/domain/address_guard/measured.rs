//! How often a slip in a domain is noticed, and how often a real domain is asked about: counted over lists, and kept.

#[cfg(test)]
mod tests {
    use super::super::{suggest, world};
    use crate::domain::paste::{PastedKind, read_paste};
    use std::collections::BTreeSet;

    /// Domains of real people's addresses, as they stand in the copyright notes and manuals of free software.
    const REAL: &str = include_str!("real.txt");

    /// Where most people of our five organisations have their mailboxes.
    const GREAT: &str = "gmail.com yahoo.com hotmail.com outlook.com icloud.com mail.ru yandex.ru yandex.by rambler.ru tut.by list.ru inbox.ru \
                         web.de gmx.de t-online.de freenet.de protonmail.com aol.com live.com ukr.net";

    /// Every domain that one keystroke makes of another: a letter lost, doubled, swapped with the next, or its neighbour on the
    /// keyboard, instead of it or beside it.
    fn slips_of(domain: &str) -> BTreeSet<String> {
        const ROWS: [&str; 3] = ["qwertyuiop", "asdfghjkl", "zxcvbnm"];
        let letters: Vec<char> = domain.chars().collect();
        let mut slips = BTreeSet::new();
        let mut add = |change: &dyn Fn(&mut Vec<char>)| {
            let mut changed = letters.clone();
            change(&mut changed);
            slips.insert(changed.into_iter().collect::<String>());
        };
        for (at, letter) in letters.iter().copied().enumerate() {
            add(&|text| {
                text.remove(at);
            });
            add(&|text| text.insert(at, letter));
            if at + 1 < letters.len() {
                add(&|text| text.swap(at, at + 1));
            }
            for row in ROWS {
                let Some(place) = row.find(letter) else { continue };
                for beside in [place.checked_sub(1), Some(place + 1)].into_iter().flatten() {
                    if let Some(key) = row.chars().nth(beside) {
                        add(&|text| text[at] = key);
                        add(&|text| text.insert(at, key));
                    }
                }
            }
        }
        slips.remove(domain);
        slips
    }

    /// What is offered for an address there, however it is read.
    fn offered(domain: &str) -> Option<String> {
        match read_paste(&format!("anna.petrova@{domain}")).entries.into_iter().next()?.kind {
            PastedKind::Email(email) => suggest(email.domain(), &[]).map(|suggestion| suggestion.domain),
            PastedKind::Broken { repair, .. } => repair?.split_once('@').map(|(_, domain)| domain.to_owned()),
            PastedKind::Phone(_) => None,
        }
    }

    /// How many of the slips in some domains are mended to them, of how many.
    fn mended<'a>(domains: impl Iterator<Item = &'a str>) -> (usize, usize) {
        let (mut right, mut all) = (0, 0);
        for domain in domains {
            for slip in slips_of(domain) {
                all += 1;
                right += usize::from(offered(&slip).as_deref() == Some(domain));
            }
        }
        (right, all)
    }

    #[test]
    fn slips_in_great_providers_are_mended() {
        let (right, all) = mended(GREAT.split_ascii_whitespace());
        println!("great: {right} of {all}");
        assert!(right * 100 >= all * 97, "{right} of {all}");
    }

    /// Every seventh of the list.
    #[test]
    fn slips_in_the_providers_of_the_world_are_mended() {
        let (right, all) = mended(world::domains().map(|(_, domain)| domain).step_by(7));
        println!("world: {right} of {all}");
        assert!(right * 100 >= all * 80, "{right} of {all}");
    }

    #[test]
    fn a_real_domain_is_hardly_ever_asked_about() {
        let domains = || REAL.lines().filter(|line| !line.starts_with('#'));
        let asked: Vec<(&str, String)> =
            domains().filter_map(|domain| Some((domain, suggest(domain, &[])?.domain))).collect();
        println!("asked about {} of {}: {asked:?}", asked.len(), domains().count());
        assert!(domains().count() > 3_000 && asked.len() * 1000 <= domains().count() * 2, "{asked:?}");
    }

    #[test]
    fn other_keyboards_doubled_endings_and_lesser_providers_get_the_right_offer() {
        for (typed, meant) in [
            ("mail.ру", "mail.ru"),
            ("mail.кг", "mail.ru"),
            ("fastmail.сом", "fastmail.com"),
            ("gmail.сом", "gmail.com"),
            ("yandex.ин", "yandex.by"),
            ("mail.ru.ru", "mail.ru"),
            ("gmail.com.com", "gmail.com"),
            ("seznm.cz", "seznam.cz"),
            ("itneria.pl", "interia.pl"),
            ("nraod.ru", "narod.ru"),
            ("mail.vy", "mail.by"),
            ("gm_ail.com", "gmail.com"),
            ("gmail,com", "gmail.com"),
            ("gmailcom", "gmail.com"),
            ("seznamcz", "seznam.cz"),
            ("mailru", "mail.ru"),
            ("gmail.con", "gmail.com"),
            ("gmail.co", "gmail.com"),
            ("yandex.r", "yandex.ru"),
            ("libero.ti", "libero.it"),
            ("laposte.ent", "laposte.net"),
            ("btintrenet.com", "btinternet.com"),
            ("uol.cm.br", "uol.com.br"),
        ] {
            assert_eq!(offered(typed).as_deref(), Some(meant), "{typed}");
        }
    }

    #[test]
    fn real_domains_beside_a_provider_are_left_alone() {
        for domain in [
            "4me.com",
            "se.com",
            "cloud.com",
            "zozo.com",
            "post.at",
            "mai.ru",
            "mail.com",
            "ymail.com",
            "email.com",
            "hey.com",
            "list.ru",
            "tut.by",
            "почта.рф",
            "школа.бел",
            "acme.co",
            "tata.com",
            "gm.com",
            "acme.dev",
        ] {
            assert_eq!(suggest(domain, &[]), None, "{domain}");
        }
    }
}
