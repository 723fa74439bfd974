//! Offers of memberships. An invitation keeps its moments; what they mean is `domain::invitation`'s to say. The list of them is read in
//! `page`, what waits for a second administrator in `approval`.

mod approval;
mod page;

pub use approval::{approve, is_to_wait, needs_no_approval, propose, stand_for, to_wait, wait_for_second, waiting};
pub use page::{count_invited_before, count_to_approve, invited_before, page, page_of};

use super::memberships::Membership;
use super::{Corrupt, Look, Result, Row, Rows, Statement, Tx};
use crate::domain::contact::{Address, Channel};
use crate::domain::id::{InvitationId, MessageId, UserId};
use crate::domain::invitation::{Delivery, InvitationFacts};
use crate::domain::revision::Revision;
use crate::domain::timestamp::{Duration, Timestamp};
use crate::values;
use crate::words::Language;
use std::collections::BTreeSet;

#[derive(Clone, Debug)]
pub struct Invitation {
    pub id: InvitationId,
    pub user_id: UserId,
    /// Its own: by which it is named.
    pub address: Address,
    /// What is left of the address once the person was deleted.
    pub address_mark: Option<String>,
    /// Another one of the same person, of the other channel: where the settings say so, it goes there too. Each has a link of its
    /// own, and by whichever of them somebody comes in, all are used up.
    pub other: Option<Address>,
    pub other_mark: Option<String>,
    pub language: Language,
    pub personal_text: String,
    /// Counts the links: a resend is the next one, and ends those before.
    pub generation: i64,
    pub valid_for: Duration,
    pub created_at: Timestamp,
    /// Who answers for it now: whoever made it, or sent it again since (IN-04).
    pub created_by: Option<UserId>,
    /// Who made it.
    pub invited_by: Option<UserId>,
    pub renewed_at: Timestamp,
    /// When the newest link was sent again with a new end, if it was.
    pub extended_at: Option<Timestamp>,
    pub expires_at: Option<Timestamp>,
    pub opened_at: Option<Timestamp>,
    pub accepted_at: Option<Timestamp>,
    pub withdrawn_at: Option<Timestamp>,
    /// Whoever it was sent to said that it is not for them; it is withdrawn then, too.
    pub declined_at: Option<Timestamp>,
    /// The one that went in its place to the address that was put right; it is withdrawn then, too.
    pub replaced_by: Option<InvitationId>,
    /// When the person is reminded of the newest link, while it is open.
    pub remind_at: Option<Timestamp>,
    pub reminded_at: Option<Timestamp>,
    /// It offers a role for which a second administrator is needed (rule 53).
    pub needs_approval: bool,
    pub approved_at: Option<Timestamp>,
    /// Nobody has had it sent yet (rule 20).
    pub is_unsent: bool,
    /// What became of the newest link's message.
    pub delivery: Delivery,
}

impl Invitation {
    /// Nobody is asked to agree before somebody wants it sent.
    pub fn awaits_approval(&self) -> bool {
        self.needs_approval && self.approved_at.is_none() && !self.is_unsent
    }

    /// Whether it was sent again, with whichever link.
    pub fn was_sent_again(&self) -> bool {
        self.generation > 1 || self.extended_at.is_some()
    }

    /// The addresses of the person, its own first.
    pub fn addresses(&self) -> impl Iterator<Item = &Address> {
        std::iter::once(&self.address).chain(&self.other)
    }

    /// The one for letters.
    pub fn letters_to(&self) -> Option<&Address> {
        self.addresses().find(|address| address.channel() != Channel::Sms)
    }

    /// The one of a channel.
    pub fn address_by(&self, channel: Channel) -> Option<&Address> {
        self.addresses().find(|address| address.channel() == channel)
    }

