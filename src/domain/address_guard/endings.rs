//! Endings of domain names: which are real, and which are common enough to be what a typo meant.
//! It must not grow into a copy of the IANA list: see `is_real`.

/// All country codes that IANA delegates, and `eu`, `su`, `uk`, `ac`.
const COUNTRIES: &str = "
    ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bv bw by bz
    ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et eu fi fj fk fm fo fr
    ga gb gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it
    je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp
    mq mr ms mt mu mv mw mx my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py
    qa re ro rs ru rw sa sb sc sd se sg sh si sj sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn
    to tr tt tv tw tz ua ug uk us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw";

/// Generic endings: every one of three letters that could be taken for a slip in `com`, `net`, `org`, and the
/// longer ones in wide use.
const GENERIC: &str = "
    com net org edu gov mil int arpa info biz name pro aero asia cat coop jobs mobi museum post tel travel xxx
    aaa abb abc aco ads aeg afl aig anz aol app art aws axa bar bbc bbt bcg bcn bet bid bio bms bmw bom boo bot box buy
    bzh cab cal cam car cba cbn ceo cfa cfd cpa crs dad day dds dev dhl diy dnp dog dot dtv dvr eat eco esq eus fan fit
    fly foo fox frl ftr fun fyi gal gap gay gdn gea gle gmo gmx goo gop got hbo hiv hot how ibm ice icu ifm inc ing ink
    ist itv jcb jcp jio jll jmp jnj jot joy kfh kia kim kpn krd lat law lds llc llp lol lpl ltd man map mba med men
    mit mlb mls mma moe moi mom mov msd mtn mtr nab nba nec new nfl ngo nhk now nra nrw ntt nyc obi one ong onl ooo ott
    ovh pay pet phd pid pin pnc pru pub pwc red ren ril rio rip run rwe sap sas sbi sbs sca scb ses sew sex sfr ski sky
    soy spa srl stc tab tax tci tdk thd tjx top trv tui tvs ubs uno uol ups vet vig vin vip wed win wme wow wtc wtf xin
    xyz you yun zip
    academy agency apple audio auto bank beauty beer berlin bike blog blue brussels build business cafe camp capital
    care career cash center chat church city clinic cloud club coach codes coffee college community company computer
    consulting cool courses credit dance data date dating deals delivery dental design digital direct doctor domains
    download earth education email energy engineering enterprises estate events exchange expert express family farm
    fashion film finance fitness flights football forum foundation fund gallery games garden gift global gmbh gold golf
    google graphics green group guide guru hamburg haus health help holdings homes hospital host hotel house immo
    industries institute international investments irish jetzt kaufen kitchen koeln legal lgbt life limited link live
    loan london love management market marketing mail media melbourne miami microsoft moda money moscow movie music
    network news ninja observer online orange paris parts partners party pharmacy photo photography pics pictures pizza
    place plus poker press productions properties pub quebec racing recipes repair report rest restaurant review
    reviews rocks ruhr sale salon saarland school schule science security services shoes shop show site social
    software solutions space sport store stream studio style support surf swiss sydney systems taxi team tech
    technology theater tienda tips tirol today tokyo tools tours town toys trade training tube university vegas
    ventures versicherung video villas vision voyage watch website wedding wien wiki wine work works world yandex yoga
    zone tatar google dentist engineer law lawyer attorney accountant";

/// What a typo in an ending is likely to have meant, the likeliest first.
const COMMON: &str = "com ru by net org de kz ua eu info pl lt lv ee fr it es nl ch at uk io biz online";

/// Is the ending (one label, lower-case) known to exist? All country codes are listed; of the generic endings only
/// the common ones, because the whole IANA list changes weekly and would be stale here. An ending that is not
/// listed is therefore only *unknown*: nothing may warn about it unless a common ending is one keystroke away.
pub fn is_real(ending: &str) -> bool {
    ending.starts_with("xn--")
        || words(COUNTRIES).any(|country| country == ending)
        || words(GENERIC).any(|generic| generic == ending)
}

/// Is the ending of a domain a common one?
pub fn is_common(domain: &str) -> bool {
    domain.rsplit('.').next().is_some_and(|ending| words(COMMON).any(|common| common == ending))
}

/// The common ending that is one keystroke away from an unknown one of two letters or more: the likeliest of those.
pub fn nearest_common(ending: &str) -> Option<&'static str> {
    if is_real(ending) || !(2..=8).contains(&ending.len()) || !ending.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return None;
    }
    words(COMMON)
        .filter(|common| strsim::osa_distance(common, ending) == 1)
        .min_by_key(|common| slip_rank(common, ending))
}

/// How unlikely it is that `typed` was meant to be `meant`, for choosing among several: the distance; of equally near
/// ones letters swapped before a letter changed, and a later letter changed before the first, which is seldom wrong.
pub fn slip_rank(meant: &str, typed: &str) -> (usize, bool, bool) {
    let sorted = |text: &str| {
        let mut letters: Vec<char> = text.chars().collect();
        letters.sort_unstable();
        letters
    };
    let (meant_letters, typed_letters) = (sorted(meant), sorted(typed));
    let first_changed = meant_letters.len() == typed_letters.len() && meant.chars().next() != typed.chars().next();
    (strsim::osa_distance(meant, typed), meant_letters != typed_letters, first_changed)
}

fn words(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.split_ascii_whitespace()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_common_ending_is_real() {
        assert!(words(COMMON).all(is_real));
        assert!(words(COUNTRIES).all(|country| country.len() == 2));
        assert_eq!(words(COUNTRIES).count(), 248);
    }

    #[test]
    fn a_slip_in_an_ending_finds_the_common_one() {
        for (typed, meant) in [
            ("con", "com"),
            ("cmo", "com"),
            ("comm", "com"),
            ("vom", "com"),
            ("nett", "net"),
            ("ney", "net"),
            ("orgg", "org"),
            ("rru", "ru"),
            ("ry", "ru"),
            ("bu", "by"),
            ("ur", "ru"),
            ("onlin", "online"),
        ] {
            assert_eq!(nearest_common(typed), Some(meant), "{typed}");
        }
    }

    #[test]
    fn a_real_or_an_unknown_ending_is_left_alone() {
        for ending in ["com", "co", "cm", "dev", "cam", "localdomain", "internal", "c", "", "xn--p1ai", "zzzzzz", "1"] {
            assert_eq!(nearest_common(ending), None, "{ending}");
        }
    }
}
