//! An SMS gateway of ours on this machine, which does what a script says: takes messages, refuses, puts off, hangs, breaks off. It
//! writes down every request as it came. Of Usher it knows the settings with which a server sends through it.

use super::smtp::Identity;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use usher::server::config::{SmsGateway, SmsParts, SmsUrl};

/// What the gateway does with a request.
#[derive(Clone, Debug)]
pub enum Reply {
    /// This status and body, with these further header lines.
    Says(u16, &'static str, String),
    /// The same, after this long.
    Late(Duration),
    /// Nothing, for ever.
    Hangs,
    /// Nothing, and the connection is gone.
    Drops,
    /// A head, a part of the body, and the connection is gone.
    Breaks,
    /// A head, and then the body letter by letter, for ever.
    Drips,
    /// So many bytes.
    Floods(usize),
    /// These very bytes.
    Bytes(&'static str),
}

impl Reply {
    pub fn taken() -> Self {
        Self::Says(201, "", r#"{"id": "G1"}"#.into())
    }

    pub fn says(status: u16, body: &str) -> Self {
        Self::Says(status, "", body.into())
    }
}

/// A request as it came.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    pub head: String,
    pub body: String,
}

impl Asked {
    /// A field of a JSON body.
    pub fn field(&self, name: &str) -> String {
        let json: serde_json::Value = serde_json::from_str(&self.body).unwrap_or_default();
        json[name].as_str().unwrap_or_default().to_string()
    }
}

type Script = dyn Fn(&Asked, usize) -> Reply + Send + Sync;

/// The gateway. Cheap to clone; it ends with the test.
#[derive(Clone)]
pub struct SmsSink(Arc<Inner>);

struct Inner {
    port: u16,
    asked: Mutex<Vec<Asked>>,
    script: Mutex<Box<Script>>,
}

impl SmsSink {
    /// A gateway that takes everything.
    pub async fn start() -> Self {
        Self::scripted(|_, _| Reply::taken()).await
    }

    /// A gateway that does what the script says of a request and how many came before it.
    pub async fn scripted(script: impl Fn(&Asked, usize) -> Reply + Send + Sync + 'static) -> Self {
        Self::open(Box::new(script), None).await
    }

    /// A gateway with a certificate, which takes everything.
    pub async fn encrypted(identity: &Identity) -> Self {
        Self::open(Box::new(|_, _| Reply::taken()), Some(identity.acceptor())).await
    }

    async fn open(script: Box<Script>, tls: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let sink = Self(Arc::new(Inner { port, asked: Mutex::default(), script: Mutex::new(script) }));
        let host = sink.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (host, tls) = (host.clone(), tls.clone());
                tokio::spawn(async move {
                    match tls {
                        None => host.talk(stream).await,
                        Some(tls) => {
                            if let Ok(stream) = tls.accept(stream).await {
                                host.talk(stream).await;
                            }
                        }
                    }
                });
            }
        });
        sink
    }

    /// What a server needs to send through it: the preset for gateways that take JSON.
    pub fn gateway(&self) -> SmsGateway {
        let url = SmsUrl::parse(&format!("http://127.0.0.1:{}/send", self.port())).expect("an address");
        let parts = SmsParts { allows_private: true, ..SmsParts::default() };
        SmsGateway::new(url, parts).expect("a gateway")
    }

    /// The texts that went to a number.
    pub fn texts_to(&self, number: &str) -> Vec<String> {
        let all = self.asked();
        all.iter().filter(|asked| asked.field("to") == number).map(|asked| asked.field("text")).collect()
    }

    pub fn port(&self) -> u16 {
        self.0.port
    }

    /// Everything that was asked so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.0.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What it does from now on.
    pub fn script(&self, script: impl Fn(&Asked, usize) -> Reply + Send + Sync + 'static) {
        *self.0.script.lock().unwrap_or_else(PoisonError::into_inner) = Box::new(script);
    }

    async fn talk(&self, mut stream: impl AsyncRead + AsyncWrite + Unpin) {
        let Some(asked) = read(&mut stream).await else { return };
        let reply = {
            let mut all = self.0.asked.lock().unwrap_or_else(PoisonError::into_inner);
            all.push(asked.clone());
            (self.0.script.lock().unwrap_or_else(PoisonError::into_inner))(&asked, all.len() - 1)
        };
        let plain = |status: u16, more: &str, body: &str| {
            format!("HTTP/1.1 {status} Said\r\nContent-Length: {}\r\n{more}\r\n{body}", body.len())
        };
        let said = match reply {
            Reply::Says(status, more, body) => plain(status, more, &body),
            Reply::Late(wait) => {
                tokio::time::sleep(wait).await;
                plain(200, "", "{}")
            }
            Reply::Hangs => std::future::pending().await,
            Reply::Drops => return,
            Reply::Breaks => "HTTP/1.1 200 Said\r\nContent-Length: 900\r\n\r\n{\"id".into(),
            Reply::Drips => {
                let _ = stream.write_all(b"HTTP/1.1 200 Said\r\nContent-Length: 900\r\n\r\n").await;
                while stream.write_all(b" ").await.is_ok() {
                    tokio::time::sleep(Duration::from_millis(40)).await;
                }
                return;
            }
            Reply::Floods(bytes) => plain(200, "", &"x".repeat(bytes)),
            Reply::Bytes(bytes) => bytes.into(),
        };
        let _ = stream.write_all(said.as_bytes()).await;
        let _ = stream.shutdown().await;
    }
}

/// One request: its head, and as much of a body as it announces.
async fn read(stream: &mut (impl AsyncRead + Unpin)) -> Option<Asked> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let some = stream.read(&mut buffer).await.ok().filter(|some| *some > 0)?;
        bytes.extend_from_slice(&buffer[..some]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
        });
        if body.len() >= length.unwrap_or_default() {
            return Some(Asked { head: head.into(), body: body.into() });
        }
    }
}
