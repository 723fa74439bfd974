//! How long each action holds the writer at the longest: what everybody else who writes has to wait for (H-06: 50 ms).

use super::measure::{Figure, line, ms, note, place_in};
use super::site::{TestSite, caller};
use std::time::{Duration as StdDuration, Instant};
use usher::domain::id::{DraftId, InvitationId, UnitId, UserId};
use usher::domain::settings::Settings;
use usher::domain::timestamp::Duration;
use usher::server::app::App;
use usher::server::http::evenly::evenly;
use usher::server::storage::{keys, roster, settings, unfinished, units as tree};
use usher::server::use_cases::invite::{self, InviteForm};
use usher::server::use_cases::{deletion, held, invitations, places, roles, units, users};
use usher::values;

/// The most that an action may hold the writer, in milliseconds.
const MOST: u128 = 50;

struct Bench<'a> {
    site: &'a TestSite,
    worst: Vec<(String, u128)>,
}

impl Bench<'_> {
    /// Does something, and says how long the writer was held at the longest.
    async fn hold<T>(&mut self, what: &str, work: impl Future<Output = T>) -> T {
        let meter = self.site.app.db.meter();
        meter.reset();
        let begin = Instant::now();
        let done = work.await;
        let (all, longest) = (begin.elapsed(), meter.longest_hold());
        let statements = meter.statements();
        let in_one = meter.most_in_a_hold();
        note(what, &format!("{} ms of {} ms, {statements} statements, {in_one} in one", ms(longest), ms(all)));
        if longest.as_millis() > MOST {
            self.worst.push((what.into(), longest.as_millis()));
        }
        done
    }

    fn wish(&self, addresses: &[String], only_check: bool) -> InviteForm {
        InviteForm {
            addresses: addresses.join("\n"),
            units: vec![self.site.company.id.to_string()],
            role: self.site.role("employee").id.to_string(),
            language: "en".into(),
            valid_for: "8h".into(),
            only_check,
            ..InviteForm::default()
        }
    }

    async fn invite(&mut self, what: &str, addresses: &[String], only_check: bool) -> DraftId {
        let wish = self.wish(addresses, only_check);
        let (site, anna) = (self.site, caller(&self.site.anna));
        self.hold(what, async { invite::invite(&site.app, &anna, &wish).await.expect("a draft") }).await
    }
}

/// What housekeeping does about what a request left.
async fn rest(app: &App) {
    while unfinished::do_a_part(&app.db, app.clock.now()).await.expect("a part") {}
}

/// To compare with: the same move with everybody's lines in its own transaction.
async fn in_one_transaction(app: &App, unit: &UnitId, to: &UnitId) {
    let begin = Instant::now();
    let mut tx = app.db.maintain().await.expect("a transaction");
    let [unit, to] = [unit, to].map(Clone::clone);
    let unit = tree::find(&mut tx, &unit).await.expect("a look").expect("a unit");
    let root = tree::root(&mut tx).await.expect("a look");
    assert!(unit.path.parent().is_some_and(|parent| parent.id() == to));
    tree::relocate(&mut tx, &unit, &root).await.expect("moved");
    let sql = "select distinct m.user_id from memberships m join units n on n.id = m.unit_id where n.path >= $1 and n.path < $2";
    let path = root.path.child(&unit.id);
    let rows = tx.rows(sql, &values![path.as_str(), path.end()]).await.expect("people");
    let people: Vec<UserId> = rows.iter().map(|row| UserId::new(row.text("user_id").expect("an id"))).collect();
    roster::refresh(&mut tx, &people, app.clock.now()).await.expect("the lists");
    tx.commit().await.expect("a commit");
    note(
        &format!("  the same move of {} people in one transaction", people.len()),
        &format!("{} ms", ms(begin.elapsed())),
    );
}

async fn ids(site: &TestSite, sql: &'static str) -> Vec<String> {
    let mut tx = site.app.db.read().await.expect("a connection");
    tx.rows(sql, &[]).await.expect("rows").iter().map(|row| row.text("id").expect("an id")).collect()
}

