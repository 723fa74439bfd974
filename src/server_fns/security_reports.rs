//! Asking for a security report by mail; to read one is a page.

use crate::domain::error::UseCaseError;
use crate::domain::id::UserId;
use leptos::prelude::*;

/// Sends the report about a person to whoever asks.
#[server(prefix = "/api", endpoint = "request-report")]
pub async fn request_report(id: UserId) -> Result<(), UseCaseError> {
    use crate::server::{http::asked, use_cases::security_reports};
    let (app, caller) = asked::signed_in()?;
    asked::answer(security_reports::send_of_person(&app, &caller, &id).await)
}

/// Sends the report about everybody in a unit to whoever asks; without one, in the first that they see.
#[server(prefix = "/api", endpoint = "request-unit-report")]
pub async fn request_unit_report(#[server(default)] unit: String) -> Result<(), UseCaseError> {
    use crate::domain::id::UnitId;
    use crate::server::{http::asked, use_cases::security_reports};
    let (app, caller) = asked::signed_in()?;
    let unit = UnitId::given(unit);
    asked::answer(security_reports::send_of_unit(&app, &caller, unit.as_ref()).await)
}
