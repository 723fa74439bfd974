//! As what else a password can be read: Cyrillic keys as the Latin letters on them, Cyrillic letters as Latin ones, Latin
//! keys as the Cyrillic letters on them, letters in another form or with accents as plain ones. Whoever guesses passwords
//! tries all of it, and the estimate knows Latin only. It must not judge anything.

use crate::domain::contact::{is_cyrillic, is_unseen, latin_twin};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;

/// The keys of a Russian keyboard and the Latin ones that they are, in rows, without and with the shift key.
const RUSSIAN: &str = "ёйцукенгшщзхъфывапролджэячсмитьбю.ЁЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ,\"№;:?/";
const LATIN: &str = "`qwertyuiop[]asdfghjkl;'zxcvbnm,./~QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>?@#$^&|";

/// What other keyboards have elsewhere: the Belarusian one, and the Ukrainian one.
const BELARUSIAN: [(char, char); 5] = [('ў', 'o'), ('Ў', 'O'), ('і', 'b'), ('І', 'B'), ('\'', ']')];
const UKRAINIAN: [(char, char); 8] =
    [('і', 's'), ('І', 'S'), ('ї', ']'), ('Ї', '}'), ('є', '\''), ('Є', '"'), ('ґ', '\\'), ('Ґ', '|')];

/// The alphabets, whose letters are not in their order in Unicode.
const ALPHABETS: [(&str, &str); 3] = [
    ("абвгдеёжзийклмнопрстуфхцчшщъыьэюя", "абвгдежзийклмнопрстуфхцчшщъыьэюяё"),
    ("абвгґдеєжзиіїйклмнопрстуфхцчшщьюя", "ґєії"),
    ("абвгдеёжзійклмнопрстуўфхцчшыьэюя", "ўі"),
];

/// Signs and digits that are put for Cyrillic letters, besides the Latin letters that look the same.
const PUT_FOR_CYRILLIC: [(char, char); 9] =
    [('0', 'о'), ('3', 'з'), ('4', 'ч'), ('6', 'б'), ('@', 'а'), ('$', 'с'), ('m', 'м'), ('t', 'т'), ('h', 'н')];

/// Every reading of a password, first as it was typed, none twice.
pub fn readings(typed: &str) -> Vec<String> {
    let mut all = vec![typed.to_string()];
    let mut add = |reading: String| {
        if !all.contains(&reading) {
            all.push(reading);
        }
    };
    let has_cyrillic = typed.chars().any(is_cyrillic);
    if has_cyrillic || typed.contains('№') {
        add(on_latin_keys(typed, &BELARUSIAN));
        add(on_latin_keys(typed, &UKRAINIAN));
    }
    if has_cyrillic {
        add(typed.chars().map(|c| latin_twin(c).unwrap_or(c)).collect());
        add(in_latin_letters(typed));
        add(in_latin_letters(&in_cyrillic_letters(typed)));
        for (alphabet, own) in ALPHABETS {
            if typed.chars().any(|c| own.contains(c) || c.to_lowercase().any(|c| own.contains(c))) {
                add(in_order(typed, alphabet));
            }
        }
    }
    if typed.chars().any(|c| c.is_ascii_alphabetic()) {
        add(in_latin_letters(&on_russian_keys(typed)));
    }
    all
}

/// The password as somebody reads it out: wide, circled and mathematical letters are plain ones, accents are left out, and so
/// is what cannot be seen. `й` is a letter of its own.
pub fn folded(typed: &str) -> String {
    let mut out = String::with_capacity(typed.len());
    for letter in typed.nfkc().filter(|letter| !is_unseen(*letter)) {
        if matches!(letter, 'й' | 'Й') {
            out.push(letter);
            continue;
        }
        let parts = std::iter::once(letter).nfkd();
        for part in parts.filter(|part| canonical_combining_class(*part) == 0 && !is_unseen(*part)) {
            match with_a_stroke(part) {
                Some(plain) => out.push_str(plain),
                None => out.push(part),
            }
        }
    }
    out
}

/// Letters that Unicode does not take apart, as they are written on a plain keyboard.
fn with_a_stroke(letter: char) -> Option<&'static str> {
    Some(match letter {
        'ø' => "o",
        'Ø' => "O",
        'ł' => "l",
        'Ł' => "L",
        'đ' | 'ð' => "d",
        'Đ' | 'Ð' => "D",
        'ħ' => "h",
        'ŧ' => "t",
        'ı' => "i",
        'ß' | 'ẞ' => "ss",
        'æ' => "ae",
        'Æ' => "AE",
        'œ' => "oe",
        'Œ' => "OE",
        'þ' => "th",
        _ => return None,
    })
}

