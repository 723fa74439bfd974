//! From where a visitor comes: the address by which tries are counted, found once per request. Only as many entries of
//! `X-Forwarded-For` are believed as there are proxies of ours in front (RL-01, RL-02). Where what comes does not fit what the
//! operator has set, all visitors may look like one: that is noted, said in the log once, and told to `usher doctor`.

use super::routes::{self, Does};
use crate::domain::coded::coded;
use crate::server::app::App;
use axum::body::Body;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, Request};
use axum::middleware::Next;
use axum::response::Response;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

const HEADER: &str = "x-forwarded-for";

/// The visitor's address in a request's extensions, as one line of the network.
#[derive(Clone, Debug)]
pub struct VisitorAddress(pub String);

coded! {
    /// In what way `X-Forwarded-For` does not fit `USHER_TRUSTED_PROXIES`.
    /// Its code is the name under which the server tells it to `usher doctor`.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Misfit {
        /// It comes, and no proxy is set.
        Untrusted = "untrusted",
        /// It does not come, or has fewer entries than there are proxies.
        TooFew = "too-few",
        /// The entry that counts is no address.
        Unreadable = "unreadable",
        /// The entry that counts is an address of a private network, and others stand before it: another proxy's.
        AnotherProxy = "another-proxy",
    }
}

impl Misfit {
    /// What is wrong, for the operator.
    pub fn what(self, trusted: usize) -> String {
        let found = match self {
            Self::Untrusted => "no proxy is trusted, so it is not believed",
            Self::TooFew => "there are fewer addresses in it than proxies",
            Self::Unreadable => "the entry that counts is no address",
            Self::AnotherProxy => {
                "the entry that counts is an address of a private network and others stand before it, as if one more proxy \
                 stood in front"
            }
        };
        let comes = if self == Self::TooFew { "comes short or not at all" } else { "comes" };
        format!(
            "X-Forwarded-For {comes}, USHER_TRUSTED_PROXIES={trusted} does not fit: {found}; all visitors behind the proxy \
             look like one, and share its tries"
        )
    }

    /// How to mend it.
    pub fn mend(self) -> &'static str {
        match self {
            Self::Untrusted => {
                "Set USHER_TRUSTED_PROXIES to the number of proxies in front that add to the header, usually 1. If none \
                 stands in front, visitors made it up, and it is rightly ignored."
            }
            Self::TooFew => {
                "Set USHER_TRUSTED_PROXIES to the number of proxies in front that add to the header, or have each of them \
                 add the address that it was called from."
            }
            Self::Unreadable => "Have the proxy add the plain address that it was called from; a port may follow it.",
            Self::AnotherProxy => {
                "Set USHER_TRUSTED_PROXIES to the number of proxies in front that add to the header: probably one more."
            }
        }
    }
}

/// What was seen since the process began.
#[derive(Debug, Default)]
pub struct SeenByVisitor {
    requests: AtomicU64,
    misfits: [AtomicU64; Misfit::ALL.len()],
}

impl SeenByVisitor {
    fn note(&self, misfit: Option<Misfit>, trusted: usize) {
        self.requests.fetch_add(1, Ordering::Relaxed);
        let Some(misfit) = misfit else { return };
        if self.misfits[misfit as usize].fetch_add(1, Ordering::Relaxed) == 0 {
            tracing::warn!("{}. {}", misfit.what(trusted), misfit.mend());
        }
    }

    /// For `usher doctor`: how many requests there were, and in how many which misfit was the most frequent one.
    pub fn report(&self) -> String {
        let count = |misfit: Misfit| self.misfits[misfit as usize].load(Ordering::Relaxed);
        let worst = Misfit::ALL.into_iter().max_by_key(|misfit| count(*misfit)).filter(|misfit| count(*misfit) > 0);
        let (code, times) = worst.map_or(("fits", 0), |worst| (worst.code(), count(worst)));
        format!("{code} {times} {}\n", self.requests.load(Ordering::Relaxed))
    }
}

/// Puts an [`VisitorAddress`] into the request's extensions, and what was seen where the operator's watch asks for it.
pub async fn locate(
    State((app, seen)): State<(App, Arc<SeenByVisitor>)>,
    mut request: Request<Body>,
    next: Next,
) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let trusted = app.config.trusted_proxies;
    let (address, misfit) = address_of(request.headers(), peer, trusted);
    if routes::of(&request) == Some(Does::Health) {
        request.extensions_mut().insert(seen);
    } else {
        seen.note(misfit, trusted);
    }
    request.extensions_mut().insert(VisitorAddress(address));
    next.run(request).await
}

/// Whether a request comes from a program on this machine, and through no proxy.
pub fn is_from_this_machine(request: &Request<Body>, app: &App) -> bool {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip().to_canonical());
    let is_near = peer.is_some_and(|peer| peer.is_loopback() || peer == app.config.listen.ip().to_canonical());
    is_near
        && !["x-forwarded-for", "forwarded", "via", "x-real-ip"]
            .iter()
            .any(|name| request.headers().contains_key(*name))
}

