//! The review list of the invite form: one row per person with its verdict, and the rules by which a row may be sent.
//! Warnings never block; they ask once. What cannot be sent stays, and nothing typed is lost.

use super::address_guard::is_great_provider;
use super::coded::coded;
use super::contact::{Address, CallingCode, Channel, Email, PhoneProblem, appearance};
use super::id::{DraftId, InvitationId, RoleId, UnitId, UserId};
use super::message::Rest;
use super::paste::{PasteProblem, Pasted, PastedKind, number_problem, read_paste};
use super::permission::Permissions;
use super::settings::InvitesBy;
use super::timestamp::{Duration, Timestamp};
use super::typed;
use super::unicode::{is_mark, nfkd};
use super::user::Status;
use crate::words::Language;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The most people who are invited while their form waits for the answer; more are invited by a job. Also the most rows that a
/// page shows: the others are kept, and go with them.
pub const MOST_AT_ONCE: usize = 200;

/// The most people of one invite form.
pub const MOST_IN_A_FORM: usize = 10_000;

/// What is thought of a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verdict {
    Ready,
    /// Probably a slip: `meant` is the address that was probably meant.
    Misspelt {
        meant: String,
    },
    /// Very close to somebody known: `title` and `address` say to whom.
    Similar {
        title: String,
        address: String,
    },
    /// The domain cannot receive e-mail, as the domain name system says.
    NoMailServer {
        domain: String,
    },
    /// In the unit already: something else is to be done about this person.
    Known {
        user_id: UserId,
        title: String,
        status: Status,
    },
    /// Within the inviter's reach, and not in the unit yet: the invitation asks the person to join.
    Joins {
        user_id: UserId,
        title: String,
        status: Status,
    },
    /// Not an address; `repair` is what was probably meant.
    Broken {
        problem: PasteProblem,
        repair: Option<String>,
    },
    /// A phone number, where invitations go by e-mail alone (rule 25).
    Phone,
    /// A phone number that its country does not seem to have.
    DoubtfulPhone(PhoneProblem),
    /// Nothing stands against the row but that it has to wait; sending the form again tries it again.
    Rests(Rest),
    /// The number is that of somebody else of the same form.
    SameNumber {
        title: String,
        address: String,
    },
    /// The list says a role that nobody here knows by this name, or that whoever invites may not give there.
    OtherRole {
        text: String,
    },
    /// The list says another unit than the one to which the form invites.
    OtherUnit {
        text: String,
    },
}

impl Verdict {
    /// That the domain of an address cannot receive e-mail, written as people read it.
    pub fn no_mail_server(email: &Email) -> Self {
        Self::NoMailServer { domain: email.domain_in_letters() }
    }

    /// Whether the row goes as it is.
    pub fn is_ready(&self) -> bool {
        matches!(self, Self::Ready | Self::Joins { .. })
    }

    /// How the row is counted.
    pub fn kind(&self) -> RowKind {
        match self {
            Self::Ready | Self::Joins { .. } => RowKind::Ready,
            Self::Broken { .. } | Self::Phone => RowKind::ToFix,
            Self::Known { .. } => RowKind::Here,
            Self::Rests(_) => RowKind::Later,
            Self::Misspelt { .. }
            | Self::Similar { .. }
            | Self::NoMailServer { .. }
            | Self::DoubtfulPhone(_)
            | Self::SameNumber { .. }
            | Self::OtherRole { .. }
            | Self::OtherUnit { .. } => RowKind::ToCheck,
        }
    }

    /// Whether the person at the form has to choose, and may insist.
    pub fn asks(&self) -> bool {
        self.kind() == RowKind::ToCheck
    }

    /// What a row sends along that was shown with this question: by it an answer is known for the answer to it.
    pub fn question(&self) -> &'static str {
        match self {
            Self::OtherRole { .. } => ASKED_ROLE,
            Self::OtherUnit { .. } => ASKED_UNIT,
            _ => ASKED_ADDRESS,
        }
    }
}

/// How a form writes what it asked last: first it asks about the address, then about the role, then about the unit.
pub const ASKED_ADDRESS: &str = "on";
pub const ASKED_ROLE: &str = "role";
pub const ASKED_UNIT: &str = "unit";

