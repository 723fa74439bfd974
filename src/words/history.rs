//! The sentences of the history: who did what to whom, and what became of a message. Russian has a colon after whoever
//! did it, so that no verb has to know whether a man or a woman did.

use super::Language;
use crate::domain::contact::Channel;

words! {
    the_system = "The system" | "Система";
    no_name_yet = "(no name yet)" | "(имя не указано)";
    deleted_user(number: i64) = "Deleted user {number}" | "Удалённый пользователь {number}";
    from_to(before: &str, after: &str) = "{before} → {after}" | "{before} → {after}";
    nothing_there = "(empty)" | "(пусто)";

    did_set_up(who: &str, what: &str) = "{who} set up {what}" | "{who}: первоначальная настройка «{what}»";
    did_sign_in(who: &str) = "{who} signed in" | "{who}: вход в систему";
    did_sign_out(who: &str) = "{who} signed out" | "{who}: выход из системы";
    did_invite(who: &str, whom: &str) = "{who} invited {whom}" | "{who}: отправлено приглашение ({whom})";
    did_invite_to(who: &str, whom: &str, unit: &str) = "{who} invited {whom} to {unit}" | "{who}: отправлено приглашение в «{unit}» ({whom})";
    did_add(who: &str, whom: &str) = "{who} added {whom} without inviting" | "{who}: добавлено без приглашения ({whom})";
    did_resend(who: &str, whom: &str) = "{who} sent the invitation of {whom} again"
        | "{who}: приглашение отправлено снова ({whom})";
    did_ask_for_a_link(whom: &str) = "{whom} asked for a new link" | "{whom}: запрошена новая ссылка";
    did_withdraw(who: &str, whom: &str) = "{who} withdrew the invitation of {whom}" | "{who}: приглашение отозвано ({whom})";
    did_reopen(who: &str, whom: &str) = "{who} took back that the invitation of {whom} was withdrawn" | "{who}: отзыв приглашения отменён ({whom})";
    was_sent_instead(whom: &str, number: &str) = "The e-mail to {whom} did not arrive: sent by SMS instead, to {number}"
        | "{whom}: письмо не дошло, отправлено по SMS на {number}";
    was_reminded(whom: &str) = "{whom} was reminded of the invitation" | "{whom}: отправлено напоминание о приглашении";
    did_remind(who: &str, whom: &str) = "{who} had {whom} reminded of the invitation" | "{who}: отправлено напоминание о приглашении ({whom})";
    did_decline(whom: &str) = "{whom} said that the invitation is not for them" | "{whom}: отказ от приглашения";
    did_copy_link(who: &str, whom: &str) = "{who} copied the invitation link of {whom}"
        | "{who}: скопирована ссылка приглашения ({whom})";
    did_accept(who: &str) = "{who} accepted the invitation" | "{who}: приглашение принято";
    did_rename(who: &str, change: &str) = "{who} changed the name: {change}" | "{who}: имя изменено, {change}";
    did_rename_other(who: &str, whom: &str, change: &str) = "{who} changed the name of {whom}: {change}"
        | "{who}: имя изменено ({whom}), {change}";
    did_change_phone(who: &str, change: &str) = "{who} changed the phone number: {change}"
        | "{who}: номер телефона изменён, {change}";
    did_change_phone_of(who: &str, whom: &str, change: &str) = "{who} changed the phone number of {whom}: {change}"
        | "{who}: номер телефона изменён ({whom}), {change}";
    did_confirm_address(who: &str) = "{who} confirmed the address" | "{who}: адрес подтверждён";
    did_change_record(who: &str, whom: &str, change: &str) = "{who} changed the employee record of {whom}: {change}"
        | "{who}: запись о сотруднике изменена ({whom}), {change}";
    did_change_language(who: &str, change: &str) = "{who} changed the language: {change}" | "{who}: язык изменён, {change}";
    did_change_role(who: &str, whom: &str, change: &str) = "{who} changed the role of {whom}: {change}"
        | "{who}: роль изменена ({whom}), {change}";
    did_change_role_at(who: &str, whom: &str, unit: &str, change: &str) = "{who} changed the role of {whom} in {unit}: {change}"
        | "{who}: роль изменена ({whom}, {unit}), {change}";
    did_change_extras(who: &str, whom: &str, unit: &str, change: &str) = "{who} changed the extra permissions of {whom} in {unit}: {change}"
        | "{who}: дополнительные права изменены ({whom}, {unit}), {change}";
    did_add_place(who: &str, whom: &str, unit: &str, role: &str) = "{who} added {whom} to {unit} as {role}"
        | "{who}: добавлено в «{unit}» ({whom}), роль «{role}»";
    did_remove_place(who: &str, whom: &str, unit: &str) = "{who} removed {whom} from {unit}" | "{who}: убрано из «{unit}» ({whom})";
    did_approve(who: &str, whom: &str) = "{who} approved the invitation of {whom}" | "{who}: приглашение подтверждено ({whom})";
    did_join(who: &str, unit: &str) = "{who} joined {unit}" | "{who}: присоединение к «{unit}»";
    did_archive(who: &str, whom: &str) = "{who} archived {whom}" | "{who}: отправлено в архив ({whom})";
    did_bring_back(who: &str, whom: &str) = "{who} brought {whom} back" | "{who}: возвращено из архива ({whom})";
    did_release(who: &str, whom: &str, n: &str) = "{who} removed {whom} from shifts to come: {n}"
        | "{who}: убрано из будущих смен ({whom}): {n}";
    did_make_unit(who: &str, unit: &str) = "{who} added the unit {unit}" | "{who}: добавлено подразделение «{unit}»";
    did_change_unit_setting(who: &str, unit: &str, what: &str, change: &str) = "{who} changed “{what}” for {unit}: {change}" | "{who}: изменено «{what}» для {unit}: {change}";
    did_change_unit_validity(who: &str, change: &str) = "{who} changed how long links to a unit work: {change}" | "{who}: изменён срок ссылок подразделения, {change}";
    did_rename_unit(who: &str, change: &str) = "{who} renamed a unit: {change}" | "{who}: подразделение переименовано, {change}";
    did_move_unit(who: &str, unit: &str, to: &str) = "{who} moved {unit} below {to}" | "{who}: «{unit}» перемещено в «{to}»";
    did_archive_unit(who: &str, unit: &str) = "{who} archived the unit {unit}" | "{who}: подразделение «{unit}» в архиве";
    did_bring_back_unit(who: &str, unit: &str) = "{who} brought the unit {unit} back" | "{who}: подразделение «{unit}» возвращено";
    did_make_role(who: &str, role: &str) = "{who} made the role {role}" | "{who}: добавлена роль «{role}»";
    did_edit_role(who: &str, role: &str, change: &str) = "{who} changed the role {role}: {change}" | "{who}: роль «{role}» изменена, {change}";
    given_by_two = "given by two administrators" | "дают два администратора вместе";
    given_by_one = "given by one administrator" | "даёт один администратор";
    taken_by_two = "taken away by two administrators" | "снимают два администратора вместе";
    taken_by_one = "taken away by one administrator" | "снимает один администратор";
    did_remove_role(who: &str, role: &str) = "{who} removed the role {role}" | "{who}: роль «{role}» удалена";
    did_propose_role(who: &str, role: &str, change: &str) = "{who} proposed to change the role {role}: {change}"
        | "{who}: предложено изменить роль «{role}», {change}";
    did_propose_role_removal(who: &str, role: &str) = "{who} proposed to remove the role {role}" | "{who}: предложено удалить роль «{role}»";
    did_propose_role_change(who: &str, whom: &str, unit: &str, change: &str) = "{who} proposed to change the role of {whom} in {unit}: {change}"
        | "{who}: предложено изменить роль ({whom}, {unit}), {change}";
    did_propose_extras(who: &str, whom: &str, unit: &str, change: &str) = "{who} proposed to change the extra permissions of {whom} in {unit}: {change}"
        | "{who}: предложено изменить дополнительные права ({whom}, {unit}), {change}";
    did_propose_place(who: &str, whom: &str, unit: &str, role: &str) = "{who} proposed to add {whom} to {unit} as {role}"
        | "{who}: предложено добавить в «{unit}» ({whom}), роль «{role}»";
    did_propose_removal(who: &str, whom: &str, unit: &str) = "{who} proposed to remove {whom} from {unit}"
        | "{who}: предложено убрать из «{unit}» ({whom})";
    did_propose_move(who: &str, unit: &str, to: &str) = "{who} proposed to move {unit} below {to}"
        | "{who}: предложено переместить «{unit}» в «{to}»";
    did_agree(who: &str, whom: &str) = "{who} agreed to what {whom} had proposed" | "{who}: согласие с предложением ({whom})";
    did_drop(who: &str, whom: &str) = "{who} dropped what {whom} had proposed" | "{who}: предложение снято ({whom})";
    did_decide_alone(who: &str, role: &str) = "{who} decided alone about the role {role}: nobody else could have agreed"
        | "{who}: решение о роли «{role}» принято без второго администратора, согласиться больше никто не мог";
    did_decide_move_alone(who: &str, unit: &str) = "{who} decided alone to move {unit}: nobody else could have agreed"
        | "{who}: решение переместить «{unit}» принято без второго администратора, согласиться больше никто не мог";
    did_make_shift(who: &str, shift: &str, unit: &str) = "{who} added the shift {shift} in {unit}" | "{who}: добавлена смена «{shift}» ({unit})";
    did_edit_shift(who: &str, shift: &str, unit: &str) = "{who} changed the shift {shift} in {unit}" | "{who}: изменена смена «{shift}» ({unit})";
    did_remove_shift(who: &str, shift: &str, unit: &str) = "{who} removed the shift {shift} in {unit}" | "{who}: удалена смена «{shift}» ({unit})";
    did_join_shift(who: &str, whom: &str, shift: &str) = "{who} put {whom} into the shift {shift}" | "{who}: добавлено в смену «{shift}» ({whom})";
    did_leave_shift(who: &str, whom: &str, shift: &str) = "{who} removed {whom} from the shift {shift}" | "{who}: убрано из смены «{shift}» ({whom})";
    was_refused(who: &str, what: &str) = "{who} was refused: {what}" | "{who}: отказано, {what}";
    did_bin(who: &str, whom: &str) = "{who} deleted {whom}; it can be taken back" | "{who}: удаление ({whom}), его ещё можно отменить";
    did_delete(who: &str, number: i64) = "{who} deleted user {number}" | "{who}: удалён пользователь {number}";
    did_ask_reset(whom: &str) = "{whom} asked for a link to set a new password" | "{whom}: запрошена ссылка для нового пароля";
    did_send_reset(who: &str, whom: &str) = "{who} sent {whom} a link to set a new password"
        | "{who}: отправлена ссылка для нового пароля ({whom})";
    did_change_password(who: &str) = "{who} set a new password" | "{who}: задан новый пароль";
    did_make_token(who: &str, name: &str) = "{who} created the API token “{name}”" | "{who}: создан токен API «{name}»";
    did_make_token_for(who: &str, whom: &str, name: &str) = "{who} created the API token “{name}” for {whom}"
        | "{who}: создан токен API «{name}» ({whom})";
    did_revoke_token(who: &str, name: &str) = "{who} revoked the API token “{name}”" | "{who}: отозван токен API «{name}»";
    did_revoke_token_of(who: &str, whom: &str, name: &str) = "{who} revoked the API token “{name}” of {whom}"
        | "{who}: отозван токен API «{name}» ({whom})";
    did_end_sessions(who: &str) = "{who} signed out on other devices" | "{who}: выход на других устройствах";
    did_change_setting(who: &str, setting: &str, change: &str) = "{who} changed “{setting}”: {change}"
        | "{who}: изменена настройка «{setting}», {change}";
    did_make_administrator(whom: &str) = "{whom} was made main administrator on the server"
        | "{whom}: роль главного администратора назначена на сервере";
    did_export(who: &str) = "{who} exported the list of people" | "{who}: выгружен список пользователей";
    did_send_test(who: &str) = "{who} sent a test message" | "{who}: отправлено проверочное письмо";

    message_queued = "The message was queued" | "Письмо поставлено в очередь";
    message_put_off = "The mail server put the message off" | "Почтовый сервер отложил письмо";
    message_handed_over = "The mail server took the message" | "Почтовый сервер принял письмо";
    message_failed = "The message could not be delivered" | "Письмо не удалось доставить";
    message_delivered = "The message reached the mailbox" | "Письмо доставлено в ящик";
    message_came_back = "The message came back" | "Письмо вернулось";
    sms_queued = "The SMS was queued" | "SMS поставлено в очередь";
    sms_put_off = "The SMS gateway put the SMS off" | "SMS-шлюз отложил SMS";
    sms_handed_over = "The SMS gateway took the SMS" | "SMS-шлюз принял SMS";
    sms_failed = "The SMS could not be delivered" | "SMS не удалось доставить";
    sms_delivered = "The SMS reached the phone" | "SMS доставлено на телефон";
    message_too_late = "The link ended before the message could leave" | "Ссылка перестала действовать раньше, чем ушло письмо";
    link_opened = "The link was opened" | "Ссылка открыта";

    setting_text_of(kind: &str, part: &str, language: &str) = "{kind}, {part} ({language})" | "{kind}, {part} ({language})";
    setting_text(part: &str, language: &str) = "Invitation e-mail, {part} ({language})"
        | "Письмо с приглашением, {part} ({language})";
    hours_short(hours: i64) = "{hours} h" | "{hours} ч";
    seconds_short(seconds: i64) = "{seconds} s" | "{seconds} с";
    password_from(length: &str) = "from {length} characters" | "от {length} знаков";
    password_from_classes(length: &str) = "from {length} characters of every kind" | "от {length} знаков всех видов";
    policy_user_wins = "the person; others only until then" | "сам пользователь, другие — до этого";
    policy_administrator = "administrators too" | "и администраторы";
    policy_user_only = "only the person" | "только сам пользователь";
}