/// The address by which tries are counted, and what does not fit. Whatever cannot be believed is the peer itself.
fn address_of(headers: &HeaderMap, peer: Option<IpAddr>, trusted: usize) -> (String, Option<Misfit>) {
    let peer = peer.map_or_else(|| "unknown".to_string(), line_of);
    let values = headers.get_all(HEADER).iter().map(|value| String::from_utf8_lossy(value.as_bytes()));
    let values: Vec<_> = values.collect();
    let entries: Vec<&str> = values.iter().flat_map(|value| value.split(',')).collect();
    if trusted == 0 {
        return (peer, (!entries.is_empty()).then_some(Misfit::Untrusted));
    }
    let Some(place) = entries.len().checked_sub(trusted) else { return (peer, Some(Misfit::TooFew)) };
    match entries.get(place).and_then(|entry| read(entry)) {
        None => (peer, Some(Misfit::Unreadable)),
        Some(ip) => (line_of(ip), (place > 0 && is_private(ip)).then_some(Misfit::AnotherProxy)),
    }
}

/// The address of an entry, however the proxy writes it: with a port, in brackets, in quotes, with a zone.
fn read(entry: &str) -> Option<IpAddr> {
    let entry = entry.trim().trim_matches('"').trim();
    let is_port = |port: &str| !port.is_empty() && port.len() <= 5 && port.bytes().all(|byte| byte.is_ascii_digit());
    let address = match entry.strip_prefix('[') {
        Some(rest) => {
            let (address, rest) = rest.split_once(']')?;
            if !rest.is_empty() && !rest.strip_prefix(':').is_some_and(is_port) {
                return None;
            }
            address
        }
        None => match entry.split_once(':') {
            Some((address, port)) if is_port(port) && address.contains('.') => address,
            _ => entry,
        },
    };
    let without_zone = address.split_once('%').map_or(address, |(address, _)| address);
    let ip: IpAddr = without_zone.parse().ok()?;
    // Only addresses of the sixth version have zones.
    (without_zone == address || ip.is_ipv6()).then_some(ip)
}

/// Whether an address belongs to a network behind somebody's door.
fn is_private(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => {
            // 100.64.0.0/10 is shared by a provider's customers.
            let is_shared = ip.octets()[0] == 100 && ip.octets()[1] & 0xc0 == 64;
            ip.is_private() || ip.is_loopback() || ip.is_link_local() || is_shared
        }
        IpAddr::V6(ip) => ip.is_loopback() || ip.is_unique_local() || ip.is_unicast_link_local(),
    }
}

