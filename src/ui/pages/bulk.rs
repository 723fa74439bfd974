//! One action for many people: the question before it is done, how far it is, and the report. Over the table where that is open,
//! a page by itself where it is not, and without script.

use crate::domain::bulk::{BulkOutcome, BulkState, ROUND_GROUPS, asks_for_number, run_address, taken_back_by};
use crate::domain::error::{Conflict, Invalid, UseCaseError};
use crate::domain::user::{Status, UserAction};
use crate::server_fns::bulk::{HurryBulk, SelectPeople, StartBulk, StopBulk};
use crate::server_fns::pages::{PageAnswer, read_page};
use crate::ui::components::{
    CheckField, Choice, Dialog, DialogActions, Field, Icon, Notice, RadioGroup, SelectField, TextField, Tone,
};
use crate::ui::forms::in_place::InPlace;
use crate::ui::forms::plain::{Note, PlainAnswer};
use crate::ui::pages::parts::given_by_two;
use crate::ui::pages::users::closest;
use crate::ui::session::{assignable_roles, endings, viewer, viewer_mark, vocabulary, words};
use crate::view_models::{BulkGroup, BulkPage, PageData, UnitRef};
use leptos::ev::Event;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::HtmlInputElement;
use std::time::Duration;

/// What stands in the window's title.
pub fn title(page: &BulkPage) -> String {
    match page.state {
        BulkState::Over => done(page),
        _ => action(page).into(),
    }
}

/// To how many it was done, or of how many it was taken back.
fn done(page: &BulkPage) -> String {
    let (words, people) = (words(), page.people(BulkOutcome::Done));
    match page.takes_back {
        true => words.bulk_undone(page.action, people),
        false => words.bulk_done(vocabulary(), page.action, people),
    }
}

/// What is done.
fn action(page: &BulkPage) -> &'static str {
    let words = words();
    if page.takes_back { words.bulk_take_back() } else { words.bulk_action(vocabulary(), page.action) }
}

/// Its inside.
pub fn page(page: BulkPage) -> AnyView {
    match page.state {
        BulkState::Collecting | BulkState::Asked => question(page),
        BulkState::UnderWay => view! { <UnderWay page=page /> }.into_any(),
        BulkState::Over | BulkState::Stopped => report(page),
    }
}

/// The field of the question to which a refusal belongs.
fn field_of(refusal: &UseCaseError) -> &'static str {
    match refusal {
        UseCaseError::Conflict(Conflict::NumberNotConfirmed) => "number",
        UseCaseError::Invalid(Invalid::PersonalTextTooLong { .. }) => "reason",
        UseCaseError::Invalid(Invalid::Role) => "role-0",
        UseCaseError::Invalid(Invalid::Unit) => "unit",
        _ => "",
    }
}

/// The fields that say which run is meant, and where one came from.
fn about(page: &BulkPage) -> impl IntoView + use<> {
    view! {
        <input type="hidden" name="id" value=page.id.to_string() />
        <input type="hidden" name="list" value=page.list.clone() />
    }
}

fn question(page: BulkPage) -> AnyView {
    let words = words();
    let people = page.to_come();
    let passed_over = passed_over(&page, true);
    if people == 0 {
        return view! {
            <Dialog id="bulk" title=words.bulk_nobody() text=words.bulk_nobody_text() wide=true>
                {passed_over}
                <DialogActions cancel_href=page.list cancel=words.close()>""</DialogActions>
            </Dialog>
        }
        .into_any();
    }
    let bin_days = viewer().with_value(|viewer| viewer.bin_days);
    let [title, text, button] = match page.takes_back {
        true => words.bulk_undo_question(page.action, people),
        false => words.bulk_question(vocabulary(), page.action, people, bin_days),
    };
    let shifts = match page.action {
        UserAction::AddPlace if page.takes_back => Some(words.tell_many_leave_shifts()),
        UserAction::Block | UserAction::Archive | UserAction::Delete => Some(words.tell_many_leave_shifts()),
        UserAction::Unblock => Some(words.shifts_stay_empty()),
        _ => None,
    };
    let shifts = shifts.filter(|_| viewer().with_value(|viewer| viewer.plans_shifts));
    let text = shifts.map_or(text.clone(), |shifts| format!("{text} {shifts}"));
    // How many it is, the boxes say.
    let title = if has_choice(&page) { words.many_send_whom().into() } else { title };
    // Nor who it is, while boxes say who it will be.
    let whom = page.groups.iter().find(|group| group.outcome == BulkOutcome::Ready && !has_choice(&page));
    let whom = whom.map(|group| view! { <p id="whom">{names(group)}</p> });
    let form = answer_form(&page, people, button, words.cancel());
    view! {
        <Dialog id="bulk" title=title text=text wide=true>
            {whom}
            {passed_over}
            {form}
        </Dialog>
    }
    .into_any()
}

