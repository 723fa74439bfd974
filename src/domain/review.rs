//! The review list of the invite form: one row per person with its verdict, and the rules by which a row may be sent.
//! Warnings never block; they ask once. What cannot be sent stays, and nothing typed is lost.

use super::contact::Email;
use super::id::{DraftId, InvitationId, RoleId, UnitId, UserId};
use super::message::Rest;
use super::paste::{PasteProblem, Pasted, PastedKind, read_paste};
use super::permission::Permissions;
use super::timestamp::Timestamp;
use super::user::Status;
use crate::words::Language;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The most people of one invite form.
pub const MOST_AT_ONCE: usize = 200;

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
    /// A phone number: invitations go by e-mail.
    Phone,
    /// Nothing stands against the row but that it has to wait; sending the form again tries it again.
    Rests(Rest),
}

impl Verdict {
    /// That the domain of an address cannot receive e-mail, written as people read it.
    pub fn no_mail_server(email: &Email) -> Self {
        Self::NoMailServer { domain: idna::domain_to_unicode(email.domain()).0 }
    }

    /// Whether the row goes as it is.
    pub fn is_ready(&self) -> bool {
        matches!(self, Self::Ready | Self::Joins { .. })
    }

    /// Whether the person at the form has to choose, and may insist.
    pub fn asks(&self) -> bool {
        matches!(self, Self::Misspelt { .. } | Self::Similar { .. } | Self::NoMailServer { .. })
    }
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
    /// A role of its own; empty: that of the whole form.
    #[serde(default)]
    pub role: String,
    /// The warning was shown with this row, so a chosen address is meant.
    #[serde(default)]
    pub asked: Option<String>,
    /// The row was taken out.
    #[serde(default)]
    pub dropped: Option<String>,
}

/// A row with its verdict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewRow {
    pub typed: String,
    pub name: String,
    pub role: Option<RoleId>,
    pub verdict: Verdict,
}

/// Somebody to whom an invitation was made just now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentRow {
    pub user_id: UserId,
    pub invitation: InvitationId,
    pub address: String,
    /// It waits for a second administrator (rule 53).
    #[serde(default)]
    pub awaits_approval: bool,
}

/// What stands in an invite form between two requests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InviteDraft {
    pub rows: Vec<ReviewRow>,
    pub sent: Vec<SentRow>,
    /// Until when what was sent can be taken back; nothing leaves before.
    pub held_until: Option<Timestamp>,
    /// Those that were chosen by hand; where none was, the proposed one is meant.
    pub units: Vec<UnitId>,
    /// The unit that the form proposed.
    #[serde(default)]
    pub proposed: Option<UnitId>,
    pub role: Option<RoleId>,
    /// Extra permissions on top of the role (rule 59).
    #[serde(default)]
    pub extra: Permissions,
    pub language: Language,
    pub personal_text: String,
    pub valid_for_hours: i64,
    /// Entries that were tidied up without changing their meaning.
    pub cleaned: usize,
    /// Entries that repeated another one.
    pub folded: usize,
    /// Entries beyond [`MOST_AT_ONCE`], which were not taken; they stand in the text field again.
    pub left_out: usize,
    pub rest: String,
}

impl InviteDraft {
    /// Keeps what stands in the text field, where what was left out stood at first.
    pub fn keep_typed(&mut self, typed: &str) {
        if !typed.is_empty() {
            self.rest = typed.into();
        }
    }

    /// Goes on where an earlier draft ended whose invitations are still held, so that all of them are taken back together.
    pub fn goes_on(&mut self, earlier: Option<Self>) {
        if let Some(earlier) = earlier {
            self.held_until = self.held_until.max(earlier.held_until);
            self.sent.splice(0..0, earlier.sent);
        }
    }

    /// Whom the draft names: by id, or by address or number in canonical form. Whoever is deleted is looked for by these.
    pub fn names(&self) -> BTreeSet<String> {
        let mut names: BTreeSet<String> = contacts_in(&self.rest).collect();
        for row in &self.rows {
            names.extend(row.names());
        }
        names.extend(self.sent.iter().flat_map(|row| [row.user_id.to_string(), row.address.clone()]));
        names
    }

