//! DI-06: what was acknowledged stands in the files at that moment, and the system was told to bring them to the disk.

use crate::support::browser::Browser;
use crate::support::databases::Scratch;
use crate::support::site::TestSite;
use crate::support::tables::number;
use std::fs;
use usher::server::random;
use usher::server::storage::Database;
use usher::values;

/// Of Postgres its operator decides.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_is_in_the_files_when_the_power_fails_di_06() {
    let scratch = Scratch::sqlite().await;
    let site = TestSite::furnish(scratch.db.clone(), None).await;
    let mut tx = scratch.db.maintain().await.expect("the writer");
    let synchronous = tx.row("pragma synchronous", &[]).await.expect("a setting").number("synchronous");
    assert_eq!(synchronous.expect("a number"), 2, "full: each commit waits for the disk");
    drop(tx);
    let mut anna = Browser::signed_in(&site.app, &site.anna).await;
    let file = scratch.url.strip_prefix("sqlite:").expect("a file");
    for round in 0..10 {
        let name = format!("Team {round}");
        let fields = [("below", site.company.id.as_str()), ("kind", "team"), ("name", name.as_str())];
        assert!(anna.call("/api/create-unit", &fields).await.is_done());
        // Nothing is closed, and nothing brings the log into the file first.
        let folder = std::env::temp_dir().join(format!("usher-power-{}", random::secret()));
        fs::create_dir_all(&folder).expect("a folder");
        let copy = folder.join("usher.db");
        for end in ["", "-wal"] {
            fs::copy(format!("{file}{end}"), format!("{}{end}", copy.display())).expect("a copy");
        }
        let after = Database::open(&format!("sqlite:{}", copy.display())).await.expect("it opens");
        let sql = "select count(*) as n from units where name = $1";
        assert_eq!(number(&after, sql, &values![&name]).await, 1, "{name} is lost");
        after.close().await;
        fs::remove_dir_all(&folder).expect("removed");
    }
    scratch.remove().await;
}
