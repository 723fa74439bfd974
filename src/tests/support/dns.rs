//! A name server of ours on this machine: a few fixed zones, spoken byte by byte over UDP. It writes down every question.
//! It knows nothing of Usher.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::net::UdpSocket;

const A: u16 = 1;
const MX: u16 = 15;
const AAAA: u16 = 28;

/// What stands in a zone; a name that is in none does not exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zone {
    /// A mail server.
    Mail,
    /// No mail server, but an address of the old kind, or of the new one.
    Four,
    Six,
    /// It says that it takes no mail.
    NoMail,
    /// It exists, and has nothing of use.
    Empty,
    /// The server cannot say.
    Failing,
    /// No answer at all.
    Silent,
}

/// The name server. It ends with the test.
#[derive(Clone)]
pub struct NameServer {
    pub address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
}

impl NameServer {
    pub async fn start(zones: &'static [(&'static str, Zone)]) -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").await.expect("a port");
        let server = Self { address: socket.local_addr().expect("an address"), asked: Arc::default() };
        let host = server.clone();
        tokio::spawn(async move {
            let mut buffer = [0; 1_024];
            while let Ok((length, from)) = socket.recv_from(&mut buffer).await {
                let (name, kind, end) = question(&buffer[..length]);
                host.asked.lock().unwrap_or_else(PoisonError::into_inner).push(name.clone());
                let zone = zones.iter().find(|(zone, _)| *zone == name).map(|(_, zone)| *zone);
                if let Some(answer) = answer(&buffer[..end], kind, zone) {
                    let _ = socket.send_to(&answer, from).await;
                }
            }
        });
        server
    }

    /// The names that were asked for, in order; a name as often as it was asked for.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether a name was asked for.
    pub fn was_asked_for(&self, name: &str) -> bool {
        self.asked().iter().any(|asked| asked == name)
    }
}

/// The name, the kind of its records, and where the question ends.
fn question(message: &[u8]) -> (String, u16, usize) {
    let (mut labels, mut at) = (Vec::new(), 12);
    while message[at] != 0 {
        let next = at + 1 + usize::from(message[at]);
        labels.push(String::from_utf8_lossy(&message[at + 1..next]).to_lowercase());
        at = next;
    }
    (labels.join("."), u16::from_be_bytes([message[at + 1], message[at + 2]]), at + 5)
}

/// The answer to a message that was cut behind its question.
fn answer(asked: &[u8], kind: u16, zone: Option<Zone>) -> Option<Vec<u8>> {
    let record: Option<&[u8]> = match (zone, kind) {
        (Some(Zone::Silent), _) => return None,
        (Some(Zone::Mail), MX) => Some(b"\x00\x0a\x02mx\x07example\x00"),
        (Some(Zone::NoMail), MX) => Some(b"\x00\x00\x00"),
        (Some(Zone::Mail | Zone::NoMail | Zone::Four), A) => Some(&[192, 0, 2, 1]),
        (Some(Zone::Six), AAAA) => Some(&[0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]),
        _ => None,
    };
    let code = match zone {
        None => 3,
        Some(Zone::Failing) => 2,
        Some(_) => 0,
    };
    let mut answer = asked.to_vec();
    // A response, recursion wished and there; one question, perhaps one answer, nothing else.
    answer[2..12].copy_from_slice(&[0x81, 0x80 | code, 0, 1, 0, u8::from(record.is_some()), 0, 0, 0, 0]);
    if let Some(record) = record {
        // The name of the question, of the kind that was asked for, for a minute.
        answer.extend([0xc0, 12]);
        answer.extend(kind.to_be_bytes());
        answer.extend([0, 1, 0, 0, 0, 60]);
        answer.extend(u16::try_from(record.len()).expect("a short record").to_be_bytes());
        answer.extend(record);
    }
    Some(answer)
}
