//! The papers that comments refer to: the rules by number (`rule 88`), the checks and faults by letters (`IN-09`, `H-39`), the
//! walks through the code by names. Every reference leads to a line of a paper, and of every line the tables say which tests
//! show it; what no test shows stands there as open.

#![doc = include_str!("checks.md")]

mod references;
mod shown;

use crate::structure::{root, texts};
use shown::File;
use std::collections::BTreeSet;
use std::fs;

const RULES: &str = "src/domain/rules.md";
const CHECKS: &str = "src/tests/checks.md";
const ARCHITECTURE: &str = "src/architecture.md";

/// Everything in which somebody may refer to a paper; the tests in here only try how that is read.
fn everything() -> Vec<(String, String)> {
    let folders = ["src", "migrations", "scripts", "style", "end2end"];
    let mut found = texts(&folders, &["rs", "sql", "sh", "mjs", "css", "ts"]);
    found.retain(|(path, _)| !path.starts_with("src/tests/papers"));
    found
}

fn read(paper: &str) -> String {
    fs::read_to_string(root().join(paper)).expect(paper)
}

/// The names of the lines of a paper's tables, in their order: `53`, `AU-04`.
fn names(paper: &str) -> Vec<String> {
    let text = read(paper);
    let first = text.lines().filter_map(|line| line.strip_prefix("| ")?.split_once(" | ")).map(|(first, _)| first);
    first.filter(|name| name.chars().any(|c| c.is_ascii_digit())).map(String::from).collect()
}

fn is_fault(name: &str) -> bool {
    name.find('-') == Some(1)
}

#[test]
fn no_file_refers_to_a_paper_that_is_not_here() {
    let known: BTreeSet<String> = names(RULES).into_iter().chain(names(CHECKS)).collect();
    let mut problems = Vec::new();
    for (path, text) in everything() {
        let unknown = references::of(&text).into_iter().filter(|name| !known.contains(name));
        problems.extend(unknown.map(|name| format!("{path} refers to {name}")));
        let papers = text.lines().filter(|line| names_a_missing_paper(line));
        problems.extend(papers.map(|line| format!("{path}: {}", line.trim())));
    }
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}

/// A file that is not here, or a paragraph of something that is.
fn names_a_missing_paper(line: &str) -> bool {
    let marks = ["//", "--", "/*", "# "];
    let comment = marks.iter().find_map(|mark| line.split_once(mark)).map_or("", |(_, rest)| rest);
    let mut words = comment.split(|c: char| !(c.is_alphanumeric() || "._-/".contains(c)));
    let is_missing = |word: &str| word.ends_with(".md") && !root().join(word.trim_start_matches('/')).exists();
    // A mark of a list that is no paper of the project.
    let is_mark = |word: &str| {
        let number = word.strip_prefix(['C', 'P']).unwrap_or_default();
        (1..=2).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit())
    };
    words.any(|word| is_missing(word) || is_mark(word)) || line.contains('\u{a7}')
}

#[test]
fn every_line_of_a_paper_has_a_name_of_its_own_and_every_fault_is_named_somewhere() {
    let (rules, checks) = (names(RULES), names(CHECKS));
    assert_eq!(rules, (1..=95).map(|number| number.to_string()).collect::<Vec<_>>());
    assert_eq!(checks.iter().collect::<BTreeSet<_>>().len(), checks.len());
    let named: BTreeSet<String> = everything().iter().flat_map(|(_, text)| references::of(text)).collect();
    let idle: Vec<_> = checks.iter().filter(|name| is_fault(name) && !named.contains(*name)).collect();
    assert!(idle.is_empty(), "nothing names {idle:?}");
}

/// What the walks name as `server::use_cases::invite::invite` is there.
#[test]
fn the_walks_through_the_code_name_what_is_there() {
    let text = read(ARCHITECTURE);
    let mut problems = Vec::new();
    for name in text.split('`').skip(1).step_by(2).filter(|name| name.contains("::")) {
        let file = |path: &str| fs::read_to_string(root().join(format!("src/{}.rs", path.replace("::", "/"))));
        let (module, item) = name.rsplit_once("::").unwrap_or_default();
        let kinds = ["fn ", "struct ", "enum ", "const "];
        let is_item = |text: &str| kinds.iter().any(|kind| text.contains(&format!("{kind}{item}")));
        if file(name).is_err() && !file(module).is_ok_and(|text| is_item(&text)) {
            problems.push(name);
        }
    }
    assert!(problems.is_empty(), "{problems:?}");
}

/// Which tests show a rule, and which a check; what loses its last test turns up as open.
#[test]
fn rules_and_checks_are_shown_by_the_tests_of_the_table() {
    let files: Vec<File> = everything().iter().map(|(path, text)| File::read(path, text)).collect();
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("rules", table(RULES, &files));
        insta::assert_snapshot!("checks", table(CHECKS, &files));
    });
}

fn table(paper: &str, files: &[File]) -> String {
    let names = names(paper);
    let shown: Vec<Vec<String>> = names.iter().map(|name| tests_of(name, files)).collect();
    let open: Vec<&str> = names.iter().zip(&shown).filter(|(_, by)| by.is_empty()).map(|(name, _)| &**name).collect();
    let mut lines = vec![format!("Open are {} of {}: {}", open.len(), names.len(), open.join(", "))];
    for (name, by) in names.iter().zip(&shown) {
        lines.push(format!("\n{name}"));
        lines.extend(by.iter().map(|test| format!("  {test}")));
        lines.extend(by.is_empty().then(|| "  open".to_string()));
    }
    lines.join("\n")
}

/// The tests that refer to a line of a paper; a file that does so at its head does it for all of its tests.
fn tests_of(name: &str, files: &[File]) -> Vec<String> {
    let mut lines = Vec::new();
    for file in files.iter().filter(|file| !file.tests.is_empty()) {
        if file.head.contains(name) {
            lines.push(format!("{}: every test", file.path));
            continue;
        }
        let tests = file.tests.iter().filter(|test| test.refers_to.contains(name));
        lines.extend(tests.map(|test| format!("{}: {}", file.path, test.name)));
    }
    lines
}
