//! The sentences of text messages, and of what became of them. Short: a letter of Cyrillic takes twice the room of a Latin one.

use super::Language;
use super::invite::counted;
use crate::domain::message::outcome::DeliveryReason;
use crate::domain::sms::SmsLength;

words! {
    sms_reminder(organisation: &str, until: &str, link: &str) = "{organisation}: your invitation ends {until}: {link}"
        | "{organisation}: приглашение действует до {until}: {link}";
    sms_invitation(organisation: &str, inviter: &str, until: &str, link: &str) =
        "{organisation}: {inviter} invites you. Accept by {until}: {link}"
        | "{organisation}: {inviter} приглашает вас. Принять до {until}: {link}";
    sms_invitation_alone(organisation: &str, until: &str, link: &str) = "{organisation} invites you. Accept by {until}: {link}"
        | "{organisation} приглашает вас. Принять до {until}: {link}";
    sms_invitation_short(organisation: &str, link: &str) = "{organisation} invites you: {link}"
        | "{organisation} приглашает: {link}";
    sms_reset(organisation: &str, until: &str, link: &str) = "{organisation}: new password, until {until}: {link} Not you? Ignore this."
        | "{organisation}: новый пароль, до {until}: {link} Не вы? Не открывайте.";
    sms_reset_own(organisation: &str, until: &str) = "{organisation}: new password, until {until}. Not you? Ignore this"
        | "{organisation}: новый пароль, до {until}. Не вы? Не открывайте";
    sms_reset_short(link: &str) = "New password: {link}" | "Новый пароль: {link}";
    sms_code(organisation: &str, code: &str, until: &str) = "{organisation}: your code {code}, until {until}. Tell nobody."
        | "{organisation}: ваш код {code}, до {until}. Никому не говорите.";
    sms_back(organisation: &str, link: &str) = "{organisation}: you have access again. Sign in: {link}"
        | "{organisation}: доступ снова открыт. Вход: {link}";
    sms_test(organisation: &str) = "{organisation}: test message. You are reading it, so SMS arrive."
        | "{organisation}: проверка. Вы это читаете, значит, SMS доходят.";

    gateway_missing = "No SMS gateway is configured: SMS wait in the built-in mailbox. Set USHER_SMS_URL to send them."
        | "SMS-шлюз не указан: SMS ждут во встроенном ящике. Чтобы их отправлять, задайте USHER_SMS_URL.";
    gateway_answers(gateway: &str) = "{gateway} answers; the connection is not encrypted."
        | "{gateway} отвечает; соединение не шифруется.";
    gateway_answers_encrypted(gateway: &str) = "{gateway} answers; the connection is encrypted."
        | "{gateway} отвечает; соединение шифруется.";

    no_such_number = "There is no such number. Check it." | "Такого номера нет. Проверьте его.";
    number_closed = "The number takes no messages." | "На этот номер сообщения не доходят.";
    sms_too_big = "The message is too long for the SMS gateway." | "Сообщение слишком длинное для SMS-шлюза.";
    sms_try_later = "The SMS gateway asks to try later. We will." | "SMS-шлюз просит повторить позже. Мы повторим.";
    gateway_busy = "The SMS gateway is busy. We will try again." | "SMS-шлюз занят. Мы повторим попытку.";
    gateway_refuses_sign_in = "The SMS gateway does not accept our key or password. The operator has to mend the settings."
        | "SMS-шлюз не принимает наш ключ или пароль. Настройки должен исправить оператор.";
    gateway_refuses = "The SMS gateway does not take messages from us at this address. The operator has to mend the settings."
        | "SMS-шлюз не принимает сообщения по этому адресу. Настройки должен исправить оператор.";
    gateway_unreachable = "The SMS gateway cannot be reached. We will try again." | "SMS-шлюз недоступен. Мы повторим попытку.";
    gateway_unknown = "The SMS gateway's name cannot be found. The operator has to check the settings."
        | "Имя SMS-шлюза не найдено. Настройки должен проверить оператор.";
    gateway_too_slow = "The SMS gateway took too long to answer. We will try again."
        | "SMS-шлюз отвечал слишком долго. Мы повторим попытку.";
    gateway_dropped = "The SMS gateway broke off the connection. We will try again."
        | "SMS-шлюз оборвал соединение. Мы повторим попытку.";
    gateway_no_answer = "The SMS gateway got the message and did not say whether it took it: it may have left. Ask the person before you send it again."
        | "SMS-шлюз получил сообщение и не сказал, принял ли его: оно могло уйти. Прежде чем отправлять снова, спросите получателя.";
    gateway_not_encrypted = "No safe connection to the SMS gateway: the message was not sent. The operator has to mend it."
        | "Нет защищённого соединения с SMS-шлюзом: сообщение не отправлено. Это должен исправить оператор.";
    gateway_private = "The SMS gateway's name leads into a private network. The operator has to check it, or to allow it with USHER_SMS_ALLOW_PRIVATE=1."
        | "Имя SMS-шлюза ведёт в частную сеть. Оператор должен проверить его или разрешить это: USHER_SMS_ALLOW_PRIVATE=1.";
    gateway_unclear = "The SMS gateway answered in a way that we do not understand: the message may have left. Ask the person before you send it again."
        | "Ответ SMS-шлюза непонятен: сообщение могло уйти. Прежде чем отправлять снова, спросите получателя.";
    sms_refused = "The SMS gateway refuses the message. Check the number." | "SMS-шлюз отклоняет сообщение. Проверьте номер.";
}

impl Language {
    /// How long a message is: `93 characters, 2 SMS`, as it is paid for.
    pub fn sms_length(self, length: SmsLength) -> String {
        let SmsLength { letters, parts, .. } = length;
        let letters = counted(self, letters, ["# character", "# characters"], ["# знак", "# знака", "# знаков"]);
        format!(
            "{letters}, {}",
            counted(self, parts, ["# SMS part", "# SMS parts"], ["# часть SMS", "# части SMS", "# частей SMS"])
        )
    }

    /// Why an SMS did not leave, and what to do about it.
    pub fn sms_reason(self, reason: DeliveryReason) -> &'static str {
        match reason {
            DeliveryReason::NoSuchRecipient | DeliveryReason::NoSuchDomain => self.no_such_number(),
            DeliveryReason::RecipientFull | DeliveryReason::RecipientClosed => self.number_closed(),
            DeliveryReason::TooBig => self.sms_too_big(),
            DeliveryReason::Unwanted | DeliveryReason::Refused => self.sms_refused(),
            DeliveryReason::TryLater => self.sms_try_later(),
            DeliveryReason::RelayBusy => self.gateway_busy(),
            DeliveryReason::SignInRefused => self.gateway_refuses_sign_in(),
            DeliveryReason::RelayRefuses => self.gateway_refuses(),
            DeliveryReason::Unreachable => self.gateway_unreachable(),
            DeliveryReason::HostUnknown => self.gateway_unknown(),
            DeliveryReason::TooSlow => self.gateway_too_slow(),
            DeliveryReason::Dropped => self.gateway_dropped(),
            DeliveryReason::NotEncrypted => self.gateway_not_encrypted(),
            DeliveryReason::PrivateAddress => self.gateway_private(),
            DeliveryReason::NoAnswer => self.gateway_no_answer(),
            DeliveryReason::UnclearAnswer => self.gateway_unclear(),
            DeliveryReason::Interrupted => self.sending_interrupted(),
            DeliveryReason::BadAddress => self.address_unusable(),
            DeliveryReason::Broken => self.sending_broke(),
        }
    }
}
