//! The folded form under which people are found: one key to store, and LIKE patterns made from what is searched.
//! It must not build SQL; a pattern is bound as a parameter and holds no wildcard of the searcher's.

/// The most words of a needle that are looked at.
const MOST_WORDS: usize = 5;
/// The most characters of one word that are looked at.
const LONGEST_WORD: usize = 64;
/// Stands before every word of a key, so that the beginning of a word is three characters long for a trigram index.
const WORD_MARK: &str = "^^";
/// Matches no key: folding drops every `^`, so three of them never stand together.
const MATCHES_NOTHING: &str = "%^^^%";

/// The key under which a person is found, from everything that may be searched: name, e-mail, phone, login.
///
/// `["Иван Петров", "ivan-petrov@acme.by"]` gives `^^ivan ^^petrov ^^ivanpetrov@acmeby`. Letters are lower-cased,
/// Cyrillic is written in Latin, marks on Latin letters are dropped; of the rest only digits, `@` and letters of other
/// scripts stay, so that `_`, `-`, `.` and `'` make no difference (rule 10).
pub fn search_key(parts: &[&str]) -> String {
    let mut key = String::new();
    for word in parts.iter().flat_map(|part| folded_words(part)) {
        if !key.is_empty() {
            key.push(' ');
        }
        key.push_str(WORD_MARK);
        key.push_str(&word);
    }
    key
}

/// The folded words of what somebody searches: at most 5, each of at most 64 characters.
pub fn search_words(needle: &str) -> Vec<String> {
    let cut = |word: String| word.chars().take(LONGEST_WORD).collect();
    folded_words(needle).map(cut).take(MOST_WORDS).collect()
}

/// One SQL LIKE pattern for each word of the needle; a person is found when the key matches **all** of them.
///
/// One or two characters match beginnings of words only (`%^^i%`, `%^iv%`), three and more match anywhere (`%ivan%`):
/// every pattern then has three fixed characters together, which a trigram index needs. A blank needle gives no
/// pattern; one of punctuation only gives a pattern that matches nothing.
pub fn search_patterns(needle: &str) -> Vec<String> {
    let words = search_words(needle);
    if words.is_empty() && !needle.trim().is_empty() {
        return vec![MATCHES_NOTHING.to_owned()];
    }
    let pattern = |word: &String| match word.chars().count() {
        1 => format!("%^^{word}%"),
        2 => format!("%^{word}%"),
        _ => format!("%{word}%"),
    };
    words.iter().map(pattern).collect()
}

/// The words of a text, folded; words of which nothing is left are gone.
fn folded_words(text: &str) -> impl Iterator<Item = String> {
    // A telephone number is one word, however its digits are grouped.
    let joined: Option<String> = is_number(text).then(|| text.split_whitespace().collect());
    let words: Vec<String> = match joined {
        Some(number) => vec![folded(&number)],
        None => text.split_whitespace().map(folded).collect(),
    };
    words.into_iter().filter(|word| !word.is_empty())
}

/// Is the whole text a number, with five digits or more or a `+` before it?
fn is_number(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let only_digits = text.chars().all(|c| c.is_ascii_digit() || c.is_whitespace() || "+-().".contains(c));
    only_digits && (digits >= 5 || (digits > 0 && text.trim_start().starts_with('+')))
}

/// One word, folded letter by letter, so that a part of a word folds to a part of the folded word.
fn folded(word: &str) -> String {
    let mut out = String::new();
    for letter in word.chars().flat_map(char::to_lowercase) {
        match plain(letter) {
            Some(latin) => out.push_str(latin),
            None if letter == '@' || letter.is_alphanumeric() => out.push(letter),
            None => {}
        }
    }
    out
}

