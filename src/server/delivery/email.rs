//! The way to the relay: connections that are kept and used again, one talk per message, and what came of it. Headers and
//! envelope are made of validated addresses only; the connection is encrypted as the operator said, or not used at all.

mod compose;

use super::render::Rendered;
use super::reply::{Hitch, Outcome, judge};
use crate::domain::message::reply::{Reason, Stage, clean};
use crate::domain::moment::{Moment, Span};
use crate::server::config::{Config, Relay, Security, Sender};
use lettre::Address;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt, Rset};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::response::{Response, Severity};
use secrecy::ExposeSecret;
use std::future::Future;
use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::timeout;

/// How long to wait for one answer of the relay.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// How long a connection may rest before it counts as gone, and how many messages it carries at most.
const REST: Span = Span::seconds(30);
const MOST_PER_CONNECTION: u32 = 100;
const MOST_AT_REST: usize = 4;

/// A relay, with the connections to it that rest until the next message.
pub struct Mailer {
    relay: Relay,
    sender: Sender,
    hello: ClientId,
    patience: Duration,
    at_rest: Mutex<Vec<Line>>,
}

/// A connection to the relay.
struct Line {
    talk: AsyncSmtpConnection,
    used_at: Moment,
    messages: u32,
}

/// Where a talk stopped, and why.
type Stopped = (Stage, Hitch);

impl Mailer {
    /// The configured relay; `None` when messages wait in the built-in mailbox.
    pub fn new(config: &Config) -> Option<Self> {
        Self::with_patience(config, PATIENCE)
    }

    /// The same with another patience, for tests of relays that do not answer.
    pub fn with_patience(config: &Config, patience: Duration) -> Option<Self> {
        let relay = config.relay.clone()?;
        // The name by which the world knows this installation; a relay may look it up.
        let hello = match config.public_url.host() {
            Some(url::Host::Domain(name)) => ClientId::Domain(name.to_string()),
            Some(url::Host::Ipv4(ip)) => ClientId::Ipv4(ip),
            Some(url::Host::Ipv6(ip)) => ClientId::Ipv6(ip),
            None => ClientId::default(),
        };
        Some(Self { relay, sender: config.mail_from.clone(), hello, patience, at_rest: Mutex::default() })
    }

    /// Hands one mail to the relay.
    pub async fn send(&self, rendered: &Rendered) -> Outcome {
        let (from, to) = match (address(&self.sender.address), address(&rendered.to)) {
            (Ok(from), Ok(to)) => (from, to),
            (Err(why), _) | (_, Err(why)) => return Outcome::Failed(clean(&format!("{}: {why}", Reason::BadAddress.mark()))),
        };
        let bytes = match compose::mail(rendered, &self.sender, from.clone(), to.clone()) {
            Ok(bytes) => bytes,
            Err(why) => return Outcome::Failed(clean(&format!("{}: {why}", Reason::Broken.mark()))),
        };
        // All of it together stays well below the lease, so that a slow relay never gets the same message twice from us.
        match timeout(self.patience * 4, self.talk(from, to, bytes, rendered.at)).await {
            Ok(Ok(words)) => Outcome::HandedOver(words),
            Ok(Err((stage, hitch))) => judge(stage, &hitch),
            Err(_) => judge(Stage::End, &Hitch::too_slow(self.patience * 4)),
        }
    }

    async fn talk(&self, from: Address, to: Address, bytes: String, now: Moment) -> Result<String, Stopped> {
        let mut line = match self.take_rested(now) {
            Some(mut line) => match self.ask(&mut line, Mail::new(Some(from.clone()), Vec::new()), Stage::Sender).await {
                Ok(_) => line,
                // It may have gone while it rested; nothing was said of the message yet.
                Err(_) => self.open(from).await?,
            },
            None => self.open(from).await?,
        };
        let result = self.hand_over(&mut line, to, bytes).await;
        line.messages += 1;
        line.used_at = now;
        match &result {
            Ok(_) => self.let_rest(line),
            Err((_, hitch)) if hitch.leaves_the_connection_usable() => {
                if self.ask(&mut line, Rset, Stage::Sender).await.is_ok() {
                    self.let_rest(line);
                }
            }
            Err(_) => {}
        }
        result
    }

    /// A new connection on which the relay took our sender.
    async fn open(&self, from: Address) -> Result<Line, Stopped> {
        let mut line = Line { talk: self.connect().await?, used_at: Moment(0), messages: 0 };
        self.ask(&mut line, Mail::new(Some(from), Vec::new()), Stage::Sender).await?;
        Ok(line)
    }

    async fn hand_over(&self, line: &mut Line, to: Address, bytes: String) -> Result<String, Stopped> {
        self.ask(line, Rcpt::new(to, Vec::new()), Stage::Recipient).await?;
        self.ask(line, Data, Stage::Data).await?;
        // A relay may look at the whole message before it answers.
        let reply = within(self.patience * 3, Stage::End, line.talk.command(compose::Body(bytes))).await?;
        if reply.code().severity != Severity::PositiveCompletion {
            return Err((Stage::End, Hitch::silence(Reason::Dropped, format!("odd reply {}", reply.code()))));
        }
        let words: Vec<&str> = reply.message().collect();
        Ok(clean(&format!("{} {}", reply.code(), words.join(" "))))
    }

