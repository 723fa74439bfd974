//! Why a message did not leave stands as a code beside the relay's words; what was written before has its code, too.

use crate::support::databases::both_of_version;
use usher::domain::message::outcome::DeliveryReason;
use usher::values;

/// The words of an event as they were, and what they are now: the reason and the words.
const LINES: [(&str, &str, Option<&str>, &str); 40] = [
    (
        "put_off",
        "cannot connect: Connection refused (os error 111) [connect]",
        Some("unreachable"),
        "Connection refused (os error 111) [connect]",
    ),
    (
        "put_off",
        "cannot find: relay.acme.by: no record [connect]",
        Some("host_unknown"),
        "relay.acme.by: no record [connect]",
    ),
    ("put_off", "cannot find relay.acme.by", Some("host_unknown"), "relay.acme.by"),
    ("put_off", "cannot find: ::1 [connect]", Some("host_unknown"), "::1 [connect]"),
    ("put_off", "no answer: within 20 s [end of data]", Some("too_slow"), "within 20 s [end of data]"),
    ("failed", "connection lost: odd reply: 550x [RCPT]", Some("dropped"), "odd reply: 550x [RCPT]"),
    (
        "put_off",
        "not encrypted: STARTTLS is not offered [STARTTLS]",
        Some("not_encrypted"),
        "STARTTLS is not offered [STARTTLS]",
    ),
    (
        "put_off",
        "cannot sign in: no way to sign in that we know is offered [AUTH]",
        Some("sign_in_refused"),
        "no way to sign in that we know is offered [AUTH]",
    ),
    ("put_off", "interrupted", Some("interrupted"), ""),
    ("failed", "no valid address", Some("bad_address"), ""),
    ("put_off", "internal error: panic", Some("broken"), "panic"),
    ("failed", "550 5.1.1 No such user", Some("no_such_recipient"), "550 5.1.1 No such user"),
    ("failed", "550 5.1.1", Some("no_such_recipient"), "550 5.1.1"),
    ("failed", "550 user unknown", Some("no_such_recipient"), "550 user unknown"),
    ("failed", "550 5.1.2 Bad destination system", Some("no_such_domain"), "550 5.1.2 Bad destination system"),
    ("failed", "550 5.1.20 Bad destination system", Some("no_such_recipient"), "550 5.1.20 Bad destination system"),
    ("failed", "554 5.4.4", Some("no_such_domain"), "554 5.4.4"),
    ("failed", "550 5.7.1 Message rejected as spam", Some("unwanted"), "550 5.7.1 Message rejected as spam"),
    ("failed", "550 5.7.509 Access denied", Some("unwanted"), "550 5.7.509 Access denied"),
    ("failed", "550 5.2.1 Mailbox disabled", Some("recipient_closed"), "550 5.2.1 Mailbox disabled"),
    ("failed", "550 5.2.2 Over quota", Some("recipient_full"), "550 5.2.2 Over quota"),
    ("put_off", "452 4.2.2 Over quota", Some("recipient_full"), "452 4.2.2 Over quota"),
    ("put_off", "452 4.3.1 No room", Some("recipient_full"), "452 4.3.1 No room"),
    ("failed", "552 5.2.2 Over quota", Some("recipient_full"), "552 5.2.2 Over quota"),
    ("failed", "552 5.3.4 Too big", Some("too_big"), "552 5.3.4 Too big"),
    ("put_off", "421 4.3.2 Shutting down [EHLO]", Some("relay_busy"), "421 4.3.2 Shutting down [EHLO]"),
    ("put_off", "450 4.7.1 Greylisted", Some("try_later"), "450 4.7.1 Greylisted"),
    ("failed", "451 Local error", Some("try_later"), "451 Local error"),
    ("put_off", "535 5.7.8 Bad credentials [AUTH]", Some("sign_in_refused"), "535 5.7.8 Bad credentials [AUTH]"),
    ("put_off", "454 4.7.0 Later [AUTH]", Some("sign_in_refused"), "454 4.7.0 Later [AUTH]"),
    ("put_off", "530 Authenticate first", Some("sign_in_refused"), "530 Authenticate first"),
    ("put_off", "554 No SMTP here [EHLO]", Some("relay_refuses"), "554 No SMTP here [EHLO]"),
    ("put_off", "553 5.7.1 Sender not owned [MAIL]", Some("relay_refuses"), "553 5.7.1 Sender not owned [MAIL]"),
    ("failed", "554 5.5.1 No valid recipients", Some("unwanted"), "554 5.5.1 No valid recipients"),
    ("failed", "571 Delivery not authorised", Some("refused"), "571 Delivery not authorised"),
    ("failed", "571", Some("refused"), "571"),
    ("failed", "550 \u{fffd}\u{fffd}", Some("no_such_recipient"), "550 \u{fffd}\u{fffd}"),
    // Erased, and what was no trouble.
    ("failed", "", None, ""),
    ("handed_over", "250 2.0.0 Ok: queued as 4711", None, "250 2.0.0 Ok: queued as 4711"),
    ("queued", "", None, ""),
];

/// What stood in the words before there was a column for the reason.
#[tokio::test(flavor = "multi_thread")]
async fn reasons_of_older_messages_are_kept_as_codes() {
    both_of_version(18, |db| async move {
        let mut tx = db.maintain().await.expect("a transaction");
        let sql = "insert into messages (id, kind, channel, generation, header_id, created_at, attempts, lease_number, lane) \
                   values ('m', 'test', 'email', 1, '<m@acme.by>', 0, 1, 1, 0)";
        tx.execute(sql, &[]).await.expect("a message");
        for (number, (kind, detail, _, _)) in LINES.iter().enumerate() {
            let sql = "insert into message_events (id, message_id, at, kind, detail) values ($1, 'm', 0, $2, $3)";
            tx.execute(sql, &values![format!("{number:03}"), *kind, *detail]).await.expect("an event");
        }
        tx.commit().await.expect("a commit");
        db.migrate().await.expect("the newest schema");
        let mut tx = db.read().await.expect("a connection");
        let rows = tx.rows("select reason, detail from message_events order by id", &[]).await.expect("the events");
        for (row, (kind, before, reason, words)) in rows.iter().zip(LINES) {
            let now = (row.maybe_text("reason").expect("a reason"), row.text("detail").expect("words"));
            assert_eq!(reason.and_then(DeliveryReason::from_code).map(DeliveryReason::code), reason);
            assert_eq!(now, (reason.map(String::from), words.to_string()), "{kind}: {before}");
        }
        assert_eq!(rows.len(), LINES.len());
    })
    .await;
}
