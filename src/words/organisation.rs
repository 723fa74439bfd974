//! The words of the tree of units, of the roles' pages and of the plan of shifts.

use super::Language;
use crate::domain::unit::UnitKind;

words! {
    kind_installation = "Installation" | "Система";
    kind_company = "Company" | "Компания";
    kind_branch = "Branch" | "Филиал";
    kind_client = "Client" | "Клиент";
    kind_team = "Team" | "Команда";
    kind_school = "School" | "Школа";
    kind_chain = "Chain" | "Сеть";
    kind_group = "Group" | "Группа";
    kind_academy = "Academy" | "Академия";

    preset_dispatch = "Dispatch" | "Диспетчерская";
    preset_dispatch_means = "Companies with dispatchers and employees; links work for 8 hours."
        | "Компании с диспетчерами и сотрудниками; ссылки действуют 8 часов.";
    preset_school = "School" | "Школа";
    preset_school_means = "Teachers in teams; who leaves is archived; links work for 3 days."
        | "Преподаватели в командах; ушедшие в архиве; ссылки действуют 3 дня.";
    preset_learning = "Learning platform" | "Обучающая платформа";
    preset_learning_means = "Learners and tutors in groups; messages carry a one-time password that works for 3 days."
        | "Учащиеся и кураторы в группах; одноразовый пароль из сообщения действует 3 дня.";
    preset_booking = "Booking chain" | "Сеть с онлайн-записью";
    preset_booking_means = "A chain with branches; administrators need a second administrator's word; links work for 7 days."
        | "Сеть с филиалами; администраторов подтверждает второй администратор; ссылки действуют 7 дней.";
    preset_portal = "Client portal" | "Клиентский портал";
    preset_portal_means = "Companies with clients and extra permissions; links work for 21 days."
        | "Компании с клиентами и дополнительными правами; ссылки действуют 21 день.";

    preset_blank = "Something else" | "Другое";
    preset_blank_means = "Administrators and members; links work for 7 days. You decide the rest."
        | "Администраторы и участники; ссылки действуют 7 дней. Остальное решаете вы.";

    units_lead = "What a role is held for: it reaches the unit and everything below it."
        | "Роль действует в подразделении и во всём, что ниже.";
    units_search = "Search units by name" | "Поиск подразделения";
    unit_name = "Name" | "Название";
    unit_kind = "Kind" | "Вид";
    unit_people = "People" | "Люди";
    unit_below = "Units below" | "Подразделений ниже";
    units_none = "No units below this one" | "Ниже подразделений нет";
    units_none_found = "No unit matches" | "Ничего не найдено";
    units_more = "Only the first are shown; search for the others." | "Показаны первые; остальные найдите поиском.";
    create_unit = "Add a unit" | "Добавить подразделение";
    do_create_unit = "Add" | "Добавить";
    edit_unit(name: &str) = "Edit {name}" | "Изменить: {name}";
    units_parts_hint = "Its parts are added on the page of the unit to which they belong: open it in the table." | "Части добавляют на странице того подразделения, к которому они относятся: откройте его в таблице.";
    own_setting_usual = "As usual" | "Как обычно";
    own_setting_usual_is(what: &str) = "As usual: {what}" | "Как обычно: {what}";
    own_setting_as_above = "as usual" | "как обычно";
    own_length = "How long invitation links work" | "Сколько действуют ссылки приглашений";
    own_length_hint = "Leave it empty for the usual length. Else a number with m, h or d: 45m, 36h, 10d." | "Пусто: обычный срок. Иначе число с буквой: 45м, 36ч, 10д.";
    own_length_hint_else(length: &str) = "Leave it empty for the usual {length}. Else a number with m, h or d: 45m, 36h, 10d." | "Пусто: обычный срок ({length}). Иначе число с буквой: 45м, 36ч, 10д.";
    move_it = "Move" | "Переместить";
    move_unit(name: &str) = "Move {name}" | "Переместить: {name}";
    move_where = "Below which unit?" | "В какое подразделение?";
    move_choose = "Look at what it means" | "Посмотреть последствия";
    move_here(name: &str, to: &str) = "Move {name} below {to}?" | "Переместить «{name}» в «{to}»?";
    move_people(n: &str) = "People in it: {n}. They stay in it, with their roles." | "Людей в нём: {n}. Они остаются со своими ролями.";
    move_gain(names: &str) = "Will reach it: {names}." | "Получат к нему доступ: {names}.";
    move_may_gain(names: &str) = "Will reach it once they have access: {names}." | "Получат к нему доступ, когда смогут войти: {names}.";
    move_lose(names: &str) = "Will not reach it any more: {names}." | "Потеряют к нему доступ: {names}.";
    move_changes_nobody = "Nobody's rights change by it." | "Ничьи права от этого не меняются.";
    and_more(names: &str, n: &str) = "{names} and {n} more" | "{names} и ещё {n}";
    move_takes_two = "A second administrator has to agree first: somebody above the new place comes to what two give, or somebody above the old one loses what two take away."
        | "Сначала должен согласиться второй администратор: кто-то получит или потеряет роль, для которой нужны два администратора.";
    move_replaces = "Another move of this unit waits already. This one takes its place."
        | "Другое перемещение этого подразделения уже ждёт. Новое займёт место прежнего.";
    name_with_role(name: &str, role: &str) = "{name} ({role})" | "{name} ({role})";
    move_proposed = "Nothing has moved yet: a second administrator has to agree. It stands under Invitations, To approve."
        | "Пока ничего не перемещено: нужно согласие второго администратора. Предложение — в разделе «Приглашения», «На подтверждении».";
    move_nowhere = "There is no other unit to which it can be moved."
        | "Переместить некуда: другого подходящего подразделения нет.";
    do_move = "Move here" | "Переместить сюда";
    archive_unit(name: &str) = "Archive {name}?" | "Отправить в архив: {name}?";
    archive_unit_means(people: i64, shut: i64, open: i64) =
        "People in it and below: {people}. Of them, {shut} hold nothing elsewhere and lose access now; open invitations that stop working: {open}. Everything is kept and can be brought back."
        | "Людей в нём и ниже: {people}. Сразу потеряют доступ те, кто больше нигде не состоит: {shut}; перестанут работать приглашений: {open}. Всё сохраняется, и подразделение можно вернуть.";
    do_archive_unit(name: &str) = "Archive {name}" | "В архив: {name}";
    bring_back_unit(name: &str) = "Bring {name} back?" | "Вернуть из архива: {name}?";
    bring_back_unit_means = "Roles that are held in it count again." | "Роли в нём снова действуют.";
    do_bring_back_unit(name: &str) = "Bring {name} back" | "Вернуть: {name}";
    unit_is_archived = "Archived" | "В архиве";
    unit_is_closed = "A unit above it is archived" | "Вышестоящее подразделение в архиве";
    unit_saved = "Saved." | "Сохранено.";
    unit_moved(parent: &str) = "Moved. It is now part of {parent}." | "Перемещено. Теперь входит в подразделение «{parent}».";
    unit_archived = "Archived. It can be brought back." | "Подразделение в архиве. Его можно вернуть.";
    unit_brought_back = "Brought back." | "Возвращено из архива.";
    unit_overview = "Overview" | "Обзор";

    new_role = "New role" | "Новая роль";
    edit_role(name: &str) = "Role {name}" | "Роль «{name}»";
    role_holders(n: &str) = "People: {n}" | "Людей: {n}";
    role_name_field = "Name" | "Название";
    role_name_hint = "Empty keeps the name that the kind of organisation brought." | "Пустое поле оставляет исходное название.";
    role_rank = "Order" | "Порядок";
    role_rank_hint = "A higher number stands above a lower one. Below your own." | "Большее число стоит выше. Ниже вашей роли.";
    role_takes_two = "Giving this role takes two administrators" | "Эту роль дают два администратора вместе";
    role_takes_two_hint = "One proposes, another one agrees. The same goes for everything that only such roles can do, whoever gets it. Open invitations to this role wait for the second one, too: until then their links open nothing."
        | "Один предлагает, другой соглашается. Так же и со всем, что могут только такие роли, кому бы это ни давали. Открытые приглашения с этой ролью тоже ждут второго: до этого их ссылки не открываются.";
    role_losing_takes_two = "Taking this role away takes two administrators" | "Эту роль снимают два администратора вместе";
    role_losing_takes_two_hint = "Out of the unit, or to another role: one proposes, another one agrees. Until then whoever holds it cannot be archived or deleted. Blocking takes one and works at once."
        | "Убрать из подразделения или дать другую роль: один предлагает, другой соглашается. До этого человека с такой ролью нельзя отправить в архив или удалить. Заблокировать может один, и сразу.";
    decided_alone = "Saved. Nobody else could have agreed, so it was your decision alone; the history says so."
        | "Сохранено. Согласиться было больше некому, поэтому решение принято вами единолично; это записано в истории.";
    loosening_takes_two(names: &str) = "To let one be enough again, or to let others do what only this role can, takes two main administrators. One of these has to agree: {names}."
        | "Чтобы снова хватало одного или чтобы другие могли то, что может только эта роль, нужны два главных администратора. Согласиться должен один из них: {names}.";
    loosening_takes_one = "You are the only main administrator, so nobody can agree with you: you can let one be enough by yourself. The history keeps that it was one person's decision. Whatever waits for a second one then leaves at once."
        | "Кроме вас главных администраторов нет, согласиться некому: вы можете разрешить это сами. В истории останется, что решение принято одним человеком. Всё, что ждало второго администратора, сразу отправится.";
    role_proposed = "Nothing has changed yet: a second main administrator has to agree. It stands under Invitations, To approve."
        | "Пока ничего не изменилось: нужно согласие второго главного администратора. Предложение — в разделе «Приглашения», «На подтверждении».";
    roles_waiting(n: usize) = "Changes that wait for a second administrator: {n}" | "Изменений, ждущих второго администратора: {n}";
    look_at_waiting = "Look at them" | "Посмотреть";
    agree = "Agree" | "Согласиться";
    drop_proposal = "Drop" | "Снять";
    proposal_of(who: &str) = "what {who} proposed" | "предложение: {who}";
    now_agreed = "Agreed. It counts from now on." | "Согласие дано. Изменение действует.";
    now_dropped = "Dropped. Nothing has changed." | "Предложение снято. Ничего не изменилось.";
    role_only_look = "You can look at this role, not change it." | "Эту роль можно только смотреть.";
    role_is_everything = "This role sees and does everything. Only its name can be changed." | "Эта роль видит и может всё. Изменить можно только название.";
    remove_role = "Remove role" | "Удалить роль";
    ask_remove_role(name: &str) = "Remove the role {name}?" | "Удалить роль «{name}»?";
    tell_remove_role = "Nobody holds it. It can no longer be given; invitations that are over keep its name." | "Её ни у кого нет. Назначить её больше будет нельзя; в завершённых приглашениях останется её название.";
    role_held_by = "While somebody holds this role or is offered it, it stays. Give these people another role first:"
        | "Пока роль у кого-то есть или предложена, удалить её нельзя. Сначала назначьте этим людям другую:";
    role_held_by_more(n: &str) = "and {n} more" | "и ещё {n}";
    who_may_title = "Who can do what to whom" | "Кто, что и с кем может";
    who_may_lead = "Asked of the same rules that every button and every request is asked of."
        | "Ответ дают те же правила, что и для каждой кнопки и каждого запроса.";
    who_may_verb = "What" | "Что";
    who_may_person = "To whom" | "С кем";
    who_may_person_hint = "E-mail address, phone number or login." | "Почта, телефон или логин.";
    who_may_ask = "Show" | "Показать";
    who_may_nobody = "Nobody within your sight can do this." | "Из тех, кого вы видите, никто не может.";
    who_may_unknown = "Nobody whom you can see has this address." | "Среди тех, кого вы видите, такого адреса нет.";
    who_may_found(name: &str) = "These people can do it to {name}:" | "Могут сделать это ({name}):";
    who_may_more = "There are more." | "Это не все.";

    shifts_lead = "Who works where and when." | "Кто, где и когда работает.";
    my_shifts = "My shifts" | "Мои смены";
    plan_of(unit: &str) = "Plan of {unit}" | "График: {unit}";
    new_shift = "New shift" | "Новая смена";
    shift_title_field = "Title" | "Название";
    shift_starts = "Begins" | "Начало";
    shift_ends = "Ends" | "Конец";
    shift_zone(zone: &str) = "Times in {zone}." | "Время: {zone}.";
    shift_people = "People" | "Люди";
    shift_nobody = "Nobody yet" | "Пока никого";
    shift_find = "Find people of this unit" | "Найти людей подразделения";
    shift_add = "Add" | "Добавить";
    shift_take_out = "Remove" | "Убрать";
    shift_none_found = "Nobody active in this unit matches." | "Действующих людей с таким именем в подразделении нет.";
    shift_remove = "Remove shift" | "Удалить смену";
    ask_remove_shift(title: &str) = "Remove the shift {title}?" | "Удалить смену «{title}»?";
    tell_remove_shift = "It leaves the plan of everybody in it." | "Она исчезнет из графика всех, кто в ней.";
    shifts_none = "No shifts this week" | "На этой неделе смен нет";
    previous_week = "Previous week" | "Прошлая неделя";
    next_week = "Next week" | "Следующая неделя";
    this_week = "This week" | "Эта неделя";
    week_span(first: &str, last: &str, year: &str) = "{first} – {last} {year}" | "{first} – {last} {year}";
    today = "today" | "сегодня";
    weeks = "Weeks" | "Недели";
    shifts_more = "Not all shifts of this week are shown. Look at a smaller unit." | "Показаны не все смены недели. Выберите подразделение поменьше.";
    day_free = "No shifts" | "Смен нет";
}

