//! The tree, the roles and the memberships: who stands where, what moving and closing means, who joins, who agrees, who
//! works when; and that no sequence of calls gives anybody a right that nobody with authority gave.

mod access;
mod approval;
mod either_order;
mod endings;
mod joining;
mod loosening;
mod losing;
mod moving;
mod old_offers;
mod one_row;
mod places;
mod rights;
mod roles;
mod scope;
mod settings;
mod shifts;
mod unfinished;
mod units;
mod unproven;

use crate::people::caller;
use crate::support::crowd::State;
use crate::support::site::TestSite;
use usher::domain::error::UseCaseError;
use usher::domain::id::{DraftId, RoleId, UnitId, UserId};
use usher::domain::listing::UserQuery;
use usher::domain::policy::Authority;
use usher::domain::proposal::ProposalOutcome;
use usher::domain::review::InviteDraft;
use usher::domain::role::RoleWish;
use usher::domain::unit::Unit;
use usher::server::storage::{memberships, roles as stored};
use usher::server::use_cases::{self, held, invite, users};
use usher::view_models::UsersPage;

/// A company with two branches, each with its administrator and an employee.
pub struct Chain {
    pub site: TestSite,
    pub north: Unit,
    pub south: Unit,
    /// Of the whole company.
    chief: UserId,
    /// Of one branch each.
    pub admins: [UserId; 2],
    employees: [UserId; 2],
}

impl Chain {
    pub async fn found(db: usher::server::storage::Database) -> Self {
        let site = TestSite::furnish(db, None).await;
        let north = site.add_branch("North", &site.company).await;
        let south = site.add_branch("South", &site.company).await;
        let chief = site.add_active("Chief", "chief@acme.by", "company_administrator").await;
        let add = async |name: &str, role: &str, unit: &Unit| {
            let email = format!("{}@acme.by", name.to_lowercase().replace(' ', "."));
            site.add(name, &email, role, unit, State::Active).await
        };
        let admins = [
            add("Nina North", "company_administrator", &north).await,
            add("Sam South", "company_administrator", &south).await,
        ];
        let employees = [add("Nick North", "employee", &north).await, add("Sue South", "employee", &south).await];
        Self { site, north, south, chief, admins, employees }
    }

    fn role(&self, key: &str) -> RoleId {
        self.site.role(key).id.clone()
    }

    /// Changes a role as the first main administrator.
    async fn change_role(&self, key: &str, change: impl Fn(&mut RoleWish)) -> Result<ProposalOutcome, UseCaseError> {
        let id = self.role(key);
        let mut tx = self.site.app.db.read().await.expect("a connection");
        let all = stored::all(&mut tx).await.expect("the roles");
        drop(tx);
        let role = all.iter().find(|role| role.id == id).expect("the role");
        let mut wish = RoleWish::from(role);
        change(&mut wish);
        let by = caller(&self.site.anna);
        use_cases::roles::save(&self.site.app, &by, Some(&id), &wish).await.map(|saved| saved.outcome)
    }

    /// What somebody holds at this moment.
    pub async fn authority(&self, user: &UserId) -> Option<Authority> {
        let mut tx = self.site.app.db.read().await.expect("a connection");
        memberships::authority(&mut tx, user).await.expect("a look")
    }

    /// The list of a unit as somebody sees it.
    async fn list(&self, by: &UserId, unit: Option<&UnitId>) -> Result<UsersPage, UseCaseError> {
        let query = UserQuery { unit: unit.cloned(), ..UserQuery::default() };
        users::list(&self.site.app, &caller(by), &query).await
    }

    /// The names in a list.
    async fn names(&self, by: &UserId, unit: Option<&UnitId>) -> Vec<String> {
        let page = self.list(by, unit).await.expect("a list");
        assert_eq!(page.total(), i64::try_from(page.rows.len()).expect("few"), "the count says what the list shows");
        page.rows.into_iter().map(|row| row.name).collect()
    }

    /// Invites one address to some units.
    pub async fn invite(
        &self,
        by: &UserId,
        address: &str,
        units: &[&Unit],
        role: &str,
    ) -> Result<InviteDraft, UseCaseError> {
        let wish = invite::InviteForm {
            addresses: address.into(),
            units: units.iter().map(|unit| unit.id.to_string()).collect(),
            role: self.role(role).to_string(),
            language: "en".into(),
            valid_for: "8h".into(),
            ..invite::InviteForm::default()
        };
        let id: DraftId = invite::invite(&self.site.app, &caller(by), &wish).await?;
        held::draft(&self.site.app, &caller(by), &id).await
    }
}
