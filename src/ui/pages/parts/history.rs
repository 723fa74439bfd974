//! Lines of the history as entries of a timeline: each a full sentence in the reader's language.

use crate::domain::audit::AuditAction;
use crate::domain::id::RoleId;
use crate::domain::mail_text::TextPart;
use crate::domain::permission::Permissions;
use crate::ui::components::{TimelineEntry, Tone};
use crate::ui::session::{viewer, words};
use crate::view_models::{Happening, HistoryLine, Person};
use crate::words::Language;
use leptos::prelude::*;

/// The lines in their order, put into words.
pub fn history_entries(lines: &[HistoryLine]) -> Vec<TimelineEntry> {
    lines.iter().map(entry).collect()
}

/// What to call somebody in a line; of a deleted person only the number is left.
pub fn person_name(person: &Person) -> String {
    match person.gone {
        Some(number) => words().deleted_user(number),
        None if person.title.is_empty() => words().no_name_yet().into(),
        None => person.title.clone(),
    }
}

/// Several of them.
pub fn people_names(people: &[Person]) -> String {
    people.iter().map(person_name).collect::<Vec<_>>().join(", ")
}

fn entry(line: &HistoryLine) -> TimelineEntry {
    let words = words();
    let (tone, text) = match line.happening {
        Happening::AuditAction(action) => (tone_of(action), sentence(words, action, line)),
        Happening::Queued => (Tone::Neutral, words.message_queued().into()),
        Happening::PutOff(..) => (Tone::Warn, words.message_put_off().into()),
        Happening::HandedOver => (Tone::Ok, words.message_handed_over().into()),
        Happening::Failed(..) => (Tone::Error, words.message_failed().into()),
        Happening::TooLate => (Tone::Neutral, words.message_too_late().into()),
        Happening::Opened => (Tone::Info, words.link_opened().into()),
    };
    let detail = detail(words, line);
    TimelineEntry { at: line.when.short.clone(), exact: line.when.exact.clone(), text, detail, tone }
}

fn tone_of(action: AuditAction) -> Tone {
    match action {
        AuditAction::Accepted
        | AuditAction::Joined
        | AuditAction::Approved
        | AuditAction::Agreed
        | AuditAction::Unblocked
        | AuditAction::BroughtBack => Tone::Ok,
        AuditAction::Invited | AuditAction::Resent => Tone::Info,
        AuditAction::Blocked
        | AuditAction::Archived
        | AuditAction::Withdrawn
        | AuditAction::Refused
        | AuditAction::DecidedAlone => Tone::Warn,
        AuditAction::Deleted => Tone::Error,
        _ => Tone::Neutral,
    }
}

