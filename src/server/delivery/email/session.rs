//! One SMTP session over one connection: commands out, replies in, each in time. Nothing here knows what is in a mail.
//!
//! lettre writes our mails, and its client is not used. The reasons were found in the source of lettre 0.11.23; each has a test in
//! `src/tests/delivery/session.rs`, against which a later version can be tried:
//!
//! - A bare `250` is a broken reply to it. The message has left by then, and would leave again.
//!   `a_bare_250_is_a_yes_and_the_message_leaves_once`
//! - A reply that is not UTF-8 is a broken connection to it, and so is a reply with a code such as `571`, whose second digit it
//!   does not know: what the relay refuses for good would be tried for days.
//!   `a_reply_that_is_not_utf_8_is_a_reply`, `a_571_is_a_refusal_and_no_broken_connection`
//! - It closes the connection after every 4xx and 5xx: one unknown mailbox in a round costs a handshake and a sign-in.
//!   `a_connection_is_kept_after_a_refusal`
//! - What came in plain text behind the answer to STARTTLS stays in its buffer, and is read as if it had come encrypted.
//!   `plain_text_before_the_encryption_ends_the_session`
//! - An answer that nobody asked for is taken for the answer to the next command.
//!   `an_answer_that_nobody_asked_for_is_the_answer_to_nothing`
//! - It does not set TCP_NODELAY, so that every short command waits for the acknowledgement of the one before.
//!   `a_connection_waits_for_no_acknowledgement`, in `email.rs`

use super::error::{SmtpError, SmtpStage};
use crate::domain::message::outcome::DeliveryReason;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::future::{Future, poll_fn};
use std::io;
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::time::timeout;

/// The longest line and the most lines of one reply; a relay that says more is none.
const LONGEST_LINE: u64 = 4_096;
const MOST_LINES: usize = 100;

/// What a session runs over: TCP, or TLS on top of it.
pub trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// A relay's answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    pub code: u16,
    pub text: String,
}

/// A session with a relay, from its greeting on.
pub struct SmtpSession<S> {
    stream: BufReader<S>,
    reply_timeout: Duration,
    /// What the relay said it can do, in capitals.
    extensions: Vec<String>,
}

impl<S: Stream> SmtpSession<S> {
    pub fn over(stream: S, reply_timeout: Duration) -> Self {
        Self { stream: BufReader::new(stream), reply_timeout, extensions: Vec::new() }
    }

    /// Waits for the relay's greeting.
    pub async fn be_greeted(&mut self) -> Result<(), SmtpError> {
        let reply = self.in_time(self.reply_timeout, SmtpStage::Hello, async |session| session.read().await).await?;
        expect(2, SmtpStage::Hello, reply).map(drop)
    }

    /// Says who we are, and hears what the relay can do.
    pub async fn greet(&mut self, name: &str) -> Result<(), SmtpError> {
        let reply = self.ask(SmtpStage::Hello, &format!("EHLO {name}")).await?;
        self.extensions = reply.text.lines().skip(1).map(str::to_ascii_uppercase).collect();
        Ok(())
    }

    /// Whether the relay offers an extension, such as `STARTTLS`.
    pub fn is_offered(&self, extension: &str) -> bool {
        self.extensions.iter().any(|line| line.split([' ', '=']).next() == Some(extension))
    }

    /// Asks for encryption, and gives the bare stream back to be encrypted.
    pub async fn ask_for_tls(mut self) -> Result<S, SmtpError> {
        let no = |text: &str| SmtpError::silence(SmtpStage::Encrypt, DeliveryReason::NotEncrypted, text);
        if !self.is_offered("STARTTLS") {
            return Err(no("STARTTLS is not offered"));
        }
        self.ask(SmtpStage::Encrypt, "STARTTLS").await?;
        // What came before the encryption could be anybody's words.
        if !self.stream.buffer().is_empty() {
            return Err(no("words before the encryption"));
        }
        Ok(self.stream.into_inner())
    }

    /// Signs in by the first way that both know.
    pub async fn sign_in(&mut self, user: &str, password: &str) -> Result<(), SmtpError> {
        let ways: Vec<&str> = self
            .extensions
            .iter()
            .filter(|line| line.starts_with("AUTH"))
            .flat_map(|line| line.split([' ', '=']).skip(1))
            .collect();
        if ways.contains(&"PLAIN") {
            let both = STANDARD.encode(format!("\0{user}\0{password}"));
            return self.ask(SmtpStage::SignIn, &format!("AUTH PLAIN {both}")).await.map(drop);
        }
        if ways.contains(&"LOGIN") {
            self.ask_for(3, SmtpStage::SignIn, "AUTH LOGIN").await?;
            self.ask_for(3, SmtpStage::SignIn, &STANDARD.encode(user)).await?;
            return self.ask(SmtpStage::SignIn, &STANDARD.encode(password)).await.map(drop);
        }
        Err(SmtpError::silence(
            SmtpStage::SignIn,
            DeliveryReason::SignInRefused,
            "no way to sign in that we know is offered",
        ))
    }

    /// A command that the relay should grant.
    pub async fn ask(&mut self, stage: SmtpStage, command: &str) -> Result<Reply, SmtpError> {
        self.ask_for(2, stage, command).await
    }

    /// A command that the relay should answer with a code of this class.
    pub async fn ask_for(&mut self, class: u16, stage: SmtpStage, command: &str) -> Result<Reply, SmtpError> {
        let line = format!("{command}\r\n");
        self.exchange(class, stage, &line, self.reply_timeout).await
    }

