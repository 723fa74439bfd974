//! What the settings accept and refuse, with an environment made up here; the process's own is never touched.

use super::*;
use crate::server::config::Security;
use secrecy::ExposeSecret;

fn read_from(environment: &[(&str, &str)]) -> Result<RunSettings, Vec<String>> {
    read(&Flags::default(), environment.iter().map(|(name, value)| (name.into(), value.into())), false)
}

#[test]
fn without_a_word_from_the_operator_everything_has_a_value() {
    let settings = read_from(&[]).expect("settings");
    let config = settings.config;
    assert_eq!(config.listen.to_string(), "127.0.0.1:3000");
    assert_eq!(config.public_url.as_str(), "http://127.0.0.1:3000/");
    assert_eq!(config.database_url.expose_secret(), "sqlite:data/usher.db");
    assert_eq!(config.data_dir, PathBuf::from("data"));
    assert_eq!(config.key_file, PathBuf::from("data/secret.key"));
    assert!(config.relay.is_none());
    assert_eq!(config.mail_from.address.as_str(), LOCAL_SENDER);
    assert_eq!(config.trusted_proxies, 0);
    assert_eq!(config.dns, None);
    assert_eq!((settings.log.as_str(), settings.log_format), ("info", Format::Json));
}

#[test]
fn what_is_not_said_follows_from_what_is() {
    let config =
        read_from(&[("USHER_DATA_DIR", "/srv/100%"), ("USHER_LISTEN", "0.0.0.0:80")]).expect("settings").config;
    assert_eq!(config.public_url.as_str(), "http://localhost/");
    assert_eq!(config.database_url.expose_secret(), "sqlite:/srv/100%25/usher.db");
    assert_eq!(config.key_file, PathBuf::from("/srv/100%/secret.key"));
    let config = read_from(&[("USHER_PUBLIC_URL", "https://usher.acme.by")]).expect("settings").config;
    assert_eq!(config.mail_from.address.as_str(), "usher@usher.acme.by");
}

#[test]
fn all_mistakes_are_named_at_once_each_with_the_way_to_mend_it_and_without_secrets() {
    let mistakes = read_from(&[
        ("USHER_DATABASE_URL", "mysql://root:hush@db"),
        ("USHER_DNS", "ns.acme.by"),
        ("USHER_LISTEN", "localhost:8080"),
        ("USHER_LOG", "loud"),
        ("USHER_LOG_FORMAT", "xml"),
        ("USHER_MAIL_FROM", "Usher <nobody>"),
        ("USHER_PUBLIC_URL", "acme.by"),
        ("USHER_SMTP_URL", "http://user:hush@relay"),
        ("USHER_TRUSTED_PROXIES", "-1"),
    ])
    .expect_err("mistakes");
    let text = mistakes.join("\n");
    assert_eq!(mistakes.len(), 9, "{text}");
    for expected in [
        "USHER_PUBLIC_URL: \"acme.by\" is not an address; write https://acme.by",
        "USHER_LISTEN: \"localhost:8080\" is not an IP address with a port; write 127.0.0.1:8080",
        "USHER_LOG: \"loud\" is not a log level; write error,",
        "USHER_LOG_FORMAT: \"xml\" is not a log format; write text or json",
        "USHER_MAIL_FROM: \"nobody\" is not an e-mail address; write one like Usher <usher@acme.by>",
        "USHER_TRUSTED_PROXIES: \"-1\" is not a number of proxies",
        "USHER_SMTP_URL: begins with http://",
        "USHER_DATABASE_URL: is not the address of a database",
        "USHER_DNS: \"ns.acme.by\" is not the IP address of a name server; write one like 192.0.2.53",
    ] {
        assert!(text.contains(expected), "{expected}\n{text}");
    }
    assert!(!text.contains("hush"), "{text}");
}

#[test]
fn a_public_address_is_a_whole_host_over_http() {
    for (text, mend) in [
        ("localhost:3000", "write http://localhost:3000"),
        ("usher.acme.by:8443", "write https://usher.acme.by:8443"),
        ("ftp://acme.by", "write https://"),
        ("https://acme.by/usher", "write https://acme.by"),
        ("https://user:pass@acme.by", "leave them out"),
        ("https://", "like https://usher.acme.by"),
        ("a b", "like https://usher.acme.by"),
    ] {
        let problem = public_url(text).expect_err(text);
        assert!(problem.ends_with(mend), "{text}: {problem}");
    }
    assert_eq!(public_url("https://почта.рф").expect("an address").as_str(), "https://xn--80a1acny.xn--p1ai/");
}

