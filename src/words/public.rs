//! The pages before sign-in: set-up, the door, forgotten passwords, registration, links that no longer work.

use crate::domain::invitation::DeadLink;
use crate::domain::password::{PasswordPolicy, PasswordProblem};

words! {
    page_language = "Language" | "Язык";
    one_answer_again = "One answer needs another look" | "Проверьте одно из полей";
    some_answers_again = "Some answers need another look" | "Проверьте несколько полей";
    password_label = "Password" | "Пароль";
    password_hint(min: usize) = "{min} or more characters. A few words are fine."
        | "Не меньше {min} знаков. Подойдут несколько слов.";
    password_hint_with_classes(min: usize) =
        "{min} or more characters, among them a capital and a small letter, a digit and another sign."
        | "Не меньше {min} знаков, среди них заглавная и строчная буквы, цифра и другой знак.";
    asked_length(min: usize) = "{min} or more characters" | "не меньше {min} знаков";
    asked_upper = "a capital letter" | "заглавная буква";
    asked_lower = "a small letter" | "строчная буква";
    asked_digit = "a digit" | "цифра";
    asked_special = "a sign that is neither letter nor digit" | "знак, не буква и не цифра";
    asked_strength = "hard to guess: a few words are fine" | "трудно угадать: подойдут несколько слов";
    asked_and_there = "done" | "есть";
    asked_and_missing = "missing" | "пока нет";
    your_sign_in = "Your sign-in" | "Имя для входа";
    your_email_or_number = "E-mail or phone" | "Эл. почта или телефон";
    your_email = "E-mail" | "Эл. почта";
    your_name = "Full name" | "Имя и фамилия";
    help_from = "Help" | "Помощь";

    sign_in_to(organisation: &str) = "Sign in to {organisation}" | "Вход в «{organisation}»";
    sign_in_email = "E-mail" | "Эл. почта";
    sign_in_email_or_phone = "E-mail or phone" | "Эл. почта или телефон";
    sign_in_email_or_login = "E-mail or login" | "Эл. почта или логин";
    sign_in_name = "E-mail, phone or login" | "Эл. почта, телефон или логин";
    keep_signed_in = "Keep me signed in on this device" | "Запомнить меня на этом устройстве";
    forgot_password = "Forgot your password?" | "Забыли пароль?";
    new_password_saved = "Your new password is saved. Sign in with it." | "Новый пароль сохранён. Войдите с ним.";
    back_to_sign_in = "Back to sign-in" | "Вернуться ко входу";

    forgot_explained = "Enter the e-mail address or the phone number with which you sign in. We send it a link to set a new password."
        | "Введите адрес или номер телефона, с которым вы входите. Мы отправим на него ссылку для нового пароля.";
    send_reset_link = "Send reset link" | "Отправить ссылку";
    look_at_messages = "Look at your messages" | "Проверьте почту и сообщения";
    reset_on_its_way =
        "If an account exists for what you typed, a link is on its way to it, by e-mail or by SMS. It works for 60 minutes."
        | "Если для введённого адреса или номера есть учётная запись, ссылка уже в пути: письмом или в SMS. Она действует 60 минут.";
    reset_not_arrived = "Nothing there? Look in spam, or type it once more. If you sign in with a login only, ask your administrator."
        | "Ничего нет? Посмотрите в спаме или введите ещё раз. Если вы входите только по логину, обратитесь к администратору.";
    send_again = "Send again" | "Отправить ещё раз";
    set_new_password = "Set a new password" | "Новый пароль";
    new_password_label = "New password" | "Новый пароль";
    reset_ends_sessions = "You will be signed out on all devices and can sign in with the new password."
        | "На всех устройствах сеанс завершится, войти можно будет с новым паролем.";
    ask_for_new_link = "Ask for a new link" | "Запросить новую ссылку";

    confirm_address = "Confirm address" | "Подтвердить адрес";
    confirm_address_explained = "Messages reach you at this address? Then press the button."
        | "Письма на этот адрес до вас доходят? Тогда нажмите кнопку.";
    confirmed_title = "Your address is confirmed" | "Адрес подтверждён";
    confirmed_next = "There is nothing else to do." | "Больше ничего делать не нужно.";
    confirm_ended_title = "This link no longer works" | "Ссылка больше не действует";
    confirm_ended_next = "Ask for a new password with this address: setting it confirms the address, too."
        | "Запросите новый пароль на этот адрес: его установка тоже подтверждает адрес.";
    confirm_damaged_next = "Part of it is missing. Open it from the message again, or paste it here."
        | "Часть ссылки потерялась. Откройте её из письма ещё раз или вставьте сюда.";
    code_explained(address: &str) =
        "This link was handed to you, so first show that the address is yours: we send a code to {address}, and you type it here."
        | "Эту ссылку вам передали, поэтому сначала подтвердите, что адрес ваш: мы отправим код на {address}, а вы введёте его здесь.";
    code_explained_by_sms(number: &str) =
        "This link was handed to you, so first show that the number is yours: we send a code to {number} by SMS, and you type it here."
        | "Эту ссылку вам передали, поэтому сначала подтвердите, что номер ваш: мы отправим код по SMS на {number}, а вы введёте его здесь.";
    code_explained_here(address: &str) =
        "This link was handed to you, so first a code shows that you are meant: one is made for {address}, and you type it here."
        | "Эту ссылку вам передали, поэтому сначала нужен код, который подтвердит, что она для вас: он создаётся для {address}, а вы введёте его здесь.";
    make_code = "Make a code" | "Создать код";
    make_code_again = "Make a new code" | "Создать новый код";
    code_waits_for(address: &str) = "A code for {address} waits here" | "Код для {address} ждёт здесь";
    no_code_title = "Does the code not reach you?" | "Код не приходит?";
    no_code = "Is this not your mailbox, or is it full? Ask whoever invited you to put the address right: then a new invitation comes to the right one."
        | "Это не ваш ящик, или он переполнен? Попросите того, кто вас пригласил, исправить адрес: на верный придёт новое приглашение.";
    no_code_by_sms = "Is this not your number? Ask whoever invited you to put it right: then a new invitation comes to the right one."
        | "Это не ваш номер? Попросите того, кто вас пригласил, исправить его: на верный придёт новое приглашение.";
    code_waits_next = "Type it here once you have been told it." | "Введите его здесь, когда вам его сообщат.";
    code_label_here = "Code" | "Код";
    code_label_by_sms = "Code from the SMS" | "Код из SMS";
    code_sent_next_by_sms =
        "Type it here. Nothing there after some minutes? Ask for a new one; to one number we send only a few messages an hour."
        | "Введите его здесь. Прошло несколько минут, а SMS нет? Запросите новый код; на один номер мы отправляем лишь несколько сообщений в час.";
    code_waits_here_by_sms =
        "No SMS leaves this installation yet: the message waits in the built-in mailbox. A main administrator can read it there and tell you the code."
        | "SMS отсюда пока не отправляются: сообщение ждёт во встроенном ящике. Главный администратор может прочитать его там и сообщить вам код.";
    superseded_handed_next = "A newer one was made. Ask whoever gave you this one for it." | "Уже есть новая. Попросите её у того, кто передал эту.";
    awaits_approval_handed_next = "It was changed, and a second administrator has to agree first. Ask whoever gave you the link when it works again."
        | "Оно изменено, и его должен подтвердить второй администратор. Когда ссылка заработает, спросите у того, кто её передал.";
    send_code = "Send the code" | "Отправить код";
    send_code_again = "Send a new code" | "Отправить новый код";
    code_sent_to(address: &str) = "We sent a code to {address}" | "Мы отправили код на {address}";
    code_sent_next =
        "Type it here, or open the link in that message. Nothing there after some minutes? Look in spam; to one address we send only a few messages an hour."
        | "Введите его здесь или откройте ссылку из письма. Прошло несколько минут, а письма нет? Посмотрите в спаме; на один адрес мы отправляем лишь несколько писем в час.";
    code_waits_here =
        "No mail leaves this installation yet: the message waits in the built-in mailbox. A main administrator can read it there and tell you the code."
        | "Почта отсюда пока не отправляется: письмо ждёт во встроенном ящике. Главный администратор может прочитать его там и сообщить вам код.";
    code_label = "Code from the message" | "Код из письма";
    code_hint = "Eight digits." | "Восемь цифр.";
    go_on_with_code = "Go on" | "Продолжить";
    i_have_an_account = "I have an account already" | "У меня уже есть учётная запись";
    join_asked = "Sign in with the account of this address to join." | "Войдите с учётной записью этого адреса, чтобы присоединиться.";
    i_am_new = "I have no account yet" | "У меня ещё нет учётной записи";
    write_to(name: &str) = "Write to {name}" | "Написать: {name}";
    support_contact = "Help contact" | "Контакт для помощи";
    support_contact_hint = "Whom people may ask when a link does not work: an address or a phone number. Optional."
        | "К кому обращаться, если ссылка не работает: адрес или телефон. Необязательно.";
    about_messages = "Messages" | "Письма";
    sends_by_relay(relay: &str) = "Invitations leave through {relay}. After this you can send yourself a test message in the settings."
        | "Приглашения уходят через {relay}. После настройки можно отправить себе проверочное письмо со страницы настроек.";
    sends_to_mailbox = "No mail server is configured yet: messages wait in the built-in mailbox, and links can be copied. The operator sets USHER_SMTP_URL."
        | "Почтовый сервер пока не указан: письма ждут во встроенном ящике, ссылки можно копировать. Оператор задаёт USHER_SMTP_URL.";
    set_up_usher = "Set up Usher" | "Настройка Usher";
    set_up_explained = "Nobody is here yet. You become the first main administrator."
        | "Здесь пока никого нет. Вы станете первым главным администратором.";
    set_up_code = "Set-up code" | "Код настройки";
    set_up_code_hint = "Eight letters and digits from the server's log."
        | "Восемь букв и цифр из журнала сервера.";
    about_you = "You" | "О вас";
    about_organisation = "Your organisation" | "Ваша организация";
    organisation_name = "Organisation" | "Организация";
    organisation_name_hint = "Invitations and pages carry this name." | "Это название стоит в приглашениях и на страницах.";
    time_zone = "Time zone" | "Часовой пояс";
    time_zone_hint = "For example Europe/Minsk." | "Например, Europe/Minsk.";
    finish_set_up = "Finish and invite people" | "Завершить и пригласить людей";

    invited_as(inviter: &str, role: &str) = "{inviter} invites you as {role}"
        | "{inviter} приглашает вас в роли «{role}»";
    invited_as_alone(role: &str) = "You are invited as {role}" | "Вас приглашают в роли «{role}»";
    role_here(organisation: &str, meaning: &str) = "{organisation} · {meaning}" | "{organisation} · {meaning}";
    quoted(text: &str) = "“{text}”" | "«{text}»";
    invitation_works_until(until: &str) = "This invitation works until {until}." | "Приглашение действует до {until}.";
    wrong_address(inviter: &str) = "Not for you? Tell {inviter}." | "Не для вас? Сообщить отправителю ({inviter}).";
    your_phone = "Phone" | "Телефон";
    your_phone_hint = "Optional. With the country code, for example +375\u{a0}29\u{a0}123\u{2011}45\u{2011}67."
        | "Необязательно. С кодом страны, например +375\u{a0}29\u{a0}123\u{2011}45\u{2011}67.";
    set_your_own_password = "Now set a password of your own. The one-time password stops working with it."
        | "Теперь задайте собственный пароль. Одноразовый после этого перестанет действовать.";
    type_password_again = "Type the password again: it is not kept while something else is put right."
        | "Введите пароль заново: пока исправляется остальное, он не сохраняется.";
    create_account = "Create account" | "Создать учётную запись";

    choose_account = "Choose how to go on" | "Выберите, как продолжить";
    invited_is_another(invited: &str, signed_in: &str) =
        "This invitation is for {invited}, you are signed in as {signed_in}."
        | "Приглашение для {invited}, а вы вошли как {signed_in}.";
    sign_out_and_go_on = "Sign out and go on" | "Выйти и продолжить";
    stay_signed_in = "Stay signed in" | "Не выходить";

    damaged_title = "This link is not complete" | "Ссылка неполная";
    superseded_title = "There is a newer link" | "Есть более новая ссылка";
    used_title = "You have registered already" | "Вы уже зарегистрированы";
    reset_used_title = "This link no longer works" | "Ссылка больше не работает";
    declined_title = "This invitation has ended" | "Приглашение больше не действует";
    declined_next = "Whoever got it said that it is not for them. No account was created. If this is a mistake, ask for a new invitation."
        | "Тот, кто его получил, сообщил, что оно не для него. Учётная запись не создана. Если это ошибка, попросите новое приглашение.";
    not_for_me = "This is not for me" | "Это не для меня";
    decline_explained(inviter: &str) = "The link stops working at once, and {inviter} is told. Nothing else happens: no account is created."
        | "Ссылка сразу перестанет действовать, и об этом узнает {inviter}. Больше ничего не произойдёт: учётная запись не создаётся.";
    decline_explained_alone = "The link stops working at once. Nothing else happens: no account is created."
        | "Ссылка сразу перестанет действовать. Больше ничего не произойдёт: учётная запись не создаётся.";
    end_invitation = "End the invitation" | "Отказаться от приглашения";
    back_to_invitation = "Back to the invitation" | "Вернуться к приглашению";
    declined_thanks = "Thank you. The invitation has ended." | "Спасибо. Приглашение больше не действует.";
    your_phone_needed_hint = "With the country code, for example +375\u{a0}29\u{a0}123\u{2011}45\u{2011}67."
        | "С кодом страны, например +375\u{a0}29\u{a0}123\u{2011}45\u{2011}67.";
    password_again_label = "The same password once more" | "Тот же пароль ещё раз";
    withdrawn_title = "This invitation was withdrawn" | "Приглашение отозвано";
    expired_title = "This link has expired" | "Срок действия ссылки истёк";
    expired_title_at(ended: &str) = "This link expired on {ended}" | "Срок действия ссылки истёк {ended}";
    deleted_title = "This was deleted" | "Эти данные удалены";
    deleted_next = "An administrator deleted the account or the invitation that this link belongs to. If this is a mistake, ask for a new invitation."
        | "Администратор удалил учётную запись или приглашение, к которым относится эта ссылка. Если это ошибка, попросите новое приглашение.";
    blocked_title = "You have no access any more" | "У вас больше нет доступа";
    awaits_approval_title = "This invitation is being looked at" | "Приглашение рассматривается";
    awaits_approval_next = "It was changed, and a second administrator has to agree first. You get a new message then."
        | "Оно изменено, и его должен подтвердить второй администратор. После этого придёт новое письмо.";
    join_title(organisation: &str) = "Join {organisation}" | "Присоединиться: «{organisation}»";
    join_explained(organisation: &str) = "You have an account already. Sign in to join {organisation}."
        | "У вас уже есть учётная запись. Войдите, чтобы присоединиться к «{organisation}».";
    join_as(who: &str) = "You are signed in as {who}. Join with this account?" | "Вы вошли как {who}. Присоединиться с этой учётной записью?";
    join = "Join" | "Присоединиться";
    sign_in_and_join = "Sign in and join" | "Войти и присоединиться";
    role_at(role: &str, unit: &str) = "{role}, {unit}" | "{role}, {unit}";
    kind_of_organisation = "What kind of organisation is it?" | "Что это за организация?";
    kind_of_organisation_hint = "It decides which roles and kinds of units there are at first. Roles can be changed later."
        | "От этого зависит, какие роли и подразделения есть вначале. Роли можно изменить позже.";
    inviter_lost_title = "This invitation no longer holds" | "Приглашение больше не действует";
    damaged_next = "Part of it is missing. Open it from the message again, or paste it here."
        | "Часть ссылки потерялась. Откройте её из письма ещё раз или вставьте сюда.";
    reset_damaged_next = "Part of it is missing. Open it from the message again, paste it here, or ask for a new one."
        | "Часть ссылки потерялась. Откройте её из письма ещё раз, вставьте сюда или запросите новую.";
    superseded_next = "Open the newest message and use the link in it." | "Откройте последнее сообщение и ссылку в нём.";
    used_next = "Sign in with your password."
        | "Войдите со своим паролем.";
    used_signed_in_next = "You are signed in on this device." | "На этом устройстве вы уже вошли.";
    reset_used_next = "The password has been set since. Sign in with it, or ask for a new link."
        | "Пароль с тех пор уже задан. Войдите с ним или запросите новую ссылку.";
    withdrawn_next = "No account was created. If this is a mistake, ask for a new invitation."
        | "Учётная запись не создана. Если это ошибка, попросите новое приглашение.";
    expired_next(masked: &str) = "A new one can be sent to {masked}." | "Новую можно отправить на {masked}.";
    expired_next_alone = "Ask for a new invitation." | "Попросите новое приглашение.";
    reset_expired_next = "It works for 60 minutes. Ask for a new one." | "Она действует 60 минут. Запросите новую.";
    blocked_next = "Contact your administrator." | "Обратитесь к администратору.";
    inviter_lost_next = "Whoever invited you can no longer do so. Ask for a new invitation."
        | "Пригласивший больше не может приглашать. Попросите новое приглашение.";
    letter_code_title = "Open your invitation" | "Откройте приглашение";
    letter_code_explained = "Type the code that stands in your letter. If you got a message, paste its link instead."
        | "Введите код из письма на бумаге. Если пришло сообщение, вставьте ссылку из него.";
    letter_code_or_link = "Code or link" | "Код или ссылка";
    whole_link = "The whole link" | "Ссылка целиком";
    open_link = "Open" | "Открыть";
    who_invites = "Invited by" | "Кто приглашает";
    send_me_new_link = "Send me a new link" | "Отправить мне новую ссылку";
    new_link_on_its_way = "A new link is on its way" | "Новая ссылка в пути";
    new_link_sent_to(masked: &str) = "Sent to {masked}. Open the newest message; older links no longer work."
        | "Отправлено на {masked}. Откройте последнее письмо: прежние ссылки больше не работают.";
}

