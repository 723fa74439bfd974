//! How the table is looked at: which columns stand beside the name, and how high a row is. A plain form, kept for the person;
//! what it changes is shown where the table stands. Its parts are written out here: the first file of the browser's half, in which
//! it lies, has no other use for those of the components.

use crate::domain::table_layout::TableColumn;
use crate::server_fns::users::ChooseTableLayout;
use crate::ui::session::{viewer, words};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

const FORM: &str = "table-layout";

/// A tick or a choice, with its word.
fn choice(
    kind: &'static str,
    name: &'static str,
    value: &'static str,
    label: &'static str,
    is_chosen: bool,
) -> AnyView {
    view! {
        <label>
            <input type=kind name=name value=value checked=is_chosen />
            {label}
        </label>
    }
    .into_any()
}

/// The button, and the form that it opens.
pub fn chooser() -> AnyView {
    let words = words();
    let layout = viewer().with_value(|viewer| viewer.table_layout.clone());
    let column = |column: TableColumn| {
        let label = match column {
            TableColumn::Address => words.address_below_name(),
            TableColumn::Role => words.role(),
            TableColumn::Status => words.column_status(),
            TableColumn::Added => words.column_added(),
            TableColumn::LastSeen => words.column_last_seen(),
        };
        choice("checkbox", "columns[]", column.code(), label, layout.shows(column))
    };
    let height = |value, label, is_chosen| choice("radio", "density", value, label, is_chosen);
    view! {
        <button type="button" class="button quiet" popovertarget=FORM>
            {words.columns()}
        </button>
        <div class="menu layout-form" id=FORM popover="auto">
            <form method="post" action=ChooseTableLayout::PATH>
                <fieldset>
                    <legend>{words.columns()}</legend>
                    {TableColumn::ALL.map(column).into_iter().collect_view()}
                </fieldset>
                <fieldset>
                    <legend>{words.row_height()}</legend>
                    {height("comfortable", words.rows_comfortable(), !layout.is_compact)}
                    {height("compact", words.rows_compact(), layout.is_compact)}
                </fieldset>
                <button class="button primary">{words.show_like_this()}</button>
            </form>
        </div>
    }
    .into_any()
}
