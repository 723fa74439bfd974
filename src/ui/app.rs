//! The document around everything, and the routes of the app. Pages are in `pages`, and know nothing of one another.

use super::components::{Avatar, Icon, Menu, MenuDivider, MenuLink};
use super::pages::{
    audit::AuditPage, error::MissingPage, invitations::InvitationsPage, invite::InvitePage, mailbox::MailboxPage,
    me::MePage, settings::SettingsPage, user::UserPage, users::UsersPage,
};
use super::session::{may_use, provide_session, viewer, words};
use crate::domain::permission::Permission;
use leptos::prelude::*;
use leptos_meta::{MetaTags, Title, provide_meta_context};
use leptos_router::components::{A, Route, Router, Routes};
use leptos_router::hooks::use_location;
use leptos_router::{SsrMode, path};

/// The pages of the app as they stand in addresses; `:id` is one part of any name.
pub const PAGES: [&str; 10] = [
    "/users",
    "/users/invite",
    "/users/:id",
    "/users/:id/edit",
    "/invitations",
    "/audit",
    "/mailbox",
    "/mailbox/:id",
    "/settings",
    "/me",
];

/// Whether a path leads to a page of the app.
pub fn is_page(path: &str) -> bool {
    let parts = |path: &str| path.trim_matches('/').split('/').map(str::to_string).collect::<Vec<_>>();
    let asked = parts(path);
    PAGES.iter().any(|page| {
        let page = parts(page);
        page.len() == asked.len() && page.iter().zip(&asked).all(|(one, other)| one == ":id" || one == other)
    })
}

/// Addresses of the build's files, and the theme: known to the server only.
#[derive(Clone, Debug)]
pub struct ShellSettings {
    pub theme: Option<&'static str>,
    pub script: String,
    pub wasm: String,
    pub style: String,
    pub helper: String,
    pub language: &'static str,
}

/// The document.
#[component]
pub fn Shell(settings: ShellSettings) -> impl IntoView {
    let nonce = leptos::nonce::use_nonce().map(|nonce| nonce.to_string());
    let start = format!(
        "import start, {{ hydrate }} from '{}'; start({{ module_or_path: '{}' }}).then(() => hydrate());",
        settings.script, settings.wasm
    );
    view! {
        <!DOCTYPE html>
        <html lang=settings.language data-theme=settings.theme>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <link rel="stylesheet" href=settings.style />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="manifest" href="/site.webmanifest" />
                <meta name="theme-color" media="(prefers-color-scheme: light)" content="#ffffff" />
                <meta name="theme-color" media="(prefers-color-scheme: dark)" content="#14171c" />
                <link rel="modulepreload" href=settings.script nonce=nonce.clone() />
                <link rel="preload" href=settings.wasm r#as="fetch" r#type="application/wasm" crossorigin="anonymous" />
                <script defer nonce=nonce.clone() src=settings.helper></script>
                <script type="module" nonce=nonce inner_html=start></script>
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// The app: the frame and, inside it, the page of the address.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    provide_session();
    let organisation = viewer().with_value(|viewer| viewer.organisation.clone());
    view! {
        <Title formatter=move |page: String| title(&page, &organisation) />
        <Router>
            <a class="skip-link" href="#main">{words().skip_to_content()}</a>
            <Frame />
            <main id="main" class="page">
                <Routes fallback=MissingPage>
                    <Route path=path!("/users") view=UsersPage ssr=SsrMode::Async />
                    <Route path=path!("/users/invite") view=InvitePage ssr=SsrMode::Async />
                    <Route path=path!("/users/:id") view=UserPage ssr=SsrMode::Async />
                    <Route path=path!("/users/:id/edit") view=UserPage ssr=SsrMode::Async />
                    <Route path=path!("/invitations") view=InvitationsPage ssr=SsrMode::Async />
                    <Route path=path!("/audit") view=AuditPage ssr=SsrMode::Async />
                    <Route path=path!("/mailbox") view=MailboxPage ssr=SsrMode::Async />
                    <Route path=path!("/mailbox/:id") view=MailboxPage ssr=SsrMode::Async />
                    <Route path=path!("/settings") view=SettingsPage ssr=SsrMode::Async />
                    <Route path=path!("/me") view=MePage ssr=SsrMode::Async />
                </Routes>
            </main>
        </Router>
    }
}

/// What stands in the window's title. The library writes it into the page as it is, so no text may close the tag (WB-08).
fn title(page: &str, organisation: &str) -> String {
    let whole = if page.is_empty() { organisation.to_string() } else { format!("{page} · {organisation}") };
    whole.replace('<', "‹")
}

/// The bar above every page: where one can go, and who one is.
#[component]
fn Frame() -> impl IntoView {
    let words = words();
    let path = use_location().pathname;
    let link = move |permission: Option<Permission>, href: &'static str, icon: &'static str, word: &'static str| {
        permission.is_none_or(may_use).then(|| {
            let current = move || path.get().starts_with(href).then_some("page");
            view! {
                <A href=href attr:aria-current=current>
                    <Icon name=icon />
                    <span>{word}</span>
                </A>
            }
        })
    };
    let (organisation, name, address, has_mailbox) = viewer().with_value(|viewer| {
        (viewer.organisation.clone(), viewer.name.clone(), viewer.address.clone(), viewer.has_mailbox)
    });
    view! {
        <header class="shell">
            <a class="brand" href="/" rel="external">
                <img src="/favicon.svg" alt="" width="24" height="24" />
                <span>{organisation}</span>
            </a>
            <nav class="shell-nav" aria-label=words.main_navigation()>
                {link(Some(Permission::SeeUsers), "/users", "users", words.users())}
                {link(Some(Permission::SeeInvitations), "/invitations", "mail", words.invitations())}
                {link(Some(Permission::SeeAudit), "/audit", "history", words.audit())}
                {has_mailbox.then(|| link(Some(Permission::SeeMailbox), "/mailbox", "inbox", words.mailbox()))}
                {link(Some(Permission::SeeSettings), "/settings", "settings", words.settings())}
            </nav>
            <div class="shell-account">
                <Menu id="account" label=words.account_menu(&name) face=view! { <Avatar name=name.clone() /> }.into_any()>
                    <p class="menu-heading" role="none">{address}</p>
                    <MenuLink href="/me" icon="user">{words.my_profile()}</MenuLink>
                    <MenuDivider />
                    <form method="post" action="/sign-out" role="none">
                        <super::components::MenuButton icon="log-out">{words.sign_out()}</super::components::MenuButton>
                    </form>
                </Menu>
            </div>
        </header>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_closes_the_title() {
        assert_eq!(title("Ivan", "ACME"), "Ivan · ACME");
        assert_eq!(title("", "</title><script>"), "‹/title>‹script>");
    }

    #[test]
    fn pages_are_known_by_their_shape() {
        for page in ["/users", "/users/invite", "/users/0190-x", "/users/0190-x/edit", "/me", "/users/"] {
            assert!(is_page(page), "{page}");
        }
        for other in ["/user", "/users/1/2", "/users/1/edit/x", "/admin", "/me/x"] {
            assert!(!is_page(other), "{other}");
        }
    }
}
