//! The language that a browser asks for: the one reader of `Accept-Language`, for every page.

use crate::words::Language;
use axum::http::{HeaderMap, header};

/// The language of ours that the browser likes best (RFC 9110, 12.5.4); `None` where it likes none, or all of them alike.
pub fn preferred(headers: &HeaderMap) -> Option<Language> {
    let lists = headers.get_all(header::ACCEPT_LANGUAGE).iter();
    let lists: Vec<_> = lists.map(|list| String::from_utf8_lossy(list.as_bytes())).collect();
    best_of(&lists.join(","))
}

/// What an entry of the list is about.
#[derive(Clone, Copy, PartialEq)]
enum LanguageRange {
    One(Language),
    /// `*`: every language that no other entry names.
    Others,
}

fn best_of(list: &str) -> Option<Language> {
    let entries: Vec<(LanguageRange, f32)> = list.split(',').filter_map(read).collect();
    let weight_of = |wanted| {
        let weights = entries.iter().filter(|(about, _)| *about == wanted).map(|(_, weight)| *weight);
        weights.reduce(f32::max)
    };
    let others = weight_of(LanguageRange::Others).unwrap_or_default();
    let place_of = |language| entries.iter().position(|(about, _)| *about == LanguageRange::One(language));
    let is_named = Language::ALL.iter().any(|language| place_of(*language).is_some());
    let mut wanted: Vec<(Language, f32)> = Language::ALL
        .into_iter()
        .map(|language| (language, weight_of(LanguageRange::One(language)).unwrap_or(others)))
        .filter(|(_, weight)| *weight > 0.0 && is_named)
        .collect();
    // Of two that are liked alike, the one that is named first; one that is not named comes last.
    wanted.sort_by_key(|(language, _)| place_of(*language).unwrap_or(usize::MAX));
    wanted.into_iter().reduce(|best, other| if other.1 > best.1 { other } else { best }).map(|(language, _)| language)
}

/// One entry (`ru-BY;q=0.9`); `None` for a language that is not ours, and for what cannot be read.
fn read(entry: &str) -> Option<(LanguageRange, f32)> {
    let mut parts = entry.split(';').map(str::trim);
    let about = match parts.next()? {
        "*" => LanguageRange::Others,
        tag => LanguageRange::One(Language::from_code(tag)?),
    };
    let mut weight = 1.0;
    for part in parts {
        let (name, value) = part.split_once('=')?;
        if name.trim().eq_ignore_ascii_case("q") {
            weight = read_weight(value.trim())?;
        }
    }
    Some((about, weight))
}

/// A number between 0 and 1, in digits.
fn read_weight(text: &str) -> Option<f32> {
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    text.parse().ok().filter(|weight| is_number && (0.0..=1.0).contains(weight))
}

#[cfg(test)]
mod tests {
    use super::*;
    use Language::{English, Russian};
    use proptest::prelude::*;

    /// L-07: lists as browsers and people write them.
    #[test]
    fn the_language_that_is_liked_best_is_spoken() {
        for (list, expected) in [
            ("ru", Some(Russian)),
            ("en;q=0.1,ru;q=0.9", Some(Russian)),
            ("ru;q=0.9,en;q=0.1", Some(Russian)),
            ("ru-BY,ru;q=0.9,en-US;q=0.8,en;q=0.7", Some(Russian)),
            ("en-US,en;q=0.9,ru;q=0.8", Some(English)),
            ("RU-by", Some(Russian)),
            ("ru_RU", Some(Russian)),
            ("de,fr;q=0.9,ru;q=0.1", Some(Russian)),
            ("de, be;q=0.9", None),
            ("en-US;q=0.2,ru;q=0.5,en;q=0.9", Some(English)),
            // Alike: as they stand.
            ("en;q=0.5,ru;q=0.5", Some(English)),
            ("ru,en", Some(Russian)),
            // Anything else.
            ("*", None),
            ("de,*;q=0.5", None),
            ("ru,*;q=0.5", Some(Russian)),
            ("*,ru;q=0.5", Some(English)),
            ("en;q=0.1,*;q=0.5", Some(Russian)),
            ("ru;q=0.5,*;q=0.5", Some(Russian)),
            // Not that one.
            ("ru;q=0", None),
            ("en;q=0,ru;q=0.1", Some(Russian)),
            ("ru;q=0,*", Some(English)),
            ("en;q=0.0,*;q=0.001", Some(Russian)),
            ("en;q=0,ru;q=0,*", None),
            // Written oddly.
            (" ru ; q = 0.9 , en ; q=0.1 ", Some(Russian)),
            ("en;Q=0.1,ru;Q=0.9", Some(Russian)),
            ("en;level=1;q=0.1,ru;q=0.2", Some(Russian)),
            ("en;q=.1,ru;q=1.000", Some(Russian)),
            // Not to be read: as if it did not stand there.
            ("en;q=2,ru;q=0.1", Some(Russian)),
            ("en;q=-1,ru;q=0.1", Some(Russian)),
            ("en;q=NaN,ru;q=0.1", Some(Russian)),
            ("en;q=inf,ru;q=0.1", Some(Russian)),
            ("en;q=1e0,ru;q=0.1", Some(Russian)),
            ("en;q=,ru;q=0.1", Some(Russian)),
            ("en;q,ru;q=0.1", Some(Russian)),
            ("", None),
            (",,;;==**", None),
            ("english,russian", None),
        ] {
            assert_eq!(best_of(list), expected, "{list:?}");
        }
        assert_eq!(best_of(&format!("{},ru;q=0.3", "x;q=1,".repeat(2_000))), Some(Russian));
    }

    #[test]
    fn several_headers_are_one_list_and_a_strange_byte_spoils_its_own_entry_only() {
        let mut headers = HeaderMap::new();
        assert_eq!(preferred(&headers), None);
        for list in [&b"en;q=0.1, d\xff"[..], b"ru;q=0.9"] {
            let list = axum::http::HeaderValue::from_bytes(list).expect("a header");
            headers.append(header::ACCEPT_LANGUAGE, list);
        }
        assert_eq!(preferred(&headers), Some(Russian));
    }

    proptest! {
        #[test]
        fn nothing_that_is_written_there_breaks_anything(list in ".{0,300}") {
            let _ = best_of(&list);
        }

        #[test]
        fn the_heavier_of_two_wins_wherever_it_stands(
            english in 0_u16..=1_000, russian in 0_u16..=1_000, turned: bool, between in "[a-d;,= ]{0,40}",
        ) {
            let entry = |tag: &str, weight: u16| format!("{tag};q={}.{:03}", weight / 1_000, weight % 1_000);
            let mut both = [entry("en-GB", english), entry("ru", russian)];
            if turned {
                both.reverse();
            }
            let spoken = best_of(&both.join(&format!(",{between},")));
            let expected = match (english, russian) {
                (0, 0) => None,
                (english, russian) if english == russian => Some(if turned { Russian } else { English }),
                (english, russian) => Some(if english > russian { English } else { Russian }),
            };
            prop_assert_eq!(spoken, expected);
        }
    }
}
