//! The words of what is done to many people at once.

use super::Language;
use super::invite::counted;
use crate::domain::user::{Status, UserAction};
use crate::domain::vocabulary::Vocabulary;

words! {
    bulk_select_all(n: &str) = "Select all {n}" | "Выбрать всех: {n}";
    bulk_select_all_found = "Select all that match" | "Выбрать всех найденных";
    bulk_select_page = "Select everybody on this page" | "Выбрать всех на этой странице";
    bulk_selected(n: &str) = "Selected: {n}" | "Выбрано: {n}";
    bulk_for_selected = "For those who are selected" | "С выбранными";
    bulk_clear = "Clear selection" | "Снять выделение";
    bulk_more = "More" | "Ещё";
    bulk_send = "Send invitation" | "Отправить приглашение";
    bulk_resend_all(n: &str) = "Send all {n} again" | "Отправить всем снова: {n}";
    bulk_export = "Export" | "Выгрузить";

    bulk_passed_over(n: &str) = "Passed over: {n}" | "Будет пропущено: {n}";
    bulk_were_passed_over(n: &str) = "Passed over: {n}" | "Пропущено: {n}";
    bulk_nobody = "Nobody of those who are selected is left" | "Из выбранных никого не осталось";
    bulk_nobody_text = "Each of them is passed over, for the reason given." | "Все они пропускаются по указанной причине.";
    bulk_names_more(names: &str, n: &str) = "{names} and {n} more" | "{names} и ещё {n}";
    bulk_to_whom = "To whom" | "Кому";
    bulk_type_number(n: &str) = "Type {n} to confirm" | "Для подтверждения введите {n}";
    bulk_proposed(n: &str) = "Waiting for a second administrator: {n}" | "Ждут второго администратора: {n}";
    bulk_failed(n: &str) = "Not done: {n}" | "Не выполнено: {n}";
    bulk_left(n: &str) = "Left as they are: {n}" | "Без изменений: {n}";
    bulk_stopped_text = "It was stopped: nothing more is done to those who are left." | "Действие остановлено: с остальными ничего не произойдёт.";
    bulk_go_on = "Go on with the rest" | "Продолжить с остальными";
    bulk_far(done: &str, all: &str) = "{done} of {all}" | "{done} из {all}";
    bulk_may_leave = "You may leave this page; it goes on." | "Страницу можно закрыть, работа продолжится.";
    bulk_ask_again = "How far is it now?" | "Обновить";
    bulk_letters_left(n: &str) = "Today you may still cause this many messages: {n}. For the others it is not done; do it again tomorrow, or have the daily limit raised in Settings."
        | "Сегодня вы ещё можете отправить сообщений: {n}. Остальным они не уйдут: повторите завтра или попросите поднять дневной лимит в настройках.";
    bulk_no_letters_left = "Today you may cause no more messages, so it would be done for nobody. Do it again tomorrow, or have the daily limit raised in Settings."
        | "Сегодня вы больше не можете отправлять сообщения, никому ничего не уйдёт. Повторите завтра или попросите поднять дневной лимит в настройках.";
    bulk_stop = "Stop" | "Остановить";
    bulk_take_back = "Undo" | "Отменить";
    bulk_was_undone = "This was undone. See what came of that." | "Это уже отменено. Посмотреть итог отмены.";
    bulk_send_now = "Send now" | "Отправить сейчас";
    bulk_leaves_in = "They leave in " | "Они уйдут через ";
    bulk_seconds = " s" | " с";
    bulk_left_now = "They are leaving." | "Они уходят.";
    bulk_report = "Download report (CSV)" | "Скачать отчёт (CSV)";
    bulk_to_list = "Back to the list" | "К списку";
    bulk_outcome = "Outcome" | "Итог";
    bulk_why = "Reason" | "Причина";
    bulk_sign_in_name = "Signs in with" | "Чем входит";
    outcome_done = "Done" | "Выполнено";
    outcome_proposed = "Waits for a second administrator" | "Ждёт второго администратора";
    outcome_failed = "Not done" | "Не выполнено";
    outcome_ready = "Left as it is" | "Без изменений";
    outcome_passed_over = "Passed over" | "Пропущено";
    user_elsewhere(number: i64) = "User {number}, out of your reach" | "Пользователь {number}, вне вашей области";

    group_not_invited = "Not invited yet" | "Ещё не приглашены";
    group_again = "Invited, and not in yet" | "Приглашены, но ещё не вошли";
    group_missed = "The last message did not arrive" | "Последнее сообщение не дошло";
    group_on_its_way = "The message is on its way" | "Сообщение уже отправляется";
    group_withdrawn = "Withdrawn" | "Приглашение отозвано";
    group_of(group: &str, n: &str) = "{group}: {n}" | "{group}: {n}";

    many_send_whom = "Send invitations?" | "Отправить приглашения?";
    many_send(people: &str) = "Send invitations to {people}?" | "Отправить приглашения: {people}?";
    many_remind(people: &str) = "Remind {people}?" | "Напомнить: {people}?";
    tell_many_remind = "The same invitation goes to each of them once more, and ends when it did before; where it has ended or never arrived, a new link goes. Whoever was reminded today is passed over."
        | "Каждому ещё раз уйдёт то же приглашение, его срок не изменится; если срок истёк или письмо не дошло, уйдёт новая ссылка. Тем, кому сегодня уже напомнили, повторно не пишем.";
    do_many_remind = "Send reminders" | "Отправить напоминания";
    done_many_remind(n: &str) = "Reminders sent: {n}" | "Отправлено напоминаний: {n}";
    bulk_remind_all(n: &str) = "Remind all {n}" | "Напомнить всем: {n}";
    bulk_remind_found = "Remind all that match" | "Напомнить всем найденным";
    bulk_resend_found = "Send all that match again" | "Отправить всем найденным снова";
    many_withdraw(people: &str) = "Withdraw the invitations of {people}?" | "Отозвать приглашения: {people}?";
    many_role(people: &str) = "Change the role of {people}?" | "Изменить роль: {people}?";
    many_place(people: &str) = "Bring {people} into a unit?" | "Добавить в подразделение: {people}?";
    tell_many_place = "Each has the role there that they have now." | "Роль там будет та же, что сейчас.";
    do_many_place = "Bring into the unit" | "Добавить в подразделение";
    done_many_place(n: &str) = "Brought into the unit: {n}" | "Добавлено в подразделение: {n}";
    bulk_place = "Units" | "Подразделение";
    bulk_leaves = "Out of the unit where they stand now" | "Убрать из нынешнего подразделения";
    bulk_leaves_hint = "They move. Without this they stand in both." | "Люди перейдут. Иначе останутся в обоих подразделениях.";
    many_role_back(people: &str) = "Give back the earlier role of {people}?" | "Вернуть прежнюю роль: {people}?";
    tell_many_role_back = "Each gets the role and the extra permissions that they had. Whoever was changed since keeps what they have now, and is named."
        | "Всем вернутся прежние роль и дополнительные права. У кого с тех пор что-то изменили, всё останется как сейчас; они будут названы.";
    done_many_role_back(n: &str) = "Earlier roles given back: {n}" | "Возвращено прежних ролей: {n}";
    many_place_back(people: &str) = "Undo the unit of {people}?" | "Вернуть прежнее подразделение: {people}?";
    tell_many_place_back = "Each goes out of the unit, and whoever had left one for it is back there with the role of then. Whoever was changed since stays as now, and is named."
        | "Все будут убраны из этого подразделения; перешедшие в него вернутся в прежнее с прежней ролью. У кого с тех пор что-то изменили, всё останется как сейчас; они будут названы.";
    done_many_place_back(n: &str) = "Back in the earlier units: {n}" | "Возвращено в прежние подразделения: {n}";
    many_withdraw_back(people: &str) = "Undo the withdrawal for {people}?" | "Отменить отзыв приглашений: {people}?";
    tell_many_withdraw_back = "Each invitation is as it was: the same link works, until the same end. Whoever was changed since stays as now, and is named."
        | "Приглашения станут прежними: та же ссылка действует до того же срока. У кого с тех пор что-то изменили, всё останется как сейчас; они будут названы.";
    done_many_withdraw_back(n: &str) = "Invitations that stand again: {n}" | "Снова действует приглашений: {n}";
    do_many_back(people: &str) = "Undo for {people}" | "Отменить: {people}";
    many_archive(people: &str) = "Archive {people}?" | "Отправить в архив: {people}?";
    many_bring_back(people: &str) = "Bring {people} back?" | "Вернуть из архива: {people}?";
    many_delete(people: &str) = "Delete {people}?" | "Удалить: {people}?";
    tell_many_send = "Each gets a message, and its link works for the full time from now on."
        | "Каждому уйдёт сообщение, ссылка в нём действует полный срок с этого момента.";
    tell_many_withdraw = "The invitations in their messages stop working at once. You can invite again later."
        | "Приглашения из сообщений сразу перестанут действовать. Позже можно пригласить снова.";
    tell_many_unblock = "They can sign in again." | "Снова можно будет войти.";
    tell_many_archive = "They have left: no access any more, all data is kept. You can bring them back."
        | "Доступа больше не будет, данные сохранятся. Из архива можно вернуть.";
    tell_many_leave_shifts = "Shifts before them are freed." | "Предстоящие смены освободятся.";
    tell_many_bring_back = "They come back with the role and the units that they had." | "Вернутся прежние роли и подразделения.";
    tell_many_delete = "This cannot be undone. Names and addresses are erased; the history keeps numbers. To keep the data, take only the access away."
        | "Отменить это нельзя. Имена и адреса стираются, в журнале останутся номера. Чтобы сохранить данные, закройте только доступ.";
    do_many_send = "Send invitations" | "Отправить приглашения";
    do_many_withdraw = "Withdraw invitations" | "Отозвать приглашения";
    do_many_role = "Change role" | "Изменить роль";
    do_many_archive(people: &str) = "Archive {people}" | "Отправить в архив: {people}";
    do_many_bring_back(people: &str) = "Bring back {people}" | "Вернуть из архива: {people}";
    tell_many_bin(days: i64) = "They have no access from now on, and open invitations stop working. For {days} days you can bring them back as they were, with these invitations, from Archived. Whoever is deleted already is erased now, and that cannot be undone."
        | "Доступ закрывается сейчас, открытые приглашения перестают действовать. Вернуть людей из архива вместе с приглашениями можно ещё столько дней: {days}. Кто уже был в удалённых, будет стёрт сразу, отменить это нельзя.";
    do_many_bin(people: &str) = "Delete {people}" | "Удалить: {people}";
    do_many_delete(people: &str) = "Delete {people} forever" | "Удалить навсегда: {people}";
    done_many_send(n: &str) = "Invitations on their way: {n}" | "Приглашения отправляются: {n}";
    done_many_withdraw(n: &str) = "Invitations withdrawn: {n}" | "Отозвано приглашений: {n}";
    done_many_role(n: &str) = "Roles changed: {n}" | "Изменено ролей: {n}";
    done_many_archive(n: &str) = "Archived: {n}" | "Отправлено в архив: {n}";
    done_many_bring_back(n: &str) = "Brought back: {n}" | "Возвращено из архива: {n}";
    done_many_delete(n: &str) = "Deleted: {n}" | "Удалено: {n}";
}

