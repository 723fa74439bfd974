//! Limits against slow clients, which `axum::serve` has not: how long a connection may take for a request, how long it
//! may stay idle, and how many there may be. What is said on a connection is not looked at.

use axum::serve::Listener;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Sleep, sleep};

/// From the first byte of a request to the first byte of its answer; longer than any handler takes (DS-03).
const FOR_A_REQUEST: Duration = Duration::from_secs(40);

/// Between the last byte of an answer and the first of the next request; longer than browsers and proxies wait, which
/// would otherwise send into a closing connection.
const IDLE: Duration = Duration::from_secs(75);

/// A client that sends nothing at all after connecting.
const SILENT: Duration = Duration::from_secs(15);

/// Files that the process needs for itself: the database, its connections, the relay.
const OWN_FILES: usize = 128;

const MOST_CONNECTIONS: usize = 8_192;

/// A listener whose connections end when their client is too slow.
pub struct Patient {
    listener: TcpListener,
    places: Arc<Semaphore>,
}

impl Patient {
    /// As many connections as the process may have files open, without those that it needs for itself.
    pub fn new(listener: TcpListener) -> Self {
        let most =
            open_files().map_or(MOST_CONNECTIONS, |files| files.saturating_sub(OWN_FILES).clamp(64, MOST_CONNECTIONS));
        Self { listener, places: Arc::new(Semaphore::new(most)) }
    }
}

/// How many files this process may have open, where the system says so.
fn open_files() -> Option<usize> {
    let limits = std::fs::read_to_string("/proc/self/limits").ok()?;
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"))?;
    line.split_whitespace().next()?.parse().ok()
}

impl Listener for Patient {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        // The semaphore is never closed; if it were, there would only be no limit.
        let place = Arc::clone(&self.places).acquire_owned().await.ok();
        let (stream, address) = Listener::accept(&mut self.listener).await;
        (Connection::new(stream, place), address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// A connection with a deadline.
pub struct Connection {
    stream: TcpStream,
    deadline: Pin<Box<Sleep>>,
    /// Whether bytes of a request have come since the last byte of an answer.
    is_asking: bool,
    _place: Option<OwnedSemaphorePermit>,
}

impl Connection {
    fn new(stream: TcpStream, place: Option<OwnedSemaphorePermit>) -> Self {
        Self { stream, deadline: Box::pin(sleep(SILENT)), is_asking: false, _place: place }
    }

    /// Small answers leave at once and do not wait for more.
    pub fn send_at_once(&self) {
        let _ = self.stream.set_nodelay(true);
    }

    fn wait(&mut self, at_most: Duration) {
        self.deadline.as_mut().set(sleep(at_most));
    }

    /// The client is waited for, unless its time is over.
    fn pend<T>(&mut self, context: &mut Context<'_>) -> Poll<io::Result<T>> {
        ready!(self.deadline.as_mut().poll(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }

    fn written(&mut self, context: &mut Context<'_>, outcome: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        match outcome {
            Poll::Pending => self.pend(context),
            Poll::Ready(Ok(count)) if count > 0 => {
                self.is_asking = false;
                self.wait(IDLE);
                Poll::Ready(Ok(count))
            }
            ended => ended,
        }
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        match Pin::new(&mut self.stream).poll_read(context, buffer) {
            Poll::Pending => self.pend(context),
            Poll::Ready(Ok(())) => {
                // Only the first byte starts the clock: a byte now and then does not wind it up again.
                if buffer.filled().len() > before && !self.is_asking {
                    self.is_asking = true;
                    self.wait(FOR_A_REQUEST);
                }
                Poll::Ready(Ok(()))
            }
            ended => ended,
        }
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.written(context, outcome)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.stream).poll_write_vectored(context, parts);
        self.written(context, outcome)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    #[test]
    fn the_system_says_how_many_files_may_be_open() {
        assert!(open_files().is_none_or(|files| files > 0));
    }

    #[tokio::test]
    async fn a_byte_now_and_then_does_not_keep_a_connection() {
        let mut listener = Patient::new(TcpListener::bind("127.0.0.1:0").await.expect("a port"));
        let address = Listener::local_addr(&listener).expect("an address");
        let mut client = TcpStream::connect(address).await.expect("connected");
        let (mut connection, _) = listener.accept().await;

        client.write_all(b"G").await.expect("sent");
        assert_eq!(connection.read_u8().await.expect("a byte"), b'G');
        // As if its time were nearly over.
        connection.wait(Duration::from_millis(50));
        client.write_all(b"E").await.expect("sent");
        assert_eq!(connection.read_u8().await.expect("a byte"), b'E');
        let error = connection.read_u8().await.expect_err("too slow");
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);

        // An answer winds it up.
        connection.write_all(b"408").await.expect("written");
        client.write_all(b"T").await.expect("sent");
        assert_eq!(connection.read_u8().await.expect("a byte"), b'T');
    }
}
