//! How far an import is, and what came of it: who was taken, who was not and why, and how it is undone.

use super::rejected_link;
use crate::domain::import::FindingKind;
use crate::domain::permission::Permission;
use crate::server_fns::import::{ImportRun, ImportStop, ImportUndo};
use crate::ui::components::{Icon, Notice, Tone};
use crate::ui::forms::in_place::InPlace;
use crate::ui::forms::plain::{Note, PlainAnswer};
use crate::ui::session::{may_use, words};
use crate::view_models::{ImportState, ImportView, KindCount};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use std::time::Duration;

/// How long is waited before it is looked again.
const LOOK_AGAIN: Duration = Duration::from_millis(1_500);

/// The report of a list that was run.
pub fn report(view: ImportView) -> AnyView {
    let words = words();
    let Some(state) = view.state.clone() else { return ().into_any() };
    let id = view.id.to_string();
    let undone = Note::about(ImportUndo::PATH, |_| "");
    let said =
        undone.answer().and_then(|answer| answer.parse().ok()).map(|n| words.import_undone(n)).unwrap_or_default();
    let run = Note::about(ImportRun::PATH, |_| "");
    let far = match () {
        () if state.is_under_way => under_way(&id, &state).into_any(),
        () => done(&view, &state).into_any(),
    };
    // How it was done says nothing more once it is taken back.
    let stands = !state.is_undoing && !state.is_undone;
    let cut_off = (state.is_cut_off && !state.is_under_way && stands).then(|| {
        let id = id.clone();
        view! {
            <Notice tone=Tone::Warn icon="alert" title=words.import_cut_off()>
                <form method="post" action=ImportRun::PATH>
                    <input type="hidden" name="id" value=id />
                    <button class="button primary">{words.import_go_on()}</button>
                </form>
            </Notice>
        }
    });
    let stopped = state.stopped.filter(|_| stands).map(|why| {
        view! {
            <Notice tone=Tone::Warn icon="alert" title=words.import_stopped()>
                <p>{words.round_stop(why)}</p>
            </Notice>
        }
    });
    view! {
        <PlainAnswer note=undone done=said />
        <PlainAnswer note=run done="" />
        {cut_off}
        {stopped}
        {far}
    }
    .into_any()
}

/// How far it is. The page looks again by itself; without script, the link does.
fn under_way(id: &str, state: &ImportState) -> impl IntoView + use<> {
    let words = words();
    let said = match state.is_undoing {
        true => words.import_undoing().to_string(),
        false => words.import_under_way(&words.figure(state.done), &words.figure(state.all)),
    };
    let progress = (!state.is_undoing).then(|| {
        view! { <progress id="progress" value=state.done max=state.all aria-label=said.clone()></progress> }
    });
    let is_held = state.done == 0 && !state.is_undoing;
    let begins = is_held.then(|| view! { <p>{words.import_begins()}</p> });
    let in_place = use_context::<InPlace>();
    Effect::new(move || {
        if let Some(in_place) = in_place {
            set_timeout(move || in_place.ask_again(), LOOK_AGAIN);
        }
    });
    let (id, href) = (id.to_string(), format!("/import?id={id}"));
    view! {
        <Notice tone=Tone::Info icon="clock" title=said.clone()>
            {progress}
            {begins}
            <p>{words.import_may_leave()}</p>
            <form class="cluster" method="post" action=ImportStop::PATH>
                <input type="hidden" name="id" value=id />
                <a class="button" href=href rel="external">
                    {words.import_refresh()}
                </a>
                <button class="button">{words.bulk_stop()}</button>
            </form>
        </Notice>
    }
}

fn done(view: &ImportView, state: &ImportState) -> impl IntoView + use<> {
    let words = words();
    let id = view.id.to_string();
    // Of whom something was changed, that is said.
    let kinds = view
        .kinds
        .iter()
        .filter(|count| !matches!(count.kind, FindingKind::Differs | FindingKind::Joins))
        .map(one_kind)
        .collect::<Vec<_>>();
    // Whoever was taken and is taken out again was not rejected.
    let rejected = (!state.is_undone && (view.left_out > 0 || !kinds.is_empty())).then(|| rejected_link(&id));
    let left = (!kinds.is_empty() && !state.is_undone).then(|| {
        view! {
            <h3>{words.import_not_taken()}</h3>
            <ul>{kinds}</ul>
        }
    });
    let status = if view.terms.sends { "/users" } else { "/users?status=not_invited" };
    let people =
        may_use(Permission::SeeUsers).then(|| view! { <a class="button" href=status>{words.import_show_people()}</a> });
    let undo = (!state.is_undone && state.taken > 0).then(|| {
        // It takes people out, and nothing takes it back: one press more, after what it does.
        view! {
            <details id="undo-import">
                <summary>{words.import_undo()}</summary>
                <form class="stack tight" method="post" action=ImportUndo::PATH>
                    <input type="hidden" name="id" value=id.clone() />
                    <p>{words.import_undo_hint(&state.until.exact)}</p>
                    <div>
                        <button class="button danger" id="undo">
                            <Icon name="undo" />
                            {words.import_do_undo()}
                        </button>
                    </div>
                </form>
            </details>
        }
    });
    let undone = state.is_undone.then(|| {
        let stay = (state.taken > 0).then(|| view! { <p>{words.import_stay(state.taken)}</p> });
        view! {
            <Notice tone=Tone::Ok icon="undo" title=words.import_was_undone()>
                {stay}
            </Notice>
        }
    });
    let said = (!state.is_undone).then(|| {
        let taken = state.taken - state.changed.min(state.taken);
        let changed = (state.changed > 0).then(|| words.import_changed(state.changed));
        let title = match changed {
            Some(changed) if taken == 0 => changed,
            Some(changed) => format!("{} {changed}", words.import_done(taken)),
            None => words.import_done(taken),
        };
        view! { <Notice tone=Tone::Ok icon="check" title=title>""</Notice> }
    });
    view! {
        <div class="stack" id="report">
            {said}
            {undone}
            {left}
            <div class="cluster">
                {rejected}
                {people}
                <a class="button" href="/import">{words.import_another()}</a>
            </div>
            {undo}
        </div>
    }
}

fn one_kind(count: &KindCount) -> impl IntoView + use<> {
    view! {
        <li>
            {count.rows}
            " "
            {words().finding_kind(count.kind)}
        </li>
    }
}
