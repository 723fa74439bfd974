//! One request and its answer over HTTP: connected to what was looked at, encrypted as the address says, and bounded in time and
//! size. What the answer means is not known here.

use super::super::left::MayHaveLeft;
use super::network::permitted;
use crate::domain::message::outcome::{DeliveryOutcome, DeliveryReason};
use crate::server::config::{SmsGateway, SmsRequest};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1;
use hyper::header::{AUTHORIZATION, CONNECTION, HOST, HeaderValue, RETRY_AFTER, USER_AGENT};
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpStream, lookup_host};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, crypto};

/// How much of an answer is read; nobody says more than a few lines.
const MOST_BYTES: usize = 64 * 1024;

/// How much its head may hold.
const MOST_BYTES_OF_HEAD: usize = 32 * 1024;

/// A connection, encrypted or not.
pub trait Wire: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Wire for T {}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    /// After how many seconds the gateway wants to be asked again.
    pub retry_after: Option<i64>,
    /// At most [`MOST_BYTES`].
    pub body: Vec<u8>,
    /// Whether that is all of it.
    pub is_whole: bool,
}

/// Why nothing came back.
#[derive(Debug)]
pub struct GatewayError {
    pub reason: DeliveryReason,
    /// What was wrong more closely; of the request nothing.
    pub words: String,
    /// Whether the gateway may have the request.
    pub has_left: bool,
}

impl GatewayError {
    fn new(reason: DeliveryReason, words: impl Into<String>) -> Self {
        Self { reason, words: words.into(), has_left: false }
    }

    /// It is tried again: nobody has refused the message. What may have left is not tried often.
    pub fn outcome(&self) -> DeliveryOutcome {
        if self.has_left {
            DeliveryOutcome::unanswered(&self.words)
        } else {
            DeliveryOutcome::put_off(self.reason, &self.words)
        }
    }
}

/// A wire that notes when something was written to it.
struct NotedWire {
    wire: Box<dyn Wire>,
    left: MayHaveLeft,
}

impl AsyncRead for NotedWire {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.wire).poll_read(cx, buffer)
    }
}

impl AsyncWrite for NotedWire {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.wire).poll_write(cx, bytes);
        if matches!(written, Poll::Ready(Ok(1..))) {
            self.left.set();
        }
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.wire).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.wire).poll_shutdown(cx)
    }
}

/// Asks the gateway; all of it takes `patience` at most. `left` is set as soon as the first of it is written: it is so short that the
/// rest goes with it.
pub async fn ask(
    gateway: &SmsGateway,
    request: SmsRequest,
    patience: Duration,
    left: &MayHaveLeft,
) -> Result<Answer, GatewayError> {
    let too_slow = || GatewayError::new(DeliveryReason::TooSlow, format!("within {} s", patience.as_secs_f32()));
    let request = as_http(gateway, request)?;
    timeout(patience, async {
        let wire = NotedWire { wire: connect(gateway, patience).await?, left: left.clone() };
        // The connection ends with this, whatever becomes of the answer.
        let mut driver = JoinSet::new();
        let broken = |error: hyper::Error| GatewayError::new(DeliveryReason::Dropped, kind_of(&error));
        let (mut sender, connection) = http1::Builder::new()
            .max_buf_size(MOST_BYTES_OF_HEAD)
            .handshake::<_, Full<Bytes>>(TokioIo::new(wire))
            .await
            .map_err(broken)?;
        driver.spawn(connection);
        let response = sender.send_request(request).await.map_err(broken)?;
        Ok(read(response, patience / 2).await)
    })
    .await
    .unwrap_or_else(|_| Err(too_slow()))
    .map_err(|error| GatewayError { has_left: left.is_set(), ..error })
}

/// What a broken exchange broke on; the library's words for it may quote what came.
fn kind_of(error: &hyper::Error) -> &'static str {
    match () {
        () if error.is_parse() => "the answer is not HTTP",
        () if error.is_incomplete_message() => "the connection ended before the answer",
        () => "the connection broke off",
    }
}

/// Name and password as HTTP writes them (RFC 7617).
pub fn basic((name, password): &(String, String)) -> String {
    STANDARD.encode(format!("{name}:{password}"))
}

