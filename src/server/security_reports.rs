//! Puts a security report together (rule 67): the facts of one person, or of everybody in a unit, as far as whoever reads it may know
//! them, in their language. The page shows it and the mail carries it; each asks anew, in a transaction of its own.

use super::app::App;
use super::dates;
use super::secrets;
use super::storage::audit::AuditEvent;
use super::storage::security_reports::{self as stored, Times};
use super::storage::{Result, Tx, audit, memberships, roles, roster, sessions, units, users};
use crate::domain::audit::AuditAction;
use crate::domain::contact::in_letters;
use crate::domain::id::{RoleId, UnitId, UserId};
use crate::domain::listing::{Cursor, HeldRole, PageSize, UserQuery};
use crate::domain::membership::Standing;
use crate::domain::permission::{Permission, Permissions};
use crate::domain::policy::{Authority, Decision, Denied, Place, Request, decide};
use crate::domain::role::Role;
use crate::domain::security_report::{
    CHANGES, CHANGES_WITHIN, Concern, FAILURES_WITHIN, MOST_CHANGES, MOST_NAMED, MOST_PEOPLE, MOST_SESSIONS,
    PasswordFact, ReportSubject, SIGN_INS_WITHIN, SecurityFacts, days_between,
};
use crate::domain::settings::Settings;
use crate::domain::timestamp::Timestamp;
use crate::domain::unit::Unit;
use crate::domain::user::{User, UserAction};
use crate::domain::vocabulary::Vocabulary;
use crate::view_models::{ReportSection, ReportedPerson, SecurityReport};
use crate::words::Language;
use std::collections::HashMap;

/// What came of asking for a report.
pub enum Reported {
    Report(Box<SecurityReport>),
    /// There is nobody there whom the reader sees.
    Hidden,
    Refused(Denied),
}

/// In which words, and of what moment.
#[derive(Clone, Debug)]
pub struct ReportReader {
    pub zone: String,
    pub language: Language,
    pub vocabulary: Vocabulary,
    pub now: Timestamp,
}

/// Under which name the wrong passwords of an account are counted that no right one followed.
pub fn failures_of(account: &UserId) -> String {
    format!("wrong {}", secrets::hash_of_account(account))
}

/// The report about somebody or about a unit, for whoever has this authority.
///
/// # Errors
/// What the database has.
pub async fn compose(
    tx: &mut Tx,
    reader: &ReportReader,
    viewer: &Authority,
    about: &ReportSubject,
) -> Result<Reported> {
    match about {
        ReportSubject::Person(id) => of_person(tx, reader, viewer, id).await,
        ReportSubject::Unit(id) => of_unit(tx, reader, viewer, id).await,
    }
}

/// Whoever may ask for a report about this person, as things stand.
pub async fn may_ask(tx: &mut Tx, viewer: &Authority, id: &UserId) -> Result<Decision> {
    let places = memberships::places(&memberships::of_user(tx, id).await?);
    Ok(decide(viewer, Request::Do { action: UserAction::Report, user_id: id, places: &places }))
}

/// The unit whose report somebody may ask for: where they see both its people and its history.
pub async fn unit_of(tx: &mut Tx, viewer: &Authority, id: &UnitId) -> Result<Option<Unit>> {
    let Some(unit) = units::find(tx, id).await? else { return Ok(None) };
    Ok(Some(unit).filter(|unit| viewer.reaches(Permission::SeeAudit, &unit.path)))
}

/// Somebody about whom a report is.
struct ReportTarget {
    user: User,
    held: Vec<HeldRole>,
}

async fn of_person(tx: &mut Tx, reader: &ReportReader, viewer: &Authority, id: &UserId) -> Result<Reported> {
    match may_ask(tx, viewer, id).await? {
        Decision::Allowed => {}
        Decision::Hidden => return Ok(Reported::Hidden),
        Decision::Refused(denied) => return Ok(Reported::Refused(denied)),
    }
    let Some(user) = users::find(tx, id).await? else { return Ok(Reported::Hidden) };
    let held = memberships::of_user(tx, id).await?.iter().map(memberships::Membership::held).collect();
    let subject = ReportTarget { user, held };
    let roles = roles::known(tx).await?;
    let mut facts = facts_of(tx, reader, viewer, std::slice::from_ref(&subject), &roles).await?;
    let facts = facts.remove(id).unwrap_or_default();
    let words = reader.language;
    let sections = sections(tx, reader, viewer, &subject, &facts, &roles).await?;
    Ok(Reported::Report(Box::new(SecurityReport {
        about: ReportSubject::Person(id.clone()),
        title: words.report_about(&in_letters(subject.user.title())),
        lead: words.report_as_of(&reader.exact(reader.now)),
        findings: reader.findings(&facts),
        people: Vec::new(),
        beside: Vec::new(),
        sections,
    })))
}

