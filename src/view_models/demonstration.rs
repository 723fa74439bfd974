//! What the page of a demonstration shows.

/// The time there, and as whom one can look around.
#[derive(Clone, Debug)]
pub struct DemonstrationView {
    pub organisation: String,
    /// The present there, in words.
    pub now: String,
    /// Everybody's.
    pub password: String,
    pub accounts: Vec<DemonstrationAccount>,
}

/// Somebody of a role.
#[derive(Clone, Debug)]
pub struct DemonstrationAccount {
    pub name: String,
    pub role: String,
    /// By what they sign in.
    pub username: String,
}
