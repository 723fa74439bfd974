//! The folded form under which people are found: one key to store, and LIKE patterns made from what is searched.
//! It must not build SQL; a pattern is bound as a parameter and holds no wildcard of the searcher's.

use super::email::in_letters;
use super::letters::is_unseen;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;

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
/// `["Иван Петров", "ivan-petrov@acme.by"]` gives `^^ivan ^^petrov ^^ivanpetrov@acmeby`. Letters are decomposed as Unicode
/// says (NFKD), so that none is hidden in a ligature or a wide form; marks are dropped; the rest is lower-cased, and
/// Cyrillic is written in Latin. Besides letters only digits and `@` stay, so that `_`, `-`, `.` and `'` make no difference
/// (rule 10). An address whose domain is written in other letters than Latin is found by these and as it is stored.
pub fn search_key(parts: &[&str]) -> String {
    let mut key = String::new();
    let both: Vec<(&str, String)> = parts.iter().map(|part| (*part, in_letters(part))).collect();
    let parts =
        both.iter().flat_map(|(part, letters)| [Some(*part), Some(letters.as_str()).filter(|letters| letters != part)]);
    for word in parts.flatten().flat_map(folded_words) {
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
    let joined: Option<String> = is_number(text.nfkc()).then(|| text.split_whitespace().collect());
    let words: Vec<String> = match joined {
        Some(number) => vec![folded(&number)],
        None => text.split_whitespace().map(folded).collect(),
    };
    words.into_iter().filter(|word| !word.is_empty())
}

/// Is the whole text a number, with five digits or more or a `+` before it?
fn is_number(text: impl Iterator<Item = char> + Clone) -> bool {
    let digits = text.clone().filter(char::is_ascii_digit).count();
    let only_digits = text.clone().all(|c| c.is_ascii_digit() || c.is_whitespace() || "+-().".contains(c));
    only_digits && (digits >= 5 || (digits > 0 && text.clone().find(|c| !c.is_whitespace()) == Some('+')))
}

/// One word, folded letter by letter, so that a part of a word folds to a part of the folded word.
fn folded(word: &str) -> String {
    let mut out = String::new();
    for letter in word.nfkc() {
        // A letter of its own; taken apart it would be an И.
        if matches!(letter, 'й' | 'Й') {
            out.push('y');
            continue;
        }
        // Through the capital, since some letters share one: σ and ς, s and ſ.
        let parts = std::iter::once(letter).nfkd().filter(|part| !is_mark(*part) && !is_unseen(*part));
        let small = parts.flat_map(char::to_lowercase).flat_map(char::to_uppercase).flat_map(char::to_lowercase);
        for letter in small {
            match plain(letter) {
                Some(plain) => out.push_str(plain),
                None if letter == '@' || letter.is_alphanumeric() => out.push(letter),
                None => {}
            }
        }
    }
    out
}

/// Whether the character only marks the letter before it: an accent, a point, a vowel point, a voicing mark. Most people
/// leave them out when they search. The vowel signs of Thai, Indic and Tibetan are letters like others.
fn is_mark(letter: char) -> bool {
    !matches!(canonical_combining_class(letter), 0 | 84 | 91 | 103 | 118 | 129..=132)
}

/// How a lower-case letter without marks is searched for: Cyrillic in Latin, Latin letters that Unicode does not take apart
/// as they are spelled on a plain keyboard, Arabic letters that keyboards write in two ways as one.
fn plain(letter: char) -> Option<&'static str> {
    Some(match letter {
        'а' | 'ә' | 'ə' => "a",
        'б' | 'ɓ' => "b",
        'в' => "v",
        'г' | 'ґ' | 'ғ' | 'ɣ' => "g",
        'д' | 'ђ' | 'đ' | 'ð' | 'ɖ' | 'ɗ' => "d",
        'е' | 'э' | 'є' | 'ɛ' | 'ǝ' => "e",
        'ж' | 'җ' => "zh",
        'з' | 'ҙ' | 'ƶ' => "z",
        'и' | 'і' | 'ı' | 'ɨ' => "i",
        'ы' | 'ƴ' => "y",
        'ј' | 'ҷ' => "j",
        'к' | 'қ' | 'ҡ' | 'ĸ' | 'ƙ' => "k",
        'л' | 'ł' => "l",
        'љ' => "lj",
        'м' => "m",
        'н' | 'ң' | 'ҥ' | 'ŋ' | 'ɲ' => "n",
        'њ' => "nj",
        'о' | 'ө' | 'ø' | 'ɔ' => "o",
        'п' => "p",
        'р' => "r",
        'с' | 'ҫ' => "s",
        'т' | 'ŧ' => "t",
        'у' | 'ұ' | 'ү' | 'ʉ' => "u",
        'ф' | 'ƒ' => "f",
        'х' => "kh",
        'һ' | 'ҳ' | 'ħ' => "h",
        'ц' => "ts",
        'ч' => "ch",
        'ћ' => "c",
        'џ' | 'ѕ' => "dz",
        'ш' => "sh",
        'щ' => "shch",
        'ю' => "yu",
        'я' => "ya",
        'þ' => "th",
        'æ' => "ae",
        'œ' => "oe",
        'ى' | 'ی' => "ي",
        'ک' => "ك",
        'ة' => "ه",
        // Signs for soft and hard; apostrophes and other letters that only modify the one before; the Arabic stretching.
        'ъ' | 'ь' | '\u{2b9}'..='\u{2df}' | '\u{2ec}'..='\u{2ff}' | '\u{640}' => "",
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

    /// L-01: one spelling, however it was typed or stored.
    #[test]
    fn the_same_letters_are_found_in_whatever_form_they_come() {
        for (name, needles) in [
            // A letter and a mark, or one character.
            ("Андре\u{438}\u{306}", vec!["Андрей", "андре\u{438}\u{306}", "andrey", "АНДРЕЙ", "дрей"]),
            ("Андрей", vec!["Андре\u{418}\u{306}", "andrey"]),
            ("Андре\u{301}й", vec!["Андрей"]),
            ("Але\u{308}на Ёлкина", vec!["Алёна", "алена", "alena", "елкина", "Е\u{308}лкина"]),
            ("Ўладзімір Їжак", vec!["У\u{306}ладзімір", "uladzimir", "izhak", "їжак"]),
            ("Nguyễn Thị Ắnh", vec!["nguyen", "thi", "anh", "Nguyê\u{303}n", "ANH"]),
            ("Đặng Đức", vec!["dang", "duc", "đặng"]),
            ("Łukasz Żółć", vec!["lukasz", "zolc", "ŻÓŁĆ"]),
            ("İbrahim Işık", vec!["ibrahim", "isik", "IŞIK", "ışık", "İBRAHİM"]),
            ("Straße Weiß", vec!["strasse", "STRASSE", "STRAẞE", "weiss"]),
            ("Þóra Guðrún Björk", vec!["thora", "gudrun", "bjork", "ÞÓRA"]),
            ("Ærø Œuvre Søren", vec!["aero", "oeuvre", "soren"]),
            ("Əliyev", vec!["aliyev", "ƏLİYEV"]),
            ("ﬁona ﬂora", vec!["fiona", "flora", "FIONA"]),
            ("Ｆｕｌｌ Ｗｉｄｔｈ", vec!["full", "width", "ｆｕｌｌ"]),
            ("ſigurd", vec!["sigurd"]),
            ("O\u{2bc}Brien D\u{2019}Arc Mac\u{2b9}ko", vec!["obrien", "o'brien", "o\u{2bc}brien", "darc", "macko"]),
            // Greek, with and without accents, with either sigma.
            (
                "Γιώργος Παπαδόπουλος",
                vec!["γιωργος", "ΓΙΏΡΓΟΣ", "γιώργοσ", "παπαδοπουλος", "ΠΑΠΑΔΟΠΟΥΛΟΣ", "Γιω\u{301}ργος"],
            ),
            ("Ἀριστοτέλης", vec!["αριστοτελης", "ΑΡΙΣΤΟΤΕΛΗΣ"]),
            ("გიორგი", vec!["გიორგი", "ᲒᲘᲝᲠᲒᲘ"]),
            ("مُحَمَّد", vec!["محمد", "مُحمد"]),
            ("أحمد إبراهيم", vec!["احمد", "أحمد", "ابراهيم"]),
            ("مـــريم علی", vec!["مريم", "علي"]),
            ("שָׁלוֹם", vec!["שלום", "שׁלום"]),
            (
                "한국 김",
                vec!["한국", "\u{1112}\u{1161}\u{11ab}\u{1100}\u{116e}\u{11a8}", "김", "\u{1100}\u{1175}\u{11b7}"],
            ),
            ("हिन्दी क़लम", vec!["हिन्दी", "\u{915}\u{93c}लम", "\u{958}लम"]),
            ("ﾔﾏﾀﾞ ガ", vec!["ヤマダ", "ヤマタ\u{3099}"]),
            ("กุ้ง", vec!["กุ้ง", "กุง"]),
            ("Ђорђе Љиљана Ђоковић", vec!["đorđe", "dorde", "ljiljana", "dokovic", "Đoković"]),
            ("+３７５ ２９ １２３", vec!["37529123", "+375 29 12"]),
        ] {
            for needle in needles {
                assert!(
                    finds(needle, &[name]),
                    "{needle} in {name}: {:?}, {}",
                    search_words(needle),
                    search_key(&[name])
                );
            }
        }
        // What differs in letters stays different.
        for (name, needle) in [("กุ้ง", "กาง"), ("Андрей", "андреи"), ("हिन्दी", "हन्द"), ("김", "감"), ("Иван", "έναν")]
        {
            assert!(!finds(needle, &[name]), "{needle} in {name}");
        }
    }

    /// L-04: an address with an international domain is found by its letters as by what is stored.
    #[test]
    fn an_international_domain_is_found_by_its_letters_and_as_it_is_stored() {
        let parts = ["info@xn--80a1acny.xn--p1ai", "max@xn--mawerk-cta.example"];
        for needle in [
            "почта",
            "info@почта.рф",
            "pochta",
            "ПОЧТА.РФ",
            "xn--80a1acny",
            "info@xn--80a1acny.xn--p1ai",
            "maßwerk",
            "MASSWERK",
            "max@maßwerk.example",
            "xn--mawerk",
        ] {
            assert!(finds(needle, &parts), "{needle} in {}", search_key(&parts));
        }
        assert_eq!(search_key(&["anna@acme.by"]), "^^anna@acmeby", "one form is enough for others");
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
            // As they are kept; a letter that was cut in two is another one.
            let parts: Vec<String> = parts.iter().map(|part| part.nfc().collect()).collect();
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
