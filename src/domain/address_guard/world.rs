//! The public mail providers of the world. Only the server has them; a browser asks it about every row anyway.
//! It must not decide when to ask.

/// How well a provider is known: the first are those known everywhere, or in the lands where most of our users are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Renown {
    /// It is of the long list.
    pub is_lesser: bool,
    /// The first part of its domain is a word that others use too: `planet`, and not `seznam`.
    pub is_plain: bool,
}

impl Renown {
    pub const GREAT: Self = Self { is_lesser: false, is_plain: false };
}

#[cfg(not(feature = "hydrate"))]
mod listed {
    use super::Renown;
    use crate::domain::address_guard::{providers, slips::SlipIndex};
    use std::collections::{HashMap, HashSet};
    use std::sync::LazyLock;

    const WORLD: &str = include_str!("world.txt");

    /// The domains of the list, with how each stands there.
    pub fn domains() -> impl Iterator<Item = (Renown, &'static str)> {
        let lines = WORLD.lines().filter(|line| !line.starts_with('#'));
        lines.flat_map(|line| line.split_ascii_whitespace().skip(1)).map(|domain| match domain.strip_prefix('~') {
            Some(plain) => (Renown { is_lesser: true, is_plain: true }, plain),
            None => (Renown { is_lesser: true, is_plain: false }, domain),
        })
    }

    static NAMES: LazyLock<HashSet<&'static str>> = LazyLock::new(|| domains().map(|(_, domain)| domain).collect());

    static INDEX: LazyLock<SlipIndex<Renown>> = LazyLock::new(|| {
        let great = providers::known_domains().map(|domain| (Renown::GREAT, domain));
        let others = domains().filter(|(_, domain)| !providers::is_great(domain));
        SlipIndex::new(great.chain(others))
    });

    static BY_SQUASHED: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
        let named = domains().filter(|(renown, _)| !renown.is_plain);
        named.map(|(_, domain)| (domain.replace('.', ""), domain)).collect()
    });

    /// Is it on the list?
    pub fn is_listed(domain: &str) -> bool {
        NAMES.contains(domain)
    }

    /// Those of the list, and the great ones, that are one keystroke away.
    pub fn near(typed: &str) -> Vec<(Renown, &'static str)> {
        INDEX.near(typed)
    }

    /// The domain that was meant where no dot was typed.
    pub fn without_dot(typed: &str) -> Option<&'static str> {
        BY_SQUASHED.get(typed).copied()
    }
}

/// The browser knows the great ones only.
#[cfg(feature = "hydrate")]
mod listed {
    use super::Renown;
    use crate::domain::address_guard::{providers, slips::SlipIndex};
    use std::sync::LazyLock;

    static INDEX: LazyLock<SlipIndex<Renown>> =
        LazyLock::new(|| SlipIndex::new(providers::known_domains().map(|domain| (Renown::GREAT, domain))));

    pub fn is_listed(_domain: &str) -> bool {
        false
    }

    pub fn near(typed: &str) -> Vec<(Renown, &'static str)> {
        INDEX.near(typed)
    }

    pub fn without_dot(_typed: &str) -> Option<&'static str> {
        None
    }
}

#[cfg(test)]
pub use listed::domains;
pub use listed::{is_listed, near, without_dot};