impl Language {
    /// So many people.
    pub fn people_counted(self, n: i64) -> String {
        let count = usize::try_from(n).unwrap_or_default();
        let said = counted(self, count, ["# person", "# people"], ["# человек", "# человека", "# человек"]);
        said.replacen(&count.to_string(), &self.figure(n), 1)
    }

    /// What is asked before it is done to so many, what it means, and the button.
    pub fn bulk_question(self, vocabulary: Vocabulary, action: UserAction, n: i64, bin_days: i64) -> [String; 3] {
        let (people, verb) = (self.people_counted(n), self.action_in(vocabulary, action));
        match action {
            UserAction::Resend => [self.many_send(&people), self.tell_many_send().into(), self.do_many_send().into()],
            UserAction::Remind => {
                [self.many_remind(&people), self.tell_many_remind().into(), self.do_many_remind().into()]
            }
            UserAction::Withdraw => {
                [self.many_withdraw(&people), self.tell_many_withdraw().into(), self.do_many_withdraw().into()]
            }
            UserAction::ChangeRole => [self.many_role(&people), self.tell_role().into(), self.do_many_role().into()],
            UserAction::AddPlace => {
                [self.many_place(&people), self.tell_many_place().into(), self.do_many_place().into()]
            }
            UserAction::Block => {
                [self.ask_verb(verb, &people), self.tell_many_block().into(), self.do_verb(verb, &people)]
            }
            UserAction::Unblock => {
                [self.ask_verb(verb, &people), self.tell_many_unblock().into(), self.do_verb(verb, &people)]
            }
            UserAction::Archive => {
                [self.many_archive(&people), self.tell_many_archive().into(), self.do_many_archive(&people)]
            }
            UserAction::BringBack => {
                [self.many_bring_back(&people), self.tell_many_bring_back().into(), self.do_many_bring_back(&people)]
            }
            UserAction::Delete if bin_days > 0 => {
                [self.many_delete(&people), self.tell_many_bin(bin_days), self.do_many_bin(&people)]
            }
            UserAction::Delete => {
                [self.many_delete(&people), self.tell_many_delete().into(), self.do_many_delete(&people)]
            }
            other => [self.action(other).into(), String::new(), self.action(other).into()],
        }
    }

