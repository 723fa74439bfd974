//! Notices addresses that are probably not what was meant: slips in a provider's domain, and people who look like
//! somebody already known (rules 8–10). It must not block, replace or look anything up: it only suggests.

mod endings;
mod likeness;
#[cfg(test)]
mod measured;
mod providers;
mod slips;
mod world;

use std::cmp::{Ordering, Reverse};

use serde::{Deserialize, Serialize};
use strsim::osa_distance;

use self::slips::SlipKind;
use self::world::Renown;
use super::contact::{Email, in_letters, is_cyrillic, latin_twin};

pub use endings::is_real as is_real_ending;
pub use likeness::{Likeness, likeness_keys, look_alike, skeleton};

/// A domain that was probably meant instead of the typed one. Offered, never applied unasked (rule 9).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DomainSuggestion {
    /// The domain that was probably meant.
    pub domain: String,
    /// What is odd about the typed one.
    pub reason: SuggestionReason,
}

/// What is odd about a typed domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum SuggestionReason {
    /// A comma, semicolon or underscore stands where a known domain has a dot or hyphen: `acme,com`.
    Separator,
    /// The provider exists, but not with this ending: `gmail.ru`.
    ProviderEnding,
    /// A keystroke or two from a known domain: `gmial.com`.
    Misspelt,
    /// No such ending is known, and a common one is a keystroke away: `acme.con`.
    Ending,
}

/// The domain that was probably meant, or `None` when the typed one looks right (rules 8, 9).
///
/// `typed` is what stands after the `@`, as typed; `own` are the organisation's domains and those of its active users.
/// The rule was measured with real addresses:
/// 1. a known domain never warns;
/// 2. an ending that stands twice (`mail.ru.ru`), or was typed in the other alphabet (`mail.ру`, `mail.кг`); all of it on the other
///    keyboard (`пьфшд.com`); something before or behind a known domain (`www.gmail.com`, `gmail.com.by`);
/// 3. the first label is a brand's, the ending is not: the nearest of its own endings;
/// 4. a known domain one keystroke away, the likeliest slip first. One real ending is never turned into another here:
///    `acme.dev` is not `acme.de`; and names so short that others have their neighbours are left alone, one's own among them
///    (`bsu.by`, `gsu.by`);
/// 5. the first label is one that others use for mail as well (`mail`, `online`), and the ending is unknown;
/// 6. two keystrokes from a great provider of 9 letters or more, or an own name of 8, with the same first letter or an unknown
///    ending;
/// 7. an unknown ending with a common one at distance 1. We carry all country codes but not the whole IANA list, so an
///    unknown ending alone is no reason to warn;
/// 8. otherwise silent: the MX look-up decides.
pub fn suggest(typed: &str, own: &[String]) -> Option<DomainSuggestion> {
    let typed = typed.trim().to_lowercase();
    if typed.len() > 253 {
        return None;
    }
    let domain = typed.replace([',', ';'], ".").replace('_', "-");
    let suggestion = |domain: String, reason| Some(DomainSuggestion { domain, reason });
    let own: Vec<String> = own.iter().map(|domain| domain.trim().to_lowercase()).collect();
    if own.contains(&domain) || is_known(&domain) || providers::is_neighbour(&domain) {
        return if domain == typed { None } else { suggestion(domain, SuggestionReason::Separator) };
    }
    if let Some(meant) = on_the_other_keyboard(&domain, &own) {
        return suggestion(meant, SuggestionReason::Misspelt);
    }
    let (label, ending) = domain.split_once('.')?;
    let last = domain.rsplit('.').next().unwrap_or(ending);
    if let Some(meant) = in_the_other_alphabet(&domain).or_else(|| without_second_ending(&domain)) {
        return suggestion(meant, SuggestionReason::Ending);
    }
    if let Some(meant) = without_what_hangs_on(&domain, &own) {
        return suggestion(meant, SuggestionReason::Misspelt);
    }
    let is_real = endings::is_real(last);
    let own_ending =
        |is_brand| nearest_own_ending(label, ending, is_real, is_brand).map(|meant| format!("{label}.{meant}"));
    if let Some(meant) = own_ending(true) {
        return suggestion(meant, SuggestionReason::ProviderEnding);
    }
    if let Some(meant) = one_keystroke_away(&domain, &own, is_real) {
        return suggestion(meant, SuggestionReason::Misspelt);
    }
    if let Some(meant) = own_ending(false) {
        return suggestion(meant, SuggestionReason::ProviderEnding);
    }
    if let Some(meant) = two_keystrokes_away(&domain, &own, is_real) {
        return suggestion(meant, SuggestionReason::Misspelt);
    }
    let (before, last) = domain.rsplit_once('.')?;
    let meant = endings::nearest_common(last).filter(|_| !before.is_empty())?;
    suggestion(format!("{before}.{meant}"), SuggestionReason::Ending)
}

