//! The program as the operator meets it: run with arguments, environment and files, judged by what it prints, by its exit
//! code and by what it leaves on the disk. Nothing here looks inside.

mod backup;
mod lost;
mod memory;
mod network;
mod people;
mod relay_authorities;
mod settings;
mod token;

use crate::support::databases::{Scratch, there};
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

const PASSWORD: &str = "copper lamp river";

/// A folder of its own in which the program is run, with an environment that holds nothing else.
struct Desk {
    folder: PathBuf,
    environment: Vec<(&'static str, String)>,
}

impl Desk {
    fn new() -> Self {
        let folder = std::env::temp_dir().join(format!("usher-cli-{}", usher::server::random::secret()));
        fs::create_dir(&folder).expect("a folder");
        Self { folder, environment: vec![("USHER_LISTEN", "127.0.0.1:0".into())] }
    }

    fn with(mut self, name: &'static str, value: &str) -> Self {
        self.environment.retain(|(other, _)| *other != name);
        self.environment.push((name, value.into()));
        self
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_usher"));
        command.args(arguments).current_dir(&self.folder).env_clear().envs(self.environment.iter().cloned());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn run(&self, arguments: &[&str]) -> Ended {
        self.run_with("", arguments)
    }

    /// Runs the program with something on its standard input.
    fn run_with(&self, typed: &str, arguments: &[&str]) -> Ended {
        let mut child = self.command(arguments).spawn().expect("started");
        // A program that does not read its input may be gone already.
        let _ = child.stdin.take().expect("an input").write_all(typed.as_bytes());
        child.wait_with_output().expect("an end").into()
    }

    fn create_admin(&self, password: &str, more: &[&str]) -> Ended {
        let start = ["create-admin", "--email", "olga@acme.by", "--name", "Olga Lis"];
        self.run_with(password, &[&start, more].concat())
    }

    fn serve(&self) -> Running {
        Self::started(self.command(&[]))
    }

    /// A server that some command starts.
    fn started(mut command: Command) -> Running {
        let mut child = command.spawn().expect("started");
        let mut said = BufReader::new(child.stdout.take().expect("an output"));
        let mut welcome = String::new();
        said.read_line(&mut welcome).expect("a line");
        Running { child, welcome, said }
    }

    fn mode(&self, file: &str) -> u32 {
        fs::metadata(self.folder.join(file)).expect(file).permissions().mode() & 0o777
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// A program that has ended.
#[derive(Debug)]
struct Ended {
    code: Option<i32>,
    output: String,
    errors: String,
}

impl From<Output> for Ended {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            output: String::from_utf8(output.stdout).expect("text"),
            errors: String::from_utf8(output.stderr).expect("text"),
        }
    }
}

/// A server; killed when the test is over, whatever came of it.
struct Running {
    child: Child,
    welcome: String,
    said: BufReader<std::process::ChildStdout>,
}

impl Running {
    /// Where it says that it runs: `127.0.0.1:41234`.
    fn address(&self) -> String {
        let address = self.welcome.trim().strip_prefix("Usher is running at http://").expect("the address");
        address.trim_end_matches('/').to_string()
    }