/// The readings of a word of which no password may be made, in small letters: as it is, and as it is typed on the keys of
/// the other script or written in its letters.
pub fn readings_of_word(word: &str) -> Vec<String> {
    let word = word.to_lowercase();
    let mut all = vec![word.clone(), folded(&word)];
    if word.chars().any(is_cyrillic) {
        all.extend([on_latin_keys(&word, &BELARUSIAN), on_latin_keys(&word, &UKRAINIAN), in_latin_letters(&word)]);
        all.push(in_latin_letters(&folded(&word)));
    } else {
        all.extend(in_cyrillic_twins(&word));
    }
    all.retain(|reading| !reading.is_empty());
    all.sort();
    all.dedup();
    all
}

/// What the same keys write on a Latin keyboard.
fn on_latin_keys(text: &str, other: &[(char, char)]) -> String {
    let key = |c: char| {
        let elsewhere = other.iter().find(|(cyrillic, _)| *cyrillic == c).map(|(_, latin)| *latin);
        elsewhere.or_else(|| beside(RUSSIAN, LATIN, c)).unwrap_or(c)
    };
    text.chars().map(key).collect()
}

/// What the same keys write on a Russian keyboard.
fn on_russian_keys(text: &str) -> String {
    text.chars().map(|c| beside(LATIN, RUSSIAN, c).unwrap_or(c)).collect()
}

/// What stands at the character's place in the other row.
fn beside(row: &str, other: &str, c: char) -> Option<char> {
    let place = row.chars().position(|letter| letter == c)?;
    other.chars().nth(place)
}

/// In words that have Cyrillic letters: what looks like others, or is put for them, as those.
fn in_cyrillic_letters(text: &str) -> String {
    let put_for = |c: char| {
        let looks_the_same = ('а'..='я').chain('А'..='Я').find(|cyrillic| latin_twin(*cyrillic) == Some(c));
        let sign = || PUT_FOR_CYRILLIC.iter().find(|(sign, _)| *sign == c).map(|(_, cyrillic)| *cyrillic);
        looks_the_same.or_else(sign)
    };
    let mut cyrillic = String::with_capacity(2 * text.len());
    for word in text.split_inclusive(|c| !is_cyrillic(c) && put_for(c).is_none()) {
        match word.chars().any(is_cyrillic) {
            true => cyrillic.extend(word.chars().map(|c| put_for(c).unwrap_or(c))),
            false => cyrillic.push_str(word),
        }
    }
    cyrillic
}

/// A Latin word in Cyrillic letters that look the same, as capitals at least; nothing where a letter has no such twin.
fn in_cyrillic_twins(word: &str) -> Option<String> {
    let capital = |letter: char| letter.to_uppercase().next().unwrap_or(letter);
    let twin = |letter: char| ('А'..='Я').find(|cyrillic| latin_twin(*cyrillic) == Some(capital(letter)));
    let capitals: Option<String> =
        word.chars().map(|letter| if letter.is_alphabetic() { twin(letter) } else { Some(letter) }).collect();
    capitals.map(|capitals| capitals.to_lowercase()).filter(|twins| twins != word)
}

/// The letters of an alphabet as characters that follow one another, so that a run of them is seen to be one.
fn in_order(text: &str, alphabet: &str) -> String {
    let letter = |c: char| {
        let small = c.to_lowercase().next().unwrap_or(c);
        let place = alphabet.chars().position(|letter| letter == small);
        let place = place.and_then(|place| u32::try_from(place).ok());
        place.and_then(|place| char::from_u32(u32::from('\u{e000}') + place)).unwrap_or(c)
    };
    text.chars().map(letter).collect()
}

/// The letters as people write them in Latin ones when they have no Cyrillic keyboard.
fn in_latin_letters(text: &str) -> String {
    let mut latin = String::with_capacity(text.len());
    for c in text.chars() {
        let small = c.to_lowercase().next().unwrap_or(c);
        match in_latin(small) {
            None => latin.push(c),
            Some(letters) if small == c => latin.push_str(letters),
            Some(letters) => latin.push_str(&letters.to_uppercase()),
        }
    }
    latin
}

