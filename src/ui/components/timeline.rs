//! What happened, in order.

use leptos::prelude::*;

use super::{Icon, Tone};

/// One thing that happened; all words come ready, times in the reader's zone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TimelineEntry {
    /// As people say it: “10:02”, “18 Nov”.
    pub at: String,
    /// To the second, with the zone.
    pub exact: String,
    pub text: String,
    pub detail: Option<String>,
    pub tone: Tone,
}

/// An ordered list of what happened, each with its mark and its time.
#[component]
pub fn Timeline(entries: Vec<TimelineEntry>) -> impl IntoView {
    let rows = entries
        .into_iter()
        .map(|entry| {
            view! {
                <li class=entry.tone.class()>
                    <span class="mark"><Icon name=entry.tone.icon()/></span>
                    <div class="what">
                        <p>{entry.text}</p>
                        {entry.detail.map(|detail| view! { <p class="detail">{detail}</p> })}
                    </div>
                    <span class="when" title=entry.exact>{entry.at}</span>
                </li>
            }
        })
        .collect_view();
    view! { <ol class="timeline">{rows}</ol> }
}
