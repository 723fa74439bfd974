//! The card: who this is, what can be done, the invitation while it waits, what is known, what happened.

use super::{LastFlash, access, facts, slip};
use crate::domain::audit::AuditAction;
use crate::domain::error::UseCaseError;
use crate::domain::handing::HandedLink;
use crate::domain::policy::Denied;
use crate::domain::user::{Status, UserAction};
use crate::server_fns::invitations::{Approve, CopyLink, FixAddress, HandOver, Remind, Resend, Withdraw};
use crate::server_fns::organisation::{Agree, DropProposal};
use crate::server_fns::security_reports::RequestReport;
use crate::server_fns::users::{
    AddPlace, Archive, Block, BringBack, ChangeRole, Delete, EditUser, RemovePlace, ResetPassword, Unblock,
};
use crate::ui::components::{Avatar, CopyField, ErrorSummary, Icon, Notice, StatusBar, Timeline, Tone};
use crate::ui::forms::plain::revision_field;
use crate::ui::pages::parts::{
    OfferedAction, ProposalRow, StatusChip, ViewOnly, action_label, actions_for, actions_menu, fix_address,
    hand_buttons, handed, history_entries, only_looks, person_name, waits_for_second, why_not, why_not_with,
};
use crate::ui::session::{now_resent, role_name_of, vocabulary, words};
use crate::view_models::{Happening, InvitationSummary, UserCard};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// What the menu beside the buttons offers; roles are changed where they stand, in the section of the access.
const MENU: [UserAction; 5] =
    [UserAction::Block, UserAction::Unblock, UserAction::Archive, UserAction::BringBack, UserAction::Delete];

/// The card of a person.
pub fn card(card: &UserCard, left: &LastFlash) -> impl IntoView + use<> {
    let words = words();
    let user = &card.user;
    let waiting = card.invitations.iter().enumerate().map(|(at, invitation)| waiting(card, at, invitation, left));
    let waiting = waiting.collect_view();
    let proposed: Vec<_> = card.proposals.iter().cloned().map(|row| view! { <ProposalRow row=row /> }).collect();
    let proposed = (!proposed.is_empty()).then(|| view! { <ul class="stack tight">{proposed}</ul> });
    // The address stands for a name that is not known yet.
    let heading = user.title().to_string();
    view! {
        <a class="back" href="/users">
            <Icon name="chevron-left" />
            {words.users()}
        </a>
        <div class="page-header">
            <div class="page-title">
                <Avatar name=user.name.clone() large=true />
                <h1>{heading}</h1>
                <StatusChip status=user.status until=user.until.clone() />
            </div>
            <div class="toolbar">
                {links(card, &[UserAction::Edit, UserAction::ResetPassword, UserAction::Report])}
                {actions_menu(user, &MENU)}
                <ViewOnly />
            </div>
            <p class="lead">{role_name_of(user)}</p>
        </div>
        {untouchable(card)}
        {answer(card, left)}
        {block(card)}
        {archived(card)}
        <div class="columns">
            <div class="stack">
                {waiting}
                {proposed}
                <section class="card" aria-labelledby="details">
                    <h2 id="details">{words.details()}</h2>
                    {facts::facts(card)}
                    {slip::waits(card)}
                </section>
                {access::section(card)}
            </div>
            <section class="card" aria-labelledby="history">
                <h2 id="history">{words.history()}</h2>
                <Timeline entries=history_entries(&card.history) />
            </section>
        </div>
    }
}

/// Actions as buttons that lead to their question.
fn links(card: &UserCard, wanted: &[UserAction]) -> impl IntoView + use<> {
    let button = |OfferedAction { href, icon, label, .. }| {
        view! {
            <a class="button" href=href data-noscroll="">
                <Icon name=icon />
                {label}
            </a>
        }
    };
    actions_for(&card.user, wanted).into_iter().map(button).collect_view()
}