/// The form that has it done to so many people.
fn answer_form(page: &BulkPage, people: i64, button: String, cancel: &'static str) -> impl IntoView + use<> {
    let words = words();
    let note = Note::about(StartBulk::PATH, field_of);
    let meant = RwSignal::new(if page.action == UserAction::Resend { meant_at_first(&page.ready) } else { Vec::new() });
    let is_alive = RwSignal::new(false);
    Effect::new(move || is_alive.set(true));
    let chosen = move || meant.with(|meant| meant.iter().filter(|one| one.is_on).map(|one| one.people).sum::<i64>());
    let counts = has_choice(page);
    let label = move || match counts && is_alive.get() {
        true => words.invite_send(usize::try_from(chosen()).unwrap_or_default()),
        false => button.clone(),
    };
    let is_nobody = move || counts && is_alive.get() && chosen() == 0;
    let left = page.letters_left;
    // Of those who are meant; among whom it goes, the boxes say.
    let too_many = move || {
        let meant = if counts { chosen() } else { people };
        left.filter(|left| *left < meant).map(|left| {
            let said = match left {
                0 => words.bulk_no_letters_left().to_string(),
                left => words.bulk_letters_left(&words.figure(left)),
            };
            view! { <Notice tone=Tone::Warn icon="alert">{said}</Notice> }
        })
    };
    let groups = (page.action == UserAction::Resend).then(|| groups(meant));
    let is_asked = |action| page.action == action && !page.takes_back;
    let roles = is_asked(UserAction::ChangeRole).then(|| roles(&note));
    let units = is_asked(UserAction::AddPlace).then(|| units(&page.units, &note));
    let reason = (page.action == UserAction::Block).then(|| {
        let typed = note.typed_or("reason", "");
        view! { <TextField label=words.reason() name="reason" rows=2 value=typed hint=words.reason_hint() /> }
    });
    let number = asks_for_number(page.action, page.takes_back, people).then(|| {
        let label = words.bulk_type_number(&words.figure(people));
        let error = Signal::stored(note.error("number"));
        view! { <Field label=label name="number" value="" required=true inputmode="numeric" autocomplete="off" error=error /> }
    });
    let is_danger = !page.takes_back
        && matches!(page.action, UserAction::Block | UserAction::Archive | UserAction::Delete | UserAction::Withdraw);
    let class = if is_danger { "button danger" } else { "button primary" };
    let list = page.list.clone();
    view! {
        <PlainAnswer note=note done="" />
        <form method="post" action=StartBulk::PATH on:change=move |event| choose(meant, &event)>
            {about(page)}
            {groups}
            {roles}
            {units}
            {reason}
            {number}
            {too_many}
            <DialogActions cancel_href=list cancel=cancel>
                <button class=class disabled=is_nobody>{label}</button>
            </DialogActions>
        </form>
    }
}

/// Whether it is chosen among whom it is done.
fn has_choice(page: &BulkPage) -> bool {
    page.action == UserAction::Resend && meant_at_first(&page.ready).len() > 1
}

/// Those among whom a round of invitations goes, or does not.
#[derive(Clone)]
struct MeantGroup {
    first: Status,
    codes: String,
    people: i64,
    is_on: bool,
}

/// Each kind with its number, and whether it is on from the start (rule 27).
fn meant_at_first(ready: &[(Status, i64)]) -> Vec<MeantGroup> {
    let group = |(statuses, is_on): &(&[Status], bool)| {
        let people = ready.iter().filter(|(status, _)| statuses.contains(status)).map(|(_, people)| people).sum();
        let codes = statuses.iter().map(|status| status.code()).collect::<Vec<_>>().join(" ");
        statuses.first().map(|first| MeantGroup { first: *first, codes, people, is_on: *is_on })
    };
    let mut there: Vec<_> = ROUND_GROUPS.iter().filter_map(group).filter(|group| group.people > 0).collect();
    if let [only] = there.as_mut_slice() {
        only.is_on = true;
    }
    there
}

/// A box was ticked, or is not any more.
fn choose(meant: RwSignal<Vec<MeantGroup>>, event: &Event) {
    let ticked = closest(event, "input[name='meant[]']").and_then(|found| found.dyn_into::<HtmlInputElement>().ok());
    if let Some(ticked) = ticked {
        let (codes, is_on) = (ticked.value(), ticked.checked());
        meant.update(|meant| meant.iter_mut().filter(|one| one.codes == codes).for_each(|one| one.is_on = is_on));
    }
}