    /// The same before what was done to so many is taken back by what was kept of each.
    pub fn bulk_undo_question(self, action: UserAction, n: i64) -> [String; 3] {
        let people = self.people_counted(n);
        let [title, text] = match action {
            UserAction::AddPlace => [self.many_place_back(&people), self.tell_many_place_back().into()],
            UserAction::Withdraw => [self.many_withdraw_back(&people), self.tell_many_withdraw_back().into()],
            _ => [self.many_role_back(&people), self.tell_many_role_back().into()],
        };
        [title, text, self.do_many_back(&people)]
    }

    /// Of how many it was taken back.
    pub fn bulk_undone(self, action: UserAction, n: i64) -> String {
        let n = self.figure(n);
        match action {
            UserAction::AddPlace => self.done_many_place_back(&n),
            UserAction::Withdraw => self.done_many_withdraw_back(&n),
            _ => self.done_many_role_back(&n),
        }
    }

    /// To how many it was done.
    pub fn bulk_done(self, vocabulary: Vocabulary, action: UserAction, n: i64) -> String {
        let n = self.figure(n);
        match action {
            UserAction::Resend => self.done_many_send(&n),
            UserAction::Remind => self.done_many_remind(&n),
            UserAction::Withdraw => self.done_many_withdraw(&n),
            UserAction::ChangeRole => self.done_many_role(&n),
            UserAction::AddPlace => self.done_many_place(&n),
            UserAction::Block | UserAction::Unblock => self.done_blocking(vocabulary, action == UserAction::Block, &n),
            UserAction::Archive => self.done_many_archive(&n),
            UserAction::BringBack => self.done_many_bring_back(&n),
            UserAction::Delete => self.done_many_delete(&n),
            other => self.group_of(self.action(other), &n),
        }
    }

