//! The words of the users table, of a person's card and of the questions asked there.

use super::Language;
use crate::domain::contact::Channel;
use crate::domain::membership::Standing;
use crate::domain::message::outcome::DeliveryReason;
use crate::domain::user::UserAction;
use crate::domain::vocabulary::Vocabulary;

words! {
    row_erased_on(when: &str) = "deleted, erased {when}" | "удалено, сотрётся {when}";
    until(when: &str) = "until {when}" | "до {when}";
    view_only = "View only" | "Только просмотр";
    view_only_ask(names: &str) = "View only — changes are made by administrators ({names})"
        | "Только просмотр — изменения вносят администраторы ({names})";

    invite_people = "Invite people" | "Пригласить";
    views = "Views" | "Виды";
    everyone = "All" | "Все";
    invitation_status = "Invitation status" | "Статус приглашения";
    saved_views = "Saved views" | "Сохранённые виды";
    saved_views_lead = "A view is a list with everything it is narrowed to and the way it is sorted, under a name."
        | "Вид — это список с отбором и порядком под своим именем.";
    no_views = "No views yet" | "Видов пока нет";
    view_name = "Name of the list that you came from" | "Имя списка, с которого вы пришли";
    view_shared = "For everybody who sees people" | "Для всех, кто видит людей";
    view_shared_hint = "Each sees only people within their own reach there." | "Каждый увидит там только доступных ему людей.";
    view_is_shared = "for everybody" | "для всех";
    save_view = "Save view" | "Сохранить вид";
    forget_view = "Forget" | "Удалить";
    forget_view_of(name: &str) = "Forget {name}" | "Удалить: {name}";
    search = "Search" | "Поиск";
    search_people = "Search name, e-mail, phone, login" | "Имя, почта, телефон, логин";
    role = "Role" | "Роль";
    search_by_column = "Search by column" | "Поиск по столбцам";
    any_role = "Any role" | "Любая роль";
    apply = "Apply" | "Применить";
    clear_filters = "Clear filters" | "Сбросить фильтры";
    column_name = "Name" | "Имя";
    card_archived = "In the archive: no access any more." | "В архиве: доступа больше нет.";
    column_status = "Status" | "Статус";
    column_added = "Added" | "Дата добавления";
    column_last_seen = "Last seen" | "Последний вход";
    row_no_mailbox = "No such mailbox" | "Нет такого ящика";
    row_no_number = "No such number" | "Нет такого номера";
    row_number_closed = "Number takes no messages" | "Номер не принимает сообщений";
    row_gateway = "SMS gateway trouble" | "Сбой шлюза SMS";
    row_no_domain = "No such domain" | "Нет такого домена";
    row_mailbox_full = "Mailbox full" | "Ящик переполнен";
    row_mailbox_closed = "Mailbox closed" | "Ящик закрыт";
    row_unwanted = "Refused as unwanted" | "Отклонено как нежелательное";
    row_too_big = "Message too big" | "Письмо слишком большое";
    row_bad_address = "Not a usable address" | "На адрес нельзя написать";
    row_mail_server = "Mail server trouble" | "Сбой почтового сервера";
    row_may_have_left = "May have arrived" | "Могло дойти";
    row_not_delivered = "Not delivered" | "Не доставлено";
    row_never_came = "Has not come in yet" | "Входов ещё не было";
    row_fix = "Fix address" | "Исправить адрес";
    row_cancel_of(status: &str, name: &str) = "{status}. Cancel the invitation: {name}" | "{status}. Отменить приглашение: {name}";
    row_fix_of(name: &str) = "Fix address: {name}" | "Исправить адрес: {name}";
    fix_title(name: &str) = "Fix the address of {name}?" | "Исправить адрес: {name}?";
    address_fixed = "Sent to the new address. What was sent before no longer works."
        | "Отправлено на новый адрес. Отправленное раньше больше не действует.";
    link_copied(name: &str) = "Link copied. Hand it to {name} and nobody else." | "Ссылка скопирована. Передайте её только адресату: {name}.";
    show_archived = "Show" | "Показать";
    age = "Not accepted for" | "Не принято";
    any_age = "However long" | "За любой срок";
    with_age(days: &str) = "not accepted for {days}" | "не принято {days}";
    columns = "Columns" | "Столбцы";
    address_below_name = "Address below the name" | "Адрес под именем";
    row_height = "Row height" | "Высота строк";
    rows_comfortable = "Comfortable" | "Просторно";
    rows_compact = "Compact" | "Плотно";
    show_like_this = "Show like this" | "Показывать так";
    less_than_an_hour_left = "less than an hour left" | "меньше часа";
    actions = "Actions" | "Действия";
    pages_of_list = "Pages" | "Страницы";
    some_of(shown: &str, matching: &str) = "{shown} of {matching}" | "{shown} из {matching}";
    more_than_match(most: &str) = "More than {most} match" | "Найдено больше {most}";
    list_changes(n: usize) = "Changes in the list: {n}" | "Изменений в списке: {n}";
    show_changes = "Show" | "Показать";
    loading = "Loading" | "Загрузка";
    no_users_yet = "No users yet" | "Пользователей пока нет";
    nobody_else_yet = "Nobody else is here yet" | "Кроме вас, здесь пока никого нет";
    invite_the_first = "Invite your first colleagues: paste their addresses and check them before anything is sent."
        | "Пригласите первых коллег: вставьте адреса и проверьте их перед отправкой.";
    nobody_matches(criteria: &str) = "Nobody matches {criteria}" | "Никто не найден: {criteria}";
    page_is_empty = "This page of the list is empty" | "Эта страница списка пуста";
    first_page = "To the first page" | "На первую страницу";
    quoted_search(text: &str) = "“{text}”" | "«{text}»";
    with_status(status: &str) = "status {status}" | "статус «{status}»";
    with_role(role: &str) = "role {role}" | "роль «{role}»";
    users_not_loaded = "Could not load users" | "Не удалось загрузить пользователей";
    filters_kept = "Your filters are kept." | "Фильтры сохранены.";
    user_deleted = "Deleted. The history keeps a number instead of the name." | "Удалено. В журнале вместо имени остался номер.";

    open = "Open" | "Открыть";
    edit = "Edit" | "Изменить";
    change_role = "Change role" | "Изменить роль";
    delete = "Delete…" | "Удалить…";
    reset_password = "Reset password" | "Сбросить пароль";
    add_place = "Add a unit" | "Добавить подразделение";
    remove_place = "Remove" | "Убрать";
    archive = "Archive" | "В архив";
    bring_back = "Bring back" | "Вернуть";
    approve = "Approve" | "Подтвердить";
    resend = "Resend" | "Отправить снова";
    remind = "Remind" | "Напомнить";
    ask_remind(name: &str) = "Remind {name} of the invitation?" | "Напомнить о приглашении: {name}?";
    tell_remind(address: &str) = "The same invitation goes to {address} once more, and ends when it did before. Once a day at most."
        | "На {address} ещё раз уйдёт то же приглашение, его срок не изменится. Не чаще раза в день.";
    do_remind = "Send reminder" | "Отправить напоминание";
    now_reminded = "A reminder is on its way." | "Напоминание отправляется.";
    card_reminded(when: &str) = "Reminded {when}." | "Напоминание {when}.";
    withdraw = "Withdraw" | "Отозвать";
    copy_link = "Copy link" | "Скопировать ссылку";

    details = "Details" | "Сведения";
    history = "History" | "История";
    invitation = "Invitation" | "Приглашение";
    full_name = "Full name" | "Имя и фамилия";
    email = "E-mail" | "Почта";
    login = "Login" | "Логин";
    phone = "Phone" | "Телефон";
    name_is_theirs = "People write their names themselves: the settings say so." | "Имя каждый пишет сам: так решено в настройках.";
    record = "Employee record" | "Запись о сотруднике";
    record_hint = "A number or a web address in your own register of employees. May be empty."
        | "Номер или веб-адрес в вашем учёте сотрудников. Можно оставить пустым.";
    company = "Company" | "Компания";
    language = "Language" | "Язык";
    sign_in_method = "Authorization method" | "Способ авторизации";
    method_email = "E-mail and password" | "Почта и пароль";
    method_login = "Login and password" | "Логин и пароль";
    method_phone = "Phone and password" | "Телефон и пароль";
    created = "Created" | "Дата создания";
    when_by(when: &str, who: &str) = "{when}, by {who}" | "{when}, {who}";
    last_changed = "Last changed" | "Последнее изменение";
    this_is_you = "This is you. Your name, language and password are on your own page."
        | "Это вы. Имя, язык и пароль меняются на вашей странице.";
    card_invited_by(who: &str, when: &str) = "Invited by {who}, {when}." | "Приглашение создано {when}, {who}.";
    card_sent_again(when: &str) = "Sent again {when}." | "Отправлено повторно {when}.";
    card_invited_at(when: &str) = "Invited {when}." | "Приглашение создано {when}.";
    card_link_until(when: &str) = "The invitation works until {when}." | "Приглашение действует до {when}.";
    reason = "Reason" | "Причина";
    link_for(name: &str) = "Give this link only to {name}" | "Передайте ссылку только этому человеку: {name}";
    undo = "Undo" | "Отменить";

    saved = "Saved." | "Сохранено.";
    role_changed = "The role is changed. It counts from the next click." | "Роль изменена. Она уже действует.";
    reset_sent = "The link is on its way." | "Ссылка отправляется.";
    now_resent = "A new invitation is on its way. The old one no longer works."
        | "Новое приглашение отправляется. Прежнее больше не действует.";
    now_withdrawn = "Withdrawn. What was sent no longer works." | "Приглашение отозвано. Отправленное больше не действует.";

    edit_title(name: &str) = "Edit {name}" | "Изменить: {name}";
    name_entered_by(name: &str) = "{name} entered this name. Only the person can change it."
        | "Имя введено самим пользователем и меняется только на его странице.";
    phone_hint = "With the country code, for example +375 29 123-45-67. May be empty."
        | "С кодом страны, например +375 29 123-45-67. Можно оставить пустым.";
    email_stays = "The address is what the person signs in with and cannot be changed here. For another address, send a new invitation."
        | "С этим адресом человек входит, изменить его здесь нельзя. Для другого адреса отправьте новое приглашение.";
    login_stays = "The login is what the person signs in with and cannot be changed here."
        | "С этим логином человек входит, изменить его здесь нельзя.";
    stored_now(value: &str) = "Stored now: {value}" | "Сейчас сохранено: {value}";

    reason_hint = "Optional; administrators see it." | "Необязательно; видна администраторам.";
    ask_archive(name: &str) = "Archive {name}?" | "Отправить в архив: {name}?";
    tell_archive(name: &str) = "{name} has left: no way in, the data stays, and role and units are kept. You can bring the person back."
        | "{name}: доступ закрывается, данные, роль и подразделения остаются. Человека можно вернуть.";
    do_archive(name: &str) = "Archive {name}" | "В архив: {name}";
    ask_bring_back(name: &str) = "Bring {name} back?" | "Вернуть из архива: {name}?";
    tell_bring_back(name: &str) = "{name} comes back as before leaving, with the same role, units and password, and is told so. Whoever was blocked then is blocked still."
        | "{name}: вернутся прежние роль, подразделения и пароль, об этом придёт сообщение. Если доступ тогда был закрыт, он останется закрытым.";
    tell_back_into_archive(name: &str) = "{name} had left before being deleted: back in the archive, with no access, and nothing is erased."
        | "{name}: до удаления уже в архиве, туда и вернётся – без доступа, данные не стираются.";
    do_bring_back(name: &str) = "Bring {name} back" | "Вернуть: {name}";
    ask_approve(name: &str) = "Let the invitation of {name} go?" | "Отправить приглашение: {name}?";
    tell_approve(who: &str, what: &str) = "{who} offers: {what}. With your word the message leaves at once."
        | "{who} предлагает: {what}. После подтверждения письмо уйдёт сразу.";
    do_approve = "Approve and send" | "Подтвердить и отправить";
    ask_remove(name: &str, unit: &str) = "Remove {name} from {unit}?" | "Убрать из «{unit}»: {name}?";
    tell_remove(unit: &str) = "Access to {unit} ends now. Who stands nowhere else is archived; nothing is deleted."
        | "Доступ к «{unit}» закончится сейчас. Кто больше нигде не состоит, попадёт в архив; ничего не удаляется.";
    do_remove(unit: &str) = "Remove from {unit}" | "Убрать из «{unit}»";
    ask_add_place(name: &str) = "Add {name} to another unit" | "Добавить в подразделение: {name}";
    tell_add_place = "It counts from the next click; while an invitation is open, it becomes part of it."
        | "Действует сразу; пока приглашение открыто, становится его частью.";
    tell_add_place_by_letter(address: &str) = "The address is not confirmed, so the place is only offered: a message goes to {address}, and it counts once somebody accepts it there."
        | "Адрес не подтверждён, поэтому место только предлагается: на {address} уйдёт письмо, и оно заработает, когда его примут.";
    do_add_place = "Add" | "Добавить";
    ask_role_at(name: &str, unit: &str) = "Role of {name} in {unit}" | "Роль в «{unit}»: {name}";
    now_archived = "Archived." | "Теперь в архиве.";
    now_back = "Brought back." | "Возвращено.";
    now_added = "Added." | "Добавлено.";
    now_removed = "Removed from the unit." | "Убрано из подразделения.";
    second_agrees_first = "A second administrator has to agree first; until then nothing changes."
        | "Сначала должен согласиться второй администратор; до этого ничего не изменится.";
    propose_removal = "Propose to remove" | "Предложить убрать";
    second_agrees_to(roles: &str) = "{roles}: a second administrator has to agree first. The same goes for extra permissions that only these roles have."
        | "{roles}: сначала должен согласиться второй администратор. Так же и с дополнительными правами, которые есть только у этих ролей.";
    access_proposed = "Nothing has changed yet: a second administrator has to agree. It stands below and under Invitations, To approve."
        | "Пока ничего не изменилось: нужно согласие второго администратора. Предложение — ниже и в разделе «Приглашения», «На подтверждении».";
    now_approved = "Approved. The message is on its way." | "Подтверждено. Письмо отправляется.";
    leaves_shifts(n: i64) = "Shifts that are left: {n}." | "Освобождается смен: {n}.";
    shifts_stay_empty = "Shifts do not come back." | "Смены не возвращаются.";
    access = "Access" | "Доступ";
    stands_elsewhere = "This person also stands in units that you do not see. Whatever concerns the person as a whole is for somebody above all of them."
        | "Этот человек состоит и в подразделениях, которых вы не видите. Общие действия доступны тому, кто выше их всех.";
    extra_permissions = "Extra permissions" | "Дополнительные права";
    extra_permissions_hint = "On top of the role, in this unit only. Never more than you hold yourself."
        | "Сверх роли и только в этом подразделении. Не больше, чем есть у вас.";
    what_can_person_do(name: &str) = "What can {name} do here, and why?" | "Что здесь может {name} и почему?";
    because_role(role: &str, unit: &str) = "role {role}, {unit}" | "роль «{role}», {unit}";
    because_extra(unit: &str) = "extra permission, {unit}" | "дополнительное право, {unit}";
    can_nothing_here = "Nothing but their own profile." | "Только свой профиль.";
    may_give_roles(roles: &str) = "May give: {roles}" | "Может назначать: {roles}";
    address_not_confirmed = "Address not confirmed" | "Адрес не подтверждён";
    address_not_answered = "Came in by a link to the phone number; no message to this address has been answered yet."
        | "Вход был по ссылке на номер телефона; на письмо по этому адресу ещё не ответили.";
    number_not_confirmed = "not confirmed" | "не подтверждён";
    address_not_confirmed_hint = "Came in by a link that was handed over; no message to this address has been answered yet."
        | "Вход по переданной ссылке; на письма по этому адресу ещё не отвечали.";
    waits_for_second(who: &str) = "Proposed by {who}; a second administrator has to agree." | "Предложение: {who}; нужен второй администратор.";
    unit = "Unit" | "Подразделение";
    invited_to(unit: &str) = "invited to {unit}" | "приглашение: {unit}";
    standing_offered = "offered" | "предложено";
    standing_archived = "archived" | "в архиве";
    ask_delete(name: &str) = "Delete {name}?" | "Удалить: {name}?";
    tell_delete = "This cannot be undone. The name and the addresses are erased; the history keeps a number. To keep the data, take only the access away."
        | "Отменить это нельзя. Имя и адреса стираются, в журнале остаётся номер. Чтобы сохранить данные, закройте только доступ.";
    tell_bin(name: &str, when: &str) = "{name} has no access from now on; open invitations stop working. Until {when} you can bring the person back as they were, with these invitations, from Archived. Then name and addresses are erased."
        | "{name}: доступ закрывается сейчас, открытые приглашения перестают действовать. До {when} человека можно вернуть из архива вместе с ними, потом имя и адреса стираются.";
    do_bin(name: &str) = "Delete {name}" | "Удалить: {name}";
    now_binned(name: &str) = "{name} is deleted." | "Удалено: {name}.";
    card_binned(when: &str) = "Deleted: no access any more. Name and addresses are erased on {when}; until then you can bring the person back."
        | "Удалено: доступа больше нет. Имя и адреса сотрутся {when}; до этого человека можно вернуть.";
    type_to_confirm(address: &str) = "Type {address} to confirm" | "Для подтверждения введите {address}";
    delete_forever = "Delete forever" | "Удалить навсегда";
    ask_reset(name: &str) = "Send {name} a link to set a new password?" | "Отправить ссылку для нового пароля: {name}?";
    tell_reset(address: &str) = "It goes to {address} and works once, for 60 minutes. The present password works until then."
        | "Она уйдёт на {address} и действует один раз, 60 минут. До этого действует прежний пароль.";
    do_reset = "Send link" | "Отправить ссылку";
    ask_withdraw(name: &str) = "Withdraw the invitation of {name}?" | "Отозвать приглашение: {name}?";
    tell_withdraw = "The invitation in the message stops working at once. You can invite again later."
        | "Приглашение из сообщения сразу перестанет действовать. Позже можно пригласить снова.";
    keep = "Keep" | "Оставить";
    do_withdraw = "Withdraw invitation" | "Отозвать приглашение";
    do_invite = "Invite" | "Пригласить";
    ask_invite(name: &str) = "Invite {name}?" | "Отправить приглашение: {name}?";
    tell_invite(address: &str) = "The invitation goes to {address}, with the text and for the time that were chosen when the person was added."
        | "Приглашение уйдёт на {address} с текстом и сроком, выбранными при добавлении.";
    now_invited = "The invitation is on its way." | "Приглашение отправляется.";
    card_not_invited = "Added without an invitation: nothing has been sent yet. Everything chosen then is kept for the day of the invitation."
        | "Добавлено без приглашения: ничего ещё не отправлено. Всё выбранное тогда сохранено до дня приглашения.";
    ask_resend(name: &str) = "Send the invitation of {name} again?" | "Отправить приглашение снова: {name}?";
    now_resent_same = "The same invitation is on its way again."
        | "То же приглашение отправляется снова.";
    tell_resend_same(address: &str) = "The same invitation goes to {address} again and its time starts anew."
        | "На {address} снова уйдёт то же приглашение, срок начнётся заново.";
    tell_resend(address: &str) = "A new invitation goes to {address} and its time starts anew. The old one stops working."
        | "На {address} уйдёт новое приглашение, его срок начнётся заново. Прежнее перестанет действовать.";
    do_resend = "Resend invitation" | "Отправить приглашение снова";
    tell_role = "The new role counts from the next click." | "Новая роль действует сразу.";
    ask_link(name: &str) = "Show the invitation link of {name}?" | "Показать ссылку приглашения: {name}?";
    tell_link(name: &str) = "With it {name} can come in after typing a code that we send to the address. Give it to nobody else. The history keeps that you looked."
        | "По этой ссылке можно войти ({name}) после ввода кода, который мы отправим на адрес. Не передавайте её другим. Показ ссылки попадёт в журнал.";
    do_link = "Show link" | "Показать ссылку";
}