/// A box for each kind.
fn groups(meant: RwSignal<Vec<MeantGroup>>) -> impl IntoView {
    let words = words();
    let boxes = meant.get_untracked().into_iter().map(|MeantGroup { first, codes, people, is_on }| {
        let label = words.group_of(words.round_group(first), &words.figure(people));
        let id = format!("meant-{}", first.code());
        view! { <CheckField id=id name="meant[]" value=codes label=label checked=is_on /> }
    });
    view! {
        <fieldset>
            <legend>{words.bulk_to_whom()}</legend>
            <input type="hidden" name="groups" value="on" />
            {boxes.collect_view()}
        </fieldset>
    }
}

/// The roles that the viewer may give somewhere.
fn roles(note: &Note) -> impl IntoView + use<> {
    let words = words();
    let choices = assignable_roles()
        .iter()
        .map(|role| Choice::new(role.id.as_str(), words.role_name(role)).meaning(words.role_sentence(role)))
        .collect();
    let chosen = note.typed_or("role", "");
    let two = given_by_two(&assignable_roles());
    view! {
        <RadioGroup legend=words.role() name="role" choices=choices selected=chosen required=true />
        {two}
    }
}

/// The units into which they can be brought, and whether they leave the one where they stand.
fn units(units: &[UnitRef], note: &Note) -> impl IntoView + use<> {
    let words = words();
    let choices = units.iter().map(|unit| Choice::new(unit.id.as_str(), unit.name.clone())).collect();
    let chosen = note.typed_or("unit", "");
    view! {
        <SelectField label=words.unit() name="unit" choices=choices selected=chosen />
        <CheckField name="leaves" label=words.bulk_leaves() hint=words.bulk_leaves_hint() />
    }
}

/// Who is passed over, and why: each reason with its number and the first names.
fn passed_over(page: &BulkPage, is_to_come: bool) -> Option<impl IntoView + use<>> {
    let words = words();
    let n = words.figure(page.people(BulkOutcome::PassedOver));
    let title = if is_to_come { words.bulk_passed_over(&n) } else { words.bulk_were_passed_over(&n) };
    reasons(page, BulkOutcome::PassedOver).map(|reasons| {
        view! { <Notice tone=Tone::Neutral title=title>{reasons}</Notice> }
    })
}

/// The reasons for an outcome; nothing where nobody came out so.
fn reasons(page: &BulkPage, outcome: BulkOutcome) -> Option<impl IntoView + use<>> {
    let words = words();
    let of_outcome: Vec<_> = page.groups.iter().filter(|group| group.outcome == outcome).collect();
    let reason = |group: &&BulkGroup| {
        let why = group.refusal.as_ref().map(|refusal| words.refusal(refusal));
        view! { <li>{names(group)} {why.map(|why| view! { <br /> <span class="muted">{why}</span> })}</li> }
    };
    (!of_outcome.is_empty()).then(|| view! { <ul>{of_outcome.iter().map(reason).collect_view()}</ul> })
}

/// The first of those of whom the same holds, and how many more there are.
fn names(group: &BulkGroup) -> String {
    let words = words();
    let names = group.first.iter().map(|(_, name)| name.as_str()).collect::<Vec<_>>().join(", ");
    match group.people - i64::try_from(group.first.len()).unwrap_or_default() {
        more if more > 0 => words.bulk_names_more(&names, &words.figure(more)),
        _ => names,
    }
}

/// How far it is. The page looks again by itself; without script, the link does.
#[component]
fn UnderWay(page: BulkPage) -> impl IntoView {
    let words = words();
    let all = page.dealt_with() + page.to_come();
    let done = RwSignal::new(page.dealt_with());
    let address = run_address(&page.id, &page.list);
    let in_place = use_context::<InPlace>();
    let first = page.held.map_or(1, |seconds| seconds + 1);
    Effect::new({
        let address = address.clone();
        move || ask_again(in_place, done, address.clone(), u64::try_from(first).unwrap_or(1))
    });
    let said = move || words.bulk_far(&words.figure(done.get()), &words.figure(all));
    let hold = page.held.map(|seconds| {
        view! {
            <p data-hold="">
                <span>{words.bulk_leaves_in()} <span data-seconds="">{seconds}</span> {words.bulk_seconds()}</span>
                <span hidden=true>{words.bulk_left_now()}</span>
            </p>
        }
    });
    let hurry = page.held.map(|_| {
        view! {
            <form method="post" action=HurryBulk::PATH>
                {about(&page)}
                <button class="button primary">{words.bulk_send_now()}</button>
            </form>
        }
    });
    let stop = if page.held.is_some() { words.bulk_take_back() } else { words.bulk_stop() };
    let title = action(&page);
    view! {
        <Dialog id="bulk" title=title wide=true>
            {hold}
            <p role="status">{said}</p>
            <progress value=move || done.get() max=all aria-label=title></progress>
            <p class="hint">{words.bulk_may_leave()}</p>
            <div class="actions">
                <a class="button" href=page.list.clone() data-cancel="" autofocus=true>
                    {words.bulk_to_list()}
                </a>
                <a class="button needs-no-script" href=address rel="external">
                    {words.bulk_ask_again()}
                </a>
                <form method="post" action=StopBulk::PATH>
                    {about(&page)}
                    <button class="button">{stop}</button>
                </form>
                {hurry}
            </div>
        </Dialog>
    }
}

