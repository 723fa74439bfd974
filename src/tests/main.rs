//! Black-box tests: the installation as people, operators and attackers meet it, on SQLite and on Postgres.

mod browser_surface;
mod cli;
mod delivery;
mod doors;
mod house;
mod links;
mod mainjob;
mod support;
