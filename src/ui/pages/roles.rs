//! The roles: what each sees, may do and may assign; the form of one; and the answer to who can do what to whom.

use crate::domain::agreement::{RoleGrant, takes_two};
use crate::domain::error::{Invalid, UseCaseError};
use crate::domain::id::RoleId;
use crate::domain::listing::UserQuery;
use crate::domain::onboarding::InvitationCarries;
use crate::domain::permission::{Permission, Permissions};
use crate::domain::proposal::ProposalOutcome;
use crate::domain::role::{Role, RoleRefused};
use crate::domain::settings::Setting;
use crate::domain::user::{Status, UserAction};
use crate::server_fns::organisation::{RemoveRole, SaveRole};
use crate::ui::components::{
    CheckField, Choice, Dialog, DialogActions, EmptyState, Field, Icon, Notice, PageHeader, SelectField, Tone,
};
use crate::ui::forms::plain::{Note, PlainAnswer, named_links, revision_field};
use crate::ui::pages::parts::{link_length, own_choice, people_names, person_name};
use crate::ui::session::{may_use, viewer, vocabulary, words};
use crate::view_models::{RolePage, RolesPage, WhoMay};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

fn back_to_settings() -> impl IntoView {
    view! {
        <a class="back" href="/settings">
            <Icon name="chevron-left" />
            {words().settings()}
        </a>
    }
}

/// The list of the roles.
pub fn page(page: RolesPage) -> AnyView {
    let words = words();
    let new = page.may_create.then(|| {
        view! {
            <a class="button primary" href="/settings/roles/new">
                <Icon name="plus" />
                {words.new_role()}
            </a>
        }
    });
    let notes = [SaveRole::PATH, RemoveRole::PATH].map(|path| Note::about(path, field_of));
    // What was proposed just now says itself where it waits.
    let is_said = notes.iter().any(|note| note.outcome() == Some(ProposalOutcome::Proposed));
    let notes = notes.map(|note| {
        let done = match note.outcome() {
            Some(ProposalOutcome::Proposed) => words.role_proposed(),
            Some(ProposalOutcome::DecidedAlone) => words.decided_alone(),
            Some(ProposalOutcome::Done) | None => words.saved(),
        };
        view! { <PlainAnswer note=note done=done /> }
    });
    let waiting = (page.waiting > 0 && !is_said).then(|| {
        view! {
            <Notice tone=Tone::Info>
                {words.roles_waiting(page.waiting)} " "
                <a href=format!("/invitations?status={}", Status::AwaitingApproval.code())>{words.look_at_waiting()}</a>
            </Notice>
        }
    });
    let roles: Vec<Role> = page.roles.iter().map(|(role, _)| role.clone()).collect();
    let rows = page.roles.iter().map(|(role, holders)| row(role, *holders, &roles)).collect_view();
    view! {
        {back_to_settings()}
        <PageHeader title=words.settings_roles() lead=words.settings_roles_lead()>{new}</PageHeader>
        {notes}
        {waiting}
        <ul class="stack tight">{rows}</ul>
    }
    .into_any()
}

fn row(role: &Role, holders: i64, all: &[Role]) -> impl IntoView + use<> {
    let words = words();
    let gives: Vec<String> =
        all.iter().filter(|other| role.may_assign.contains(&other.id)).map(|other| words.role_name(other)).collect();
    let gives = (!gives.is_empty()).then(|| view! { <p>{words.may_give_roles(&gives.join(", "))}</p> });
    let two = takes_two(RoleGrant { role, extra: Permissions::NONE }, all)
        .then(|| view! { <p class="meta">{words.role_takes_two()}</p> });
    let losing = role.losing_takes_two.then(|| view! { <p class="meta">{words.role_losing_takes_two()}</p> });
    view! {
        <li class="card">
            <div class="section-head">
                <h2><a href=format!("/settings/roles/{}", role.id)>{words.role_name(role)}</a></h2>
                <span class="muted">{words.role_holders(&words.figure(holders))}</span>
            </div>
            <p>{words.role_sentence(role)}</p>
            {gives}
            {two}
            {losing}
        </li>
    }
}

