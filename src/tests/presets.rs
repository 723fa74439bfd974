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
