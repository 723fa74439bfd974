//! What the product says when it says no: what, why, and how to go on.

use super::Language;
use crate::domain::contact::{DoubtKind, EmailProblem, LoginProblem, PersonNameProblem, PhoneDoubt, PhoneProblem};
use crate::domain::error::{AddressQuestion, Conflict, FileProblem, Invalid, UseCaseError};
use crate::domain::invitation::DeadLink;
use crate::domain::message::Rest;
use crate::domain::password::PasswordProblem;
use crate::domain::policy::Denied;
use crate::domain::role::RoleRefused;
use crate::domain::saved_view::NAME_LIMIT;

words! {
    title_not_found = "Nothing here" | "Здесь ничего нет";
    title_denied = "This is not yours to do" | "У вас нет на это прав";
    title_sign_in = "You are signed out" | "Вы вышли из системы";
    title_password_first = "Type your password" | "Введите пароль";
    title_busy = "Too much at once" | "Слишком много запросов";
    title_broken = "Something broke on our side" | "У нас что-то сломалось";
    title_offline = "No connection" | "Нет соединения";
    title_not_done = "Not done" | "Не выполнено";
    not_found = "There is no such page or person, or it was deleted." | "Такой страницы или такого человека нет, или данные удалены.";
    sign_in_first = "Sign in again to go on. Nothing was changed." | "Войдите снова, чтобы продолжить. Ничего не изменено.";
    password_first = "It is a while since you signed in. Type your password to go on. Nothing was changed."
        | "С вашего входа прошло много времени. Введите пароль, чтобы продолжить. Ничего не изменено.";
    wrong_credentials = "The sign-in name or the password is not right." | "Имя для входа или пароль неверны.";
    access_blocked = "You have no access any more. If that is a mistake, ask an administrator of your organisation." | "У вас больше нет доступа. Если это ошибка, обратитесь к администратору вашей организации.";
    denied_role_lacks = "Your role does not include this. If you need it, ask an administrator." | "В вашей роли этого нет. Если это нужно для работы, обратитесь к администратору.";
    denied_part = "You can look, but not change this." | "Вы можете смотреть, но не изменять.";
    denied_above = "Only somebody with a higher role can change this person." | "Изменить этого человека может только сотрудник с более высокой ролью.";
    denied_yourself = "You cannot do this to yourself. Ask another administrator." | "Сделать это с собой нельзя. Попросите другого администратора.";
    denied_role = "You cannot give this role. Choose another one, or ask a main administrator." | "Эту роль вы назначить не можете. Выберите другую или обратитесь к главному администратору.";
    too_many(minutes: i64) = "Too many tries. Try again in {minutes} min." | "Слишком много попыток. Повторите через {minutes} мин.";
    phone_too_often(times: i64, minutes: i64) = "A phone number can be changed {times} times an hour. Try again in {minutes} min." | "Номер телефона можно менять {times} раз в час. Повторите через {minutes} мин.";
    address_rests(wait: &str) = "This address has had enough messages for now. It can be written to again in {wait}." | "На этот адрес уже отправлено достаточно писем. Снова написать можно через {wait}.";
    inviter_rests(wait: &str) = "You have sent as many messages as one person may in a day. You can go on in {wait}, or ask for a higher limit in Settings." | "Дневной лимит писем для одного человека исчерпан. Продолжить можно через {wait}; лимит меняется в настройках.";
    wait_minutes(minutes: i64) = "{minutes} min" | "{minutes} мин.";
    wait_hours(hours: i64) = "{hours} h" | "{hours} ч.";
    busy = "The server has more to do than it can take. Nothing was changed; try again in a moment." | "Сервер перегружен. Ничего не изменено, повторите через минуту.";
    title_unfit = "The server cannot keep anything" | "Сервер не может сохранять данные";
    database_away = "The database does not answer. Nothing was changed; try again in a moment." | "База данных не отвечает. Ничего не изменено, повторите через минуту.";
    no_room = "There is no room on the server's disk; nothing was changed. Tell whoever runs this server, then try again." | "На диске сервера нет места; ничего не изменено. Сообщите тому, кто обслуживает сервер, затем повторите.";
    storage_fails = "The server cannot read or write its data; nothing was changed. Tell whoever runs this server, then try again." | "Сервер не может прочитать или записать свои данные; ничего не изменено. Сообщите тому, кто обслуживает сервер, затем повторите.";
    unsure = "The server lost its database while it was saving. Look whether it was done before you try again." | "Связь с базой данных прервалась во время сохранения. Прежде чем повторять, проверьте, выполнено ли действие.";
    wrong_set_up_code = "This code does not match the one in the server log." | "Код не совпадает с кодом в журнале сервера.";
    already_set_up = "This installation has been set up already. Sign in instead." | "Система уже настроена. Войдите.";
    cross_site = "The request came from another site and was refused. Open the page here and try again." | "Запрос пришёл с другого сайта и отклонён. Откройте страницу здесь и повторите.";
    other_name(address: &str) = "This installation is reached at {address} and not by the name in the address bar. Go there. If the other name is right, whoever runs the server puts it into USHER_PUBLIC_URL, and a proxy in front passes the visitor's Host on." | "Система доступна по адресу {address}, а не по имени в адресной строке. Перейдите туда. Если верно другое имя, администратор сервера указывает его в USHER_PUBLIC_URL, а прокси передаёт заголовок Host без изменений.";
    too_large(size: u64, most: u64) = "What was sent has {size} KB, and at most {most} KB are taken. Shorten it, or send it in parts." | "Отправлено {size} КБ, а принимается не больше {most} КБ. Сократите или отправьте по частям.";
    too_large_in_pieces(most: u64) = "What was sent is too large: at most {most} KB are taken. Shorten it, or send it in parts." | "Отправлено слишком много: принимается не больше {most} КБ. Сократите или отправьте по частям.";
    unreadable = "The request could not be read. Reload the page and try again." | "Запрос не удалось прочитать. Обновите страницу и повторите.";
    broken(incident: &str) = "Nothing was saved. Try again; if it happens again, give your administrator this number: {incident}" | "Ничего не сохранено. Повторите; если не поможет, сообщите администратору номер: {incident}";
    offline = "The server could not be reached. What you typed is still on this page; try again." | "Сервер недоступен. Введённое осталось на странице, повторите.";
    not_sent(reason: &str) = "The message was not sent. {reason}" | "Письмо не отправлено. {reason}";
    conflict_blocked_already = "This person is blocked already." | "Этот человек уже заблокирован.";
    conflict_not_blocked = "This person is not blocked." | "Этот человек не заблокирован.";
    conflict_blocked = "This person is blocked. Unblock first." | "Этот человек заблокирован. Сначала разблокируйте.";
    conflict_registered = "This person has registered already." | "Этот человек уже зарегистрирован.";
    conflict_not_registered = "This person has not registered yet. Resend the invitation instead." | "Этот человек ещё не зарегистрирован. Отправьте приглашение ещё раз.";
    conflict_already_left = "The invitations have left. Withdraw them instead: then their links no longer work."
        | "Приглашения уже ушли. Отзовите их: тогда ссылки перестанут работать.";
    conflict_rows_forgotten = "This form has stood open for too long: the people who were kept with it are forgotten. Paste the list again."
        | "Форма была открыта слишком долго, и сохранённый вместе с ней список удалён. Вставьте список ещё раз.";
    conflict_withdrawn = "The invitation has been withdrawn already." | "Приглашение уже отозвано.";
    conflict_not_invited = "This person has not been invited." | "Этого человека не приглашали.";
    conflict_import_started = "This list has been imported. Open another one to import more people."
        | "Этот список уже импортирован. Чтобы добавить ещё людей, откройте другой список.";
    conflict_import_looks_otherwise = "With what you have chosen, something else will happen than the page showed. Nobody was imported yet: look at the result, and press the button again."
        | "С выбранным результат другой, чем был показан. Пока никто не импортирован: проверьте, что получится, и нажмите кнопку ещё раз.";
    conflict_nobody_is_archived = "Nobody is archived in this organisation. Take their access away instead, or delete them; the settings decide whether there is an archive."
        | "В этой организации людей не отправляют в архив. Закройте доступ или удалите; есть ли архив, решают настройки.";
    conflict_archiving_has_errors = "Whoever is missing from a list is archived only when all its rows are right. Correct these rows, or leave them out: nobody whose address stands in the list is archived."
        | "Кого нет в списке, уходит в архив, только если все строки верны. Исправьте эти строки или уберите их: никто, чей адрес стоит в списке, в архив не уйдёт.";
    conflict_import_has_errors = "The list is to be taken whole or not at all, and some rows have errors. Correct them, leave them out, or choose to skip bad rows."
        | "Список нужно взять целиком или не брать совсем, а в некоторых строках есть ошибки. Исправьте их, уберите или выберите пропуск строк с ошибками.";
    conflict_nothing_to_undo = "Nothing of this list can be undone any more: the people have come in, or were changed since."
        | "Из этого списка больше ничего нельзя отменить: люди уже вошли или их данные с тех пор изменены.";
    invalid_file_missing = "Choose a file, or paste the rows of a table." | "Выберите файл или вставьте строки таблицы.";
    invalid_file_empty = "There is nothing in this file. Choose another one." | "В этом файле ничего нет. Выберите другой.";
    invalid_file_large = "This file holds more than a list may have. Leave out what is not needed, or divide it into several files."
        | "В этом файле больше, чем помещается в список. Уберите лишнее или разделите его на несколько файлов.";
    invalid_file_old = "This is the old format of Excel. Save the file as XLSX or CSV and choose it again."
        | "Это старый формат Excel. Сохраните файл как XLSX или CSV и выберите его снова.";
    invalid_file_web_page = "This file is a web page, whatever its name says. Open it in a spreadsheet program, save it as XLSX or CSV and choose it again."
        | "Этот файл — веб-страница, как бы он ни назывался. Откройте его в программе для таблиц, сохраните в формате XLSX или CSV и выберите снова.";
    invalid_file_pdf = "This file is a PDF and holds no table that can be read. Choose the XLSX, ODS or CSV file from which it was made."
        | "Этот файл — PDF, таблицу из него прочитать нельзя. Выберите файл XLSX, ODS или CSV, из которого он сделан.";
    invalid_nobody_to_import = "Nobody in this list is ready to be imported. Correct its rows, or choose another list."
        | "В этом списке импортировать некого. Исправьте строки или выберите другой список.";
    invalid_empty_list = "This list has no rows with people in it. Choose another file, or paste rows of a table."
        | "В этом списке нет ни одной строки с людьми. Выберите другой файл или вставьте строки таблицы.";
    invalid_too_many_to_import(most: &str) = "A list may have at most {most} people. Nobody was imported: divide it into several files."
        | "В списке может быть не больше {most} человек. Никто не импортирован: разделите его на несколько файлов.";
    invalid_file_unreadable = "No table could be read from this file. Save it as XLSX, ODS or CSV and choose it again."
        | "Не удалось прочитать таблицу из этого файла. Сохраните его как XLSX, ODS или CSV и выберите снова.";
    conflict_only_by_invitation = "Here nobody is added without an invitation. Send the invitations, or ask whoever may change the settings to allow it."
        | "Здесь никого не добавляют без приглашения. Отправьте приглашения или попросите разрешить это в настройках.";
    conflict_link_ended = "This link no longer works. Resend the invitation to make a new one." | "Ссылка больше не работает. Отправьте приглашение ещё раз.";
    conflict_nothing_arrived = "Nobody is reminded of a message that has not arrived. See what became of it, and send it again." | "О сообщении, которое ещё не дошло, не напоминают. Посмотрите, что с ним, и отправьте приглашение снова.";
    conflict_reminded_today = "A reminder went there within the last 24 hours. Try again tomorrow, or hand over the link." | "За последние сутки напоминание уже отправлено. Попробуйте завтра или передайте ссылку лично.";
    conflict_last = "This is the last active main administrator. Make somebody else main administrator first." | "Это последний действующий главный администратор. Сначала назначьте другого.";
    conflict_changed = "Somebody else changed this in between. Look at the new values and save again." | "Кто-то уже изменил эти данные. Проверьте новые значения и сохраните снова.";
    conflict_invitation_changed = "Somebody has changed this invitation since this page was opened. Look at it as it stands now, then decide again."
        | "Пока страница была открыта, приглашение изменилось. Посмотрите, каким оно стало, и решите снова.";
    conflict_access_changed = "Somebody has changed this person's access since this page was opened. Look at it as it stands now, then decide again."
        | "Пока страница была открыта, доступ этого человека изменился. Посмотрите, каким он стал, и решите снова.";
    conflict_own_name = "This name was entered by the person and cannot be overwritten." | "Имя указал сам пользователь, изменить его нельзя.";
    conflict_email = "This e-mail address belongs to somebody already." | "Этот адрес уже занят.";
    conflict_only_a_number = "This number is for signing in, so it cannot be changed here: an administrator invites the new number instead."
        | "По этому номеру выполняется вход, поэтому изменить его здесь нельзя: администратор пригласит новый номер.";
    conflict_phone = "This phone number belongs to somebody already." | "Этот номер уже занят.";
    conflict_login = "This login belongs to somebody already." | "Этот логин уже занят.";
    conflict_not_confirmed = "This is not what stands above the field. Type it exactly to confirm." | "Введённое не совпадает с тем, что указано над полем. Введите точно, чтобы подтвердить.";
    conflict_no_email = "This person has no e-mail address to write to." | "У этого человека нет адреса электронной почты.";
    conflict_address_not_confirmed = "This person's e-mail address is not confirmed, so nothing more is given to the account. Reset the password: whoever opens the link in that message confirms the address."
        | "Адрес этого человека не подтверждён, поэтому ничего нового этой учётной записи не даётся. Сбросьте пароль: адрес подтвердит тот, кто откроет ссылку из письма.";
    denied_more = "This would give more than you hold yourself. Leave it out, or ask somebody above you." | "Так вы дали бы больше прав, чем есть у вас. Уберите лишнее или обратитесь к вышестоящему администратору.";
    denied_top = "Only main administrators stand at the installation itself. Choose a unit below it." | "На уровне всей системы есть только главные администраторы. Выберите подразделение ниже.";
    denied_four_eyes = "Somebody else than whoever proposed it has to agree." | "Подтвердить должен другой администратор.";
    conflict_archived_already = "This person is archived already." | "Этот человек уже в архиве.";
    conflict_not_archived = "This person is not archived." | "Этот человек не в архиве.";
    conflict_archived = "This person is archived. Bring back first." | "Этот человек в архиве. Сначала верните его.";
    conflict_withdraw_instead = "This person has not come in yet. Withdraw the invitation instead." | "Этот человек ещё не зарегистрирован. Отзовите приглашение.";
    conflict_awaits_approval = "This invitation waits for a second administrator." | "Приглашение ждёт второго администратора.";
    conflict_nothing_to_approve = "Nothing waits for approval here any more." | "Подтверждать здесь больше нечего.";
    conflict_proposer_lost = "Whoever proposed this could no longer do it. Drop it and propose it anew." | "Предложивший больше не вправе это сделать. Снимите предложение и внесите его снова.";
    conflict_already_in_role = "They have this role already." | "У человека уже есть эта роль.";
    conflict_already_there = "This person is in that unit already." | "Этот человек уже в этом подразделении.";
    conflict_several_places = "This person stands in several units: change the role on their card, unit by unit."
        | "Человек состоит в нескольких подразделениях: измените роль в его карточке, в каждом подразделении отдельно.";
    conflict_number_not_confirmed = "That is not the number of people. Type the number that the question names."
        | "Это не то число людей. Введите число, указанное в вопросе.";
    invalid_view_name(most: usize) = "A view has a name of 1 to {most} characters." | "У вида есть имя, от 1 до {most} знаков.";
    conflict_too_many_views = "You have 20 views already. Forget one first." | "Видов уже 20. Сначала удалите один из них.";
    invalid_nobody_selected = "Nobody is selected. Tick those who are meant, or all of them."
        | "Никто не выбран. Отметьте нужные строки или все сразу.";
    conflict_two_take_it_away = "Two administrators together take the role away from this person. First propose to remove them from the unit; until another administrator agrees, blocking works at once."
        | "Роль у этого человека снимают два администратора вместе. Сначала предложите убрать её из подразделения; пока другой администратор не согласился, доступ можно сразу заблокировать.";
    conflict_takes_two = "It takes two administrators to give this back. Do it on the person's card: another administrator is asked to agree then."
        | "Вернуть это могут только два администратора вместе. Сделайте это в карточке человека: второй администратор получит запрос.";
    conflict_last_place = "The invitation offers nothing else. Withdraw it instead." | "Больше в приглашении ничего нет. Отзовите его.";
    conflict_unit_closed = "This unit is archived. Bring it back first." | "Это подразделение в архиве. Сначала верните его.";
    conflict_unit_not_closed = "This unit is not archived." | "Это подразделение не в архиве.";
    conflict_unit_into_itself = "A unit cannot be moved below itself. Choose another place." | "Подразделение нельзя переместить внутрь него самого. Выберите другое место.";
    name_taken(name: &str) = "“{name}” is there already and looks the same. Choose a name that can be told apart." | "«{name}» уже есть и выглядит так же. Выберите название, которое можно отличить.";
    conflict_unit_too_deep = "Units stand at most 16 levels deep. Choose a place nearer to the top." | "Подразделения вкладываются не глубже 16 уровней. Выберите место ближе к верху.";
    conflict_role_in_use = "Somebody holds this role or is offered it. Give these people another role first; the page of the role names them." | "Эта роль у кого-то есть или предложена в приглашении. Сначала назначьте этим людям другую: они названы на странице роли.";
    conflict_role_removed = "The role of this invitation was removed. Give another role first, then send it again." | "Роль из этого приглашения удалена. Сначала назначьте другую, затем отправьте его снова.";
    conflict_many_roles = "There are as many roles as fit. Remove one that nobody holds." | "Ролей слишком много. Удалите ту, которой ни у кого нет.";
    conflict_code_first = "Nobody has shown yet that this address is theirs. Have a code sent there and type it." | "Никто ещё не подтвердил, что адрес принадлежит ему. Запросите код на этот адрес и введите его.";
    wrong_mail_code = "This is not the code from the newest message. Compare the eight digits, or have a new code sent." | "Это не код из последнего письма. Сверьте восемь цифр или запросите новый код.";
    mail_code_expired = "This code has expired. Have a new one sent." | "Срок действия кода истёк. Запросите новый.";
    conflict_has_account = "You have an account already. Sign in to join." | "У вас уже есть учётная запись. Войдите, чтобы присоединиться.";
    dead_awaits_approval = "The invitation waits for a second administrator. A new message will come." | "Приглашение ждёт второго администратора. Придёт новое письмо.";
    invalid_unit_name = "Give the unit a name of at most 100 characters." | "Введите название подразделения, не длиннее 100 знаков.";
    invalid_role_name = "Give the role a name of at most 60 characters." | "Введите название роли, не длиннее 60 знаков.";
    invalid_record = "Enter at most 200 characters as the employee record." | "Введите запись о сотруднике не длиннее 200 знаков.";
    person_gone(when: &str) = "This person was deleted on {when}." | "Этот человек удалён: {when}.";
    person_gone_by(when: &str, by: &str) = "This person was deleted on {when} by {by}." | "Этот человек удалён: {when}, {by}.";
    invalid_shift_title = "Give the shift a title of at most 100 characters." | "Введите название смены, не длиннее 100 знаков.";
    invalid_shift_times = "A shift ends after it begins, and lasts a week at most." | "Смена заканчивается после начала и длится не больше недели.";
    invalid_preset = "Choose a kind of organisation." | "Выберите вид организации.";
    dead_damaged = "Part of the link is missing. Open it from the message again." | "Часть ссылки потерялась. Откройте её из письма ещё раз.";
    dead_superseded = "A newer link was sent. Open the newest message." | "Отправлена более новая ссылка. Откройте последнее письмо.";
    dead_used = "This link has been used already. Sign in instead." | "Эта ссылка уже использована. Войдите.";
    passwords_differ = "The two passwords are not the same. Type both again." | "Пароли не совпадают. Введите оба ещё раз.";
    dead_declined = "The invitation was declined." | "От приглашения отказались.";
    dead_withdrawn = "The invitation was withdrawn." | "Приглашение отозвано.";
    dead_expired = "This link has expired." | "Срок действия ссылки истёк.";
    dead_blocked = "You have no access any more. If that is a mistake, ask an administrator of your organisation." | "У вас больше нет доступа. Если это ошибка, обратитесь к администратору вашей организации.";
    dead_inviter = "Whoever invited you can no longer do so. Ask for a new invitation." | "Пригласивший больше не может приглашать. Попросите новое приглашение.";
    text_too_long(characters: usize, most: usize) = "The text has {characters} characters; at most {most} fit." | "В тексте {characters} знаков, помещается не больше {most}.";
    invalid_unit_too_high(name: &str) = "People are invited to a unit below {name}: choose one of its teams, branches or clients."
        | "Приглашают в подразделение внутри «{name}»: выберите команду, филиал или клиента.";
    invalid_too_many_units(most: usize) = "One invitation goes to {most} at most: choose fewer units."
        | "В одном приглашении не больше подразделений, чем {most}: выберите меньше.";
    invalid_units_at_most = "Choose between 0 and 50 units." | "Выберите от 0 до 50 подразделений.";
    invalid_calling_code = "A country code has up to three digits, such as +375. Leave the field empty to offer none."
        | "Код страны — до трёх цифр, например +375. Оставьте поле пустым, чтобы ничего не предлагать.";
    invalid_bin_days = "Choose between 0 and 365 days." | "Выберите от 0 до 365 дней.";
    invalid_letters_a_day = "Choose between 20 and 100,000 messages a day." | "Выберите от 20 до 100 000 писем в день.";
    invalid_hold = "Choose between 0 and 600 seconds." | "Выберите от 0 до 600 секунд.";
    invalid_validity = "Choose between 10 minutes and 90 days." | "Выберите от 10 минут до 90 дней.";
    invalid_language = "Choose one of the languages." | "Выберите язык из списка.";
    invalid_zone = "There is no such time zone. Write it like Europe/Minsk." | "Такого часового пояса нет. Пример: Europe/Minsk.";
    invalid_role = "Choose a role." | "Выберите роль.";
    invalid_unit = "Choose a unit." | "Выберите подразделение.";
    invalid_unit_inside(inner: &str, outer: &str) = "“{inner}” is a part of “{outer}”, and a role there reaches it already. Choose one of the two."
        | "«{inner}» входит в «{outer}», и роль там уже действует и здесь. Выберите что-то одно.";
    invalid_organisation = "Give the organisation a name of at most 100 characters." | "Введите название организации, не длиннее 100 знаков.";
    invalid_nobody = "Type or paste at least one e-mail address." | "Введите или вставьте хотя бы один адрес.";
    invalid_too_many(most: &str) = "At most {most} people fit into one form." | "За один раз можно пригласить не больше {most} человек.";
    invalid_too_many_to_invite(most: &str) = "At most {most} people fit into one form. Nobody was invited: divide the list and send it in parts." | "В одну форму помещается не больше {most} человек. Приглашения не отправлены: разделите список и отправьте его по частям.";
    invalid_current_password = "The current password is not right." | "Текущий пароль неверен.";
    invalid_time_skipped = "The clocks go forward over this time: it does not exist on that day. Choose one before or after it." | "В этот день часы переводят вперёд, и такого времени нет. Выберите время до или после перевода.";
    invalid_min_length = "Choose a minimum length between 8 and 64." | "Минимальная длина: от 8 до 64.";
    email_empty = "Enter an e-mail address." | "Введите адрес электронной почты.";
    email_no_at = "This is not an address: there is no “@”." | "Это не адрес: нет знака «@».";
    email_several_ats = "There is more than one “@”. Are these two addresses?" | "Знак «@» встречается несколько раз. Возможно, это два адреса?";
    email_nothing_before = "Something is missing before “@”." | "Перед «@» ничего нет.";
    email_nothing_after = "Something is missing after “@”." | "После «@» ничего нет.";
    email_no_dot = "The part after “@” is not complete: there is no dot in it." | "Часть после «@» неполная: в ней нет точки.";
    email_cyrillic(letter: char) = "The “{letter}” is a Cyrillic letter." | "«{letter}» — кириллическая буква.";
    email_forbidden(letter: char) = "An address cannot contain “{letter}”." | "В адресе не может быть «{letter}».";
    email_dot = "There is a dot too many before “@”." | "Перед «@» лишняя точка.";
    email_hyphen = "An address cannot begin with “-”." | "Адрес не может начинаться с «-».";
    email_odd = "An address cannot contain “=?”." | "В адресе не может быть «=?».";
    email_long = "The address is longer than 254 characters, the most that mail servers take." | "Адрес длиннее 254 знаков: больше почтовые серверы не принимают.";
    email_local_long = "The part before “@” is longer than 64 characters, the most that mail servers take." | "Часть до «@» длиннее 64 знаков: больше почтовые серверы не принимают.";
    email_label_long = "A part of the domain, between two dots, is longer than 63 characters, the most that can be." | "Часть домена между точками длиннее 63 знаков: больше быть не может.";
    email_digits = "The part after “@” ends in digits; a domain does not." | "Часть после «@» заканчивается цифрами, у домена так не бывает.";
    email_domain = "The part after “@” is not a domain." | "Часть после «@» — не домен.";
    phone_empty = "Enter a phone number." | "Введите номер телефона.";
    phone_letters(letter: char) = "A phone number cannot contain “{letter}”." | "В номере не может быть «{letter}».";
    phone_country = "The country code is missing. Begin with +, for example +375 29 123-45-67." | "Нет кода страны. Начните с +, например +375 29 123-45-67.";
    phone_bad_country = "No country code begins with 0." | "Код страны не начинается с 0.";
    phone_short = "The number is too short." | "Номер слишком короткий.";
    phone_long = "The number is too long." | "Номер слишком длинный.";
    phone_of_country(country: &str) = "a number of {country}" | "номера {country}";
    phone_of_code(code: u64) = "a number that begins with +{code}" | "номера, который начинается с +{code}";
    address_is_somebodys(address: &str, whom: &str) = "{address} belongs to {whom}, who is here already."
        | "{address} — адрес человека, который уже здесь: {whom}.";
    phone_doubt_short(whose: &str) = "This looks too short for {whose}." | "Слишком коротко для {whose}.";
    phone_doubt_long(whose: &str) = "This looks too long for {whose}." | "Слишком длинно для {whose}.";
    phone_doubt_unused(whose: &str) = "This does not look like {whose}." | "Не те цифры для {whose}.";
    phone_doubt_code = "No country code begins like this." | "Такого кода страны нет.";
    press_again = "Correct it, or press the button again to keep it."
        | "Исправьте или нажмите кнопку ещё раз, чтобы оставить как есть.";
    login_rule = "A login has 3 to 64 Latin letters, digits, dots, hyphens or underscores, and begins with a letter." | "Логин — от 3 до 64 латинских букв, цифр, точек, дефисов или подчёркиваний, начинается с буквы.";
    conflict_many_tokens = "You have as many tokens as one person can have. Revoke one that no program uses."
        | "У вас уже предельное число токенов. Отзовите тот, которым не пользуется ни одна программа.";
    invalid_token_name(most: usize) = "Give the token a name of 1 to {most} characters, for example that of the program."
        | "Назовите токен: от 1 до {most} знаков, например имя программы.";
    invalid_token_life = "A token works for 1 to 365 days. Choose how long." | "Токен действует от 1 до 365 дней. Выберите срок.";
    name_empty = "Enter a name." | "Введите имя.";
    name_long = "A name has at most 200 characters." | "Имя не длиннее 200 знаков.";
    password_short(min: usize) = "Use {min} or more characters. A few words are fine." | "Не меньше {min} знаков. Подойдут несколько слов.";
    password_long = "The password is too long: 1,024 bytes at most." | "Пароль слишком длинный: не больше 1024 байт.";
    password_guessable = "This password is easy to guess. Use a few words that do not belong together." | "Этот пароль легко угадать. Возьмите несколько не связанных слов.";
    password_upper = "Add a capital letter." | "Добавьте заглавную букву.";
    password_lower = "Add a small letter." | "Добавьте строчную букву.";
    password_digit = "Add a digit." | "Добавьте цифру.";
    password_special = "Add a character that is neither letter nor digit." | "Добавьте знак, не являющийся буквой или цифрой.";
}

