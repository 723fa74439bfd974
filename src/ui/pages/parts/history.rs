//! Lines of the history as entries of a timeline: each a full sentence in the reader's language.

use crate::domain::audit::AuditAction;
use crate::domain::consent::ConsentKind;
use crate::domain::handing::HandWay;
use crate::domain::id::RoleId;
use crate::domain::mail_text::{MailTextKind, TextPart};
use crate::domain::permission::Permissions;
use crate::domain::settings::Setting;
use crate::domain::settings::{SettingKind, older};
use crate::domain::validity;
use crate::ui::components::{TimelineEntry, Tone};
use crate::ui::session::{viewer, vocabulary, words};
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
        Happening::Queued(channel) => (Tone::Neutral, words.was_queued(channel).into()),
        Happening::PutOff(channel, _) => (Tone::Warn, words.was_put_off(channel).into()),
        Happening::HandedOver(channel) => (Tone::Ok, words.was_handed_over(channel).into()),
        Happening::Failed(channel, _) => (Tone::Error, words.has_failed(channel).into()),
        Happening::Delivered(channel) => (Tone::Ok, words.was_delivered(channel).into()),
        Happening::CameBack(channel, _) => (Tone::Error, words.came_back(channel).into()),
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
        AuditAction::Added
        | AuditAction::Invited
        | AuditAction::Resent
        | AuditAction::Reopened
        | AuditAction::SentInstead
        | AuditAction::Reminded => Tone::Info,
        AuditAction::Blocked
        | AuditAction::Archived
        | AuditAction::Withdrawn
        | AuditAction::Declined
        | AuditAction::ConsentWithdrawn
        | AuditAction::Refused
        | AuditAction::DecidedAlone => Tone::Warn,
        AuditAction::Binned | AuditAction::Deleted => Tone::Error,
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
        AuditAction::Added => words.did_add(who, whom),
        AuditAction::Invited if !at.is_empty() => words.did_invite_to(who, whom, at),
        AuditAction::Invited => words.did_invite(who, whom),
        AuditAction::Resent if line.actor.is_none() => words.did_ask_for_a_link(whom),
        AuditAction::Resent => words.did_resend(who, whom),
        AuditAction::Withdrawn => words.did_withdraw(who, whom),
        AuditAction::Reopened => words.did_reopen(who, whom),
        AuditAction::Reminded if line.actor.is_none() => words.was_reminded(whom),
        AuditAction::Reminded => words.did_remind(who, whom),
        AuditAction::SentInstead => words.was_sent_instead(whom, &line.after),
        AuditAction::Declined => words.did_decline(whom),
        AuditAction::LinkCopied => words.did_copy_link(who, whom),
        AuditAction::LinkHanded => words.did_hand(HandWay::from_code(&line.after), who, whom),
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
        AuditAction::Binned => words.did_bin(who, whom),
        AuditAction::BroughtBack => words.did_bring_back(who, whom),
        AuditAction::Released => words.did_release(who, whom, &line.after),
        AuditAction::UnitMade => words.did_make_unit(who, &line.after),
        AuditAction::UnitValidityChanged => words.did_change_unit_validity(who, &change(words, line, length)),
        AuditAction::UnitSettingChanged => unit_setting(words, who, at, line),
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
        AuditAction::UnitMoveProposed => words.did_propose_move(who, at, &line.after),
        AuditAction::Agreed => words.did_agree(who, whom),
        AuditAction::ProposalDropped => words.did_drop(who, whom),
        AuditAction::DecidedAlone if !at.is_empty() => words.did_decide_move_alone(who, at),
        AuditAction::DecidedAlone => words.did_decide_alone(who, &role_name(&line.after)),
        AuditAction::RoleRemoved => words.did_remove_role(who, &line.before),
        AuditAction::ShiftMade => words.did_make_shift(who, &line.after, at),
        AuditAction::ShiftEdited => words.did_edit_shift(who, &line.after, at),
        AuditAction::ShiftRemoved => words.did_remove_shift(who, &line.before, at),
        AuditAction::ShiftJoined => words.did_join_shift(who, whom, &line.after),
        AuditAction::ShiftLeft => words.did_leave_shift(who, whom, &line.after),
        AuditAction::Refused => words.was_refused(who, &words.call(&line.after)),
        AuditAction::Blocked => words.did_shut(vocabulary(), true, who, whom),
        AuditAction::Unblocked => words.did_shut(vocabulary(), false, who, whom),
        AuditAction::Deleted => {
            words.did_delete(who, line.subject.as_ref().and_then(|person| person.gone).unwrap_or_default())
        }
        AuditAction::ResetAsked => words.did_ask_reset(whom),
        AuditAction::ResetSent => words.did_send_reset(who, whom),
        AuditAction::LoginAdded => words.did_add_login(who, whom, &line.after),
        AuditAction::PasswordHanded => words.did_hand_password(who, whom),
        AuditAction::PasswordChanged => words.did_change_password(who),
        AuditAction::SessionsEnded => words.did_end_sessions(who),
        AuditAction::TokenMade if is_own => words.did_make_token(who, &line.after),
        AuditAction::TokenMade => words.did_make_token_for(who, whom, &line.after),
        AuditAction::TokenRevoked if is_own => words.did_revoke_token(who, &line.before),
        AuditAction::TokenRevoked => words.did_revoke_token_of(who, whom, &line.before),
        AuditAction::ConsentGiven => words.did_give_consent(who, &consent(words, &line.after)),
        AuditAction::ConsentRefused => words.did_refuse_consent(who, &consent(words, &line.after)),
        AuditAction::ConsentWithdrawn => words.did_withdraw_consent(who, &consent(words, &line.before)),
        AuditAction::ConsentPublished => words.did_publish_consent(who, &consent(words, &line.after)),
        AuditAction::ConsentAsked => words.did_ask_consent(who, &consent(words, &line.after)),
        AuditAction::ConsentNotAsked => words.did_not_ask_consent(who, &consent(words, &line.after)),
        AuditAction::SettingChanged => setting(words, who, line),
        AuditAction::AdministratorMade => words.did_make_administrator(whom),
        AuditAction::TestSent => words.did_send_test(who),
        AuditAction::Exported => words.did_export(who),
        AuditAction::ReportAsked if whom.is_empty() => words.did_ask_report(who, at),
        AuditAction::ReportAsked => words.did_ask_report(who, whom),
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
    let names: Vec<&str> =
        Permissions::from_codes(codes).iter().map(|one| words().permission_in(vocabulary(), one)).collect();
    names.join(", ")
}

