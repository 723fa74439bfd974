//! Whether a password is easy to guess, at a cost that no password can raise (H-02): the estimate looks at a bounded part of
//! each of its readings (Cyrillic and Latin are one keyboard to whoever guesses), and the weakest of them counts.

use crate::domain::password::FLOOR;
use crate::domain::password::readings::{folded, readings, readings_of_word};
use secrecy::zeroize::Zeroizing;
use std::collections::BTreeSet;
use std::sync::LazyLock;
use zxcvbn::Score;

/// How many characters of a password are looked at, from its beginning; what comes after can only make it stronger.
const LONGEST_LOOK: usize = 40;

/// The estimate tries every combination of the letters that signs may be put for (`@` for a, `1` for i or l), over every
/// part of a text: so many combinations times characters squared are looked at in all readings together, and no more. That
/// is the whole of a password with the signs that people use, and the beginning of one made of signs alone.
const MOST_COMBINATIONS: usize = 50_000;

/// Of the person's own words: how many, and how long, in characters. Shorter ones than three say nothing about a password.
const MOST_OWN_WORDS: usize = 24;
const OWN_WORD: std::ops::RangeInclusive<usize> = 3..=40;

/// Words of which passwords are made in Cyrillic, from the lists of those that leaked; in small letters, commonest first.
const COMMON: &str = "пароль любовь привет солнце наташа марина максим андрей сергей александр дмитрий алексей никита \
    кристина анастасия екатерина виктория светлана людмила татьяна елена ирина ольга юлия настя даша саша маша катя лена \
    оля вика дима лёша женя паша миша коля владимир евгений михаил николай иван артём кирилл роман денис павел игорь олег \
    вадим виталий россия москва беларусь минск украина киев спартак зенит динамо локомотив футбол хоккей собака кошка \
    котёнок зайка зайчик малышка солнышко люблю ятебялюблю люблютебя мама папа мамочка жизнь счастье секрет админ \
    администратор вход доступ логин пользователь компьютер интернет школа работа машина деньги чемпион король королева \
    принцесса ангел дракон тигр волк медведь победа весна лето зима осень январь февраль март апрель май июнь июль август \
    сентябрь октябрь ноябрь декабрь понедельник вторник среда четверг пятница суббота воскресенье апельсин клубника \
    шоколад каханне сонца вітаю прывітанне мінск кохання сонце сонечко привіт тато україна київ слава йцукен фывапролд \
    ячсмить организация компания мир добрый доброе добро день утро вечер ночь дорогая дорогой дорога семья родина дом \
    моя мой моё меня тебя твоя твой это есть как очень самый самая лучший лучшая красивая хороший хорошая новый новая \
    старый большой маленький первый друг друзья подруга брат сестра сын дочь дети ребёнок бабушка дедушка муж жена \
    мальчик девочка девушка парень человек люди город страна земля небо звезда звёздочка луна море вода огонь лес гора \
    цветок цветы роза ромашка сирень яблоко банан лимон вишня малина арбуз картошка хлеб молоко кофе чай пиво водка \
    конфета пирожок котик кот кошечка пёс щенок хомяк лошадь птица рыбка лиса заяц мишка слон тигрёнок пантера орёл \
    сокол машинка автомобиль самолёт поезд велосипед танк война армия солдат капитан командир президент начальник босс \
    директор учитель студент врач игра игрок музыка песня танец фильм книга сказка мечта надежда вера софия юность \
    радость удача успех свобода правда сила власть богатство доллар рубль золото серебро бриллиант алмаз сердце душа \
    бог господь вампир демон дьявол призрак тень чёрный белый красный синий зелёный жёлтый золотой снег снежинка дождь \
    ветер гроза молния здравствуй здравствуйте спасибо пожалуйста пока ура сайт почта телефон номер ключ замок дверь \
    тест проверка гость войти открой сезам русский русская питер петербург одесса харьков гродно гомель витебск могилёв \
    брест америка европа антон анна алина алёна диана полина валентина галина оксана лариса маргарита валерия варвара \
    вероника константин григорий степан егор илья глеб руслан тимур станислав ярослав борис валерий геннадий вячеслав \
    юрий анатолий фёдор добры дзень добрий ранок сябар дружба мова хата дзякуй дякую будь ласка год победы ночи \
    спокойной приветмир всемпривет приветвсем приветкакдела какдела добрыйдень добрыйвечер доброеутро добройночи \
    спокойнойночи моясемья моялюбовь мояжизнь мойдом моядорогая мойпароль новыйпароль мойкот моясобака мамапапа \
    мамаипапа папамама мамапапая мамапапабрат яимама люблюмаму люблюжизнь люблюсебя любовьмоя любимая любимый \
    любимаямама самыйлучший самаялучшая самаякрасивая яхороший якрутой новыйгод сновымгодом деньрождения \
    сднёмрождения деньпобеды спобедой чёрныйкот красныймак белыймишка белыймедведь чёрныйпёс краснаяшапочка \
    золотаярыбка золотаяосень белаяберёза синееморе чёрноеморе деньидоллары рабочийстол первоеапреля городмосква \
    санктпетербург нижнийновгород сезамоткройся откройся всёбудетхорошо всехорошо яжелюблю непомню забылпароль \
    незнаюпароль паролья паролек нетпароля секретныйпароль тайна добрыдзень добрыранак добрыйранок доброгоранку \
    будьласка слаўкасонца слаўна славаукраїні жывебеларусь contraseña passwort kennwort motdepasse hasło heslo parola senha salasana wachtwoord parool şifre jelszó \
    lozinka geheim";

