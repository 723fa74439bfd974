//! Invitations that carry a user name and a one-time password.

words! {

    mail_credentials_name(name: &str) = "User name: {name}" | "Имя пользователя: {name}";
    mail_credentials_password(password: &str) = "One-time password: {password}" | "Одноразовый пароль: {password}";
    mail_credentials_button = "Sign in" | "Войти";
    mail_credentials_preheader(until: &str) = "Sign in and set your own password. The one-time password works until {until}."
        | "Войдите и задайте свой пароль. Одноразовый пароль действует до {until}.";
    mail_credentials_until(until: &str) = "The one-time password works once, until {until}. At the first sign-in you set your own."
        | "Одноразовый пароль действует один раз, до {until}. При первом входе вы зададите свой.";
    mail_credentials_not_for_me = "Not for you? Sign in and say so on the page that opens, and the invitation ends."
        | "Это не для вас? Войдите и сообщите об этом на открывшейся странице, и приглашение перестанет действовать.";
    sms_credentials(organisation: &str, link: &str, name: &str, password: &str) =
        "{organisation}: sign in at {link} as {name}, password {password}"
        | "{organisation}: вход {link} имя {name} пароль {password}";
    sms_credentials_short(link: &str, name: &str, password: &str) = "Sign in: {link} {name} {password}"
        | "Вход: {link} {name} {password}";
}
