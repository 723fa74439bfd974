//! The outbox: messages with their own history. A message says what it is about; its text is rendered when it is sent.

use super::{Corrupt, Database, Error, Look, Result, Row, Rows, Statement, Tx};
use crate::domain::coded::coded;
use crate::domain::contact::Channel;
use crate::domain::id::{EventId, InvitationId, MessageId, ResetId, UserId};
use crate::domain::message::outcome::{DeliveryOutcome, DeliveryReason, LaterOutcome};
use crate::domain::message::{LEASE, Lane, MessageKind};
use crate::domain::timestamp::{Duration, Timestamp};
use crate::values;
use std::collections::BTreeSet;

#[derive(Clone, Debug)]
pub struct Message {
    pub id: MessageId,
    pub kind: MessageKind,
    pub channel: Channel,
    pub user_id: Option<UserId>,
    pub invitation_id: Option<InvitationId>,
    pub reset_id: Option<ResetId>,
    pub generation: i64,
    /// The `Message-ID`, fixed when the message was queued: a repeated hand-over is recognisable by it.
    pub header_id: String,
    pub created_at: Timestamp,
    pub attempts: i64,
    /// How many of them ended without an answer to the whole message: so many copies may be out.
    pub unanswered: i64,
    pub lane: Lane,
    /// The fencing number: whoever took the message later holds a higher one (CO-07).
    pub lease_number: i64,
}

/// A message to be queued.
pub struct NewMessage<'a> {
    pub id: MessageId,
    pub kind: MessageKind,
    pub channel: Channel,
    pub user_id: &'a UserId,
    pub invitation_id: Option<&'a InvitationId>,
    pub reset_id: Option<&'a ResetId>,
    pub generation: i64,
    pub header_id: String,
    /// Not before this moment.
    pub due_at: Timestamp,
    pub lane: Lane,
    pub postage: Postage,
}

/// On whose account a message goes: by which it is counted, and for whom the limits were asked before it was queued. Hashes,
/// so that the count outlives a deleted person and tells nobody's address.
#[derive(Clone, Debug)]
pub struct Postage {
    pub address: String,
    /// Who caused it, where that is somebody with a limit.
    pub inviter: Option<String>,
}

coded! {
    /// What happened to a message.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum MessageEvent {
        Queued = "queued",
        PutOff = "put_off",
        HandedOver = "handed_over",
        Failed = "failed",
        /// Its link had ended before it could leave.
        TooLate = "too_late",
        /// It reached the person, as somebody said later.
        Delivered = "delivered",
        /// It was taken, and came back.
        CameBack = "came_back",
    }
}

impl MessageEvent {
    /// Whether it says why the message never reached anybody.
    pub fn is_failure(self) -> bool {
        matches!(self, Self::Failed | Self::CameBack)
    }
}

/// A line of a message's history.
#[derive(Clone, Debug)]
pub struct EventLine {
    pub id: EventId,
    /// By which way the message went, or was to go; of a message that was set aside it may not be known.
    pub channel: Option<Channel>,
    pub at: Timestamp,
    pub event: MessageEvent,
    /// Why it did not leave; of some older lines it is not known.
    pub reason: Option<DeliveryReason>,
    /// The relay's own words, or what was wrong more closely.
    pub detail: String,
}

const COLUMNS: &str = "id, kind, channel, user_id, invitation_id, reset_id, generation, header_id, created_at, attempts, lane, \
     lease_number, (select count(*) from message_events e where e.message_id = messages.id and e.kind = 'put_off' \
     and e.reason = 'no_answer') as unanswered";

fn read(row: &Row) -> Result<Message> {
    read_with(row, row.number("unanswered")?)
}

