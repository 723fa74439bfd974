//! `USHER_SMTP_CA_FILE`: whose word the operator takes for the relay's certificate (ML-08).

use super::Desk;
use crate::support::smtp::{Identity, Sink};
use std::fs;

/// A file of authorities is trusted in place of the public ones; it is the relay that is encrypted to, and nobody else.
#[tokio::test(flavor = "multi_thread")]
async fn the_authority_that_the_operator_names_vouches_for_the_relay() {
    let (ours, others) = (Identity::made_for("localhost", 1), Identity::made_for("localhost", 1));
    let sink = Sink::encrypted(true, &ours).await;
    let relay = format!("smtps://localhost:{}", sink.port());
    let machine = Desk::new().with("USHER_SMTP_URL", &relay);
    let file = machine.folder.join("authorities.pem");
    let said = |machine: &Desk| machine.run(&["doctor"]).output;

    let without = said(&machine);
    assert!(without.contains("PROBLEM  relay: ") && without.contains("USHER_SMTP_CA_FILE"), "{without}");

    let machine = machine.with("USHER_SMTP_CA_FILE", "authorities.pem");
    fs::write(&file, others.authority()).expect("a file");
    assert!(said(&machine).contains("PROBLEM  relay: "), "another authority vouches for nothing");
    fs::write(&file, format!("{}{}", others.authority(), ours.authority())).expect("a file");
    let with = said(&machine);
    assert!(with.contains("takes our messages; the connection is encrypted."), "{with}");
}

/// Every mistake is named with the others before anything starts, and no word of the file is repeated.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_authorities_that_is_none_is_a_mistake_that_says_how_to_mend_it() {
    let identity = Identity::made_for("localhost", 1);
    let machine = Desk::new().with("USHER_SMTP_CA_FILE", "authorities.pem").with("USHER_DNS", "nowhere");
    let file = machine.folder.join("authorities.pem");
    let said = |content: &[u8]| {
        fs::write(&file, content).expect("a file");
        machine.run(&["doctor"])
    };
    let both = format!("{}{}", identity.authority(), identity.key());
    let cut = identity.authority().replace("-----END CERTIFICATE-----", "");
    let hollow = "-----BEGIN CERTIFICATE-----\naHVzaA==\n-----END CERTIFICATE-----\n";
    let encrypted = identity.key().replace("PRIVATE", "ENCRYPTED PRIVATE");
    for (content, problem) in [
        (identity.key(), "holds a private key"),
        (both, "holds a private key"),
        (encrypted, "holds a private key"),
        (String::new(), "holds no certificate"),
        ("hush".to_string(), "holds no certificate"),
        (identity.authority().replace("CERTIFICATE", "CERTIFICATE REQUEST"), "holds no certificate"),
        (cut, "is no sound PEM file"),
        (hollow.to_string(), "holds a broken certificate"),
        ("\u{0}".repeat(5 << 20), "is too long for a file of certificates"),
    ] {
        let ended = said(content.as_bytes());
        let expected = format!("USHER_SMTP_CA_FILE: authorities.pem {problem}");
        assert!(ended.errors.contains(&expected), "{expected}\n{}", ended.errors);
        assert!(
            ended.errors.contains("2 mistakes in the settings") && ended.errors.contains("USHER_DNS"),
            "{}",
            ended.errors
        );
        assert!(!ended.errors.contains("hush") && !ended.errors.contains("aHVz"), "{}", ended.errors);
        assert_eq!(ended.code, Some(2));
    }
    assert!(said(&[0x30, 0x82, 0xff, 0x00]).errors.contains("holds no certificate"), "DER is not PEM");
    fs::remove_file(&file).expect("removed");
    assert!(machine.run(&["doctor"]).errors.contains("authorities.pem cannot be read (No such file"));
    fs::create_dir(&file).expect("a folder");
    assert!(machine.run(&["doctor"]).errors.contains("authorities.pem cannot be read (Is a directory"));
}
