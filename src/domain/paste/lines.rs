//! Cuts a pasted text into lines, and takes off what only stands before one: bullets, places in a list, who wrote it in a chat
//! and when. It must not read what the line says.

use super::heads::{PasteColumn, column_of};
use super::lexicon::{TextKind, kind_of};
use std::borrow::Cow;

/// The most bytes of one line that are read together; what is longer is read in parts.
pub const MOST_BYTES_OF_LINE: usize = 64 * 1024;

/// The longest line, in bytes, that goes on in the next one: what is longer was not wrapped.
const LONGEST_WRAPPED: usize = 2_000;

/// How many lines, and bytes, one cell in quotes may go over.
const LINES_OF_CELL: usize = 12;
const BYTES_OF_CELL: usize = 1_000;

pub fn is_line_break(letter: char) -> bool {
    matches!(letter, '\n' | '\r' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// The lines of a text; a cell of a table that goes over several of them makes one, and so does what a mail program wrapped.
pub fn logical_lines(text: &str) -> Vec<String> {
    let text = breaks_in_cells(&text.replace("\r\n", "\n"));
    let lines: Vec<Cow<'_, str>> = unwrapped(text.split(is_line_break).flat_map(parts));
    let mut out = Vec::with_capacity(lines.len());
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let mut joined = line.clone().into_owned();
        let mut next = at + 1;
        if opens_cell(&joined) {
            let mut tried = joined.clone();
            let closed = lines.iter().skip(next).take(LINES_OF_CELL).position(|more| {
                tried.push(' ');
                tried.push_str(more);
                tried.len() < joined.len() + BYTES_OF_CELL && !opens_cell(&tried)
            });
            if let Some(more) = closed.filter(|_| tried.len() < joined.len() + BYTES_OF_CELL) {
                joined = tried;
                next += more + 1;
            }
        }
        out.push(with_bars(without_leaders(without_slashes(joined))));
        at = next;
    }
    transposed(&out).unwrap_or_else(|| names_beside(with_values(out)))
}

/// How many labels with what they say are looked at together.
const PAIRS_TOGETHER: usize = 60;

/// Labels each above what it says, `Name`, `Hilde Krog`, `E-mail`, `hilde@…`: each before it, in one line.
fn with_values(lines: Vec<String>) -> Vec<String> {
    let column = |at: usize| lines.get(at).and_then(|line| column_of(line.trim().trim_end_matches(':')));
    let is_value =
        |at: usize| lines.get(at).is_some_and(|line| line.contains(char::is_alphanumeric)) && column(at).is_none();
    let is_pair = |at: usize| column(at).is_some() && is_value(at + 1);
    let mut out = Vec::with_capacity(lines.len());
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let pairs = (at..lines.len()).step_by(2).take(PAIRS_TOGETHER).take_while(|at| is_pair(*at)).count();
        let columns: Vec<PasteColumn> = (0..pairs).filter_map(|pair| column(at + 2 * pair)).collect();
        if columns.contains(&PasteColumn::Email) && columns.iter().any(|column| column.is_name()) {
            for pair in (at..at + 2 * pairs).step_by(2) {
                let text = |at: usize| lines.get(at).map(|line| line.trim()).unwrap_or_default();
                out.push(format!("{}: {}", text(pair).trim_end_matches(':'), text(pair + 1)));
            }
            at += 2 * pairs;
        } else {
            out.push(line.clone());
            at += 1;
        }
    }
    out
}

/// A column of names above the column of their addresses, as a PDF gives them: each name stands before its address.
fn names_beside(lines: Vec<String>) -> Vec<String> {
    let is_name = |line: &String| matches!(kind_of(line.trim()), TextKind::Name(2..)) && !line.contains(['@', '\t']);
    let is_address =
        |line: &String| line.trim().matches('@').count() == 1 && !line.trim().contains([' ', '\t', ',', ';']);
    let mut out = Vec::with_capacity(lines.len());
    let mut at = 0;
    while at < lines.len() {
        let rest = lines.get(at..).unwrap_or_default();
        let names = rest.iter().take_while(|line| is_name(line)).count();
        // One more is looked at, and no further: of many addresses each line is read once.
        let addresses = match names {
            0 | 1 => 0,
            _ => rest.iter().skip(names).take(names + 1).take_while(|line| is_address(line)).count(),
        };
        if names >= 2 && names == addresses {
            let (names, behind) = rest.split_at(names);
            out.extend(names.iter().zip(behind).flat_map(|(name, address)| [name.clone(), address.clone()]));
            at += 2 * names.len();
        } else {
            let step = names.max(1);
            out.extend(rest.iter().take(step).cloned());
            at += step;
        }
    }
    out
}

