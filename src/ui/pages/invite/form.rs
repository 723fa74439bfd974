//! The form itself: its result so far, the text field, what holds for everyone, and the buttons.

use super::result::{self, tidied};
use super::review::{ReviewList, Tally};
use crate::domain::error::{Invalid, UseCaseError};
use crate::domain::id::{DraftId, UnitId};
use crate::domain::invitation::PERSONAL_TEXT_LIMIT;
use crate::domain::permission::{Permission, Permissions};
use crate::domain::review::{Hold, InviteDraft, RowCounts};
use crate::domain::settings::UnitField;
use crate::server_fns::invitations::{Invite, SendNow, TakeBack};
use crate::ui::components::{CheckField, Choice, ErrorSummary, Icon, RadioGroup, SelectField, TextField};
use crate::ui::pages::letter;
use crate::ui::pages::parts::{left_by, people_names};
use crate::ui::pages::user::extras;
use crate::ui::session::{assignable_roles, may_use, viewer, words};
use crate::view_models::Flash;
use crate::view_models::InviteOptions;
use crate::words::Language;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

const PATH: &str = Invite::PATH;

/// The form with the rows that a draft left in it; `id` is the draft's name.
pub fn form(
    options: &InviteOptions,
    id: Option<&DraftId>,
    draft: Option<InviteDraft>,
    hold: Option<Hold>,
) -> impl IntoView + use<> {
    let words = words();
    let note =
        left_by(&[PATH, TakeBack::PATH, SendNow::PATH]).filter(|note| note.refusal.is_some()).unwrap_or_default();
    let counts = draft.as_ref().map(counts).unwrap_or_default();
    let (ready, total) = (counts.ready, counts.all());
    let stay = if total > ready { words.invite_stay(total - ready) } else { String::new() };
    let news = draft.as_ref().map(|draft| spoken(draft, hold.is_some())).unwrap_or_default();
    let everyone = everyone(options, draft.as_ref(), &note);
    let rest = draft.as_ref().map(|draft| draft.rest.clone()).unwrap_or_default();
    let addresses = typed_or(&note, "addresses", rest);
    view! {
        <form class="stack wide" method="post" action=PATH autocomplete="off">
            // The first button is the one that Enter presses: it must send nothing and take nothing back.
            <button class="visually-hidden" tabindex="-1" aria-hidden="true" name="only_check" value="on"></button>
            <p class="visually-hidden" id="news" role="status">{news}</p>
            <div class="stack" id="result">
                {note.refusal.as_ref().map(summary)}
                {draft.map(|draft| result_of(draft, id, counts, hold))}
            </div>
            <div class="stack tight">
                <TextField
                    label=words.invite_addresses()
                    name="addresses"
                    value=addresses
                    hint=words.invite_addresses_hint()
                    rows=4
                    mono=true
                />
                <p class="meta needs-script">{words.invite_enter_sends()}</p>
                <div class="cluster">
                    <button class="button" id="check" name="only_check" value="on">{words.invite_check()}</button>
                </div>
            </div>
            {everyone}
            {letter::unfolding(words.preview_email(), words.preview_hint(), "/users/invite/letter", None)}
            <div class="actions sticky">
                <button class="button primary" id="send">
                    <Icon name="send" />
                    <span id="send-label">{words.invite_send(ready)}</span>
                </button>
                <a class="button only-desk" href="/users">{words.cancel()}</a>
                <span class="muted only-desk" id="stay">{stay}</span>
            </div>
        </form>
    }
}

/// What was typed into a field of the form that was refused (nothing, when it was left empty), else what is proposed.
fn typed_or(note: &Flash, field: &str, proposed: String) -> String {
    if note.typed.is_empty() {
        return proposed;
    }
    note.typed.iter().find(|(name, _)| name == field).map(|(_, value)| value.clone()).unwrap_or_default()
}

/// Why nothing was sent, with the way to the field.
pub fn summary(refusal: &UseCaseError) -> impl IntoView + use<> {
    let words = words();
    let field = match refusal {
        UseCaseError::Invalid(Invalid::NobodyToInvite) => "#addresses",
        UseCaseError::Invalid(Invalid::PersonalTextTooLong { .. }) => "#personal_text",
        UseCaseError::Invalid(Invalid::Validity) => "#valid_for_hours",
        UseCaseError::Invalid(Invalid::Unit | Invalid::UnitInside { .. }) | UseCaseError::NotFound => "#unit",
        UseCaseError::Invalid(Invalid::Language) => "#language",
        UseCaseError::Invalid(_) | UseCaseError::Denied(_) => "#role",
        _ => "",
    };
    let said = words.refusal(refusal);
    let line = match field {
        "" => said.into_any(),
        _ => view! { <a href=field rel="external">{said}</a> }.into_any(),
    };
    view! {
        <ErrorSummary title=words.refusal_title(refusal)>
            <li>{line}</li>
        </ErrorSummary>
    }
}

