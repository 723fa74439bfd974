//! Whether a domain can receive e-mail (rule 8): as its ending says, which is known by itself, and as the domain name system says
//! where it is asked. Only a clear answer of it counts: what nobody says in time is taken for "it can". Answers are kept in memory, and nobody may ask for any number of domains.

use super::clock::Clock;
use crate::domain::address_guard::is_public_provider;
use crate::domain::id::UserId;
use crate::domain::timestamp::{Duration, Timestamp};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use hickory_resolver::TokioResolver;
use hickory_resolver::config::{ConnectionConfig, NameServerConfig, ResolveHosts, ResolverConfig};
use hickory_resolver::lookup::Lookup;
use hickory_resolver::net::NetError;
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::proto::rr::{Name, RData};
use std::collections::{BTreeSet, HashMap};
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration as StdDuration;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::timeout;

/// How long the answer for one domain is waited for.
const A_DOMAIN: StdDuration = StdDuration::from_millis(800);

/// How long the answers for all domains of a form are waited for.
const A_FORM: StdDuration = StdDuration::from_secs(2);

/// How many domains of a form are asked for at the same time.
const AT_ONCE: usize = 32;

/// Domains that one person may have asked for at once, and again each hour: two forms and a half, full of new domains.
const AN_HOUR: NonZeroU32 = NonZeroU32::new(500).expect("more than nothing");

/// How many domains are remembered.
const MOST_KNOWN: usize = 1_000;

/// How long an answer is good.
const GOOD_FOR: Duration = Duration::hours(1);

/// How long whoever did not answer is left alone.
const QUIET_FOR: Duration = Duration::minutes(1);

/// Endings that the world's name servers do not know and organisations use among themselves, or examples have (RFC 2606, RFC 6762,
/// RFC 8375, and what ICANN keeps free for private use).
const PRIVATE_ENDINGS: [&str; 15] = [
    "alt",
    "arpa",
    "corp",
    "example",
    "home",
    "internal",
    "intra",
    "intranet",
    "invalid",
    "lan",
    "local",
    "localdomain",
    "localhost",
    "private",
    "test",
];

/// Whether no domain in the world ends like this one, and none inside an organisation is likely to. Known without asking anybody.
pub fn ends_nowhere(domain: &str) -> bool {
    let ending = domain.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    !tld::exist(&ending) && !PRIVATE_ENDINGS.contains(&ending.as_str())
}

/// What the domain name system says of a domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum DnsAnswer {
    Receives,
    CannotReceive,
    /// Nobody said, or not in time.
    Unclear,
}

/// An answer as it is remembered.
#[derive(Clone, Copy, Debug)]
struct CachedAnswer {
    answer: DnsAnswer,
    until: Timestamp,
}

/// Looks domains up, and remembers what was said.
pub struct MailDomains {
    name_server: Option<SocketAddr>,
    clock: Clock,
    /// Made at the first question: most installations never ask. `None` inside when the system names nobody to ask.
    resolver: OnceLock<Option<TokioResolver>>,
    known: Mutex<HashMap<String, CachedAnswer>>,
    inviters: DefaultKeyedRateLimiter<UserId>,
}

impl MailDomains {
    /// `name_server` answers; without it whoever the system's configuration names.
    pub fn new(name_server: Option<SocketAddr>, clock: Clock) -> Self {
        Self {
            name_server,
            clock,
            resolver: OnceLock::new(),
            known: Mutex::default(),
            inviters: RateLimiter::keyed(Quota::per_hour(AN_HOUR)),
        }
    }