/// The longest hold of the writer, action by action.
pub async fn measure(site: &TestSite) {
    let mut bench = Bench { site, worst: Vec::new() };
    let (app, anna) = (&site.app, caller(&site.anna));
    let mut tx = app.db.maintain().await.expect("a transaction");
    let before = settings::load(&mut tx).await.expect("a look").expect("settings");
    let holding = Settings { hold: Duration::seconds(30), letters_a_day: 10_000, ..before };
    settings::save(&mut tx, &holding).await.expect("settings");
    tx.commit().await.expect("a commit");

    let many: Vec<String> = (0..200).map(|n| format!("Held {n} <held{n}@guests.example>")).collect();
    bench.invite("look at 200", &many, true).await;
    let one = bench.invite("invite 1", &["held.alone@guests.example".into()], false).await;
    let all = bench.invite("invite 200", &many, false).await;
    bench.hold("take 200 back", async { held::take_back(app, &anna, &all, "").await.expect("taken back") }).await;
    let all = bench.invite("invite the 200 again", &many, false).await;
    bench.hold("hurry 200", async { held::send_now(app, &anna, &all, "").await.expect("hurried") }).await;
    let sent = held::draft(app, &anna, &one).await.expect("the draft").sent.remove(0);
    let invitation: InvitationId = sent.invitation.clone();
    bench.hold("resend", async { invitations::resend(app, &anna, &invitation).await.map(drop).expect("sent") }).await;
    bench.hold("withdraw", async { invitations::withdraw(app, &anna, &invitation).await.expect("ended") }).await;

    // They came in by letters, which prove an address.
    let proven = "update users set confirmed_at = registered_at where registered_at is not null";
    app.db.touch(proven, &[]).await.expect(proven);
    let someone = "select m.user_id as id from memberships m join users u on u.id = m.user_id where m.blocked_at is null \
                   and m.active_at is not null and u.email is not null and u.number % 89 = 7 limit 3";
    let people: Vec<UserId> = ids(site, someone).await.into_iter().map(UserId::new).collect();
    let person = &people[0];
    let role = site.role("dispatcher").id.clone();
    bench.hold("block", async { users::block(app, &anna, person, "").await.expect("blocked") }).await;
    bench.hold("unblock", async { users::unblock(app, &anna, person).await.expect("unblocked") }).await;
    bench.hold("archive", async { users::archive(app, &anna, person).await.expect("archived") }).await;
    bench.hold("bring back", async { users::bring_back(app, &anna, person).await.expect("back") }).await;
    bench
        .hold("change a role", async { places::change(app, &anna, person, None, &role, None).await.expect("changed") })
        .await;
    let email = {
        let mut tx = app.db.read().await.expect("a connection");
        let row = tx.row("select email from users where id = $1", &values![person]).await.expect("a row");
        row.text("email").expect("an address")
    };
    bench.hold("delete", async { deletion::delete(app, &anna, person, &email).await.expect("deleted") }).await;

    let all = roles::list(app, &anna).await.expect("the roles").roles;
    let (employee, _) = all.into_iter().find(|(role, _)| role.key == "employee").expect("a role");
    let wish = usher::domain::role::RoleWish { needs_approval: true, ..(&employee).into() };
    bench
        .hold("a role of many takes two from now on", async {
            roles::save(app, &anna, Some(&employee.id), &wish).await.expect("saved")
        })
        .await;
    bench.hold("  what is left of it", rest(app)).await;
    bench
        .hold("a sweep", async {
            let mut tx = app.db.maintain().await.expect("a transaction");
            let later = app.clock.now() + Duration::days(3);
            roster::sweep(&mut tx, later).await.expect("swept");
            tx.commit().await.expect("a commit");
        })
        .await;

    let first = |kind: &'static str| match kind {
        "branch" => "select id from units where kind = 'branch' order by id limit 1",
        _ => {
            "select n.id from units n where n.kind = 'company' and exists (select 1 from units b where b.parent_id = n.id) \
              order by n.id limit 2"
        }
    };
    let branch = UnitId::new(ids(site, first("branch")).await.remove(0));
    let companies: Vec<UnitId> = ids(site, first("company")).await.into_iter().map(UnitId::new).collect();
    let [one, other] = &companies[..] else { panic!("two companies") };
    let moved = async |unit: &UnitId, to: &UnitId| units::relocate(app, &anna, unit, to).await.expect("moved");
    bench.hold("move a branch", moved(&branch, other)).await;
    bench.hold("close a branch", async { units::archive(app, &anna, &branch, true).await.expect("closed") }).await;
    bench.hold("open it", async { units::archive(app, &anna, &branch, false).await.expect("opened") }).await;
    bench.hold("move a company (a twentieth of all)", moved(one, other)).await;
    bench.hold("  what is left of it", rest(app)).await;
    bench.hold("close it", async { units::archive(app, &anna, one, true).await.expect("closed") }).await;
    bench.hold("  what is left of it", rest(app)).await;
    bench.hold("open it again", async { units::archive(app, &anna, one, false).await.expect("opened") }).await;
    bench.hold("  what is left of it", rest(app)).await;
    in_one_transaction(app, one, other).await;

    for sql in [
        "update roster set name_key = 'x' where person <= 20000",
        "update user_search set haystack = 'x' where rowid <= 20000",
        "delete from settings where name = 'keys'",
    ] {
        app.db.touch(sql, &[]).await.expect(sql);
    }
    bench.hold("make the keys of 20,000 anew", async { keys::renew(&app.db).await.expect("keys") }).await;

    match bench.worst.len() {
        0 => note("  held longer than 50 ms (H-06)", "nothing"),
        _ => bench
            .worst
            .iter()
            .for_each(|(what, long)| note(&format!("  longer than 50 ms: {what}"), &format!("{long} ms"))),
    }
}

