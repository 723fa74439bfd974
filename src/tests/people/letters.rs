//! L-04: an address of an international domain is stored in ASCII and shown in its letters, wherever it is shown; whoever has
//! to type it may type either form.

use super::caller;
use crate::support::browser::Browser;
use crate::support::databases::both;
use crate::support::site::TestSite;
use usher::server::use_cases::deletion;

const STORED: &str = "info@xn--80a1acny.xn--p1ai";
const SHOWN: &str = "info@почта.рф";

#[tokio::test(flavor = "multi_thread")]
async fn an_international_address_is_read_in_letters_on_every_page() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let ivan = site.invite("", STORED).await;
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        let pages = [
            "/users".to_string(),
            format!("/users/{}", ivan.user),
            format!("/users/{}?do=delete", ivan.user),
            "/invitations".into(),
            "/mailbox".into(),
            format!("/mailbox/{}", ivan.message),
            site.page_of(&ivan).await,
        ];
        for page in &pages {
            let text = anna.get(page).await.text();
            assert!(text.contains("почта.рф"), "{page}: {text}");
            let shown = text.replace("value=\"info@xn--", "");
            assert!(!shown.contains("xn--80a1acny"), "{page}: {text}");
        }
        let people = [ivan.user.clone(), site.invite("", "olga@xn--80a1acny.xn--p1ai").await.user];
        for (person, typed) in people.iter().zip([" Info@почта.рф ", "olga@xn--80a1acny.xn--p1ai"]) {
            deletion::delete(&site.app, &caller(&site.anna), person, typed).await.expect("either form confirms");
        }
        let history = anna.get("/audit").await.text();
        assert!(!history.contains(SHOWN) && !history.contains("xn--"), "deleted is deleted");
    })
    .await;
}
