//! The document around everything, and the routes of the app. Pages are in `pages`, and know nothing of one another.

use super::around::AroundPage;
use super::components::{Avatar, DemonstrationBar, Icon, Menu, MenuDivider, MenuLink};
use super::forms::call::{CallAnswer, call, fields_of};
use super::forms::in_place::InPlace;
use super::keys::{OpenOverlay, Overlay};
use super::pages::error::MissingPage;
use super::pages::lazy::{InviteRoute, RestRoute};
use super::pages::users::desk::UsersDesk;
use super::session::{may_use, provide_session, speak, track_viewer, viewer, words};
use crate::domain::listing::query_value;
use crate::domain::permission::Permission;
use crate::domain::policy::scope_section;
use crate::server_fns::profile::ChooseLanguage;
use crate::words::Language;
use leptos::ev::SubmitEvent;
use leptos::html::Main;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos::task::spawn_local;
use leptos_meta::{MetaTags, Title, provide_meta_context};
use leptos_router::components::{A, ParentRoute, Route, Router, Routes};
use leptos_router::hooks::use_location;
use leptos_router::{Lazy, SsrMode, path};

/// Addresses of the build's files, and the theme: known to the server only.
#[derive(Clone, Debug)]
pub struct ShellSettings {
    pub theme: Option<&'static str>,
    pub script: String,
    pub wasm: String,
    /// What loads the other files of the browser's half.
    pub loader: String,
    /// Those of them that the page needs.
    pub chunks: Vec<String>,
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
                <link rel="modulepreload" href=settings.loader nonce=nonce.clone() />
                {std::iter::once(settings.wasm).chain(settings.chunks).map(preload).collect_view()}
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

fn preload(wasm: String) -> impl IntoView {
    view! { <link rel="preload" href=wasm r#as="fetch" r#type="application/wasm" crossorigin="anonymous" /> }
}

/// The app: the frame and, inside it, the page of the address.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    provide_session();
    let organisation = viewer().with_value(|viewer| viewer.organisation.clone());
    let in_place = InPlace::provide();
    let open = OpenOverlay(RwSignal::new(None));
    provide_context(open);
    let voice = Voice(RwSignal::new(0));
    provide_context(voice);
    // Whoever chooses another language hears it from the next page on, in the voice of that language.
    Effect::new(move || {
        track_viewer();
        if let Some(root) = document().document_element() {
            let _ = root.set_attribute("lang", words().code());
        }
    });
    view! {
        <Title formatter=move |page: String| title(&page, &organisation) />
        <Router>
            <a class="skip-link" href="#main">{words().skip_to_content()}</a>
            {move || {
                track_viewer();
                view! { <Frame /> }
            }}
            {move || {
                // In another language all of the page is another.
                voice.0.track();
                view! { <AppMain in_place=in_place /> }
            }}
            <AroundPage in_place=in_place open=open />
            {move || {
                voice.0.track();
                view! { <UnsavedQuestion /> }
            }}
        </Router>
    }
}

/// What is asked of whoever leaves a form with something in it; the script of every page opens it (public/usher.js).
#[component]
fn UnsavedQuestion() -> impl IntoView {
    let words = words();
    let path = use_location().pathname;
    // One element, and none beside the table, in which nothing is typed; what stands in it is made when it is asked.
    move || {
        (path.get() != "/users").then(|| {
            view! {
                <dialog
                    id="unsaved"
                    data-title=words.leave_unsaved()
                    data-text=words.leave_unsaved_text()
                    data-stay=words.stay_here()
                    data-leave=words.discard()
                ></dialog>
            }
        })
    }
}

/// Goes up when the viewer has chosen another language.
#[derive(Clone, Copy, Debug)]
struct Voice(RwSignal<u32>);

/// The page itself. Whoever comes to another one by a link comes to its beginning, with the keyboard and with a screen reader
///.
#[component]
fn AppMain(in_place: InPlace) -> impl IntoView {
    in_place.remember_served();
    let place = NodeRef::<Main>::new();
    let path = use_location().pathname;
    Effect::new(move |last: Option<String>| {
        let path = path.get();
        if last.is_some_and(|last| last != path && !is_one_over_the_other(&last, &path))
            && let Some(place) = place.get_untracked()
        {
            let _ = place.focus();
        }
        path
    });
    view! {
            <main id="main" class="page" tabindex="-1" node_ref=place on:submit=in_place.submit()>
                <Routes fallback=MissingPage>
                    <ParentRoute path=path!("/users") view=UsersDesk ssr=SsrMode::Async>
                        <Route path=path!("") view=|| () />
                        <Route path=path!("/invite") view={Lazy::<InviteRoute>::new()} />
                        <Route path=path!("/many/:id") view={Lazy::<RestRoute>::new()} />
                    </ParentRoute>
                    <Route path=path!("/*any") view={Lazy::<RestRoute>::new()} ssr=SsrMode::Async />
                </Routes>
            </main>
    }
}

/// Whether one of two pages lies over the other, which stays where it is and knows where the focus was.
fn is_one_over_the_other(one: &str, other: &str) -> bool {
    let is_one = |path: &str| matches!(path, "/users" | "/users/invite") || path.starts_with("/users/many/");
    is_one(one) && is_one(other)
}

/// What stands in the window's title. The library writes it into the page as it is, so no text may close the tag (WB-08).
fn title(page: &str, organisation: &str) -> String {
    let whole = if page.is_empty() { organisation.to_string() } else { format!("{page} · {organisation}") };
    whole.replace('<', "‹")
}

/// The bar above every page: where one can go, which part of the tree one looks at, and who one is.
#[component]
fn Frame() -> impl IntoView {
    let words = words();
    let location = use_location();
    let path = location.pathname;
    // Narrowed to a unit, every section is.
    let unit = Memo::new(move |_| location.search.with(|search| query_value(search, "unit")));
    let narrowed = move |href: &str| match unit.get() {
        Some(unit) => format!("{href}?unit={unit}"),
        None => href.to_string(),
    };
    let link = move |permission: Option<Permission>,
                     href: &'static str,
                     icon: &'static str,
                     word: &'static str,
                     is_rare: bool| {
        permission.is_none_or(may_use).then(|| {
            let current = move || path.get().starts_with(href).then_some("page");
            let address = move || {
                if matches!(href, "/users" | "/invitations" | "/shifts" | "/audit") {
                    narrowed(href)
                } else {
                    href.into()
                }
            };
            view! {
                <A href=address attr:aria-current=current attr:class=is_rare.then_some("rare")>
                    <Icon name=icon />
                    <span>{word}</span>
                </A>
            }
        })
    };
    let (organisation, name, address) =
        viewer().with_value(|viewer| (viewer.organisation.clone(), viewer.name.clone(), viewer.address.clone()));
    let (has_mailbox, plans_shifts) = viewer().with_value(|viewer| (viewer.has_mailbox, viewer.plans_shifts));
    let rare = move |permission, href: &'static str, icon: &'static str, word: &'static str| {
        may_use(permission).then(
            || view! { <span class="only-phone" role="none"><MenuLink href=href icon=icon>{word}</MenuLink></span> },
        )
    };
    let overlay = use_context::<OpenOverlay>();
    let show_help = move |_| {
        if let Some(OpenOverlay(open)) = overlay {
            open.set(Some(Overlay::Help));
        }
    };
    let is_demonstration = viewer().with_value(|viewer| viewer.is_demonstration);
    view! {
        {is_demonstration.then(|| view! { <DemonstrationBar text=words.demonstration_bar() /> })}
        <header class="shell">
            <a class="brand" href="/">
                <img src="/favicon.svg" alt="" width="24" height="24" />
                <span>{organisation}</span>
            </a>
            <nav class="shell-nav" aria-label=words.main_navigation()>
                {link(Some(Permission::SeeUsers), "/users", "users", words.users(), false)}
                {link(Some(Permission::SeeUnits), "/units", "building", words.units(), false)}
                {link(Some(Permission::SeeInvitations), "/invitations", "mail", words.invitations(), false)}
                {plans_shifts.then(|| link(None, "/shifts", "clock", words.shifts(), false))}
                {link(Some(Permission::SeeAudit), "/audit", "history", words.audit(), true)}
                {has_mailbox.then(|| link(Some(Permission::SeeMailbox), "/mailbox", "inbox", words.mailbox(), true))}
                {link(Some(Permission::SeeSettings), "/settings", "settings", words.settings(), true)}
            </nav>
            <div class="shell-account">
                <ScopeSwitcher unit=unit path=path />
                <Menu id="account" label=words.account_menu(&name) face=view! { <Avatar name=name.clone() /> }.into_any()>
                    <p class="menu-heading" role="none">{address}</p>
                    {rare(Permission::SeeAudit, "/audit", "history", words.audit())}
                    {has_mailbox.then(|| rare(Permission::SeeMailbox, "/mailbox", "inbox", words.mailbox()))}
                    {rare(Permission::SeeSettings, "/settings", "settings", words.settings())}
                    <MenuLink href="/me" icon="user">{words.my_profile()}</MenuLink>
                    <button class="menu-item by-script" type="button" role="menuitem" on:click=show_help>
                        <Icon name="info" />
                        <span>{words.help_and_keys()}</span>
                    </button>
                    <MenuDivider />
                    <LanguageItems />
                    <ThemeItems />
                    <MenuDivider />
                    <form method="post" action="/sign-out" role="none">
                        <super::components::MenuButton icon="log-out">{words.sign_out()}</super::components::MenuButton>
                    </form>
                </Menu>
            </div>
        </header>
    }
}

