//! The names of types: each means one thing, and none hides one that everybody knows.

use super::source::{Source, product};
use std::collections::BTreeMap;

/// What every file has without naming it. `Result` is left out: an alias for one's own error is the custom of the language.
const PRELUDE: [&str; 30] = [
    "AsMut",
    "AsRef",
    "Box",
    "Clone",
    "Copy",
    "Default",
    "Drop",
    "Eq",
    "Err",
    "Extend",
    "Fn",
    "FnMut",
    "FnOnce",
    "From",
    "FromIterator",
    "Into",
    "IntoIterator",
    "Iterator",
    "None",
    "Ok",
    "Option",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Send",
    "Some",
    "String",
    "Sync",
    "ToString",
    "Vec",
];

/// The type that a line of code defines; what a trait asks for or gives is none.
fn defined(line: &str) -> Option<&str> {
    let code = line.trim_start();
    let code = match code.strip_prefix("pub") {
        Some(rest) if rest.starts_with('(') => rest.split_once(") ")?.1,
        Some(rest) => rest.strip_prefix(' ')?,
        None => code,
    };
    let (keyword, rest) = code.split_once(' ')?;
    let is_associated = keyword == "type" && line.starts_with(' ');
    let is_type = ["struct", "enum", "trait", "type", "union"].contains(&keyword) && !is_associated;
    let end = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
    Some(&rest[..end]).filter(|name| is_type && !name.is_empty())
}

#[test]
fn no_two_types_share_a_name_and_none_hides_one_of_the_prelude() {
    assert_eq!(defined("pub(super) struct Wanted<'a> {"), Some("Wanted"));
    assert_eq!(defined("    type Rejection = UseCaseError;"), None);
    let sources: Vec<Source> = product();
    let mut homes: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for source in &sources {
        for name in source.code.lines().filter_map(defined) {
            homes.entry(name).or_default().push(&source.path);
        }
    }
    assert!(homes.len() > 300, "only {} types were found", homes.len());
    let shared = homes.iter().filter(|(_, paths)| paths.len() > 1);
    let mut problems: Vec<String> = shared.map(|(name, paths)| format!("{name} is defined in {paths:?}")).collect();
    let hiding = homes.iter().filter(|(name, _)| PRELUDE.contains(name));
    problems.extend(hiding.map(|(name, paths)| format!("{name} of {paths:?} hides the one that everybody knows")));
    super::fail_on(problems);
}
