//! The words of the invite form and of the list of invitations.

use super::Language;
use crate::domain::paste::{PasteProblem, SheetDamage};
use crate::domain::review::RoundStop;
use crate::domain::timestamp::Duration;
use crate::domain::user::Status;

words! {
    invite_title = "Invite people" | "Пригласить людей";
    invite_lead = "Paste addresses from anywhere. What looks wrong stays here and is never sent without your word."
        | "Вставьте адреса откуда угодно. Всё сомнительное останется здесь и не уйдёт без вашего подтверждения.";
    invite_addresses = "Addresses" | "Адреса";
    invite_addresses_or_numbers = "Addresses or phone numbers" | "Адреса или номера телефонов";
    invite_addresses_hint = "Any number, one per line or separated by commas, semicolons or spaces. Names are welcome: Ivan Petrov <ivan@example.com>"
        | "Сколько угодно: по одному в строке или через запятую, точку с запятой, пробел. Можно с именами: Иван Петров <ivan@example.com>";
    invite_aside = "Read, and not used here:" | "Прочитано, но здесь не использовано:";
    sheet_shortened = "A spreadsheet shortened this number, and its last digits are gone. Format the column as text there and copy it again."
        | "Таблица сократила этот номер, последних цифр в нём больше нет. Задайте там столбцу текстовый формат и скопируйте снова.";
    sheet_hidden = "The column of the spreadsheet was too narrow, and only signs were copied. Widen it and copy it again."
        | "Столбец таблицы был слишком узким, и скопировались только знаки. Расширьте его и скопируйте снова.";
    sheet_formula = "A formula of the spreadsheet found nothing here. Type what is meant."
        | "Формула таблицы ничего здесь не нашла. Введите нужное вручную.";
    sheet_date = "A spreadsheet made a date of this. Format the column as text there and copy it again."
        | "Таблица превратила это в дату. Задайте там столбцу текстовый формат и скопируйте снова.";
    invite_check = "Check addresses" | "Проверить адреса";
    invitation_to = "To" | "Кому";
    invitation_from = "Sent" | "Отправлено";
    invite_role = "Role" | "Роль";
    invite_role_hint = "For everyone in this form. Only roles that you may give are listed."
        | "Для всех в этой форме. Показаны только роли, которые вы можете назначить.";
    invite_language = "Language of the invitation" | "Язык приглашения";
    invite_validity = "The invitation works for" | "Срок действия приглашения";
    invite_as_usual(span: &str) = "As usual: {span}" | "Как обычно: {span}";
    invite_as_usual_by_role(span: &str) = "As usual: {span}, or by role" | "Как обычно: {span} или по роли";
    invite_as_usual_for(roles: &str) = "Roles with a length of their own: {roles}." | "Свой срок у ролей: {roles}.";
    invite_span_until(span: &str, until: &str) = "{span} — until {until}" | "{span} — до {until}";
    invite_text = "Personal message" | "Личное сообщение";
    invite_text_hint(most: usize) = "Optional. Plain text, at most {most} characters; it stands in the e-mail."
        | "Необязательно. Простой текст, не больше {most} знаков, он будет в письме.";
    invite_text_length(length: usize, most: usize) = "{length}/{most}" | "{length}/{most}";

    invite_not_sent = "Not sent" | "Не отправлено";
    invite_row_ready = "Ready" | "Готово";
    invite_rows_new = "No account is known to you under those that are ready: treated as new." | "Учётных записей с готовыми данными вы не знаете: будут новые.";
    invite_row_new = "No account is known to you under this: treated as new." | "Учётной записи с этими данными вы не знаете: будет новая.";
    invite_row_misspelt(meant: &str) = "Did you mean {meant}?" | "Возможно, имелось в виду {meant}?";
    invite_row_similar(whom: &str) = "Very close to {whom}. Same person?" | "Очень похоже на {whom}. Это один человек?";
    invite_without_number(address: &str) = "Somebody else: invite {address} without this number"
        | "Другой человек: пригласить {address} без этого номера";
    invite_row_same_number(whom: &str) = "The same number as {whom}. Same person?" | "Тот же номер, что у {whom}. Это один человек?";
    invite_row_role(text: &str) = "The list says the role “{text}”, and you can give no such role here. Choose another one for this person, or leave the role for everyone."
        | "В списке роль «{text}», назначить такую здесь нельзя. Выберите другую для этого человека или оставьте общую.";
    invite_keep_role(address: &str) = "Role as for everyone: keep {address}" | "Роль как у всех: оставить {address}";
    invite_row_unit(text: &str) = "The list says the unit “{text}”, and this form invites elsewhere. Choose that unit below, or import the list from a file: there, everybody goes to their own."
        | "В списке подразделение «{text}», а форма приглашает в другое. Выберите его ниже или загрузите список из файла: там каждая строка попадёт в своё.";
    invite_keep_unit(address: &str) = "Invite here all the same: keep {address}" | "Всё равно пригласить сюда: оставить {address}";
    invite_row_no_mail_server(domain: &str) = "“{domain}” cannot receive e-mail (no mail server)."
        | "«{domain}» не принимает почту (нет почтового сервера).";
    invite_row_phone = "Invitations go by e-mail. Enter an address for this number, or have Settings allow SMS."
        | "Приглашения отправляются по почте. Введите адрес для этого номера или разрешите SMS в настройках.";
    invite_by_sms = "Whoever stands in the list with a number alone gets an SMS with a short link. The personal message goes by e-mail only."
        | "Те, у кого в списке только номер, получат SMS с короткой ссылкой. Личное сообщение уходит только по почте.";
    invite_row_known(title: &str, status: &str) = "Already here: {title} ({status})" | "Уже в системе: {title} ({status})";
    invite_row_invited_here(title: &str, status: &str) = "{title} ({status}) is invited here, too"
        | "{title} ({status}): пригласим и сюда";
    invite_row_joins(title: &str, status: &str) = "{title} ({status}) is asked to join with the same account"
        | "{title} ({status}): предложим присоединиться с той же учётной записью";
    invite_where = "Where" | "Куда";
    invite_where_hint = "One unit or several; the role reaches everything below them."
        | "Одно подразделение или несколько; роль действует и во всём, что ниже.";
    invite_where_unless(unit: &str) = "With nothing ticked, people are invited to {unit}."
        | "Если ничего не отмечено, приглашение будет в «{unit}».";
    invite_where_gives_way = "Filled in for you. A unit that you tick above or below it takes its place."
        | "Подставлено автоматически. Если отметить подразделение выше или ниже, будет выбрано только оно.";
    invite_enter_adds = "Enter sends a single address at once; of several it makes a list to look through. Ctrl and Enter send all of it."
        | "Enter сразу отправляет один адрес, а из нескольких составляет список для проверки. Ctrl и Enter отправляют всё.";
    invite_add_person = "Add a person" | "Добавить человека";
    invite_new_address = "E-mail address of this person" | "Адрес почты этого человека";
    invite_number = "Phone number, if there is one" | "Номер телефона, если есть";
    invite_for_all_alike(text: &str) = "The same for everybody with “{text}”" | "Так же для всех с «{text}»";
    invite_name = "Name, if you know it" | "Имя, если известно";
    invite_put_back = "Put back" | "Вернуть в список";
    invite_restored = "What you typed here before is back, and goes along when you send." | "Введённое здесь раньше снова на месте и уйдёт вместе с остальным.";
    invite_start_afresh = "Start afresh" | "Начать заново";
    invite_leaving = "Not everybody here has been invited. Keep the list in this tab?"
        | "Приглашены ещё не все. Сохранить список в этой вкладке?";
    invite_keep_draft = "Keep as draft" | "Сохранить черновик";
    invite_discard = "Discard" | "Не сохранять";
    invite_to_whom(n: &str) = "To whom: {n}" | "Кому: {n}";
    invite_go_on = "Stay here" | "Остаться";
    invite_sign_in_elsewhere = "This opens another tab; what you typed stays here. Then send again."
        | "Вход откроется в другой вкладке, введённое останется здесь. После входа отправьте снова.";
    invite_find_unit = "Find a unit" | "Найти подразделение";
    invite_find = "Find" | "Найти";
    invite_units_more = "More units match. Type a part of the name." | "Найдено больше. Введите часть названия.";
    invite_no_unit = "No unit matches." | "Подразделение не найдено.";
    invite_waits = "waits for a second administrator" | "ждёт второго администратора";
    invite_bring_back_instead = "Bring back instead" | "Вернуть из архива";
    invite_use(address: &str) = "Use {address}" | "Использовать {address}";
    invite_keep(address: &str) = "Keep {address}" | "Оставить {address}";
    invite_different(address: &str) = "Different person: keep {address}" | "Другой человек: оставить {address}";
    invite_send_anyway(address: &str) = "Send anyway: keep {address}" | "Всё равно отправить: оставить {address}";
    invite_same = "Same person: leave out" | "Тот же человек: не приглашать";
    invite_look_at(whom: &str) = "Look at {whom}" | "Посмотреть: {whom}";
    invite_correct(typed: &str) = "Correct {typed}" | "Исправить {typed}";
    invite_address_of(typed: &str) = "E-mail address for {typed}" | "Адрес почты для {typed}";
    invite_open_card = "Open card" | "Открыть карточку";
    invite_resend_instead = "Resend instead" | "Отправить ещё раз";
    invite_remove = "Remove" | "Убрать";
    invite_role_of(whom: &str) = "Role of {whom}" | "Роль: {whom}";
    invite_as_for_everyone = "As for everyone" | "Как у всех";
    invite_sms_in_mailbox = "No SMS gateway is set up: the text messages wait in the mailbox."
        | "SMS-шлюз не настроен: SMS ждут в почтовом ящике.";
    invite_nothing_leaves = "No mail server is set up here, so no message leaves. Hand the links over from the cards, or ask whoever runs this server."
        | "Почтовый сервер здесь не настроен, письма не уходят. Передайте ссылки из карточек или обратитесь к тому, кто обслуживает сервер.";
    invite_in_mailbox = "No mail server is set up: the messages wait in the mailbox."
        | "Почтовый сервер не настроен: письма ждут в почтовом ящике.";
    invite_open_mailbox = "Open mailbox" | "Открыть ящик";
    invite_leaves_in = "You can undo this for # s." | "Вернуть можно ещё # с.";
    invite_take_back = "Undo" | "Вернуть";
    invite_send_now = "Send now" | "Отправить сейчас";
    invite_under_way(done: &str, all: &str) = "Inviting people: {done} of {all}" | "Отправка приглашений: {done} из {all}";
    invite_only_add = "Add without inviting" | "Добавить без приглашения";
    invite_adding(done: &str, all: &str) = "Adding people: {done} of {all}" | "Добавление людей: {done} из {all}";
    invite_added_text = "Nothing was sent. They stand in the table as Not invited, and you can invite them from there whenever you like."
        | "Ничего не отправлено. В таблице у них статус «Без приглашения», пригласить можно оттуда в любой момент.";
    invite_show_not_invited = "Show who is not invited" | "Показать людей без приглашения";
    invite_may_leave = "This goes on by itself. You can leave this page and come back to it; the result stays here for a week."
        | "Отправка идёт сама. Страницу можно закрыть и вернуться к ней: результат останется здесь на неделю.";
    invite_refresh = "Show how far it is" | "Обновить";
    invite_under_way_link = "A list is being invited: show how far it is" | "Идёт отправка приглашений по списку: показать";
    invite_stopped = "The round was stopped" | "Отправка остановлена";
    invite_stopped_rights = "You may not invite to this role or place any more. Those who were not invited stay here."
        | "Приглашать на эту роль или в это подразделение вам больше нельзя. Остальные люди из списка остались здесь.";
    invite_stopped_place = "The unit was closed, or the unit or the role is gone. Those who were not invited stay here: choose another place and send again."
        | "Подразделение закрыто либо подразделение или роль удалены. Остальные люди из списка остались здесь: выберите другое и отправьте снова.";
    invite_stopped_asked = "Somebody stopped it. Who was taken before stays; nothing more happens to the others."
        | "Импорт остановили. Кого уже взяли, те остаются; с остальными ничего не произойдёт.";
    invite_stopped_broken = "Something broke on our side. Those who were not invited stay here: send them again."
        | "У нас что-то сломалось. Остальные люди из списка остались здесь: отправьте их снова.";
    invite_all_invitations = "All invitations" | "Все приглашения";
    invite_more = "Invite more" | "Пригласить ещё";
    invite_done = "Done" | "Готово";

    fix_address = "Fix address and resend" | "Исправить адрес и отправить";
    fix_address_right = "Right address" | "Правильный адрес или номер";
    fix_address_hint(old: &str) = "Now: {old}. The old link stops working at once, and a new message goes to the address below."
        | "Сейчас: {old}. Старая ссылка сразу перестанет работать, новая уйдёт туда, что указано ниже.";
    fix_address_send = "Send to this address" | "Исправить и отправить";

    invitations_by_status = "Invitations by status" | "Приглашения по статусу";
    invitations_all = "All" | "Все";
    invitations_older = "Older than" | "Давность больше:";
    invitations_any_age = "Any age" | "любой срок";
    invitations_none_older(days: &str) = "No invitation is older than {days}" | "Нет приглашений старше, чем {days}";
    invitations_pages = "Pages" | "Страницы";
    invitation_by(who: &str, when: &str) = "Invited by {who}, {when}" | "Приглашает {who}, {when}";
    invitation_made(when: &str) = "Invited {when}" | "Приглашение от {when}";
    invitation_story = "What happened so far" | "Что происходило";
    invitation_story_of(who: &str) = "What happened so far: {who}" | "Что происходило: {who}";
    invitation_link = "Invitation link" | "Ссылка приглашения";
    invitation_link_of(who: &str) = "Invitation link of {who}" | "Ссылка приглашения: {who}";
    invitation_link_hint = "Give it to this person only. Before they register, they type a code that we send to the address: if nothing arrives there, fix the address first."
        | "Передайте её только этому человеку. До регистрации нужно ввести код, который мы отправим на адрес: если туда ничего не приходит, сначала исправьте адрес.";
    second_agrees(roles: &str, names: &str) = "{roles}: a second administrator has to agree before anything leaves, for example {names}. The same goes for extra permissions that only these roles have."
        | "{roles}: прежде чем письмо уйдёт, должен согласиться второй администратор, например {names}. Так же и с дополнительными правами, которые есть только у этих ролей.";
    second_is_missing(roles: &str) = "{roles}: this takes two administrators, and nobody else could agree yet, so the invitation would wait."
        | "{roles}: для этого нужны два администратора, а согласиться пока больше некому, поэтому приглашение будет ждать.";
    second_is_missing_way = "Let one be enough: the role's page in the settings says what that means." | "Пусть хватает одного: на странице роли в настройках сказано, что это значит.";
    invitations_none = "No invitations yet" | "Приглашений пока нет";
    invitations_none_text = "Invite your first colleague: you see here what became of every invitation."
        | "Пригласите первого коллегу: здесь видно, что стало с каждым приглашением.";
    invitations_none_invited = "No open invitations" | "Открытых приглашений нет";
    invitations_none_waiting = "Nothing is waiting to be sent" | "Нет писем в очереди";
    invitations_none_failed = "No problems" | "Ошибок нет";
    invitations_none_failed_text = "The mail server took every message." | "Почтовый сервер принял все письма.";
    invitations_none_expired = "No expired invitations" | "Просроченных приглашений нет";
    invitations_none_withdrawn = "No withdrawn invitations" | "Отозванных приглашений нет";
    invitations_none_accepted = "Nobody has accepted an invitation yet" | "Принятых приглашений пока нет";
    invitations_none_to_approve = "Nothing waits for approval" | "Подтверждать нечего";
    invitations_none_here = "No such invitations" | "Таких приглашений нет";
}

