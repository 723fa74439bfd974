//! The structure of the source: which part may know which, kept by reading the files themselves; and the schemas of the
//! two databases, which must agree.

mod names;
mod schemas;
mod source;

use source::{Source, dependencies};
pub use source::{product, root, texts};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Command;

/// Where each external crate may be named. A new one fails the test until it is given a home here.
const HOMES: &[(&str, &[&str])] = &[
    ("argon2", &["src/server/passwords"]),
    ("axum", &["src/server/http", "src/server/cli/serve"]),
    ("axum_extra", &["src/server/http/cookies"]),
    (
        "base64",
        &[
            "src/domain/link",
            "src/server/secrets",
            "src/server/random",
            "src/server/qr_code",
            "src/server/http",
            "src/server/delivery",
            "src/server/spreadsheets",
        ],
    ),
    ("calamine", &["src/server/spreadsheets"]),
    ("clap", &["src/server/cli"]),
    ("csv", &["src/server/spreadsheets", "src/server/table_file/text"]),
    ("email_address", &["src/domain"]),
    ("encoding_rs", &["src/server/spreadsheets"]),
    ("fast_qr", &["src/server/qr_code"]),
    ("getrandom", &["src/server/random"]),
    ("governor", &["src/server/http", "src/server/mail_domains"]),
    ("hickory_resolver", &["src/server/mail_domains"]),
    ("hmac", &["src/server/secrets", "src/server/delivery/sms/callback"]),
    ("http_body_util", &["src/server/delivery/sms"]),
    ("hyper", &["src/server/delivery/sms"]),
    ("hyper_util", &["src/server/delivery/sms"]),
    // How texts sort: the keys are made in one file, since other versions of the crate make others.
    ("icu_collator", &["src/server/collation"]),
    ("idna", &["src/domain/unicode"]),
    ("jiff", &["src/server/dates"]),
    ("js_sys", &["src/domain/unicode"]),
    ("leptos", &["src/ui", "src/server_fns", "src/server/http", "src/lib"]),
    ("leptos_axum", &["src/server/http", "src/server_fns"]),
    ("leptos_meta", &["src/ui"]),
    ("leptos_router", &["src/ui"]),
    ("lettre", &["src/server/delivery"]),
    ("mail_parser", &["src/server/delivery/bounce"]),
    ("minijinja", &["src/server/delivery"]),
    ("percent_encoding", &["src/domain", "src/server/config", "src/server/http/public/mended"]),
    // What each country's numbers look like; much too large for the browser.
    ("phonenumber", &["src/server/phones"]),
    ("quick_xml", &["src/server/spreadsheets"]),
    ("rust_embed", &["src/server/http"]),
    ("secrecy", &["src/server"]),
    ("serde", &["src"]),
    ("serde_json", &["src/domain/paste/records.rs", "src/server", "src/server_fns/answered", "src/ui/public"]),
    ("server_fn", &["src/server_fns"]),
    // By which some gateways sign what they say.
    ("sha1", &["src/server/delivery/sms/callback"]),
    (
        "sha2",
        &["src/server/backup", "src/server/secrets", "src/server/delivery/sms/callback", "src/server/http/assets"],
    ),
    ("sqlx", &["src/server/storage"]),
    // Whoever mistypes an address, or a setting, is told what was probably meant.
    ("strsim", &["src/domain", "src/server/cli", "src/server/config/sms"]),
    ("subtle", &["src/server"]),
    // Only as the length of a cookie's life.
    ("time", &["src/server/http/cookies"]),
    // Waiting, tasks and sockets: everywhere on the server but in the tables' files, which only await.
    (
        "tokio",
        &[
            "src/server/changes",
            "src/server/cli",
            "src/server/delivery",
            "src/server/http",
            "src/server/jobs",
            "src/server/mail_domains",
            "src/server/passwords",
            "src/server/spreadsheets",
            // Who gets a connection, and when.
            "src/server/storage/commit",
            "src/server/storage/database",
            "src/server/storage/reach",
            "src/server/storage/tx",
            "src/server/storage/writing",
            "src/server/upkeep",
        ],
    ),
    ("tld", &["src/server/mail_domains"]),
    ("tokio_rustls", &["src/server/authorities", "src/server/delivery"]),
    (
        "tokio_util",
        &[
            "src/server/app",
            "src/server/cli",
            "src/server/delivery",
            // An answer that goes on.
            "src/server/http/changes",
            "src/server/http/downloads",
            "src/server/jobs",
            "src/server/upkeep",
        ],
    ),
    ("toml", &["src/server/cli"]),
    ("tower_http", &["src/server/http"]),
    ("tracing", &["src/server"]),
    ("tracing_subscriber", &["src/server/cli"]),
    ("unicode_normalization", &["src/domain/unicode", "src/domain/contact/search", "src/domain/password/readings"]),
    // The document that describes the API.
    ("utoipa", &["src/server/http/api"]),
    ("url", &["src/server/config", "src/server/http", "src/server/cli", "src/server/delivery"]),
    ("uuid", &["src/server/random", "src/server/secrets"]),
    ("wasm_bindgen", &["src/ui", "src/lib"]),
    ("wasm_bindgen_futures", &["src/ui/public"]),
    ("web_sys", &["src/domain/unicode", "src/ui"]),
    ("webpki_roots", &["src/server/authorities"]),
    ("zip", &["src/server/spreadsheets", "src/server/table_file/workbook"]),
    ("zxcvbn", &["src/server/passwords"]),
];

