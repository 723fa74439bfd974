//! The page of a demonstration: as whom one can look around, and how its time passes.

use super::FormOutcome;
use crate::domain::timestamp::Duration;
use crate::view_models::{DemonstrationAccount, DemonstrationView};
use crate::words::Language;
use leptos::prelude::*;

/// How far the buttons move the clock.
pub const STEPS: [Duration; 6] = [
    Duration::minutes(10),
    Duration::hours(1),
    Duration::hours(8),
    Duration::days(1),
    Duration::days(7),
    Duration::days(30),
];

/// The whole page.
#[component]
pub fn DemonstrationPage(outcome: FormOutcome, page: DemonstrationView) -> impl IntoView {
    let words = outcome.language;
    let password = page.password.clone();
    let accounts = page.accounts.iter().map(|account| sign_in_as(words, account, &password)).collect_view();
    let steps = STEPS
        .into_iter()
        .zip(step_names(words))
        .map(|(step, name)| view! { <button class="button" name="minutes" value=minutes(step)>{name}</button> })
        .collect_view();
    view! {
        <div class="card">
            <div class="stack tight">
                <h1>{words.demonstration()}</h1>
                <p class="muted">{words.demonstration_lead()}</p>
            </div>
            {outcome.summary()}
            <section class="stack tight" aria-labelledby="time">
                <h2 id="time">{words.demonstration_time()}</h2>
                <p>{words.demonstration_now(&page.now)}</p>
                <form class="cluster" method="post" action="/demonstration">{steps}</form>
                <p class="hint">{words.demonstration_time_means()}</p>
            </section>
            <section class="stack tight" aria-labelledby="people">
                <h2 id="people">{words.demonstration_people()}</h2>
                <ul class="stack tight">{accounts}</ul>
                <p class="hint">{words.demonstration_password(&page.password)}</p>
            </section>
        </div>
    }
}

fn sign_in_as(words: Language, account: &DemonstrationAccount, password: &str) -> impl IntoView + use<> {
    let label = words.demonstration_sign_in_as(&account.name);
    view! {
        <li>
            <form class="cluster" method="post" action="/sign-in">
                <input type="hidden" name="username" value=account.username.clone() />
                <input type="hidden" name="password" value=password.to_string() />
                <button class="button">{label}</button>
                <span class="muted">{account.role.clone()}</span>
            </form>
        </li>
    }
}

fn minutes(step: Duration) -> String {
    (step.0 / Duration::minutes(1).0).to_string()
}

fn step_names(words: Language) -> [&'static str; 6] {
    [
        words.demonstration_10_minutes(),
        words.demonstration_hour(),
        words.demonstration_8_hours(),
        words.demonstration_day(),
        words.demonstration_week(),
        words.demonstration_month(),
    ]
}