impl Language {
    /// A number with its thousands apart: `12,345`, `12 345`.
    pub fn figure(self, number: impl TryInto<i64>) -> String {
        let number = number.try_into().unwrap_or(i64::MAX);
        let digits = number.unsigned_abs().to_string();
        // Not broken between lines.
        let apart = match self {
            Self::English => ',',
            Self::Russian => '\u{a0}',
        };
        let mut figure = String::new();
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                figure.push(apart);
            }
            figure.push(digit);
        }
        if number < 0 { format!("−{figure}") } else { figure }
    }

    /// Why an invitation did not arrive, in as few words as a row has room for.
    pub fn failed_shortly(self, channel: Option<Channel>, reason: Option<DeliveryReason>) -> &'static str {
        let is_sms = channel == Some(Channel::Sms);
        match reason {
            Some(DeliveryReason::NoSuchRecipient | DeliveryReason::NoSuchDomain) if is_sms => self.row_no_number(),
            Some(DeliveryReason::RecipientFull | DeliveryReason::RecipientClosed) if is_sms => self.row_number_closed(),
            Some(DeliveryReason::NoSuchRecipient) => self.row_no_mailbox(),
            Some(DeliveryReason::NoSuchDomain) => self.row_no_domain(),
            Some(DeliveryReason::RecipientFull) => self.row_mailbox_full(),
            Some(DeliveryReason::RecipientClosed) => self.row_mailbox_closed(),
            Some(DeliveryReason::Unwanted) => self.row_unwanted(),
            Some(DeliveryReason::TooBig) => self.row_too_big(),
            Some(DeliveryReason::BadAddress) => self.row_bad_address(),
            Some(DeliveryReason::UnclearAnswer | DeliveryReason::NoAnswer) => self.row_may_have_left(),
            Some(
                DeliveryReason::SignInRefused
                | DeliveryReason::RelayRefuses
                | DeliveryReason::RelayBusy
                | DeliveryReason::Unreachable
                | DeliveryReason::HostUnknown
                | DeliveryReason::TooSlow
                | DeliveryReason::Dropped
                | DeliveryReason::NotEncrypted
                | DeliveryReason::PrivateAddress
                | DeliveryReason::Broken,
            ) => {
                if is_sms {
                    self.row_gateway()
                } else {
                    self.row_mail_server()
                }
            }
            Some(DeliveryReason::TryLater | DeliveryReason::Interrupted | DeliveryReason::Refused) | None => {
                self.row_not_delivered()
            }
        }
    }

    /// That a search found nobody but people who have left.
    pub fn archived_matches(self, n: &str, is_one: bool) -> String {
        match self {
            Self::English if is_one => format!("{n} archived match"),
            Self::English => format!("{n} archived matches"),
            Self::Russian => format!("Найдено в архиве: {n}"),
        }
    }

    /// How one membership stands; nothing for an active one.
    pub fn standing(self, vocabulary: Vocabulary, standing: Standing) -> &'static str {
        match standing {
            Standing::Active => "",
            Standing::Offered => self.standing_offered(),
            Standing::Blocked => self.standing_out(vocabulary),
            Standing::Archived => self.standing_archived(),
        }
    }

    /// What the button or the menu item of an action says.
    pub fn action(self, action: UserAction) -> &'static str {
        match action {
            UserAction::See => self.open(),
            UserAction::Edit => self.edit(),
            UserAction::ChangeRole => self.change_role(),
            UserAction::AddPlace => self.add_place(),
            UserAction::RemovePlace => self.remove_place(),
            UserAction::Archive => self.archive(),
            UserAction::BringBack => self.bring_back(),
            UserAction::Approve => self.approve(),
            UserAction::Block => self.block(),
            UserAction::Unblock => self.unblock(),
            UserAction::Delete => self.delete(),
            UserAction::ResetPassword => self.reset_password(),
            UserAction::Resend => self.resend(),
            UserAction::Remind => self.remind(),
            UserAction::Withdraw => self.withdraw(),
            UserAction::CopyLink => self.copy_link(),
            UserAction::Report => self.security_report(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Language;

    #[test]
    fn thousands_stand_apart() {
        for (number, english) in
            [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567"), (-4_321, "−4,321")]
        {
            assert_eq!(Language::English.figure(number), english);
            assert_eq!(Language::Russian.figure(number), english.replace(',', "\u{a0}"));
        }
    }
}
