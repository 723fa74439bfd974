//! People. Identifiers are compared in their canonical form, which `domain::contact` makes; the password's hash leaves this
//! file only to be checked.

use super::tx::Value;
use super::{Corrupt, Look, Result, Row, Rows, Statement, Tx};
use crate::domain::address_guard::skeleton;
use crate::domain::contact::{Address, Channel, Email, Login, Phone};
use crate::domain::deletion::Binned;
use crate::domain::id::UserId;
use crate::domain::settings::Settings;
use crate::domain::timestamp::Timestamp;
use crate::domain::unit::UnitPath;
use crate::domain::user::User;
use crate::server::passwords::is_hash;
use crate::values;
use crate::words::Language;
use std::collections::BTreeSet;

const COLUMNS: &str = "id, number, name, name_is_own, email, unconfirmed_email, phone, login, is_placeholder, confirmed_at, phone_confirmed_at, language, \
                       registered_at, password_changed_at, last_seen_at, seen_day, created_at, created_by, changed_at, \
                       version";

fn read(row: &Row) -> Result<User> {
    row.of("users", "id", |row| {
        Ok(User {
            id: UserId::new(row.text("id")?),
            number: row.number("number")?,
            name: row.text("name")?,
            name_is_own: row.truth("name_is_own")?,
            email: row.maybe_text("email")?,
            unconfirmed_email: row.maybe_text("unconfirmed_email")?,
            phone: row.maybe_text("phone")?,
            login: row.maybe_text("login")?,
            is_placeholder: row.truth("is_placeholder")?,
            confirmed_at: row.maybe_number("confirmed_at")?.map(Timestamp),
            phone_confirmed_at: row.maybe_number("phone_confirmed_at")?.map(Timestamp),
            language: row.code("language", Language::read)?,
            registered_at: row.maybe_number("registered_at")?.map(Timestamp),
            password_changed_at: row.maybe_number("password_changed_at")?.map(Timestamp),
            last_seen_at: row.maybe_number("last_seen_at")?.map(Timestamp),
            seen_day: row.number("seen_day")?,
            created_at: Timestamp(row.number("created_at")?),
            created_by: row.maybe_text("created_by")?.map(UserId::new),
            changed_at: Timestamp(row.number("changed_at")?),
            version: row.number("version")?,
        })
    })
}

pub(super) fn look() -> Look {
    Look::at_table("users", "id", |row| {
        let user = read(row)?;
        is_whole("email", user.email.as_deref(), |text| Email::parse(text).is_ok_and(|email| email.as_str() == text))?;
        is_whole("unconfirmed_email", user.unconfirmed_email.as_deref(), |text| {
            Email::parse(text).is_ok_and(|email| email.as_str() == text)
        })?;
        is_whole("phone", user.phone.as_deref(), |text| Phone::parse(text).is_ok_and(|phone| phone.as_str() == text))?;
        is_whole("login", user.login.as_deref(), |text| Login::parse(text).is_ok_and(|login| login.as_str() == text))?;
        row.maybe_text("email_skeleton")?;
        row.maybe_text("address_mark")?;
        row.maybe_text("login_skeleton")?;
        password_hash(row)?;
        row.maybe_number("temporary_until")?;
        binned(row)?;
        row.maybe_number("deleted_at").map(drop)
    })
}

/// Whether an identifier that is there stands as it is compared: nobody signs in with any other, and nothing arrives there.
fn is_whole(column: &str, there: Option<&str>, is_one: impl Fn(&str) -> bool) -> Result<()> {
    match there {
        Some(text) if !is_one(text) => Err(Corrupt::column(column).into()),
        _ => Ok(()),
    }
}

/// Adds a person and gives them the next number. With a telephone number that is free they sign in; a placeholder with none.
///
/// # Errors
/// `Taken("users_email")` and its like when an identifier belongs to somebody already.
pub async fn insert(tx: &mut Tx, user: &User, password_hash: Option<&str>) -> Result<i64> {
    let first = next_number(tx).await?;
    write_all(tx, first, std::slice::from_ref(user), password_hash).await?;
    Ok(first)
}

