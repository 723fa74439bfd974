//! What happened in a demonstration before somebody looks at it: six weeks in which people were invited, came in or did not, moved
//! on and left. Every step is a verb that a person could have used at that moment, so that lists, cards and history agree by
//! themselves; only the clock is moved.

use super::PASSWORD;
use super::names::{invented, is_unknown};
use crate::domain::consent::Ticks;
use crate::domain::error::UseCaseError;
use crate::domain::id::{InvitationId, UnitId, UserId};
use crate::domain::preset::Preset;
use crate::domain::registration::TypedName;
use crate::domain::review::{SentRow, WishedRow};
use crate::domain::role::Role;
use crate::domain::settings::{InvitesBy, UnitField};
use crate::domain::timestamp::Duration;
use crate::domain::unit::{Unit, UnitKind};
use crate::server::app::App;
use crate::server::delivery::hand_over_to_nobody;
use crate::server::storage::{consents, invitations as stored, roles, settings, units};
use crate::server::upkeep;
use crate::server::use_cases::accept::{self, Registration};
use crate::server::use_cases::invite::{self, InviteForm};
use crate::server::use_cases::logins::{self, LoginForm};
use crate::server::use_cases::set_up::{self, FirstVisit};
use crate::server::use_cases::{Actor, Visitor, for_person, held, invitations, units as places, users};
use crate::words::Language;

/// How long ago it began.
const BEGAN: Duration = Duration::days(45);

/// The parts of the organisation, by the kinds that its preset knows.
const PARTS: [&str; 4] = ["North", "South", "Harbour", "Old town"];

/// When people were invited, by how long before now, and how many of the usual role.
const WAVES: [(Duration, usize); 5] = [
    (Duration::days(40), 60),
    (Duration::days(24), 40),
    (Duration::days(9), 30),
    (Duration::hours(30), 20),
    (Duration::hours(2), 20),
];

/// How long whoever sends can still take it back; then it leaves.
const HELD: Duration = Duration::minutes(2);

/// Somebody beside whoever set it up.
const SECOND: &str = "viktor.linden@linden.example";

/// Whoever tells it.
struct Teller<'a> {
    app: &'a App,
    preset: &'static Preset,
    owner: Actor,
    /// Another one, where something takes two.
    second: Actor,
    /// The roles that can be given, highest first.
    roles: Vec<Role>,
    parts: Vec<Unit>,
    /// The number of the next one who is invented.
    next: usize,
    ends_at: Duration,
}

/// Tells it; afterwards the clock stands where it stood.
pub async fn tell(app: &App, preset: &'static Preset) -> Result<(), UseCaseError> {
    let ends_at = app.clock.ahead();
    app.clock.set_ahead(Duration(ends_at.0 - BEGAN.0));
    let told = tell_from_here(app, preset, ends_at).await;
    app.clock.set_ahead(ends_at);
    told
}

async fn tell_from_here(app: &App, preset: &'static Preset, ends_at: Duration) -> Result<(), UseCaseError> {
    let mut teller = begin(app, preset, ends_at).await?;
    teller.make_parts().await?;
    teller.invite_leaders().await?;
    for (ago, many) in WAVES {
        teller.is_now(ago).await?;
        teller.invite_some(ago, many).await?;
    }
    teller.is_now(Duration::minutes(10)).await?;
    teller.keep_some_for_later().await?;
    teller.hand_over_logins().await?;
    teller.is_now(Duration(0)).await
}

async fn begin<'a>(app: &'a App, preset: &'static Preset, ends_at: Duration) -> Result<Teller<'a>, UseCaseError> {
    let visit = FirstVisit {
        code: app.set_up_code.clone(),
        name: "Anna Linden".into(),
        email: "anna.linden@linden.example".into(),
        password: PASSWORD.to_string().into(),
        organisation: "Linden House".into(),
        language: Language::English,
        zone: "UTC".into(),
        preset: preset.key.into(),
        support_contact: "office@linden.example".into(),
    };
    let owner = set_up::set_up(app, &visit).await?;
    let password = PASSWORD.to_string().into();
    set_up::create_administrator(app, "Viktor Linden", SECOND, &password, None).await?;
    let second = for_person(app, SECOND).await?;
    let mut tx = app.db.read().await?;
    let roles = roles::all(&mut tx).await?.into_iter().filter(|role| !role.is_top).collect();
    Ok(Teller {
        app,
        preset,
        owner: Actor::by_job(owner),
        second: Actor::by_job(second.user_id),
        roles,
        parts: Vec::new(),
        next: 0,
        ends_at,
    })
}

