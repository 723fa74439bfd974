//! Inviting people: what is typed or pasted becomes rows with verdicts; the good rows go, the others stay with their
//! reason. How a row is judged stands in `judge`, what is written for those who are invited in `write`; how long it is held, and
//! how it is taken back, in `held`.

mod judge;
mod write;

use super::outbox::SendQuota;
use super::{Actor, AuditEntry, UseCaseError, held, require};
use crate::domain::address_guard::{is_public_provider, suggest};
use crate::domain::agreement::{self, RoleGrant};
use crate::domain::contact::{Email, PersonName};
use crate::domain::error::{Conflict, Invalid};
use crate::domain::id::{DraftId, RoleId, UnitId, UserId};
use crate::domain::invitation::{LONGEST, SHORTEST, clean_personal_text};
use crate::domain::listing::{InviteOptions, UnitRef, Validity};
use crate::domain::message::Lane;
use crate::domain::paste::{Pasted, PastedKind, read_paste};
use crate::domain::permission::{Permission, Permissions};
use crate::domain::policy::{Authority, Request};
use crate::domain::review::{InviteDraft, MOST_AT_ONCE, ReviewRow, Verdict, WishedRow};
use crate::domain::role::Role;
use crate::domain::settings::{Settings, UnitField};
use crate::domain::timestamp::{Duration, Timestamp};
use crate::domain::unit::{Unit, meant_by};
use crate::domain::user::User;
use crate::server::app::App;
use crate::server::random;
use crate::server::storage::{Tx, roles, roster, units, users};
use crate::words::Language;
use judge::{Facts, Judge, Lookalikes};
use std::collections::BTreeSet;
use write::{Invitee, Offer};

/// What the invite form carries, as typed.
#[derive(Clone, Debug, Default)]
pub struct InviteForm {
    /// The text field: any number of addresses.
    pub addresses: String,
    pub rows: Vec<WishedRow>,
    /// Ids of units, one or several.
    pub units: Vec<String>,
    /// The unit that the form proposed, whether it stands among those or not; empty when it proposed none.
    pub proposed: String,
    pub role: String,
    pub language: String,
    pub personal_text: String,
    pub valid_for_hours: i64,
    /// Extra permissions on top of the role (rule 59).
    pub extra: Permissions,
    /// Only look at the rows; send nothing.
    pub only_check: bool,
    /// The draft that this form stands on, if what it sent was still held.
    pub after: Option<DraftId>,
}

impl InviteForm {
    /// The units that were chosen by hand, each once.
    fn chosen(&self) -> BTreeSet<UnitId> {
        self.units.iter().filter(|id| !id.is_empty()).map(UnitId::new).collect()
    }

    fn proposed(&self) -> Option<UnitId> {
        Some(&self.proposed).filter(|id| !id.is_empty()).map(UnitId::new)
    }
}

/// What the invite form offers before anything is typed. `unit` is the one from whose page it was opened, `search` what was
/// looked for among the units.
pub async fn options(
    app: &App,
    caller: &Actor,
    unit: Option<&UnitId>,
    search: &str,
) -> Result<InviteOptions, UseCaseError> {
    let now = app.clock.now();
    let mut tx = app.db.read().await?;
    let authority = super::authority(app, &mut tx, caller).await?;
    require(&authority, Request::Use(Permission::Invite))?;
    let reader = super::users::reader_for(&mut tx, caller, app.clock.now()).await?;
    let settings = super::settings_of(&mut tx).await?;
    let usual = settings.invitation_valid_for.as_hours();
    let hours: BTreeSet<i64> = [8, 72, 168, 504, usual].into_iter().filter(|hours| *hours > 0).collect();
    let chosen = match unit {
        Some(id) => units::find(&mut tx, id).await?.filter(|unit| may_invite_to(&authority, unit)),
        None => None,
    };
    let preset = settings.preset();
    let choices = super::units::choices(&mut tx, &authority, Permission::Invite, search).await?;
    let chosen = chosen.as_ref().map(super::users::unit_ref);
    let proposed = match (&chosen, settings.unit_field) {
        (Some(chosen), _) => Some(chosen.clone()),
        (None, UnitField::Required) => None,
        (None, _) => first_unit(&mut tx, &authority).await?,
    };
    let all = roles::all(&mut tx).await?;
    let takes_two: Vec<RoleId> = all
        .iter()
        .filter(|role| authority.may_give_somewhere(&role.id))
        .filter(|role| agreement::takes_two(RoleGrant { role, extra: Permissions::NONE }, &all))
        .map(|role| role.id.clone())
        .collect();
    let at = match chosen.as_ref().or(proposed.as_ref()).map(|unit| unit.id.clone()) {
        Some(unit) => Some(unit),
        None => first_unit(&mut tx, &authority).await?.map(|first| first.id),
    };
    let at = match at.filter(|_| !takes_two.is_empty()) {
        Some(unit) => units::find(&mut tx, &unit).await?,
        None => None,
    };
    let second = match &at {
        Some(unit) => super::agreement::who_could_agree(&mut tx, caller, &unit.path, &takes_two).await?,
        None => Vec::new(),
    };
    Ok(InviteOptions {
        takes_two,
        second,
        validities: hours
            .into_iter()
            .map(|hours| Validity { hours, until: reader.when(now + Duration::hours(hours)) })
            .collect(),
        usual_hours: usual,
        usual_role: all.into_iter().find(|role| role.key == preset.usual_role).map(|role| role.id),
        language: settings.language,
        units: choices,
        chosen,
        proposed,
        unit_field: settings.unit_field,
    })
}