    /// Takes everything about a person out: `known` are their id, address, number and login. What is about others stays.
    pub fn forget(&mut self, known: &BTreeSet<String>) {
        let is_known = |name: &str| known.contains(name);
        self.rows.retain(|row| !row.is_about().any(|name| is_known(&name)));
        for row in &mut self.rows {
            // Another one's row, in which this one was named for comparison.
            if matches!(&row.verdict, Verdict::Similar { address, .. } if is_known(&stored(address))) {
                row.verdict = Verdict::Ready;
            }
        }
        self.sent.retain(|row| !is_known(row.user_id.as_str()) && !is_known(&row.address));
        if contacts_in(&self.rest).any(|name| is_known(&name)) {
            self.rest = self.rest.lines().filter_map(|line| line_without(line, known)).collect::<Vec<_>>().join("\n");
        }
    }

    /// Whether it is about nobody.
    pub fn is_about_nobody(&self) -> bool {
        self.rows.is_empty() && self.sent.is_empty() && self.rest.trim().is_empty()
    }
}

impl ReviewRow {
    /// Whose row it is: what was typed, and the one whom the product took them for.
    fn is_about(&self) -> impl Iterator<Item = String> {
        let taken_for = match &self.verdict {
            Verdict::Known { user_id, .. } | Verdict::Joins { user_id, .. } => Some(user_id.to_string()),
            Verdict::Misspelt { meant } => Some(stored(meant)),
            Verdict::Broken { repair, .. } => repair.as_deref().map(stored),
            _ => None,
        };
        contacts_in(&self.typed).chain(taken_for)
    }

    fn names(&self) -> impl Iterator<Item = String> {
        let alike = match &self.verdict {
            Verdict::Similar { address, .. } => Some(stored(address)),
            _ => None,
        };
        self.is_about().chain(alike)
    }
}

/// An address as it is stored, however it is shown.
fn stored(address: &str) -> String {
    Email::parse(address).map_or_else(|_| address.to_string(), String::from)
}

/// The canonical form of an entry that is an address or a number, or would be one.
fn contact_of(pasted: &Pasted) -> Option<String> {
    match &pasted.kind {
        PastedKind::Email(email) => Some(email.as_str().to_string()),
        PastedKind::Phone(phone) => Some(phone.as_str().to_string()),
        PastedKind::Broken { repair, .. } => repair.clone(),
    }
}

fn contacts_in(text: &str) -> impl Iterator<Item = String> + use<> {
    read_paste(text).entries.into_iter().filter_map(|pasted| contact_of(&pasted))
}

/// A line of the text field without some people; `None` when nobody else is in it.
fn line_without(line: &str, known: &BTreeSet<String>) -> Option<String> {
    let is_known = |pasted: &Pasted| contact_of(pasted).is_some_and(|contact| known.contains(&contact));
    let entries = read_paste(line).entries;
    if !entries.iter().any(is_known) {
        return Some(line.to_string());
    }
    let others = entries.iter().filter(|pasted| !is_known(pasted)).map(|pasted| match &pasted.name {
        Some(name) => format!("{name} <{}>", pasted.typed),
        None => pasted.typed.clone(),
    });
    Some(others.collect::<Vec<_>>().join(", ")).filter(|line| !line.is_empty())
}

/// A draft whose invitations have not left yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    pub draft: DraftId,
    /// How many seconds are left to take them back.
    pub seconds: i64,
}

