//! Which addresses a gateway may have: public ones, unless the operator says that it is in a network of their own (WB-09). The name
//! is looked up once, and the connection goes to what was judged here, so that a name that leads elsewhere a moment later leads
//! nowhere.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// Of the addresses of a name, those to which a message may go. What is not encrypted goes into a private network only.
pub fn permitted(found: &[SocketAddr], allows_private: bool, is_encrypted: bool) -> Vec<SocketAddr> {
    let may = |address: &&SocketAddr| match is_public(address.ip()) {
        true => is_encrypted,
        false => allows_private,
    };
    found.iter().filter(may).copied().collect()
}

/// Whether an address is one of the public Internet, by the registries of special addresses (RFC 6890 and those after it).
fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let is_special = ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_documentation()
        || a == 0
        // Shared by the customers of a provider.
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (18..20).contains(&b))
        // Groups, what is reserved, and everybody at once.
        || a >= 224;
    !is_special
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let parts = ip.segments();
    let v4_at = |at: usize| {
        let [a, b] = parts[at].to_be_bytes();
        let [c, d] = parts[at + 1].to_be_bytes();
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match parts {
        // An address of the older kind in the clothes of the newer: mapped, and translated by NAT64.
        [0, 0, 0, 0, 0, 0xffff, ..] | [0x64, 0xff9b, 0, 0, 0, 0, ..] => v4_at(6),
        // 6to4 has it in front.
        [0x2002, ..] => v4_at(1),
        // Teredo, ORCHID, and what is kept for examples.
        [0x2001, 0x0000..=0x01ff, ..] | [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => false,
        [first, ..] => (0x2000..0x4000).contains(&first),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// WB-09.
    #[test]
    fn whatever_is_not_of_the_public_internet_is_refused_in_every_form() {
        for ip in [
            "127.0.0.1",
            "127.9.9.9",
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "100.127.0.1",
            "192.0.0.8",
            "192.0.2.1",
            "198.18.0.1",
            "198.51.100.1",
            "203.0.113.1",
            "192.88.99.1",
            "224.0.0.1",
            "239.1.1.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::ffff:169.254.169.254",
            "64:ff9b::127.0.0.1",
            "64:ff9b::a00:1",
            "64:ff9b:1::1",
            "2002:7f00:1::",
            "2002:a00:1::1",
            "2001::1",
            "2001:0:4136:e378::1",
            "2001:10::1",
            "2001:20::1",
            "2001:db8::1",
            "3fff::1",
            "fe80::1",
            "febf::1",
            "fec0::1",
            "fc00::1",
            "fd12::1",
            "ff02::1",
            "100::1",
            "4000::1",
        ] {
            assert!(!is_public(ip.parse().expect(ip)), "{ip}");
        }
        for ip in [
            "1.1.1.1",
            "8.8.8.8",
            "172.15.0.1",
            "172.32.0.1",
            "100.63.0.1",
            "100.128.0.1",
            "198.17.0.1",
            "223.255.255.1",
            "2606:4700::1111",
            "2a00:1450::1",
            "2001:4860::8888",
            "::ffff:8.8.8.8",
            "64:ff9b::808:808",
            "2002:808:808::1",
        ] {
            assert!(is_public(ip.parse().expect(ip)), "{ip}");
        }
    }

    #[test]
    fn a_name_with_both_kinds_leads_to_what_is_allowed() {
        let all: Vec<SocketAddr> = ["127.0.0.1:80", "8.8.8.8:80"].map(|text| text.parse().expect(text)).into();
        assert_eq!(permitted(&all, false, true), all[1..]);
        assert_eq!(permitted(&all, true, true), all);
        assert_eq!(permitted(&all, true, false), all[..1], "what anybody could read stays inside");
        assert_eq!(permitted(&all, false, false), []);
    }

    proptest! {
        #[test]
        fn an_older_address_in_newer_clothes_is_judged_as_itself(a in any::<u32>()) {
            let v4 = Ipv4Addr::from(a);
            prop_assert_eq!(is_public(v4.to_ipv6_mapped().into()), is_public(v4.into()));
            prop_assert!(!is_public(v4.to_ipv6_compatible().into()));
        }
    }
}