#[test]
fn a_sender_has_an_address_and_perhaps_a_name() {
    let read = |text| sender(text).map(|sender| (sender.name, sender.address.as_str().to_string()));
    let named = |name: &str| (Some(name.to_string()), "usher@acme.by".to_string());
    assert_eq!(read("Usher <usher@acme.by>"), Ok(named("Usher")));
    assert_eq!(read("\"Acme, Inc.\" <usher@acme.by>"), Ok(named("Acme, Inc.")));
    // L-11.
    for (text, name) in [
        ("Team, Billing \"A\" <usher@acme.by>", "Team, Billing \"A\""),
        ("\"Team \\\"A\\\" \\\\ B\" <usher@acme.by>", "Team \"A\" \\ B"),
        ("\"A\" and \"B\" <usher@acme.by>", "\"A\" and \"B\""),
        ("Школа <Север> <usher@acme.by>", "Школа <Север>"),
        ("Acme (people) @ home <usher@acme.by>", "Acme (people) @ home"),
        (" Usher  <usher@acme.by> ", "Usher"),
    ] {
        assert_eq!(read(text), Ok(named(name)), "{text}");
    }
    for two in [
        "a@acme.by, b@acme.by",
        "Anna <a@acme.by>, Ben <b@acme.by>",
        "a@acme.by b@acme.by",
        "a@acme.by <b@acme.by>",
        "a@acme.by; Ben <b@acme.by>",
    ] {
        assert!(read(two).expect_err(two).contains("two addresses"), "{two}");
    }
    assert_eq!(read("usher@acme.by"), Ok((None, "usher@acme.by".into())));
    assert_eq!(read("<usher@acme.by>"), Ok((None, "usher@acme.by".into())));
    for text in [
        "Usher",
        "Usher <usher@acme.by",
        "Us\r\nBcc: all <usher@acme.by>",
        "usher@acme",
        "Usher <a@b.by> x",
        "=?utf-8?q?x?= <a@b.by>",
        "",
    ] {
        assert!(read(text).is_err(), "{text}");
    }
}

#[test]
fn databases_are_files_or_postgres() {
    for good in ["sqlite:usher.db", "sqlite:///srv/usher.db", "postgres://u:p@db/usher", "postgresql:///usher"] {
        assert!(database_url(good).is_ok(), "{good}");
    }
    for bad in
        ["usher.db", "sqlite:", "sqlite::memory:", "sqlite:x?mode=memory", "mysql://db/usher", "postgres://a:b:c/d"]
    {
        assert!(database_url(bad).is_err(), "{bad}");
    }
}

#[test]
fn a_name_server_is_an_address_with_or_without_a_port() {
    for (text, expected) in [
        ("192.0.2.53", "192.0.2.53:53"),
        ("127.0.0.1:5353", "127.0.0.1:5353"),
        ("::1", "[::1]:53"),
        ("[::1]", "[::1]:53"),
        ("[::1]:5353", "[::1]:5353"),
    ] {
        assert_eq!(dns(text).expect(text).to_string(), expected);
    }
    for text in ["ns.acme.by", "ns.acme.by:53", "192.0.2", "192.0.2.53:65536", "udp://192.0.2.53"] {
        assert!(dns(text).is_err(), "{text}");
    }
}

#[test]
fn levels_may_be_given_by_part_and_relays_with_credentials() {
    for good in ["info", "DEBUG", "off", "warn,usher=debug", "usher::server=trace"] {
        assert!(log(good).is_ok(), "{good}");
    }
    for bad in ["loud", "usher=loud", "verbose2"] {
        assert!(log(bad).is_err(), "{bad}");
    }
    let config = read_from(&[("USHER_SMTP_URL", "smtps://us%40er:pw@relay.acme.by")]).expect("settings").config;
    assert_eq!(config.relay.expect("a relay").security, Security::Tls);
}

#[test]
fn an_sms_gateway_is_read_and_every_setting_that_does_not_fit_is_named_without_its_secrets() {
    let config = read_from(&[
        ("USHER_SMS_URL", "https://AC1:hush@api.twilio.com/?From=%2B1555"),
        ("USHER_SMS_PRESET", "twilio"),
    ]);
    let gateway = config.expect("settings").config.sms.expect("a gateway");
    assert_eq!((gateway.name().as_str(), gateway.allows_private), ("api.twilio.com:443", false));
    for (environment, expected) in [
        (vec![("USHER_SMS_URL", "gateway")], "USHER_SMS_URL: is not an address"),
        (vec![("USHER_SMS_URL", "http://gateway.acme.by")], "USHER_SMS_URL: begins with http://"),
        (
            vec![("USHER_SMS_URL", "https://g.acme.by"), ("USHER_SMS_PRESET", "smscc")],
            "USHER_SMS_PRESET: \"smscc\" is no preset",
        ),
        (vec![("USHER_SMS_URL", "https://g.acme.by"), ("USHER_SMS_METHOD", "PATCH")], "USHER_SMS_METHOD: \"PATCH\""),
        (
            vec![("USHER_SMS_URL", "https://g.acme.by"), ("USHER_SMS_HEADERS", "Bearer hush")],
            "USHER_SMS_HEADERS: line 1 has no colon",
        ),
        (
            vec![("USHER_SMS_URL", "https://g.acme.by"), ("USHER_SMS_BODY", "hush={{txt}}")],
            "USHER_SMS_BODY: has {{txt}}",
        ),
        (
            vec![("USHER_SMS_URL", "https://g.acme.by"), ("USHER_SMS_BODY", "hush={{text}}")],
            "USHER_SMS_BODY: says nowhere where the number",
        ),
        (vec![("USHER_SMS_URL", "https://g.acme.by"), ("USHER_SMS_OK", "4xx")], "USHER_SMS_OK: \"4xx\" cannot be read"),
        (
            vec![("USHER_SMS_URL", "https://g.acme.by"), ("USHER_SMS_ALLOW_PRIVATE", "maybe")],
            "USHER_SMS_ALLOW_PRIVATE: \"maybe\"",
        ),
        (vec![("USHER_SMS_BODY", "hush={{text}}&to={{to}}")], "USHER_SMS_BODY: belongs to an SMS gateway"),
    ] {
        let mistakes = read_from(&environment).expect_err("a mistake");
        assert!(mistakes.len() == 1 && mistakes[0].starts_with(expected), "{mistakes:?}");
        assert!(!mistakes[0].contains("hush"), "{mistakes:?}");
    }
}
