//! H-21, rule 40: what an inviter sees before acceptance is a row of the inviter's own, whoever else invited the address or knows
//! it, and in whichever order; the person's row is made by the first acceptance.

use super::Chain;
use crate::people::caller;
use crate::support::browser::Browser;
use crate::support::crowd::State;
use crate::support::databases::{both, both_of_version};
use crate::support::html::without_the_clock;
use crate::support::people::PASSWORD;
use axum::http::StatusCode;
use std::sync::{Arc, Mutex};
use usher::domain::id::{DraftId, InvitationId, UserId};
use usher::domain::listing::{Cursor, InvitationQuery, UserQuery};
use usher::domain::review::InviteDraft;
use usher::domain::settings::Settings;
use usher::domain::timestamp::Duration;
use usher::domain::unit::Unit;
use usher::domain::user::{Status, UserAction};
use usher::server::storage::tx::DatabaseKind;
use usher::server::storage::{Database, unfinished};
use usher::server::use_cases::{audit, deletion, held, invitations, invite, letters, users, who};
use usher::values;

const ADDRESS: &str = "zebrafox@acme.by";
const NUMBER: &str = "+375291112233";

/// What became of the address elsewhere, before North invited it and after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Elsewhere {
    Nothing,
    /// South invites after North, and its invitation is accepted.
    AcceptedAfter,
    /// The same, before North.
    AcceptedBefore,
    /// South's invitation is open all the while.
    Offered,
    /// South's was withdrawn, has run out, was blocked.
    Withdrawn,
    HasRunOut,
    Blocked,
    /// They have been with South for long.
    Employed,
    /// They were, and have left.
    HasLeft,
    /// Whoever sees North's invitation invites the address to South as well, on the same row, and that is accepted.
    AcceptedOnTheSameRow,
}

use Elsewhere::{
    AcceptedAfter, AcceptedBefore, AcceptedOnTheSameRow, Blocked, Employed, HasLeft, HasRunOut, Nothing, Offered,
    Withdrawn,
};

const ALL: [Elsewhere; 10] = [
    Nothing,
    AcceptedAfter,
    AcceptedBefore,
    Offered,
    Withdrawn,
    HasRunOut,
    Blocked,
    Employed,
    HasLeft,
    AcceptedOnTheSameRow,
];

/// What North's administrator sees of the address, surface by surface, as it is sent; and how many statements each asks.
struct Seen(Surfaces);

/// Each by its name.
type Surfaces = Vec<(String, String)>;

impl Seen {
    async fn of(chain: &Chain, browser: &mut Browser, sent: &InviteDraft, draft: &DraftId) -> Self {
        let (app, nina) = (&chain.site.app, caller(&chain.admins[0]));
        let row = &sent.sent[0];
        let (person, north) = (&row.user_id, &chain.north.id);
        let mut seen = Vec::new();
        let pages = [
            "/users".to_string(),
            format!("/users?q={ADDRESS}"),
            "/users?q=secret".into(),
            "/users?q=1112233".into(),
            "/users?status=active".into(),
            "/users?status=waiting".into(),
            format!("/users/{person}"),
            format!("/users/{person}/edit"),
            format!("/users/{person}?do=place"),
            format!("/users/{person}?do=block"),
            format!("/users/{person}?do=delete"),
            format!("/users/invite?draft={draft}"),
            "/invitations".into(),
            "/invitations?status=waiting".into(),
            "/audit".into(),
            format!("/units/{north}"),
            format!("/api/users?q={ADDRESS}&status=&role=&sort=&after=&before="),
            "/api/users?q=secret&status=&role=&sort=&after=&before=".into(),
            "/api/users?q=&status=&role=&sort=name&after=&before=".into(),
            format!("/api/page?address=%2Fusers%2F{person}"),
        ];
        for page in pages {
            let answer = browser.ask_page(&page).await;
            seen.push((page.clone(), format!("{} {}", answer.status, without_nonces(&answer.text()))));
        }
        let mut told = |what: &str, answer: String| seen.push((what.into(), answer));
        let meter = app.db.meter();
        meter.reset();
        told("card", format!("{:?}", users::card(app, &nina, person).await.expect("a card")));
        let query = UserQuery { search: "zebrafox".into(), ..UserQuery::default() };
        told("search", format!("{:?}", users::list(app, &nina, &query).await.expect("a list")));
        told("counts", format!("{:?}", chain.list(&chain.admins[0], None).await.expect("a list").counts));
        let page = invitations::list(app, &nina, &InvitationQuery::default()).await.expect("a page");
        told("invitations", format!("{page:?}"));
        told("audit", format!("{:?}", audit::list(app, &nina, None, &Cursor::Start).await.expect("a page")));
        told("draft", format!("{:?}", held::draft(app, &nina, draft).await.expect("a draft")));
        told("statements", meter.statements().to_string());
        // Looking once more at the address, at one like it, and at the letter to it.
        for address in [ADDRESS, "zebra-fox@acme.by", "zebra_fox@acme.by"] {
            let wish = wish(chain, &chain.north, &format!("Typed Name <{address}>"), true);
            meter.reset();
            let id = invite::invite(app, &nina, &wish).await.expect("looked at");
            let asked = meter.statements();
            told(address, format!("{asked} {:?}", held::draft(app, &nina, &id).await.expect("a draft").rows));
            let letter = letters::of_form(app, &nina, &wish).await.expect("a letter");
            told("letter", without_moments(&format!("{letter:?}")));
        }
        Self(seen)
    }