    /// Those of the domains that clearly cannot receive e-mail. It takes no longer than two seconds.
    pub async fn that_cannot_receive(&self, inviter: &UserId, domains: BTreeSet<String>) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let mut asking = JoinSet::new();
        let gate = Arc::new(Semaphore::new(AT_ONCE));
        for domain in domains.into_iter().filter(|domain| !is_public_provider(domain)) {
            match self.remembered(&domain) {
                Some(DnsAnswer::CannotReceive) => drop(found.insert(domain)),
                Some(_) => {}
                None => {
                    let Some(resolver) = self.resolver() else { continue };
                    if self.inviters.check_key(inviter).is_err() {
                        continue;
                    }
                    let (resolver, gate) = (resolver.clone(), gate.clone());
                    asking.spawn(async move {
                        let _turn = gate.acquire_owned().await;
                        let answer = timeout(A_DOMAIN, ask(&resolver, &domain)).await;
                        (domain, answer.unwrap_or(DnsAnswer::Unclear))
                    });
                }
            }
        }
        // Whatever is still being asked for afterwards ends with the set.
        let _ = timeout(A_FORM, async {
            while let Some(ended) = asking.join_next().await {
                let Ok((domain, answer)) = ended else { continue };
                self.remember(domain.clone(), answer);
                if answer == DnsAnswer::CannotReceive {
                    found.insert(domain);
                }
            }
        })
        .await;
        found
    }

    /// Whether anybody answers for a domain at all, whatever it is that is said.
    pub async fn answers(&self, domain: &str) -> bool {
        let Some(resolver) = self.resolver() else { return false };
        timeout(A_FORM, ask(resolver, domain)).await.is_ok_and(|answer| answer != DnsAnswer::Unclear)
    }

    fn resolver(&self) -> Option<&TokioResolver> {
        let made = self.resolver.get_or_init(|| {
            let made = resolver_of(self.name_server);
            made.inspect_err(|error| tracing::warn!(%error, "the system names no name server; domains go unchecked"))
                .ok()
        });
        made.as_ref()
    }

    fn known(&self) -> MutexGuard<'_, HashMap<String, CachedAnswer>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn remembered(&self, domain: &str) -> Option<DnsAnswer> {
        let now = self.clock.now();
        self.known().get(domain).filter(|known| known.until > now).map(|known| known.answer)
    }

    fn remember(&self, domain: String, answer: DnsAnswer) {
        let now = self.clock.now();
        let until = now + if answer == DnsAnswer::Unclear { QUIET_FOR } else { GOOD_FOR };
        let mut known = self.known();
        if known.len() >= MOST_KNOWN {
            known.retain(|_, known| known.until > now);
        }
        if known.len() >= MOST_KNOWN {
            let first = known.iter().min_by_key(|(_, known)| known.until).map(|(domain, _)| domain.clone());
            first.and_then(|first| known.remove(&first));
        }
        known.insert(domain, CachedAnswer { answer, until });
    }
}

fn resolver_of(name_server: Option<SocketAddr>) -> Result<TokioResolver, NetError> {
    let mut builder = match name_server {
        None => TokioResolver::builder_tokio()?,
        Some(address) => {
            let mut ways = vec![ConnectionConfig::udp(), ConnectionConfig::tcp()];
            ways.iter_mut().for_each(|way| way.port = address.port());
            let server = NameServerConfig::new(address.ip(), true, ways);
            let config = ResolverConfig::from_name_servers(vec![server]);
            TokioResolver::builder_with_config(config, TokioRuntimeProvider::default())
        }
    };
    let options = builder.options_mut();
    options.timeout = A_DOMAIN;
    // A question that gets lost is repeated within this time as it is.
    options.attempts = 0;
    // Remembered here, by our clock.
    options.cache_size = 0;
    // Whoever delivers does not read this machine's file.
    options.use_hosts_file = ResolveHosts::Never;
    builder.build()
}

/// Asks for one domain: for mail servers, and where none are named, for the addresses that stand in for them (RFC 5321).
async fn ask(resolver: &TokioResolver, domain: &str) -> DnsAnswer {
    // With the dot behind it, it is never taken for a name inside the organisation.
    let Ok(name) = Name::from_ascii(format!("{domain}.")) else { return DnsAnswer::Unclear };
    match read(&resolver.mx_lookup(name.clone()).await) {
        Said::Yes => DnsAnswer::Receives,
        Said::No => DnsAnswer::CannotReceive,
        Said::Unclear => DnsAnswer::Unclear,
        Said::Nothing => {
            let (four, six) = tokio::join!(resolver.ipv4_lookup(name.clone()), resolver.ipv6_lookup(name));
            match (read(&four), read(&six)) {
                (Said::Yes, _) | (_, Said::Yes) => DnsAnswer::Receives,
                (Said::Unclear, _) | (_, Said::Unclear) => DnsAnswer::Unclear,
                _ => DnsAnswer::CannotReceive,
            }
        }
    }
}

/// What one answer says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Said {
    /// There is somewhere to deliver to.
    Yes,
    /// There is no such domain, or it says that it takes no mail (RFC 7505).
    No,
    /// There are no such records.
    Nothing,
    Unclear,
}

