//! The lists that have names, and the form that gives one to the list from which one came.

use crate::domain::error::{Invalid, UseCaseError};
use crate::domain::saved_view::SavedView;
use crate::server_fns::views::{ForgetView, SaveView};
use crate::ui::components::{CheckField, EmptyState, Field, Icon, PageHeader};
use crate::ui::forms::plain::{Note, PlainAnswer};
use crate::ui::session::words;
use crate::view_models::ViewsPage;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// The inside of the page.
pub fn page(page: ViewsPage) -> AnyView {
    let words = words();
    let field_of = |refusal: &UseCaseError| match refusal {
        UseCaseError::Invalid(Invalid::ViewName) => "name",
        _ => "",
    };
    let note = Note::about(SaveView::PATH, field_of);
    let (error, typed) = (Signal::stored(note.error("name")), note.typed_or("name", ""));
    let rows = page.views.iter().map(row).collect_view();
    let list = match page.views.is_empty() {
        true => view! { <EmptyState title=words.no_views() icon="search" /> }.into_any(),
        false => view! { <ul class="card stack">{rows}</ul> }.into_any(),
    };
    view! {
        <a class="back" href=page.list.clone()>
            <Icon name="chevron-left" />
            {words.users()}
        </a>
        <PageHeader title=words.saved_views() lead=words.saved_views_lead() />
        <PlainAnswer note=note done="" />
        <form class="stack form-width card" method="post" action=SaveView::PATH>
            <input type="hidden" name="list" value=page.list />
            <Field label=words.view_name() name="name" value=typed required=true autocomplete="off" error=error />
            <CheckField label=words.view_shared() name="shared" hint=words.view_shared_hint() />
            <div class="actions">
                <button class="button primary">{words.save_view()}</button>
            </div>
        </form>
        {list}
    }
    .into_any()
}

fn row(saved: &SavedView) -> impl IntoView + use<> {
    let words = words();
    let shared = saved.is_shared.then(|| view! { " " <small class="muted">{words.view_is_shared()}</small> });
    let forget = saved.is_own.then(|| {
        let label = words.forget_view_of(&saved.name);
        view! {
            <form method="post" action=ForgetView::PATH>
                <input type="hidden" name="id" value=saved.id.to_string() />
                <button class="button small quiet" aria-label=label>{words.forget_view()}</button>
            </form>
        }
    });
    view! {
        <li class="cluster">
            <a href=saved.address.clone()>{saved.name.clone()}</a>
            {shared}
            {forget}
        </li>
    }
}