/// What each part of our own may name of the others. Whatever is missing here is forbidden.
const NEIGHBOURS: &[(&str, &[&str])] = &[
    // People have a language, so `words::Language` is part of the model; its sentences are not.
    ("src/domain", &["domain", "words::Language"]),
    ("src/words", &["domain", "words"]),
    ("src/view_models", &["domain", "words::Language", "view_models"]),
    ("src/ui", &["domain", "view_models", "words", "ui", "server_fns"]),
    ("src/server_fns", &["domain", "view_models", "words", "server", "server_fns"]),
    ("src/server/use_cases", &["domain", "view_models", "words", "server", "values"]),
    // Which time zones there are decides whether the settings can be read.
    (
        "src/server/storage",
        &[
            "domain",
            "words::Language",
            "server::collation",
            "server::dates",
            "server::passwords::is_hash",
            "server::storage",
            "values",
        ],
    ),
];

/// Who may name [`Email`](usher::domain::contact::Email), and why. Everybody else writes to an address, whatever its channel.
const KNOW_EMAIL: &[&str] = &[
    "src/domain/contact",
    // Reading what was typed: looking for slips, twins and names in it, and saying what is wrong.
    "src/domain/address_guard",
    "src/domain/paste",
    "src/domain/error",
    "src/domain/import",
    "src/domain/review",
    "src/domain/typed",
    "src/server/use_cases/import",
    "src/server/use_cases/invite",
    "src/ui/pages/import",
    "src/ui/pages/invite/row",
    // An account's own e-mail address, by which its owner signs in.
    "src/server/storage/users",
    "src/server/use_cases/set_up",
    // The channel itself, its sender, and whoever gives each channel its messages.
    "src/server/cli/settings",
    "src/server/config",
    "src/server/app",
    "src/server/delivery",
    // What people read.
    "src/ui/public/invitation",
    "src/words",
];

/// An address goes through invitations, letters, queue and tables without anybody asking by which channel: the next one touches
/// what is named here, and nothing else.
#[test]
fn only_the_channel_and_whoever_reads_what_was_typed_know_that_an_address_is_an_e_mail() {
    let is_word = |before: &str, after: &str| {
        let joins = |letter: Option<char>| letter.is_some_and(|letter| letter.is_alphanumeric() || letter == '_');
        // The refusal of a field is the field's name.
        !joins(before.chars().next_back()) && !joins(after.chars().next()) && !before.ends_with("Invalid::")
    };
    let mut problems = Vec::new();
    let mut naming = BTreeSet::new();
    for source in product() {
        let names = source.code.match_indices("Email");
        if !names.into_iter().any(|(at, word)| is_word(&source.code[..at], &source.code[at + word.len()..])) {
            continue;
        }
        match KNOW_EMAIL.iter().find(|place| source.is_in(place)) {
            Some(place) => drop(naming.insert(*place)),
            None => problems.push(format!("{} knows that an address is an e-mail", source.path)),
        }
    }
    problems
        .extend(KNOW_EMAIL.iter().filter(|place| !naming.contains(*place)).map(|place| format!("{place} need not")));
    fail_on(problems);
}

fn fail_on(problems: Vec<String>) {
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}

