//! Organisational units: a tree. The root is the installation; below it companies; below those what a preset names.
//! Nothing here says who may do what in a unit: that is `policy`.

use super::id::UnitId;
use serde::{Deserialize, Serialize};

/// What kind of node this is; presets give the kinds their labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum UnitKind {
    Installation,
    Company,
    Branch,
    Client,
    Team,
}

impl UnitKind {
    pub const ALL: [Self; 5] = [Self::Installation, Self::Company, Self::Branch, Self::Client, Self::Team];

    pub fn code(self) -> &'static str {
        match self {
            Self::Installation => "installation",
            Self::Company => "company",
            Self::Branch => "branch",
            Self::Client => "client",
            Self::Team => "team",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// Where a unit stands in the tree: the ids from the root down to itself, each followed by `/`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UnitPath(String);

impl UnitPath {
    pub fn from_text(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    pub fn root(id: &UnitId) -> Self {
        Self(format!("{id}/"))
    }

    pub fn child(&self, id: &UnitId) -> Self {
        Self(format!("{}{id}/", self.0))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether whoever stands here reaches `other`: the same unit or one below it. A unit never reaches its sisters.
    pub fn reaches(&self, other: &Self) -> bool {
        !self.0.is_empty() && other.0.starts_with(&self.0)
    }

    pub fn is_root(&self) -> bool {
        self.0.matches('/').count() == 1
    }

    /// The units on the way from the root to this one, this one included.
    pub fn line(&self) -> impl Iterator<Item = UnitId> {
        self.0.split('/').filter(|part| !part.is_empty()).map(UnitId::new)
    }
}

/// A unit as pages show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    pub id: UnitId,
    pub kind: UnitKind,
    pub name: String,
    pub path: UnitPath,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_reaches_itself_and_what_is_below_never_its_sisters() {
        let root = UnitPath::root(&UnitId::new("r"));
        let (north, south) = (root.child(&UnitId::new("n")), root.child(&UnitId::new("n2")));
        assert!(root.reaches(&north) && root.reaches(&root) && north.reaches(&north.child(&UnitId::new("t"))));
        assert!(!north.reaches(&south) && !south.reaches(&north) && !north.reaches(&root));
        assert!(root.is_root() && !north.is_root());
    }
}
