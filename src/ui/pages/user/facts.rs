//! What is known of a person; what is not known has no row (rule 85).

use crate::domain::user::{Status, is_web_address};
use crate::ui::components::{Chip, CopyButton, Fact, Facts, Tone};
use crate::ui::pages::parts::person_name;
use crate::ui::session::{role_name_of, words};
use crate::view_models::{FormattedTime, UserCard};
use leptos::prelude::*;

/// The rows.
pub fn facts(card: &UserCard) -> impl IntoView + use<> {
    let words = words();
    let user = &card.user;
    let unconfirmed = (user.status == Status::Active && card.is_unproven).then(|| {
        view! {
            " "
            <span title=words.address_not_confirmed_hint()>
                <Chip tone=Tone::Warn>{words.address_not_confirmed()}</Chip>
            </span>
        }
    });
    let email = user.email.clone().map(|email| {
        view! {
            <Fact label=words.email()>
                <span class="mono" id="mail">{email}</span>
                " "
                <CopyButton of="mail" copy=words.copy() copied=words.copied() small=true />
                {unconfirmed}
            </Fact>
        }
    });
    let units: Vec<&str> = user.held.iter().map(|held| held.unit.as_str()).collect();
    let units = units.join(", ");
    let is_registered = matches!(user.status, Status::Active | Status::Blocked | Status::Archived);
    let method = match (&user.email, &user.login) {
        _ if !is_registered => None,
        (Some(_), _) => Some(words.method_email().to_string()),
        (None, Some(_)) => Some(words.method_login().into()),
        (None, None) => Some(words.method_phone().into()),
    };
    let record = card.record.clone().map(|record| {
        let shown = match is_web_address(&record) {
            true => view! { <a href=record.clone() rel="external noreferrer">{record.clone()}</a> }.into_any(),
            false => view! { <span class="mono">{record}</span> }.into_any(),
        };
        view! { <Fact label=words.record()>{shown}</Fact> }
    });
    let created_by = card.created_by.as_ref().map(person_name);
    let role = role_name_of(user);
    let moments = (
        moment(words.created(), user.added.as_ref(), created_by),
        moment(words.last_changed(), Some(&card.changed), None),
        moment(words.column_last_seen(), user.last_seen.as_ref(), None),
    );
    let (name, login, phone) = (user.name.clone(), user.login.clone(), user.phone.clone());
    let language = card.language.own_name();
    view! {
        <Facts>
            <Fact label=words.full_name() value=name />
            {email}
            <Fact label=words.login() value=login />
            <Fact label=words.role()>{role}</Fact>
            <Fact label=words.unit() value=units />
            <Fact label=words.phone() value=phone />
            {record}
            <Fact label=words.language() value=language.to_string() />
            <Fact label=words.sign_in_method() value=method />
            {moments}
        </Facts>
    }
}

/// A moment, and whose action it was.
fn moment(label: &'static str, when: Option<&FormattedTime>, who: Option<String>) -> Option<impl IntoView + use<>> {
    let FormattedTime { short, exact, .. } = when.cloned()?;
    let text = match who {
        Some(who) => words().when_by(&short, &who),
        None => short,
    };
    Some(view! { <Fact label=label><span title=exact>{text}</span></Fact> })
}