/// Adds people who have no password yet; they get the next numbers in their order.
///
/// # Errors
/// As [`insert`]; then none of them is there.
pub async fn insert_all(tx: &mut Tx, people: &[User]) -> Result<()> {
    let first = next_number(tx).await?;
    write_all(tx, first, people, None).await
}

async fn next_number(tx: &mut Tx) -> Result<i64> {
    tx.row("select coalesce(max(number), 0) + 1 as n from users", &[]).await?.number("n")
}

async fn write_all(tx: &mut Tx, first: i64, people: &[User], password_hash: Option<&str>) -> Result<()> {
    let mut rows = Rows::new(
        "insert into users (id, number, name, name_is_own, email, phone, login, language, password_hash, \
         password_changed_at, registered_at, created_at, created_by, changed_at, version, is_placeholder, confirmed_at, \
         email_skeleton, login_skeleton, unconfirmed_email)",
    );
    for (number, user) in (first..).zip(people) {
        let email = user.email.as_deref().and_then(|email| Email::parse(email).ok());
        let login = user.login.as_deref().and_then(|login| Login::parse(login).ok());
        rows.add(values![
            &user.id,
            number,
            &user.name,
            user.name_is_own,
            user.email.as_deref(),
            user.phone.as_deref(),
            user.login.as_deref(),
            user.language.code(),
            password_hash,
            user.password_changed_at,
            user.registered_at,
            user.created_at,
            user.created_by.as_ref(),
            user.created_at,
            1_i64,
            user.is_placeholder,
            user.confirmed_at,
            email.map(|email| skeleton(&email)),
            login.map(|login| login.skeleton()),
            user.unconfirmed_email.as_deref(),
        ]);
    }
    rows.write(tx).await?;
    for user in people.iter().filter(|user| user.phone.is_some()) {
        take_number(tx, &user.id).await?;
    }
    Ok(())
}

/// The person, unless deleted.
pub async fn find(tx: &mut Tx, id: &UserId) -> Result<Option<User>> {
    let sql = const_format(COLUMNS, "from users where id = $1 and deleted_at is null");
    let row = tx.maybe_row(sql, &values![id]).await?;
    row.as_ref().map(read).transpose()
}

/// Those of these people who are not deleted, in no order.
pub async fn find_all(tx: &mut Tx, ids: &[UserId]) -> Result<Vec<User>> {
    find_by(tx, "id", ids).await
}

/// Some people, and whoever has an address of theirs.
pub(super) async fn with_those_alike(tx: &mut Tx, ids: &[UserId]) -> Result<Vec<User>> {
    let mut people = find_all(tx, ids).await?;
    let others = sharing_addresses_of(tx, &people).await?;
    people.extend(others);
    Ok(people)
}

/// Whoever else has an address of these people: what inviters know of them who do not see each other's (rule 40).
async fn sharing_addresses_of(tx: &mut Tx, people: &[User]) -> Result<Vec<User>> {
    let addresses: BTreeSet<&str> = people.iter().filter_map(User::own_address).collect();
    let known: BTreeSet<&UserId> = people.iter().map(|user| &user.id).collect();
    let mut all = with_addresses(tx, &addresses.iter().copied().collect::<Vec<_>>()).await?;
    all.retain(|user| !known.contains(&user.id) && user.own_address().is_some_and(|own| addresses.contains(own)));
    Ok(all)
}

/// Those behind a number who are not deleted, by their numbers; so many at most.
pub(super) async fn behind(tx: &mut Tx, number: i64, most: usize) -> Result<Vec<User>> {
    let sql = const_format(COLUMNS, "from users where number > $1 and deleted_at is null order by number limit $2");
    tx.rows(sql, &values![number, most]).await?.iter().map(read).collect()
}

/// Whoever has one of these values in this column and is not deleted.
async fn find_by<'a, T>(tx: &mut Tx, column: &str, wanted: &'a [T]) -> Result<Vec<User>>
where
    &'a T: Into<Value>,
{
    let mut found = Vec::with_capacity(wanted.len());
    for some in wanted.chunks(super::MOST_IN_A_LIST) {
        let mut people = Statement::new(format!("select {COLUMNS} from users where {column} in ("));
        let places = people.bind_all(some);
        people.push(&format!("{places}) and deleted_at is null order by id"));
        for row in people.rows(tx).await? {
            found.push(read(&row)?);
        }
    }
    Ok(found)
}