    /// Asks it to stop; its exit code, all that it said after the welcome, and its log.
    fn stop(mut self) -> Ended {
        signal(&self.child, "TERM");
        let code = self.child.wait().expect("an end").code();
        let (mut output, mut errors) = (String::new(), String::new());
        self.said.read_to_string(&mut output).expect("text");
        self.child.stderr.take().expect("a log").read_to_string(&mut errors).expect("text");
        Ended { code, output, errors }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill").args([format!("-{name}"), child.id().to_string()]).status().expect("kill");
    assert!(sent.success());
}

#[test]
fn all_mistakes_of_all_places_are_named_at_once_without_secrets() {
    let desk = Desk::new()
        .with("USHER_PUBLIC_URL", "acme.by")
        .with("USHER_SMTP_URL", "gopher://user:hush@relay")
        .with("USHER_LISTN", "127.0.0.1:1");
    fs::write(desk.folder.join("usher.toml"), "log = \"loud\"\nmail = \"x\"\n").expect("a file");
    let ended = desk.run(&["--trusted-proxies", "many", "migrate"]);
    assert_eq!(ended.code, Some(2), "{ended:?}");
    for expected in [
        "6 mistakes in the settings:",
        "USHER_PUBLIC_URL: \"acme.by\" is not an address; write https://acme.by",
        "USHER_SMTP_URL: begins with gopher://",
        "USHER_LISTN: is not a setting; did you mean USHER_LISTEN?",
        "log in usher.toml: \"loud\" is not a log level; write error,",
        "mail in usher.toml: is not a setting;",
        "--trusted-proxies: \"many\" is not a number of proxies; write 0",
    ] {
        assert!(ended.errors.contains(expected), "{expected}\n{}", ended.errors);
    }
    assert!(!ended.errors.contains("hush"), "{}", ended.errors);
    assert!(!desk.folder.join("data").exists(), "nothing may be made before the settings are right");
}

#[test]
fn a_flag_counts_before_the_environment_and_that_before_the_file() {
    let public_url = |desk: &Desk, arguments: &[&str]| {
        let ended = desk.run(arguments);
        let line = ended.output.lines().find(|line| line.contains("public address")).map(str::to_string);
        line.unwrap_or_else(|| panic!("{ended:?}"))
    };
    let desk = Desk::new();
    fs::write(desk.folder.join("usher.toml"), "public_url = \"http://127.0.0.1:1001\"\n").expect("a file");
    assert!(public_url(&desk, &["doctor"]).contains("http://127.0.0.1:1001"));
    let desk = desk.with("USHER_PUBLIC_URL", "http://127.0.0.1:1002");
    assert!(public_url(&desk, &["doctor"]).contains("http://127.0.0.1:1002"));
    let flag = ["doctor", "--public-url", "http://127.0.0.1:1003"];
    assert!(public_url(&desk, &flag).contains("http://127.0.0.1:1003"));
}

#[test]
fn an_administrator_needs_a_good_password_and_on_a_fresh_database_an_organisation() {
    let desk = Desk::new();
    let refused = |ended: Ended, why: &str| {
        assert_eq!(ended.code, Some(1), "{ended:?}");
        assert!(ended.errors.contains(why), "{why}\n{}", ended.errors);
    };
    let organisation = ["--organisation", "Acme"];
    refused(desk.create_admin(PASSWORD, &[]), "name the organisation too");
    refused(desk.create_admin("", &organisation), "no password");
    refused(desk.create_admin("short", &organisation), "the password is too short; take 12 characters or more");
    refused(desk.create_admin("passwordpassword\n", &organisation), "easy to guess");

    let made = desk.create_admin(&format!("{PASSWORD}\n"), &organisation);
    assert_eq!(made.code, Some(0), "{made:?}");
    assert!(made.output.starts_with("olga@acme.by is a main administrator now"), "{}", made.output);
    refused(desk.create_admin(PASSWORD, &organisation), "leave --organisation out");
    refused(desk.create_admin(PASSWORD, &[]), "olga@acme.by is there already");
}

#[test]
fn the_server_starts_on_an_empty_folder_stops_on_a_signal_and_leaves_files_only_its_owner_can_read() {
    let desk = Desk::new();
    let server = desk.serve();
    assert!(server.address().starts_with("127.0.0.1:"), "{}", server.welcome);
    assert_eq!((desk.mode("data"), desk.mode("data/secret.key"), desk.mode("data/usher.db")), (0o700, 0o600, 0o600));
    let doctor = desk.run(&["doctor", "--listen", &server.address()]);
    assert_eq!(doctor.code, Some(0), "{doctor:?}");
    assert!(doctor.output.contains("ok       the server: it runs"), "{}", doctor.output);

    let asked = Instant::now();
    let ended = server.stop();
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(asked.elapsed() < Duration::from_secs(10));
    let code = ended.output.lines().find_map(|line| line.strip_prefix("set-up code: ")).expect("a code");
    assert!(ended.output.contains("/set-up"), "{}", ended.output);
    assert!(!ended.errors.contains(code), "the code is for the person at the terminal, not for the log");
    for line in ended.errors.lines() {
        assert!(line.starts_with('{') && line.ends_with('}'), "{line}");
    }
}

#[test]
fn the_set_up_code_is_said_only_while_nobody_is_there() {
    let desk = Desk::new();
    let made = desk.create_admin(PASSWORD, &["--organisation", "Acme"]);
    assert_eq!(made.code, Some(0), "{made:?}");
    let ended = desk.serve().stop();
    assert!(!ended.output.contains("set-up"), "{}", ended.output);
}

#[test]
fn a_taken_port_is_named_with_a_way_out_and_nothing_is_made() {
    let other = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = other.local_addr().expect("an address").to_string();
    let desk = Desk::new().with("USHER_LISTEN", &address);
    let ended = desk.run(&["serve"]);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.errors.contains(&format!("{address} is in use by another program")), "{}", ended.errors);
    assert!(!desk.folder.join("data").exists());
}

#[test]
fn a_second_signal_ends_the_server_at_once() {
    let desk = Desk::new();
    let mut server = desk.serve();
    // A request that never comes to an end holds the first signal back.
    let mut stream = std::net::TcpStream::connect(server.address()).expect("connected");
    stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n").expect("sent");
    std::thread::sleep(Duration::from_millis(200));
    signal(&server.child, "INT");
    std::thread::sleep(Duration::from_millis(800));
    assert_eq!(server.child.try_wait().expect("an answer"), None, "it waits for the request");
    let asked = Instant::now();
    signal(&server.child, "INT");
    assert_eq!(server.child.wait().expect("an end").code(), Some(130));
    assert!(asked.elapsed() < Duration::from_secs(2));
}

#[test]
fn the_doctor_finds_an_open_key_and_says_how_to_close_it() {
    let desk = Desk::new();
    assert_eq!(desk.run(&["doctor"]).code, Some(0), "a folder before the first start has no problems");
    assert!(!desk.folder.join("data").exists(), "the doctor makes nothing");
    assert_eq!(desk.create_admin(PASSWORD, &["--organisation", "Acme"]).code, Some(0));
    let key = desk.folder.join("data/secret.key");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).expect("changed");
    let ended = desk.run(&["doctor"]);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.output.contains("Run: chmod 600 data/secret.key"), "{}", ended.output);
    fs::remove_file(key).expect("removed");
    assert!(desk.run(&["doctor"]).output.contains("PROBLEM  key: data/secret.key is missing"));
}