impl Teller<'_> {
    /// It is so long before the end: what ran out since has run out, and who was to be reminded was.
    async fn is_now(&self, ago: Duration) -> Result<(), UseCaseError> {
        self.app.clock.set_ahead(Duration(self.ends_at.0 - ago.0));
        upkeep::catch_up(self.app).await?;
        Ok(hand_over_to_nobody(self.app, is_unknown).await?)
    }

    async fn make_parts(&mut self) -> Result<(), UseCaseError> {
        let root = units::root(&mut self.app.db.read().await?).await?;
        let whole = units::children(&mut self.app.db.read().await?, &root.id, false, 1).await?;
        let whole = whole.into_iter().next().ok_or(UseCaseError::NotFound)?;
        let kind = self.preset.kinds.first().copied().unwrap_or(UnitKind::Team);
        let mut parts = Vec::new();
        for name in PARTS {
            let id = places::create(self.app, &self.owner, &whole.id, kind.code(), name).await?;
            parts.extend(units::find(&mut self.app.db.read().await?, &id).await?);
        }
        self.parts = parts;
        Ok(())
    }

    /// Two of each role but the usual one, who come in at once.
    async fn invite_leaders(&mut self) -> Result<(), UseCaseError> {
        let usual = self.preset.usual_role;
        let leading: Vec<Role> = self.roles.iter().filter(|role| role.key != usual).cloned().collect();
        for role in &leading {
            let sent = self.invite(role, 0, 2, false).await?;
            for (place, (one, n)) in sent.iter().enumerate() {
                // Where it takes two, one of them goes on waiting.
                if one.awaits_approval && place == 0 {
                    self.agree(&one.invitation).await?;
                }
                self.register(&one.invitation, *n).await?;
            }
        }
        Ok(())
    }

    /// The second owner agrees to what takes two (rule 53).
    async fn agree(&self, id: &InvitationId) -> Result<(), UseCaseError> {
        invitations::approve(self.app, &self.second, id).await?;
        self.app.clock.advance(HELD);
        Ok(hand_over_to_nobody(self.app, is_unknown).await?)
    }

    /// A wave of the usual role; what becomes of each depends on their number alone.
    async fn invite_some(&mut self, ago: Duration, many: usize) -> Result<(), UseCaseError> {
        let usual = self.preset.usual_role;
        let role = self.roles.iter().find(|role| role.key == usual).cloned().ok_or(UseCaseError::NotFound)?;
        for part in 0..self.parts.len() {
            let sent = self.invite(&role, part, many / self.parts.len(), false).await?;
            for (one, n) in &sent {
                self.becomes(one, *n, ago).await?;
            }
        }
        Ok(())
    }

    async fn becomes(&self, one: &SentRow, n: usize, ago: Duration) -> Result<(), UseCaseError> {
        let is_new = ago < Duration::days(1);
        match n % 20 {
            3 => invitations::withdraw(self.app, &self.owner, &one.invitation).await.map(drop),
            7 => accept::decline(self.app, &self.link(&one.invitation).await?).await,
            // These never came in: old ones have run out, new ones are waited for.
            1 | 5 | 9 | 13 => Ok(()),
            _ if is_new && !n.is_multiple_of(4) => Ok(()),
            _ => {
                let Some(user) = self.register(&one.invitation, n).await? else { return Ok(()) };
                match n % 20 {
                    11 => users::block(self.app, &self.owner, &user, "The badge was lost").await,
                    15 if self.preset.archives_people => users::archive(self.app, &self.owner, &user).await,
                    15 => users::block(self.app, &self.owner, &user, "").await,
                    _ => Ok(()),
                }
            }
        }
    }

    /// Some who are known and not yet invited, where that is possible (rule 20).
    async fn keep_some_for_later(&mut self) -> Result<(), UseCaseError> {
        if !self.preset.adds_people {
            return Ok(());
        }
        let usual = self.preset.usual_role;
        let role = self.roles.iter().find(|role| role.key == usual).cloned().ok_or(UseCaseError::NotFound)?;
        self.invite(&role, 0, 20, true).await.map(drop)
    }

    /// Some who have no address, where they are added with a login (rule 79).
    async fn hand_over_logins(&mut self) -> Result<(), UseCaseError> {
        if !self.preset.hands_over {
            return Ok(());
        }
        let usual = self.preset.usual_role;
        let role = self.roles.iter().find(|role| role.key == usual).cloned().ok_or(UseCaseError::NotFound)?;
        for part in self.parts.clone() {
            let person = invented(self.take(1));
            let form = LoginForm {
                unit: part.id.to_string(),
                role: role.id.to_string(),
                first_name: person.first.into(),
                last_name: person.last.into(),
                login: format!("{}.{}", person.first, person.last).to_lowercase(),
                language: Language::English.code().into(),
                ..LoginForm::default()
            };
            logins::add(self.app, &self.owner, &form).await?;
        }
        Ok(())
    }

    fn take(&mut self, many: usize) -> usize {
        let first = self.next;
        self.next += many;
        first
    }

    /// Invites some people to a part; the messages have arrived afterwards. Each comes with their number.
    async fn invite(
        &mut self,
        role: &Role,
        part: usize,
        many: usize,
        only_add: bool,
    ) -> Result<Vec<(SentRow, usize)>, UseCaseError> {
        let first = self.take(many);
        let by = settings::load(&mut self.app.db.read().await?).await?.unwrap_or_default().invites_by;
        let row = |n: usize| {
            let person = invented(n);
            let by_phone = by == InvitesBy::MailOrSms && n.is_multiple_of(3);
            WishedRow {
                typed: if by_phone { person.phone.clone() } else { person.email.clone() },
                name: person.name(),
                phone: if by == InvitesBy::Both && n.is_multiple_of(2) { person.phone.clone() } else { String::new() },
                asked: Some("on".into()),
                ..WishedRow::default()
            }
        };
        let asks_units = self.preset.unit_field != UnitField::Off;
        let unit: Option<UnitId> = self.parts.get(part).filter(|_| asks_units).map(|unit| unit.id.clone());
        let form = InviteForm {
            rows: (first..first + many).map(row).collect(),
            units: unit.iter().map(ToString::to_string).collect(),
            role: role.id.to_string(),
            language: Language::English.code().into(),
            only_add,
            ..InviteForm::default()
        };
        let id = invite::invite(self.app, &self.owner, &form).await?;
        self.app.clock.advance(HELD);
        hand_over_to_nobody(self.app, is_unknown).await?;
        let draft = held::draft(self.app, &self.owner, &id).await?;
        let number = |sent: &SentRow| {
            (first..first + many).find(|n| {
                let person = invented(*n);
                sent.address == person.email || sent.address == person.phone
            })
        };
        Ok(draft.sent.into_iter().filter_map(|sent| number(&sent).map(|n| (sent, n))).collect())
    }

    async fn link(&self, id: &InvitationId) -> Result<String, UseCaseError> {
        let found = stored::find(&mut self.app.db.read().await?, id).await?.ok_or(UseCaseError::NotFound)?;
        Ok(self.app.key.invitation_link(&found.id, found.generation, found.address.as_str()))
    }

    /// Somebody follows their link; nobody does where the message came back, or where a second administrator is waited for.
    async fn register(&self, id: &InvitationId, n: usize) -> Result<Option<UserId>, UseCaseError> {
        let person = invented(n);
        let found = stored::find(&mut self.app.db.read().await?, id).await?.ok_or(UseCaseError::NotFound)?;
        if found.awaits_approval() || is_unknown(&found.address) {
            return Ok(None);
        }
        let mut tx = self.app.db.read().await?;
        let ticks: Ticks = consents::asked(&mut tx).await?.iter().map(|text| (text.kind, text.version)).collect();
        drop(tx);
        let registration = Registration {
            name: TypedName { whole: person.name(), first: person.first.into(), last: person.last.into() },
            phone: person.phone.clone(),
            phone_meant: String::new(),
            password: PASSWORD.to_string().into(),
            password_again: PASSWORD.to_string().into(),
            language: Language::English,
            ticks,
        };
        let link = self.link(id).await?;
        accept::note_opened(self.app, &link).await?;
        let visitor = Visitor::default();
        let signed_in = accept::register(self.app, &link, None, &registration, &visitor).await?;
        Ok(Some(signed_in.caller.user_id))
    }
}
