//! The program itself on a large database: how soon it answers, and how much memory it holds.

use super::measure::{Figure, line, note};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use usher::server::random;

/// How often it is started.
const STARTS: usize = 9;

/// P6 and P7: starts the program on a database again and again.
pub async fn measure(url: &str) {
    let folder = std::env::temp_dir().join(format!("usher-bench-{}", random::secret()));
    std::fs::create_dir_all(&folder).expect("a temporary folder");
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
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program");
        while get(&address, "/health/ready").await.is_err() {
            assert!(begin.elapsed() < Duration::from_secs(20), "the program does not answer");
            tokio::time::sleep(Duration::from_micros(500)).await;
        }
        // The first start makes the key.
        if start > 0 {
            times.push(begin.elapsed());
        }
        if start == STARTS {
            note("memory after the first answer", &memory(child.id()));
            for _ in 0..200 {
                get(&address, "/sign-in").await.expect("a page");
            }
            note("memory after 200 sign-in pages", &memory(child.id()));
        }
        child.kill().expect("a kill");
        child.wait().expect("an end");
    }
    line("from the start of the program to its first answer (P7: 30 ms)", Figure::of(times));
    let _ = std::fs::remove_dir_all(folder);
}

/// Of its own, and with the files that it maps.
fn memory(process: u32) -> String {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let of = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
        line.split_whitespace().next().and_then(|kilobytes| kilobytes.parse::<u64>().ok()).unwrap_or_default() / 1024
    };
    format!("{} + {} MiB", of("RssAnon:"), of("RssFile:"))
}

async fn get(address: &str, path: &str) -> std::io::Result<()> {
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(format!("GET {path} HTTP/1.0\r\nhost: {address}\r\n\r\n").as_bytes()).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    let is_ok = answer.get(..12).is_some_and(|head| head.ends_with(b"200"));
    if is_ok { Ok(()) } else { Err(std::io::Error::other("not ready")) }
}
