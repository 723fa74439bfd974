//! Something to know before going on.

use leptos::prelude::*;

use super::{Icon, Tone};

/// A box with a message; what stops the work is an `alert`, all else a quiet status.
#[component]
pub fn Notice(
    tone: Tone,
    #[prop(optional, into)] title: String,
    #[prop(optional)] alert: bool,
    #[prop(optional)] icon: Option<&'static str>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let icon = icon.unwrap_or(match tone {
        Tone::Error | Tone::Warn => "alert",
        Tone::Ok => "check",
        Tone::Info | Tone::Neutral => "info",
    });
    let heading = (!title.is_empty()).then(|| view! { <p class="notice-title">{title}</p> });
    view! {
        <div class=format!("notice {}", tone.class()) role=if alert { "alert" } else { "status" }>
            <Icon name=icon/>
            <div class="notice-body">{heading} {children.map(|children| children())}</div>
        </div>
    }
}

/// What is wrong with a form, above it. Takes the focus when it appears (usher.js); the children are `<li>` with links
/// to the fields, or nothing.
#[component]
pub fn ErrorSummary(#[prop(into)] title: String, #[prop(optional)] children: Option<Children>) -> impl IntoView {
    view! {
        <div class="notice tone-error" role="alert" tabindex="-1" data-focus="">
            <Icon name="alert"/>
            <div class="notice-body">
                <p class="notice-title">{title}</p>
                {children.map(|children| view! { <ul>{children()}</ul> })}
            </div>
        </div>
    }
}
