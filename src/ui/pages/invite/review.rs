//! The review list: one row per person, each with its verdict and the answers it asks for. Every field is part of the form
//! around it, so that answers work without script.

use super::read_back::ReadBack;
use crate::domain::listing::escape;
use crate::domain::review::{ReviewRow, RowCounts, Verdict};
use crate::domain::user::Status;
use crate::ui::components::{CheckField, Chip, Choice, Field, Icon, RadioGroup, SelectField, Tone};
use crate::ui::session::words;
use leptos::prelude::*;

/// The tally in words, a chip for each kind.
#[component]
pub fn Tally(counts: RowCounts) -> impl IntoView {
    let words = words();
    let RowCounts { ready, to_check, to_fix, here, later } = counts;
    let chip = |n: usize, tone, text: String| (n > 0).then(|| view! { <Chip tone=tone>{text}</Chip> });
    view! {
        {chip(ready, Tone::Ok, words.invite_ready(ready))}
        {chip(to_check, Tone::Warn, words.invite_to_check(to_check))}
        {chip(to_fix, Tone::Error, words.invite_to_fix(to_fix))}
        {chip(here, Tone::Neutral, words.invite_set_aside(here))}
        {chip(later, Tone::Neutral, words.invite_later(later))}
    }
}

/// The list, one row after the other. `more` are those that are kept and not shown: they go with the others, or stay with them.
#[component]
pub fn ReviewList(rows: Vec<ReviewRow>, more: RowCounts, roles: Vec<Choice>) -> impl IntoView {
    let rows = rows.into_iter().enumerate().map(|(at, row)| one_row(at, row, &roles)).collect_view();
    view! {
        <ul class="review" data-ready=more.ready data-stay=more.all() - more.ready>
            {rows}
        </ul>
    }
}

fn field_name(at: usize, field: &str) -> String {
    format!("rows[{at}][{field}]")
}

fn hidden(at: usize, field: &str, value: String) -> impl IntoView + use<> {
    view! { <input type="hidden" name=field_name(at, field) value=value /> }
}

fn one_row(at: usize, row: ReviewRow, roles: &[Choice]) -> AnyView {
    let words = words();
    let ReviewRow { position, typed, name, role, verdict } = row;
    // Where it could be read, the address alone is shown; where not, exactly what was typed.
    let typed = match verdict {
        Verdict::Broken { .. } | Verdict::Phone => typed,
        _ => bare(&typed).to_string(),
    };
    let (class, icon) = match verdict {
        Verdict::Ready | Verdict::Joins { .. } => ("ok", "check"),
        Verdict::Misspelt { .. } | Verdict::Similar { .. } | Verdict::NoMailServer { .. } => ("warn", "alert"),
        Verdict::Broken { .. } | Verdict::Phone => ("bad", "x"),
        Verdict::Known { .. } => ("aside", "user"),
        Verdict::Rests(_) => ("aside", "clock"),
    };
    let given = role.as_ref().map(|role| role.as_str().to_string()).unwrap_or_default();
    let can_go = verdict.is_ready() || verdict.asks();
    let role = if can_go {
        view! {
            <div class="review-role">
                <SelectField
                    label=words.invite_role_of(&typed)
                    label_hidden=true
                    name=field_name(at, "role")
                    selected=given
                    choices=roles.to_vec()
                />
            </div>
        }
        .into_any()
    } else {
        hidden(at, "role", given).into_any()
    };
    // The similar row has its own words for being taken out; everyone else has this one.
    let remove = (!matches!(verdict, Verdict::Similar { .. })).then(|| {
        let typed = typed.clone();
        view! {
            <div class="review-remove">
                <CheckField name=field_name(at, "dropped")>
                    {words.invite_remove()} <span class="visually-hidden">" " {typed}</span>
                </CheckField>
            </div>
        }
    });
    // What may have to be corrected is typed over in its own field.
    let typed_field = (!matches!(verdict, Verdict::Broken { .. } | Verdict::NoMailServer { .. }))
        .then(|| hidden(at, "typed", typed.clone()));
    // A row that was shown as ready, or whose question was answered, is not asked about again.
    let asked = can_go.then(|| hidden(at, "asked", "on".into()));
    let shown_name = (!name.is_empty()).then(|| view! { <p class="review-name">{name.clone()}</p> });
    view! {
        <li class=class>
            <span class="review-icon">
                <Icon name=icon />
            </span>
            <div class="review-who">
                <ReadBack address=typed.clone() />
                {shown_name}
                {typed_field}
                {hidden(at, "name", name)}
                {hidden(at, "position", position.to_string())}
                {asked}
                {answers(at, &typed, verdict)}
            </div>
            {role}
            {remove}
        </li>
    }
    .into_any()
}

