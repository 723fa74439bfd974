//! A row of the invite form while it is edited in the browser: what was typed, what is thought of it, what was answered, and
//! whether it goes. Pure: nothing of the page is known here, and nothing is looked up.

use crate::domain::contact::{EmailProblem, in_letters};
use crate::domain::id::RoleId;
use crate::domain::paste::{PasteProblem, Pasted, PastedKind, read_paste, titled};
use crate::domain::review::{
    ASKED_ADDRESS, ReviewRow, RowKind, RowRules, Verdict, WishedRow, contact_of, first_verdict, wrong_number,
};

/// One person of the form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EditedRow {
    /// What stands there.
    pub typed: String,
    pub name: String,
    /// A number beside the address; empty where there is none.
    pub phone: String,
    /// A role of its own; empty: that of the whole form.
    pub role: String,
    /// What the list said of the role and the unit, as long as it is asked about.
    pub said_role: String,
    pub said_unit: String,
    pub verdict: Verdict,
    /// What was chosen where the verdict asks.
    pub answer: Option<String>,
    /// Taken out; it can be put back.
    pub is_dropped: bool,
    /// The server has said what only it knows, and nothing has changed since.
    pub is_judged: bool,
    /// Its place among those that the server keeps.
    pub position: Option<i64>,
    /// By what the same person is known twice; read once, as ten thousand are compared with every paste.
    contact: String,
    /// Goes up with every change, so that a late answer is known for what it is.
    stamp: u32,
}

impl EditedRow {
    /// An empty row, to be filled in.
    pub fn empty() -> Self {
        Self {
            typed: String::new(),
            name: String::new(),
            phone: String::new(),
            role: String::new(),
            said_role: String::new(),
            said_unit: String::new(),
            verdict: nothing_there(),
            answer: None,
            is_dropped: false,
            is_judged: false,
            position: None,
            contact: String::new(),
            stamp: 0,
        }
    }

    /// What a paste gave, judged by what everybody knows.
    pub fn pasted(pasted: &Pasted, rules: &RowRules) -> Self {
        let (_, verdict) = first_verdict(pasted, rules);
        let name = pasted.name.clone().unwrap_or_default();
        Self {
            typed: pasted.typed.clone(),
            name,
            phone: pasted.number_beside().unwrap_or_default(),
            verdict,
            said_role: pasted.beside.role.clone().unwrap_or_default(),
            said_unit: pasted.beside.unit.clone().unwrap_or_default(),
            contact: contact_in(Some(pasted), &pasted.typed),
            ..Self::empty()
        }
        .with_number_looked_at(rules)
    }

    fn with_number_looked_at(mut self, rules: &RowRules) -> Self {
        if let Some(wrong) =
            wrong_number(&self.phone, rules).filter(|_| !matches!(self.verdict, Verdict::Broken { .. }))
        {
            self.verdict = wrong;
        }
        self
    }

    /// The role that the list says, among those that can be given, by their ids and names.
    pub fn find_role(&mut self, roles: &[(String, String)]) {
        let titles = roles.iter().map(|(id, title)| (id.as_str(), title.as_str()));
        if let Some(meant) = titled(&self.said_role, titles) {
            meant.clone_into(&mut self.role);
            self.said_role.clear();
        }
        self.ask_role();
    }

    /// Asks about a role that nobody knows, where there is nothing else to be asked.
    pub fn ask_role(&mut self) {
        if self.verdict.is_ready() && self.role.is_empty() && !self.said_role.is_empty() {
            self.verdict = Verdict::OtherRole { text: self.said_role.clone() };
        }
    }

    /// Another role was chosen.
    pub fn give_role(&mut self, role: &str) {
        role.clone_into(&mut self.role);
        if !role.is_empty() && matches!(self.verdict, Verdict::OtherRole { .. }) {
            self.verdict = Verdict::Ready;
            self.answer = None;
        }
        self.ask_role();
        self.changed();
    }