    /// Writes something, in one piece, and waits so long for the answer.
    pub async fn exchange(
        &mut self,
        class: u16,
        stage: SmtpStage,
        words: &str,
        reply_timeout: Duration,
    ) -> Result<Reply, SmtpError> {
        let reply = self
            .in_time(reply_timeout, stage, async |session| {
                if let Some(farewell) = session.unasked().await? {
                    return Ok(farewell);
                }
                session.stream.write_all(words.as_bytes()).await?;
                session.stream.flush().await?;
                session.read().await
            })
            .await?;
        expect(class, stage, reply)
    }

    /// What the relay said although nobody asked: `421`, by which it may leave at any time (RFC 5321, 3.8), or nothing.
    ///
    /// # Errors
    /// Any other words, which would be taken for the answer to what comes next.
    async fn unasked(&mut self) -> io::Result<Option<Reply>> {
        let stream = &mut self.stream;
        match poll_fn(|cx| Poll::Ready(Pin::new(&mut *stream).poll_fill_buf(cx).map_ok(<[u8]>::len))).await {
            Poll::Pending => Ok(None),
            Poll::Ready(Err(error)) => Err(error),
            Poll::Ready(Ok(_)) => match self.read().await? {
                farewell @ Reply { code: 421, .. } => Ok(Some(farewell)),
                other => Err(io::Error::other(format!("a reply that nobody asked for: {} {}", other.code, other.text))),
            },
        }
    }

    async fn in_time(
        &mut self,
        reply_timeout: Duration,
        stage: SmtpStage,
        step: impl AsyncFnOnce(&mut Self) -> io::Result<Reply>,
    ) -> Result<Reply, SmtpError> {
        match timeout(reply_timeout, step(self)).await {
            Ok(Ok(reply)) => Ok(reply),
            Ok(Err(error)) => Err(SmtpError::silence(stage, DeliveryReason::Dropped, error.to_string())),
            Err(_) => Err(SmtpError::too_slow(stage, reply_timeout)),
        }
    }

    /// Reads one reply, of one line or several, in whatever encoding its words are.
    async fn read(&mut self) -> io::Result<Reply> {
        let mut lines: Vec<String> = Vec::new();
        loop {
            let mut bytes = Vec::new();
            let read = (&mut self.stream).take(LONGEST_LINE).read_until(b'\n', &mut bytes).await?;
            if read == 0 {
                return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "closed by the relay"));
            }
            let line = String::from_utf8_lossy(&bytes);
            let line = line.trim_end_matches(['\r', '\n']);
            let code = line.get(..3).filter(|code| code.bytes().all(|byte| byte.is_ascii_digit()));
            let code = code.and_then(|code| code.parse().ok()).filter(|code| (200..600).contains(code));
            let (Some(code), true) = (code, bytes.ends_with(b"\n") && lines.len() < MOST_LINES) else {
                return Err(io::Error::other(format!("odd reply: {line}")));
            };
            let rest = line.get(3..).unwrap_or_default();
            lines.push(rest.strip_prefix(['-', ' ']).unwrap_or(rest).to_string());
            if !rest.starts_with('-') {
                return Ok(Reply { code, text: lines.join("\n") });
            }
        }
    }
}

fn expect(class: u16, stage: SmtpStage, reply: Reply) -> Result<Reply, SmtpError> {
    match reply.code / 100 {
        found if found == class => Ok(reply),
        4 | 5 => Err(SmtpError::Reply { stage, code: reply.code, text: reply.text.replace('\n', " ") }),
        _ => Err(SmtpError::silence(stage, DeliveryReason::Dropped, format!("odd reply: {}", reply.code))),
    }
}

/// One step of several, in time or not at all.
pub async fn within<T, E>(limit: Duration, step: impl Future<Output = Result<T, E>>) -> Option<Result<T, E>> {
    timeout(limit, step).await.ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What becomes of a greeting of these bytes.
    async fn greeted_with(bytes: &[u8]) -> Result<(), SmtpError> {
        let (ours, mut theirs) = tokio::io::duplex(1 << 20);
        theirs.write_all(bytes).await.expect("room");
        drop(theirs);
        SmtpSession::over(ours, Duration::from_secs(5)).be_greeted().await
    }

    #[tokio::test]
    async fn a_reply_is_read_however_it_is_written() {
        for yes in [&b"220\r\n"[..], b"220 hello\n", b"220-a\r\n220-b\r\n220 c\r\n", b"220 \xff\xfe\r\n"] {
            assert_eq!(greeted_with(yes).await, Ok(()), "{yes:?}");
        }
        let refused = SmtpError::Reply { stage: SmtpStage::Hello, code: 571, text: "no no".into() };
        assert_eq!(greeted_with(b"571-no\r\n571 no\r\n").await, Err(refused));
        let endless = "220-more\r\n".repeat(101);
        let long = format!("220 {}\r\n", "x".repeat(5_000));
        for odd in [
            &b""[..],
            b"220 cut",
            b"+20 x\r\n",
            b"099 x\r\n",
            b"\xd0\xd0\xd0\r\n",
            b"334 x\r\n",
            endless.as_bytes(),
            long.as_bytes(),
        ] {
            let ended = greeted_with(odd).await;
            assert!(matches!(ended, Err(SmtpError::Silence { reason: DeliveryReason::Dropped, .. })), "{ended:?}");
        }
    }
}
