//! A way to Postgres that can be cut, stopped and opened again: what stands between a program and its database.

use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

/// What the way does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Open,
    /// Nobody listens, and what was connected is not any more.
    Refused,
    /// Connections are taken, and nothing comes through; what was sent meanwhile arrives when it opens again.
    Silent,
    /// Connections are taken and reset at once, and so is what was connected.
    Reset,
    /// What the server says is answered by something that is no Postgres.
    Garbled,
}

pub struct Proxy {
    way: watch::Sender<Way>,
    task: JoinHandle<()>,
}

impl Proxy {
    /// A way to the server of a Postgres address, and the address through it.
    pub async fn to(url: &str) -> (Self, String) {
        let mut url = url::Url::parse(url).expect("an address");
        let server = format!("{}:{}", url.host_str().expect("a host"), url.port().unwrap_or(5432));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let (way, seen) = watch::channel(Way::Open);
        let task = tokio::spawn(serve(listener, address, server, seen));
        url.set_host(Some("127.0.0.1")).expect("a host");
        url.set_port(Some(address.port())).expect("a port");
        (Self { way, task }, url.to_string())
    }

    /// Changes the way; returns when it is so.
    pub async fn set(&self, way: Way) {
        self.way.send(way).expect("the proxy runs");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(listener: TcpListener, address: SocketAddr, server: String, mut way: watch::Receiver<Way>) {
    let mut listener = Some(listener);
    let mut connections = JoinSet::new();
    loop {
        let now = *way.borrow_and_update();
        match now {
            Way::Refused => {
                listener = None;
                connections.shutdown().await;
            }
            Way::Reset | Way::Garbled => connections.shutdown().await,
            Way::Open | Way::Silent => {}
        }
        if now != Way::Refused && listener.is_none() {
            listener = Some(TcpListener::bind(address).await.expect("the same port"));
        }
        let Some(open) = &listener else {
            if way.changed().await.is_err() {
                return;
            }
            continue;
        };
        tokio::select! {
            changed = way.changed() => if changed.is_err() { return },
            Ok((client, _)) = open.accept() => {
                connections.spawn(connect(client, server.clone(), now, way.clone()));
            }
        }
    }
}

async fn connect(mut client: TcpStream, server: String, now: Way, way: watch::Receiver<Way>) {
    match now {
        Way::Reset => {
            // Closed without a word: the other end sees a reset.
            let _ = client.set_zero_linger();
            return;
        }
        Way::Garbled => {
            let _ = client.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
            return;
        }
        Way::Open | Way::Silent | Way::Refused => {}
    }
    let Ok(server) = TcpStream::connect(server).await else { return };
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    tokio::join!(pass(from_client, to_server, way.clone()), pass(from_server, to_client, way));
}

/// Passes on what comes, as long as the way is open; nothing is lost while it is silent.
async fn pass(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mut way: watch::Receiver<Way>) {
    let mut buffer = vec![0; 16 * 1024];
    while let Ok(read) = from.read(&mut buffer).await {
        if way.wait_for(|way| *way != Way::Silent).await.is_err() || read == 0 {
            break;
        }
        if to.write_all(&buffer[..read]).await.is_err() {
            break;
        }
    }
    let _ = to.shutdown().await;
}