#[test]
fn every_external_crate_is_named_only_where_it_belongs() {
    let known = dependencies();
    let homes: BTreeMap<&str, &[&str]> = HOMES.iter().copied().collect();
    let mut problems: Vec<String> = known
        .iter()
        .filter(|name| !homes.contains_key(name.as_str()))
        .map(|name| format!("{name} has no home"))
        .collect();
    problems.extend(homes.keys().filter(|name| !known.contains(**name)).map(|name| format!("{name} is no dependency")));
    let mut lived_in = BTreeSet::new();
    for source in product() {
        for name in source.crates(&known) {
            let mut places = homes.get(name.as_str()).copied().unwrap_or_default().iter();
            match places.find(|place| **place == "src" || source.is_in(place)) {
                Some(place) => drop(lived_in.insert((name, *place))),
                None => problems.push(format!("{} names {name}", source.path)),
            }
        }
    }
    let all = HOMES.iter().flat_map(|(name, places)| places.iter().map(|place| (name.to_string(), *place)));
    let left = all.filter(|home| !lived_in.contains(home));
    problems.extend(left.map(|(name, place)| format!("{name} is not named in {place} any more")));
    fail_on(problems);
}

/// The paths into our own crate: `server::app` of `use crate::server::app::App`, and of `super::super::server::app`.
fn own_paths(source: &Source) -> BTreeSet<String> {
    let depth = source.path.trim_end_matches(".rs").matches('/').count();
    let ups = "super::".repeat(depth);
    let mut paths = BTreeSet::new();
    for start in ["crate::", ups.as_str()] {
        for (at, _) in source.code.match_indices(start) {
            if source.code[..at].ends_with("::") {
                continue;
            }
            let rest = &source.code[at + start.len()..];
            // `crate::{domain::…, server::…}` names each of its members.
            let inside = rest.strip_prefix('{').and_then(|rest| rest.split_once("};")).map(|(inside, _)| inside);
            for path in inside.map_or(vec![rest], |inside| inside.split(',').collect()) {
                let path = path.trim();
                let end = path.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')).unwrap_or(path.len());
                paths.insert(path[..end].to_string());
            }
        }
    }
    paths
}

#[test]
fn every_part_knows_only_its_neighbours() {
    let mut problems = Vec::new();
    for source in product() {
        let Some((_, may)) = NEIGHBOURS.iter().find(|(part, _)| source.is_in(part)) else { continue };
        for path in own_paths(&source) {
            let is_fine = may.iter().any(|allowed| {
                path == *allowed
                    || path.starts_with(&format!("{allowed}::"))
                    || path.starts_with(&format!("{allowed}!"))
            });
            if !is_fine {
                problems.push(format!("{} names crate::{path}", source.path));
            }
        }
    }
    fail_on(problems);
}

/// The browser's half compiles the signatures of the server functions, and none of their bodies.
#[test]
fn server_functions_name_the_server_inside_their_bodies_only_and_hold_no_rule() {
    let mut problems = Vec::new();
    for source in product().iter().filter(|source| source.is_in("src/server_fns")) {
        for line in source.lines_with("crate::server").iter().chain(&source.lines_with("leptos_axum")) {
            let is_inside =
                line.split(':').nth(1).and_then(|number| number.parse::<usize>().ok()).is_some_and(|number| {
                    source.code.lines().nth(number - 1).is_some_and(|line| line.starts_with("    "))
                });
            if !is_inside {
                problems.push(format!("outside a body: {line}"));
            }
        }
        for deeper in ["server::storage", "server::delivery", "server::secrets", "policy::decide"] {
            problems.extend(source.lines_with(deeper));
        }
    }
    fail_on(problems);
}

#[test]
fn use_cases_know_no_transport_and_storage_decides_nothing() {
    let mut problems = Vec::new();
    for source in product() {
        let forbidden: &[&str] = if source.is_in("src/server/use_cases") {
            &["server::http", "server::cli", "crate::ui", "StatusCode"]
        } else if source.is_in("src/server/storage") {
            &["policy::decide", "UseCaseError", "use_cases", "server::http", "server::delivery"]
        } else if source.is_in("src/server/delivery") {
            &["use_cases", "server::http", "policy::decide"]
        } else if source.is_in("src/server/http") {
            // Which tables there are is not its business; one look decides between set-up and sign-in.
            &["policy::decide", "server::delivery"]
        } else {
            continue;
        };
        problems.extend(forbidden.iter().flat_map(|word| source.lines_with(word)));
    }
    fail_on(problems);
}