    /// The button of an action for those who are selected.
    pub fn bulk_action(self, vocabulary: Vocabulary, action: UserAction) -> &'static str {
        match action {
            UserAction::Resend => self.bulk_send(),
            UserAction::AddPlace => self.bulk_place(),
            other => self.action_in(vocabulary, other),
        }
    }

    /// Those among whom a round of invitations goes, by the first of the statuses that they have.
    pub fn round_group(self, first: Status) -> &'static str {
        match first {
            Status::NotInvited => self.group_not_invited(),
            Status::Failed => self.group_missed(),
            Status::Waiting => self.group_on_its_way(),
            Status::Withdrawn => self.group_withdrawn(),
            _ => self.group_again(),
        }
    }

    /// What became of somebody, in a word or two.
    pub fn bulk_outcome_of(self, outcome: crate::domain::bulk::BulkOutcome) -> &'static str {
        use crate::domain::bulk::BulkOutcome;
        match outcome {
            BulkOutcome::Done => self.outcome_done(),
            BulkOutcome::Proposed => self.outcome_proposed(),
            BulkOutcome::Failed => self.outcome_failed(),
            BulkOutcome::Ready => self.outcome_ready(),
            BulkOutcome::PassedOver => self.outcome_passed_over(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Language;

    #[test]
    fn thousands_stand_apart_and_russian_counts_with_its_forms() {
        assert_eq!(Language::English.people_counted(1), "1 person");
        assert_eq!(Language::English.people_counted(12_345), "12,345 people");
        for (n, said) in
            [(1, "1 человек"), (3, "3 человека"), (11, "11 человек"), (22, "22 человека"), (35, "35 человек")]
        {
            assert_eq!(Language::Russian.people_counted(n), said);
        }
    }
}
