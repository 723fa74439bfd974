//! A way to a server that listens somewhere: a router that passes every request on over the network, so that a `Browser`
//! talks to a running program as it does to one in the test itself.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderName, HeaderValue, Request, Response, StatusCode};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Under the name of the tests' installation, as a proxy in front passes it on. Where nobody listens, every answer is 502.
pub fn to(address: &str) -> Router {
    let address = address.to_string();
    Router::new().fallback(move |request: Request<Body>| {
        let address = address.clone();
        async move { pass_on(&address, request).await.unwrap_or_else(|_| status(StatusCode::BAD_GATEWAY)) }
    })
}

fn status(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

/// One request, one connection: HTTP/1.0, whose answers come in one piece.
async fn pass_on(address: &str, request: Request<Body>) -> std::io::Result<Response<Body>> {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.map_err(std::io::Error::other)?;
    let mut head =
        format!("{} {} HTTP/1.0\r\nhost: users.acme.by\r\ncontent-length: {}\r\n", parts.method, parts.uri, body.len());
    for (name, value) in &parts.headers {
        head.push_str(&format!("{name}: {}\r\n", value.to_str().map_err(std::io::Error::other)?));
    }
    head.push_str("\r\n");
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(&body).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    read(&answer).ok_or_else(|| std::io::Error::other("the answer broke off"))
}

fn read(answer: &[u8]) -> Option<Response<Body>> {
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&answer[..end]).ok()?;
    let mut lines = head.lines();
    let code: u16 = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let mut response = Response::new(Body::from(answer[end + 4..].to_vec()));
    *response.status_mut() = StatusCode::from_u16(code).ok()?;
    for line in lines {
        let (name, value) = line.split_once(':')?;
        let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
        response.headers_mut().append(name, HeaderValue::from_str(value.trim()).ok()?);
    }
    Some(response)
}
