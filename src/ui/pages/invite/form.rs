//! The form itself: its result so far, the text field, the rows, what holds for everyone, and the buttons. Without script it is
//! a plain form; in the browser whatever is typed becomes rows at once, sending happens in place, and what stands in it is kept.

use super::InviteVisit;
use super::everyone::{self, Everyone, role_choices, role_titles, typed_or};
use super::judging::Judging;
use super::result;
use super::review::{ReviewList, tally};
use super::row::EditedRow;
use super::rows::{RowSignal, RowSignals, Tidied};
use super::wire::{self, Fields};
use crate::domain::address_guard::own_domain;
use crate::domain::contact::Channel;
use crate::domain::error::{Invalid, UseCaseError};
use crate::domain::id::{DraftId, UserId};
use crate::domain::permission::Permission;
use crate::domain::review::{Hold, InviteDraft, MOST_IN_A_FORM, RowCounts, RowKind, RowRules};
use crate::domain::settings::InvitesBy;
use crate::server_fns::invitations::{Invite, SendNow, TakeBack, invite_page};
use crate::ui::components::{Choice, ErrorSummary, Icon, TextField};
use crate::ui::pages::letter;
use crate::ui::pages::parts::left_by;
use crate::ui::pages::users::desk::InvitePlace;
use crate::ui::session::{viewer, viewer_mark, words};
use crate::view_models::{Flash, InviteOptions, InvitePageData, LeftInForm, Viewer};
use leptos::ev::{Event, FocusEvent, KeyboardEvent, SubmitEvent};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlElement, HtmlFormElement, HtmlInputElement, HtmlTextAreaElement, InputEvent};
use std::collections::BTreeSet;
use std::time::Duration;

const PATH: &str = Invite::PATH;
const FORM: &str = "invite-form";

/// The button that adds people without inviting them.
const ONLY_ADD: &str = "only_add";

/// How long typing has to pause before what it came to is shown, and before it is kept.
const PAUSE: Duration = Duration::from_millis(150);
const KEEP_AFTER: Duration = Duration::from_millis(600);

/// What was sent, as the last answer said.
#[derive(Clone, PartialEq)]
struct SentSoFar {
    draft: InviteDraft,
    hold: Option<Hold>,
}

/// All that moves in the form.
#[derive(Clone)]
struct InviteDesk {
    rows: RowSignals,
    everyone: RwSignal<Everyone>,
    /// What stands in the text field, as rows that it would make.
    pending: RwSignal<Vec<EditedRow>>,
    sent: RwSignal<Option<SentSoFar>>,
    refused: RwSignal<Option<UseCaseError>>,
    is_sending: RwSignal<bool>,
    /// Whoever leaves is asked what becomes of what they typed.
    is_leaving: RwSignal<bool>,
    /// What stood here before is here again.
    is_restored: RwSignal<bool>,
    judging: Judging,
    version: StoredValue<u64>,
    /// The personal message that needs no keeping: none, or what was sent.
    calm_text: StoredValue<String>,
    options: StoredValue<InviteOptions>,
    /// Whoever invites; outside of what is drawn nobody could be asked who that is.
    viewer: StoredValue<Viewer>,
    person: UserId,
    visit: InviteVisit,
}

/// How many of the lines that were set aside are shown.
const MOST_LINES_ASIDE: usize = 50;