/// Why somebody who changes others finds no button here.
fn untouchable(card: &UserCard) -> Option<AnyView> {
    let refusal = why_not(UserAction::Edit, &card.user).filter(|_| !only_looks())?;
    let words = words();
    if card.user.elsewhere && refusal == UseCaseError::Denied(Denied::NotAbove) {
        return Some(view! { <p class="muted">{words.stands_elsewhere()}</p> }.into_any());
    }
    Some(match refusal {
        UseCaseError::Denied(Denied::Yourself) => {
            view! { <p class="muted">{words.this_is_you()} " " <a href="/me">{words.my_profile()}</a></p> }.into_any()
        }
        refusal => view! { <p class="muted">{words.refusal(&refusal)}</p> }.into_any(),
    })
}

/// What became of the last form. A block can be taken back at once, and a deletion into the bin.
fn answer(card: &UserCard, left: &LastFlash) -> Option<AnyView> {
    let words = words();
    if let Some(refusal) = [CopyLink::PATH, HandOver::PATH, FixAddress::PATH, Agree::PATH, DropProposal::PATH]
        .iter()
        .find_map(|form| left.refusal(form))
    {
        return Some(view! { <ErrorSummary title=words.refusal(&refusal) /> }.into_any());
    }
    if let Some(password) = left.handed_password() {
        return slip::slip(card, password);
    }
    let done = left.done()?;
    if left.is_proposed() {
        return Some(view! { <Notice tone=Tone::Info>{words.access_proposed()}</Notice> }.into_any());
    }
    let taken_back = match done {
        Block::PATH => Some((UserAction::Unblock, Unblock::PATH, words.now_blocked(vocabulary(), card.user.title()))),
        Delete::PATH => Some((UserAction::BringBack, BringBack::PATH, words.now_binned(card.user.title()))),
        _ => None,
    };
    if let Some((back, form, text)) = taken_back
        && why_not(back, &card.user).is_none()
    {
        let id = card.user.id.to_string();
        let here = format!("/users/{id}");
        let revision = revision_field(&card.revision);
        return Some(
            view! {
                <StatusBar text=text>
                    <form method="post" action=form>
                        <input type="hidden" name="id" value=id />
                        {revision}
                        <button class="button">
                            <Icon name="undo" />
                            {words.undo()}
                        </button>
                    </form>
                    <a class="button" href=here rel="external">{words.close()}</a>
                </StatusBar>
            }
            .into_any(),
        );
    }
    let text = match done {
        EditUser::PATH => words.saved(),
        ChangeRole::PATH => words.role_changed(),
        Unblock::PATH => words.now_unblocked(vocabulary()),
        ResetPassword::PATH => words.reset_sent(),
        RequestReport::PATH => words.report_on_its_way(),
        // A first link makes no other one old.
        Resend::PATH if card.invitations.first().is_some_and(|first| first.resent.is_none()) => words.now_invited(),
        Resend::PATH => now_resent(),
        Remind::PATH => words.now_reminded(),
        Withdraw::PATH => words.now_withdrawn(),
        Archive::PATH => words.now_archived(),
        BringBack::PATH => words.now_back(),
        AddPlace::PATH => words.now_added(),
        RemovePlace::PATH => words.now_removed(),
        Approve::PATH => words.now_approved(),
        Agree::PATH => words.now_agreed(),
        DropProposal::PATH => words.now_dropped(),
        _ => return None,
    };
    Some(view! { <Notice tone=Tone::Ok>{text}</Notice> }.into_any())
}

/// By whom, when and why somebody is blocked.
fn block(card: &UserCard) -> Option<impl IntoView + use<>> {
    let words = words();
    (card.user.status == Status::Blocked).then(|| {
        let line = card.history.iter().find(|line| line.happening == Happening::AuditAction(AuditAction::Blocked));
        let when = line.map(|line| line.when.short.as_str()).unwrap_or_default();
        let who = card.blocked_by.as_ref().map(person_name);
        let title = words.shut_since(vocabulary(), who.as_deref(), when);
        let reason =
            (!card.block_reason.is_empty()).then(|| view! { <p class="pre-line">{card.block_reason.clone()}</p> });
        let next = next_step(card, UserAction::Unblock);
        view! { <Notice tone=Tone::Warn icon="ban" title=title>{reason} {next}</Notice> }
    })
}