/// What a list says of somebody besides name, address and number.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowSaid {
    /// The text of a role, as long as it is not known which one it means.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// The text of a unit, as long as nobody said that another one is meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Whatever else: shown, and not used.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unused: Vec<String>,
}

impl RowSaid {
    /// What stood beside an entry of a paste.
    pub fn of(pasted: &Pasted) -> Self {
        let is_said = |text: &String| !text.trim().is_empty();
        Self {
            role: pasted.beside.role.clone().filter(is_said),
            unit: pasted.beside.unit.clone().filter(is_said),
            unused: pasted.unused(),
        }
    }

    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Whether the text of a unit means the one that is called so: `Class 5A` means `5A`.
pub fn names_unit(text: &str, name: &str) -> bool {
    let (text, name) = (appearance(text), appearance(name));
    !name.is_empty() && format!(" {text} ").contains(&format!(" {name} "))
}

/// What is to be done about a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowKind {
    Ready,
    ToCheck,
    ToFix,
    /// Already here.
    Here,
    /// Nothing, but to wait.
    Later,
}

/// How many rows there are of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowCounts {
    pub ready: usize,
    pub to_check: usize,
    pub to_fix: usize,
    pub here: usize,
    pub later: usize,
}

impl RowCounts {
    /// Counts some more of a kind.
    pub fn add(&mut self, kind: RowKind, rows: usize) {
        *match kind {
            RowKind::Ready => &mut self.ready,
            RowKind::ToCheck => &mut self.to_check,
            RowKind::ToFix => &mut self.to_fix,
            RowKind::Here => &mut self.here,
            RowKind::Later => &mut self.later,
        } += rows;
    }

    /// All of them.
    pub fn all(self) -> usize {
        self.ready + self.to_check + self.to_fix + self.here + self.later
    }

    /// The same without some.
    #[must_use]
    pub fn without(self, other: Self) -> Self {
        Self {
            ready: self.ready.saturating_sub(other.ready),
            to_check: self.to_check.saturating_sub(other.to_check),
            to_fix: self.to_fix.saturating_sub(other.to_fix),
            here: self.here.saturating_sub(other.here),
            later: self.later.saturating_sub(other.later),
        }
    }
}

impl<'a> FromIterator<&'a ReviewRow> for RowCounts {
    fn from_iter<T: IntoIterator<Item = &'a ReviewRow>>(rows: T) -> Self {
        let mut counts = Self::default();
        for row in rows {
            counts.add(row.verdict.kind(), 1);
        }
        counts
    }
}

/// What came of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowOutcome {
    /// Nobody has judged it yet.
    ToCome,
    /// It was put aside, or only looked at.
    Aside(Verdict),
    Invited(InvitationId),
}

coded! {
    /// Why the rest of a round was not sent.
    /// Its code is what the round keeps.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
    pub enum RoundStop {
        /// The inviter may not invite there any more, or not to this role.
        Rights = "rights",
        /// The unit was closed, or it or the role is gone.
        Place = "place",
        /// Something broke on our side, again and again.
        Broken = "broken",
        /// Somebody wanted it so.
        Asked = "asked",
    }
}

/// How far a round is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoundProgress {
    pub done: usize,
    pub all: usize,
}

/// A row as it comes from the form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WishedRow {
    /// What was typed at first.
    #[serde(default)]
    pub typed: String,
    /// What was chosen or typed since; missing while a choice is open.
    #[serde(default)]
    pub address: Option<String>,
    #[serde(default)]
    pub name: String,
    /// A number beside the address.
    #[serde(default)]
    pub phone: String,
    /// The number that was offered in its place, and chosen.
    #[serde(default)]
    pub number: Option<String>,
    /// What the list said of the role and the unit, as long as it is asked about.
    #[serde(default)]
    pub said_role: String,
    #[serde(default)]
    pub said_unit: String,
    /// A role of its own; empty: that of the whole form.
    #[serde(default)]
    pub role: String,
    /// The warning was shown with this row, so a chosen address is meant; which one, [`Verdict::question`] says.
    #[serde(default)]
    pub asked: Option<String>,
    /// The row was taken out.
    #[serde(default)]
    pub dropped: Option<String>,
    /// Its place among those that are kept.
    #[serde(default)]
    pub position: Option<i64>,
}