/// The form with what the last request left in it.
#[component]
pub fn InviteForm(page: InvitePageData) -> impl IntoView {
    let words = words();
    let InvitePageData { options, left, .. } = page;
    let note =
        left_by(&[PATH, TakeBack::PATH, SendNow::PATH]).filter(|note| note.refusal.is_some()).unwrap_or_default();
    let (id, draft, hold) = match left {
        Some(LeftInForm { id, draft, hold }) => (Some(id), Some(draft), hold),
        None => (None, None, None),
    };
    let first = Everyone::at_first(&options, draft.as_ref(), &note);
    let calm_text = draft.as_ref().map(|draft| draft.personal_text.clone()).unwrap_or_default();
    let addresses = typed_or(&note, "addresses", draft.as_ref().map(|draft| draft.rest.clone()).unwrap_or_default());
    let (kept_rows, more) = draft.as_ref().map(|draft| (draft.rows.clone(), draft.more)).unwrap_or_default();
    let rows =
        RowSignals::new(kept_rows, more, row_rules(options.invites_by), role_titles(), options.units.found.len() > 1);
    if let Some(draft) = &draft {
        rows.tidied.set(Tidied { cleaned: draft.cleaned, folded: draft.folded });
        rows.aside.set(draft.unused.clone());
    }
    let everyone = RwSignal::new(first.clone());
    let desk = InviteDesk {
        rows,
        everyone,
        pending: RwSignal::new(Vec::new()),
        sent: RwSignal::new(draft.map(|draft| SentSoFar { draft, hold })),
        refused: RwSignal::new(note.refusal.clone()),
        is_sending: RwSignal::new(false),
        is_leaving: RwSignal::new(false),
        is_restored: RwSignal::new(false),
        judging: Judging::new(rows, everyone),
        version: StoredValue::new(0),
        calm_text: StoredValue::new(calm_text),
        options: StoredValue::new(options.clone()),
        viewer: viewer(),
        person: viewer().with_value(|viewer| viewer.user_id.clone()),
        visit: expect_context::<InviteVisit>(),
    };
    desk.wake();
    let (sent, refused, is_sending) = (desk.sent, desk.refused, desk.is_sending);
    let kept_as = RwSignal::new(id);
    let visit_draft = desk.visit.draft;
    Effect::new(move || {
        if let Some(draft) = visit_draft.get() {
            kept_as.set(Some(DraftId::new(draft)));
        }
    });
    let counts = Memo::new({
        let pending = desk.pending;
        move |_| {
            let mut counts = rows.counts();
            pending.with(|pending| pending.iter().filter_map(EditedRow::kind).for_each(|kind| counts.add(kind, 1)));
            counts
        }
    });
    let stay = move || {
        let counts = counts.get();
        let stay = counts.all() - counts.ready;
        if stay > 0 { words.invite_stay(stay) } else { String::new() }
    };
    let news = move || {
        let said = sent.with(|sent| sent.as_ref().map(sent_words)).unwrap_or_default();
        spoken(rows.counts(), said)
    };
    let why_not = move || refused.get().map(|refusal| view! { <div id="why-not">{summary(&refusal)}</div> });
    let result = move || {
        sent.get().map(|SentSoFar { draft, hold }| {
            let InviteDraft { sent, sent_in_all, stopped, only_adds, .. } = draft;
            // After sending, the result takes the focus; after a mere look it stays where it was.
            let was_sent = sent_in_all > 0 || stopped.is_some();
            was_sent.then(|| {
                view! {
                    <div class="stack" tabindex="-1" data-focus="">
                        {stopped.map(result::stopped)}
                        {(sent_in_all > 0)
                            .then(|| match only_adds {
                                true => result::added(&sent, sent_in_all).into_any(),
                                false => result::sent(sent, sent_in_all, hold),
                            })}
                    </div>
                }
            })
        })
    };
    let heading = move || {
        let people = words.invite_rows(rows.counts().all());
        let was_sent = sent.with(|sent| sent.as_ref().is_some_and(|sent| sent.draft.sent_in_all > 0));
        if was_sent { format!("{}: {people}", words.invite_not_sent()) } else { people }
    };
    let roles =
        std::iter::once(Choice::new("", words.invite_as_for_everyone())).chain(role_choices()).collect::<Vec<_>>();
    // Whoever is kept and not shown goes with the form by the name of what keeps them.
    let kept = move || {
        let id = kept_as.get().filter(|_| rows.more.get().all() > 0);
        id.map(|id| view! { <input type="hidden" name="kept" value=id.to_string() /> })
    };
    let beyond = move || {
        let (more, hidden) = (rows.more.get(), rows.hidden());
        let (ready, waiting) = (more.ready + hidden, more.all() - more.ready);
        view! {
            {(ready > 0).then(|| view! { <p class="muted">{words.invite_more_ready(ready)}</p> })}
            {(waiting > 0).then(|| view! { <p class="muted">{words.invite_more_waiting(waiting)}</p> })}
        }
    };
    let tidied = move || {
        let Tidied { cleaned, folded } = rows.tidied.get();
        let said = result::tidied(cleaned, folded);
        (!said.is_empty()).then(|| view! { <p class="muted">{said}</p> })
    };
    let aside = move || {
        rows.aside.with(|aside| {
            (!aside.is_empty()).then(|| {
                let lines = aside.iter().take(MOST_LINES_ASIDE).map(|line| view! { <li>{line.clone()}</li> });
                let more = aside.len().saturating_sub(MOST_LINES_ASIDE);
                view! {
                    <div class="muted">
                        <p>{words.invite_aside()}</p>
                        <ul>{lines.collect_view()}</ul>
                        {(more > 0).then(|| view! { <p>{words.invite_and_more(more)}</p> })}
                    </div>
                }
            })
        })
    };
    let has_rows = Memo::new(move |_| rows.counts().all() > 0 || !rows.is_empty());
    let review = view! {
        <div class="stack tight" hidden=move || !has_rows.get()>
            <div class="review-summary">
                <h2>{heading}</h2>
                {move || tally(rows.counts())}
            </div>
            <ReviewList rows=rows roles=roles />
            {kept}
            {beyond}
            {tidied}
        </div>
        {aside}
    };
    let typed_verdict = {
        let pending = desk.pending;
        move || pending.with(|pending| what_is_typed(pending))
    };
    let read_back = {
        let options = desk.options;
        move || options.with_value(|options| everyone.with(|everyone| everyone.summary(options)))
    };
    let restored = {
        let desk = desk.clone();
        move || {
            let desk = desk.clone();
            desk.is_restored.get().then(|| {
                view! {
                    <div class="cluster">
                        <p class="muted" role="status">{words.invite_restored()}</p>
                        <button type="button" class="button quiet small" on:click=move |_| desk.start_afresh()>
                            {words.invite_start_afresh()}
                        </button>
                    </div>
                }
            })
        }
    };
    let add = {
        let desk = desk.clone();
        move |_| {
            let key = desk.rows.add_empty();
            set_timeout(move || focus(&format!("#row-{key} input[name$='[typed]']")), Duration::ZERO);
        }
    };
    let cancel = {
        let desk = desk.clone();
        move |event: leptos::ev::MouseEvent| desk.cancel(&event)
    };
    let leaving = {
        let desk = desk.clone();
        move || desk.is_leaving.get().then(|| desk.leaving())
    };
    // Known from now on, invited later (rule 20).
    let adds_people = options.adds_people.then(|| {
        view! {
            <button class="button" id="add-only" name=ONLY_ADD value="on" disabled=move || is_sending.get()>
                {words.invite_only_add()}
            </button>
        }
    });
    let label = match options.invites_by.includes(Channel::Sms) {
        true => words.invite_addresses_or_numbers(),
        false => words.invite_addresses(),
    };
    let pointer = StoredValue::new(Pointer::Up);
    let (on_submit, on_input, on_change, on_key, on_left, on_lifted, on_cancelled) =
        (desk.clone(), desk.clone(), desk.clone(), desk.clone(), desk.clone(), desk.clone(), desk.clone());
    view! {
        <form
            class="stack wide"
            id=FORM
            method="post"
            action=PATH
            autocomplete="off"
            on:submit=move |event| on_submit.submit(&event)
            on:input=move |event| on_input.typed(&event)
            on:change=move |event| on_change.answered(&event)
            on:keydown=move |event| on_key.pressed(&event)
            on:focusout=move |event| on_left.left(&event, pointer)
            on:pointerdown=move |_| pointer.set_value(Pointer::Down)
            on:pointerup=move |_| on_lifted.lifted(pointer)
            on:pointercancel=move |_| on_cancelled.lifted(pointer)
        >
            // The first button is the one that Enter presses: it must send nothing and take nothing back.
            <button class="visually-hidden" tabindex="-1" aria-hidden="true" name="only_check" value="on"></button>
            <p class="visually-hidden" id="news" role="status">{news}</p>
            {why_not}
            <div class="stack" id="result">{result}</div>
            <div class="stack tight">
                {restored}
                <TextField
                    label=label
                    name="addresses"
                    value=addresses
                    hint=words.invite_addresses_hint()
                    rows=3
                    mono=true
                />
                <div class="review-summary" id="typed-verdict">{typed_verdict}</div>
                <p class="meta needs-script">{words.invite_enter_adds()}</p>
                <div class="cluster">
                    <button class="button" id="check" name="only_check" value="on">{words.invite_check()}</button>
                    <button type="button" class="button quiet needs-script" on:click=add>
                        <Icon name="plus" />
                        <span>{words.invite_add_person()}</span>
                    </button>
                </div>
            </div>
            {review}
            {everyone::fields(&options, &first, everyone)}
            {letter::unfolding(words.preview_email(), words.preview_hint(), "/users/invite/letter", None)}
            <p class="muted" id="read-back">{read_back}</p>
            <div class="actions sticky bar">
                {leaving}
                <button
                    class="button primary"
                    id="send"
                    aria-busy=move || is_sending.get().then_some("true")
                    disabled=move || is_sending.get()
                >
                    <Icon name="send" />
                    <span id="send-label">{move || words.invite_send(counts.get().ready)}</span>
                </button>
                {adds_people}
                <a class="button" href="/users" data-cancel="" on:click=cancel>{words.cancel()}</a>
                <span class="muted only-desk" id="stay">{stay}</span>
            </div>
        </form>
    }
}

