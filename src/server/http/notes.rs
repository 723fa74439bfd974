//! What a plain form leaves for the next page: what was refused or answered, what was typed. It travels in a short-lived
//! cookie, never in an address; what no cookie holds waits on the server. Each note names its page, its form and its record,
//! and its cookie is named after the page and the person: of two tabs each finds its own and leaves the other's alone.

use super::asked::{self, RequestContext};
use super::body::LARGEST_LIST;
use super::cookies::{self, OwnCookies, SetCookie};
use crate::domain::id::{NoteId, UserId};
use crate::domain::listing::query_pairs;
use crate::server::app::App;
use crate::server::secrets;
use crate::server::use_cases::{Actor, notes};
use crate::view_models::Flash;
use axum::http::HeaderMap;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use leptos::prelude::use_context;

/// A cookie holds about four kilobytes. What is larger is kept on the server: whatever a form may send, with the names of its
/// fields. Of what is larger than that, the shortest values are kept.
const LARGEST_NOTE: usize = 2_700;
const LARGEST_KEPT: usize = LARGEST_LIST + 16 * 1024;

/// How many letters all notes of a browser may have, and how many notes there may be: a proxy in front reads a line of
/// eight kilobytes at most.
const ROOM: usize = 5_000;
const MOST: usize = 8;

/// Stands in the cookie before the id of a note that is kept on the server.
const KEPT: char = '~';

/// Under which name a page's note waits for this person. Two ways to write one address are one page.
fn name_of(person: &UserId, page: &str) -> String {
    let (path, query) = page.split_once('?').unwrap_or((page, ""));
    let whole = format!("{person}\n{}\n{:?}", path.trim_end_matches('/'), query_pairs(query));
    secrets::hash(&whole).chars().take(12).collect()
}

/// The note that was left for exactly this page.
async fn find(app: &App, caller: &Actor, own: &OwnCookies, page: &str) -> Option<Flash> {
    let content = own.note(&name_of(&caller.user_id, page))?;
    match content.strip_prefix(KEPT) {
        Some(id) => {
            let kept = notes::find(app, caller, &NoteId::new(id)).await.ok()??;
            let note = serde_json::from_str(&kept);
            if note.is_err() {
                tracing::error!(note = %id, "what was typed cannot be read any more");
            }
            note.ok()
        }
        None => read(content),
    }
}

/// What was found for the page that is being rendered as a whole.
#[derive(Clone)]
pub struct FoundFlash(pub Option<Flash>);

/// The note for a page that is about to be shown as a whole.
pub async fn for_page(asked: &RequestContext, page: &str) -> Option<Flash> {
    find(&asked.app, asked.caller.as_ref()?, &asked.own, page).await
}

/// Takes the note of a page that has been shown away, whatever it holds; the notes of other pages stay.
pub fn take_away(asked: &RequestContext, page: &str, headers: &mut HeaderMap) {
    if let Some(gone) = taken(asked, page) {
        gone.add_to(headers);
    }
}

fn taken(asked: &RequestContext, page: &str) -> Option<SetCookie> {
    let of = name_of(&asked.caller.as_ref()?.user_id, page);
    asked.own.note(&of).map(|_| cookies::no_note(&asked.app, &of))
}

/// The note for the inside of a page, whether the page is being rendered whole or its script asks for the inside alone.
pub async fn for_inside(asked: &RequestContext, page: &str) -> Option<Flash> {
    if let Some(FoundFlash(note)) = use_context::<FoundFlash>() {
        return note;
    }
    let found = for_page(asked, page).await;
    if let Some(gone) = taken(asked, page) {
        asked::set_cookie(&gone);
    }
    found
}

/// Leaves a note for its page: the cookies that hold it, and those that give way to it.
pub async fn leave(app: &App, caller: Option<&Actor>, own: &OwnCookies, flash: Flash) -> Vec<SetCookie> {
    // Nobody comes back to a note without having signed in.
    let Some(caller) = caller else { return Vec::new() };
    let of = name_of(&caller.user_id, &flash.page);
    let mut others: Vec<&(String, String)> = own.notes.iter().filter(|(other, _)| *other != of).collect();
    let taken: usize = others.iter().map(|(_, content)| content.len()).sum();
    // A link that was asked for opens a door: it is never kept on the server.
    let is_large = |content: &str| flash.answer.is_none() && taken + content.len() > ROOM;
    let whole = serde_json::to_string(&flash).unwrap_or_default();
    let small = write(flash.clone());
    let content = match whole.len() {
        ..LARGEST_NOTE if !is_large(&small) => small,
        ..LARGEST_KEPT => match notes::keep(app, caller, &whole).await {
            Ok(id) => format!("{KEPT}{id}"),
            Err(refusal) => {
                tracing::warn!(?refusal, "what was typed could not be kept");
                small
            }
        },
        _ => small,
    };
    // The oldest give way, should so many pages of one browser wait for theirs at once.
    let mut cookies = Vec::new();
    let mut room = ROOM.saturating_sub(content.len());
    others.reverse();
    for (place, (other, waiting)) in (1..).zip(others) {
        room = room.saturating_sub(waiting.len());
        if place >= MOST || room == 0 {
            cookies.push(cookies::no_note(app, other));
        }
    }
    cookies.push(cookies::note(app, &of, content));
    cookies
}

fn read(content: &str) -> Option<Flash> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(content).ok()?).ok()
}

/// A note as a cookie holds it; of what is too large, the shortest values.
fn write(mut flash: Flash) -> String {
    let text = |flash: &Flash| serde_json::to_vec(flash).unwrap_or_default();
    let mut typed = std::mem::take(&mut flash.typed);
    typed.sort_by_key(|(_, value)| value.len());
    let mut left = LARGEST_NOTE.saturating_sub(text(&flash).len());
    for pair in typed {
        // With the comma between two of them.
        let length = serde_json::to_vec(&pair).unwrap_or_default().len() + 1;
        if length <= left {
            left -= length;
            flash.typed.push(pair);
        }
    }
    URL_SAFE_NO_PAD.encode(text(&flash))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::error::UseCaseError;

    #[test]
    fn a_note_always_fits_into_a_cookie_and_keeps_the_short_values() {
        let flash = Flash {
            form: "/api/invite".into(),
            page: "/users/invite".into(),
            record: Vec::new(),
            refusal: Some(UseCaseError::Busy),
            answer: None,
            typed: vec![("addresses".into(), "x".repeat(9_000)), ("role".into(), "r".into())],
        };
        let cookie = write(flash);
        assert!(cookie.len() < 4_000);
        let read = read(&cookie).expect("the note");
        assert_eq!(read.typed, [("role".to_string(), "r".to_string())]);
    }

    #[test]
    fn a_page_is_known_however_its_address_is_written_and_for_one_person_h_36() {
        let name = |page: &str| name_of(&UserId::new("anna"), page);
        assert_eq!(name("/users?q=%D0%BF+x"), name("/users/?q=%d0%bf%20x"));
        for other in ["/users/1", "/users/1/edit", "/users/1?do=role", "/users/1?do=role&unit=2", "/users/2"] {
            let pages = ["/users/1", "/users/1/edit", "/users/1?do=role", "/users/1?do=role&unit=2", "/users/2"];
            assert_eq!(pages.iter().filter(|page| name(page) == name(other)).count(), 1, "{other}");
        }
        assert_ne!(name("/me"), name_of(&UserId::new("olga"), "/me"));
    }
}