    /// How it stands together with what it offers, or led to: all that a decision about it could rest on. What became of its
    /// message, and whether it was opened, changes nothing about it.
    pub fn revision(&self, offered: &[Membership]) -> Revision {
        let mut offered: Vec<String> = offered.iter().map(|held| format!("{:?}", held.facts())).collect();
        offered.sort();
        let approval = (self.needs_approval, self.approved_at, self.is_unsent);
        let link = (self.generation, self.extended_at);
        let addresses: Vec<&str> = self.addresses().map(Address::as_str).collect();
        Revision::of(&(link, addresses, self.withdrawn_at, self.accepted_at, &self.created_by, approval, offered))
    }

    /// Whether it may still lead somebody in, now or with a new link.
    pub fn is_open(&self) -> bool {
        !self.facts().has_ended()
    }

    pub fn facts(&self) -> InvitationFacts {
        InvitationFacts {
            expires_at: self.expires_at,
            withdrawn_at: self.withdrawn_at,
            declined_at: self.declined_at,
            accepted_at: self.accepted_at,
            awaits_approval: self.awaits_approval(),
            is_unsent: self.is_unsent,
            delivery: self.delivery,
        }
    }
}

/// What became of the newest link's messages: it has arrived where one of them has, and failed where all have.
const SELECT: &str = "select i.id, i.user_id, i.channel, i.address, i.address_mark, i.other_address, i.other_mark, i.language, i.personal_text, i.generation, i.valid_for, \
    i.created_at, i.created_by, i.invited_by, i.renewed_at, i.extended_at, i.expires_at, i.opened_at, i.accepted_at, i.withdrawn_at, \
    i.declined_at, i.replaced_by, i.remind_at, i.reminded_at, i.needs_approval, i.approved_at, i.is_unsent, \
    (select max(case when m.sent_at is not null then cast(3 as bigint) when m.failed_at is null then 2 else 1 end) from messages m \
    where m.invitation_id = i.id and m.generation = i.generation and m.kind <> 'reminder') as delivery from invitations i";

fn read(row: &Row) -> Result<Invitation> {
    row.of("invitations", "id", |row| {
        let channel = row.code("channel", Channel::from_code)?;
        Ok(Invitation {
            id: InvitationId::new(row.text("id")?),
            user_id: UserId::new(row.text("user_id")?),
            address: Address::stored(channel, row.text("address")?),
            address_mark: row.maybe_text("address_mark")?,
            other: row.maybe_text("other_address")?.map(|text| Address::stored(channel.other(), text)),
            other_mark: row.maybe_text("other_mark")?,
            language: row.code("language", Language::read)?,
            personal_text: row.text("personal_text")?,
            generation: row.number("generation")?,
            valid_for: Duration(row.number("valid_for")?),
            created_at: Timestamp(row.number("created_at")?),
            created_by: row.maybe_text("created_by")?.map(UserId::new),
            invited_by: row.maybe_text("invited_by")?.map(UserId::new),
            renewed_at: Timestamp(row.number("renewed_at")?),
            extended_at: row.maybe_number("extended_at")?.map(Timestamp),
            expires_at: row.maybe_number("expires_at")?.map(Timestamp),
            opened_at: row.maybe_number("opened_at")?.map(Timestamp),
            accepted_at: row.maybe_number("accepted_at")?.map(Timestamp),
            withdrawn_at: row.maybe_number("withdrawn_at")?.map(Timestamp),
            declined_at: row.maybe_number("declined_at")?.map(Timestamp),
            replaced_by: row.maybe_text("replaced_by")?.map(InvitationId::new),
            remind_at: row.maybe_number("remind_at")?.map(Timestamp),
            reminded_at: row.maybe_number("reminded_at")?.map(Timestamp),
            needs_approval: row.truth("needs_approval")?,
            approved_at: row.maybe_number("approved_at")?.map(Timestamp),
            is_unsent: row.truth("is_unsent")?,
            delivery: read_delivery(row)?,
        })
    })
}

/// What became of the newest link's messages.
fn read_delivery(row: &Row) -> Result<Delivery> {
    Ok(match row.maybe_number("delivery")? {
        Some(3) => Delivery::HandedOver,
        Some(1) => Delivery::Failed,
        _ => Delivery::Queued,
    })
}