/// What somebody agreed to: the kind, the version and the language in which they read it.
fn consent(words: Language, named: &str) -> String {
    let mut parts = named.split(' ');
    let kind = parts.next().and_then(ConsentKind::from_code);
    let version = parts.next().and_then(|version| version.parse().ok());
    let (Some(kind), Some(version)) = (kind, version) else { return named.into() };
    let what = words.consent_link(words.consent_title(kind), version);
    match parts.next() {
        Some(language) => words.consent_in_language(&what, &language_name(language)),
        None => what,
    }
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
        "valid_for" => length(value),
        "carries" => words.setting_value(Setting::Carries, value),
        "losing_takes_two" => if value == "true" { words.taken_by_two() } else { words.taken_by_one() }.to_string(),
        _ => value.to_string(),
    };
    (role_name(id), words.from_to(&read(before), &read(after)))
}

/// A length of time, as `domain::validity` writes it.
fn length(code: &str) -> String {
    validity::read(code).map_or_else(|_| code.into(), |length| words().span(length))
}

/// What a unit decides for itself is written as `name=value`; without a value it is as above.
fn unit_setting(words: Language, who: &str, at: &str, line: &HistoryLine) -> String {
    let read = |text: &str| {
        let (name, value) = text.split_once('=').unwrap_or((text, ""));
        (Setting::from_code(name), value.to_string())
    };
    let ((setting, before), (_, after)) = (read(&line.before), read(&line.after));
    let value = |value: &str| match setting {
        _ if value.is_empty() => words.own_setting_as_above().to_string(),
        Some(setting) => words.setting_value(setting, value),
        None => value.to_string(),
    };
    let title = setting.map(|setting| words.setting(setting)).unwrap_or_default();
    words.did_change_unit_setting(who, at, title, &words.from_to(&value(&before), &value(&after)))
}

