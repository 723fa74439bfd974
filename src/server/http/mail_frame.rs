//! The HTML of a message in the built-in mailbox, for the frame that shows it: nothing runs in it, nothing is loaded by it.

use super::routes::{Does, Route};
use super::{forms, no_store};
use crate::domain::error::UseCaseError;
use crate::domain::id::MessageId;
use crate::server::app::App;
use crate::server::use_cases::mailbox;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{Request, header};
use axum::response::{Html, IntoResponse, Response};

/// A message brings its own styles and nothing else, and is shown only inside our own pages.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox \
                      allow-top-navigation-by-user-activation";

pub fn routes() -> Vec<Route> {
    vec![Route::at("/mailbox/{id}/html").get(Does::Page, show)]
}

async fn show(State(app): State<App>, Path(id): Path<String>, request: Request<Body>) -> Response {
    let Some(caller) = forms::asked(&request).and_then(|asked| asked.caller) else {
        return forms::refused(&UseCaseError::SignInFirst);
    };
    match mailbox::read(&app, &caller, &MessageId::new(id)).await {
        Ok(mail) => {
            let headers = [(header::CONTENT_SECURITY_POLICY, POLICY), (header::X_FRAME_OPTIONS, "SAMEORIGIN")];
            no_store((headers, Html(in_the_top_window(&mail.html))).into_response())
        }
        Err(refusal) => forms::refused(&refusal),
    }
}

/// Links of a message open in the window around the frame, as they would in a mail program.
fn in_the_top_window(html: &str) -> String {
    html.replacen("<head>", "<head>\n<base target=\"_top\">", 1)
}

#[cfg(test)]
mod tests {
    use super::in_the_top_window;

    #[test]
    fn links_leave_the_frame() {
        let html = in_the_top_window("<html><head><title>t</title></head><body><head></body></html>");
        assert_eq!(html.matches("<base target=\"_top\">").count(), 1);
        assert!(html.starts_with("<html><head>\n<base"));
    }
}
