//! The rows of the form as signals: one for each row, so that a letter typed into one of ten thousand draws that one anew and no
//! other. What is thought of a row stands in `row`; how it looks, in `review`.

use super::row::EditedRow;
use crate::domain::paste::{Pasted, read_paste};
use crate::domain::review::{MOST_AT_ONCE, MOST_IN_A_FORM, ReviewRow, RowCounts, RowKind, RowRules, Verdict};
use leptos::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// A row; two of them are one where the key is.
#[derive(Clone)]
pub struct RowSignal {
    pub key: u32,
    pub state: ArcRwSignal<EditedRow>,
    /// Its field is open.
    pub is_open: ArcRwSignal<bool>,
}

impl PartialEq for RowSignal {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

/// What became of a text that was read into rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tidied {
    pub cleaned: usize,
    pub folded: usize,
}

/// All rows of the form.
#[derive(Clone, Copy)]
pub struct RowSignals {
    list: RwSignal<Vec<RowSignal>>,
    counts: RwSignal<RowCounts>,
    /// Those that the server keeps besides, and that stand in no row here.
    pub more: RwSignal<RowCounts>,
    pub tidied: RwSignal<Tidied>,
    /// What stood in the texts and became no row, or no part of one.
    pub aside: RwSignal<Vec<String>>,
    next: StoredValue<u32>,
    rules: StoredValue<RowRules>,
    /// The ids of the roles to choose from, with their names in each language.
    roles: StoredValue<Vec<(String, String)>>,
    /// Whether people are invited to one of several units: where there is one, a list can mean no other.
    has_units: bool,
}

impl RowSignals {
    pub fn new(
        rows: Vec<ReviewRow>,
        more: RowCounts,
        rules: RowRules,
        roles: Vec<(String, String)>,
        has_units: bool,
    ) -> Self {
        let all = Self {
            list: RwSignal::new(Vec::new()),
            counts: RwSignal::new(RowCounts::default()),
            more: RwSignal::new(more),
            tidied: RwSignal::new(Tidied::default()),
            aside: RwSignal::new(Vec::new()),
            next: StoredValue::new(0),
            rules: StoredValue::new(rules),
            roles: StoredValue::new(roles),
            has_units,
        };
        all.append(rows.into_iter().map(EditedRow::kept).collect());
        all
    }

    /// How many there are of each kind, those included that the server keeps.
    pub fn counts(self) -> RowCounts {
        let (mut counts, more) = (self.counts.get(), self.more.get());
        for (kind, rows) in [
            (RowKind::Ready, more.ready),
            (RowKind::ToCheck, more.to_check),
            (RowKind::ToFix, more.to_fix),
            (RowKind::Here, more.here),
            (RowKind::Later, more.later),
        ] {
            counts.add(kind, rows);
        }
        counts
    }

    /// All of them, in their order.
    pub fn all(self) -> Vec<RowSignal> {
        self.list.try_get_untracked().unwrap_or_default()
    }

    pub fn is_empty(self) -> bool {
        self.list.with(Vec::is_empty)
    }

    /// Those that are shown: all, or of very many those first of which something is asked.
    pub fn shown(self) -> Vec<RowSignal> {
        self.list.with(|list| {
            if list.len() <= MOST_AT_ONCE {
                return list.clone();
            }
            let goes = |row: &&RowSignal| row.state.with_untracked(EditedRow::goes);
            let (asked, ready): (Vec<&RowSignal>, Vec<&RowSignal>) = list.iter().partition(|row| !goes(row));
            asked.into_iter().chain(ready).take(MOST_AT_ONCE).cloned().collect()
        })
    }

    /// How many are not shown.
    pub fn hidden(self) -> usize {
        self.list.with(|list| list.len().saturating_sub(MOST_AT_ONCE))
    }

    /// The first of a kind.
    pub fn first_of(self, kind: RowKind) -> Option<u32> {
        let is_one = |row: &&RowSignal| row.state.with_untracked(EditedRow::kind) == Some(kind);
        self.list.with_untracked(|list| list.iter().find(is_one).map(|row| row.key))
    }

    pub fn find(self, key: u32) -> Option<RowSignal> {
        // Asked for by whatever a focus that is lost wakes, also when the page is gone.
        self.list.try_with_untracked(|list| list.iter().find(|row| row.key == key).cloned()).flatten()
    }

    /// Changes a row, and what is counted by it.
    pub fn change(self, row: &RowSignal, change: impl FnOnce(&mut EditedRow)) {
        let before = row.state.with_untracked(EditedRow::kind);
        row.state.update(change);
        self.count(before, row.state.with_untracked(EditedRow::kind));
    }