/// What screen readers hear when the rows have come.
fn spoken(draft: &InviteDraft, is_held: bool) -> String {
    let words = words();
    let RowCounts { ready, to_check, to_fix, here, later } = counts(draft);
    let sent = draft.sent_in_all;
    let sent = if is_held { words.invite_held(sent) } else { words.invite_sent(sent) };
    let counts = [
        (draft.sent_in_all, sent),
        (ready, words.invite_ready(ready)),
        (to_check, words.invite_to_check(to_check)),
        (to_fix, words.invite_to_fix(to_fix)),
        (here, words.invite_set_aside(here)),
        (later, words.invite_later(later)),
    ];
    counts.into_iter().filter(|(n, _)| *n > 0).map(|(_, text)| text).collect::<Vec<_>>().join(", ")
}

/// How many rows of each kind the form has, shown or not.
fn counts(draft: &InviteDraft) -> RowCounts {
    let mut counts = draft.more;
    for row in &draft.rows {
        counts.add(row.verdict.kind(), 1);
    }
    counts
}

/// First what did not go, then what did.
fn result_of(draft: InviteDraft, id: Option<&DraftId>, counts: RowCounts, hold: Option<Hold>) -> impl IntoView + use<> {
    let words = words();
    let tidied = tidied(&draft);
    let InviteDraft { rows, more, sent, sent_in_all, stopped, .. } = draft;
    let was_sent = sent_in_all > 0 || stopped.is_some();
    let roles =
        std::iter::once(Choice::new("", words.invite_as_for_everyone())).chain(role_choices()).collect::<Vec<_>>();
    // Whoever is kept and not shown goes with the form by the name of what keeps them.
    let kept =
        id.filter(|_| more.all() > 0).map(|id| view! { <input type="hidden" name="kept" value=id.to_string() /> });
    let (more_ready, more_waiting) = (more.ready, more.all() - more.ready);
    let review = (counts.all() > 0).then(|| {
        let people = words.invite_rows(counts.all());
        let heading = if was_sent { format!("{}: {people}", words.invite_not_sent()) } else { people };
        view! {
            <div class="stack tight">
                <div class="review-summary">
                    <h2>{heading}</h2>
                    <Tally counts=counts />
                </div>
                <ReviewList rows=rows more=more roles=roles />
                {kept}
                {(more_ready > 0).then(|| view! { <p class="muted">{words.invite_more_ready(more_ready)}</p> })}
                {(more_waiting > 0).then(|| view! { <p class="muted">{words.invite_more_waiting(more_waiting)}</p> })}
            </div>
        }
    });
    // After sending, the result takes the focus; after a mere look it stays where it was.
    view! {
        <div class="stack" tabindex="-1" data-focus=was_sent.then_some("")>
            {stopped.map(result::stopped)}
            {review}
            {(!tidied.is_empty()).then(|| view! { <p class="muted">{tidied}</p> })}
            {(sent_in_all > 0).then(|| result::sent(sent, sent_in_all, hold))}
        </div>
    }
}

fn role_choices() -> impl Iterator<Item = Choice> {
    let words = words();
    assignable_roles()
        .into_iter()
        .map(move |role| Choice::new(role.id.as_str(), words.role_name(&role)).meaning(words.role_sentence(&role)))
}

/// What holds for everyone: company, role, language, how long, and the personal text.
fn everyone(options: &InviteOptions, draft: Option<&InviteDraft>, note: &Flash) -> impl IntoView + use<> {
    let words = words();
    let roles: Vec<Choice> = role_choices().collect();
    let usual = options.usual_role.as_ref().map(|role| role.as_str().to_string()).unwrap_or_default();
    let drafted = draft.and_then(|draft| draft.role.as_ref()).map(|role| role.as_str().to_string());
    let role = typed_or(note, "role", drafted.unwrap_or(usual));
    // Where the usual role is not among them, the lowest: nobody gets more than was meant.
    let role = if roles.iter().any(|choice| choice.value == role) {
        role
    } else {
        roles.last().map(|choice| choice.value.clone()).unwrap_or_default()
    };
    let language = typed_or(note, "language", draft.map_or(options.language, |draft| draft.language).code().into());
    let languages = Language::ALL.map(|language| Choice::new(language.code(), language.own_name())).to_vec();
    let hours = draft.map_or(options.usual_hours, |draft| draft.valid_for_hours);
    let validities = options.validities.iter().map(|validity| {
        let label = words.invite_span_until(&words.span(validity.hours), &validity.until.exact);
        Choice::new(validity.hours.to_string(), label)
    });
    let text = typed_or(note, "personal_text", draft.map(|draft| draft.personal_text.clone()).unwrap_or_default());
    let length = text.chars().count();
    view! {
        {units(options, draft, note)}
        <div class="columns">
            <SelectField label=words.invite_language() name="language" selected=language choices=languages />
            <SelectField
                label=words.invite_validity()
                name="valid_for_hours"
                selected=typed_or(note, "valid_for_hours", hours.to_string())
                choices=validities.collect()
            />
        </div>
        <RadioGroup
            legend=words.invite_role()
            name="role"
            selected=role
            hint=words.invite_role_hint()
            required=true
            choices=roles
        />
        {takes_two(options)}
        {extra(draft.map(|draft| draft.extra).unwrap_or_default())}
        <div class="stack tight">
            <TextField
                label=words.invite_text()
                name="personal_text"
                value=text
                hint=words.invite_text_hint(PERSONAL_TEXT_LIMIT)
                maxlength=500
            />
            <p class="meta needs-script" id="text-length">{words.invite_text_length(length, PERSONAL_TEXT_LIMIT)}</p>
        </div>
    }
}

