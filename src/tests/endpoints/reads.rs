//! Nothing that is read with GET or HEAD writes (WB-02): compared over the whole database.

use super::reviewed::{FUNCTIONS, PAGES, ROUTES, Sample};
use super::strangers::ask;
use crate::support::browser::{Browser, form};
use crate::support::crowd::State;
use crate::support::databases::both;
use crate::support::site::TestSite;
use crate::support::tables::Dump;
use axum::body::Body;
use axum::http::{Method, Request, header};

#[tokio::test(flavor = "multi_thread")]
async fn looking_at_everything_as_main_administrator_changes_nothing() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let invited = site.invite("Olga", "olga@acme.by").await;
        site.add("Ivan", "ivan@acme.by", "employee", &site.company, State::Expired).await;
        let person = site.add_active("Pyotr", "pyotr@acme.by", "dispatcher").await;
        site.reset(&person).await;
        let reset = site.reset_page_of(&person).await;
        let link = site.link_of(&invited.invitation).await;
        let sample = Sample {
            person,
            email: "pyotr@acme.by".into(),
            unit: site.company.id.clone(),
            message: invited.message.clone(),
            invitation: invited.invitation.clone(),
            shift: site.add_shift(&site.company).await,
            ..Sample::of_nothing(&site)
        };
        let mut browser = Browser::signed_in(&site.app, &site.anna).await;
        let before = Dump::of(&site.app.db).await;
        let mut good = 0;
        for function in FUNCTIONS.iter().filter(|function| function.method == "GET") {
            let answer = ask(&mut browser, function, &sample).await;
            good += usize::from(answer.status.as_u16() == 200);
        }
        assert_eq!(good, 4, "all but the one that shows another page");
        // A writing function is not there for GET, whatever stands in its address.
        for function in FUNCTIONS.iter().filter(|function| function.method == "POST") {
            let fields = function.filled(&sample);
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            for method in [Method::GET, Method::HEAD] {
                let path = format!("{}?{}", function.path, form(&fields));
                let answer = browser.send(request(method, &path)).await;
                assert_eq!(answer.status.as_u16(), 404, "{path}");
            }
        }
        let pages = PAGES.iter().map(|(page, _)| page.replace(":id", sample.person.as_str()));
        let routes = ROUTES.iter().map(|(path, ..)| {
            let link_is = |path: &str| path.replace("{link}", &link);
            match *path {
                "/reset/{*link}" => reset.clone(),
                "/api/{*function}" => "/api/nothing".into(),
                "/mailbox/{id}/html" => format!("/mailbox/{}/html", sample.message),
                other => link_is(other)
                    .replace("{*rest}", "rest")
                    .replace("{kind}", "user-agreement")
                    .replace("{version}", "1")
                    .replace("{name}", "usher.js")
                    .replace("{id}", sample.person.as_str())
                    .replace('&', "/"),
            }
        });
        for path in pages.chain(routes) {
            for method in [Method::GET, Method::HEAD] {
                // Once as somebody, once as a robot that only has the link.
                let answer = browser.send(request(method.clone(), &path)).await;
                assert!(answer.status.as_u16() < 500, "{method} {path} {}", answer.status);
                let mut robot = Browser::new(&site.app);
                robot.send(request(method.clone(), &path)).await;
            }
        }
        before.assert_unchanged(&site.app.db, "looking").await;
    })
    .await;
}

fn request(method: Method, path: &str) -> Request<Body> {
    let request = Request::builder().method(method).uri(path).header(header::ACCEPT, "text/html,*/*;q=0.8");
    request.body(Body::empty()).expect("a request")
}
