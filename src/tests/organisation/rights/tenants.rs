//! Things of one company under the parameters of another, and things of one kind where another kind belongs: as if they were
//! nowhere, whoever asks (TE-01, TE-02, TE-04).

use super::calls::{Call, Way};
use crate::endpoints::reviewed::{FUNCTIONS, Sample};
use crate::organisation::Chain;
use crate::support::browser::Browser;
use crate::support::crowd::State;
use crate::support::databases::both;
use crate::support::tables::Dump;
use usher::domain::error::UseCaseError;
use usher::domain::id::{DraftId, InvitationId, MessageId, SessionId, ShiftId, UnitId, UserId};
use usher::server::http::status::status_of;

const TIMES: [(&str, &str); 3] = [("title", "Desk"), ("starts", "2030-01-07T09:00"), ("ends", "2030-01-07T17:00")];

/// Calls whose ids are each fine, and do not belong together; whether whoever is above both gets through with them.
async fn mixed(chain: &Chain) -> Vec<(Call, bool)> {
    let (north, south) = (chain.north.id.as_str(), chain.south.id.as_str());
    let (nick, sue) = (chain.employees[0].as_str(), chain.employees[1].as_str());
    let role = chain.role("employee").to_string();
    let shift = chain.site.add_shift(&chain.north).await.to_string();
    let elsewhere = chain.site.add_shift(&chain.south).await.to_string();
    let offered = chain.site.add("Offered", "offered@acme.by", "employee", &chain.south, State::Invited).await;
    let offer = chain.site.invitation_of(&offered).await.to_string();
    let invite = |unit: &str, more: &str| {
        let fields = [
            ("addresses", "new@acme.by"),
            ("unit", unit),
            ("units[]", more),
            ("role", &role),
            ("language", "en"),
            ("valid_for", "8h"),
        ];
        Call::new("invite", &fields)
    };
    vec![
        (Call::new("change-role", &[("id", sue), ("unit", north), ("role", &role)]), false),
        (Call::new("change-role", &[("id", nick), ("unit", south), ("role", &role)]), false),
        (Call::new("remove-place", &[("id", sue), ("unit", north)]), false),
        (Call::new("remove-place", &[("id", nick), ("unit", south)]), false),
        (Call::new("join-shift", &[("id", &shift), ("user", sue)]), false),
        (Call::new("join-shift", &[("id", &elsewhere), ("user", nick)]), false),
        (Call::new("add-place", &[("id", sue), ("unit", north), ("role", &role)]), true),
        (Call::new("add-place", &[("id", nick), ("unit", south), ("role", &role)]), true),
        (Call::new("add-place", &[("id", offered.as_str()), ("unit", north), ("role", &role)]), true),
        (invite(north, south), true),
        (invite(south, north), true),
        (Call::new("create-unit", &[("below", south), ("kind", "team"), ("name", "Team")]), true),
        (Call::new("create-shift", &[&[("unit", south)][..], &TIMES[..]].concat()), true),
        (Call::new("edit-unit", &[("id", south), ("name", "Ours")]), true),
        (Call::new("resend", &[("id", &offer), ("unit", north)]), true),
        (Call::new("withdraw", &[("id", &offer), ("unit", north)]), true),
        (Call::new("copy-link", &[("id", &offer), ("unit", north)]), true),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn what_belongs_to_one_company_is_nowhere_under_another_te_02() {
    both(|db| async {
        let chain = Chain::found(db).await;
        let calls = mixed(&chain).await;
        let mut admin = Browser::signed_in(&chain.site.app, &chain.admins[0]).await;
        let mut anna = Browser::signed_in(&chain.site.app, &chain.site.anna).await;
        let before = Dump::of(&chain.site.app.db).await;
        for (call, is_for_those_above) in &calls {
            for way in [Way::Script, Way::Plain] {
                assert_eq!(call.send(&mut admin, way).await, Err(UseCaseError::NotFound), "{call:?} {way:?}");
                if !is_for_those_above {
                    assert_eq!(call.send(&mut anna, way).await, Err(UseCaseError::NotFound), "{call:?} {way:?}");
                }
            }
        }
        // Neither the address of a page nor a parameter of a list opens another company.
        let south = chain.south.id.as_str();
        let list =
            [("q", ""), ("status", ""), ("role", ""), ("sort", ""), ("after", ""), ("before", ""), ("unit", south)];
        assert_eq!(admin.ask("/api/users", &list).await.status.as_u16(), 404);
        for page in ["users", "invitations", "shifts", "audit"] {
            let answer = admin.get(&format!("/{page}?unit={south}")).await;
            assert_eq!(answer.status.as_u16(), 404, "{page}");
            if page != "users" {
                assert_eq!(admin.ask_shown(&format!("/{page}?unit={south}")).await.status.as_u16(), 404, "{page}");
            }
        }
        before.assert_unchanged(&chain.site.app.db, "what did not belong together").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_of_another_kind_names_nothing_te_01() {
    both(|db| async {
        let chain = Chain::found(db).await;
        let offered = chain.site.add("Offered", "offered@acme.by", "employee", &chain.north, State::Invited).await;
        let ids = [
            chain.employees[0].to_string(),
            chain.north.id.to_string(),
            chain.role("dispatcher").to_string(),
            chain.site.add_shift(&chain.north).await.to_string(),
            chain.site.invitation_of(&offered).await.to_string(),
        ];
        let mut anna = Browser::signed_in(&chain.site.app, &chain.site.anna).await;
        let before = Dump::of(&chain.site.app.db).await;
        for id in &ids {
            // A thing of its own kind is left alone; what it would do is another test's.
            let other = |is_own: bool| if is_own { "nothing".to_string() } else { id.clone() };
            let sample = Sample {
                person: UserId::new(other(*id == ids[0])),
                unit: UnitId::new(other(*id == ids[1])),
                role_id: other(*id == ids[2]),
                shift: ShiftId::new(other(*id == ids[3])),
                invitation: InvitationId::new(other(*id == ids[4])),
                draft: DraftId::new(id),
                session: SessionId::new(id),
                message: MessageId::new(id),
                ..Sample::of_nothing(&chain.site)
            };
            for function in FUNCTIONS.iter().filter(|function| function.method == "POST" && function.has_ids()) {
                let fields = function.filled(&sample);
                let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
                let call = Call::new(function.path.trim_start_matches("/api/"), &fields);
                for way in [Way::Script, Way::Plain] {
                    let refused = call.send(&mut anna, way).await.err().map(|refusal| status_of(&refusal).as_u16());
                    assert_eq!(refused, Some(404), "{call:?} {way:?}");
                }
            }
        }
        before.assert_unchanged(&chain.site.app.db, "ids of another kind").await;
    })
    .await;
}