/// A number with its word: English has two forms of it, Russian three.
pub(super) fn counted(language: Language, n: usize, english: [&str; 2], russian: [&str; 3]) -> String {
    let word = match language {
        Language::English => english[usize::from(n != 1)],
        Language::Russian => match (n % 10, n % 100) {
            (_, 11..=14) => russian[2],
            (1, _) => russian[0],
            (2..=4, _) => russian[1],
            _ => russian[2],
        },
    };
    word.replacen('#', &language.figure(n), 1)
}

impl Language {
    /// The main button of the invite form; it counts who is ready.
    pub fn invite_send(self, ready: usize) -> String {
        if ready == 0 {
            return match self {
                Self::English => "Send invitations",
                Self::Russian => "Отправить приглашения",
            }
            .into();
        }
        counted(
            self,
            ready,
            ["Send # invitation", "Send # invitations"],
            ["Отправить # приглашение", "Отправить # приглашения", "Отправить # приглашений"],
        )
    }

    /// What everybody of a form gets, in a line; what is empty is left out.
    pub fn invite_everyone_gets(self, role: &str, units: &str, language: &str, until: &str) -> String {
        let part = |text: &str, said: String| (!text.is_empty()).then_some(said);
        let parts = match self {
            Self::English => [
                part(role, format!("as {role}")),
                part(units, format!("at {units}")),
                part(language, format!("in {language}")),
                part(until, format!("the link works until {until}")),
            ],
            Self::Russian => [
                part(role, format!("роль «{role}»")),
                part(units, format!("куда: {units}")),
                part(language, format!("язык: {language}")),
                part(until, format!("ссылка действует до {until}")),
            ],
        };
        let said = parts.into_iter().flatten().collect::<Vec<_>>().join(", ");
        match self {
            Self::English => format!("Everyone is invited {said}."),
            Self::Russian => format!("Для всех: {said}."),
        }
    }