/// A setting is written as `name=value`.
fn setting(words: Language, who: &str, line: &HistoryLine) -> String {
    let (name, before) = line.before.split_once('=').unwrap_or((&line.before, ""));
    let after = line.after.split_once('=').map_or("", |(_, value)| value);
    let of_kind = MailTextKind::ALL.into_iter().find_map(|kind| {
        let rest = name.strip_prefix(kind.code())?.strip_prefix("_text_")?;
        rest.split_once(' ').map(|(part, language)| (kind, part, language))
    });
    if let Some((kind, part, language)) = of_kind {
        let part = TextPart::ALL.into_iter().find(|known| known.code() == part).map(|part| words.text_part(part));
        let (part, language) = (part.unwrap_or_default(), language_name(language));
        let title = match kind {
            MailTextKind::Invitation => words.setting_text(part, &language),
            kind => words.setting_text_of(words.text_kind(kind), part, &language),
        };
        let plain = |value: &str| value.replace("\\n", " ").replace("\\\"", "\"").replace("\\\\", "\\");
        let read = |value: &str| match value.strip_prefix('"').and_then(|value| value.strip_suffix('"')) {
            None | Some("") => words.text_ours().to_string(),
            Some(text) => plain(text),
        };
        return words.did_change_setting(who, &title, &words.from_to(&read(before), &read(after)));
    }
    let read = |value| match older::from_older(name, value) {
        _ if value.is_empty() => words.nothing_there().to_string(),
        Some((setting, value)) if value.is_empty() && setting.kind() != SettingKind::Tick => {
            words.nothing_there().into()
        }
        Some((setting, value)) => words.setting_value(setting, &value),
        None if name == "preset" => words.preset(value).0.into(),
        None => value.replace('"', ""),
    };
    let title = match (older::from_older(name, ""), name) {
        (Some((setting, _)), _) => words.setting(setting),
        (None, "preset") => words.setting_preset(),
        (None, "password") => words.setting_password(),
        (None, "registration") => words.setting_registration(),
        (None, other) => other,
    };
    words.did_change_setting(who, title, &words.from_to(&read(before), &read(after)))
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
        Happening::PutOff(channel, reason)
        | Happening::Failed(channel, reason)
        | Happening::CameBack(channel, reason) => words.explain_delivery(channel, reason, said),
        Happening::Queued(_) | Happening::HandedOver(_) | Happening::TooLate | Happening::Delivered(_) => {
            said.to_string()
        }
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
    fn settings_are_written_as_people_read_them_also_those_of_older_versions() {
        let said = |before: &str, after: &str| {
            let line = HistoryLine {
                before: before.into(),
                after: after.into(),
                ..line(Happening::AuditAction(AuditAction::SettingChanged), "")
            };
            setting(Language::English, "Anna", &line)
        };
        let written = "Anna changed “How long a link works”: 8 hours → 3 days";
        assert_eq!(said("valid_for_hours=8", "valid_for_hours=72"), written);
        assert_eq!(said("invitation_valid_for=28800000", "invitation_valid_for=259200000"), written);
        assert!(said("support_contact=", "support_contact=Room 4").ends_with("(empty) → Room 4"));
        assert!(said("checks_domains=false", "checks_domains=true").ends_with("No → Yes"));
        assert!(
            said("name_policy=\"UserOnly\"", "name_policy=admin")
                .ends_with("Only the person → The person and administrators")
        );
    }
}
