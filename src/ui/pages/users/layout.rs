//! How the table is looked at: which columns stand beside the name, and how high a row is. A plain form, kept for the person;
//! what it changes is shown where the table stands.

use crate::domain::table_layout::TableColumn;
use crate::server_fns::users::ChooseTableLayout;
use crate::ui::components::{CheckField, Choice, Icon, RadioGroup};
use crate::ui::session::{viewer, words};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

const FORM: &str = "table-layout";

/// The button, and the form that it opens.
pub fn chooser() -> impl IntoView {
    let words = words();
    let layout = viewer().with_value(|viewer| viewer.table_layout.clone());
    let columns = TableColumn::ALL.map(|column| {
        let label = match column {
            TableColumn::Address => words.address_below_name(),
            TableColumn::Role => words.role(),
            TableColumn::Status => words.column_status(),
            TableColumn::Added => words.column_added(),
            TableColumn::LastSeen => words.column_last_seen(),
        };
        let id = format!("column-{}", column.code());
        view! { <CheckField id=id name="columns[]" value=column.code() label=label checked=layout.shows(column) /> }
    });
    let heights =
        vec![Choice::new("comfortable", words.rows_comfortable()), Choice::new("compact", words.rows_compact())];
    let height = if layout.is_compact { "compact" } else { "comfortable" };
    view! {
        <button type="button" class="button quiet" popovertarget=FORM>
            <Icon name="settings" />
            {words.columns()}
        </button>
        <div class="menu layout-form" id=FORM popover="auto">
            <form class="stack tight" method="post" action=ChooseTableLayout::PATH>
                <fieldset class="field">
                    <legend>{words.columns()}</legend>
                    <div class="choices">{columns}</div>
                </fieldset>
                <RadioGroup legend=words.row_height() name="density" choices=heights selected=height />
                <button class="button primary">{words.show_like_this()}</button>
            </form>
        </div>
    }
}