/// That somebody has left or was deleted, and the way back.
fn archived(card: &UserCard) -> Option<impl IntoView + use<>> {
    let words = words();
    (card.user.status == Status::Archived).then(|| {
        let next = next_step(card, UserAction::BringBack);
        let (tone, icon, title) = match &card.erased {
            Some(erased) => (Tone::Warn, "trash", words.card_binned(&erased.short)),
            None => (Tone::Info, "archive", words.card_archived().to_string()),
        };
        view! { <Notice tone=tone icon=icon title=title>{next}</Notice> }
    })
}

/// The one thing to do next, for whoever may.
fn next_step(card: &UserCard, action: UserAction) -> Option<impl IntoView + use<>> {
    why_not(action, &card.user).is_none().then(|| view! { <div class="cluster">{links(card, &[action])}</div> })
}

/// An invitation that is not over: how far it is, and what can be done with it.
fn waiting(card: &UserCard, at: usize, invitation: &InvitationSummary, left: &LastFlash) -> impl IntoView + use<> {
    let words = words();
    let user = &card.user;
    let when = invitation.created.short.as_str();
    let by = match &invitation.invited_by {
        _ if invitation.status == Status::NotInvited => words.card_not_invited().into(),
        Some(person) => words.card_invited_by(&person_name(person), when),
        None => words.card_invited_at(when),
    };
    let resent = invitation
        .resent
        .clone()
        .map(|resent| view! { " "<span title=resent.exact>{words.card_sent_again(&resent.short)}</span> });
    let reminded = invitation
        .reminded
        .clone()
        .map(|reminded| view! { " "<span title=reminded.exact>{words.card_reminded(&reminded.short)}</span> });
    let until = invitation
        .until
        .clone()
        .map(|until| view! { " "<span title=until.exact>{words.card_link_until(&until.short)}</span> });
    let offer = invitation.offer();
    let may = |action| why_not_with(action, &offer).is_none();
    let link = |action: UserAction, icon: &'static str| {
        may(action).then(|| {
            let href = format!("/users/{}?do={}&invitation={}", user.id, action.code(), invitation.id);
            view! {
                <a class="button" href=href data-noscroll="">
                    <Icon name=icon />
                    {action_label(action, invitation.status)}
                </a>
            }
        })
    };
    let copy = may(UserAction::CopyLink).then(|| {
        view! {
            <form method="post" action=CopyLink::PATH>
                <input type="hidden" name="id" value=invitation.id.to_string() />
                {revision_field(&invitation.revision)}
                <button class="button">
                    <Icon name="link" />
                    {words.copy_link()}
                </button>
            </form>
        }
    });
    let ways = may(UserAction::CopyLink).then(|| hand_buttons(invitation.id.as_str(), &invitation.revision));
    let handed = left.link(&invitation.id).map(|link| {
        let (shown, focus) = match HandedLink::read(&link) {
            Some(read) => (handed(read, user.title()), ""),
            None => {
                let label = words.link_for(user.title());
                let field = view! {
                    <CopyField id="link" label=label value=link copy=words.copy() copied=words.copied() />
                    <p class="hint">{words.invitation_link_hint()}</p>
                };
                (field.into_any(), "copy")
            }
        };
        view! { <div class="stack tight" tabindex="-1" data-focus=focus>{shown}</div> }
    });
    let is_beside_others = card.invitations.len() > 1 || !card.user.also_offered.is_empty();
    let offers = (is_beside_others || card.user.held.len() > invitation.held.len())
        .then(|| view! { <p>{access::offered(&invitation.held)}</p> });
    let proposed = waits_for_second(&invitation.proposed_by);
    let heading = format!("invitation-{at}");
    let labelled_by = heading.clone();
    view! {
        <section class="card" aria-labelledby=labelled_by>
            <div class="section-head">
                <h2 id=heading>{words.invitation()}</h2>
                <StatusChip status=invitation.status until=None />
            </div>
            <p class="muted">{by} {resent} {reminded} {until}</p>
            {offers}
            {proposed}
            <div class="toolbar">
                {link(UserAction::Approve, "check")}
                {link(UserAction::Resend, "send")}
                {link(UserAction::Remind, "clock")}
                {copy}
                {ways}
                {link(UserAction::Withdraw, "undo")}
            </div>
            {fix_address(invitation)}
            {handed}
            <Timeline entries=history_entries(&invitation.history) />
        </section>
    }
}