/// What stands in the row of the table itself.
fn read_with(row: &Row, unanswered: i64) -> Result<Message> {
    row.of("messages", "id", |row| {
        Ok(Message {
            id: MessageId::new(row.text("id")?),
            kind: row.code("kind", MessageKind::from_code)?,
            channel: row.code("channel", Channel::from_code)?,
            user_id: row.maybe_text("user_id")?.map(UserId::new),
            invitation_id: row.maybe_text("invitation_id")?.map(InvitationId::new),
            reset_id: row.maybe_text("reset_id")?.map(ResetId::new),
            generation: row.number("generation")?,
            header_id: row.text("header_id")?,
            created_at: Timestamp(row.number("created_at")?),
            attempts: row.number("attempts")?,
            unanswered,
            lane: Lane::from_number(row.number("lane")?).ok_or_else(|| Corrupt::column("lane"))?,
            lease_number: row.number("lease_number")?,
        })
    })
}

/// The messages, and what happened to them.
pub(super) fn looks() -> [Look; 2] {
    let waiting = |row: &Row| {
        read_with(row, 0)?;
        for column in ["next_try_at", "lease_until", "sent_at", "failed_at"] {
            row.maybe_number(column)?;
        }
        row.maybe_text("gateway_name").map(drop)
    };
    let told = |row: &Row| read_line(row, None).map(drop);
    [Look::at_table("messages", "id", waiting), Look::at_table("message_events", "id", told)]
}

/// Queues a message together with the first line of its history, and counts it for its address and its inviter.
pub async fn enqueue(tx: &mut Tx, new: &NewMessage<'_>, line: EventId, now: Timestamp) -> Result<()> {
    enqueue_all(tx, &[(new, line)], now).await
}