/// The line with a blank for the slash within a number: `+49 341/1234567`, `0041(0)22/7654321`.
fn without_slashes(line: String) -> String {
    if !line.contains('/') {
        return line;
    }
    let is_part = |letter: char| letter.is_ascii_digit() || "+-() \u{A0}".contains(letter);
    let digits = |text: &str| text.bytes().filter(u8::is_ascii_digit).count();
    let mut out = line.clone();
    for (at, _) in line.match_indices('/') {
        let (before, behind) = (line.get(..at).unwrap_or_default(), line.get(at + 1..).unwrap_or_default());
        let from =
            before.char_indices().rev().take_while(|(_, letter)| is_part(*letter)).last().map_or(at, |(from, _)| from);
        let area = before.get(from..).unwrap_or_default().trim_start();
        let end = behind.find(|letter: char| !is_part(letter)).unwrap_or(behind.len());
        let number = behind.get(..end).unwrap_or_default();
        let is_number = (area.starts_with('+') || area.starts_with('0') || area.starts_with("(0"))
            && (2..=9).contains(&digits(area))
            && (4..=9).contains(&digits(number))
            && (8..=15).contains(&(digits(area) + digits(number)))
            && !number.contains('+')
            && !behind.get(end..).unwrap_or_default().starts_with(['/', '@', '.']);
        if is_number {
            out.replace_range(at..=at, " ");
        }
    }
    out
}

/// The line with a tab for the dots that lead from one column to the next: `Full name ........ Otis Graham`.
fn without_leaders(line: String) -> String {
    const DOTS: &str = "....";
    let Some((before, behind)) = line.split_once(DOTS) else { return line };
    let behind = behind.trim_start_matches(['.', ' ']);
    if before.contains(char::is_alphanumeric) && behind.contains(char::is_alphanumeric) {
        format!("{}\t{}", before.trim_end(), without_leaders(behind.to_owned()))
    } else {
        line
    }
}

/// The line with bars for the slashes between its cells: `Claire Dupont / Comptable / c.dupont@…`.
fn with_bars(line: String) -> String {
    let is_row =
        line.matches(" / ").count() >= 2 && line.matches('@').count() == 1 && !line.contains(['\t', ';', '|', ',']);
    if is_row { line.replace(" / ", " | ") } else { line }
}

/// A table that runs to the right: each line begins with its label, and each further column is a person.
fn transposed(lines: &[String]) -> Option<Vec<String>> {
    let rows: Vec<Vec<&str>> = lines
        .iter()
        .filter(|line| line.contains(char::is_alphanumeric))
        .map(|line| line.split('\t').map(str::trim).collect())
        .collect();
    let width = rows.first()?.len();
    let is_labelled =
        |row: &Vec<&str>| row.len() == width && row.first().is_some_and(|label| column_of(label).is_some());
    let has_addresses = |row: &Vec<&str>| {
        row.first().is_some_and(|label| column_of(label) == Some(PasteColumn::Email))
            && row.iter().skip(1).filter(|cell| cell.contains('@')).count() >= 2
    };
    if rows.len() < 2 || width < 3 || !rows.iter().all(is_labelled) || !rows.iter().any(has_addresses) {
        return None;
    }
    let column = |at: usize| rows.iter().filter_map(|row| row.get(at).copied()).collect::<Vec<_>>().join("\t");
    Some((0..width).map(column).collect())
}

/// The text without breaks within the cells of a table, as word processors write them.
fn breaks_in_cells(text: &str) -> String {
    let line = |line: &str| if line.contains('\t') { line.replace('\u{B}', " ") } else { line.to_owned() };
    if text.contains('\u{B}') { text.split('\n').map(line).collect::<Vec<_>>().join("\n") } else { text.to_owned() }
}