/// What will happen with roles that take two: who could agree; and where nobody could, what to do about it.
fn takes_two(options: &InviteOptions) -> Option<AnyView> {
    let words = words();
    let names: Vec<String> = viewer().with_value(|viewer| {
        options.takes_two.iter().filter_map(|id| viewer.role(id)).map(|role| words.role_name(role)).collect()
    });
    let (roles, second) = (names.join(", "), people_names(&options.second));
    if names.is_empty() {
        return None;
    }
    if !second.is_empty() {
        return Some(view! { <p class="hint">{words.second_agrees(&roles, &second)}</p> }.into_any());
    }
    let way = may_use(Permission::EditRoles)
        .then(|| view! { " " <a href="/settings/roles">{words.second_is_missing_way()}</a> });
    Some(view! { <p class="hint">{words.second_is_missing(&roles)} {way}</p> }.into_any())
}

/// Where everyone goes: one unit or several of those that match.
fn units(options: &InviteOptions, draft: Option<&InviteDraft>, note: &Flash) -> AnyView {
    let words = words();
    let all = &options.units;
    let chosen = options.chosen.as_ref();
    let typed = note.typed.iter().filter(|(name, _)| name == "units[]").map(|(_, value)| value.as_str());
    // Nothing but the unit from whose page the form was opened is ticked beforehand (W-01).
    let ticked: Vec<&str> = match draft {
        _ if !note.typed.is_empty() => typed.collect(),
        Some(draft) => draft.units.iter().map(UnitId::as_str).collect(),
        None => chosen.iter().map(|unit| unit.id.as_str()).collect(),
    };
    let is_only = all.found.len() == 1 && all.search.is_empty() && !all.has_more;
    let only = match (options.unit_field, chosen) {
        (UnitField::Off, Some(chosen)) => Some(chosen.id.to_string()),
        // Whoever is not asked names none, and the server takes the first.
        (UnitField::Off, None) => Some(String::new()),
        (_, None) if is_only => Some(all.found[0].unit.id.to_string()),
        _ => None,
    };
    let proposed = options.proposed.as_ref().map(|unit| unit.id.to_string()).unwrap_or_default();
    let hidden = view! { <input type="hidden" name="proposed" value=proposed.clone() /> };
    if let Some(only) = only {
        let named = options.proposed.as_ref();
        let named = named.map(|unit| view! { <p>{words.invite_where()} ": " {unit.name.clone()}</p> });
        return view! { {named} {hidden} <input type="hidden" name="units[]" value=only /> }.into_any();
    }
    let unless = options.proposed.as_ref().filter(|_| options.unit_field != UnitField::Required);
    let unless = unless.map(|unit| view! { <p class="hint">{words.invite_where_unless(&unit.name)}</p> });
    // What is chosen stays in sight whatever is looked for.
    let chosen = options.chosen.clone().filter(|unit| all.found.iter().all(|choice| choice.unit.id != unit.id));
    let chosen = chosen.map(|unit| Choice::new(unit.id.as_str(), unit.name));
    let found = all
        .found
        .iter()
        .map(|choice| Choice::new(choice.unit.id.as_str(), choice.unit.name.clone()).meaning(choice.way.clone()));
    let ticks = chosen
        .into_iter()
        .chain(found)
        .map(|choice| {
            let checked = ticked.contains(&choice.value.as_str());
            let hint = match (checked && choice.value == proposed, choice.hint.is_empty()) {
                (false, _) => choice.hint,
                (true, true) => words.invite_where_gives_way().into(),
                (true, false) => format!("{}. {}", choice.hint, words.invite_where_gives_way()),
            };
            view! {
                <CheckField
                    id=format!("unit-{}", choice.value)
                    name="units[]"
                    value=choice.value
                    label=choice.label
                    hint=hint
                    checked=checked
                />
            }
        })
        .collect_view();
    view! {
        <fieldset class="field" id="unit" tabindex="-1">
            <legend>{words.invite_where()}</legend>
            <p class="hint">{words.invite_where_hint()}</p>
            {unless}
            {hidden}
            <div class="choices">{ticks}</div>
            {all.has_more.then(|| view! { <p class="hint">{words.invite_units_more()}</p> })}
        </fieldset>
    }
    .into_any()
}

/// The extra permissions that go with any role of this form.
fn extra(chosen: Permissions) -> Option<AnyView> {
    let offered = viewer().with_value(|viewer| {
        let givers = viewer.authority.holdings.iter().filter(|holding| holding.permissions().has(Permission::Invite));
        givers.fold(Permissions::NONE, |all, holding| all.union(holding.permissions()))
    });
    extras(offered, chosen)
}