    /// What stands above the people to whom an invitation was made just now.
    pub fn invite_sent(self, n: usize) -> String {
        counted(
            self,
            n,
            ["# invitation is on its way", "# invitations are on their way"],
            ["Отправляется # приглашение", "Отправляются # приглашения", "Отправляется # приглашений"],
        )
    }

    /// What stands above the people who were added without being invited.
    pub fn invite_added(self, n: usize) -> String {
        counted(
            self,
            n,
            ["# person was added", "# people were added"],
            ["Добавлен # человек", "Добавлены # человека", "Добавлено # человек"],
        )
    }

    /// What stands above the people whose messages can still be taken back.
    pub fn invite_held(self, n: usize) -> String {
        counted(
            self,
            n,
            ["# invitation leaves in a moment", "# invitations leave in a moment"],
            ["Скоро уйдёт # приглашение", "Скоро уйдут # приглашения", "Скоро уйдёт # приглашений"],
        )
    }

    /// What stands above the people whose invitations wait for a second administrator, and beside the others.
    pub fn invite_await(self, n: usize) -> String {
        counted(
            self,
            n,
            ["# invitation waits for a second administrator", "# invitations wait for a second administrator"],
            [
                "# приглашение ждёт второго администратора",
                "# приглашения ждут второго администратора",
                "# приглашений ждут второго администратора",
            ],
        )
    }

