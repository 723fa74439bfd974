//! The tests of the project, in Rust and in the browser, each with what it refers to: above it, in it, or by its name.

use super::references;
use std::collections::BTreeSet;

/// A file and its tests.
pub struct File {
    pub path: String,
    /// What the words at the head of the file refer to, where the file is about tests only.
    pub head: BTreeSet<String>,
    pub tests: Vec<Test>,
}

pub struct Test {
    /// The function, or the title.
    pub name: String,
    pub refers_to: BTreeSet<String>,
}

impl File {
    pub fn read(path: &str, text: &str) -> Self {
        let (mark, begins, end): (&str, Begins, &str) = match path.ends_with(".ts") {
            true => ("//", title, "});"),
            false => ("//!", function, "}"),
        };
        let is_about_tests = path.starts_with("src/tests/") || path.ends_with(".ts");
        let head: Vec<&str> = text.lines().take_while(|line| is_about_tests && line.starts_with(mark)).collect();
        Self { path: path.into(), head: references::of(&head.join("\n")), tests: tests(text, begins, end) }
    }
}

/// What stands directly above a test's first line, its comments and attributes, and that line itself.
type Begins = fn(above: &[&str], line: &str) -> Option<String>;

fn tests(text: &str, begins: Begins, end: &str) -> Vec<Test> {
    let mut found = Vec::new();
    let mut above: Vec<&str> = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let bare = line.trim_start();
        if bare.starts_with("//") || bare.starts_with("#[") {
            above.push(line);
            continue;
        }
        if let Some(name) = begins(&above, bare) {
            let last = format!("{}{end}", &line[..line.len() - bare.len()]);
            let body: Vec<&str> = lines.by_ref().take_while(|line| *line != last).collect();
            let mut refers_to = references::of(&[above.join("\n"), body.join("\n")].join("\n"));
            refers_to.extend(references::of_name(&name));
            found.push(Test { name, refers_to });
        }
        above.clear();
    }
    found
}

/// `async fn name()` under `#[test]` or `#[tokio::test(…)]`.
fn function(above: &[&str], line: &str) -> Option<String> {
    let is_test = |line: &&str| line.trim().starts_with("#[") && (line.contains("test]") || line.contains("test("));
    let name = line.strip_prefix("async ").unwrap_or(line).strip_prefix("fn ")?;
    above.iter().any(is_test).then(|| name.split(['(', '<']).next().unwrap_or_default().to_string())
}

/// `test('title @where', …`.
fn title(_: &[&str], line: &str) -> Option<String> {
    let text = ["test(", "base("].iter().find_map(|call| line.strip_prefix(call))?;
    let quote = text.chars().next().filter(|c| "'\"`".contains(*c))?;
    let title = text[1..].split(quote).next()?;
    Some(title.split(" @").next().unwrap_or(title).to_string())
}

#[test]
fn tests_are_found_with_what_stands_above_and_in_them() {
    let text = "//! AU-01\n\n/// AU-02\n#[test]\nfn one_au_03() {\n    // AU-04\n}\n/// AU-05\nfn helper() {}\n\
                mod tests {\n    #[tokio::test]\n    async fn two() {\n        if x {\n        }\n    }\n    // AU-06\n}\n";
    let read = |tests: Vec<Test>| -> Vec<String> {
        tests.iter().map(|test| format!("{} {}", test.name, Vec::from_iter(test.refers_to.clone()).join(" "))).collect()
    };
    assert_eq!(read(tests(text, function, "}")), ["one_au_03 AU-02 AU-03 AU-04", "two "]);
    let text = "test.beforeEach(async () => {\n});\n// rule 7\ntest('a title @desktop-only', async () => {\n  // rule 8\n});\n";
    assert_eq!(read(tests(text, title, "});")), ["a title 7 8"]);
}