/// The first unit to which somebody may invite.
async fn first_unit(tx: &mut Tx, authority: &Authority) -> Result<Option<UnitRef>, UseCaseError> {
    let first = units::first(tx, &authority.reach(Permission::Invite)).await?;
    Ok(first.as_ref().map(super::users::unit_ref))
}

fn may_invite_to(authority: &Authority, unit: &Unit) -> bool {
    !unit.is_closed && !unit.path.is_root() && authority.reaches(Permission::Invite, &unit.path)
}

/// A row on its way: what was typed, and whether a warning has been answered.
#[derive(Clone)]
struct Row {
    pasted: Pasted,
    typed: String,
    name: String,
    role: Option<RoleId>,
    is_meant: bool,
}

impl Row {
    fn reviewed(self, verdict: Verdict) -> ReviewRow {
        ReviewRow { typed: self.typed, name: self.name, role: self.role, verdict }
    }
}

/// What holds for everyone of a form.
pub(super) struct Terms {
    pub personal_text: String,
    pub valid_for: Duration,
    pub language: Language,
}

/// Reads the terms of a form.
///
/// # Errors
/// The first field that cannot be taken as it is.
pub(super) fn terms(wish: &InviteForm) -> Result<Terms, UseCaseError> {
    let personal_text =
        clean_personal_text(&wish.personal_text).map_err(|characters| Invalid::PersonalTextTooLong { characters })?;
    let valid_for = Duration::hours(wish.valid_for_hours);
    if !(SHORTEST..=LONGEST).contains(&valid_for) {
        return Err(Invalid::Validity.into());
    }
    let language = Language::from_code(&wish.language).ok_or(Invalid::Language)?;
    Ok(Terms { personal_text, valid_for, language })
}

/// Looks at every row, and unless it is only to be looked at, invites those that are ready; the draft holds what was sent and
/// what stays, so that the page can show both with and without script.
pub async fn invite(app: &App, caller: &Actor, wish: &InviteForm) -> Result<DraftId, UseCaseError> {
    let form = Form { wish, role: RoleId::new(&wish.role), terms: terms(wish)? };
    let read = read_rows(wish);
    if read.rows.is_empty() {
        return Err(Invalid::NobodyToInvite.into());
    }
    let unreachable = unreachable_domains(app, caller, &read.rows).await?;
    match wish.only_check {
        true => look(app, caller, &form, read, &unreachable).await,
        false => send(app, caller, &form, read, &unreachable).await,
    }
}

