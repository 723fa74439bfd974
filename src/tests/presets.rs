//! The kinds of organisation, each from its first page to its people at work, and what the text of each asks for beside
//! (the numbers are those of its rules). Everything is done over HTTP; messages are those that a relay got.

mod agreements;
mod booking;
mod both_ways;
mod credentials;
mod demonstration;
mod dispatch;
mod journey;
mod learning;
mod logins;
mod office;
mod portal;
mod school;
mod walls;

use usher::domain::preset::{PRESETS, Preset};
use usher::domain::settings::Setting;
use usher::words::Language;

/// The table of the README: what each kind of organisation starts with, where they differ. When it fails, it prints the right one.
#[test]
fn the_readme_says_what_each_kind_of_organisation_starts_with() {
    let words = Language::English;
    let name = |preset: &Preset| words.preset(preset.key).0;
    let names: Vec<&str> = PRESETS.iter().map(|preset| name(preset)).collect();
    let mut table = format!("| | {} |\n|--{}|\n", names.join(" | "), "|--".repeat(names.len()));
    for setting in Setting::ALL {
        let values: Vec<String> =
            PRESETS.iter().map(|preset| words.setting_value(setting, &setting.read(&preset.settings()))).collect();
        if values.iter().any(|value| *value != values[0]) {
            table.push_str(&format!("| {} | {} |\n", words.setting(setting), values.join(" | ")));
        }
    }
    let readme = include_str!("../../README.md");
    assert!(readme.contains(&table), "README.md needs this table:\n{table}");
}