/// Looks how far the job is; when it is done, the page is another one.
fn ask_again(in_place: Option<InPlace>, done: RwSignal<i64>, address: String, seconds: u64) {
    let ask = async move {
        let answer = read_page(address.clone(), viewer_mark()).await;
        // Whoever has gone on to another page wants to know nothing more of this one.
        if done.try_get_untracked().is_none() {
            return;
        }
        let next = match answer {
            Ok(PageAnswer { page: PageData::Bulk(page), .. })
                if page.state == BulkState::UnderWay && page.held.is_none() =>
            {
                done.set(page.dealt_with());
                1
            }
            // Not reached: it goes on all the same.
            Err(UseCaseError::Offline | UseCaseError::Busy) => 5,
            _ => {
                if let Some(in_place) = in_place {
                    in_place.ask_again();
                }
                return;
            }
        };
        ask_again(in_place, done, address, next);
    };
    set_timeout(move || spawn_local(ask), Duration::from_secs(seconds));
}

/// What became of it: failures first, then those to whom it was done, then those who were passed over.
fn report(page: BulkPage) -> AnyView {
    let words = words();
    let count = |outcome| page.people(outcome);
    let failed = reasons(&page, BulkOutcome::Failed).map(|reasons| {
        let title = words.bulk_failed(&words.figure(count(BulkOutcome::Failed)));
        view! { <Notice tone=Tone::Error title=title>{reasons}</Notice> }
    });
    let proposed = reasons(&page, BulkOutcome::Proposed).map(|names| {
        let title = words.bulk_proposed(&words.figure(count(BulkOutcome::Proposed)));
        view! { <Notice tone=Tone::Info title=title>{names}</Notice> }
    });
    let rest = page.to_come();
    let is_stopped = page.state == BulkState::Stopped && rest > 0;
    let left = is_stopped.then(|| {
        let title = words.bulk_left(&words.figure(rest));
        view! {
            <Notice tone=Tone::Warn title=title>
                <p>{words.bulk_stopped_text()}</p>
            </Notice>
        }
    });
    let passed_over = passed_over(&page, false);
    let undone = page.undone_by.as_ref().map(|run| {
        let address = run_address(run, &page.list);
        view! {
            <Notice tone=Tone::Neutral>
                <a href=address>{words.bulk_was_undone()}</a>
            </Notice>
        }
    });
    let can_undo = count(BulkOutcome::Done) > 0 && !page.takes_back && page.undone_by.is_none();
    let undo = taken_back_by(endings(), page.action).filter(|_| can_undo).map(|action| {
        view! {
            <form method="post" action=SelectPeople::PATH>
                <input type="hidden" name="of" value=page.id.to_string() />
                <input type="hidden" name="list" value=page.list.clone() />
                <button class="button" name="action" value=action.code()>
                    <Icon name="undo" />
                    {words.bulk_take_back()}
                </button>
            </form>
        }
    });
    let file = format!("/users/many/{}/report.csv", page.id);
    let title = done(&page);
    let go_on = is_stopped.then(|| answer_form(&page, rest, words.bulk_go_on().into(), words.close()));
    let list = page.list.clone();
    view! {
        <Dialog id="bulk" title=title wide=true>
            {failed}
            {left}
            {go_on}
            {proposed}
            {passed_over}
            {undone}
            <div class="actions">
                <a class="button" href=file rel="external" download="">
                    {words.bulk_report()}
                </a>
                {undo}
                {(!is_stopped).then(|| view! {
                    <a class="button primary" href=list data-cancel="" autofocus=true>{words.close()}</a>
                })}
            </div>
        </Dialog>
    }
    .into_any()
}