/// The verdict in words, and what can be answered to it.
fn answers(at: usize, typed: &str, verdict: Verdict) -> AnyView {
    let words = words();
    let address = field_name(at, "address");
    match verdict {
        Verdict::Ready => {
            view! { {said(words.invite_row_ready().into())} {hidden(at, "address", typed.into())} }.into_any()
        }
        Verdict::Misspelt { meant } => {
            let choices = vec![
                Choice::new(meant.clone(), words.invite_use(&meant)),
                Choice::new(typed, words.invite_keep(typed)),
            ];
            view! { <RadioGroup legend=words.invite_row_misspelt(&meant) name=address choices=choices /> }.into_any()
        }
        Verdict::Similar { title, address: other } => {
            let whom = if title == other { other.clone() } else { format!("{other} ({title})") };
            view! {
                <div class="verdict">
                    <span>{words.invite_row_similar(&whom)}</span>
                    <a href=format!("/users?q={}", escape(&other))>{words.invite_look_at(&title)}</a>
                </div>
                <div class="choices">
                    <CheckField label=words.invite_different(typed) name=address value=typed />
                    <CheckField label=words.invite_same() name=field_name(at, "dropped") />
                </div>
            }
            .into_any()
        }
        Verdict::NoMailServer { domain } => view! {
            {said(words.invite_row_no_mail_server(&domain))}
            <div class="stack tight">
                <div class="choices">
                    <CheckField label=words.invite_send_anyway(typed) name=address value=typed />
                </div>
                {typed_over(at, typed)}
            </div>
        }
        .into_any(),
        Verdict::Broken { problem, repair } => {
            let repair = repair.map(|repair| {
                view! {
                    <div class="choices">
                        <CheckField label=words.invite_use(&repair) name=address value=repair.clone() />
                    </div>
                }
            });
            view! {
                {said(words.paste_problem(&problem))}
                <div class="stack tight">
                    {repair}
                    {typed_over(at, typed)}
                </div>
            }
            .into_any()
        }
        Verdict::Phone => view! {
            {said(words.invite_row_phone().into())}
            <Field
                label=words.invite_address_of(typed)
                label_hidden=true
                name=address
                mono=true
                inputmode="email"
                autocomplete="off"
            />
        }
        .into_any(),
        Verdict::Known { user_id, title, status } => {
            let offer = match status {
                Status::Active => words.invite_open_card(),
                Status::Blocked => words.invite_unblock_instead(),
                Status::Archived => words.invite_bring_back_instead(),
                _ => words.invite_resend_instead(),
            };
            view! {
                <div class="verdict">
                    <span>{words.invite_row_known(&title, words.status(status))}</span>
                    <a href=format!("/users/{user_id}")>{offer}</a>
                </div>
            }
            .into_any()
        }
        Verdict::Rests(rest) => view! {
            {said(words.rests(rest))}
            {hidden(at, "address", typed.into())}
        }
        .into_any(),
        Verdict::Joins { user_id, title, status } => view! {
            <div class="verdict">
                <span>{words.invite_row_joins(&title, words.status(status))}</span>
                <a href=format!("/users/{user_id}")>{words.invite_open_card()}</a>
            </div>
            {hidden(at, "address", typed.into())}
        }
        .into_any(),
    }
}

/// The field in which a row is corrected.
fn typed_over(at: usize, typed: &str) -> impl IntoView + use<> {
    view! {
        <Field
            label=words().invite_correct(typed)
            label_hidden=true
            name=field_name(at, "typed")
            value=typed
            mono=true
            autocomplete="off"
        />
    }
}

/// An address without what was pasted around it: `<ivan@acme.by>;`, `mailto:ivan@acme.by`.
fn bare(typed: &str) -> &str {
    let around = |letter: char| letter.is_whitespace() || "<>()[]\"',;".contains(letter);
    let typed = typed.trim_matches(around);
    match typed.split_at_checked(7) {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("mailto:") => rest.trim_matches(around),
        _ => typed,
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
    use crate::domain::paste::PasteProblem;

    fn html(verdict: Verdict) -> String {
        let owner = Owner::new();
        owner.set();
        let row = ReviewRow { position: 7, typed: "olga@gmial.com".into(), name: "Olga".into(), role: None, verdict };
        one_row(3, row, &[]).to_html()
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

    /// Rule 12.
    #[test]
    fn an_address_is_read_back_without_what_stood_around_it() {
        for typed in ["<olga@gmail.com>;", "mailto:olga@gmail.com", "MAILTO:<olga@gmail.com>", " olga@gmail.com,"] {
            assert_eq!(bare(typed), "olga@gmail.com");
        }
        assert_eq!(bare("я@почта.рф"), "я@почта.рф");
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
        ];
        for verdict in verdicts {
            let html = html(verdict);
            for field in ["typed", "address", "name", "role", "asked", "dropped", "position"] {
                let times = html.matches(&format!("name=\"rows[3][{field}]\"")).count();
                assert!(times <= 1, "{field} in {html}");
            }
        }
    }
}
