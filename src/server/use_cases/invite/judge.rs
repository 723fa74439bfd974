//! What is thought of the rows of an invite form. First everything about all addresses is loaded, in as many statements for one
//! as for many, and in as many for somebody whom the inviter does not see as for nobody (rule 40); then every row is judged by
//! it, and nothing is asked any more.

use super::UseCaseError;
use super::reading::{FormRow, addresses};
use crate::domain::address_guard::{Likeness, likeness_keys};
use crate::domain::contact::{Address, Channel, Email, PersonName, PhoneProblem, in_letters, search_key};
use crate::domain::id::UserId;
use crate::domain::permission::Permission;
use crate::domain::policy::{Authority, Request, decide};
use crate::domain::review::{MOST_AT_ONCE, RowRules, Verdict, first_verdict, names_unit, wrong_number};
use crate::domain::timestamp::Timestamp;
use crate::domain::unit::Unit;
use crate::domain::user::{Status, User, UserAction};
use crate::server::mail_domains::ends_nowhere;
use crate::server::phones;
use crate::server::storage::invitations::{self, Invitation};
use crate::server::storage::memberships::{self, Membership};
use crate::server::storage::users::{self, Alike};
use crate::server::storage::{Tx, roster};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Bound;
use std::sync::Arc;

/// Who has the address, as far as the inviter may know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Whom {
    /// Nobody whom the inviter sees, whoever that may be (rule 40).
    New,
    /// An account, or a placeholder.
    Seen(UserId),
}

/// Somebody who has one of the addresses.
#[derive(Clone)]
struct Known {
    user: User,
    all: Vec<Membership>,
    offers: Vec<Invitation>,
}

impl Known {
    /// Whether this was offered by an invitation that is over: who is here already is invited to that unit anew (H-40).
    fn is_old_offer(&self, held: &Membership, now: Timestamp) -> bool {
        let by = self.offers.iter().find(|offer| held.is_offered_by(&offer.id)).map(Invitation::facts);
        held.standing().is_old_offer(by.as_ref(), now)
    }
}

/// Who has the addresses of a form: of each one the person first, then what inviters know of them.
pub(super) struct Facts(HashMap<String, Vec<Known>>);

impl Facts {
    pub async fn load(tx: &mut Tx, rows: &[FormRow]) -> Result<Self, UseCaseError> {
        let addresses: Vec<&str> = addresses(rows).collect();
        let asked: BTreeSet<&str> = addresses.iter().copied().collect();
        let people = users::with_addresses(tx, &addresses).await?;
        let mut held: HashMap<UserId, Vec<Membership>> = HashMap::new();
        for one in memberships::of_addresses(tx, &addresses).await? {
            held.entry(one.user_id.clone()).or_default().push(one);
        }
        let mut offers: HashMap<UserId, Vec<Invitation>> = HashMap::new();
        for one in invitations::of_addresses(tx, &addresses).await? {
            offers.entry(one.user_id.clone()).or_default().push(one);
        }
        let mut known: HashMap<String, Vec<Known>> = HashMap::new();
        for user in people {
            let (all, offers) = (held.remove(&user.id), offers.remove(&user.id));
            let own = [&user.email, &user.unconfirmed_email, &user.phone];
            let addresses: Vec<String> = own.into_iter().flatten().cloned().collect();
            let one = Known { user, all: all.unwrap_or_default(), offers: offers.unwrap_or_default() };
            for address in addresses.into_iter().filter(|address| asked.contains(address.as_str())) {
                known.entry(address).or_default().push(one.clone());
            }
        }
        Ok(Self(known))
    }
}

/// Whose addresses look like those of a form (rule 10). It decides nothing but whether somebody is asked once, so it is looked
/// up before the writer is taken.
pub(super) struct Lookalikes {
    /// Those whom storage knows, by their skeletons in the order of bytes: each row is compared with the few beside it.
    known: BTreeMap<String, Vec<Alike>>,
    /// The skeletons of those who differ by a letter from each address that was asked about, where also these were looked up.
    slips: Option<HashMap<String, BTreeSet<String>>>,
    /// Those of the same form who go, by what look-alikes have in common.
    of_form: HashMap<String, Vec<Arc<OfForm>>>,
    /// The same by their numbers: one number is one person's.
    numbers: HashMap<String, Verdict>,
}

