//! A relay of ours on this machine, which does what a script says: takes messages, refuses, puts off, hangs, breaks off. It
//! writes down every command and every message as they came over the wire. It knows nothing of Usher.

mod identity;
mod received;
mod talk;

pub use identity::Identity;
pub use received::Received;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use talk::Talk;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// Where a talk stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    Connect,
    Hello,
    Encrypt,
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
    /// These very bytes, and whether they mean yes.
    Bytes(&'static [u8], bool),
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
    tls: Option<TlsAcceptor>,
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
        Self::open(Box::new(script), false, None).await
    }

    /// A relay with a certificate: it encrypts from the first byte, or when STARTTLS asks for it.
    pub async fn encrypted(from_the_first_byte: bool, identity: &Identity) -> Self {
        Self::open(Box::new(|_| Answer::Usual), from_the_first_byte, Some(identity.acceptor())).await
    }

    async fn open(script: Box<Script>, from_the_first_byte: bool, tls: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let sink = Self(Arc::new(Inner {
            port: listener.local_addr().expect("an address").port(),
            script: Mutex::new(script),
            offers: Mutex::new(vec!["8BITMIME", "ENHANCEDSTATUSCODES"]),
            tls,
            seen: Mutex::default(),
        }));
        let host = sink.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let _ = stream.set_nodelay(true);
                let host = host.clone();
                let number = {
                    let mut seen = host.seen();
                    seen.connections += 1;
                    seen.connections - 1
                };
                tokio::spawn(async move {
                    let mut talk = Talk::new(host, Box::new(stream), number);
                    if from_the_first_byte {
                        talk = talk.encrypt().await?;
                    }
                    // A connection that ends in the middle is nothing unusual here.
                    talk.run().await
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
