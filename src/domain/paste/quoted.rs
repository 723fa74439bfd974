//! What cards of address books write in quoted-printable, `FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=D0=9E…`, as plain text.
//! It must not touch lines that do not say so, nor judge what they say.

const ENCODING: &str = "QUOTED-PRINTABLE";

/// Whether a line of the text may be written so.
pub fn is_quoted(text: &str) -> bool {
    text.contains(ENCODING)
}

/// The text with such lines written out, without what said how they were written.
pub fn without_quoting(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut lines = text.split_inclusive('\n');
    while let Some(line) = lines.next() {
        let Some((label, value)) = labelled(line) else {
            out.push_str(line);
            continue;
        };
        // `=` at the end: it goes on in the next line.
        let mut whole = value.trim_end().to_owned();
        while let Some(before) = whole.strip_suffix('=') {
            let more = lines.next().unwrap_or_default();
            whole = format!("{before}{}", more.trim());
        }
        match decoded(&whole) {
            Some(plain) => out.push_str(&format!("{label}:{plain}\n")),
            None => out.push_str(&format!("{}:{whole}\n", line.split(':').next().unwrap_or_default())),
        }
    }
    out
}

/// The label of such a line, without how it is written, and its value.
fn labelled(line: &str) -> Option<(String, &str)> {
    let (label, value) = line.split_once(':').filter(|(label, _)| label.len() <= 120 && is_quoted(label))?;
    let says_how = |part: &&str| part.contains(ENCODING) || part.starts_with("CHARSET=");
    Some((label.split(';').filter(|part| !says_how(part)).collect::<Vec<_>>().join(";"), value))
}

/// The text that stands in the bytes; nothing where they are of another alphabet's code than Unicode.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('=') {
        bytes.extend_from_slice(before.as_bytes());
        bytes.push(u8::from_str_radix(behind.get(..2)?, 16).ok()?);
        rest = behind.get(2..)?;
    }
    bytes.extend_from_slice(rest.as_bytes());
    let plain = String::from_utf8(bytes).ok()?;
    Some(plain.split(char::is_control).collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lines_that_say_so_are_written_out() {
        for (text, expected) in [
            ("FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Jos=C3=A9\nTEL:1", "FN:José\nTEL:1"),
            ("FN;ENCODING=QUOTED-PRINTABLE:Jos=C3=\r\n=A9 Ruiz\nX", "FN:José Ruiz\nX"),
            ("TEL;CELL;ENCODING=QUOTED-PRINTABLE:=2B375", "TEL;CELL:+375\n"),
            ("FN:a=C3=A9", "FN:a=C3=A9"),
            // Of another code, and cut off: as it was.
            ("FN;ENCODING=QUOTED-PRINTABLE:=CE=EB=E5=E3", "FN;ENCODING=QUOTED-PRINTABLE:=CE=EB=E5=E3\n"),
            ("FN;ENCODING=QUOTED-PRINTABLE:=C3=", "FN;ENCODING=QUOTED-PRINTABLE:=C3\n"),
        ] {
            assert_eq!(without_quoting(text).trim_end(), expected.trim_end(), "{text}");
        }
    }
}
