//! What is handed over to somebody with a login: where to sign in, also for the camera of their phone, the login, the temporary
//! password. Shown once, to copy and to print as a slip.

use crate::ui::components::{CopyButton, Fact, Facts, Icon};
use crate::ui::session::words;
use crate::view_models::UserCard;
use leptos::prelude::*;

/// The slip with a password that was made just now.
pub fn slip(card: &UserCard, password: String) -> Option<AnyView> {
    let words = words();
    let handed = card.handed.clone()?;
    let until =
        handed.temporary_until.map(|until| view! { <p title=until.exact.clone()>{words.slip_until(&until.exact)}</p> });
    let picture = handed.picture.map(|picture| {
        view! {
            <figure class="qr">
                <img src=picture alt=words.slip_picture() width="160" height="160" />
                <figcaption class="hint">{words.slip_picture_hint()}</figcaption>
            </figure>
        }
    });
    let (name, login) = (card.user.title().to_string(), card.user.login.clone().unwrap_or_default());
    Some(
        view! {
            <section class="card slip" aria-labelledby="slip" tabindex="-1" data-focus="">
                <h2 id="slip">{words.slip_title()}</h2>
                <p class="muted only-screen">{words.slip_once()}</p>
                <Facts>
                    <Fact label=words.full_name() value=name />
                    <Fact label=words.slip_where()><span class="mono" id="slip-address">{handed.address}</span></Fact>
                    <Fact label=words.login()><span class="mono" id="slip-login">{login}</span></Fact>
                    <Fact label=words.slip_password()><strong class="mono" id="slip-password">{password}</strong></Fact>
                </Facts>
                {until}
                {picture}
                <div class="toolbar">
                    <CopyButton of="slip-password" copy=words.slip_copy_password() copied=words.copied() />
                    <CopyButton of="slip-address slip-login slip-password" copy=words.slip_copy_all() copied=words.copied() />
                    <button type="button" class="button by-script" data-print="">
                        <Icon name="download" />
                        {words.slip_print()}
                    </button>
                </div>
            </section>
        }
        .into_any(),
    )
}

/// That somebody has not come in with their temporary password yet.
pub fn waits(card: &UserCard) -> Option<AnyView> {
    let words = words();
    let handed = card.handed.as_ref()?;
    let until = handed.temporary_until.as_ref()?;
    let text = if handed.is_over { words.temporary_over().to_string() } else { words.temporary_waits(&until.exact) };
    Some(view! { <p class="muted">{text}</p> }.into_any())
}
