//! The plain text of what was copied from a page or a mail: tags, entities and links are resolved to lines, cells and addresses.
//! A text without any stays as it is. It must not judge what the text says.

use super::quoted::{is_quoted, without_quoting};
use super::records::cards_of;
use std::borrow::Cow;

/// Tags that end a line.
const LINES: [&str; 13] = ["tr", "br", "p", "div", "li", "ul", "ol", "table", "tbody", "thead", "h1", "h2", "h3"];

/// Tags that mean nothing here.
const QUIET: [&str; 16] =
    ["b", "i", "u", "em", "strong", "span", "font", "td", "th", "a", "body", "html", "small", "sup", "code", "o:p"];

/// How long a tag may be.
const LONGEST_TAG: usize = 1_000;

/// The text without its markup.
pub fn plain_text(text: &str) -> Cow<'_, str> {
    if let Some(cards) = cards_of(text) {
        return Cow::Owned(cards);
    }
    // As East Asian keyboards write it.
    let text = if is_quoted(text) { Cow::Owned(without_quoting(text)) } else { Cow::Borrowed(text) };
    let text = if text.contains('：') { Cow::Owned(text.replace('：', ": ")) } else { text };
    let text = if has_markup(&text) { Cow::Owned(without_markup(&text)) } else { text };
    let text = match with_chat_numbers(&text) {
        Some(with_numbers) => Cow::Owned(with_numbers),
        None => text,
    };
    // `Anna Kim [mailto:anna@acme.by]`, as older mail programs write it.
    let text = match text.contains(" [mailto:") {
        true => Cow::Owned(with_angles(&text)),
        false => text,
    };
    if text.contains("](mailto:") || text.contains("](tel:") || text.contains("**") {
        return Cow::Owned(without_markdown(&text));
    }
    text
}

/// The links by which messengers open a chat with a number.
const CHATS: [&str; 4] = ["wa.me/", "api.whatsapp.com/send?phone=", "viber://chat?number=", "t.me/"];

/// The text with the numbers that such links stand for; nothing where there is none.
fn with_chat_numbers(text: &str) -> Option<String> {
    if !CHATS.iter().any(|link| text.contains(link)) {
        return None;
    }
    let word = |word: &str| {
        let (at, link) = CHATS.iter().find_map(|link| Some((word.find(link)?, *link)))?;
        let (before, behind) = (word.get(..at)?, word.get(at + link.len()..)?);
        let is_link = before.is_empty() || before.ends_with("//") || before.ends_with("www.");
        let number = behind.strip_prefix("%2B").or_else(|| behind.strip_prefix('+'));
        let digits: String = number.unwrap_or(behind).chars().take_while(char::is_ascii_digit).collect();
        // Names begin with no digit, but `t.me/` has both.
        let is_number = (8..=15).contains(&digits.len()) && (number.is_some() || link != "t.me/");
        let scheme = ["www.", "//", "https:", "http:"];
        let before = scheme.iter().fold(before, |before, part| before.trim_end_matches(part));
        (is_link && is_number).then(|| format!("{before} +{digits}").trim_start().to_owned())
    };
    let words = text.split_inclusive(char::is_whitespace).map(|piece| {
        let bare = piece.trim_end();
        let space = piece.get(bare.len()..).unwrap_or_default();
        word(bare).map_or_else(|| piece.to_owned(), |number| format!("{number}{space}"))
    });
    Some(words.collect())
}

fn has_markup(text: &str) -> bool {
    text.split('&').skip(1).any(|behind| entity(behind).is_some())
        || text.split('<').skip(1).any(|behind| tag(behind).is_some())
}

/// The tag at the beginning of what stands behind a `<`: its name, whether it closes, its whole text, and what follows.
fn tag(behind: &str) -> Option<(String, bool, &str, &str)> {
    let limit = behind.floor_char_boundary(LONGEST_TAG.min(behind.len()));
    let end = behind.get(..limit)?.find('>')?;
    let (inside, rest) = (behind.get(..end)?, behind.get(end + 1..)?);
    let closes = inside.starts_with('/');
    let bare = inside.trim_start_matches('/').trim_end_matches('/');
    let name = bare.split(|c: char| c.is_whitespace()).next().unwrap_or_default().to_lowercase();
    let is_known = LINES.contains(&name.as_str()) || QUIET.contains(&name.as_str());
    is_known.then_some((name, closes, inside, rest))
}

fn without_markup(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    // The address of the link that is open, and where its text began.
    let mut link: Option<(String, usize)> = None;
    while let Some(at) = rest.find(['<', '&']) {
        let (before, behind) = rest.split_at(at);
        push_text(&mut out, before);
        let mark = behind.get(1..).unwrap_or_default();
        if behind.starts_with('&') {
            let (letter, after) = entity(mark).unwrap_or(('&', mark));
            out.push(letter);
            rest = after;
            continue;
        }
        let Some((name, closes, inside, after)) = tag(mark) else {
            out.push('<');
            rest = mark;
            continue;
        };
        match name.as_str() {
            "a" if closes => {
                if let Some((_, from)) = &link
                    && out.get(*from..).is_some_and(only_says_mail)
                {
                    out.truncate(*from);
                }
                if let Some((address, from)) = link.take()
                    && !out.get(from..).unwrap_or_default().to_lowercase().contains(&address.to_lowercase())
                {
                    out.push_str(&format!(" <{address}>"));
                }
            }
            "a" => link = address_of(inside).map(|address| (address, out.len())),
            "td" | "th" if closes => out.push('\t'),
            name if LINES.contains(&name) => {
                while out.ends_with(['\t', ' ']) {
                    out.pop();
                }
                if !out.is_empty() && !out.ends_with('\n') {
                    out.push('\n');
                }
            }
            _ => {}
        }
        rest = after;
    }
    push_text(&mut out, rest);
    out
}