/// A row with its verdict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewRow {
    /// Its place among those that are kept.
    pub position: i64,
    pub typed: String,
    pub name: String,
    /// A number beside the address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    pub role: Option<RoleId>,
    #[serde(default, skip_serializing_if = "RowSaid::is_empty")]
    pub said: RowSaid,
    pub verdict: Verdict,
}

/// Somebody to whom an invitation was made just now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentRow {
    pub user_id: UserId,
    pub invitation: InvitationId,
    pub address: String,
    /// The other address that they are invited by, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other: Option<String>,
    /// It waits for a second administrator (rule 53).
    #[serde(default)]
    pub awaits_approval: bool,
}

/// What stands in an invite form between two requests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InviteDraft {
    /// At most [`MOST_AT_ONCE`]; of more those that are not ready.
    pub rows: Vec<ReviewRow>,
    /// How many rows are kept besides.
    pub more: RowCounts,
    /// The first of those to whom an invitation was made.
    pub sent: Vec<SentRow>,
    /// How many these are in all.
    pub sent_in_all: usize,
    /// Until when what was sent can be taken back; nothing leaves before.
    pub held_until: Option<Timestamp>,
    /// While a job is at it.
    pub progress: Option<RoundProgress>,
    /// Why the job did not go on.
    pub stopped: Option<RoundStop>,
    /// Those that were chosen by hand; where none was, the proposed one is meant.
    pub units: Vec<UnitId>,
    /// The unit that the form proposed.
    pub proposed: Option<UnitId>,
    pub role: Option<RoleId>,
    /// Extra permissions on top of the role (rule 59).
    pub extra: Permissions,
    pub language: Language,
    pub personal_text: String,
    /// How long the links work; nothing is as usual.
    #[serde(default)]
    pub valid_for: Option<Duration>,
    /// Entries that were tidied up without changing their meaning.
    pub cleaned: usize,
    /// Entries that repeated another one.
    pub folded: usize,
    /// What stands in the text field.
    pub rest: String,
    /// What the list said of its people and is not used, a line for each.
    #[serde(default)]
    pub unused: Vec<String>,
    /// What was made of it was only added (rule 20).
    #[serde(default)]
    pub only_adds: bool,
}

/// An address as it is stored, however it is shown.
pub fn stored(address: &str) -> String {
    Email::parse(address).map_or_else(|_| address.to_string(), String::from)
}

/// The canonical form of an entry that is an address or a number, or would be one: whoever is deleted is looked for by it.
pub fn contact_of(pasted: &Pasted) -> Option<String> {
    match &pasted.kind {
        PastedKind::Email(email) => Some(email.as_str().to_string()),
        PastedKind::Phone(phone) => Some(phone.as_str().to_string()),
        PastedKind::Broken { repair, .. } => repair.clone(),
    }
}

fn contacts_in(text: &str) -> impl Iterator<Item = String> + use<> {
    read_paste(text).entries.into_iter().flat_map(|pasted| contacts_of(&pasted))
}

/// The same, and the number that stands beside an address.
fn contacts_of(pasted: &Pasted) -> Vec<String> {
    let phone = pasted.beside.phone.as_ref().and_then(|phone| phone.number.as_ref().ok());
    contact_of(pasted).into_iter().chain(phone.map(|phone| phone.as_str().to_string())).collect()
}

/// The text field without some people, known by their addresses and numbers; what is about others stays.
pub fn text_without(text: &str, known: &BTreeSet<String>) -> String {
    if !contacts_in(text).any(|name| known.contains(&name)) {
        return text.into();
    }
    text.lines().filter_map(|line| line_without(line, known)).collect::<Vec<_>>().join("\n")
}

