//! What a gateway says later about a message that it took, as each of the usual ones says it: whether it is really the gateway that
//! says it, about which message, and what became of it. Pure; nothing is written here.

use crate::domain::listing::query_pairs;
use crate::domain::message::outcome::{DeliveryReason, LaterOutcome};
use crate::domain::text::hex;
use crate::server::config::SmsPreset;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use subtle::ConstantTimeEq;

/// A request as it came, as far as it says something.
#[derive(Clone, Copy, Debug, Default)]
pub struct GatewayCall<'a> {
    /// The whole address to which the gateway was told to send it.
    pub address: &'a str,
    /// `X-Twilio-Signature`.
    pub signature: &'a str,
    /// `Authorization`.
    pub authorization: &'a str,
    pub body: &'a [u8],
}

/// What a gateway says of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SmsReport {
    /// Under the name that it gave the message, or that we did.
    pub name: String,
    pub became: LaterOutcome,
}

/// It is not the gateway that says it: signature or secret are wrong, or there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotTheGateway;

/// Reads a request; `None` when nothing has been decided yet, or nothing of ours is meant.
///
/// # Errors
/// `NotTheGateway`: nothing of it may be believed.
pub fn read_callback(
    preset: SmsPreset,
    secret: &str,
    request: &GatewayCall<'_>,
) -> Result<Option<SmsReport>, NotTheGateway> {
    let fields = fields_of(request.body);
    let is_signed = match preset {
        SmsPreset::Json => is_same(request.authorization.as_bytes(), format!("Bearer {secret}").as_bytes()),
        SmsPreset::Twilio => is_signed_by_twilio(secret, request, &fields),
        SmsPreset::Vonage => is_signed_by_vonage(secret, &fields),
        SmsPreset::Smsc => is_signed_by_smsc(secret, &fields),
    };
    if !is_signed {
        return Err(NotTheGateway);
    }
    let field = |name: &str| fields.get(name).map(String::as_str).unwrap_or_default();
    let (name, became) = match preset {
        SmsPreset::Json => (field("id"), of_json(field("status"), field("reason"))),
        SmsPreset::Twilio => (field("MessageSid"), of_twilio(field("MessageStatus"), field("ErrorCode"))),
        SmsPreset::Vonage => (field("messageId"), of_vonage(field("status"), field("err-code"))),
        SmsPreset::Smsc => (field("id"), of_smsc(field("status"))),
    };
    Ok(became.filter(|_| !name.is_empty()).map(|became| SmsReport { name: name.into(), became }))
}

/// The fields of a form, or of a JSON object; of the same twice, the last.
fn fields_of(body: &[u8]) -> BTreeMap<String, String> {
    if let Ok(serde_json::Value::Object(object)) = serde_json::from_slice(body) {
        let text = |value: serde_json::Value| match value {
            serde_json::Value::String(text) => text,
            other => other.to_string(),
        };
        return object.into_iter().map(|(name, value)| (name, text(value))).collect();
    }
    query_pairs(&String::from_utf8_lossy(body)).into_iter().collect()
}

fn is_same(given: &[u8], right: &[u8]) -> bool {
    given.ct_eq(right).into()
}

/// The address, and behind it every field with its value, in the order of their names.
fn is_signed_by_twilio(secret: &str, request: &GatewayCall<'_>, fields: &BTreeMap<String, String>) -> bool {
    let Ok(mut mac) = <Hmac<Sha1> as KeyInit>::new_from_slice(secret.as_bytes()) else { return false };
    mac.update(request.address.as_bytes());
    for (name, value) in fields {
        mac.update(name.as_bytes());
        mac.update(value.as_bytes());
    }
    is_same(request.signature.as_bytes(), STANDARD.encode(mac.finalize().into_bytes()).as_bytes())
}

/// Every field but the signature, in the order of their names; `&` and `=` in a value are written `_`.
fn is_signed_by_vonage(secret: &str, fields: &BTreeMap<String, String>) -> bool {
    let Ok(mut mac) = <Hmac<Sha256> as KeyInit>::new_from_slice(secret.as_bytes()) else { return false };
    for (name, value) in fields.iter().filter(|(name, _)| *name != "sig") {
        mac.update(format!("&{name}={}", value.replace(['&', '='], "_")).as_bytes());
    }
    let given = fields.get("sig").map(|given| given.to_lowercase()).unwrap_or_default();
    is_same(given.as_bytes(), hex(&mac.finalize().into_bytes()).as_bytes())
}

