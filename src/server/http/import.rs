//! The file of an import, as a form sends it with script and without, and the rows that were not taken, to be mended and sent again. What
//! a file holds is read beside the threads that answer.

use super::body::LARGEST_FILE;
use super::routes::{Does, Route};
use super::{forms, no_store};
use crate::domain::error::{FileProblem, Invalid, UseCaseError};
use crate::domain::id::ImportId;
use crate::domain::listing::query_value;
use crate::server::app::App;
use crate::server::use_cases::{Actor, import};
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, State};
use axum::handler::Handler;
use axum::http::{Request, header};
use axum::response::{IntoResponse, Redirect, Response};

/// The form that sends a file.
pub const PATH: &str = "/import/file";

pub fn routes() -> Vec<Route> {
    vec![
        // Its size was measured when it came.
        Route::at(PATH).post(Does::Write, upload.layer(DefaultBodyLimit::max(LARGEST_FILE))),
        Route::at("/import/rejected").get(Does::Read, rejected),
    ]
}

async fn upload(State(app): State<App>, request: Request<Body>) -> Response {
    let Some(asked) = forms::asked(&request) else { return forms::refused(&UseCaseError::Unreadable) };
    let Some(caller) = asked.caller.clone() else { return forms::refused(&UseCaseError::SignInFirst) };
    let taken = take(&app, &caller, request).await;
    forms::note_if_denied(&app, &caller, PATH, &taken).await;
    match taken {
        Ok(id) => Redirect::to(&format!("/import?id={id}")).into_response(),
        Err(UseCaseError::SignInFirst) => forms::refused(&UseCaseError::SignInFirst),
        Err(refusal) => forms::refuse_plainly(&asked, PATH, "/import", refusal).await,
    }
}

async fn take(app: &App, caller: &Actor, request: Request<Body>) -> Result<ImportId, UseCaseError> {
    // Nothing is read for whoever may not import.
    import::may_import(app, caller).await?;
    let unreadable = |_| UseCaseError::Unreadable;
    let mut form = Multipart::from_request(request, app).await.map_err(|_| UseCaseError::Unreadable)?;
    let (mut name, mut bytes) = (String::new(), Vec::new());
    while let Some(field) = form.next_field().await.map_err(unreadable)? {
        let file = field.file_name().map(ToString::to_string);
        let of = field.name().map(ToString::to_string);
        let content = field.bytes().await.map_err(unreadable)?;
        // A file goes before what was pasted.
        let is_wanted = match of.as_deref() {
            Some("file") => !content.is_empty(),
            Some("cells") => bytes.is_empty() && !content.trim_ascii().is_empty(),
            _ => false,
        };
        if is_wanted {
            (name, bytes) = (file.unwrap_or_default(), content.to_vec());
        }
    }
    if bytes.is_empty() {
        return Err(Invalid::File(FileProblem::Missing).into());
    }
    let cells = import::read_file(bytes).await?;
    import::open(app, caller, &name, cells).await
}

async fn rejected(State(app): State<App>, request: Request<Body>) -> Response {
    let Some(caller) = forms::asked(&request).and_then(|asked| asked.caller) else {
        return super::public::refusal_page(&request, &UseCaseError::SignInFirst);
    };
    let id = ImportId::new(query_value(request.uri().query().unwrap_or_default(), "id").unwrap_or_default());
    match import::rejected(&app, &caller, &id).await {
        Ok(file) => {
            let headers = [
                (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
                (header::CONTENT_DISPOSITION, "attachment; filename=\"not-imported.csv\""),
            ];
            no_store((headers, file).into_response())
        }
        Err(refusal) => super::public::refusal_page(&request, &refusal),
    }
}
