//! What people write is text on every page, whatever it looks like (WB-08, ML-04).

use super::town::{Look, Texts, Town};
use crate::support::databases::both;
use crate::support::html::{tags, unescape};
use std::collections::BTreeSet;

/// Leaves whatever it stands in, then starts a script in four ways.
macro_rules! markup {
    ($field:literal) => {
        concat!(
            "</script></title></textarea></style>\"'>--><script>alert('",
            $field,
            "')</script><img src=x onerror=alert('",
            $field,
            "')><svg/onload=alert(1)><a href=javascript:alert(1)>"
        )
    };
}

const FIELDS: [&str; 9] =
    ["organisation", "company", "name", "phone", "personal", "reason", "support", "device", "relay"];

const MARKUP: Texts = Texts {
    organisation: markup!("organisation"),
    company: markup!("company"),
    name: markup!("name"),
    phone: markup!("phone"),
    personal: markup!("personal"),
    reason: markup!("reason"),
    support: markup!("support"),
    device: markup!("device"),
    relay: markup!("relay"),
};

/// What harms where a text becomes an address.
const ADDRESS: Texts = Texts {
    organisation: "javascript:alert('organisation')",
    company: "javascript:alert('company')",
    name: "javascript:alert('name')",
    phone: "javascript:alert('phone')",
    personal: "javascript:alert('personal')",
    reason: "javascript:alert('reason')",
    support: "javascript:alert('support')",
    device: "javascript:alert('device')",
    relay: "javascript:alert('relay')",
};

/// Whether anything planted has become more than text.
fn faults(look: &Look) -> Vec<String> {
    let Some(html) = look.html() else { return Vec::new() };
    let mut faults = Vec::new();
    for raw in ["<script>alert", "<img src=x", "<svg/onload", "<a href=javascript", "</script></title>"] {
        if let Some(at) = html.find(raw) {
            let before: String = html[..at].chars().rev().take(120).collect::<Vec<_>>().into_iter().rev().collect();
            faults.push(format!("{}: {raw} stands raw after {before:?}", look.name()));
        }
    }
    for tag in tags(&html) {
        let is_live = tag.attributes.iter().any(|(name, value)| {
            let is_address = ["href", "src", "action", "formaction", "data", "poster"].contains(&name.as_str());
            name.starts_with("on") || is_address && value.trim_start().to_lowercase().starts_with("javascript:")
        });
        if is_live {
            faults.push(format!("{}: {tag:?}", look.name()));
        }
    }
    faults
}

/// The fields of which something can be read on a page.
fn shown(looks: &[Look]) -> BTreeSet<&'static str> {
    let mut shown = BTreeSet::new();
    for html in looks.iter().filter_map(Look::html) {
        let text = unescape(&html);
        shown.extend(FIELDS.iter().copied().filter(|field| text.contains(&format!("alert('{field}')"))));
    }
    shown
}

#[tokio::test(flavor = "multi_thread")]
async fn markup_that_somebody_wrote_is_shown_as_text_on_every_page_wb_08() {
    both(|db| async {
        let mut town = Town::settle(db, None, MARKUP).await;
        let looks = town.look_around().await;
        let faults: BTreeSet<String> = looks.iter().flat_map(faults).collect();
        assert!(
            faults.is_empty(),
            "{} faults:\n{}",
            faults.len(),
            faults.into_iter().take(30).collect::<Vec<_>>().join("\n")
        );
        // What is not shown anywhere was not tried: the company's name has no page yet where there is but one to choose.
        let shown = shown(&looks);
        let missing: Vec<_> = FIELDS.iter().filter(|field| !shown.contains(**field) && **field != "company").collect();
        assert!(missing.is_empty(), "never shown: {missing:?}");
        // For scripts the same texts travel as data, which no browser reads as a page.
        for look in looks.iter().filter(|look| look.address.starts_with("/api/") && look.address != "/api/") {
            assert!(!look.is_page(), "{}", look.name());
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_text_that_somebody_wrote_becomes_an_address_wb_08() {
    both(|db| async {
        let mut town = Town::settle(db, None, ADDRESS).await;
        let looks = town.look_around().await;
        let faults: BTreeSet<String> = looks.iter().flat_map(faults).collect();
        assert!(
            faults.is_empty(),
            "{} faults:\n{}",
            faults.len(),
            faults.into_iter().take(30).collect::<Vec<_>>().join("\n")
        );
        assert!(shown(&looks).contains("support"), "the one that becomes an address when it is one");
    })
    .await;
}
