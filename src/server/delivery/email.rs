//! The way to the relay: connections that are kept and used again, one talk per message, and what came of it. Headers and
//! envelope are made of validated addresses only; the connection is encrypted as the operator said, or not used at all.

mod compose;
mod error;
mod talk;

use super::render::Rendered;
use crate::domain::message::outcome::{DeliveryOutcome, DeliveryReason};
use crate::domain::timestamp::{Duration, Timestamp};
use crate::server::config::{Config, Relay, Security, Sender};
use error::{SmtpError, SmtpStage};
use secrecy::ExposeSecret;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration as StdDuration;
use talk::{Stream, Talk};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore, crypto};

/// How long to wait for one answer of the relay.
pub const PATIENCE: StdDuration = StdDuration::from_secs(20);

/// How long a connection may rest before it counts as gone, how many messages it carries, and how many rest at once.
const REST: Duration = Duration::seconds(30);
const MOST_PER_CONNECTION: u32 = 100;
const MOST_AT_REST: usize = 4;

/// A relay, with the connections to it that rest until the next message.
pub struct Mailer {
    relay: Relay,
    sender: Sender,
    hello: String,
    patience: StdDuration,
    trusted: RootCertStore,
    at_rest: Mutex<Vec<Line>>,
}

/// A connection to the relay.
struct Line {
    talk: Talk<Box<dyn Stream>>,
    is_encrypted: bool,
    used_at: Timestamp,
    messages: u32,
}

impl Mailer {
    /// The configured relay; `None` when messages wait in the built-in mailbox.
    pub fn new(config: &Config) -> Option<Self> {
        Self::with_patience(config, PATIENCE)
    }