/// Whether anybody could have a mailbox there, as far as we know.
fn is_known(domain: &str) -> bool {
    providers::is_public(domain) || world::is_listed(domain)
}

/// The keys of a Russian keyboard, and what they write on a Latin one.
const KEYS: [(&str, &str); 3] = [("йцукенгшщз", "qwertyuiop"), ("фывапролд", "asdfghjkl"), ("ячсмитьбю", "zxcvbnm,.")];

/// Step 2: `пьфшд.com` and `пьфшдюсщь`, all of a known domain on the other keyboard.
fn on_the_other_keyboard(domain: &str, own: &[String]) -> Option<String> {
    let written = in_letters(&format!("a@{domain}"));
    let (_, written) = written.split_once('@')?;
    if !written.chars().any(is_cyrillic) {
        return None;
    }
    let key = |letter: char| {
        if letter.is_ascii() {
            return Some(letter);
        }
        KEYS.iter().find_map(|(from, to)| to.chars().nth(from.chars().position(|key| key == letter)?))
    };
    let meant: String = written.chars().map(key).collect::<Option<_>>()?;
    (is_known(&meant) || own.contains(&meant)).then_some(meant)
}

/// Step 2: `www.gmail.com`; `gmail.com.by`, and `yandex.com.ru`, where the provider has the last ending itself.
fn without_what_hangs_on(domain: &str, own: &[String]) -> Option<String> {
    if let Some(rest) = domain.strip_prefix("www.") {
        return (is_known(rest) || own.iter().any(|own| own == rest)).then(|| rest.to_owned());
    }
    let (before, last) = domain.rsplit_once('.')?;
    let (label, ending) = before.split_once('.')?;
    let provider = providers::PROVIDERS.iter().find(|provider| provider.label == label && provider.is_brand)?;
    if !provider.endings().any(|own| own == ending) || !endings::is_real(last) {
        return None;
    }
    let has_last = ending == "com" && provider.endings().any(|own| own == last);
    Some(if has_last { format!("{label}.{last}") } else { before.to_owned() })
}

/// Step 2: `mail.ру` and `mail.кг`, where nobody changed the keyboard back.
fn in_the_other_alphabet(domain: &str) -> Option<String> {
    const SOUNDS: (&str, &str) = ("абвгдезиклмнопрстуфы", "abvgdeziklmnoprstufy");
    let written = in_letters(&format!("a@{domain}"));
    let (_, domain) = written.split_once('@')?;
    let (before, ending) = domain.rsplit_once('.')?;
    if !before.is_ascii() || !ending.chars().any(is_cyrillic) || REAL_CYRILLIC.contains(&ending) {
        return None;
    }
    let by = |from: &str, to: &str, letter: char| {
        from.chars().position(|key| key == letter).and_then(|at| to.chars().nth(at))
    };
    let by_key = |letter: char| KEYS.iter().find_map(|(from, to)| by(from, to, letter));
    let by_sound = |letter: char| by(SOUNDS.0, SOUNDS.1, letter);
    let read = |each: &dyn Fn(char) -> Option<char>| {
        let letters: Option<String> =
            ending.chars().map(|letter| if letter.is_ascii() { Some(letter) } else { each(letter) }).collect();
        letters.filter(|ending| endings::is_real(ending)).map(|ending| format!("{before}.{ending}"))
    };
    let by_look = |letter: char| latin_twin(letter).or_else(|| by_sound(letter));
    let readings: Vec<String> = [read(&by_sound), read(&by_key), read(&by_look)].into_iter().flatten().collect();
    let great = readings.iter().find(|reading| providers::is_great(reading));
    let known = great.or_else(|| readings.iter().find(|reading| is_known(reading)));
    known.or_else(|| readings.iter().find(|reading| endings::is_common(reading))).or(readings.first()).cloned()
}

