//! Organisational units: a tree of at most [`DEEPEST`] levels. The root is the installation; below it companies; below those
//! what a preset names.
//! Nothing here says who may do what in a unit: that is `policy`.

use super::coded::coded;
use super::error::{Conflict, Invalid};
use super::id::UnitId;
use super::invitation::is_unprintable;
use super::settings::OwnSettings;
use super::text::one_line;
use serde::{Deserialize, Serialize};

coded! {
    /// What kind of node this is; presets give the kinds their labels.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
    pub enum UnitKind {
        Installation = "installation",
        Company = "company",
        Branch = "branch",
        Client = "client",
        Team = "team",
    }
}

/// Where a unit stands in the tree: the ids from the root down to itself, each followed by `/`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UnitPath(String);

impl UnitPath {
    /// The path of a unit as the database keeps it; `None` when it is none, or another unit's.
    pub fn read(text: &str, unit: &str) -> Option<Self> {
        let ids = text.strip_suffix('/')?;
        let is_path = ids.split('/').all(|id| !id.is_empty()) && ids.rsplit('/').next() == Some(unit);
        is_path.then(|| Self(text.into()))
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

    /// On which level this is; the root is on the first.
    pub fn level(&self) -> usize {
        self.line().count()
    }

    /// The unit that stands here.
    pub fn id(&self) -> UnitId {
        UnitId::new(self.0.trim_end_matches('/').rsplit('/').next().unwrap_or_default())
    }

    /// Where the unit above stands; the root has none.
    pub fn parent(&self) -> Option<Self> {
        let above = self.0.trim_end_matches('/').rsplit_once('/')?.0;
        Some(Self(format!("{above}/")))
    }

    /// The same place after the unit at `from` was moved to `to`.
    pub fn moved(&self, from: &Self, to: &Self) -> Self {
        self.0.strip_prefix(&from.0).map_or_else(|| self.clone(), |rest| Self(format!("{}{rest}", to.0)))
    }

    /// What comes after every path that begins with this one, in the order of texts: ids have no `~` in them.
    pub fn end(&self) -> String {
        format!("{}~", self.0)
    }

    /// The units on the way from the root to this one, this one included.
    pub fn line(&self) -> impl Iterator<Item = UnitId> {
        self.0.split('/').filter_map(UnitId::given)
    }
}

/// A unit as the tree keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    pub id: UnitId,
    pub kind: UnitKind,
    pub name: String,
    pub path: UnitPath,
    /// It was archived itself.
    pub is_archived: bool,
    /// It or a unit above it is archived: nothing that is held here counts, nobody is invited here.
    pub is_closed: bool,
    /// What it decides about invitations otherwise than what is above it.
    #[serde(default)]
    pub own: OwnSettings,
}

/// How many levels a tree has at most, the installation being the first. Somebody stands in the list of every unit above their
/// own, so that what is written about them grows with the level. Older trees may be deeper: they stay as they are, and grow no
/// deeper.
pub const DEEPEST: usize = 16;

/// Whether something of this many levels has room below a place: a new unit has one.
pub fn has_room_below(place: &UnitPath, levels: usize) -> Result<(), Conflict> {
    if place.level() + levels <= DEEPEST { Ok(()) } else { Err(Conflict::UnitTooDeep) }
}

/// The units that are meant by those `chosen` in a form that came with one `proposed` already (rules 6, 60): whatever was
/// chosen above or below the proposed one takes its place, so that nobody is given more than was chosen.
///
/// # Errors
/// `Invalid::UnitInside` where two were chosen by hand of which one reaches the other.
pub fn meant_by(mut chosen: Vec<Unit>, proposed: Option<&UnitId>) -> Result<Vec<Unit>, Invalid> {
    let reaches = |one: &Unit, other: &Unit| one.id != other.id && one.path.reaches(&other.path);
    let is_replaced = |unit: &Unit| chosen.iter().any(|other| reaches(unit, other) || reaches(other, unit));
    if let Some(at) = chosen.iter().position(|unit| proposed == Some(&unit.id) && is_replaced(unit)) {
        chosen.remove(at);
    }
    for outer in &chosen {
        if let Some(inner) = chosen.iter().find(|other| reaches(outer, other)) {
            return Err(Invalid::UnitInside { inner: inner.name.clone(), outer: outer.name.clone() });
        }
    }
    Ok(chosen)
}

/// The longest name of a unit, in characters.
pub const NAME_LIMIT: usize = 100;

