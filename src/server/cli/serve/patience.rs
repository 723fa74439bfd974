//! Limits against slow clients, which `axum::serve` has not: how long a connection may take for the head of a request and
//! for the rest of it, how long it may stay idle, and how many there may be, in all and of one address (H-08, DS-03). Of what
//! is said on a connection only the end of a head is looked for.

use super::seats::{Seat, Seats, Share, State};
use crate::server::http::visitor::line_of;
use axum::serve::Listener;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Sleep, sleep};
use tokio_util::sync::WaitForCancellationFutureOwned;

/// From the first byte of a request to the end of its head; what browsers and proxies send comes in one piece.
const FOR_A_HEAD: Duration = Duration::from_secs(10);

/// From the end of the head to the first byte of the answer; longer than any handler takes.
const FOR_A_REQUEST: Duration = Duration::from_secs(40);

/// Between the last byte of an answer and the first of the next request; longer than browsers and proxies wait, which
/// would otherwise send into a closing connection.
const IDLE: Duration = Duration::from_secs(75);

/// A client that sends nothing at all after connecting.
const SILENT: Duration = Duration::from_secs(10);

/// Files that the process needs for itself: the database, its connections, the relay.
const OWN_FILES: usize = 128;

const MOST_CONNECTIONS: usize = 8_192;

/// A listener whose connections end when their client is too slow.
pub struct Patient {
    listener: TcpListener,
    places: Arc<Semaphore>,
    seats: Seats,
}

impl Patient {
    /// As many connections as the process may have files open, without those that it needs for itself; of one address no
    /// more than its share, unless proxies stand in front, through whose addresses everybody comes.
    pub fn new(listener: TcpListener, trusted_proxies: usize) -> Self {
        let most = places(open_files());
        let share = (trusted_proxies == 0).then(|| Share::of(most));
        Self { listener, places: Arc::new(Semaphore::new(most)), seats: Seats::new(share) }
    }
}

/// How many connections there may be. One more is accepted for a moment, to see whose it is.
fn places(files: Option<usize>) -> usize {
    files.map_or(MOST_CONNECTIONS, |files| files.saturating_sub(OWN_FILES).clamp(64, MOST_CONNECTIONS))
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
        if self.places.available_permits() == 0 {
            self.seats.make_room(Instant::now());
        }
        // The semaphore is never closed; if it were, there would only be no limit.
        let place = Arc::clone(&self.places).acquire_owned().await.ok();
        loop {
            let (stream, address) = Listener::accept(&mut self.listener).await;
            // Whoever gets no seat is let go by closing.
            if let Some(seat) = self.seats.take(line_of(address.ip()), Instant::now()) {
                return (Connection::new(stream, seat, place), address);
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// A connection with a deadline.
pub struct Connection {
    stream: TcpStream,
    deadline: Pin<Box<Sleep>>,
    /// Where the reading of a request stands.
    asks: Asks,
    seat: Seat,
    given_up: Pin<Box<WaitForCancellationFutureOwned>>,
    _place: Option<OwnedSemaphorePermit>,
}

/// What has come of a request since the last byte of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asks {
    Nothing,
    /// A part of its head, which ends in so many bytes of the empty line that ends a head.
    Head(usize),
    /// Its head, and perhaps more.
    All,
}

/// What ends the head of a request. Programs of the last century leave the carriage returns out.
const END: &[u8] = b"\r\n\r\n";

impl Asks {
    /// After some more bytes.
    fn after(self, mut bytes: &[u8]) -> Self {
        // Empty lines before a request are no request.
        while let (Self::Nothing, [b'\r' | b'\n', rest @ ..]) = (self, bytes) {
            bytes = rest;
        }
        if bytes.is_empty() {
            return self;
        }
        let mut found = match self {
            Self::Nothing => 0,
            Self::Head(found) => found,
            Self::All => return Self::All,
        };
        for byte in bytes {
            found = match (found, byte) {
                (2, b'\n') => END.len(),
                (0 | 1, b'\n') => 2,
                (found, byte) if END[found] == *byte => found + 1,
                (_, b'\r') => 1,
                _ => 0,
            };
            if found == END.len() {
                return Self::All;
            }
        }
        Self::Head(found)
    }
}

impl Connection {
    fn new(stream: TcpStream, seat: Seat, place: Option<OwnedSemaphorePermit>) -> Self {
        let given_up = Box::pin(seat.given_up.clone().cancelled_owned());
        Self { stream, deadline: Box::pin(sleep(SILENT)), asks: Asks::Nothing, seat, given_up, _place: place }
    }

    /// Small answers leave at once and do not wait for more.
    pub fn send_at_once(&self) {
        let _ = self.stream.set_nodelay(true);
    }

    fn wait(&mut self, at_most: Duration) {
        self.deadline.as_mut().set(sleep(at_most));
    }

    /// The client is waited for, unless its time is over or its place is given to somebody else.
    fn pend<T>(&mut self, context: &mut Context<'_>) -> Poll<io::Result<T>> {
        if self.given_up.as_mut().poll(context).is_pending() {
            ready!(self.deadline.as_mut().poll(context));
        }
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }

    /// Some bytes of a request have come.
    fn read(&mut self, bytes: &[u8]) {
        let now = self.asks.after(bytes);
        let before = std::mem::replace(&mut self.asks, now);
        match (before, now) {
            (Asks::Nothing | Asks::Head(_), Asks::All) => {
                self.wait(FOR_A_REQUEST);
                self.seat.is(State::Busy);
            }
            // Only the first byte starts the clock: a byte now and then does not wind it up again.
            (Asks::Nothing, Asks::Head(_)) => {
                self.wait(FOR_A_HEAD);
                self.seat.is(State::Silent);
            }
            _ => {}
        }
    }

    fn written(&mut self, context: &mut Context<'_>, outcome: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        match outcome {
            Poll::Pending => self.pend(context),
            Poll::Ready(Ok(count)) if count > 0 => {
                self.asks = Asks::Nothing;
                self.wait(IDLE);
                self.seat.is(State::Idle);
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
                let filled = buffer.filled();
                if filled.len() > before {
                    self.read(&filled[before..]);
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

    #[test]
    fn the_process_keeps_files_for_itself() {
        assert_eq!([places(Some(256)), places(Some(1_024)), places(Some(100)), places(None)], [128, 896, 64, 8_192]);
    }

    #[test]
    fn the_end_of_a_head_is_found_however_it_comes() {
        let whole = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n";
        for cut in 0..whole.len() {
            assert_eq!(Asks::Nothing.after(&whole[..cut]).after(&whole[cut..]), Asks::All, "{cut}");
            assert_ne!(Asks::Nothing.after(&whole[..cut]), Asks::All, "{cut}");
        }
        for all in [&b"GET / HTTP/1.1\n\n"[..], b"x\r\n\n", b"x\n\r\n", b"x\r\r\n\r\n", b"a\r\nb\r\n\r\nbody"] {
            assert_eq!(Asks::Nothing.after(all), Asks::All, "{all:?}");
        }
        for part in [&b""[..], b"x", b"x\r\n", b"x\r\n\r", b"\r\rx\r\r", b"x\na\nb", b"\r\n\r\n\n\n"] {
            assert_ne!(Asks::Nothing.after(part), Asks::All, "{part:?}");
        }
    }

    #[tokio::test]
    async fn a_byte_now_and_then_does_not_keep_a_connection() {
        let mut listener = Patient::new(TcpListener::bind("127.0.0.1:0").await.expect("a port"), 0);
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
