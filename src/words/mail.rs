//! The sentences of the messages that leave the house, and of what became of them.

use super::Language;
use crate::domain::contact::Channel;
use crate::domain::message::outcome::DeliveryReason;

words! {
    mail_hello = "Hello," | "Здравствуйте!";
    mail_hello_to(name: &str) = "Hello {name}," | "Здравствуйте, {name}!";
    mail_link_alone = "If the button does not work, open this address:"
        | "Если кнопка не работает, откройте этот адрес:";
    mail_questions(contact: &str) = "Questions? {contact}" | "Есть вопросы? {contact}";

    mail_invitation_subject(inviter: &str, organisation: &str) = "{inviter} invites you to {organisation}"
        | "{inviter} приглашает вас в «{organisation}»";
    mail_invitation_subject_alone(organisation: &str) = "You are invited to {organisation}"
        | "Вас приглашают в «{organisation}»";
    mail_invitation_preheader(until: &str) = "Set your password and start. The link works until {until}."
        | "Задайте пароль и начинайте. Ссылка действует до {until}.";
    mail_invitation_lead(inviter: &str, organisation: &str, role: &str) =
        "{inviter} invites you to {organisation} as {role}."
        | "{inviter} приглашает вас в «{organisation}» в роли «{role}».";
    mail_invitation_also(organisation: &str, role: &str) = "You are also invited to {organisation} as {role}."
        | "Вас также приглашают в «{organisation}» в роли «{role}».";
    mail_invitation_lead_alone(organisation: &str, role: &str) = "You are invited to {organisation} as {role}."
        | "Вас приглашают в «{organisation}» в роли «{role}».";
    mail_invitation_quote(inviter: &str) = "{inviter} writes:" | "{inviter} пишет:";
    mail_invitation_button = "Accept invitation" | "Принять приглашение";
    mail_invitation_until(until: &str) = "The link works once, until {until}."
        | "Ссылка действует один раз, до {until}.";
    mail_invitation_ignore = "Not expecting this? Ignore this message: nothing will happen."
        | "Не ждали приглашения? Не обращайте внимания на это письмо: ничего не произойдёт.";
    mail_invitation_answer(inviter: &str) = "You can reply to this message: {inviter} will read it."
        | "На это письмо можно ответить: ответ получит {inviter}.";

    mail_invitation_not_for_me = "Not for you? Say so on the page of the link, and the invitation ends."
        | "Это не для вас? Сообщите об этом на странице по ссылке, и приглашение перестанет действовать.";
    mail_reminder_subject(organisation: &str) = "Reminder: your invitation to {organisation} ends soon"
        | "Напоминание: приглашение в «{organisation}» скоро закончится";
    mail_reminder_lead(organisation: &str, until: &str) = "You have not accepted your invitation to {organisation} yet. It works until {until}."
        | "Вы ещё не приняли приглашение в «{organisation}». Оно действует до {until}.";

    mail_notice_subject(organisation: &str) = "Some of your invitations to {organisation} did not lead to anybody" | "Не все ваши приглашения в «{organisation}» дошли";
    mail_notice_lead = "This is what became of people whom you invited:" | "Вот что стало с вашими приглашениями:";
    mail_notice_declined(who: &str) = "{who}: said that the invitation is not for them" | "{who}: приглашение отклонено";
    mail_notice_failed(who: &str, why: &str) = "{who}: {why}" | "{who}: {why}";
    mail_notice_by_sms(who: &str, why: &str) = "{who}: {why}; the invitation went by SMS instead" | "{who}: {why}; приглашение отправлено по SMS";
    mail_notice_by_mail(who: &str, why: &str) = "{who}: {why}; the e-mail was sent" | "{who}: {why}; письмо отправлено";
    mail_notice_more(n: &str) = "… and {n} more" | "… и ещё {n}";
    mail_notice_button = "Open invitations" | "Открыть приглашения";
    mail_notice_ignore = "Correct the address there, or hand over the link." | "Там можно исправить адрес или передать ссылку.";

    mail_back_subject(organisation: &str) = "You have access to {organisation} again" | "Вам снова открыт доступ в «{organisation}»";
    mail_back_lead(organisation: &str) = "You have access to {organisation} again, with the same password and the roles that you had."
        | "Вам снова открыт доступ в «{organisation}»: с прежним паролем и прежними ролями.";
    mail_back_ignore = "Not expecting this? Then there is nothing to do."
        | "Если вы этого не ждали, ничего делать не нужно.";

    mail_reset_subject(organisation: &str) = "Set a new password for {organisation}" | "Новый пароль для «{organisation}»";
    mail_reset_preheader(until: &str) = "The link works for 60 minutes, until {until}."
        | "Ссылка действует 60 минут, до {until}.";
    mail_reset_lead(address: &str, organisation: &str) =
        "Somebody, probably you or an administrator, asked for a new password for {address} at {organisation}."
        | "Кто-то, скорее всего вы или администратор, запросил новый пароль для {address} в «{organisation}».";
    mail_reset_button = "Set a new password" | "Задать новый пароль";
    mail_reset_until(until: &str) = "The link works once, for 60 minutes: until {until}."
        | "Ссылка действует один раз, 60 минут: до {until}.";
    mail_reset_ignore = "Not you? Ignore this message: your password stays as it is."
        | "Это не вы? Не обращайте внимания на это письмо: пароль останется прежним.";

    mail_confirm_subject(organisation: &str) = "Confirm your address for {organisation}" | "Подтвердите адрес для «{organisation}»";
    mail_confirm_lead(address: &str, organisation: &str) =
        "You came into {organisation} by a link that was handed over. Confirm that messages to {address} reach you."
        | "Вы вошли в «{organisation}» по переданной ссылке. Подтвердите, что письма на {address} до вас доходят.";
    mail_confirm_until(until: &str) = "The link works until {until}." | "Ссылка действует до {until}.";
    mail_confirm_ignore = "Not you? Ignore this message: the address stays unconfirmed."
        | "Это не вы? Не обращайте внимания на это письмо: адрес останется неподтверждённым.";

    mail_code_subject(organisation: &str) = "Your code for {organisation}" | "Ваш код для «{organisation}»";
    mail_code_lead(address: &str, organisation: &str) =
        "Somebody, probably you, opened an invitation to {organisation} by a link that was handed over. This code shows that {address} is yours:"
        | "Кто-то, скорее всего вы, открыл приглашение в «{organisation}» по переданной ссылке. Этот код подтверждает, что {address} — ваш адрес:";
    mail_code_or_link = "Type it on the page where you asked for it, or go on with this link." | "Введите его на странице, где вы его запросили, или продолжите по ссылке.";
    mail_code_button = "Open the invitation" | "Открыть приглашение";
    mail_code_until(until: &str) = "The code works until {until}." | "Код действует до {until}.";
    mail_code_ignore = "Not you? Ignore this message and tell nobody the code: nothing will happen."
        | "Это не вы? Не обращайте внимания на это письмо и никому не сообщайте код: ничего не произойдёт.";

    mail_test_subject(organisation: &str) = "Test message from {organisation}" | "Проверочное письмо от «{organisation}»";
    mail_test_lead(organisation: &str) = "This is a test message from {organisation}. You are reading it, so messages arrive."
        | "Это проверочное письмо от «{organisation}». Вы его читаете, значит, письма доходят.";
    mail_test_ignore = "There is nothing to do." | "Ничего делать не нужно.";

    relay_missing = "No relay is configured: messages wait in the built-in mailbox. Set USHER_SMTP_URL to send them."
        | "Почтовый сервер не указан: письма ждут во встроенном ящике. Чтобы их отправлять, задайте USHER_SMTP_URL.";

    relay_answers(relay: &str) = "{relay} answers and takes our messages; the connection is not encrypted."
        | "{relay} отвечает и принимает наши письма; соединение не шифруется.";
    relay_answers_encrypted(relay: &str) = "{relay} answers and takes our messages; the connection is encrypted."
        | "{relay} отвечает и принимает наши письма; соединение шифруется.";

    no_such_mailbox = "This mailbox does not exist. Check the address." | "Такого ящика нет. Проверьте адрес.";
    no_such_domain = "The part of the address after @ does not exist or takes no mail. Check the address."
        | "Домен адреса (часть после @) не существует или не принимает почту. Проверьте адрес.";
    mailbox_full = "The mailbox is full." | "Почтовый ящик переполнен.";
    mailbox_closed = "The mailbox is closed and takes no messages." | "Почтовый ящик закрыт и не принимает письма.";
    message_too_big = "The message is too big for this mailbox." | "Письмо слишком велико для этого ящика.";
    message_unwanted = "The recipient's mail server refuses the message as unwanted."
        | "Почтовый сервер получателя отклоняет письмо как нежелательное.";
    mail_try_later = "The mail server asks to try later. We will." | "Почтовый сервер просит повторить позже. Мы повторим.";
    relay_busy = "The mail server is busy or restarting. We will try again."
        | "Почтовый сервер занят или перезапускается. Мы повторим попытку.";
    relay_refuses_sign_in = "The mail server does not accept our user name and password. The operator has to mend the settings."
        | "Почтовый сервер не принимает наше имя и пароль. Настройки должен исправить оператор.";
    relay_refuses = "The mail server refuses messages from us. The operator has to mend the settings."
        | "Почтовый сервер не принимает от нас писем. Настройки должен исправить оператор.";
    relay_unreachable = "The mail server cannot be reached. We will try again."
        | "Почтовый сервер недоступен. Мы повторим попытку.";
    relay_unknown = "The mail server's name cannot be found. The operator has to check the settings."
        | "Имя почтового сервера не найдено. Настройки должен проверить оператор.";
    relay_too_slow = "The mail server took too long to answer. We will try again."
        | "Почтовый сервер отвечал слишком долго. Мы повторим попытку.";
    relay_dropped = "The mail server broke off the connection. We will try again."
        | "Почтовый сервер оборвал соединение. Мы повторим попытку.";
    relay_no_answer = "The mail server got the whole message and did not say whether it took it: it may have left. Ask the person before you send it again."
        | "Почтовый сервер получил письмо целиком и не сказал, принял ли его: оно могло уйти. Прежде чем отправлять снова, спросите получателя.";
    relay_not_encrypted = "No safe connection to the mail server: the message was not sent. The operator has to mend it."
        | "Нет защищённого соединения с почтовым сервером: письмо не отправлено. Это должен исправить оператор.";
    sending_interrupted = "The service was restarted while sending. The message goes out again."
        | "Служба перезапускалась во время отправки. Письмо уйдёт ещё раз.";
    address_unusable = "The address cannot be written to. Correct it and invite again."
        | "На этот адрес написать нельзя. Исправьте его и пригласите снова.";
    sending_broke = "Something broke on our side; the log has the details." | "Сбой на нашей стороне; подробности в журнале.";
    message_refused = "The mail server refuses the message." | "Почтовый сервер отклоняет письмо.";
}

