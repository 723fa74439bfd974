//! Choosing one unit or several of perhaps very many: the first that match in sight, and a search for the others.

use crate::ui::components::{Choice, RadioGroup, SearchField};
use crate::ui::session::words;
use crate::view_models::{InviteOptions, UnitChoices};
use leptos::prelude::*;

/// A search among the units: a form of its own, that loads the page at `address` with what was typed as `find`.
pub fn search(address: &str, keep: &[(&'static str, &str)], units: &UnitChoices) -> impl IntoView + use<> {
    let words = words();
    let kept = keep
        .iter()
        .map(|(name, value)| view! { <input type="hidden" name=*name value=value.to_string() /> })
        .collect_view();
    view! {
        <form class="filters" role="search" method="get" action=address.to_string()>
            {kept}
            <SearchField
                name="find"
                value=units.search.clone()
                label=words.invite_find_unit()
                placeholder=words.invite_find_unit()
            />
            <button class="button">{words.invite_find()}</button>
        </form>
    }
}

/// The same above the invite form, where there are more units than are in sight.
pub fn search_if_many(address: &str, options: &InviteOptions) -> Option<impl IntoView + use<>> {
    let units = &options.units;
    let chosen = options.chosen.as_ref().map(|unit| unit.id.to_string()).unwrap_or_default();
    (units.has_more || !units.search.is_empty()).then(|| search(address, &[("unit", &chosen)], units))
}

/// One of the units that match.
pub fn one(name: &'static str, legend: &'static str, units: &UnitChoices, chosen: &str) -> impl IntoView + use<> {
    let words = words();
    let choices: Vec<Choice> = units
        .found
        .iter()
        .map(|choice| Choice::new(choice.unit.id.as_str(), choice.unit.name.clone()).meaning(choice.way.clone()))
        .collect();
    let hint = match (units.found.is_empty(), units.has_more) {
        (true, _) => words.invite_no_unit(),
        (_, true) => words.invite_units_more(),
        _ => "",
    };
    view! { <RadioGroup legend=legend name=name choices=choices selected=chosen.to_string() hint=hint required=true /> }
}