/// What follows from a write is remembered by its transaction: no caller writes the lists, leaves them to be written, or rings.
#[test]
fn nobody_but_the_commit_refreshes_the_lists_and_rings() {
    let mut problems = Vec::new();
    for source in product().iter().filter(|source| !source.is_in("src/server/storage")) {
        for word in ["roster::refresh(", "notify_one", "begin_with", "begin_at", ".touch("] {
            problems.extend(source.lines_with(word));
        }
    }
    // Of a message that nobody can read it is known whose it was, and nothing else.
    problems.retain(|line| !line.contains("tx.touch(") || !line.starts_with("src/server/delivery/worker.rs"));
    fail_on(problems);
}

/// Every deed has a line in the history; what has none says why it is no deed.
#[test]
fn whoever_writes_without_a_line_says_why() {
    let mut problems = Vec::new();
    for source in product() {
        let lines: Vec<&str> = source.text.lines().collect();
        for (at, line) in lines.iter().enumerate().filter(|(_, line)| line.contains(".maintain()")) {
            let before = at.checked_sub(1).and_then(|at| lines.get(at)).map_or("", |line| line.trim());
            if !before.starts_with("// ") {
                problems.push(format!("{}:{}: {}", source.path, at + 1, line.trim()));
            }
        }
    }
    fail_on(problems);
}

/// Only `lib.rs` says what belongs to the browser's half and what to the server's, `ui.rs` what is left out of the small build
/// of the registration page, `exchange.rs` that a server sends nothing to itself, `unicode.rs` whose tables are asked, and
/// `world.rs` that only a server has the long list of providers.
#[test]
fn five_files_alone_ask_which_build_is_being_compiled() {
    let asking: Vec<String> = product()
        .into_iter()
        .filter(|source| source.code.contains("(feature") || source.code.contains("not(feature"))
        .map(|source| source.path)
        .collect();
    let known = [
        "src/domain/address_guard/world.rs",
        "src/domain/unicode.rs",
        "src/lib.rs",
        "src/ui.rs",
        "src/ui/public/exchange.rs",
    ];
    assert!(asking.iter().all(|path| known.contains(&path.as_str())), "{asking:?}");
    assert!(asking.contains(&"src/lib.rs".to_string()));
}

#[test]
fn nothing_outside_tests_may_panic_on_purpose() {
    // Those below are worked out while the program is compiled: a zero would not build.
    let reviewed = [
        "const A_MINUTE: NonZeroU32 = NonZeroU32::new(30).expect(",
        "const AN_HOUR: NonZeroU32 = NonZeroU32::new(500).expect(",
    ];
    let mut problems = Vec::new();
    for source in product() {
        for word in [".unwrap()", ".expect(", "panic!(", "unreachable!(", "todo!(", "unimplemented!("] {
            let found = source.lines_with(word);
            problems.extend(found.into_iter().filter(|line| !reviewed.iter().any(|known| line.contains(known))));
        }
    }
    fail_on(problems);
}

/// Time and chance are arguments; a text handed to the database is written by us.
#[test]
fn only_one_file_each_asks_the_clock_throws_dice_or_vouches_for_a_statement() {
    let mut problems = Vec::new();
    for source in product() {
        for (word, homes) in [
            ("SystemTime", &["src/server/clock"][..]),
            (
                "Instant::now",
                &[
                    "src/server/cli/doctor",
                    "src/server/cli/serve",
                    "src/server/http/limits",
                    "src/server/storage/meter",
                ],
            ),
            ("now_v7", &["src/server/random"]),
            ("AssertSqlSafe", &["src/server/storage"]),
            ("unsafe ", &[]),
        ] {
            if !homes.iter().any(|home| source.is_in(home)) {
                problems.extend(source.lines_with(word));
            }
        }
    }
    fail_on(problems);
}

/// H-30: what somebody typed is compared as it is. A pattern is made for the search alone, where every letter that means
/// something is folded away or escaped.
#[test]
fn no_pattern_in_a_statement_is_made_of_what_somebody_typed() {
    let mut problems = Vec::new();
    for source in product().iter().filter(|source| source.is_in("src/server")) {
        let lines = source.text.lines().enumerate();
        let patterns =
            lines.filter(|(_, line)| line.contains(" like $") || line.contains(" like {") || line.contains(" glob "));
        for (at, line) in patterns.filter(|(_, line)| !line.trim_start().starts_with("//")) {
            // Its pieces hold no `%`, `_` or backslash: `domain::contact::search` shows it for any needle.
            let is_search = source.is_in("src/server/storage/roster/list") && line.contains("s.haystack");
            let is_escaped = line.matches(" like $").count() == line.matches(" escape ").count();
            if !is_search && !is_escaped {
                problems.push(format!("{}:{}: {}", source.path, at + 1, line.trim()));
            }
        }
    }
    fail_on(problems);
}

