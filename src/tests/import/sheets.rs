//! Workbooks with several sheets, and texts that are no tables: which of it is read is said, and can be said otherwise.

use super::{finish, id_in, platform, seen, upload};
use crate::support::browser::Browser;
use crate::support::databases::both;
use crate::support::html::form_to;
use crate::support::site::caller;
use std::io::{Cursor, Write};
use usher::domain::import::{FindingKind, RowFinding};
use usher::domain::paste::PasteColumn;
use usher::server::spreadsheets;
use usher::server::use_cases::import;
use usher::view_models::ImportView;
use zip::write::SimpleFileOptions;

/// An OpenDocument file of these tables, their cells between semicolons.
fn document(tables: &[(&str, &str)]) -> Vec<u8> {
    let mut body = String::new();
    for (name, rows) in tables {
        body.push_str(&format!("<table:table table:name=\"{name}\">"));
        for row in rows.lines() {
            let cells: String = row
                .split(';')
                .map(|cell| format!("<table:table-cell><text:p>{cell}</text:p></table:table-cell>"))
                .collect();
            body.push_str(&format!("<table:table-row>{cells}</table:table-row>"));
        }
        body.push_str("</table:table>");
    }
    let content = format!(
        "<?xml version=\"1.0\"?><office:document-content xmlns:office=\"o\" xmlns:table=\"t\" xmlns:text=\"x\"><office:body>\
         <office:spreadsheet>{body}</office:spreadsheet></office:body></office:document-content>"
    );
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("content.xml", SimpleFileOptions::default()).expect("a file");
    zip.write_all(content.as_bytes()).expect("its content");
    zip.finish().expect("an archive").into_inner()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sheets_of_a_workbook_are_offered_by_name_and_the_first_list_is_read() {
    both(|db| async {
        let site = platform(db).await;
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        let file = document(&[
            ("Read me", "How to fill this in"),
            ("Teachers", "Name;Email\nVera;vera@acme.by"),
            ("Pupils", "Email;Name\nlev@acme.by;Lev\nmax@acme.by;Max"),
        ]);
        let id = id_in(&upload(&mut anna, "school.ods", &file).await);
        let at = format!("/import?id={id}");
        let page = anna.get(&at).await.text();
        assert!(page.contains("“Teachers” is read, one of 3 sheets."), "{page}");
        assert!(["Read me", "Teachers", "Pupils"].iter().all(|name| page.contains(name)), "{page}");
        let form = form_to(&page, "/api/import-list");
        // Chosen and not looked at: nobody is taken of what was not shown.
        anna.post_from(&at, "/api/import-run", &form.with("sheet", "2").pairs()).await;
        let view = seen(&site, &id).await;
        assert!(view.state.is_none());
        assert_eq!((view.sheet, view.counts.ready, view.terms.sends), (2, 2, false));
        let page = anna.get(&at).await.text();
        let back = form_to(&page, "/api/import-list").ticked("sends").with("sheet", "1");
        anna.post_from(&at, "/api/import-list", &back.pairs()).await;
        let view = seen(&site, &id).await;
        assert_eq!((view.sheet, view.rows.len(), view.terms.sends), (1, 1, true));
        // Nobody stands in it.
        let page = anna.get(&at).await.text();
        let none = form_to(&page, "/api/import-list").with("sheet", "0");
        anna.post_from(&at, "/api/import-list", &none.pairs()).await;
        let view = seen(&site, &id).await;
        let kinds: Vec<FindingKind> = view.rows.iter().filter_map(|row| Some(row.finding.as_ref()?.kind())).collect();
        assert_eq!((view.sheet, kinds), (0, vec![FindingKind::ContactMissing]));

        // One sheet has no choice to make.
        let id =
            id_in(&upload(&mut anna, "one.ods", &document(&[("A", "Name;Email\nVera;vera@acme.by"), ("B", "")])).await);
        assert!(!anna.get(&format!("/import?id={id}")).await.text().contains("name=\"sheet\""));
    })
    .await;
}

/// What was found out of a list may be wrong: it is read as somebody says, from its beginning, and back.
#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_read_as_somebody_says_it_is() {
    both(|db| async {
        let site = platform(db).await;
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        // Nobody's heads, and a name that may be one.
        let file = "Contact|Reach\nAnna Kim|anna@acme.by\nЛев|lev@acme.by";
        let id = id_in(&upload(&mut anna, "people.csv", file.as_bytes()).await);
        let at = format!("/import?id={id}");
        let first = seen(&site, &id).await;
        assert_eq!((first.reads_people, first.delimiter), (false, Some('|')));
        let say = async |anna: &mut Browser, said: &[(&str, &str)]| {
            let page = anna.get(&at).await.text();
            let form = said.iter().fold(form_to(&page, "/api/import-list"), |form, (name, code)| form.with(name, code));
            assert_eq!(anna.post_from(&at, "/api/import-list", &form.pairs()).await.location(), at);
            seen(&site, &id).await
        };
        let lines = |view: &ImportView| view.rows.iter().map(|row| row.line).collect::<Vec<_>>();
        let people = say(&mut anna, &[("table", "no")]).await;
        assert!(people.reads_people && people.delimiter.is_none(), "{people:?}");
        let table = say(&mut anna, &[("table", "yes"), ("heads", "no")]).await;
        assert_eq!((table.reads_people, lines(&table)), (false, vec![1, 2, 3]));
        let heads = say(&mut anna, &[("heads", "yes")]).await;
        let names: Vec<&str> = heads.columns.iter().map(|column| column.head.as_str()).collect();
        assert_eq!((lines(&heads), names), (vec![2, 3], vec!["Contact", "Reach"]));
        let semicolons = say(&mut anna, &[("between", "semicolon")]).await;
        assert_eq!((semicolons.columns.len(), semicolons.delimiter), (1, Some(';')));
        let letters = say(&mut anna, &[("between", ""), ("letters", "Windows-1251")]).await;
        assert_eq!(letters.encoding.as_deref(), Some("Windows-1251"));
        assert!(letters.columns.iter().any(|column| column.samples.contains(&"Р›РµРІ".into())), "{letters:?}");
        let back = say(&mut anna, &[("letters", ""), ("heads", ""), ("table", "")]).await;
        assert_eq!((lines(&back), back.delimiter), (lines(&first), first.delimiter));

        // Of a workbook it is only its heads that may be said.
        let file = document(&[("A", "Vera;vera@acme.by\nMax;max@acme.by")]);
        let id = id_in(&upload(&mut anna, "one.ods", &file).await);
        let at = format!("/import?id={id}");
        let page = anna.get(&at).await.text();
        assert!(page.contains("name=\"heads\"") && !page.contains("name=\"letters\""), "{page}");
        let form = form_to(&page, "/api/import-list").with("heads", "yes");
        anna.post_from(&at, "/api/import-list", &form.pairs()).await;
        assert_eq!(seen(&site, &id).await.rows.len(), 1);
    })
    .await;
}

