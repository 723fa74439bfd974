//! What holds for everyone of a form: where, which role, in which language, how long, and the personal text; and these as they
//! were chosen, to be sent and to be read back.

use crate::domain::id::{RoleId, UnitId};
use crate::domain::invitation::PERSONAL_TEXT_LIMIT;
use crate::domain::onboarding::UsualInvitation;
use crate::domain::permission::{Permission, Permissions};
use crate::domain::policy::{Request, decide};
use crate::domain::review::InviteDraft;
use crate::domain::role::Role;
use crate::domain::settings::UnitField;
use crate::domain::sms::SmsLength;
use crate::domain::timestamp::Duration;
use crate::domain::validity;
use crate::ui::components::{CheckField, Choice, RadioGroup, SelectField, TextField};
use crate::ui::pages::parts::{people_names, validity_choices};
use crate::ui::session::{assignable_roles, may_use, speaks_of, viewer, vocabulary, words};
use crate::view_models::{Flash, InviteOptions, Viewer};
use crate::words::Language;
use leptos::prelude::*;

/// The answers that hold for everyone, as the form carries them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Everyone {
    /// Those that are ticked.
    pub units: Vec<String>,
    pub proposed: String,
    pub role: String,
    pub extra: Vec<String>,
    pub language: String,
    pub valid_for: String,
    pub personal_text: String,
}

impl Everyone {
    /// Reads them out of the fields of a form.
    pub fn read(fields: &[(String, String)]) -> Self {
        let all =
            |name: &str| fields.iter().filter(|(known, _)| known == name).map(|(_, value)| value.clone()).collect();
        let one = |name: &str| fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
        let units: Vec<String> = all("units[]");
        Self {
            units: units.into_iter().filter(|unit| !unit.is_empty()).collect(),
            proposed: one("proposed").unwrap_or_default(),
            role: one("role").unwrap_or_default(),
            extra: all("extra[]"),
            language: one("language").unwrap_or_default(),
            valid_for: one("valid_for").unwrap_or_default(),
            personal_text: one("personal_text").unwrap_or_default(),
        }
    }

    /// The answers as the fields of a form hold them.
    pub fn answers(&self) -> Vec<(String, String)> {
        let each = |name: &str, values: &[String]| -> Vec<_> {
            values.iter().map(|value| (name.to_string(), value.clone())).collect()
        };
        let one = |name: &str, value: &str| (name.to_string(), value.to_string());
        let mut all = [each("units[]", &self.units), each("extra[]", &self.extra)].concat();
        all.push(one("role", &self.role));
        all.push(one("language", &self.language));
        all.push(one("valid_for", &self.valid_for));
        all
    }

    /// As they stand at first: what was typed into a form that was refused, what a draft left, else what is proposed.
    pub fn at_first(options: &InviteOptions, draft: Option<&InviteDraft>, note: &Flash) -> Self {
        let roles = role_choices();
        let usual = options.usual_role.as_ref().map(|role| role.as_str().to_string()).unwrap_or_default();
        let drafted = draft.and_then(|draft| draft.role.as_ref()).map(|role| role.as_str().to_string());
        let role = typed_or(note, "role", drafted.unwrap_or(usual));
        // Where the usual role is not among them, the lowest: nobody gets more than was meant.
        let role = match roles.iter().any(|choice| choice.value == role) {
            true => role,
            false => roles.last().map(|choice| choice.value.clone()).unwrap_or_default(),
        };
        let typed = |name: &str| -> Vec<String> {
            note.typed.iter().filter(|(known, _)| known == name).map(|(_, value)| value.clone()).collect()
        };
        // Nothing but the unit from whose page the form was opened is ticked beforehand.
        let units = match draft {
            _ if !note.typed.is_empty() => typed("units[]"),
            Some(draft) => draft.units.iter().map(UnitId::to_string).collect(),
            None => options.chosen.iter().map(|unit| unit.id.to_string()).collect(),
        };
        let extra = match draft {
            _ if !note.typed.is_empty() => typed("extra[]"),
            Some(draft) => draft.extra.iter().map(|permission| permission.code().to_string()).collect(),
            None => Vec::new(),
        };
        let language = draft.map_or(options.language, |draft| draft.language);
        let text = draft.map(|draft| draft.personal_text.clone()).unwrap_or_default();
        Self {
            units,
            proposed: options.proposed.as_ref().map(|unit| unit.id.to_string()).unwrap_or_default(),
            role,
            extra,
            language: typed_or(note, "language", language.code().into()),
            valid_for: typed_or(note, "valid_for", validity::own_code(draft.and_then(|draft| draft.valid_for))),
            personal_text: typed_or(note, "personal_text", text),
        }
    }