    /// How many rows there are.
    pub fn invite_rows(self, n: usize) -> String {
        counted(self, n, ["# person", "# people"], ["# человек", "# человека", "# человек"])
    }

    pub fn invite_ready(self, n: usize) -> String {
        counted(self, n, ["# ready", "# ready"], ["# готово", "# готовы", "# готовы"])
    }

    pub fn invite_to_check(self, n: usize) -> String {
        counted(self, n, ["# to check", "# to check"], ["проверить: #", "проверить: #", "проверить: #"])
    }

    pub fn invite_to_fix(self, n: usize) -> String {
        counted(self, n, ["# cannot be sent", "# cannot be sent"], ["исправить: #", "исправить: #", "исправить: #"])
    }

    pub fn invite_set_aside(self, n: usize) -> String {
        counted(
            self,
            n,
            ["# already here", "# already here"],
            ["# уже в системе", "# уже в системе", "# уже в системе"],
        )
    }

    /// What stands beside the main button while not everybody goes.
    pub fn invite_stay(self, n: usize) -> String {
        counted(
            self,
            n,
            ["# row stays here.", "# rows stay here."],
            ["# строка останется здесь.", "# строки останутся здесь.", "# строк останется здесь."],
        )
    }

    pub fn invite_cleaned(self, n: usize) -> String {
        counted(
            self,
            n,
            ["Cleaned # entry.", "Cleaned # entries."],
            ["Очищена # запись.", "Очищены # записи.", "Очищено # записей."],
        )
    }