/// What is known of a pasted entry before anybody looked into the database.
pub fn first_verdict(pasted: &Pasted, own_domains: &[String]) -> (Option<Email>, Verdict) {
    match &pasted.kind {
        PastedKind::Phone(_) => (None, Verdict::Phone),
        PastedKind::Broken { problem, repair } => {
            (None, Verdict::Broken { problem: problem.clone(), repair: repair.clone() })
        }
        PastedKind::Email(email) => match super::address_guard::suggest(email.domain(), own_domains) {
            Some(suggestion) => {
                let meant = format!("{}@{}", email.local(), suggestion.domain);
                (Some(email.clone()), Verdict::Misspelt { meant })
            }
            None => (Some(email.clone()), Verdict::Ready),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ready(typed: &str) -> ReviewRow {
        ReviewRow { typed: typed.into(), name: String::new(), role: None, verdict: Verdict::Ready }
    }

    fn draft(rows: Vec<ReviewRow>, rest: &str) -> InviteDraft {
        let sent = |address: &str| SentRow {
            user_id: UserId::new(format!("id of {address}")),
            invitation: InvitationId::new("i"),
            address: address.into(),
            awaits_approval: false,
        };
        InviteDraft {
            rows,
            sent: vec![sent("sent@acme.by"), sent("other@acme.by")],
            held_until: None,
            units: Vec::new(),
            proposed: None,
            role: None,
            extra: Permissions::NONE,
            language: Language::English,
            personal_text: String::new(),
            valid_for_hours: 8,
            cleaned: 0,
            folded: 0,
            left_out: 0,
            rest: rest.into(),
        }
    }

    fn without(mut draft: InviteDraft, known: &[&str]) -> InviteDraft {
        let known: BTreeSet<String> = known.iter().map(ToString::to_string).collect();
        let named = draft.names();
        assert!(known.iter().any(|name| named.contains(name)), "{known:?} is not found by {named:?}");
        draft.forget(&known);
        assert!(draft.names().is_disjoint(&known), "{draft:?} still names {known:?}");
        draft
    }

    /// H-30: what is deleted is compared as a whole; no letter of an address stands for others.
    #[test]
    fn one_person_is_taken_out_of_a_draft_and_nobody_else() {
        let others = ["jan@acme.by", "anna_b@acme.by", "annaxb@acme.by", "an%@acme.by", "a'b@acme.by", "a\\b@acme.by"];
        for gone in ["an@acme.by", "anna_b@acme.by", "an%@acme.by", "a'b@acme.by", "%@acme.by", "_@acme.by"] {
            let rows: Vec<ReviewRow> = others.iter().chain([&gone]).map(|typed| ready(typed)).collect();
            let rest = format!("Anna <{gone}>; b@acme.by\n{gone}\nc@acme.by");
            let left = without(draft(rows, &rest), &[gone, "some id"]);
            let expected: Vec<&str> = others.into_iter().filter(|other| *other != gone).collect();
            assert_eq!(left.rows.iter().map(|row| row.typed.as_str()).collect::<Vec<_>>(), expected, "without {gone}");
            assert_eq!((left.sent.len(), left.rest.as_str()), (2, "b@acme.by\nc@acme.by"), "without {gone}");
        }
    }

    #[test]
    fn a_person_is_found_however_the_address_was_typed_and_by_the_id_alone() {
        let known = ReviewRow {
            verdict: Verdict::Known { user_id: UserId::new("7"), title: "Anna".into(), status: Status::Active },
            ..ready("anna")
        };
        let alike = ReviewRow {
            verdict: Verdict::Similar { title: "Anna".into(), address: "anna@acme.by".into() },
            ..ready("an.na@acme.by")
        };
        let slip = ReviewRow { verdict: Verdict::Misspelt { meant: "anna@acme.by".into() }, ..ready("anna@acme.bu") };
        let rows = vec![ready(" ANNA@Acme.by"), ready("mailto:anna@acme.by."), known, alike, slip, ready("b@acme.by")];
        let left = without(draft(rows, "\"Anna\" <Anna@ACME.by>"), &["7", "anna@acme.by"]);
        assert_eq!(left.rows, [ready("an.na@acme.by"), ready("b@acme.by")]);
        assert_eq!(left.rest, "");
        let left = without(draft(Vec::new(), ""), &["id of sent@acme.by"]);
        assert_eq!(left.sent.len(), 1);
        let left = without(draft(vec![ready("+375 29 111-00-01")], ""), &["+375291110001"]);
        assert!(left.rows.is_empty() && !left.is_about_nobody());
    }
}