/// The person, unless deleted, together with the installation's settings: almost every page asks for both.
pub async fn find_with_settings(tx: &mut Tx, id: &UserId) -> Result<Option<(User, Settings)>> {
    let rest = ", (select value from settings where name = 'settings') as settings from users \
                where id = $1 and deleted_at is null";
    let Some(row) = tx.maybe_row(const_format(COLUMNS, rest), &values![id]).await? else { return Ok(None) };
    // Where there are people, there are settings.
    let settings = super::settings::read(row.maybe_text("settings")?.as_deref().unwrap_or_default())?;
    Ok(Some((read(&row)?, settings)))
}

/// The person whom an e-mail address, a phone number or a login names, in canonical form. A number names whoever signs in
/// with it, nobody else who is reached there.
pub async fn find_by_identifier(tx: &mut Tx, identifier: &str) -> Result<Option<User>> {
    // Look-ups by index: an `or` over three columns makes SQLite read the table. Nothing but an address has an `@`.
    let clauses: &[&str] = match identifier.contains('@') {
        true => &["from users where email = $1 and not is_placeholder and deleted_at is null"],
        false => &[
            "from users where login = $1 and not is_placeholder and deleted_at is null",
            "from users where phone = $1 and phone_signs_in and not is_placeholder and deleted_at is null",
        ],
    };
    for clause in clauses {
        if let Some(row) = tx.maybe_row(const_format(COLUMNS, clause), &values![identifier]).await? {
            return read(&row).map(Some);
        }
    }
    Ok(None)
}

/// The person to whom an address belongs: who signs in with the e-mail address, or has come in by a link to the number.
pub async fn owner_of(tx: &mut Tx, address: &Address) -> Result<Option<User>> {
    if address.channel() != Channel::Sms {
        return find_by_identifier(tx, address.as_str()).await;
    }
    let rest =
        "from users where phone = $1 and phone_confirmed_at is not null and not is_placeholder and deleted_at is null";
    let row = tx.maybe_row(const_format(COLUMNS, rest), &values![address.as_str()]).await?;
    row.as_ref().map(read).transpose()
}

/// Whoever has one of these addresses or numbers: the persons first, then what inviters know of them (rule 40). The same work whether
/// there is anybody or not.
pub async fn with_addresses(tx: &mut Tx, addresses: &[&str]) -> Result<Vec<User>> {
    let mut found = Vec::new();
    for some in addresses.chunks(super::MOST_IN_A_LIST) {
        let mut people = Statement::new("");
        let them = of_addresses(&mut people, some);
        people.push(&format!("select {COLUMNS} from users where id in ({them}) order by is_placeholder, id"));
        for row in people.rows(tx).await? {
            found.push(read(&row)?);
        }
    }
    Ok(found)
}

/// Those who sign in by one of these logins.
pub async fn with_logins(tx: &mut Tx, logins: &[&str]) -> Result<Vec<User>> {
    let mut found = Vec::new();
    for some in logins.chunks(super::MOST_IN_A_LIST) {
        let mut people = Statement::new("");
        let all = people.bind_all(some.iter().copied());
        let them = format!("login in ({all}) and not is_placeholder and deleted_at is null");
        people.push(&format!("select {COLUMNS} from users where {them} order by id"));
        for row in people.rows(tx).await? {
            found.push(read(&row)?);
        }
    }
    Ok(found)
}

/// The ids of those who have one of these addresses or numbers, as a query. Each part of it has an index of its own.
pub(super) fn of_addresses(statement: &mut Statement, addresses: &[&str]) -> String {
    let all = statement.bind_all(addresses.iter().copied());
    format!(
        "select id from users where email in ({all}) and not is_placeholder and deleted_at is null \
         union all select id from users where email in ({all}) and is_placeholder and deleted_at is null \
         union all select id from users where phone in ({all}) and deleted_at is null \
         union all select id from users where unconfirmed_email in ({all}) and deleted_at is null"
    )
}

/// Somebody whose address looks like another one.
#[derive(Clone, Debug)]
pub struct Alike {
    pub id: UserId,
    pub skeleton: String,
    pub address: String,
    pub title: String,
    /// The units in which they stand.
    pub units: Vec<UnitPath>,
}

