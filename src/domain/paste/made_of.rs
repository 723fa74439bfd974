//! Whether an address is made of somebody's name, which may be written in Cyrillic letters. It says nothing of whose it is.

/// How Cyrillic letters are mostly written in addresses.
const LATIN: [(char, &str); 37] = [
    ('а', "a"),
    ('б', "b"),
    ('в', "v"),
    ('г', "g"),
    ('ґ', "g"),
    ('д', "d"),
    ('е', "e"),
    ('ё', "e"),
    ('є', "e"),
    ('ж', "zh"),
    ('з', "z"),
    ('и', "i"),
    ('і', "i"),
    ('ї', "i"),
    ('й', "y"),
    ('к', "k"),
    ('л', "l"),
    ('м', "m"),
    ('н', "n"),
    ('о', "o"),
    ('п', "p"),
    ('р', "r"),
    ('с', "s"),
    ('т', "t"),
    ('у', "u"),
    ('ў', "u"),
    ('ф', "f"),
    ('х', "h"),
    ('ц', "ts"),
    ('ч', "ch"),
    ('ш', "sh"),
    ('щ', "sch"),
    ('ы', "y"),
    ('э', "e"),
    ('ю', "yu"),
    ('я', "ya"),
    ('ь', ""),
];

/// The text in small Latin letters, as far as it can be written in them.
fn latin(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars().flat_map(char::to_lowercase) {
        match LATIN.iter().find(|(cyrillic, _)| *cyrillic == letter) {
            Some((_, latin)) => out.push_str(latin),
            None => out.push(letter),
        }
    }
    out
}

/// What stands before the `@` of an address.
fn local(address: &str) -> &str {
    address.split(['@', '\u{FF20}', '\u{FE6B}']).next().unwrap_or_default()
}

/// Whether a word of the name stands in the address: `anna.kim@…` of `Kim`.
pub fn is_made_of(address: &str, name: &str) -> bool {
    // `khasanov`, `hasanov`
    let local = local(address).to_lowercase().replace("kh", "h");
    let name = latin(name).replace("kh", "h");
    let mut words = name.split(|letter: char| !letter.is_alphabetic()).filter(|word| word.chars().count() >= 3);
    words.any(|word| local.contains(word))
}

/// Whether the address is made of both words of a name, or of one and the beginning of the other, and of nothing else: `v.hale@…`.
pub fn is_made_of_all(address: &str, name: &str) -> bool {
    let letters: String = local(address).chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect();
    let name = latin(name);
    let Some((first, last)) = name.split_once(' ') else { return false };
    let is_rest = |whole: &str, other: &str| {
        let rest = letters.strip_prefix(whole).or_else(|| letters.strip_suffix(whole));
        whole.chars().count() >= 3 && rest.is_some_and(|rest| !rest.is_empty() && other.starts_with(rest))
    };
    is_rest(last, first) || is_rest(first, last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_made_of_a_name_in_either_alphabet() {
        for (address, name, is_of_a_word, is_of_all) in [
            ("anna.kim@x.by", "Anna Kim", true, true),
            ("a.kim@x.by", "Kim Anna", true, true),
            ("kim77@x.by", "Anna Kim", true, false),
            ("petrova_oa@x.by", "Петрова Ольга", true, false),
            ("khasanov@x.by", "Хасанов", true, false),
            ("o.ris@x.by", "Рис Ольга", true, true),
            ("info@x.by", "Anna Kim", false, false),
            ("ann.hale@x.com", "Tom Hale", true, false),
            ("yu@x.by", "Ю", false, false),
        ] {
            assert_eq!(
                (is_made_of(address, name), is_made_of_all(address, name)),
                (is_of_a_word, is_of_all),
                "{address}"
            );
        }
    }
}
