//! The words of the pages around the people: one's own page, the history, the built-in mailbox and the settings.

use super::Language;
use crate::domain::job::JobKind;
use crate::domain::permission::Permission;

words! {
    page_loading = "Loading" | "Загрузка";
    page_not_loaded = "This page could not be loaded" | "Не удалось загрузить страницу";
    page_not_loaded_text = "The connection was lost, or a newer version of the program is running. What was saved is safe."
        | "Пропала связь, или на сервере уже работает новая версия программы. Всё сохранённое на месте.";
    own_details = "Details" | "Данные";
    own_saved = "Saved" | "Сохранено";
    own_full_name = "Full name" | "Имя и фамилия";
    own_phone = "Phone" | "Телефон";
    own_phone_hint = "Optional. With the country code, for example +375 29 123-45-67."
        | "Необязательно. С кодом страны, например +375 29 123-45-67.";
    own_email = "E-mail" | "Электронная почта";
    own_email_hint = "You sign in with this address, so it cannot be changed here. To use another one, ask an administrator for a new invitation."
        | "Это имя для входа, поэтому изменить адрес здесь нельзя. Чтобы перейти на другой, попросите администратора о новом приглашении.";
    own_email_unconfirmed = "Not confirmed yet. Open the link in the message that went there; then you can sign in with this address."
        | "Ещё не подтверждён. Откройте ссылку в письме, которое туда пришло, и по этому адресу можно будет входить.";
    own_login = "Login" | "Логин";
    own_login_hint = "You sign in with it, so it cannot be changed here. Ask an administrator."
        | "Это имя для входа, поэтому изменить его здесь нельзя. Обратитесь к администратору.";
    own_language = "Language" | "Язык";
    own_language_hint = "Of these pages and of the messages to you." | "Язык страниц и писем для вас.";

    own_password = "Password" | "Пароль";
    own_password_since(when: &str) = "Last changed {when}." | "Последнее изменение: {when}.";
    own_password_note = "When you change it, you are signed out on all other devices."
        | "После смены пароля на всех остальных устройствах будет выполнен выход.";
    own_current_password = "Current password" | "Текущий пароль";
    own_new_password = "New password" | "Новый пароль";
    own_change_password = "Change password" | "Сменить пароль";
    own_password_changed = "The password is changed. You are signed out on all other devices."
        | "Пароль изменён. На всех остальных устройствах выполнен выход.";

    own_sessions = "Signed-in devices" | "Где выполнен вход";
    own_this_device = "This device" | "Это устройство";
    own_unknown_device = "Unknown device" | "Неизвестное устройство";
    own_since(when: &str) = "Signed in {when}" | "Вход: {when}";
    own_seen(when: &str) = "last seen {when}" | "последняя активность: {when}";
    own_sign_out_others = "Sign out all others" | "Выйти на всех остальных";
    own_session_ended = "Signed out on that device." | "На этом устройстве выполнен выход.";
    own_sessions_ended = "Signed out on all other devices." | "На всех остальных устройствах выполнен выход.";

    own_tokens = "API tokens" | "Токены API";
    own_tokens_lead = "With a token a program reads the people whom you can see, at /api/v1/users. It changes nothing. All tokens end when you change your password, sign out all other devices or lose your access."
        | "С токеном программа читает список людей, которых видите вы, по адресу /api/v1/users. Изменять она ничего не может. Все токены перестают действовать, когда вы меняете пароль, выходите на всех остальных устройствах или теряете доступ.";
    own_token_new = "New token" | "Новый токен";
    own_token_made = "The token is created. Copy it now: it is not shown again." | "Токен создан. Скопируйте его сейчас: больше он показан не будет.";
    own_token_revoked = "The token is revoked. Programs that use it are refused from now on." | "Токен отозван. Программы с этим токеном больше не получают данных.";
    own_token_name = "Name" | "Название";
    own_token_name_hint = "What it is for, for example the name of the program." | "Для чего он, например имя программы.";
    own_token_life = "Works for" | "Срок действия";
    own_token_days(n: i64, until: &str) = "{n} days, until {until}" | "{n} дн., до {until}";
    own_token_create = "Create token" | "Создать токен";
    own_token_revoke = "Revoke" | "Отозвать";
    own_token_since(when: &str) = "Created {when}" | "Создан: {when}";
    own_token_used(when: &str) = "last used {when}" | "последнее использование: {when}";
    own_token_unused = "never used" | "не использовался";
    own_token_until(when: &str) = "ends {when}" | "до {when}";

    own_theme = "Theme" | "Оформление";
    own_theme_hint = "For this browser. System follows the device."
        | "Для этого браузера. «Как в системе» повторяет настройку устройства.";
    own_theme_system = "System" | "Как в системе";
    own_theme_light = "Light" | "Светлое";
    own_theme_dark = "Dark" | "Тёмное";

    audit_lead = "Who did what, newest first. Nothing here can be changed or removed."
        | "Кто что сделал, сначала новое. Записи нельзя изменить или удалить.";
    audit_pages = "Pages of the audit" | "Страницы журнала";
    audit_empty = "No events yet" | "Событий пока нет";
    audit_empty_text = "What people change, and who invites whom, will be written down here."
        | "Здесь будет записано, кто что изменил и кого пригласил.";
    audit_no_more = "No more events here" | "Здесь событий больше нет";
    audit_newest = "Newest events" | "Последние события";

    mailbox_lead_demonstration = "In a demonstration nothing leaves: every message waits here, whatever mail server is set."
        | "В демонстрации ничего не уходит: все письма остаются здесь, даже если указан почтовый сервер.";
    jobs_under_way = "Still under way:" | "Ещё выполняется:";
    job_round = "invitations" | "приглашения";
    job_bulk = "an action for many people" | "действие для многих людей";
    job_import = "an import" | "импорт";
    mailbox_lead_texts = "No SMS gateway is configured, so text messages wait here instead of leaving. To send them, set USHER_SMS_URL and start Usher again; letters leave as usual."
        | "SMS-шлюз не настроен: сообщения ждут здесь. Чтобы они уходили, задайте USHER_SMS_URL и перезапустите Usher; письма уходят как обычно.";
    mailbox_lead = "No mail server is configured, so messages wait here instead of leaving. To send them, set USHER_SMTP_URL (for example smtps://user:password@mail.example.com) and start Usher again."
        | "Почтовый сервер не указан, поэтому письма ждут здесь и никуда не уходят. Чтобы их отправлять, задайте USHER_SMTP_URL (например, smtps://user:password@mail.example.com) и перезапустите Usher.";
    mailbox_empty = "No messages wait" | "Сообщений нет";
    mailbox_empty_text = "Invitations and password links will appear here as they would arrive."
        | "Здесь появятся приглашения и ссылки для нового пароля — такими, какими их получит адресат.";
    mailbox_invite = "Invite people" | "Пригласить людей";
    mailbox_sms = "Text message" | "SMS";
    mailbox_length = "Length" | "Длина";
    mailbox_from = "From" | "От кого";
    mailbox_to = "To" | "Кому";
    mailbox_when = "Written" | "Создано";
    mailbox_parts = "Parts of the message" | "Части письма";
    mailbox_html = "HTML" | "HTML";
    mailbox_text = "Text" | "Текст";
    mailbox_frame(subject: &str) = "Message: {subject}" | "Письмо: {subject}";
    mailbox_open_link = "Open the link" | "Открыть ссылку";
    mailbox_open_hint = "To register as somebody else, open it in a private window."
        | "Чтобы зарегистрироваться от имени другого человека, откройте ссылку в приватном окне.";

    settings_last_change(when: &str) = "Last change {when}:" | "Последнее изменение ({when}).";
    settings_installation = "Installation" | "Система";

    settings_server = "Server" | "Сервер";
    settings_relay = "Mail server" | "Почтовый сервер";
    send_test = "Send a test to me" | "Отправить проверочное письмо мне";
    test_sent(address: &str) = "A test message is on its way to {address}." | "Проверочное письмо отправлено на {address}.";
    settings_no_relay = "None: messages wait in the built-in mailbox." | "Не указан: письма ждут во встроенном ящике.";
    settings_sender = "Sender" | "Отправитель";
    settings_address = "Public address" | "Публичный адрес";
    settings_server_note = "Whoever runs the server sets these: USHER_SMTP_URL, USHER_MAIL_FROM and USHER_PUBLIC_URL in the environment or in usher.toml, then a restart. “usher doctor” checks them, “usher send-test-message” sends a test."
        | "Это задаёт тот, кто обслуживает сервер: USHER_SMTP_URL, USHER_MAIL_FROM и USHER_PUBLIC_URL в переменных окружения или в usher.toml, затем перезапуск. «usher doctor» проверяет их, «usher send-test-message» отправляет проверочное письмо.";

    settings_roles = "Roles" | "Роли";
    settings_roles_lead = "What the holders of each role see, may do and may assign." | "Что видят, могут делать и какие роли назначают обладатели каждой роли.";
    settings_sees = "Sees" | "Видит";
    settings_may_do = "May do" | "Может делать";
    settings_may_assign = "May assign" | "Может назначать";
    may_invite = "Invite people, resend and withdraw" | "Приглашать, отправлять снова и отзывать";
    may_edit_users = "Edit people" | "Изменять данные людей";
    may_change_roles = "Give people other roles" | "Назначать людям другие роли";
    may_archive_users = "Archive people, bring them back, remove them from units" | "Архивировать, возвращать и убирать из подразделений";
    may_manage_units = "Create, rename, move and archive units" | "Создавать, переименовывать, перемещать и архивировать подразделения";
    may_edit_shifts = "Change shifts" | "Менять смены";
    may_edit_roles = "Change roles and their rights" | "Менять роли и их права";
    may_delete_users = "Delete people" | "Удалять людей";
    may_reset_passwords = "Send links to set a new password" | "Отправлять ссылки для нового пароля";
    may_change_settings = "Change settings" | "Менять настройки";
}