/// The lines without the breaks that only keep them short.
fn unwrapped<'a>(lines: impl Iterator<Item = &'a str>) -> Vec<Cow<'a, str>> {
    let mut out: Vec<Cow<'_, str>> = Vec::new();
    for line in lines {
        match out.last_mut().and_then(|before| Some((wrap(before, line)?, before))) {
            Some((Wrap::Soft, before)) => {
                let text = before.to_mut();
                text.pop();
                text.push_str(line.trim_end());
            }
            // A blank stays where the break was, so that an address that it tore is asked about.
            Some((Wrap::Hyphen, before)) => {
                let text = before.to_mut();
                text.truncate(text.trim_end().len());
                text.push_str(line.trim());
            }
            Some((Wrap::Plain, before)) => {
                let text = before.to_mut();
                text.push(' ');
                text.push_str(line.trim());
            }
            None => out.push(Cow::Borrowed(line)),
        }
    }
    out
}

/// How a line goes on in the next one.
enum Wrap {
    /// With the `=` of quoted-printable letters.
    Soft,
    /// At a hyphen of a domain, which belongs to it.
    Hyphen,
    Plain,
}

/// Whether a line goes on in the next one: with a `=` at its end, inside of `<…>`, or between a name and its `<…>`.
fn wrap(line: &str, next: &str) -> Option<Wrap> {
    let raw = next;
    let (line, next) = (line.trim_end(), next.trim_start());
    let is_letter = |letter: char| letter.is_ascii_alphanumeric() || "._@-".contains(letter);
    if line.len() > LONGEST_WRAPPED
        || !next.starts_with(|letter: char| letter.is_alphanumeric() || "._@-<".contains(letter))
    {
        return None;
    }
    if let Some(before) = line.strip_suffix('=') {
        let is_soft = before.ends_with(is_letter) && next.starts_with(is_letter);
        let mut halves = before.split_whitespace().next_back().into_iter().chain(next.split_whitespace().next());
        return (is_soft && halves.any(|half| half.contains('@'))).then_some(Wrap::Soft);
    }
    if tears_address(line, next) {
        let in_domain = line.rsplit(char::is_whitespace).next().is_some_and(|last| last.contains('@'));
        return Some(if in_domain && line.ends_with('-') { Wrap::Hyphen } else { Wrap::Plain });
    }
    let (_, tail) = line.rsplit_once(['>', ';', ',']).unwrap_or(("", line));
    // `<ivan.petrov@depart`, and `ment.example>` below it.
    if let Some((_, open)) = tail.rsplit_once('<') {
        let close = next.split_once('>').map(|(inside, _)| inside)?;
        let is_torn = format!("{open}{close}").contains('@') && !close.contains(char::is_whitespace);
        return (is_torn && !open.contains(char::is_whitespace)).then_some(Wrap::Plain);
    }
    if is_folded(tail, tail.len() < line.len(), raw, next) {
        return Some(Wrap::Plain);
    }
    let in_angles = next.strip_prefix('<').and_then(|next| next.split_once('>')).map(|(inside, _)| inside)?;
    let is_name = !tail.contains(['@', ':', '\t', '|']) && matches!(kind_of(tail), TextKind::Name(_) | TextKind::Small);
    (is_name && in_angles.contains('@')).then_some(Wrap::Plain)
}

/// Whether a name in a list of a letter's head goes on in the next line, which mail programs begin with a blank:
/// `…; 'Ravi`, ` Shah' <ravi@…>`.
fn is_folded(tail: &str, is_in_list: bool, raw: &str, next: &str) -> bool {
    let is_word = |text: &str| matches!(kind_of(text.trim_matches(['\'', '"', ' '])), TextKind::Name(1));
    let end = next.split_once('<').filter(|(_, behind)| behind.contains('@')).map(|(name, _)| name);
    is_in_list
        && raw.starts_with([' ', '\t'])
        && is_word(tail)
        && end.is_some_and(|name| is_word(name) && !name.contains([',', ';', ':']))
}

