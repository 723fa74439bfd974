//! The words of importing people from a file: choosing it, its columns, what is thought of its rows, and what came of it.

use super::Language;
use super::invite::counted;
use crate::domain::import::{ExistingPeople, FindingKind, RowFinding};
use crate::domain::paste::PasteColumn;
use crate::domain::review::Verdict;
use crate::domain::user::Status;
use crate::domain::vocabulary::Vocabulary;

words! {
    import_title = "Import people" | "Импорт людей";
    import_lead = "Bring a list from Excel, LibreOffice, Google Sheets or 1C. Nothing happens before you have seen every row."
        | "Загрузите список из Excel, LibreOffice, Google Таблиц или 1С. Ничего не произойдёт, пока вы не увидите все строки.";
    import_file = "File" | "Файл";
    import_file_hint(most: &str) = "CSV, TSV, XLSX or ODS with at most {most} people. Letters and separators are recognised."
        | "CSV, TSV, XLSX или ODS, не больше {most} человек. Кодировка и разделители определяются сами.";
    import_cells = "Or paste rows of a table" | "Или вставьте строки таблицы";
    import_cells_hint = "Copied from a spreadsheet, with or without a line of heads." | "Скопированные из таблицы, с заголовками или без них.";
    import_read = "Read the list" | "Прочитать список";
    import_open_lists = "Lists of this day" | "Списки за сутки";
    import_pasted = "Pasted rows" | "Вставленные строки";
    import_opened(when: &str) = "opened {when}" | "открыт {when}";
    import_read_as(encoding: &str, delimiter: &str) = "Read as {encoding}; between cells: {delimiter}."
        | "Прочитано как {encoding}; между ячейками: {delimiter}.";
    import_read_people = "This is no table with columns, so it was read person by person."
        | "Это не таблица со столбцами, поэтому текст прочитан по людям.";
    import_sheet = "Sheet" | "Лист";
    import_sheet_hint(name: &str, of: usize) = "“{name}” is read, one of {of} sheets. Choose another one and check again: it is read from its beginning, and what was corrected in this one is not kept."
        | "Читается «{name}», всего листов: {of}. Чтобы прочитать другой, выберите его и проверьте снова; исправления в этом листе не сохранятся.";
    import_read_otherwise = "Read it in another way" | "Прочитать иначе";
    import_read_otherwise_hint = "Choose, and check again: the list is read from its beginning, and what was corrected in it is not kept."
        | "Выберите и проверьте снова: список будет прочитан с начала, исправления в нём не сохранятся.";
    import_found_out = "By itself" | "Определить автоматически";
    import_letters = "Letters" | "Кодировка";
    import_between = "Between cells" | "Между ячейками";
    import_heads = "First line" | "Первая строка";
    import_heads_yes = "It has the heads of the columns" | "В ней заголовки столбцов";
    import_heads_no = "Somebody stands in it" | "В ней уже есть человек";
    import_table = "Kind of text" | "Вид текста";
    import_table_yes = "A table with columns" | "Таблица со столбцами";
    import_table_no = "A text, person by person" | "Текст, по людям";
    import_tab = "tabs" | "табуляция";
    import_aside = "About nobody:" | "Ни о ком:";
    import_columns = "Columns" | "Столбцы";
    import_columns_hint = "Say what each column holds. What is not used stays in the file of rejected rows."
        | "Укажите, что в каждом столбце. Неиспользуемые столбцы останутся в файле отклонённых строк.";
    import_unused_addresses(heads: &str) = "There are addresses in {heads}, too, and nobody is invited by them: one row is one person. Whoever stands there needs a row of their own."
        | "В столбце {heads} тоже есть адреса, и по ним никого не пригласят: одна строка — один человек. Для них нужны отдельные строки.";
    import_column_number(number: usize) = "Column {number}" | "Столбец {number}";
    import_column_holds(head: &str) = "{head} holds" | "{head}: содержимое";
    import_ignored = "(not used)" | "(не используется)";
    import_full_name = "Full name" | "Имя полностью";
    import_first_name = "First name" | "Имя";
    import_last_name = "Last name" | "Фамилия";
    import_patronymic = "Patronymic" | "Отчество";
    import_email = "E-mail" | "Почта";
    import_phone = "Phone" | "Телефон";
    import_role = "Role" | "Роль";
    import_unit = "Unit" | "Подразделение";
    import_reason = "Reason" | "Причина";
    import_left_out = "Left out by hand" | "Убрано вручную";
    import_everyone = "For everyone" | "Для всех";
    import_role_hint = "For every row that names no role of its own." | "Для строк, в которых роль не указана.";
    import_which_unit = "To which unit do they go?" | "В какое подразделение?";
    import_which_unit_hint = "The list names no units. Rows that name one of their own keep it." | "В списке нет подразделений. Строки, где оно указано, останутся со своим.";
    import_unit_hint = "For every row that names no unit of its own." | "Для строк, в которых подразделение не указано.";
    import_sends = "Send invitations" | "Отправить приглашения";
    import_sends_hint = "Off: people are added as Not invited, and you invite them whenever you like."
        | "Если не отмечено, люди добавляются без приглашения, пригласить их можно когда угодно.";
    import_always_sends = "Everybody who is taken gets an invitation: here nobody is added without one."
        | "Каждый добавленный получит приглашение: здесь без него никого не добавляют.";
    import_existing = "When somebody is here already" | "Если человек уже в системе";
    import_not_taken = "Not taken from the list" | "Не взяты из списка";
    import_everybody = "This list is everybody of the unit" | "В списке все люди подразделения";
    import_everybody_hint = "Whoever stands in the unit above, and not in the list, is archived."
        | "Кто есть в выбранном выше подразделении, но не в списке, уйдёт в архив.";
    import_type_gone(number: &str) = "To archive them, type their number: {number}" | "Чтобы отправить их в архив, введите их число: {number}";
    import_nobody_ready = "Nobody is ready yet: mend the rows above, and check again."
        | "Пока никто не готов: исправьте строки выше и проверьте снова.";
    import_run_gone = "Import, and archive the others" | "Импортировать, остальных в архив";
    import_run_gone_and_send = "Import, send invitations, and archive the others" | "Импортировать, отправить приглашения, остальных в архив";
    import_becomes(what: &str, before: &str, after: &str) = "{what}: {before} → {after}" | "{what}: {before} → {after}";
    existing_skip = "Leave them as they are" | "Оставить как есть";
    existing_skip_hint = "The row is passed over. Whoever is here, but not in the unit of the row, is asked to join it."
        | "Строка пропускается. Кто уже есть, но не в подразделении из строки, получит приглашение и в него.";
    existing_update = "Change what the list says otherwise" | "Изменить то, что в списке иначе";
    existing_update_hint = "Name, role and unit, each shown here first. It can be undone with the import."
        | "Имя, роль и подразделение; всё видно здесь заранее и отменяется вместе с импортом.";
    import_policy = "When some rows have errors" | "Если в некоторых строках есть ошибки";
    import_asked = "What do these mean?" | "Что означают эти тексты?";
    import_asked_role(text: &str) = "The role “{text}” means" | "Роль «{text}» означает";
    import_asked_unit(text: &str) = "The unit “{text}” means" | "Подразделение «{text}» означает";
    import_choose = "(choose)" | "(выберите)";
    import_check = "Check again" | "Проверить снова";
    import_checked = "Checked again. Nothing has been saved of it yet." | "Проверено снова. Пока ничего не сохранено.";
    import_result = "What will happen" | "Что произойдёт";
    import_nothing_yet = "This is a dry run: nobody has been added and nothing has been sent."
        | "Это пробный прогон: никто не добавлен и ничего не отправлено.";
    import_use_all(n: &str) = "Use what is offered ({n})" | "Взять предложенное ({n})";
    import_keep_all(n: &str) = "Keep all as they are ({n})" | "Оставить как есть ({n})";
    import_drop_all(n: &str) = "Leave all out ({n})" | "Убрать все ({n})";
    import_show_rows = "Show rows" | "Показать строки";
    import_rows = "Rows" | "Строки";
    import_filter_open = "To mend or to check" | "Исправить или проверить";
    import_filter_errors = "Errors" | "Ошибки";
    import_filter_check = "To check" | "Проверить";
    import_filter_out = "Left out" | "Убранные";
    import_filter_all = "All" | "Все";
    import_no_rows = "No rows here." | "Здесь нет строк.";
    import_line(line: usize) = "Row {line}" | "Строка {line}";
    import_line_field(column: &str, line: usize) = "{column}, row {line}" | "{column}, строка {line}";
    import_save_row = "Save" | "Сохранить";
    import_use(text: &str) = "Use {text}" | "Использовать {text}";
    import_keep_row = "Keep as it is" | "Оставить как есть";
    import_drop_row = "Leave out" | "Убрать";
    import_put_back = "Put back" | "Вернуть";
    import_forget = "Discard this list" | "Удалить этот список";
    import_rejected = "Download rejected rows" | "Скачать отклонённые строки";
    import_rejected_hint = "With the reason of each; correct them there and import the file again."
        | "С причиной для каждой; исправьте их там и импортируйте файл снова.";
    import_under_way(done: &str, all: &str) = "Importing: {done} of {all}" | "Импорт: {done} из {all}";
    import_may_leave = "This goes on by itself. You can leave this page and come back to it within a day."
        | "Всё идёт само. Страницу можно закрыть и вернуться к ней в течение суток.";
    import_refresh = "Show how far it is" | "Обновить";
    import_cut_off = "The import was cut off before all of it had begun." | "Импорт прервался раньше, чем начался целиком.";
    import_go_on = "Go on" | "Продолжить";
    import_begins = "Begins in a few seconds. Until then, Stop ends it before anybody is written to."
        | "Начнётся через несколько секунд. До этого можно остановить, и никому ничего не уйдёт.";
    import_undoing = "The import is being taken back" | "Импорт отменяется";
    import_undo = "Undo this import" | "Отменить этот импорт";
    import_undo_hint(until: &str) = "Until {until} this removes everybody of the list who has not come in and was not changed since; their invitations stop working. Without it they stay."
        | "До {until} можно удалить всех из этого списка, кто ещё не вошёл и не был изменён; их приглашения перестанут действовать. Без этого все останутся.";
    import_do_undo = "Remove them again" | "Удалить импортированных";
    import_was_undone = "The import was undone" | "Импорт отменён";
    import_another = "Import another list" | "Импортировать другой список";
    import_show_people = "Show people" | "Показать людей";
    import_stopped = "The import was stopped" | "Импорт остановлен";
    import_no_script = "Rows are mended one at a time here." | "Строки исправляются по одной.";
    start_import = "Bring a list from a spreadsheet; every row is checked before anything happens."
        | "Загрузить список из таблицы: каждая строка проверяется заранее.";

    kind_contact_missing = "Neither e-mail nor phone" | "Нет ни почты, ни телефона";
    kind_several = "Several addresses in one row" | "Несколько адресов в одной строке";
    kind_repeated = "Repeated in this list" | "Повторы в этом списке";
    kind_email = "Not an address" | "Неверный адрес";
    kind_phone = "Not a phone number, or no country code" | "Неверный номер или нет кода страны";
    kind_spreadsheet = "Spoilt by the spreadsheet" | "Испорчено таблицей";
    kind_wrong_phone = "Wrong number beside an address" | "Неверный номер рядом с адресом";
    kind_only_phone = "Only a phone number, and invitations go by e-mail" | "Только номер, а приглашения идут по почте";
    kind_role = "Unknown role" | "Неизвестная роль";
    kind_unit = "Unknown unit" | "Неизвестное подразделение";
    kind_no_unit = "No unit" | "Не указано подразделение";
    kind_role_not_yours = "A role that you may not give there" | "Роль, которую вы не можете назначить";
    kind_misspelt = "Probably a slip in the address" | "Возможно, опечатка в адресе";
    kind_similar = "Very close to somebody else" | "Очень похоже на другого человека";
    kind_no_mail_server = "The domain cannot receive e-mail" | "Домен не принимает почту";
    kind_doubtful_phone = "A doubtful phone number" | "Сомнительный номер";
    kind_here = "Already here" | "Уже в системе";
    kind_later = "Cannot be taken now" | "Сейчас взять нельзя";
    kind_joins = "Here already, and will be asked to join this unit as well" | "Уже в системе: получат приглашение и в это подразделение";
    kind_ready = "Ready" | "Готово";
    kind_differs = "Here already: will be changed" | "Уже в системе: будут изменены";
    kind_not_changeable = "Here already, and cannot be changed so" | "Уже в системе, изменить так нельзя";

    finding_repeated(line: usize) = "The same address as in row {line}." | "Тот же адрес, что в строке {line}.";
    finding_repeated_number(line: usize) = "The same phone number as in row {line}. Take it out of one of them, or leave one out."
        | "Тот же номер телефона, что в строке {line}. Удалите номер в одной из них или уберите строку.";
    finding_role(text: &str) = "Nobody here knows the role “{text}”. Say above what it means."
        | "Роль «{text}» здесь неизвестна. Укажите выше, что она означает.";
    finding_unit(text: &str) = "There is no unit “{text}” within your reach. Say above what it means."
        | "Подразделения «{text}» среди доступных вам нет. Укажите выше, что оно означает.";
    finding_no_unit = "The row names no unit. Choose one for the list above, and check again."
        | "В строке не указано подразделение. Выберите его для списка выше и проверьте снова.";
    finding_role_not_yours = "You may not give this role in this unit." | "Вы не можете назначить эту роль в этом подразделении.";
    finding_contact_missing = "There is neither an e-mail address nor a phone number. Add one."
        | "Нет ни адреса почты, ни номера телефона. Добавьте что-нибудь из этого.";
    finding_several = "There are several addresses in this row. Leave one." | "В этой строке несколько адресов. Оставьте один.";
    finding_differs(title: &str) = "{title} is here already and will be changed." | "Уже в системе, будет изменено: {title}.";
    finding_not_changeable(title: &str, why: &str) = "{title} is here already, and cannot be changed so: {why}"
        | "Уже в системе, изменить так нельзя ({title}): {why}";
    finding_not_reached = "The import was stopped before it came to this row." | "Импорт остановился раньше этой строки.";
}

