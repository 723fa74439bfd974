//! `usher serve`: start, run, stop. The address and the set-up code go to standard output, for the person at the
//! terminal; everything else is logged. No request is handled here.

mod seats;
mod slow_clients;

use super::{CliError, parts, say};
use crate::domain::preset::{PRESETS, Preset, SCHOOL};
use crate::server::app::App;
use crate::server::config::Config;
use crate::server::delivery::worker;
use crate::server::demonstration::{self, Beginning, NoDemonstration};
use crate::server::http;
use crate::server::jobs;
use crate::server::storage::{keys, users};
use crate::server::upkeep;
use crate::server::use_cases::agreement;
use crate::words::Language;
use axum::serve::ListenerExt;
use clap::Args;
use slow_clients::TimedListener;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

/// How long a balancer in front gets to see that this server is not ready any more, before no connection is taken.
const NOTICE: Duration = Duration::from_millis(300);

/// How long requests, beside them the worker, and then the database get to come to an end: together less than 10 s.
const DRAIN: Duration = Duration::from_secs(6);
const WORKER: Duration = Duration::from_millis(8_300);
const CLOSE: Duration = Duration::from_secs(1);

/// How long to wait before the worker starts again after it broke down.
const BREATH: Duration = Duration::from_secs(5);

/// How long a start waits for keys that are made anew.
const KEYS: Duration = Duration::from_secs(5);

/// What a shell expects of a program that was interrupted.
const EXIT_INTERRUPTED: i32 = 130;

/// How the server is to run.
#[derive(Debug, Default, Args)]
pub struct ServeOptions {
    /// Show a demonstration with invented people and a clock that can be moved: dispatch, school, learning, booking, portal or blank.
    /// Nothing is sent. Needs a folder of its own (--data-dir)
    #[arg(long, value_name = "KIND", num_args = 0..=1, default_missing_value = SCHOOL.key)]
    demo: Option<String>,
}

impl ServeOptions {
    /// The kind of organisation to show, if one is to be shown.
    fn demonstration(&self) -> Result<Option<&'static Preset>, CliError> {
        let Some(key) = &self.demo else { return Ok(None) };
        let known = || PRESETS.map(|preset| preset.key).join(", ");
        Preset::from_key(key).map(Some).ok_or_else(|| format!("there is no kind called {key}; there are {}", known()))
    }
}

/// Runs the server until it is told to stop.
pub async fn serve(mut config: Config, options: &ServeOptions) -> Result<(), CliError> {
    let shown = options.demonstration()?;
    let signals = Signals::listen()?;
    // Before the database: who starts a second server by mistake must not touch the first one's.
    let listener = bind(config.listen).await?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    // The port that the system chose, where it had the choice.
    config.listen = address;
    if config.public_url.port() == Some(0) {
        let _ = config.public_url.set_port(Some(address.port()));
    }
    let _in_use = parts::in_use(&config)?;
    if shown.is_some() {
        // Nothing is sent to people who are invented.
        (config.relay, config.sms, config.is_demonstration) = (None, None, true);
    }
    let app = parts::app(config).await?;
    match shown {
        Some(preset) => begin_demonstration(&app, preset).await?,
        None => is_no_demonstration(&app).await?,
    }
    settle(&app).await?;
    let draining = signals.attend(app.stopping.clone());
    renew_keys(&app).await;
    let sending = tokio::spawn(keep_running(app.clone(), "the sending worker", worker::run));
    let upkeep = tokio::spawn(keep_running(app.clone(), "the upkeep", upkeep::run));
    let doing = tokio::spawn(keep_running(app.clone(), "the worker for jobs", jobs::run));
    welcome(&app).await?;
    note_what_is_unusual(&app);
    tracing::info!(listen = %address, public_url = %app.config.public_url, database = %parts::database_name(&app.config),
        version = env!("CARGO_PKG_VERSION"), "started");

    let service = http::router(app.clone()).into_make_service_with_connect_info::<SocketAddr>();
    let listener =
        TimedListener::new(listener, app.config.trusted_proxies).tap_io(|connection| connection.send_at_once());
    let serving = axum::serve(listener, service).with_graceful_shutdown(draining.clone().cancelled_owned());
    let drain_timer = tokio::spawn({
        let draining = draining.clone();
        async move {
            draining.cancelled().await;
            sleep(WORKER).await;
        }
    });
    let drained = async {
        draining.cancelled().await;
        sleep(DRAIN).await;
    };
    tokio::select! {
        ended = async { serving.await } => ended.map_err(|error| format!("the server ended: {error}"))?,
        () = drained => tracing::warn!("some requests were still running and were cut off"),
    }
    finish(&app, sending, upkeep, doing, drain_timer).await;
    Ok(())
}

