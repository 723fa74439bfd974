//! Conditions that several statements ask, each written once. They name the tables as the statements do: `m` a membership, `n` its
//! unit, `r` its role, `i` an invitation.

/// That somebody holds a membership: it is active, not blocked, not archived.
macro_rules! is_held {
    ($m:literal) => {
        concat!($m, ".active_at is not null and ", $m, ".blocked_at is null and ", $m, ".archived_at is null")
    };
}

/// That a membership counts: it is held, at an open unit.
macro_rules! counts {
    ($m:literal, $n:literal) => {
        concat!($crate::server::storage::clauses::is_held!($m), " and not ", $n, ".is_closed")
    };
}

/// That something counts that a person holds, who was not deleted.
macro_rules! has_access {
    ($user:literal) => {
        concat!(
            "exists (select 1 from memberships m join users u on u.id = m.user_id join units n on n.id = m.unit_id \
             where m.user_id = ",
            $user,
            " and ",
            $crate::server::storage::clauses::counts!("m", "n"),
            " and u.deleted_at is null)"
        )
    };
}

/// That a membership carries a permission: its code stands, between spaces, at the placeholder.
macro_rules! carries {
    ($code:literal) => {
        concat!(
            "replace(' ' || r.permissions || ' ' || m.extra || ' ', ",
            $code,
            ", '') <> ' ' || r.permissions || ' ' || m.extra || ' '"
        )
    };
}

/// That an invitation waits for a second administrator, as long as it is open (`Invitation::awaits_approval`).
macro_rules! awaits_approval {
    () => {
        "i.needs_approval and i.approved_at is null and not i.is_unsent"
    };
}

/// That a membership is an offer whose invitation is over (`InvitationFacts::is_over`). `now` is the
/// placeholder of the moment.
pub(in crate::server::storage) fn is_old_offer(now: &str) -> String {
    format!(
        "m.active_at is null and not exists (select 1 from invitations i \
         left join messages x on x.invitation_id = i.id and x.generation = i.generation and x.kind <> 'reminder' \
         where i.id = m.invitation_id and i.accepted_at is null and i.withdrawn_at is null \
         and (i.is_unsent or ({}) or (i.expires_at > {now} and (x.failed_at is null or x.sent_at is not null))))",
        awaits_approval!()
    )
}

/// The same, or that what it offers was archived: such a membership holds no role (H-40).
pub(in crate::server::storage) fn holds_nothing(now: &str) -> String {
    format!("m.active_at is null and (m.archived_at is not null or n.is_closed or {})", is_old_offer(now))
}

pub(super) use {awaits_approval, carries, counts, has_access, is_held};