impl Language {
    /// What a kind of unit is called in an installation of this preset.
    pub fn unit_kind_name(self, kind: UnitKind, preset: &str) -> &'static str {
        match (kind, preset) {
            (UnitKind::Installation, _) => self.kind_installation(),
            (UnitKind::Company, "school") => self.kind_school(),
            (UnitKind::Company, "booking") => self.kind_chain(),
            (UnitKind::Company, "learning") => self.kind_academy(),
            (UnitKind::Company, _) => self.kind_company(),
            (UnitKind::Branch, _) => self.kind_branch(),
            (UnitKind::Client, _) => self.kind_client(),
            (UnitKind::Team, "learning") => self.kind_group(),
            (UnitKind::Team, _) => self.kind_team(),
        }
    }

    /// A preset's name, and what it means in a line.
    pub fn preset(self, key: &str) -> (&'static str, &'static str) {
        match key {
            "school" => (self.preset_school(), self.preset_school_means()),
            "learning" => (self.preset_learning(), self.preset_learning_means()),
            "booking" => (self.preset_booking(), self.preset_booking_means()),
            "portal" => (self.preset_portal(), self.preset_portal_means()),
            "blank" => (self.preset_blank(), self.preset_blank_means()),
            _ => (self.preset_dispatch(), self.preset_dispatch_means()),
        }
    }

    /// Some names, and how many more there are.
    pub fn some_names(self, names: &[String], all: usize) -> String {
        if names.is_empty() {
            return self.people_counted(i64::try_from(all).unwrap_or(i64::MAX));
        }
        let shown = names.join(", ");
        if all > names.len() { self.and_more(&shown, &self.figure(all - names.len())) } else { shown }
    }
}
