//! A link of ours as it comes back from a message: wrapped by a mail filter, broken by a mail program, with a sentence around
//! it, pasted twice. What is found is only a text of the right shape; whether it opens anything is decided by its seal, and by
//! that alone (IN-01). It must not know a key, nor what a link leads to.

use super::contact::is_unseen;
use super::unicode::nfkc;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use percent_encoding::percent_decode_str;
use std::collections::VecDeque;

/// How many letters the secret part of a link has.
pub const SECRET_LENGTH: usize = 46;

/// How much of a text is looked at, in bytes: a whole message fits.
const LONGEST: usize = 8 * 1024;

/// How often a text is unwrapped, and into how many texts at most: a filter behind a filter, quoted in a message.
const DEEPEST: usize = 5;
const MOST_LAYERS: usize = 40;

/// How many letters the name of an escaped letter has at most: `ZeroWidthSpace`.
const LONGEST_ENTITY: usize = 14;

/// To which page a link leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkKind {
    Invitation,
    Reset,
    Confirmation,
}

impl LinkKind {
    pub const ALL: [Self; 3] = [Self::Invitation, Self::Reset, Self::Confirmation];

    /// The first part of the page's path.
    pub fn segment(self) -> &'static str {
        match self {
            Self::Invitation => "i",
            Self::Reset => "reset",
            Self::Confirmation => "confirm",
        }
    }

    /// The kind of a path's first part, whatever its case.
    pub fn from_segment(segment: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.segment().eq_ignore_ascii_case(segment))
    }

    /// The path of the page of a link.
    pub fn path(self, secret: &str) -> String {
        format!("/{}/{secret}", self.segment())
    }
}

fn is_of_secret(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_')
}

/// Whether a text has the shape of a link's secret part.
pub fn is_whole(text: &str) -> bool {
    text.len() == SECRET_LENGTH && text.chars().all(is_of_secret)
}

/// Finds a link in a text that was pasted or asked for; one without its address is of the kind `here`. The first that has
/// an address counts, seen through as few wrappers as possible.
pub fn mend(text: &str, here: LinkKind) -> Option<(LinkKind, String)> {
    let layers = read(text);
    let marked = layers.iter().find_map(|layer| with_address(layer));
    marked.or_else(|| layers.iter().find_map(|layer| alone(layer)).map(|secret| (here, secret)))
}

/// Finds a link that stands with its address, wherever in the text that is.
pub fn mend_marked(text: &str) -> Option<(LinkKind, String)> {
    read(text).iter().find_map(|layer| with_address(layer))
}

/// All that the text may mean: as it is, unwrapped, and each of these in plain letters.
fn read(text: &str) -> Vec<String> {
    let mut layers = unwrapped(within(text, LONGEST));
    let plain: Vec<String> = layers.iter().flat_map(|layer| in_plain_letters(layer)).collect();
    layers.extend(plain);
    layers
}

/// The text as its letters were meant, where a program made them finer or escaped them: wide letters, hyphens of any kind,
/// `--` drawn as one dash, backslashes before signs or in place of slashes.
fn in_plain_letters(text: &str) -> Vec<String> {
    if text.is_ascii() && !text.contains('\\') {
        return Vec::new();
    }
    let mut plain = String::with_capacity(text.len());
    let composed = nfkc(text);
    let mut letters = composed.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' if letters.peek() == Some(&'u') => {
                let code: String = letters.by_ref().skip(1).take(4).collect();
                plain.extend(u32::from_str_radix(&code, 16).ok().and_then(char::from_u32));
            }
            '\u{2010}' | '\u{2011}' | '\u{2012}' | '\u{2043}' | '\u{2212}' => plain.push('-'),
            '\u{2014}' | '\u{2015}' => plain.push_str("--"),
            letter => plain.push(letter),
        }
    }
    // What can be read in two ways is read in both: a dash of middle length is drawn for one hyphen and for two.
    let both = |texts: Vec<String>, sign: char, ways: [&str; 2]| -> Vec<String> {
        match texts.iter().any(|text| text.contains(sign)) {
            true => texts.iter().flat_map(|text| ways.map(|way| text.replace(sign, way))).collect(),
            false => texts,
        }
    };
    both(both(vec![plain], '\u{2013}', ["-", "--"]), '\\', ["", "/"])
}