fn sentence(words: Language, action: AuditAction, line: &HistoryLine) -> String {
    let who = line.actor.as_ref().map_or_else(|| words.the_system().into(), person_name);
    let whom = line.subject.as_ref().map(person_name).unwrap_or_default();
    let is_own = line.actor == line.subject;
    let (who, whom) = (who.as_str(), whom.as_str());
    let at = line.unit.as_deref().unwrap_or_default();
    match action {
        AuditAction::SetUp => words.did_set_up(who, &line.after),
        AuditAction::SignedIn => words.did_sign_in(who),
        AuditAction::SignedOut => words.did_sign_out(who),
        AuditAction::Invited => words.did_invite(who, whom),
        AuditAction::Resent if line.actor.is_none() => words.did_ask_for_a_link(whom),
        AuditAction::Resent => words.did_resend(who, whom),
        AuditAction::Withdrawn => words.did_withdraw(who, whom),
        AuditAction::LinkCopied => words.did_copy_link(who, whom),
        AuditAction::Accepted => words.did_accept(who),
        AuditAction::AddressConfirmed => words.did_confirm_address(who),
        AuditAction::Renamed if is_own => words.did_rename(who, &change(words, line, str::to_string)),
        AuditAction::Renamed => words.did_rename_other(who, whom, &change(words, line, str::to_string)),
        AuditAction::PhoneChanged if is_own => words.did_change_phone(who, &change(words, line, str::to_string)),
        AuditAction::PhoneChanged => words.did_change_phone_of(who, whom, &change(words, line, str::to_string)),
        AuditAction::RecordChanged => words.did_change_record(who, whom, &change(words, line, str::to_string)),
        AuditAction::LanguageChanged => words.did_change_language(who, &change(words, line, language_name)),
        AuditAction::RoleChanged if at.is_empty() => words.did_change_role(who, whom, &change(words, line, role_name)),
        AuditAction::RoleChanged => words.did_change_role_at(who, whom, at, &change(words, line, role_name)),
        AuditAction::ExtrasChanged => words.did_change_extras(who, whom, at, &change(words, line, permission_names)),
        AuditAction::PlaceAdded => words.did_add_place(who, whom, at, &role_name(&line.after)),
        AuditAction::PlaceRemoved => words.did_remove_place(who, whom, at),
        AuditAction::Approved => words.did_approve(who, whom),
        AuditAction::Joined => words.did_join(who, at),
        AuditAction::Archived => words.did_archive(who, whom),
        AuditAction::BroughtBack => words.did_bring_back(who, whom),
        AuditAction::Released => words.did_release(who, whom, &line.after),
        AuditAction::UnitMade => words.did_make_unit(who, &line.after),
        AuditAction::UnitRenamed => words.did_rename_unit(who, &change(words, line, str::to_string)),
        AuditAction::UnitMoved => words.did_move_unit(who, at, &line.after),
        AuditAction::UnitArchived => words.did_archive_unit(who, &line.after),
        AuditAction::UnitBroughtBack => words.did_bring_back_unit(who, &line.after),
        AuditAction::RoleMade => words.did_make_role(who, &line.after),
        AuditAction::RoleEdited => {
            let (role, change) = role_edit(words, line);
            words.did_edit_role(who, &role, &change)
        }
        AuditAction::RoleProposed => {
            let (role, change) = role_edit(words, line);
            words.did_propose_role(who, &role, &change)
        }
        AuditAction::RoleRemovalProposed => words.did_propose_role_removal(who, &role_name(&line.before)),
        AuditAction::RoleChangeProposed => {
            words.did_propose_role_change(who, whom, at, &change(words, line, role_name))
        }
        AuditAction::ExtrasProposed => words.did_propose_extras(who, whom, at, &change(words, line, permission_names)),
        AuditAction::PlaceProposed => words.did_propose_place(who, whom, at, &role_name(&line.after)),
        AuditAction::PlaceRemovalProposed => words.did_propose_removal(who, whom, at),
        AuditAction::Agreed => words.did_agree(who, whom),
        AuditAction::ProposalDropped => words.did_drop(who, whom),
        AuditAction::DecidedAlone => words.did_decide_alone(who, &role_name(&line.after)),
        AuditAction::RoleRemoved => words.did_remove_role(who, &line.before),
        AuditAction::ShiftMade => words.did_make_shift(who, &line.after, at),
        AuditAction::ShiftEdited => words.did_edit_shift(who, &line.after, at),
        AuditAction::ShiftRemoved => words.did_remove_shift(who, &line.before, at),
        AuditAction::ShiftJoined => words.did_join_shift(who, whom, &line.after),
        AuditAction::ShiftLeft => words.did_leave_shift(who, whom, &line.after),
        AuditAction::Refused => words.was_refused(who, &line.after),
        AuditAction::Blocked => words.did_block(who, whom),
        AuditAction::Unblocked => words.did_unblock(who, whom),
        AuditAction::Deleted => {
            words.did_delete(who, line.subject.as_ref().and_then(|person| person.gone).unwrap_or_default())
        }
        AuditAction::ResetAsked => words.did_ask_reset(whom),
        AuditAction::ResetSent => words.did_send_reset(who, whom),
        AuditAction::PasswordChanged => words.did_change_password(who),
        AuditAction::SessionsEnded => words.did_end_sessions(who),
        AuditAction::TokenMade if is_own => words.did_make_token(who, &line.after),
        AuditAction::TokenMade => words.did_make_token_for(who, whom, &line.after),
        AuditAction::TokenRevoked if is_own => words.did_revoke_token(who, &line.before),
        AuditAction::TokenRevoked => words.did_revoke_token_of(who, whom, &line.before),
        AuditAction::SettingChanged => setting(words, who, line),
        AuditAction::AdministratorMade => words.did_make_administrator(whom),
        AuditAction::TestSent => words.did_send_test(who),
    }
}

