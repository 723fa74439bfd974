//! Messages on their way out: rendered from the facts of the moment, handed to the relay, and their fate written down.
//! The only place that knows lettre, SMTP and HTTP to elsewhere; nothing is decided here about who may be written to.

mod email;
mod invitation;
mod letter;
mod mailbox;
mod operator;
mod render;
mod sentences;
mod sms;
mod wording;
pub mod worker;

pub use email::Mailer;
pub use invitation::{InvitationLetter, OfferedPlace, organisation, our_words};
pub use mailbox::{preview, waiting_mails};
pub use operator::{OPERATOR_LANGUAGE, check_gateway, check_relay, send_at_once, send_test};
pub use render::{RenderError, Rendered, Rendering, render, render_invitation, render_test};
pub use sms::{SmsSender, TextMessage};
pub use wording::sample_text;
