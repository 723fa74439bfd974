//! The words of the settings: what each is called, what it means, and what it holds.

use super::Language;
use crate::domain::settings::{Setting, SettingKind, SettingsPart};
use crate::domain::validity;

words! {
    setting_plans_shifts = "Plan shifts" | "Планировать смены";
    settings_plans_shifts_hint = "Who works when, in a section of its own. Without it nothing on the pages speaks of shifts; those that are planned stay stored."
        | "Кто когда работает, в отдельном разделе. Без этого о сменах нигде не говорится; уже запланированные сохраняются.";
    setting_archives_people = "People who leave can be archived" | "Ушедших можно отправлять в архив";
    settings_archives_people_hint = "They no longer have access, everything about them stays, and they can be brought back with their role and units. Without it their access is taken away, or they are deleted; whoever is archived already can still be brought back."
        | "Доступа больше нет, все данные остаются, и человека можно вернуть с прежней ролью и подразделениями. Без этого доступ закрывают или удаляют; тех, кто уже в архиве, по-прежнему можно вернуть.";
    setting_bin_days = "Days in which deleted people can be brought back" | "Сколько дней удалённых можно вернуть";
    settings_bin_days_hint = "They stand under Archived meanwhile, and are erased after that. With 0 they are erased at once; 365 is the most. Whoever is deleted already keeps their day."
        | "Всё это время они в архиве, потом данные стираются. 0 — стирать сразу; не больше 365. У уже удалённых день не меняется.";
    settings_empty = "(empty)" | "(пусто)";
    setting_unit_level = "To which units people are invited" | "Куда приглашают";
    unit_level_any = "Any" | "В любое";
    unit_level_any_meaning = "A company itself counts as a unit, too." | "Сама компания тоже считается.";
    unit_level_below = "Below the company" | "Внутри компании";
    unit_level_below_meaning = "Everybody gets a team, a branch or a client of their own: an invitation to the company alone is refused."
        | "Каждый получает команду, филиал или клиента; пригласить просто в компанию нельзя.";
    setting_units_at_most = "Units of one invitation at most" | "Подразделений в одном приглашении, не больше";
    settings_units_at_most_hint = "With 1 everybody is invited to one unit only; 0 sets no bound." | "1 — только в одно подразделение; 0 — без ограничения.";
    setting_signs_in_by = "People sign in by" | "Вход по";
    signs_in_by_email = "E-mail address" | "Адресу почты";
    signs_in_by_email_or_phone = "E-mail address or phone" | "Адресу почты или телефону";
    signs_in_by_email_or_login = "E-mail address or login" | "Адресу почты или логину";
    signs_in_by_any = "Any of the three" | "Любому из трёх";
    signs_in_by_meaning = "Whoever has no e-mail address signs in by what there is." | "У кого нет адреса почты, входит по тому, что есть.";
    setting_calling_code = "Country code of numbers without one" | "Код страны для номеров без кода";
    settings_calling_code_hint = "For example +375. Whoever types 29 123-45-67 is offered +375 29 123-45-67; nothing is changed unasked."
        | "Например, +375. Кто введёт 29 123-45-67, тому предложат +375 29 123-45-67; без согласия ничего не меняется.";
    settings_unsaved = "Not kept yet: press Save" | "Ещё не сохранено";
    setting_preset = "Kind of organisation" | "Вид организации";
    settings_parts = "On this page" | "На этой странице";
    settings_preset = "Kind of organisation" | "Вид организации";
    settings_preset_other = "Another kind" | "Другой вид";
    settings_preset_hint = "First you see what would change. Nothing changes before you say so."
        | "Сначала вы увидите, что изменится. Без вашего подтверждения ничего не меняется.";
    settings_preset_look = "Show what would change" | "Показать, что изменится";
    preset_would(name: &str) = "As “{name}” this would change" | "С видом «{name}» изменится";
    preset_words_change = "The words for statuses and units, here and in messages." | "Слова для статусов и подразделений, здесь и в сообщениях.";
    preset_stays = "People, units, roles, texts and sent invitations stay as they are." | "Люди, подразделения, роли, тексты и отправленные приглашения останутся как есть.";
    preset_unasked = "Organisations of this kind usually have people agree to the following. Nobody is asked before you read the text and turn it on:"
        | "В организациях такого вида люди обычно принимают следующее. Никого не спросят, пока вы не прочтёте текст и не включите его:";
    preset_change = "Change the kind" | "Сменить вид";
    preset_changed(name: &str) = "The organisation is set up as “{name}” now." | "Теперь вид организации — «{name}».";
    setting_organisation_name = "Name of the organisation" | "Название организации";
    settings_organisation_hint = "Invitations and pages carry this name." | "Это имя стоит в приглашениях и на страницах.";
    setting_organisation = "Organisation" | "Организация";
    setting_language = "Language" | "Язык";
    settings_language_hint = "For people who have not chosen a language yet." | "Для тех, кто ещё не выбрал язык.";
    setting_zone = "Time zone" | "Часовой пояс";
    settings_zone_hint = "Dates use this time zone, like Europe/Minsk." | "В нём указывается время. Пример: Europe/Minsk.";
    setting_support = "Support contact" | "Контакт поддержки";
    settings_support_hint = "Whom people ask when their link no longer works: an address, a phone number, a room. May stay empty."
        | "К кому обращаться, если ссылка не работает: адрес, телефон, кабинет. Можно не заполнять.";
    setting_validity = "How long a link works" | "Срок действия ссылки";
    settings_validity_hint = "Invitations that are on their way keep their end." | "У отправленных приглашений срок не меняется.";
    settings_other_length = "Another length" | "Другой срок";
    other_length = "Another length" | "Другой срок";
    length_hint = "A number with m, h or d: 45m, 36h, 10d. From 10m to 90d." | "Число с буквой: 45м, 36ч, 10д. От 10м до 90д.";
    setting_hold = "Seconds before new invitations leave" | "Секунды до отправки новых приглашений";
    settings_hold_hint = "Delay before new invitations are sent, while you can still take them back. 0 sends at once; 600 is the most."
        | "Столько новые приглашения ждут, и их можно вернуть. 0 — уходят сразу; не больше 600.";
    setting_letters_a_day = "Messages one person may send in a day" | "Сообщений от одного человека в день";
    settings_letters_a_day_hint = "Invitations, resends and reset links together. One address never gets more than 5 messages an hour and 10 a day." | "Приглашения, повторы и ссылки для сброса вместе. На один адрес уходит не больше 5 писем в час и 10 в день.";
    setting_unit_field = "Units in the invite form" | "Подразделения в форме приглашения";
    unit_field_off = "Not asked" | "Не спрашивать";
    unit_field_off_meaning = "Everybody comes into the first unit of whoever invites, or into the one from whose page the form was opened."
        | "Все попадают в первое подразделение пригласившего или в то, со страницы которого открыта форма.";
    unit_field_optional = "May be chosen" | "Можно выбрать";
    unit_field_optional_meaning = "The first unit of whoever invites is proposed, and stands where nobody chooses."
        | "Предлагается первое подразделение пригласившего; без выбора остаётся оно.";
    unit_field_required = "Must be chosen" | "Нужно выбрать";
    unit_field_required_meaning = "At least one, chosen by hand: nobody comes into a unit by oversight."
        | "Хотя бы одно, выбранное вручную: никто не попадёт в подразделение по недосмотру.";
    setting_invites_by = "How people are invited" | "Как приглашают";
    invites_by_email = "Confirm only by e-mail" | "Подтверждение только по почте";
    invites_by_email_meaning = "Nobody is invited by a telephone number."
        | "По номеру телефона никого не приглашают.";
    invites_by_either = "E-mail first" | "Сначала почта";
    invites_by_either_meaning = "Whoever has no e-mail address in the list is invited by SMS. A number beside an address is only kept."
        | "Тем, у кого в списке нет адреса почты, приглашение приходит по SMS. Номер рядом с адресом только сохраняется.";
    invites_by_both = "Both" | "Оба способа";
    invites_by_both_meaning = "Whoever has an address and a number gets an e-mail and an SMS, each with a link of its own. One acceptance closes both."
        | "Тем, у кого есть адрес и номер, приходят письмо и SMS, у каждого своя ссылка. Принять достаточно одно.";
    invites_by_sms_first = "SMS first" | "Сначала SMS";
    invites_by_sms_first_meaning = "Whoever has no number in the list is invited by e-mail. An address beside a number is only kept."
        | "Тем, у кого в списке нет номера, приглашение приходит по почте. Адрес рядом с номером только сохраняется.";
    setting_fails_over = "By SMS when an e-mail does not arrive" | "По SMS, если письмо не доходит";
    settings_fails_over_hint = "Once it came back or was refused for good, and where a number is known. Whoever invited is told."
        | "Если письмо вернулось или окончательно отклонено и известен номер. Пригласившие узнают об этом.";
    setting_resends = "When an invitation is sent again" | "Когда приглашение отправляется снова";
    resends_rotate = "A new link" | "Новая ссылка";
    resends_rotate_meaning = "The old link stops working, and says that a newer one was sent. The safer way."
        | "Прежняя ссылка перестаёт действовать и сообщает, что есть более новая. Более надёжный способ.";
    resends_extend = "The same link" | "Та же ссылка";
    resends_extend_meaning = "It works on, with a new end. What was withdrawn gets a new one."
        | "Она действует дальше, до нового срока. Вместо отозванной отправляется новая.";
    setting_carries = "What an invitation carries" | "Что содержит приглашение";
    carries_link = "A link" | "Ссылку";
    carries_link_meaning = "Whoever opens it sets a password. The safer way." | "По ней задаётся пароль. Более надёжный способ.";
    carries_credentials = "User name and one-time password" | "Имя пользователя и одноразовый пароль";
    carries_credentials_meaning = "The weaker way: whoever reads the message can come in with it. The password works for 72 hours at most and is changed at the first sign-in."
        | "Менее надёжный способ: войти сможет любой, кто прочтёт сообщение. Пароль действует не дольше 72 часов и меняется при первом входе.";
    setting_adds_people = "People can be added without inviting them" | "Людей можно добавлять без приглашения";
    settings_adds_people_hint = "They stand in the table as Not invited, and are invited later. An imported list is then added without inviting unless somebody ticks the box."
        | "В таблице у них статус «Без приглашения», пригласить можно позже. Импортированный список тогда добавляется без приглашений, если не отмечено обратное.";
    setting_batch_policy = "When some rows of an imported list are bad" | "Если в импортируемом списке есть строки с ошибками";
    batch_skip = "Skip bad rows" | "Пропускать строки с ошибками";
    batch_skip_meaning = "The other people are taken; these rows stay, with their reasons."
        | "Остальные люди будут добавлены, а эти строки останутся с указанием причины.";
    batch_all = "All or nothing" | "Всё или ничего";
    batch_all_meaning = "Nobody is taken as long as one row has an error." | "Никто не будет добавлен, пока есть хотя бы одна строка с ошибкой.";
    setting_hands_over = "Add people without an e-mail address with a login" | "Добавлять людей без почты по логину";
    settings_hands_over_hint = "The administrator hands over the login and a temporary password. Such people use the page for phones (/m) only."
        | "Администратор передаёт логин и временный пароль. Таким людям доступна только страница для телефона (/m).";
    setting_remind = "Remind before the link ends" | "Напоминать до окончания срока";
    settings_remind_hint = "Once, in working hours, to whoever has not come in. No reminder follows an invitation that works for a shorter time."
        | "Один раз, в рабочее время, тем, кто ещё не принял приглашение. О коротких приглашениях не напоминаем.";
    remind_never = "Never" | "Никогда";
    setting_checks_domains = "Check whether the domain of an invited address can receive e-mail"
        | "Проверять, принимает ли почту домен приглашаемого адреса";
    settings_checks_domains_hint = "Asks the domain name system; your organisation's name server learns which domains you invite. It only warns: whoever invites may send anyway."
        | "Запрашивает систему доменных имён; сервер имён вашей организации узнаёт, какие домены вы приглашаете. Это только предупреждение: отправить приглашение всё равно можно.";
    setting_password = "Password rules" | "Правила пароля";
    settings_min_length = "Minimum length of passwords" | "Минимальная длина пароля";
    settings_min_length_hint = "Between 8 and 64 characters; 12 is a good choice." | "От 8 до 64 знаков; 12 — хороший выбор.";
    settings_classes = "Passwords must contain capital and small letters, digits and other characters"
        | "В пароле должны быть заглавные и строчные буквы, цифры и другие знаки";
    settings_classes_hint = "Leave this off unless a rule obliges you: people answer it with passwords like Password1!, which are easy to guess. Length and the check against common passwords protect better."
        | "Включайте, только если этого требуют правила: в ответ люди выбирают пароли вроде Password1!, которые легко угадать. Длина и проверка по списку частых паролей защищают лучше.";
    setting_repeats_password = "Ask for a new password twice" | "Спрашивать новый пароль дважды";
    settings_repeats_hint = "A slip is noticed before it is too late." | "Опечатка обнаружится сразу.";
    settings_names = "Names" | "Имена";
    setting_name_policy = "Who may change a name" | "Кто меняет имя";
    settings_name_by_user = "Administrators, until the person has entered a name" | "Администраторы, пока человек не указал имя сам";
    settings_name_by_user_hint = "The person's own entry is never overwritten." | "То, что человек указал сам, не перезаписывается.";
    settings_name_by_all = "The person and administrators" | "Сам человек и администраторы";
    settings_name_by_all_hint = "Administrators may also overwrite what the person entered."
        | "Администраторы могут изменить и то, что человек указал сам.";
    settings_name_by_person = "Only the person" | "Только сам человек";
    settings_name_by_person_hint = "Administrators cannot change names." | "Администраторы не могут менять имена.";
    setting_name_fields = "Name at registration and in one's own profile" | "Имя при регистрации и в своём профиле";
    name_fields_one = "One field" | "Одно поле";
    name_fields_two = "First and last name apart" | "Имя и фамилия отдельно";
    setting_phone_field = "Telephone number at registration" | "Телефон при регистрации";
    phone_field_off = "Not asked" | "Не спрашивать";
    phone_field_optional = "May be given" | "По желанию";
    phone_field_required = "Must be given" | "Обязательно";
    setting_registration = "What the page of an invitation asks" | "Что спрашивает страница приглашения";
    settings_yes = "Yes" | "Да";
    settings_no = "No" | "Нет";
}

