//! Files as people have them, sent by a plain form: read, looked at, mended, run, handed back and undone without any script; and files
//! that are no lists, or are meant to do harm.

use super::{finish, id_in, platform, seen, upload};
use crate::support::browser::Browser;
use crate::support::databases::both;
use crate::support::site::{TestSite, caller};
use usher::domain::import::{ListWish, MOST_ROWS};
use usher::domain::paste::PasteColumn;
use usher::domain::review::RowCounts;
use usher::server::use_cases::import;

/// What Excel writes in Russia: Windows-1251, semicolons.
fn in_windows_1251(text: &str) -> Vec<u8> {
    text.chars()
        .map(|letter| match letter {
            'А'..='я' => u8::try_from(u32::from(letter) - 0x410 + 0xC0).expect("a letter"),
            'ё' => 0xB8,
            other => u8::try_from(u32::from(other)).expect("ASCII"),
        })
        .collect()
}

/// Rules 28–32, VA-06: a plain form from the file to the report and back, in both languages of the day.
#[tokio::test(flavor = "multi_thread")]
async fn a_list_from_excel_is_imported_mended_and_undone_without_script() {
    both(|db| async {
        let site = platform(db).await;
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        let file = in_windows_1251(
            "ФИО;Почта;Телефон;Роль;Комментарий\r\n\
             Петрова Анна;petrova@acme.by;+375291234567;;новая\r\n\
             Ким Ольга;olga@gmial.com;;;\r\n\
             Иванов Иван;;9051111111;;\r\n\
             Сидоров Олег;;;;=cmd\r\n\
             Вера;petrova@acme.by;;;\r\n\
             Лев;lev@acme.by;;Стажёр;\r\n",
        );
        let sent = upload(&mut anna, "сотрудники.csv", &file).await;
        let id = id_in(&sent);
        let page = anna.get(sent.location()).await.text();
        for text in [
            "Windows-1251",
            "Петрова Анна",
            "1 ready",
            "Did you mean olga@gmail.com?",
            "+79051111111",
            "Стажёр",
            "multipart",
        ] {
            assert_eq!(page.contains(text), text != "multipart", "{text}: {page}");
        }
        let before = seen(&site, &id).await;
        assert_eq!(before.counts, RowCounts { ready: 1, to_check: 1, to_fix: 4, ..RowCounts::default() });
        assert_eq!(site.number("select count(*) as n from invitations").await, 0, "nothing happens by looking");

        // Mended: all of a kind, one row, a text that nobody knew.
        let at = format!("/import?id={id}");
        let group = [("id", id.as_str()), ("answer", "misspelt-offers")];
        assert_eq!(anna.post_from(&at, "/api/import-group", &group).await.location(), at);
        let row = [
            ("id", id.as_str()),
            ("answer", "4-save"),
            ("places[]", "4-email"),
            ("texts[]", "ivanov@acme.by"),
            ("places[]", "4-phone"),
            ("texts[]", "+79051111111"),
        ];
        anna.post_from(&at, "/api/import-row", &row).await;
        let role = site.role("learning_learner").id.to_string();
        let unit = site.company.id.to_string();
        let list = [
            ("id", id.as_str()),
            ("columns[]", "name"),
            ("columns[]", "email"),
            ("columns[]", "phone"),
            ("columns[]", "role"),
            ("columns[]", ""),
            ("role", role.as_str()),
            ("unit", unit.as_str()),
            ("language", "ru"),
            ("personal_text", ""),
            ("valid_for", "72h"),
            ("policy", "skip"),
            ("role_texts[]", "Стажёр"),
            ("role_ids[]", role.as_str()),
        ];
        let early = anna.get(&format!("/import/rejected?id={id}")).await.text();
        assert!(early.contains("Unknown role: Стажёр") && !early.contains("above"), "{early}");
        anna.post_from(&at, "/api/import-list", &list).await;
        let mended = seen(&site, &id).await;
        assert_eq!(mended.counts, RowCounts { ready: 4, to_fix: 2, ..RowCounts::default() }, "{:?}", mended.rows);

        let ran = anna.post_from(&at, "/api/import-run", &[("id", id.as_str())]).await;
        assert_eq!(ran.location(), at, "{ran:?}");
        let done = finish(&site, &id).await;
        assert_eq!(done.state.map(|state| state.taken), Some(4));
        assert_eq!(site.number("select count(*) as n from messages").await, 0, "rule 28: nothing is sent unasked");
        let listed = anna.get("/users?status=not_invited").await.text();
        assert!(listed.contains("ivanov@acme.by") && listed.contains("olga@gmail.com"), "{listed}");
        let phones = "select count(*) as n from users where phone = '+375291234567' and email = 'petrova@acme.by'";
        assert_eq!(site.number(phones).await, 1, "the number beside an address is the person's");

        // What was not taken comes back with its reason, inert, and is read as it is.
        let rejected = anna.get(&format!("/import/rejected?id={id}")).await;
        let text = rejected.text();
        assert!(text.contains("Reason") && text.contains("'=cmd") && text.contains("Сидоров Олег"), "{text}");
        assert!(text.contains("The same address as in row 2."), "{text}");
        assert!(!text.contains("ivanov@acme.by"), "{text}");
        let again = seen(&site, &id_in(&upload(&mut anna, "not-imported.csv", &rejected.body).await)).await;
        assert_eq!(again.rows.len(), 2, "{:?}", again.rows);
        assert_eq!(
            again.columns.last().map(|column| column.holds),
            Some(Some(PasteColumn::Other)),
            "the reasons are nobody's data"
        );
        assert_eq!(again.counts, RowCounts { to_fix: 1, here: 1, ..RowCounts::default() });

        let undone = anna.post_from(&at, "/api/import-undo", &[("id", id.as_str())]).await;
        assert!(undone.is_done(), "{undone:?}");
        let report = anna.get(&at).await.text();
        assert!(report.contains("Undone for 4 people."), "{report}");
        assert_eq!(site.number("select count(*) as n from roster where status = 'not_invited'").await, 0);
        anna.post_from(&at, "/api/import-forget", &[("id", id.as_str())]).await;
        assert_eq!(anna.get(&at).await.status.as_u16(), 404);
    })
    .await;
}