    /// What everybody gets, in a line: what will be sent is read before it is sent.
    pub fn summary(&self, options: &InviteOptions) -> String {
        let words = words();
        let role = viewer().with_value(|viewer| {
            viewer.role(&RoleId::new(&self.role)).map(|role| words.role_name(role)).unwrap_or_default()
        });
        let named = options.units.found.iter().map(|choice| &choice.unit);
        let named: Vec<_> = named.chain(&options.chosen).chain(&options.proposed).collect();
        let mut units: Vec<&str> = Vec::new();
        let wanted = match self.units.is_empty() && options.unit_field != UnitField::Required {
            true => std::slice::from_ref(&self.proposed),
            false => self.units.as_slice(),
        };
        for id in wanted {
            let name = named.iter().find(|unit| unit.id.as_str() == id).map(|unit| unit.name.as_str());
            units.extend(name.filter(|name| !units.contains(name)));
        }
        let language = Language::from_code(&self.language).map(Language::own_name).unwrap_or_default();
        let length = validity::read(&self.valid_for).unwrap_or_else(|_| self.usual(options, wanted));
        let until = options.validities.iter().find(|validity| validity.length == length);
        let until = until.map(|validity| validity.until.exact.clone()).unwrap_or_default();
        words.invite_everyone_gets(&role, &units.join(", "), language, &until)
    }

    /// How long the links work where nothing else is chosen.
    fn usual(&self, options: &InviteOptions, units: &[String]) -> Duration {
        let at = |id: &String| {
            let said = options.units_usual.iter().find(|(unit, _)| unit.as_str() == id);
            said.map_or(options.installation, |(_, usual)| *usual)
        };
        let chosen = units.iter().filter(|id| !id.is_empty()).map(at);
        let usual = chosen.reduce(UsualInvitation::joined).unwrap_or(options.usual);
        let of_role = |role: &Role| usual.with(role);
        let role = viewer().with_value(|viewer| viewer.role(&RoleId::new(&self.role)).map(of_role));
        role.unwrap_or(usual).length()
    }

    /// The extra permissions that whoever invites may give where these people go: of others none is offered.
    pub fn may_give(&self, options: &InviteOptions, viewer: StoredValue<Viewer>, permission: Permission) -> bool {
        let ticked =
            options.units.found.iter().filter(|choice| self.units.iter().any(|id| id == choice.unit.id.as_str()));
        let paths: Vec<_> = ticked.map(|choice| &choice.path).collect();
        // Where nothing is ticked, or nothing whose place is known, what can be given somewhere is offered.
        let paths = match paths.is_empty() {
            true => options.units.found.iter().map(|choice| &choice.path).collect(),
            false => paths,
        };
        let (role, extra) = (RoleId::new(&self.role), std::iter::once(permission).collect::<Permissions>());
        viewer.with_value(|viewer| {
            paths.iter().any(|unit| decide(&viewer.authority, Request::Give { unit, role: &role, extra }).is_allowed())
        })
    }
}

/// What was typed into a field of the form that was refused (nothing, when it was left empty), else what is proposed.
pub fn typed_or(note: &Flash, field: &str, proposed: String) -> String {
    if note.typed.is_empty() {
        return proposed;
    }
    note.typed.iter().find(|(name, _)| name == field).map(|(_, value)| value.clone()).unwrap_or_default()
}

/// The roles to choose from, each with its meaning.
pub fn role_choices() -> Vec<Choice> {
    let words = words();
    let choice = |role: Role| Choice::new(role.id.as_str(), words.role_name(&role)).meaning(words.role_sentence(&role));
    assignable_roles().into_iter().map(choice).collect()
}

/// The ids of the same roles, with what they are called in each language: lists come in any.
pub fn role_titles() -> Vec<(String, String)> {
    let titles = |role: Role| Language::ALL.map(|language| (role.id.to_string(), language.role_name(&role)));
    assignable_roles().into_iter().flat_map(titles).collect()
}

/// The fields; `now` follows what is chosen in them.
pub fn fields(options: &InviteOptions, first: &Everyone, now: RwSignal<Everyone>) -> impl IntoView + use<> {
    let words = words();
    let languages = Language::ALL.map(|language| Choice::new(language.code(), language.own_name())).to_vec();
    let validities = validity_choices(options, validity::read(&first.valid_for).ok());
    let length = move || {
        let length = now.with(|now| now.personal_text.chars().count());
        words.invite_text_length(length, PERSONAL_TEXT_LIMIT)
    };
    view! {
        {units(options, first)}
        <RadioGroup
            legend=words.invite_role()
            name="role"
            selected=first.role.clone()
            hint=words.invite_role_hint()
            required=true
            choices=role_choices()
        />
        {takes_two(options)}
        <div class="columns">
            <SelectField
                label=words.invite_language()
                name="language"
                selected=first.language.clone()
                choices=languages
                required=true
            />
            <SelectField
                label=words.invite_validity()
                name="valid_for"
                selected=first.valid_for.clone()
                choices=validities
                hint=roles_valid_for()
            />
        </div>
        {sms_lengths(options)}
        {extra(options, first, now)}
        <div class="stack tight">
            <TextField
                label=words.invite_text()
                name="personal_text"
                value=first.personal_text.clone()
                hint=words.invite_text_hint(PERSONAL_TEXT_LIMIT)
                maxlength=PERSONAL_TEXT_LIMIT
            />
            <p class="meta needs-script" id="text-length">{length}</p>
        </div>
    }
}