fn field_of(refusal: &UseCaseError) -> &'static str {
    match refusal {
        UseCaseError::Invalid(Invalid::RoleName) | UseCaseError::NameTaken { .. } => "name",
        UseCaseError::Invalid(Invalid::Validity) => "valid_for",
        UseCaseError::Role(refused) => match refused.as_ref() {
            RoleRefused::NotLower { .. } => "rank",
            RoleRefused::GivesRank { .. }
            | RoleRefused::GivesPermissions { .. }
            | RoleRefused::GivesRoles { .. }
            | RoleRefused::NotAssigned { .. } => "assigns",
            _ => "",
        },
        _ => "",
    }
}

/// The form of a role; `question` is what its address asks.
pub fn role_page(page: RolePage, question: &str) -> AnyView {
    let words = words();
    let note = Note::about(SaveRole::PATH, field_of);
    let removal = Note::about(RemoveRole::PATH, |_| "");
    let role = page.role.clone();
    let id = role.as_ref().map(|role| role.id.to_string()).unwrap_or_default();
    let name = role.as_ref().map(|role| words.role_name(role)).unwrap_or_default();
    let title = if role.is_some() { words.edit_role(&name) } else { words.new_role().to_string() };
    let is_top = role.as_ref().is_some_and(|role| role.is_top);
    let only_look = page.may_edit.as_ref().err().map(|refusal| {
        let why = words.refusal(refusal);
        let links = matches!(refusal, UseCaseError::Role(_)).then(|| view! { <ul>{named_links(refusal)}</ul> });
        view! {
            <Notice tone=Tone::Info>
                <p>{words.role_only_look()} " " {why}</p>
                {links}
            </Notice>
        }
    });
    let may_edit = page.may_edit.is_ok();
    let everything = is_top.then(|| view! { <p class="muted">{words.role_is_everything()}</p> });
    let rights = (!is_top).then(|| rights(&page, &note, may_edit));
    let sentence = role.as_ref().map(|role| view! { <p>{words.role_sentence(role)}</p> });
    let remove = (may_edit && role.is_some() && !is_top && page.holders == 0)
        .then(|| view! { <a class="button" href=format!("/settings/roles/{id}?do=remove")>{words.remove_role()}</a> });
    let held_by = (may_edit && role.is_some() && !is_top && page.holders > 0).then(|| held_by(&id, &page));
    let save = may_edit.then(|| {
        view! {
            <div class="actions">
                <button class="button primary">{words.save()}</button>
                <a class="button" href="/settings/roles">{words.cancel()}</a>
                {remove}
            </div>
        }
    });
    let dialog = (question == "remove" && may_edit).then(|| {
        let id = id.clone();
        let revision = page.revision.as_ref().map(revision_field);
        view! {
            <Dialog id="question" title=words.ask_remove_role(&name) text=words.tell_remove_role()>
                <form method="post" action=RemoveRole::PATH>
                    <input type="hidden" name="id" value=id.clone() />
                    {revision}
                    <DialogActions cancel_href=format!("/settings/roles/{id}") cancel=words.cancel()>
                        <button class="button danger">{words.remove_role()}</button>
                    </DialogActions>
                </form>
            </Dialog>
        }
    });
    let own_name = role.as_ref().map(|role| role.name.clone()).unwrap_or_default();
    let has_preset_name = role.as_ref().is_some_and(|role| !role.key.is_empty());
    let name_hint = if has_preset_name { words.role_name_hint() } else { "" };
    view! {
        <a class="back" href="/settings/roles">
            <Icon name="chevron-left" />
            {words.settings_roles()}
        </a>
        <PageHeader title=title count=words.role_holders(&words.figure(page.holders)) />
        <PlainAnswer note=note.clone() done=words.saved() />
        <PlainAnswer note=removal done="" />
        {only_look}
        {sentence}
        <form class="stack form-width" method="post" action=SaveRole::PATH>
            <input type="hidden" name="id" value=id.clone() />
            {page.revision.as_ref().map(revision_field)}
            <Field
                label=words.role_name_field()
                name="name"
                value=note.typed_or("name", own_name.as_str())
                hint=note.hint_or("name", &own_name, &name, name_hint)
                error=note.error("name")
                placeholder=if has_preset_name { name.clone() } else { String::new() }
                autocomplete="off"
                required=!has_preset_name
                disabled=!may_edit
            />
            {link_length(&note, role.as_ref().and_then(|role| role.valid_for), None, may_edit)}
            {own_choice(
                &note,
                Setting::Carries,
                role.as_ref().and_then(|role| role.carries).map(InvitationCarries::code),
                None,
                may_edit,
            )}
            {everything}
            {rights}
            {save}
        </form>
        {held_by}
        {dialog}
    }
    .into_any()
}

