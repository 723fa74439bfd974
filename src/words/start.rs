//! The words of the first page, which says what somebody can do, and of the end of a session.

use super::Language;
use super::invite::counted;
use crate::domain::permission::Permission;

words! {
    start = "Start" | "Начало";
    start_hello(name: &str) = "Hello, {name}" | "Здравствуйте, {name}";
    start_hello_nameless = "Hello" | "Здравствуйте";
    start_joined(organisation: &str) = "Welcome to {organisation}. Your account is ready; below is what you can do here."
        | "Добро пожаловать! {organisation}: учётная запись готова. Ниже — что здесь можно делать.";
    start_look_at_them = "Look at them" | "Посмотреть";
    start_asks_samples = "Whoever comes in is asked to agree to a sample text. Write your own before you invite people."
        | "Входящих просят согласиться с текстом-образцом. Замените его своим, прежде чем приглашать людей.";
    start_write_them = "Write the agreements" | "Написать соглашения";
    start_places = "Your roles" | "Ваши роли";
    start_place(role: &str, unit: &str) = "{role}, {unit}" | "{role}, {unit}";
    start_extra(functions: &str) = "also: {functions}" | "дополнительно: {functions}";
    start_can = "What you can do now" | "Что можно сделать сейчас";
    start_look = "Where you can look" | "Что можно посмотреть";
    start_functions(functions: &str) = "You may: {functions}." | "Вам доступно: {functions}.";
    start_users = "See who is here, who is still expected, and what each may do."
        | "Видеть, кто уже здесь, кого ещё ждут и что кому доступно.";
    start_units = "See how the organisation is built, and who belongs where." | "Видеть, как устроена организация и кто где состоит.";
    start_invitations = "See whose answer is still waited for, and what did not arrive." | "Видеть, чей ответ ещё ждут и что не дошло.";
    start_shifts = "See who works when." | "Видеть, кто когда работает.";
    start_own_shifts = "See when you work." | "Видеть, когда ваши смены.";
    start_audit = "Read who changed what, and when." | "Читать, кто что изменил и когда.";
    start_mailbox = "Read the messages that wait because there is no mail server." | "Читать письма, которые ждут: почтовый сервер не указан.";
    start_settings = "See what holds for the whole organisation." | "Видеть, что действует для всей организации.";
    start_profile = "Change your name, phone, language or password, and see where you are signed in."
        | "Сменить имя, телефон, язык или пароль и видеть, где выполнен вход.";
    start_invite = "Type or paste addresses; each is checked before anything is sent." | "Введите или вставьте адреса: каждый проверяется до отправки.";
    start_new_shift = "Put a shift into the plan." | "Добавить смену в план.";
    start_new_role = "Decide what its holders may do." | "Решить, что могут её обладатели.";
    start_texts = "Write the letter that invites people." | "Написать письмо с приглашением.";
    start_who = "Find out who may do what to whom." | "Узнать, кто что и с кем может сделать.";
    session_ends(at: &str) = "You have not used this page for a long time. You will be signed out at {at}."
        | "Страница давно не используется. Выход произойдёт в {at}.";
    session_ends_for_good(at: &str) = "This session has lasted as long as it may: it ends at {at}. Save what you are doing, and sign in again."
        | "Сеанс не может длиться дольше: он закончится в {at}. Сохраните изменения и войдите снова.";
    session_is_over = "You are signed out. What you typed is still on the page." | "Сеанс завершён. Всё введённое осталось на странице.";
    caps_lock = "Caps Lock is on." | "Включён Caps Lock.";
    session_stay = "Stay signed in" | "Остаться в системе";
}

impl Language {
    /// That something waits for whoever may be the second administrator.
    pub fn start_to_approve(self, n: usize) -> String {
        counted(
            self,
            n,
            [
                "# invitation or change waits for a second administrator",
                "# invitations or changes wait for a second administrator",
            ],
            [
                "# приглашение или изменение ждёт второго администратора",
                "# приглашения или изменения ждут второго администратора",
                "# приглашений или изменений ждут второго администратора",
            ],
        )
    }

    /// What whoever sees a section finds there.
    pub fn section_meaning(self, section: Permission) -> &'static str {
        match section.section() {
            Permission::SeeUnits => self.start_units(),
            Permission::SeeInvitations => self.start_invitations(),
            Permission::SeeShifts => self.start_shifts(),
            Permission::SeeAudit => self.start_audit(),
            Permission::SeeMailbox => self.start_mailbox(),
            Permission::SeeSettings => self.start_settings(),
            _ => self.start_users(),
        }
    }
}
