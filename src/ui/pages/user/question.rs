//! What is asked before something is done to a person, on their card and over the table. Each says what will happen; Cancel has
//! the focus.

use super::{LastFlash, access};
use crate::domain::authorization::AuthorizationMethod;
use crate::domain::error::UseCaseError;
use crate::domain::listing::HeldRole;
use crate::domain::membership::Standing;
use crate::domain::permission::{Permission, Permissions};
use crate::domain::policy::{Request, decide};
use crate::domain::role::Role;
use crate::domain::user::{Status, UserAction};
use crate::server_fns::invitations::{Approve, CopyLink, Remind, Resend, Withdraw};
use crate::server_fns::security_reports::RequestReport;
use crate::server_fns::users::{
    AddPlace, Archive, Block, BringBack, ChangeRole, Delete, RemovePlace, ResetPassword, Unblock,
};
use crate::ui::components::{CheckField, Choice, Dialog, DialogActions, ErrorSummary, Field, RadioGroup, TextField};
use crate::ui::forms::plain::revision_field;
use crate::ui::pages::parts::{
    fix_address_form, given_by_two, may_fix_address, people_names, why_not, why_not_at, why_not_with,
};
use crate::ui::pages::units::picker;
use crate::ui::session::{speaks_of, viewer, vocabulary, words};
use crate::view_models::{CardQuery, OpenOffer, UnitChoices, UserQuestion, UserSummary};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// The server function that does it; nothing for what is not asked.
pub fn form_of(action: UserAction) -> Option<&'static str> {
    Some(match action {
        UserAction::See | UserAction::Edit => return None,
        UserAction::ChangeRole => ChangeRole::PATH,
        UserAction::AddPlace => AddPlace::PATH,
        UserAction::RemovePlace => RemovePlace::PATH,
        UserAction::Block => Block::PATH,
        UserAction::Unblock => Unblock::PATH,
        UserAction::Archive => Archive::PATH,
        UserAction::BringBack => BringBack::PATH,
        UserAction::Delete => Delete::PATH,
        UserAction::ResetPassword => ResetPassword::PATH,
        UserAction::Approve => Approve::PATH,
        UserAction::Resend => Resend::PATH,
        UserAction::Remind => Remind::PATH,
        UserAction::Withdraw => Withdraw::PATH,
        UserAction::CopyLink => CopyLink::PATH,
        UserAction::Report => RequestReport::PATH,
    })
}

