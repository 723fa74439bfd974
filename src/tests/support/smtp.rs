//! A relay of ours on this machine, which does what a script says: takes messages, refuses, puts off, hangs, breaks off. It
//! writes down every command and every message as they came over the wire. It knows nothing of Usher.

mod received;

pub use received::Received;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::tcp::OwnedWriteHalf;
use tokio::net::{TcpListener, TcpStream};

/// Where a talk stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    Connect,
    Hello,
    SignIn,
    Sender,
    Recipient,
    Data,
    /// The first line of the message has come.
    Body,
    /// All of it has come.
    End,
}

/// What the script is asked about.
#[derive(Clone, Debug)]
pub struct Now<'a> {
    pub stage: Stage,
    /// How often this stage has been reached before, over all connections.
    pub before: usize,
    /// Which connection it is, from 0.
    pub connection: usize,
    /// To whom, from the stage [`Stage::Recipient`] on.
    pub to: &'a str,
}

/// What the relay does.
#[derive(Clone, Debug)]
pub enum Answer {
    /// What a relay usually says here.
    Usual,
    /// This reply: `550 5.1.1 No such user`.
    Say(&'static str),
    /// The usual reply, after this long.
    Late(Duration),
    /// Nothing, for ever.
    Hang,
    /// Nothing, and the connection is gone.
    Drop,
}

type Script = dyn Fn(&Now<'_>) -> Answer + Send + Sync;

/// The relay. Cheap to clone; it ends with the test.
#[derive(Clone)]
pub struct Sink(Arc<Inner>);

struct Inner {
    port: u16,
    script: Mutex<Box<Script>>,
    offers: Mutex<Vec<&'static str>>,
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    connections: usize,
    commands: Vec<String>,
    received: Vec<Received>,
    reached: HashMap<Stage, usize>,
}

impl Sink {
    /// A relay that takes everything.
    pub async fn start() -> Self {
        Self::scripted(|_| Answer::Usual).await
    }

    /// A relay that does what the script says.
    pub async fn scripted(script: impl Fn(&Now<'_>) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let sink = Self(Arc::new(Inner {
            port,
            script: Mutex::new(Box::new(script)),
            offers: Mutex::new(vec!["8BITMIME", "ENHANCEDSTATUSCODES"]),
            seen: Mutex::default(),
        }));
        let host = sink.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let host = host.clone();
                tokio::spawn(async move {
                    let number = {
                        let mut seen = host.seen();
                        seen.connections += 1;
                        seen.connections - 1
                    };
                    // A connection that ends in the middle is nothing unusual here.
                    let _ = Talk::new(host, stream, number).run().await;
                });
            }
        });
        sink
    }

    /// `smtp://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.0.port)
    }

    pub fn port(&self) -> u16 {
        self.0.port
    }

    /// Another script from here on.
    pub fn follow(&self, script: impl Fn(&Now<'_>) -> Answer + Send + Sync + 'static) {
        *lock(&self.0.script) = Box::new(script);
    }

    /// What EHLO offers, such as `AUTH PLAIN LOGIN`.
    pub fn offer(&self, offers: &[&'static str]) {
        *lock(&self.0.offers) = offers.to_vec();
    }

    /// Every message whose end arrived, in order.
    pub fn received(&self) -> Vec<Received> {
        self.seen().received.clone()
    }

    /// Those that the relay answered for with 250.
    pub fn taken(&self) -> Vec<Received> {
        self.seen().received.iter().filter(|received| received.taken).cloned().collect()
    }

    /// Every command as it came, with the number of its connection: `0 RCPT TO:<ivan@acme.by>`.
    pub fn commands(&self) -> Vec<String> {
        self.seen().commands.clone()
    }

    pub fn connections(&self) -> usize {
        self.seen().connections
    }

    /// How often a stage was reached.
    pub fn reached(&self, stage: Stage) -> usize {
        self.seen().reached.get(&stage).copied().unwrap_or_default()
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        lock(&self.0.seen)
    }

    fn ask(&self, stage: Stage, connection: usize, to: &str) -> Answer {
        let before = {
            let mut seen = self.seen();
            let times = seen.reached.entry(stage).or_default();
            *times += 1;
            *times - 1
        };
        lock(&self.0.script)(&Now { stage, before, connection, to })
    }
}

fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One connection.
struct Talk {
    sink: Sink,
    number: usize,
    lines: BufReader<tokio::net::tcp::OwnedReadHalf>,
    out: OwnedWriteHalf,
    from: String,
    to: Vec<String>,
}

/// The connection is over.
struct Over;

impl From<std::io::Error> for Over {
    fn from(_: std::io::Error) -> Self {
        Self
    }
}

impl Talk {
    fn new(sink: Sink, stream: TcpStream, number: usize) -> Self {
        let _ = stream.set_nodelay(true);
        let (read, out) = stream.into_split();
        Self { sink, number, lines: BufReader::new(read), out, from: String::new(), to: Vec::new() }
    }

    async fn run(mut self) -> Result<(), Over> {
        self.answer(Stage::Connect, "220 sink ready").await?;
        loop {
            let line = self.line().await?;
            let command = line.trim_end().to_string();
            self.sink.seen().commands.push(format!("{} {command}", self.number));
            let verb = command.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
            match verb.as_str() {
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
        if self.answer(Stage::End, "250 2.0.0 Ok: queued as SINK").await? {
            self.sink.seen().received[at].taken = true;
        }
        Ok(())
    }

    /// Does what the script says; whether it was a yes.
    async fn answer(&mut self, stage: Stage, usual: &str) -> Result<bool, Over> {
        let to = self.to.last().cloned().unwrap_or_default();
        let reply = match self.sink.ask(stage, self.number, &to) {
            Answer::Usual => usual,
            Answer::Say(reply) => reply,
            Answer::Late(pause) => {
                tokio::time::sleep(pause).await;
                usual
            }
            Answer::Hang => std::future::pending().await,
            Answer::Drop => return Err(Over),
        };
        self.say(reply).await?;
        if reply.starts_with("421") {
            return Err(Over);
        }
        Ok(reply.starts_with(['2', '3']))
    }

    async fn say(&mut self, reply: &str) -> Result<(), Over> {
        self.out.write_all(format!("{reply}\r\n").as_bytes()).await?;
        self.out.flush().await?;
        Ok(())
    }

    async fn line(&mut self) -> Result<String, Over> {
        let mut bytes = Vec::new();
        if self.lines.read_until(b'\n', &mut bytes).await? == 0 {
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
