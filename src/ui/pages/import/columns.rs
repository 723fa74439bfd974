//! What is said about a list as a whole: what its columns hold, what its texts mean, and what holds for everybody in it.

use super::said;
use crate::domain::error::{Invalid, UseCaseError};
use crate::domain::import::{
    BETWEEN_CELLS, BatchPolicy, ExistingPeople, LETTERS, ListReading, between_code, said_code,
};
use crate::domain::invitation::PERSONAL_TEXT_LIMIT;
use crate::domain::paste::PasteColumn;
use crate::domain::settings::Setting;
use crate::domain::validity;
use crate::server_fns::import::ImportList;
use crate::ui::components::{CheckField, Choice, FieldsOf, Notice, RadioGroup, SelectField, TextField, Tone};
use crate::ui::forms::plain::{Note, PlainAnswer};
use crate::ui::pages::parts::validity_choices;
use crate::ui::session::{assignable_roles, endings, words};
use crate::view_models::{AskedText, ImportColumn, ImportView, InviteOptions};
use crate::words::Language;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// The field to which a refusal belongs.
pub fn field_of(refusal: &UseCaseError) -> &'static str {
    match refusal {
        UseCaseError::Invalid(Invalid::PersonalTextTooLong { .. }) => "personal_text",
        UseCaseError::Invalid(Invalid::Validity) => "valid_for",
        UseCaseError::Invalid(Invalid::Language) => "language",
        _ => "",
    }
}

/// What was read, and the fields of what holds for it.
pub fn columns(view: &ImportView, options: &InviteOptions) -> impl IntoView + use<> {
    let words = words();
    let name = if view.name.is_empty() { words.import_pasted().to_string() } else { view.name.clone() };
    let between = match view.delimiter {
        Some('\t') => words.import_tab().to_string(),
        Some(delimiter) => words.quoted(&delimiter.to_string()),
        None => String::new(),
    };
    let read_as = match view.reads_people {
        true => Some(words.import_read_people().to_string()),
        false => view.encoding.as_ref().map(|encoding| words.import_read_as(encoding, &between)),
    };
    let aside = (!view.aside.is_empty()).then(|| {
        let lines = view.aside.iter().map(|line| view! { <li>{line.clone()}</li> }).collect_view();
        view! {
            <div class="muted">
                <p>{words.import_aside()}</p>
                <ul>{lines}</ul>
            </div>
        }
    });
    // Addresses that nobody would be invited by are said, and not only left out.
    let has_addresses = |column: &&ImportColumn| {
        column.holds.is_none_or(|holds| !PasteColumn::CHOICES.contains(&holds))
            && column.samples.iter().any(|sample| sample.contains('@'))
    };
    let unused: Vec<String> = view.columns.iter().filter(has_addresses).map(|column| column.head.clone()).collect();
    let unused = (!unused.is_empty()).then(
        || view! { <Notice tone=Tone::Warn icon="alert">{words.import_unused_addresses(&unused.join(", "))}</Notice> },
    );
    let columns = view.columns.iter().enumerate().map(|(at, column)| one_column(at, column)).collect_view();
    let note = Note::about(ImportList::PATH, field_of);
    view! {
        <section class="card stack" aria-labelledby="list">
            <h2 id="list">{name}</h2>
            <PlainAnswer note=note.clone() done=words.import_checked() />
            <p class="muted">{read_as}</p>
            {sheets(view)}
            {reading(view)}
            {aside}
            <fieldset class="field">
                <legend>{words.import_columns()}</legend>
                <p class="hint">{words.import_columns_hint()}</p>
                <div class="import-columns">{columns}</div>
                {unused}
            </fieldset>
            {asked(view)}
            {everyone(view, options, &note)}
            {view.asks_unit.then(|| unit(view))}
            <div class="actions">
                <button class="button" id="check">{words.import_check()}</button>
            </div>
        </section>
    }
}

/// Which sheet of a workbook is read.
fn sheets(view: &ImportView) -> Option<impl IntoView + use<>> {
    let words = words();
    let read = view.sheets.get(view.sheet)?;
    let choices = view.sheets.iter().enumerate().map(|(at, name)| Choice::new(at.to_string(), name.clone())).collect();
    let hint = words.import_sheet_hint(read, view.sheets.len());
    Some(view! {
        <SelectField label=words.import_sheet() name="sheet" choices=choices selected=view.sheet.to_string() hint=hint />
    })
}

