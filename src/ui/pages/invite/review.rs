//! The review list: one row per person, each with its verdict and the answers it asks for. Every field is part of the form
//! around it, so that answers work without script; with it, the form hears them (`form`) and the row follows by itself. The field
//! in which a row is put right is drawn once: what is thought of it changes beside it, and nobody loses their place.

use super::read_back::ReadBack;
use super::row::EditedRow;
use super::rows::{RowSignal, RowSignals};
use crate::domain::contact::Channel;
use crate::domain::listing::escape;
use crate::domain::paste::{PasteProblem, PastedKind, number_problem, read_paste};
use crate::domain::review::{RowCounts, RowKind, Verdict};
use crate::domain::user::Status;
use crate::ui::components::{CheckField, Chip, Choice, Field, Icon, RadioGroup, SelectField, Tone};
use crate::ui::session::{status_word, vocabulary, words};
use leptos::prelude::*;

/// The tally in words, a chip for each kind.
pub fn tally(counts: RowCounts, first_of: impl Fn(RowKind) -> Option<u32>) -> impl IntoView {
    let words = words();
    let RowCounts { ready, to_check, to_fix, here, later } = counts;
    let chip = |n: usize, tone, text: String| (n > 0).then(|| view! { <Chip tone=tone>{text}</Chip> });
    // In a long list the way to the first of those who are asked about.
    let leading = |kind, n: usize, tone, text: String| {
        let chip = chip(n, tone, text)?;
        Some(match first_of(kind) {
            // External: the browser itself goes there, which the router would not do.
            Some(key) => view! { <a href=format!("#row-{key}") rel="external">{chip}</a> }.into_any(),
            None => chip.into_any(),
        })
    };
    view! {
        {chip(ready, Tone::Ok, words.invite_ready(ready))}
        {leading(RowKind::ToCheck, to_check, Tone::Warn, words.invite_to_check(to_check))}
        {leading(RowKind::ToFix, to_fix, Tone::Error, words.invite_to_fix(to_fix))}
        {chip(here, Tone::Neutral, words.invite_set_aside(here))}
        {chip(later, Tone::Neutral, words.invite_later(later))}
        {(ready > MANY_NEW).then(|| view! { <p class="muted new-once">{words.invite_rows_new()}</p> })}
    }
}

/// Of so many it is said once that no account is known to whoever invites (rule 43).
const MANY_NEW: usize = 5;

/// The list, one row after the other.
#[component]
pub fn ReviewList(rows: RowSignals, roles: Vec<Choice>) -> impl IntoView {
    let roles = StoredValue::new(roles);
    view! {
        <ul class="review">
            <For each=move || rows.shown() key=|row| row.key let:row>
                {roles.with_value(|roles| one_row(rows, row, roles))}
            </For>
        </ul>
    }
}

fn field_name(key: u32, field: &str) -> String {
    format!("rows[{key}][{field}]")
}

fn hidden(key: u32, field: &str, value: String) -> impl IntoView + use<> {
    view! { <input type="hidden" name=field_name(key, field) value=value /> }
}

/// The class and the icon by which a row is told at a glance.
fn look(row: &EditedRow) -> (&'static str, &'static str) {
    match &row.verdict {
        _ if row.is_dropped => ("gone", "x"),
        _ if row.goes() => ("ok", "check"),
        Verdict::Ready | Verdict::Joins { .. } => ("ok", "check"),
        Verdict::Misspelt { .. }
        | Verdict::Similar { .. }
        | Verdict::NoMailServer { .. }
        | Verdict::DoubtfulPhone(_)
        | Verdict::SameNumber { .. }
        | Verdict::OtherRole { .. }
        | Verdict::OtherUnit { .. } => ("warn", "alert"),
        _ if row.kind().is_none() => ("aside", "pencil"),
        Verdict::Broken { .. } | Verdict::Phone => ("bad", "x"),
        Verdict::Known { .. } => ("aside", "user"),
        Verdict::Rests(_) => ("aside", "clock"),
    }
}

/// What is asked about a row: drawn anew when this changes, and not with every letter.
#[derive(Clone, PartialEq)]
struct Asked {
    verdict: Verdict,
    /// There is nothing in it to be asked about.
    is_empty: bool,
    is_judged: bool,
}