struct OfForm {
    email: Email,
    title: String,
    address: String,
}

/// With how many of a form one row is compared for each thing that they have in common.
const MOST_COMPARED: usize = 50;

impl Lookalikes {
    pub async fn load(tx: &mut Tx, rows: &[FormRow]) -> Result<Self, UseCaseError> {
        // What was answered is not asked about again.
        let asked = || rows.iter().filter(|row| !row.is_meant).filter_map(FormRow::email);
        let ranges: BTreeSet<_> = asked().map(|email| Likeness::of(email).range()).collect();
        let mut found = users::alike_within(tx, &ranges.into_iter().collect::<Vec<_>>()).await?;
        // There are some sixty letters to slip in each: of thousands of rows those are compared with one another only.
        let by_letters = rows.len() <= MOST_AT_ONCE;
        let slips = by_letters.then(|| {
            asked().map(|email| (email.as_str().to_string(), Likeness::of(email).slips())).collect::<HashMap<_, _>>()
        });
        if let Some(slips) = &slips {
            let all: BTreeSet<&String> = slips.values().flatten().collect();
            found.extend(users::alike(tx, &all.into_iter().collect::<Vec<_>>()).await?);
        }
        let mut known: BTreeMap<String, Vec<Alike>> = BTreeMap::new();
        for alike in found {
            known.entry(alike.skeleton.clone()).or_default().push(alike);
        }
        Ok(Self { known, slips, of_form: HashMap::new(), numbers: HashMap::new() })
    }

    /// Somebody of the form goes: from now on others of it may look like them.
    pub fn note(&mut self, row: &FormRow) {
        let address = row.address().map(in_letters).unwrap_or_default();
        let title = PersonName::of_list(&row.name).map_or_else(|| address.clone(), String::from);
        let number = row.addresses().find(|address| !address.contains('@'));
        if let Some(number) = number {
            let alike = Verdict::SameNumber { title: title.clone(), address: address.clone() };
            self.numbers.entry(number.to_string()).or_insert(alike);
        }
        let Some(email) = row.email() else { return };
        let noted = Arc::new(OfForm { email: email.clone(), title, address });
        for key in likeness_keys(email) {
            self.of_form.entry(key).or_default().push(Arc::clone(&noted));
        }
    }

    /// Somebody within reach whose address differs only by what people mix up, or by the provider.
    fn of(&self, authority: &Authority, email: &Email) -> Option<Verdict> {
        let likeness = Likeness::of(email);
        let is_alike = |alike: &&Alike| {
            alike.units.iter().any(|unit| authority.reaches(Permission::SeeUsers, unit))
                && Email::parse(&alike.address).is_ok_and(|other| likeness.covers(&other))
        };
        let (low, high) = likeness.range();
        let slips = match &self.slips {
            None => Cow::default(),
            Some(known) => known.get(email.as_str()).map_or_else(|| Cow::Owned(likeness.slips()), Cow::Borrowed),
        };
        let ranges: BTreeSet<(&str, &str)> =
            slips.iter().map(|slip| (slip.as_str(), slip.as_str())).chain([(low.as_str(), high.as_str())]).collect();
        let within = |(low, high)| self.known.range::<str, _>((Bound::Included(low), Bound::Included(high)));
        let mut beside = ranges.into_iter().flat_map(within).flat_map(|(_, alike)| alike);
        if let Some(alike) = beside.find(is_alike) {
            return Some(Verdict::Similar { title: in_letters(&alike.title), address: in_letters(&alike.address) });
        }
        let keys = likeness_keys(email);
        let mut noted =
            keys.iter().filter_map(|key| self.of_form.get(key)).flat_map(|noted| noted.iter().take(MOST_COMPARED));
        let alike = noted.find(|noted| likeness.covers(&noted.email))?;
        Some(Verdict::Similar { title: alike.title.clone(), address: alike.address.clone() })
    }
}