impl Language {
    pub fn settings_part(self, part: SettingsPart) -> &'static str {
        match part {
            SettingsPart::Organisation => self.setting_organisation(),
            SettingsPart::Invitations => self.invitations(),
            SettingsPart::Passwords => self.setting_password(),
            SettingsPart::Names => self.settings_names(),
        }
    }

    /// What a setting is called.
    pub fn setting(self, setting: Setting) -> &'static str {
        match setting {
            Setting::Organisation => self.setting_organisation_name(),
            Setting::Language => self.setting_language(),
            Setting::Zone => self.setting_zone(),
            Setting::SupportContact => self.setting_support(),
            Setting::PlansShifts => self.setting_plans_shifts(),
            Setting::ArchivesPeople => self.setting_archives_people(),
            Setting::BinDays => self.setting_bin_days(),
            Setting::ValidFor => self.setting_validity(),
            Setting::Hold => self.setting_hold(),
            Setting::LettersADay => self.setting_letters_a_day(),
            Setting::UnitField => self.setting_unit_field(),
            Setting::UnitLevel => self.setting_unit_level(),
            Setting::UnitsAtMost => self.setting_units_at_most(),
            Setting::InvitesBy => self.setting_invites_by(),
            Setting::CallingCode => self.setting_calling_code(),
            Setting::FailsOver => self.setting_fails_over(),
            Setting::Resends => self.setting_resends(),
            Setting::Carries => self.setting_carries(),
            Setting::AddsPeople => self.setting_adds_people(),
            Setting::BatchPolicy => self.setting_batch_policy(),
            Setting::HandsOver => self.setting_hands_over(),
            Setting::RemindBefore => self.setting_remind(),
            Setting::ChecksDomains => self.setting_checks_domains(),
            Setting::SignsInBy => self.setting_signs_in_by(),
            Setting::MinLength => self.settings_min_length(),
            Setting::Classes => self.settings_classes(),
            Setting::RepeatsPassword => self.setting_repeats_password(),
            Setting::NamePolicy => self.setting_name_policy(),
            Setting::NameFields => self.setting_name_fields(),
            Setting::PhoneField => self.setting_phone_field(),
        }
    }

    /// What should be known about a setting; empty where its choices say it.
    pub fn setting_hint(self, setting: Setting) -> &'static str {
        match setting {
            Setting::Organisation => self.settings_organisation_hint(),
            Setting::Language => self.settings_language_hint(),
            Setting::Zone => self.settings_zone_hint(),
            Setting::SupportContact => self.settings_support_hint(),
            Setting::PlansShifts => self.settings_plans_shifts_hint(),
            Setting::ArchivesPeople => self.settings_archives_people_hint(),
            Setting::BinDays => self.settings_bin_days_hint(),
            Setting::ValidFor => self.settings_validity_hint(),
            Setting::Hold => self.settings_hold_hint(),
            Setting::LettersADay => self.settings_letters_a_day_hint(),
            Setting::UnitsAtMost => self.settings_units_at_most_hint(),
            Setting::CallingCode => self.settings_calling_code_hint(),
            Setting::FailsOver => self.settings_fails_over_hint(),
            Setting::AddsPeople => self.settings_adds_people_hint(),
            Setting::HandsOver => self.settings_hands_over_hint(),
            Setting::RemindBefore => self.settings_remind_hint(),
            Setting::ChecksDomains => self.settings_checks_domains_hint(),
            Setting::MinLength => self.settings_min_length_hint(),
            Setting::Classes => self.settings_classes_hint(),
            Setting::RepeatsPassword => self.settings_repeats_hint(),
            Setting::SignsInBy => self.signs_in_by_meaning(),
            Setting::UnitField
            | Setting::UnitLevel
            | Setting::InvitesBy
            | Setting::Resends
            | Setting::Carries
            | Setting::BatchPolicy
            | Setting::NamePolicy
            | Setting::NameFields
            | Setting::PhoneField => "",
        }
    }

    /// What one of a setting's choices is called, and what it means.
    fn setting_choice(self, setting: Setting, code: &str) -> Option<(&'static str, &'static str)> {
        Some(match (setting, code) {
            (Setting::UnitField, "optional") => (self.unit_field_optional(), self.unit_field_optional_meaning()),
            (Setting::UnitField, "required") => (self.unit_field_required(), self.unit_field_required_meaning()),
            (Setting::UnitField, "off") => (self.unit_field_off(), self.unit_field_off_meaning()),
            (Setting::SignsInBy, "email") => (self.signs_in_by_email(), ""),
            (Setting::SignsInBy, "email_or_phone") => (self.signs_in_by_email_or_phone(), ""),
            (Setting::SignsInBy, "email_or_login") => (self.signs_in_by_email_or_login(), ""),
            (Setting::SignsInBy, "any") => (self.signs_in_by_any(), ""),
            (Setting::UnitLevel, "any") => (self.unit_level_any(), self.unit_level_any_meaning()),
            (Setting::UnitLevel, "below") => (self.unit_level_below(), self.unit_level_below_meaning()),
            (Setting::InvitesBy, "email") => (self.invites_by_email(), self.invites_by_email_meaning()),
            (Setting::InvitesBy, "email_or_sms") => (self.invites_by_either(), self.invites_by_either_meaning()),
            (Setting::InvitesBy, "both") => (self.invites_by_both(), self.invites_by_both_meaning()),
            (Setting::InvitesBy, "sms_or_email") => (self.invites_by_sms_first(), self.invites_by_sms_first_meaning()),
            (Setting::Resends, "rotate") => (self.resends_rotate(), self.resends_rotate_meaning()),
            (Setting::Resends, "extend") => (self.resends_extend(), self.resends_extend_meaning()),
            (Setting::Carries, "link") => (self.carries_link(), self.carries_link_meaning()),
            (Setting::Carries, "credentials") => (self.carries_credentials(), self.carries_credentials_meaning()),
            (Setting::BatchPolicy, "skip") => (self.batch_skip(), self.batch_skip_meaning()),
            (Setting::BatchPolicy, "all") => (self.batch_all(), self.batch_all_meaning()),
            (Setting::NamePolicy, "user-wins") => (self.settings_name_by_user(), self.settings_name_by_user_hint()),
            (Setting::NamePolicy, "admin") => (self.settings_name_by_all(), self.settings_name_by_all_hint()),
            (Setting::NamePolicy, "user-only") => (self.settings_name_by_person(), self.settings_name_by_person_hint()),
            (Setting::NameFields, "one") => (self.name_fields_one(), ""),
            (Setting::NameFields, "first_and_last") => (self.name_fields_two(), ""),
            (Setting::PhoneField, "optional") => (self.phone_field_optional(), ""),
            (Setting::PhoneField, "required") => (self.phone_field_required(), ""),
            (Setting::PhoneField, "off") => (self.phone_field_off(), ""),
            (Setting::RemindBefore, "0") => (self.remind_never(), ""),
            _ => return None,
        })
    }

    /// What a choice means; empty where its name says it.
    pub fn setting_meaning(self, setting: Setting, code: &str) -> &'static str {
        self.setting_choice(setting, code).map(|(_, meaning)| meaning).unwrap_or_default()
    }

    /// What a setting holds, in words.
    pub fn setting_value(self, setting: Setting, value: &str) -> String {
        if let Some((name, _)) = self.setting_choice(setting, value) {
            return name.into();
        }
        let number = value.parse().ok();
        match (setting.kind(), number) {
            (SettingKind::Line { .. }, _) if value.is_empty() => self.settings_empty().into(),
            (SettingKind::Tick, _) if value == "true" => self.settings_yes().into(),
            (SettingKind::Tick, _) => self.settings_no().into(),
            (SettingKind::Language, _) => match Self::from_code(value) {
                Some(language) => language.own_name().into(),
                None => value.into(),
            },
            (SettingKind::Length, _) => validity::read(value).map_or_else(|_| value.into(), |length| self.span(length)),
            (_, Some(days)) if setting == Setting::RemindBefore => self.days(days),
            (_, Some(seconds)) if setting == Setting::Hold => self.seconds_short(seconds),
            _ => value.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::preset::PRESETS;

    #[test]
    fn every_setting_and_every_choice_has_words_in_each_language() {
        for language in Language::ALL {
            for setting in Setting::ALL {
                assert!(!language.setting(setting).is_empty(), "{setting:?}");
                let SettingKind::OneOf(codes) = setting.kind() else { continue };
                for code in codes {
                    assert_ne!(language.setting_value(setting, code), *code, "{setting:?} {code}");
                }
            }
        }
    }

    #[test]
    fn what_a_setting_holds_is_said_in_words() {
        let english = Language::English;
        let said = |setting, value| english.setting_value(setting, value);
        assert_eq!(said(Setting::ValidFor, "3d"), "3 days");
        assert_eq!(said(Setting::RemindBefore, "0"), "Never");
        assert_eq!(said(Setting::RemindBefore, "2"), "2 days");
        assert_eq!(said(Setting::Classes, "true"), "Yes");
        assert_eq!(said(Setting::Language, "ru"), "Русский");
        for preset in PRESETS {
            for setting in Setting::ALL {
                assert!(!english.setting_value(setting, &setting.read(&preset.settings())).is_empty(), "{setting:?}");
            }
        }
    }
}