static COMMON_READINGS: LazyLock<Vec<String>> =
    LazyLock::new(|| COMMON.split_whitespace().flat_map(readings_of_word).collect());

/// The score (0–4) below which a password counts as guessable. No estimate gives three to fewer than ten characters, however
/// mixed: where the installation takes those (rule 69), two is as good as they can be.
fn lowest_score(characters: usize) -> Score {
    if characters < 10 { Score::Two } else { Score::Three }
}

/// Whether a password in its normal form is easy to guess: as it is, or as somebody reads it out, with its letters in the plain
/// form and without what cannot be seen. `own` are the person's name and addresses and the organisation's
/// name, of which it must not be made (AU-02): what is left without them has to be a password by itself.
pub fn is_guessable(password: &str, own: &[String]) -> bool {
    let words = words_not_to_use(own);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let plain = Zeroizing::new(folded(password));
    let own: Vec<&str> = words.iter().take(words.len() - COMMON_READINGS.len()).copied().collect();
    let again = said_again(&plain);
    let mut texts = vec![(password, MOST_COMBINATIONS), (plain.as_str(), MOST_COMBINATIONS / 2)];
    texts.extend(again.iter().map(|text| (text.as_str(), MOST_COMBINATIONS / 8)));
    let mut seen = Zeroizing::new(Vec::new());
    for (text, most) in texts {
        let once = Zeroizing::new(without_repeats(text));
        let head: Zeroizing<String> = Zeroizing::new(once.chars().take(LONGEST_LOOK).collect());
        let mut readings = Zeroizing::new(readings(&head));
        readings.retain(|reading| !seen.contains(reading));
        let share = most / readings.len().max(1);
        for reading in readings.iter() {
            let rest = Zeroizing::new(without_words(reading, &own));
            let is_easy = |reading: &str, of: usize| {
                let look = Zeroizing::new(affordable(reading, share));
                zxcvbn::zxcvbn(&look, &words).score() < lowest_score(of)
            };
            let left = rest.chars().count();
            let has_own = rest.len() < reading.len();
            if is_easy(reading, head.chars().count()) || (has_own && (left < FLOOR || is_easy(&rest, left))) {
                return true;
            }
        }
        seen.append(&mut readings);
    }
    false
}

/// What is left of a text without these words, the longest first: what anybody knows who knows the person makes no password
/// stronger.
fn without_words(text: &str, words: &[&str]) -> String {
    let mut rest = text.to_lowercase();
    let mut words = words.to_vec();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    for word in words {
        if rest.contains(word) {
            let left = Zeroizing::new(rest);
            rest = left.replace(word, "");
        }
    }
    if rest.len() == text.to_lowercase().len() { text.to_string() } else { rest }
}