/// By whom a role is held, or to whom it is offered: why it cannot be removed.
fn held_by(id: &str, page: &RolePage) -> impl IntoView + use<> {
    let words = words();
    let rows = page
        .some
        .iter()
        .map(|person| view! { <li><a href=format!("/users/{}", person.id)>{person_name(person)}</a></li> })
        .collect_view();
    let more = page.holders - i64::try_from(page.some.len()).unwrap_or(i64::MAX);
    let more = (more > 0).then(|| {
        let query = UserQuery { role: Some(RoleId::new(id)), ..UserQuery::default() };
        let text = words.role_held_by_more(&words.figure(more));
        match may_use(Permission::SeeUsers) {
            true => view! { <li><a href=query.address()>{text}</a></li> }.into_any(),
            false => view! { <li>{text}</li> }.into_any(),
        }
    });
    view! {
        <section class="card">
            <p>{words.role_held_by()}</p>
            <ul>{rows} {more}</ul>
        </section>
    }
}

/// The rank, the permissions in two groups, the roles to give, and whether it takes two.
fn rights(page: &RolePage, note: &Note, may_edit: bool) -> impl IntoView + use<> {
    let words = words();
    let role = page.role.as_ref();
    let rank = role.map_or(5, |role| role.rank);
    let is_top = role.is_some_and(|role| role.is_top);
    let takes_two = role.is_some_and(|role| role.needs_approval);
    let losing_takes_two = role.is_some_and(|role| role.losing_takes_two);
    let names = people_names(&page.second);
    let loosening =
        if names.is_empty() { words.loosening_takes_one().into() } else { words.loosening_takes_two(&names) };
    let loosening = may_edit.then(|| view! { <p class="hint">{loosening}</p> });
    // Whoever edits sees what they cannot give, too, but cannot tick it.
    let own = viewer().with_value(|viewer| {
        let top = viewer.authority.holdings.iter().find(|holding| holding.unit.is_root());
        top.map(|holding| holding.role.clone())
    });
    let holds = |permission| own.as_ref().is_some_and(|own| own.has(permission));
    let plans_shifts = viewer().with_value(|viewer| viewer.plans_shifts);
    let tick = |permission: Permission| {
        let has = role.is_some_and(|role| role.has(permission));
        // Nothing is said of a section that is switched off; what a role may do there stays.
        if !plans_shifts && permission.section() == Permission::SeeShifts {
            let kept = || view! { <input type="hidden" name="permissions[]" value=permission.code() /> };
            return has.then(kept).into_any();
        }
        // A field that cannot be changed is not sent, so what is there travels beside it.
        let kept = (has && may_edit && !holds(permission))
            .then(|| view! { <input type="hidden" name="permissions[]" value=permission.code() /> });
        view! {
            {kept}
            <CheckField
                id=format!("permission-{}", permission.code().replace('.', "-"))
                name="permissions[]"
                value=permission.code()
                label=words.permission_in(vocabulary(), permission)
                hint=note.box_hint_or("permissions[]", permission.code(), has, "")
                checked=note.ticked_or("permissions[]", permission.code(), has)
                disabled=!may_edit || !holds(permission)
            />
        }
        .into_any()
    };
    let group = |title: &'static str, is_section: bool| {
        let is_offered = |one: &Permission| is_top || !one.is_of_installation();
        let of_group = |one: &Permission| one.is_section() == is_section && is_offered(one);
        let ticks = Permission::ALL.iter().copied().filter(of_group).map(tick);
        view! {
            <fieldset class="field">
                <legend>{title}</legend>
                <div class="choices">{ticks.collect_view()}</div>
            </fieldset>
        }
    };
    let roles = viewer().with_value(|viewer| viewer.standing_roles().cloned().collect::<Vec<_>>());
    let assigns = roles
        .iter()
        .filter(|other| !other.is_top && role.is_none_or(|role| role.id != other.id))
        .map(|other| {
            let has = page.gives(&other.id);
            let may = may_edit && own.as_ref().is_some_and(|own| own.may_assign.contains(&other.id));
            let kept = (has && may_edit && !may)
                .then(|| view! { <input type="hidden" name="assigns[]" value=other.id.to_string() /> });
            view! {
                {kept}
                <CheckField
                    id=format!("assigns-{}", other.id)
                    name="assigns[]"
                    value=other.id.to_string()
                    label=words.role_name(other)
                    hint=note.box_hint_or("assigns[]", other.id.as_str(), has, words.role_sentence(other))
                    checked=note.ticked_or("assigns[]", other.id.as_str(), has)
                    disabled=!may
                />
            }
        })
        .collect_view();
    let error = note.error("assigns").map(|text| view! { <p class="field-error">{text}</p> });
    view! {
        <Field
            label=words.role_rank()
            name="rank"
            kind="number"
            inputmode="numeric"
            value=note.typed_or("rank", rank.to_string())
            hint=note.hint_or("rank", &rank.to_string(), &rank.to_string(), words.role_rank_hint())
            error=note.error("rank")
            disabled=!may_edit
        />
        {group(words.settings_sees(), true)}
        {group(words.settings_may_do(), false)}
        <fieldset class="field" id="assigns" tabindex="-1">
            <legend>{words.settings_may_assign()}</legend>
            <div class="choices">{assigns}</div>
            {error}
        </fieldset>
        <CheckField
            label=words.role_takes_two()
            name="needs_approval"
            hint=note.box_hint_or("needs_approval", "on", takes_two, words.role_takes_two_hint())
            checked=note.ticked_or("needs_approval", "on", takes_two)
            disabled=!may_edit
        />
        <CheckField
            label=words.role_losing_takes_two()
            name="losing_takes_two"
            hint=note.box_hint_or("losing_takes_two", "on", losing_takes_two, words.role_losing_takes_two_hint())
            checked=note.ticked_or("losing_takes_two", "on", losing_takes_two)
            disabled=!may_edit
        />
        {loosening}
    }
}