    pub fn invite_merged(self, n: usize) -> String {
        counted(
            self,
            n,
            ["# repeated address was merged.", "# repeated addresses were merged."],
            ["Объединён # повтор.", "Объединены # повтора.", "Объединено # повторов."],
        )
    }

    /// Rows that are at a limit.
    pub fn invite_later(self, n: usize) -> String {
        counted(self, n, ["# to send later", "# to send later"], ["# отправить позже"; 3])
    }

    /// Rows that are kept and not shown, of which nothing is asked.
    pub fn invite_more_ready(self, n: usize) -> String {
        counted(
            self,
            n,
            ["# more person is ready and goes with these.", "# more people are ready and go with these."],
            [
                "Готов ещё # человек: приглашение уйдёт вместе с этими.",
                "Готовы ещё # человека: приглашения уйдут вместе с этими.",
                "Готово ещё # человек: приглашения уйдут вместе с этими.",
            ],
        )
    }

    /// Rows that are kept and not shown, and wait for those before them.
    pub fn invite_more_waiting(self, n: usize) -> String {
        counted(
            self,
            n,
            ["# more row is shown when these are done.", "# more rows are shown when these are done."],
            [
                "Ещё # строка появится, когда с этими будет закончено.",
                "Ещё # строки появятся, когда с этими будет закончено.",
                "Ещё # строк появятся, когда с этими будет закончено.",
            ],
        )
    }

