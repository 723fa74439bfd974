//! Black-box tests: the installation as people, operators and attackers meet it, on SQLite and on Postgres.

mod api;
mod browser_surface;
mod bulk;
mod cli;
mod commits;
mod concurrency;
mod delivery;
mod doors;
mod endpoints;
mod faults;
mod import;
mod links;
mod mainjob;
mod organisation;
mod papers;
mod people;
mod plans;
mod policy_table;
mod presets;
mod structure;
mod support;
mod texts;