fn one_row(rows: RowSignals, row: RowSignal, roles: &[Choice]) -> AnyView {
    let words = words();
    let (key, state, is_open) = (row.key, row.state.clone(), row.is_open.clone());
    let begin = state.get_untracked();
    let of = |part: fn(&EditedRow) -> String| {
        let state = state.clone();
        Memo::new(move |_| state.with(part))
    };
    let address = of(shown_address);
    let name = of(|row| row.name.clone());
    let phone = of(|row| row.phone.clone());
    let looks = Memo::new({
        let state = state.clone();
        move |_| state.with(look)
    });
    let can_go = Memo::new({
        let state = state.clone();
        move |_| state.with(|row| row.goes() || row.verdict.is_ready() || row.verdict.asks())
    });
    let asked = Memo::new({
        let state = state.clone();
        move |_| {
            let row = state.read();
            Asked { verdict: row.verdict.clone(), is_empty: row.typed.trim().is_empty(), is_judged: row.is_judged }
        }
    });
    let question = Memo::new({
        let state = state.clone();
        move |_| state.with(|row| row.verdict.question())
    });
    let [said_role, said_unit] = [("said_role", &begin.said_role), ("said_unit", &begin.said_unit)]
        .map(|(field, said)| (!said.is_empty()).then(|| hidden(key, field, said.clone())));
    let is_dropped = Memo::new({
        let state = state.clone();
        move |_| state.with(|row| row.is_dropped)
    });
    let role = {
        let (state, roles) = (state.clone(), roles.to_vec());
        move || {
            let given = state.with_untracked(|row| row.role.clone());
            if !can_go.get() {
                return hidden(key, "role", given).into_any();
            }
            let label = words.invite_role_of(&address.get_untracked());
            view! {
                <div class="review-role">
                    <SelectField
                        label=label
                        label_hidden=true
                        name=field_name(key, "role")
                        selected=given
                        choices=roles.clone()
                    />
                </div>
            }
            .into_any()
        }
    };
    let questions = {
        let state = state.clone();
        move || {
            let Asked { verdict, is_empty, .. } = asked.get();
            match is_empty {
                true => ().into_any(),
                false => state.with_untracked(|row| answers(key, row, verdict)),
            }
        }
    };
    let is_phone = begin.verdict == Verdict::Phone;
    let [is_named, is_numbered] = [is_open.clone(), is_open.clone()];
    let field = {
        let (state, is_open) = (state.clone(), is_open.clone());
        let needs_address = !rows.rules().invites_by.includes(Channel::Sms);
        move || match is_open.get() {
            true => open_field(key, &state.get_untracked(), is_phone, needs_address).into_any(),
            false => view! {
                <input type="hidden" name=field_name(key, "name") value=move || name.get() />
                <input type="hidden" name=field_name(key, "phone") value=move || phone.get() />
            }
            .into_any(),
        }
    };
    let typed = {
        let is_open = is_open.clone();
        // A phone number stays beside the address that is typed for it.
        move || {
            let number = begin.typed.clone();
            match (is_open.get(), is_phone) {
                (true, false) => None,
                (_, true) => Some(hidden(key, "typed", number).into_any()),
                (false, false) => Some(
                    view! { <input type="hidden" name=field_name(key, "typed") value=move || address.get() /> }
                        .into_any(),
                ),
            }
        }
    };
    // The similar row has its own words for being taken out without script; everyone else has this one.
    let remove_ticks = move || {
        let is_similar =
            asked.with(|asked| matches!(asked.verdict, Verdict::Similar { .. } | Verdict::SameNumber { .. }));
        (!is_similar).then(|| {
            view! {
                <div class="needs-no-script">
                    <CheckField name=field_name(key, "dropped") checked=is_dropped.get_untracked()>
                        {words.invite_remove()} <span class="visually-hidden">" " {move || address.get()}</span>
                    </CheckField>
                </div>
            }
        })
    };
    let toggle = {
        let row = row.clone();
        move |_| {
            // Nothing is lost with an empty row.
            if row.state.with_untracked(|state| state.typed.trim().is_empty()) {
                rows.remove(key);
            } else {
                rows.change(&row, |state| state.is_dropped = !state.is_dropped);
            }
        }
    };
    let remove_word = move || if is_dropped.get() { words.invite_put_back() } else { words.invite_remove() };
    let remove_icon = move || if is_dropped.get() { "/icons.svg#undo" } else { "/icons.svg#x" };
    let edit = {
        let is_open = is_open.clone();
        move || {
            let (is_open, shown) = (is_open.clone(), !is_open.get() && !is_dropped.get());
            shown.then(|| {
                view! {
                    <button
                        type="button"
                        class="button quiet icon-only needs-script"
                        data-edit=key.to_string()
                        on:click=move |_| is_open.set(true)
                    >
                        <Icon name="pencil" />
                        <span class="visually-hidden">{words.invite_correct(&address.get_untracked())}</span>
                    </button>
                }
            })
        }
    };
    // An open row has both in its fields.
    let shown_name = move || {
        let is_shown = !is_named.get() && !name.read().is_empty();
        is_shown.then(|| view! { <p class="review-name">{move || name.get()}</p> })
    };
    let shown_phone = move || {
        let is_shown = !is_numbered.get() && !phone.read().is_empty();
        is_shown.then(|| view! { <p class="review-name mono">{move || phone.get()}</p> })
    };
    view! {
        <li class=move || looks.get().0 id=format!("row-{key}")>
            <span class="review-icon">
                <svg class="icon" aria-hidden="true">
                    <use href=move || format!("/icons.svg#{}", looks.get().1)></use>
                </svg>
            </span>
            <div class="review-who">
                <ReadBack address=address />
                {shown_name}
                {shown_phone}
                {typed}
                {begin.position.map(|position| hidden(key, "position", position.to_string()))}
                {said_role}
                {said_unit}
                {move || can_go.get().then(|| hidden(key, "asked", question.get().into()))}
                {questions}
                {field}
            </div>
            {role}
            <div class="review-remove">
                {edit}
                <button type="button" class="button quiet icon-only needs-script" on:click=toggle>
                    <svg class="icon" aria-hidden="true">
                        <use href=remove_icon></use>
                    </svg>
                    <span class="visually-hidden">{remove_word} " " {move || address.get()}</span>
                </button>
                {remove_ticks}
            </div>
        </li>
    }
    .into_any()
}