/// Looks at all rows while others write; only the draft is written.
async fn look(
    app: &App,
    caller: &Actor,
    form: &Form<'_>,
    read: Read,
    unreachable: &BTreeSet<String>,
) -> Result<DraftId, UseCaseError> {
    let now = app.clock.now();
    let mut tx = app.db.read().await?;
    let desk = Desk::load(app, &mut tx, caller, form, &read.rows).await?;
    let facts = Facts::load(&mut tx, &read.rows).await?;
    let mut lookalikes = Lookalikes::load(&mut tx, &read.rows).await?;
    let mut quota = SendQuota::load(app, &mut tx, addresses(&read.rows), Some(&caller.user_id), now).await?;
    let earlier = earlier(app, &mut tx, caller, &desk, form).await?;
    drop(tx);

    let judge = desk.judge(&facts, &mut lookalikes, unreachable, now);
    let mut draft = form.draft(&desk, &read);
    for row in read.rows {
        let (mut verdict, _) = judge.judge(&row);
        if let Some(email) = row.email().filter(|_| verdict.is_ready()) {
            match quota.take(email.as_str()) {
                Ok(_) => judge.lookalikes.note(email, &row.name),
                Err(rest) => verdict = Verdict::Rests(rest),
            }
        }
        draft.rows.push(row.reviewed(verdict));
    }
    draft.goes_on(earlier);
    let id = DraftId::new(random::id(now));
    let mut tx = app.db.write().await?;
    super::authority(app, &mut tx, caller).await?;
    held::keep(&mut tx, caller, &id, &draft, now).await?;
    tx.commit().await?;
    Ok(id)
}

/// Invites those who are ready. Everything about one person is written in one transaction; many people take several, so that
/// whoever wants to write meanwhile gets in between. What was sent and what is still to come stands in the draft each time.
async fn send(
    app: &App,
    caller: &Actor,
    form: &Form<'_>,
    mut read: Read,
    unreachable: &BTreeSet<String>,
) -> Result<DraftId, UseCaseError> {
    let now = app.clock.now();
    let mut tx = app.db.read().await?;
    // What stands against the form as a whole is said without taking the writer.
    Desk::load(app, &mut tx, caller, form, &read.rows).await?;
    let mut lookalikes = Lookalikes::load(&mut tx, &read.rows).await?;
    drop(tx);
    let (id, all) = (DraftId::new(random::id(now)), read.rows.len());
    let mut rows = std::mem::take(&mut read.rows);
    let mut draft: Option<InviteDraft> = None;
    while !rows.is_empty() {
        let part = Part { id: &id, all, read: &read, unreachable, now };
        match send_some(app, caller, form, &part, &mut lookalikes, &mut rows, draft.clone()).await {
            Ok(so_far) => draft = Some(so_far),
            // Some have been invited: the draft says who, and keeps the others.
            Err(refusal) if draft.is_some() => {
                tracing::warn!(?refusal, "an invite form was sent in part");
                break;
            }
            Err(refusal) => return Err(refusal),
        }
    }
    app.outbox.notify_one();
    Ok(id)
}

/// What is the same for every part of a form that is sent.
struct Part<'a> {
    id: &'a DraftId,
    /// How many rows the form has.
    all: usize,
    read: &'a Read,
    unreachable: &'a BTreeSet<String>,
    now: Timestamp,
}

/// How many rows of tables are written in one transaction, about.
const MOST_WRITTEN: usize = 300;