    /// The same for another database: ids are numbered as they come, moments and hashes are only said to be some.
    fn without_chance(&self) -> Surfaces {
        let mut ids: Vec<String> = Vec::new();
        let mut plain = |text: &str| {
            let mut told = String::new();
            for word in text.split_inclusive(|c: char| !c.is_ascii_alphanumeric() && c != '-') {
                let bare = word.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
                let is_hex = bare.bytes().all(|byte| byte.is_ascii_hexdigit());
                let is_number = !bare.is_empty() && bare.bytes().all(|byte| byte.is_ascii_digit());
                let is_id = bare.len() == 36 && bare.matches('-').count() == 4;
                let name = match () {
                    () if is_id => {
                        let at = ids.iter().position(|id| id == bare).unwrap_or_else(|| {
                            ids.push(bare.into());
                            ids.len() - 1
                        });
                        format!("id{at}")
                    }
                    () if is_hex && bare.len() == 16 => "hash".into(),
                    () if is_number && (bare.len() == 13 || word.ends_with(':')) => "then".into(),
                    () if is_number && bare.len() == 2 && told.ends_with("then:") => "then".into(),
                    () => bare.into(),
                };
                told.push_str(&name);
                told.push_str(&word[bare.len()..]);
            }
            told
        };
        // Pages are made of these.
        let facts = self.0.iter().filter(|(what, _)| !what.starts_with('/'));
        facts.map(|(what, text)| (plain(what), plain(text))).collect()
    }
}

fn without_nonces(html: &str) -> String {
    let mut parts = html.split("nonce=\"");
    let first = parts.next().unwrap_or_default().to_string();
    let html = parts.fold(first, |told, part| told + part.split_once('"').map_or(part, |(_, rest)| rest));
    without_moments(&html)
}

/// The moment of the question itself goes into what could be chosen then; nobody learns anything by it.
fn without_moments(text: &str) -> String {
    let mut parts = text.split("at\\\":").flat_map(|part| part.split("at\":"));
    let first = parts.next().unwrap_or_default().to_string();
    let told =
        parts.fold(first, |told, part| told + "at " + part.trim_start_matches(|letter: char| letter.is_ascii_digit()));
    // So do the end that a link would have, and how long one still works: a minute may pass between two looks.
    without_the_clock(&without_minutes(&told))
}

/// Without times of day: `14:03` and `14:04` are one. Other numbers stay.
fn without_minutes(text: &str) -> String {
    let is_digit = |letter: char| letter.is_ascii_digit();
    let mut parts = text.split(':');
    let mut told = parts.next().unwrap_or_default().to_string();
    for part in parts {
        let hour = told.len() - told.trim_end_matches(is_digit).len();
        let minute = part.len() - part.trim_start_matches(is_digit).len();
        if (hour, minute) == (2, 2) {
            told.truncate(told.len() - hour);
            told = told + "then" + part.trim_start_matches(is_digit);
        } else {
            told = told + ":" + part;
        }
    }
    told
}