/// By what rows are judged at once.
fn row_rules(invites_by: InvitesBy) -> RowRules {
    let own_domains = viewer().with_value(|viewer| own_domain(&viewer.address)).into_iter().collect();
    RowRules { own_domains, invites_by }
}

/// Why nothing was sent, with the way to the field.
pub fn summary(refusal: &UseCaseError) -> impl IntoView + use<> {
    let words = words();
    let field = match refusal {
        UseCaseError::Invalid(Invalid::NobodyToInvite | Invalid::TooManyToInvite { .. }) => "#addresses",
        UseCaseError::Invalid(Invalid::PersonalTextTooLong { .. }) => "#personal_text",
        UseCaseError::Invalid(Invalid::Validity) => "#valid_for",
        UseCaseError::Invalid(Invalid::Unit | Invalid::UnitInside { .. }) | UseCaseError::NotFound => "#unit",
        UseCaseError::Invalid(Invalid::Language) => "#language",
        UseCaseError::Invalid(_) | UseCaseError::Denied(_) => "#role",
        _ => "",
    };
    let said = words.refusal(refusal);
    let line = match refusal {
        // In another window: what stands here stays here.
        UseCaseError::SignInFirst => view! {
            {said} " " <a href="/sign-in" target="_blank" rel="external">{words.sign_in()}</a> " " {words.invite_sign_in_elsewhere()}
        }
        .into_any(),
        _ if field.is_empty() => said.into_any(),
        _ => view! { <a href=field rel="external">{said}</a> }.into_any(),
    };
    view! {
        <ErrorSummary title=words.refusal_title(refusal)>
            <li>{line}</li>
        </ErrorSummary>
    }
}