fn within(text: &str, bytes: usize) -> &str {
    let mut end = text.len().min(bytes);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// The text, and what it is when each of the known wrappers is taken off, one after the other.
fn unwrapped(text: &str) -> Vec<String> {
    let mut layers: Vec<String> = vec![text.to_string()];
    let mut waiting = VecDeque::from([(0, 0)]);
    while let Some((at, depth)) = waiting.pop_front() {
        if depth == DEEPEST {
            continue;
        }
        for next in wrappers(&layers[at].clone()) {
            if layers.len() < MOST_LAYERS && !layers.contains(&next) {
                waiting.push_back((layers.len(), depth + 1));
                layers.push(next);
            }
        }
    }
    layers
}

/// The text without one of the wrappers that it may have.
fn wrappers(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    if text.contains('%') {
        found.push(percent_decode_str(text).decode_utf8_lossy().into_owned());
    }
    if text.contains('&') {
        found.push(without_entities(text));
    }
    if text.contains('=') {
        found.push(without_quoting(text));
    }
    if text.contains('<') {
        found.push(without_tags(text));
    }
    found.extend(of_urldefense_2(text));
    found.extend(of_urldefense_3(text));
    found.extend(of_check_point(text));
    found.extend(in_base64(text));
    found
}

/// Writes the letters that HTML escapes as they are meant: `&amp;`, `&#47;`, `&#x2F;`.
fn without_entities(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        // None that is known is longer; so the search never runs through the whole text.
        let end = rest.bytes().take(LONGEST_ENTITY + 2).position(|byte| byte == b';');
        let name = end.and_then(|end| rest.get(1..end));
        match name.and_then(|name| entity(name).map(|letter| (letter, name.len() + 2))) {
            Some((letter, length)) => {
                plain.push(letter);
                rest = &rest[length..];
            }
            None => {
                plain.push('&');
                rest = &rest[1..];
            }
        }
    }
    plain.push_str(rest);
    plain
}

fn entity(name: &str) -> Option<char> {
    Some(match name.to_ascii_lowercase().as_str() {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "sol" => '/',
        "colon" => ':',
        "period" => '.',
        "equals" => '=',
        "quest" => '?',
        "lowbar" | "underbar" => '_',
        "bsol" => '\\',
        "percnt" => '%',
        "hyphen" | "dash" => '-',
        "ndash" => '\u{2013}',
        "mdash" => '\u{2014}',
        "nbsp" => '\u{A0}',
        "shy" | "zerowidthspace" | "zwnj" | "zwj" => '\u{200B}',
        name => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix('x') {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)?
        }
    })
}

/// The text of a page without its tags, which may break a long word: `<wbr>`, `</b><b>`.
fn without_tags(text: &str) -> String {
    let mut parts = text.split('<');
    let mut plain = parts.next().unwrap_or_default().to_string();
    for part in parts {
        let is_tag = part.starts_with(|first: char| first.is_ascii_alphabetic() || first == '/');
        match part.split_once('>').filter(|_| is_tag) {
            Some((_, behind)) => plain.push_str(behind),
            None => {
                plain.push('<');
                plain.push_str(part);
            }
        }
    }
    plain
}

/// Undoes quoted-printable: `=3D` is `=`, and `=` at the end of a line is nothing, nor is the line's end.
fn without_quoting(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('=') {
        plain.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let hex = rest.get(..2).filter(|hex| hex.bytes().all(|digit| digit.is_ascii_hexdigit()));
        let code = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()).filter(u8::is_ascii_graphic);
        if let Some(code) = code {
            plain.push(code.into());
            rest = &rest[2..];
        } else if let Some(next) = rest.trim_start_matches([' ', '\t']).strip_prefix(['\r', '\n']) {
            rest = next.strip_prefix('\n').unwrap_or(next);
        } else {
            plain.push('=');
        }
    }
    plain.push_str(rest);
    plain
}