/// H-16, on both databases: named by table, column and id, and by nothing that stands there.
#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_names_what_cannot_be_read_and_never_what_stands_there() {
    for kind in there() {
        let scratch = Scratch::of(kind).await;
        let desk = Desk::new().with("USHER_DATABASE_URL", &scratch.url);
        assert_eq!(desk.create_admin(PASSWORD, &["--organisation", "Acme"]).code, Some(0), "{kind:?}");
        let doctor = desk.run(&["doctor"]);
        assert!(doctor.output.contains("ok       its rows: all of them can be read"), "{kind:?}: {}", doctor.output);
        let mut tx = scratch.db.maintain().await.expect("a transaction");
        for sql in [
            "update settings set value = '{\"zone\":\"Atlantis/Nowhere\"}'",
            "update roles set permissions = permissions || ' users.fly' where is_top",
        ] {
            tx.execute(sql, &[]).await.expect(sql);
        }
        tx.commit().await.expect("a commit");
        let doctor = desk.run(&["doctor"]);
        assert_eq!(doctor.code, Some(1), "{kind:?}: {}", doctor.output);
        assert!(doctor.output.contains("PROBLEM  its rows: something in them cannot be read"), "{}", doctor.output);
        assert!(doctor.output.contains("value.zone of settings settings cannot be read"), "{}", doctor.output);
        assert!(doctor.output.contains("permissions of roles 0"), "{}", doctor.output);
        assert!(!doctor.output.contains("Atlantis") && !doctor.output.contains("users.fly"), "{}", doctor.output);
        scratch.remove().await;
    }
}

#[test]
fn migrating_twice_is_as_good_as_once() {
    let desk = Desk::new();
    for _ in 0..2 {
        let ended = desk.run(&["migrate"]);
        assert_eq!(ended.code, Some(0), "{ended:?}");
        assert!(ended.output.contains("data/usher.db is up to date"), "{}", ended.output);
    }
    let doctor = desk.run(&["doctor"]);
    assert!(doctor.output.contains("ok       database"), "{}", doctor.output);
}

#[test]
fn a_test_message_needs_an_address_and_a_relay() {
    let desk = Desk::new();
    let ended = desk.run(&["send-test-message", "olga"]);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.errors.contains("\"olga\" is not an e-mail address"), "{}", ended.errors);
    let ended = desk.run(&["send-test-message", "olga@acme.by"]);
    assert_eq!(ended.code, Some(1), "{ended:?}");
}

