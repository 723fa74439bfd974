//! The public mail providers with the endings that they really have, and real domains that look like slips in them.
//! It must not decide anything: it is the table behind `address_guard`.

use std::sync::LazyLock;

/// A provider: the first label of its domains, all the endings that exist, the likeliest first.
pub struct Provider {
    /// The first label, as in **gmail**.com.
    pub label: &'static str,
    /// Its endings, separated by spaces.
    endings: &'static str,
    /// Is the label a brand that nobody else uses for mail? Then `gmail.ru` is surely a mistake, while `mail.bg` and
    /// `online.nl` are real domains of others.
    pub is_brand: bool,
}

impl Provider {
    /// The provider's endings, the likeliest first.
    pub fn endings(&self) -> impl Iterator<Item = &'static str> {
        self.endings.split_ascii_whitespace()
    }
}

const fn brand(label: &'static str, endings: &'static str) -> Provider {
    Provider { label, endings, is_brand: true }
}

const fn plain(label: &'static str, endings: &'static str) -> Provider {
    Provider { label, endings, is_brand: false }
}

/// What a typo may be mended to.
pub const PROVIDERS: &[Provider] = &[
    brand("gmail", "com"),
    plain("mail", "ru com ua de"),
    brand("yandex", "ru by kz com ua uz com.tr com.ge com.am az ee fr kg lt lv md pl tj tm eu co.il"),
    plain("ya", "ru"),
    plain("list", "ru"),
    plain("bk", "ru"),
    plain("inbox", "ru lv lt com eu"),
    plain("internet", "ru"),
    brand("rambler", "ru ua"),
    plain("lenta", "ru"),
    plain("myrambler", "ru"),
    plain("autorambler", "ru"),
    plain("tut", "by"),
    plain("ukr", "net"),
    plain("meta", "ua"),
    brand("bigmir", "net"),
    brand(
        "yahoo",
        "com de fr it es pl ro gr ie nl be se no dk fi pt cz hu at ch ca in cl cn \
         co.uk co.jp co.in co.id co.nz co.kr co.th co.za co.il \
         com.ar com.au com.br com.cn com.co com.hk com.mx com.my com.pe com.ph com.sg com.tr com.tw com.ua \
         com.ve com.vn",
    ),
    brand("ymail", "com"),
    brand("rocketmail", "com"),
    brand(
        "hotmail",
        "com de fr it es nl be ch at se no dk fi ca gr hu cz sk pl ro rs lt lv ee pt cl my sg ph \
         co.uk co.jp co.il co.in co.id co.kr co.nz co.th co.za com.ar com.au com.br com.hk com.mx com.tr com.tw com.vn",
    ),
    brand(
        "outlook",
        "com de fr es it at be cz dk ie hu pt lv sk sa cl in jp kr my ph sg eu ro \
         co.id co.il co.th co.nz com.ar com.au com.br com.gr com.tr com.vn com.pe",
    ),
    plain("live", "com"),
    brand("msn", "com nl"),
    brand("icloud", "com"),
    plain("me", "com"),
    plain("mac", "com"),
    brand("aol", "com de fr it es nl at be co.uk com.ar com.au com.br com.mx"),
    brand("gmx", "de net at ch com org eu info fr es it li biz us co.uk"),
    plain("web", "de"),
    brand("t-online", "de hu"),
    plain("freenet", "de"),
    plain("arcor", "de"),
    plain("posteo", "de net org eu at ch"),
    plain("mailbox", "org"),
    brand("googlemail", "com"),
    brand("protonmail", "com ch"),
    plain("proton", "me"),
    plain("fastmail", "com fm"),
    plain("zoho", "com eu in"),
    plain("hey", "com"),
    plain("tutanota", "com de"),
    plain("tuta", "io com"),
];

