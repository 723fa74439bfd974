//! Inviting people: what is typed or pasted becomes rows with verdicts; the good rows go, the others stay with their
//! reason. Everything about one person is written in one transaction: the person, the offer, the message, the history. How
//! long it is held, and how it is taken back, stands in `held`.

use super::invitations::Leaving;
use super::{Caller, Line, Refusal, held, outbox, record, require, seen};
use crate::domain::address_guard::{is_public_provider, skeletons_mistaken_for, suggest};
use crate::domain::audit::Deed;
use crate::domain::contact::{Email, PersonName, in_letters};
use crate::domain::id::{DraftId, InvitationId, MembershipId, RoleId, UnitId, UserId};
use crate::domain::invitation::{Delivery, LONGEST, SHORTEST, clean_personal_text};
use crate::domain::listing::{InviteOptions, Validity};
use crate::domain::message::Lane;
use crate::domain::moment::{Moment, Span};
use crate::domain::paste::{Pasted, PastedKind, read_paste};
use crate::domain::permission::{Permission, Permissions};
use crate::domain::policy::{Ask, Authority};
use crate::domain::refusal::{Conflict, Invalid};
use crate::domain::review::{InviteDraft, MOST_AT_ONCE, ReviewRow, SentRow, Verdict, WishedRow, first_verdict};
use crate::domain::role::Role;
use crate::domain::settings::UnitField;
use crate::domain::unit::Unit;
use crate::domain::user::{Status, User, Verb};
use crate::server::app::App;
use crate::server::random;
use crate::server::storage::invitations::{self, Invitation};
use crate::server::storage::memberships::{self, NewMembership};
use crate::server::storage::{Tx, drafts, roles, roster, units, users};
use crate::words::Language;
use std::collections::BTreeSet;