pub(super) fn look() -> Look {
    let sql = format!("{SELECT} where i.id > $1 order by i.id limit $2");
    let look = |row: &Row| {
        let invitation = read(row)?;
        // Of somebody who was deleted there is none.
        let is_whole = |address: &Address| address.as_str().is_empty() || address.is_sound();
        match () {
            () if !is_whole(&invitation.address) => Err(Corrupt::column("address").into()),
            () if !invitation.other.iter().all(Address::is_sound) => Err(Corrupt::column("other_address").into()),
            () => Ok(()),
        }
    };
    Look { sql, ..Look::at_table("invitations", "id", look) }
}

async fn select(tx: &mut Tx, rest: &str, values: &[super::tx::Value]) -> Result<Vec<Invitation>> {
    // Both parts are texts of this file.
    tx.rows(sqlx::AssertSqlSafe(format!("{SELECT} {rest}")), values).await?.iter().map(read).collect()
}

pub async fn insert(tx: &mut Tx, new: &Invitation) -> Result<()> {
    insert_all(tx, std::slice::from_ref(new)).await
}

pub async fn insert_all(tx: &mut Tx, all: &[Invitation]) -> Result<()> {
    let mut rows = Rows::new(
        "insert into invitations (id, user_id, channel, address, language, personal_text, generation, valid_for, \
         created_at, created_by, renewed_at, expires_at, needs_approval, approved_at, invited_by, remind_at, \
         is_unsent, other_address)",
    );
    for new in all {
        rows.add(values![
            &new.id,
            &new.user_id,
            new.address.channel().code(),
            new.address.as_str(),
            new.language.code(),
            &new.personal_text,
            new.generation,
            new.valid_for,
            new.created_at,
            new.created_by.as_ref(),
            new.renewed_at,
            new.expires_at,
            new.needs_approval,
            new.approved_at,
            new.created_by.as_ref(),
            new.remind_at,
            new.is_unsent,
            new.other.as_ref().map(Address::as_str),
        ]);
    }
    rows.write(tx).await
}

pub async fn find(tx: &mut Tx, id: &InvitationId) -> Result<Option<Invitation>> {
    Ok(select(tx, "where i.id = $1", &values![id]).await?.into_iter().next())
}

/// Those that were made in a millisecond, by their ids.
pub async fn made_at(tx: &mut Tx, moment: i64) -> Result<Vec<Invitation>> {
    let start = format!("{:08x}-{:04x}-", moment >> 16, moment & 0xffff);
    let (first, last) = (format!("{start}7000-8000-000000000000"), format!("{start}7fff-bfff-ffffffffffff"));
    select(tx, "where i.id >= $1 and i.id <= $2", &values![first, last]).await
}

/// Those of these that there are, in no order.
pub async fn find_all(tx: &mut Tx, ids: &[InvitationId]) -> Result<Vec<Invitation>> {
    let mut found = Vec::with_capacity(ids.len());
    for some in ids.chunks(super::MOST_IN_A_LIST) {
        let mut these = Statement::new(SELECT);
        let ids = these.bind_all(some);
        these.push(&format!(" where i.id in ({ids})"));
        for row in these.rows(tx).await? {
            found.push(read(&row)?);
        }
    }
    Ok(found)
}

/// The person's invitations, newest first.
pub async fn of_user(tx: &mut Tx, user: &UserId) -> Result<Vec<Invitation>> {
    of_users(tx, std::slice::from_ref(user)).await
}

/// Some people's invitations, of each one the newest first.
pub async fn of_users(tx: &mut Tx, people: &[UserId]) -> Result<Vec<Invitation>> {
    let mut found = Vec::new();
    for some in people.chunks(super::MOST_IN_A_LIST) {
        let mut theirs = Statement::new(SELECT);
        let ids = theirs.bind_all(some);
        theirs.push(&format!(" where i.user_id in ({ids}) order by i.created_at desc, i.id desc"));
        for row in theirs.rows(tx).await? {
            found.push(read(&row)?);
        }
    }
    Ok(found)
}

