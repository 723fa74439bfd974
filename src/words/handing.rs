//! The words of an invitation that is handed over: on the screen, in a text, on paper.

use super::Language;
use crate::domain::handing::HandWay;

words! {
    hand_over = "Hand over" | "Передать лично";
    show_qr = "Show QR" | "Показать QR";
    share = "Share" | "Поделиться";
    print_letter = "Letter" | "Письмо на бумаге";
    letters_for_selected = "Letters" | "Письма на бумаге";
    ask_qr(name: &str) = "Show the QR code of {name}'s invitation?" | "Показать QR-код приглашения: {name}?";
    ask_share(name: &str) = "Share the invitation of {name}?" | "Поделиться приглашением: {name}?";
    ask_letter(name: &str) = "Print a letter for {name}?" | "Напечатать письмо: {name}?";
    tell_handing(name: &str) = "It leads to the page of the invitation, which asks for a code that we send to the address. For {name} and nobody else; the history keeps that you looked."
        | "Ведёт на страницу приглашения, где нужен код, который мы отправим на адрес. Только для адресата ({name}); показ попадёт в журнал.";
    qr_label = "The invitation as a QR code" | "Приглашение в виде QR-кода";
    qr_for(name: &str) = "For the camera of {name}'s phone" | "Для камеры телефона: {name}";
    qr_hint = "It leads to the page of the invitation. Show it to nobody else." | "Ведёт на страницу приглашения. Больше никому не показывайте.";
    share_for(name: &str) = "Send this only to {name}" | "Отправьте только адресату: {name}";
    share_text(inviter: &str, organisation: &str, until: &str, link: &str) = "{inviter} invites you to {organisation}. Open this link by {until}: {link}"
        | "{inviter} приглашает вас в {organisation}. Откройте ссылку до {until}: {link}";
    share_now = "Share…" | "Поделиться…";
    share_by(app: &str) = "By {app}" | "Через {app}";
    share_ways = "Send it by" | "Отправить через";
    by_sms = "SMS" | "SMS";

    did_show_qr(who: &str, whom: &str) = "{who} showed the invitation of {whom} as a QR code" | "{who}: приглашение показано как QR-код ({whom})";
    did_share(who: &str, whom: &str) = "{who} took the invitation of {whom} along to share it" | "{who}: ссылка приглашения взята, чтобы поделиться ({whom})";
    did_print_letter(who: &str, whom: &str) = "{who} printed a letter with the invitation of {whom}" | "{who}: приглашение напечатано на бумаге ({whom})";

    letter_page_title = "Letters to hand over" | "Письма для передачи";
    letter_print = "Print" | "Печать";
    letter_heading(organisation: &str) = "Your invitation to {organisation}" | "Приглашение: {organisation}";
    letter_hello(name: &str) = "Hello {name}," | "Здравствуйте, {name}!";
    letter_hello_nameless = "Hello," | "Здравствуйте!";
    letter_invites(inviter: &str, organisation: &str) = "{inviter} invites you to {organisation}:" | "{inviter} приглашает вас в {organisation}:";
    letter_how = "Point the camera of your phone at the picture, or type the address below." | "Наведите камеру телефона на картинку или введите адрес ниже.";
    letter_code_how(page: &str) = "Or open {page} and type this code:" | "Или откройте {page} и введите этот код:";
    letter_next(address: &str) = "The page sends a code to {address}, and you type it there: so nobody comes in who only found this letter." | "Страница отправит код на {address}, введите его там: тот, кто просто нашёл это письмо, войти не сможет.";
    letter_until(until: &str) = "It works until {until}." | "Действует до {until}.";
}

impl Language {
    /// What the button or the menu item of a way says.
    pub fn hand_way(self, way: HandWay) -> &'static str {
        match way {
            HandWay::Qr => self.show_qr(),
            HandWay::Share => self.share(),
            HandWay::Letter => self.print_letter(),
        }
    }

    /// What is asked before it is handed over so.
    pub fn ask_hand(self, way: HandWay, name: &str) -> String {
        match way {
            HandWay::Qr => self.ask_qr(name),
            HandWay::Share => self.ask_share(name),
            HandWay::Letter => self.ask_letter(name),
        }
    }

    /// The line of the history.
    pub fn did_hand(self, way: Option<HandWay>, who: &str, whom: &str) -> String {
        match way {
            Some(HandWay::Qr) => self.did_show_qr(who, whom),
            Some(HandWay::Letter) => self.did_print_letter(who, whom),
            Some(HandWay::Share) | None => self.did_share(who, whom),
        }
    }
}
