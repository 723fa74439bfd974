//! Shutting somebody out and letting them in again, in the organisation's own word: most of them block people, a client portal
//! deactivates them (rule 66). What the statuses are called stands in `statuses`.

use super::Language;
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
    tell_many_block = "They are signed out everywhere now and cannot sign in. Shifts before them are freed. The data stays; the access can be given back later."
        | "Все сеансы завершатся сейчас, войти будет нельзя. Предстоящие смены освободятся. Данные останутся, доступ можно вернуть.";
    block_instead(verb: &str) = "{verb} instead" | "{verb} вместо удаления";
    is_blocked(name: &str) = "{name} is blocked and signed out." | "{name}: доступ заблокирован, сеансы завершены.";
    is_deactivated(name: &str) = "{name} is deactivated and signed out." | "{name}: доступ отключён, сеансы завершены.";
    is_unblocked = "Unblocked." | "Доступ разблокирован.";
    is_reactivated = "Reactivated." | "Доступ включён.";
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