/// The most texts of one statement. For every slip of a letter there is one, some sixty for each address.
const MOST_ASKED: usize = 8_192;

/// Whoever stands somewhere and has an address whose skeleton is one of these (rule 10). The same work whether there is anybody
/// or not.
pub async fn alike(tx: &mut Tx, skeletons: &[&String]) -> Result<Vec<Alike>> {
    find_alike(tx, skeletons, |skeleton| [(*skeleton).into()], "u.email_skeleton = a.column1").await
}

/// The same of those whose skeletons lie between two texts, both included: for each of these ranges.
pub async fn alike_within(tx: &mut Tx, ranges: &[(String, String)]) -> Result<Vec<Alike>> {
    let within = "u.email_skeleton >= a.column1 and u.email_skeleton <= a.column2";
    find_alike(tx, ranges, |(low, high)| [low.into(), high.into()], within).await
}

async fn find_alike<T, const N: usize>(
    tx: &mut Tx,
    asked: &[T],
    row: impl Fn(&T) -> [Value; N],
    condition: &str,
) -> Result<Vec<Alike>> {
    let kind = tx.kind();
    let mut found: Vec<Alike> = Vec::new();
    for some in asked.chunks(MOST_ASKED / N) {
        // The last one again and again, so that there are a few texts of this statement and not thousands.
        let size = some.len().next_power_of_two().clamp(16, 1_024);
        let size = some.len().next_multiple_of(size);
        let padding = some.last().into_iter().cycle().take(size.saturating_sub(some.len()));
        let mut people = Statement::new(
            "select distinct u.id, u.name, u.email, u.email_skeleton as skeleton, n.id as unit_id, n.path from ",
        );
        people.push_table(some.iter().chain(padding).map(&row));
        people.push(" a");
        people.look_up(kind, "users u", condition);
        people.look_up(kind, "memberships m", "m.user_id = u.id");
        people.look_up(kind, "units n", "n.id = m.unit_id");
        people.push(" where u.deleted_at is null order by u.id, n.path");
        for row in people.rows(tx).await? {
            let (id, unit) = (UserId::new(row.text("id")?), super::units::read_path(&row)?);
            match found.last_mut() {
                Some(last) if last.id == id => last.units.push(unit),
                _ => {
                    let (name, address) = (row.text("name")?, row.maybe_text("email")?.unwrap_or_default());
                    let title = if name.is_empty() { address.clone() } else { name };
                    found.push(Alike { id, skeleton: row.text("skeleton")?, address, title, units: vec![unit] });
                }
            }
        }
    }
    Ok(found)
}

/// Makes a placeholder this person: nobody has an account of the address. A number that is free becomes theirs to sign in with.
///
/// # Errors
/// `Taken("users_email")` when somebody has one after all.
pub async fn make_person(tx: &mut Tx, person: &User, now: Timestamp) -> Result<()> {
    tx.touch(&person.id, now);
    let email = person.email.as_deref();
    let sql = "update users set is_placeholder = $2, email = $3, email_skeleton = $4, unconfirmed_email = $5, phone = $6 \
               where id = $1";
    let (skeleton, unconfirmed, phone) =
        (skeleton_of(email), person.unconfirmed_email.as_deref(), person.phone.as_deref());
    tx.execute(sql, &values![&person.id, false, email, skeleton, unconfirmed, phone]).await?;
    take_number(tx, &person.id).await
}

/// Writes the addresses of a placeholder, who signs in with none of them: the one by which they were invited was wrong. Whoever
/// shared that one with them comes back into the lists in which one stood for both.
pub async fn readdress(tx: &mut Tx, placeholder: &User, now: Timestamp) -> Result<()> {
    let before = find_all(tx, std::slice::from_ref(&placeholder.id)).await?;
    for other in sharing_addresses_of(tx, &before).await? {
        tx.touch(&other.id, now);
    }
    let (email, phone) = (placeholder.email.as_deref(), placeholder.phone.as_deref());
    let sql = "update users set email = $2, email_skeleton = $3, phone = $4, phone_confirmed_at = null, changed_at = $5, \
               version = version + 1 where id = $1 and is_placeholder";
    tx.execute(sql, &values![&placeholder.id, email, skeleton_of(email), phone, now]).await?;
    tx.touch(&placeholder.id, now);
    Ok(())
}