async fn of_unit(tx: &mut Tx, reader: &ReportReader, viewer: &Authority, id: &UnitId) -> Result<Reported> {
    let Some(unit) = unit_of(tx, viewer, id).await? else { return Ok(Reported::Hidden) };
    let (words, now) = (reader.language, reader.now);
    let roles = roles::known(tx).await?;
    let counts = roster::counts(tx, &unit.id).await?;
    let mut query = UserQuery { size: PageSize::of_a_walk(), ..UserQuery::default() };
    let (mut places, mut left_out, mut goes_on) = (HashMap::new(), 0, true);
    let mut people: Vec<UserId> = Vec::new();
    while goes_on && people.len() < MOST_PEOPLE {
        let page = roster::page(tx, &unit.id, &query, &counts, now).await?;
        for line in page.lines {
            let held: Vec<Place> = line.held.iter().map(|held| held.place.clone()).collect();
            match decide(viewer, Request::Do { action: UserAction::Report, user_id: &line.id, places: &held }) {
                Decision::Allowed => {
                    people.push(line.id.clone());
                    places.insert(line.id, line.held);
                }
                Decision::Refused(_) => left_out += 1,
                Decision::Hidden => {}
            }
        }
        goes_on = page.next.is_some();
        query.from = page.next.map_or(Cursor::Start, |last| Cursor::After(last.to_string()));
    }
    let is_cut = goes_on || people.len() > MOST_PEOPLE;
    people.truncate(MOST_PEOPLE);
    let mut known: HashMap<UserId, User> =
        users::find_all(tx, &people).await?.into_iter().map(|user| (user.id.clone(), user)).collect();
    let subjects: Vec<ReportTarget> = people
        .iter()
        .filter_map(|id| Some(ReportTarget { user: known.remove(id)?, held: places.remove(id).unwrap_or_default() }))
        .collect();
    let facts = facts_of(tx, reader, viewer, &subjects, &roles).await?;
    let mut worth_a_look: Vec<(Vec<Concern>, &ReportTarget)> = subjects
        .iter()
        .filter_map(|subject| {
            let found = facts.get(&subject.user.id).map(|facts| facts.findings(now)).unwrap_or_default();
            (!found.is_empty()).then_some((found, subject))
        })
        .collect();
    // The gravest first; those alike stay in the order of their names.
    worth_a_look.sort_by(|(one, _), (other, _)| one.first().cmp(&other.first()));
    let figure = |n: usize| words.figure(n);
    let mut beside = Vec::new();
    if worth_a_look.len() > MOST_NAMED {
        beside.push(words.report_more(&figure(worth_a_look.len() - MOST_NAMED)));
    }
    if left_out > 0 {
        beside.push(words.report_left_out(&figure(left_out)));
    }
    if is_cut {
        beside.push(words.report_too_many(&figure(MOST_PEOPLE)));
    }
    let people = worth_a_look
        .into_iter()
        .take(MOST_NAMED)
        .map(|(found, subject)| ReportedPerson {
            id: subject.user.id.clone(),
            title: in_letters(subject.user.title()),
            findings: found.into_iter().map(|one| words.finding(one)).collect(),
        })
        .collect();
    Ok(Reported::Report(Box::new(SecurityReport {
        title: words.report_about(&unit.name),
        about: ReportSubject::Unit(unit.id),
        lead: words.report_of_people(&reader.exact(now), &figure(subjects.len())),
        findings: Vec::new(),
        people,
        beside,
        sections: vec![in_numbers(reader, facts.values())],
    })))
}