/// Title, explanation and button.
fn texts(
    action: UserAction,
    facts: &UserQuestion,
    held: Option<&HeldRole>,
    offer: Option<&OpenOffer>,
) -> (String, String, String) {
    let words = words();
    let (name, address, user_status) = (facts.user.title(), facts.user.identifier(), facts.user.status);
    let unit = held.map(|held| held.unit.as_str()).unwrap_or_default();
    let verb = words.action_in(vocabulary(), action);
    let with_shifts = |text: String| match facts.shifts_ahead {
        0 => text,
        n => format!("{text} {}", words.leaves_shifts(n)),
    };
    match action {
        UserAction::Block => {
            (words.ask_verb(verb, name), with_shifts(words.tell_block(name)), words.do_verb(verb, name))
        }
        UserAction::Unblock => {
            let text = match viewer().with_value(|viewer| viewer.plans_shifts) {
                true => format!("{} {}", words.tell_unblock(name), words.shifts_stay_empty()),
                false => words.tell_unblock(name),
            };
            (words.ask_verb(verb, name), text, words.do_verb(verb, name))
        }
        UserAction::Archive => (words.ask_archive(name), with_shifts(words.tell_archive(name)), words.do_archive(name)),
        UserAction::BringBack if facts.had_left_before => {
            (words.ask_bring_back(name), words.tell_back_into_archive(name), words.do_bring_back(name))
        }
        UserAction::BringBack => (words.ask_bring_back(name), words.tell_bring_back(name), words.do_bring_back(name)),
        UserAction::Delete if let Some(until) = &facts.kept_until => {
            (words.ask_delete(name), with_shifts(words.tell_bin(name, &until.short)), words.do_bin(name))
        }
        UserAction::Delete => {
            (words.ask_delete(name), with_shifts(words.tell_delete().into()), words.delete_forever().into())
        }
        UserAction::ResetPassword if is_handed(&facts.user) => {
            (words.ask_hand_password(name), words.tell_hand_password().into(), words.do_hand_password().into())
        }
        UserAction::ResetPassword => (words.ask_reset(name), words.tell_reset(address), words.do_reset().into()),
        UserAction::Withdraw => (words.ask_withdraw(name), words.tell_withdraw().into(), words.do_withdraw().into()),
        UserAction::Resend if offer.map_or(user_status, |offer| offer.status) == Status::NotInvited => {
            (words.ask_invite(name), words.tell_invite(address), words.do_invite().into())
        }
        UserAction::Resend => (words.ask_resend(name), tell_resend(address), words.do_resend().into()),
        UserAction::Remind => (words.ask_remind(name), words.tell_remind(address), words.do_remind().into()),
        UserAction::CopyLink => (words.ask_link(name), words.tell_link(name), words.do_link().into()),
        UserAction::ChangeRole => (words.ask_role_at(name, unit), words.tell_role().into(), words.change_role().into()),
        UserAction::RemovePlace if held.is_some_and(is_taken_by_two) => {
            (words.ask_remove(name, unit), words.second_agrees_first().into(), words.propose_removal().into())
        }
        UserAction::RemovePlace => (words.ask_remove(name, unit), words.tell_remove(unit), words.do_remove(unit)),
        UserAction::AddPlace => {
            let text =
                if facts.is_unproven { words.tell_add_place_by_letter(address) } else { words.tell_add_place().into() };
            (words.ask_add_place(name), text, words.do_add_place().into())
        }
        UserAction::Approve => {
            let who = offer.map(|offer| people_names(&offer.proposed_by)).unwrap_or_default();
            let what = offer.map(|offer| access::offered(&offer.held)).unwrap_or_default();
            (words.ask_approve(name), words.tell_approve(&who, &what), words.do_approve().into())
        }
        UserAction::Report => {
            let own = viewer().with_value(|viewer| viewer.address.clone());
            (words.ask_report(name), words.tell_report(&own), words.do_report().into())
        }
        UserAction::See | UserAction::Edit => Default::default(),
    }
}

/// Whether a new password of this person is handed over, and no link to one sent.
pub fn is_handed(user: &UserSummary) -> bool {
    AuthorizationMethod::of(user.email.as_deref(), user.login.as_deref()) == AuthorizationMethod::Login
}

/// What a question knows beside the person.
#[derive(Default)]
pub struct QuestionContext<'a> {
    /// Which place or invitation of theirs is meant.
    pub asked: CardQuery,
    /// What can be chosen from, where a unit is chosen.
    pub units: Option<UnitChoices>,
    /// What the last form left, where the page loads anew.
    pub left: Option<&'a LastFlash>,
    /// Why it was refused, where the page stays.
    pub refused: Option<RwSignal<Option<UseCaseError>>>,
}

fn refusal_view(refusal: UseCaseError) -> impl IntoView {
    view! { <ErrorSummary title=words().refusal(&refusal) /> }
}

