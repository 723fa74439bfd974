//! What is said about a list of people that is being imported; the file itself comes by a form of its own. Every button of the page
//! carries the whole page, as `wish`.

use crate::domain::error::UseCaseError;
use crate::domain::id::ImportId;
use crate::domain::import::ListWish;
use leptos::prelude::*;

/// Takes what was said about a list: what its columns hold, what holds for everybody, what the texts in it mean, one id for each text,
/// and the cells that were corrected.
#[server(prefix = "/api", endpoint = "import-list")]
pub async fn import_list(id: ImportId, #[server(flatten)] wish: ListWish) -> Result<(), UseCaseError> {
    use crate::server::{http::asked, use_cases::import};
    let (app, caller) = asked::signed_in()?;
    asked::answer(import::change(&app, &caller, &id, &wish).await)
}

/// Mends a row: `answer` is its line and what is to become of it, such as `7-drop`.
#[server(prefix = "/api", endpoint = "import-row")]
pub async fn import_row(id: ImportId, answer: String, #[server(flatten)] wish: ListWish) -> Result<(), UseCaseError> {
    use crate::server::use_cases::import::RowAnswer;
    use crate::server::{http::asked, use_cases::import};
    let (app, caller) = asked::signed_in()?;
    let answer = answer
        .split_once('-')
        .and_then(|(line, answer)| Some((line.parse().ok()?, RowAnswer::from_code(answer)?)))
        .ok_or(UseCaseError::Unreadable);
    let (line, answer) = asked::answer(answer)?;
    asked::answer(import::change_row(&app, &caller, &id, &wish, line, answer).await)
}

/// Mends all rows of a kind: `answer` is the kind and what is to become of them, such as `misspelt-offers`.
#[server(prefix = "/api", endpoint = "import-group")]
pub async fn import_group(id: ImportId, answer: String, #[server(flatten)] wish: ListWish) -> Result<(), UseCaseError> {
    use crate::domain::import::FindingKind;
    use crate::server::use_cases::import::GroupAnswer;
    use crate::server::{http::asked, use_cases::import};
    let (app, caller) = asked::signed_in()?;
    let answer = answer
        .split_once('-')
        .and_then(|(kind, answer)| Some((FindingKind::from_code(kind)?, GroupAnswer::from_code(answer)?)))
        .ok_or(UseCaseError::Unreadable);
    let (kind, answer) = asked::answer(answer)?;
    asked::answer(import::change_group(&app, &caller, &id, &wish, kind, answer).await)
}

/// Takes the people of a list who are ready, as the page says it. `gone` is how many are archived, as it was typed, where that is asked.
#[server(prefix = "/api", endpoint = "import-run")]
pub async fn import_run(
    id: ImportId,
    #[server(default)] gone: String,
    #[server(flatten)] wish: ListWish,
) -> Result<(), UseCaseError> {
    use crate::server::{http::asked, use_cases::import};
    let (app, caller) = asked::signed_in()?;
    asked::answer_and_go(import::run(&app, &caller, &id, &wish, &gone).await, &format!("/import?id={id}"))
}

/// Stops what a list is at.
#[server(prefix = "/api", endpoint = "import-stop")]
pub async fn import_stop(id: ImportId) -> Result<(), UseCaseError> {
    use crate::server::{http::asked, use_cases::import};
    let (app, caller) = asked::signed_in()?;
    asked::answer_and_go(import::stop(&app, &caller, &id).await, &format!("/import?id={id}"))
}

/// Undoes a list; how many people went, or nothing where that goes on.
#[server(prefix = "/api", endpoint = "import-undo")]
pub async fn import_undo(id: ImportId) -> Result<String, UseCaseError> {
    use crate::server::{http::asked, use_cases::import};
    let (app, caller) = asked::signed_in()?;
    asked::answer(
        import::undo(&app, &caller, &id).await.map(|undone| undone.map(|n| n.to_string()).unwrap_or_default()),
    )
}

/// Forgets a list; whoever was taken from it stays.
#[server(prefix = "/api", endpoint = "import-forget")]
pub async fn import_forget(id: ImportId) -> Result<(), UseCaseError> {
    use crate::server::{http::asked, use_cases::import};
    let (app, caller) = asked::signed_in()?;
    asked::answer_and_go(import::forget(&app, &caller, &id).await, "/import")
}