/// How many were invited or added, and how that is said.
fn sent_words(SentSoFar { draft, hold }: &SentSoFar) -> (usize, String) {
    let (words, n) = (words(), draft.sent_in_all);
    let said = match hold {
        _ if draft.only_adds => words.invite_added(n),
        Some(_) => words.invite_held(n),
        None => words.invite_sent(n),
    };
    (n, said)
}

/// What screen readers hear when the rows have come.
fn spoken(counts: RowCounts, (sent, said): (usize, String)) -> String {
    let words = words();
    let RowCounts { ready, to_check, to_fix, here, later } = counts;
    let counts = [
        (sent, said),
        (ready, words.invite_ready(ready)),
        (to_check, words.invite_to_check(to_check)),
        (to_fix, words.invite_to_fix(to_fix)),
        (here, words.invite_set_aside(here)),
        (later, words.invite_later(later)),
    ];
    counts.into_iter().filter(|(n, _)| *n > 0).map(|(_, text)| text).collect::<Vec<_>>().join(", ")
}

/// What is thought of what stands in the text field. Of one address that is still being typed nothing bad is said.
fn what_is_typed(pending: &[EditedRow]) -> AnyView {
    use crate::domain::review::Verdict;
    let words = words();
    match pending {
        [] => ().into_any(),
        [one] => match &one.verdict {
            Verdict::Misspelt { meant } => {
                view! { <span class="tone-text-warn">{words.invite_row_misspelt(meant)}</span> }.into_any()
            }
            Verdict::Ready => view! { <span>{one.goes_to()} " · " {words.invite_row_ready()}</span> }.into_any(),
            _ => ().into_any(),
        },
        many => {
            let mut counts = RowCounts::default();
            many.iter().filter_map(EditedRow::kind).for_each(|kind: RowKind| counts.add(kind, 1));
            view! { <span>{words.invite_rows(many.len())}</span> {tally(counts)} }.into_any()
        }
    }
}

/// Where the pointer is: rows that appear while it is down would push away what is being pressed.
#[derive(Clone, Copy, PartialEq)]
enum Pointer {
    Up,
    Down,
    /// Down, and there is something to read when it comes up.
    Awaited,
}

impl InviteDesk {
    /// Comes to life in the browser: what was typed before is read, what was kept comes back.
    fn wake(&self) {
        let desk = self.clone();
        let is_dialog = use_context::<InvitePlace>().is_some_and(|place| place.is_dialog.get_untracked());
        Effect::new(move |_| {
            let woken = desk.clone();
            // Behind the moment in which all of it is put into the page, and a dialog opened.
            set_timeout(
                move || {
                    if woken.everyone.try_get_untracked().is_none() {
                        return;
                    }
                    woken.read_form();
                    woken.restore();
                    woken.look_at_text();
                    woken.judging.soon();
                    if is_dialog {
                        focus("#addresses");
                    }
                },
                Duration::ZERO,
            );
            let leaving = desk.clone();
            let guard = window_event_listener(leptos::ev::beforeunload, move |event| {
                if leaving.is_dirty() {
                    leaving.keep();
                    event.prevent_default();
                }
            });
            let leaving = desk.clone();
            on_cleanup(move || {
                guard.remove();
                leaving.keep();
            });
        });
    }