/// How the list is read, where that is to be said otherwise than it was found out.
fn reading(view: &ImportView) -> Option<impl IntoView + use<>> {
    let words = words();
    let said = &view.reading;
    let by_itself = || Choice::new("", words.import_found_out());
    let yes_or_no =
        |yes: &'static str, no: &'static str| vec![by_itself(), Choice::new("yes", yes), Choice::new("no", no)];
    let text = view.is_text.then(|| {
        let letters = LETTERS.map(|letters| Choice::new(letters, letters));
        let between = BETWEEN_CELLS.map(|between| {
            let name = if between == '\t' { words.import_tab().to_string() } else { between.to_string() };
            Choice::new(between_code(between), name)
        });
        view! {
            <SelectField
                label=words.import_letters()
                name="letters"
                choices=std::iter::once(by_itself()).chain(letters).collect()
                selected=said.letters.clone().unwrap_or_default()
            />
            <SelectField
                label=words.import_between()
                name="between"
                choices=std::iter::once(by_itself()).chain(between).collect()
                selected=said.between.map(between_code).unwrap_or_default()
            />
            <SelectField
                label=words.import_table()
                name="table"
                choices=yes_or_no(words.import_table_yes(), words.import_table_no())
                selected=said_code(said.is_table)
            />
        }
    });
    let heads = view! {
        <SelectField
            label=words.import_heads()
            name="heads"
            choices=yes_or_no(words.import_heads_yes(), words.import_heads_no())
            selected=said_code(said.has_heads)
        />
    };
    let is_said = *said != ListReading::default();
    view.can_be_read_again.then(|| {
        view! {
            <details id="reading" open=is_said>
                <summary>{words.import_read_otherwise()}</summary>
                <div class="stack">
                    <p class="hint">{words.import_read_otherwise_hint()}</p>
                    <div class="import-columns">{text} {heads}</div>
                </div>
            </details>
        }
    })
}

fn one_column(at: usize, column: &ImportColumn) -> impl IntoView + use<> {
    let words = words();
    let head = if column.head.is_empty() { words.import_column_number(at + 1) } else { column.head.clone() };
    let choices: Vec<Choice> = std::iter::once(Choice::new("", words.import_ignored()))
        .chain(PasteColumn::CHOICES.map(|holds| Choice::new(holds.code(), words.import_column(holds))))
        .collect();
    let holds = column.holds.map(PasteColumn::code).unwrap_or_default();
    let samples = column.samples.iter().map(|sample| view! { <li>{sample.clone()}</li> }).collect_view();
    view! {
        <div class="stack tight">
            <FieldsOf of=(head.clone(), holds)>
                <SelectField
                    label=words.import_column_holds(&head)
                    name="columns[]"
                    id=format!("column-{at}")
                    choices=choices.clone()
                    selected=holds
                />
            </FieldsOf>
            <ul class="meta">{samples}</ul>
        </div>
    }
}

/// The texts of roles and units that nobody here knows, each with what it means.
fn asked(view: &ImportView) -> Option<impl IntoView + use<>> {
    let words = words();
    let roles: Vec<Choice> =
        assignable_roles().iter().map(|role| Choice::new(role.id.as_str(), words.role_name(role))).collect();
    let units: Vec<Choice> = view.units.iter().map(|unit| Choice::new(unit.id.as_str(), unit.name.clone())).collect();
    let one = |(at, asked): (usize, &AskedText)| {
        let is_role = asked.column == PasteColumn::Role;
        let (text, id, label, choices) = match is_role {
            true => ("role_texts[]", "role_ids[]", words.import_asked_role(&asked.text), roles.clone()),
            false => ("unit_texts[]", "unit_ids[]", words.import_asked_unit(&asked.text), units.clone()),
        };
        let choices: Vec<Choice> = std::iter::once(Choice::new("", words.import_choose())).chain(choices).collect();
        let (asked_text, meant) = (asked.text.clone(), asked.id.clone());
        view! {
            <FieldsOf of=(is_role, asked_text.clone(), meant.clone())>
                <input type="hidden" name=text value=asked_text.clone() />
                <SelectField
                    label=label.clone()
                    name=id
                    id=format!("meaning-{at}")
                    choices=choices.clone()
                    selected=meant.clone()
                />
            </FieldsOf>
        }
    };
    (!view.asked.is_empty()).then(|| {
        view! {
            <fieldset class="field" id="asked">
                <legend>{words.import_asked()}</legend>
                <div class="import-columns">{view.asked.iter().enumerate().map(one).collect_view()}</div>
            </fieldset>
        }
    })
}