/// The languages; the page changes into the chosen one where it stands, and what was typed stays (public/usher.js).
#[component]
fn LanguageItems() -> impl IntoView {
    let words = words();
    let (in_place, voice) = (use_context::<InPlace>(), use_context::<Voice>());
    let choose = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(body) = fields_of(&event) else { return };
        let chosen = query_value(&body, "language").and_then(|code| Language::read(&code));
        spawn_local(async move {
            match (call(ChooseLanguage::PATH, body).await.map(CallAnswer::read), chosen) {
                (Ok(Some(mark)), Some(chosen)) => {
                    speak(chosen, mark);
                    if let Some(Voice(voice)) = voice {
                        voice.update(|voice| *voice += 1);
                    }
                }
                (Err(refusal), _) => {
                    if let Some(in_place) = in_place {
                        in_place.problem.set(Some(refusal));
                    }
                }
                _ => {}
            }
        });
    };
    let items = Language::ALL.map(|one| {
        view! {
            <button
                class="menu-item"
                role="menuitemradio"
                aria-checked=(one == words).to_string()
                name="language"
                value=one.code()
                lang=one.code()
            >
                {one.own_name()}
            </button>
        }
    });
    view! {
        <form method="post" action=ChooseLanguage::PATH role="group" class="menu-choice" aria-label=words.page_language() on:submit=choose>
            {items.into_iter().collect_view()}
        </form>
    }
}