fn in_latin(small: char) -> Option<&'static str> {
    Some(match small {
        'а' => "a",
        'б' => "b",
        'в' => "v",
        'г' | 'ґ' => "g",
        'д' => "d",
        'е' | 'э' | 'є' | 'ё' => "e",
        'ж' => "zh",
        'з' => "z",
        'и' | 'і' | 'ї' | 'й' => "i",
        'к' => "k",
        'л' => "l",
        'м' => "m",
        'н' => "n",
        'о' => "o",
        'п' => "p",
        'р' => "r",
        'с' => "s",
        'т' => "t",
        'у' | 'ў' => "u",
        'ф' => "f",
        'х' => "h",
        'ц' => "ts",
        'ч' => "ch",
        'ш' => "sh",
        'щ' => "sch",
        'ъ' | 'ь' => "",
        'ы' => "y",
        'ю' => "yu",
        'я' => "ya",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_rows_of_both_keyboards_fit() {
        assert_eq!(RUSSIAN.chars().count(), LATIN.chars().count());
    }

    #[test]
    fn cyrillic_keys_are_read_as_latin_ones() {
        let latin = |typed: &str| on_latin_keys(typed, &UKRAINIAN);
        assert_eq!(latin("йцукенгшщзхъ"), "qwertyuiop[]");
        assert_eq!(latin("ЙЦУКЕН"), "QWERTY");
        assert_eq!(latin("йцукенгшщзхї"), "qwertyuiop[]");
        assert_eq!(latin("фівапролджє"), "asdfghjkl;'");
        assert_eq!(on_latin_keys("йцукенгшўзх'", &BELARUSIAN), "qwertyuiop[]");
        assert_eq!(on_latin_keys("ячсмітьбю", &BELARUSIAN), "zxcvbnm,.");
        assert_eq!(latin("!\"№;%:?*()_+"), "!@#$%^&*()_+");
        assert_eq!(on_russian_keys("gfhjkm"), "пароль");
    }

    #[test]
    fn every_way_to_write_a_word_is_among_its_readings() {
        let has = |typed: &str, reading: &str| {
            assert!(readings(typed).iter().any(|one| one == reading), "{typed}: {:?}", readings(typed));
        };
        has("пароль123", "parol123");
        has("gfhjkm123", "parol123");
        has("зфыыцщкв", "password");
        has("пapoль", "parol");
        has("п@р0ль", "parol");
        has("4еловек12345", "chelovek12345");
        has("абвгдеё", "\u{e000}\u{e001}\u{e002}\u{e003}\u{e004}\u{e005}\u{e006}");
        has("ҐДЕЄ", "\u{e004}\u{e005}\u{e006}\u{e007}");
        has("любовь", "lyubov");
        has("ПАРОЛЬ", "PAROL");
        has("мова ґудзик їжак", "mova gudzik izhak");
        assert_eq!(readings("123456"), ["123456"]);
        has("рassword", "password");
        assert_eq!(readings_of_word("Иван"), ["bdfy", "ivan", "иван"]);
        assert_eq!(readings_of_word("José"), ["jose", "josé"]);
        assert_eq!(readings_of_word("ACME"), ["acme", "асме"]);
        assert_eq!(readings_of_word("Север"), ["ctdth", "sever", "север"]);
    }

    #[test]
    fn what_is_written_in_another_form_is_read_as_plain_letters() {
        for (typed, read) in [
            ("ｐａｓｓｗｏｒｄ１２３４", "password1234"),
            ("Ⓟⓐⓢⓢⓦⓞⓡⓓ①②③④", "Password1234"),
            ("𝓹𝓪𝓼𝓼𝔀𝓸𝓻𝓭", "password"),
            ("pássword", "password"),
            ("p\u{336}a\u{336}ss", "pass"),
            ("contraseña", "contrasena"),
            ("hasło", "haslo"),
            ("pass\u{200b}wo\u{ad}rd\u{fe0f}", "password"),
            ("\u{200b}\u{301}", ""),
            ("Йожик Ёж", "Йожик Еж"),
            ("日本語", "日本語"),
            ("a b-1!", "a b-1!"),
        ] {
            assert_eq!(folded(typed), read, "{typed}");
        }
    }

    proptest! {
        #[test]
        fn readings_are_few_and_no_longer_than_thrice_what_was_typed(typed in any::<String>()) {
            let all = readings(&typed);
            prop_assert!(all.len() <= 10 && all[0] == typed);
            let length = typed.chars().count();
            prop_assert!(all.iter().all(|reading| reading.chars().count() <= 3 * length));
            prop_assert_eq!(folded(&folded(&typed)), folded(&typed));
        }
    }
}