fn assert_alike(one: &[(String, String)], other: &[(String, String)], scene: &str) {
    assert_eq!(one.len(), other.len());
    for ((what, one), (_, other)) in one.iter().zip(other) {
        let (one, other) = (without_the_clock(one), without_the_clock(other));
        if one != other {
            let at = one.bytes().zip(other.bytes()).take_while(|(one, other)| one == other).count();
            let near = |text: &str| {
                let from = text.as_bytes().get(at.saturating_sub(80)..).unwrap_or_default();
                String::from_utf8_lossy(from).chars().take(240).collect::<String>()
            };
            panic!("{scene}: {what} differs:\n  {}\n  {}", near(&one), near(&other));
        }
    }
}

fn wish(chain: &Chain, unit: &Unit, addresses: &str, only_check: bool) -> invite::InviteForm {
    invite::InviteForm {
        addresses: addresses.into(),
        units: vec![unit.id.to_string()],
        role: chain.role("employee").to_string(),
        language: "en".into(),
        valid_for: "8h".into(),
        only_check,
        ..invite::InviteForm::default()
    }
}

async fn invite_to(chain: &Chain, by: &UserId, unit: &Unit, addresses: &str) -> (DraftId, InviteDraft) {
    let app = &chain.site.app;
    let id = invite::invite(app, &caller(by), &wish(chain, unit, addresses, false)).await.expect("sent");
    let draft = held::draft(app, &caller(by), &id).await.expect("a draft");
    assert_eq!(draft.sent.len(), 1, "{:?}", draft.rows);
    (id, draft)
}

