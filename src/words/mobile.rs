//! The mobile surface, logins and temporary passwords.

words! {
    mobile_door_lead = "Your shifts and your profile, for the phone. Add this page to your home screen to open it like an app."
        | "Ваши смены и ваш профиль, удобно с телефона. Добавьте эту страницу на домашний экран, чтобы открывать её как приложение.";
    mobile_sign_in_name = "Login, e-mail or phone" | "Логин, эл. почта или телефон";
    mobile_forgot = "Forgot your password? Ask your administrator for a new temporary one. If you have an e-mail address here, you can also ask for a link on the usual sign-in page."
        | "Забыли пароль? Попросите у администратора новый временный. Если здесь указана ваша почта, ссылку можно запросить и на обычной странице входа.";
    mobile_begin_again = "Sign in with your temporary password once more: the page for your own password was open for too long."
        | "Войдите с временным паролем ещё раз: страница для своего пароля была открыта слишком долго.";
    mobile_no_shifts = "No shifts in this week." | "На этой неделе смен нет.";
    mobile_password = "My password" | "Пароль";
    mobile_password_ends = "You will be signed out on all other devices." | "На остальных устройствах сеанс завершится.";
    mobile_current_password = "Current password" | "Текущий пароль";
    mobile_password_saved = "Your new password is saved." | "Новый пароль сохранён.";
    open_mobile = "Open the page for phones" | "Открыть страницу для телефона";

    own_password_title = "Set your own password" | "Задайте свой пароль";
    own_password_lead = "Your temporary password was right. It opens nothing else: set a password that only you know, and you are in."
        | "Временный пароль верный, но больше он ничего не открывает: задайте пароль, который знаете только вы, и вы войдёте.";
    own_password_save = "Save and go on" | "Сохранить и продолжить";

    method_label = "Authorization method" | "Способ авторизации";
    method_by_email = "E-mail" | "Эл. почта";
    method_by_login = "Login" | "Логин";
    add_login_title = "Add somebody with a login" | "Добавить по логину";
    add_login_lead = "For people without an e-mail address: you hand over the login and a temporary password, they set their own at the first sign-in. They use the page for phones only."
        | "Для тех, у кого нет эл. почты: вы передаёте логин и временный пароль, свой пароль задаётся при первом входе. Доступна только страница для телефона.";
    last_name = "Last name" | "Фамилия";
    first_name = "First name" | "Имя";
    login_hint = "Latin letters, digits, dot, hyphen, low line; it begins with a letter."
        | "Латинские буквы, цифры, точка, дефис, подчёркивание; первая — буква.";
    phone_optional_hint = "Optional, with the country code." | "Необязательно, с кодом страны.";
    add_login_button = "Add and show the password" | "Добавить и показать пароль";

    slip_title = "Hand this over now" | "Передайте эти данные сейчас";
    slip_once = "The password is shown this once. If it gets lost, make a new one with “Reset password”."
        | "Пароль показан один раз. Если он потеряется, создайте новый: «Сбросить пароль».";
    slip_password = "Temporary password" | "Временный пароль";
    slip_where = "Sign in at" | "Страница входа";
    slip_until(until: &str) = "Works until {until}, for setting one's own password and nothing else."
        | "Действует до {until} и только для того, чтобы задать свой пароль.";
    slip_picture = "The sign-in page as a QR code" | "Страница входа в виде QR-кода";
    slip_picture_hint = "For the camera of their phone: it opens the page, and holds neither login nor password."
        | "Для камеры телефона: открывает страницу входа, логина и пароля в нём нет.";
    slip_copy_all = "Copy all" | "Скопировать всё";
    slip_copy_password = "Copy password" | "Скопировать пароль";
    slip_print = "Print slip" | "Напечатать";
    temporary_waits(until: &str) = "The temporary password has not been used yet. It works until {until}."
        | "Временный пароль ещё не использован. Он действует до {until}.";
    temporary_over = "The temporary password was not used and has ended. Make a new one with “Reset password”."
        | "Временный пароль не был использован и больше не действует. Создайте новый: «Сбросить пароль».";
    surfaces_mobile = "page for phones only" | "только страница для телефона";
    surfaces_both = "panel and page for phones" | "панель и страница для телефона";
    do_hand_password = "Make and copy password" | "Создать и скопировать пароль";
    ask_hand_password(name: &str) = "Create a temporary password for {name}?" | "Создать временный пароль: {name}?";
    tell_hand_password = "The old password stops working now and all devices are signed out. You see the new one once and hand it over; at the next sign-in a lasting one is set."
        | "Старый пароль сразу перестанет действовать, все сеансы завершатся. Новый вы увидите один раз и передадите; при следующем входе задаётся постоянный.";

    mobile_only = "With a login you use the page for phones, not this one. Go there and sign in with the same login and password."
        | "С логином доступна страница для телефона, а не эта. Перейдите туда и войдите с тем же логином и паролем.";
    temporary_password_ended = "This temporary password is no longer valid. Ask whoever gave it to you for a new one."
        | "Этот временный пароль больше не действует. Попросите новый у того, кто его выдал.";
    conflict_login_looks = "A login that looks almost the same is there already. Choose one that differs by more than dots, hyphens or letters that look alike."
        | "Почти такой же логин уже есть. Выберите такой, который отличается не только точками, дефисами или похожими знаками.";
    conflict_nobody_is_handed = "Nobody is added with a login here: the settings say so. Invite by e-mail instead, or have the setting changed."
        | "По логину здесь никого не добавляют: так решено в настройках. Пригласите по почте или попросите изменить настройку.";
    conflict_two_give_it = "Two administrators give this role together, so nobody hands it over with a login. Choose another role, or invite by e-mail."
        | "Эту роль дают два администратора вместе, поэтому по логину её не передают. Выберите другую роль или пригласите по почте.";
    invalid_last_name = "Enter the last name." | "Введите фамилию.";
    invalid_first_name = "Enter the first name." | "Введите имя.";
    invalid_password_is_temporary = "This is the temporary password, which somebody else knows. Choose another one."
        | "Это временный пароль, его знает кто-то ещё. Выберите другой.";

    did_add_login(who: &str, whom: &str, login: &str) = "{who} added {whom} with the login {login}"
        | "{who}: добавлено по логину {login} ({whom})";
    did_hand_password(who: &str, whom: &str) = "{who} made a temporary password for {whom}"
        | "{who}: создан временный пароль ({whom})";

}