/// A line of the text field without some people; `None` when nobody else is in it.
fn line_without(line: &str, known: &BTreeSet<String>) -> Option<String> {
    let is_known = |pasted: &Pasted| contacts_of(pasted).iter().any(|contact| known.contains(contact));
    let entries = read_paste(line).entries;
    if !entries.iter().any(is_known) {
        return Some(line.to_string());
    }
    let others = entries.iter().filter(|pasted| !is_known(pasted)).map(|pasted| {
        let phone = pasted.beside.phone.as_ref().map(|phone| format!(" {}", phone.typed)).unwrap_or_default();
        // Its angle brackets are put around it again.
        let typed = pasted.typed.trim_matches(['<', '>']);
        match &pasted.name {
            Some(name) => format!("{name} <{typed}>{phone}"),
            None => format!("{typed}{phone}"),
        }
    });
    Some(others.collect::<Vec<_>>().join("; ")).filter(|line| !line.is_empty())
}

/// A draft whose invitations have not left yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    pub draft: DraftId,
    /// How many seconds are left to take them back.
    pub seconds: i64,
}

/// By what rows are judged before anybody looked into the database.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowRules {
    /// The domain of the inviter's own address, unless anybody can have one there.
    pub own_domains: Vec<String>,
    pub invites_by: InvitesBy,
    pub calling_code: CallingCode,
}

impl RowRules {
    /// What was probably meant by what cannot be read: what its writing says, else a number of the organisation's country.
    pub fn offer(&self, problem: &PasteProblem, repair: Option<String>) -> Option<String> {
        let national = || match problem {
            PasteProblem::Phone(PhoneProblem::CountryCodeMissing { digits }) => self.calling_code.offer(digits),
            _ => None,
        };
        repair.or_else(|| national().map(String::from))
    }
}

/// What is known of a pasted entry before anybody looked into the database, and where it would be written to.
pub fn first_verdict(pasted: &Pasted, rules: &RowRules) -> (Option<Address>, Verdict) {
    match &pasted.kind {
        PastedKind::Phone(_) if !rules.invites_by.includes(Channel::Sms) => (None, Verdict::Phone),
        PastedKind::Phone(phone) => (Some(phone.clone().into()), Verdict::Ready),
        PastedKind::Broken { problem, repair } => {
            let repair = rules.offer(problem, repair.clone());
            (None, Verdict::Broken { problem: problem.clone(), repair })
        }
        PastedKind::Email(email) => match super::address_guard::suggest(email.domain(), &rules.own_domains) {
            Some(suggestion) => {
                let meant = format!("{}@{}", email.local(), suggestion.domain);
                (Some(email.clone().into()), Verdict::Misspelt { meant })
            }
            None => {
                let meant = provider_meant(email).map(|domain| format!("{}@{domain}", email.local()));
                (Some(email.clone().into()), meant.map_or(Verdict::Ready, |meant| Verdict::Misspelt { meant }))
            }
        },
    }
}

/// `gmaıl.com`: the great provider whose letters these only look like.
fn provider_meant(email: &Email) -> Option<String> {
    let letters = email.domain_in_letters();
    if letters.is_ascii() {
        return None;
    }
    let plain = |letter| match letter {
        'ı' => 'i',
        'ł' => 'l',
        'ø' => 'o',
        'đ' => 'd',
        'ħ' => 'h',
        'ɡ' => 'g',
        letter => letter,
    };
    let domain: String = nfkd(&letters).chars().filter(|letter| !is_mark(*letter)).map(plain).collect();
    is_great_provider(&domain).then_some(domain)
}