impl Language {
    /// What became of a message: why it did not leave, in plain words, and what the relay said.
    pub fn explain_delivery(self, channel: Channel, reason: Option<DeliveryReason>, said: &str) -> String {
        let meaning = reason.map(|reason| match channel {
            Channel::Email => self.delivery_reason(reason),
            Channel::Sms => self.sms_reason(reason),
        });
        match meaning {
            Some(meaning) if said.is_empty() => meaning.to_string(),
            Some(meaning) => format!("{meaning} ({said})"),
            None => said.to_string(),
        }
    }

    /// Why a mail did not leave, and what to do about it.
    pub fn delivery_reason(self, reason: DeliveryReason) -> &'static str {
        match reason {
            DeliveryReason::NoSuchRecipient => self.no_such_mailbox(),
            DeliveryReason::NoSuchDomain => self.no_such_domain(),
            DeliveryReason::RecipientFull => self.mailbox_full(),
            DeliveryReason::RecipientClosed => self.mailbox_closed(),
            DeliveryReason::TooBig => self.message_too_big(),
            DeliveryReason::Unwanted => self.message_unwanted(),
            DeliveryReason::TryLater => self.mail_try_later(),
            DeliveryReason::RelayBusy => self.relay_busy(),
            DeliveryReason::SignInRefused => self.relay_refuses_sign_in(),
            DeliveryReason::RelayRefuses => self.relay_refuses(),
            DeliveryReason::Unreachable => self.relay_unreachable(),
            DeliveryReason::HostUnknown => self.relay_unknown(),
            DeliveryReason::TooSlow => self.relay_too_slow(),
            DeliveryReason::Dropped => self.relay_dropped(),
            DeliveryReason::NoAnswer => self.relay_no_answer(),
            DeliveryReason::NotEncrypted => self.relay_not_encrypted(),
            DeliveryReason::Interrupted => self.sending_interrupted(),
            DeliveryReason::BadAddress => self.address_unusable(),
            DeliveryReason::Broken => self.sending_broke(),
            DeliveryReason::Refused | DeliveryReason::UnclearAnswer => self.message_refused(),
            DeliveryReason::PrivateAddress => self.relay_unreachable(),
        }
    }
}