/// The address alone where it could be read; where not, exactly what was typed.
fn shown_address(row: &EditedRow) -> String {
    match row.verdict {
        Verdict::Broken { .. } | Verdict::Phone if row.answer.is_none() => row.typed.clone(),
        _ => row.goes_to(),
    }
}

/// The fields in which a row is put right: the address, which takes the place of a number, the number, and the name (rule 42).
fn open_field(key: u32, row: &EditedRow, is_phone: bool, needs_address: bool) -> impl IntoView + use<> {
    let words = words();
    let (label, name, value) = match is_phone {
        true => (words.invite_address_of(&row.typed), "address", String::new()),
        false if row.typed.is_empty() => (words.invite_new_address().to_string(), "typed", String::new()),
        false => (words.invite_correct(&row.typed), "typed", row.typed.trim_matches(['<', '>']).to_string()),
    };
    let is_number =
        read_paste(&row.typed).entries.first().is_some_and(|entry| matches!(entry.kind, PastedKind::Phone(_)));
    let phone = row.phone.clone();
    // Also where nobody is invited by it, it is theirs (rule 81).
    let number = match !is_number {
        true => view! {
            <Field
                label=words.invite_number()
                name=field_name(key, "phone")
                value=phone
                mono=true
                inputmode="tel"
                autocomplete="off"
            />
        }
        .into_any(),
        false => hidden(key, "phone", phone).into_any(),
    };
    view! {
        <Field
            label=label
            label_hidden=!row.typed.is_empty()
            starred=needs_address
            name=field_name(key, name)
            value=value
            mono=true
            inputmode="email"
            autocomplete="off"
        />
        {number}
        <Field
            label=words.invite_name()
            name=field_name(key, "name")
            value=row.name.clone()
            autocomplete="off"
        />
    }
}