/// The same for several.
pub async fn enqueue_all(tx: &mut Tx, all: &[(&NewMessage<'_>, EventId)], now: Timestamp) -> Result<()> {
    let mut messages = Rows::new(
        "insert into messages (id, kind, channel, user_id, invitation_id, reset_id, generation, header_id, \
         created_at, next_try_at, lane, attempts, lease_number)",
    );
    let mut lines = Rows::new("insert into message_events (id, message_id, at, kind, detail)");
    for (new, line) in all {
        messages.add(values![
            &new.id,
            new.kind.code(),
            new.channel.code(),
            new.user_id,
            new.invitation_id,
            new.reset_id,
            new.generation,
            &new.header_id,
            now,
            new.due_at,
            new.lane.number(),
            0_i64,
            0_i64,
        ]);
        lines.add(values![line, &new.id, now, MessageEvent::Queued.code(), ""]);
        // What became of an invitation's newest message stands in the lists.
        if new.kind == MessageKind::Invitation {
            tx.touch(new.user_id, now);
        }
        tx.queued();
    }
    messages.write(tx).await?;
    let postage = all.iter().map(|(new, _)| (new.id.as_str(), &new.postage));
    super::letters::count_all(tx, postage, now).await?;
    lines.write(tx).await
}

/// What was told last of any message, and when.
pub async fn newest_event(tx: &mut Tx) -> Result<Option<(String, Timestamp)>> {
    let row = tx.maybe_row("select id, at from message_events order by id desc limit 1", &[]).await?;
    row.map(|row| Ok((row.text("id")?, Timestamp(row.number("at")?)))).transpose()
}

/// Writes what became of an attempt into the history.
async fn note(tx: &mut Tx, id: &MessageId, line: EventId, outcome: &DeliveryOutcome, now: Timestamp) -> Result<()> {
    let (event, reason, words) = match outcome {
        DeliveryOutcome::Accepted { words, .. } => (MessageEvent::HandedOver, None, words.as_str()),
        DeliveryOutcome::PutOff { reason, words, .. } => (MessageEvent::PutOff, Some(reason.code()), words.as_str()),
        DeliveryOutcome::Failed { reason, words } => (MessageEvent::Failed, Some(reason.code()), words.as_str()),
        DeliveryOutcome::TooLate => (MessageEvent::TooLate, None, ""),
    };
    let sql = "insert into message_events (id, message_id, at, kind, reason, detail) values ($1, $2, $3, $4, $5, $6)";
    tx.execute(sql, &values![&line, id, now, event.code(), reason, words]).await?;
    Ok(())
}

/// What is due and held by nobody, at `$1`, in the lanes up to `$2`, by SMS or not (`$3`): the most urgent lane first, and there
/// what has been due longest. What goes by no way that we know is found beside the e-mails, and set aside.
const DUE: &str = "select id from messages where next_try_at is not null and next_try_at <= $1 \
    and (lease_until is null or lease_until <= $1) and lane <= $2 and (channel = 'sms') = $3 \
    order by lane, next_try_at, id limit 1";

/// Whether [`claim`] would find a message.
pub async fn is_any_due(tx: &mut Tx, channel: Channel, up_to: Lane, now: Timestamp) -> Result<bool> {
    Ok(tx.maybe_row(DUE, &values![now, up_to.number(), channel == Channel::Sms]).await?.is_some())
}

/// What [`claim`] took out of the queue.
pub enum Claimed {
    Message(Message),
    /// A row that nobody can read, and for whom it was: it would stand at the head of the queue for ever.
    SetAside(Option<UserId>),
}

/// Takes the message of a channel that is next, for [`LEASE`]; `None` when nothing is due. The outer condition repeats the inner one, since
/// under Postgres two workers can select the same row before either updates it. What cannot be read is set aside; `line` is
/// for its history.
pub async fn claim(
    db: &Database,
    channel: Channel,
    up_to: Lane,
    line: EventId,
    now: Timestamp,
) -> Result<Option<Claimed>> {
    let mut tx = db.write().await?;
    let sql = format!(
        "update messages set lease_until = $4, lease_number = lease_number + 1 where id = ({DUE}) \
         and next_try_at is not null and (lease_until is null or lease_until <= $1) returning {COLUMNS}"
    );
    let row = tx
        .maybe_row(sqlx::AssertSqlSafe(sql), &values![now, up_to.number(), channel == Channel::Sms, now + LEASE])
        .await?;
    let claimed = match row.as_ref().map(|row| (row, read(row))) {
        None => None,
        Some((_, Ok(message))) => Some(Claimed::Message(message)),
        Some((row, Err(Error::Corrupt(place)))) => {
            let id = MessageId::new(row.text("id")?);
            tracing::error!(message_id = %id, %place, "a message cannot be read and is given up");
            let sql = "update messages set next_try_at = null, lease_until = null, failed_at = $2 where id = $1";
            tx.execute(sql, &values![&id, now]).await?;
            let outcome = DeliveryOutcome::failed(DeliveryReason::Broken, &place.column);
            note(&mut tx, &id, line, &outcome, now).await?;
            Some(Claimed::SetAside(row.maybe_text("user_id").ok().flatten().map(UserId::new)))
        }
        Some((_, Err(error))) => return Err(error),
    };
    tx.commit().await?;
    Ok(claimed)
}

/// When the next message of a channel in the lanes up to this one is due that nobody holds; `None` when there is none.
pub async fn next_due(tx: &mut Tx, channel: Channel, up_to: Lane) -> Result<Option<Timestamp>> {
    let sql = "select min(case when lease_until is null or lease_until < next_try_at then next_try_at else lease_until end) \
               as due from messages where next_try_at is not null and lane <= $1 and (channel = 'sms') = $2";
    Ok(tx.row(sql, &values![up_to.number(), channel == Channel::Sms]).await?.maybe_number("due")?.map(Timestamp))
}

/// Writes what became of a message that a worker held, and when it is tried again, if it is; `false` when somebody else took it
/// in between, and nothing was written (CO-07).
pub async fn settle(
    tx: &mut Tx,
    message: &Message,
    outcome: &DeliveryOutcome,
    next_try_at: Option<Timestamp>,
    line: EventId,
    now: Timestamp,
) -> Result<bool> {
    let sent_at = matches!(outcome, DeliveryOutcome::Accepted { .. }).then_some(now);
    let failed_at = matches!(outcome, DeliveryOutcome::Failed { .. } | DeliveryOutcome::TooLate).then_some(now);
    let name = match outcome {
        DeliveryOutcome::Accepted { name, .. } => name.as_deref(),
        _ => None,
    };
    let sql = "update messages set sent_at = $3, failed_at = $4, next_try_at = $5, gateway_name = $6, lease_until = null, \
               attempts = attempts + 1 where id = $1 and lease_number = $2 and next_try_at is not null";
    let values = values![&message.id, message.lease_number, sent_at, failed_at, next_try_at, name];
    if tx.execute(sql, &values).await? == 0 {
        return Ok(false);
    }
    note(tx, &message.id, line, outcome, now).await?;
    if let (MessageKind::Invitation, Some(person)) = (message.kind, &message.user_id) {
        tx.touch(person, now);
    }
    if let (MessageKind::Invitation, DeliveryOutcome::Failed { .. }, Some(invitation)) =
        (message.kind, outcome, &message.invitation_id)
    {
        super::notices::mark(tx, invitation, now).await?;
    }
    Ok(true)
}

/// Writes what became of a message after it was taken; `false` when it never was, or this was known. `line` is for its history.
pub async fn settle_later(
    tx: &mut Tx,
    header_id: &str,
    outcome: &LaterOutcome,
    line: EventId,
    now: Timestamp,
) -> Result<bool> {
    let (event, reason, words) = match outcome {
        LaterOutcome::Delivered { words } => (MessageEvent::Delivered, None, words),
        LaterOutcome::CameBack { reason, words } => (MessageEvent::CameBack, Some(*reason), words),
    };
    let sql = format!(
        "select {COLUMNS} from messages where header_id = $1 and sent_at is not null and not exists \
         (select 1 from message_events e where e.message_id = messages.id and e.kind in ('came_back', $2))"
    );
    let row = tx.maybe_row(sqlx::AssertSqlSafe(sql), &values![header_id, event.code()]).await?;
    let Some(message) = row.as_ref().map(read).transpose()? else { return Ok(false) };
    let sql = "insert into message_events (id, message_id, at, kind, reason, detail) values ($1, $2, $3, $4, $5, $6)";
    let reason = reason.map(DeliveryReason::code);
    tx.execute(sql, &values![&line, &message.id, now, event.code(), reason, words]).await?;
    if event == MessageEvent::CameBack {
        // It did not arrive after all: from here on it counts as one that failed.
        let sql = "update messages set sent_at = null, failed_at = $2 where id = $1";
        tx.execute(sql, &values![&message.id, now]).await?;
    }
    if let (MessageKind::Invitation, Some(person)) = (message.kind, &message.user_id) {
        tx.touch(person, now);
    }
    if let (MessageKind::Invitation, MessageEvent::CameBack, Some(invitation)) =
        (message.kind, event, &message.invitation_id)
    {
        super::notices::mark(tx, invitation, now).await?;
    }
    Ok(true)
}

/// By which channel a link of an invitation did not arrive, if there is one.
pub async fn failed_by(tx: &mut Tx, invitation: &InvitationId, generation: i64) -> Result<Option<Channel>> {
    let sql = "select m.channel from messages m where m.invitation_id = $1 and m.generation = $2 and m.kind = 'invitation' \
               and m.sent_at is null and exists (select 1 from message_events e where e.message_id = m.id \
               and e.kind in ('failed', 'came_back')) order by m.id desc limit 1";
    let row = tx.maybe_row(sql, &values![invitation, generation]).await?;
    row.map(|row| row.code("channel", Channel::from_code)).transpose()
}

/// The `Message-ID` of a text message that a gateway took, by the name that the gateway gave it or by ours.
pub async fn header_of_text(tx: &mut Tx, name: &str, ours: &str) -> Result<Option<String>> {
    let sql = "select header_id from messages where gateway_name = $1 and channel = 'sms' \
               union all select header_id from messages where header_id = $2 and channel = 'sms' limit 1";
    tx.maybe_row(sql, &values![name, ours]).await?.map(|row| row.text("header_id")).transpose()
}

/// Takes the messages of one invitation out of the queue: its link has ended.
pub async fn cancel_of_invitation(tx: &mut Tx, invitation: &InvitationId, now: Timestamp) -> Result<()> {
    let sql = "update messages set next_try_at = null, failed_at = $2, lease_number = lease_number + 1 \
               where invitation_id = $1 and next_try_at is not null returning user_id";
    tx.execute_touching(sql, &values![invitation, now], now).await?;
    Ok(())
}

/// Takes the messages of some invitations out of the queue before they are due; those of which one had neither left nor was
/// about to.
pub async fn take_back(tx: &mut Tx, invitations: &[InvitationId], now: Timestamp) -> Result<BTreeSet<InvitationId>> {
    let (mut taken, mut messages) = (BTreeSet::new(), Vec::new());
    for some in invitations.chunks(super::MOST_IN_A_LIST) {
        let mut held =
            Statement::new("update messages set next_try_at = null, lease_number = lease_number + 1, failed_at = ");
        let at = held.bind(now);
        held.push(&at);
        let ids = held.bind_all(some);
        held.push(&format!(
            " where invitation_id in ({ids}) and next_try_at > {at} and attempts = 0 and lease_until is null \
             and not exists (select 1 from messages gone where gone.invitation_id = messages.invitation_id and gone.kind = 'invitation' \
             and (gone.next_try_at is null or gone.next_try_at <= {at} or gone.attempts > 0 or gone.lease_until is not null)) \
             returning id, invitation_id, user_id"
        ));
        for row in held.rows(tx).await? {
            taken.insert(InvitationId::new(row.text("invitation_id")?));
            if let Some(person) = row.maybe_text("user_id")? {
                tx.touch(&UserId::new(person), now);
            }
            messages.push(MessageId::new(row.text("id")?));
        }
    }
    // They never left, so they do not count.
    super::letters::uncount(tx, &messages).await?;
    Ok(taken)
}

/// Lets the messages of some invitations leave that are held.
pub async fn hurry(tx: &mut Tx, invitations: &[InvitationId], now: Timestamp) -> Result<()> {
    let sql = "update messages set next_try_at = $1 where next_try_at > $1 and attempts = 0 and invitation_id in";
    tx.queued();
    Statement::for_each_of_with(sql, &values![now], invitations, tx).await
}

/// Takes everything that was meant for some people out of the queue.
pub async fn cancel_of_users(tx: &mut Tx, people: &[UserId], now: Timestamp) -> Result<()> {
    let sql = "update messages set next_try_at = null, failed_at = $1, lease_number = lease_number + 1 \
               where next_try_at is not null and user_id in";
    tx.touch_all(people, now);
    Statement::for_each_of_with(sql, &values![now], people, tx).await
}

/// Puts the messages of some invitations' newest links back into the queue that were taken out of it at a moment, each for what is
/// left of the time for which messages are held. What a worker had in hand then may have left, and stays out.
pub async fn queue_again(
    tx: &mut Tx,
    invitations: &[InvitationId],
    cancelled_at: Timestamp,
    hold: Duration,
    now: Timestamp,
) -> Result<()> {
    let sql = "update messages set failed_at = null, lease_until = null, \
               next_try_at = case when created_at + $2 > $3 then created_at + $2 else $3 end \
               where failed_at = $1 and sent_at is null and next_try_at is null and kind = 'invitation' \
               and (lease_until is null or lease_until <= $1) \
               and not exists (select 1 from message_events e where e.message_id = messages.id and e.kind in ('failed', 'too_late')) \
               and exists (select 1 from invitations i where i.id = messages.invitation_id and i.generation = messages.generation \
               and i.expires_at > $3) and invitation_id in";
    tx.queued();
    Statement::touch_each_of_with(sql, &values![cancelled_at, hold, now], invitations, now, tx).await
}

fn read_line(row: &Row, channel: Option<Channel>) -> Result<EventLine> {
    row.of("message_events", "id", |row| {
        Ok(EventLine {
            id: EventId::new(row.text("id")?),
            channel,
            at: Timestamp(row.number("at")?),
            event: row.code("kind", MessageEvent::from_code)?,
            reason: row.maybe_code("reason", DeliveryReason::from_code)?,
            detail: row.text("detail")?,
        })
    })
}

/// What became of the messages of some invitations, each with its invitation, in the order in which things happened.
pub async fn histories(tx: &mut Tx, invitations: &[InvitationId]) -> Result<Vec<(InvitationId, EventLine)>> {
    let mut lines = Vec::new();
    for some in invitations.chunks(super::MOST_IN_A_LIST) {
        let mut histories = Statement::new(
            "select m.invitation_id, m.channel, e.id, e.at, e.kind, e.reason, e.detail from message_events e \
             join messages m on m.id = e.message_id where m.kind <> 'code' and m.invitation_id in (",
        );
        let ids = histories.bind_all(some);
        histories.push(&format!("{ids}) order by e.id"));
        for row in histories.rows(tx).await? {
            let channel = Channel::from_code(&row.text("channel")?);
            lines.push((InvitationId::new(row.text("invitation_id")?), read_line(&row, channel)?));
        }
    }
    Ok(lines)
}

/// What waits in the built-in mailbox: messages of channels by which nothing leaves, newest first.
pub async fn waiting(tx: &mut Tx, channels: &[Channel], most: usize) -> Result<Vec<Message>> {
    let is_sms = |channel: &Channel| *channel == Channel::Sms;
    let (sms, others) = (channels.iter().any(is_sms), channels.iter().any(|channel| !is_sms(channel)));
    let sql = format!(
        "select {COLUMNS} from messages where next_try_at is not null and ((channel = 'sms' and $1) or (channel <> 'sms' and $2)) \
         order by id desc limit $3"
    );
    tx.rows(sqlx::AssertSqlSafe(sql), &values![sms, others, most]).await?.iter().map(read).collect()
}

pub async fn find(tx: &mut Tx, id: &MessageId) -> Result<Option<Message>> {
    let sql = format!("select {COLUMNS} from messages where id = $1 and next_try_at is not null");
    tx.maybe_row(sqlx::AssertSqlSafe(sql), &values![id]).await?.as_ref().map(read).transpose()
}

/// How many times an invitation was sent since a moment (IN-15); to two addresses at once is once.
pub async fn sent_since(tx: &mut Tx, invitation: &InvitationId, since: Timestamp) -> Result<i64> {
    let sql = "select count(*) as n from messages where invitation_id = $1 and created_at > $2 \
               and kind <> 'code' group by channel order by n desc limit 1";
    tx.maybe_row(sql, &values![invitation, since]).await?.map_or(Ok(0), |row| row.number("n"))
}

/// By which channels the newest link of an invitation was taken.
pub async fn taken_by(tx: &mut Tx, invitation: &InvitationId, generation: i64) -> Result<BTreeSet<Channel>> {
    let sql = "select distinct channel from messages where invitation_id = $1 and generation = $2 and kind = 'invitation' \
               and sent_at is not null";
    let rows = tx.rows(sql, &values![invitation, generation]).await?;
    rows.iter().map(|row| row.code("channel", Channel::from_code)).collect()
}

/// Takes the relay's words out of deleted people's histories: they may quote their addresses (PR-01).
pub async fn erase(tx: &mut Tx, people: &[UserId]) -> Result<()> {
    for some in people.chunks(super::MOST_IN_A_LIST) {
        let mut lines = Statement::new(
            "update message_events set detail = '' where message_id in (select id from messages where user_id in (",
        );
        let ids = lines.bind_all(some);
        lines.push(&format!("{ids})) and detail <> ''"));
        lines.execute(tx).await?;
    }
    Ok(())
}