fn is_signed_by_smsc(secret: &str, fields: &BTreeMap<String, String>) -> bool {
    let field = |name: &str| fields.get(name).map(String::as_str).unwrap_or_default();
    let text = format!("{}:{}:{}:{secret}", field("id"), field("phone"), field("status"));
    is_same(field("sha1").to_lowercase().as_bytes(), hex(&Sha1::digest(text.as_bytes())).as_bytes())
}

fn of_json(status: &str, reason: &str) -> Option<LaterOutcome> {
    match status {
        "delivered" => Some(LaterOutcome::delivered("")),
        "failed" => Some(LaterOutcome::came_back(DeliveryReason::Refused, reason)),
        _ => None,
    }
}

fn of_twilio(status: &str, code: &str) -> Option<LaterOutcome> {
    use DeliveryReason::*;
    let reason = match code {
        // Nobody has it; it is a landline.
        "30005" | "30006" => NoSuchRecipient,
        // Switched off, out of reach, or it takes no messages.
        "30003" | "30004" => RecipientClosed,
        "30007" => Unwanted,
        _ => Refused,
    };
    match status {
        "delivered" => Some(LaterOutcome::delivered("")),
        "undelivered" | "failed" => Some(LaterOutcome::came_back(reason, format!("{status} {code}").trim_end())),
        _ => None,
    }
}

fn of_vonage(status: &str, code: &str) -> Option<LaterOutcome> {
    use DeliveryReason::*;
    let reason = match code {
        "1" | "3" | "12" => NoSuchRecipient,
        "2" | "4" | "5" => RecipientClosed,
        "7" | "8" => Unwanted,
        _ => Refused,
    };
    match status {
        "delivered" => Some(LaterOutcome::delivered("")),
        "failed" | "rejected" | "expired" | "undeliverable" => {
            Some(LaterOutcome::came_back(reason, format!("{status} {code}").trim_end()))
        }
        _ => None,
    }
}

