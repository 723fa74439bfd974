//! A message as it came over the wire, and how to read it: headers, and the parts with their encodings undone.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// A message that arrived whole.
#[derive(Clone, Debug)]
pub struct Received {
    pub connection: usize,
    /// The envelope.
    pub from: String,
    pub to: Vec<String>,
    /// Headers and body, dots undone.
    pub raw: String,
    /// The relay said 250.
    pub taken: bool,
}

impl Received {
    /// All headers of this name, unfolded, with encoded words undone.
    pub fn headers(&self, name: &str) -> Vec<String> {
        header_lines(&self.raw)
            .into_iter()
            .filter_map(|line| {
                let (this, value) = line.split_once(':')?;
                this.eq_ignore_ascii_case(name).then(|| decode_words(value.trim()))
            })
            .collect()
    }

    /// The only header of this name.
    pub fn header(&self, name: &str) -> String {
        let mut all = self.headers(name);
        assert!(all.len() < 2, "{name} stands {} times", all.len());
        all.pop().unwrap_or_default()
    }

    pub fn message_id(&self) -> String {
        self.header("Message-ID")
    }

    pub fn text(&self) -> String {
        self.part("text/plain")
    }

    pub fn html(&self) -> String {
        self.part("text/html")
    }

    /// The body of the part of this type.
    pub fn part(&self, kind: &str) -> String {
        let whole = header_lines(&self.raw).into_iter().find(|line| line.to_lowercase().starts_with("content-type:"));
        let whole = whole.unwrap_or_default();
        let boundary = whole.split_once("boundary=\"").and_then(|(_, rest)| rest.split('"').next()).unwrap_or_default();
        let fence = format!("--{boundary}");
        for part in self.raw.split(&fence).skip(1) {
            let part = part.trim_start_matches("\r\n");
            let headers = header_lines(part).join("\n").to_lowercase();
            if !headers.contains(&format!("content-type: {kind}")) {
                continue;
            }
            let body = part.split_once("\r\n\r\n").map_or("", |(_, body)| body);
            let body = body.strip_suffix("\r\n").unwrap_or(body);
            let bytes = if headers.contains("base64") {
                STANDARD.decode(body.replace(['\r', '\n'], "")).expect("base64")
            } else if headers.contains("quoted-printable") {
                unquote(body, false)
            } else {
                body.as_bytes().to_vec()
            };
            return String::from_utf8(bytes).expect("UTF-8").replace("\r\n", "\n");
        }
        String::new()
    }
}

/// The header lines of a message or a part, unfolded.
fn header_lines(raw: &str) -> Vec<String> {
    let head = raw.split("\r\n\r\n").next().unwrap_or_default();
    let mut lines: Vec<String> = Vec::new();
    for line in head.split("\r\n") {
        match lines.last_mut() {
            Some(last) if line.starts_with([' ', '\t']) => last.push_str(line),
            _ => lines.push(line.to_string()),
        }
    }
    lines
}

fn unquote(text: &str, is_header: bool) -> Vec<u8> {
    let text = text.replace("=\r\n", "");
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'=' => {
                let hex: Vec<u8> = rest.by_ref().take(2).collect();
                let hex = std::str::from_utf8(&hex).expect("hexadecimal digits");
                out.push(u8::from_str_radix(hex, 16).expect("hexadecimal digits"));
            }
            b'_' if is_header => out.push(b' '),
            other => out.push(other),
        }
    }
    out
}

/// Undoes `=?utf-8?b?…?=`; white space between two encoded words is none.
fn decode_words(value: &str) -> String {
    let mut out = Vec::new();
    let mut rest = value;
    let mut was_word = false;
    while let Some((before, after)) = rest.split_once("=?") {
        if !(was_word && before.trim().is_empty()) {
            out.extend_from_slice(before.as_bytes());
        }
        let mut parts = after.splitn(3, '?');
        let (_, how, tail) = (parts.next(), parts.next().unwrap_or("q"), parts.next().unwrap_or_default());
        let (word, tail) = tail.split_once("?=").unwrap_or((tail, ""));
        if how.eq_ignore_ascii_case("b") {
            out.extend(STANDARD.decode(word).expect("base64"));
        } else {
            out.extend(unquote(word, true));
        }
        (rest, was_word) = (tail, true);
    }
    out.extend_from_slice(rest.as_bytes());
    String::from_utf8(out).expect("UTF-8")
}
