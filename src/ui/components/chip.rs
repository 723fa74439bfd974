//! The state of something: an icon and a word.

use leptos::prelude::*;

/// How something stands. It is always said by an icon and a word too, never by colour alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Tone {
    Ok,
    Info,
    Warn,
    Error,
    #[default]
    Neutral,
}

impl Tone {
    /// The class that sets `--tone` and `--tone-bg`.
    pub fn class(self) -> &'static str {
        match self {
            Self::Ok => "tone-ok",
            Self::Info => "tone-info",
            Self::Warn => "tone-warn",
            Self::Error => "tone-error",
            Self::Neutral => "tone-neutral",
        }
    }

    /// The icon, where nothing better fits.
    pub fn icon(self) -> &'static str {
        match self {
            Self::Ok => "check",
            Self::Info => "info",
            Self::Warn => "alert",
            Self::Error => "x",
            Self::Neutral => "dot",
        }
    }
}

/// An icon and a word in a soft pill.
#[component]
pub fn Chip(tone: Tone, #[prop(optional)] icon: Option<&'static str>, children: Children) -> impl IntoView {
    view! {
        <span class=format!("chip {}", tone.class())>
            // As an icon, in as few bytes as can be: a list has one in each row.
            <svg aria-hidden="true">
                <use href=format!("/icons.svg#{}", icon.unwrap_or(tone.icon()))></use>
            </svg>
            {children()}
        </span>
    }
}