fn of_smsc(status: &str) -> Option<LaterOutcome> {
    use DeliveryReason::*;
    let reason = match status {
        // It arrived, or was even read.
        "1" | "2" => return Some(LaterOutcome::delivered("")),
        "22" => NoSuchRecipient,
        // Too late; out of reach.
        "3" | "25" => RecipientClosed,
        "23" => Unwanted,
        "20" | "24" => Refused,
        _ => return None,
    };
    Some(LaterOutcome::came_back(reason, status))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SECRET: &str = "a secret of sixteen letters";
    const ADDRESS: &str = "https://users.acme.by/sms/callback";

    fn read(preset: SmsPreset, request: GatewayCall<'_>) -> Result<Option<SmsReport>, NotTheGateway> {
        read_callback(preset, SECRET, &request)
    }

    fn report(name: &str, became: LaterOutcome) -> Result<Option<SmsReport>, NotTheGateway> {
        Ok(Some(SmsReport { name: name.into(), became }))
    }

    fn json(body: &str) -> Result<Option<SmsReport>, NotTheGateway> {
        let authorization = format!("Bearer {SECRET}");
        read(
            SmsPreset::Json,
            GatewayCall { authorization: &authorization, body: body.as_bytes(), ..Default::default() },
        )
    }

    #[test]
    fn a_gateway_of_ones_own_says_what_became_of_a_message() {
        let delivered = json(r#"{"id": "7.1", "status": "delivered"}"#);
        assert_eq!(delivered, report("7.1", LaterOutcome::delivered("")));
        let failed = json(r#"{"id": "7.1", "status": "failed", "reason": "switched off"}"#);
        assert_eq!(failed, report("7.1", LaterOutcome::came_back(DeliveryReason::Refused, "switched off")));
        for nothing in ["", "{}", "[]", r#"{"id": "7.1", "status": "sent"}"#, r#"{"status": "delivered"}"#] {
            assert_eq!(json(nothing), Ok(None), "{nothing}");
        }
        for wrong in ["", "Bearer", SECRET, "Bearer a secret of sixteen letterz", "bearer a secret of sixteen letters"]
        {
            let body = br#"{"id": "7.1", "status": "delivered"}"#;
            let request = GatewayCall { authorization: wrong, body, ..Default::default() };
            assert_eq!(read(SmsPreset::Json, request), Err(NotTheGateway), "{wrong}");
        }
    }

    /// The example of the provider's own documentation.
    #[test]
    fn the_signature_of_twilio_is_that_of_its_documentation() {
        let request = GatewayCall {
            address: "https://example.com/myapp.php?foo=1&bar=2",
            signature: "L/OH5YylLD5NRKLltdqwSvS0BnU=",
            body: b"CallSid=CA1234567890ABCDE&Caller=%2B14158675310&Digits=1234&From=%2B14158675310&To=%2B18005551212",
            ..Default::default()
        };
        assert_eq!(read_callback(SmsPreset::Twilio, "12345", &request), Ok(None));
        assert_eq!(read_callback(SmsPreset::Twilio, "12346", &request), Err(NotTheGateway));
        let other = GatewayCall { address: "https://example.com/myapp.php?foo=1&bar=3", ..request };
        assert_eq!(read_callback(SmsPreset::Twilio, "12345", &other), Err(NotTheGateway));
    }

    #[test]
    fn each_gateway_has_its_words_for_what_became_of_a_message() {
        use DeliveryReason::*;
        let back = |reason, words: &str| Some(LaterOutcome::came_back(reason, words));
        assert_eq!(of_twilio("delivered", ""), Some(LaterOutcome::delivered("")));
        assert_eq!(of_twilio("undelivered", "30005"), back(NoSuchRecipient, "undelivered 30005"));
        assert_eq!(of_twilio("failed", ""), back(Refused, "failed"));
        for open in ["queued", "sent", "sending", "accepted", ""] {
            assert_eq!((of_twilio(open, ""), of_vonage(open, "0")), (None, None), "{open}");
        }
        assert_eq!(of_vonage("rejected", "3"), back(NoSuchRecipient, "rejected 3"));
        assert_eq!(of_vonage("delivered", "0"), Some(LaterOutcome::delivered("")));
        for (status, became) in
            [("1", Some(LaterOutcome::delivered(""))), ("22", back(NoSuchRecipient, "22")), ("0", None)]
        {
            assert_eq!(of_smsc(status), became, "{status}");
        }
    }

    #[test]
    fn what_is_signed_holds_until_a_letter_of_it_changes() {
        let signed = |text: &str| hex(&Sha1::digest(format!("{text}:{SECRET}").as_bytes()));
        let sha1 = signed("17:375291234567:1");
        let body = format!("id=17&phone=375291234567&status=1&sha1={sha1}");
        let smsc = |body: &str| read(SmsPreset::Smsc, GatewayCall { body: body.as_bytes(), ..Default::default() });
        assert_eq!(smsc(&body), report("17", LaterOutcome::delivered("")));
        assert_eq!(smsc(&body.replace("id=17", "id=18")), Err(NotTheGateway));
        assert_eq!(smsc("id=17&phone=375291234567&status=1"), Err(NotTheGateway));

        let Ok(mut mac) = <Hmac<Sha256> as KeyInit>::new_from_slice(SECRET.as_bytes()) else { panic!() };
        mac.update(b"&err-code=0&messageId=A_1&status=delivered&to=a_b_c");
        let sig = hex(&mac.finalize().into_bytes()).to_uppercase();
        let vonage = |body: &str| read(SmsPreset::Vonage, GatewayCall { body: body.as_bytes(), ..Default::default() });
        let body =
            format!(r#"{{"messageId": "A_1", "status": "delivered", "err-code": 0, "to": "a&b=c", "sig": "{sig}"}}"#);
        assert_eq!(vonage(&body), report("A_1", LaterOutcome::delivered("")));
        assert_eq!(vonage(&body.replace("A_1", "A_2")), Err(NotTheGateway));
        assert_eq!(vonage(r#"{"messageId": "A_1", "status": "delivered"}"#), Err(NotTheGateway));
        let twilio =
            GatewayCall { address: ADDRESS, body: b"MessageSid=SM1&MessageStatus=delivered", ..Default::default() };
        assert_eq!(read(SmsPreset::Twilio, twilio), Err(NotTheGateway));
    }

    proptest! {
        #[test]
        fn nothing_is_believed_that_is_not_signed(
            body in proptest::collection::vec(any::<u8>(), 0..300), signature in "\\PC{0,40}", authorization in "\\PC{0,40}"
        ) {
            for preset in [SmsPreset::Json, SmsPreset::Twilio, SmsPreset::Vonage, SmsPreset::Smsc] {
                let request =
                    GatewayCall { address: ADDRESS, signature: &signature, authorization: &authorization, body: &body };
                prop_assert_eq!(read(preset, request), Err(NotTheGateway));
            }
        }
    }
}
