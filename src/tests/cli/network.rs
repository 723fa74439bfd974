//! The program between its network and the people: proxies in front of it, and clients that hold on to their connections.

use super::Desk;
use std::io::{Read, Write};
use std::net::TcpStream;

/// Asks a server for a page, by hand; the status.
fn ask(address: &str, path: &str, headers: &[&str]) -> String {
    let mut stream = TcpStream::connect(address).expect("connected");
    let headers: String = headers.iter().map(|header| format!("{header}\r\n")).collect();
    let question = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n{headers}\r\n");
    stream.write_all(question.as_bytes()).expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer
}

/// H-12: what a proxy adds and what is set do not fit: the log says so once, and the doctor too.
#[test]
fn a_wrong_number_of_proxies_is_said_in_the_log_and_by_the_doctor_h_12() {
    let mine = "x-forwarded-for: 198.51.100.7";
    for (trusted, headers, words) in [
        ("0", [mine], Some("no proxy is trusted")),
        ("1", ["x-other: x"], Some("comes short or not at all")),
        ("2", [mine], Some("comes short or not at all")),
        ("1", ["x-forwarded-for: unknown"], Some("is no address")),
        ("1", ["x-forwarded-for: 198.51.100.7, 10.0.0.2"], Some("one more proxy")),
        ("1", ["x-forwarded-for: 198.51.100.7:4711"], None),
        ("1", ["x-forwarded-for: \"[2001:db8::1]:4711\""], None),
        ("2", ["x-forwarded-for: 198.51.100.7, 10.0.0.2"], None),
        ("0", ["x-other: x"], None),
    ] {
        let desk = Desk::new().with("USHER_TRUSTED_PROXIES", trusted).with("USHER_LOG_FORMAT", "text");
        let server = desk.serve();
        let doctor = || desk.run(&["doctor", "--listen", &server.address()]);
        assert!(doctor().output.contains("skipped  proxies: no request has come"), "{}", doctor().output);
        for _ in 0..3 {
            ask(&server.address(), "/sign-in", &headers);
        }
        // A balancer's watch says nothing of visitors, and nobody else is told what was seen.
        ask(&server.address(), "/health/live", &[]);
        assert!(ask(&server.address(), "/health/proxies", &[mine]).starts_with("HTTP/1.1 404"));
        let said = doctor().output;
        let log = server.stop().errors;
        let lines = log.lines().filter(|line| line.contains("X-Forwarded-For")).count();
        match words {
            Some(words) => {
                assert!(said.contains("PROBLEM  proxies: X-Forwarded-For") && said.contains(words), "{words}: {said}");
                assert!(said.contains(&format!("USHER_TRUSTED_PROXIES={trusted} does not fit")), "{said}");
                assert!(
                    lines == 1 && log.contains(words) && log.contains("USHER_TRUSTED_PROXIES"),
                    "{lines} lines: {log}"
                );
            }
            None => {
                assert!(said.contains("ok       proxies: X-Forwarded-For fits"), "{headers:?}: {said}");
                assert_eq!(lines, 0, "{log}");
            }
        }
    }
}