    /// The same with another patience, for tests of relays that do not answer.
    pub fn with_patience(config: &Config, patience: StdDuration) -> Option<Self> {
        Some(Self {
            relay: config.relay.clone()?,
            sender: config.mail_from.clone(),
            // The name by which the world knows this installation; a relay may look it up.
            hello: match config.public_url.host() {
                Some(url::Host::Domain(name)) => name.to_string(),
                Some(url::Host::Ipv4(ip)) => format!("[{ip}]"),
                Some(url::Host::Ipv6(ip)) => format!("[IPv6:{ip}]"),
                None => "[127.0.0.1]".to_string(),
            },
            patience,
            trusted: RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() },
            at_rest: Mutex::default(),
        })
    }

    /// Trusts these certificate authorities instead of the public ones.
    #[must_use]
    pub fn trusting(self, trusted: RootCertStore) -> Self {
        Self { trusted, ..self }
    }

    /// Hands one mail to the relay.
    pub async fn send(&self, rendered: &Rendered) -> DeliveryOutcome {
        let body = match compose::mail(rendered, &self.sender) {
            Ok(mail) => compose::body(&mail),
            Err(why) => return DeliveryOutcome::failed(DeliveryReason::Broken, &why),
        };
        // All of it together stays well below the lease, so that a slow relay never gets the same message twice from us.
        let taken = timeout(self.patience * 4, self.talk(rendered, &body)).await;
        match taken.unwrap_or_else(|_| Err(SmtpError::too_slow(SmtpStage::End, self.patience * 4))) {
            Ok(words) => DeliveryOutcome::accepted(&words),
            Err(error) => {
                // No words: they might quote an address. The history has them.
                tracing::warn!(code = error.code(), stage = ?error.stage(), "the relay did not take a message");
                error.outcome()
            }
        }
    }

    async fn talk(&self, rendered: &Rendered, body: &str) -> Result<String, SmtpError> {
        let mut line = self.line_that_takes_our_sender(rendered.at).await?;
        let result = self.hand_over(&mut line, rendered, body).await;
        line.messages += 1;
        line.used_at = rendered.at;
        match &result {
            Ok(_) => self.let_rest(line),
            Err(error) if error.leaves_the_connection_usable() => {
                if line.talk.ask(SmtpStage::Sender, "RSET").await.is_ok() {
                    self.let_rest(line);
                }
            }
            Err(_) => {}
        }
        result
    }

    /// A connection on which a mail of ours has begun: one that rested, if it is still there, else a new one.
    async fn line_that_takes_our_sender(&self, now: Timestamp) -> Result<Line, SmtpError> {
        let sender = format!("MAIL FROM:<{}>", self.sender.address);
        if let Some(mut line) = self.take_rested(now)
            && line.talk.ask(SmtpStage::Sender, &sender).await.is_ok()
        {
            return Ok(line);
        }
        // It may have gone while it rested; nothing was said of the message yet.
        let mut line = self.connect().await?;
        line.talk.ask(SmtpStage::Sender, &sender).await?;
        Ok(line)
    }

    async fn hand_over(&self, line: &mut Line, rendered: &Rendered, body: &str) -> Result<String, SmtpError> {
        line.talk.ask(SmtpStage::Recipient, &format!("RCPT TO:<{}>", rendered.to)).await?;
        line.talk.ask_for(3, SmtpStage::Data, "DATA").await?;
        // A relay may look at the whole message before it answers.
        let reply = line.talk.exchange(2, SmtpStage::End, body, self.patience * 3).await?;
        Ok(format!("{} {}", reply.code, reply.text.replace('\n', " ")))
    }

    /// Connects, greets, encrypts and signs in, as the operator said.
    async fn connect(&self) -> Result<Line, SmtpError> {
        let Relay { host, port, security, credentials } = &self.relay;
        let tcp = self.reach(&self.find(host, *port).await?).await?;
        let is_encrypted = *security != Security::Plain;
        let mut talk: Talk<Box<dyn Stream>> = match security {
            Security::Plain => Talk::over(Box::new(tcp), self.patience),
            Security::Tls => Talk::over(Box::new(self.encrypt(tcp).await?), self.patience),
            Security::StartTls => {
                let mut talk = Talk::over(tcp, self.patience);
                talk.be_greeted().await?;
                talk.greet(&self.hello).await?;
                let tcp = talk.ask_for_tls().await?;
                Talk::over(Box::new(self.encrypt(tcp).await?), self.patience)
            }
        };
        if *security != Security::StartTls {
            talk.be_greeted().await?;
        }
        talk.greet(&self.hello).await?;
        if let Some((user, password)) = credentials {
            talk.sign_in(user, password.expose_secret()).await?;
        }
        Ok(Line { talk, is_encrypted, used_at: Timestamp(0), messages: 0 })
    }

    async fn find(&self, host: &str, port: u16) -> Result<Vec<SocketAddr>, SmtpError> {
        let unknown = |text: String| SmtpError::silence(SmtpStage::Connect, DeliveryReason::HostUnknown, text);
        match talk::within(self.patience, tokio::net::lookup_host((host, port))).await {
            Some(Ok(found)) => Ok(found.collect()),
            Some(Err(error)) => Err(unknown(format!("{host}: {error}"))),
            None => Err(unknown(host.to_string())),
        }
    }

    async fn reach(&self, addresses: &[SocketAddr]) -> Result<TcpStream, SmtpError> {
        match talk::within(self.patience, TcpStream::connect(addresses)).await {
            Some(Ok(stream)) => {
                // Without it, every short command waits for the relay's acknowledgement of the one before.
                let _ = stream.set_nodelay(true);
                Ok(stream)
            }
            Some(Err(error)) => {
                Err(SmtpError::silence(SmtpStage::Connect, DeliveryReason::Unreachable, error.to_string()))
            }
            None => Err(SmtpError::too_slow(SmtpStage::Connect, self.patience)),
        }
    }

    /// TLS to whom the operator named and nobody else (ML-08).
    async fn encrypt(&self, tcp: TcpStream) -> Result<impl Stream + use<>, SmtpError> {
        let not = |text: String| SmtpError::silence(SmtpStage::Encrypt, DeliveryReason::NotEncrypted, text);
        let name = ServerName::try_from(self.relay.host.clone()).map_err(|error| not(error.to_string()))?;
        let config = ClientConfig::builder_with_provider(Arc::new(crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| not(error.to_string()))?
            .with_root_certificates(self.trusted.clone())
            .with_no_client_auth();
        match talk::within(self.patience, TlsConnector::from(Arc::new(config)).connect(name, tcp)).await {
            Some(Ok(stream)) => Ok(stream),
            Some(Err(error)) => Err(not(error.to_string())),
            None => Err(SmtpError::too_slow(SmtpStage::Encrypt, self.patience)),
        }
    }

    /// Connects, signs in and says good-bye: whether messages could go out, and if so, whether encrypted.
    ///
    /// # Errors
    /// What becomes of every message as long as it is so.
    pub async fn try_connection(&self) -> Result<bool, DeliveryOutcome> {
        let mut line = self.connect().await.map_err(|error| error.outcome())?;
        line.talk.ask(SmtpStage::Hello, "QUIT").await.map_err(|error| error.outcome())?;
        Ok(line.is_encrypted)
    }

    fn take_rested(&self, now: Timestamp) -> Option<Line> {
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
            let _ = timeout(StdDuration::from_millis(200), line.talk.ask(SmtpStage::Hello, "QUIT")).await;
        }
    }
}
