//! The way to the relay: connections that are kept and used again, one transaction per message, and what came of it. Headers and
//! envelope are made of validated addresses only; the connection is encrypted as the operator said, or not used at all.

mod compose;
mod error;
mod session;

use super::left::MayHaveLeft;
use super::render::Rendered;
use crate::domain::contact::Email;
use crate::domain::message::outcome::{DeliveryOutcome, DeliveryReason};
use crate::domain::timestamp::{Duration, Timestamp};
use crate::server::config::{Config, Relay, Security, Sender};
pub(super) use error::reason_of;
use error::{SmtpError, SmtpStage};
use secrecy::ExposeSecret;
use session::{SmtpSession, Stream};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration as StdDuration;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, crypto};

/// How long to wait for one answer of the relay.
pub const REPLY_TIMEOUT: StdDuration = StdDuration::from_secs(20);

/// How long a connection may be idle before it counts as gone, how many messages it carries, and how many are idle at once.
const IDLE_TIMEOUT: Duration = Duration::seconds(30);
const MOST_PER_CONNECTION: u32 = 100;
const MOST_IDLE: usize = 4;

/// A relay, with the idle connections that wait for the next message.
pub struct Mailer {
    relay: Relay,
    sender: Sender,
    ehlo_name: String,
    reply_timeout: StdDuration,
    idle: Mutex<Vec<PooledConnection>>,
}

/// A connection to the relay.
struct PooledConnection {
    session: SmtpSession<Box<dyn Stream>>,
    is_encrypted: bool,
    used_at: Timestamp,
    messages: u32,
}

impl Mailer {
    /// The configured relay; `None` when messages wait in the built-in mailbox.
    pub fn new(config: &Config) -> Option<Self> {
        Self::with_reply_timeout(config, REPLY_TIMEOUT)
    }

    /// The same with another timeout, for tests of relays that do not answer.
    pub fn with_reply_timeout(config: &Config, reply_timeout: StdDuration) -> Option<Self> {
        Some(Self {
            relay: config.relay.clone()?,
            sender: config.mail_from.clone(),
            // The name by which the world knows this installation; a relay may look it up.
            ehlo_name: match config.public_url.host() {
                Some(url::Host::Domain(name)) => name.to_string(),
                Some(url::Host::Ipv4(ip)) => format!("[{ip}]"),
                Some(url::Host::Ipv6(ip)) => format!("[IPv6:{ip}]"),
                None => "[127.0.0.1]".to_string(),
            },
            reply_timeout,
            idle: Mutex::default(),
        })
    }

    /// Hands one mail to the relay.
    pub async fn send(&self, rendered: &Rendered) -> DeliveryOutcome {
        self.send_noting(rendered, &MayHaveLeft::default()).await
    }

    /// The same, noting when the relay has all of it.
    pub async fn send_noting(&self, rendered: &Rendered, left: &MayHaveLeft) -> DeliveryOutcome {
        let Some(to) = rendered.to.email() else { return DeliveryOutcome::failed(DeliveryReason::BadAddress, "") };
        let body = match compose::mail(rendered, &to, &self.sender) {
            Ok(mail) => compose::body(&mail),
            Err(why) => return DeliveryOutcome::failed(DeliveryReason::Broken, &why),
        };
        // All of it together stays well below the lease, so that a slow relay never gets the same message twice from us.
        let patience = self.reply_timeout * 4;
        let taken = timeout(patience, self.try_send(&to, rendered.at, &body, left)).await;
        let stage = || if left.is_set() { SmtpStage::End } else { SmtpStage::Body };
        match taken.unwrap_or_else(|_| Err(SmtpError::too_slow(stage(), patience))) {
            Ok(words) => DeliveryOutcome::accepted(&words),
            Err(error) => {
                // No words: they might quote an address. The history has them.
                tracing::info!(code = error.code(), stage = ?error.stage(), "the relay did not take a message");
                error.outcome()
            }
        }
    }

    async fn try_send(&self, to: &Email, now: Timestamp, body: &str, left: &MayHaveLeft) -> Result<String, SmtpError> {
        let mut connection = self.connection_that_takes_our_sender(now).await?;
        let result = self.hand_over(&mut connection, to, body, left).await;
        connection.messages += 1;
        connection.used_at = now;
        match &result {
            Ok(_) if connection.session.is_at_rest() => self.release(connection),
            Err(error) if error.leaves_the_connection_usable() => {
                if connection.session.ask(SmtpStage::Sender, "RSET").await.is_ok() {
                    self.release(connection);
                }
            }
            Ok(_) | Err(_) => {}
        }
        result
    }

    /// A connection on which a mail of ours has begun: an idle one, if it is still there, else a new one.
    async fn connection_that_takes_our_sender(&self, now: Timestamp) -> Result<PooledConnection, SmtpError> {
        let sender = format!("MAIL FROM:<{}>", self.sender.address);
        if let Some(mut connection) = self.take_idle(now)
            && connection.session.ask(SmtpStage::Sender, &sender).await.is_ok()
        {
            return Ok(connection);
        }
        // It may have gone while it was idle; nothing was said of the message yet.
        let mut connection = self.connect().await?;
        connection.session.ask(SmtpStage::Sender, &sender).await?;
        Ok(connection)
    }

    async fn hand_over(
        &self,
        connection: &mut PooledConnection,
        to: &Email,
        body: &str,
        left: &MayHaveLeft,
    ) -> Result<String, SmtpError> {
        connection.session.ask(SmtpStage::Recipient, &format!("RCPT TO:<{to}>")).await?;
        connection.session.ask_for(3, SmtpStage::Data, "DATA").await?;
        connection.session.say(SmtpStage::Body, body, self.reply_timeout * 3).await?;
        left.set();
        // A relay may look at the whole message before it answers.
        let reply = connection.session.hear_once_for_all(SmtpStage::End, self.reply_timeout * 3).await?;
        Ok(format!("{} {}", reply.code, reply.text.replace('\n', " ")))
    }