/// What is thought of a row.
pub(super) struct Judged {
    pub verdict: Verdict,
    pub whom: Whom,
    /// By which addresses the person is invited: of each channel one at most, and not all of them need be written to.
    pub to: Vec<Address>,
}

/// By what the rows of a form are judged.
pub(super) struct Judge<'a> {
    pub authority: &'a Authority,
    pub rules: RowRules,
    /// The domains that cannot receive e-mail.
    pub unreachable: &'a BTreeSet<String>,
    /// Where the form invites to.
    pub places: &'a [Unit],
    pub facts: &'a Facts,
    pub lookalikes: &'a mut Lookalikes,
    pub now: Timestamp,
}

impl Judge<'_> {
    pub fn judge(&self, row: &FormRow) -> Judged {
        let (address, verdict) = first_verdict(&row.pasted, &self.rules);
        let aside = |verdict| Judged { verdict, whom: Whom::New, to: Vec::new() };
        let Some(address) = address else { return aside(verdict) };
        if let Some(broken) = row.phone.as_deref().and_then(|typed| wrong_number(typed, &self.rules)) {
            return aside(broken);
        }
        let beside = row.beside();
        let (by_address, by_number) = (self.seen(Some(&address)), self.seen(beside.as_ref()));
        let typed: Vec<Address> = std::iter::once(address.clone()).chain(beside.clone()).collect();
        let is_one = |one: &&Known| by_address.iter().any(|other| other.user.id == one.user.id);
        let known = match (by_address.first(), by_number.first()) {
            // The number is somebody else's: one person has to be meant.
            (Some(_), Some(other)) if !by_number.iter().any(is_one) => {
                let (user_id, title) = (other.user.id.clone(), in_letters(other.user.title()));
                let status = self.status(other);
                return aside(Verdict::Known { user_id, title, status });
            }
            // Only the number is known, and families share one: whose it is has to be said, never guessed.
            (None, Some(other)) if !self.is_same_person(row, other) => {
                if !row.is_meant {
                    let (title, address) = (in_letters(other.user.title()), in_letters(other.user.identifier()));
                    return aside(Verdict::SameNumber { title, address });
                }
                None
            }
            (first, other) => first.or(other).copied(),
        };
        if let Some(first) = known {
            let all: Vec<&Known> = by_address.into_iter().chain(by_number).collect();
            let to = self.own_ways(&first.user, typed);
            return Judged {
                verdict: self.unless_said(row, self.known(first, &all)),
                whom: Whom::Seen(first.user.id.clone()),
                to,
            };
        }
        // A number that is another's stays with them.
        let is_anothers =
            |number: &Address| !by_number.is_empty() || self.lookalikes.numbers.contains_key(number.as_str());
        let typed = match beside.as_ref().is_some_and(is_anothers) && row.is_meant {
            true => vec![address.clone()],
            false => typed,
        };
        // Worked out whether it is asked for or not: the time that it takes tells nothing.
        let doubts = [self.doubt(&address), beside.as_ref().and_then(|number| self.doubt(number))];
        let doubt = doubts.into_iter().flatten().next();
        let verdict = match () {
            () if row.is_meant => Verdict::Ready,
            () if verdict.asks() => verdict,
            () => doubt.unwrap_or(verdict),
        };
        Judged { verdict: self.unless_said(row, verdict), whom: Whom::New, to: typed }
    }

    /// What is asked of a row that could go, because the list says another role or another unit.
    fn unless_said(&self, row: &FormRow, verdict: Verdict) -> Verdict {
        if !verdict.is_ready() {
            return verdict;
        }
        if let Some(text) = row.said.role.clone().filter(|_| row.role.is_none()) {
            return Verdict::OtherRole { text };
        }
        let is_elsewhere = |text: &String| match self.places {
            [] => false,
            [only] => !names_unit(text, &only.name),
            _ => true,
        };
        row.said.unit.clone().filter(is_elsewhere).map_or(verdict, |text| Verdict::OtherUnit { text })
    }

    /// Whether a row with a new address means somebody who has its number: they have no other address, and are called the same.
    fn is_same_person(&self, row: &FormRow, other: &Known) -> bool {
        let name = search_key(&[&row.name]);
        other.user.email.is_none() && !name.is_empty() && name == search_key(&[&other.user.name])
    }

    /// Those of an address whom the inviter sees.
    fn seen(&self, address: Option<&Address>) -> Vec<&Known> {
        let known = address.and_then(|address| self.facts.0.get(address.as_str()));
        known.map(Vec::as_slice).unwrap_or_default().iter().filter(|known| self.sees(known)).collect()
    }

    /// By which of these addresses somebody is invited who is known: with an account, by their own only. What an inviter writes of
    /// somebody who is to come is taken for theirs.
    fn own_ways(&self, user: &User, typed: Vec<Address>) -> Vec<Address> {
        if user.is_placeholder {
            return typed;
        }
        let mut own: Vec<Address> = typed.into_iter().filter(|address| user.has_address(address)).collect();
        // Known by their number alone, where invitations go by e-mail.
        if self.rules.invites_by.picks(&own).is_empty() {
            own.extend(user.address().filter(|address| address.channel() == Channel::Email));
        }
        own
    }

    /// What speaks against an address that nobody has whom the inviter sees.
    fn doubt(&self, address: &Address) -> Option<Verdict> {
        if let Some(phone) = address.phone() {
            let doubt = phones::doubt(&phone);
            let doubt = doubt.map(|doubt| Verdict::DoubtfulPhone(PhoneProblem::Doubtful { phone, doubt }));
            return doubt.or_else(|| self.lookalikes.numbers.get(address.as_str()).cloned());
        }
        let email = address.email()?;
        let alike = self.lookalikes.of(self.authority, &email);
        let is_nowhere = self.unreachable.contains(email.domain()) || ends_nowhere(email.domain());
        if is_nowhere { Some(Verdict::no_mail_server(&email)) } else { alike }
    }

    fn sees(&self, known: &Known) -> bool {
        let places = memberships::places(&known.all);
        decide(self.authority, Request::Do { action: UserAction::See, user_id: &known.user.id, places: &places })
            .is_allowed()
    }

    /// How somebody stands, as far as the inviter sees.
    fn status(&self, known: &Known) -> Status {
        let is_seen = |held: &&Membership| self.authority.reaches(Permission::SeeUsers, &held.unit);
        let seen: Vec<Membership> = known.all.iter().filter(is_seen).cloned().collect();
        roster::facts_of(&seen, &known.offers).status(self.now)
    }

    /// What is to be done about somebody whom the inviter sees; `rows` are all of the address that they see.
    fn known(&self, known: &Known, rows: &[&Known]) -> Verdict {
        let status = self.status(known);
        let (user_id, title) = (known.user.id.clone(), in_letters(known.user.title()));
        // Nobody gives themselves anything, not even what would be no gain.
        let is_caller = known.user.id == self.authority.user_id;
        let counts = |row: &Known, held: &Membership| status != Status::Active || !row.is_old_offer(held, self.now);
        let is_place = |held: &Membership| self.places.iter().any(|unit| unit.path == held.unit);
        let is_there = rows.iter().any(|row| row.all.iter().any(|held| is_place(held) && counts(row, held)));
        match status {
            // Whoever has left is brought back, whoever is blocked is unblocked; neither is invited.
            Status::Archived | Status::Blocked => Verdict::Known { user_id, title, status },
            _ if is_caller || is_there => Verdict::Known { user_id, title, status },
            _ => Verdict::Joins { user_id, title, status },
        }
    }
}
