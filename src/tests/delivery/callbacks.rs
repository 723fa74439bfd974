//! What a gateway says later about a text message: believed when it is the gateway that says it, it stands where every other end of a
//! message stands (ML-07).

use super::Running;
use crate::support::browser::Browser;
use crate::support::databases::both;
use crate::support::gateway::{Reply, SmsSink};
use crate::support::site::{Invited, TestSite};
use crate::support::tables::Dump;
use crate::support::until;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use hmac::{Hmac, KeyInit, Mac};
use usher::domain::contact::{Address, Channel};
use usher::domain::message::outcome::DeliveryReason;
use usher::server::config::{SmsGateway, SmsParts, SmsPreset, SmsUrl};
use usher::server::storage::Database;
use usher::server::storage::messages::MessageEvent;
use usher::values;

const SECRET: &str = "a secret of sixteen letters";
const NUMBER: &str = "+375291234567";

struct Callbacks {
    site: TestSite,
    sink: SmsSink,
    worker: Running,
}

impl Callbacks {
    /// A site whose gateway is asked in this way; it hears from it where there is a secret.
    async fn open(db: Database, preset: SmsPreset, secret: Option<&str>) -> Self {
        let mut site = TestSite::furnish(db, None).await;
        let sink = SmsSink::scripted(|_, n| {
            let id = 100 + n;
            let body = format!(
                r#"{{"id": "G{id}", "sid": "SM{id}", "messages": [{{"status": "0", "message-id": "V{id}"}}]}}"#
            );
            Reply::says(201, &body)
        })
        .await;
        let parts = SmsParts {
            preset,
            allows_private: true,
            callback_secret: secret.map(|secret| secret.to_string().into()),
            ..SmsParts::default()
        };
        let url = SmsUrl::parse(&format!("http://name:pass@127.0.0.1:{}/send", sink.port())).expect("an address");
        let gateway = SmsGateway::new(url, parts).expect("a gateway");
        site.change_config(|config| config.sms = Some(gateway));
        let worker = Running::start(&site);
        Self { site, sink, worker }
    }

    /// Somebody who was invited by their number, once the gateway took the message.
    async fn invited(&self, number: &str) -> Invited {
        let before = self.sink.asked().len();
        let to = Address::stored(Channel::Sms, number);
        let invited = self.site.invite_with("Ivan", "", |invitation| invitation.address = to).await;
        until("the gateway was asked", || async { self.sink.asked().len() > before }).await;
        until("it is invited", || async { self.site.status(&invited.user).await == "invited" }).await;
        invited
    }

    async fn say(&self, headers: &[(&str, &str)], kind: &str, body: &str) -> StatusCode {
        let mut gateway = Browser::new(&self.site.app);
        Self::say_by(&mut gateway, headers, kind, body).await
    }