/// H-28: how well the time of a look tells an address that others know from one that nobody has.
pub async fn tell_apart(site: &TestSite) {
    let sql = "select m.user_id as id from memberships m join roles r on r.id = m.role_id join units n on n.id = m.unit_id \
               where r.key = 'company_administrator' and n.kind = 'company' and m.active_at is not null \
               and m.blocked_at is null order by m.id limit 1";
    let inviter = UserId::new(ids(site, sql).await.remove(0));
    let mut tx = site.app.db.maintain().await.expect("a transaction");
    super::site::standing_session(&mut tx, &inviter, site.app.clock.now()).await;
    tx.commit().await.expect("a commit");
    let mut tx = site.app.db.read().await.expect("a connection");
    let own = "select unit_id from memberships where user_id = $1 order by id limit 1";
    let unit = tx.row(own, &values![&inviter]).await.expect("a unit").text("unit_id").expect("text");
    // People of other companies, whom this one does not see.
    let sql = "select u.email as id from users u join memberships m on m.user_id = u.id join units n on n.id = m.unit_id \
               where u.email is not null and u.number % 151 = 0 \
               and n.path not in (select b.path from units a join units b on b.path >= a.path and b.path < a.path || '~' \
               where a.id = $1) order by u.id limit 400";
    let rows = tx.rows(sql, &values![&unit]).await.expect("rows");
    let known: Vec<String> = rows.iter().map(|row| row.text("id").expect("text")).collect();
    drop(tx);
    let mut times = [Vec::new(), Vec::new()];
    for (n, email) in known.iter().enumerate() {
        // Turn and turn about, so that neither of them always comes first.
        for is_known in [n % 2 == 0, n % 2 != 0] {
            let wish = InviteForm {
                // Beside it in every index: where the pages lie tells nothing.
                addresses: if is_known { email.clone() } else { email.replacen('@', "q@", 1) },
                units: vec![unit.clone()],
                role: site.role("employee").id.to_string(),
                language: "en".into(),
                valid_for: "8h".into(),
                only_check: true,
                ..InviteForm::default()
            };
            let begin = Instant::now();
            evenly(invite::invite(&site.app, &caller(&inviter), &wish)).await.expect("a look");
            // Finer than this nobody beyond the machine can see.
            let tenths = begin.elapsed().as_micros() / 100;
            times[usize::from(is_known)].push(StdDuration::from_micros(100 * u64::try_from(tenths).expect("short")));
        }
    }
    let [nobody, elsewhere] = times;
    let later: f64 = elsewhere.iter().map(|one| place_in(&nobody, one)).sum();
    note("a look: known elsewhere later than nobody (0.45 to 0.55)", &format!("{:.3}", later / elsewhere.len() as f64));
    line("  a look at one address", Figure::of(nobody));
}