/// The second way of urldefense to write an address: `-3A` for `:` and `_` for `/`.
fn of_urldefense_2(text: &str) -> Option<String> {
    let start = ["https-3A__", "http-3A__"].iter().find_map(|start| text.find(start))?;
    let written = text[start..].split(|letter: char| letter.is_whitespace() || "&\"<>".contains(letter)).next()?;
    Some(percent_decode_str(&written.replace('_', "/").replace('-', "%")).decode_utf8_lossy().into_owned())
}

/// The third: the address between `__` and `__;`, a star for each letter (`**` and a length for several) that stands in
/// base64 behind it.
fn of_urldefense_3(text: &str) -> Option<String> {
    const LENGTHS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let (_, wrapped) = text.split_once("/v3/__")?;
    let end = wrapped.find("__;")?;
    // An address may itself end with a low line.
    let end = end + wrapped[end..].find(';')? - 2;
    let (address, rest) = (&wrapped[..end], &wrapped[end + 3..]);
    let letters = rest.split('!').next().unwrap_or_default();
    let letters = URL_SAFE_NO_PAD.decode(letters.trim_end_matches('=')).unwrap_or_default();
    let letters = String::from_utf8_lossy(&letters).into_owned();
    let mut letters = letters.chars();
    let mut plain = String::with_capacity(address.len());
    let mut stars = address.chars().peekable();
    while let Some(letter) = stars.next() {
        if letter != '*' {
            plain.push(letter);
        } else if stars.next_if_eq(&'*').is_some() {
            let many = stars.next().and_then(|length| LENGTHS.find(length)).map_or(0, |place| place + 2);
            plain.extend(letters.by_ref().take(many));
        } else {
            plain.extend(letters.next());
        }
    }
    Some(plain)
}

/// The way of Check Point: the address between `___` and `___.`; it may itself end with a low line.
fn of_check_point(text: &str) -> Option<String> {
    let (_, wrapped) = text.split_once("/___")?;
    wrapped.rfind("___.").map(|end| wrapped[..end].to_string())
}

/// Addresses that stand in base64 in a parameter or in a part of the path, as some filters and counters of clicks write them.
fn in_base64(text: &str) -> Vec<String> {
    let decoded = |value: &str| {
        let value = value.trim_end_matches('=');
        let bytes = URL_SAFE_NO_PAD.decode(value).or_else(|_| STANDARD_NO_PAD.decode(value)).ok()?;
        // Slashes may stand behind backslashes.
        String::from_utf8(bytes).ok().filter(|text| text.contains(":/") || text.contains(":\\"))
    };
    let is_end = |letter: char| letter.is_whitespace() || "?&;<>\"".contains(letter);
    let parts = text.split(is_end).flat_map(|part| {
        let value = part.split_once('=').map_or("", |(_, value)| value);
        std::iter::once(value).chain(part.split('/'))
    });
    parts.filter(|value| value.len() > SECRET_LENGTH).filter_map(decoded).collect()
}

/// The first link that stands with its address.
fn with_address(text: &str) -> Option<(LinkKind, String)> {
    // One byte for each byte, so that places are the same in both.
    let small = text.to_ascii_lowercase();
    let mut found: Vec<(usize, LinkKind)> = LinkKind::ALL
        .into_iter()
        .flat_map(|kind| {
            let mark = format!("/{}/", kind.segment());
            small.match_indices(&mark).map(|(at, _)| (at + mark.len(), kind)).collect::<Vec<_>>()
        })
        .collect();
    found.sort_by_key(|(at, _)| *at);
    found.into_iter().find_map(|(at, kind)| secret_at(&text[at..]).map(|secret| (kind, secret)))
}

