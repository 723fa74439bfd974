//! Limits against slow clients, which `axum::serve` has not: how long a connection may take for the head of a request and
//! for the rest of it, how long it may stay idle, and how many there may be, in all and of one address (H-08, DS-03). Of what
//! is said on a connection only the end of a head and the length of what follows are looked for.

use super::seats::{Origin, Seat, Seats, Share, State};
use crate::server::http::visitor::{customer_of, line_of};
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
use tokio::time::{Sleep, sleep, timeout};
use tokio_util::sync::WaitForCancellationFutureOwned;

/// From the first byte of a request to the end of its head; what browsers and proxies send comes in one piece.
const FOR_A_HEAD: Duration = Duration::from_secs(10);

/// For the next [`LEAST`] bytes of a body, or all that are left; and for the whole of it, however steadily it comes.
const FOR_A_PART: Duration = Duration::from_secs(10);
const LEAST: u64 = 64;
const FOR_A_BODY: Duration = Duration::from_secs(300);

/// From the end of the request to the first byte of the answer; longer than any handler takes.
const FOR_A_REQUEST: Duration = Duration::from_secs(40);

/// Between the last byte of an answer and the first of the next request; longer than browsers and proxies wait, which
/// would otherwise send into a closing connection.
const IDLE: Duration = Duration::from_secs(75);

/// A client that sends nothing at all after connecting.
const SILENT: Duration = Duration::from_secs(10);

/// Files that the process needs for itself: the database, its connections, the relay.
const OWN_FILES: usize = 128;

const MOST_CONNECTIONS: usize = 8_192;

/// How soon it is looked again who could give a place up, when all were at work.
const LOOK_AGAIN: Duration = Duration::from_millis(200);

/// A listener whose connections end when their client is too slow.
pub struct TimedListener {
    listener: TcpListener,
    places: Arc<Semaphore>,
    seats: Seats,
}

impl TimedListener {
    /// As many connections as the process may have files open, without those that it needs for itself; of one address no
    /// more than its share, unless proxies stand in front, through whose addresses everybody comes.
    pub fn new(listener: TcpListener, trusted_proxies: usize) -> Self {
        let most = places(open_files());
        let share = (trusted_proxies == 0).then(|| Share::of(most));
        Self { listener, places: Arc::new(Semaphore::new(most)), seats: Seats::new(share) }
    }
}

