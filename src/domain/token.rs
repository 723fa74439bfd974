//! A token by which a program reads in somebody's name: what it may be called and how long it may live. What it opens is
//! what its owner may see at that moment, which is `policy`'s to say.

use super::error::Invalid;
use super::invitation::is_unprintable;
use super::text::one_line;
use super::timestamp::Duration;

/// The longest name, in characters.
pub const NAME_LIMIT: usize = 60;

/// How many tokens one person has at most: one for each program, and some to change them.
pub const MOST_TOKENS: usize = 20;

/// For how many days a token can be made; the form proposes the second. None works for ever: a forgotten one ends by itself.
pub const LIVES: [i64; 4] = [7, 30, 90, 365];

/// The first letters of every token, so that whoever finds one, or looks for one that got away, knows what it is.
pub const PREFIX: &str = "usher_";

/// A token's name as it is kept.
///
/// # Errors
/// When it is empty, too long, or has letters that cannot be shown.
pub fn read_name(typed: &str) -> Result<String, Invalid> {
    let name = one_line(typed);
    let is_fine = !name.is_empty() && name.chars().count() <= NAME_LIMIT && !name.chars().any(is_unprintable);
    if is_fine { Ok(name) } else { Err(Invalid::TokenName) }
}

/// How long a token lives that is made for so many days.
///
/// # Errors
/// When it is less than a day or more than a year.
pub fn read_life(typed: &str) -> Result<Duration, Invalid> {
    let days: i64 = typed.trim().parse().map_err(|_| Invalid::TokenLife)?;
    let longest = LIVES.into_iter().max().unwrap_or_default();
    if (1..=longest).contains(&days) { Ok(Duration::days(days)) } else { Err(Invalid::TokenLife) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_has_a_name_that_can_be_shown() {
        assert_eq!(read_name("  Payroll\u{a0} export "), Ok("Payroll export".into()));
        assert!(read_name(&"ё".repeat(NAME_LIMIT)).is_ok());
        for odd in ["", " \n", &"x".repeat(NAME_LIMIT + 1), "a\u{202E}b", "a\u{0}b"] {
            assert_eq!(read_name(odd), Err(Invalid::TokenName), "{odd:?}");
        }
    }

    #[test]
    fn no_token_lives_for_ever() {
        for days in LIVES {
            assert_eq!(read_life(&days.to_string()), Ok(Duration::days(days)));
        }
        assert_eq!(read_life(" 1 "), Ok(Duration::days(1)));
        for odd in ["", "0", "-7", "366", "1.5", "9223372036854775808", "for ever"] {
            assert_eq!(read_life(odd), Err(Invalid::TokenLife), "{odd:?}");
        }
    }
}