    /// A row as the server has judged and kept it.
    pub fn kept(row: ReviewRow) -> Self {
        Self {
            contact: contact_in(read_paste(&row.typed).entries.first(), &row.typed),
            typed: row.typed,
            name: row.name,
            phone: row.phone.unwrap_or_default(),
            role: row.role.as_ref().map(RoleId::as_str).unwrap_or_default().into(),
            said_role: row.said.role.unwrap_or_default(),
            said_unit: row.said.unit.unwrap_or_default(),
            verdict: row.verdict,
            is_judged: true,
            position: Some(row.position),
            ..Self::empty()
        }
    }

    /// Something else stands there now.
    pub fn retype(&mut self, text: &str, rules: &RowRules) {
        self.typed = text.to_string();
        let text = self.line().to_string();
        let entry = read_paste(&text).entries.into_iter().next();
        if let Some(number) = entry.as_ref().and_then(Pasted::number_beside) {
            self.phone = number;
        }
        if let Some(entry) = &entry {
            for (said, text) in [(&mut self.said_role, &entry.beside.role), (&mut self.said_unit, &entry.beside.unit)] {
                if let Some(text) = text {
                    text.clone_into(said);
                }
            }
        }
        self.look(entry.as_ref(), rules);
        self.contact = contact_in(entry.as_ref(), &text);
        if let Some(name) = entry.and_then(|entry| entry.name).filter(|_| self.name.is_empty()) {
            self.name = name;
        }
        self.answer = None;
        self.changed();
    }

    /// Another number stands beside the address now.
    pub fn renumber(&mut self, text: &str, rules: &RowRules) {
        self.phone = text.to_string();
        let read = self.line().to_string();
        let entry = read_paste(&read).entries.into_iter().next();
        self.look(entry.as_ref(), rules);
        self.contact = contact_in(entry.as_ref(), &read);
        self.answer = None;
        self.changed();
    }

    /// By what the person is invited: the address, or where none was typed the number beside it.
    fn line(&self) -> &str {
        if self.typed.trim().is_empty() { &self.phone } else { &self.typed }
    }

    /// Judges it by what everybody knows.
    fn look(&mut self, entry: Option<&Pasted>, rules: &RowRules) {
        let verdict = entry.map_or_else(nothing_there, |entry| first_verdict(entry, rules).1);
        let is_beside = !self.typed.trim().is_empty() && !matches!(verdict, Verdict::Broken { .. });
        let number = if is_beside { wrong_number(&self.phone, rules) } else { None };
        self.verdict = number.unwrap_or(verdict);
        self.ask_role();
    }

    /// What was chosen; nothing, when the choice was taken back.
    pub fn choose(&mut self, answer: Option<String>) {
        let answer = answer.filter(|answer| !answer.trim().is_empty());
        if self.answer != answer {
            self.answer = answer;
            let text = self.answer.as_deref().unwrap_or(&self.typed);
            self.contact = contact_in(read_paste(text).entries.first(), text);
            self.changed();
        }
    }

    /// Whatever the server said holds no longer: something changed on which it depends.
    pub fn changed(&mut self) {
        self.is_judged = false;
        self.stamp = self.stamp.wrapping_add(1);
    }

    /// By which a late answer is told from a new one.
    pub fn stamp(&self) -> u32 {
        self.stamp
    }

    /// It takes the place of one that had this stamp.
    pub fn follow(&mut self, stamp: u32) {
        self.stamp = stamp.wrapping_add(1);
    }

    /// Whether it cannot be shown without a field in which it is put right.
    pub fn has_open_field(&self) -> bool {
        matches!(
            self.verdict,
            Verdict::Broken { .. } | Verdict::NoMailServer { .. } | Verdict::Phone | Verdict::DoubtfulPhone(_)
        )
    }