/// Judges the next rows again, where nothing changes any more, and invites those that are ready. `rows` are those that are
/// left, `draft` is what came before.
async fn send_some(
    app: &App,
    caller: &Actor,
    form: &Form<'_>,
    part: &Part<'_>,
    lookalikes: &mut Lookalikes,
    rows: &mut Vec<Row>,
    draft: Option<InviteDraft>,
) -> Result<InviteDraft, UseCaseError> {
    let now = part.now;
    let mut tx = app.db.write().await?;
    let desk = Desk::load(app, &mut tx, caller, form, rows).await?;
    // Somebody stands in the list of each unit above their own.
    let weight: usize = 5 + desk.places.iter().map(|unit| 2 + unit.path.level()).sum::<usize>();
    let some: Vec<Row> = rows.drain(..rows.len().min((MOST_WRITTEN / weight).max(1))).collect();
    let facts = Facts::load(&mut tx, &some).await?;
    let mut quota = SendQuota::load(app, &mut tx, addresses(&some), Some(&caller.user_id), now).await?;
    let judge = desk.judge(&facts, lookalikes, part.unreachable, now);

    let is_first = draft.is_none();
    let mut draft = draft.unwrap_or_else(|| form.draft(&desk, part.read));
    // Those that were still to come stand at the end.
    draft.rows.truncate(draft.rows.len().saturating_sub(if is_first { 0 } else { some.len() + rows.len() }));
    let mut new = Vec::new();
    for row in some {
        let (mut verdict, whom) = judge.judge(&row);
        let ready = row.email().filter(|_| verdict.is_ready()).cloned();
        let given = row.role.as_ref().unwrap_or(&form.role);
        let role = desk.roles.iter().find(|role| &role.id == given).ok_or(Invalid::Role)?;
        if let Some(email) = ready {
            match quota.take(email.as_str()) {
                Ok(postage) => {
                    judge.lookalikes.note(&email, &row.name);
                    new.push(Invitee { email, name: row.name, role, whom, postage });
                    continue;
                }
                Err(rest) => verdict = Verdict::Rests(rest),
            }
        }
        draft.rows.push(row.reviewed(verdict));
    }
    let due_at = now + desk.settings.hold;
    let offer = Offer {
        units: &desk.places,
        language: form.terms.language,
        personal_text: &form.terms.personal_text,
        valid_for: form.terms.valid_for,
        extra: form.wish.extra,
        roles: &desk.roles,
        due_at,
        lane: Lane::of_invitations(part.all),
    };
    let sent = write::add_all(app, &mut tx, caller, new, &offer, now).await?;
    let people: Vec<UserId> = sent.iter().map(|row| row.user_id.clone()).collect();
    roster::refresh(&mut tx, &people, now).await?;
    draft.sent.extend(sent);
    if is_first {
        let earlier = earlier(app, &mut tx, caller, &desk, form).await?;
        draft.goes_on(earlier);
    }
    if !people.is_empty() && desk.settings.hold > Duration(0) {
        draft.held_until = draft.held_until.max(Some(due_at));
    }
    let to_come = rows.iter().map(|row| row.clone().reviewed(Verdict::Ready));
    draft.rows.extend(to_come);
    match is_first {
        true => held::keep(&mut tx, caller, part.id, &draft, now).await?,
        false => held::rewrite(&mut tx, caller, part.id, &draft).await?,
    }
    tx.commit().await?;
    Ok(draft)
}

/// Offers somebody who has an account a role at one unit, by a letter to their address.
pub(super) async fn offer_by_letter(
    app: &App,
    tx: &mut Tx,
    caller: &Actor,
    user: &User,
    unit: &Unit,
    role: &Role,
    extra: Permissions,
    now: Timestamp,
) -> Result<(), UseCaseError> {
    let email = Email::parse(user.email.as_deref().ok_or(Conflict::NoEmail)?)?;
    let postage = super::outbox::postage(app, tx, email.as_str(), Some(&caller.user_id), now).await?;
    let roles = roles::all(tx).await?;
    let offer = Offer {
        units: std::slice::from_ref(unit),
        roles: &roles,
        language: user.language,
        personal_text: "",
        valid_for: super::settings_of(tx).await?.invitation_valid_for,
        extra,
        due_at: now,
        lane: Lane::of_invitations(1),
    };
    let invitee = Invitee { email, name: String::new(), role, whom: judge::Whom::Seen(user.id.clone()), postage };
    write::add_all(app, tx, caller, vec![invitee], &offer, now).await.map(drop)
}

/// A form that is looked at or sent.
struct Form<'a> {
    wish: &'a InviteForm,
    /// What everybody gets whose row has no role of its own.
    role: RoleId,
    terms: Terms,
}

impl Form<'_> {
    /// The draft of it, with no row yet.
    fn draft(&self, desk: &Desk, read: &Read) -> InviteDraft {
        InviteDraft {
            rows: Vec::new(),
            sent: Vec::new(),
            held_until: None,
            units: desk
                .places
                .iter()
                .map(|unit| &unit.id)
                .filter(|id| self.wish.chosen().contains(id))
                .cloned()
                .collect(),
            proposed: self.wish.proposed(),
            role: Some(self.role.clone()),
            extra: self.wish.extra,
            language: self.terms.language,
            personal_text: self.terms.personal_text.clone(),
            valid_for_hours: self.wish.valid_for_hours,
            cleaned: read.cleaned,
            folded: read.folded,
            left_out: read.left_out,
            rest: read.rest.clone(),
        }
    }
}

