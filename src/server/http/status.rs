//! Which HTTP status an error of a use case answers with, and when another try makes sense. Nothing else maps the two.

use crate::domain::error::UseCaseError;
use crate::domain::invitation::DeadLink;
use crate::domain::role::RoleRefused;
use axum::http::StatusCode;

/// The status code that goes with an error.
pub fn status_of(error: &UseCaseError) -> StatusCode {
    match error {
        UseCaseError::SignInFirst | UseCaseError::PasswordFirst => StatusCode::UNAUTHORIZED,
        UseCaseError::WrongCredentials
        | UseCaseError::WrongSetUpCode
        | UseCaseError::WrongMailCode
        | UseCaseError::MailCodeExpired
        | UseCaseError::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
        UseCaseError::AccessBlocked
        | UseCaseError::MobileOnly
        | UseCaseError::TemporaryPasswordEnded
        | UseCaseError::Denied(_)
        | UseCaseError::CrossSite => StatusCode::FORBIDDEN,
        UseCaseError::NotFound | UseCaseError::PersonGone { .. } => StatusCode::NOT_FOUND,
        UseCaseError::Conflict(_) | UseCaseError::AlreadySetUp | UseCaseError::NameTaken { .. } => StatusCode::CONFLICT,
        UseCaseError::Role(refused) => of_role(refused),
        UseCaseError::DeadLink(DeadLink::Damaged) => StatusCode::NOT_FOUND,
        UseCaseError::DeadLink(_) => StatusCode::GONE,
        UseCaseError::TooMany { .. } | UseCaseError::PhoneChangedTooOften { .. } | UseCaseError::Rests(_) => {
            StatusCode::TOO_MANY_REQUESTS
        }
        UseCaseError::Busy
        | UseCaseError::DatabaseAway
        | UseCaseError::NoRoom
        | UseCaseError::StorageFails
        | UseCaseError::Unsure
        | UseCaseError::Offline => StatusCode::SERVICE_UNAVAILABLE,
        UseCaseError::Unreadable => StatusCode::BAD_REQUEST,
        UseCaseError::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
        UseCaseError::OtherName { .. } => StatusCode::MISDIRECTED_REQUEST,
        UseCaseError::Broken { .. } => StatusCode::INTERNAL_SERVER_ERROR,
        UseCaseError::NotSent { .. } => StatusCode::FAILED_DEPENDENCY,
    }
}

fn of_role(refused: &RoleRefused) -> StatusCode {
    match refused {
        RoleRefused::Unknown => StatusCode::NOT_FOUND,
        _ if refused.is_beyond() => StatusCode::FORBIDDEN,
        _ => StatusCode::CONFLICT,
    }
}
