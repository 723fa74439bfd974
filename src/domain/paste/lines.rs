//! Cuts a pasted text into lines, and takes off what only stands before one: bullets, places in a list, who wrote it in a chat
//! and when. It must not read what the line says.

/// The most bytes of one line that are read together; what is longer is read in parts.
pub const MOST_BYTES_OF_LINE: usize = 64 * 1024;

/// How many lines, and bytes, one cell in quotes may go over.
const LINES_OF_CELL: usize = 12;
const BYTES_OF_CELL: usize = 1_000;

pub fn is_line_break(letter: char) -> bool {
    matches!(letter, '\n' | '\r' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// The lines of a text; a cell of a table that goes over several of them makes one.
pub fn logical_lines(text: &str) -> Vec<String> {
    let text = text.replace("\r\n", "\n");
    let lines: Vec<&str> = text.split(is_line_break).flat_map(parts).collect();
    let mut out = Vec::with_capacity(lines.len());
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let mut joined = (*line).to_owned();
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
        out.push(joined);
        at = next;
    }
    out
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
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    if (1..=4).contains(&digits)
        && let Some(behind) = rest.get(digits..).and_then(|behind| behind.strip_prefix(['.', ')']))
        && (behind.starts_with([' ', '\t', '\u{A0}']) || behind.starts_with(char::is_alphabetic))
    {
        rest = behind.trim_start_matches([' ', '\t', '\u{A0}']);
    }
    rest
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

/// `Anna Petrova, [03.11.2025 10:15]` above what was written.
pub fn chat_head(line: &str) -> Option<&str> {
    let (sender, time) = line.trim().strip_suffix(']')?.split_once(", [")?;
    (is_time(time) && sender.len() <= 80 && !sender.contains('@')).then_some(sender)
}

/// A date and a time of day, or either with the other's signs.
fn is_time(text: &str) -> bool {
    let is_part = |c: char| c.is_ascii_digit() || "./:,- \u{202F}\u{A0}\u{200E}".contains(c) || "APMapm".contains(c);
    (8..=40).contains(&text.len())
        && text.contains(':')
        && text.chars().all(is_part)
        && text.bytes().filter(u8::is_ascii_digit).count() >= 6
}

/// The head of a letter: what it says, and whether it names people.
pub fn letter_head(line: &str) -> Option<(bool, &str)> {
    const PEOPLE: [&str; 23] = [
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