/// What is known of an inviter and of what may be given, in the transaction in which it is used.
struct Desk {
    authority: Authority,
    own_domain: Option<String>,
    settings: Settings,
    roles: Vec<Role>,
    /// Where the form invites to.
    places: Vec<Unit>,
}

impl Desk {
    /// # Errors
    /// Whatever stands against the form as a whole: a role that the caller may not give there, a unit that is closed.
    async fn load(app: &App, tx: &mut Tx, caller: &Actor, form: &Form<'_>, rows: &[Row]) -> Result<Self, UseCaseError> {
        let authority = super::authority(app, tx, caller).await?;
        require(&authority, Request::Use(Permission::Invite))?;
        let (inviter, settings) =
            users::find_with_settings(tx, &caller.user_id).await?.ok_or(UseCaseError::SignInFirst)?;
        let roles = roles::all(tx).await?;
        let asked: Vec<&RoleId> = rows.iter().filter_map(|row| row.role.as_ref()).chain([&form.role]).collect();
        let places = places(tx, &authority, form.wish, settings.unit_field, &roles, &asked).await?;
        Ok(Self { authority, own_domain: own_domain(&inviter), settings, roles, places })
    }

    fn judge<'a>(
        &'a self,
        facts: &'a Facts,
        lookalikes: &'a mut Lookalikes,
        unreachable: &'a BTreeSet<String>,
        now: Timestamp,
    ) -> Judge<'a> {
        Judge {
            authority: &self.authority,
            own_domain: self.own_domain.as_ref(),
            unreachable,
            places: &self.places,
            facts,
            lookalikes,
            now,
        }
    }
}

fn addresses(rows: &[Row]) -> impl Iterator<Item = &str> {
    rows.iter().filter_map(|row| row.email().map(Email::as_str))
}

/// What was sent a moment ago and is still held: it can be taken back together with this.
async fn earlier(
    app: &App,
    tx: &mut Tx,
    caller: &Actor,
    desk: &Desk,
    form: &Form<'_>,
) -> Result<Option<InviteDraft>, UseCaseError> {
    let Some(before) = &form.wish.after else { return Ok(None) };
    match held::own_draft(tx, &desk.authority, caller, before).await {
        Ok(earlier) => Ok(held::hold(app, before, &earlier).is_some().then_some(earlier)),
        // A page that stood open for longer than drafts are kept.
        Err(UseCaseError::NotFound) => Ok(None),
        Err(refusal) => Err(refusal),
    }
}

/// Where the form invites to, if the caller may give each of these roles there. Who need not choose, and did not, means the
/// unit that the form proposed, else the first one within reach.
pub(super) async fn places(
    tx: &mut Tx,
    authority: &Authority,
    wish: &InviteForm,
    unit_field: UnitField,
    known_roles: &[Role],
    asked: &[&RoleId],
) -> Result<Vec<Unit>, UseCaseError> {
    let (mut wished, proposed) = (wish.chosen(), wish.proposed());
    if wished.is_empty() && unit_field != UnitField::Required {
        wished.extend(proposed.clone());
    }
    if wished.is_empty() && unit_field != UnitField::Required {
        wished.extend(first_unit(tx, authority).await?.map(|first| first.id));
    }
    if wished.is_empty() {
        return Err(Invalid::Unit.into());
    }
    let mut chosen = units::find_all(tx, &wished.iter().cloned().collect::<Vec<_>>()).await?;
    if chosen.len() < wished.len() {
        return Err(UseCaseError::NotFound);
    }
    chosen.sort_by(|one, other| one.id.cmp(&other.id));
    let meant = meant_by(chosen.clone(), proposed.as_ref());
    // Two that cannot both be meant are named to those only who may give both.
    let places = meant.as_ref().unwrap_or(&chosen);
    for asked in asked.iter().copied().collect::<BTreeSet<&RoleId>>() {
        if !known_roles.iter().any(|role| &role.id == asked) {
            return Err(Invalid::Role.into());
        }
        for unit in places {
            require(authority, Request::Give { unit: &unit.path, role: asked, extra: wish.extra })?;
        }
    }
    if places.iter().any(|unit| unit.is_closed) {
        return Err(Conflict::UnitClosed.into());
    }
    Ok(meant?)
}

/// The first of a form to whom a letter could go.
pub(super) struct FirstInvited {
    pub email: Option<Email>,
    pub name: String,
    pub role: RoleId,
}