/// The person's own words, then the common ones, in every reading.
fn words_not_to_use(own: &[String]) -> Vec<String> {
    let mut words = Vec::new();
    for text in own {
        let parts: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).collect();
        words.extend([text.clone(), parts.concat(), parts.iter().rev().copied().collect()]);
        words.extend(parts.into_iter().map(str::to_string));
    }
    let mut seen = BTreeSet::new();
    words.retain(|word| OWN_WORD.contains(&word.chars().count()) && seen.insert(word.clone()));
    let own = words.iter().take(MOST_OWN_WORDS).flat_map(|word| readings_of_word(word));
    own.chain(COMMON_READINGS.iter().cloned()).collect()
}

/// What is said again with something in between, as it would be without that: `Word-word_word1` is `wordword1`. To the estimate
/// what stands between makes three parts of one, and many more guesses.
fn said_again(plain: &str) -> Vec<Zeroizing<String>> {
    let small = Zeroizing::new(plain.to_lowercase());
    let letters = Zeroizing::new(small.chars().filter(|c| c.is_alphabetic()).collect::<Vec<char>>());
    let digits = Zeroizing::new(small.chars().filter(char::is_ascii_digit).collect::<String>());
    let mut found = Vec::new();
    // Whatever stands between, and each time something else.
    let length = period(&letters);
    if (OWN_WORD.contains(&length) || length > *OWN_WORD.end())
        && letters.len() > length
        && letters.len().is_multiple_of(length)
        && letters.len() < small.chars().count()
    {
        let twice: Zeroizing<String> = Zeroizing::new(letters.iter().take(2 * length).collect());
        found.push(Zeroizing::new(format!("{}{}", *twice, *digits)));
    }
    // The same each time, of something that may have signs and digits itself.
    for body in
        [small.trim_end_matches(|c: char| !c.is_alphabetic()), small.trim_end_matches(|c: char| !c.is_alphanumeric())]
    {
        let end = small.strip_prefix(body).unwrap_or_default();
        let body = Zeroizing::new(body.chars().collect::<Vec<char>>());
        let block = body.get(..period(&body)).unwrap_or_default();
        let between = block.iter().rev().take_while(|c| !c.is_alphanumeric()).count();
        let unit = block.get(..block.len() - between).unwrap_or_default();
        let is_again = between > 0 && body.len() > block.len() && (body.len() + between).is_multiple_of(block.len());
        if is_again && unit.len() >= *OWN_WORD.start() {
            let unit: Zeroizing<String> = Zeroizing::new(unit.iter().collect());
            found.push(Zeroizing::new(format!("{}{}{end}", *unit, *unit)));
        }
    }
    found
}

/// What is repeated to the end, twice: saying it more often makes no password stronger.
fn without_repeats(password: &str) -> String {
    let letters = Zeroizing::new(password.chars().collect::<Vec<char>>());
    letters.iter().take(2 * period(&letters)).collect()
}

/// After how many letters a text begins again, and goes on so to its end.
fn period(letters: &[char]) -> usize {
    // For each beginning, how much of its end is its beginning again.
    let mut borders = Zeroizing::new(vec![0_usize; letters.len()]);
    for at in 1..letters.len() {
        let mut border = borders[at - 1];
        while border > 0 && letters[at] != letters[border] {
            border = borders[border - 1];
        }
        borders[at] = border + usize::from(letters[at] == letters[border]);
    }
    letters.len() - borders.last().copied().unwrap_or_default()
}

/// The longest beginning of a reading that the estimate can look at within its share.
fn affordable(reading: &str, share: usize) -> String {
    let mut look = String::with_capacity(reading.len());
    for (length, c) in (1..).zip(reading.chars()) {
        look.push(c);
        if length > LONGEST_LOOK || length * length * combinations(&look) > share {
            look.pop();
            break;
        }
    }
    look
}