/// Makes the demonstration, or goes on with it.
async fn begin_demonstration(app: &App, preset: &'static Preset) -> Result<(), CliError> {
    let name = parts::database_name(&app.config);
    match demonstration::begin(app, preset).await {
        Ok(Beginning::Made) => say(&format!("{name} is a demonstration now")),
        Ok(Beginning::Found) => say(&format!("{name} goes on as the demonstration that it is")),
        Err(NoDemonstration::RealPeople) => {
            return Err(format!(
                "{name} has real people; a demonstration needs a database of its own, for example --data-dir demonstration"
            ));
        }
        Err(NoDemonstration::Unfinished) => {
            return Err(format!("{name} was broken off while it was made; remove it and start again"));
        }
        Err(NoDemonstration::Refused(refusal)) => {
            return Err(format!("the demonstration cannot be made: {}", Language::English.refusal(&refusal)));
        }
    }
    say(&format!("Look around at {}", app.config.link("/demonstration")));
    Ok(())
}

/// A demonstration is nothing to work with: everybody knows the passwords.
async fn is_no_demonstration(app: &App) -> Result<(), CliError> {
    let name = parts::database_name(&app.config);
    match demonstration::is_one(app).await {
        Ok(false) => Ok(()),
        Ok(true) => Err(format!("{name} is a demonstration; start it with usher serve --demo, or take another folder")),
        Err(error) => Err(format!("{name} cannot be read: {error}")),
    }
}

/// Has what was offered before wait where it takes two now.
async fn settle(app: &App) -> Result<(), CliError> {
    agreement::settle(app).await.map_err(|refusal| format!("the offers on their way cannot be read: {refusal:?}"))
}

async fn bind(address: SocketAddr) -> Result<TcpListener, CliError> {
    TcpListener::bind(address).await.map_err(|error| match error.kind() {
        ErrorKind::AddrInUse => format!(
            "{address} is in use by another program, perhaps by another Usher; stop that one or listen elsewhere, for \
             example --listen {}",
            SocketAddr::new(address.ip(), address.port().checked_add(1).unwrap_or(3000))
        ),
        ErrorKind::AddrNotAvailable => format!(
            "this machine has no address {}; listen on one that it has, on 127.0.0.1 or on 0.0.0.0 (USHER_LISTEN)",
            address.ip()
        ),
        ErrorKind::PermissionDenied => format!(
            "the system does not let this user listen on port {}; take one above 1023 and put a proxy in front \
             (USHER_LISTEN)",
            address.port()
        ),
        _ => format!("cannot listen on {address}: {error}; see USHER_LISTEN"),
    })
}

/// Tells the person at the terminal where Usher is and, as long as nobody is there, how to set it up.
async fn welcome(app: &App) -> Result<(), CliError> {
    let unreadable = |error| format!("{} cannot be read: {error}", parts::database_name(&app.config));
    let mut tx = app.db.read().await.map_err(unreadable)?;
    let is_anybody_there = users::is_anybody_there(&mut tx).await.map_err(unreadable)?;
    say(&format!("Usher is running at {}", app.config.link("/")));
    if !is_anybody_there {
        say(&format!("set-up code: {}", app.set_up_code));
        say(&format!("Set Usher up with this code at {}", app.config.link("/set-up")));
    }
    Ok(())
}