/// The secret part with which a text begins, however it is broken: by ends of lines, spaces, what nobody sees, the signs of a
/// soft end of line, the marks of a quoted message.
fn secret_at(text: &str) -> Option<String> {
    let mut secret = String::with_capacity(SECRET_LENGTH);
    let mut is_line_begun = false;
    let mut letters = text.chars();
    while secret.len() < SECRET_LENGTH {
        let letter = letters.next()?;
        let is_between = letter.is_whitespace() || is_unseen(letter) || letter == '=';
        if is_of_secret(letter) {
            secret.push(letter);
            is_line_begun = false;
        } else if letter == '\n' || letter == '\r' {
            is_line_begun = true;
        } else if !(is_between
            || is_line_begun && ">|".contains(letter)
            || secret.is_empty() && "<\"'(".contains(letter))
        {
            return None;
        }
    }
    // One letter more, and it is another text.
    let rest = letters.as_str();
    let quoted = rest.strip_prefix('=').and_then(|rest| rest.get(..2)).and_then(|hex| u8::from_str_radix(hex, 16).ok());
    // Nor is it whole where a letter of it follows that is written by its number, as `=5F` for `_`.
    let goes_on = rest.starts_with(is_of_secret) || quoted.is_some_and(|code| is_of_secret(code.into()));
    (!goes_on).then_some(secret)
}

