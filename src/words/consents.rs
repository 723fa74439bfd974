//! What people agree to: the agreements, the boxes on the pages, and the samples with which an installation starts.

use super::Language;
use crate::domain::consent::ConsentKind;

words! {
    agreements = "Agreements" | "Согласия";
    agreements_lead = "What people agree to when they register. Each text has versions: whoever agreed to an older one is asked again."
        | "С чем люди соглашаются при регистрации. У каждого текста есть версии: кто согласился с прежней, того спросят снова.";
    agreements_link = "Agreements" | "Согласия";
    user_agreement = "User agreement" | "Пользовательское соглашение";
    personal_data_agreement = "Personal-data agreement" | "Согласие на обработку персональных данных";
    information_messages = "Information messages" | "Информационные сообщения";
    accept_user_agreement = "I accept the user agreement" | "Принимаю пользовательское соглашение";
    accept_personal_data = "I agree to the processing of my personal data" | "Соглашаюсь на обработку моих персональных данных";
    accept_messages = "I want to get information messages" | "Хочу получать информационные сообщения";
    accept_messages_hint = "Optional. You can change this in your profile at any time."
        | "Необязательно. Изменить можно в любой момент в профиле.";
    consent_link(title: &str, version: i64) = "{title}, version {version}" | "{title}, версия {version}";
    opens_in_new_tab = "(opens in a new tab)" | "(откроется в новой вкладке)";
    not_agreed_user_agreement = "Tick this box to go on: nobody can use the account without accepting the user agreement."
        | "Отметьте это поле, чтобы продолжить: без принятия соглашения учётной записью пользоваться нельзя.";
    not_agreed_personal_data = "Tick this box to go on: the account cannot be kept without your personal data."
        | "Отметьте это поле, чтобы продолжить: без обработки персональных данных учётную запись вести нельзя.";
    not_agreed_messages = "Say whether you want information messages." | "Укажите, нужны ли вам информационные сообщения.";

    consent_version(version: i64, since: &str) = "Version {version}, published {since}" | "Версия {version}, опубликована {since}";
    consent_is_old = "There is a newer version of this text." | "Есть более новая версия этого текста.";
    consent_read_newest = "Read the newest version" | "Открыть новую версию";
    consent_asked_kind = "Ask people to agree to this" | "Запрашивать это согласие";
    consent_asked_mandatory_hint = "Mandatory: at registration, and at the next page of everybody who has not agreed to this version."
        | "Обязательно: при регистрации и на следующей странице у каждого, кто ещё не согласился с этой версией.";
    consent_asked_free_hint = "Optional for everybody, and never ticked beforehand. The answer is kept either way."
        | "Необязательно и никогда не отмечено заранее. Ответ сохраняется в любом случае.";
    consent_text_in(language: &str) = "Text ({language})" | "Текст ({language})";
    consent_text_hint = "Plain text; an empty line begins a paragraph. Where a language has no text, the other one is shown."
        | "Обычный текст; пустая строка начинает абзац. Если текста на одном языке нет, показывается другой.";
    consent_publish = "Save and publish" | "Сохранить и опубликовать";
    consent_publish_hint = "A changed text becomes a new version at once, and everybody but you, who wrote it, is asked again."
        | "Изменённый текст сразу становится новой версией, и всех спросят снова; вас как автора — нет.";
    consent_saved = "Saved." | "Сохранено.";
    consent_versions = "Versions" | "Версии";
    consent_no_versions = "Nothing has been published yet. The text on this page is a sample."
        | "Пока ничего не опубликовано. Текст на этой странице — образец.";
    consent_version_number(version: i64) = "Version {version}" | "Версия {version}";
    consent_is_asked = "asked now" | "запрашивается";
    invalid_consent_text = "Write the text in one language at least." | "Введите текст хотя бы на одном языке.";
    invalid_consent_text_too_long(language: &str, most: usize) =
        "The text in this language ({language}) is too long: {most} characters fit. Shorten it, or put the rest elsewhere and name the place."
        | "Текст на этом языке ({language}) слишком длинный: помещается {most} знаков. Сократите его или вынесите часть в другое место и укажите, куда.";
    agree_first = "Something is to be agreed to before you go on. Reload the page to read it; nothing was changed."
        | "Прежде чем продолжить, нужно дать согласие. Обновите страницу, чтобы прочитать текст; ничего не изменено.";
    nothing_agreed = "There is no agreement of yours to withdraw." | "Отзывать нечего: такого согласия вы не давали.";

    agree_title = "Before you go on" | "Прежде чем продолжить";
    agree_lead(name: &str) = "{name}, read what follows and say whether you agree. Your account is as you left it."
        | "{name}, прочитайте текст ниже и укажите, согласны ли вы. С вашей учётной записью ничего не произошло.";
    agree_changed(version: i64) = "This text has changed since you agreed to version {version}."
        | "Текст изменился с тех пор, как вы согласились с версией {version}.";
    agree_go_on = "Agree and go on" | "Согласиться и продолжить";
    agree_or_leave = "Not now? Sign out; you are asked again when you come back."
        | "Не сейчас? Выйдите: при следующем входе вопрос появится снова.";
    read_and_agree = "Read and agree" | "Прочитать и согласиться";

    own_agreements = "Agreements" | "Согласия";
    own_agreed(version: i64, when: &str) = "You agreed to version {version}, {when}." | "Вы согласились с версией {version}, {when}.";
    own_published(version: i64) = "You published version {version}, so you are not asked." | "Вы опубликовали версию {version}, поэтому вас не спрашивают.";
    own_gets_messages(when: &str) = "You get information messages, since {when}." | "Вы получаете информационные сообщения, с {when}.";
    own_gets_no_messages(when: &str) = "You get no information messages, since {when}." | "Вы не получаете информационных сообщений, с {when}.";
    own_never_asked_messages = "You have not said whether you want information messages." | "Вы ещё не указали, нужны ли вам информационные сообщения.";
    own_read_text = "Read the text" | "Прочитать текст";
    own_want_messages = "Get information messages" | "Получать информационные сообщения";
    own_want_no_messages = "Get no more of them" | "Больше не получать";
    own_withdraw = "Withdraw…" | "Отозвать…";
    own_withdraw_closes = "Your account is closed for use then: you are signed out on all other devices, your API tokens end, and no page opens before you agree again. Your data stays until an administrator deletes it; the administrators see that you withdrew."
        | "Тогда учётной записью нельзя будет пользоваться: на других устройствах сеанс завершится, токены API перестанут действовать, и ни одна страница не откроется, пока вы не согласитесь снова. Данные останутся, пока их не удалит администратор; администраторы увидят, что согласие отозвано.";
    own_withdraw_is_free = "Nobody is asked for this any more, so your account stays as it is." | "Это согласие больше не запрашивается, поэтому с учётной записью ничего не произойдёт.";
    own_withdraw_now = "Withdraw the agreement" | "Отозвать согласие";
    own_messages_saved = "Saved." | "Сохранено.";

    card_agreed(version: i64, when: &str) = "version {version}, {when}" | "версия {version}, {when}";
    card_not_agreed = "not agreed yet" | "пока не дано";
    card_not_agreed_to(version: i64) = "not agreed to version {version} yet" | "с версией {version} пока не согласились";
    card_withdrawn(when: &str) = "withdrawn {when}" | "отозвано {when}";
    card_published(version: i64) = "published version {version}" | "опубликована версия {version}";
    card_messages_given(when: &str) = "wanted, {when}" | "нужны, {when}";
    card_messages_refused(when: &str) = "not wanted, {when}" | "не нужны, {when}";

    did_give_consent(who: &str, what: &str) = "{who} agreed: {what}" | "{who}: согласие дано, {what}";
    did_refuse_consent(who: &str, what: &str) = "{who} did not agree: {what}" | "{who}: согласие не дано, {what}";
    did_withdraw_consent(who: &str, what: &str) = "{who} withdrew the agreement: {what}" | "{who}: согласие отозвано, {what}";
    did_publish_consent(who: &str, what: &str) = "{who} published a text: {what}" | "{who}: опубликован текст, {what}";
    did_ask_consent(who: &str, what: &str) = "{who} has people asked to agree: {what}" | "{who}: согласие теперь запрашивается, {what}";
    did_not_ask_consent(who: &str, what: &str) = "{who} has nobody asked any more: {what}" | "{who}: согласие больше не запрашивается, {what}";
    consent_in_language(what: &str, language: &str) = "{what} ({language})" | "{what} ({language})";

    sample_user_agreement = "SAMPLE. Replace this text before you invite people: it is no legal advice and binds nobody as it stands.\n\nThis agreement is between you and the organisation that invited you. It says for what the account may be used.\n\nUse the account only for your work with the organisation. Keep your password to yourself, and say at once if somebody else may know it.\n\nThe organisation may block the account when these rules are not kept. You may stop using it at any time and withdraw your agreement in your profile."
        | "ОБРАЗЕЦ. Замените этот текст до отправки приглашений: это не юридическая консультация, и в таком виде он никого не обязывает.\n\nСоглашение заключается между вами и организацией, которая вас пригласила. В нём сказано, для чего можно использовать учётную запись.\n\nИспользуйте учётную запись только для работы с организацией. Никому не сообщайте пароль и сразу предупредите, если его мог узнать кто-то ещё.\n\nЕсли правила нарушены, организация может заблокировать учётную запись. Вы можете в любой момент перестать ею пользоваться и отозвать согласие в профиле.";
    sample_personal_data = "SAMPLE. Replace this text before you invite people: name the organisation, its address, the purposes and the law that applies.\n\nThe organisation keeps your name, your e-mail address or phone number, your role and the times of your sign-ins, so that you can use the account and the organisation can see who did what.\n\nThe data is kept as long as you have the account. It is not sold and not given to others, but for what the law demands.\n\nYou may ask what is kept about you, have it corrected, and withdraw this agreement in your profile. The account is closed then."
        | "ОБРАЗЕЦ. Замените этот текст до отправки приглашений: укажите организацию, её адрес, цели обработки и применимый закон.\n\nОрганизация хранит ваше имя, адрес эл. почты или номер телефона, роль и время входов, чтобы вы могли пользоваться учётной записью, а организация видела, кто что сделал.\n\nДанные хранятся, пока у вас есть учётная запись. Они не продаются и не передаются другим, кроме случаев, предусмотренных законом.\n\nВы можете узнать, какие данные о вас хранятся, исправить их и отозвать согласие в профиле. Тогда учётная запись закрывается.";
    sample_messages = "SAMPLE. Replace this text: say what you send, how often, and by which way.\n\nThe organisation may send you information messages, such as news and changes of the timetable. Messages that you need for your account come in any case."
        | "ОБРАЗЕЦ. Замените этот текст: укажите, что вы отправляете, как часто и каким способом.\n\nОрганизация может присылать вам информационные сообщения: новости, изменения расписания. Сообщения, нужные для работы учётной записи, приходят в любом случае.";
}