    /// Whether something stands here that nobody has been sent.
    fn is_dirty(&self) -> bool {
        let is_typed = text_field().is_some_and(|field| !field.value().trim().is_empty());
        let text = field_of_text("personal_text").map(|field| field.value().trim().to_string()).unwrap_or_default();
        let is_message = !text.is_empty() && self.calm_text.try_with_value(|calm| *calm != text) == Some(true);
        is_typed || is_message || self.rows.all().iter().any(|row| row.state.with_untracked(|row| row.kind().is_some()))
    }

    /// Takes in whatever the fields say.
    fn read_form(&self) {
        let Some(form) = form() else { return };
        let fields = wire::fields_of(&form);
        for (name, value) in &fields {
            if let Some((key, field)) = wire::row_field(name)
                && let Some(row) = self.rows.find(key)
            {
                let is_field = element_named(name).is_some_and(|field| field.type_() == "text");
                self.take_answer(&row, field, value, true, is_field);
            }
        }
        self.everyone.set(Everyone::read(&fields));
    }

    /// What was answered in a field of a row.
    fn take_answer(&self, row: &RowSignal, field: &str, value: &str, is_checked: bool, is_text: bool) {
        match field {
            "role" if row.state.with_untracked(|state| state.role == value) => {}
            "role" => self.rows.change(row, |state| state.give_role(value)),
            "dropped" => self.rows.change(row, |state| state.is_dropped = is_checked),
            "address" | "typed" if is_text => {
                let is_new = row.state.with_untracked(|state| state.typed != value);
                if is_new && !(field == "address" && value.is_empty()) {
                    self.rows.retype(row, value);
                    self.show_name(row);
                }
            }
            "name" if is_text && row.state.with_untracked(|state| state.name != value) => {
                self.rows.change(row, |state| value.clone_into(&mut state.name));
            }
            // What was offered for the number takes its place, in the field, too.
            "number" if is_checked => {
                if let Some(field) = element_named(&format!("rows[{}][phone]", row.key)) {
                    field.set_value(value);
                }
                self.rows.renumber(row, value);
            }
            "phone" if is_text && row.state.with_untracked(|state| state.phone != value) => {
                self.rows.renumber(row, value);
            }
            "address" if row.state.with_untracked(|state| state.verdict.asks() || state.has_open_field()) => {
                self.rows.change(row, |state| state.choose(is_checked.then(|| value.to_string())));
            }
            _ => {}
        }
    }

    /// A name that was typed with the address stands in its own field, too, unless another one was typed there.
    fn show_name(&self, row: &RowSignal) {
        let field = element_named(&format!("rows[{}][name]", row.key));
        if let Some(field) = field.filter(|field| field.type_() == "text" && field.value().is_empty()) {
            row.state.with_untracked(|state| field.set_value(&state.name));
        }
    }

    /// The fields as they would be sent, without those that cannot be given.
    fn fields(&self) -> Fields {
        let fields = form().map(|form| wire::fields_of(&form)).unwrap_or_default();
        let now = self.everyone.try_get_untracked().unwrap_or_default();
        let may = |code: &str| {
            Permission::from_code(code)
                .is_none_or(|extra| self.options.with_value(|options| now.may_give(options, self.viewer, extra)))
        };
        fields.into_iter().filter(|(name, value)| name != "extra[]" || may(value)).collect()
    }

    fn states(&self) -> Vec<EditedRow> {
        self.rows.all().iter().map(|row| row.state.get_untracked()).collect()
    }

    /// Something changed: it is looked at, and kept, when it pauses.
    fn touched(&self) {
        self.judging.soon();
        let version = self.version.try_update_value(|version| {
            *version += 1;
            *version
        });
        let desk = self.clone();
        set_timeout(
            move || {
                if desk.version.try_get_value() == version {
                    desk.keep();
                }
            },
            KEEP_AFTER,
        );
    }

    /// Keeps what stands here in the open tab, or forgets it where nothing does.
    fn keep(&self) {
        if form().is_none() {
            return;
        }
        if !self.is_dirty() {
            return wire::forget(&self.person);
        }
        let mut fields = wire::with_rows(&self.fields(), &self.states());
        fields.retain(|(name, _)| !matches!(name.as_str(), "after" | "kept"));
        if let Some(field) = text_field() {
            fields.push(("addresses".into(), field.value()));
        }
        if let Some(draft) = self.visit.draft_now() {
            fields.push(("draft".into(), draft));
        }
        wire::keep(&self.person, &fields);
    }