/// A secret part without its address: the whole text but for spaces and signs around it, or one word of it.
fn alone(text: &str) -> Option<String> {
    let is_between = |letter: char| letter.is_whitespace() || is_unseen(letter) || letter == '=';
    let joined: String = text.chars().filter(|letter| !is_between(*letter)).collect();
    let bare = joined.trim_matches(|letter: char| !is_of_secret(letter));
    if is_whole(bare) {
        return Some(bare.to_string());
    }
    let seen: String = text.chars().filter(|letter| !is_unseen(*letter)).collect();
    seen.split(|letter: char| !is_of_secret(letter)).find(|word| is_whole(word)).map(String::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::engine::general_purpose::STANDARD;
    use proptest::prelude::*;

    const SECRET: &str = "AaIDBa2rcAeS7Uq-8tdcqQABXVNpQ8Fy8wI5M2fKPl_XsQ";
    const ADDRESS: &str = "https://users.acme.by/i/AaIDBa2rcAeS7Uq-8tdcqQABXVNpQ8Fy8wI5M2fKPl_XsQ";

    fn invitation() -> Option<(LinkKind, String)> {
        Some((LinkKind::Invitation, SECRET.to_string()))
    }

    /// An address as the second way of urldefense writes it.
    fn defended_2(address: &str) -> String {
        let mut written = String::new();
        for letter in address.chars() {
            match letter {
                '/' => written.push('_'),
                '.' => written.push('.'),
                letter if letter.is_ascii_alphanumeric() => written.push(letter),
                letter => written.push_str(&format!("-{:02X}", u32::from(letter))),
            }
        }
        format!("https://urldefense.proofpoint.com/v2/url?u={written}&d=DwMFaQ&c=abc&r=def&m=ghi&s=jkl&e=")
    }

    /// Every dress in which a link was seen to come back.
    fn dresses(address: &str) -> Vec<String> {
        let escaped = percent_encoding::utf8_percent_encode(address, percent_encoding::NON_ALPHANUMERIC).to_string();
        let half = address.len() - 20;
        let (head, tail) = address.split_at(half);
        let entities: String = address.chars().map(|letter| format!("&#{};", u32::from(letter))).collect();
        let quoted = address.replace('_', "=5F").replace('-', "=2D");
        vec![
            quoted,
            address.into(),
            format!("  {address}\r\n"),
            format!("{address}/"),
            format!("{address}."),
            format!("{address}%20"),
            format!("\u{A0}{address}\u{200B}\u{FEFF}"),
            format!("<{address}>"),
            format!("({address});"),
            format!("«{address}»"),
            format!("\"{address}\""),
            format!("{address}?utm_source=mail#top"),
            format!("Open {address} until Friday, please."),
            format!("Чтобы войти, откройте ссылку {address}, спасибо!"),
            format!("[Accept]({address})"),
            format!("<a href=\"{address}\">Accept</a>"),
            format!("<a href=3D\"{}=\r\n{}\">", head.replace('=', "=3D"), tail),
            format!("{head}=\r\n{tail}"),
            format!("{head}=\n{tail}"),
            format!("{head}={tail}"),
            format!("{head}\r\n{tail}"),
            format!("{head}\n> {tail}"),
            format!("{head} {tail}"),
            format!("{head}\u{AD}{tail}"),
            format!("{head}%E2%80%8B{tail}"),
            format!("{address}{address}"),
            format!("{address} {address}"),
            format!("https://users.acme.by/i/{address}"),
            address.replace("/i/", "/I/").replace("https", "HTTPS"),
            address.replace('/', "&#x2F;").replace(':', "&colon;"),
            address.replace("/i/", "&sol;i&sol;"),
            entities,
            escaped.clone(),
            percent_encoding::utf8_percent_encode(&escaped, percent_encoding::NON_ALPHANUMERIC).to_string(),
            format!(
                "https://eur01.safelinks.protection.outlook.com/?url={escaped}&data=05%7C02%7C%7C&sdata=x%3D&reserved=0"
            ),
            format!("https://eur01.safelinks.protection.outlook.com/?url={escaped}&amp;data=05%7C02&amp;reserved=0"),
            format!("https://urldefense.proofpoint.com/v1/url?u={address}&k=abc%3D&r=def&m=ghi&s=jkl"),
            defended_2(address),
            defended_2(&format!("https://eur01.safelinks.protection.outlook.com/?url={escaped}&data=05")),
            format!("https://urldefense.com/v3/__{address}__;!!AbC!dEf$"),
            format!("https://urldefense.com/v3/__{address}?a=*b**Cc__;w6nDqcOpw6k!!AbC!dEf$"),
            format!("https://www.google.com/url?q={address}&sa=D&source=gmail&ust=1&usg=abc"),
            format!("https://www.google.com/url?q={escaped}&sa=D"),
            format!("https://linkprotect.cudasvc.com/url?a={escaped}&c=E,1,abc&typo=1"),
            format!("https://protect.mimecast.example/s/abc?domain=acme.by&url={escaped}"),
            format!("https://secure-web.cisco.com/1abc-def/{escaped}"),
            format!("https://checklink.mail.ru/proxy?es=abc%3D&egid=def&url={escaped}&uidl=1"),
            format!("https://l.facebook.com/l.php?u={escaped}&h=abc"),
            format!("https://eu-west-1.protection.sophos.com?d=acme.by&u={}&p=m", STANDARD.encode(address)),
            format!("https://mail.yandex.ru/re.jsx?h=a,abc&l={}", URL_SAFE_NO_PAD.encode(address)),
            format!("https://filter.example/click?x=1&target={}", escaped.replace("%2F", "%2f").replace("%3A", "%3a")),
            format!("https://url.avanan.click/v2/___{address}___.YXAzOmFjbWU6YTpvOjEyMw"),
            format!("https://protect.checkpoint.com/v2/___{address}?a=b___.YXAzOmFjbWU"),
            format!("https://click.example/t/{}", URL_SAFE_NO_PAD.encode(address)),
            format!(
                "https://click.example/track?p={}",
                URL_SAFE_NO_PAD.encode(format!(r#"{{"v":1,"url":"{}"}}"#, address.replace('/', "\\/")))
            ),
            address.replace('/', "\\/"),
            address.replace('/', "\\u002f"),
            address.replace('_', "\\_").replace('-', "\\-"),
            address.replace("/i/", "\\i\\"),
            address.replace('-', "\u{2011}"),
            address.replace('-', "\u{2013}"),
            address.replace("--", "\u{2013}"),
            address.replace("--", "\u{2014}"),
            address.replace('/', "\u{FF0F}"),
            address.chars().map(|letter| char::from_u32(u32::from(letter) + 0xFEE0).expect("a wide letter")).collect(),
            format!("{head}<wbr>{tail}"),
            format!("{head}&ZeroWidthSpace;{tail}"),
            format!("{head}&shy;{tail}"),
            format!("{{\"link\":\"{address}\"}}"),
            format!("<{address}|Accept the invitation>"),
            format!("https://protect2.fireeye.com/v1/url?k=a-b&q=1&e=c&u={escaped}"),
            format!(
                "https://statics.teams.cdn.office.net/evergreen-assets/safelinks/1/atp-safelinks.html?url={escaped}&locale=en"
            ),
            format!("https://vk.com/away.php?to={escaped}&cc_key="),
            format!("https://imsva.ctp.trendmicro.com:443/wis/clicktime/v1/query?url={escaped}&umid=1&auth=2"),
        ]
    }

    #[test]
    fn a_link_is_found_in_every_dress_l_08() {
        for dress in dresses(ADDRESS) {
            assert_eq!(mend(&dress, LinkKind::Reset), invitation(), "{dress}");
        }
    }

    #[test]
    fn a_link_of_another_kind_is_known_by_its_address_l_08() {
        for kind in LinkKind::ALL {
            let address = ADDRESS.replace("/i/", &format!("/{}/", kind.segment()));
            for here in LinkKind::ALL {
                assert_eq!(mend(&address, here), Some((kind, SECRET.to_string())));
                assert_eq!(mend(&format!(" {SECRET}. "), here), Some((here, SECRET.to_string())));
            }
        }
    }

    #[test]
    fn what_a_path_holds_behind_its_door_is_mended_l_08() {
        for path in
            ["{}/", "{}%20", "%20{}", "{}.", "{}%0A", "{}=", "{}%3D", "'{}'", "%3C{}%3E", "{}/join", "{}%00", "{},"]
        {
            assert_eq!(mend(&path.replace("{}", SECRET), LinkKind::Invitation), invitation(), "{path}");
        }
    }

    #[test]
    fn what_is_too_long_or_too_short_is_no_link() {
        let short = &SECRET[1..];
        for text in
            ["", "/i/", short, &format!("{SECRET}A"), &format!("{SECRET}{SECRET}"), &format!("https://x/i/{short}")]
        {
            assert_eq!(mend(text, LinkKind::Invitation), None, "{text}");
        }
        assert_eq!(mend(&format!("{}{ADDRESS}", " ".repeat(LONGEST)), LinkKind::Invitation), None);
    }

    proptest! {
        /// Whatever is found has the shape of a link, so that what a mended address leads to needs no more mending.
        #[test]
        fn what_is_found_is_whole(text in "\\PC{0,80}|[/iI=%&a-zA-Z0-9_-]{0,120}") {
            if let Some((kind, secret)) = mend(&text, LinkKind::Confirmation) {
                prop_assert!(is_whole(&secret));
                prop_assert_eq!(mend(&kind.path(&secret), LinkKind::Reset), Some((kind, secret)));
            }
        }

        /// No letter is ever changed, added or left out: what is found stands in the text, letter by letter.
        #[test]
        fn a_secret_is_never_made_up(secret in "[A-Za-z0-9_-]{46}", which in 0_usize..100) {
            let address = format!("https://users.acme.by/i/{secret}");
            let dresses = dresses(&address);
            let dress = &dresses[which % dresses.len()];
            prop_assert_eq!(mend(dress, LinkKind::Reset), Some((LinkKind::Invitation, secret)), "{}", dress);
        }

        /// A link with one letter changed, lost or added is not mended into the one that it was.
        #[test]
        fn a_damaged_secret_stays_damaged(at in 0_usize..46, letter in "[A-Za-z0-9_-]", which in 0_usize..3) {
            let mut damaged = SECRET.to_string();
            match which {
                0 => damaged.replace_range(at..=at, &letter),
                1 => damaged.replace_range(at..=at, ""),
                _ => damaged.insert_str(at, &letter),
            }
            prop_assume!(damaged != SECRET);
            let found = mend(&ADDRESS.replace(SECRET, &damaged), LinkKind::Invitation);
            prop_assert_ne!(found, invitation());
        }

        #[test]
        fn any_text_is_read_in_bounded_time(text in "([%=&?][0-9a-fA-F]{2}|/i/|__;|/v3/__|https-3A__|\\*\\*A){0,400}") {
            mend(&text, LinkKind::Invitation);
        }
    }
}
