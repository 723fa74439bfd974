//! In which mailbox an address ends. For counting messages only (RL-07): people with one mailbox stay different people, and a
//! message always goes to the address itself.

use std::borrow::Cow;

/// Providers that deliver several spellings and domains to one mailbox: the domains, the first of which stands for all, and the
/// characters that they pass over.
const ALIKE: [(&[&str], &[char]); 4] = [
    (&["gmail.com", "googlemail.com"], &['.']),
    (
        &["yandex.ru", "ya.ru", "yandex.by", "yandex.com", "yandex.kz", "yandex.ua", "yandex.uz", "yandex.com.tr"],
        // Either may stand for the other.
        &['.', '-'],
    ),
    (&["proton.me", "protonmail.com", "protonmail.ch", "pm.me"], &['.', '-', '_']),
    (&["icloud.com", "me.com", "mac.com"], &[]),
];

/// The mailbox of a canonical address, as far as it can be told from outside: what stands behind a `+` is a tag, and some
/// providers pass over more. What is no e-mail address, such as a number, comes out as it is.
pub fn mailbox(address: &str) -> Cow<'_, str> {
    let Some((local, domain)) = address.rsplit_once('@') else { return address.into() };
    let alike = ALIKE.iter().find(|(domains, _)| domains.contains(&domain));
    let name = local.split('+').next().unwrap_or(local);
    let (name, domain) = match alike {
        Some((domains, unread)) => (Cow::from(name.replace(*unread, "")), domains.first().copied().unwrap_or(domain)),
        None => (name.into(), domain),
    };
    // `+x@acme.by` must not become everybody's.
    if name.is_empty() { address.into() } else { format!("{name}@{domain}").into() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::contact::Email;
    use proptest::prelude::*;

    #[test]
    fn tags_and_what_a_provider_passes_over_make_no_other_mailbox() {
        for (address, expected) in [
            ("olga@acme.by", "olga@acme.by"),
            ("olga+1@acme.by", "olga@acme.by"),
            ("olga+1+2@acme.by", "olga@acme.by"),
            ("olga+@acme.by", "olga@acme.by"),
            ("o.l-g_a@acme.by", "o.l-g_a@acme.by"),
            ("+olga@acme.by", "+olga@acme.by"),
            ("o.l.g.a+x@gmail.com", "olga@gmail.com"),
            ("olga@googlemail.com", "olga@gmail.com"),
            ("ol-ga@gmail.com", "ol-ga@gmail.com"),
            ("ol-ga@ya.ru", "olga@yandex.ru"),
            ("ol.ga+x@yandex.by", "olga@yandex.ru"),
            ("ol_ga@pm.me", "olga@proton.me"),
            ("olga@mac.com", "olga@icloud.com"),
            ("...@gmail.com", "...@gmail.com"),
            ("+375291234567", "+375291234567"),
            ("", ""),
        ] {
            assert_eq!(mailbox(address), expected, "{address}");
        }
    }

    proptest! {
        #[test]
        fn a_mailbox_is_its_own_and_no_tag_leaves_it(name in "[a-z0-9._-]{1,20}", tag in "[a-z0-9+.]{0,10}", domain in "(acme\\.by|gmail\\.com|ya\\.ru|pm\\.me|me\\.com)") {
            prop_assume!(Email::parse(&format!("{name}@{domain}")).is_ok());
            let plain = format!("{name}@{domain}");
            let once = mailbox(&plain).into_owned();
            prop_assert_eq!(mailbox(&once), once.as_str());
            prop_assume!(name.chars().any(char::is_alphanumeric));
            let tagged = format!("{name}+{tag}@{domain}");
            prop_assert_eq!(mailbox(&tagged), once);
        }
    }
}