/// `before → after`, each as people read it.
fn change(words: Language, line: &HistoryLine, read: fn(&str) -> String) -> String {
    let side = |value: &str| if value.is_empty() { words.nothing_there().into() } else { read(value) };
    words.from_to(&side(&line.before), &side(&line.after))
}

fn language_name(code: &str) -> String {
    Language::from_code(code).map_or(code, |language| language.own_name()).into()
}

fn role_name(id: &str) -> String {
    viewer().with_value(|viewer| {
        let role = viewer.role(&RoleId::new(id));
        role.map_or_else(|| id.into(), |role| viewer.language.role_name(role))
    })
}

fn permission_names(codes: &str) -> String {
    let names: Vec<&str> = Permissions::from_codes(codes).iter().map(|one| words().permission(one)).collect();
    names.join(", ")
}

/// The role and what changes of it, which is written as `name id=value`.
fn role_edit(words: Language, line: &HistoryLine) -> (String, String) {
    let (what, before) = line.before.split_once('=').unwrap_or((&line.before, ""));
    let after = line.after.split_once('=').map_or("", |(_, value)| value);
    let (name, id) = what.split_once(' ').unwrap_or((what, ""));
    let read = |value: &str| match name {
        _ if value.is_empty() => words.nothing_there().to_string(),
        "permissions" => permission_names(value),
        "may_assign" => value.split(' ').map(role_name).collect::<Vec<_>>().join(", "),
        "needs_approval" => if value == "true" { words.given_by_two() } else { words.given_by_one() }.to_string(),
        "losing_takes_two" => if value == "true" { words.taken_by_two() } else { words.taken_by_one() }.to_string(),
        _ => value.to_string(),
    };
    (role_name(id), words.from_to(&read(before), &read(after)))
}

/// A setting is written as `name=value`, the value in JSON.
fn setting(words: Language, who: &str, line: &HistoryLine) -> String {
    let (name, before) = line.before.split_once('=').unwrap_or((&line.before, ""));
    let after = line.after.split_once('=').map_or("", |(_, value)| value);
    if let Some((part, language)) = name.strip_prefix("invitation_text_").and_then(|rest| rest.split_once(' ')) {
        let part = TextPart::ALL.into_iter().find(|known| known.code() == part).map(|part| words.text_part(part));
        let title = words.setting_text(part.unwrap_or_default(), &language_name(language));
        let plain = |value: &str| value.replace("\\n", " ").replace("\\\"", "\"").replace("\\\\", "\\");
        let read = |value: &str| match value.strip_prefix('"').and_then(|value| value.strip_suffix('"')) {
            None | Some("") => words.text_ours().to_string(),
            Some(text) => plain(text),
        };
        return words.did_change_setting(who, &title, &words.from_to(&read(before), &read(after)));
    }
    let title = match name {
        "organisation" => words.setting_organisation(),
        "language" => words.setting_language(),
        "zone" => words.setting_zone(),
        "invitation_valid_for" => words.setting_validity(),
        "hold" => words.setting_hold(),
        "letters_a_day" => words.setting_letters_a_day(),
        "password" => words.setting_password(),
        "name_policy" => words.setting_name_policy(),
        "unit_field" => words.setting_unit_field(),
        "support_contact" => words.setting_support(),
        "checks_domains" => words.setting_checks_domains(),
        "invites_by" => words.setting_invites_by(),
        other => other,
    };
    let read = |value| setting_value(words, name, value);
    words.did_change_setting(who, title, &words.from_to(&read(before), &read(after)))
}