impl super::Language {
    /// What an installation asks of a password, before anything is typed.
    pub fn password_rule(self, rule: PasswordPolicy) -> String {
        let min = rule.min_length;
        if rule.classes { self.password_hint_with_classes(min) } else { self.password_hint(min) }
    }

    /// One thing that is asked of a password, as a line of a list.
    pub fn password_asks(self, for_what: PasswordProblem) -> String {
        match for_what {
            PasswordProblem::TooShort { min } => return self.asked_length(min),
            PasswordProblem::TooLong => self.password_long(),
            PasswordProblem::Guessable => self.asked_strength(),
            PasswordProblem::NeedsUpper => self.asked_upper(),
            PasswordProblem::NeedsLower => self.asked_lower(),
            PasswordProblem::NeedsDigit => self.asked_digit(),
            PasswordProblem::NeedsSpecial => self.asked_special(),
        }
        .into()
    }

    /// The heading of the page of a dead invitation link.
    pub fn dead_invitation(self, why: DeadLink) -> &'static str {
        match why {
            DeadLink::Damaged => self.damaged_title(),
            DeadLink::Superseded => self.superseded_title(),
            DeadLink::Used => self.used_title(),
            DeadLink::Withdrawn => self.withdrawn_title(),
            DeadLink::Declined => self.declined_title(),
            DeadLink::Expired => self.expired_title(),
            DeadLink::Blocked => self.blocked_title(),
            DeadLink::Deleted => self.deleted_title(),
            DeadLink::InviterLost => self.inviter_lost_title(),
            DeadLink::AwaitsApproval => self.awaits_approval_title(),
        }
    }

    /// The heading of the page of a link that confirms nothing (any more), and how to go on.
    pub fn confirmation_ended(self, why: DeadLink) -> (&'static str, &'static str) {
        match why {
            DeadLink::Used => (self.confirmed_title(), self.confirmed_next()),
            DeadLink::Expired => (self.confirm_ended_title(), self.confirm_ended_next()),
            DeadLink::Deleted => (self.deleted_title(), self.deleted_next()),
            _ => (self.damaged_title(), self.confirm_damaged_next()),
        }
    }

    /// The heading of the page of a dead reset link, and how to go on.
    pub fn dead_reset(self, why: DeadLink) -> (&'static str, &'static str) {
        match why {
            DeadLink::Used => (self.reset_used_title(), self.reset_used_next()),
            DeadLink::Blocked => (self.blocked_title(), self.blocked_next()),
            DeadLink::Deleted => (self.deleted_title(), self.deleted_next()),
            DeadLink::Superseded => (self.superseded_title(), self.superseded_next()),
            DeadLink::Expired => (self.expired_title(), self.reset_expired_next()),
            DeadLink::Damaged
            | DeadLink::Withdrawn
            | DeadLink::Declined
            | DeadLink::InviterLost
            | DeadLink::AwaitsApproval => (self.damaged_title(), self.reset_damaged_next()),
        }
    }
}