/// H-42: a key that is missing or another one is said at the start, which is refused; nothing is made anew in silence.
#[test]
fn a_missing_or_another_key_is_refused_until_a_new_one_is_asked_for() {
    let desk = Desk::new();
    assert_eq!(desk.create_admin(PASSWORD, &["--organisation", "Acme"]).code, Some(0));
    let key = desk.folder.join("data/secret.key");
    let first = fs::read_to_string(&key).expect("the key");

    fs::remove_file(&key).expect("removed");
    let refused = desk.run(&["serve"]);
    assert_eq!(refused.code, Some(1), "{refused:?}");
    for expected in ["the key file data/secret.key is missing", "would stop working", "usher renew-key"] {
        assert!(refused.errors.contains(expected), "{expected}\n{}", refused.errors);
    }
    assert!(!key.exists(), "no key is made in silence");
    assert!(desk.run(&["doctor"]).output.contains("PROBLEM  key: data/secret.key is missing"));

    for (text, expected) in [
        (usher::server::random::secret(), "is not the one with which the SQLite database data/usher.db is used"),
        (String::new(), "does not hold a key of Usher's"),
        ("short".into(), "does not hold a key of Usher's"),
    ] {
        fs::write(&key, &text).expect("written");
        let refused = desk.run(&["serve"]);
        assert_eq!(refused.code, Some(1), "{refused:?}");
        assert!(refused.errors.contains(expected), "{}", refused.errors);
        assert!(desk.run(&["doctor"]).output.contains("PROBLEM  key"), "{text}");
        assert_eq!(fs::read_to_string(&key).expect("the file"), text, "it is left as it is");
    }

    fs::write(&key, &first).expect("put back");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).expect("changed");
    assert_eq!(desk.serve().stop().code, Some(0), "with the right file it starts again");
    let asked = desk.run(&["renew-key"]);
    assert!(asked.code == Some(1) && asked.errors.contains("--yes"), "{asked:?}");
    assert_eq!(fs::read_to_string(&key).expect("the key"), first);
    let done = desk.run(&["renew-key", "--yes"]);
    assert_eq!(done.code, Some(0), "{done:?}");
    assert_ne!(fs::read_to_string(&key).expect("the key"), first);
    assert_eq!((desk.mode("data/secret.key"), desk.serve().stop().code), (0o600, Some(0)));
    let kept = fs::read_dir(desk.folder.join("data")).expect("a folder").filter_map(Result::ok);
    let kept =
        kept.map(|entry| entry.path()).find(|path| path.to_string_lossy().contains("before-")).expect("the old key");
    assert_eq!(fs::read_to_string(kept).expect("the old key"), first);
}

/// H-42: an installation from before fingerprints were kept gets its own at its first start, if its key is there.
#[test]
fn an_older_installation_adopts_its_key_and_misses_it_when_it_is_gone() {
    let desk = Desk::new();
    assert_eq!(desk.create_admin(PASSWORD, &["--organisation", "Acme"]).code, Some(0));
    let forget = |desk: &Desk| {
        let url = format!("sqlite:{}", desk.folder.join("data/usher.db").display());
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        runtime.block_on(async {
            let db = usher::server::storage::Database::open(&url).await.expect("open");
            let mut tx = db.maintain().await.expect("a transaction");
            tx.execute("delete from settings where name = 'key_fingerprint'", &[]).await.expect("done");
            tx.commit().await.expect("a commit");
            db.close().await;
        });
    };
    forget(&desk);
    assert_eq!(desk.serve().stop().code, Some(0));
    let key = desk.folder.join("data/secret.key");
    fs::write(&key, usher::server::random::secret()).expect("another key");
    assert_eq!(desk.run(&["serve"]).code, Some(1), "it was adopted");
    forget(&desk);
    fs::remove_file(&key).expect("removed");
    assert_eq!(desk.run(&["serve"]).code, Some(1), "people are there, so there was a key");
}

/// H-43: a second process with another key does not start on the same Postgres.
#[tokio::test(flavor = "multi_thread")]
async fn two_processes_on_one_postgres_need_the_same_key() {
    let Some(scratch) = Scratch::postgres().await else { return };
    let (one, other) =
        (Desk::new().with("USHER_DATABASE_URL", &scratch.url), Desk::new().with("USHER_DATABASE_URL", &scratch.url));
    let refused = tokio::task::spawn_blocking(move || {
        let running = one.serve();
        running.address();
        fs::create_dir_all(other.folder.join("data")).expect("a folder");
        let without = other.run(&["serve"]);
        fs::write(other.folder.join("data/secret.key"), usher::server::random::secret()).expect("another key");
        let with_another = other.run(&["serve"]);
        fs::copy(one.folder.join("data/secret.key"), other.folder.join("data/secret.key")).expect("copied");
        let with_the_same = other.serve().stop();
        running.stop();
        [without, with_another, with_the_same]
    })
    .await
    .expect("run");
    assert_eq!(refused.each_ref().map(|ended| ended.code), [Some(1), Some(1), Some(0)], "{refused:?}");
    assert!(refused[1].errors.contains("each needs a copy of the same file"), "{}", refused[1].errors);
    scratch.remove().await;
}

#[test]
fn a_mail_that_came_back_is_read_from_standard_input_and_what_is_none_is_left_alone() {
    let desk = Desk::new();
    let away = desk.run_with("Subject: I am away\r\n\r\nUntil Monday", &["ingest-bounce"]);
    assert_eq!((away.code, away.output.contains("no report")), (Some(0), true), "{}{}", away.output, away.errors);
    desk.create_admin(PASSWORD, &["--organisation", "Acme"]);
    let report = "Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n\
                  Reporting-MTA: dns; mx\r\n\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b\r\n\
                  Content-Type: text/rfc822-headers\r\n\r\nMessage-ID: <1@users.acme.by>\r\n\r\n--b--\r\n";
    let unknown = desk.run_with(report, &["ingest-bounce"]);
    assert_eq!((unknown.code, unknown.output.contains("no message of ours")), (Some(0), true), "{}", unknown.errors);
}
