//! What the settings of a gateway ask of it, preset by preset, and which do not go together.

use super::*;

fn gateway(url: &str, parts: SmsParts) -> Result<SmsGateway, Mismatch> {
    SmsGateway::new(SmsUrl::parse(url).map_err(|problem| ("sms_url", problem))?, parts)
}

fn of(preset: SmsPreset, url: &str) -> SmsGateway {
    gateway(url, SmsParts { preset, ..SmsParts::default() }).expect("a gateway")
}

#[test]
fn the_presets_ask_as_their_providers_want_it() {
    let ask = |preset, url: &str| of(preset, url).request("+375291234567", "Привет & more", "7.1");
    let json = ask(SmsPreset::Json, "https://gateway.example/send");
    assert_eq!((json.method, json.target.as_str()), ("POST", "/send"));
    assert_eq!(json.body, r#"{"to": "+375291234567", "text": "Привет & more", "id": "7.1"}"#);
    assert_eq!(json.headers, [("Content-Type".to_string(), "application/json".to_string())]);

    let twilio = ask(SmsPreset::Twilio, "https://AC12:hush@api.twilio.com/?From=%2B15550100");
    assert_eq!(twilio.target, "/2010-04-01/Accounts/AC12/Messages.json");
    assert_eq!(
        twilio.body,
        "To=%2B375291234567&Body=%D0%9F%D1%80%D0%B8%D0%B2%D0%B5%D1%82%20%26%20more&From=%2B15550100"
    );
    assert_eq!(twilio.credentials, Some(("AC12".into(), "hush".into())));

    let vonage = ask(SmsPreset::Vonage, "https://key:s%26c@rest.nexmo.com?from=ACME");
    assert_eq!(vonage.target, "/sms/json");
    assert!(vonage.body.starts_with("api_key=key&api_secret=s%26c&to=375291234567&text="), "{}", vonage.body);
    assert!(
        vonage.body.ends_with("&type=unicode&client%2Dref=7%2E1&from=ACME")
            || vonage.body.ends_with("&type=unicode&client-ref=7%2E1&from=ACME"),
        "{}",
        vonage.body
    );
    assert_eq!(vonage.credentials, None, "they stand in the body");

    let smsc = ask(SmsPreset::Smsc, "https://login:hush@smsc.example/");
    assert_eq!(smsc.target, "/sys/send.php");
    assert!(smsc.body.starts_with("login=login&psw=hush&phones=%2B375291234567&mes="), "{}", smsc.body);
}

#[test]
fn an_address_may_hold_all_of_a_request() {
    let parts = SmsParts { method: Some("GET"), ..SmsParts::default() };
    let gateway =
        gateway("https://gateway.example/send?to={{to}}&text={{text}}&key=hush-hush", parts).expect("a gateway");
    let request = gateway.request("+375291234567", "a&b=c #d", "1");
    assert_eq!(request.target, "/send?to=%2B375291234567&text=a%26b%3Dc%20%23d&key=hush-hush");
    assert_eq!((request.body.as_str(), request.headers.len()), ("", 0));
    assert!(gateway.secrets().contains(&"hush-hush".to_string()));
}

#[test]
fn settings_that_do_not_go_together_are_named() {
    let body = |text: &str| SmsParts { body: Some(text.to_string().into()), ..SmsParts::default() };
    let typed = |kind: &str| SmsParts {
        headers: Some(read_headers(&format!("Content-Type: {kind}")).expect("headers")),
        ..body("to={{to}}&text={{text}}")
    };
    for (url, parts, name, words) in [
        ("https://g.example", body("{\"to\": \"{{to}}\"}"), "sms_body", "the text"),
        ("https://g.example", body("text={{text}}"), "sms_body", "the number"),
        ("https://g.example", body("{\"to\": {{to}}, \"text\": \"{{text}}\"}"), "sms_body", "no JSON"),
        ("https://g.example", typed("text/plain"), "sms_headers", "text/plain"),
        ("http://g.example", SmsParts::default(), "sms_url", "http://"),
        ("https://g.example", SmsParts { method: Some("GET"), ..SmsParts::default() }, "sms_url", "the number"),
        ("https://g.example", SmsParts { preset: SmsPreset::Twilio, ..SmsParts::default() }, "sms_url", "password"),
        ("ftp://g.example", SmsParts::default(), "sms_url", "ftp://"),
        ("https://{{to}}.example/", SmsParts::default(), "sms_url", "another host"),
        ("https://g.example/{{too}}", SmsParts::default(), "sms_url", "{{too}}"),
        ("gateway", SmsParts::default(), "sms_url", "not an address"),
    ] {
        let (at, problem) = gateway(url, parts).expect_err(url);
        assert!(at == name && problem.contains(words), "{url}: {at}: {problem}");
    }
}

#[test]
fn headers_are_read_line_by_line_and_never_repeated() {
    let headers = read_headers("Authorization: Bearer hush\\nX-Key: 1\n\n").expect("headers");
    assert_eq!(headers.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["Authorization", "X-Key"]);
    for wrong in ["Authorization hush", "A b: hush", "X: hush\u{7}", ": hush", "Host: hush", "Content-Length: hush"] {
        let problem = read_headers(wrong).expect_err(wrong);
        assert!(problem.contains("line 1") && !problem.contains("hush"), "{problem}");
    }
}

#[test]
fn nothing_secret_is_shown_by_debug() {
    let parts = SmsParts {
        headers: Some(read_headers("Authorization: Bearer hush-1").expect("headers")),
        body: Some("to={{to}}&text={{text}}&key=hush-2".to_string().into()),
        ..SmsParts::default()
    };
    let gateway = gateway("https://user:hush-3@g.example/?k=hush-4", parts).expect("a gateway");
    let shown = format!("{gateway:?}");
    for secret in ["hush-1", "hush-2", "hush-3", "hush-4"] {
        assert!(!shown.contains(secret), "{shown}");
        assert!(gateway.secrets().iter().any(|known| known == secret), "{secret}: {:?}", gateway.secrets());
    }
}
