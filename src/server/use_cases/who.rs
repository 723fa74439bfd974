//! "Who can do this to that person, and why": asked of the policy for everybody who stands above.

use super::{Actor, Target, UseCaseError, require, seen, views};
use crate::domain::permission::Permission;
use crate::domain::policy::{Authority, Holding, Place, Request, decide, needed_for};
use crate::domain::timestamp::Timestamp;
use crate::domain::typed;
use crate::domain::unit::UnitPath;
use crate::domain::user::{User, UserAction};
use crate::server::app::App;
use crate::server::storage::{Tx, memberships, units, users};
use crate::view_models::{RoleHolder, WhoMay};

/// How many of those who can are named, and how many holders of a unit are asked about.
const MOST_NAMED: usize = 50;
const MOST_ASKED: usize = 200;

/// Those within the caller's reach who can do `action` to the person whom `about` names.
pub async fn may(app: &App, caller: &Actor, action: UserAction, about: &str) -> Result<WhoMay, UseCaseError> {
    let now = app.clock.now();
    let (mut tx, authority) = super::read_as(app, caller).await?;
    require(&authority, Request::Use(Permission::SeeSettings))?;
    let mut answer = WhoMay { action, about: about.trim().into(), person: None, found: Vec::new(), has_more: false };
    let Some(person) = named(&mut tx, &authority, &typed::identifier(about), now).await? else { return Ok(answer) };
    let user = person.user.clone();
    answer.person = Some(views::known(&user));
    let places = memberships::places(&person.all);
    let mut line: Vec<UnitPath> = Vec::new();
    for place in &places {
        let mut above = Some(place.unit.clone());
        while let Some(path) = above {
            above = path.parent();
            if !line.contains(&path) {
                line.push(path);
            }
        }
    }
    line.sort();
    let mut asked = Vec::new();
    for path in line {
        let holders = memberships::holders_at(&mut tx, &path.id(), needed_for(action), MOST_ASKED + 1).await?;
        answer.has_more |= holders.len() > MOST_ASKED;
        for holder in holders.into_iter().take(MOST_ASKED) {
            if asked.contains(&holder) {
                continue;
            }
            asked.push(holder.clone());
            let Some(other) = memberships::authority(&mut tx, &holder).await? else { continue };
            let ask = Request::Do { action, user_id: &user.id, places: &places };
            if !decide(&other, ask).is_allowed() {
                continue;
            }
            if answer.found.len() == MOST_NAMED {
                answer.has_more = true;
                return Ok(answer);
            }
            let (Some(by), Some(who)) = (reason(&other, ask), users::find(&mut tx, &holder).await?) else { continue };
            let unit = units::find(&mut tx, &by.unit.id()).await?.map(|unit| unit.name).unwrap_or_default();
            let place = Place { unit: by.unit.clone(), role: by.role.id.clone(), extra: by.extra };
            answer.found.push(RoleHolder { person: views::known(&who), place, unit });
        }
    }
    Ok(answer)
}

/// The person whom an identifier names; else what is known of whoever was invited there, of those rows the first that is seen.
async fn named(
    tx: &mut Tx,
    authority: &Authority,
    about: &str,
    now: Timestamp,
) -> Result<Option<Target>, UseCaseError> {
    let mut found: Vec<User> = users::find_by_identifier(tx, about).await?.into_iter().collect();
    found.extend(users::with_addresses(tx, &[about]).await?.into_iter().filter(|user| user.is_placeholder));
    for user in found {
        match seen(tx, authority, UserAction::See, &user.id, now).await {
            Ok(person) => return Ok(Some(person)),
            Err(UseCaseError::NotFound | UseCaseError::Denied(_)) => {}
            Err(other) => return Err(other),
        }
    }
    Ok(None)
}

/// By what somebody may do it: the highest role that is enough alone; where it takes several, the highest of them.
fn reason<'a>(authority: &'a Authority, ask: Request<'_>) -> Option<&'a Holding> {
    let is_enough = |holding: &&Holding| {
        let alone = Authority { user_id: authority.user_id.clone(), holdings: vec![(*holding).clone()] };
        decide(&alone, ask).is_allowed()
    };
    let highest = |holding: &&Holding| holding.role.rank;
    let alone = authority.holdings.iter().filter(is_enough).max_by_key(highest);
    alone.or_else(|| authority.holdings.iter().max_by_key(highest))
}