/// In how many ways the signs in a text can stand for letters, as the estimate counts them.
fn combinations(text: &str) -> usize {
    const SIGNS: [&str; 12] = ["4@", "8", "({[<", "3", "69", "1!|", "1|7", "0", "$5", "+7", "%", "2"];
    let of_each = SIGNS.iter().map(|signs| signs.chars().filter(|sign| text.contains(*sign)).count().max(1));
    // A sign that may stand for either of two letters is tried as both.
    let shared = "1|7".chars().filter(|sign| text.contains(*sign)).count();
    of_each.product::<usize>() << shared
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, Instant};

    fn guessable(password: &str) -> bool {
        is_guessable(password, &["Иван Петров".into(), "ivan-petrov@acme.by".into(), "Acme".into()])
    }

    /// Passwords as Latin ones of the same kind are refused (L-15): common words in both scripts and on both keyboards, runs
    /// of the Russian, Belarusian and Ukrainian keyboard, alphabets, one's own name, with letters replaced by signs.
    #[test]
    fn cyrillic_is_judged_as_latin_is_l_15() {
        for password in
            "пароль123456 Пароль123456 ПАРОЛЬ123456 парольпароль gfhjkm123456 gfhjkmgfhjkm parol123456 зфыыцщкв1234 \
            п@р0ль123456 пар0ль123456 пapoль123456 л33тпароль12 любовь123456 lyubov123456 k.,jdm123456 наташа123456 \
            natasha12345 yfnfif123456 привет123456 ghbdtn123456 privet123456 солнышко1234 Солнышко2024 александр123 \
            Александр1985 fktrcfylh123 ятебялюблю12 люблютебя123 спартак12345 москва777777 беларусь2024 україна2024 \
            київ12345678 кохання12345 каханне12345 привіт123456 администратор админадмин12 компьютер123 понедельник1 \
            апельсин1234 йцукенгшщзхъ ЙЦУКЕНГШЩЗХЪ йцукен123456 фывапролджэ1 ячсмитьбю123 фывафывафыва ъхзщшгнекуцй \
            1й2ц3у4к5е6н й1ц2у3к4е5н6 йцуфывячс123 укенгшщзфыва йфяцычувскам qwertyйцукен йцукенгшщзхї фівапролджє1 \
            йцукенгшўзх' ячсмітьбю123 !\"№;%:?*()_+ абвгдеёжзийк ЯЮЭЬЫЪЩШЧЦХФ абвгґдеєжзиі абвгдеёжзійк аааааааааааа \
            иванпетров12 ПетровИван12 ivanpetrov12 bdfygtnhjd12 Петров123456 acmeacme1234 ivan-petrov@acme.by"
                .split_whitespace()
        {
            assert!(guessable(password), "{password}");
            assert!(guessable(&password.repeat(20)), "{password}, twenty times");
        }
    }

    /// L-15: the letters of an easy password in another form, with accents, or with something in between that nobody sees.
    #[test]
    fn an_easy_password_stays_easy_however_its_letters_are_dressed_l_15() {
        for password in [
            "ｐａｓｓｗｏｒｄ１２３４",
            "Ⓟⓐⓢⓢⓦⓞⓡⓓ①②③④",
            "𝗽𝗮𝘀𝘀𝘄𝗼𝗿𝗱𝟭𝟮𝟯𝟰",
            "ⓠⓦⓔⓡⓣⓨ①②③④⑤⑥",
            "１２３４５６７８９０１２",
            "pássword123456",
            "pässwörd123456",
            "p\u{301}a\u{301}s\u{301}s\u{301}w\u{301}o\u{301}r\u{301}d\u{301}",
            "p\u{336}a\u{336}s\u{336}s\u{336}w\u{336}o\u{336}r\u{336}d\u{336}1234",
            "contraseña1234",
            "hasło1234567",
            "pass\u{200b}word12345678",
            "p\u{ad}a\u{200d}s\u{2060}s\u{feff}word1234",
            "пароль\u{200b}12345678",
            "па\u{301}роль12345678",
            "рassword1234",
            "раssword1234",
            "\u{200b}\u{200c}\u{200d}\u{200b}\u{200c}\u{200d}\u{200b}\u{200c}\u{200d}\u{200b}\u{200c}\u{200d}",
            "\u{fe00}\u{fe01}a\u{fe02}b\u{fe03}c\u{200b}\u{2060}\u{ad}\u{200d}\u{fe0f}\u{200c}",
            "ivánpetröv12",
        ] {
            assert!(guessable(password), "{password}");
        }
        let hidden = format!("pass{}word1234", "\u{200b}".repeat(100));
        assert!(guessable(&hidden), "with so many in between that they fill the part that is looked at");
        let school = |password: &str| is_guessable(password, &["ACME School".into()]);
        for password in ["ACMESCHOOL2026", "АСМЕШКОЛА2026", "асмешкола2026", "АСМЕSCHOOL2026"] {
            assert!(school(password), "{password}");
        }
        for password in
            "приветмир2026 ПриветМир2026 ghbdtnvbh2026 добрыйдень123 дорогаядорога ljhjufzljhjuf мамапапаясемья \
            добрыйвечер1 доброеутро12 спокойнойночи моядорогая12 моясемья2026 здравствуймир чёрныйкот123 черныйкот123 \
            мояжизнь2024 будьласка123 добрыдзень12 спасибо12345 мойпароль123 новыйпароль1 новыйгод2026 деньпобеды12"
                .split_whitespace()
        {
            assert!(guessable(password), "{password}");
        }
    }

    #[test]
    fn what_is_left_without_the_own_words_is_judged_too() {
        assert_eq!(without_words("AcmeШкола7", &["acme", "школа"]), "7");
        assert_eq!(without_words("ivanpetrov-x", &["ivan", "ivanpetrov"]), "-x");
        assert_eq!(without_words("Nothing Of It", &["acme"]), "Nothing Of It");
        assert!(guessable("acme-ivan-2026-petrov") && guessable("Acme!Петров!77"));
        assert!(!guessable("ivan found a copper lamp in the river"));
    }

    #[test]
    fn a_few_words_that_do_not_belong_together_are_taken_in_any_language() {
        for password in [
            "copper lamp river",
            "quiet stone bridge",
            "correct horse battery staple",
            "медный фонарь река",
            "тихий каменный мост",
            "лиловый бегемот точит косу",
            "зонт вафля трактор",
            "копьё самовар туман",
            "сніданок під дощем",
            "хмарочос ледве тримався",
            "зялёны вожык спявае",
            "жёлтый Кит-7 поёт",
            "ъыуэ-щъфл-йпхг",
            "Vkw-9Q2!xz7m",
            "q8Zr!2(mK|7v<4Wd",
            "8461937520418",
            "昨日の猫は青い傘を持つ夢",
            "Żółta wyspa czeka",
            "élégant hérisson vert",
            "größere Brücke säumt",
            "पीला हाथी गाता है",
            "노란 고래가 노래한다",
            "القطة الزرقاء تغني",
        ] {
            assert!(!guessable(password), "{password}");
            assert!(!guessable(&format!("{password}{}", "x".repeat(900))), "{password}, and much more");
        }
    }

    #[test]
    fn saying_it_again_makes_no_password_stronger() {
        assert_eq!(without_repeats("abcabcabcab"), "abcabc");
        assert_eq!(without_repeats("aaaa"), "aa");
        assert_eq!(without_repeats("abcab"), "abcab");
        assert_eq!(without_repeats("abab"), "abab");
        assert_eq!(without_repeats(""), "");
        assert!(guessable(&"correcthorse".repeat(80)) == guessable("correcthorsecorrecthorse"));
    }

    #[test]
    fn an_easy_word_said_again_is_easy_whatever_stands_between() {
        for password in [
            "password-password",
            "letmein-letmein",
            "пароль пароль",
            "Password_Password",
            "welcome-welcome",
            "Пароль-Пароль1",
            "пароль-пароль",
            "admin-admin-admin",
            "password!password",
            "password - password",
            "PASSWORD.password",
            "password1-password2",
            "password/password_password7",
            "p@ssw0rd!p@ssw0rd",
            "qwerty123-qwerty123",
            "gfhjkm-gfhjkm1",
            "привет, привет!",
            "любовь_Любовь2024",
            "dragon123dragon",
            "1234567-1234567",
            "Минск—Минск-Минск",
            "ivan-ivan-ivan-1",
        ] {
            assert!(guessable(password), "{password}");
            assert!(guessable(&password.to_uppercase()), "{password}, loud");
        }
        for honest in [
            "Copper lamp river 7",
            "copper lamp copper river",
            "round table round window",
            "a1b2-c3d4-e5f6-a1b2",
            "xK7w-xK7w-Qm29!z",
            "dim sum dim light",
            "медный фонарь медная река",
            "vqzjkwmtb vqzjkwmtb",
        ] {
            assert!(!guessable(honest), "{honest}");
        }
        for (typed, read) in [
            ("Word-word_word1", vec!["wordword1"]),
            ("1234-1234", vec!["12341234"]),
            ("7a#92A!55", vec![]),
            ("", vec![]),
        ] {
            let found: Vec<String> = said_again(typed).iter().map(|text| text.to_string()).collect();
            assert_eq!(found, read, "{typed}");
        }
    }

    /// Whatever people and strangers may type, at full length and as it stands (H-02); each was the worst of its kind.
    const PARTS: &[&str] = &[
        "a",
        "ab",
        "aab",
        "abcabcabd",
        "1",
        "12",
        "123456789",
        "4@8({[<369!|1$507+%2",
        "4@8({[<3691!|70$5+%2abcdefgh",
        "p@$$w0rd!",
        "1!|7",
        "!|1l7+t$5s4@a8b({[<c3e69g0o%x2z",
        "passwordmonkeydragonletmeinbaseballfootballmaster",
        "theofandinwaswhoisthatforonwithasbyathe",
        "1.1.91-2/2/92_3.3.93",
        "11111991",
        "199019911992",
        "qwertyuiopasdfghjkl",
        "qazwsxedcrfvtgb",
        "abcdefghijklmnopqrstuvwxyz",
        "zyxwvutsrqponm",
        "йцукенгшщзхъ",
        "пароль",
        "любовьсолнцемарина",
        "л33тп@р0ль",
        "пароль1!|7$54@",
        "😀😁😂",
        "aa😁😀😀😁😁😁😀😁a😁😁😀😀aa😁😀aaaaa😁a😁aa😁😀a😁😀aaa😀😁a😁😁😁😁a😁😁a😁aa",
        "👩‍🔬",
        "e\u{301}",
        "İıſK",
        "\u{1f1e7}\u{1f1fe}",
        "日本語",
        " ",
        "\0",
        "\n",
        "aA",
        "Aa1!",
        "і'ў",
        "хъїєґў",
        "!\"№;%:?*()_+",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab",
        "0000000000000000000000000000000000001",
        "ababbaabbaaaaaabbaaabaabbbabbabaaaaaaaaaababbaaaaababbbbbaabbaaaaaaaba",
        "1ппп70п4п0ппзз7@0зпaз4пззпп10о|4п@оп0@0зз0зa1ппп4пз4!зпз4п@оп|@0п",
        "фдпъццлытмфщж'усэйпгщлнївагююжлшахсмаушрмуїалишдіэювмюдцьдпюпсншжюстоы",
    ];

    /// The least of a few, since others work on this machine too.
    fn cost(password: &str) -> Duration {
        let own = ["Жо ".repeat(66), "abc.".repeat(63), "opq-".repeat(25)];
        let time = |_| {
            let begin = Instant::now();
            std::hint::black_box(is_guessable(password, &own));
            begin.elapsed()
        };
        (0..5).map(time).min().expect("five times")
    }

    /// A kilobyte of it.
    fn long(part: &str) -> String {
        let mut text: String = part.chars().cycle().take(1_024).collect();
        while text.len() > 1_024 {
            text.pop();
        }
        text
    }

    #[test]
    fn whatever_the_password_the_estimate_ends_soon_h_02() {
        let mixed: String = (0..1_024).map(|n| char::from(33 + u8::try_from(n * 7919 % 94).expect("a byte"))).collect();
        let mut times = Vec::new();
        for part in PARTS {
            for password in [long(part), part.to_string(), format!("{part}{mixed}"), format!("{}{mixed}", long(part))] {
                times.push((cost(&password), part));
            }
        }
        let (worst, part) = times.iter().max().expect("some");
        assert!(*worst < Duration::from_millis(50), "{worst:?} for {part}");
    }
}