    /// Something else stands in a row now.
    pub fn retype(self, row: &RowSignal, text: &str) {
        let own = self.rules.get_value();
        self.change(row, |state| {
            state.retype(text, &own);
            self.roles.with_value(|roles| state.find_role(roles));
        });
    }

    /// An entry as a row, with the role that it says where that is one.
    fn read(self, pasted: &Pasted) -> EditedRow {
        let mut row = self.rules.with_value(|rules| EditedRow::pasted(pasted, rules));
        self.roles.with_value(|roles| row.find_role(roles));
        if !self.has_units {
            row.said_unit.clear();
        }
        row
    }

    /// Another number stands beside its address now.
    pub fn renumber(self, row: &RowSignal, text: &str) {
        let own = self.rules.get_value();
        self.change(row, |state| state.renumber(text, &own));
    }

    fn count(self, before: Option<RowKind>, after: Option<RowKind>) {
        if before != after {
            self.counts.update(|counts| {
                let mut gone = RowCounts::default();
                if let Some(kind) = before {
                    gone.add(kind, 1);
                }
                *counts = counts.without(gone);
                if let Some(kind) = after {
                    counts.add(kind, 1);
                }
            });
        }
    }

    fn append(self, states: Vec<EditedRow>) {
        let mut counts = self.counts.get_untracked();
        let mut next = self.next.get_value();
        let mut rows = Vec::with_capacity(states.len());
        for state in states {
            if let Some(kind) = state.kind() {
                counts.add(kind, 1);
            }
            let is_open = state.has_open_field();
            rows.push(RowSignal { key: next, state: ArcRwSignal::new(state), is_open: ArcRwSignal::new(is_open) });
            next += 1;
        }
        self.next.set_value(next);
        self.counts.set(counts);
        self.list.update(|list| list.extend(rows));
    }

    /// An empty row more, and its key.
    pub fn add_empty(self) -> u32 {
        let key = self.next.get_value();
        self.append(vec![EditedRow::empty()]);
        key
    }

    /// The inviter's own domains, by which slips in them are known.
    pub fn rules(self) -> RowRules {
        self.rules.get_value()
    }

    /// What would come of a text.
    pub fn preview(self, text: &str) -> Vec<EditedRow> {
        read_paste(text).entries.iter().map(|pasted| self.read(pasted)).collect()
    }

    /// Reads a text into rows, each person once. `false`, and nothing is read, where they would be too many.
    pub fn take(self, text: &str) -> bool {
        let paste = read_paste(text);
        let room = MOST_IN_A_FORM.saturating_sub(self.list.with_untracked(Vec::len));
        if paste.left_out > 0 || paste.unread_bytes > 0 || paste.entries.len() > room {
            return false;
        }
        let name = |row: RowSignal| row.state.with_untracked(|state| state.name.clone());
        let mut known: BTreeMap<String, String> =
            self.contacts().into_iter().map(|(contact, row)| (contact, name(row))).collect();
        let mut aside = paste.aside;
        let mut states: Vec<EditedRow> = Vec::with_capacity(paste.entries.len());
        for pasted in &paste.entries {
            let state = self.read(pasted);
            let mut unused = pasted.unused();
            unused.extend(pasted.beside.unit.clone().filter(|_| !self.has_units));
            match known.get(state.contact()) {
                // Whoever stands here already may be called otherwise there.
                Some(name) => unused.extend(Some(state.name).filter(|other| !other.is_empty() && other != name)),
                None => {
                    known.insert(state.contact().to_string(), state.name.clone());
                    states.push(state);
                }
            }
            if !unused.is_empty() {
                aside.push(format!("{}: {}", pasted.typed.trim_matches(['<', '>']), unused.join(" · ")));
            }
        }
        self.aside.update(|all| all.extend(aside));
        let folded = paste.folded + paste.entries.len() - states.len();
        self.tidied.update(|tidied| {
            tidied.cleaned += paste.cleaned;
            tidied.folded += folded;
        });
        self.append(states);
        true
    }

    /// Rows that were kept in the browser.
    pub fn restore(self, states: Vec<EditedRow>) {
        let mut known: BTreeSet<String> = self.contacts().into_keys().collect();
        self.append(states.into_iter().filter(|state| known.insert(state.contact().to_string())).collect());
    }

    fn contacts(self) -> BTreeMap<String, RowSignal> {
        let rows = self.all().into_iter();
        rows.map(|row| (row.state.with_untracked(|state| state.contact().to_string()), row)).collect()
    }