impl Language {
    /// What became of a message, by the way it went.
    pub fn was_queued(self, channel: Channel) -> &'static str {
        self.of_channel(channel, Self::message_queued, Self::sms_queued)
    }

    pub fn was_put_off(self, channel: Channel) -> &'static str {
        self.of_channel(channel, Self::message_put_off, Self::sms_put_off)
    }

    pub fn was_handed_over(self, channel: Channel) -> &'static str {
        self.of_channel(channel, Self::message_handed_over, Self::sms_handed_over)
    }

    pub fn has_failed(self, channel: Channel) -> &'static str {
        self.of_channel(channel, Self::message_failed, Self::sms_failed)
    }

    pub fn was_delivered(self, channel: Channel) -> &'static str {
        self.of_channel(channel, Self::message_delivered, Self::sms_delivered)
    }

    /// A text message that was taken and did not arrive has failed; only a letter comes back.
    pub fn came_back(self, channel: Channel) -> &'static str {
        self.of_channel(channel, Self::message_came_back, Self::sms_failed)
    }

    fn of_channel(
        self,
        channel: Channel,
        mail: fn(Self) -> &'static str,
        sms: fn(Self) -> &'static str,
    ) -> &'static str {
        match channel {
            Channel::Email => mail(self),
            Channel::Sms => sms(self),
        }
    }
}