impl Language {
    /// What a job is called in a sentence.
    pub fn job(self, kind: JobKind) -> &'static str {
        match kind {
            JobKind::InviteRound => self.job_round(),
            JobKind::Bulk => self.job_bulk(),
            JobKind::ImportChanges | JobKind::ImportUndo => self.job_import(),
        }
    }

    /// The themes by their codes.
    pub fn themes(self) -> [(&'static str, &'static str); 3] {
        [("system", self.own_theme_system()), ("light", self.own_theme_light()), ("dark", self.own_theme_dark())]
    }

    /// What a permission is called in the matrix of the roles.
    pub fn permission(self, permission: Permission) -> &'static str {
        match permission {
            Permission::SeeUsers => self.users(),
            Permission::SeeUnits => self.units(),
            Permission::SeeShifts => self.shifts(),
            Permission::ArchiveUsers => self.may_archive_users(),
            Permission::ManageUnits => self.may_manage_units(),
            Permission::EditShifts => self.may_edit_shifts(),
            Permission::EditRoles => self.may_edit_roles(),
            Permission::SeeInvitations => self.invitations(),
            Permission::SeeAudit => self.audit(),
            Permission::SeeMailbox => self.mailbox(),
            Permission::SeeSettings => self.settings(),
            Permission::Invite => self.may_invite(),
            Permission::EditUsers => self.may_edit_users(),
            Permission::ChangeRoles => self.may_change_roles(),
            Permission::BlockUsers => self.may_block_users(),
            Permission::DeleteUsers => self.may_delete_users(),
            Permission::ResetPasswords => self.may_reset_passwords(),
            Permission::ChangeSettings => self.may_change_settings(),
        }
    }

    /// How many events a page of the history shows.
    pub fn events(self, n: usize) -> String {
        match self {
            Self::English => format!("{n} {}", if n == 1 { "event" } else { "events" }),
            Self::Russian => format!("{n} {}", russian(n, ["событие", "события", "событий"])),
        }
    }
}

/// The form that a Russian noun takes after a number: one, a few, many.
pub(super) fn russian(n: usize, [one, few, many]: [&'static str; 3]) -> &'static str {
    match (n % 10, n % 100) {
        (1, rest) if rest != 11 => one,
        (2..=4, rest) if !(12..=14).contains(&rest) => few,
        _ => many,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_their_nouns_agree() {
        let russian = Language::Russian;
        let forms: Vec<_> = [1, 2, 5, 11, 14, 21, 22, 112].map(|n| russian.events(n)).into();
        assert_eq!(
            forms,
            [
                "1 событие",
                "2 события",
                "5 событий",
                "11 событий",
                "14 событий",
                "21 событие",
                "22 события",
                "112 событий"
            ]
        );
        assert_eq!(Language::English.events(1), "1 event");
    }
}
