//! The words of security reports, on their page and in their mail.

use super::Language;
use super::pages::russian;
use crate::domain::security_report::{Concern, Influence};

words! {
    security_report = "Security report" | "Отчёт о безопасности";
    report_about(name: &str) = "Security report: {name}" | "Отчёт о безопасности: {name}";
    ask_report(name: &str) = "Security report about {name}" | "Отчёт о безопасности: {name}";
    tell_report(address: &str) = "Sign-ins, open sessions, failed attempts, password, rights and their changes. It goes to your own address, {address}; the history keeps that you asked."
        | "Входы, открытые сеансы, неудачные попытки, пароль, права и их изменения. Отчёт придёт на ваш адрес {address}, запрос попадёт в журнал.";
    tell_report_here = "Sign-ins, open sessions, failed attempts, password, rights and their changes."
        | "Входы, открытые сеансы, неудачные попытки, пароль, права и их изменения.";
    do_report = "Send it to me" | "Отправить мне";
    report_read_here = "Read it here" | "Прочитать здесь";
    report_sent(address: &str) = "On its way to {address}." | "Отправляется на {address}.";
    report_on_its_way = "The report is on its way to you." | "Отчёт отправляется вам.";
    report_no_address = "It can be sent once your own e-mail address is confirmed: follow the link in the message that we sent there."
        | "Отправить отчёт можно, когда ваш адрес почты подтверждён: перейдите по ссылке из письма, которое на него пришло.";
    report_as_of(when: &str) = "As of {when}." | "По состоянию на {when}.";
    report_of_people(when: &str, n: &str) = "As of {when}. People in it: {n}." | "По состоянию на {when}. Людей в отчёте: {n}.";
    back_to_card = "Back to the card" | "К карточке";
    report_findings = "What calls for a look" | "На что обратить внимание";
    report_clear = "Nothing calls for a look." | "Замечаний нет.";
    report_more(n: &str) = "And more people: {n}." | "И ещё людей: {n}.";
    report_left_out(n: &str) = "Not in it, being you or above you: {n}."
        | "Не вошло (вы сами и те, кто не ниже вас): {n}.";
    report_too_many(most: &str) = "A report tells of {most} people at most, the first by name. Choose a smaller unit for the others."
        | "В отчёт входит до {most} человек, первые по имени. Для остальных выберите подразделение поменьше.";
    report_choose_unit = "Choose a unit" | "Выбрать подразделение";
    did_ask_report(who: &str, whom: &str) = "{who} asked for a security report about {whom}" | "{who}: запрошен отчёт о безопасности ({whom})";

    report_sign_ins = "Sign-ins" | "Входы";
    report_sessions = "Open sessions" | "Открытые сеансы";
    report_failures = "Failed attempts" | "Неудачные попытки";
    report_password = "Password" | "Пароль";
    report_roles = "Roles and units" | "Роли и подразделения";
    report_changes = "Changes in the last 90 days" | "Изменения за 90 дней";
    report_tokens = "API tokens" | "Токены API";
    report_addresses = "Addresses" | "Адреса";
    report_in_numbers = "In numbers" | "В цифрах";

    report_not_in = "Has not come in yet." | "Входа ещё не было.";
    report_came_in(when: &str) = "Came in first: {when}." | "Первый вход: {when}.";
    report_last_sign_in(when: &str) = "Last signed in: {when}." | "Последний вход: {when}.";
    report_last_seen(when: &str) = "Last seen: {when}." | "Последняя активность: {when}.";
    report_sign_ins_month(n: &str) = "In the last 30 days: {n}." | "За 30 дней: {n}.";
    report_browsers(names: &str) = "With: {names}." | "Откуда: {names}.";
    report_none = "None." | "Нет.";
    report_session(device: &str, when: &str) = "{device}, last used {when}" | "{device}, активность {when}";
    report_session_unnamed = "Unknown browser" | "Неизвестный браузер";
    report_more_sessions(n: &str) = "And more: {n}." | "И ещё: {n}.";
    report_failures_since(n: &str, when: &str) = "{n} since the last sign-in, the first on {when}." | "После последнего входа: {n}, первая {when}.";
    report_password_none = "None yet." | "Ещё не задан.";
    report_password_temporary(when: &str) = "Temporary, handed over; works until {when}." | "Временный, переданный лично; действует до {when}.";
    report_password_over(when: &str) = "Temporary, handed over; ended {when}." | "Временный, переданный лично; истёк {when}.";
    report_password_own(when: &str, days: &str) = "Their own, set {when} ({days} ago)." | "Собственный, задан {when} ({days} назад).";
    report_password_own_undated = "Their own." | "Собственный.";
    report_place(role: &str, unit: &str) = "{role}, {unit}" | "{role}, {unit}";
    report_place_standing(role: &str, unit: &str, standing: &str) = "{role}, {unit} ({standing})" | "{role}, {unit} ({standing})";
    report_extras(names: &str) = "extra: {names}" | "дополнительно: {names}";
    report_line(when: &str, what: &str) = "{when}: {what}" | "{when}: {what}";
    report_more_changes(n: &str) = "And earlier ones: {n}." | "И более ранних: {n}.";
    report_tokens_open(n: &str) = "Working: {n}." | "Действует: {n}.";
    report_confirmed(address: &str) = "{address}, confirmed" | "{address}, подтверждён";
    report_unconfirmed(address: &str) = "{address}, not confirmed" | "{address}, не подтверждён";
    report_signs_in_with(login: &str) = "{login}, a login" | "{login}, логин";

    report_came_in_count(n: &str) = "Have come in: {n}" | "Уже вошли: {n}";
    report_active_count(n: &str) = "Signed in within 30 days: {n}" | "Входили за 30 дней: {n}";
    report_away_count(n: &str) = "Not here for 90 days or more: {n}" | "Не были 90 дней и дольше: {n}";
    report_failing_count(n: &str) = "With failed attempts since the last sign-in: {n}" | "С неудачными попытками после входа: {n}";
    report_sessions_count(n: &str) = "Open sessions: {n}" | "Открытых сеансов: {n}";
    report_temporary_count(n: &str) = "With a temporary password: {n}" | "С временным паролем: {n}";
    report_tokens_count(n: &str) = "API tokens: {n}" | "Токенов API: {n}";
    report_unconfirmed_count(n: &str) = "With an address that is not confirmed: {n}" | "С неподтверждённым адресом: {n}";
    report_changes_count(n: &str) = "Changes of rights and access in 90 days: {n}" | "Изменений прав и доступа за 90 дней: {n}";

    finding_never_changed = "The temporary password was never changed." | "Временный пароль так и не сменили.";
    finding_never_changed_over = "The temporary password was never changed, and its time is over." | "Временный пароль так и не сменили, и срок его истёк.";
    finding_away(days: &str) = "Has not signed in for {days}." | "Не было входа {days}.";
    finding_away_may(days: &str, power: &str) = "Has not signed in for {days} and may {power}." | "Не было входа {days}, а право {power} есть.";
    finding_away_token(days: &str) = "Has an API token and has not signed in for {days}." | "Есть токен API, а входа не было {days}.";
    finding_sessions(n: &str) = "Open sessions: {n}." | "Открытых сеансов: {n}.";
    finding_unconfirmed = "The address is not confirmed." | "Адрес не подтверждён.";
    power_settings = "change the settings" | "менять настройки";
    power_roles = "give roles" | "назначать роли";
    power_invite = "invite" | "приглашать";

    mail_report_preheader(n: &str) = "What calls for a look: {n}." | "Замечаний: {n}.";
    mail_report_button = "Open it in Usher" | "Открыть в Usher";
    mail_report_ignore = "You asked for this report. It holds no passwords and no keys; what it says was true when it left."
        | "Этот отчёт запрошен вами. Паролей и ключей в нём нет; сведения верны на момент отправки.";
}