fn skeleton_of(email: Option<&str>) -> Option<String> {
    email.and_then(|email| Email::parse(email).ok()).map(|email| skeleton(&email))
}

/// Lets somebody sign in with their number when nobody else does.
async fn take_number(tx: &mut Tx, id: &UserId) -> Result<()> {
    let sql = "update users set phone_signs_in = (phone is not null and not is_placeholder and not exists (select 1 \
               from users other where other.phone = users.phone and other.phone_signs_in and other.id <> users.id)) \
               where id = $1";
    tx.execute(sql, &values![id]).await?;
    Ok(())
}

/// Empties a placeholder whose person has come in; what is theirs is the person's from now on. The row stays, as nobody, for
/// the lines of the history that name it.
pub async fn fade(tx: &mut Tx, placeholder: &UserId, person: &UserId, now: Timestamp) -> Result<()> {
    for sql in [
        "update messages set user_id = $2 where user_id = $1",
        "update invitations set user_id = $2 where user_id = $1",
        "update users set became = $2 where became = $1",
    ] {
        tx.execute(sql, &values![placeholder, person]).await?;
    }
    tx.touch(placeholder, now);
    tx.touch(person, now);
    let sql = "update users set name = '', email = null, email_skeleton = null, phone = null, unconfirmed_email = null, login = null, login_skeleton = null, became = $2, \
               deleted_at = $3, changed_at = $3, version = version + 1 where id = $1 and is_placeholder";
    tx.execute(sql, &values![placeholder, person, now]).await?;
    Ok(())
}

/// Notes that a link to a number was used: if it is the person's number, it is their own from now on, and they sign in with it.
/// Whoever had only written it about themselves does so no longer.
pub async fn confirm_phone(tx: &mut Tx, id: &UserId, phone: &Address, now: Timestamp) -> Result<()> {
    let phone = phone.as_str();
    let others = "update users set phone_signs_in = $2 where phone_signs_in and id <> $1 and phone = $3 \
                  and exists (select 1 from users own where own.id = $1 and own.phone = $3)";
    tx.execute(others, &values![id, false, phone]).await?;
    let sql = "update users set phone_confirmed_at = coalesce(phone_confirmed_at, $2), phone_signs_in = $3 \
               where id = $1 and phone = $4";
    tx.execute(sql, &values![id, now, true, phone]).await?;
    Ok(())
}

/// Notes that messages to an address of the person's arrive: from now on it is their own, and they sign in with it.
///
/// # Errors
/// `Taken("users_email")` when somebody else has an account of it.
pub async fn confirm(tx: &mut Tx, id: &UserId, email: &Address, now: Timestamp) -> Result<()> {
    let email = email.as_str();
    let sql = "update users set email = $2, email_skeleton = $3, unconfirmed_email = null, confirmed_at = $4, changed_at = $4, \
               version = version + 1 where id = $1 and unconfirmed_email = $2 and email is null";
    if tx.execute(sql, &values![id, email, skeleton_of(Some(email)), now]).await? == 1 {
        tx.touch(id, now);
        return Ok(());
    }
    let sql = "update users set confirmed_at = $3 where id = $1 and confirmed_at is null and email = $2";
    tx.execute(sql, &values![id, email, now]).await?;
    Ok(())
}

fn const_format(columns: &str, rest: &str) -> sqlx::AssertSqlSafe<String> {
    // Both parts are texts of this file.
    sqlx::AssertSqlSafe(format!("select {columns} {rest}"))
}

/// What is kept of somebody's password.
#[derive(Clone, Debug, Default)]
pub struct StoredPassword {
    pub hash: Option<String>,
    /// When the person last set it; the same password may be hashed anew in between.
    pub changed_at: Option<Timestamp>,
    /// Until when it opens the page for a lasting one, where it is a temporary one.
    pub temporary_until: Option<Timestamp>,
}