    /// Connects, greets, encrypts and signs in, as the operator said.
    async fn connect(&self) -> Result<PooledConnection, SmtpError> {
        let Relay { host, port, security, credentials, .. } = &self.relay;
        let tcp = self.reach(&self.find(host, *port).await?).await?;
        let is_encrypted = *security != Security::Plain;
        let mut session: SmtpSession<Box<dyn Stream>> = match security {
            Security::Plain => SmtpSession::over(Box::new(tcp), self.reply_timeout),
            Security::Tls => SmtpSession::over(Box::new(self.encrypt(tcp).await?), self.reply_timeout),
            Security::StartTls => {
                let mut session = SmtpSession::over(tcp, self.reply_timeout);
                session.be_greeted().await?;
                session.greet(&self.ehlo_name).await?;
                let tcp = session.ask_for_tls().await?;
                SmtpSession::over(Box::new(self.encrypt(tcp).await?), self.reply_timeout)
            }
        };
        if *security != Security::StartTls {
            session.be_greeted().await?;
        }
        session.greet(&self.ehlo_name).await?;
        if let Some((user, password)) = credentials {
            session.sign_in(user, password.expose_secret()).await?;
        }
        Ok(PooledConnection { session, is_encrypted, used_at: Timestamp(0), messages: 0 })
    }

    async fn find(&self, host: &str, port: u16) -> Result<Vec<SocketAddr>, SmtpError> {
        let unknown = |text: String| SmtpError::silence(SmtpStage::Connect, DeliveryReason::HostUnknown, text);
        match session::within(self.reply_timeout, tokio::net::lookup_host((host, port))).await {
            Some(Ok(found)) => Ok(found.collect()),
            Some(Err(error)) => Err(unknown(format!("{host}: {error}"))),
            None => Err(unknown(host.to_string())),
        }
    }

    async fn reach(&self, addresses: &[SocketAddr]) -> Result<TcpStream, SmtpError> {
        match session::within(self.reply_timeout, TcpStream::connect(addresses)).await {
            Some(Ok(stream)) => {
                // Without it, every short command waits for the relay's acknowledgement of the one before. It is only slower then.
                let _ = stream.set_nodelay(true);
                Ok(stream)
            }
            Some(Err(error)) => {
                Err(SmtpError::silence(SmtpStage::Connect, DeliveryReason::Unreachable, error.to_string()))
            }
            None => Err(SmtpError::too_slow(SmtpStage::Connect, self.reply_timeout)),
        }
    }

    /// TLS to whom the operator named and nobody else (ML-08).
    async fn encrypt(&self, tcp: TcpStream) -> Result<impl Stream + use<>, SmtpError> {
        let not = |text: String| SmtpError::silence(SmtpStage::Encrypt, DeliveryReason::NotEncrypted, text);
        let name = ServerName::try_from(self.relay.host.clone()).map_err(|error| not(error.to_string()))?;
        let config = ClientConfig::builder_with_provider(Arc::new(crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| not(error.to_string()))?
            .with_root_certificates(self.relay.authorities.store())
            .with_no_client_auth();
        match session::within(self.reply_timeout, TlsConnector::from(Arc::new(config)).connect(name, tcp)).await {
            Some(Ok(stream)) => Ok(stream),
            Some(Err(error)) => Err(not(error.to_string())),
            None => Err(SmtpError::too_slow(SmtpStage::Encrypt, self.reply_timeout)),
        }
    }

    /// Connects, signs in and says good-bye: whether messages could go out, and if so, whether encrypted.
    ///
    /// # Errors
    /// What becomes of every message as long as it is so.
    pub async fn try_connection(&self) -> Result<bool, DeliveryOutcome> {
        let mut connection = self.connect().await.map_err(|error| error.outcome())?;
        connection.session.ask(SmtpStage::Hello, "QUIT").await.map_err(|error| error.outcome())?;
        Ok(connection.is_encrypted)
    }

    fn take_idle(&self, now: Timestamp) -> Option<PooledConnection> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.retain(|connection| now - connection.used_at < IDLE_TIMEOUT && connection.messages < MOST_PER_CONNECTION);
        idle.pop()
    }

    fn release(&self, connection: PooledConnection) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < MOST_IDLE {
            idle.push(connection);
        }
    }

    /// Says good-bye on every idle connection.
    pub async fn close(&self) {
        let idle = std::mem::take(&mut *self.idle.lock().unwrap_or_else(PoisonError::into_inner));
        for mut connection in idle {
            let _ = timeout(StdDuration::from_millis(200), connection.session.ask(SmtpStage::Hello, "QUIT")).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::authorities::Authorities;
    use crate::server::config::Security;

    #[tokio::test]
    async fn a_connection_waits_for_no_acknowledgement() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let mailer = Mailer {
            relay: Relay {
                host: address.ip().to_string(),
                port: address.port(),
                security: Security::Plain,
                credentials: None,
                authorities: Authorities::public(),
            },
            sender: Sender { name: None, address: "people@acme.by".parse().expect("an address") },
            ehlo_name: "users.acme.by".into(),
            reply_timeout: REPLY_TIMEOUT,
            idle: Mutex::default(),
        };
        let stream = mailer.reach(&[address]).await.expect("a connection");
        assert!(stream.nodelay().expect("an option"));
    }
}