/// What is known of each of these people.
async fn facts_of(
    tx: &mut Tx,
    reader: &ReportReader,
    viewer: &Authority,
    people: &[ReportTarget],
    roles: &[Role],
) -> Result<HashMap<UserId, SecurityFacts>> {
    let now = reader.now;
    let ids: Vec<UserId> = people.iter().map(|one| one.user.id.clone()).collect();
    let reach = viewer.reach(Permission::SeeUsers);
    let signed_in = stored::times(tx, &ids, &[AuditAction::SignedIn], &reach, now - SIGN_INS_WITHIN).await?;
    let changed = stored::times(tx, &ids, &CHANGES, &reach, now - CHANGES_WITHIN).await?;
    let open = stored::sessions(tx, &ids, now).await?;
    let tokens = stored::tokens(tx, &ids, now).await?;
    let passwords = stored::passwords(tx, &ids).await?;
    let names: Vec<String> = ids.iter().map(failures_of).collect();
    let failures = stored::failures(tx, &names, now).await?;
    let of = |times: &HashMap<UserId, Times>, id: &UserId| times.get(id).map_or(0, |times| times.count);
    let facts = people.iter().zip(&names).map(|(ReportTarget { user, held }, name)| {
        let facts = SecurityFacts {
            came_in_at: user.registered_at,
            last_seen_at: user.last_seen_at,
            sign_ins: of(&signed_in, &user.id),
            sessions: open.get(&user.id).copied().unwrap_or_default(),
            failures: failures.get(name).map_or(0, |(tries, _)| *tries),
            password: passwords.get(&user.id).copied().unwrap_or_default(),
            tokens: tokens.get(&user.id).copied().unwrap_or_default(),
            is_unconfirmed: is_unconfirmed(user),
            rights: rights(held, roles),
            changes: of(&changed, &user.id),
        };
        (user.id.clone(), facts)
    });
    Ok(facts.collect())
}

/// Whoever set the installation up was let in by nobody, and is asked for no proof.
fn is_unconfirmed(user: &User) -> bool {
    user.is_unproven()
}

/// Everything that somebody may do, by what counts at this moment.
fn rights(held: &[HeldRole], roles: &[Role]) -> Permissions {
    let counts = |held: &&HeldRole| held.standing == Standing::Active && !held.is_closed;
    held.iter().filter(counts).fold(Permissions::NONE, |all, held| {
        let role = roles.iter().find(|role| role.id == held.place.role);
        let here = role.map_or(Permissions::NONE, |role| role.permissions).union(held.place.extra);
        all.union(if held.place.unit.is_root() { here } else { here.below_the_root() })
    })
}

/// Everything that is known of one person, heading by heading.
async fn sections(
    tx: &mut Tx,
    reader: &ReportReader,
    viewer: &Authority,
    ReportTarget { user, held }: &ReportTarget,
    facts: &SecurityFacts,
    roles: &[Role],
) -> Result<Vec<ReportSection>> {
    let (words, now) = (reader.language, reader.now);
    let last = stored::last_sign_in(tx, &user.id).await?;
    let devices = stored::devices(tx, &user.id, now - SIGN_INS_WITHIN, MOST_SESSIONS).await?;
    let mut sign_ins = Vec::new();
    match user.registered_at {
        None => sign_ins.push(words.report_not_in().to_string()),
        Some(came_in) => {
            sign_ins.extend(last.map(|at| words.report_last_sign_in(&reader.exact(at))));
            sign_ins.push(words.report_sign_ins_month(&words.figure(facts.sign_ins)));
            if !devices.is_empty() {
                sign_ins.push(words.report_browsers(&devices.join("; ")));
            }
            sign_ins.extend(user.last_seen_at.map(|at| words.report_last_seen(&reader.exact(at))));
            sign_ins.push(words.report_came_in(&reader.exact(came_in)));
        }
    }
    let open = sessions::of_user(tx, &user.id, now).await?;
    let mut running: Vec<String> = open
        .iter()
        .take(MOST_SESSIONS)
        .map(|session| {
            let device = if session.device.is_empty() { words.report_session_unnamed() } else { &session.device };
            words.report_session(device, &reader.short(session.last_seen_at))
        })
        .collect();
    if let Some(more @ 1..) = open.len().checked_sub(MOST_SESSIONS) {
        running.push(words.report_more_sessions(&words.figure(more)));
    }
    let name = failures_of(&user.id);
    let failures = stored::failures(tx, std::slice::from_ref(&name), now).await?;
    let failed = failures.get(&name).filter(|(tries, _)| *tries > 0).map(|(tries, ends_at)| {
        words.report_failures_since(&words.figure(*tries), &reader.exact(*ends_at - FAILURES_WITHIN))
    });
    let reach = viewer.reach(Permission::SeeUsers);
    let since = now - CHANGES_WITHIN;
    let lines = audit::of_people_within(tx, std::slice::from_ref(&user.id), &reach, &CHANGES, MOST_CHANGES + 1).await?;
    let (recent, is_more) = (lines.iter().filter(|line| line.at >= since), facts.changes);
    let mut changes: Vec<String> = recent
        .take(MOST_CHANGES)
        .map(|line| words.report_line(&reader.short(line.at), &change_in_words(reader, line, roles)))
        .collect();
    let shown = i64::try_from(changes.len()).unwrap_or(i64::MAX);
    if is_more > shown && changes.len() == MOST_CHANGES {
        changes.push(words.report_more_changes(&words.figure(is_more - shown)));
    }
    let tokens = (facts.tokens > 0).then(|| words.report_tokens_open(&words.figure(facts.tokens)));
    let section = |title: &str, mut lines: Vec<String>| {
        if lines.is_empty() {
            lines.push(words.report_none().into());
        }
        ReportSection { title: title.into(), lines }
    };
    Ok(vec![
        section(words.report_sign_ins(), sign_ins),
        section(words.report_sessions(), running),
        section(words.report_failures(), failed.into_iter().collect()),
        section(words.report_password(), vec![reader.password(facts.password)]),
        section(words.report_roles(), places_in_words(reader, held, roles)),
        section(words.report_changes(), changes),
        section(words.report_tokens(), tokens.into_iter().collect()),
        section(words.report_addresses(), addresses_in_words(words, user)),
    ])
}