    /// What was kept comes back, unless it belongs to another form.
    fn restore(&self) {
        let Some(fields) = wire::kept(&self.person) else { return };
        let get = |wanted: &str| fields.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.clone());
        let (of, here) = (get("draft"), self.visit.draft_now());
        if here.is_some() && of != here {
            return;
        }
        let states = wire::rows_in(&fields, &self.rows.rules());
        let before = self.rows.all().len();
        if here.is_some() {
            // The server has these rows, too: as they were left here is newer.
            self.rows.clear_shown();
        }
        self.rows.restore(states);
        let mut came_back = false;
        for name in ["addresses", "personal_text"] {
            if let (Some(field), Some(value)) = (field_of_text(name), get(name))
                && field.value().is_empty()
                && !value.is_empty()
            {
                field.set_value(&value);
                came_back = true;
            }
        }
        if get("proposed").unwrap_or_default() == self.everyone.with_untracked(|everyone| everyone.proposed.clone()) {
            set_answers(&fields);
        }
        self.everyone.set(form().map(|form| Everyone::read(&wire::fields_of(&form))).unwrap_or_default());
        self.is_restored.set((came_back || self.rows.all().len() > before) && here.is_none());
    }

    /// Begins with an empty form.
    fn start_afresh(&self) {
        self.rows.clear();
        for name in ["addresses", "personal_text"] {
            if let Some(field) = field_of_text(name) {
                field.set_value("");
            }
        }
        let empty = self.options.with_value(|options| Everyone::at_first(options, None, &Flash::default()));
        set_answers(&empty.answers());
        self.everyone.set(empty);
        self.pending.set(Vec::new());
        self.is_restored.set(false);
        wire::forget(&self.person);
        focus("#addresses");
    }

    /// Shows what stands in the text field.
    fn look_at_text(&self) {
        let text = text_field().map(|field| field.value()).unwrap_or_default();
        let pending = self.rows.preview(&text);
        if self.pending.with_untracked(|now| *now != pending) {
            self.pending.set(pending);
        }
    }

    /// Whatever stands in the text field becomes rows. `false` where they would be too many: it stays there.
    fn take_text(&self) -> bool {
        let Some(field) = text_field() else { return true };
        let text = field.value();
        if text.trim().is_empty() {
            return true;
        }
        if !self.rows.take(&text) {
            self.refused.set(Some(Invalid::TooManyToInvite { most: MOST_IN_A_FORM }.into()));
            return false;
        }
        field.set_value("");
        self.pending.set(Vec::new());
        self.touched();
        true
    }

    fn typed(&self, event: &Event) {
        let field: HtmlInputElement = event_target(event);
        let name = field.name();
        if name == "addresses" {
            // What was pasted is read without being asked.
            let is_pasted = event.dyn_ref::<InputEvent>().is_some_and(|event| event.input_type() == "insertFromPaste");
            if is_pasted {
                self.take_text();
                return;
            }
            let desk = self.clone();
            let version = self.version.try_update_value(|version| {
                *version += 1;
                *version
            });
            set_timeout(
                move || {
                    if desk.version.try_get_value() == version {
                        desk.look_at_text();
                        desk.touched();
                    }
                },
                PAUSE,
            );
        } else if let Some((key, of)) = wire::row_field(&name)
            && field.type_() == "text"
            && let Some(row) = self.rows.find(key)
        {
            self.take_answer(&row, of, &field.value(), true, true);
            self.touched();
        } else if name == "personal_text" {
            let text = field.value();
            self.everyone.update(|everyone| everyone.personal_text = text);
            self.touched();
        }
    }

    fn answered(&self, event: &Event) {
        let field: HtmlInputElement = event_target(event);
        let name = field.name();
        if let Some((key, of)) = wire::row_field(&name) {
            let is_text = field.type_() == "text";
            if let Some(row) = self.rows.find(key).filter(|_| !is_text) {
                self.take_answer(&row, of, &field.value(), field.checked() || of == "role", false);
            }
        } else if name != "addresses"
            && name != "look"
            && let Some(form) = form()
        {
            let now = Everyone::read(&wire::fields_of(&form));
            let moves = self.everyone.with_untracked(|before| before.units != now.units);
            self.everyone.set(now);
            if moves {
                // Who is here already is another question elsewhere.
                self.rows.unsettle();
            }
        }
        self.touched();
    }

    /// Enter behind one address that stands alone sends it (rule 5), behind others it makes rows of them; with Ctrl all of it is
    /// sent. A line of its own is begun with Shift.
    fn pressed(&self, event: &KeyboardEvent) {
        let field: Element = event_target(event);
        if event.key() != "Enter" || event.shift_key() || event.is_composing() {
            return;
        }
        if field.id() == "addresses" {
            event.prevent_default();
            let text = text_field().map(|field| field.value()).unwrap_or_default();
            let pending = self.rows.preview(&text);
            let is_alone = pending.len() == 1 && self.rows.all().is_empty() && pending[0].goes();
            if event.ctrl_key() || event.meta_key() || is_alone {
                self.send(&[]);
            } else {
                self.take_text();
            }
        } else if field.closest(".review").ok().flatten().is_some() && field.tag_name() == "INPUT" {
            // A row is done: the next one can be typed.
            event.prevent_default();
            if let Ok(field) = field.dyn_into::<HtmlElement>() {
                let _ = field.blur();
            }
            focus("#addresses");
        }
    }

    /// What was typed becomes rows when its field is left for another one; on the way to a button, that button says what
    /// happens.
    fn left(&self, event: &FocusEvent, pointer: StoredValue<Pointer>) {
        let field: Element = event_target(event);
        let next = event.related_target().and_then(|next| next.dyn_into::<Element>().ok());
        if let Some((key, _)) = field.get_attribute("name").as_deref().and_then(wire::row_field)
            && let Some(row) = self.rows.find(key)
        {
            self.rows.split(&row);
            // On to the other field of the same person.
            let next = next.as_ref().and_then(|next| next.get_attribute("name"));
            if next.as_deref().and_then(wire::row_field).is_some_and(|(other, _)| other == key) {
                return;
            }
            // What is in order needs no open field any more.
            if row.state.with_untracked(EditedRow::goes) && field.tag_name() == "INPUT" {
                let is_open = row.is_open.clone();
                set_timeout(move || is_open.set(false), Duration::from_millis(200));
            }
            return;
        }
        let is_field = next.is_some_and(|next| matches(&next, "form :is(input,select,textarea)"));
        if field.id() != "addresses" || !is_field {
            return;
        }
        match pointer.try_get_value() {
            Some(Pointer::Up) => {
                self.take_text();
            }
            Some(_) => {
                pointer.try_update_value(|pointer| *pointer = Pointer::Awaited);
            }
            None => {}
        }
    }

    fn lifted(&self, pointer: StoredValue<Pointer>) {
        if pointer.try_get_value() == Some(Pointer::Awaited) {
            let desk = self.clone();
            // Behind the click that comes of it.
            set_timeout(
                move || {
                    desk.take_text();
                },
                Duration::ZERO,
            );
        }
        pointer.try_update_value(|pointer| *pointer = Pointer::Up);
    }

    fn submit(&self, event: &SubmitEvent) {
        let button = event.submitter();
        let of = |name: &str| button.as_ref().and_then(|button| button.get_attribute(name));
        // What is looked at in a frame leaves the form where it is.
        if of("formtarget").is_some() {
            return;
        }
        event.prevent_default();
        match (of("formaction"), of("name").as_deref()) {
            (Some(path), _) => self.act_on_sent(path, of("value").unwrap_or_default()),
            (None, Some("only_check")) => {
                self.take_text();
                self.judging.soon();
            }
            (None, Some(ONLY_ADD)) => self.send(&[(ONLY_ADD.into(), "on".into())]),
            _ => self.send(&[]),
        }
    }

    /// Takes back what is held, or lets it leave now.
    fn act_on_sent(&self, path: String, id: String) {
        if self.is_sending.get_untracked() {
            return;
        }
        self.is_sending.set(true);
        let desk = self.clone();
        let typed = text_field().map(|field| field.value()).unwrap_or_default();
        let body = wire::encoded(&[("id".into(), id), ("addresses".into(), typed)]);
        spawn_local(async move {
            let answer = wire::send(&path, body).await;
            desk.take_in(answer, &BTreeSet::new()).await;
        });
    }

    /// Sends the form as it stands, with what its button says.
    fn send(&self, button: &[(String, String)]) {
        if self.is_sending.get_untracked() || !self.take_text() {
            return;
        }
        let rows: Vec<RowSignal> = self.rows.all();
        let states: Vec<EditedRow> =
            rows.iter().map(|row| row.state.get_untracked()).filter(|row| row.kind().is_some()).collect();
        if states.is_empty() && self.rows.more.with_untracked(|more| more.all() == 0) {
            self.refused.set(None);
            self.refused.set(Some(Invalid::NobodyToInvite.into()));
            return;
        }
        let sent: BTreeSet<u32> = rows.iter().map(|row| row.key).collect();
        let mut fields = wire::with_rows(&self.fields(), &states);
        fields.extend_from_slice(button);
        let body = wire::encoded(&fields);
        self.keep();
        self.is_sending.set(true);
        let desk = self.clone();
        spawn_local(async move {
            let answer = wire::send(PATH, body).await;
            desk.take_in(answer, &sent).await;
        });
    }

    /// Takes in what came of a sending; where nothing did, all of it still stands here.
    async fn take_in(self, answer: Result<String, UseCaseError>, sent: &BTreeSet<u32>) {
        let answer = match answer {
            Ok(address) => match invite_page(address.clone(), viewer_mark()).await {
                Ok(answer) => Ok((address, answer.page)),
                Err(refusal) => Err(refusal),
            },
            Err(refusal) => Err(refusal),
        };
        // Whoever has gone on to another page wants to know nothing more of this one.
        if self.is_sending.try_set(false).is_some() {
            return;
        }
        let (address, page) = match answer {
            Ok(answer) => answer,
            Err(refusal) => {
                self.refused.set(None);
                return self.refused.set(Some(refusal));
            }
        };
        self.refused.set(None);
        self.visit.place_changed();
        let Some(LeftInForm { draft, hold, .. }) = page.left else { return };
        if draft.progress.is_some() {
            // The whole page is another one.
            wire::forget(&self.person);
            self.rows.clear();
            return self.visit.go_again(&address);
        }
        self.calm_text.set_value(draft.personal_text.clone());
        self.rows.sent(sent, draft.rows.clone(), draft.more);
        self.sent.set(Some(SentSoFar { draft, hold }));
        self.is_restored.set(false);
        self.visit.stand_at(&address);
        self.keep();
    }

    /// Leaves, or asks first what becomes of what was typed.
    fn cancel(&self, event: &leptos::ev::MouseEvent) {
        if event.ctrl_key() || event.meta_key() || event.shift_key() {
            return;
        }
        event.prevent_default();
        if self.is_dirty() && !self.is_leaving.get_untracked() {
            self.is_leaving.set(true);
            set_timeout(|| focus("#keep-draft"), Duration::ZERO);
        } else {
            self.is_leaving.set(false);
            self.visit.leave();
        }
    }

    /// What becomes of what was typed.
    fn leaving(&self) -> impl IntoView + use<> {
        let words = words();
        let (keep, discard, stay) = (self.clone(), self.clone(), self.clone());
        view! {
            <div class="leaving" role="group" aria-labelledby="leaving-title">
                <p id="leaving-title">{words.invite_leaving()}</p>
                <div class="cluster">
                    <button
                        type="button"
                        class="button"
                        id="keep-draft"
                        on:click=move |_| {
                            keep.keep();
                            keep.visit.leave();
                        }
                    >
                        {words.invite_keep_draft()}
                    </button>
                    <button
                        type="button"
                        class="button"
                        on:click=move |_| {
                            discard.start_afresh();
                            discard.visit.leave();
                        }
                    >
                        {words.invite_discard()}
                    </button>
                    <button type="button" class="button quiet" on:click=move |_| stay.is_leaving.set(false)>
                        {words.invite_go_on()}
                    </button>
                </div>
            </div>
        }
    }
}