/// What is kept of the person's password; nothing of somebody who does not exist.
pub async fn password(tx: &mut Tx, id: &UserId) -> Result<StoredPassword> {
    let sql = "select id, password_hash, password_changed_at, temporary_until from users where id = $1 and deleted_at is null";
    let Some(row) = tx.maybe_row(sql, &values![id]).await? else { return Ok(StoredPassword::default()) };
    let changed_at = row.maybe_number("password_changed_at")?.map(Timestamp);
    let temporary_until = row.maybe_number("temporary_until")?.map(Timestamp);
    let hash = row.of("users", "id", password_hash)?;
    Ok(StoredPassword { hash, changed_at, temporary_until })
}

fn password_hash(row: &Row) -> Result<Option<String>> {
    match row.maybe_text("password_hash")? {
        Some(unreadable) if !is_hash(&unreadable) => Err(Corrupt::column("password_hash").into()),
        hash => Ok(hash),
    }
}

/// Writes name, phone and language, and counts the version. The number becomes the person's to sign in with when nobody else
/// signs in with it at this moment; otherwise it is kept all the same, and nobody is told (H-29).
pub async fn update(tx: &mut Tx, user: &User, now: Timestamp) -> Result<()> {
    let sql = "update users set name = $2, name_is_own = $3, phone = $4, language = $5, changed_at = $6, \
               version = version + 1, phone_confirmed_at = case when phone = $4 then phone_confirmed_at end, phone_signs_in = ($4 is not null and not is_placeholder and not exists \
               (select 1 from users other where other.phone = $4 and other.phone_signs_in and other.id <> $1)) \
               where id = $1";
    let phone = user.phone.as_deref();
    let values = values![&user.id, &user.name, user.name_is_own, phone, user.language.code(), now];
    tx.execute(sql, &values).await?;
    tx.touch(&user.id, now);
    Ok(())
}

/// Notes that something about the person changed that stands in another table.
pub async fn mark_changed(tx: &mut Tx, id: &UserId, now: Timestamp) -> Result<()> {
    tx.execute("update users set changed_at = $2, version = version + 1 where id = $1", &values![id, now]).await?;
    Ok(())
}

pub async fn set_password(tx: &mut Tx, id: &UserId, hash: &str, now: Timestamp) -> Result<()> {
    let sql = "update users set password_hash = $2, password_changed_at = $3, temporary_until = null where id = $1";
    tx.execute(sql, &values![id, hash, now]).await?;
    Ok(())
}

/// Gives somebody a password that somebody else knows: until a moment it opens the page for a lasting one, and nothing else.
pub async fn set_temporary_password(
    tx: &mut Tx,
    id: &UserId,
    hash: &str,
    until: Timestamp,
    now: Timestamp,
) -> Result<()> {
    let sql = "update users set password_hash = $2, password_changed_at = $3, temporary_until = $4, changed_at = $3, \
               version = version + 1 where id = $1";
    tx.execute(sql, &values![id, hash, now, until]).await?;
    tx.touch(id, now);
    Ok(())
}

/// Puts the lasting password in the place of a temporary one: with the first of them the person has come in.
pub async fn choose_password(tx: &mut Tx, id: &UserId, hash: &str, now: Timestamp) -> Result<()> {
    let sql = "update users set registered_at = coalesce(registered_at, $2) where id = $1";
    tx.execute(sql, &values![id, now]).await?;
    set_password(tx, id, hash, now).await?;
    tx.touch(id, now);
    Ok(())
}

/// Whether somebody has a login of this skeleton.
pub async fn has_login_like(tx: &mut Tx, skeleton: &str) -> Result<bool> {
    let sql = "select id from users where login_skeleton = $1 and deleted_at is null limit 1";
    Ok(tx.maybe_row(sql, &values![skeleton]).await?.is_some())
}

/// Writes a hash of the same password in place of an older one, if that is still there (AU-04).
pub async fn renew_hash(tx: &mut Tx, id: &UserId, old: Option<&str>, new: &str) -> Result<()> {
    let sql = "update users set password_hash = $3 where id = $1 and password_hash = $2";
    tx.execute(sql, &values![id, old, new]).await?;
    Ok(())
}

/// Makes an invited person a registered one, who gave their own name; `false` when they already were (CO-01).
pub async fn register(tx: &mut Tx, user: &User, hash: &str, now: Timestamp) -> Result<bool> {
    let sql = "update users set registered_at = $2, password_hash = $3, password_changed_at = $2 \
               where id = $1 and registered_at is null and deleted_at is null";
    let registered = tx.execute(sql, &values![&user.id, now, hash]).await? == 1;
    if registered {
        update(tx, user, now).await?;
    }
    Ok(registered)
}

