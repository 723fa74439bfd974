//! The word of where somebody stands, in each organisation's own (`domain::vocabulary`).

use super::Language;
use crate::domain::user::Status;
use crate::domain::vocabulary::Vocabulary;

words! {
    status_not_invited = "Not invited" | "Без приглашения";
    status_waiting = "Waiting" | "В очереди";
    status_invited = "Invited" | "Отправлено";
    status_failed = "Error" | "Ошибка";
    status_expired = "Expired" | "Истекло";
    status_withdrawn = "Withdrawn" | "Отозвано";
    status_active = "Active" | "Доступ есть";
    status_blocked = "Blocked" | "Доступ закрыт";
    status_awaiting_approval = "To approve" | "На подтверждении";
    status_archived = "Archived" | "В архиве";

    status_link_sent = "Link sent" | "Ссылка отправлена";
    status_did_not_arrive = "Did not arrive" | "Не дошло";
    status_send_again = "To send again" | "Нужно отправить снова";

    status_learning_invited = "Invited" | "Приглашение получено";
    status_learning_not_invited_expired = "Not invited (expired)" | "Без приглашения (истекло)";
    status_learning_not_invited_withdrawn = "Not invited (withdrawn)" | "Без приглашения (отозвано)";

    status_accepted = "Invite accepted" | "Приглашение принято";
    status_portal_invited = "Invited" | "Приглашение отправлено";
    status_portal_waiting = "Invited (being sent)" | "Приглашение отправляется";
    status_portal_failed = "Invited (not delivered)" | "Приглашение не доставлено";
    status_portal_expired = "Invited (expired)" | "Приглашение истекло";
    status_deactivated = "Deactivated" | "Доступ отключён";

    status_pending = "Pending" | "Ожидает";
    status_pending_sent = "Sending" | "Отправляется";
    status_pending_failed = "Not delivered" | "Не доставлено";
    status_resend = "Expired" | "Срок истёк";

    user_invited = "User invited" | "Пользователь приглашён";
    invitation_mark = "Invitation" | "Приглашение";
}

impl Language {
    /// The word of the chip, of the filter and wherever else somebody's standing is said.
    pub fn status(self, of: Vocabulary, status: Status) -> &'static str {
        match (of, status) {
            (Vocabulary::School, Status::Invited) => self.status_link_sent(),
            (Vocabulary::School, Status::Failed) => self.status_did_not_arrive(),
            (Vocabulary::School, Status::Expired) => self.status_send_again(),

            (Vocabulary::Learning, Status::Invited) => self.status_learning_invited(),
            (Vocabulary::Learning, Status::Expired) => self.status_learning_not_invited_expired(),
            (Vocabulary::Learning, Status::Withdrawn) => self.status_learning_not_invited_withdrawn(),

            (Vocabulary::Portal, Status::Active) => self.status_accepted(),
            (Vocabulary::Portal, Status::Invited) => self.status_portal_invited(),
            (Vocabulary::Portal, Status::Waiting) => self.status_portal_waiting(),
            (Vocabulary::Portal, Status::Failed) => self.status_portal_failed(),
            (Vocabulary::Portal, Status::Expired) => self.status_portal_expired(),
            (Vocabulary::Portal, Status::Blocked) => self.status_deactivated(),

            (Vocabulary::Dispatch, Status::Invited) => self.status_pending(),
            (Vocabulary::Dispatch, Status::Waiting) => self.status_pending_sent(),
            (Vocabulary::Dispatch, Status::Failed) => self.status_pending_failed(),
            (Vocabulary::Dispatch, Status::Expired) => self.status_resend(),

            (_, Status::NotInvited) => self.status_not_invited(),
            (_, Status::Waiting) => self.status_waiting(),
            (_, Status::Invited) => self.status_invited(),
            (_, Status::Failed) => self.status_failed(),
            (_, Status::Expired) => self.status_expired(),
            (_, Status::Withdrawn) => self.status_withdrawn(),
            (_, Status::Active) => self.status_active(),
            (_, Status::Blocked) => self.status_blocked(),
            (_, Status::AwaitingApproval) => self.status_awaiting_approval(),
            (_, Status::Archived) => self.status_archived(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// Rules 34 and 63.
    #[test]
    fn each_organisation_has_a_word_of_its_own_for_every_status() {
        for of in Vocabulary::ALL {
            for language in Language::ALL {
                let words: BTreeSet<&str> = Status::ALL.into_iter().map(|status| language.status(of, status)).collect();
                assert_eq!(words.len(), Status::ALL.len(), "{of:?}: a filter must say what it filters: {words:?}");
            }
        }
        let portal = |status| Language::English.status(Vocabulary::Portal, status);
        let said = [portal(Status::Active), portal(Status::Invited), portal(Status::Blocked)];
        assert_eq!(said, ["Invite accepted", "Invited", "Deactivated"]);
    }
}
