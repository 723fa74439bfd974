//! An unlucky day: rows that nobody can read, a disk without room, a database that is away, a clock that jumps, more writers
//! than one. What is done then is said, nothing is guessed, and it heals by itself where it can.

mod away;
mod clock;
mod corrupt;
mod full;
mod gone;
mod halfway;
mod long;
mod power;
mod queue;
