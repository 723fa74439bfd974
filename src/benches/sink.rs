//! A relay on this machine that takes everything and keeps nothing.

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// Listens; its address as the settings write it.
pub async fn start() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(talk(stream));
        }
    });
    format!("smtp://127.0.0.1:{port}")
}

async fn talk(stream: TcpStream) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    write.write_all(b"220 sink ESMTP\r\n").await?;
    let mut is_body = false;
    while let Some(line) = lines.next_line().await? {
        let reply: &[u8] = match (is_body, line.get(..4).unwrap_or(&line)) {
            (true, ".") => b"250 2.0.0 Ok: queued as SINK\r\n",
            (true, _) => continue,
            (false, "EHLO") => b"250-sink\r\n250-8BITMIME\r\n250 ENHANCEDSTATUSCODES\r\n",
            (false, "DATA") => b"354 Go on\r\n",
            (false, "QUIT") => return write.write_all(b"221 2.0.0 Bye\r\n").await,
            (false, _) => b"250 2.1.0 Ok\r\n",
        };
        is_body = reply.starts_with(b"354");
        write.write_all(reply).await?;
    }
    Ok(())
}
