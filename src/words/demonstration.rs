//! The page of a demonstration.

words! {
    demonstration = "Demonstration" | "Демонстрация";
    demonstration_bar = "Demonstration: everybody here is invented. Let time pass, or be somebody else."
        | "Демонстрация: все люди здесь вымышлены. Переведите время или войдите как кто-то другой.";
    demonstration_lead = "Everybody here is invented, and no message leaves: each lands in the mailbox of the main administrators. Look around as one of these people, and let time pass to see links run out and reminders go."
        | "Все люди здесь вымышлены, и ни одно сообщение никуда не уходит: все они попадают во встроенный ящик главных администраторов. Осмотритесь от имени любого из этих людей и переведите время вперёд: ссылки истекут, уйдут напоминания.";
    demonstration_people = "Sign in as somebody" | "Войти под чужим именем";
    demonstration_password(password: &str) = "Everybody's password: {password}" | "Общий пароль: {password}";
    demonstration_sign_in_as(name: &str) = "Sign in as {name}" | "Войти: {name}";
    demonstration_time = "Let time pass" | "Перевести время вперёд";
    demonstration_now(now: &str) = "It is {now} here." | "Сейчас здесь {now}.";
    demonstration_time_means = "Time only goes on. A session that is not used for long ends with it: then sign in again."
        | "Время идёт только вперёд. Сеанс, которым долго не пользуются, закончится: тогда войдите снова.";
    demonstration_10_minutes = "10 minutes" | "10 минут";
    demonstration_hour = "1 hour" | "1 час";
    demonstration_8_hours = "8 hours" | "8 часов";
    demonstration_day = "1 day" | "1 день";
    demonstration_week = "7 days" | "7 дней";
    demonstration_month = "30 days" | "30 дней";
}