/// The invitations of whoever has one of these addresses. The same work whether there is anybody or not.
pub async fn of_addresses(tx: &mut Tx, addresses: &[&str]) -> Result<Vec<Invitation>> {
    let mut found = Vec::new();
    for some in addresses.chunks(super::MOST_IN_A_LIST) {
        let mut theirs = Statement::new(SELECT);
        let people = super::users::of_addresses(&mut theirs, some);
        theirs.push(&format!(" where i.user_id in ({people})"));
        for row in theirs.rows(tx).await? {
            found.push(read(&row)?);
        }
    }
    Ok(found)
}

/// Those of which a notice tells, oldest first.
pub(super) async fn of_notice(tx: &mut Tx, notice: &MessageId, most: usize) -> Result<Vec<Invitation>> {
    select(
        tx,
        "where i.id in (select invitation_id from to_tell where notice_id = $1) order by i.id limit $2",
        &values![notice, most],
    )
    .await
}

/// Some of those whose person is to be reminded by now.
pub async fn to_remind(tx: &mut Tx, now: Timestamp, most: usize) -> Result<Vec<Invitation>> {
    select(tx, "where i.remind_at <= $1 order by i.remind_at, i.id limit $2", &values![now, most]).await
}

/// Some of those whose e-mail failed, of which nobody has been told yet, and that could go by SMS and have not.
pub async fn to_fail_over(tx: &mut Tx, most: usize) -> Result<Vec<Invitation>> {
    let rest = "where i.id in (select t.invitation_id from to_tell t where t.untold_since is not null) \
         and i.accepted_at is null and i.withdrawn_at is null and (i.channel = 'sms' or i.other_address is not null) \
         and exists (select 1 from messages m join message_events e on e.message_id = m.id where m.invitation_id = i.id \
         and m.generation = i.generation and m.kind = 'invitation' and m.channel = 'email' and m.sent_at is null \
         and e.kind in ('failed', 'came_back')) and not exists (select 1 from messages m where m.invitation_id = i.id \
         and m.generation = i.generation and m.kind = 'invitation' and m.channel = 'sms') order by i.id limit $1";
    select(tx, rest, &values![most]).await
}

/// The person was reminded; or is not reminded any more, where there is nothing to remind of (`None`).
pub async fn note_reminder(tx: &mut Tx, id: &InvitationId, reminded_at: Option<Timestamp>) -> Result<()> {
    let sql = "update invitations set remind_at = null, reminded_at = coalesce($2, reminded_at) where id = $1";
    tx.execute(sql, &values![id, reminded_at]).await?;
    Ok(())
}

/// Somebody had the person reminded. What is due by itself before `again` is not needed any more.
pub async fn note_reminded(tx: &mut Tx, id: &InvitationId, now: Timestamp, again: Timestamp) -> Result<()> {
    let sql = "update invitations set reminded_at = $2, \
               remind_at = case when remind_at < $3 then null else remind_at end where id = $1";
    tx.execute(sql, &values![id, now, again]).await?;
    Ok(())
}

/// They are reminded later.
pub async fn remind_later(tx: &mut Tx, id: &InvitationId, at: Timestamp) -> Result<()> {
    tx.execute("update invitations set remind_at = $2 where id = $1", &values![id, at]).await?;
    Ok(())
}

/// Hands an invitation from the placeholder to the person who accepted it, and its messages with it.
pub async fn hand_over(tx: &mut Tx, id: &InvitationId, from: &UserId, to: &UserId, now: Timestamp) -> Result<()> {
    tx.touch(from, now);
    tx.touch(to, now);
    tx.execute("update invitations set user_id = $2 where id = $1", &values![id, to]).await?;
    tx.execute("update messages set user_id = $2 where invitation_id = $1", &values![id, to]).await?;
    Ok(())
}