/// Whether the text of a link names nobody: `E-Mail schreiben`, `Contact`.
fn only_says_mail(text: &str) -> bool {
    const WORDS: &str = "
        e mail email address send write contact me us to an message e-mail schreiben senden kontakt nachricht почта почту письмо
        написать отправить связаться электронная courriel envoyer contacter";
    let small = text.to_lowercase();
    let mut words = small.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).peekable();
    words.peek().is_some() && words.all(|word| WORDS.split_ascii_whitespace().any(|known| known == word))
}

/// Between the cells of a table, spaces and breaks mean nothing.
fn push_text(out: &mut String, text: &str) {
    if text.trim().is_empty() && out.ends_with('\t') {
        return;
    }
    out.push_str(text);
}

/// The names of the letters from U+00A0 to U+00FF, in their order.
const LATIN_ENTITIES: &str = "
    nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para
    middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute
    Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute
    THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde
    ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml";

/// Further ones that stand in names and around addresses.
const ENTITIES: [(&str, char); 20] = [
    ("lt", '<'),
    ("gt", '>'),
    ("amp", '&'),
    ("quot", '"'),
    ("apos", '\''),
    ("ndash", '–'),
    ("mdash", '—'),
    ("lsquo", '‘'),
    ("rsquo", '’'),
    ("ldquo", '“'),
    ("rdquo", '”'),
    ("bdquo", '„'),
    ("bull", '•'),
    ("hellip", '…'),
    ("commat", '@'),
    ("Scaron", 'Š'),
    ("scaron", 'š'),
    ("OElig", 'Œ'),
    ("oelig", 'œ'),
    ("Yuml", 'Ÿ'),
];

/// The longest entity, without its `&`: `&#x1F600;`.
const LONGEST_ENTITY: usize = 9;

/// The letter that an entity stands for, and what follows it; nothing where there is none behind the `&`.
fn entity(behind: &str) -> Option<(char, &str)> {
    let near = behind.get(..behind.floor_char_boundary(LONGEST_ENTITY.min(behind.len())))?;
    let name = near.split_once(';')?.0;
    let number = || match name.strip_prefix('#')? {
        hex if hex.starts_with(['x', 'X']) => u32::from_str_radix(hex.get(1..)?, 16).ok(),
        decimal => decimal.parse().ok(),
    };
    let latin = || (0xA0..).zip(LATIN_ENTITIES.split_ascii_whitespace()).find(|(_, known)| *known == name);
    let known = ENTITIES.iter().find(|(known, _)| *known == name).map(|(_, letter)| *letter);
    let letter = known.or_else(|| char::from_u32(number().or_else(|| latin().map(|(code, _)| code))?))?;
    (letter == '\n' || !letter.is_control()).then_some((letter, behind.get(name.len() + 1..)?))
}

fn address_of(tag: &str) -> Option<String> {
    let (_, behind) = tag.split_once("href=")?;
    let target = behind.trim_start_matches(['"', '\'']).split(['"', '\'', ' ', '>']).next()?;
    let address = target.strip_prefix("mailto:").or_else(|| target.strip_prefix("tel:"))?;
    Some(address.split('?').next().unwrap_or(address).to_owned()).filter(|address| !address.is_empty())
}

fn with_angles(text: &str) -> String {
    let mut parts = text.split(" [mailto:");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once(']').filter(|(address, _)| !address.contains(char::is_whitespace)) {
            Some((address, behind)) => out.push_str(&format!(" <{address}>{behind}")),
            None => out.push_str(&format!(" [mailto:{part}")),
        }
    }
    out
}

fn without_markdown(text: &str) -> String {
    let text = text.replace("**", "");
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find("](") {
        let (before, behind) = rest.split_at(at);
        let inside = behind.get(2..).unwrap_or_default();
        let link = ["mailto:", "tel:"].iter().find_map(|scheme| inside.strip_prefix(scheme));
        let end = link.and_then(|link| link.find(')').filter(|end| *end < LONGEST_TAG).map(|end| (link, end)));
        match (end, before.rfind('[')) {
            (Some((link, end)), Some(open)) => {
                let (ahead, label) = before.split_at(open);
                let (label, address) = (label.get(1..).unwrap_or_default(), link.get(..end).unwrap_or_default());
                out.push_str(ahead);
                if label.trim() != address {
                    out.push_str(&format!("{label} <{address}>"));
                } else {
                    out.push_str(address);
                }
                rest = link.get(end + 1..).unwrap_or_default();
            }
            _ => {
                out.push_str(before);
                out.push_str("](");
                rest = inside;
            }
        }
    }
    out.push_str(rest);
    out
}