/// A list of children: the address is a parent's, and so is the name; a second address is not left out in silence.
#[tokio::test(flavor = "multi_thread")]
async fn a_list_of_children_names_their_parents() {
    both(|db| async {
        let site = platform(db).await;
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        let file =
            "Pupil;Mother;Mother e-mail;Father;Father e-mail\nEmma;Laura Vance;laura@acme.by;Mike Vance;mike@acme.by";
        let id = id_in(&upload(&mut anna, "class.csv", file.as_bytes()).await);
        let view = seen(&site, &id).await;
        let name =
            view.rows[0].cells.iter().find(|(column, _)| *column == PasteColumn::Name).map(|(_, text)| text.as_str());
        assert_eq!((view.counts.ready, name), (1, Some("Laura Vance")), "{:?}", view.rows);
        let page = anna.get(&format!("/import?id={id}")).await.text();
        assert!(page.contains("There are addresses in Father e-mail, too"), "{page}");
    })
    .await;
}

/// Whoever is deleted stands in no sheet that could still be chosen (PR-01).
#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_deleted_leaves_the_sheets_that_are_not_read_too() {
    both(|db| async {
        let site = platform(db).await;
        let vera = site.add_active("Vera", "vera@acme.by", "learning_learner").await;
        let file =
            document(&[("A", "Name;Email\nLev;lev@acme.by"), ("B", "Name;Email\nVera;vera@acme.by\nMax;max@acme.by")]);
        let cells = spreadsheets::read(&file).expect("cells");
        let anna = caller(&site.anna);
        let id = import::open(&site.app, &anna, "x.ods", cells).await.expect("a list");
        usher::server::use_cases::deletion::delete(&site.app, &anna, &vera, "vera@acme.by").await.expect("deleted");
        import::choose_sheet(&site.app, &anna, &id, 1).await.expect("chosen");
        let lines: Vec<usize> = seen(&site, &id).await.rows.iter().map(|row| row.line).collect();
        assert_eq!(lines, [3]);
    })
    .await;
}

