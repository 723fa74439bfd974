//! The form itself: its result so far, the text field, the rows, what holds for everyone, and the buttons. Without script it is
//! a plain form; in the browser whatever is typed becomes rows at once (`typing`), sending happens in place (`sending`), and what stands
//! in it is kept (`keeping`).

mod dom;
mod keeping;
mod sending;
mod typing;

use super::InviteVisit;
use super::everyone::{self, Everyone, role_choices, role_titles, typed_or};
use super::judging::Judging;
use super::result;
use super::review::{ReviewList, tally};
use super::row::EditedRow;
use super::rows::{RowSignals, Tidied};
use crate::domain::address_guard::own_domain;
use crate::domain::contact::Channel;
use crate::domain::error::{Invalid, UseCaseError};
use crate::domain::id::{DraftId, UserId};
use crate::domain::review::{Hold, InviteDraft, RowCounts, RowKind, RowRules};
use crate::server_fns::invitations::{Invite, SendNow, TakeBack};
use crate::ui::components::{Choice, ErrorSummary, Icon, Notice, TextField, Tone};
use crate::ui::pages::letter;
use crate::ui::pages::parts::left_by;
use crate::ui::pages::users::desk::InvitePlace;
use crate::ui::session::{viewer, words};
use crate::view_models::{InviteOptions, InvitePageData, LeftInForm, Viewer};
use dom::focus;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use std::time::Duration;

const PATH: &str = Invite::PATH;
const FORM: &str = "invite-form";

/// The button that adds people without inviting them.
const ONLY_ADD: &str = "only_add";

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
    let rows = RowSignals::new(kept_rows, more, row_rules(&options), role_titles(), options.units.found.len() > 1);
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
    // Drawn anew every time: the script of every page has changed the last one when its time was over.
    let sendings = StoredValue::new(0_u32);
    let each_sending = move || {
        let nth = sendings.try_update_value(|nth| {
            *nth += 1;
            *nth
        });
        sent.get().map(|sent| (nth.unwrap_or_default(), sent)).into_iter().collect::<Vec<_>>()
    };
    let result = view! {
        <For each=each_sending key=|(nth, _)| *nth children=|(_, sent)| what_came_of(sent) />
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
                {move || tally(rows.counts(), move |kind| rows.first_of(kind))}
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
                    <Notice tone=Tone::Info icon="history">
                        <div class="cluster">
                            <p role="status">{words.invite_restored()}</p>
                            <button type="button" class="button small" on:click=move |_| desk.start_afresh()>
                                {words.invite_start_afresh()}
                            </button>
                        </div>
                    </Notice>
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
    // What was sent is not called off by leaving.
    let leave = move || {
        let was_sent = sent.with(|sent| sent.as_ref().is_some_and(|sent| sent.draft.sent_in_all > 0));
        if was_sent { words.close() } else { words.cancel() }
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
            data-kept=""
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
                    starred=true
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
                <a class="button" href="/users" data-cancel="" on:click=cancel>{leave}</a>
                <span class="muted only-desk" id="stay">{stay}</span>
            </div>
        </form>
    }
}

/// By what rows are judged at once.
fn row_rules(options: &InviteOptions) -> RowRules {
    let own_domains = viewer().with_value(|viewer| own_domain(&viewer.address)).into_iter().collect();
    RowRules { own_domains, invites_by: options.invites_by, calling_code: options.calling_code.clone() }
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
            view! { <span>{words.invite_rows(many.len())}</span> {tally(counts, |_| None)} }.into_any()
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

/// What a sending came to; nothing of a mere look. The result takes the focus.
fn what_came_of(SentSoFar { draft, hold }: SentSoFar) -> impl IntoView {
    let InviteDraft { sent, sent_in_all, stopped, only_adds, .. } = draft;
    (sent_in_all > 0 || stopped.is_some()).then(|| {
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
