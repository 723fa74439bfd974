//! What a letter on paper says that hands an invitation over.

use crate::words::Language;

/// One letter, in the words of whoever it is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrintedLetter {
    pub language: Language,
    /// Of whoever is invited; may be empty.
    pub name: String,
    pub address: String,
    pub inviter: String,
    pub organisation: String,
    /// As what, and where.
    pub offers: Vec<String>,
    pub until: String,
    pub link: String,
    /// The address of the link as a picture.
    pub picture: String,
    /// What can be typed instead of the link, and on which page.
    pub code: String,
    pub code_page: String,
}