/// Comes in by the link of a message, with everything of their own.
async fn come_in(chain: &Chain, invitation: &InvitationId) -> Browser {
    let mut browser = Browser::new(&chain.site.app);
    let link = format!("/i/{}", chain.site.link_of(invitation).await);
    let fields = [("name", "Secret Name"), ("phone", NUMBER), ("password", PASSWORD)];
    let answer = browser.post_form(&link, &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    browser
}

/// One scene, from the beginning until North's offer is accepted, too.
async fn play(db: Database, elsewhere: Elsewhere) -> Surfaces {
    let chain = Chain::found(db).await;
    let (site, [nina, sam]) = (&chain.site, &chain.admins);
    let anna = site.anna.clone();
    let app = &site.app;
    let mut olga = None;
    if let AcceptedBefore | Offered | Withdrawn | HasRunOut | Blocked = elsewhere {
        let (_, sent) = invite_to(&chain, sam, &chain.south, &format!("Of South <{ADDRESS}>")).await;
        let row = &sent.sent[0];
        match elsewhere {
            AcceptedBefore => olga = Some(come_in(&chain, &row.invitation).await),
            Withdrawn => drop(invitations::withdraw(app, &caller(sam), &row.invitation).await.expect("withdrawn")),
            Blocked => users::block(app, &caller(sam), &row.user_id, "").await.expect("blocked"),
            HasRunOut => {
                site.tamper("update invitations set expires_at = 1 where id = $1", &values![&row.invitation]).await;
            }
            _ => {}
        }
    }
    if let Employed | HasLeft = elsewhere {
        let state = if elsewhere == Employed { State::Active } else { State::Archived };
        let known = site.add("Secret Name", ADDRESS, "employee", &chain.south, state).await;
        let sql = "update users set phone = $2, phone_signs_in = true, last_seen_at = 1 where id = $1";
        site.tamper(sql, &values![&known, NUMBER]).await;
        site.give_password(&known).await;
    }

    let (draft, sent) = invite_to(&chain, nina, &chain.north, &format!("Typed Name <{ADDRESS}>")).await;
    let mut browser = Browser::signed_in(app, nina).await;
    let before = Seen::of(&chain, &mut browser, &sent, &draft).await;
    match elsewhere {
        AcceptedAfter => {
            let (_, sent) = invite_to(&chain, sam, &chain.south, ADDRESS).await;
            olga = Some(come_in(&chain, &sent.sent[0].invitation).await);
        }
        AcceptedOnTheSameRow => {
            let (_, more) = invite_to(&chain, &anna, &chain.south, ADDRESS).await;
            assert_eq!(more.sent[0].user_id, sent.sent[0].user_id);
            olga = Some(come_in(&chain, &more.sent[0].invitation).await);
        }
        _ => {}
    }
    if let Some(olga) = &mut olga {
        let profile = [("name", "Secret Name"), ("phone", NUMBER), ("language", "ru"), ("version", "2")];
        olga.call("/api/change-profile", &profile).await;
        assert!(olga.is_signed_in().await);
    }
    while unfinished::do_a_part(&app.db, app.clock.now()).await.expect("a part") {}
    let after = Seen::of(&chain, &mut browser, &sent, &draft).await;
    assert_alike(&before.0, &after.0, &format!("{elsewhere:?}, before and after"));
    let secrets = ["Secret Name", "Of South", "1112233", "South"];
    for (what, text) in before.0.iter().filter(|(what, _)| what != "/users?q=1112233") {
        let found = secrets.iter().find(|secret| text.contains(**secret));
        assert_eq!(found, None, "{elsewhere:?}: {what}");
    }

    // North's own offer, in the end.
    let invitation = &sent.sent[0].invitation;
    match elsewhere {
        HasLeft | Employed => {
            let link = format!("/i/{}/join", site.link_of(invitation).await);
            let answer = Browser::new(app).post_form(&link, &[("username", "x"), ("password", PASSWORD)]).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
        }
        _ => match &mut olga {
            Some(olga) => {
                let answer = olga.post_form(&format!("/i/{}/join", site.link_of(invitation).await), &[]).await;
                assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
            }
            None => drop(come_in(&chain, invitation).await),
        },
    }
    let names = chain.names(nina, None).await;
    assert!(names.contains(&"Secret Name".to_string()) && !names.contains(&"Typed Name".to_string()), "{names:?}");
    let about = who::may(app, &caller(&anna), UserAction::Block, ADDRESS).await.expect("an answer");
    assert_eq!(about.person.expect("the person").title, "Secret Name");
    before.without_chance()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_inviter_sees_the_same_bytes_whoever_else_invited_and_in_whichever_order() {
    let told: Arc<Mutex<Vec<(DatabaseKind, Elsewhere, Surfaces)>>> = Arc::default();
    for elsewhere in ALL {
        both(|db| {
            let told = told.clone();
            async move {
                let kind = db.kind();
                let seen = play(db, elsewhere).await;
                told.lock().expect("what was told").push((kind, elsewhere, seen));
            }
        })
        .await;
    }
    let told = told.lock().expect("what was told");
    for (kind, elsewhere, seen) in told.iter() {
        let of_nothing = told.iter().find(|(other, scene, _)| other == kind && *scene == Nothing);
        let (.., expected) = of_nothing.expect("the scene in which nothing happens elsewhere");
        assert_alike(expected, seen, &format!("Nothing and {elsewhere:?} on {kind:?}"));
    }
}

/// The row of an invitation that nobody else shares is the person's afterwards (rule 62); of one that is shared, each offer is
/// accepted by itself.
#[tokio::test(flavor = "multi_thread")]
async fn an_acceptance_touches_its_own_offer_and_no_other() {
    both(|db| async {
        let chain = Chain::found(db).await;
        let (site, [nina, sam]) = (&chain.site, &chain.admins);
        let app = &site.app;
        let (_, alone) = invite_to(&chain, nina, &chain.north, "alone@acme.by").await;
        come_in(&chain, &alone.sent[0].invitation).await;
        let card = users::card(app, &caller(nina), &alone.sent[0].user_id).await.expect("the same row");
        assert_eq!(card.user.name, "Secret Name");

        let (_, of_north) = invite_to(&chain, nina, &chain.north, ADDRESS).await;
        let placeholder = of_north.sent[0].user_id.clone();
        let (_, of_south) = invite_to(&chain, &site.anna, &chain.south, ADDRESS).await;
        assert_eq!(of_south.sent[0].user_id, placeholder, "whoever sees it invites on the same row");
        let mut olga = come_in(&chain, &of_south.sent[0].invitation).await;
        // South sees the person, North what it saw; whoever sees both, one row with an offer.
        assert!(users::card(app, &caller(sam), &placeholder).await.is_err());
        assert!(chain.names(sam, None).await.contains(&"Secret Name".to_string()));
        let card = users::card(app, &caller(nina), &placeholder).await.expect("a card");
        assert_eq!((card.user.name.as_str(), card.user.phone), ("", None));
        let query = UserQuery { search: ADDRESS.into(), ..UserQuery::default() };
        let rows = users::list(app, &caller(&site.anna), &query).await.expect("a list").rows;
        assert_eq!((rows.len(), rows[0].name.as_str(), rows[0].also_offered.len()), (1, "Secret Name", 1));
        assert_ne!(rows[0].id, placeholder);

        let link = format!("/i/{}/join", site.link_of(&of_north.sent[0].invitation).await);
        assert_eq!(olga.post_form(&link, &[]).await.status, StatusCode::SEE_OTHER);
        assert!(users::card(app, &caller(nina), &placeholder).await.is_err());
        let rows = users::list(app, &caller(&site.anna), &query).await.expect("a list").rows;
        assert_eq!((rows.len(), rows[0].held.len(), rows[0].also_offered.len()), (1, 2, 0));
    })
    .await;
}

/// Whoever took a place back before anybody came in reads nothing of them in the history.
#[tokio::test(flavor = "multi_thread")]
async fn who_took_their_offer_back_never_learns_the_name() {
    both(|db| async {
        let chain = Chain::found(db).await;
        let (site, [nina, sam]) = (&chain.site, &chain.admins);
        let (app, west) = (&site.app, site.add_branch("West", &site.company).await);
        site.save_settings(&Settings { hold: Duration::seconds(60), ..site.settings().await }).await;
        for has_account in [false, true] {
            let address = format!("zebra{has_account}@acme.by");
            let (draft, of_north) = invite_to(&chain, nina, &chain.north, &address).await;
            let (_, of_west) = invite_to(&chain, &site.anna, &west, &address).await;
            let placeholder = &of_north.sent[0].user_id;
            assert_eq!(&of_west.sent[0].user_id, placeholder);
            held::take_back(app, &caller(nina), &draft, "").await.expect("taken back");
            let link = &of_west.sent[0].invitation;
            if has_account {
                let (_, of_south) = invite_to(&chain, sam, &chain.south, &address).await;
                let mut olga = come_in(&chain, &of_south.sent[0].invitation).await;
                let answer = olga.post_form(&format!("/i/{}/join", site.link_of(link).await), &[]).await;
                assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
            } else {
                come_in(&chain, link).await;
            }
            let page = audit::list(app, &caller(nina), None, &Cursor::Start).await.expect("a page");
            assert!(page.rows.len() >= 2 && !format!("{page:?}").contains("Secret Name"), "{page:?}");
            let sql = "select count(*) as n from users where email = $1";
            let mut tx = app.db.read().await.expect("a connection");
            let left = tx.row(sql, &values![&address]).await.expect("a count").number("n").expect("a number");
            assert_eq!(left, 1, "nothing is left of a row that nobody sees");
        }
    })
    .await;
}

/// A database that an older version wrote: who is invited is a placeholder, and so is what was offered to an account before it was
/// one.
#[tokio::test(flavor = "multi_thread")]
async fn people_of_an_older_version_who_have_not_come_in_become_placeholders() {
    both_of_version(18, |db| async move {
        let mut tx = db.maintain().await.expect("a transaction");
        let user = "insert into users (id, number, name, name_is_own, email, is_shadow, language, registered_at, created_at, \
                    changed_at, version, phone, phone_signs_in) values ($1, $2, $1, false, $3, $4, 'en', $5, 0, 0, 1, $6, $7)";
        let (nobody, at): (Option<i64>, Option<i64>) = (None, Some(50));
        for (id, number, email, is_shadow, registered, phone) in [
            ("invited", 1_i64, "invited@acme.by", false, nobody, Some("+375291110001")),
            ("known", 2, "known@acme.by", false, at, Some("+375291110002")),
            ("shadow", 3, "known@acme.by", true, nobody, None),
        ] {
            let signs_in = phone.is_some();
            tx.execute(user, &values![id, number, email, is_shadow, registered, phone, signs_in]).await.expect("a user");
        }
        tx.execute(
            "insert into units (id, number, kind, name, path, created_at, is_closed) \
             values ('root', 1, 'installation', 'Root', 'root/', 0, false), ('south', 2, 'company', 'South', 'root/south/', 0, false), \
             ('west', 3, 'company', 'West', 'root/west/', 0, false)",
            &[],
        )
        .await
        .expect("units");
        tx.execute(
            "insert into roles (id, number, key, name, rank, permissions, is_top, needs_approval) \
             values ('role', 1, '', 'Role', 1, '', false, false)",
            &[],
        )
        .await
        .expect("a role");
        let invitation = "insert into invitations (id, user_id, channel, address, language, personal_text, generation, valid_for, \
                          created_at, renewed_at, accepted_at, needs_approval) \
                          values ($1, $2, 'email', $3, 'en', '', 1, 1, $4, 0, $5, false)";
        let membership = "insert into memberships (id, user_id, unit_id, role_id, extra, invitation_id, created_at, active_at) \
                          values ($1, $2, $3, 'role', '', $1, 0, $4)";
        for (id, user, unit, made, accepted) in [
            ("i-invited", "invited", "root", 10_i64, nobody),
            ("i-shadow", "shadow", "root", 60, nobody),
            ("i-accepted", "known", "root", 10, at),
            ("i-before", "known", "south", 20, nobody),
            ("i-after", "known", "west", 60, nobody),
        ] {
            let email = if user == "invited" { "invited@acme.by" } else { "known@acme.by" };
            tx.execute(invitation, &values![id, user, email, made, accepted]).await.expect("an invitation");
            tx.execute(membership, &values![id, user, unit, accepted]).await.expect("a membership");
        }
        tx.commit().await.expect("a commit");

        db.migrate().await.expect("this version's schema");
        let mut tx = db.read().await.expect("a connection");
        let sql = "select u.id || ' ' || u.number || ' ' || m.id as it, u.is_placeholder, u.phone_signs_in from users u \
                   join memberships m on m.user_id = u.id join invitations i on i.id = m.invitation_id and i.user_id = u.id \
                   order by u.number, m.id";
        let rows = tx.rows(sql, &[]).await.expect("people");
        let told = |row: &usher::server::storage::Row| {
            let truth = |column: &str| row.truth(column).expect("a truth");
            (row.text("it").expect("a text"), truth("is_placeholder"), truth("phone_signs_in"))
        };
        let expected = [
            ("invited 1 i-invited", true, false),
            ("known 2 i-accepted", false, true),
            ("known 2 i-after", false, true),
            ("shadow 3 i-shadow", true, false),
            ("i-before 4 i-before", true, false),
        ];
        let found: Vec<_> = rows.iter().map(told).collect();
        assert_eq!(found, expected.map(|(it, is, signs_in)| (it.to_string(), is, signs_in)));
        let sql = "select subject as it from unfinished where work = 'person' order by subject";
        let left = tx.rows(sql, &[]).await.expect("what is left");
        let left: Vec<String> = left.iter().map(|row| row.text("it").expect("a text")).collect();
        assert_eq!(left, ["i-before", "shadow"]);
    })
    .await;
}

/// Of the time that passes nothing is told either: the next hour is like the last.
#[tokio::test(flavor = "multi_thread")]
async fn a_placeholder_runs_out_like_any_offer_after_the_person_came_in_elsewhere() {
    both(|db| async {
        let chain = Chain::found(db).await;
        let (site, [nina, sam]) = (&chain.site, &chain.admins);
        let app = &site.app;
        let (_, of_north) = invite_to(&chain, nina, &chain.north, ADDRESS).await;
        let (_, of_south) = invite_to(&chain, sam, &chain.south, ADDRESS).await;
        come_in(&chain, &of_south.sent[0].invitation).await;
        site.pass(Duration::hours(9));
        let card = users::card(app, &caller(nina), &of_north.sent[0].user_id).await.expect("a card");
        assert_eq!(card.user.status, Status::Expired);
        invitations::resend(app, &caller(nina), &of_north.sent[0].invitation).await.expect("sent again");
        deletion::delete(app, &caller(nina), &of_north.sent[0].user_id, ADDRESS).await.expect("deleted");
        assert!(chain.names(sam, None).await.contains(&"Secret Name".to_string()), "the person stays");
    })
    .await;
}