fn read(answer: &Result<Lookup, NetError>) -> Said {
    let lookup = match answer {
        Ok(lookup) => lookup,
        Err(error) if error.is_nx_domain() => return Said::No,
        Err(error) if error.is_no_records_found() => return Said::Nothing,
        Err(_) => return Said::Unclear,
    };
    let mut said = Said::Nothing;
    for record in lookup.answers() {
        match &record.data {
            RData::MX(mail) if mail.exchange.is_root() => said = Said::No,
            RData::MX(_) | RData::A(_) | RData::AAAA(_) => return Said::Yes,
            _ => {}
        }
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;
    use hickory_resolver::net::{DnsError, NoRecords};
    use hickory_resolver::proto::op::{Query, ResponseCode};
    use hickory_resolver::proto::rr::rdata::{A, CNAME, MX};
    use hickory_resolver::proto::rr::{Record, RecordType};

    fn name(text: &str) -> Name {
        Name::from_ascii(text).expect("a name")
    }

    fn query() -> Query {
        Query::query(name("acme.by."), RecordType::MX)
    }

    fn said(records: Vec<RData>) -> Said {
        let records = records.into_iter().map(|data| Record::from_rdata(name("acme.by."), 60, data));
        read(&Ok(Lookup::new_with_max_ttl(query(), records)))
    }

    #[test]
    fn a_mail_server_or_an_address_is_somewhere_to_deliver_to() {
        let (real, null) = (RData::MX(MX::new(10, name("mx.acme.by."))), RData::MX(MX::new(0, Name::root())));
        assert_eq!(said(vec![real.clone()]), Said::Yes);
        assert_eq!(said(vec![RData::A(A::new(192, 0, 2, 1))]), Said::Yes);
        assert_eq!(said(vec![null.clone()]), Said::No);
        assert_eq!(said(vec![null, real]), Said::Yes);
        assert_eq!(said(vec![RData::CNAME(CNAME(name("acme.example.")))]), Said::Nothing);
        assert_eq!(said(Vec::new()), Said::Nothing);
    }

    #[test]
    fn only_a_clear_no_is_a_no() {
        let nothing = |code| read(&Err(NoRecords::new(query(), code).into()));
        assert_eq!(nothing(ResponseCode::NXDomain), Said::No);
        assert_eq!(nothing(ResponseCode::NoError), Said::Nothing);
        let servers_own = |code| read(&Err(NetError::Dns(DnsError::ResponseCode(code))));
        assert_eq!(servers_own(ResponseCode::ServFail), Said::Unclear);
        assert_eq!(servers_own(ResponseCode::Refused), Said::Unclear);
        for error in [NetError::Timeout, NetError::NoConnections, NetError::Busy] {
            assert_eq!(read(&Err(error)), Said::Unclear);
        }
    }

    #[test]
    fn an_ending_that_nobody_has_is_known_without_asking() {
        for real in [
            "acme.by",
            "acme.COM",
            "school.museum",
            "post.example",
            "mail.corp.local",
            "xn--e1afmkfd.xn--p1ai",
            "a.zip",
        ] {
            assert!(!ends_nowhere(real), "{real}");
        }
        for unreal in ["acme.conm", "acme.comm", "gmail.con", "acme.xn--80akhbyknj4f", "acme.123"] {
            assert!(ends_nowhere(unreal), "{unreal}");
        }
    }

    #[test]
    fn answers_are_forgotten_in_time_and_never_too_many() {
        let clock = Clock::default();
        let domains = MailDomains::new(None, clock.clone());
        domains.remember("gone.example".into(), DnsAnswer::CannotReceive);
        domains.remember("quiet.example".into(), DnsAnswer::Unclear);
        clock.advance(Duration::minutes(2));
        assert_eq!(domains.remembered("gone.example"), Some(DnsAnswer::CannotReceive));
        assert_eq!(domains.remembered("quiet.example"), None);
        for n in 0..MOST_KNOWN {
            domains.remember(format!("{n}.example"), DnsAnswer::Receives);
        }
        assert_eq!(domains.known().len(), MOST_KNOWN);
        assert_eq!(domains.remembered("gone.example"), None, "the oldest goes first");
        clock.advance(GOOD_FOR);
        assert_eq!(domains.remembered("0.example"), None);
    }
}