/// The numbers of a report about many.
fn in_numbers<'a>(reader: &ReportReader, all: impl Iterator<Item = &'a SecurityFacts>) -> ReportSection {
    let words = reader.language;
    let all: Vec<&SecurityFacts> = all.collect();
    let people = |is: &dyn Fn(&SecurityFacts) -> bool| words.figure(all.iter().filter(|facts| is(facts)).count());
    let sum = |of: &dyn Fn(&SecurityFacts) -> i64| words.figure(all.iter().map(|facts| of(facts)).sum::<i64>());
    let is_away =
        |facts: &SecurityFacts| facts.findings(reader.now).iter().any(|one| matches!(one, Concern::Away { .. }));
    let is_temporary = |facts: &SecurityFacts| matches!(facts.password, PasswordFact::Temporary { .. });
    ReportSection {
        title: words.report_in_numbers().into(),
        lines: vec![
            words.report_came_in_count(&people(&|facts| facts.came_in_at.is_some())),
            words.report_active_count(&people(&|facts| facts.sign_ins > 0)),
            words.report_away_count(&people(&is_away)),
            words.report_failing_count(&people(&|facts| facts.failures > 0)),
            words.report_temporary_count(&people(&is_temporary)),
            words.report_unconfirmed_count(&people(&|facts| facts.is_unconfirmed)),
            words.report_sessions_count(&sum(&|facts| facts.sessions)),
            words.report_tokens_count(&sum(&|facts| facts.tokens)),
            words.report_changes_count(&sum(&|facts| facts.changes)),
        ],
    }
}

fn places_in_words(reader: &ReportReader, held: &[HeldRole], roles: &[Role]) -> Vec<String> {
    let (words, vocabulary) = (reader.language, reader.vocabulary);
    let line = |held: &HeldRole| {
        let role = role_name(words, roles, &held.place.role);
        let line = match words.standing(vocabulary, held.standing) {
            "" => words.report_place(&role, &held.unit),
            standing => words.report_place_standing(&role, &held.unit, standing),
        };
        let extra: Vec<&str> = held.place.extra.iter().map(|one| words.permission(one)).collect();
        if extra.is_empty() { line } else { format!("{line}; {}", words.report_extras(&extra.join(", "))) }
    };
    held.iter().map(line).collect()
}

fn role_name(words: Language, roles: &[Role], id: &RoleId) -> String {
    roles.iter().find(|role| role.id == *id).map(|role| words.role_name(role)).unwrap_or_default()
}

fn addresses_in_words(words: Language, user: &User) -> Vec<String> {
    let proven = |address: &str, is_proven: bool| match is_proven {
        true => words.report_confirmed(address),
        false => words.report_unconfirmed(address),
    };
    let mail = user.email.as_deref().map(|email| proven(&in_letters(email), user.confirmed_at.is_some()));
    let phone = user.phone.as_deref().map(|phone| proven(phone, user.phone_confirmed_at.is_some()));
    let login = user.login.as_deref().map(|login| words.report_signs_in_with(login));
    mail.into_iter().chain(login).chain(phone).collect()
}