/// What the invite form carries, as typed.
#[derive(Clone, Debug, Default)]
pub struct Wish {
    /// The text field: any number of addresses.
    pub addresses: String,
    pub rows: Vec<WishedRow>,
    /// Ids of units, one or several.
    pub units: Vec<String>,
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

/// What the invite form offers before anything is typed. `unit` is the one from whose page it was opened, `search` what was
/// looked for among the units.
pub async fn options(
    app: &App,
    caller: &Caller,
    unit: Option<&UnitId>,
    search: &str,
) -> Result<InviteOptions, Refusal> {
    let now = app.clock.now();
    let mut tx = app.db.read().await?;
    let authority = super::authority(app, &mut tx, caller).await?;
    require(&authority, Ask::Use(Permission::Invite))?;
    let reader = super::users::reader_for(&mut tx, caller, app.clock.now()).await?;
    let settings = super::settings_of(&mut tx).await?;
    let usual = settings.invitation_valid_for.as_hours();
    let hours: BTreeSet<i64> = [8, 72, 168, 504, usual].into_iter().filter(|hours| *hours > 0).collect();
    let chosen = match unit {
        Some(id) => units::find(&mut tx, id).await?.filter(|unit| may_invite_to(&authority, unit)),
        None => None,
    };
    let preset = settings.preset();
    Ok(InviteOptions {
        validities: hours
            .into_iter()
            .map(|hours| Validity { hours, until: reader.when(now + Span::hours(hours)) })
            .collect(),
        usual_hours: usual,
        usual_role: roles::all(&mut tx).await?.into_iter().find(|role| role.key == preset.usual_role).map(|r| r.id),
        language: settings.language,
        units: super::units::choices(&mut tx, &authority, Permission::Invite, search).await?,
        chosen: chosen.as_ref().map(super::users::unit_ref),
        unit_field: settings.unit_field,
    })
}

fn may_invite_to(authority: &Authority, unit: &Unit) -> bool {
    !unit.is_closed && !unit.path.is_root() && authority.reaches(Permission::Invite, &unit.path)
}

/// A row on its way: what was typed, and whether a warning has been answered.
struct Row {
    pasted: Pasted,
    typed: String,
    name: String,
    role: Option<RoleId>,
    is_meant: bool,
}

/// What holds for everyone of a form.
pub(super) struct Terms {
    pub personal_text: String,
    pub valid_for: Span,
    pub language: Language,
}

/// Reads the terms of a form.
///
/// # Errors
/// The first field that cannot be taken as it is.
pub(super) fn terms(wish: &Wish) -> Result<Terms, Refusal> {
    let personal_text =
        clean_personal_text(&wish.personal_text).map_err(|characters| Invalid::PersonalTextTooLong { characters })?;
    let valid_for = Span::hours(wish.valid_for_hours);
    if !(SHORTEST..=LONGEST).contains(&valid_for) {
        return Err(Invalid::Validity.into());
    }
    let language = Language::from_code(&wish.language).ok_or(Invalid::Language)?;
    Ok(Terms { personal_text, valid_for, language })
}

/// Looks at every row and invites those that are ready, all in one transaction; the draft holds what was sent and what
/// stays, so that the page can show both with and without script.
pub async fn invite(app: &App, caller: &Caller, wish: &Wish) -> Result<DraftId, Refusal> {
    let now = app.clock.now();
    let Terms { personal_text, valid_for, language } = terms(wish)?;
    let Read { rows, cleaned, folded, left_out, rest } = read_rows(wish);
    if rows.is_empty() {
        return Err(Invalid::NobodyToInvite.into());
    }

    let unreachable = unreachable_domains(app, caller, &rows).await?;
    let mut tx = app.db.write().await?;
    let authority = super::authority(app, &mut tx, caller).await?;
    require(&authority, Ask::Use(Permission::Invite))?;
    let (inviter, settings) = users::find_with_settings(&mut tx, &caller.user_id).await?.ok_or(Refusal::SignInFirst)?;
    let role = RoleId::new(&wish.role);
    let known_roles = roles::all(&mut tx).await?;
    let asked: Vec<&RoleId> = rows.iter().filter_map(|row| row.role.as_ref()).chain([&role]).collect();
    let places = places(&mut tx, &authority, wish, settings.unit_field, &known_roles, &asked).await?;
    let own_domain = own_domain(&inviter);
    let holds_for = settings.hold;
    let offer = Offer {
        units: &places,
        language,
        personal_text: &personal_text,
        valid_for,
        extra: wish.extra,
        roles: &known_roles,
    };
    let mut draft = InviteDraft {
        rows: Vec::new(),
        sent: Vec::new(),
        held_until: None,
        units: places.iter().map(|unit| unit.id.clone()).collect(),
        role: Some(role.clone()),
        extra: wish.extra,
        language,
        personal_text: personal_text.clone(),
        valid_for_hours: wish.valid_for_hours,
        cleaned,
        folded,
        left_out,
        rest,
    };
    let addresses = rows.iter().filter_map(|row| match &row.pasted.kind {
        PastedKind::Email(email) => Some(email.as_str()),
        _ => None,
    });
    let mut quota = outbox::Quota::load(app, &mut tx, addresses, Some(&caller.user_id), now).await?;
    let lane = Lane::of_invitations(rows.len());
    for row in rows {
        let (mut verdict, whom) =
            judge(&mut tx, &authority, &row, own_domain.as_slice(), &unreachable, &places, now).await?;
        let mut postage = None;
        if let (PastedKind::Email(email), true) = (&row.pasted.kind, verdict.is_ready()) {
            match quota.take(email.as_str()) {
                Ok(taken) => postage = Some((email.clone(), taken)),
                Err(rest) => verdict = Verdict::Rests(rest),
            }
        }
        let (email, postage) = match postage {
            Some(postage) if !wish.only_check => postage,
            _ => {
                draft.rows.push(ReviewRow { typed: row.typed, name: row.name, role: row.role, verdict });
                continue;
            }
        };
        let given = row.role.as_ref().unwrap_or(&role);
        let new = Invitee { email: &email, name: &row.name, role: given, whom };
        let leaving = Leaving { due_at: now + holds_for, lane, postage };
        let sent = add(app, &mut tx, caller, new, &offer, leaving, now).await?;
        draft.sent.push(sent);
    }
    draft.held_until = (!draft.sent.is_empty() && holds_for > Span(0)).then_some(now + holds_for);
    let people: Vec<UserId> = draft.sent.iter().map(|row| row.user_id.clone()).collect();
    roster::refresh(&mut tx, &people, now).await?;
    // What was sent a moment ago and is still held can be taken back together with this.
    if let Some(before) = &wish.after {
        match held::own_draft(&mut tx, &authority, caller, before).await {
            Ok(earlier) if held::hold(app, before, &earlier).is_some() => {
                draft.held_until = draft.held_until.max(earlier.held_until);
                draft.sent.splice(0..0, earlier.sent);
            }
            // A page that stood open for longer than drafts are kept.
            Ok(_) | Err(Refusal::NotFound) => {}
            Err(refusal) => return Err(refusal),
        }
    }
    let id = DraftId::new(random::id(now));
    drafts::insert(&mut tx, &id, &caller.user_id, &held::written(&draft)?, now).await?;
    tx.commit().await?;
    app.outbox.notify_one();
    Ok(id)
}

/// Where the form invites to, if the caller may give each of these roles there. Who need not choose, and did not, means the
/// first unit within his reach.
pub(super) async fn places(
    tx: &mut Tx,
    authority: &Authority,
    wish: &Wish,
    unit_field: UnitField,
    known_roles: &[Role],
    asked: &[&RoleId],
) -> Result<Vec<Unit>, Refusal> {
    let mut wished: BTreeSet<UnitId> = wish.units.iter().filter(|id| !id.is_empty()).map(UnitId::new).collect();
    if wished.is_empty() && unit_field != UnitField::Required {
        let choices = super::units::choices(tx, authority, Permission::Invite, "").await?;
        wished.extend(choices.found.into_iter().next().map(|first| first.unit.id));
    }
    if wished.is_empty() {
        return Err(Invalid::Unit.into());
    }
    let mut places = Vec::with_capacity(wished.len());
    for id in &wished {
        places.push(units::find(tx, id).await?.ok_or(Refusal::NotFound)?);
    }
    for asked in asked {
        if !known_roles.iter().any(|role| &role.id == *asked) {
            return Err(Invalid::Role.into());
        }
        for unit in &places {
            require(authority, Ask::Give { unit: &unit.path, role: asked, extra: wish.extra })?;
        }
    }
    if places.iter().any(|unit| unit.is_closed) {
        return Err(Conflict::UnitClosed.into());
    }
    Ok(places)
}

/// The first of a form to whom a letter could go.
pub(super) struct FirstInvited {
    pub email: Option<Email>,
    pub name: String,
    pub role: RoleId,
}

/// Reads the form as `invite` does; without an address that could be written to, what holds for everyone.
pub(super) fn first_invited(wish: &Wish) -> FirstInvited {
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
async fn unreachable_domains(app: &App, caller: &Caller, rows: &[Row]) -> Result<BTreeSet<String>, Refusal> {
    let mut tx = app.db.read().await?;
    if !super::settings_of(&mut tx).await?.checks_domains {
        return Ok(BTreeSet::new());
    }
    let authority = super::authority(app, &mut tx, caller).await?;
    require(&authority, Ask::Use(Permission::Invite))?;
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
fn read_rows(wish: &Wish) -> Read {
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

/// Who has the address, as far as the inviter may know.
enum Whom {
    /// Nobody.
    New,
    /// Somebody whom the inviter does not see: he gets the answer that he would get of nobody (rule 40).
    Hidden,
    Seen(UserId),
}

async fn judge(
    tx: &mut Tx,
    authority: &Authority,
    row: &Row,
    own_domains: &[String],
    unreachable: &BTreeSet<String>,
    units: &[Unit],
    now: Moment,
) -> Result<(Verdict, Whom), Refusal> {
    let (email, verdict) = first_verdict(&row.pasted, own_domains);
    let Some(email) = email else { return Ok((verdict, Whom::New)) };
    let mut whom = Whom::New;
    let person = users::find_by_identifier(tx, email.as_str()).await?;
    for user in person.into_iter().chain(users::shadows_of(tx, email.as_str()).await?) {
        match seen(tx, authority, Verb::See, &user.id, now).await {
            Ok(known) => {
                let (user_id, title, status) = (user.id.clone(), in_letters(user.title()), known.status);
                // Nobody gives himself anything, not even what would be no gain.
                let is_himself = user.id == authority.user_id;
                if is_himself || known.all.iter().any(|held| units.iter().any(|unit| unit.path == held.unit)) {
                    return Ok((Verdict::Known { user_id, title, status }, Whom::Seen(user.id)));
                }
                // Whoever has left is brought back, whoever is blocked is unblocked; neither is invited.
                let verdict = match status {
                    Status::Archived | Status::Blocked => Verdict::Known { user_id, title, status },
                    _ => Verdict::Joins { user_id, title, status },
                };
                return Ok((verdict, Whom::Seen(user.id)));
            }
            Err(Refusal::NotFound | Refusal::Denied(_)) => whom = Whom::Hidden,
            Err(other) => return Err(other),
        }
    }
    if row.is_meant || verdict.asks() {
        return Ok((if row.is_meant { Verdict::Ready } else { verdict }, whom));
    }
    if unreachable.contains(email.domain()) {
        return Ok((Verdict::no_mail_server(&email), whom));
    }
    let similar = similar(tx, authority, &email, now).await?;
    Ok((similar.unwrap_or(verdict), whom))
}

/// Somebody within reach whose address differs only by `_ - .`, or by the provider (rule 10).
async fn similar(tx: &mut Tx, authority: &Authority, email: &Email, now: Moment) -> Result<Option<Verdict>, Refusal> {
    for user in users::with_skeletons(tx, &skeletons_mistaken_for(email)).await? {
        match seen(tx, authority, Verb::See, &user.id, now).await {
            Ok(_) => {
                let address = in_letters(user.email.as_deref().unwrap_or_default());
                return Ok(Some(Verdict::Similar { title: in_letters(user.title()), address }));
            }
            Err(Refusal::NotFound | Refusal::Denied(_)) => {}
            Err(other) => return Err(other),
        }
    }
    Ok(None)
}

/// What everyone of one form is offered.
struct Offer<'a> {
    units: &'a [Unit],
    language: Language,
    personal_text: &'a str,
    valid_for: Span,
    extra: Permissions,
    roles: &'a [Role],
}

/// One person of the form.
struct Invitee<'a> {
    email: &'a Email,
    name: &'a str,
    role: &'a RoleId,
    whom: Whom,
}

async fn add(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    new: Invitee<'_>,
    offer: &Offer<'_>,
    leaving: Leaving,
    now: Moment,
) -> Result<SentRow, Refusal> {
    let address = new.email.as_str();
    let user_id = match &new.whom {
        Whom::Seen(id) => id.clone(),
        Whom::New => known_to_come(tx, caller, &new, false, offer.language, now).await?,
        // What the inviter sees is somebody of whom nothing is known but the address and what he wrote himself.
        Whom::Hidden => known_to_come(tx, caller, &new, true, offer.language, now).await?,
    };
    let role = offer.roles.iter().find(|role| &role.id == new.role).ok_or(Invalid::Role)?;
    // Nobody gives such a role alone (rule 53).
    let takes_two = role.needs_approval;
    let invitation = Invitation {
        id: InvitationId::new(random::id(now)),
        user_id: user_id.clone(),
        address: address.into(),
        address_mark: None,
        language: offer.language,
        personal_text: offer.personal_text.into(),
        generation: 1,
        valid_for: offer.valid_for,
        created_at: now,
        created_by: Some(caller.user_id.clone()),
        invited_by: Some(caller.user_id.clone()),
        renewed_at: now,
        // What waits for the second administrator has no end yet, and opens nothing.
        expires_at: (!takes_two).then(|| now + offer.valid_for),
        opened_at: None,
        accepted_at: None,
        withdrawn_at: None,
        needs_approval: takes_two,
        proposed_by: takes_two.then(|| caller.user_id.clone()),
        approved_at: None,
        delivery: Delivery::Queued,
    };
    invitations::insert(tx, &invitation).await?;
    for unit in offer.units {
        let membership = NewMembership {
            id: MembershipId::new(random::id(now)),
            user_id: &user_id,
            unit_id: &unit.id,
            role: new.role,
            extra: offer.extra.without(role.permissions),
            invitation: Some(&invitation.id),
            active_at: None,
        };
        memberships::insert(tx, &membership, now).await?;
        let line = Line {
            actor: Some(&caller.user_id),
            subject: Some(&user_id),
            unit: Some(unit.id.clone()),
            after: address,
            ..Line::default()
        };
        record(tx, Deed::Invited, line, now).await?;
    }
    if !takes_two {
        super::invitations::post(app, tx, &invitation, leaving, now).await?;
    }
    Ok(SentRow { user_id, invitation: invitation.id, address: address.into(), awaits_approval: takes_two })
}

/// Writes down somebody who is to come; a shadow, where others know him already.
async fn known_to_come(
    tx: &mut Tx,
    caller: &Caller,
    new: &Invitee<'_>,
    is_shadow: bool,
    language: Language,
    now: Moment,
) -> Result<UserId, Refusal> {
    let user = User {
        id: UserId::new(random::id(now)),
        number: 0,
        name: PersonName::parse(new.name).map(|name| name.as_str().to_string()).unwrap_or_default(),
        name_is_own: false,
        email: Some(new.email.as_str().into()),
        phone: None,
        login: None,
        is_shadow,
        confirmed_at: None,
        language,
        registered_at: None,
        password_changed_at: None,
        last_seen_at: None,
        created_at: now,
        created_by: Some(caller.user_id.clone()),
        changed_at: now,
        version: 1,
    };
    users::insert(tx, &user, None).await?;
    Ok(user.id)
}