/// Reads the form as `invite` does; without an address that could be written to, what holds for everyone.
pub(super) fn first_invited(wish: &InviteForm) -> FirstInvited {
    let everyone = RoleId::new(&wish.role);
    let first = read_rows(wish).rows.into_iter().find_map(|row| match &row.pasted.kind {
        PastedKind::Email(email) => Some((email.clone(), row)),
        _ => None,
    });
    match first {
        Some((email, row)) => {
            let name = PersonName::parse(&row.name).map(|name| name.as_str().to_string()).unwrap_or_default();
            FirstInvited { email: Some(email), name, role: row.role.unwrap_or(everyone) }
        }
        None => FirstInvited { email: None, name: String::new(), role: everyone },
    }
}

/// The domains of the rows that cannot receive e-mail, where the installation wants that looked up (rule 8). Nothing is
/// held meanwhile, least of all the writer; and only who may invite has anything looked up.
async fn unreachable_domains(app: &App, caller: &Actor, rows: &[Row]) -> Result<BTreeSet<String>, UseCaseError> {
    let mut tx = app.db.read().await?;
    if !super::settings_of(&mut tx).await?.checks_domains {
        return Ok(BTreeSet::new());
    }
    let authority = super::authority(app, &mut tx, caller).await?;
    require(&authority, Request::Use(Permission::Invite))?;
    drop(tx);
    let domain = |row: &Row| match &row.pasted.kind {
        // A slip is asked about anyway, and what was answered is not asked about again.
        PastedKind::Email(email) if !row.is_meant && suggest(email.domain(), &[]).is_none() => {
            Some(email.domain().to_string())
        }
        _ => None,
    };
    Ok(app.mail_domains.that_cannot_receive(&caller.user_id, rows.iter().filter_map(domain).collect()).await)
}

/// What a form came to.
struct Read {
    rows: Vec<Row>,
    cleaned: usize,
    folded: usize,
    left_out: usize,
    /// What was left out, as it was typed.
    rest: String,
}

/// The rows of the form and what the text field adds to them, each address once.
fn read_rows(wish: &InviteForm) -> Read {
    let mut rows: Vec<Row> = Vec::new();
    let mut seen = BTreeSet::new();
    let role_of = |text: &str| (!text.is_empty()).then(|| RoleId::new(text));
    for wished in wish.rows.iter().filter(|row| row.dropped.is_none()) {
        // While a choice is open, what was typed stands.
        let chosen = wished.address.as_deref().map(str::trim).filter(|text| !text.is_empty());
        let is_meant = chosen.is_some() && wished.asked.is_some();
        let paste = read_paste(chosen.unwrap_or(&wished.typed));
        for pasted in paste.entries {
            let name =
                if wished.name.is_empty() { pasted.name.clone().unwrap_or_default() } else { wished.name.clone() };
            let typed = pasted.typed.clone();
            rows.push(Row { pasted, typed, name, role: role_of(&wished.role), is_meant });
        }
    }
    let paste = read_paste(&wish.addresses);
    rows.extend(paste.entries.into_iter().map(|pasted| Row {
        typed: pasted.typed.clone(),
        name: pasted.name.clone().unwrap_or_default(),
        role: None,
        is_meant: false,
        pasted,
    }));
    let before = rows.len();
    rows.retain(|row| match &row.pasted.kind {
        PastedKind::Email(email) => seen.insert(email.as_str().to_string()),
        _ => seen.insert(row.typed.clone()),
    });
    let folded = paste.folded + before - rows.len();
    let beyond = rows.split_off(rows.len().min(MOST_AT_ONCE));
    let line = |row: &Row| match row.name.as_str() {
        "" => row.typed.clone(),
        name => format!("{name} <{}>", row.typed),
    };
    Read {
        left_out: paste.left_out + beyond.len(),
        rest: beyond.iter().map(line).collect::<Vec<_>>().join("\n"),
        rows,
        cleaned: paste.cleaned,
        folded,
    }
}

/// The domain of the inviter's own address, unless anybody can have one there.
fn own_domain(inviter: &User) -> Option<String> {
    let email = Email::parse(inviter.email.as_deref()?).ok()?;
    Some(email.domain().to_string()).filter(|domain| !is_public_provider(domain))
}