    async fn ask(&self, line: &mut Line, command: impl std::fmt::Display, stage: Stage) -> Result<Response, Stopped> {
        within(self.patience, stage, line.talk.command(command)).await
    }

    /// Connects, greets, encrypts and signs in, as the operator said.
    async fn connect(&self) -> Result<AsyncSmtpConnection, Stopped> {
        let Relay { host, port, security, credentials } = &self.relay;
        let addresses = self.find(host, *port).await?;
        let tls = || TlsParameters::new(host.clone()).map_err(|error| (Stage::Encrypt, Hitch::read(&error, Stage::Encrypt)));
        let mut talk = match security {
            Security::Tls => {
                let (tls, patience) = (tls()?, Some(self.patience));
                let talk = AsyncSmtpConnection::connect_tokio1(&addresses[..], patience, &self.hello, Some(tls), None);
                within(self.patience, Stage::Hello, talk).await?
            }
            Security::StartTls | Security::Plain => {
                let stream = match timeout(self.patience, TcpStream::connect(&addresses[..])).await {
                    Ok(Ok(stream)) => stream,
                    Ok(Err(error)) => {
                        return Err((Stage::Connect, Hitch::silence(Reason::Unreachable, error.to_string())));
                    }
                    Err(_) => return Err((Stage::Connect, Hitch::too_slow(self.patience))),
                };
                // lettre sets no TCP_NODELAY: without it, every short command waits for the relay's acknowledgement.
                let _ = stream.set_nodelay(true);
                let talk = AsyncSmtpConnection::connect_with_transport(Box::new(stream), &self.hello);
                within(self.patience, Stage::Hello, talk).await?
            }
        };
        if *security == Security::StartTls {
            within(self.patience, Stage::Encrypt, talk.starttls(tls()?, &self.hello)).await?;
        }
        if let Some((user, password)) = credentials {
            let credentials = Credentials::new(user.clone(), password.expose_secret().to_string());
            let mechanisms = [Mechanism::Plain, Mechanism::Login];
            within(self.patience, Stage::SignIn, talk.auth(&mechanisms, &credentials)).await?;
        }
        Ok(talk)
    }

    async fn find(&self, host: &str, port: u16) -> Result<Vec<SocketAddr>, Stopped> {
        let unknown = |text: String| (Stage::Connect, Hitch::silence(Reason::HostUnknown, text));
        match timeout(self.patience, tokio::net::lookup_host((host, port))).await {
            Ok(Ok(found)) => Ok(found.collect()),
            Ok(Err(error)) => Err(unknown(format!("{host}: {error}"))),
            Err(_) => Err(unknown(host.to_string())),
        }
    }

    /// Connects, signs in and says good-bye: whether messages could go out. How the connection is protected.
    pub async fn try_connection(&self) -> Result<bool, String> {
        let line_of = |(stage, hitch): Stopped| match judge(stage, &hitch) {
            Outcome::HandedOver(line) | Outcome::PutOff(line) | Outcome::Failed(line) => line,
        };
        let mut talk = self.connect().await.map_err(line_of)?;
        let is_encrypted = talk.is_encrypted();
        within(self.patience, Stage::Hello, talk.quit()).await.map_err(line_of)?;
        Ok(is_encrypted)
    }

    fn take_rested(&self, now: Moment) -> Option<Line> {
        let mut rested = self.at_rest.lock().unwrap_or_else(PoisonError::into_inner);
        rested.retain(|line| now - line.used_at < REST && line.messages < MOST_PER_CONNECTION);
        rested.pop()
    }

    fn let_rest(&self, line: Line) {
        let mut rested = self.at_rest.lock().unwrap_or_else(PoisonError::into_inner);
        if rested.len() < MOST_AT_REST {
            rested.push(line);
        }
    }

    /// Says good-bye on every connection that rests.
    pub async fn close(&self) {
        let rested = std::mem::take(&mut *self.at_rest.lock().unwrap_or_else(PoisonError::into_inner));
        for mut line in rested {
            let _ = timeout(Duration::from_millis(200), line.talk.quit()).await;
        }
    }
}

/// One step of a talk, in time or not at all.
async fn within<T>(
    patience: Duration,
    stage: Stage,
    step: impl Future<Output = Result<T, lettre::transport::smtp::Error>>,
) -> Result<T, Stopped> {
    match timeout(patience, step).await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(error)) => Err((stage, Hitch::read(&error, stage))),
        Err(_) => Err((stage, Hitch::too_slow(patience))),
    }
}

fn address(email: &crate::domain::contact::Email) -> Result<Address, String> {
    Address::new(email.local(), email.domain()).map_err(|error| error.to_string())
}
