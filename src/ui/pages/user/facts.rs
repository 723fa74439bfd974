//! What is known of a person; what is not known has no row (rule 85).

use crate::domain::authorization::{AuthorizationMethod, Surface};
use crate::domain::consent::ConsentKind;
use crate::domain::listing::HeldRole;
use crate::domain::user::{Status, is_web_address};
use crate::domain::vocabulary::Vocabulary;
use crate::ui::components::{Chip, CopyButton, Fact, Facts, Tone};
use crate::ui::pages::parts::person_name;
use crate::ui::session::{role_name_of, viewer, words};
use crate::view_models::{ConsentState, FormattedTime, UserCard, UserSummary};
use leptos::prelude::*;

/// The role, and the units where it is held; of several roles each with its unit.
fn places(user: &UserSummary) -> AnyView {
    let words = words();
    let mut held = user.held.iter();
    let first = held.next().map(|first| &first.place.role);
    if held.all(|other| Some(&other.place.role) == first) {
        let units: Vec<&str> = user.held.iter().map(|held| held.unit.as_str()).collect();
        let role = role_name_of(user);
        return view! {
            <Fact label=words.role()>{role}</Fact>
            <Fact label=words.unit() value=units.join(", ") />
        }
        .into_any();
    }
    let place = |held: &HeldRole| {
        let role = viewer().with_value(|viewer| viewer.role(&held.place.role).map(|role| words.role_name(role)));
        view! { <div>{role} " · " {held.unit.clone()}</div> }
    };
    let all = user.held.iter().map(place).collect_view();
    view! { <Fact label=words.role()>{all}</Fact> }.into_any()
}

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
    let claimed = card.unconfirmed_email.clone().map(|email| {
        view! {
            <Fact label=words.email()>
                <span class="mono">{email}</span>
                " "
                <span title=words.address_not_answered()>
                    <Chip tone=Tone::Warn>{words.address_not_confirmed()}</Chip>
                </span>
            </Fact>
        }
    });
    let places = places(user);
    // Of somebody who is still to come, too: how they will sign in (rule 85).
    let method = AuthorizationMethod::of(user.email.as_deref(), user.login.as_deref());
    let surfaces = if method.opens(Surface::Panel) { words.surfaces_both() } else { words.surfaces_mobile() };
    let method = match method {
        AuthorizationMethod::Mail => words.method_email(),
        AuthorizationMethod::Login => words.method_login(),
        AuthorizationMethod::Phone => words.method_phone(),
    };
    let record = card.record.clone().map(|record| {
        let shown = match is_web_address(&record) {
            true => view! { <a href=record.clone() rel="external noreferrer">{record.clone()}</a> }.into_any(),
            false => view! { <span class="mono">{record}</span> }.into_any(),
        };
        view! { <Fact label=words.record()>{shown}</Fact> }
    });
    // Rule 34: whoever got the invitation has the mark, and it goes with the facts.
    let is_learning = viewer().with_value(|viewer| Vocabulary::of_preset(&viewer.preset)) == Vocabulary::Learning;
    let invited = (is_learning && matches!(user.status, Status::Invited | Status::Active)).then(|| {
        view! { <Fact label=words.invitation_mark()><Chip tone=Tone::Ok>{words.user_invited()}</Chip></Fact> }
    });
    let created_by = card.created_by.as_ref().map(person_name);
    let moments = (
        moment(words.created(), user.added.as_ref(), created_by),
        moment(words.last_changed(), Some(&card.changed), None),
        moment(words.column_last_seen(), user.last_seen.as_ref(), None),
    );
    let consents = card.consents.iter().map(|state| {
        let said = consent(state);
        view! { <Fact label=words.consent_title(state.kind)>{said}</Fact> }
    });
    let consents = consents.collect_view();
    let (name, login) = (user.name.clone(), user.login.clone());
    let is_open = user.status == Status::Active && !card.is_phone_confirmed;
    let phone = user.phone.clone().map(|phone| {
        let open = is_open.then(|| view! { " " <small class="muted">{words.number_not_confirmed()}</small> });
        view! { <Fact label=words.phone()><span>{phone}</span> {open}</Fact> }
    });
    let language = card.language.own_name();
    view! {
        <Facts>
            <Fact label=words.full_name() value=name />
            {email}
            {claimed}
            <Fact label=words.login() value=login />
            {places}
            {phone}
            {record}
            <Fact label=words.language() value=language.to_string() />
            <Fact label=words.sign_in_method()>
                <span>{method}</span>
                <small class="muted">{surfaces}</small>
            </Fact>
            {invited}
            {consents}
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

/// What somebody agreed to, of which version and when; or that they have not, or not any more.
fn consent(state: &ConsentState) -> AnyView {
    let words = words();
    let text = |text: String, exact: String| view! { <span title=exact>{text}</span> }.into_any();
    let Some(answer) = &state.answer else {
        return match state.asked {
            Some(version) if state.is_own_text => words.card_published(version).into_any(),
            _ => view! { <span class="muted">{words.card_not_agreed()}</span> }.into_any(),
        };
    };
    let when = answer.when.clone();
    if let Some(at) = &answer.withdrawn {
        let said = words.card_withdrawn(&at.short);
        return view! { <Chip tone=Tone::Warn>{said}</Chip> }.into_any();
    }
    if state.kind == ConsentKind::Messages {
        let said = if answer.is_given {
            words.card_messages_given(&when.short)
        } else {
            words.card_messages_refused(&when.short)
        };
        return text(said, when.exact);
    }
    let said = text(words.card_agreed(answer.version, &when.short), when.exact);
    let newer = state.asked.filter(|asked| *asked != answer.version && !state.is_own_text);
    let newer = newer.map(|version| view! { " "<Chip tone=Tone::Warn>{words.card_not_agreed_to(version)}</Chip> });
    view! { {said} {newer} }.into_any()
}
