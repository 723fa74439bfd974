//! A refusal in the words of both languages, for a page that shows it in place. The browser never calls it: it would have to
//! know every refusal there is.

use super::field_of;
use crate::domain::error::UseCaseError;
use crate::view_models::{InEachLanguage, SpokenRefusal};

/// The refusal as its form's page says it.
pub fn spoken(refusal: &UseCaseError) -> SpokenRefusal {
    SpokenRefusal {
        field: field_of(refusal).map(String::from),
        said: InEachLanguage::new(|language| language.refusal(refusal)),
        phone_meant: refusal.phone_asked_about(),
    }
}