impl Language {
    /// The heading above a refusal that stands alone on a page.
    pub fn refusal_title(self, refusal: &UseCaseError) -> &'static str {
        match refusal {
            UseCaseError::NotFound => self.title_not_found(),
            UseCaseError::Role(refused) if matches!(**refused, RoleRefused::Unknown) => self.title_not_found(),
            UseCaseError::Role(refused) if refused.is_beyond() => self.title_denied(),
            UseCaseError::Denied(_) | UseCaseError::AccessBlocked | UseCaseError::CrossSite => self.title_denied(),
            UseCaseError::SignInFirst => self.title_sign_in(),
            UseCaseError::PasswordFirst => self.title_password_first(),
            UseCaseError::Busy | UseCaseError::TooMany { .. } | UseCaseError::Rests(_) => self.title_busy(),
            UseCaseError::DatabaseAway | UseCaseError::NoRoom | UseCaseError::StorageFails | UseCaseError::Unsure => {
                self.title_unfit()
            }
            UseCaseError::Broken { .. } => self.title_broken(),
            UseCaseError::Offline => self.title_offline(),
            _ => self.title_not_done(),
        }
    }

    /// A refusal in a sentence.
    pub fn refusal(self, refusal: &UseCaseError) -> String {
        match refusal {
            UseCaseError::SignInFirst => self.sign_in_first().into(),
            UseCaseError::PasswordFirst => self.password_first().into(),
            UseCaseError::WrongCredentials => self.wrong_credentials().into(),
            UseCaseError::AccessBlocked => self.access_blocked().into(),
            UseCaseError::MobileOnly => self.mobile_only().into(),
            UseCaseError::TemporaryPasswordEnded => self.temporary_password_ended().into(),
            UseCaseError::NotFound => self.not_found().into(),
            UseCaseError::PersonGone { when, by: Some(by) } => self.person_gone_by(when, by),
            UseCaseError::PersonGone { when, by: None } => self.person_gone(when),
            UseCaseError::Denied(denied) => self.denied(*denied).into(),
            UseCaseError::Conflict(conflict) => self.conflict(*conflict).into(),
            UseCaseError::Role(refused) => self.role_refused(refused),
            UseCaseError::DeadLink(dead) => self.dead_link(*dead).into(),
            UseCaseError::Invalid(invalid) => self.invalid(invalid),
            UseCaseError::TooMany { seconds } => self.too_many((seconds + 59) / 60),
            UseCaseError::Rests(rest) => self.rests(*rest),
            UseCaseError::PhoneChangedTooOften { seconds } => {
                self.phone_too_often(crate::domain::user::PHONE_CHANGES_AN_HOUR, (seconds + 59) / 60)
            }
            UseCaseError::Busy => self.busy().into(),
            UseCaseError::DatabaseAway => self.database_away().into(),
            UseCaseError::NoRoom => self.no_room().into(),
            UseCaseError::StorageFails => self.storage_fails().into(),
            UseCaseError::Unsure => self.unsure().into(),
            UseCaseError::WrongSetUpCode => self.wrong_set_up_code().into(),
            UseCaseError::WrongMailCode => self.wrong_mail_code().into(),
            UseCaseError::MailCodeExpired => self.mail_code_expired().into(),
            UseCaseError::AlreadySetUp => self.already_set_up().into(),
            UseCaseError::CrossSite => self.cross_site().into(),
            UseCaseError::OtherName { address } => self.other_name(address),
            UseCaseError::TooLarge { size: Some(size), most } => self.too_large(size.div_ceil(1_024), most / 1_024),
            UseCaseError::TooLarge { size: None, most } => self.too_large_in_pieces(most / 1_024),
            UseCaseError::Unreadable => self.unreadable().into(),
            UseCaseError::Broken { incident } => self.broken(incident),
            UseCaseError::NotSent { reason } => self.not_sent(reason),
            UseCaseError::NameTaken { name } => self.name_taken(name),
            UseCaseError::Offline => self.offline().into(),
        }
    }

    fn denied(self, denied: Denied) -> &'static str {
        match denied {
            Denied::NotInRole => self.denied_role_lacks(),
            Denied::NotYourPart => self.denied_part(),
            Denied::NotAbove => self.denied_above(),
            Denied::Yourself => self.denied_yourself(),
            Denied::RoleNotYours => self.denied_role(),
            Denied::MoreThanYours => self.denied_more(),
            Denied::NotAtTheTop => self.denied_top(),
            Denied::FourEyes => self.denied_four_eyes(),
        }
    }

    fn conflict(self, conflict: Conflict) -> &'static str {
        match conflict {
            Conflict::AlreadyBlocked => self.conflict_blocked_already(),
            Conflict::NotBlocked => self.conflict_not_blocked(),
            Conflict::Blocked => self.conflict_blocked(),
            Conflict::AgreeFirst => self.agree_first(),
            Conflict::NothingAgreed => self.nothing_agreed(),
            Conflict::AlreadyRegistered => self.conflict_registered(),
            Conflict::NotRegistered => self.conflict_not_registered(),
            Conflict::AlreadyLeft => self.conflict_already_left(),
            Conflict::RowsForgotten => self.conflict_rows_forgotten(),
            Conflict::AlreadyWithdrawn => self.conflict_withdrawn(),
            Conflict::NotInvited => self.conflict_not_invited(),
            Conflict::ImportStarted => self.conflict_import_started(),
            Conflict::TooManyViews => self.conflict_too_many_views(),
            Conflict::ImportHasErrors => self.conflict_import_has_errors(),
            Conflict::ArchivingHasErrors => self.conflict_archiving_has_errors(),
            Conflict::NobodyIsArchived => self.conflict_nobody_is_archived(),
            Conflict::ImportLooksOtherwise => self.conflict_import_looks_otherwise(),
            Conflict::NothingToUndo => self.conflict_nothing_to_undo(),
            Conflict::OnlyByInvitation => self.conflict_only_by_invitation(),
            Conflict::LinkEnded => self.conflict_link_ended(),
            Conflict::LastMainAdministrator => self.conflict_last(),
            Conflict::ChangedMeanwhile => self.conflict_changed(),
            Conflict::InvitationChanged => self.conflict_invitation_changed(),
            Conflict::AccessChanged => self.conflict_access_changed(),
            Conflict::NameIsOwn => self.conflict_own_name(),
            Conflict::EmailTaken => self.conflict_email(),
            Conflict::PhoneTaken => self.conflict_phone(),
            Conflict::OnlyANumber => self.conflict_only_a_number(),
            Conflict::LoginTaken => self.conflict_login(),
            Conflict::LoginLooksTaken => self.conflict_login_looks(),
            Conflict::NobodyIsHanded => self.conflict_nobody_is_handed(),
            Conflict::TwoGiveIt => self.conflict_two_give_it(),
            Conflict::NotConfirmed => self.conflict_not_confirmed(),
            Conflict::NoEmail => self.conflict_no_email(),
            Conflict::AddressNotConfirmed => self.conflict_address_not_confirmed(),
            Conflict::NothingArrived => self.conflict_nothing_arrived(),
            Conflict::RemindedToday => self.conflict_reminded_today(),
            Conflict::OwnAddressNotConfirmed => self.report_no_address(),
            Conflict::AlreadyArchived => self.conflict_archived_already(),
            Conflict::NotArchived => self.conflict_not_archived(),
            Conflict::Archived => self.conflict_archived(),
            Conflict::WithdrawInstead => self.conflict_withdraw_instead(),
            Conflict::AwaitsApproval => self.conflict_awaits_approval(),
            Conflict::NothingToApprove => self.conflict_nothing_to_approve(),
            Conflict::ProposerLost => self.conflict_proposer_lost(),
            Conflict::AlreadyInRole => self.conflict_already_in_role(),
            Conflict::AlreadyThere => self.conflict_already_there(),
            Conflict::TwoTakeItAway => self.conflict_two_take_it_away(),
            Conflict::TakesTwo => self.conflict_takes_two(),
            Conflict::SeveralPlaces => self.conflict_several_places(),
            Conflict::NumberNotConfirmed => self.conflict_number_not_confirmed(),
            Conflict::LastPlace => self.conflict_last_place(),
            Conflict::UnitClosed => self.conflict_unit_closed(),
            Conflict::UnitNotClosed => self.conflict_unit_not_closed(),
            Conflict::UnitIntoItself => self.conflict_unit_into_itself(),
            Conflict::UnitTooDeep => self.conflict_unit_too_deep(),
            Conflict::RoleInUse => self.conflict_role_in_use(),
            Conflict::RoleRemoved => self.conflict_role_removed(),
            Conflict::TooManyRoles => self.conflict_many_roles(),
            Conflict::TooManyTokens => self.conflict_many_tokens(),
            Conflict::HasAccount => self.conflict_has_account(),
            Conflict::CodeFirst => self.conflict_code_first(),
        }
    }

    /// Why a message does not go now, and when it may.
    pub fn rests(self, rest: Rest) -> String {
        let minutes = (rest.seconds() + 59) / 60;
        let wait = if minutes > 90 { self.wait_hours((minutes + 59) / 60) } else { self.wait_minutes(minutes) };
        match rest {
            Rest::Address { .. } => self.address_rests(&wait),
            Rest::Inviter { .. } => self.inviter_rests(&wait),
        }
    }

    /// Why a link is dead, in a sentence.
    pub fn dead_link(self, dead: DeadLink) -> &'static str {
        match dead {
            DeadLink::Damaged => self.dead_damaged(),
            DeadLink::Superseded => self.dead_superseded(),
            DeadLink::Used => self.dead_used(),
            DeadLink::Withdrawn => self.dead_withdrawn(),
            DeadLink::Declined => self.dead_declined(),
            DeadLink::Expired => self.dead_expired(),
            DeadLink::Blocked => self.dead_blocked(),
            DeadLink::Deleted => self.deleted_next(),
            DeadLink::InviterLost => self.dead_inviter(),
            DeadLink::AwaitsApproval => self.dead_awaits_approval(),
        }
    }

    /// What is asked about an address, or speaks against it.
    fn address_asked(self, address: &str, question: &AddressQuestion) -> String {
        let asked = match question {
            AddressQuestion::Theirs { whom } => return self.address_is_somebodys(address, whom),
            AddressQuestion::Phone(problem) => return self.phone_problem(problem),
            AddressQuestion::Meant(meant) => self.invite_row_misspelt(meant),
            AddressQuestion::Like(whom) => self.invite_row_similar(whom),
            AddressQuestion::SameNumber(whom) => self.invite_row_same_number(whom),
            AddressQuestion::NoMail(domain) => self.invite_row_no_mail_server(domain),
        };
        format!("{asked} {}", self.press_again())
    }

    fn invalid(self, invalid: &Invalid) -> String {
        match invalid {
            Invalid::Email(problem) => self.email_problem(problem),
            Invalid::AddressAsked { address, question } => self.address_asked(address, question),
            Invalid::Phone(problem) => self.phone_problem(problem),
            Invalid::Login(problem) => self.login_problem(problem).into(),
            Invalid::Name(problem) => self.name_problem(problem).into(),
            Invalid::Password(problem) => self.password_problem(*problem),
            Invalid::PasswordsDiffer => self.passwords_differ().into(),
            Invalid::LastName(PersonNameProblem::Empty) => self.invalid_last_name().into(),
            Invalid::FirstName(PersonNameProblem::Empty) => self.invalid_first_name().into(),
            Invalid::LastName(problem) | Invalid::FirstName(problem) => self.name_problem(problem).into(),
            Invalid::PasswordIsTemporary => self.invalid_password_is_temporary().into(),
            Invalid::PersonalTextTooLong { characters } => {
                self.text_too_long(*characters, crate::domain::invitation::PERSONAL_TEXT_LIMIT)
            }
            Invalid::Hold => self.invalid_hold().into(),
            Invalid::LettersADay => self.invalid_letters_a_day().into(),
            Invalid::UnitTooHigh { name } => self.invalid_unit_too_high(name),
            Invalid::TooManyUnits { most } => self.invalid_too_many_units(*most),
            Invalid::UnitsAtMost => self.invalid_units_at_most().into(),
            Invalid::CallingCode => self.invalid_calling_code().into(),
            Invalid::BinDays => self.invalid_bin_days().into(),
            Invalid::Validity => self.invalid_validity().into(),
            Invalid::Language => self.invalid_language().into(),
            Invalid::Zone => self.invalid_zone().into(),
            Invalid::Role => self.invalid_role().into(),
            Invalid::Unit => self.invalid_unit().into(),
            Invalid::UnitInside { inner, outer } => self.invalid_unit_inside(inner, outer),
            Invalid::UnitName => self.invalid_unit_name().into(),
            Invalid::RoleName => self.invalid_role_name().into(),
            Invalid::Record => self.invalid_record().into(),
            Invalid::ShiftTitle => self.invalid_shift_title().into(),
            Invalid::ShiftTimes => self.invalid_shift_times().into(),
            Invalid::TimeSkipped => self.invalid_time_skipped().into(),
            Invalid::Preset => self.invalid_preset().into(),
            Invalid::OrganisationName => self.invalid_organisation().into(),
            Invalid::NobodyToInvite => self.invalid_nobody().into(),
            Invalid::NobodyToImport => self.invalid_nobody_to_import().into(),
            Invalid::EmptyList => self.invalid_empty_list().into(),
            Invalid::TooManyToImport { most } => self.invalid_too_many_to_import(&self.figure(*most)),
            Invalid::ViewName => self.invalid_view_name(NAME_LIMIT),
            Invalid::NobodySelected => self.invalid_nobody_selected().into(),
            Invalid::TooManyAtOnce { most } => self.invalid_too_many(&self.figure(*most)),
            Invalid::File(problem) => match problem {
                FileProblem::Missing => self.invalid_file_missing(),
                FileProblem::Empty => self.invalid_file_empty(),
                FileProblem::TooLarge => self.invalid_file_large(),
                FileProblem::OldFormat => self.invalid_file_old(),
                FileProblem::WebPage => self.invalid_file_web_page(),
                FileProblem::Pdf => self.invalid_file_pdf(),
                FileProblem::Unreadable => self.invalid_file_unreadable(),
            }
            .into(),
            Invalid::TooManyToInvite { most } => self.invalid_too_many_to_invite(&self.figure(*most)),
            Invalid::CurrentPasswordWrong => self.invalid_current_password().into(),
            Invalid::TokenName => self.invalid_token_name(crate::domain::token::NAME_LIMIT),
            Invalid::TokenLife => self.invalid_token_life().into(),
            Invalid::MinimumLength => self.invalid_min_length().into(),
            Invalid::MailText { part, problem } => self.mail_text_problem(*part, problem),
            Invalid::ConsentText => self.invalid_consent_text().into(),
            Invalid::ConsentTextTooLong { language } => {
                self.invalid_consent_text_too_long(language.own_name(), crate::domain::consent::LONGEST_TEXT)
            }
            Invalid::NotAgreed(kind) => self.not_agreed(*kind).into(),
        }
    }

    /// What is wrong with an address.
    pub fn email_problem(self, problem: &EmailProblem) -> String {
        match problem {
            EmailProblem::CyrillicLetter { letter, .. } => return self.email_cyrillic(*letter),
            EmailProblem::ForbiddenCharacter(letter) => return self.email_forbidden(*letter),
            EmailProblem::Empty => self.email_empty(),
            EmailProblem::NoAt => self.email_no_at(),
            EmailProblem::SeveralAts => self.email_several_ats(),
            EmailProblem::NothingBeforeAt => self.email_nothing_before(),
            EmailProblem::NothingAfterAt => self.email_nothing_after(),
            EmailProblem::NoDotInDomain => self.email_no_dot(),
            EmailProblem::MisplacedDot => self.email_dot(),
            EmailProblem::LeadingHyphen => self.email_hyphen(),
            EmailProblem::EncodedWord => self.email_odd(),
            EmailProblem::LocalTooLong => self.email_local_long(),
            EmailProblem::LabelTooLong => self.email_label_long(),
            EmailProblem::TooLong => self.email_long(),
            EmailProblem::NumericEnding => self.email_digits(),
            EmailProblem::BadDomain => self.email_domain(),
        }
        .into()
    }

    /// What is wrong with a phone number.
    pub fn phone_problem(self, problem: &PhoneProblem) -> String {
        match problem {
            PhoneProblem::Doubtful { .. } => format!("{} {}", self.phone_looks(problem), self.press_again()),
            other => self.phone_mistake(other),
        }
    }

    /// The same where no button is pressed again: how to go on stands beside it.
    pub fn phone_looks(self, problem: &PhoneProblem) -> String {
        problem.doubt().map_or_else(|| self.phone_mistake(problem), |doubt| self.phone_doubt(doubt))
    }

    /// The same without the names of countries, which a browser has no need to fetch: nothing of a number that is only
    /// doubtful.
    pub fn phone_mistake(self, problem: &PhoneProblem) -> String {
        match problem {
            PhoneProblem::ForbiddenCharacter(letter) => return self.phone_letters(*letter),
            PhoneProblem::Doubtful { .. } => "",
            PhoneProblem::Empty | PhoneProblem::NoDigits => self.phone_empty(),
            PhoneProblem::CountryCodeMissing { .. } => self.phone_country(),
            PhoneProblem::BadCountryCode => self.phone_bad_country(),
            PhoneProblem::TooShort => self.phone_short(),
            PhoneProblem::TooLong => self.phone_long(),
        }
        .into()
    }

    /// What speaks against a phone number.
    fn phone_doubt(self, doubt: &PhoneDoubt) -> String {
        let country = doubt.region.as_deref().and_then(|region| self.of_country(region));
        let whose = match (country, doubt.code) {
            (Some(country), _) => self.phone_of_country(country),
            (None, Some(code)) => self.phone_of_code(u64::from(code)),
            (None, None) => return self.phone_doubt_code().into(),
        };
        match doubt.kind {
            DoubtKind::TooShort => self.phone_doubt_short(&whose),
            DoubtKind::TooLong => self.phone_doubt_long(&whose),
            DoubtKind::NotInUse => self.phone_doubt_unused(&whose),
            DoubtKind::NoSuchCode => self.phone_doubt_code().into(),
        }
    }

    fn login_problem(self, _: &LoginProblem) -> &'static str {
        self.login_rule()
    }

    /// What is wrong with a name.
    pub fn name_problem(self, problem: &PersonNameProblem) -> &'static str {
        match problem {
            PersonNameProblem::Empty => self.name_empty(),
            PersonNameProblem::TooLong => self.name_long(),
        }
    }

    /// What is wrong with a password.
    pub fn password_problem(self, problem: PasswordProblem) -> String {
        match problem {
            PasswordProblem::TooShort { min } => return self.password_short(min),
            PasswordProblem::TooLong => self.password_long(),
            PasswordProblem::Guessable => self.password_guessable(),
            PasswordProblem::NeedsUpper => self.password_upper(),
            PasswordProblem::NeedsLower => self.password_lower(),
            PasswordProblem::NeedsDigit => self.password_digit(),
            PasswordProblem::NeedsSpecial => self.password_special(),
        }
        .into()
    }
}
