//! The words of the palette and of the help: what each page is for, and what the keys do.

words! {
    help = "Help" | "Справка";
    help_and_keys = "Help and keys" | "Справка и клавиши";
    palette = "Go to" | "Перейти";
    palette_hint = "A page, a person or an action" | "Страница, человек или действие";
    palette_nothing = "Nothing has this name." | "Ничего с таким названием.";
    palette_page = "Page" | "Страница";
    palette_action = "Action" | "Действие";
    palette_person = "Person" | "Человек";
    keys = "Keys" | "Клавиши";
    keys_are_on = "Single letters work as keys in this browser" | "Отдельные буквы работают как клавиши в этом браузере";
    key_palette = "Go to a page, a person or an action" | "Перейти к странице, человеку или действию";
    key_search = "Search on this page" | "Поиск на этой странице";
    key_invite = "Invite people" | "Пригласить людей";
    key_rows = "In a list of people: next row, row before" | "В списке людей: следующая строка, предыдущая";
    key_select = "Select the row" | "Выбрать строку";
    key_menu = "Actions for the row" | "Действия со строкой";
    key_edit = "Edit this person" | "Изменить этого человека";
    key_help = "This help" | "Эта справка";
    help_start = "What you hold in this organisation, and everything that you can see or do with it. The name at the top left leads back here."
        | "Ваши роли в организации и всё, что они позволяют видеть и делать. Название слева вверху ведёт сюда.";
    help_users = "Everybody whom you may see, with what they hold and where they stand. Search by any part of a name or an address; the tabs show people by status. The dots at the end of a row say what you can do with that person."
        | "Все, кого вам разрешено видеть: их роли и состояние. Ищите по любой части имени или адреса; вкладки показывают людей по состоянию. Точки в конце строки открывают действия с этим человеком.";
    help_invite = "Paste or type addresses: one, or a whole list. Each is checked before anything is sent. Those that are right go, the others stay here with the reason until you put them right."
        | "Вставьте или введите адреса: один или целый список. Каждый проверяется до отправки. Верные уйдут, остальные останутся здесь с указанием причины, пока вы их не исправите.";
    help_import = "Choose a file with people, or paste rows of a table. Say what its columns hold, mend what has errors, then import. Nothing happens before that, and for a day all of it can be undone."
        | "Выберите файл с людьми или вставьте строки таблицы. Укажите содержимое столбцов, исправьте ошибки и импортируйте. До этого ничего не происходит, а после всё можно отменить в течение суток.";
    help_user = "What is known about this person, what they can see and use, and what happened so far. The buttons at the top do what you are allowed to do."
        | "Что известно об этом человеке, что ему доступно и что с ним происходило. Кнопки вверху выполняют то, что вам разрешено.";
    help_report = "What calls for a look first: old temporary passwords, failed attempts, accounts that nobody uses and that may do much. Below it is everything that is known. It can be sent to your own address."
        | "Сначала то, на что стоит обратить внимание: забытые временные пароли, неудачные попытки, неиспользуемые учётные записи с правами. Ниже всё, что известно. Отчёт можно отправить на свой адрес.";
    help_edit_user = "Put the name, the phone or your own record number right. People who have an account may be the only ones to change their name; then the field is not shown."
        | "Исправьте имя, телефон или табельный номер. Если имя меняет только сам владелец учётной записи, этого поля здесь нет.";
    help_units = "The parts of your organisation, one below the other. Whoever holds a role at a unit holds it in everything below it. A closed unit keeps its history, and nobody works in it."
        | "Части вашей организации, одна под другой. Роль в подразделении действует и во всём, что ниже. Закрытое подразделение хранит историю, но никто в нём не работает.";
    help_move_unit = "Choose where the unit goes. Before you confirm, you see who gains and who loses rights over it."
        | "Выберите, куда переходит подразделение. До подтверждения видно, кто получит права на него и кто их потеряет.";
    help_invitations = "Invitations that are on their way, expired or did not arrive. From here they can be sent again, withdrawn, or their link handed over."
        | "Приглашения, которые ждут ответа, истекли или не дошли. Здесь их можно отправить снова, отозвать или передать ссылку лично.";
    help_shifts = "The plan of one week. Whoever may change it puts people into shifts; everybody else sees their own."
        | "План одной недели. Кто может его менять, назначает людей на смены; остальные видят свои.";
    help_audit = "Who did what, when and to whom. Nothing can be changed or removed here, by anybody."
        | "Кто, что, когда и с кем сделал. Изменить или удалить здесь ничего нельзя никому.";
    help_mailbox = "While there is no mail server, messages are kept here as they would arrive. Copy a link from one and hand it over yourself."
        | "Пока нет почтового сервера, письма хранятся здесь в том виде, в каком пришли бы. Скопируйте ссылку из письма и передайте её сами.";
    help_settings = "What holds for the whole organisation: how long links work, how strong passwords are, who may write names. Each change stands in the audit."
        | "Что действует для всей организации: срок ссылок, надёжность паролей, кто пишет имена. Каждое изменение видно в журнале.";
    help_roles = "What each role may do, and which roles it may give. A change holds for everybody who has the role, from their next click."
        | "Что может каждая роль и какие роли она может давать. Изменение действует для всех, у кого есть эта роль, со следующего их нажатия.";
    help_texts = "The words of the invitation letter. Look at the letter and send yourself one before you save."
        | "Слова письма с приглашением. Посмотрите письмо и отправьте его себе, прежде чем сохранить.";
    help_agreements = "What people agree to: a changed text is a new version, and everybody is asked again."
        | "С чем люди соглашаются: изменённый текст — новая версия, и всех спросят снова.";
    help_who = "Who could do this to a person, and by which role at which unit."
        | "Кто мог бы сделать это с человеком: по какой роли и в каком подразделении.";
    help_profile = "Your own data, password, signed-in devices and the look of the pages."
        | "Ваши данные, пароль, устройства, на которых выполнен вход, и вид страниц.";
}
