//! Searches of every kind: each needle in each order under each filter, so that none is left out that costs most. Beside the
//! times stands what each costs this process, which says more where others use the machine, too.

use super::lists::{Reader, hits, needles};
use super::measure::{Figure, ms, note, rounds};
use std::time::Duration;
use usher::domain::listing::escape;
use usher::server::storage::tx::DatabaseKind;
use usher::values;

/// How often each is asked.
const ROUNDS: usize = 25;

/// So many of the slowest are named.
const SLOWEST: usize = 12;

/// What else is searched than by the usual needles: two words of which each is common, and what stands beside the list's unit.
fn more_needles() -> Vec<(&'static str, String)> {
    vec![
        ("many, of the end of the alphabet", "yuliya".into()),
        ("a piece of every sixth", "ova".into()),
        ("two common words", "anna petr".into()),
        ("two common words, one of a company", "company01 ivan".into()),
        ("a company", "company07".into()),
        ("a company and more", "company07exa".into()),
        ("three common pieces", "ova iva anna".into()),
    ]
}

/// The processor's time that this process used.
fn used() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<u64> = stat
        .rsplit(')')
        .next()
        .unwrap_or_default()
        .split_whitespace()
        .map(|field| field.parse().unwrap_or_default())
        .collect();
    // Hundredths of a second, of the program and of the system for it.
    Duration::from_millis(10 * (fields.get(11).unwrap_or(&0) + fields.get(12).unwrap_or(&0)))
}

/// Prints a line for each needle, order and filter, then the slowest, and how many are slower than the goal.
pub async fn measure(reader: &mut Reader) {
    let mut tx = reader.app.db.read().await.expect("a connection");
    let goal = Duration::from_millis(if tx.kind() == DatabaseKind::Sqlite { 20 } else { 60 });
    let mut filters = vec![
        (String::new(), String::new()),
        ("active".into(), "status=active".into()),
        ("blocked".into(), "status=blocked".into()),
        ("waiting".into(), "status=waiting".into()),
    ];
    for key in ["employee", "dispatcher", "company_administrator"] {
        let sql = "select id from roles where key = $1 and removed_at is null";
        let role = tx.row(sql, &values![key]).await.expect("a role").text("id").expect("text");
        filters.push((key.into(), format!("role={role}")));
        if key == "dispatcher" {
            filters.push(("blocked dispatchers".into(), format!("role={role}&status=blocked")));
        }
    }
    for kind in ["company", "branch"] {
        let sql = "select n.id from units n join roster_counts c on c.unit = n.number where n.kind = $1 \
                   group by n.id order by sum(c.people) desc limit 1";
        let unit = tx.row(sql, &values![kind]).await.expect("a unit").text("id").expect("text");
        filters.push((format!("one {kind}"), format!("unit={unit}")));
        if kind == "company" {
            filters.push(("blocked of one company".into(), format!("unit={unit}&status=blocked")));
        }
    }
    drop(tx);
    let middle = reader.at("person", 20_000).await;
    let late = reader.at("name_key, person", 20_000).await;
    let orders = [
        ("by name", String::new()),
        ("by name, from later on", format!("after={late}")),
        ("by name, backwards", "sort=-name".into()),
        ("newest", "sort=-added".into()),
        ("oldest, from later on", format!("sort=added&after={middle}")),
    ];
    println!(
        "{:<42} {:<24} {:<26} {:>16} {:>8} {:>8} {:>8}",
        "needle", "order", "filter", "hits", "p50 ms", "p99 ms", "CPU ms"
    );
    let mut all: Vec<(Figure, Duration, String)> = Vec::new();
    for (_, needle) in needles().into_iter().chain(more_needles()) {
        for (order, sort) in &orders {
            for (filter, narrowed) in &filters {
                let query = format!("q={}&{sort}&{narrowed}", escape(&needle));
                let hits = hits(reader, &query).await;
                let before = used();
                let figure = rounds(ROUNDS, async |_| drop(reader.answer(&query).await)).await;
                let each = (used() - before) / u32::try_from(ROUNDS + 2).expect("few");
                let what = format!("{needle:<42} {order:<24} {filter:<26} {hits:>16}");
                println!("{what} {:>8} {:>8} {:>8}", ms(figure.p50), ms(figure.p99), ms(each));
                all.push((figure, each, what));
            }
        }
    }
    for (by, key) in [
        ("p99", (|one| one.0.p99) as fn(&(Figure, Duration, String)) -> Duration),
        ("p50", |one| one.0.p50),
        ("CPU", |one| one.1),
    ] {
        all.sort_by_key(|one| std::cmp::Reverse(key(one)));
        println!("the slowest, by {by}:");
        for one in all.iter().take(SLOWEST) {
            println!("  {} {:>8}", one.2, ms(key(one)));
        }
        let over = all.iter().filter(|one| key(one) > goal).count();
        note(&format!("of {} searches above {} ms, by {by}", all.len(), goal.as_millis()), &over.to_string());
        let middle = all.get(all.len() / 2).map(key).unwrap_or_default();
        note(&format!("  the middle of all, by {by}"), &ms(middle));
    }
}