/// Somebody wrote another number of a person who is to come, or none: what they are invited by beside their address follows. Where
/// that takes two, the second one agreed to another number, and is asked again.
pub async fn change_number(tx: &mut Tx, user: &UserId, before: Option<&str>, after: Option<&str>) -> Result<()> {
    let sql = "update invitations set other_address = $3, approved_at = null, approved_by = null where user_id = $1 and channel = 'email' and accepted_at is null \
               and coalesce(other_address, '') = $2";
    tx.execute(sql, &values![user, before.unwrap_or_default(), after]).await?;
    Ok(())
}

/// Whether any link of it was ever queued.
pub async fn was_sent(tx: &mut Tx, id: &InvitationId) -> Result<bool> {
    Ok(tx
        .maybe_row("select id from messages where invitation_id = $1 and kind <> 'code' limit 1", &values![id])
        .await?
        .is_some())
}

/// Those of these invitations of which a link was ever queued.
pub async fn which_were_sent(tx: &mut Tx, ids: &[InvitationId]) -> Result<BTreeSet<InvitationId>> {
    let mut sent = BTreeSet::new();
    for some in ids.chunks(super::MOST_IN_A_LIST) {
        let mut these =
            Statement::new("select distinct invitation_id from messages where kind <> 'code' and invitation_id in (");
        let ids = these.bind_all(some);
        these.push(&format!("{ids})"));
        for row in these.rows(tx).await? {
            sent.insert(InvitationId::new(row.text("invitation_id")?));
        }
    }
    Ok(sent)
}

/// The next link, or the same one again, with a new end; what was withdrawn is offered again.
pub async fn renew(tx: &mut Tx, renewed: &Invitation) -> Result<()> {
    let sql = "update invitations set generation = $2, renewed_at = $3, expires_at = $4, withdrawn_at = null, \
               declined_at = null, opened_at = null, created_by = $5, valid_for = $6, remind_at = $7, reminded_at = null, \
               extended_at = $8 where id = $1";
    let values = values![
        &renewed.id,
        renewed.generation,
        renewed.renewed_at,
        renewed.expires_at,
        renewed.created_by.as_ref(),
        renewed.valid_for,
        renewed.remind_at,
        renewed.extended_at,
    ];
    tx.execute(sql, &values).await?;
    tx.touch(&renewed.user_id, renewed.renewed_at);
    Ok(())
}

/// Somebody wants it sent for the first time: from now on it is an open invitation, which may have to wait for a second
/// administrator.
pub async fn begin(tx: &mut Tx, invitation: &Invitation, now: Timestamp) -> Result<()> {
    let sql = "update invitations set is_unsent = $2, needs_approval = $3, approved_at = null, approved_by = null, \
               created_by = $4, invited_by = $4, created_at = $5, renewed_at = $5 where id = $1 and is_unsent";
    let by = invitation.created_by.as_ref();
    tx.execute(sql, &values![&invitation.id, false, invitation.needs_approval, by, now]).await?;
    tx.touch(&invitation.user_id, now);
    Ok(())
}

/// Takes a withdrawal back: it is offered again as it was, and where that takes two, it waits for the second one's word.
pub async fn reopen(tx: &mut Tx, invitation: &Invitation, now: Timestamp) -> Result<()> {
    let sql = "update invitations set withdrawn_at = null, declined_at = null, approved_at = null, approved_by = null, \
               created_by = $2 where id = $1";
    tx.execute(sql, &values![&invitation.id, invitation.created_by.as_ref()]).await?;
    tx.touch(&invitation.user_id, now);
    Ok(())
}

pub async fn withdraw(tx: &mut Tx, id: &InvitationId, now: Timestamp) -> Result<()> {
    withdraw_all(tx, std::slice::from_ref(id), now).await
}

/// Ends an open invitation by the word of whoever it was sent to; `false` when it was over.
pub async fn decline(tx: &mut Tx, id: &InvitationId, now: Timestamp) -> Result<bool> {
    let sql = "update invitations set withdrawn_at = $2, declined_at = $2 where id = $1 and withdrawn_at is null \
               and accepted_at is null returning user_id";
    Ok(tx.execute_touching(sql, &values![id, now], now).await? == 1)
}

