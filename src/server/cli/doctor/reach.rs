//! The checks that knock at doors: whether the public name leads anywhere, and whether the server answers.

use super::{Finding, is_near};
use crate::server::clock::Clock;
use crate::server::config::Config;
use crate::server::http::visitor::Misfit;
use crate::server::mail_domains::MailDomains;
use std::io::ErrorKind;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;

const PROBE_TIMEOUT: Duration = Duration::from_secs(5);

/// The public host can be looked up and takes connections.
pub async fn name(config: &Config) -> Finding {
    let url = &config.public_url;
    let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else {
        return Finding::problem("the public address has no host", "Correct USHER_PUBLIC_URL.");
    };
    if is_near(url) {
        return Finding::skipped(format!("{host} is this machine; there is nothing to look up"));
    }
    let host = host.trim_matches(['[', ']']);
    let found = match timeout(PROBE_TIMEOUT, lookup_host((host, port))).await {
        Ok(Ok(mut found)) => found.next(),
        _ => None,
    };
    let Some(address) = found else {
        return Finding::problem(
            format!("{host} cannot be looked up"),
            "Make an A or AAAA record for it, or correct USHER_PUBLIC_URL.",
        );
    };
    match timeout(PROBE_TIMEOUT, TcpStream::connect(address)).await {
        Ok(Ok(_)) => Finding::well(format!("{host} is {} and takes connections at port {port}", address.ip())),
        _ => Finding::problem(
            format!("{host} is {}, but nothing takes connections at port {port}", address.ip()),
            "Start the proxy in front and open the port. From inside some networks this check fails though all is well.",
        ),
    }
}

/// Somebody answers for domains, when the installation asks for them.
pub async fn name_server(config: &Config, is_asked: bool) -> Finding {
    if !is_asked {
        return Finding::skipped(
            "the domains of invited addresses are not looked up (the Settings page can change that)",
        );
    }
    let domain = config.mail_from.address.domain();
    if MailDomains::new(config.dns, Clock::default()).answers(domain).await {
        return Finding::well(format!("it answers for {domain}"));
    }
    Finding::problem(
        format!("nobody said in time whether {domain} receives e-mail"),
        "Name one that answers in USHER_DNS, or have the Settings page no longer check domains.",
    )
}

/// The server answers where it listens, when it runs.
pub async fn server(config: &Config) -> Finding {
    let address = inside(config.listen);
    match timeout(PROBE_TIMEOUT, ask(address, "/health/live")).await {
        Ok(Ok(answer)) if answer.starts_with("HTTP/1.1 200") => {
            Finding::well(format!("it runs and answers at {address}"))
        }
        Ok(Ok(_)) => Finding::problem(
            format!("something else answers at {address}"),
            "Stop the other program, or let Usher listen elsewhere (USHER_LISTEN).",
        ),
        Ok(Err(error)) if error.kind() == ErrorKind::ConnectionRefused => {
            Finding::skipped(format!("it does not run at {address}, so it was not asked; start it with: usher serve"))
        }
        Ok(Err(error)) => Finding::problem(
            format!("{address} could not be asked: {error}"),
            "See that USHER_LISTEN is an address of this machine.",
        ),
        Err(_) => Finding::problem(
            format!("nothing answered at {address} within {} s", PROBE_TIMEOUT.as_secs()),
            "Look into the server's log and start it again.",
        ),
    }
}

/// What comes in `X-Forwarded-For` fits the number of proxies that is set, as far as the running server has seen.
pub async fn proxies(config: &Config) -> Finding {
    let answer = match timeout(PROBE_TIMEOUT, ask(inside(config.listen), "/health/proxies")).await {
        Ok(Ok(answer)) if answer.starts_with("HTTP/1.1 200") => answer,
        _ => return Finding::skipped("the server was not there to say what comes in X-Forwarded-For"),
    };
    let words: Vec<&str> = answer.trim_end().lines().last().unwrap_or_default().split(' ').collect();
    match words.as_slice() {
        [code, times, requests] => match (times.parse(), requests.parse()) {
            (Ok(times), Ok(requests)) => judge(code, times, requests, config.trusted_proxies),
            _ => Finding::skipped("the server did not say what comes in X-Forwarded-For"),
        },
        _ => Finding::skipped("the server did not say what comes in X-Forwarded-For"),
    }
}

/// A proxy adds the header to every request; a visitor who makes it up does so in few.
fn judge(code: &str, times: u64, requests: u64, trusted: usize) -> Finding {
    if requests == 0 {
        return Finding::skipped("no request has come since the server began, so nothing was seen of X-Forwarded-For");
    }
    match Misfit::from_code(code) {
        None => Finding::well(format!(
            "X-Forwarded-For fits USHER_TRUSTED_PROXIES={trusted} in all of {requests} requests since the server began"
        )),
        Some(misfit) if times.saturating_mul(2) >= requests => Finding::problem(
            format!("{} ({times} of {requests} requests since the server began)", misfit.what(trusted)),
            misfit.mend(),
        ),
        Some(_) => Finding::well(format!(
            "X-Forwarded-For fits USHER_TRUSTED_PROXIES={trusted} in most of {requests} requests since the server began; in \
             {times} it was missing or made up"
        )),
    }
}

/// Where a program on this machine finds what listens there.
fn inside(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, listen.port())
}

/// The answer to a question about the server's health, asked by hand: a client for two questions would be a large guest.
async fn ask(address: SocketAddr, path: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(address).await?;
    let question = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    stream.write_all(question.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.take(4_096).read_to_end(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

#[cfg(test)]
mod tests {
    use super::super::super::{Flags, settings};
    use super::*;
    use tokio::net::TcpListener;

    async fn find(listen: SocketAddr) -> Finding {
        let environment = [("USHER_LISTEN".into(), listen.to_string().into())];
        server(&settings::read(&Flags::default(), environment, false).expect("settings").config).await
    }

    #[test]
    fn what_most_requests_carry_is_a_problem_and_what_few_do_is_not() {
        let is_problem = |code, times, requests| matches!(judge(code, times, requests, 1), Finding::Problem { .. });
        assert!(is_problem("too-few", 5, 10) && is_problem("unreadable", 1, 1) && is_problem("another-proxy", 9, 10));
        assert!(!is_problem("untrusted", 4, 10) && !is_problem("fits", 0, 10) && !is_problem("untrusted", 0, 0));
    }

    #[tokio::test]
    async fn a_server_that_does_not_run_is_no_problem_and_a_stranger_in_its_place_is_one() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let stranger = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.expect("a guest");
            stream.write_all(b"220 mail\r\n").await.expect("said");
        });
        assert!(matches!(find(address).await, Finding::Problem { .. }));
        stranger.await.expect("ended");
        assert!(matches!(find(address).await, Finding::Skipped(_)));
    }
}