/// Endings in Cyrillic that exist.
const REAL_CYRILLIC: [&str; 17] = [
    "рф",
    "бел",
    "укр",
    "қаз",
    "срб",
    "мкд",
    "мон",
    "бг",
    "ею",
    "рус",
    "москва",
    "дети",
    "онлайн",
    "сайт",
    "орг",
    "ком",
    "католик",
];

/// Step 2: `mail.ru.ru`.
fn without_second_ending(domain: &str) -> Option<String> {
    let (before, last) = domain.rsplit_once('.')?;
    let (_, ending) = before.split_once('.')?;
    (ending == last && is_known(before)).then(|| before.to_owned())
}

/// Steps 3 and 5: the nearest of a provider's own endings, for a first label that is a provider's.
fn nearest_own_ending(label: &str, ending: &str, is_real: bool, is_brand: bool) -> Option<&'static str> {
    let is_this = |provider: &&providers::Provider| provider.label == label && provider.is_brand == is_brand;
    let provider = providers::PROVIDERS.iter().find(is_this)?;
    // Of equally near ones the likeliest slip, then the first on the list.
    let nearest = provider.endings().min_by_key(|own| (osa_distance(own, ending), slips::slip(own, ending).0))?;
    let distance = osa_distance(nearest, ending);
    // A country that the provider does not know is one of the others' as little: `outlook.ru` is not `outlook.eu`.
    let is_country = is_real && ending.len() == 2 && nearest.len() == 2;
    if is_country && slips::slip(nearest, ending).0 != SlipKind::Rhythm && provider.is_brand {
        return provider.endings().next();
    }
    // `mail.acme.com` is a host of Acme's, not a slip in an ending.
    let is_host = ending.contains('.') && distance > 1;
    if is_host || (is_real && !provider.is_brand) {
        return None;
    }
    // Too far from all of them to tell: the likeliest one.
    if distance > 1 { provider.endings().next() } else { Some(nearest) }
}

/// Step 4: the known domain from which one keystroke leads to the typed one; the likeliest of several.
fn one_keystroke_away(domain: &str, own: &[String], is_real: bool) -> Option<String> {
    let near = world::near(domain).into_iter().filter(|(renown, known)| may_be_meant(*renown, known, domain, is_real));
    let near = near.map(|(renown, known)| (renown, known.to_owned()));
    let own = own.iter().filter(|known| {
        let is_real = is_real || same_ending(known, domain);
        known.len() >= 6
            && osa_distance(known, domain) == 1
            && (!is_real || (!differ_by_ending(known, domain) && is_slip_in_a_name(known, domain)))
    });
    let all = near.chain(own.map(|known| (Renown::GREAT, known.clone())));
    let rank = |(renown, known): &(Renown, String)| {
        let (kind, at) = slips::slip(known, domain);
        (kind, at, *renown, !same_ending(known, domain))
    };
    all.min_by_key(rank).map(|(_, known)| known)
}

/// Whether one keystroke in the name of a domain is a slip, or makes the name of another house: short names have many neighbours.
fn is_slip_in_a_name(known: &str, typed: &str) -> bool {
    let (known, typed) = changed_labels(known, typed);
    let (length, typed_length) = (known.chars().count(), typed.chars().count());
    let (kind, Reverse(is_later)) = slips::slip(&known, &typed);
    match (kind, typed_length.cmp(&length)) {
        _ if length > 5 => true,
        (SlipKind::Rhythm, Ordering::Equal | Ordering::Greater) => true,
        (SlipKind::Key, Ordering::Equal) => length >= 4 && is_later > 0,
        (_, Ordering::Less) => length >= 5 && is_later > 0,
        _ => false,
    }
}

/// The parts of two domains in which they differ: one label, or all before the ending.
fn changed_labels(one: &str, other: &str) -> (String, String) {
    let (labels, others): (Vec<&str>, Vec<&str>) = (one.split('.').collect(), other.split('.').collect());
    let mut differing = labels.iter().zip(&others).filter(|(one, other)| one != other);
    if let (true, Some((one, other)), None) = (labels.len() == others.len(), differing.next(), differing.next()) {
        return ((*one).to_owned(), (*other).to_owned());
    }
    let before = |domain: &str| domain.rsplit_once('.').map_or(domain, |(before, _)| before).to_owned();
    (before(one), before(other))
}

