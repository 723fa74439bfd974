//! The program itself on a large database: how soon it answers, and how much memory it holds, idle and under sign-ins.

use super::PASSWORD;
use super::browser::form;
use super::measure::{Figure, line, note};
use std::collections::BTreeMap;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use usher::server::random;
use usher::server::secrets::Key;

/// How often it is started.
const STARTS: usize = 9;

/// How many sign in at one moment, and how often as many give a wrong password.
const AT_ONCE: usize = 64;
const STORMS: usize = 30;

/// Starts the program on a database again and again. `emails` are people who may sign in.
pub async fn measure(url: &str, emails: &[String]) {
    let folder = std::env::temp_dir().join(format!("usher-bench-{}", random::secret()));
    std::fs::create_dir_all(&folder).expect("a temporary folder");
    // The one with which the people were made: without it the program does not begin.
    Key::from_bytes([7; 32]).write(&folder.join("secret.key")).expect("a key file");
    let mut times = Vec::new();
    for start in 0..=STARTS {
        let port =
            std::net::TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a port").port();
        let address = format!("127.0.0.1:{port}");
        let begin = Instant::now();
        let mut child = Command::new(env!("CARGO_BIN_EXE_usher"))
            .arg("serve")
            .env_clear()
            .env("USHER_LISTEN", &address)
            .env("USHER_PUBLIC_URL", format!("http://{address}"))
            .env("USHER_DATABASE_URL", url)
            .env("USHER_DATA_DIR", &folder)
            // Everybody comes from an address of their own, so that no limit stands in the way.
            .env("USHER_TRUSTED_PROXIES", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program");
        while get(&address, "/health/ready").await.is_err() {
            assert!(begin.elapsed() < Duration::from_secs(20), "the program does not answer");
            tokio::time::sleep(Duration::from_micros(500)).await;
        }
        // The first start brings what was generated up to date.
        if start > 0 {
            times.push(begin.elapsed());
        }
        if start == STARTS {
            note("memory after the first answer", &memory(child.id()));
            for _ in 0..200 {
                get(&address, "/sign-in").await.expect("a page");
            }
            note("memory after 200 sign-in pages", &memory(child.id()));
            let before = resident(child.id());
            let grown = || format!("{}, + {} MiB", memory(child.id()), resident(child.id()).saturating_sub(before));
            let answers = storm(&address, emails, 0, PASSWORD).await;
            note(&format!("memory after {AT_ONCE} sign-ins at one moment (P6: 80 MiB)"), &grown());
            note("  their answers", &format!("{answers:?}"));
            for round in 1..=STORMS {
                storm(&address, emails, round, "quiet stone bridge").await;
            }
            note(&format!("memory after {STORMS} storms of {AT_ONCE} wrong passwords (P6: 80 MiB)"), &grown());
        }
        child.kill().expect("a kill");
        child.wait().expect("an end");
    }
    line("from the start of the program to its first answer (P7: 30 ms)", Figure::of(times));
    let _ = std::fs::remove_dir_all(folder);
}

/// Of its own, and with the files that it maps.
fn memory(process: u32) -> String {
    format!("{} + {} MiB", mebibytes(process, "RssAnon:"), mebibytes(process, "RssFile:"))
}

/// All that is in the machine's memory, in MiB.
fn resident(process: u32) -> u64 {
    mebibytes(process, "VmRSS:")
}

fn mebibytes(process: u32, name: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
    line.split_whitespace().next().and_then(|kilobytes| kilobytes.parse::<u64>().ok()).unwrap_or_default() / 1024
}

/// Many sign-ins at one moment, each of somebody else and from another address; how many got which answer.
async fn storm(address: &str, emails: &[String], round: usize, password: &str) -> BTreeMap<u16, usize> {
    let mut all = tokio::task::JoinSet::new();
    for n in 0..AT_ONCE {
        let email = &emails[(round * AT_ONCE + n) % emails.len()];
        let body = form(&[("username", email), ("password", password)]);
        let request = format!(
            "POST /sign-in HTTP/1.0\r\nhost: {address}\r\norigin: http://{address}\r\nsec-fetch-site: same-origin\r\n\
             x-forwarded-for: 10.{round}.0.{n}\r\ncontent-type: application/x-www-form-urlencoded\r\n\
             content-length: {}\r\n\r\n{body}",
            body.len()
        );
        let address = address.to_string();
        all.spawn(async move { ask(&address, &request).await.unwrap_or_default() });
    }
    let mut answers = BTreeMap::new();
    while let Some(status) = all.join_next().await {
        *answers.entry(status.expect("an answer")).or_default() += 1;
    }
    answers
}

async fn get(address: &str, path: &str) -> std::io::Result<()> {
    let status = ask(address, &format!("GET {path} HTTP/1.0\r\nhost: {address}\r\n\r\n")).await?;
    if status == 200 { Ok(()) } else { Err(std::io::Error::other("not ready")) }
}

/// The status of the answer to a request.
async fn ask(address: &str, request: &str) -> std::io::Result<u16> {
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    let status = answer.get(9..12).and_then(|status| std::str::from_utf8(status).ok());
    Ok(status.and_then(|status| status.parse().ok()).unwrap_or_default())
}