/// The plain Latin spelling of a lower-case Cyrillic letter, or of a Latin letter with a mark.
fn plain(letter: char) -> Option<&'static str> {
    Some(match letter {
        'а' | 'ә' | 'à'..='å' | 'ā' | 'ă' | 'ą' | 'ǎ' => "a",
        'б' => "b",
        'в' => "v",
        'г' | 'ґ' | 'ғ' | 'ĝ' | 'ğ' | 'ġ' | 'ģ' => "g",
        'д' | 'ď' | 'đ' => "d",
        'е' | 'ё' | 'э' | 'є' | 'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => "e",
        'ж' => "zh",
        'з' | 'ź' | 'ż' | 'ž' => "z",
        'и' | 'і' | 'ї' | 'ì'..='ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' => "i",
        'й' | 'ы' | 'ý' | 'ÿ' | 'ŷ' => "y",
        'ј' | 'ĵ' => "j",
        'к' | 'қ' | 'ķ' => "k",
        'л' | 'ĺ' | 'ļ' | 'ľ' | 'ł' => "l",
        'м' => "m",
        'н' | 'ң' | 'ñ' | 'ń' | 'ņ' | 'ň' => "n",
        'о' | 'ө' | 'ò'..='ö' | 'ø' | 'ō' | 'ŏ' | 'ő' => "o",
        'п' => "p",
        'р' | 'ŕ' | 'ŗ' | 'ř' => "r",
        'с' | 'ś' | 'ŝ' | 'ş' | 'š' | 'ș' => "s",
        'т' | 'ţ' | 'ť' | 'ț' => "t",
        'у' | 'ў' | 'ұ' | 'ү' | 'ù'..='ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' => "u",
        'ф' => "f",
        'х' => "kh",
        'һ' | 'ĥ' => "h",
        'ц' => "ts",
        'ч' => "ch",
        'ш' => "sh",
        'щ' => "shch",
        'ъ' | 'ь' => "",
        'ю' => "yu",
        'я' => "ya",
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => "c",
        'ŵ' => "w",
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// SQL LIKE with `%` alone, which is all that the patterns use.
    fn like(text: &str, pattern: &str) -> bool {
        let inner = pattern.strip_prefix('%').and_then(|rest| rest.strip_suffix('%')).unwrap();
        assert!(!inner.contains(['%', '_', '\\', '\'']), "{pattern}");
        assert!(inner.chars().count() >= 3, "a trigram index cannot serve {pattern}");
        text.contains(inner)
    }

    fn finds(needle: &str, parts: &[&str]) -> bool {
        let key = search_key(parts);
        search_patterns(needle).iter().all(|pattern| like(&key, pattern))
    }

    const IVAN: [&str; 3] = ["Иван Петров", "ivan-petrov@acme.by", "+375291234567"];

    #[test]
    fn the_key_holds_each_word_behind_its_mark() {
        assert_eq!(search_key(&IVAN), "^^ivan ^^petrov ^^ivanpetrov@acmeby ^^375291234567");
        assert_eq!(search_key(&["", " — "]), "");
    }

    #[test]
    fn a_person_is_found_in_either_alphabet_and_whatever_the_punctuation() {
        for needle in [
            "Петров",
            "petrov",
            "PETR",
            "и",
            "iv",
            "ив пе",
            "ivan_petrov",
            "ivan.petrov@acme.by",
            "@acme",
            "trov",
            "acme.by",
            "+375 29 123-45-67",
            "375 29 12",
            "1234567",
            "",
        ] {
            assert!(finds(needle, &IVAN), "{needle}");
        }
        for needle in ["v", "va", "sidorov", "ivan sidorov", "%", "___", "—", "^", "'; drop table"] {
            assert!(!finds(needle, &IVAN), "{needle}");
        }
    }

    #[test]
    fn russian_letters_are_spelled_as_people_spell_them() {
        for (name, latin) in [
            ("Щукина", "shchukina"),
            ("Михаил", "mikhail"),
            ("Алёна", "alena"),
            ("Игорь", "igor"),
            ("Подъезд", "podezd"),
            ("Юлия", "yuliya"),
            ("Андрей", "andrey"),
            ("Жанна", "zhanna"),
            ("Müller-Łoś", "mullerlos"),
            ("O'Brien", "obrien"),
            ("山田", "山田"),
        ] {
            assert_eq!(search_words(name), [latin], "{name}");
        }
    }

    #[test]
    fn patterns_have_the_shape_that_the_index_serves() {
        assert_eq!(search_patterns("i iv ivan"), ["%^^i%", "%^iv%", "%ivan%"]);
        assert_eq!(search_patterns(" \t"), Vec::<String>::new());
        assert_eq!(search_patterns("--- ь"), ["%^^^%"]);
        assert_eq!(search_words("a b c d e f g").len(), 5);
        assert_eq!(search_words(&"щ".repeat(100))[0].chars().count(), 64);
    }

    proptest! {
        #[test]
        fn a_piece_of_a_word_always_finds_it(
            parts in proptest::collection::vec("[a-zA-Zа-яёА-ЯЁіўäéßİ0-9@._'+ -]{1,24}|\\PC{1,12}", 1..4),
            which in any::<prop::sample::Index>(), from in any::<prop::sample::Index>(),
            to in any::<prop::sample::Index>()
        ) {
            let words: Vec<&str> = parts.iter().flat_map(|part| part.split_whitespace()).collect();
            if words.is_empty() {
                return Ok(());
            }
            let letters: Vec<char> = words[which.index(words.len())].chars().collect();
            let (a, b) = (from.index(letters.len() + 1), to.index(letters.len() + 1));
            let needle: String = letters[a.min(b)..a.max(b)].iter().collect();
            // Shorter ones find beginnings of words only.
            if search_words(&needle).iter().all(|word| word.chars().count() < 3) {
                return Ok(());
            }
            let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
            prop_assert!(finds(&needle, &parts), "{} in {:?}", needle, parts);
        }

        #[test]
        fn no_needle_smuggles_a_wildcard(needle in any::<String>()) {
            let key = search_key(&IVAN);
            for pattern in search_patterns(&needle) {
                like(&key, &pattern);
            }
        }
    }
}