/// A line of the history about rights or the way in, as it is read there.
fn change_in_words(reader: &ReportReader, line: &AuditEvent, roles: &[Role]) -> String {
    let (words, vocabulary) = (reader.language, reader.vocabulary);
    let named = |person: &Option<audit::Named>| match person {
        Some(person) if person.is_deleted => words.deleted_user(person.number),
        Some(person) if person.title.is_empty() => words.no_name_yet().into(),
        Some(person) => in_letters(&person.title),
        None => words.the_system().into(),
    };
    let (who, whom) = (named(&line.actor), named(&line.subject));
    let at = line.unit.clone().unwrap_or_default();
    let change = |read: &dyn Fn(&str) -> String| {
        let side = |value: &str| if value.is_empty() { words.nothing_there().into() } else { read(value) };
        words.from_to(&side(&line.before), &side(&line.after))
    };
    let role = |id: &str| role_name(words, roles, &RoleId::new(id));
    let permissions = |codes: &str| {
        Permissions::from_codes(codes).iter().map(|one| words.permission(one)).collect::<Vec<_>>().join(", ")
    };
    let is_own = line.actor.as_ref().map(|actor| &actor.id) == line.subject.as_ref().map(|subject| &subject.id);
    match line.action {
        AuditAction::RoleChanged => words.did_change_role_at(&who, &whom, &at, &change(&role)),
        AuditAction::ExtrasChanged => words.did_change_extras(&who, &whom, &at, &change(&permissions)),
        AuditAction::PlaceAdded => words.did_add_place(&who, &whom, &at, &role(&line.after)),
        AuditAction::PlaceRemoved => words.did_remove_place(&who, &whom, &at),
        AuditAction::Accepted => words.did_accept(&who),
        AuditAction::Joined => words.did_join(&who, &at),
        AuditAction::Blocked => words.did_shut(vocabulary, true, &who, &whom),
        AuditAction::Unblocked => words.did_shut(vocabulary, false, &who, &whom),
        AuditAction::Archived => words.did_archive(&who, &whom),
        AuditAction::Binned => words.did_bin(&who, &whom),
        AuditAction::BroughtBack => words.did_bring_back(&who, &whom),
        AuditAction::AdministratorMade => words.did_make_administrator(&whom),
        AuditAction::ResetSent => words.did_send_reset(&who, &whom),
        AuditAction::PasswordHanded => words.did_hand_password(&who, &whom),
        AuditAction::PasswordChanged => words.did_change_password(&who),
        AuditAction::TokenMade if is_own => words.did_make_token(&who, &line.after),
        AuditAction::TokenMade => words.did_make_token_for(&who, &whom, &line.after),
        AuditAction::TokenRevoked if is_own => words.did_revoke_token(&who, &line.before),
        AuditAction::TokenRevoked => words.did_revoke_token_of(&who, &whom, &line.before),
        // Nothing else is asked for.
        _ => String::new(),
    }
}

impl ReportReader {
    /// What is read by whoever has this language, at this moment.
    pub fn new(app: &App, settings: &Settings, language: Language) -> Self {
        let vocabulary = Vocabulary::of_preset(&settings.preset);
        Self { zone: settings.zone.clone(), language, vocabulary, now: app.clock.now() }
    }

    fn exact(&self, moment: Timestamp) -> String {
        dates::exact(moment, &self.zone, self.language)
    }

    fn short(&self, moment: Timestamp) -> String {
        dates::briefly(moment, self.now, &self.zone, self.language).short
    }

    fn findings(&self, facts: &SecurityFacts) -> Vec<String> {
        facts.findings(self.now).into_iter().map(|one| self.language.finding(one)).collect()
    }

    fn password(&self, password: PasswordFact) -> String {
        let words = self.language;
        match password {
            PasswordFact::None => words.report_password_none().into(),
            PasswordFact::Temporary { until } if self.now >= until => words.report_password_over(&self.exact(until)),
            PasswordFact::Temporary { until } => words.report_password_temporary(&self.exact(until)),
            PasswordFact::Own { since: None } => words.report_password_own_undated().into(),
            PasswordFact::Own { since: Some(since) } => {
                words.report_password_own(&self.exact(since), &words.days(days_between(since, self.now)))
            }
        }
    }
}