/// To which unit those go whose row names none. Where the list names none at all, nothing is chosen until somebody does.
fn unit(view: &ImportView) -> impl IntoView + use<> {
    let words = words();
    let (label, hint) = match view.asks_unit {
        true => (words.import_which_unit(), words.import_which_unit_hint()),
        false => (words.import_unit(), words.import_unit_hint()),
    };
    let chosen = view.terms.unit.as_ref().map(ToString::to_string).unwrap_or_default();
    let nothing = (view.asks_unit && chosen.is_empty()).then(|| Choice::new("", words.import_choose()));
    let units = view.units.iter().map(|unit| Choice::new(unit.id.as_str(), unit.name.clone()));
    let choices: Vec<Choice> = nothing.into_iter().chain(units).collect();
    view! { <SelectField label=label name="unit" choices=choices selected=chosen hint=hint /> }
}

/// What holds for everybody whose row says nothing else.
fn everyone(view: &ImportView, options: &InviteOptions, note: &Note) -> impl IntoView + use<> {
    let words = words();
    let terms = &view.terms;
    let roles: Vec<Choice> =
        assignable_roles().iter().map(|role| Choice::new(role.id.as_str(), words.role_name(role))).collect();
    let languages = Language::ALL.map(|language| Choice::new(language.code(), language.own_name())).to_vec();
    let validities = validity_choices(options, terms.valid_for);
    let policies = BatchPolicy::ALL.map(BatchPolicy::code).map(|code| {
        let (setting, label) = (Setting::BatchPolicy, words.setting_value(Setting::BatchPolicy, code));
        Choice::new(code, label).meaning(words.setting_meaning(setting, code))
    });
    let policies = policies.to_vec();
    let existing = ExistingPeople::ALL
        .map(|existing| {
            let (label, meaning) = words.existing_people(existing);
            Choice::new(existing.code(), label).meaning(meaning)
        })
        .to_vec();
    let sends = match options.adds_people {
        true => view! {
            <CheckField
                label=words.import_sends()
                name="sends"
                checked=terms.sends
                hint=words.import_sends_hint()
            />
        }
        .into_any(),
        // Whoever may not decide it is told.
        false => view! {
            <input type="hidden" name="sends" value="on" />
            {said(Tone::Info, words.import_always_sends())}
        }
        .into_any(),
    };
    view! {
        <fieldset class="field">
            <legend>{words.import_everyone()}</legend>
            <div class="import-columns">
                <SelectField
                    label=words.import_role()
                    name="role"
                    choices=roles
                    selected=terms.role.as_str()
                    hint=words.import_role_hint()
                />
                {(!view.asks_unit).then(|| unit(view))}
                <SelectField
                    label=words.invite_language()
                    name="language"
                    choices=languages
                    selected=terms.language.clone()
                />
                <SelectField
                    label=words.invite_validity()
                    name="valid_for"
                    choices=validities
                    selected=validity::own_code(terms.valid_for)
                />
            </div>
            <TextField
                label=words.invite_text()
                name="personal_text"
                value=note.typed_or("personal_text", terms.personal_text.clone())
                hint=words.invite_text_hint(PERSONAL_TEXT_LIMIT)
                maxlength=PERSONAL_TEXT_LIMIT
            />
            {sends}
            <RadioGroup
                legend=words.import_existing()
                name="existing"
                choices=existing
                selected=terms.existing.code().to_string()
            />
            {endings().archives.then(|| view! {
                <CheckField
                    label=words.import_everybody()
                    name="everybody"
                    checked=terms.is_everybody
                    hint=words.import_everybody_hint()
                />
            })}
            <RadioGroup
                legend=words.import_policy()
                name="policy"
                choices=policies
                selected=terms.policy.code().to_string()
            />
        </fieldset>
    }
}
