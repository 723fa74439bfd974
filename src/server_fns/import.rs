//! What is said about a list of people that is being imported; the file itself comes by a form of its own.
#![expect(clippy::too_many_arguments, reason = "each is a field of a form")]

use crate::domain::error::UseCaseError;
use crate::domain::id::ImportId;
use leptos::prelude::*;

/// Takes what was said about a list as a whole: what its columns hold, what holds for everybody, and what the texts in it mean, one id
/// for each text.
#[server(prefix = "/api", endpoint = "import-list")]
pub async fn import_list(
    id: ImportId,
    #[server(default)] columns: Vec<String>,
    role: String,
    #[server(default)] unit: String,
    language: String,
    #[server(default)] personal_text: String,
    #[server(default)] valid_for: String,
    #[server(default)] sends: Option<String>,
    #[server(default)] policy: String,
    #[server(default)] existing: String,
    #[server(default)] everybody: Option<String>,
    #[server(default)] role_texts: Vec<String>,
    #[server(default)] role_ids: Vec<String>,
    #[server(default)] unit_texts: Vec<String>,
    #[server(default)] unit_ids: Vec<String>,
) -> Result<(), UseCaseError> {
    use crate::server::{http::asked, use_cases::import};
    let (app, caller) = asked::signed_in()?;
    let sends = sends.is_some();
    let wish = import::ListWish {
        columns,
        role,
        unit,
        language,
        personal_text,
        valid_for,
        sends,
        policy,
        existing,
        is_everybody: everybody.is_some(),
        role_texts,
        role_ids,
        unit_texts,
        unit_ids,
    };
    asked::answer(import::change(&app, &caller, &id, &wish).await)
}

/// Mends a row: `answer` is `save`, with a text for each of `columns`, `keep`, `drop` or `back`.
#[server(prefix = "/api", endpoint = "import-row")]
pub async fn import_row(
    id: ImportId,
    line: usize,
    answer: String,
    #[server(default)] columns: Vec<String>,
    #[server(default)] texts: Vec<String>,
) -> Result<(), UseCaseError> {
    use crate::domain::paste::PasteColumn;
    use crate::server::use_cases::import::RowAnswer;
    use crate::server::{http::asked, use_cases::import};
    let (app, caller) = asked::signed_in()?;
    let cells = columns.iter().zip(texts).filter_map(|(code, text)| Some((PasteColumn::from_code(code)?, text)));
    let answer = match answer.as_str() {
        "save" => RowAnswer::Save(cells.collect()),
        "keep" => RowAnswer::Keep,
        "drop" => RowAnswer::Drop,
        "back" => RowAnswer::PutBack,
        _ => return asked::answer(Err(UseCaseError::Unreadable)),
    };
    asked::answer(import::change_row(&app, &caller, &id, line, answer).await)
}

/// Mends all rows of a kind: `answer` is `offers`, `keep` or `drop`.
#[server(prefix = "/api", endpoint = "import-group")]
pub async fn import_group(id: ImportId, kind: String, answer: String) -> Result<(), UseCaseError> {
    use crate::domain::import::FindingKind;
    use crate::server::use_cases::import::GroupAnswer;
    use crate::server::{http::asked, use_cases::import};
    let (app, caller) = asked::signed_in()?;
    let answer = match answer.as_str() {
        "offers" => GroupAnswer::UseOffers,
        "keep" => GroupAnswer::KeepAll,
        "drop" => GroupAnswer::DropAll,
        _ => return asked::answer(Err(UseCaseError::Unreadable)),
    };
    let kind = asked::answer(FindingKind::from_code(&kind).ok_or(UseCaseError::Unreadable))?;
    asked::answer(import::change_group(&app, &caller, &id, kind, answer).await)
}

/// Takes the people of a list who are ready. `gone` is how many are archived, as it was typed, where that is asked.
#[server(prefix = "/api", endpoint = "import-run")]
pub async fn import_run(id: ImportId, #[server(default)] gone: String) -> Result<(), UseCaseError> {
    use crate::server::{http::asked, use_cases::import};
    let (app, caller) = asked::signed_in()?;
    asked::answer_and_go(import::run(&app, &caller, &id, &gone).await, &format!("/import?id={id}"))
}

/// Undoes a list; how many people went.
#[server(prefix = "/api", endpoint = "import-undo")]
pub async fn import_undo(id: ImportId) -> Result<String, UseCaseError> {
    use crate::server::{http::asked, use_cases::import};
    let (app, caller) = asked::signed_in()?;
    asked::answer(import::undo(&app, &caller, &id).await.map(|undone| undone.to_string()))
}

/// Forgets a list; whoever was taken from it stays.
#[server(prefix = "/api", endpoint = "import-forget")]
pub async fn import_forget(id: ImportId) -> Result<(), UseCaseError> {
    use crate::server::{http::asked, use_cases::import};
    let (app, caller) = asked::signed_in()?;
    asked::answer_and_go(import::forget(&app, &caller, &id).await, "/import")
}
