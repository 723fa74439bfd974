//! Many at the same moment: real tasks racing on both databases, and one outcome that a single order of things explains
//! (CO-01 to CO-05).

mod acceptance;
mod administrators;
mod inviters;