impl Language {
    /// Something that calls for a look, as a sentence.
    pub fn finding(self, finding: Concern) -> String {
        match finding {
            Concern::Failures(n) => self.failed_attempts(n),
            Concern::NeverChanged { is_over: false } => self.finding_never_changed().into(),
            Concern::NeverChanged { is_over: true } => self.finding_never_changed_over().into(),
            Concern::Away { days, power: None } => self.finding_away(&self.days(days)),
            Concern::Away { days, power: Some(power) } => self.finding_away_may(&self.days(days), self.power(power)),
            Concern::AwayWithToken { days } => self.finding_away_token(&self.days(days)),
            Concern::ManySessions(n) => self.finding_sessions(&self.figure(n)),
            Concern::Unconfirmed => self.finding_unconfirmed().into(),
        }
    }

    fn power(self, power: Influence) -> &'static str {
        match power {
            Influence::ChangeSettings => self.power_settings(),
            Influence::GiveRoles => self.power_roles(),
            Influence::Invite => self.power_invite(),
        }
    }

    fn failed_attempts(self, n: i64) -> String {
        let figure = self.figure(n);
        let count = usize::try_from(n).unwrap_or_default();
        match self {
            Self::English if n == 1 => "1 failed attempt since the last sign-in.".into(),
            Self::English => format!("{figure} failed attempts since the last sign-in."),
            Self::Russian => {
                let forms = ["неудачная попытка", "неудачные попытки", "неудачных попыток"];
                format!("{figure} {} после последнего входа.", russian(count, forms))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Language::{English, Russian};
    use crate::domain::security_report::{Concern, Influence};

    #[test]
    fn findings_are_plain_sentences() {
        let away = Concern::Away { days: 214, power: Some(Influence::Invite) };
        assert_eq!(English.finding(away), "Has not signed in for 214 days and may invite.");
        assert_eq!(Russian.finding(away), "Не было входа 214 дней, а право приглашать есть.");
        assert_eq!(English.finding(Concern::Failures(3)), "3 failed attempts since the last sign-in.");
        assert_eq!(Russian.finding(Concern::Failures(3)), "3 неудачные попытки после последнего входа.");
    }
}
