//! Messages on their way out: rendered from the facts of the moment, handed to the relay, and their fate written down.
//! The only place that knows lettre, SMTP and HTTP to elsewhere; nothing is decided here about who may be written to.

mod bounce;
mod brought_back;
mod email;
mod invitation;
mod left;
mod letter;
mod mailbox;
mod notice;
mod operator;
mod ours;
mod own_words;
mod pretend;
mod render;
mod reset;
mod security_report;
mod sentences;
mod sms;
mod wording;
pub mod worker;

pub use bounce::{DeliveryReport, LARGEST_REPORT, read_report};
pub use email::Mailer;
pub use invitation::{InvitationLetter, OfferedPlace, OneTimeCredentials, organisation};
pub use mailbox::{preview, waiting_mails};
pub use notice::NoticeLetter;
pub use operator::{OPERATOR_LANGUAGE, check_gateway, check_relay, send_at_once, send_test};
pub use ours::our_words;
pub use pretend::hand_over_to_nobody;
pub use render::{RenderError, Rendered, Rendering, Told, carries, render, render_test, render_told};
pub use reset::ResetLetter;
pub use sms::{GatewayCall, NotTheGateway, SmsReport, SmsSender, TextMessage, read_callback};
pub use wording::sample_text;
