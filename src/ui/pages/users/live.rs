//! The table follows what others do. It hears that something may have changed (usher.js listens while the page is looked at), and
//! asks anew. What is shown changes where it stands; where rows come, go or move, it says so and waits, if somebody is at the
//! table: nothing moves from under a pointer or a focus.

use super::ask;
use super::menu::Answered;
use crate::domain::listing::UserQuery;
use crate::ui::session::words;
use crate::view_models::{UserSummary, UsersPage as Found};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// What waits to be shown.
#[derive(Clone, Copy)]
pub struct Following {
    query: Memo<UserQuery>,
    found: Answered,
    waiting: RwSignal<Option<Found>>,
    /// Which look is the newest: an older one is not shown.
    newest: StoredValue<u32>,
}

impl Following {
    pub fn of(query: Memo<UserQuery>, found: Answered) -> Self {
        let this = Self { query, found, waiting: RwSignal::new(None), newest: StoredValue::new(0) };
        // Another page of the list is read anew, with all that has changed.
        Effect::new(move || {
            query.track();
            this.waiting.set(None);
        });
        this
    }

    /// Asks anew.
    pub fn look(self) {
        let number = self.newest.get_value() + 1;
        self.newest.set_value(number);
        let query = self.query.get_untracked();
        spawn_local(async move {
            let fresh = ask(query.clone()).await;
            let is_wanted = self.newest.try_get_value() == Some(number);
            if !is_wanted || self.query.try_get_untracked().is_none_or(|now| now != query) {
                return;
            }
            match fresh {
                Ok(fresh) => self.take(fresh),
                // Whoever may not look any more sees nothing more; what passes by itself changes nothing.
                Err(refusal) if !refusal.passes() => self.found.set(Some(Err(refusal))),
                Err(_) => {}
            }
        });
    }

    fn take(self, fresh: Found) {
        let shown = self.found.with_untracked(|found| found.as_ref().and_then(|found| found.as_ref().ok()).cloned());
        let Some(shown) = shown else { return };
        if news(&shown.rows, &fresh.rows) == 0 || !is_somebody_there() {
            self.waiting.set(None);
            return self.show(&shown, fresh);
        }
        let kept = shown.rows.iter().map(|old| {
            let now = fresh.rows.iter().find(|row| row.id == old.id);
            now.unwrap_or(old).clone()
        });
        let kept = Found { rows: kept.collect(), ..shown.clone() };
        self.waiting.set(Some(fresh));
        self.show(&shown, kept);
    }

    fn show(self, shown: &Found, fresh: Found) {
        // Most of what happens concerns others: nothing to be drawn.
        if *shown != fresh {
            self.found.set(Some(Ok(fresh)));
        }
    }

    /// How many rows have come, gone or moved, and the way to see them. The place is always there, so that it is read out.
    pub fn bar(self) -> impl IntoView {
        let words = words();
        let waiting = move || {
            let waiting = self.waiting.get()?;
            let many = self.found.with_untracked(|found| match found {
                Some(Ok(shown)) => news(&shown.rows, &waiting.rows),
                _ => 0,
            });
            let show = move |_| {
                if let Some(fresh) = self.waiting.get_untracked() {
                    self.waiting.set(None);
                    self.found.set(Some(Ok(fresh)));
                }
            };
            Some(view! {
                <span>{words.list_changes(many)}</span>
                <button type="button" class="button small" on:click=show>{words.show_changes()}</button>
            })
        };
        view! { <div class="cluster" role="status">{waiting}</div> }
    }
}

/// How many rows have come, gone, or stand elsewhere.
fn news(shown: &[UserSummary], fresh: &[UserSummary]) -> usize {
    let ids = |rows: &[UserSummary]| rows.iter().map(|row| row.id.clone()).collect::<Vec<_>>();
    let (shown, fresh) = (ids(shown), ids(fresh));
    let gone = shown.iter().filter(|id| !fresh.contains(id)).count();
    let come = fresh.iter().filter(|id| !shown.contains(id)).count();
    // Of those that are in both, the ones that stand in another order.
    let kept: Vec<_> = shown.iter().filter(|id| fresh.contains(id)).collect();
    let moved = fresh.iter().filter(|id| shown.contains(id)).zip(kept).filter(|(now, before)| now != before).count();
    gone.max(come) + moved
}

/// Whether a pointer or the focus is in the table, or something is open over it.
fn is_somebody_there() -> bool {
    let there = ".people:hover, .people:focus-within, .selection :checked, #row-menu:popover-open, #question";
    document().query_selector(there).is_ok_and(|found| found.is_some())
}

#[cfg(test)]
mod tests {
    use super::news;
    use crate::domain::id::UserId;
    use crate::domain::user::Status;
    use crate::view_models::UserSummary;

    fn rows(ids: &str) -> Vec<UserSummary> {
        let row = |id: char| UserSummary {
            id: UserId::new(id.to_string()),
            name: String::new(),
            email: None,
            phone: None,
            login: None,
            held: Vec::new(),
            also_offered: Vec::new(),
            elsewhere: false,
            status: Status::Active,
            until: None,
            added: None,
            last_seen: None,
            note: None,
        };
        ids.chars().map(row).collect()
    }

    #[test]
    fn what_came_went_or_moved_is_counted_and_what_stays_is_not() {
        for (shown, fresh, many) in
            [("abc", "abc", 0), ("abc", "abcd", 1), ("abc", "ab", 1), ("abc", "abd", 1), ("abc", "acb", 2), ("", "", 0)]
        {
            assert_eq!(news(&rows(shown), &rows(fresh)), many, "{shown} {fresh}");
        }
    }
}