/// Takes everything personal out of some people's rows; their numbers stay for the history (rule 94), and of each address its
/// mark. Whoever shared an address with them is in their place in the lists from now on.
pub async fn erase(tx: &mut Tx, people: &[User], mark: impl Fn(&str) -> String, now: Timestamp) -> Result<()> {
    for person in people.iter().chain(&sharing_addresses_of(tx, people).await?) {
        tx.touch(&person.id, now);
    }
    let marks: Vec<_> = people.iter().map(|user| (&user.id, user.own_address().map(&mark))).collect();
    for some in marks.chunks(super::MOST_IN_A_LIST) {
        let mut them = Statement::new(
            "update users set name = '', email = null, unconfirmed_email = null, email_skeleton = null, phone = null, login = null, \
             login_skeleton = null, password_hash = null, temporary_until = null, last_seen_at = null, seen_day = 0, \
             binned_at = null, erase_at = null, version = version + 1, address_mark = v.column2, ",
        );
        let (at, not) = (them.bind(now), them.bind(false));
        them.push(&format!("name_is_own = {not}, phone_signs_in = {not}, phone_confirmed_at = null, deleted_at = {at}, changed_at = {at} from "));
        them.push_pairs(some.iter().map(|(id, mark)| (*id, mark.as_deref())));
        them.push(" v where users.id = v.column1");
        them.execute(tx).await?;
    }
    Ok(())
}

/// Since when somebody lies in the bin, and until when, as it was noted; `Binned::holds` says whether they still do.
pub async fn bin(tx: &mut Tx, id: &UserId) -> Result<Option<Binned>> {
    let row = tx.maybe_row("select id, binned_at, erase_at from users where id = $1", &values![id]).await?;
    row.map_or(Ok(None), |row| row.of("users", "id", binned))
}

fn binned(row: &Row) -> Result<Option<Binned>> {
    match (row.maybe_number("binned_at")?, row.maybe_number("erase_at")?) {
        (Some(at), Some(erased_at)) => Ok(Some(Binned { at: Timestamp(at), erased_at: Timestamp(erased_at) })),
        (None, None) => Ok(None),
        (Some(_), None) => Err(Corrupt::column("erase_at").into()),
        (None, Some(_)) => Err(Corrupt::column("binned_at").into()),
    }
}

/// Puts somebody in the bin, or takes them out.
pub async fn set_bin(tx: &mut Tx, id: &UserId, bin: Option<Binned>, now: Timestamp) -> Result<()> {
    let sql = "update users set binned_at = $2, erase_at = $3 where id = $1 returning id as user_id";
    let (at, erased_at) = (bin.map(|bin| bin.at), bin.map(|bin| bin.erased_at));
    tx.execute_touching(sql, &values![id, at, erased_at], now).await?;
    Ok(())
}

/// Those whose time in the bin is over, the longest first.
pub async fn due_in_bin(tx: &mut Tx, now: Timestamp, most: i64) -> Result<Vec<User>> {
    let sql = "select id from users where erase_at <= $1 order by erase_at limit $2";
    let rows = tx.rows(sql, &values![now, most]).await?;
    let ids: Vec<UserId> = rows.iter().map(|row| row.text("id").map(UserId::new)).collect::<Result<_>>()?;
    find_all(tx, &ids).await
}

/// The mark of a deleted person's address.
pub async fn address_mark(tx: &mut Tx, id: &UserId) -> Result<Option<String>> {
    let row = tx.maybe_row("select address_mark from users where id = $1", &values![id]).await?;
    row.map_or(Ok(None), |row| row.maybe_text("address_mark"))
}

/// How many people there are; who was deleted is none.
pub async fn count(tx: &mut Tx) -> Result<i64> {
    tx.row("select count(*) as n from users where deleted_at is null", &[]).await?.number("n")
}

/// Whether anybody has ever been added: before that, the installation is not set up.
pub async fn is_anybody_there(tx: &mut Tx) -> Result<bool> {
    Ok(tx.maybe_row("select id from users limit 1", &[]).await?.is_some())
}