    async fn say_by(gateway: &mut Browser, headers: &[(&str, &str)], kind: &str, body: &str) -> StatusCode {
        let mut request = Request::builder().method("POST").uri("/sms/callback").header("content-type", kind);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(body.to_string())).expect("a request");
        gateway.send(request).await.status
    }

    async fn events(&self, invited: &Invited) -> Vec<MessageEvent> {
        self.site.history(&invited.invitation).await.into_iter().map(|(event, _)| event).collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_gateway_says_later_stands_in_the_history_and_only_it_is_believed_ml_07() {
    both(|db| async {
        let all = Callbacks::open(db, SmsPreset::Json, Some(SECRET)).await;
        let ivan = all.invited(NUMBER).await;
        let id = all.sink.asked()[0].field("id");
        let bearer = format!("Bearer {SECRET}");
        let right = [("authorization", bearer.as_str())];
        let (json, delivered) = ("application/json", format!(r#"{{"id": "{id}", "status": "delivered"}}"#));

        let before = Dump::of(&all.site.app.db).await;
        for wrong in ["", "Bearer", SECRET, "Bearer a secret of sixteen letterz"] {
            assert_eq!(all.say(&[("authorization", wrong)], json, &delivered).await, StatusCode::FORBIDDEN, "{wrong}");
        }
        assert_eq!(all.say(&[], json, &delivered).await, StatusCode::FORBIDDEN);
        for nothing in
            [r#"{"id": "nobody", "status": "delivered"}"#, r#"{"id": "x", "status": "sent"}"#, "{}", "no JSON"]
        {
            assert_eq!(all.say(&right, json, nothing).await, StatusCode::NO_CONTENT, "{nothing}");
        }
        before.assert_unchanged(&all.site.app.db, "what is not the gateway's, or about nobody").await;

        assert_eq!(all.say(&right, json, &delivered).await, StatusCode::NO_CONTENT);
        let so_far = [MessageEvent::Queued, MessageEvent::HandedOver, MessageEvent::Delivered];
        assert_eq!(all.events(&ivan).await, so_far);
        let before = Dump::of(&all.site.app.db).await;
        assert_eq!(all.say(&right, json, &delivered).await, StatusCode::NO_CONTENT, "twice the same");
        before.assert_unchanged(&all.site.app.db, "the same again").await;

        // By the gateway's own name, too; and it may fail after all.
        let failed = r#"{"id": "G100", "status": "failed", "reason": "switched off"}"#;
        assert_eq!(all.say(&right, json, failed).await, StatusCode::NO_CONTENT);
        assert_eq!(all.events(&ivan).await, [&so_far[..], &[MessageEvent::CameBack]].concat());
        assert_eq!(all.site.status(&ivan.user).await, "error");
        let card = Browser::signed_in(&all.site.app, &all.site.anna).await.get(&format!("/users/{}", ivan.user)).await;
        assert!(card.text().contains("switched off"), "{}", card.text());

        // Whoever guesses is slowed down.
        let (mut robot, mut statuses) = (Browser::new(&all.site.app), Vec::new());
        for n in 0..40 {
            statuses.push(
                Callbacks::say_by(&mut robot, &[("authorization", &format!("Bearer guess {n}"))], json, &delivered)
                    .await,
            );
        }
        assert_eq!(statuses.last(), Some(&StatusCode::TOO_MANY_REQUESTS), "{statuses:?}");
        all.worker.end().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_usual_gateways_are_understood_by_their_own_signatures() {
    both(|db| async {
        let form = "application/x-www-form-urlencoded";
        let all = Callbacks::open(db, SmsPreset::Twilio, Some(SECRET)).await;
        let ivan = all.invited(NUMBER).await;
        let body = "ErrorCode=30005&MessageSid=SM100&MessageStatus=undelivered&To=%2B375291234567";
        let Ok(mut mac) = <Hmac<sha1::Sha1> as KeyInit>::new_from_slice(SECRET.as_bytes()) else { panic!() };
        mac.update(b"https://users.acme.by/sms/callback");
        mac.update(b"ErrorCode30005MessageSidSM100MessageStatusundeliveredTo+375291234567");
        let signature = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, mac.finalize().into_bytes());
        let forged = body.replace("SM100", "SM101");
        assert_eq!(all.say(&[("x-twilio-signature", &signature)], form, &forged).await, StatusCode::FORBIDDEN);
        assert_eq!(all.say(&[("x-twilio-signature", &signature)], form, body).await, StatusCode::NO_CONTENT);
        assert_eq!(all.site.reason(&ivan.invitation).await, Some(DeliveryReason::NoSuchRecipient));
        assert_eq!(all.site.status(&ivan.user).await, "error");
        all.worker.end().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_secret_nothing_is_heard() {
    both(|db| async {
        let all = Callbacks::open(db, SmsPreset::Json, None).await;
        let ivan = all.invited(NUMBER).await;
        let id = all.sink.asked()[0].field("id");
        let body = format!(r#"{{"id": "{id}", "status": "failed"}}"#);
        for given in ["Bearer ", "Bearer", "Bearer x"] {
            let said = all.say(&[("authorization", given)], "application/json", &body).await;
            assert_eq!(said, StatusCode::NOT_FOUND);
        }
        assert_eq!(all.site.status(&ivan.user).await, "invited");
        // What a mail's name is, no gateway speaks of.
        let mail = all.site.invite("Olga", "olga@acme.by").await;
        all.site
            .tamper("update messages set gateway_name = 'G7' where invitation_id = $1", &values![&mail.invitation])
            .await;
        all.worker.end().await;
    })
    .await;
}