/// Whether a slip leads from a known domain to a typed one more often than somebody has that one.
fn may_be_meant(renown: Renown, known: &str, typed: &str, is_real: bool) -> bool {
    let (Some((label, ending)), Some((typed_label, _))) = (known.split_once('.'), typed.split_once('.')) else {
        return false;
    };
    let is_generic = matches!(ending, "com" | "net" | "org" | "io" | "me" | "eu");
    let has_digits = |text: &str| text.bytes().any(|byte| byte.is_ascii_digit());
    let (kind, Reverse(is_later)) = slips::slip(known, typed);
    let length = label.chars().count();
    // `uol.cm.br`: within an ending of two parts.
    if label == typed_label && ending.contains('.') && same_ending(known, typed) {
        return true;
    }
    if is_real && differ_by_ending(known, typed) {
        // Nobody's mail is there, but half of `com` or `net` is.
        let is_half =
            matches!((ending, typed.rsplit('.').next()), ("com", Some("cm" | "om")) | ("net", Some("ne" | "et")));
        return if renown.is_lesser { !renown.is_plain && length >= 6 } else { is_half };
    }
    if !is_real {
        return length >= 2 && (typed.len() >= 5 || !renown.is_lesser);
    }
    if length <= 4 && has_digits(typed_label) && !has_digits(label) {
        return false;
    }
    // A letter twice that nobody else has twice: `wpp.pl`, `qqq.com`, `1633.com`.
    let is_doubled = kind == SlipKind::Rhythm && typed.len() > known.len() && typed_label != label;
    let is_one_letter = label.chars().all(|letter| label.starts_with(letter));
    let is_number = label.bytes().all(|byte| byte.is_ascii_digit());
    if is_doubled && ((length == 2 && (is_one_letter || !is_generic)) || is_number) {
        return true;
    }
    match (renown.is_lesser, renown.is_plain) {
        (false, _) if is_generic && length <= 2 => false,
        (false, _) => known.len() >= 6 && (!is_generic || length > 3 || kind != SlipKind::Other),
        (true, false) if is_generic => {
            length >= 6 || (length >= 4 && (kind != SlipKind::Other || is_later > 0 && length == 5))
        }
        (true, false) => length >= 4 || (length == 3 && kind != SlipKind::Other),
        (true, true) if is_generic => length >= 7 || (length >= 6 && kind != SlipKind::Other && is_later > 0),
        (true, true) => {
            length >= 6 || (length >= 4 && kind != SlipKind::Other) || (length == 3 && kind == SlipKind::Rhythm)
        }
    }
}

/// Whether two domains are the same but for what stands behind the last dot.
fn differ_by_ending(one: &str, other: &str) -> bool {
    let before = |domain: &str| domain.rsplit_once('.').map(|(before, _)| before.to_owned());
    before(one) == before(other)
}

fn same_ending(one: &str, other: &str) -> bool {
    one.rsplit('.').next() == other.rsplit('.').next()
}

/// Step 6: the nearest great provider, or domain of one's own, two keystrokes away.
fn two_keystrokes_away(domain: &str, own: &[String], is_real: bool) -> Option<String> {
    let name_of = |known: &str| changed_labels(known, domain).0.chars().count();
    let is_near = |known: &&str| {
        let length = known.chars().count();
        let is_real = is_real || same_ending(known, domain);
        length >= 9
            // Two letters gone from a short name leave another word: `posteo.ch`, `post.ch`.
            && (length.abs_diff(domain.chars().count()) < 2 || name_of(known) >= 8)
            && length.abs_diff(domain.chars().count()) <= 2
            && (known.chars().next() == domain.chars().next() || !is_real)
            && !(is_real && differ_by_ending(known, domain))
            && osa_distance(known, domain) == 2
    };
    let nearest = |known: &mut dyn Iterator<Item = &str>| {
        known.filter(is_near).min_by_key(|known| !same_ending(known, domain)).map(str::to_owned)
    };
    nearest(&mut own.iter().map(String::as_str).filter(|known| name_of(known) >= 8))
        .or_else(|| nearest(&mut providers::known_domains()))
}