/// The question, or why it need not be asked.
pub fn ask(action: UserAction, facts: &UserQuestion, context: QuestionContext<'_>) -> Option<AnyView> {
    let QuestionContext { asked, units, left, refused: refused_in_place } = context;
    let nothing_left = LastFlash::default();
    let left = left.unwrap_or(&nothing_left);
    let words = words();
    let form = form_of(action)?;
    let user = &facts.user;
    let back = format!("/users/{}", user.id);
    let is_meant = |held: &&HeldRole| asked.unit.as_ref().is_none_or(|unit| &held.place.unit.id() == unit);
    let held = user.held.iter().filter(is_meant).find(|held| why_not_at(action, user, held).is_none());
    let held = held.or_else(|| user.held.iter().find(is_meant));
    let offer =
        facts.offers.iter().find(|offer| offer.id.as_str() == asked.invitation).or_else(|| facts.offers.first());
    let refused = match action {
        UserAction::ChangeRole | UserAction::RemovePlace => held.and_then(|held| why_not_at(action, user, held)),
        action if action.is_about_an_invitation() => match offer {
            Some(offer) => why_not_with(action, offer),
            None => why_not(action, user),
        },
        _ => why_not(action, user),
    };
    let (title, text, button) = texts(action, facts, held, offer);
    if let Some(refusal) = refused {
        return Some(
            view! {
                <Dialog id="question" title=words.refusal_title(&refusal) text=words.refusal(&refusal)>
                    <DialogActions cancel_href=back cancel=words.close()>""</DialogActions>
                </Dialog>
            }
            .into_any(),
        );
    }
    let refusal = match refused_in_place {
        Some(refused) => (move || refused.get().map(refusal_view)).into_any(),
        None => left.refusal(form).map(refusal_view).into_any(),
    };
    let (fields, class) = match action {
        UserAction::Block => (reason(left), "button danger"),
        UserAction::Delete if facts.kept_until.is_none() => (confirmation(facts, left), "button danger"),
        UserAction::Delete | UserAction::Withdraw | UserAction::Archive | UserAction::RemovePlace => {
            (().into_any(), "button danger")
        }
        UserAction::ChangeRole => (held.map(|held| roles(facts, held, left)).into_any(), "button primary"),
        UserAction::AddPlace => {
            (further(left, units.as_ref(), user.status == Status::Active).into_any(), "button primary")
        }
        _ => (().into_any(), "button primary"),
    };
    let about = match action {
        action if action.is_about_an_invitation() => offer.map(|offer| offer.id.to_string()),
        _ => Some(user.id.to_string()),
    };
    let revision = match action {
        action if action.is_about_an_invitation() => offer.map(|offer| &offer.revision),
        UserAction::ResetPassword | UserAction::Report => None,
        _ => Some(&facts.revision),
    };
    let revision = revision.map(revision_field);
    let unit = held.filter(|_| matches!(action, UserAction::ChangeRole | UserAction::RemovePlace)).map(|held| {
        view! { <input type="hidden" name="unit" value=held.place.unit.id().to_string() /> }
    });
    let cancel = if action == UserAction::Withdraw { words.keep() } else { words.cancel() };
    let instead = (action == UserAction::Delete && user.status == Status::Active)
        .then(|| view! { <a class="button" href=format!("{back}?do=block")>{words.block_instead(words.action_in(vocabulary(), UserAction::Block))}</a> });
    let read = (action == UserAction::Report)
        .then(|| view! { <a class="button" href=format!("{back}/report")>{words.report_read_here()}</a> });
    let search = (action == UserAction::AddPlace)
        .then(|| units.as_ref().map(|units| picker::search(&back, &[("do", action.code())], units)).into_any());
    let is_wide = matches!(action, UserAction::ChangeRole | UserAction::AddPlace);
    Some(
        view! {
            <Dialog id="question" title=title text=text wide=is_wide>
                {refusal}
                {search}
                <form method="post" action=form>
                    <input type="hidden" name="id" value=about.unwrap_or_default() />
                    {revision}
                    {unit}
                    {fields}
                    <DialogActions cancel_href=back cancel=cancel>
                        {instead}
                        {read}
                        <button class=class>{button}</button>
                    </DialogActions>
                </form>
            </Dialog>
        }
        .into_any(),
    )
}

/// The same for the address of the newest open invitation; nothing where there is none that can be put right.
pub fn ask_address(facts: &UserQuestion, refused: Option<RwSignal<Option<UseCaseError>>>) -> Option<AnyView> {
    let words = words();
    let back = format!("/users/{}", facts.user.id);
    let offer = facts.offers.iter().find(|offer| may_fix_address(offer))?;
    let refusal = refused.map(|refused| move || refused.get().map(refusal_view));
    let buttons = view! {
        <DialogActions cancel_href=back cancel=words.cancel()>
            <button class="button primary">{words.fix_address_send()}</button>
        </DialogActions>
    };
    let form = fix_address_form(offer, refused, buttons.into_any());
    Some(view! { <Dialog id="question" title=words.fix_title(facts.user.title())>{refusal} {form}</Dialog> }.into_any())
}

fn reason(left: &LastFlash) -> AnyView {
    let words = words();
    let typed = left.typed_or(Block::PATH, "reason", "");
    view! { <TextField label=words.reason() name="reason" rows=2 value=typed hint=words.reason_hint() /> }.into_any()
}

fn confirmation(facts: &UserQuestion, left: &LastFlash) -> AnyView {
    let label = words().type_to_confirm(facts.user.identifier());
    let typed = left.typed_or(Delete::PATH, "typed", "");
    view! { <Field label=label name="typed" value=typed required=true mono=true autocomplete="off" /> }.into_any()
}

