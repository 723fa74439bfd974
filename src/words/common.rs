//! Words that stand on many pages: buttons, field labels, the shell.

words! {
    show_password = "Show" | "Показать";
    hide_password = "Hide" | "Скрыть";
    copy = "Copy" | "Копировать";
    copied = "Copied" | "Скопировано";
    cancel = "Cancel" | "Отмена";
    save = "Save" | "Сохранить";
    required = "required" | "обязательно";
    previous_page = "Previous" | "Назад";
    next_page = "Next" | "Вперёд";
    close = "Close" | "Закрыть";
    more_actions_for = "More actions for" | "Действия:";
    more_actions(name: &str) = "More actions for {name}" | "Действия: {name}";
    skip_to_content = "Skip to content" | "Перейти к содержанию";
    main_navigation = "Main navigation" | "Основная навигация";
    account_menu(name: &str) = "Account of {name}" | "Учётная запись: {name}";
    users = "Users" | "Пользователи";
    units = "Units" | "Подразделения";
    shifts = "Shifts" | "Смены";
    everywhere = "Everything" | "Всё";
    look_only_at = "Look only at" | "Показывать только";
    all_units = "All units…" | "Все подразделения…";
    invitations = "Invitations" | "Приглашения";
    audit = "Audit" | "Журнал";
    mailbox = "Mailbox" | "Почтовый ящик";
    settings = "Settings" | "Настройки";
    my_profile = "My profile" | "Мой профиль";
    sign_in = "Sign in" | "Войти";
    sign_out = "Sign out" | "Выйти";
    sign_in_again = "Sign in again to go on" | "Войдите снова, чтобы продолжить";
    sign_in_again_text = "Your session has ended. What you typed is still here and is sent as soon as you have signed in."
        | "Сеанс завершён. Всё введённое осталось на месте и уйдёт, как только вы войдёте.";
    password_first_text = "It is a while since you signed in. What you asked for is done as soon as you have typed your password."
        | "С вашего входа прошло много времени. Действие выполнится, как только вы введёте пароль.";
    form_not_sent(why: &str) = "Not sent. {why}" | "Не отправлено. {why}";
    you_are_offline = "No connection. You can go on reading; what you save has to wait." | "Нет связи. Читать можно, сохранить получится позже.";
    leave_unsaved = "Leave without saving?" | "Уйти без сохранения?";
    leave_unsaved_text = "What you typed here would be lost." | "Введённое здесь пропадёт.";
    stay_here = "Stay" | "Остаться";
    discard = "Discard" | "Не сохранять";
    try_again = "Try again" | "Повторить";
    back_to_start = "Back to the start" | "На главную";
    ask_an_administrator(names: &str) = "Ask {names}." | "Обратитесь: {names}.";
}