/// The domain of somebody's own address, unless anybody can have one there.
pub fn own_domain(address: &str) -> Option<String> {
    let email = Email::parse(address).ok()?;
    Some(email.domain().to_string()).filter(|domain| !is_public_provider(domain))
}

/// Is this the domain of a public mail provider, where anybody may have a mailbox?
pub fn is_public_provider(domain: &str) -> bool {
    is_known(domain)
}

/// Is this one of the providers that a slip is mended to?
pub fn is_great_provider(domain: &str) -> bool {
    providers::is_great(domain)
}

/// The provider's domain that was meant where no dot was typed: `gmail` or `mailru`, or the key of one in the other alphabet.
pub fn provider_without_dot(domain: &str) -> Option<String> {
    let domain = domain.to_lowercase();
    let provider_of = |provider: &providers::Provider| {
        let rest = domain.strip_prefix(provider.label)?;
        let squashed = |ending: &&str| ending.bytes().filter(|byte| *byte != b'.').eq(rest.bytes());
        let ending = if rest.is_empty() && provider.is_brand {
            provider.endings().next()
        } else {
            provider.endings().find(squashed)
        };
        ending.map(|ending| format!("{}.{ending}", provider.label))
    };
    let known = || world::without_dot(&domain).map(str::to_owned);
    let provider = providers::PROVIDERS.iter().find_map(provider_of);
    provider.or_else(known).or_else(|| on_the_other_keyboard(&domain, &[]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn own() -> Vec<String> {
        vec!["acme-school.by".to_owned(), "Acme.BY".to_owned()]
    }

    fn meant(typed: &str) -> Option<String> {
        suggest(typed, &own()).map(|suggestion| suggestion.domain)
    }

    const REAL: &str = "
        gmail.com googlemail.com mail.ru list.ru bk.ru inbox.ru internet.ru yandex.ru yandex.by yandex.kz ya.ru
        rambler.ru lenta.ru tut.by mail.by open.by ukr.net i.ua meta.ua bigmir.net yahoo.com yahoo.co.uk yahoo.co.jp
        yahoo.com.br yahoo.de hotmail.com hotmail.it hotmail.co.uk outlook.com outlook.de outlook.com.tr live.com
        live.nl live.co.uk msn.com icloud.com me.com mac.com aol.com gmx.de gmx.net gmx.at web.de t-online.de freenet.de
        protonmail.com proton.me pm.me fastmail.fm hey.com acme.dev clerk.dev acme.de acme.io acme.co acme.by
        acme-school.by acme-school.ru students.acme.by mail.acme.com mail.bg email.com ymail.com line.com life.ru
        aon.com grail.com sky.com q.com qq.com 163.com naver.com wp.pl o2.pl onet.pl seznam.cz libero.it orange.fr
        free.fr laposte.net abv.bg delfi.lv github.com google.com microsoft.com mozilla.org debian.org kernel.org
        redhat.com
        suse.de intel.com amd.com ibm.com sap.com siemens.com uni-bonn.de tum.de bsu.by bsuir.by msu.ru itmo.ru kaznu.kz
        knu.ua cam.ac.uk mit.edu who.int acme.museum acme.school acme.team acme.agency acme.xyz acme.cam acme.cm
        box.localdomain host.internal xn--80a1acny.xn--p1ai user.noreply.github.com proton.com maps.com meta.com";

    #[test]
    fn a_real_domain_never_warns() {
        assert!(REAL.split_whitespace().count() >= 100);
        for domain in REAL.split_whitespace() {
            assert_eq!(meant(domain), None, "{domain}");
        }
    }

    #[test]
    fn a_slip_is_mended() {
        let slips = "
            gmial.com=gmail.com gmai.com=gmail.com gmil.com=gmail.com gmaill.com=gmail.com gamil.com=gmail.com
            gnail.com=gmail.com hmail.com=gmail.com gmail.con=gmail.com gmail.co=gmail.com gmail.cm=gmail.com
            gmail.ru=gmail.com gmail.by=gmail.com gmail.de=gmail.com gmail.comm=gmail.com ggmail.com=gmail.com
            gmali.com=gmail.com gmaul.com=gmail.com gmaio.com=gmail.com gimail.com=gmail.com
            maill.ru=mail.ru mial.ru=mail.ru mal.ru=mail.ru mail.ri=mail.ru mail.ry=mail.ru
            maul.ru=mail.ru
            yandx.ru=yandex.ru yadnex.ru=yandex.ru yande.ru=yandex.ru yandex.rru=yandex.ru yandeks.ru=yandex.ru
            yandx.by=yandex.by jandex.ru=yandex.ru yandex.bu=yandex.by yndex.kz=yandex.kz
            ramler.ru=rambler.ru rambler.rru=rambler.ru ramblr.ru=rambler.ru
            lisst.ru=list.ru inbix.ru=inbox.ru list.rru=list.ru bk.rru=bk.ru tut.bu=tut.by tutt.by=tut.by
            gail.com=gmail.com
            yaho.com=yahoo.com yahooo.com=yahoo.com yhaoo.com=yahoo.com yahoo.con=yahoo.com yahoo.co.u=yahoo.co.uk
            hotmial.com=hotmail.com hotmai.com=hotmail.com hotmail.cmo=hotmail.com homail.com=hotmail.com
            hotmil.de=hotmail.de outlok.com=outlook.com outloook.com=outlook.com outlook.con=outlook.com
            otlook.com=outlook.com iclod.com=icloud.com icloud.co=icloud.com iclould.com=icloud.com
            protonmai.com=protonmail.com gmx.dee=gmx.de gmx.bet=gmx.net t-onlin.de=t-online.de frenet.de=freenet.de
            acme-scholl.by=acme-school.by acme-shcool.by=acme-school.by acme_school.by=acme-school.by
            acme-school.bu=acme-school.by acne.by=acme.by acme,by=acme.by GMIAL.COM=gmail.com
            firma.con=firma.com firma.cmo=firma.com firma.nett=firma.net firma.orgg=firma.org firma.rru=firma.ru";
        assert!(slips.split_whitespace().count() >= 70);
        for (typed, expected) in slips.split_whitespace().filter_map(|slip| slip.split_once('=')) {
            assert_eq!(meant(typed).as_deref(), Some(expected), "{typed}");
        }
    }

    #[test]
    fn a_short_name_of_ones_own_leaves_its_neighbours_alone() {
        let asked = |own: &str, typed: &str| suggest(typed, &[own.to_owned()]).map(|suggestion| suggestion.domain);
        for (own, real) in [
            (
                "bsu.by",
                "brsu.by gsu.by vsu.by psu.by bru.by bsmu.by bspu.by msu.by bsut.by bsuir.by grsu.by barsu.by bseu.by",
            ),
            ("bsmu.by", "bspu.by bsu.by grsmu.by bseu.by vsmu.by bstu.by"),
            ("msu.ru", "mpsu.ru spsu.ru vsu.ru tsu.ru ssu.ru psu.ru"),
            ("acme.example", "amt.example home.example ace.example acre.example game.example acmes.example"),
            ("acme.by", "ace.by acre.by ame.by lcme.by asme.by acfe.by"),
            ("tum.de", "tu.de lum.de dum.de tui.de tim.de"),
            ("mail.bsu.by", "mail.gsu.by mail.vsu.by mail.bru.by"),
        ] {
            for real in real.split_whitespace() {
                assert_eq!(asked(own, real), None, "{own} {real}");
            }
        }
        for (own, slips) in [
            ("bsu.by", "bus.by bssu.by bsuu.by bsu.bu bsu.vy sbu.by www.bsu.by"),
            ("acme.by", "acne.by amce.by accme.by acme.bu"),
            ("acme.example", "acmme.example acem.example acne.example"),
            ("bsuir.by", "bsui.by busir.by bsuiir.by bsir.by"),
            ("acme-school.by", "acme-scholl.by acmeschool.by acme-shool.by acm-schol.by"),
            ("mail.bsu.by", "mail.bus.by mail.bssu.by"),
        ] {
            for slip in slips.split_whitespace() {
                assert_eq!(asked(own, slip).as_deref(), Some(own), "{own} {slip}");
            }
        }
    }

    #[test]
    fn what_hangs_on_a_provider_and_other_odd_slips_are_mended() {
        let slips = "
            www.gmail.com=gmail.com www.mail.ru=mail.ru www.acme.by=acme.by gmail.com.by=gmail.com gmail.com.ru=gmail.com
            yandex.com.ru=yandex.ru yahoo.com.de=yahoo.de hotmail.com.fr=hotmail.fr gmx.de.com=gmx.de icloud.com.kz=icloud.com
            пьфшд.com=gmail.com пьфшдюсщь=gmail.com ьфшд.ru=mail.ru нфтвучюкг=yandex.ru ызфтвучюкг=
            outlook.ru=outlook.com hotmail.ru=hotmail.com yahoo.ru=yahoo.com hotmail.by=hotmail.com yandex.pk=yandex.ru
            outlook.cm=outlook.com hotmail.co=hotmail.com";
        for (typed, expected) in slips.split_whitespace().filter_map(|slip| slip.split_once('=')) {
            assert_eq!(meant(typed).as_deref().unwrap_or_default(), expected, "{typed}");
        }
        let on_the_server = "wpp.pl=wp.pl qqq.com=qq.com 1633.com=163.com 1266.com=126.com o22.pl=o2.pl";
        for (typed, expected) in on_the_server.split_whitespace().filter_map(|slip| slip.split_once('=')) {
            assert_eq!(meant(typed).as_deref(), Some(expected), "{typed}");
        }
        for real in
            "post.ch post.at post.de post.org www.firma.by mail.gmx.net www.com pw.pl школа.бел почта.рф мойдом.рф"
                .split_whitespace()
        {
            assert_eq!(meant(real), None, "{real}");
        }
    }

    #[test]
    fn the_reason_is_named() {
        use SuggestionReason::*;
        for (typed, reason) in
            [("gmail,com", Separator), ("gmail.ru", ProviderEnding), ("gmial.com", Misspelt), ("firma.con", Ending)]
        {
            assert_eq!(suggest(typed, &[]).map(|suggestion| suggestion.reason), Some(reason), "{typed}");
        }
    }

    #[test]
    fn a_missing_dot_is_put_back_for_providers_only() {
        assert_eq!(provider_without_dot("gmail").as_deref(), Some("gmail.com"));
        assert_eq!(provider_without_dot("mailru").as_deref(), Some("mail.ru"));
        assert_eq!(provider_without_dot("пьфшдюсщь").as_deref(), Some("gmail.com"));
        assert_eq!(provider_without_dot("acme"), None);
        assert_eq!(provider_without_dot("mail"), None);
    }

    /// Every domain that one keystroke makes of another: a letter lost, doubled, or swapped with the next.
    fn slips_of(domain: &str) -> Vec<String> {
        let mut slips = Vec::new();
        for at in 0..domain.len() {
            let (before, after) = domain.split_at(at);
            slips.push(format!("{before}{}", &after[1..]));
            slips.push(format!("{before}{}{after}", &after[..1]));
            if after.len() > 1 {
                slips.push(format!("{before}{}{}{}", &after[1..2], &after[..1], &after[2..]));
            }
        }
        slips.retain(|slip| slip != domain && slip.matches('.').count() == 1 && !slip.starts_with('.'));
        slips
    }

    #[test]
    fn nearly_every_single_slip_in_a_great_provider_is_mended_to_it() {
        let (mut all, mut right) = (0, 0);
        for domain in [
            "gmail.com",
            "yandex.ru",
            "yandex.by",
            "rambler.ru",
            "hotmail.com",
            "outlook.com",
            "icloud.com",
            "yahoo.com",
            "t-online.de",
            "protonmail.com",
            "mail.ru",
            "freenet.de",
        ] {
            for slip in slips_of(domain) {
                all += 1;
                match meant(&slip) {
                    Some(mended) if mended == domain => right += 1,
                    other => println!("{slip}: {other:?} instead of {domain}"),
                }
            }
        }
        assert!(right * 100 >= all * 95, "{right} of {all}");
    }

    proptest! {
        #[test]
        fn any_text_is_judged_without_panic(
            typed in "\\PC{0,30}", own in proptest::collection::vec("\\PC{0,12}", 0..3)
        ) {
            if let Some(suggestion) = suggest(&typed, &own) {
                prop_assert_ne!(suggestion.domain, typed.trim().to_lowercase());
            }
            let _ = provider_without_dot(&typed);
        }

        #[test]
        fn a_suggestion_is_never_suggested_away(typed in "[a-z]{1,8}[.,_][a-z]{1,4}") {
            if let Some(first) = suggest(&typed, &own()) {
                prop_assert_eq!(suggest(&first.domain, &own()).filter(|again| again.domain == typed), None);
            }
        }
    }
}