/// Whether an address was broken between two lines, as in a copy of a PDF: `maria.lopez-`, `garcia@…`; `maria@`, `acme.by`.
fn tears_address(line: &str, next: &str) -> bool {
    let ends = |letter: char| letter.is_whitespace() || ",;<>()|".contains(letter);
    let (Some(last), Some(first)) = (line.rsplit(ends).next(), next.split(ends).next()) else { return false };
    let is_letter = |letter: char| letter.is_ascii_alphanumeric() || "._@-".contains(letter);
    if last.len() < 3 || first.is_empty() || ![last, first].iter().all(|half| half.chars().all(is_letter)) {
        return false;
    }
    let is_domain = |text: &str| {
        text.rsplit_once('.').is_some_and(|(before, ending)| {
            ending.len() >= 2
                && ending.bytes().all(|byte| byte.is_ascii_lowercase())
                && !text.contains('@')
                && !before.is_empty()
        })
    };
    match (last.split_once('@'), first.split_once('@')) {
        // `maria.lopez-`, and no word that ends a sentence.
        (None, Some((local, domain))) if !local.is_empty() => {
            let begins = last.trim_end_matches(['-', '_', '.']);
            // `Maria Lopez maria.`: the name says that it is no end of a sentence.
            let is_of_name = || {
                let mut words = line.split_whitespace().rev().skip(1).map(str::to_lowercase);
                line.trim() == last || words.any(|word| word == begins)
            };
            let is_joined = last.ends_with(['-', '_'])
                || (last.ends_with('.') && (begins.contains(['.', '_', '-']) || is_of_name()));
            is_joined && begins.len() >= 3 && begins.bytes().all(|byte| !byte.is_ascii_uppercase()) && is_domain(domain)
        }
        // `andrea.fontana`, `@virgilio.it`
        (None, Some((_, domain))) => is_domain(domain) && last.bytes().any(|byte| byte.is_ascii_lowercase()),
        // `maria@`, `maria@vir-`, `maria@virgilio.`, `maria@uni`
        (Some((local, domain)), None) if !local.is_empty() => {
            let goes_on = domain.is_empty() || domain.ends_with(['-', '.']) || !domain.contains('.');
            let is_end = is_domain(first) || (first.starts_with('.') && is_domain(&format!("x{first}")));
            let is_short =
                domain.ends_with('.') && domain.len() > 2 && (2..=6).contains(&first.len()) && next.trim() == first;
            goes_on && (is_end || (is_short && first.bytes().all(|byte| byte.is_ascii_lowercase())))
        }
        _ => false,
    }
}

/// Whether the last cell begins with a quote and does not end: one before it, and an odd number of them in the line.
fn opens_cell(line: &str) -> bool {
    if line.len() > 4 * BYTES_OF_CELL || line.matches('"').count().is_multiple_of(2) {
        return false;
    }
    let Some((before, _)) = line.rsplit_once('"') else { return false };
    before.is_empty() || before.ends_with(['\t', ';', ',', '|'])
}

/// The parts in which a line is read: nobody's line is as long as this but a list. It is divided between two entries.
fn parts(line: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(line);
    std::iter::from_fn(move || {
        let line = rest?;
        if line.len() <= MOST_BYTES_OF_LINE {
            return rest.take();
        }
        let most = line.get(..line.floor_char_boundary(MOST_BYTES_OF_LINE)).unwrap_or(line);
        let end = most
            .rfind(';')
            .or_else(|| most.rfind(','))
            .or_else(|| most.rfind([' ', '\t']))
            .map_or(most.len(), |at| at + 1);
        let (part, behind) = line.split_at(end);
        rest = Some(behind);
        Some(part)
    })
}

/// The line without quotation marks of replies, bullets and its place in a list.
pub fn without_bullet(line: &str) -> &str {
    let mut rest = line.trim_start_matches([' ', '\u{FEFF}', '\u{200E}', '\u{200F}', '\u{202A}', '\u{2068}', '>']);
    rest = rest.trim_start_matches(is_picture).trim_start_matches([' ', '\u{A0}']);
    // A `>` that closes something stays.
    if rest.len() < line.len() && line.trim_start().starts_with('<') {
        rest = line.trim_start();
    }
    for bullet in ["[ ]", "[x]", "[X]", "•", "·", "▪", "◦", "●", "○", "►", "➤", "✓", "✔", "*", "-", "–", "—", "+"]
    {
        if let Some(behind) = rest.strip_prefix(bullet)
            && (behind.starts_with([' ', '\t', '\u{A0}']) || (!bullet.is_ascii() && !"–—".contains(bullet)))
        {
            rest = behind.trim_start();
            break;
        }
    }
    // Who signs for somebody else: `i. A. Eva Klein`. In large letters they would be initials.
    for signed in ["i. A. ", "i.A. ", "i. V. ", "i.V. ", "ppa. ", "gez. "] {
        rest = rest.strip_prefix(signed).unwrap_or(rest);
    }
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    if (1..=4).contains(&digits)
        && let Some(behind) = rest.get(digits..).and_then(|behind| behind.strip_prefix(['.', ')']))
        && (behind.starts_with([' ', '\t', '\u{A0}']) || behind.starts_with(char::is_alphabetic))
    {
        rest = behind.trim_start_matches([' ', '\t', '\u{A0}']);
    }
    rest
}