/// Answers once for every row of which the list says the same: it may say it of hundreds.
fn for_all_alike(text: &str) -> impl IntoView + use<> {
    view! {
        <button type="button" class="button small quiet needs-script" data-tick-alike="">
            {words().invite_for_all_alike(text)}
        </button>
    }
}

/// The verdict in words, and what can be answered to it.
fn answers(key: u32, row: &EditedRow, verdict: Verdict) -> AnyView {
    let words = words();
    let address = field_name(key, "address");
    let mut unanswered = row.clone();
    unanswered.answer = None;
    let typed = shown_address(&unanswered);
    let typed = typed.as_str();
    let is_chosen = |value: &str| row.answer.as_deref() == Some(value);
    match verdict {
        Verdict::Ready => {
            // Rule 43: what the server knows nobody by is said to be new.
            let new = row.is_judged.then(|| view! { <p class="muted new">{words.invite_row_new()}</p> });
            view! { {said(words.invite_row_ready().into())} {new} {hidden(key, "address", typed.into())} }.into_any()
        }
        Verdict::Misspelt { meant } => {
            let choices = vec![
                Choice::new(meant.clone(), words.invite_use(&meant)),
                Choice::new(typed, words.invite_keep(typed)),
            ];
            view! {
                <RadioGroup
                    legend=words.invite_row_misspelt(&meant)
                    name=address
                    choices=choices
                    selected=row.answer.clone().unwrap_or_default()
                />
            }
            .into_any()
        }
        Verdict::Similar { .. } | Verdict::SameNumber { .. } => {
            let is_number = matches!(verdict, Verdict::SameNumber { .. });
            let (Verdict::Similar { title, address: other } | Verdict::SameNumber { title, address: other }) = verdict
            else {
                return ().into_any();
            };
            let whom = if title == other { other.clone() } else { format!("{other} ({title})") };
            let different = if is_number { words.invite_without_number(typed) } else { words.invite_different(typed) };
            let asks = if is_number { words.invite_row_same_number(&whom) } else { words.invite_row_similar(&whom) };
            view! {
                <div class="verdict">
                    <span>{asks}</span>
                    <a href=format!("/users?q={}", escape(&other))>{words.invite_look_at(&title)}</a>
                </div>
                <div class="choices">
                    <CheckField label=different name=address value=typed checked=is_chosen(typed) />
                    <CheckField label=words.invite_same() name=field_name(key, "dropped") checked=row.is_dropped />
                </div>
            }
            .into_any()
        }
        Verdict::NoMailServer { domain } => view! {
            {said(words.invite_row_no_mail_server(&domain))}
            <div class="choices">
                <CheckField label=words.invite_send_anyway(typed) name=address value=typed checked=is_chosen(typed) />
            </div>
        }
        .into_any(),
        Verdict::OtherRole { text } => view! {
            {said(words.invite_row_role(&text))}
            <div class="choices" data-alike=format!("role {text}")>
                <CheckField label=words.invite_keep_role(typed) name=address value=typed checked=is_chosen(typed) />
                {for_all_alike(&text)}
            </div>
        }
        .into_any(),
        Verdict::OtherUnit { text } => view! {
            {said(words.invite_row_unit(&text))}
            <div class="choices" data-alike=format!("unit {text}")>
                <CheckField label=words.invite_keep_unit(typed) name=address value=typed checked=is_chosen(typed) />
                {for_all_alike(&text)}
            </div>
        }
        .into_any(),
        Verdict::Broken { problem, repair } => {
            // Of the number beside the address, what was meant takes its place and not that of the address.
            let of_number = number_problem(&row.phone).is_some_and(|(of_number, _)| of_number == problem);
            let field = match of_number {
                true => field_name(key, "number"),
                false => address,
            };
            let repair = repair.map(|repair| {
                view! {
                    <div class="choices">
                        <CheckField
                            label=words.invite_use(&repair)
                            name=field
                            value=repair.clone()
                            checked=is_chosen(&repair)
                        />
                    </div>
                }
            });
            view! { {said(words.paste_problem(&problem))} {repair} }.into_any()
        }
        Verdict::Phone => said(words.invite_row_phone().into()).into_any(),
        Verdict::DoubtfulPhone(problem) => view! {
            {said(words.paste_problem(&PasteProblem::Phone(problem)))}
            <div class="choices">
                <CheckField label=words.invite_send_anyway(typed) name=address value=typed checked=is_chosen(typed) />
            </div>
        }
        .into_any(),
        Verdict::Known { user_id, title, status } => {
            let offer = match status {
                Status::Active => words.invite_open_card(),
                Status::Blocked => words.let_in_instead(vocabulary()),
                Status::NotInvited => words.do_invite(),
                Status::Archived => words.invite_bring_back_instead(),
                _ => words.invite_resend_instead(),
            };
            view! {
                <div class="verdict">
                    <span>{words.invite_row_known(&title, status_word(status))}</span>
                    <a href=format!("/users/{user_id}")>{offer}</a>
                </div>
            }
            .into_any()
        }
        Verdict::Rests(rest) => view! {
            {said(words.rests(rest))}
            {hidden(key, "address", typed.into())}
        }
        .into_any(),
        Verdict::Joins { user_id, title, status } => view! {
            <div class="verdict">
                <span>{words.joins(&title, status, status_word(status))}</span>
                <a href=format!("/users/{user_id}")>{words.invite_open_card()}</a>
            </div>
            {hidden(key, "address", typed.into())}
        }
        .into_any(),
    }
}