impl TimedListener {
    /// A place, for which somebody else may have to go. The semaphore is never closed; if it were, there would only be no
    /// limit.
    async fn place(&self) -> Option<OwnedSemaphorePermit> {
        loop {
            if self.places.available_permits() == 0 {
                self.seats.make_room(Instant::now());
            }
            if let Ok(place) = timeout(LOOK_AGAIN, Arc::clone(&self.places).acquire_owned()).await {
                return place.ok();
            }
        }
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

impl Listener for TimedListener {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        let place = self.place().await;
        loop {
            let (stream, address) = Listener::accept(&mut self.listener).await;
            let origin = Origin { customer: customer_of(address.ip()), line: line_of(address.ip()) };
            // Whoever gets no seat is let go by closing.
            if let Some(seat) = self.seats.take(origin, Instant::now()) {
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
#[derive(Clone, Debug, PartialEq, Eq)]
enum Asks {
    Nothing,
    /// A part of its head.
    Head(Head),
    /// Its head, and a part of what follows.
    Body(Body),
    /// All of it.
    All,
}

/// A head that is on its way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Head {
    /// It ends in so many bytes of the empty line that ends a head.
    found: usize,
    /// As much of it as matters.
    text: Vec<u8>,
}

/// A body that is on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Body {
    left: Missing,
    /// How much of it came since the clock was wound up.
    came: u64,
    began: Instant,
}

/// What is missing of a body.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Missing {
    Bytes(u64),
    /// In pieces, up to one without content; the last bytes that came.
    Pieces(Vec<u8>),
}

/// What ends the head of a request. Programs of the last century leave the carriage returns out.
const END: &[u8] = b"\r\n\r\n";

/// What ends a body in pieces.
const LAST_PIECE: &[u8] = b"\r\n0\r\n\r\n";

/// The longest head of which the length of the body is known: longer ones are refused.
const LONGEST_HEAD: usize = 64 * 1024;

impl Asks {
    /// After some more bytes.
    fn after(self, mut bytes: &[u8]) -> Self {
        // Empty lines before a request are no request.
        while let (Self::Nothing, [b'\r' | b'\n', rest @ ..]) = (&self, bytes) {
            bytes = rest;
        }
        if bytes.is_empty() {
            return self;
        }
        let mut head = match self {
            Self::Nothing => Head::default(),
            Self::Head(head) => head,
            Self::Body(body) => return body.after(bytes),
            Self::All => return Self::All,
        };
        let Some(end) = head.read(bytes) else { return Self::Head(head) };
        let began = Instant::now();
        let rest = bytes.get(end..).unwrap_or_default();
        Body { left: left_after(&head.text), came: 0, began }.after(rest)
    }
}

impl Head {
    /// Reads on; where the head ends in what came, if it does.
    fn read(&mut self, bytes: &[u8]) -> Option<usize> {
        let mut end = None;
        for (at, byte) in (1..).zip(bytes) {
            self.found = match (self.found, byte) {
                (2, b'\n') => END.len(),
                (0 | 1, b'\n') => 2,
                (found, byte) if END[found] == *byte => found + 1,
                (_, b'\r') => 1,
                _ => 0,
            };
            if self.found == END.len() {
                end = Some(at);
                break;
            }
        }
        let room = LONGEST_HEAD.saturating_sub(self.text.len());
        self.text.extend(bytes.iter().take(end.unwrap_or(bytes.len()).min(room)));
        end
    }
}

/// What is missing of a body of which nothing has come, as its head says.
fn left_after(head: &[u8]) -> Missing {
    let text = String::from_utf8_lossy(head).to_ascii_lowercase();
    let value = |name: &str| {
        let of_it = |line: &str| Some(line.strip_prefix(name)?.trim_start().strip_prefix(':')?.trim().to_string());
        text.lines().find_map(of_it)
    };
    if value("transfer-encoding").is_some_and(|coding| coding.contains("chunked")) {
        // The first piece may be the last one.
        return Missing::Pieces(b"\r\n".to_vec());
    }
    Missing::Bytes(value("content-length").and_then(|length| length.parse().ok()).unwrap_or_default())
}

impl Body {
    fn after(mut self, bytes: &[u8]) -> Asks {
        let count = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        self.came = self.came.saturating_add(count);
        let has_all = match &mut self.left {
            Missing::Bytes(left) => {
                *left = left.saturating_sub(count);
                *left == 0
            }
            Missing::Pieces(last) => {
                last.extend_from_slice(bytes);
                last.drain(..last.len().saturating_sub(LAST_PIECE.len()));
                last.ends_with(LAST_PIECE)
            }
        };
        if has_all { Asks::All } else { Asks::Body(self) }
    }

    /// How long the next part of it is waited for; `None` as long as too little came for a new clock.
    fn wound_up(&mut self, now: Instant) -> Option<Duration> {
        if self.came < LEAST {
            return None;
        }
        self.came = 0;
        Some(FOR_A_PART.min(FOR_A_BODY.saturating_sub(now.saturating_duration_since(self.began))))
    }
}

/// Whether it is the answer that only says to go on with the body.
fn is_go_on(answer: &[u8]) -> bool {
    answer.strip_prefix(b"HTTP/1.").and_then(|rest| rest.get(1..)).is_some_and(|rest| rest.starts_with(b" 100 "))
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
        let before = std::mem::replace(&mut self.asks, Asks::Nothing);
        let (was_nothing, was_head) = (before == Asks::Nothing, matches!(before, Asks::Nothing | Asks::Head(_)));
        let was_all = before == Asks::All;
        let mut now = before.after(bytes);
        match &mut now {
            Asks::All if !was_all => {
                self.wait(FOR_A_REQUEST);
                self.seat.is(State::Busy);
            }
            // A byte now and then does not wind the clock up again; so many do.
            Asks::Body(body) => {
                if was_head {
                    body.came = 0;
                    self.wait(FOR_A_PART);
                } else if let Some(at_most) = body.wound_up(Instant::now()) {
                    self.wait(at_most);
                }
                self.seat.is(State::Sending);
            }
            // Only the first byte starts the clock of a head.
            Asks::Head(_) if was_nothing => {
                self.wait(FOR_A_HEAD);
                self.seat.is(State::Silent);
            }
            _ => {}
        }
        self.asks = now;
    }

    fn written(
        &mut self,
        context: &mut Context<'_>,
        answer: &[u8],
        outcome: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        match outcome {
            Poll::Pending => self.pend(context),
            // The body that was asked for is still waited for.
            Poll::Ready(Ok(count)) if matches!(self.asks, Asks::Body(_)) && is_go_on(answer) => Poll::Ready(Ok(count)),
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
        self.written(context, bytes, outcome)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.stream).poll_write_vectored(context, parts);
        self.written(context, parts.iter().find(|part| !part.is_empty()).map_or(&[], |part| &**part), outcome)
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
        for all in [&b"GET / HTTP/1.1\n\n"[..], b"x\r\n\n", b"x\n\r\n", b"x\r\r\n\r\n", b"a\r\nb\r\n\r\nmore"] {
            assert_eq!(Asks::Nothing.after(all), Asks::All, "{all:?}");
        }
        for part in [&b""[..], b"x", b"x\r\n", b"x\r\n\r", b"\r\rx\r\r", b"x\na\nb", b"\r\n\r\n\n\n"] {
            assert_ne!(Asks::Nothing.after(part), Asks::All, "{part:?}");
        }
    }

    #[test]
    fn the_end_of_a_body_is_found_however_it_comes() {
        for whole in [
            &b"POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nabcde"[..],
            b"POST / HTTP/1.1\ncontent-length : 5\nx: y\n\nabcde",
            b"POST / HTTP/1.1\r\ncontent-length: 0\r\n\r\n",
            b"POST / HTTP/1.1\r\nTRANSFER-ENCODING: gzip, Chunked\r\n\r\n5\r\nabcde\r\n0\r\n\r\n",
            b"POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        ] {
            for cut in 0..whole.len() {
                let part = Asks::Nothing.after(&whole[..cut]);
                assert_ne!(part, Asks::All, "{cut}");
                assert_eq!(part.after(&whole[cut..]), Asks::All, "{cut}");
            }
            assert_eq!(whole.iter().fold(Asks::Nothing, |asks, byte| asks.after(&[*byte])), Asks::All);
        }
        // What is no number is none; who refuses it says so.
        assert_eq!(Asks::Nothing.after(b"POST / HTTP/1.1\r\ncontent-length: -5\r\n\r\n"), Asks::All);
        let long =
            [&b"POST / HTTP/1.1\r\nx: "[..], &vec![b'x'; 2 * LONGEST_HEAD], b"\r\ncontent-length: 5\r\n\r\n"].concat();
        assert_eq!(Asks::Nothing.after(&long), Asks::All);
    }

    #[test]
    fn a_body_has_time_as_long_as_enough_of_it_comes() {
        let began = Instant::now();
        let mut body = Body { left: Missing::Bytes(1_000), came: LEAST - 1, began };
        assert_eq!(body.wound_up(began), None, "too little");
        body.came = LEAST;
        assert_eq!(body.wound_up(began), Some(FOR_A_PART));
        assert_eq!(body.wound_up(began), None, "counted anew");
        body.came = LEAST;
        assert_eq!(body.wound_up(began + FOR_A_BODY - Duration::from_secs(1)), Some(Duration::from_secs(1)));
        body.came = LEAST;
        assert_eq!(body.wound_up(began + FOR_A_BODY * 2), Some(Duration::ZERO));
    }

    /// H-08: a steady body is read to its end; one that stands still is not waited for, asked for (`100 Continue`) or not.
    #[tokio::test]
    async fn a_body_that_keeps_coming_is_read_and_one_that_stands_still_is_not_waited_for() {
        for go_on in [false, true] {
            let mut listener = TimedListener::new(TcpListener::bind("127.0.0.1:0").await.expect("a port"), 0);
            let address = Listener::local_addr(&listener).expect("an address");
            let mut client = TcpStream::connect(address).await.expect("connected");
            let (mut connection, _) = listener.accept().await;
            let head = b"POST / HTTP/1.1\r\ncontent-length: 1000\r\n\r\n";
            client.write_all(head).await.expect("sent");
            connection.read_exact(&mut vec![0; head.len()]).await.expect("a head");
            if go_on {
                connection.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").await.expect("written");
            }
            // Each part comes as its time is nearly over.
            for _ in 0..5 {
                connection.wait(Duration::from_millis(300));
                client.write_all(&[b'a'; LEAST as usize]).await.expect("sent");
                connection.read_exact(&mut [0; LEAST as usize]).await.expect("a part");
            }
            assert!(matches!(connection.asks, Asks::Body(_)), "{:?}", connection.asks);
            connection.wait(Duration::from_millis(50));
            client.write_all(b"a").await.expect("sent");
            assert_eq!(connection.read_u8().await.expect("a byte"), b'a');
            let error = connection.read_u8().await.expect_err("too slow");
            assert_eq!(error.kind(), io::ErrorKind::TimedOut);
            // The answer to a request whose body was not waited for ends it.
            connection.write_all(b"HTTP/1.1 408 Request Timeout\r\n\r\n").await.expect("written");
            assert_eq!(connection.asks, Asks::Nothing);
        }
    }

    #[tokio::test]
    async fn a_byte_now_and_then_does_not_keep_a_connection() {
        let mut listener = TimedListener::new(TcpListener::bind("127.0.0.1:0").await.expect("a port"), 0);
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