impl Language {
    /// How a kind of text is called.
    pub fn consent_title(self, kind: ConsentKind) -> &'static str {
        match kind {
            ConsentKind::UserAgreement => self.user_agreement(),
            ConsentKind::PersonalData => self.personal_data_agreement(),
            ConsentKind::Messages => self.information_messages(),
        }
    }

    /// What a ticked box says.
    pub fn consent_tick(self, kind: ConsentKind) -> &'static str {
        match kind {
            ConsentKind::UserAgreement => self.accept_user_agreement(),
            ConsentKind::PersonalData => self.accept_personal_data(),
            ConsentKind::Messages => self.accept_messages(),
        }
    }

    /// Why nobody goes on with this box empty.
    pub fn not_agreed(self, kind: ConsentKind) -> &'static str {
        match kind {
            ConsentKind::UserAgreement => self.not_agreed_user_agreement(),
            ConsentKind::PersonalData => self.not_agreed_personal_data(),
            ConsentKind::Messages => self.not_agreed_messages(),
        }
    }

    /// With what an installation starts that asks for this.
    pub fn consent_sample(self, kind: ConsentKind) -> &'static str {
        match kind {
            ConsentKind::UserAgreement => self.sample_user_agreement(),
            ConsentKind::PersonalData => self.sample_personal_data(),
            ConsentKind::Messages => self.sample_messages(),
        }
    }
}