    /// People who were invited and are not named one by one.
    pub fn invite_and_more(self, n: usize) -> String {
        counted(self, n, ["and # more", "and # more"], ["и ещё #"; 3])
    }

    /// A length of time in whole minutes, in hours or days where it is.
    pub fn span(self, length: Duration) -> String {
        let whole =
            |unit: Duration| (length.0 % unit.0 == 0).then(|| usize::try_from(length.0 / unit.0).unwrap_or_default());
        if let Some(days) = whole(Duration::days(1)) {
            return counted(self, days, ["# day", "# days"], ["# день", "# дня", "# дней"]);
        }
        if let Some(hours) = whole(Duration::hours(1)) {
            return counted(self, hours, ["# hour", "# hours"], ["# час", "# часа", "# часов"]);
        }
        let minutes = usize::try_from(length.0 / Duration::minutes(1).0).unwrap_or_default();
        counted(self, minutes, ["# minute", "# minutes"], ["# минута", "# минуты", "# минут"])
    }

    /// How many invitations the page shows.
    pub fn invitations_shown(self, n: usize) -> String {
        counted(
            self,
            n,
            ["# invitation on this page", "# invitations on this page"],
            ["# приглашение на странице", "# приглашения на странице", "# приглашений на странице"],
        )
    }

    /// Why a round was stopped.
    pub fn round_stop(self, why: RoundStop) -> &'static str {
        match why {
            RoundStop::Rights => self.invite_stopped_rights(),
            RoundStop::Place => self.invite_stopped_place(),
            RoundStop::Broken => self.invite_stopped_broken(),
            RoundStop::Asked => self.invite_stopped_asked(),
        }
    }

    /// What is wrong with something that was pasted.
    pub fn paste_problem(self, problem: &PasteProblem) -> String {
        match problem {
            PasteProblem::Email(problem) => self.email_problem(problem),
            PasteProblem::Phone(problem) => self.phone_looks(problem),
            PasteProblem::Spreadsheet(damage) => self.sheet_damage(*damage).into(),
        }
    }

    /// What a spreadsheet did to a cell, and how to go on.
    pub fn sheet_damage(self, damage: SheetDamage) -> &'static str {
        match damage {
            SheetDamage::Shortened => self.sheet_shortened(),
            SheetDamage::Hidden => self.sheet_hidden(),
            SheetDamage::Formula => self.sheet_formula(),
            SheetDamage::Date => self.sheet_date(),
        }
    }

    /// That there is no invitation of a status.
    pub fn no_invitations(self, status: Option<Status>) -> &'static str {
        match status {
            None => self.invitations_none(),
            Some(Status::Invited) => self.invitations_none_invited(),
            Some(Status::Waiting) => self.invitations_none_waiting(),
            Some(Status::Failed) => self.invitations_none_failed(),
            Some(Status::Expired) => self.invitations_none_expired(),
            Some(Status::Withdrawn) => self.invitations_none_withdrawn(),
            Some(Status::Active) => self.invitations_none_accepted(),
            Some(Status::AwaitingApproval) => self.invitations_none_to_approve(),
            Some(Status::NotInvited | Status::Blocked | Status::Archived) => self.invitations_none_here(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn russian_counts_with_three_forms() {
        let send = |n| Language::Russian.invite_send(n);
        assert_eq!(send(1), "Отправить 1 приглашение");
        assert_eq!(send(3), "Отправить 3 приглашения");
        assert_eq!(send(12), "Отправить 12 приглашений");
        assert_eq!(send(21), "Отправить 21 приглашение");
        assert_eq!(send(0), "Отправить приглашения");
        assert_eq!(Language::English.invite_send(1), "Send 1 invitation");
    }

    #[test]
    fn a_length_of_time_is_said_in_days_where_it_is_whole_days() {
        assert_eq!(Language::English.span(Duration::hours(8)), "8 hours");
        assert_eq!(Language::English.span(Duration::hours(72)), "3 days");
        assert_eq!(Language::Russian.span(Duration::days(21)), "21 день");
        assert_eq!(Language::Russian.span(Duration::hours(25)), "25 часов");
    }
}