/// Ends open invitations. Where one offers what takes two, the second one's word ends with it: sent again, it waits anew.
pub async fn withdraw_all(tx: &mut Tx, ids: &[InvitationId], now: Timestamp) -> Result<()> {
    let sql = "update invitations set withdrawn_at = $1, approved_at = null, approved_by = null \
               where withdrawn_at is null and id in";
    Statement::touch_each_of_with(sql, &values![now], ids, now, tx).await
}

/// Ends open invitations of somebody who lies in the bin from now on. The second one's word stays, for when they come back.
pub async fn end_for_bin(tx: &mut Tx, ids: &[InvitationId], now: Timestamp) -> Result<()> {
    let sql = "update invitations set withdrawn_at = $1 where withdrawn_at is null and id in";
    Statement::touch_each_of_with(sql, &values![now], ids, now, tx).await
}

/// Takes the end of invitations back that were ended at a moment: each is as it was.
pub async fn take_end_back(tx: &mut Tx, ids: &[InvitationId], ended_at: Timestamp, now: Timestamp) -> Result<()> {
    let sql = "update invitations set withdrawn_at = null where withdrawn_at = $1 and declined_at is null \
               and replaced_by is null and accepted_at is null and id in";
    Statement::touch_each_of_with(sql, &values![ended_at], ids, now, tx).await
}

/// Says which invitation goes on in the place of one that was withdrawn.
pub async fn replace(tx: &mut Tx, id: &InvitationId, by: &InvitationId) -> Result<()> {
    tx.execute("update invitations set replaced_by = $2 where id = $1", &values![id, by]).await?;
    Ok(())
}

/// Spends an invitation; `false` when somebody was faster (CO-01).
pub async fn accept(tx: &mut Tx, id: &InvitationId, generation: i64, now: Timestamp) -> Result<bool> {
    let sql = "update invitations set accepted_at = $3 where id = $1 and generation = $2 and accepted_at is null \
               and withdrawn_at is null and expires_at > $3 and (not needs_approval or approved_at is not null) \
               returning user_id";
    Ok(tx.execute_touching(sql, &values![id, generation, now], now).await? == 1)
}

/// Notes the first human gesture on the page; no robot makes one (IN-09).
pub async fn mark_opened(tx: &mut Tx, id: &InvitationId, now: Timestamp) -> Result<()> {
    tx.execute("update invitations set opened_at = $2 where id = $1 and opened_at is null", &values![id, now]).await?;
    Ok(())
}

/// Takes the address and the personal text out of deleted people's invitations (PR-01); of each address its mark stays.
pub async fn erase(tx: &mut Tx, marks: &[(InvitationId, String, Option<String>)], now: Timestamp) -> Result<()> {
    for some in marks.chunks(super::MOST_IN_A_LIST) {
        let others: Vec<_> = some.iter().filter_map(|(id, _, other)| Some((id, other.as_ref()?))).collect();
        if !others.is_empty() {
            let mut these = Statement::new("update invitations set other_address = null, other_mark = v.column2 from ");
            these.push_pairs(others.into_iter());
            these.push(" v where invitations.id = v.column1");
            these.execute(tx).await?;
        }
        let mut these =
            Statement::new("update invitations set address = '', personal_text = '', address_mark = v.column2, ");
        let at = these.bind(now);
        these.push(&format!(
            "withdrawn_at = case when accepted_at is null then coalesce(withdrawn_at, {at}) else withdrawn_at end from "
        ));
        these.push_pairs(some.iter().map(|(id, mark, _)| (id, mark)));
        these.push(" v where invitations.id = v.column1 returning user_id");
        tx.execute_touching(sqlx::AssertSqlSafe(these.sql), &these.values, now).await?;
    }
    Ok(())
}

/// How many invitations have a link that could still be used, but for the clock.
pub async fn open_ones(tx: &mut Tx) -> Result<i64> {
    let sql = "select count(*) as n from invitations where accepted_at is null and withdrawn_at is null \
               and not is_unsent";
    tx.row(sql, &[]).await?.number("n")
}