impl Language {
    /// What a column holds.
    pub fn import_column(self, column: PasteColumn) -> &'static str {
        match column {
            PasteColumn::Name => self.import_full_name(),
            PasteColumn::FirstName => self.import_first_name(),
            PasteColumn::LastName => self.import_last_name(),
            PasteColumn::Patronymic => self.import_patronymic(),
            PasteColumn::Email => self.import_email(),
            PasteColumn::Phone => self.import_phone(),
            PasteColumn::Role => self.import_role(),
            PasteColumn::Unit => self.import_unit(),
            PasteColumn::Login | PasteColumn::Record | PasteColumn::Note | PasteColumn::Place | PasteColumn::Other => {
                self.import_ignored()
            }
        }
    }

    /// What the rows of a kind have in common.
    pub fn finding_kind(self, kind: FindingKind) -> &'static str {
        match kind {
            FindingKind::Ready => self.kind_ready(),
            FindingKind::Differs => self.kind_differs(),
            FindingKind::NotChangeable => self.kind_not_changeable(),
            FindingKind::ContactMissing => self.kind_contact_missing(),
            FindingKind::SeveralContacts => self.kind_several(),
            FindingKind::Repeated => self.kind_repeated(),
            FindingKind::BrokenEmail => self.kind_email(),
            FindingKind::BrokenPhone => self.kind_phone(),
            FindingKind::Spreadsheet => self.kind_spreadsheet(),
            FindingKind::WrongPhone => self.kind_wrong_phone(),
            FindingKind::Joins => self.kind_joins(),
            FindingKind::OnlyPhone => self.kind_only_phone(),
            FindingKind::UnknownRole => self.kind_role(),
            FindingKind::UnknownUnit => self.kind_unit(),
            FindingKind::UnitMissing => self.kind_no_unit(),
            FindingKind::RoleNotYours => self.kind_role_not_yours(),
            FindingKind::Misspelt => self.kind_misspelt(),
            FindingKind::Similar => self.kind_similar(),
            FindingKind::NoMailServer => self.kind_no_mail_server(),
            FindingKind::DoubtfulPhone => self.kind_doubtful_phone(),
            FindingKind::AlreadyHere => self.kind_here(),
            FindingKind::Later => self.kind_later(),
        }
    }

    /// What is thought of a row.
    pub fn row_finding(self, of: Vocabulary, finding: &RowFinding) -> String {
        match finding {
            RowFinding::ContactMissing => self.finding_contact_missing().into(),
            RowFinding::SeveralContacts => self.finding_several().into(),
            RowFinding::Repeated { line, is_number: false } => self.finding_repeated(*line),
            RowFinding::Repeated { line, is_number: true } => self.finding_repeated_number(*line),
            RowFinding::WrongPhone { problem, .. } => self.paste_problem(problem),
            RowFinding::UnknownRole { text } => self.finding_role(text),
            RowFinding::UnknownUnit { text } => self.finding_unit(text),
            RowFinding::UnitMissing => self.finding_no_unit().into(),
            RowFinding::RoleNotYours => self.finding_role_not_yours().into(),
            RowFinding::NotReached => self.finding_not_reached().into(),
            RowFinding::Differs { title, .. } => self.finding_differs(title),
            RowFinding::NotChangeable { title, refusal, .. } => {
                self.finding_not_changeable(title, &self.refusal(refusal))
            }
            RowFinding::Judged(verdict) => match verdict {
                Verdict::Ready => self.invite_row_ready().into(),
                Verdict::Misspelt { meant } => self.invite_row_misspelt(meant),
                Verdict::Similar { title, address } => self.looks_like(title, address),
                Verdict::SameNumber { title, address } if title == address => self.invite_row_same_number(address),
                Verdict::SameNumber { title, address } => self.invite_row_same_number(&format!("{address} ({title})")),
                Verdict::OtherRole { text } => self.invite_row_role(text),
                Verdict::OtherUnit { text } => self.invite_row_unit(text),
                Verdict::NoMailServer { domain } => self.invite_row_no_mail_server(domain),
                Verdict::Known { title, status, .. } => self.invite_row_known(title, self.status(of, *status)),
                Verdict::Joins { title, status, .. } => self.joins(title, *status, self.status(of, *status)),
                Verdict::Broken { problem, .. } => self.paste_problem(problem),
                Verdict::Phone => self.invite_row_phone().into(),
                Verdict::DoubtfulPhone(problem) => self.phone_looks(problem),
                Verdict::Rests(rest) => self.rests(*rest),
            },
        }
    }

    /// That somebody who is known is invited to another unit; whoever has come in joins with the account that they have.
    pub fn joins(self, title: &str, status: Status, said: &str) -> String {
        match status {
            Status::Active => self.invite_row_joins(title, said),
            _ => self.invite_row_invited_here(title, said),
        }
    }

    /// That the address of a row is close to somebody's.
    pub fn looks_like(self, title: &str, address: &str) -> String {
        match title == address {
            true => self.invite_row_similar(address),
            false => self.invite_row_similar(&format!("{address} ({title})")),
        }
    }

    /// Why nobody would be taken of a list that is taken as a whole.
    pub fn import_all_or_nothing(self, n: usize) -> String {
        counted(
            self,
            n,
            [
                "All or nothing: # row stands against it, so nobody is imported. Mend it, or import the others only.",
                "All or nothing: # rows stand against it, so nobody is imported. Mend them, or import the others only.",
            ],
            [
                "Всё или ничего: мешает # строка, никто не импортируется. Исправьте её или импортируйте остальных.",
                "Всё или ничего: мешают # строки, никто не импортируется. Исправьте их или импортируйте остальных.",
                "Всё или ничего: мешают # строк, никто не импортируется. Исправьте их или импортируйте остальных.",
            ],
        )
    }

    /// The button that takes those who are ready.
    pub fn import_run(self, n: usize) -> String {
        counted(
            self,
            n,
            ["Import # person", "Import # people"],
            ["Импортировать # человека", "Импортировать # человек", "Импортировать # человек"],
        )
    }

    /// The same where invitations are sent.
    pub fn import_run_and_send(self, n: usize) -> String {
        counted(
            self,
            n,
            ["Import # person and send an invitation", "Import # people and send invitations"],
            [
                "Импортировать # человека и отправить приглашение",
                "Импортировать # человек и отправить приглашения",
                "Импортировать # человек и отправить приглашения",
            ],
        )
    }

    pub fn import_later(self, n: usize) -> String {
        counted(self, n, ["# cannot be taken now", "# cannot be taken now"], ["# нельзя взять сейчас"; 3])
    }

    pub fn import_ready(self, n: usize) -> String {
        counted(self, n, ["# ready", "# ready"], ["# готов", "# готовы", "# готово"])
    }

    pub fn import_errors(self, n: usize) -> String {
        counted(self, n, ["# with an error", "# with errors"], ["# с ошибкой", "# с ошибками", "# с ошибками"])
    }

    pub fn import_here(self, n: usize) -> String {
        counted(self, n, ["# already here", "# already here"], ["# уже в системе"; 3])
    }

    pub fn import_out(self, n: usize) -> String {
        counted(self, n, ["# left out", "# left out"], ["# убрана", "# убраны", "# убрано"])
    }

    /// How many were taken.
    pub fn import_done(self, n: usize) -> String {
        counted(
            self,
            n,
            ["# person was imported", "# people were imported"],
            ["Импортирован # человек", "Импортированы # человека", "Импортировано # человек"],
        )
    }

    /// How many were not taken out again.
    pub fn import_stay(self, n: usize) -> String {
        counted(
            self,
            n,
            [
                "# person stays, who had come in or was changed since.",
                "# people stay, who had come in or were changed since.",
            ],
            [
                "Остался # человек: уже вошёл или был изменён.",
                "Остались # человека: уже вошли или были изменены.",
                "Осталось # человек: уже вошли или были изменены.",
            ],
        )
    }

    /// How many were changed who were there.
    pub fn import_changed(self, n: usize) -> String {
        counted(
            self,
            n,
            ["# person was changed.", "# people were changed."],
            ["Изменён # человек.", "Изменены # человека.", "Изменено # человек."],
        )
    }

    /// How many do not stand in a list that names everybody.
    pub fn import_gone(self, n: usize) -> String {
        counted(
            self,
            n,
            ["# person is not in the list and will be archived", "# people are not in the list and will be archived"],
            [
                "# человек вне списка уйдёт в архив",
                "# человека вне списка уйдут в архив",
                "# человек вне списка уйдут в архив",
            ],
        )
    }

    /// How many are missing from such a list who have not come in.
    pub fn import_gone_invited(self, n: usize) -> String {
        counted(
            self,
            n,
            [
                "# person who has not come in is not in the list either: the invitation stays until you withdraw it.",
                "# people who have not come in are not in the list either: their invitations stay until you withdraw them.",
            ],
            [
                "Вне списка и # человек, который ещё не вошёл: приглашение остаётся, пока вы его не отзовёте.",
                "Вне списка и # человека, которые ещё не вошли: приглашения остаются, пока вы их не отзовёте.",
                "Вне списка и # человек, которые ещё не вошли: приглашения остаются, пока вы их не отзовёте.",
            ],
        )
    }

    /// What becomes of those who are there, and what that means.
    pub fn existing_people(self, existing: ExistingPeople) -> (&'static str, &'static str) {
        match existing {
            ExistingPeople::Skip => (self.existing_skip(), self.existing_skip_hint()),
            ExistingPeople::Update => (self.existing_update(), self.existing_update_hint()),
        }
    }

    /// How many went again, or are as they were.
    pub fn import_undone(self, n: usize) -> String {
        counted(
            self,
            n,
            ["Undone for # person.", "Undone for # people."],
            ["Отменено для # человека.", "Отменено для # человек.", "Отменено для # человек."],
        )
    }
}