/// What is no list, or longer than any may be (LD-03), says why and takes nothing; the form stands there again.
#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_or_is_too_much_says_so_and_takes_nothing() {
    both(|db| async {
        let site = platform(db).await;
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        let many = "x@acme.by;Anna\n".repeat(MOST_ROWS + 1);
        let bomb = {
            use std::io::Write;
            let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
            zip.start_file("xl/workbook.xml", zip::write::SimpleFileOptions::default()).expect("a file");
            zip.write_all(&vec![b' '; 60 * 1024 * 1024]).expect("content");
            zip.finish().expect("an archive").into_inner()
        };
        for (content, said) in [
            (b"".as_slice(), "Choose a file, or paste the rows of a table."),
            (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".as_slice(), "This is the old format of Excel."),
            (b"\x89PNG\r\n\x1a\n\0\0\xff\xfe\0".as_slice(), "No table could be read from this file."),
            (b";;\n;;\n".as_slice(), "There is nothing in this file."),
            (many.as_bytes(), "A list may have at most"),
            (b"%PDF-1.4 <a@x.by>".as_slice(), "This file is a PDF"),
            (b"<html><table><tr><td>a@x.by</table>".as_slice(), "This file is a web page"),
            (b"Name;Email\n".as_slice(), "This list has no rows with people in it."),
            ("=".repeat(9).as_bytes(), "There is nothing in this file."),
            (bomb.as_slice(), "This file holds more than a list may have."),
        ] {
            let sent = upload(&mut anna, "list", content).await;
            assert_eq!(sent.location(), "/import", "{said}: {sent:?}");
            let page = anna.get("/import").await.text();
            assert!(page.contains(said) && page.contains("multipart/form-data"), "{said}: {page}");
        }
        let large = upload(&mut anna, "list.csv", &vec![b'x'; 5 * 1024 * 1024]).await;
        assert_eq!(large.status.as_u16(), 413);
        assert_eq!(site.number("select count(*) as n from imports").await, 0);
    })
    .await;
}

/// Whoever may not invite imports nothing, and nobody sees another one's list, whatever they send.
#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_its_owners_alone() {
    both(|db| async {
        let site = platform(db).await;
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        let id = id_in(&upload(&mut anna, "list.csv", b"Name;Email\nVera;vera@acme.by\n").await);
        let boris = site.add_active("Boris", "boris@acme.by", "learning_administrator").await;
        let tutor = site.add_active("Tom", "tom@acme.by", "learning_tutor").await;
        let mut other = Browser::signed_in(&site.app, &boris).await;
        assert_eq!(other.get(&format!("/import?id={id}")).await.status.as_u16(), 404);
        assert_eq!(other.get(&format!("/import/rejected?id={id}")).await.status.as_u16(), 404);
        for (path, fields) in [
            ("/api/import-run", vec![("id", id.as_str())]),
            ("/api/import-undo", vec![("id", id.as_str())]),
            ("/api/import-forget", vec![("id", id.as_str())]),
            ("/api/import-row", vec![("id", id.as_str()), ("answer", "2-drop")]),
            ("/api/import-group", vec![("id", id.as_str()), ("answer", "misspelt-drop")]),
        ] {
            assert_eq!(other.call(path, &fields).await.status.as_u16(), 404, "{path}");
        }
        let mut tom = Browser::signed_in(&site.app, &tutor).await;
        assert_eq!(tom.get("/import").await.status.as_u16(), 403);
        let refused = upload(&mut tom, "list.csv", b"Name;Email\nVera;vera@acme.by\n").await;
        assert_eq!(refused.location(), "/import");
        assert_eq!(site.number("select count(*) as n from imports").await, 1);
        // Nor does a stranger.
        let mut stranger = Browser::new(&site.app);
        assert_eq!(upload(&mut stranger, "list.csv", b"x@y.by").await.status.as_u16(), 401);
        import::run(&site.app, &caller(&site.anna), &id, &ListWish::default(), "").await.expect("begun");
        assert_eq!(finish(&site, &id).await.state.map(|state| state.taken), Some(1));
    })
    .await;
}

/// Who is deleted leaves the lists that somebody is looking at (PR-01); what is left behind is forgotten after a day.
#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_person_leaves_the_lists_and_each_list_is_forgotten_after_a_day() {
    both(|db| async {
        let site: TestSite = platform(db).await;
        let vera = site.add_active("Vera", "vera@acme.by", "learning_learner").await;
        let id = super::open(&site, "Name;Email\nVera;vera@acme.by\nOlga;olga-vera@acme.by\n").await.expect("a list");
        usher::server::use_cases::deletion::delete(&site.app, &caller(&site.anna), &vera, "vera@acme.by")
            .await
            .expect("deleted");
        let left: Vec<usize> = seen(&site, &id).await.rows.iter().map(|row| row.line).collect();
        assert_eq!(left, [3]);
        site.app.clock.advance(usher::domain::timestamp::Duration::hours(25));
        usher::server::storage::imports::sweep(&site.app.db, usher::server::clock::Clock::now(&site.app.clock))
            .await
            .expect("swept");
        assert_eq!(site.number("select count(*) as n from imports").await, 0);
    })
    .await;
}