/// Who can do what to whom, and by what.
pub fn who_page(page: WhoMay) -> AnyView {
    let words = words();
    let actions =
        UserAction::ALL.map(|action| Choice::new(action.code(), words.action_in(vocabulary(), action))).to_vec();
    let answer = match (&page.person, page.about.is_empty()) {
        (_, true) => ().into_any(),
        (None, _) => view! { <EmptyState title=words.who_may_unknown() icon="search" /> }.into_any(),
        (Some(_), _) if page.found.is_empty() => {
            view! { <EmptyState title=words.who_may_nobody() icon="shield" /> }.into_any()
        }
        (Some(person), _) => {
            let role = |id| {
                viewer().with_value(|viewer| viewer.role(id).map(|role| words.role_name(role)).unwrap_or_default())
            };
            let rows = page
                .found
                .iter()
                .map(|found| {
                    let why = words.because_role(&role(&found.place.role), &found.unit);
                    view! {
                        <li>
                            <a href=format!("/users/{}", found.person.id)>{person_name(&found.person)}</a>
                            <span class="muted">" — " {why}</span>
                        </li>
                    }
                })
                .collect_view();
            view! {
                <section class="card" role="status">
                    <p>{words.who_may_found(&person_name(person))}</p>
                    <ul>{rows}</ul>
                    {page.has_more.then(|| view! { <p class="muted">{words.who_may_more()}</p> })}
                </section>
            }
            .into_any()
        }
    };
    view! {
        {back_to_settings()}
        <PageHeader title=words.who_may_title() lead=words.who_may_lead() />
        <form class="stack form-width" method="get" action="/settings/who">
            <SelectField label=words.who_may_verb() name="verb" choices=actions selected=page.action.code() />
            <Field
                label=words.who_may_person()
                name="person"
                value=page.about.clone()
                hint=words.who_may_person_hint()
                autocomplete="off"
                mono=true
                required=true
            />
            <div class="actions">
                <button class="button primary">{words.who_may_ask()}</button>
            </div>
        </form>
        {answer}
    }
    .into_any()
}