/// A unit's name as it is kept: one line ([`one_line`]), neither empty nor endless.
pub fn clean_name(typed: &str) -> Result<String, Invalid> {
    let name = one_line(typed);
    let is_fine = !name.is_empty() && name.chars().count() <= NAME_LIMIT && !name.chars().any(is_unprintable);
    if is_fine { Ok(name) } else { Err(Invalid::UnitName) }
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

    #[test]
    fn a_path_knows_its_unit_and_the_one_above_and_moves_with_it() {
        let root = UnitPath::root(&UnitId::new("r"));
        let north = root.child(&UnitId::new("n"));
        let team = north.child(&UnitId::new("t"));
        assert_eq!((team.id(), team.parent(), root.parent()), (UnitId::new("t"), Some(north.clone()), None));
        let south = root.child(&UnitId::new("s"));
        assert_eq!(team.moved(&north, &south.child(&UnitId::new("n"))).as_str(), "r/s/n/t/");
        assert_eq!(south.moved(&north, &team), south);
    }

    /// H-06: what is written about somebody has a bound.
    #[test]
    fn a_tree_has_sixteen_levels_and_no_more() {
        let mut place = UnitPath::root(&UnitId::new("r"));
        assert_eq!(
            (place.level(), has_room_below(&place, 15), has_room_below(&place, 16)),
            (1, Ok(()), Err(Conflict::UnitTooDeep))
        );
        for level in 2..=DEEPEST {
            assert_eq!(has_room_below(&place, 1), Ok(()));
            place = place.child(&UnitId::new("u"));
            assert_eq!(place.level(), level);
        }
        assert_eq!(has_room_below(&place, 1), Err(Conflict::UnitTooDeep));
    }

    /// W-01: a proposal gives way to what was chosen, and two that were chosen by hand are asked about.
    #[test]
    fn what_is_chosen_takes_the_place_of_what_was_proposed() {
        let unit = |above: &UnitPath, name: &str| {
            let (id, path) = (UnitId::new(name), above.child(&UnitId::new(name)));
            Unit {
                id,
                kind: UnitKind::Team,
                name: name.into(),
                path,
                is_archived: false,
                is_closed: false,
                own: OwnSettings::default(),
            }
        };
        let school = unit(&UnitPath::root(&UnitId::new("r")), "s");
        let (blue, red) = (unit(&school.path, "blue"), unit(&school.path, "red"));
        let meant = |chosen: &[&Unit], proposed: Option<&Unit>| {
            let meant = meant_by(chosen.iter().map(|unit| (*unit).clone()).collect(), proposed.map(|unit| &unit.id));
            meant.map(|units| units.into_iter().map(|unit| unit.name).collect::<Vec<_>>().join(" "))
        };
        assert_eq!(meant(&[&school, &blue], Some(&school)), Ok("blue".into()));
        assert_eq!(meant(&[&school, &blue, &red], Some(&school)), Ok("blue red".into()));
        assert_eq!(meant(&[&school, &blue], Some(&blue)), Ok("s".into()), "a wider one chosen by hand");
        assert_eq!(meant(&[&blue, &red], Some(&blue)), Ok("blue red".into()), "sisters stand side by side");
        assert_eq!(meant(&[&school], Some(&school)), Ok("s".into()));
        let asked = Err(Invalid::UnitInside { inner: "blue".into(), outer: "s".into() });
        assert_eq!(meant(&[&school, &blue], None), asked);
        assert_eq!(meant(&[&blue, &school, &red], Some(&red)), asked);
    }

    #[test]
    fn a_path_that_is_none_or_leads_elsewhere_is_not_read() {
        assert_eq!(UnitPath::read("r/n/", "n").as_ref().map(UnitPath::as_str), Some("r/n/"));
        for odd in ["", "/", "n", "r/n", "r//n/", "/n/", "r/", "r/n/t/", "r/n/ "] {
            assert_eq!(UnitPath::read(odd, "n"), None, "{odd:?}");
        }
    }

    #[test]
    fn a_name_is_one_line_and_says_something() {
        assert_eq!(clean_name("  ACME\t North "), Ok("ACME North".into()));
        assert_eq!(clean_name("C\u{30c}ech"), Ok("Čech".into()));
        for odd in ["", " \n", &"я".repeat(101), "a\u{202e}b"] {
            assert_eq!(clean_name(odd), Err(Invalid::UnitName), "{odd:?}");
        }
    }
}
