//! `usher token`: what the operator makes, lists and revokes, as the program prints it.

use super::{Desk, PASSWORD};
use crate::support::databases::{Scratch, there};
use std::io::{Read, Write};
use std::net::TcpStream;

/// The status of the list of people, asked with a token.
fn status(address: &str, token: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("connected");
    let head = format!(
        "GET /api/v1/users HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {token}\r\nconnection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer.split(' ').nth(1).expect("a status").into()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_makes_lists_and_revokes_tokens_on_either_database() {
    for kind in there() {
        let scratch = Scratch::of(kind).await;
        scratch.db.close().await;
        let desk = Desk::new().with("USHER_DATABASE_URL", &scratch.url);
        let run = move || {
            assert_eq!(desk.create_admin(PASSWORD, &["--organisation", "ACME"]).code, Some(0));
            let none = desk.run(&["token", "list"]);
            assert_eq!((none.code, none.output.as_str()), (Some(0), ""), "{none:?}");
            let made = desk.run(&["token", "create", "--for", "Olga@acme.by", "--name", "Nightly export"]);
            assert_eq!(made.code, Some(0), "{made:?}");
            // Nothing but the token, so that it can be piped where it is needed.
            let secret = made.output.trim_end().to_string();
            assert!(secret.starts_with("usher_") && secret.len() == 49, "{made:?}");
            assert!(made.errors.contains("It is not shown again.") && !made.errors.contains(&secret), "{made:?}");
            let server = desk.serve();
            assert_eq!(status(&server.address(), &secret), "200");
            assert_eq!(status(&server.address(), "usher_wrong"), "401");
            let list = desk.run(&["token", "list"]);
            assert!(list.output.contains("olga@acme.by  \"Nightly export\"  last used 20"), "{list:?}");
            assert!(!list.output.contains(&secret[6..]), "{list:?}");
            let id = list.output.split(' ').next().expect("an id").to_string();
            let revoked = desk.run(&["token", "revoke", &id]);
            assert_eq!(revoked.code, Some(0), "{revoked:?}");
            assert!(revoked.output.contains("\"Nightly export\" is refused from now on"), "{revoked:?}");
            assert_eq!(status(&server.address(), &secret), "404", "it was the last one");
            let ended = server.stop();
            assert!(!ended.errors.contains(&secret[6..]), "{}", ended.errors);
            for (arguments, why) in [
                (vec!["token", "revoke", &id], "there is no such token"),
                (vec!["token", "create", "--for", "nobody@acme.by", "--name", "x"], "nobody signs in as"),
                (vec!["token", "create", "--for", "olga@acme.by", "--name", " "], "a token's name has 1 to 60"),
                (
                    vec!["token", "create", "--for", "olga@acme.by", "--name", "x", "--days", "400"],
                    "a token works for 1 to 365 days",
                ),
            ] {
                let refused = desk.run(&arguments);
                assert_eq!(refused.code, Some(1), "{refused:?}");
                assert!(refused.errors.contains(why) && refused.output.is_empty(), "{refused:?}");
            }
        };
        tokio::task::spawn_blocking(run).await.expect("run");
        scratch.remove().await;
    }
}
