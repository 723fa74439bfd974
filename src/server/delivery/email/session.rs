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
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::time::timeout;

/// How much of a line is kept, and the most lines of one reply; a relay that says more of them is none.
const LONGEST_LINE: usize = 4_096;
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
    /// The line that is being read, as far as it has come.
    line: Vec<u8>,
    /// The code of the first line of the reply that is being read.
    first_code: Option<u16>,
    /// Whether a reply was left before its end: what comes next would be taken for another one.
    is_cut: bool,
}

impl<S: Stream> SmtpSession<S> {
    pub fn over(stream: S, reply_timeout: Duration) -> Self {
        let (extensions, line) = (Vec::new(), Vec::new());
        Self { stream: BufReader::new(stream), reply_timeout, extensions, line, first_code: None, is_cut: false }
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
        let reply = self
            .in_time(self.reply_timeout, stage, async |session| match session.write(&line).await? {
                Some(farewell) => Ok(farewell),
                None => session.read().await,
            })
            .await?;
        expect(class, stage, reply)
    }

    /// Writes something, in one piece and within so long, to which [`Self::hear_once_for_all`] hears the answer.
    pub async fn say(&mut self, stage: SmtpStage, words: &str, patience: Duration) -> Result<(), SmtpError> {
        let written = self.in_time(patience, stage, async |session| session.write(words).await).await?;
        written.map_or(Ok(()), |farewell| Err(refusal(stage, farewell)))
    }

    /// Waits so long for the answer to something that cannot be taken back. It is decided by the first digits: a yes is a yes, however
    /// the reply goes on, and wherever it breaks off.
    pub async fn hear_once_for_all(&mut self, stage: SmtpStage, patience: Duration) -> Result<Reply, SmtpError> {
        match self.in_time(patience, stage, Self::read).await {
            Ok(reply) => expect(2, stage, reply),
            Err(error) => {
                self.is_cut = true;
                let code = self.first_code.or_else(|| code_of(&String::from_utf8_lossy(&self.line)));
                match code {
                    Some(code @ 200..300) => Ok(Reply { code, text: String::new() }),
                    _ => Err(error),
                }
            }
        }
    }

    /// Whether the next word is ours.
    pub fn is_at_rest(&self) -> bool {
        !self.is_cut
    }

    /// Writes something, in one piece; what the relay said instead of listening to it.
    async fn write(&mut self, words: &str) -> io::Result<Option<Reply>> {
        if let Some(farewell) = self.unasked().await? {
            return Ok(Some(farewell));
        }
        self.stream.write_all(words.as_bytes()).await?;
        self.stream.flush().await?;
        Ok(None)
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

    async fn in_time<T>(
        &mut self,
        reply_timeout: Duration,
        stage: SmtpStage,
        step: impl AsyncFnOnce(&mut Self) -> io::Result<T>,
    ) -> Result<T, SmtpError> {
        match timeout(reply_timeout, step(self)).await {
            Ok(Ok(done)) => Ok(done),
            Ok(Err(error)) => Err(SmtpError::silence(stage, DeliveryReason::Dropped, error.to_string())),
            Err(_) => Err(SmtpError::too_slow(stage, reply_timeout)),
        }
    }

    /// Reads one reply, of one line or several, in whatever encoding its words are.
    async fn read(&mut self) -> io::Result<Reply> {
        let mut lines: Vec<String> = Vec::new();
        self.first_code = None;
        loop {
            let is_ended = self.read_line().await?;
            let line = String::from_utf8_lossy(&self.line);
            let line = line.trim_end_matches(['\r', '\n']);
            let (Some(code), true) = (code_of(line), is_ended && lines.len() < MOST_LINES) else {
                return Err(io::Error::other(format!("odd reply: {line}")));
            };
            self.first_code.get_or_insert(code);
            let rest = line.get(3..).unwrap_or_default();
            lines.push(rest.strip_prefix(['-', ' ']).unwrap_or(rest).to_string());
            if !rest.starts_with('-') {
                return Ok(Reply { code, text: lines.join("\n") });
            }
        }
    }

    /// Reads one line, and keeps the beginning of a long one; whether its end came before the end of everything.
    async fn read_line(&mut self) -> io::Result<bool> {
        self.line.clear();
        loop {
            let some = self.stream.fill_buf().await?;
            if some.is_empty() && self.line.is_empty() {
                return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "closed by the relay"));
            }
            let end = some.iter().position(|byte| *byte == b'\n');
            let used = end.map_or(some.len(), |at| at + 1);
            let room = LONGEST_LINE.saturating_sub(self.line.len());
            self.line.extend_from_slice(some.get(..used.min(room)).unwrap_or_default());
            if end.is_some() || some.is_empty() {
                self.stream.consume(used);
                return Ok(end.is_some());
            }
            self.stream.consume(used);
        }
    }
}

