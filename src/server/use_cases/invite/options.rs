//! What the invite form offers before anything is typed: roles, units, languages, and for how long.

use super::desk::{first_unit, may_invite_to};
use super::{Actor, UseCaseError, held, require};
use crate::domain::agreement::{self, RoleGrant};
use crate::domain::contact::Channel;
use crate::domain::id::{DraftId, RoleId, UnitId};
use crate::domain::onboarding::UsualInvitation;
use crate::domain::permission::{Permission, Permissions};
use crate::domain::policy::Request;
use crate::domain::settings::{Settings, UnitField};
use crate::domain::sms::SmsLength;
use crate::domain::timestamp::{Duration, Timestamp};
use crate::domain::validity::OFFERED;
use crate::server::app::App;
use crate::server::delivery;
use crate::server::storage::{Tx, roles, units, users};
use crate::server::use_cases;
use crate::view_models::{InviteOptions, InvitePageData, LeftInForm, Validity};
use crate::words::Language;
use std::collections::BTreeSet;

/// The page of inviting: what its form offers, and what stands in it since the last look or the last sending, where `draft` names
/// that. `unit` and `search` are as in [`options`].
pub async fn page(
    app: &App,
    caller: &Actor,
    draft: Option<&DraftId>,
    unit: Option<&UnitId>,
    search: &str,
) -> Result<InvitePageData, UseCaseError> {
    let (left, under_way) = match draft {
        Some(id) => {
            let draft = held::draft(app, caller, id).await?;
            let hold = held::hold(app, id, &draft);
            (Some(LeftInForm { id: id.clone(), draft, hold }), None)
        }
        None => (None, held::under_way(app, caller).await?),
    };
    // A draft knows from whose page its form was opened.
    let unit = unit.or_else(|| left.as_ref().and_then(|left| left.draft.proposed.as_ref()));
    let options = options(app, caller, unit, search).await?;
    Ok(InvitePageData { options, left, under_way })
}

/// What the invite form offers before anything is typed. `unit` is the one from whose page it was opened, `search` what was
/// looked for among the units.
pub async fn options(
    app: &App,
    caller: &Actor,
    unit: Option<&UnitId>,
    search: &str,
) -> Result<InviteOptions, UseCaseError> {
    let now = app.clock.now();
    let (mut tx, authority) = use_cases::read_as(app, caller).await?;
    require(&authority, Request::Use(Permission::Invite))?;
    let reader = use_cases::users::reader_for(&mut tx, caller, app.clock.now()).await?;
    let settings = use_cases::settings_of(&mut tx).await?;
    let chosen = match unit {
        Some(id) => units::find(&mut tx, id).await?.filter(|unit| may_invite_to(&authority, unit)),
        None => None,
    };
    let preset = settings.preset();
    let choices = use_cases::units::choices(&mut tx, &authority, Permission::Invite, search).await?;
    let chosen = chosen.as_ref().map(use_cases::users::unit_ref);
    let proposed = match (&chosen, settings.unit_field) {
        (Some(chosen), _) => Some(chosen.clone()),
        (None, UnitField::Required) => None,
        (None, _) => first_unit(&mut tx, &authority).await?,
    };
    let all = roles::all(&mut tx).await?;
    let said = units::own_settings(&mut tx).await?;
    let installation = UsualInvitation::of(&settings);
    let found = choices.found.iter().map(|choice| &choice.path);
    let units_usual = found.map(|path| (path.id(), UsualInvitation::of(&said.at(&settings, path))));
    let units_usual: Vec<_> = units_usual.filter(|(_, usual)| usual != &installation).collect();
    let takes_two: Vec<RoleId> = all
        .iter()
        .filter(|role| authority.may_give_somewhere(&role.id))
        .filter(|role| agreement::takes_two(RoleGrant { role, extra: Permissions::NONE }, &all))
        .map(|role| role.id.clone())
        .collect();
    let at = match chosen.as_ref().or(proposed.as_ref()).map(|unit| unit.id.clone()) {
        Some(unit) => Some(unit),
        None => first_unit(&mut tx, &authority).await?.map(|first| first.id),
    };
    let at = match at.filter(|_| !takes_two.is_empty()) {
        Some(unit) => units::find(&mut tx, &unit).await?,
        None => None,
    };
    let second = match &at {
        Some(unit) => use_cases::agreement::who_could_agree(&mut tx, caller, &unit.path, &takes_two).await?,
        None => Vec::new(),
    };
    let place = match chosen.as_ref().or(proposed.as_ref()) {
        Some(place) => units::find(&mut tx, &place.id).await?,
        None => None,
    };
    let hands_over = match choices.found.is_empty() && place.is_none() {
        true => settings.hands_over,
        false => choices
            .found
            .iter()
            .map(|choice| &choice.path)
            .chain(place.as_ref().map(|unit| &unit.path))
            .any(|path| said.at(&settings, path).hands_over),
    };
    let usual = place.as_ref().map(|unit| UsualInvitation::of(&said.at(&settings, &unit.path))).unwrap_or(installation);
    let everywhere = || units_usual.iter().map(|(_, usual)| *usual).chain([usual, installation]);
    let lengths: BTreeSet<Duration> = OFFERED
        .into_iter()
        .filter(|length| everywhere().any(|usual| *length <= usual.carries.longest()))
        .chain(everywhere().map(UsualInvitation::length))
        .chain(all.iter().flat_map(|role| everywhere().map(|usual| usual.with(role).length())))
        .collect();
    Ok(InviteOptions {
        takes_two,
        second,
        validities: lengths.into_iter().map(|length| Validity { length, until: reader.when(now + length) }).collect(),
        usual,
        installation,
        units_usual,
        usual_role: all.into_iter().find(|role| role.key == preset.usual_role).map(|role| role.id),
        // Whoever invites mostly speaks to people who speak as they do.
        language: reader.language,
        units: choices,
        chosen,
        proposed,
        unit_field: settings.unit_field,
        invites_by: settings.invites_by,
        calling_code: settings.calling_code.clone(),
        adds_people: settings.adds_people,
        hands_over,
        sms_lengths: sms_lengths(app, &mut tx, caller, &settings, now).await?,
    })
}

/// How long the SMS of an invitation would be in each language, as it would leave now; nothing where none leaves.
async fn sms_lengths(
    app: &App,
    tx: &mut Tx,
    caller: &Actor,
    settings: &Settings,
    now: Timestamp,
) -> Result<Vec<(Language, SmsLength)>, UseCaseError> {
    if !settings.invites_by.includes(Channel::Sms) {
        return Ok(Vec::new());
    }
    let inviter = users::find(tx, &caller.user_id).await?;
    let length = |language| {
        let text =
            delivery::sample_text(app, settings, inviter.clone(), language, now + settings.invitation_valid_for, now);
        (language, SmsLength::of(&text))
    };
    Ok(Language::ALL.map(length).to_vec())
}
