//! What is asked before something is done to a person. Each says what will happen; Cancel has the focus.

use super::Left;
use crate::domain::id::RoleId;
use crate::domain::listing::UserCard;
use crate::domain::policy::{Ask, decide};
use crate::domain::user::{Status, Verb};
use crate::server_fns::invitations::{CopyLink, Resend, Withdraw};
use crate::server_fns::users::{Block, ChangeRole, Delete, ResetPassword, Unblock};
use crate::ui::components::{Choice, Dialog, DialogActions, ErrorSummary, Field, RadioGroup, TextField};
use crate::ui::pages::parts::why_not;
use crate::ui::session::{viewer, words};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// What the card may be asked to do; `code` stands in its address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    Block,
    Unblock,
    Delete,
    Reset,
    Withdraw,
    Resend,
    Role,
    Copy,
}

impl Question {
    pub fn from_code(code: &str) -> Option<Self> {
        Some(match code {
            "block" => Self::Block,
            "unblock" => Self::Unblock,
            "delete" => Self::Delete,
            "reset" => Self::Reset,
            "withdraw" => Self::Withdraw,
            "resend" => Self::Resend,
            "role" => Self::Role,
            "copy" => Self::Copy,
            _ => return None,
        })
    }

    fn verb(self) -> Verb {
        match self {
            Self::Block => Verb::Block,
            Self::Unblock => Verb::Unblock,
            Self::Delete => Verb::Delete,
            Self::Reset => Verb::ResetPassword,
            Self::Withdraw => Verb::Withdraw,
            Self::Resend => Verb::Resend,
            Self::Role => Verb::ChangeRole,
            Self::Copy => Verb::CopyLink,
        }
    }

    /// The server function that does it.
    fn form(self) -> &'static str {
        match self {
            Self::Block => Block::PATH,
            Self::Unblock => Unblock::PATH,
            Self::Delete => Delete::PATH,
            Self::Reset => ResetPassword::PATH,
            Self::Withdraw => Withdraw::PATH,
            Self::Resend => Resend::PATH,
            Self::Role => ChangeRole::PATH,
            Self::Copy => CopyLink::PATH,
        }
    }

    /// Title, what will happen, and the word on the button.
    fn texts(self, name: &str, address: &str) -> (String, String, String) {
        let words = words();
        match self {
            Self::Block => (words.ask_block(name), words.tell_block(name), words.do_block(name)),
            Self::Unblock => (words.ask_unblock(name), words.tell_unblock(name), words.do_unblock(name)),
            Self::Delete => (words.ask_delete(name), words.tell_delete().into(), words.delete_forever().into()),
            Self::Reset => (words.ask_reset(name), words.tell_reset(address), words.do_reset().into()),
            Self::Withdraw => (words.ask_withdraw(name), words.tell_withdraw().into(), words.do_withdraw().into()),
            Self::Resend => (words.ask_resend(name), words.tell_resend(address), words.do_resend().into()),
            Self::Role => (words.ask_role(name), words.tell_role().into(), words.change_role().into()),
            Self::Copy => (words.ask_link(name), words.tell_link(name), words.do_link().into()),
        }
    }
}

/// The question, or why it need not be asked.
pub fn ask(question: Question, card: &UserCard, left: &Left) -> AnyView {
    let words = words();
    let user = &card.user;
    let back = format!("/users/{}", user.id);
    let (title, text, button) = question.texts(user.title(), user.identifier());
    if let Some(refusal) = why_not(question.verb(), user) {
        return view! {
            <Dialog id="question" title=words.refusal_title(&refusal) text=words.refusal(&refusal)>
                <DialogActions cancel_href=back cancel=words.close()>""</DialogActions>
            </Dialog>
        }
        .into_any();
    }
    let form = question.form();
    let refusal = left.refusal(form).map(|refusal| view! { <ErrorSummary title=words.refusal(&refusal) /> });
    let (fields, class) = match question {
        Question::Block => (reason(left), "button danger"),
        Question::Delete => (confirmation(card, left), "button danger"),
        Question::Withdraw => (().into_any(), "button danger"),
        Question::Role => (roles(card, left), "button primary"),
        _ => (().into_any(), "button primary"),
    };
    let cancel = if question == Question::Withdraw { words.keep() } else { words.cancel() };
    let instead = (question == Question::Delete && user.status != Status::Blocked)
        .then(|| view! { <a class="button" href=format!("{back}?do=block")>{words.block_instead()}</a> });
    let id = user.id.to_string();
    view! {
        <Dialog id="question" title=title text=text>
            {refusal}
            <form method="post" action=form>
                <input type="hidden" name="id" value=id />
                {fields}
                <DialogActions cancel_href=back cancel=cancel>
                    {instead}
                    <button class=class>{button}</button>
                </DialogActions>
            </form>
        </Dialog>
    }
    .into_any()
}

fn reason(left: &Left) -> AnyView {
    let words = words();
    let typed = left.typed_or(Block::PATH, "reason", "");
    view! { <TextField label=words.reason() name="reason" rows=2 value=typed hint=words.reason_hint() /> }.into_any()
}

fn confirmation(card: &UserCard, left: &Left) -> AnyView {
    let label = words().type_to_confirm(card.user.identifier());
    let typed = left.typed_or(Delete::PATH, "typed", "");
    view! { <Field label=label name="typed" value=typed required=true mono=true autocomplete="off" /> }.into_any()
}

/// The roles that this person can be given, each with its meaning.
fn roles(card: &UserCard, left: &Left) -> AnyView {
    let words = words();
    let user = &card.user;
    let choices: Vec<Choice> = viewer().with_value(|viewer| {
        let may_be = |to: &RoleId| {
            let ask = Ask::ChangeRole { user_id: &user.id, places: &user.places, to };
            decide(&viewer.authority, ask).is_allowed()
        };
        let roles = viewer.roles.iter().filter(|role| may_be(&role.id));
        roles
            .map(|role| Choice::new(role.id.as_str(), words.role_name(role)).meaning(words.role_meaning(role)))
            .collect()
    });
    let present = user.places.first().map_or("", |place| place.role.as_str());
    let chosen = left.typed_or(ChangeRole::PATH, "role", present);
    view! { <RadioGroup legend=words.role() name="role" choices=choices selected=chosen required=true /> }.into_any()
}