/// The roles that this person can be given here, each with its meaning, and the extra permissions.
fn roles(facts: &UserQuestion, held: &HeldRole, left: &LastFlash) -> AnyView {
    let words = words();
    let user_id = &facts.user.id;
    let given: Vec<Role> = viewer().with_value(|viewer| {
        let may_be = |to| {
            let ask = Request::Change { user_id, place: &held.place, to, extra: Permissions::NONE };
            decide(&viewer.authority, ask).is_allowed()
        };
        viewer.roles.iter().filter(|role| may_be(&role.id)).cloned().collect()
    });
    let others: Vec<Role> = given.iter().filter(|role| role.id != held.place.role).cloned().collect();
    let two = match held.standing {
        _ if is_taken_by_two(held) => Some(view! { <p class="hint">{words.second_agrees_first()}</p> }.into_any()),
        // An offer waits by itself.
        Standing::Offered => None,
        _ => given_by_two(&others),
    };
    let chosen = left.typed_or(ChangeRole::PATH, "role", held.place.role.as_str());
    let offered = viewer().with_value(|viewer| viewer.authority.extras_to_give(&held.place.unit, &held.place.role));
    view! {
        <RadioGroup legend=words.role() name="role" choices=choices(&given) selected=chosen required=true />
        {two}
        {extras(offered, held.place.extra)}
    }
    .into_any()
}

/// Whether a second administrator has to agree before somebody loses the role that they hold there (rule 53).
fn is_taken_by_two(held: &HeldRole) -> bool {
    let is_kept = viewer().with_value(|viewer| viewer.role(&held.place.role).is_some_and(|role| role.losing_takes_two));
    let is_in = matches!(held.standing, Standing::Active | Standing::Blocked);
    is_kept && is_in
}

/// The extra permissions that somebody may give, those that are given ticked.
pub fn extras(offered: Permissions, given: Permissions) -> Option<AnyView> {
    let words = words();
    (!offered.is_empty()).then(|| {
        let tick = |permission: Permission| {
            view! {
                <CheckField
                    id=format!("extra-{}", permission.code().replace('.', "-"))
                    name="extra[]"
                    value=permission.code()
                    label=words.permission_in(vocabulary(), permission)
                    checked=given.has(permission)
                />
            }
        };
        let open = !given.is_empty();
        // What is not spoken of stays as it is.
        let kept = offered.iter().filter(|permission| given.has(*permission) && !speaks_of(permission));
        let kept = kept.map(|one| view! { <input type="hidden" name="extra[]" value=one.code() /> });
        view! {
            <details open=open>
                <summary>{words.extra_permissions()}</summary>
                <p class="hint">{words.extra_permissions_hint()}</p>
                <input type="hidden" name="extras" value="on" />
                <div class="choices">{offered.iter().filter(speaks_of).map(tick).collect_view()}</div>
                {kept.collect_view()}
            </details>
        }
        .into_any()
    })
}

/// Roles to choose from, each with its meaning.
fn choices(roles: &[Role]) -> Vec<Choice> {
    let words = words();
    let choice = |role: &Role| Choice::new(role.id.as_str(), words.role_name(role)).meaning(words.role_sentence(role));
    roles.iter().map(choice).collect()
}

/// A further unit, and a role in it; `is_in` says that it would count at once.
fn further(left: &LastFlash, units: Option<&UnitChoices>, is_in: bool) -> impl IntoView + use<> {
    let words = words();
    let given: Vec<Role> = viewer().with_value(|viewer| {
        viewer.roles.iter().filter(|role| viewer.authority.may_give_somewhere(&role.id)).cloned().collect()
    });
    view! {
        {units.map(|units| picker::one("unit", words.unit(), units, &left.typed_or(AddPlace::PATH, "unit", "")))}
        <RadioGroup
            legend=words.role()
            name="role"
            choices=choices(&given)
            selected=left.typed_or(AddPlace::PATH, "role", "")
            required=true
        />
        {is_in.then(|| given_by_two(&given))}
    }
}

/// What sending an invitation again does to its link.
fn tell_resend(address: &str) -> String {
    match viewer().with_value(|viewer| viewer.extends_links) {
        true => words().tell_resend_same(address),
        false => words().tell_resend(address),
    }
}
