//! What somebody tried to do, in the words of its button, for the history of what was refused.

use super::Language;
use crate::domain::permission::Permission;
use crate::domain::user::UserAction;

words! {
    call_own = "their own profile" | "свой профиль";
    call_list = "the list of people" | "список людей";
    call_export = "take the list away" | "выгрузить список";
    call_many = "something for many people at once" | "действие сразу для многих";
    call_import = "import people" | "импорт людей";
    call_letters = "print letters" | "печать писем";
    call_token = "tokens for programs" | "токены для программ";
    call_send_test = "send a test message" | "отправить пробное письмо";
    call_agree = "agree to what was proposed" | "согласиться с предложенным";
    call_page = "open a page" | "открыть страницу";
}

impl Language {
    /// A server function, or another thing that can be asked of the server, by its name there; what has no words is named as it is.
    pub fn call(self, name: &str) -> String {
        let action = |action| self.action(action).to_lowercase();
        let permission = |permission| self.permission(permission).to_lowercase();
        match name {
            "edit-user" => action(UserAction::Edit),
            "change-role" => action(UserAction::ChangeRole),
            "add-place" => action(UserAction::AddPlace),
            "remove-place" => action(UserAction::RemovePlace),
            "archive" => action(UserAction::Archive),
            "bring-back" => action(UserAction::BringBack),
            "block" => action(UserAction::Block),
            "unblock" => action(UserAction::Unblock),
            "delete" => action(UserAction::Delete),
            "reset-password" => action(UserAction::ResetPassword),
            "request-report" | "request-unit-report" => action(UserAction::Report),
            "approve" => action(UserAction::Approve),
            "resend" | "fix-address" => action(UserAction::Resend),
            "remind" => action(UserAction::Remind),
            "withdraw" => action(UserAction::Withdraw),
            "copy-link" | "hand-over" => action(UserAction::CopyLink),
            "invite"
            | "take-back"
            | "send-now"
            | "invite-page"
            | "judge-rows"
            | "add-login"
            | "users/invite/letter" => permission(Permission::Invite),
            "users" | "user-question" | "save-view" | "forget-view" | "choose-table-layout" => self.call_list().into(),
            "users/export" => self.call_export().into(),
            "users/letters" => self.call_letters().into(),
            "select-people" | "start-bulk" | "stop-bulk" | "hurry-bulk" => self.call_many().into(),
            "create-unit" | "edit-unit" | "move-unit" | "archive-unit" | "bring-back-unit" => {
                permission(Permission::ManageUnits)
            }
            "save-role" | "remove-role" => permission(Permission::EditRoles),
            "agree" | "drop-proposal" => self.call_agree().into(),
            "create-shift" | "change-shift" | "remove-shift" | "join-shift" | "leave-shift" => {
                permission(Permission::EditShifts)
            }
            "change-settings"
            | "change-preset"
            | "change-texts"
            | "restore-texts"
            | "publish-agreement"
            | "settings/texts/letter" => permission(Permission::ChangeSettings),
            "send-test" => self.call_send_test().into(),
            "import-list" | "import-row" | "import-group" | "import-run" | "import-undo" | "import-stop"
            | "import-forget" | "import/file" => self.call_import().into(),
            "make-token" | "revoke-token" => self.call_token().into(),
            "change-profile" | "choose-language" | "stay-signed-in" | "session-end" | "change-password"
            | "end-session" | "end-other-sessions" | "withdraw-agreement" | "choose-messages" => self.call_own().into(),
            "page" => self.call_page().into(),
            other => other.to_string(),
        }
    }
}
