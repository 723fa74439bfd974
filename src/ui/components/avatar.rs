//! A person's initials.

use leptos::prelude::*;

/// Two letters in a circle, beside the name and unseen by screen readers; without a name, a silhouette's place is kept.
#[component]
pub fn Avatar(#[prop(into)] name: String, #[prop(optional)] large: bool) -> impl IntoView {
    // The same on every machine: the server and the browser draw the same person.
    let hue = name.bytes().fold(0_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into())) % 6;
    view! {
        <i class=format!("avatar h{hue}") class:large=large aria-hidden="true">{initials(&name)}</i>
    }
}

/// The first letters of the first and the last word.
fn initials(name: &str) -> String {
    let letter = |word: &str| word.chars().find(|c| c.is_alphanumeric());
    let mut letters = name.split_whitespace().filter_map(letter);
    let first = letters.next();
    let last = letters.next_back();
    match first {
        Some(first) => first.to_uppercase().chain(last.into_iter().flat_map(char::to_uppercase)).collect(),
        None => "?".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::initials;

    #[test]
    fn initials_come_from_the_first_and_the_last_word() {
        assert_eq!(initials("Anna Petrova"), "AP");
        assert_eq!(initials("Анна Мария Петрова"), "АП");
        assert_eq!(initials("«ivan»"), "I");
        assert_eq!(initials(" "), "?");
    }
}