/// A picture among letters, and what joins several to one.
fn is_picture(letter: char) -> bool {
    matches!(letter,
        '\u{1F000}'..='\u{1FAFF}' | '\u{2600}'..='\u{27BF}' | '\u{2B00}'..='\u{2BFF}' | '\u{FE0F}' | '\u{200D}')
}

/// Who wrote a line of a chat, and what: `[03.11.25, 10:15:22] Anna: …`, `03.11.2025, 10:15 - Anna: …`. What a messenger itself
/// says has nobody who wrote it.
pub fn chat(line: &str) -> Option<(Option<&str>, &str)> {
    let line = line.trim_start_matches(['\u{200E}', '\u{200F}', '\u{FEFF}', ' ']);
    let behind = if let Some(inside) = line.strip_prefix('[') {
        let (time, behind) = inside.split_once(']')?;
        is_time(time).then_some(behind)?
    } else {
        let (time, behind) = line.split_once(" - ").or_else(|| line.split_once(" – "))?;
        is_time(time).then_some(behind)?
    };
    let behind = behind.trim_start_matches(['\u{200E}', '\u{200F}', ' ']);
    match behind.split_once(':') {
        Some((sender, text)) if sender.len() <= 80 && !sender.contains('@') => {
            Some((Some(sender.trim()), text.trim_start_matches(['\u{200E}', ' '])))
        }
        _ => Some((None, behind)),
    }
}

/// What a mail program writes above what it quotes: `On Mon, 3 Mar 2026 at 10:11, Tom Hale <tom@acme.by> wrote:`. What stands
/// before the name, and the name with its address.
pub fn quote_head(line: &str) -> Option<(&str, &str)> {
    let (before, behind) = line.split_once('<')?;
    let (address, end) = behind.split_once('>')?;
    let end = end.trim_start_matches([' ', ',']).to_lowercase();
    let says =
        ["wrote", "writes", "schrieb", "написал", "пишет", "a écrit", ":"].iter().any(|word| end.starts_with(word));
    if !says || end.len() > 40 || end.contains('@') || !end.trim_end().ends_with(':') || !address.contains('@') {
        return None;
    }
    // Whoever stands before is somebody, too.
    if before.contains('@') {
        return None;
    }
    let time = before.rfind(|letter: char| letter.is_ascii_digit())? + 1;
    let (when, name) = before.split_at_checked(time)?;
    let has_time =
        when.split(|letter: char| !letter.is_ascii_digit()).any(|digits| digits.len() == 4) || when.contains(':');
    // `10:11 AM Tom Hale`
    let name = name.trim_start_matches([' ', ',', ':', '\u{202F}', '\u{A0}']);
    let name =
        ["AM ", "PM ", "AM, ", "PM, ", "Uhr ", "г. "].iter().find_map(|sign| name.strip_prefix(sign)).unwrap_or(name);
    let at = before.len() - name.len();
    has_time.then_some((before.get(..at)?.trim(), line.get(at..=before.len() + 1 + address.len())?))
}