/// The themes, kept in this browser; the script of every page puts the chosen one on where it stands.
#[component]
fn ThemeItems() -> impl IntoView {
    let words = words();
    let items = words.themes().map(|(theme, word)| {
        view! {
            <button class="menu-item" role="menuitemradio" name="theme" value=theme>
                {word}
            </button>
        }
    });
    view! {
        <form method="post" action="/theme" role="group" class="menu-choice" aria-label=words.own_theme()>
            {items.into_iter().collect_view()}
        </form>
    }
}

/// Which part of the tree one looks at, for whoever sees more than one unit: everything, or one unit and what is below it.
#[component]
fn ScopeSwitcher(unit: Memo<Option<String>>, path: Memo<String>) -> impl IntoView {
    let words = words();
    let scopes = viewer().with_value(|viewer| viewer.scopes.clone());
    (scopes.len() > 1).then(|| {
        // Sections stay; whatever is about one thing gives way to the list of people.
        let by = viewer().with_value(|viewer| scope_section(&viewer.authority));
        let section = move || match path.get().trim_matches('/') {
            _ if by == Permission::SeeShifts => "/shifts".to_string(),
            here @ ("users" | "invitations" | "shifts" | "audit") => format!("/{here}"),
            _ => "/users".to_string(),
        };
        // Whoever stands at two places sees one of them at a time: there is no list of both.
        let is_one = viewer().with_value(|viewer| viewer.authority.reach(by).len() == 1);
        let first = scopes.first().map(|scope| scope.name.clone()).unwrap_or_default();
        let known = scopes.clone();
        let name = move || match unit.get() {
            None if is_one => words.everywhere().to_string(),
            None => first.clone(),
            Some(id) => {
                let scope = known.iter().find(|scope| scope.id.as_str() == id);
                scope.map_or_else(|| words.units().to_string(), |scope| scope.name.clone())
            }
        };
        let face = view! { <span class="desk">{name}</span> <Icon name="chevron-down" /> }.into_any();
        let all = is_one.then(|| view! { <MenuLink href=section>{words.everywhere()}</MenuLink> });
        let links = scopes
            .into_iter()
            .map(|scope| {
                let id = scope.id.to_string();
                view! { <MenuLink href=move || format!("{}?unit={id}", section()) icon="building">{scope.name}</MenuLink> }
            })
            .collect_view();
        view! {
            <Menu id="desks" label=words.look_only_at() face=face>
                {all}
                {links}
                {may_use(Permission::SeeUnits).then(|| view! { <MenuDivider /> <MenuLink href="/units">{words.all_units()}</MenuLink> })}
            </Menu>
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_closes_the_title() {
        assert_eq!(title("Ivan", "ACME"), "Ivan · ACME");
        assert_eq!(title("", "</title><script>"), "‹/title>‹script>");
    }
}
