//! Passwords that open nothing but the page on which one chooses a lasting one: four words and a number, easy to say and to
//! type on a phone. They have more than 50 bits, hold for a day, and are guessed at no more often than any other password.

use super::random;
use secrecy::SecretString;
use std::sync::LazyLock;

/// Our own list: short, plain, none said like another.
static WORDS: LazyLock<Vec<&'static str>> =
    LazyLock::new(|| include_str!("temporary_words.txt").split_ascii_whitespace().collect());

/// A new one, by chance.
pub fn make() -> SecretString {
    written(u128::from_be_bytes(random::bytes())).into()
}

/// The one that some bits stand for: `copper-lamp-river-swan-482`. Of 128 bits no word comes noticeably more often than another.
pub fn written(bits: u128) -> String {
    let mut left = bits;
    let mut next = |most: usize| {
        let most = most as u128;
        let taken = left % most;
        left /= most;
        usize::try_from(taken).unwrap_or_default()
    };
    let mut parts: Vec<String> =
        (0..4).filter_map(|_| WORDS.get(next(WORDS.len())).map(|word| (*word).to_string())).collect();
    parts.push((100 + next(900)).to_string());
    parts.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret;
    use std::collections::BTreeSet;

    #[test]
    fn four_words_and_a_number_have_more_than_fifty_bits() {
        let different: BTreeSet<&str> = WORDS.iter().copied().collect();
        assert_eq!(different.len(), WORDS.len(), "a word stands twice");
        let bits = 4.0 * (WORDS.len() as f64).log2() + 900_f64.log2();
        assert!(bits > 50.0, "{bits}");
        assert!(WORDS.iter().all(|word| (3..=8).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_lowercase())));
    }

    #[test]
    fn every_one_is_another_and_the_same_bits_are_the_same_one() {
        let made: BTreeSet<String> = (0..1_000).map(|_| make().expose_secret().to_string()).collect();
        assert_eq!(made.len(), 1_000);
        assert!(made.iter().all(|one| one.split('-').count() == 5), "{made:?}");
        assert_eq!(written(7), written(7));
        assert_ne!(written(u128::MAX), written(u128::MAX - 1));
    }
}