/// Names, protection and lifetimes of cookies in one file (H-14), and queries read by one function, decoded once (L-05).
#[test]
fn cookies_and_queries_have_one_reader_each() {
    let mut problems = Vec::new();
    for source in product() {
        for (word, home) in [
            ("header::COOKIE", "src/server/http/cookies"),
            ("SET_COOKIE", "src/server/http/cookies"),
            ("CookieJar", "nowhere"),
            ("document.cookie", "nowhere"),
            ("use_query", "nowhere"),
            ("ParamsMap", "nowhere"),
            ("location.query", "nowhere"),
            ("query_pairs()", "src/server/config"),
            ("form_urlencoded", "src/server/http/forms"),
        ] {
            if !source.is_in(home) {
                problems.extend(source.lines_with(word));
            }
        }
    }
    fail_on(problems);
}

#[test]
fn every_file_says_first_what_is_in_it() {
    let mut problems = Vec::new();
    for source in product() {
        let first = source.text.lines().next().unwrap_or_default();
        if !(first.starts_with("//! ") && first.len() > 10) {
            problems.push(format!("{} begins with {first:?}", source.path));
        }
    }
    fail_on(problems);
}

/// The first line once, and the test that needs Postgres by its name, although it passes.
#[test]
fn without_postgres_the_tests_say_what_they_left_out() {
    let name = "structure::schemas::the_two_schemas_agree_table_by_table_column_by_column_and_index_by_index";
    let program = std::env::current_exe().expect("these tests");
    let run = Command::new(program).args([name, "--exact"]).env_remove("USHER_TEST_POSTGRES_URL").output();
    let run = run.expect("a second run of these tests");
    assert!(run.status.success(), "{run:?}");
    let said = String::from_utf8_lossy(&run.stderr);
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines.len(), 2, "{said}");
    assert!(
        lines[0].starts_with("left out: everything on Postgres, since USHER_TEST_POSTGRES_URL is not set"),
        "{said}"
    );
    assert_eq!(lines[1], format!("left out: {name}"));
}

/// What nobody is called here, on one line, which is passed over.
const HE_OR_SHE: [&str; 8] = ["he", "his", "him", "himself", "she", "her", "hers", "herself"];

/// The words of a line in small letters, also those of a name: `see_them` and `seeThem` are two each.
fn words(line: &str) -> Vec<String> {
    let mut spaced = String::with_capacity(line.len());
    let mut last = ' ';
    for c in line.chars() {
        spaced.extend((last.is_lowercase() && c.is_uppercase()).then_some(' '));
        spaced.push(if c.is_alphabetic() { c } else { ' ' });
        last = c;
    }
    spaced.to_lowercase().split_whitespace().map(String::from).collect()
}

/// In comments, messages and names, of the product and of its tests: nobody is taken for a man or for a woman.
#[test]
fn a_person_is_they() {
    assert_eq!(words("see_them(seeThem) // They're"), ["see", "them", "see", "them", "they", "re"]);
    let endings = ["css", "html", "js", "md", "mjs", "rs", "sh", "snap", "sql", "ts", "txt"];
    let folders = ["src", "end2end", "migrations", "public", "scripts", "style"];
    let mut written = texts(&folders, &endings);
    // What a release has brought to databases is never edited again.
    written.retain(|(path, _)| !path.ends_with("/0001_house.sql"));
    for file in ["README.md", "Makefile"] {
        written.push((file.into(), fs::read_to_string(root().join(file)).expect(file)));
    }
    let mut problems = Vec::new();
    for (path, text) in &written {
        for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.contains("HE_OR_SHE")) {
            if words(line).iter().any(|word| HE_OR_SHE.contains(&word.as_str())) {
                problems.push(format!("{path}:{}: {}", at + 1, line.trim()));
            }
        }
    }
    fail_on(problems);
}

/// DS-05: HTTP/2 is not spoken here, so that floods of its frames reach nothing; whoever brings it in bounds them first.
#[test]
fn nothing_in_the_program_reads_frames_of_http_2_ds_05() {
    let lock = fs::read_to_string(root().join("Cargo.lock")).expect("Cargo.lock");
    assert!(lock.contains("name = \"hyper\"\n"), "the list of crates is written in another way");
    assert!(!lock.contains("name = \"h2\"\n"), "h2 is among the crates");
}
