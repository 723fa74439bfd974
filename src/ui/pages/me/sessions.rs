//! Where one is signed in, and the way out of each.

use crate::server_fns::profile::{EndOtherSessions, EndSession};
use crate::ui::components::{Chip, Icon, Tone};
use crate::ui::forms::plain::{Note, PlainAnswer};
use crate::ui::session::words;
use crate::view_models::SessionSummary;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// The list of the sessions.
pub fn section(sessions: Vec<SessionSummary>) -> impl IntoView {
    let words = words();
    let [one, others] = [EndSession::PATH, EndOtherSessions::PATH].map(|path| Note::about(path, |_| ""));
    let has_others = sessions.iter().any(|session| !session.is_this_one);
    view! {
        <section class="card" aria-labelledby="sessions">
            <h2 id="sessions">{words.own_sessions()}</h2>
            <PlainAnswer note=one done=words.own_session_ended() />
            <PlainAnswer note=others done=words.own_sessions_ended() />
            <ul class="stack">{sessions.into_iter().map(row).collect_view()}</ul>
            {has_others.then(|| view! {
                <form method="post" action=EndOtherSessions::PATH>
                    <button class="button"><Icon name="log-out" />{words.own_sign_out_others()}</button>
                </form>
            })}
        </section>
    }
}

fn row(session: SessionSummary) -> impl IntoView {
    let words = words();
    let device = if session.device.is_empty() { words.own_unknown_device().into() } else { session.device };
    let end = (!session.is_this_one).then(|| {
        view! {
            <form method="post" action=EndSession::PATH>
                <input type="hidden" name="id" value=session.id.to_string() />
                <button class="button small">
                    {words.sign_out()}
                    <span class="visually-hidden">{format!(" {device}")}</span>
                </button>
            </form>
        }
    });
    view! {
        <li class="section-head">
            <div>
                <p class="cluster">
                    {device.clone()}
                    {session.is_this_one.then(|| view! { <Chip tone=Tone::Ok>{words.own_this_device()}</Chip> })}
                </p>
                <p class="meta">
                    <span title=session.since.exact>{words.own_since(&session.since.short)}</span>
                    ", "
                    <span title=session.last_seen.exact>{words.own_seen(&session.last_seen.short)}</span>
                </p>
            </div>
            {end}
        </li>
    }
}