    /// Takes in what the server says of it.
    pub fn hear(&mut self, verdict: Verdict) {
        self.is_judged = true;
        // The question that was answered stays in sight, with its answer, unless there is something else to say.
        if self.answer.is_some() && verdict == Verdict::Ready {
            return;
        }
        if let Some(answer) = self.answer.take() {
            self.typed = answer;
            // What was answered is not asked about again.
            if matches!(self.verdict, Verdict::OtherRole { .. } | Verdict::OtherUnit { .. }) {
                self.said_role.clear();
            }
            if matches!(self.verdict, Verdict::OtherUnit { .. }) {
                self.said_unit.clear();
            }
        }
        self.verdict = verdict;
    }

    /// The address to which it would be written, in letters; what was typed, while there is none (rule 12).
    pub fn goes_to(&self) -> String {
        let text = self.answer.as_deref().unwrap_or(self.line());
        address_in(text).unwrap_or_else(|| text.trim().to_string())
    }

    /// Whether it goes when the form is sent as it stands.
    pub fn goes(&self) -> bool {
        !self.is_dropped
            && (self.verdict.is_ready() || self.answer.as_deref().is_some_and(|text| address_in(text).is_some()))
    }

    /// How it is counted; nothing where there is nothing in it, or where it was taken out.
    pub fn kind(&self) -> Option<RowKind> {
        match () {
            () if self.is_dropped || (self.line().trim().is_empty() && self.answer.is_none()) => None,
            () if self.goes() => Some(RowKind::Ready),
            () => Some(self.verdict.kind()),
        }
    }

    /// By what the same person is known twice.
    pub fn contact(&self) -> &str {
        &self.contact
    }

    /// Whether the server has still to be asked about it. What cannot be read is nothing that it would know more of.
    pub fn waits_for_word(&self) -> bool {
        !self.is_judged
            && self.kind().is_some()
            && (self.answer.is_some() || !matches!(self.verdict, Verdict::Broken { .. } | Verdict::Phone))
    }

    /// As the server reads it. Nothing is asked about again that the server called ready, or that was answered.
    pub fn wished(&self) -> WishedRow {
        let is_settled = self.answer.is_some() || (self.is_judged && self.verdict.is_ready());
        let address = match &self.answer {
            Some(answer) => Some(answer.clone()),
            None => is_settled.then(|| self.line().to_string()),
        };
        let is_number_alone = self.typed.trim().is_empty();
        WishedRow {
            typed: self.line().to_string(),
            address,
            name: self.name.clone(),
            phone: if is_number_alone { String::new() } else { self.phone.clone() },
            number: None,
            said_role: self.said_role.clone(),
            said_unit: self.said_unit.clone(),
            role: self.role.clone(),
            asked: is_settled.then(|| match self.answer {
                Some(_) => self.verdict.question().into(),
                None => ASKED_ADDRESS.into(),
            }),
            dropped: None,
            position: self.position,
        }
    }
}

/// By what an entry is known; a text that is none, by itself.
fn contact_in(entry: Option<&Pasted>, text: &str) -> String {
    match entry.map(|entry| (&entry.kind, contact_of(entry))) {
        Some((PastedKind::Email(_) | PastedKind::Phone(_), Some(contact))) => contact,
        _ => text.trim().to_lowercase(),
    }
}

/// What is thought of a field in which nothing stands.
fn nothing_there() -> Verdict {
    Verdict::Broken { problem: PasteProblem::Email(EmailProblem::NoAt), repair: None }
}