/// One line to one customer: an IPv4 address, or the /64 within which one gives oneself any IPv6 address one likes.
pub fn line_of(ip: IpAddr) -> String {
    match ip.to_canonical() {
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => {
            let [a, b, c, d, ..] = ip.segments();
            format!("{}/64", Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

/// What one customer may have at most: an IPv4 address, or the /48 in which an IPv6 line can be one of 65,536.
pub fn customer_of(ip: IpAddr) -> String {
    match ip.to_canonical() {
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => {
            let [a, b, c, ..] = ip.segments();
            format!("{}/48", Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_customer_has_one_ipv4_address_or_many_ipv6_lines() {
        let of = |ip: &str| (line_of(ip.parse().expect("an address")), customer_of(ip.parse().expect("an address")));
        assert_eq!(of("198.51.100.7"), ("198.51.100.7".into(), "198.51.100.7".into()));
        assert_eq!(of("::ffff:198.51.100.7"), of("198.51.100.7"));
        assert_eq!(of("2001:db8:1:2:3::4"), ("2001:db8:1:2::/64".into(), "2001:db8:1::/48".into()));
        assert_eq!(of("2001:db8:1:ff00::").1, of("2001:db8:1:2:3::4").1);
        assert_ne!(of("2001:db8:2::1").1, of("2001:db8:1::1").1);
    }

    const PEER: &str = "192.0.2.1";

    fn seen(values: &[&str], trusted: usize) -> (String, Option<Misfit>) {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(HEADER, value.parse().expect("a header"));
        }
        address_of(&headers, Some(PEER.parse().expect("an address")), trusted)
    }

    #[test]
    fn without_trusted_proxies_no_header_moves_anybody_to_another_bucket() {
        for value in ["198.51.100.7", "garbage", "::1, 10.0.0.1", ""] {
            assert_eq!(seen(&[value], 0), (PEER.into(), Some(Misfit::Untrusted)), "{value}");
        }
        assert_eq!(seen(&[], 0), (PEER.into(), None));
    }

    #[test]
    fn whoever_has_many_addresses_of_one_line_is_one_visitor() {
        let at = |address: &str| line_of(address.parse().expect("an address"));
        assert_eq!(at("2001:db8:1:2::1"), at("2001:db8:1:2:ffff:ffff:ffff:ffff"));
        assert_ne!(at("2001:db8:1:2::1"), at("2001:db8:1:3::1"));
        assert_eq!(at("::ffff:203.0.113.9"), "203.0.113.9");
        assert_eq!(address_of(&HeaderMap::new(), None, 0), ("unknown".into(), None));
    }

    /// H-12: entries as proxies write them.
    #[test]
    fn an_entry_is_read_however_the_proxy_writes_it_h_12() {
        for (entry, expected) in [
            ("203.0.113.9", "203.0.113.9"),
            (" 203.0.113.9 ", "203.0.113.9"),
            ("203.0.113.9:4711", "203.0.113.9"),
            ("\"203.0.113.9\"", "203.0.113.9"),
            ("\"203.0.113.9:4711\"", "203.0.113.9"),
            ("[203.0.113.9]:4711", "203.0.113.9"),
            ("2001:db8::1", "2001:db8::/64"),
            ("[2001:db8::1]", "2001:db8::/64"),
            ("[2001:db8::1]:4711", "2001:db8::/64"),
            ("\"[2001:db8::1]:4711\"", "2001:db8::/64"),
            ("2001:DB8::1", "2001:db8::/64"),
            ("fe80::1%eth0", "fe80::/64"),
            ("[fe80::1%25eth0]:80", "fe80::/64"),
            ("::ffff:203.0.113.9", "203.0.113.9"),
            ("[::ffff:203.0.113.9]:1", "203.0.113.9"),
        ] {
            assert_eq!(seen(&[entry], 1), (expected.into(), None), "{entry}");
            assert_eq!(seen(&[&format!("1.1.1.1,{entry}")], 1).0, expected, "{entry} behind what a visitor wrote");
            assert_eq!(seen(&["1.1.1.1", entry], 1).0, expected, "{entry} in a header of its own");
            assert_eq!(seen(&[&format!("{entry}, 10.0.0.1")], 2), (expected.into(), None), "{entry} before a proxy");
        }
    }

    #[test]
    fn what_cannot_be_believed_is_the_peer_and_is_noted_h_12() {
        for entry in [
            "unknown",
            "_hidden",
            "",
            "x",
            "203.0.113.9:",
            "203.0.113.9:port",
            "203.0.113.9:123456",
            "203.0.113",
            "::::",
            "[2001:db8::1",
            "2001:db8::1]",
            "[2001:db8::1]x",
            "999.1.1.1",
            "203.0.113.9%eth0",
            "for=203.0.113.9",
            "1.1.1.1 2.2.2.2",
        ] {
            assert_eq!(seen(&[entry], 1), (PEER.into(), Some(Misfit::Unreadable)), "{entry:?}");
        }
        assert_eq!(seen(&[], 1), (PEER.into(), Some(Misfit::TooFew)));
        assert_eq!(seen(&["198.51.100.7"], 2), (PEER.into(), Some(Misfit::TooFew)));
        // One proxy more than set: the entry that counts is the outer one's.
        for proxy in ["10.0.0.2", "127.0.0.1", "192.168.1.1:80", "172.17.0.1", "100.64.0.1", "fd00::2", "[::1]:80"] {
            assert_eq!(seen(&[&format!("198.51.100.7, {proxy}")], 1).1, Some(Misfit::AnotherProxy), "{proxy}");
            assert_eq!(seen(&[proxy], 1).1, None, "somebody of the same network");
        }
    }

    /// A byte of no alphabet in what a visitor wrote leaves what the proxy added as it is.
    #[test]
    fn a_strange_byte_before_the_proxys_entry_hides_nobody() {
        let mut headers = HeaderMap::new();
        let value = axum::http::HeaderValue::from_bytes(b"\xff\xfe, 198.51.100.7").expect("a header");
        headers.append(HEADER, value);
        assert_eq!(address_of(&headers, None, 1), ("198.51.100.7".into(), None));
    }

    #[test]
    fn the_report_names_what_was_seen_most_often() {
        let seen = SeenByVisitor::default();
        assert_eq!(seen.report(), "fits 0 0\n");
        for misfit in [None, Some(Misfit::TooFew), Some(Misfit::Unreadable), Some(Misfit::Unreadable)] {
            seen.note(misfit, 1);
        }
        assert_eq!(seen.report(), "unreadable 2 4\n");
    }

    proptest! {
        #[test]
        fn no_header_breaks_anything_and_the_proxys_own_entry_counts(forged in "[ -~]{0,80}", last: [u8; 4]) {
            let last = IpAddr::from(last);
            let (address, _) = seen(&[&format!("{forged},{last}")], 1);
            prop_assert_eq!(address, last.to_string());
            let _ = seen(&[&forged], 3);
        }
    }
}