/// What is no mistake, but is seldom meant. `doctor` says more.
fn note_what_is_unusual(app: &App) {
    let config = &app.config;
    if !config.listen.ip().is_loopback() && super::doctor::is_near(&config.public_url) {
        tracing::warn!(
            "the public address leads to this machine only, so invitations will not open elsewhere: set USHER_PUBLIC_URL"
        );
    } else if !config.is_https() && !super::doctor::is_near(&config.public_url) {
        tracing::warn!("the public address is not https: passwords and sessions travel in the clear");
    }
    if app.config.relay.is_none() {
        tracing::info!("no relay is set: messages wait in the built-in mailbox (USHER_SMTP_URL)");
    }
}

/// Brings the keys by which people sort and are found up to this version's. In a large installation that goes on while the
/// server runs: what has an old key still stands at its old place.
async fn renew_keys(app: &App) {
    let renewing = tokio::spawn({
        let app = app.clone();
        async move {
            tokio::select! {
                renewed = keys::renew(&app.db) => if let Err(error) = renewed {
                    tracing::warn!(%error, "some names sort as before: their keys are made at the next start, or by usher migrate");
                },
                () = app.stopping.cancelled() => {}
            }
        }
    });
    // Waiting ends; the renewal does not.
    let _ = timeout(KEYS, renewing).await;
}

/// Runs a task that goes on as long as the server, and again when it broke down: no message may wait for ever.
async fn keep_running<T>(app: App, name: &'static str, task: impl Fn(App, CancellationToken) -> T)
where
    T: Future<Output = ()> + Send + 'static,
{
    while !app.stopping.is_cancelled() {
        let run = tokio::spawn(task(app.clone(), app.stopping.child_token()));
        if run.await.is_ok() {
            return;
        }
        tracing::error!("{name} broke down and starts again in a moment");
        let _ = timeout(BREATH, app.stopping.cancelled()).await;
    }
}

/// Lets the workers and the upkeep put down what they have in hand, then closes the database.
async fn finish(
    app: &App,
    sending: JoinHandle<()>,
    upkeep: JoinHandle<()>,
    doing: JoinHandle<()>,
    drain_timer: JoinHandle<()>,
) {
    app.stopping.cancel();
    tokio::select! {
        _ = async { tokio::join!(sending, upkeep, doing) } => {}
        _ = drain_timer => tracing::warn!(
            "a message was being handed over; it is sent again after the next start, with the same Message-ID"
        ),
    }
    if timeout(CLOSE, app.db.close()).await.is_err() {
        tracing::warn!("the database was still in use; what was not committed is undone");
    }
    tracing::info!("stopped");
}

/// The two ways in which the system asks a program to stop.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    fn listen() -> Result<Self, CliError> {
        let listen = |kind| signal(kind).map_err(|error| format!("the system's signals cannot be heard: {error}"));
        Ok(Self { terminate: listen(SignalKind::terminate())?, interrupt: listen(SignalKind::interrupt())? })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }

    /// Waits for the first signal, by which readiness ends, and a moment later the taking of connections: then the
    /// returned token is cancelled. A second signal ends the process at once.
    fn attend(mut self, stopping: CancellationToken) -> CancellationToken {
        let draining = CancellationToken::new();
        let drain = draining.clone();
        tokio::spawn(async move {
            self.next().await;
            tracing::info!("stopping; a second signal ends at once");
            stopping.cancel();
            if timeout(NOTICE, self.next()).await.is_err() {
                drain.cancel();
                self.next().await;
            }
            tracing::warn!("ended at once");
            std::process::exit(EXIT_INTERRUPTED);
        });
        draining
    }
}