fn form() -> Option<HtmlFormElement> {
    document().get_element_by_id(FORM)?.dyn_into().ok()
}

fn text_field() -> Option<HtmlTextAreaElement> {
    field_of_text("addresses")
}

fn field_of_text(name: &str) -> Option<HtmlTextAreaElement> {
    document().get_element_by_id(name)?.dyn_into().ok()
}

fn element_named(name: &str) -> Option<HtmlInputElement> {
    document().query_selector(&format!("[name=\"{name}\"]")).ok()??.dyn_into().ok()
}

fn focus(which: &str) {
    if let Ok(Some(element)) = document().query_selector(which)
        && let Ok(element) = element.dyn_into::<HtmlElement>()
    {
        let _ = element.focus();
    }
}

fn matches(element: &Element, which: &str) -> bool {
    element.matches(which).unwrap_or(false)
}

/// Puts answers back into the fields that hold for everyone.
fn set_answers(fields: &[(String, String)]) {
    let Some(form) = form() else { return };
    let all = form.elements();
    for at in 0..all.length() {
        // A select has a value as an input has, so one type serves both.
        let Some(field) = all.item(at).map(JsCast::unchecked_into::<HtmlInputElement>) else { continue };
        if !matches!(
            field.get_attribute("name").as_deref(),
            Some("units[]" | "extra[]" | "role" | "language" | "valid_for")
        ) {
            continue;
        }
        let mut values = fields.iter().filter(|(name, _)| *name == field.name()).map(|(_, value)| value);
        match field.type_().as_str() {
            "checkbox" | "radio" => field.set_checked(values.any(|value| *value == field.value())),
            "hidden" => {}
            _ => {
                if let Some(value) = values.next() {
                    field.set_value(value);
                }
            }
        }
    }
}