/// A text without columns is read as the invite form reads it: nobody is lost between its lines.
#[tokio::test(flavor = "multi_thread")]
async fn a_pasted_text_that_is_no_table_is_read_person_by_person() {
    both(|db| async {
        let site = platform(db).await;
        for (text, people) in [
            ("Müller, Jürgen <juergen@cel1.example>; Schmidt, Anna-Lena <anna@cel1.example>; Bob Ray <bob@cel1.example>", 3),
            ("Vera Kim <vera@cel2.example>, Lev Lis <lev@cel2.example>\n", 2),
            ("Name: Olga Kim\nE-mail: olga@cel3.example\n\nName: Max Lis\nE-mail: max@cel3.example\n", 2),
            ("one@cel4.example two@cel4.example, three@cel4.example", 3),
            ("| Name | E-mail |\n|------|:------:|\n| Rita Ray | rita@cel5.example |\n", 1),
            ("Name;Email\n-----;-----\nRoy Ray;roy@cel6.example\n=====\n", 1),
        ] {
            let id = super::open(&site, text).await.expect("a list");
            let view = seen(&site, &id).await;
            assert_eq!((view.counts.ready, view.counts.all()), (people, people), "{text}: {:?}", view.rows);
            let named = view.rows.iter().filter(|row| row.cells.iter().any(|(_, text)| text.contains(' '))).count();
            assert!(named == people || text.starts_with("one@"), "{text}: {:?}", view.rows);
            super::run(&site, &id).await;
            assert_eq!(finish(&site, &id).await.state.map(|state| state.taken), Some(people), "{text}");
        }
        // What is broken in it is named, and nobody beside it is lost.
        let id = super::open(&site, "Ann Ray <ann@cel7.example>; Tom Ray <tom@cel7>; see you").await.expect("a list");
        let view = seen(&site, &id).await;
        assert_eq!((view.counts.ready, view.counts.to_fix >= 1), (1, true), "{:?}", view.rows);
    })
    .await;
}

/// What a formula left where it found nothing is named, in whatever column; heads of web forms are known; of several numbers the mobile
/// one counts.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_spreadsheet_or_another_program_made_of_it_is_known() {
    both(|db| async {
        let site = platform(db).await;
        let id = super::open(
            &site,
            "Name;Email;Role;Unit\n#N/A;a@guests.example;;\nAnna;#REF!;;\nBob;b@guests.example;#ИМЯ?;\n\
             Max;m@guests.example;;#Н/Д\nOk;ok@guests.example;;\n",
        )
        .await
        .expect("a list");
        let kinds: Vec<Option<FindingKind>> =
            seen(&site, &id).await.rows.iter().map(|row| row.finding.as_ref().map(RowFinding::kind)).collect();
        let damaged = Some(FindingKind::Spreadsheet);
        assert_eq!(kinds, [damaged, damaged, damaged, damaged, Some(FindingKind::Ready)]);
        for (heads, row) in [
            ("Timestamp,Your full name,Email Address", "1/2/2026 10:00,Vera Kim,vera@guests.example"),
            ("Отметка времени;Адрес электронной почты;Ваше имя и фамилия", "01.02.2026;lev@guests.example;Лев Лис"),
            ("Отметка времени;Укажите Ваш e-mail;Ваше ФИО", "01.02.2026;olga@guests.example;Ольга Ким"),
        ] {
            let id = super::open(&site, &format!("{heads}\n{row}\n")).await.expect("a list");
            let view = seen(&site, &id).await;
            assert_eq!((view.counts.ready, view.rows.len()), (1, 1), "{heads}: {:?}", view.rows);
            assert!(view.rows[0].cells.iter().any(|(_, text)| text.contains(' ')), "{heads}: {:?}", view.rows);
        }
        let outlook = "First Name,Last Name,Phone (work),Mobile Phone,E-mail Address,Private e-mail\n\
                       Vera,Kim,+375172000000,+375291234567,vera2@guests.example,private@guests.example\n\
                       Lev,Lis,,,,lev2@guests.example\n";
        let id = super::open(&site, outlook).await.expect("a list");
        assert_eq!(seen(&site, &id).await.counts.ready, 2, "{:?}", seen(&site, &id).await.rows);
        super::run(&site, &id).await;
        let sql = "select count(*) as n from users where email = 'vera2@guests.example' and phone = '+375291234567'";
        assert_eq!(site.number(sql).await, 1);
        assert_eq!(site.number("select count(*) as n from users where email = 'private@guests.example'").await, 0);
        // A number that stands in an earlier row is called one.
        let twice = "Name;Email;Phone\nA Ray;a1@guests.example;+375297654321\nB Ray;b1@guests.example;+375297654321\n";
        let id = super::open(&site, twice).await.expect("a list");
        let rows = seen(&site, &id).await.rows;
        assert!(matches!(rows[1].finding, Some(RowFinding::Repeated { line: 2, is_number: true })), "{rows:?}");
    })
    .await;
}
