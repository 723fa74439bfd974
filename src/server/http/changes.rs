//! Tells a page that something in its list may have changed, as server-sent events. Nothing is said of what, or of whom: the page
//! asks anew, as it asked before. It ends when whoever listens may not look any more (SE-03), and when the process stops.

use super::routes::{Does, Route};
use super::{forms, no_store};
use crate::domain::error::UseCaseError;
use crate::domain::listing::query_value;
use crate::domain::timestamp::{Duration, Timestamp};
use crate::server::app::App;
use crate::server::changes::{self, Listener};
use crate::server::use_cases::{Actor, users};
use axum::body::Body;
use axum::extract::State;
use axum::http::{Request, header};
use axum::response::{IntoResponse, Response};
use std::time::Duration as StdDuration;
use tokio::io::{AsyncWriteExt, DuplexStream, duplex};
use tokio::time::sleep;
use tokio_util::io::ReaderStream;

/// How long nothing is said before a comment keeps the connection, and proxies on the way, from taking it for dead.
const HEARTBEAT: StdDuration = StdDuration::from_secs(20);

/// Several changes that come one after the other are told once in so long.
const BREATH: StdDuration = StdDuration::from_millis(250);

/// What was begun before a page was asked for, and committed after it, is as old as this at the most.
const OVERLAP: Duration = Duration::seconds(2);

/// How much of what is said waits for a slow reader.
const PIPE: usize = 128;

const CHANGED: &[u8] = b"data:\n\n";
const END: &[u8] = b"event: end\ndata:\n\n";
const COMMENT: &[u8] = b":\n\n";

pub fn routes() -> Vec<Route> {
    vec![Route::at("/users/changes").get(Does::Read, listen)]
}

async fn listen(State(app): State<App>, request: Request<Body>) -> Response {
    let Some(caller) = forms::asked(&request).and_then(|asked| asked.caller) else {
        return forms::refused(&UseCaseError::SignInFirst);
    };
    if let Err(refusal) = users::may_list(&app, &caller, None).await {
        return forms::refused(&refusal);
    }
    let listener = match Listener::new(&app, &caller.user_id) {
        Ok(listener) => listener,
        Err(refusal) => return forms::refused(&refusal),
    };
    // How long ago the page asked for what it shows: its clock may be another one. Nothing, where it does not matter.
    let ago = query_value(request.uri().query().unwrap_or_default(), "ago").and_then(|ago| ago.parse().ok());
    let since = ago.map(|ago: i64| Timestamp(app.clock.now().0.saturating_sub(ago.saturating_add(OVERLAP.0))));
    let (ours, theirs) = duplex(PIPE);
    tokio::spawn(async move {
        // Whoever has gone is told nothing more.
        let _ = tell(&app, &caller, listener, since, ours).await;
    });
    // What lies between must pass each line on as it comes.
    let headers = [(header::CONTENT_TYPE.as_str(), "text/event-stream"), ("x-accel-buffering", "no")];
    no_store((headers, Body::from_stream(ReaderStream::with_capacity(theirs, PIPE))).into_response())
}

async fn tell(
    app: &App,
    caller: &Actor,
    mut listener: Listener,
    since: Option<Timestamp>,
    mut line: DuplexStream,
) -> std::io::Result<()> {
    line.write_all(COMMENT).await?;
    if let Some(since) = since
        && Box::pin(changes::any_since(app, since)).await.unwrap_or(true)
    {
        line.write_all(CHANGED).await?;
    }
    loop {
        let is_changed = tokio::select! {
            () = listener.changed() => true,
            () = sleep(HEARTBEAT) => false,
            () = app.stopping.cancelled() => return Ok(()),
        };
        // Asked each time: a session runs out without anything having changed. What passes by itself ends nothing.
        // Boxed, as the next: thousands wait here, and the questions themselves are larger than the waiting.
        match Box::pin(users::may_list(app, caller, None)).await {
            Err(refusal) if !refusal.passes() => return line.write_all(END).await,
            _ => {}
        }
        line.write_all(if is_changed { CHANGED } else { COMMENT }).await?;
        if is_changed {
            sleep(BREATH).await;
        }
    }
}