/// The roles that say for themselves how long links work.
fn roles_valid_for() -> String {
    let words = words();
    let said = |role: Role| role.valid_for.map(|length| format!("{}: {}", words.role_name(&role), words.span(length)));
    let said: Vec<String> = assignable_roles().into_iter().filter_map(said).collect();
    if said.is_empty() { String::new() } else { words.invite_as_usual_for(&said.join("; ")) }
}

/// How long an SMS would be, where people are invited by their numbers.
fn sms_lengths(options: &InviteOptions) -> Option<AnyView> {
    let words = words();
    let line = |(language, length): &(Language, SmsLength)| {
        view! { <li>{language.own_name()} ": " {words.sms_length(*length)}</li> }
    };
    (!options.sms_lengths.is_empty()).then(|| {
        view! {
            <div class="stack tight" id="sms-length">
                <p class="hint">{words.invite_by_sms()}</p>
                <ul class="hint">{options.sms_lengths.iter().map(line).collect_view()}</ul>
            </div>
        }
        .into_any()
    })
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
fn units(options: &InviteOptions, first: &Everyone) -> AnyView {
    let words = words();
    let all = &options.units;
    let chosen = options.chosen.as_ref();
    let is_only = all.found.len() == 1 && all.search.is_empty() && !all.has_more;
    let only = match (options.unit_field, chosen) {
        (UnitField::Off, Some(chosen)) => Some(chosen.id.to_string()),
        // Whoever is not asked names none, and the server takes the first.
        (UnitField::Off, None) => Some(String::new()),
        (_, None) if is_only => Some(all.found[0].unit.id.to_string()),
        _ => None,
    };
    let proposed = first.proposed.clone();
    let hidden = view! { <input type="hidden" name="proposed" value=proposed.clone() /> };
    if let Some(only) = only {
        let named = options.proposed.as_ref();
        let named = named.map(|unit| view! { <p>{words.invite_where()} ": " {unit.name.clone()}</p> });
        return view! { {named} {hidden} <input type="hidden" name="units[]" value=only /> }.into_any();
    }
    let is_required = options.unit_field == UnitField::Required;
    let unless = options.proposed.as_ref().filter(|_| !is_required);
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
            let checked = first.units.contains(&choice.value);
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
    let star = is_required.then(|| view! { <span class="required-mark" aria-hidden="true">"*"</span> });
    view! {
        <fieldset class="field" id="unit" tabindex="-1">
            <legend>{words.invite_where()}{star}</legend>
            <p class="hint">{words.invite_where_hint()}</p>
            {unless}
            {hidden}
            <div class="choices">{ticks}</div>
            {all.has_more.then(|| view! { <p class="hint">{words.invite_units_more()}</p> })}
        </fieldset>
    }
    .into_any()
}

/// The extra permissions that go with any role of this form. In the browser, those that cannot be given where these people go
/// are out of sight, and are not sent.
fn extra(options: &InviteOptions, first: &Everyone, now: RwSignal<Everyone>) -> Option<AnyView> {
    let words = words();
    let offered = viewer().with_value(|viewer| {
        let givers = viewer.authority.holdings.iter().filter(|holding| holding.permissions().has(Permission::Invite));
        givers.fold(Permissions::NONE, |all, holding| all.union(holding.permissions())).below_the_root()
    });
    if offered.is_empty() {
        return None;
    }
    let (options, viewer) = (StoredValue::new(options.clone()), viewer());
    let tick = |permission: Permission| {
        let is_out = Memo::new(move |_| {
            !now.with(|now| options.with_value(|options| now.may_give(options, viewer, permission)))
        });
        view! {
            <div hidden=move || is_out.get()>
                <CheckField
                    id=format!("extra-{}", permission.code().replace('.', "-"))
                    name="extra[]"
                    value=permission.code()
                    label=words.permission_in(vocabulary(), permission)
                    checked=first.extra.iter().any(|code| code == permission.code())
                />
            </div>
        }
    };
    let open = !first.extra.is_empty();
    Some(
        view! {
            <details open=open>
                <summary>{words.extra_permissions()}</summary>
                <p class="hint">{words.extra_permissions_hint()}</p>
                <input type="hidden" name="extras" value="on" />
                <div class="choices">{offered.iter().filter(speaks_of).map(tick).collect_view()}</div>
            </details>
        }
        .into_any(),
    )
}