/// What is wrong with the number in a row's own field, if anything: whoever writes one means it.
pub fn wrong_number(typed: &str, rules: &RowRules) -> Option<Verdict> {
    if typed.trim().is_empty() {
        return None;
    }
    typed::phone(typed).err()?;
    let (problem, repair) = number_problem(typed)?;
    let repair = rules.offer(&problem, repair);
    Some(Verdict::Broken { problem, repair })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// H-30: what is deleted is compared as a whole; no letter of an address stands for others.
    #[test]
    fn one_person_is_taken_out_of_a_text_and_nobody_else() {
        for gone in ["an@acme.by", "anna_b@acme.by", "an%@acme.by", "a'b@acme.by", "%@acme.by", "_@acme.by"] {
            let text = format!("Anna <{gone}>; b@acme.by\n{gone}\njan@acme.by");
            let known = BTreeSet::from([gone.to_string()]);
            assert_eq!(text_without(&text, &known), "b@acme.by\njan@acme.by", "without {gone}");
        }
        let known = BTreeSet::from(["anna@acme.by".to_string()]);
        assert_eq!(text_without("\"Anna\" <Anna@ACME.by>", &known), "");
        assert_eq!(text_without("nobody here", &known), "nobody here");
        let known = BTreeSet::from(["+375291234567".to_string()]);
        let text = "Anna <anna@acme.by> +375 29 123-45-67; Ivan <ivan@acme.by> +375 29 765-43-21";
        assert_eq!(text_without(text, &known), "Ivan <ivan@acme.by> +375 29 765-43-21");
    }

    #[test]
    fn a_provider_in_letters_that_only_look_like_its_own_is_asked_about() {
        let verdict = |text: &str| first_verdict(&read_paste(text).entries[0], &RowRules::default()).1;
        for (typed, meant) in [
            ("ivan@gmaıl.com", "ivan@gmail.com"),
            ("ivan@gmàil.com", "ivan@gmail.com"),
            ("ivan@hotmaıl.com", "ivan@hotmail.com"),
            ("ivan@yahøo.com", "ivan@yahoo.com"),
        ] {
            assert_eq!(verdict(typed), Verdict::Misspelt { meant: meant.into() }, "{typed}");
        }
        for right in ["ivan@gmail.com", "info@bücher.de", "info@ışık.com.tr", "info@почта.рф"] {
            assert_eq!(verdict(right), Verdict::Ready, "{right}");
        }
    }

    #[test]
    fn a_number_that_is_none_is_named_and_what_was_meant_is_offered() {
        for (typed, offer) in [
            ("8 (044) 765-43-21", Some("+375447654321")),
            ("89051111119", Some("+79051111119")),
            ("8-912-345-67-89", Some("+79123456789")),
            ("80291234567", Some("+375291234567")),
            ("0171 7654321", None),
            ("291234567", None),
            ("3.75291E+11", None),
            ("########", None),
        ] {
            let Some(Verdict::Broken { problem, repair }) = wrong_number(typed, &RowRules::default()) else {
                panic!("{typed}")
            };
            assert_eq!(repair.as_deref(), offer, "{typed}");
            assert_eq!(typed.contains(['E', '#']), matches!(problem, PasteProblem::Spreadsheet(_)), "{typed}");
        }
        let of_belarus = RowRules { calling_code: CallingCode::parse("+375").expect("a code"), ..RowRules::default() };
        for (typed, offer) in
            [("29 123-45-67", Some("+375291234567")), ("89051111119", Some("+79051111119")), ("12345", None)]
        {
            let Some(Verdict::Broken { repair, .. }) = wrong_number(typed, &of_belarus) else { panic!("{typed}") };
            assert_eq!(repair.as_deref(), offer, "{typed}");
        }
        for right in ["", "+375291234567", "tel:+375 29 123-45-67", "79051111111"] {
            assert_eq!(wrong_number(right, &RowRules::default()), None, "{right}");
        }
    }

    #[test]
    fn a_unit_is_meant_by_its_name_and_by_a_text_that_holds_it() {
        for (text, name) in [("Sales", "sales"), ("Class 5A", "5A"), ("ОТДЕЛ ПРОДАЖ", "Отдел продаж")]
        {
            assert!(names_unit(text, name), "{text}");
        }
        for (text, name) in [("Sales", "Mill"), ("15A", "5A"), ("Sales", ""), ("", "Sales")] {
            assert!(!names_unit(text, name), "{text}");
        }
    }

    #[test]
    fn counts_add_up_and_those_that_are_shown_are_taken_off() {
        let mut counts = RowCounts::default();
        counts.add(RowKind::Ready, 7);
        counts.add(RowKind::Later, 2);
        let shown = RowCounts { later: 2, ..RowCounts::default() };
        assert_eq!((counts.all(), counts.without(shown).all()), (9, 7));
    }
}