fn setting_value(words: Language, name: &str, value: &str) -> String {
    let plain = value.trim_matches('"');
    match (name, plain) {
        (_, "") => words.nothing_there().into(),
        ("invitation_valid_for", _) => words.hours_short(plain.parse().unwrap_or(0) / 3_600_000),
        ("hold", _) => words.seconds_short(plain.parse().unwrap_or(0) / 1_000),
        ("password", _) => {
            let length: String = plain.chars().filter(char::is_ascii_digit).collect();
            if plain.contains("true") { words.password_from_classes(&length) } else { words.password_from(&length) }
        }
        ("unit_field", "Off") => words.unit_field_off().into(),
        ("unit_field", "Optional") => words.unit_field_optional().into(),
        ("unit_field", "Required") => words.unit_field_required().into(),
        ("name_policy", "UserWins") => words.policy_user_wins().into(),
        ("name_policy", "Administrator") => words.policy_administrator().into(),
        ("name_policy", "UserOnly") => words.policy_user_only().into(),
        ("invites_by", "MailOnly") => words.invites_by_email().into(),
        ("invites_by", "MailOrSms") => words.invites_by_either().into(),
        ("checks_domains", "true") => words.settings_yes().into(),
        ("checks_domains", "false") => words.settings_no().into(),
        ("language", "English") => Language::English.own_name().into(),
        ("language", "Russian") => Language::Russian.own_name().into(),
        _ => plain.replace("\\\"", "\""),
    }
}

/// What stands below the sentence: the reason of a block, the address that was invited, the relay's words with their meaning.
fn detail(words: Language, line: &HistoryLine) -> Option<String> {
    let said = line.after.as_str();
    let detail = match line.happening {
        Happening::AuditAction(AuditAction::Blocked) => said.to_string(),
        Happening::AuditAction(AuditAction::Invited) => {
            let is_new = line.subject.as_ref().is_none_or(|person| person.title != said);
            if is_new { said.to_string() } else { String::new() }
        }
        Happening::AuditAction(_) | Happening::Opened => String::new(),
        Happening::PutOff(channel, reason) | Happening::Failed(channel, reason) => {
            words.explain_delivery(channel, reason, said)
        }
        Happening::Queued | Happening::HandedOver | Happening::TooLate => said.to_string(),
    };
    (!detail.is_empty()).then_some(detail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::contact::Channel;
    use crate::domain::id::UserId;
    use crate::domain::message::outcome::DeliveryReason;
    use crate::domain::timestamp::Timestamp;
    use crate::view_models::FormattedTime;

    fn line(happening: Happening, after: &str) -> HistoryLine {
        HistoryLine {
            when: FormattedTime { at: Timestamp(0), short: "10:02".into(), exact: "10:02 (UTC)".into() },
            actor: Some(Person { id: UserId::new("1"), title: "Anna".into(), gone: None }),
            happening,
            subject: Some(Person { id: UserId::new("2"), title: String::new(), gone: Some(214) }),
            unit: None,
            before: String::new(),
            after: after.into(),
        }
    }

    #[test]
    fn a_deleted_person_keeps_a_number() {
        let owner = Owner::new();
        owner.set();
        let entries = history_entries(&[
            line(Happening::AuditAction(AuditAction::Deleted), ""),
            line(Happening::AuditAction(AuditAction::Blocked), "Left"),
        ]);
        assert_eq!(entries[0].text, "Anna deleted user 214");
        assert_eq!(entries[1].text, "Anna blocked Deleted user 214");
        assert_eq!(entries[1].detail.as_deref(), Some("Left"));
    }

    #[test]
    fn the_relays_words_come_with_their_meaning() {
        let owner = Owner::new();
        owner.set();
        let reason = Some(DeliveryReason::NoSuchRecipient);
        let entry = entry(&line(Happening::Failed(Channel::Email, reason), "550 5.1.1 No such user"));
        let meaning = Language::English.no_such_mailbox();
        assert_eq!(entry.detail, Some(format!("{meaning} (550 5.1.1 No such user)")));
        assert_eq!(entry.tone, Tone::Error);
    }

    #[test]
    fn settings_are_written_as_people_read_them() {
        let words = Language::English;
        assert_eq!(setting_value(words, "invitation_valid_for", "259200000"), "72 h");
        assert_eq!(setting_value(words, "password", r#"{"min_length":12,"classes":false}"#), "from 12 characters");
        assert_eq!(setting_value(words, "organisation", "\"ACME\""), "ACME");
        assert_eq!(setting_value(words, "checks_domains", "true"), "Yes");
    }
}