/// Public providers that nothing is mended to: smaller ones, and further endings of the great ones, which are so short
/// that they would attract other people's domains.
const FURTHER: &str = "
    mail.by mail.kz mail.ee mail.bg mail.be mail.eu mail.hu mail.rs mail.lv mail.lt mail.ch mail.fr mail.md mail.uz
    email.com email.ua email.de email.it email.cz xmail.ru vk.com ro.ru qip.ru pochta.ru hotbox.ru
    online.ua online.de online.no i.ua 3g.ua ua.fm open.by yandex-team.ru
    live.ru live.de live.fr live.it live.nl live.be live.at live.se live.no live.dk live.fi live.ca live.cn live.ie
    live.in live.jp live.cl live.hk live.my live.ph live.sg live.co.uk live.co.kr live.co.za live.com.ar live.com.au
    live.com.mx live.com.my live.com.pt live.com.sg windowslive.com passport.com
    mailo.com mail.co.uk gmx.tm gmx.name gmx.ie gmx.se gmx.sg gmx.pt gmx.ru
    wp.pl o2.pl onet.pl onet.eu op.pl interia.pl interia.eu gazeta.pl tlen.pl seznam.cz centrum.cz email.cz post.cz
    volny.cz atlas.cz azet.sk zoznam.sk abv.bg dir.bg libero.it virgilio.it tiscali.it alice.it tin.it
    orange.fr free.fr sfr.fr laposte.net wanadoo.fr neuf.fr bbox.fr numericable.fr terra.es telefonica.net sapo.pt
    ziggo.nl kpnmail.nl planet.nl home.nl hetnet.nl xs4all.nl telenet.be skynet.be bluewin.ch hispeed.ch sunrise.ch
    a1.net aon.at chello.at vodafone.de kabelmail.de unitybox.de 1und1.de ewetel.de osnanet.de versatel.de
    telia.com bol.com.br uol.com.br terra.com.br ig.com.br qq.com 163.com 126.com yeah.net sina.com sohu.com foxmail.com
    naver.com daum.net hanmail.net rediffmail.com walla.com walla.co.il comcast.net verizon.net att.net sbcglobal.net
    bellsouth.net cox.net charter.net earthlink.net juno.com q.com shaw.ca rogers.com sympatico.ca videotron.ca
    btinternet.com ntlworld.com virginmedia.com sky.com talktalk.net bigpond.com optusnet.com.au pm.me duck.com
    simplelogin.com hushmail.com runbox.com disroot.org riseup.net mailfence.com pobox.com usa.net
    delfi.lv one.lv hot.ee neti.ee takas.lt zmail.ru yopmail.com";

/// Domains of other organisations, one or two keystrokes from a provider's: real, so that they never warn.
const NEIGHBOURS: &str = "
    grail.com gmat.com aon.com line.com life.com love.com five.com hive.com olive.com like.com lime.com give.com
    dive.com
    gmd.de mailoo.org bgnett.no yemail.de fre.fr ganil.com
    4me.com se.com cloud.com zozo.com post.at post.de post.ch mai.ru tata.com gm.com gma.com gmc.com gmb.com gme.com all.com apl.com acl.com
    adl.com al.com ao.com ms.com mn.com msc.com mcn.com man.com msi.com mst.com psn.com isn.com mea.com mex.com ime.com mc.com
    ac.com mack.com mak.com mag.com mae.com mace.com mbc.com ecloud.com icould.com soho.com yahoo-inc.com hotmail.org maily.ru
    last.ru lis.ru fist.ru mist.ru lint.ru renta.ru lent.ru arco.de mall.de mais.de  beta.ua tuta.me ymail.ru gmx.co
    proto.me protons.me unbox.com abc.bg sia.no one.no op.no vg.no dip.pl up.pl ep.pl go.pl int.pl iol.com sol.it tim.it blue.it
    max.com mic.com map.com mar.com we.com my.com mx.com soho.com zoo.com zoom.com nail.com rail.com tail.com sail.com
    key.com they.com hay.com main.ru lift.ru line.ru life.ru love.ru wer.de weg.de max.de man.de maid.de";

/// Is this the domain of a public provider, with a mailbox for anybody?
pub fn is_public(domain: &str) -> bool {
    is_great(domain) || is_in(FURTHER, domain)
}

/// Is this another organisation's domain that only looks like a slip in a provider's?
pub fn is_neighbour(domain: &str) -> bool {
    is_in(NEIGHBOURS, domain)
}

fn is_in(list: &str, domain: &str) -> bool {
    list.split_ascii_whitespace().any(|listed| listed == domain)
}

/// All the domains of the providers that a typo may be mended to.
pub fn known_domains() -> impl Iterator<Item = &'static str> {
    DOMAINS.iter().map(String::as_str)
}

static DOMAINS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let of = |provider: &'static Provider| provider.endings().map(|ending| format!("{}.{ending}", provider.label));
    PROVIDERS.iter().flat_map(of).collect()
});

/// Is this one of them?
pub fn is_great(domain: &str) -> bool {
    let is_listed = |(label, ending): (&str, &str)| {
        PROVIDERS.iter().any(|provider| provider.label == label && provider.endings().any(|known| known == ending))
    };
    domain.split_once('.').is_some_and(is_listed)
}

#[cfg(test)]
mod tests {
    use super::super::endings;
    use super::*;

    #[test]
    fn every_ending_of_a_provider_is_real_and_no_label_stands_twice() {
        for provider in PROVIDERS {
            assert!(provider.endings().next().is_some());
            assert!(provider.endings().all(|ending| ending.rsplit('.').next().is_some_and(endings::is_real)));
            assert_eq!(PROVIDERS.iter().filter(|other| other.label == provider.label).count(), 1);
        }
    }
}
