//! The words of the pages on which letters are written and looked at before they leave.

use super::Language;
use crate::domain::mail_text::{MailTextKind, TextPart, TextProblem, Variable};

words! {
    texts_title = "Texts" | "Тексты";
    texts_lead = "What messages say in your own words. The link, its end, personal messages and the advice to whoever did not expect it always stand."
        | "Что сообщения говорят вашими словами. Ссылка, её срок, личное сообщение и совет тем, кто не ждал письма, остаются всегда.";
    texts_kinds = "Which message" | "Какое сообщение";
    texts_reminder = "Reminder" | "Напоминание";
    texts_reset = "New password" | "Новый пароль";
    texts_notice = "Notice to inviters" | "Уведомление пригласившим";
    text_sms = "Text message (SMS)" | "Текст SMS";
    text_sms_hint(most: usize) = "For whoever is written to at a number. The link stands behind it; at most {most} characters. Leave it empty for our words."
        | "Для тех, кому пишут на номер. Ссылка добавляется в конце; не больше {most} знаков. Оставьте пустым, чтобы стояли наши слова.";
    text_part_sms = "text message" | "текст SMS";
    texts_versions = "Versions" | "Версии";
    texts_no_versions = "Nothing was saved yet: our words stand." | "Пока ничего не сохранено: стоят наши слова.";
    texts_version(when: &str, who: &str) = "{when}, {who}" | "{when}, {who}";
    texts_version_stands = "stands now" | "стоит сейчас";
    texts_version_ours = "our words" | "наши слова";
    insert(variable: &str) = "Insert {variable}" | "Вставить {variable}";
    texts_bring_back = "Bring back" | "Вернуть";
    text_elsewhere(variable: &str, all: &str) = "{variable} stands for nothing in this message. These do: {all}"
        | "В этом сообщении {variable} ничего не означает. Здесь есть: {all}";
    preview_sms = "As a text message" | "В виде SMS";
    preview_sample_person = "Ivan Petrov (ivan@example.com): No such mailbox" | "Иван Петров (ivan@example.com): нет такого ящика";
    texts_link = "Words of the invitation e-mail" | "Слова письма с приглашением";
    texts_languages = "Language of the e-mail" | "Язык письма";
    texts_invitation = "Invitation e-mail" | "Письмо с приглашением";
    text_subject = "Subject" | "Тема";
    text_lead = "Opening" | "Начало письма";
    text_button = "Words on the button" | "Надпись на кнопке";
    text_short_hint(most: usize) = "At most {most} characters. Leave it empty for our words."
        | "Не больше {most} знаков. Оставьте пустым, чтобы стояли наши слова.";
    text_lead_hint(most: usize) = "Each line becomes a paragraph; plain text, at most {most} characters. Leave it empty for our words."
        | "Каждая строка — отдельный абзац; простой текст, не больше {most} знаков. Оставьте пустым, чтобы стояли наши слова.";
    text_part_subject = "subject" | "тема";
    text_part_lead = "opening" | "начало";
    text_part_button = "button" | "кнопка";
    text_ours = "our words" | "наши слова";
    texts_variables = "Variables" | "Переменные";
    texts_variables_hint = "Written like this, each is replaced in every e-mail by what it stands for."
        | "В каждом письме вместо такой записи будет то, что она означает.";
    variable_inviter = "Who invites; in the opening with the e-mail address" | "Кто приглашает; в начале письма — с адресом почты";
    variable_organisation = "The company, and the unit where it is a smaller one" | "Компания и подразделение, если приглашают в него";
    variable_unit = "The unit alone" | "Только подразделение";
    variable_role = "The role that is offered" | "Предлагаемая роль";
    variable_until = "Until when the link works" | "До какого времени действует ссылка";
    variable_name = "Who is invited; the address where no name is known" | "Кого приглашают; адрес, если имя неизвестно";
    variable_address = "The address that the message goes to" | "Адрес, на который уходит сообщение";
    texts_restore = "Restore our words" | "Вернуть наши слова";
    texts_saved = "Saved. Every invitation that leaves from now on says it so."
        | "Сохранено. Так будет во всех приглашениях, которые уйдут с этого момента.";
    texts_restored = "Our words stand again." | "Снова стоят наши слова.";
    text_part_too_long(part: &str, characters: usize, most: usize) = "The {part} is {characters} characters long; at most {most} fit. Shorten it."
        | "Слишком длинно ({part}): {characters} знаков при наибольших {most}. Сократите текст.";
    text_unclosed(part: &str) = "Somewhere in the {part}, {{{{ is not closed. Write a variable like {{{{role}}}}."
        | "Не закрыты скобки {{{{ ({part}). Переменная пишется так: {{{{role}}}}.";
    text_unknown(typed: &str, meant: &str) = "There is no variable {{{{{typed}}}}}. Did you mean {meant}?"
        | "Переменной {{{{{typed}}}}} нет. Возможно, имелось в виду {meant}?";
    text_unknown_at_all(typed: &str, all: &str) = "There is no variable {{{{{typed}}}}}. These exist: {all}"
        | "Переменной {{{{{typed}}}}} нет. Есть такие: {all}";
    text_miswritten(typed: &str, meant: &str) = "“{typed}” would stand in every e-mail as it is. A variable has two braces on each side: {meant}"
        | "«{typed}» осталось бы в письмах как есть. Переменную пишут в двойных фигурных скобках: {meant}";

    preview_email = "Preview e-mail" | "Посмотреть письмо";
    preview_and_test = "Preview and test" | "Посмотреть и проверить";
    preview_hint = "The e-mail to the first address, with everything as it stands in this form. Nothing is sent."
        | "Письмо на первый адрес — со всем, что сейчас стоит в форме. Ничего не отправляется.";
    preview_text_hint = "With the words as they stand above, saved or not, as if you invited yourself."
        | "Со словами, которые стоят выше, — сохранены они или нет, — как если бы вы приглашали себя.";
    preview_show = "Show as it stands now" | "Показать, что получилось";
    preview_window = "Preview of the e-mail" | "Письмо перед отправкой";
    preview_nothing_sent = "Only a preview: nothing was sent, and its button leads nowhere."
        | "Это только просмотр: ничего не отправлено, кнопка никуда не ведёт.";
    preview_reply_to = "Replies to" | "Ответы";
    preview_look = "Look" | "Вид";
    preview_desktop = "Desktop" | "Компьютер";
    preview_phone = "Phone" | "Телефон";
    preview_dark = "Dark" | "Тёмная тема";
    preview_text = "Text" | "Текст";
    preview_letter(look: &str) = "The e-mail: {look}" | "Письмо: {look}";
    preview_test_ignore = "This is a test: nobody is invited, and the button leads only to the front page."
        | "Это проверка: никто не приглашён, кнопка ведёт только на главную страницу.";
}