fn as_http(gateway: &SmsGateway, request: SmsRequest) -> Result<Request<Full<Bytes>>, GatewayError> {
    let broken = |what: &'static str| GatewayError::new(DeliveryReason::Broken, what);
    let url = &gateway.url;
    let usual_port = if url.is_encrypted { 443 } else { 80 };
    let host = if url.host.contains(':') { format!("[{}]", url.host) } else { url.host.clone() };
    let host = if url.port == usual_port { host } else { format!("{host}:{}", url.port) };
    let mut builder = Request::builder()
        .method(request.method)
        .uri(request.target)
        .header(HOST, host)
        .header(CONNECTION, "close")
        .header(USER_AGENT, "Usher");
    for (name, value) in &request.headers {
        let mut value = HeaderValue::from_str(value).map_err(|_| broken("a header"))?;
        value.set_sensitive(true);
        builder = builder.header(name.as_str(), value);
    }
    if let Some(credentials) = &request.credentials {
        let mut value =
            HeaderValue::from_str(&format!("Basic {}", basic(credentials))).map_err(|_| broken("a header"))?;
        value.set_sensitive(true);
        builder = builder.header(AUTHORIZATION, value);
    }
    builder.body(Full::new(Bytes::from(request.body))).map_err(|_| broken("the request"))
}

/// A connection to an address that the gateway may have, encrypted where its own begins with https.
pub async fn connect(gateway: &SmsGateway, patience: Duration) -> Result<Box<dyn Wire>, GatewayError> {
    let url = &gateway.url;
    let unknown = |words: String| GatewayError::new(DeliveryReason::HostUnknown, words);
    let found: Vec<SocketAddr> = match timeout(patience, lookup_host((url.host.as_str(), url.port))).await {
        Ok(Ok(found)) => found.collect(),
        Ok(Err(error)) => return Err(unknown(format!("{}: {error}", url.host))),
        Err(_) => return Err(unknown(url.host.clone())),
    };
    let may = permitted(&found, gateway.allows_private, url.is_encrypted);
    if may.is_empty() {
        let reason = if found.is_empty() { DeliveryReason::HostUnknown } else { DeliveryReason::PrivateAddress };
        return Err(GatewayError::new(reason, url.host.clone()));
    }
    let tcp = match timeout(patience, TcpStream::connect(may.as_slice())).await {
        Ok(Ok(tcp)) => tcp,
        Ok(Err(error)) => {
            return Err(GatewayError::new(DeliveryReason::Unreachable, format!("{}: {error}", gateway.name())));
        }
        Err(_) => return Err(GatewayError::new(DeliveryReason::Unreachable, gateway.name())),
    };
    // It is only slower without.
    let _ = tcp.set_nodelay(true);
    if !url.is_encrypted {
        return Ok(Box::new(tcp));
    }
    let unsafe_ = |words: String| GatewayError::new(DeliveryReason::NotEncrypted, words);
    let config = ClientConfig::builder_with_provider(Arc::new(crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| unsafe_(error.to_string()))?
        .with_root_certificates(gateway.authorities.store())
        .with_no_client_auth();
    let name = ServerName::try_from(url.host.clone()).map_err(|error| unsafe_(error.to_string()))?;
    match timeout(patience, TlsConnector::from(Arc::new(config)).connect(name, tcp)).await {
        Ok(Ok(tls)) => Ok(Box::new(tls)),
        Ok(Err(error)) => Err(unsafe_(error.to_string())),
        Err(_) => Err(unsafe_("no answer".into())),
    }
}

/// Reads the answer; what does not come within `patience`, or is too much, is left.
async fn read(response: Response<Incoming>, patience: Duration) -> Answer {
    let status = response.status().as_u16();
    let retry_after = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.trim().parse().ok());
    let (mut body, mut incoming) = (Vec::new(), response.into_body());
    let whole = timeout(patience, async {
        while let Some(frame) = incoming.frame().await {
            let Ok(frame) = frame else { return false };
            let Some(data) = frame.data_ref() else { continue };
            body.extend_from_slice(data.get(..(MOST_BYTES - body.len()).min(data.len())).unwrap_or_default());
            if body.len() >= MOST_BYTES {
                return false;
            }
        }
        true
    });
    let is_whole = whole.await.unwrap_or(false);
    Answer { status, retry_after: retry_after.filter(|seconds| *seconds >= 0), body, is_whole }
}
