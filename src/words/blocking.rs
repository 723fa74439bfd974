//! Shutting somebody out and letting them in again, in the organisation's own word: most of them block people, a client portal
//! deactivates them (rule 66). What the statuses are called stands in `statuses`.

use super::Language;
use crate::domain::permission::Permission;
use crate::domain::user::UserAction;
use crate::domain::vocabulary::Vocabulary;

words! {

    block = "Block" | "Заблокировать";
    unblock = "Unblock" | "Разблокировать";
    deactivate = "Deactivate" | "Отключить доступ";
    reactivate = "Reactivate" | "Включить доступ";
    ask_verb(verb: &str, whom: &str) = "{verb} {whom}?" | "{verb}: {whom}?";
    do_verb(verb: &str, whom: &str) = "{verb} {whom}" | "{verb}: {whom}";
    tell_block(name: &str) = "{name} is signed out everywhere now and cannot sign in. Links that were sent stop working. The data stays; the access can be given back later."
        | "{name}: все сеансы завершатся сейчас, войти будет нельзя, отправленные ссылки перестанут действовать. Данные останутся, доступ можно вернуть.";
    tell_unblock(name: &str) = "{name} has access as before, with the same role and the same password."
        | "{name}: доступ вернётся с прежней ролью и прежним паролем.";
    tell_many_block = "They are signed out everywhere now and cannot sign in. The data stays; the access can be given back later."
        | "Все сеансы завершатся сейчас, войти будет нельзя. Данные останутся, доступ можно вернуть.";
    block_instead(verb: &str) = "{verb} instead" | "{verb} вместо удаления";
    is_blocked(name: &str) = "{name} is blocked and signed out." | "{name}: доступ заблокирован, сеансы завершены.";
    is_deactivated(name: &str) = "{name} is deactivated and signed out." | "{name}: доступ отключён, сеансы завершены.";
    is_unblocked = "Unblocked." | "Доступ разблокирован.";
    is_reactivated = "Reactivated." | "Доступ включён.";
    did_block(who: &str, whom: &str) = "{who} blocked {whom}" | "{who}: доступ заблокирован ({whom})";
    did_unblock(who: &str, whom: &str) = "{who} unblocked {whom}" | "{who}: доступ разблокирован ({whom})";
    did_deactivate(who: &str, whom: &str) = "{who} deactivated {whom}" | "{who}: доступ отключён ({whom})";
    did_reactivate(who: &str, whom: &str) = "{who} reactivated {whom}" | "{who}: доступ включён ({whom})";
    blocked_by(who: &str, when: &str) = "Blocked by {who}, {when}" | "Доступ заблокирован {when}, {who}";
    blocked_at(when: &str) = "Blocked {when}" | "Доступ заблокирован {when}";
    deactivated_by(who: &str, when: &str) = "Deactivated by {who}, {when}" | "Доступ отключён {when}, {who}";
    deactivated_at(when: &str) = "Deactivated {when}" | "Доступ отключён {when}";
    standing_blocked = "blocked" | "заблокировано";
    standing_deactivated = "deactivated" | "доступ отключён";
    may_block_users = "Block and unblock" | "Блокировать и разблокировать";
    may_deactivate_users = "Deactivate and reactivate" | "Отключать и включать доступ";
    unblock_instead = "Unblock instead" | "Разблокировать";
    reactivate_instead = "Reactivate instead" | "Включить доступ";
    are_blocked(n: &str) = "Blocked: {n}" | "Заблокировано: {n}";
    are_deactivated(n: &str) = "Deactivated: {n}" | "Доступ отключён: {n}";
    are_unblocked(n: &str) = "Unblocked: {n}" | "Разблокировано: {n}";
    are_reactivated(n: &str) = "Reactivated: {n}" | "Доступ включён: {n}";
}

impl Language {
    /// What the button or the menu item of an action says in an organisation of these words.
    pub fn action_in(self, vocabulary: Vocabulary, action: UserAction) -> &'static str {
        match (vocabulary, action) {
            (Vocabulary::Portal, UserAction::Block) => self.deactivate(),
            (Vocabulary::Portal, UserAction::Unblock) => self.reactivate(),
            _ => self.action(action),
        }
    }

    /// That somebody is shut out now.
    pub fn now_blocked(self, vocabulary: Vocabulary, name: &str) -> String {
        match vocabulary {
            Vocabulary::Portal => self.is_deactivated(name),
            _ => self.is_blocked(name),
        }
    }

    /// That somebody has been let in again.
    pub fn now_unblocked(self, vocabulary: Vocabulary) -> &'static str {
        match vocabulary {
            Vocabulary::Portal => self.is_reactivated(),
            _ => self.is_unblocked(),
        }
    }

    /// That somebody was shut out, or let in again, in the history.
    pub fn did_shut(self, vocabulary: Vocabulary, is_out: bool, who: &str, whom: &str) -> String {
        match (vocabulary, is_out) {
            (Vocabulary::Portal, true) => self.did_deactivate(who, whom),
            (Vocabulary::Portal, false) => self.did_reactivate(who, whom),
            (_, true) => self.did_block(who, whom),
            (_, false) => self.did_unblock(who, whom),
        }
    }

    /// Since when somebody is shut out, and by whom where that is known.
    pub fn shut_since(self, vocabulary: Vocabulary, who: Option<&str>, when: &str) -> String {
        match (vocabulary, who) {
            (Vocabulary::Portal, Some(who)) => self.deactivated_by(who, when),
            (Vocabulary::Portal, None) => self.deactivated_at(when),
            (_, Some(who)) => self.blocked_by(who, when),
            (_, None) => self.blocked_at(when),
        }
    }

    /// How a membership stands whose holder is shut out.
    pub(super) fn standing_out(self, vocabulary: Vocabulary) -> &'static str {
        match vocabulary {
            Vocabulary::Portal => self.standing_deactivated(),
            _ => self.standing_blocked(),
        }
    }

    /// A permission, in an organisation of these words.
    pub fn permission_in(self, vocabulary: Vocabulary, permission: Permission) -> &'static str {
        match (vocabulary, permission) {
            (Vocabulary::Portal, Permission::BlockUsers) => self.may_deactivate_users(),
            _ => self.permission(permission),
        }
    }

    /// The way from an invitation to somebody who is shut out.
    pub fn let_in_instead(self, vocabulary: Vocabulary) -> &'static str {
        match vocabulary {
            Vocabulary::Portal => self.reactivate_instead(),
            _ => self.unblock_instead(),
        }
    }

    /// How many are shut out now, or have been let in again.
    pub(super) fn done_blocking(self, vocabulary: Vocabulary, is_out: bool, n: &str) -> String {
        match (vocabulary, is_out) {
            (Vocabulary::Portal, true) => self.are_deactivated(n),
            (Vocabulary::Portal, false) => self.are_reactivated(n),
            (_, true) => self.are_blocked(n),
            (_, false) => self.are_unblocked(n),
        }
    }
}