fn said(text: String) -> impl IntoView {
    view! { <p class="verdict">{text}</p> }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::contact::EmailProblem;
    use crate::domain::id::UserId;
    use crate::domain::review::{ReviewRow, RowRules, RowSaid};

    fn html(verdict: Verdict) -> String {
        let owner = Owner::new();
        owner.set();
        let row = ReviewRow {
            position: 7,
            typed: "olga@gmial.com".into(),
            name: "Olga".into(),
            phone: None,
            role: None,
            said: RowSaid { role: Some("Boss".into()), unit: Some("Sales".into()), unused: Vec::new() },
            verdict,
        };
        let rows = RowSignals::new(vec![row], RowCounts::default(), RowRules::default(), Vec::new(), true);
        let row = rows.all().remove(0);
        one_row(rows, row, &[]).to_html()
    }

    #[test]
    fn no_answer_is_given_in_advance() {
        let question = html(Verdict::Misspelt { meant: "olga@gmail.com".into() });
        assert!(question.contains("Use olga@gmail.com") && question.contains("Keep olga@gmial.com"), "{question}");
        assert!(!question.contains("checked"), "{question}");
        let similar = html(Verdict::Similar { title: "Olga Kim".into(), address: "o.lga@gmial.com".into() });
        assert!(similar.contains("Different person") && !similar.contains("checked"), "{similar}");
        let unreachable = html(Verdict::NoMailServer { domain: "gmial.com".into() });
        assert!(unreachable.contains("“gmial.com” cannot receive e-mail (no mail server)."), "{unreachable}");
        assert!(unreachable.contains("Send anyway: keep olga@gmial.com") && !unreachable.contains("checked"));
    }

    #[test]
    fn no_field_is_sent_twice() {
        let problem = PasteProblem::Email(EmailProblem::NoAt);
        let verdicts = [
            Verdict::Ready,
            Verdict::Similar { title: "Olga Kim".into(), address: "o.lga@gmial.com".into() },
            Verdict::NoMailServer { domain: "gmial.com".into() },
            Verdict::Broken { problem, repair: Some("olga@gmail.com".into()) },
            Verdict::Phone,
            Verdict::Joins { user_id: UserId::new("1"), title: "Olga".into(), status: Status::Active },
            Verdict::SameNumber { title: "Olga Kim".into(), address: "o.lga@gmial.com".into() },
            Verdict::OtherRole { text: "Boss".into() },
            Verdict::OtherUnit { text: "Sales".into() },
        ];
        for verdict in verdicts {
            let html = html(verdict);
            for field in [
                "typed",
                "address",
                "name",
                "phone",
                "number",
                "role",
                "said_role",
                "said_unit",
                "asked",
                "dropped",
                "position",
            ] {
                let times = html.matches(&format!("name=\"rows[0][{field}]\"")).count();
                assert!(times <= 1, "{field} in {html}");
            }
        }
    }
}
