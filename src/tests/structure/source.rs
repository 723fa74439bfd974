//! The product's own source as the tests of its structure read it: without comments, texts and unit tests.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// A file of the product.
pub struct Source {
    /// `src/domain/user.rs`.
    pub path: String,
    pub text: String,
    /// The text without comments, without what stands between quotation marks, and without unit tests; the lines stay.
    pub code: String,
}

impl Source {
    fn new((path, text): (String, String)) -> Self {
        let is_test = path.ends_with("/tests.rs");
        let code = if is_test { String::new() } else { without_tests(&bare(&text)) };
        Self { path, text, code }
    }

    /// Whether the file is this one, or lies in the folder of this module.
    pub fn is_in(&self, part: &str) -> bool {
        self.path == format!("{part}.rs") || self.path.starts_with(&format!("{part}/")) || self.path == part
    }

    /// The crates that the code names: `axum` in `axum::http`, not in `server_fn::axum`.
    pub fn crates(&self, known: &BTreeSet<String>) -> BTreeSet<String> {
        known.iter().filter(|name| starts_a_path(&self.code, name)).cloned().collect()
    }

    /// The lines of the code in which something stands, with their numbers.
    pub fn lines_with(&self, needle: &str) -> Vec<String> {
        let lines = self.code.lines().enumerate().filter(|(_, line)| line.contains(needle));
        lines.map(|(at, line)| format!("{}:{}: {}", self.path, at + 1, line.trim())).collect()
    }
}

/// Every file of the product, in order; the tests are none.
pub fn product() -> Vec<Source> {
    let mut sources: Vec<Source> = texts(&["src"], &["rs"]).into_iter().map(Source::new).collect();
    sources.retain(|source: &Source| !source.is_in("src/tests") && !source.is_in("src/benches"));
    assert!(sources.len() > 100, "only {} files were found", sources.len());
    sources
}

/// The project's folder.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files of some folders whose names end so, each with its path and its text, in order; what was installed or built there
/// is left out.
pub fn texts(folders: &[&str], endings: &[&str]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for folder in folders {
        collect(&root().join(folder), endings, &mut found);
    }
    found.sort();
    found
}

fn collect(folder: &Path, endings: &[&str], found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
        let name = entry.file_name().unwrap_or_default().to_string_lossy();
        if entry.is_dir() && !["node_modules", "results", "target"].contains(&name.as_ref()) {
            collect(&entry, endings, found);
        } else if entry.extension().is_some_and(|ending| endings.iter().any(|known| ending == *known)) {
            let path = entry.strip_prefix(root()).expect("a path").to_string_lossy().replace('\\', "/");
            found.push((path, fs::read_to_string(&entry).expect("a text")));
        }
    }
}

/// The external crates of the manifest, as the code writes them.
pub fn dependencies() -> BTreeSet<String> {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).expect("the manifest");
    let manifest: toml::Table = manifest.parse().expect("a manifest");
    let table = manifest["dependencies"].as_table().expect("dependencies");
    table.keys().map(|name| name.replace('-', "_")).collect()
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Whether `name::` stands at the start of a path, or `name` in a `use` of its own.
fn starts_a_path(code: &str, name: &str) -> bool {
    code.match_indices(name).any(|(at, _)| {
        let (before, after) = (&code[..at], &code[at + name.len()..]);
        let begins = !before.ends_with(is_word) && !before.ends_with("::") && !before.ends_with('.');
        begins && (after.starts_with("::") || before.ends_with("use ") && after.starts_with([';', ' ']))
    })
}

/// Takes comments and the contents of texts out; line ends stay.
fn bare(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let rest = &chars[at..];
        let end = if rest.starts_with(&['/', '/']) {
            rest.iter().position(|c| *c == '\n').unwrap_or(rest.len())
        } else if rest.starts_with(&['/', '*']) {
            end_of_comment(rest)
        } else if rest[0] == 'r' && !out.ends_with(is_word) && end_of_raw(rest).is_some() {
            end_of_raw(rest).unwrap_or_default()
        } else if rest[0] == '"' {
            end_of_text(rest)
        } else if rest[0] == '\'' {
            end_of_letter(rest)
        } else {
            0
        };
        if end == 0 {
            out.push(rest[0]);
            at += 1;
            continue;
        }
        let is_text = rest[0] != '/';
        out.extend(is_text.then_some('"'));
        out.extend(rest[..end].iter().filter(|c| **c == '\n'));
        out.extend(is_text.then_some('"'));
        at += end;
    }
    out
}

fn end_of_comment(rest: &[char]) -> usize {
    (2..rest.len()).find(|at| rest[*at..].starts_with(&['*', '/'])).map_or(rest.len(), |at| at + 2)
}

/// `r"…"` and `r#"…"#`; `None` when it is a name that begins with r.
fn end_of_raw(rest: &[char]) -> Option<usize> {
    let fences = rest[1..].iter().take_while(|c| **c == '#').count();
    if rest.get(1 + fences) != Some(&'"') {
        return None;
    }
    let mut close = vec!['"'];
    close.extend(std::iter::repeat_n('#', fences));
    let start = fences + 2;
    (start..rest.len()).find(|at| rest[*at..].starts_with(&close)).map(|at| at + close.len())
}

fn end_of_text(rest: &[char]) -> usize {
    let mut at = 1;
    while at < rest.len() && rest[at] != '"' {
        at += if rest[at] == '\\' { 2 } else { 1 };
    }
    (at + 1).min(rest.len())
}

/// A character between single marks; 0 when it is a lifetime.
fn end_of_letter(rest: &[char]) -> usize {
    if rest.get(1) == Some(&'\\') {
        return rest[2..].iter().skip(1).position(|c| *c == '\'').map_or(0, |at| at + 4);
    }
    if rest.get(2) == Some(&'\'') { 3 } else { 0 }
}

/// Takes out what stands under `#[cfg(test)]`: an item up to its closing brace, or a `mod name;`.
fn without_tests(code: &str) -> String {
    let mut out = String::with_capacity(code.len());
    let mut rest = code;
    while let Some((before, after)) = rest.split_once("#[cfg(test)]") {
        out.push_str(before);
        let mut depth = 0;
        let end = after
            .char_indices()
            .find(|(_, c)| {
                match c {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    _ => {}
                }
                depth == 0 && matches!(c, '}' | ';')
            })
            .map_or(after.len(), |(at, c)| at + c.len_utf8());
        out.extend(after[..end].chars().filter(|c| *c == '\n'));
        rest = &after[end..];
    }
    out + rest
}

#[test]
fn comments_texts_and_unit_tests_are_no_code() {
    let text = "//! axum::x\nuse serde::S; // sqlx::y\nlet a = \"lettre::z \\\" \"; let c = '\"'; let l: &'a str;\n\
                let r = r#\"clap::\" \"#; /* tokio:: */ server_fn::axum();\n#[cfg(test)]\nmod tests {\n fn f() { url::x() }\n}\nuuid::v()";
    let code = without_tests(&bare(text));
    let known: BTreeSet<String> =
        ["axum", "serde", "sqlx", "lettre", "clap", "tokio", "url", "uuid", "server_fn"].map(String::from).into();
    let source = Source { path: "src/a.rs".into(), text: text.into(), code };
    let crates: Vec<String> = source.crates(&known).into_iter().collect();
    assert_eq!(crates, ["serde", "server_fn", "uuid"]);
    assert_eq!(source.code.lines().count(), text.lines().count());
    assert_eq!(source.lines_with("uuid"), ["src/a.rs:9: uuid::v()"]);
}
