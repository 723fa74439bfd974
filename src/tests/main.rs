//! Black-box tests: the installation as people, operators and attackers meet it, on SQLite and on Postgres.

mod cli;
mod delivery;
mod support;