impl Language {
    /// What a part of a letter is called in a sentence.
    pub fn text_part(self, part: TextPart) -> &'static str {
        match part {
            TextPart::Subject => self.text_part_subject(),
            TextPart::Lead => self.text_part_lead(),
            TextPart::Button => self.text_part_button(),
            TextPart::Sms => self.text_part_sms(),
        }
    }

    /// What a kind of message is called.
    pub fn text_kind(self, kind: MailTextKind) -> &'static str {
        match kind {
            MailTextKind::Invitation => self.texts_invitation(),
            MailTextKind::Reminder => self.texts_reminder(),
            MailTextKind::Reset => self.texts_reset(),
            MailTextKind::Notice => self.texts_notice(),
        }
    }

    /// What a variable stands for.
    pub fn variable(self, variable: Variable) -> &'static str {
        match variable {
            Variable::Inviter => self.variable_inviter(),
            Variable::Organisation => self.variable_organisation(),
            Variable::Unit => self.variable_unit(),
            Variable::Role => self.variable_role(),
            Variable::Until => self.variable_until(),
            Variable::Name => self.variable_name(),
            Variable::Address => self.variable_address(),
        }
    }

    /// Why the words of a letter cannot be taken, and how they could.
    pub fn mail_text_problem(self, part: TextPart, problem: &TextProblem) -> String {
        match problem {
            TextProblem::TooLong { characters } => {
                self.text_part_too_long(self.text_part(part), *characters, part.limit())
            }
            TextProblem::Unclosed => self.text_unclosed(self.text_part(part)),
            TextProblem::Unknown { typed, nearest: Some(meant) } => self.text_unknown(typed, &meant.in_braces()),
            TextProblem::Unknown { typed, nearest: None } => self.text_unknown_at_all(typed, &all_in_braces()),
            TextProblem::Elsewhere { variable, kind } => {
                let all: Vec<String> = kind.variables().iter().map(|known| known.in_braces()).collect();
                self.text_elsewhere(&variable.in_braces(), &all.join(", "))
            }
            TextProblem::Miswritten { typed, meant } => {
                self.text_miswritten(typed, &meant.map_or_else(all_in_braces, Variable::in_braces))
            }
        }
    }
}

fn all_in_braces() -> String {
    Variable::ALL.map(Variable::in_braces).join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn braces_are_said_as_they_are_typed() {
        let typed = TextProblem::Unknown { typed: "inviterr".into(), nearest: Some(Variable::Inviter) };
        let said = Language::English.mail_text_problem(TextPart::Lead, &typed);
        assert_eq!(said, "There is no variable {{inviterr}}. Did you mean {{inviter}}?");
        let typed = TextProblem::Miswritten { typed: "{name}".into(), meant: Some(Variable::Name) };
        let said = Language::English.mail_text_problem(TextPart::Lead, &typed);
        assert!(said.starts_with("“{name}” would stand") && said.ends_with(": {{name}}"), "{said}");
        let said = Language::Russian.mail_text_problem(TextPart::Subject, &TextProblem::Unclosed);
        assert_eq!(said, "Не закрыты скобки {{ (тема). Переменная пишется так: {{role}}.");
    }
}
