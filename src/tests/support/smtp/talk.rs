//! One connection of our relay, from the greeting to the end.

use super::{Answer, Received, Sink, Stage, lock};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};

pub trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// One connection.
pub struct Talk {
    sink: Sink,
    number: usize,
    stream: BufReader<Box<dyn Stream>>,
    from: String,
    to: Vec<String>,
}

/// The connection is over.
pub struct Over;

impl From<std::io::Error> for Over {
    fn from(_: std::io::Error) -> Self {
        Self
    }
}

impl Talk {
    pub fn new(sink: Sink, stream: Box<dyn Stream>, number: usize) -> Self {
        Self { sink, number, stream: BufReader::new(stream), from: String::new(), to: Vec::new() }
    }

    pub async fn encrypt(self) -> Result<Self, Over> {
        let tls = self.sink.0.tls.clone().ok_or(Over)?;
        let stream = tls.accept(self.stream.into_inner()).await?;
        Ok(Self::new(self.sink, Box::new(stream), self.number))
    }

    pub async fn run(mut self) -> Result<(), Over> {
        self.answer(Stage::Connect, "220 sink ready").await?;
        loop {
            let line = self.line().await?;
            let command = line.trim_end().to_string();
            self.sink.seen().commands.push(format!("{} {command}", self.number));
            let action = command.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
            match action.as_str() {
                "EHLO" | "HELO" => {
                    let offers = lock(&self.sink.0.offers).clone();
                    let mut reply = String::from("250-sink");
                    for offer in offers {
                        reply.push_str("\r\n250-");
                        reply.push_str(offer);
                    }
                    reply.push_str("\r\n250 HELP");
                    self.answer(Stage::Hello, &reply).await?;
                }
                "STARTTLS" => {
                    if self.answer(Stage::Encrypt, "220 2.0.0 Go ahead").await? {
                        self = self.encrypt().await?;
                    }
                }
                "AUTH" => {
                    self.answer(Stage::SignIn, "235 2.7.0 Accepted").await?;
                }
                "MAIL" => {
                    self.from = address(&command);
                    self.to.clear();
                    self.answer(Stage::Sender, "250 2.1.0 Ok").await?;
                }
                "RCPT" => {
                    let to = address(&command);
                    self.to.push(to);
                    if !self.answer(Stage::Recipient, "250 2.1.5 Ok").await? {
                        self.to.pop();
                    }
                }
                "DATA" => {
                    if self.answer(Stage::Data, "354 End data with <CR><LF>.<CR><LF>").await? {
                        self.body().await?;
                    }
                }
                "RSET" | "NOOP" => self.say("250 2.0.0 Ok").await?,
                "QUIT" => {
                    self.say("221 2.0.0 Bye").await?;
                    return Err(Over);
                }
                _ => self.say("502 5.5.2 What?").await?,
            }
        }
    }

    async fn body(&mut self) -> Result<(), Over> {
        let mut raw = String::new();
        loop {
            let line = self.line().await?;
            if raw.is_empty() {
                let to = self.to.last().cloned().unwrap_or_default();
                match self.sink.ask(Stage::Body, self.number, &to) {
                    Answer::Drop => return Err(Over),
                    Answer::Hang => std::future::pending::<()>().await,
                    _ => {}
                }
            }
            if line.trim_end_matches(['\r', '\n']) == "." {
                break;
            }
            raw.push_str(line.strip_prefix('.').unwrap_or(&line));
        }
        let received = Received {
            connection: self.number,
            from: self.from.clone(),
            to: std::mem::take(&mut self.to),
            raw,
            taken: false,
        };
        let to = received.to.last().cloned().unwrap_or_default();
        let at = {
            let mut seen = self.sink.seen();
            seen.received.push(received);
            seen.received.len() - 1
        };
        self.to = vec![to];
        let (reply, is_yes) = self.decide(Stage::End, "250 2.0.0 Ok: queued as SINK").await?;
        // Before the client hears of it: whoever has the answer finds the mail taken.
        self.sink.seen().received[at].taken = is_yes;
        self.tell(&reply).await?;
        Ok(())
    }

    /// Does what the script says; whether it was a yes.
    async fn answer(&mut self, stage: Stage, usual: &str) -> Result<bool, Over> {
        let (reply, is_yes) = self.decide(stage, usual).await?;
        self.tell(&reply).await?;
        Ok(is_yes)
    }

    /// What the script says, line end included, and whether it is a yes.
    async fn decide(&mut self, stage: Stage, usual: &str) -> Result<(Vec<u8>, bool), Over> {
        let to = self.to.last().cloned().unwrap_or_default();
        let reply = match self.sink.ask(stage, self.number, &to) {
            Answer::Usual => usual,
            Answer::Say(reply) => reply,
            Answer::Bytes(bytes, is_yes) => return Ok((bytes.to_vec(), is_yes)),
            Answer::Late(pause) => {
                tokio::time::sleep(pause).await;
                usual
            }
            Answer::Hang => std::future::pending().await,
            Answer::Drop => return Err(Over),
        };
        Ok((format!("{reply}\r\n").into_bytes(), reply.starts_with(['2', '3'])))
    }

    async fn tell(&mut self, reply: &[u8]) -> Result<(), Over> {
        self.stream.write_all(reply).await?;
        self.stream.flush().await?;
        if reply.starts_with(b"421") { Err(Over) } else { Ok(()) }
    }

    async fn say(&mut self, reply: &str) -> Result<(), Over> {
        self.tell(format!("{reply}\r\n").as_bytes()).await
    }

    async fn line(&mut self) -> Result<String, Over> {
        let mut bytes = Vec::new();
        if self.stream.read_until(b'\n', &mut bytes).await? == 0 {
            return Err(Over);
        }
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}

/// What stands between the brackets of `MAIL FROM:<…>`.
fn address(command: &str) -> String {
    let inside = command.split_once('<').map_or("", |(_, rest)| rest);
    inside.rsplit_once('>').map_or(inside, |(inside, _)| inside).to_string()
}