/// The code with which a line of a reply begins.
fn code_of(line: &str) -> Option<u16> {
    let code = line.get(..3).filter(|code| code.bytes().all(|byte| byte.is_ascii_digit()))?;
    code.parse().ok().filter(|code| (200..600).contains(code))
}

fn expect(class: u16, stage: SmtpStage, reply: Reply) -> Result<Reply, SmtpError> {
    if reply.code / 100 == class { Ok(reply) } else { Err(refusal(stage, reply)) }
}

/// What it means that the relay said this instead of yes.
fn refusal(stage: SmtpStage, reply: Reply) -> SmtpError {
    match reply.code / 100 {
        4 | 5 => SmtpError::Reply { stage, code: reply.code, text: reply.text.replace('\n', " ") },
        _ => SmtpError::silence(stage, DeliveryReason::Dropped, format!("odd reply: {}", reply.code)),
    }
}

/// One step of several, in time or not at all.
pub async fn within<T, E>(limit: Duration, step: impl Future<Output = Result<T, E>>) -> Option<Result<T, E>> {
    timeout(limit, step).await.ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::message::outcome::DeliveryOutcome;

    /// What becomes of a greeting of these bytes.
    async fn greeted_with(bytes: &[u8]) -> Result<(), SmtpError> {
        let (ours, mut theirs) = tokio::io::duplex(1 << 20);
        theirs.write_all(bytes).await.expect("room");
        drop(theirs);
        SmtpSession::over(ours, Duration::from_secs(5)).be_greeted().await
    }

    #[tokio::test]
    async fn a_reply_is_read_however_it_is_written() {
        let long = format!("220-{}\r\n220 {}\r\n", "x".repeat(100_000), "y".repeat(5_000));
        let yeses =
            [&b"220\r\n"[..], b"220 hello\n", b"220-a\r\n220-b\r\n220 c\r\n", b"220 \xff\xfe\r\n", long.as_bytes()];
        for yes in yeses {
            assert_eq!(greeted_with(yes).await, Ok(()), "{yes:?}");
        }
        let refused = SmtpError::Reply { stage: SmtpStage::Hello, code: 571, text: "no no".into() };
        assert_eq!(greeted_with(b"571-no\r\n571 no\r\n").await, Err(refused));
        let endless = "220-more\r\n".repeat(101);
        for odd in
            [&b""[..], b"220 cut", b"+20 x\r\n", b"099 x\r\n", b"\xd0\xd0\xd0\r\n", b"334 x\r\n", endless.as_bytes()]
        {
            let ended = greeted_with(odd).await;
            assert!(matches!(ended, Err(SmtpError::Silence { reason: DeliveryReason::Dropped, .. })), "{ended:?}");
        }
    }

    /// What becomes of a message to which these bytes are the answer, of which no more comes; and whether the session goes on.
    async fn answered_with(bytes: &[u8], is_closed: bool) -> (Result<u16, SmtpError>, bool) {
        let (ours, mut theirs) = tokio::io::duplex(1 << 20);
        theirs.write_all(bytes).await.expect("room");
        let kept = (!is_closed).then_some(theirs);
        let mut session = SmtpSession::over(ours, Duration::from_secs(5));
        let answer = session.hear_once_for_all(SmtpStage::End, Duration::from_millis(100)).await;
        drop(kept);
        (answer.map(|reply| reply.code), session.is_at_rest())
    }

    #[tokio::test]
    async fn a_yes_at_the_end_is_a_yes_however_it_goes_on() {
        let long = format!("250 {}", "x".repeat(5_000));
        let flood = "250-more\r\n".repeat(5_000);
        for is_closed in [true, false] {
            for cut in ["250", "250 Ok", "250-one\r\n", "250-one\r\n25", "250-one\r\n???\r\n", &long, &flood] {
                assert_eq!(answered_with(cut.as_bytes(), is_closed).await, (Ok(250), false), "{cut:.20}");
            }
            for whole in ["250\r\n", "250 Ok\r\n", "250-one\r\n250 two\r\n", &format!("{long}\r\n")] {
                assert_eq!(answered_with(whole.as_bytes(), is_closed).await, (Ok(250), true), "{whole:.20}");
            }
            for nothing in ["", "25", "+OK\r\n", "ok 250\r\n", "354 go on", "450 no", "550-no\r\n", " 250 Ok\r\n"] {
                let (answer, _) = answered_with(nothing.as_bytes(), is_closed).await;
                let outcome = answer.expect_err(nothing).outcome();
                assert!(
                    matches!(outcome, DeliveryOutcome::PutOff { reason: DeliveryReason::NoAnswer, .. }),
                    "{nothing}"
                );
            }
        }
    }
}