    /// Whatever else was typed into the field of a row becomes rows of its own.
    pub fn split(self, row: &RowSignal) {
        let typed = row.state.with_untracked(|state| state.typed.clone());
        let entries = read_paste(&typed).entries;
        if let [first, others @ ..] = entries.as_slice()
            && !others.is_empty()
        {
            self.retype(row, &first.typed);
            self.restore(others.iter().map(|pasted| self.read(pasted)).collect());
        }
    }

    /// Takes a row out for good.
    pub fn remove(self, key: u32) {
        if let Some(row) = self.find(key) {
            self.count(row.state.with_untracked(EditedRow::kind), None);
            self.list.update(|list| list.retain(|row| row.key != key));
        }
    }

    pub fn clear(self) {
        self.clear_shown();
        self.more.set(RowCounts::default());
        self.tidied.set(Tidied::default());
    }

    /// Takes out whatever stands here; what the server keeps besides stays.
    pub fn clear_shown(self) {
        self.list.set(Vec::new());
        self.counts.set(RowCounts::default());
    }

    /// Takes in what came of those that were sent: who stayed keeps the row, everybody else's goes. What was added meanwhile is
    /// none of it.
    pub fn sent(self, sent: &BTreeSet<u32>, stayed: Vec<ReviewRow>, more: RowCounts) {
        let known = self.contacts();
        let (mut keep, mut new) = (BTreeSet::new(), Vec::new());
        for row in stayed {
            let state = EditedRow::kept(row);
            match known.get(state.contact()) {
                // Typed again meanwhile, or never sent: as it stands here is newer.
                Some(row) if !sent.contains(&row.key) => {}
                Some(row) => {
                    keep.insert(row.key);
                    self.change(row, |old| {
                        let stamp = old.stamp();
                        *old = state;
                        old.follow(stamp);
                    });
                }
                None => new.push(state),
            }
        }
        for row in self.all().into_iter().filter(|row| sent.contains(&row.key) && !keep.contains(&row.key)) {
            self.count(row.state.with_untracked(EditedRow::kind), None);
        }
        self.list.update(|list| list.retain(|row| !sent.contains(&row.key) || keep.contains(&row.key)));
        self.append(new);
        self.more.set(more);
        self.tidied.set(Tidied::default());
    }

    /// What the server said of everybody holds no longer.
    pub fn unsettle(self) {
        for row in self.all() {
            row.state.update(|state| {
                if !matches!(state.verdict, Verdict::Broken { .. }) {
                    state.changed();
                }
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::review::RowSaid;

    fn there(rows: RowSignals) -> Vec<String> {
        rows.all().iter().map(|row| row.state.with_untracked(|state| state.typed.clone())).collect()
    }

    fn keys(rows: RowSignals) -> BTreeSet<u32> {
        rows.all().iter().map(|row| row.key).collect()
    }

    /// The form stays open between two sendings: nobody of the first is carried into the second but who stayed by it.
    #[test]
    fn what_was_sent_is_no_part_of_the_next_sending() {
        let owner = Owner::new();
        owner.set();
        let rows = RowSignals::new(Vec::new(), RowCounts::default(), RowRules::default(), Vec::new(), true);
        assert!(rows.take("vera@acme.by\nolga@acme\nlev@acme.by"));
        let first = keys(rows);
        let broken = rows.all().iter().map(|row| row.state.get_untracked()).find(|row| row.typed == "olga@acme");
        let stays = ReviewRow {
            position: 1,
            typed: "olga@acme".into(),
            name: String::new(),
            phone: None,
            role: None,
            said: RowSaid::default(),
            verdict: broken.expect("a row").verdict,
        };
        // Typed while the first sending was under way.
        assert!(rows.take("ivan@acme.by"));
        rows.sent(&first, vec![stays], RowCounts::default());
        assert_eq!(there(rows), ["olga@acme", "ivan@acme.by"]);
        assert_eq!((rows.counts().ready, rows.counts().to_fix, rows.counts().all()), (1, 1, 2));

        let second = keys(rows);
        rows.sent(&second, Vec::new(), RowCounts::default());
        assert!(rows.take("petra@acme.by"));
        assert_eq!(there(rows), ["petra@acme.by"]);
        assert_eq!((rows.counts().ready, rows.counts().all()), (1, 1));
        assert!(keys(rows).is_disjoint(&first) && keys(rows).is_disjoint(&second), "a key is never used again");
    }
}