/// `Fax: +1 (415) 555-2672` within a line, which reaches nobody: the line without it, and what it was.
pub fn without_fax(line: &str) -> Option<(String, &str)> {
    const LABELS: [&str; 4] = ["telefax", "fax", "телефакс", "факс"];
    let lower = line.to_lowercase();
    let found = LABELS.iter().find_map(|label| Some((lower.find(label)?, label.len())));
    let (at, length) = found.filter(|_| lower.len() == line.len())?;
    let behind = line.get(at + length..)?;
    let number = behind.strip_prefix(['.', ':']).unwrap_or(behind).trim_start_matches([' ', ':', '.', '\u{A0}']);
    let is_part = |letter: char| letter.is_ascii_digit() || "+-(). \u{A0}".contains(letter);
    let end = number.find(|letter: char| !is_part(letter)).unwrap_or(number.len());
    let is_number = number.get(..end)?.bytes().filter(u8::is_ascii_digit).count() >= 5;
    let before = line.get(..at)?;
    // `Tel/Fax: …` is a telephone, too.
    let is_both =
        before.strip_suffix('/').is_some_and(|before| before.ends_with(|c: char| c.is_alphabetic() || c == '.'));
    let is_word = !before.ends_with(char::is_alphanumeric) && !is_both;
    let from = line.len() - number.len();
    let fax = line.get(at..from + end)?.trim();
    let left = |text: &str| text.trim_end_matches([' ', '|', ',', ';', '/', '\t']).to_owned();
    let rest = line.get(from + end..)?;
    (is_number && is_word).then(|| (format!("{} {rest}", left(before)), fax))
}

/// `Anna Petrova, [03.11.2025 10:15]` above what was written.
pub fn chat_head(line: &str) -> Option<&str> {
    // `Noor de Jong  9:41 AM`
    let half_day = ["AM", "PM"].iter().find_map(|half| line.trim_end().strip_suffix(half));
    if let Some((sender, time)) = half_day.and_then(|line| line.trim_end().rsplit_once("  ")) {
        let is_time = time.len() <= 5 && time.contains(':') && time.bytes().all(|b| b.is_ascii_digit() || b == b':');
        let is_sender = sender.len() <= 80 && !sender.contains('@') && sender.contains(char::is_alphabetic);
        return (is_time && is_sender).then_some(sender.trim());
    }
    let (sender, time) = line.trim().trim_end_matches(':').strip_suffix(']')?.split_once(", [")?;
    (is_time(time) && sender.len() <= 80 && !sender.contains('@')).then_some(sender)
}

/// A date and a time of day, or either with the other's signs; a month may be written in letters: `12 нояб. 2026 г., 9:14`.
fn is_time(text: &str) -> bool {
    let is_part = |c: char| c.is_ascii_digit() || "./:,- \u{202F}\u{A0}\u{200E}".contains(c);
    let is_word =
        |word: &str| ["г", "um", "at", "в", "uhr", "am", "pm", "a", "p", "m"].contains(&word) || is_month(word);
    let small = text.to_lowercase();
    let mut words = small.split(|letter: char| !letter.is_alphabetic()).filter(|word| !word.is_empty());
    (8..=40).contains(&text.chars().count())
        && text.contains(':')
        && text.chars().all(|letter| is_part(letter) || letter.is_alphabetic())
        && words.all(is_word)
        && text.bytes().filter(u8::is_ascii_digit).count() >= 6
}

/// A month, or the beginning of its name.
fn is_month(word: &str) -> bool {
    const MONTHS: &str = "
        jan feb mar apr may jun jul aug sep oct nov dec mai mär okt dez
        янв фев мар апр мая май июн июл авг сен окт ноя дек";
    (3..=9).contains(&word.chars().count()) && MONTHS.split_ascii_whitespace().any(|month| word.starts_with(month))
}

/// The head of a letter: what it says, and whether it names people.
pub fn letter_head(line: &str) -> Option<(bool, &str)> {
    const PEOPLE: [&str; 33] = [
        "required",
        "optional",
        "organizer",
        "organiser",
        "attendees",
        "resource",
        "erforderlich",
        "организатор",
        "обязательные",
        "необязательные",
        "from",
        "to",
        "cc",
        "bcc",
        "reply-to",
        "sender",
        "от",
        "от кого",
        "кому",
        "копия",
        "скрытая копия",
        "кому:",
        "von",
        "an",
        "kopie",
        "cc:",
        "ад",
        "каму",
        "antwort an",
        "absender",
        "empfänger",
        "отправитель",
        "получатель",
    ];
    const OTHERS: [&str; 14] = [
        "subject",
        "date",
        "sent",
        "тема",
        "дата",
        "отправлено",
        "betreff",
        "datum",
        "gesendet",
        "re",
        "fwd",
        "attachments",
        "вложения",
        "importance",
    ];
    let (label, value) = line.split_once(':')?;
    let label = label.trim().trim_matches('*').to_lowercase();
    if PEOPLE.contains(&label.as_str()) {
        return Some((true, value));
    }
    OTHERS.contains(&label.as_str()).then_some((false, value))
}