/// The address or number of a text, as people read it.
fn address_in(text: &str) -> Option<String> {
    match read_paste(text).entries.into_iter().next()?.kind {
        PastedKind::Email(email) => Some(in_letters(email.as_str())),
        PastedKind::Phone(phone) => Some(phone.as_str().to_string()),
        PastedKind::Broken { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::UserId;
    use crate::domain::user::Status;

    fn typed(text: &str) -> EditedRow {
        EditedRow::pasted(&read_paste(text).entries[0], &RowRules::default())
    }

    /// Rule 42: a number is enough, and what was typed as one goes with the form.
    #[test]
    fn a_number_alone_is_a_person() {
        let rules = RowRules { invites_by: crate::domain::settings::InvitesBy::MailOrSms, ..RowRules::default() };
        for (number, kind) in [
            ("+375 29 640-00-02", RowKind::Ready),
            ("9051111111", RowKind::ToFix),
            ("+375 29", RowKind::ToFix),
            ("one", RowKind::ToFix),
        ] {
            let mut row = EditedRow::empty();
            assert_eq!(row.kind(), None);
            row.renumber(number, &rules);
            assert_eq!(row.kind(), Some(kind), "{number}: {row:?}");
            let wished = row.wished();
            assert_eq!((wished.typed.as_str(), wished.phone.as_str()), (number, ""));
            // An address makes it the number beside it.
            row.retype("vera@acme.by", &rules);
            assert_eq!(row.wished().phone, number);
            row.retype("", &rules);
            row.renumber("", &rules);
            assert_eq!(row.kind(), None);
        }
    }

    /// Rule 12.
    #[test]
    fn what_is_read_back_is_what_will_be_written_to() {
        for text in ["vera@gmail.com.", "<Vera@gmail.com>;", "mailto:vera@gmail.com", " vera@Gmail.com,"] {
            assert_eq!(typed(text).goes_to(), "vera@gmail.com", "{text}");
        }
        assert_eq!(typed("olga@acme").goes_to(), "olga@acme");
    }

    #[test]
    fn a_row_goes_when_it_is_ready_or_its_question_is_answered() {
        assert!(typed("vera@gmail.com").goes());
        let mut slip = typed("vera@gmial.com");
        assert!(!slip.goes() && slip.kind() == Some(RowKind::ToCheck), "{slip:?}");
        slip.choose(Some("vera@gmail.com".into()));
        assert!(slip.goes() && slip.goes_to() == "vera@gmail.com" && slip.kind() == Some(RowKind::Ready));
        slip.choose(None);
        assert!(!slip.goes());
        let mut broken = typed("olga@acme");
        assert!(!broken.goes() && broken.kind() == Some(RowKind::ToFix));
        broken.retype("olga@acme.by", &RowRules::default());
        assert!(broken.goes());
        broken.is_dropped = true;
        assert!(!broken.goes() && broken.kind().is_none());
        assert!(EditedRow::empty().kind().is_none(), "nothing is counted where nothing is typed");
    }

    /// What nobody but the server can know is asked before it goes, and not taken for settled.
    #[test]
    fn only_what_the_server_has_judged_or_the_person_answered_is_settled() {
        let mut row = typed("vera@gmail.com");
        assert!(row.waits_for_word() && row.wished().asked.is_none());
        row.hear(Verdict::Ready);
        assert_eq!((row.wished().asked.as_deref(), row.waits_for_word()), (Some("on"), false));
        row.retype("vera@mail.ru", &RowRules::default());
        assert!(row.waits_for_word() && row.wished().asked.is_none(), "what is typed anew is looked at anew");
        let mut slip = typed("vera@gmial.com");
        slip.hear(Verdict::Misspelt { meant: "vera@gmail.com".into() });
        slip.choose(Some("vera@gmail.com".into()));
        assert!(slip.waits_for_word() && slip.wished().asked.is_some());
        slip.hear(Verdict::Ready);
        assert!(slip.goes() && slip.answer.is_some(), "the answer stays in sight");
        slip.choose(Some("vera@gmial.com".into()));
        let known = Verdict::Known { user_id: UserId::new("1"), title: "Vera".into(), status: Status::Active };
        slip.hear(known.clone());
        assert_eq!((slip.goes(), slip.verdict), (false, known));
    }

    #[test]
    fn a_number_stays_beside_its_address() {
        let mut row = typed("Vera <vera@acme.by> +375 29 123-45-67");
        assert_eq!((row.goes_to().as_str(), row.wished().phone.as_str()), ("vera@acme.by", "+375291234567"));
        row.retype("vera@acme.com", &RowRules::default());
        assert_eq!(row.phone, "+375291234567");
        row.renumber("9051111111", &RowRules::default());
        assert!(!row.goes() && row.kind() == Some(RowKind::ToFix), "{row:?}");
        row.renumber("", &RowRules::default());
        assert!(row.goes());
    }

    /// What was read of a list and cannot be given is asked about, once.
    #[test]
    fn a_role_that_nobody_knows_is_asked_about_and_answered_by_another_or_by_that_for_everyone() {
        let roles = [("d".to_string(), "Dispatcher".to_string()), ("d".into(), "Диспетчер".into())];
        let read = |text: &str| {
            let mut row = typed(text);
            row.find_role(&roles);
            row
        };
        for text in
            ["Ivan;i7@acme.by;Dispatcher", "Иван;i7@acme.by;Диспетчер", "name;mail;role\nIvan;i7@acme.by;dispatchers"]
        {
            let row = read(text);
            assert!(row.goes() && row.role == "d" && row.said_role.is_empty(), "{row:?}");
        }
        let boss = "Почта;Имя;Роль\nb@acme.by;Ivan;Boss";
        let mut row = read(boss);
        assert_eq!((row.goes(), row.kind()), (false, Some(RowKind::ToCheck)), "{row:?}");
        assert_eq!(row.wished().said_role, "Boss");
        row.give_role("d");
        assert!(row.goes() && row.wished().role == "d", "{row:?}");
        row.give_role("");
        assert!(!row.goes(), "{row:?}");
        row.choose(Some("b@acme.by".into()));
        assert!(row.goes() && row.wished().asked.as_deref() == Some("role"), "{row:?}");
        // Then the unit is asked about, and the role no more.
        row.hear(Verdict::OtherUnit { text: "Sales".into() });
        assert!(!row.goes() && row.said_role.is_empty(), "{row:?}");
        row.choose(Some("b@acme.by".into()));
        assert_eq!(row.wished().asked.as_deref(), Some("unit"));
        row.hear(Verdict::Ready);
        assert!(row.goes(), "{row:?}");
    }

    #[test]
    fn a_national_number_beside_an_address_is_asked_about() {
        for (text, offer) in [
            ("Петров Пётр, 8 (044) 765-43-21, petrov@acme.by", Some("+375447654321")),
            ("lida@mail.ru 89051111119", Some("+79051111119")),
            ("lida@mail.ru 8-912-345-67-89", Some("+79123456789")),
            ("lida@mail.ru 0171 7654321", None),
            ("ivan8@acme.by;80291234567", Some("+375291234567")),
            ("ivan8@acme.by;291234567", None),
            ("ivan8@acme.by;3.75291E+11", None),
        ] {
            let row = typed(text);
            let Verdict::Broken { repair, .. } = &row.verdict else { panic!("{text}: {row:?}") };
            assert_eq!((repair.as_deref(), row.kind()), (offer, Some(RowKind::ToFix)), "{text}");
        }
        assert!(typed("lida@mail.ru +7 905 111-11-19").goes());
    }

    #[test]
    fn one_person_is_known_however_they_are_typed() {
        assert_eq!(typed("Vera <Vera@Gmail.com>").contact(), typed("vera@gmail.com.").contact());
        assert_ne!(typed("vera@gmail.com").contact(), typed("vera@mail.ru").contact());
    }

    #[test]
    fn what_cannot_be_read_is_nothing_that_the_server_would_know_more_of() {
        assert!(!typed("olga@acme").waits_for_word() && !typed("+375 29 123-45-67").waits_for_word());
        assert!(!EditedRow::empty().waits_for_word());
    }
}
