//! What a short text without an address may be: a name, a role, a unit, a note, nothing at all.
//! Words of English, Russian, German and Belarusian, by their beginnings. It must not know columns, lines or persons.

use std::{collections::HashMap, sync::LazyLock};

/// Beginnings of words for what people do.
const ROLES: &str = "
    teacher student pupil dispatch driver admin administrator manager director headmaster headteacher principal
    accountant stylist hairdresser barber beautician doctor nurse owner employee receptionist cashier courier engineer
    caretaker bursar registrar treasurer therapist pharmacist dentist waiter waitress
    trainer tutor secretary analyst developer programmer designer editor operator agent supervisor cleaner librarian
    psychologist coach consultant assistant intern trainee specialist technician mechanic planner coordinator
    chairman chairwoman chairperson volunteer plumber electrician welder roofer janitor custodian nanny babysitter lifeguard
    referee photographer journalist translator interpreter lawyer solicitor notary architect surveyor researcher scientist
     lecturer provost vicar midwife paramedic dietitian nutritionist optician hygienist caregiver conductor
    storekeeper merchandiser bartender barista dishwasher housekeeper concierge colourist colorist masseu groundskeeper tutor
    groomer upholsterer inspector auditor recruiter buyer controller machinist 
    lead leader head chief ceo cto cfo hr-manager moderator observer viewer superuser logistician buyer seller salesman
    учител преподавател педагог директор завуч методист секретар бухгалтер диспетчер водител администратор админ мастер
    парикмахер барбер стилист косметолог врач медсестр медбрат владел сотрудни оператор менеджер кассир курьер инженер
    тренер ученик ученик студент слушател куратор стажер стажёр охранник психолог библиотекар воспитател логопед
    руководител начальник агент клиент юрист механик продавец консультант логист экспедитор специалист помощник
     кондуктор электрик сварщик гардеробщи консьерж санитар фельдшер акушер стоматолог
    ортодонт терапевт хирург педиатр массажист колорист визажист бровист мойщи приёмщи приемщи упаковщи комплектовщи
    крановщи машинист проводник стюард экскурсовод переводчи нотариус архитектор прораб геодезист сметчи 
    доцент профессор волонтёр волонтер председател вожат няня хореограф концертмейстер дефектолог тьютор завхоз
    завскладом снабженец маркетолог рекрутер закупщи технолог конструктор лифтёр электромонт санитарк горничн
    координатор контролер контролёр супервайзер заведующ лаборант вахтер вахтёр официант ассистент мерчендайзер уборщ сторож
    заместител зам. старост наставник модератор наблюдател техник программист аналитик дизайнер кладовщик грузчик
    настаўнік настаўніц дырэктар вучань вучаніц вучні настаўнікі кіроўц дыспетчар бухгалтар кіраўнік намеснік
    lehrer lehrkraft schüler direktor schulleit sekretär sekretariat fahrer disponent buchhalter mitarbeiter leiter
    leitung geschäftsführ friseur kosmetiker arzt ärzt inhaber azubi auszubildende hausmeister techniker vertriebler
    facharzt fachärzt oberarzt oberärzt chefarzt chefärzt koordinator küchenhilfe reinigungskraft putzkraft elektriker hebamme pflegekraft pflegefach krankenschwester altenpfleg
    heilerzieh logopäd ergotherap physiotherap zahnarzt zahnärzt apothek optiker konrektor referendar schulbegleit
    busbegleit schulsozial sozialarbeit sozialpädagog pädagog vorsitzend kassenwart schriftführ platzwart anwält rechtsanw
    steuerberat architekt bauleiter polier geselle werkstudent aushilfe minijob ehrenamt hauswirtschaft bürokraft
    empfangs verkäufer einkäufer controller fachkraft lehrling fsj bufdi
    livreur livreuse chauffeur cuisini serveur serveuse vendeur vendeuse coiffeu gérant stagiaire infirmi médecin éducat
    animateur animatrice surveillant gardien concierge
    profesor maestra enfermer recepcionista secretari conductora insegnante segretari autista impiegat porteiro motorista
    rececionista nauczyciel kierowc dyrektor sekretark księgow pielęgniar lekarz konserwator wychowawc
    učitel ředitel řidič vychovatel školník lærer lektor sjåfør chauffør lärare sjuksköt vaktmästare
    vaktmester renholder opettaja rehtori kuljettaja tanár igazgató titkár sofőr вчител вихов заступник завгосп водій
    лікар бухгалтерк
    professeur enseignant directeur directrice secrétaire comptable responsable
    assistent berater sachbearbeiter verwalter vorarbeiter praktikant dozent erzieher betreuer";

/// Words that are a role where they stand alone.
const ROLE_WORDS: [&str; 19] = [
    "rektor",
    "rektorin",
    "rector",
    "chair",
    "host",
    "user",
    "staff",
    "learner",
    "participant",
    "guest",
    "member",
    "visitor",
    "пользователь",
    "гость",
    "участник",
    "карыстальнік",
    "benutzer",
    "gast",
    "mitglied",
];

/// Whole words for what people do, with which surnames begin: `плотник`, and not `Плотников`.
const WORKERS: &str = "
    packer loader picker kucharz kucharka woźny woźna кухар кухарка маляр маляры плотник плотники слесарь слесари повар
    повара шеф-повар дворник дворники казначей казначеи бригадир бригадиры медик медики декан ректор проректор";

/// Whole words for where people are, with which names begin: `Kita`, and not `Kitamura`.
const HOUSES: &str = "kita столовая корпус ясли";

/// Words that come before or behind one of these.
const RANKS: &str = "
    senior junior deputy sales vice main group company office старш младш главн ведущ первый второй системн web
    stellvertretend stellv. leitend erster";

/// Beginnings of words for where people are.
const UNITS: &str = "
    отдел филиал салон школ класс групп бригад участок цех склад бухгалтери подразделен кафедр факультет офис команд
    аддзел філіял department dept branch team class group office salon division warehouse abteilung filiale klasse
    gruppe lager vertrieb niederlassung standort schule school
    depot campus clinic studio kindergarten nursery garage workshop crew squad faculty
     поликлиник отделени станци депо гараж детсад  лаборатори студи";

/// Endings of words for such: `Grundschule`.
const UNIT_ENDINGS: [&str; 4] = ["schule", "gymnasium", "abteilung", "filiale"];

/// Endings of words for what people do: `Schichtführer`.
const ROLE_ENDINGS: [&str; 14] = [
    "leiter",
    "leiterin",
    "leitung",
    "führer",
    "führerin",
    "lehrer",
    "lehrerin",
    "fahrer",
    "fahrerin",
    "beauftragte",
    "beauftragter",
    "helferin",
    "therapeut",
    "therapeutin",
];

/// Endings of words for lists: `Telefonliste`.
const LIST_ENDINGS: [&str; 7] = ["liste", "verzeichnis", "verteiler", "tplan", "nplan", "zplan", "splan"];

/// Whole words that are a unit where they stand alone: the towns of a chain, the departments of a firm.
const PLACES: &str = "
    минск брест гомель гродно витебск могилев могилёв мінск москва санкт-петербург киев вильнюс варшава minsk brest
    gomel grodno vitebsk mogilev moscow berlin hamburg münchen munich köln wien zürich london warsaw vilnius riga
    sales marketing hr finance accounting accounts logistics support operations production procurement purchasing legal
    reception administration management kitchen продажи маркетинг логистика кадры снабжение производство администрация
    поддержка финансы закупки бухгалтерия регистратура кухня einkauf buchhaltung verwaltung produktion
    north south east west center centre север юг восток запад центр nord süd ost";

/// Beginnings of words with which a line begins that is about nobody, or a cell that is no name.
const ASIDE: &str = "
    привет здравствуй уважаем коллег спасибо благодар уважени пожалуйст срочно внимание
    список списки таблица итого всего страница стр. приложение добавьт добавит пришлит приглас отправьт сообщени
    дабры вітаю дзякуй паважан greetings regards sincerely attention urgent
    roster timetable schedule график расписан дежурств ursprünglich original forwarded исходное перенаправл
    freundlich grüße пересланное http https:// www. ftp --- sep=";

/// Whole such words.
const ASIDE_WORDS: &str = "
    добрый доброе доброго прошу лист дорогой дорогая дорогие с
    контакты участники получатели рассылка пользователи contacts recipients attendees participants users people kontakte empfänger
    verteiler
    many tuesday wednesday thursday saturday dienstag mittwoch donnerstag samstag
    понедельник вторник среда четверг пятница суббота воскресенье
    hello hi hey dear thanks thank cheers please list lists total totals sum page sheet new invite add send best kind yours
    subject fwd fw re begin end version good
    beste herzlich herzliche schöne freundliche
    hallo guten sehr liebe lieber viele danke bitte gruß summe gesamt gesamtsumme seite liste dringend mit weitergeleitet";

/// Words that stand in sentences, not in names.
const PROSE: &str = "
    my mail email e-mail is are was the this that for from with to in on at and or by of you your our me it we
    моя мой мое моё мою почта это вот его её ее для или на в с по из и а до не новый новая новые адрес мне меня нас вам
    за при под над про без как что
    у к о от тел телефон почту
    ihr ihre euer unser unsere ваш ваша ваши
    zuständig verantwortlich fragen спросите спросить ответственный
    meine mein ist die der das und oder für an auf bis ab von ein eine wir sie ich laden einladen
    ok okay yes no да also а также нужно надо
    media omitted image audio video wrote написал написала schrieb
    mine here there these those what who let too as they pls plz asap both via fyi btw
    sure yep yeah yup sorry done great perfect morning evening лови держи конечно ага окей gerne moin servus
    active inactive invited pending enabled disabled suspended активен активна aktiv inaktiv
    тоже ещё еще мои тут наш наша наши спс пж маё таксама гэта auch meins hier noch";

/// Words that say which of somebody's addresses or numbers one is. Not `new` or `other`: such may be another person's.
const WHICH: &str = "
    work home private privately personal business old former previous secondary backup spare alternative privat dienstlich
    geschäftlich arbeit früher рабочая рабочий раб личная личный домашняя домашний старая старый запасная запасной резервная
    резервный дополнительная дополнительный асабістая рабочы старая стары";

/// Such words of numbers alone: an office has an address of its own.
const WHICH_NUMBER: &str = "office desk main direct switchboard zentrale büro офис приёмная приемная";

/// What may stand beside these.
const WAYS: &str = "mail email e-mail address number phone and or also und oder и или почта адрес номер";

/// Parts of companies' names.
const COMPANIES: [&str; 48] = [
    "praxis",
    "kanzlei",
    "verein",
    "stiftung",
    "e.v.",
    "foundation",
    "council",
    "фонд",
    "ао",
    "пао",
    "тоо",
    "нко",
    "мбоу",
    "мкоу",
    "гбоу",
    "фгуп",
    "college",
    "university",
    "academy",
    "institute",
    "gymnasium",
    "lyceum",
    "гимназия",
    "лицей",
    "колледж",
    "университет",
    "институт",
    "hochschule",
    "ltd",
    "llc",
    "inc",
    "gmbh",
    "ag",
    "kg",
    "ug",
    "co",
    "corp",
    "ооо",
    "оао",
    "зао",
    "чуп",
    "уп",
    "чп",
    "ип",
    "ltd.",
    "inc.",
    "ooo",
    "limited",
];

/// What stands in a cell in which nothing stands.
const PLACEHOLDERS: [&str; 34] = [
    "я",
    "me",
    "mich",
    "-",
    "–",
    "—",
    "?",
    "n/a",
    "na",
    "#n/a",
    "#н/д",
    "#ref!",
    "#value!",
    "#name?",
    "#ссылка!",
    "#знач!",
    "#имя?",
    "null",
    "none",
    "nil",
    "нет",
    "nan",
    "#nv",
    "keine",
    "vacant",
    "vacancy",
    "tbd",
    "tba",
    "tbc",
    "n.n.",
    "unbesetzt",
    "vakant",
    "вакансия",
    "вакантно",
];

/// Small words within names.
const PARTICLES: [&str; 37] = [
    "med", "h.c", "h", "c", "phil", "rer", "nat", "jur", "habil", "dent", "mult", "del", "della", "du", "des", "ter",
    "ten", "av", "von", "van", "de", "der", "den", "di", "da", "dos", "la", "le", "el", "al", "bin", "ibn", "zu",
    "оглы", "кызы", "y", "the",
];

/// Those with which a surname begins.
const OF_SURNAMES: [&str; 15] =
    ["von", "van", "de", "der", "den", "di", "da", "dos", "la", "le", "el", "al", "bin", "ibn", "zu"];

/// Whether a text begins as surnames of several words do: `de la Fuente Gil`.
pub fn begins_a_surname(text: &str) -> bool {
    let first = text.split_whitespace().next().unwrap_or_default();
    OF_SURNAMES.contains(&first) && matches!(kind_of(text), TextKind::Name(_))
}

/// What a text may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextKind {
    /// As many words, each as in a name.
    Name(usize),
    /// A word or two in small letters: a name that was typed in haste, perhaps.
    Small,
    Role,
    Unit,
    /// A number, a code, an address of a page: no name.
    Code,
    /// It stands for nothing: `n/a`, `NULL`.
    Nothing,
    /// A greeting, a heading, a total.
    Aside,
    /// A sentence, a company, whatever else.
    Prose,
}

/// What is known of a word.
#[derive(Clone, Copy, Default)]
struct WordFacts {
    is_role: bool,
    is_rank: bool,
    is_unit: bool,
    is_aside: bool,
    is_prose: bool,
    is_place: bool,
    is_which: bool,
}

impl WordFacts {
    fn and(self, other: Self) -> Self {
        Self {
            is_role: self.is_role || other.is_role,
            is_rank: self.is_rank || other.is_rank,
            is_unit: self.is_unit || other.is_unit,
            is_aside: self.is_aside || other.is_aside,
            is_prose: self.is_prose || other.is_prose,
            is_place: self.is_place || other.is_place,
            is_which: self.is_which || other.is_which,
        }
    }
}

/// The lists by word: beginnings, and whole words. A text of ten thousand lines asks a hundred thousand times.
struct Lists {
    beginnings: HashMap<&'static str, WordFacts>,
    words: HashMap<&'static str, WordFacts>,
}

static LISTS: LazyLock<Lists> = LazyLock::new(|| {
    let none = WordFacts::default();
    let of = |lists: &[(&'static str, WordFacts)]| {
        let mut map: HashMap<&'static str, WordFacts> = HashMap::new();
        for (list, facts) in lists {
            for word in list.split_ascii_whitespace() {
                let known = map.entry(word).or_default();
                *known = known.and(*facts);
            }
        }
        map
    };
    Lists {
        beginnings: of(&[
            (ROLES, WordFacts { is_role: true, ..none }),
            (RANKS, WordFacts { is_rank: true, ..none }),
            (UNITS, WordFacts { is_unit: true, ..none }),
            (ASIDE, WordFacts { is_aside: true, ..none }),
        ]),
        words: of(&[
            (ASIDE_WORDS, WordFacts { is_aside: true, ..none }),
            (PROSE, WordFacts { is_prose: true, ..none }),
            (PLACES, WordFacts { is_place: true, ..none }),
            (WORKERS, WordFacts { is_role: true, ..none }),
            (HOUSES, WordFacts { is_unit: true, ..none }),
            (WHICH, WordFacts { is_which: true, ..none }),
        ]),
    }
});

/// What is known of a word in small letters.
fn facts_of(word: &str) -> WordFacts {
    let mut facts = LISTS.words.get(word).copied().unwrap_or_default();
    // No beginning on the lists is longer.
    for (at, letter) in word.char_indices().take(18) {
        if let Some(known) = word.get(..at + letter.len_utf8()).and_then(|beginning| LISTS.beginnings.get(beginning)) {
            facts = facts.and(*known);
        }
    }
    facts.is_aside |= LIST_ENDINGS.iter().any(|ending| word.len() > ending.len() && word.ends_with(ending));
    facts.is_unit |= UNIT_ENDINGS.iter().any(|ending| word.len() > ending.len() && word.ends_with(ending));
    facts.is_role |=
        !facts.is_unit && ROLE_ENDINGS.iter().any(|ending| word.len() > ending.len() + 3 && word.ends_with(ending));
    let stem = CONTRACTED.iter().find_map(|ending| word.strip_suffix(ending));
    facts.is_prose |= stem.and_then(|stem| LISTS.words.get(stem)).is_some_and(|known| known.is_prose);
    facts
}

/// What English joins to words of sentences: `Mine's`, `I’m`.
const CONTRACTED: [&str; 6] = ["'s", "’s", "'m", "’m", "'re", "’re"];

/// Whether a text only says which of somebody's addresses follows: `private`, `work mail`.
pub fn says_which(text: &str) -> bool {
    let is_way = |word: &str| WAYS.split_ascii_whitespace().any(|way| way == word);
    // No label is longer.
    if text.len() > 60 {
        return false;
    }
    let words = || text.split_whitespace().map(small);
    words().any(|word| facts_of(&word).is_which) && words().all(|word| is_way(&word) || facts_of(&word).is_which)
}

/// Whether a text only says which of somebody's numbers follows.
pub fn says_which_number(text: &str) -> bool {
    says_which(text) || WHICH_NUMBER.split_ascii_whitespace().any(|word| word == small(text))
}

/// Whether a text ends a letter, so that who is named behind it only signed: `Thanks`, `С уважением`.
pub fn ends_a_letter(text: &str) -> bool {
    const ENDS: &str = "
        thanks thank cheers regards best kind sincerely yours danke gruß grüße viele vielen mfg спасибо благодарю с спс
        дякую дзякуй merci";
    let first = text.split_whitespace().next().map(small).unwrap_or_default();
    kind_of(text) == TextKind::Aside && ENDS.split_ascii_whitespace().any(|word| word == first)
}

fn small(word: &str) -> String {
    word.trim_matches(|c: char| !c.is_alphanumeric() && !"#/.".contains(c)).to_lowercase()
}

/// Is it a word for what somebody does?
pub fn is_role_word(word: &str) -> bool {
    let facts = facts_of(&small(word));
    facts.is_role && !facts.is_unit
}

/// Is it a word for a role, or one that stands beside such?
pub fn is_rank(word: &str) -> bool {
    let facts = facts_of(&small(word));
    (facts.is_role && !facts.is_unit) || facts.is_rank
}

/// What the text may be.
pub fn kind_of(text: &str) -> TextKind {
    let text = text.trim();
    let words: Vec<&str> = text.split_whitespace().collect();
    let lower: Vec<String> = words.iter().map(|word| small(word)).collect();
    let facts: Vec<WordFacts> = lower.iter().map(|word| facts_of(word)).collect();
    let (Some(first), Some(first_facts)) = (lower.first(), facts.first()) else { return TextKind::Nothing };
    if PLACEHOLDERS.contains(&text.to_lowercase().as_str()) || !text.chars().any(char::is_alphanumeric) {
        return TextKind::Nothing;
    }
    if is_code(text) {
        return if is_class(text) { TextKind::Unit } else { TextKind::Code };
    }
    if text.ends_with(['!', '?']) || first_facts.is_aside {
        return TextKind::Aside;
    }
    // `Ask Dana`
    if (words.len() > 1 && is_told(first)) || is_postal(&lower) {
        return TextKind::Prose;
    }
    let roles = facts.iter().any(|facts| facts.is_role && !facts.is_unit);
    let unit_first = first_facts.is_unit && (!first.is_ascii() || first.starts_with("abteilung"));
    // `Agent group A`, `School 12`
    let is_numbered = !text.contains(',')
        && matches!(facts.as_slice(), [.., unit, _] if unit.is_unit)
        && lower
            .last()
            .is_some_and(|last| last.chars().count() == 1 || last.chars().next().is_some_and(char::is_numeric));
    if is_numbered || unit_first || (!roles && !first_facts.is_prose && facts.iter().any(|facts| facts.is_unit)) {
        return TextKind::Unit;
    }
    if roles {
        return if words.len() <= 6 { TextKind::Role } else { TextKind::Prose };
    }
    if ROLE_WORDS.contains(&text.to_lowercase().as_str()) {
        return TextKind::Role;
    }
    if is_class(text) || (words.len() == 1 && first_facts.is_place) {
        return TextKind::Unit;
    }
    if lower.iter().any(|word| COMPANIES.contains(&word.as_str())) {
        return TextKind::Prose;
    }
    // `Mine`, `Моя`; two letters may be a name: `An`, `Or`.
    let is_word = words.len() == 1 && first_facts.is_prose && first.chars().count() > 2;
    if is_word || (facts.iter().any(|facts| facts.is_which) && says_which(text)) {
        return TextKind::Prose;
    }
    match name_words(&words) {
        Some(count) => TextKind::Name(count),
        None if words.len() <= 3 && words.iter().all(|word| is_small_name(word)) => TextKind::Small,
        None => TextKind::Prose,
    }
}

/// How many words of a name there are, when it is nothing else.
fn name_words(words: &[&str]) -> Option<usize> {
    let particles = words.iter().filter(|word| PARTICLES.contains(*word)).count();
    if words.is_empty() || words.len() > 9 || words.len() - particles > 6 {
        return None;
    }
    let mut count = 0;
    for (at, word) in words.iter().enumerate() {
        let bare = word.trim_matches(|c: char| "'\"’`,«»“”„.*:".contains(c));
        // Two of one name are told apart by a digit: `Иван Петров2`.
        let bare = match bare.trim_end_matches(|c: char| c.is_ascii_digit()) {
            lettered if at > 0 && lettered.chars().count() >= 2 && bare.len() - lettered.len() <= 2 => lettered,
            _ => bare,
        };
        let is_lettered = bare.chars().any(char::is_alphabetic)
            && bare.chars().all(|c| c.is_alphabetic() || "-'’`.ʼ‑".contains(c) || is_joined(c));
        let is_number = at > 0 && at + 1 == words.len() && bare.len() <= 4 && bare.bytes().all(|b| b.is_ascii_digit());
        let begins_large =
            bare.chars().next().is_some_and(|c| c.is_uppercase() || (c.is_alphabetic() && !c.is_lowercase()));
        // `van der Berg`
        let is_particle = PARTICLES.contains(&bare) && (at > 0 || (words.len() > 1 && OF_SURNAMES.contains(&bare)));
        match () {
            () if is_lettered && begins_large => count += 1,
            () if is_particle || (is_number && !bare.is_empty()) => {}
            () => return None,
        }
    }
    // A row of capitals longer than a name is a heading.
    (count > 0).then_some(count)
}

/// A street with a house, or a town with its code: `Bahnhofstrasse 12`, `8001 Zürich`, `ул. Ленина, 5`.
fn is_postal(words: &[String]) -> bool {
    const STREETS: &str = "
        street st road rd avenue ave lane ln drive square sq boulevard blvd close terrace rue place via calle ul ulica ул улица
        пр пр-т проспект пер переулок бульвар площадь вул вуліца вулиця str straße strasse weg platz allee gasse ring ufer";
    const ENDINGS: [&str; 8] = ["straße", "strasse", "str", "weg", "platz", "allee", "gasse", "gata"];
    let is_number =
        |word: &String| word.chars().next().is_some_and(|letter| letter.is_ascii_digit()) && word.chars().count() <= 6;
    let bare = |word: &String| word.trim_matches('.').to_owned();
    let is_street = |word: &String| {
        let bare = bare(word);
        STREETS.split_ascii_whitespace().any(|street| street == bare)
            || ENDINGS.iter().any(|ending| bare.len() > ending.len() + 2 && bare.ends_with(ending))
    };
    let is_code = |word: &String| (4..=6).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_digit());
    words.len() > 1
        && (words.iter().any(is_street) && words.iter().any(is_number)
            || words.first().is_some_and(is_code) && words.iter().skip(1).all(|word| !is_number(word)))
}

/// Marks over letters, and what joins emoji or letters.
fn is_joined(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36F}' | '\u{200C}' | '\u{200D}')
}

fn is_small_name(word: &str) -> bool {
    let bare = word.trim_matches(|c: char| "'\"’`,.".contains(c));
    bare.chars().any(char::is_alphabetic)
        && bare.chars().all(|c| c.is_alphabetic() || "-'’".contains(c))
        && !facts_of(&bare.to_lowercase()).is_prose
        && !is_verb(bare)
}

/// Russian verbs, as sentences have them and names do not.
fn is_verb(word: &str) -> bool {
    ["ть", "ться", "ите", "йте", "ьте", "лся", "лась"].iter().any(|ending| word.ends_with(ending))
}

/// Is it a word that stands in sentences only?
pub fn is_prose_word(word: &str) -> bool {
    let word = small(word);
    let facts = facts_of(&word);
    facts.is_prose || facts.is_aside || super::heads::column_of(&word).is_some()
}

/// Digits, or a word with digits that no name has: `0x1F`, `A77`, `5А`, `https://…`.
fn is_code(text: &str) -> bool {
    let one_word = !text.contains(char::is_whitespace);
    let has_digit = text.chars().any(|c| c.is_numeric());
    !text.chars().any(char::is_alphabetic)
        || (one_word && (has_digit || text.contains("://") || text.starts_with("www.") || text.starts_with('#')))
}

/// `5А`, `10-Б`, `5-6`, `7 "В"`, `05.май`: a class, whatever a spreadsheet made of it.
fn is_class(text: &str) -> bool {
    let bare: String = text.chars().filter(|c| !" -–\"«»'./".contains(*c)).collect();
    let digits = bare.chars().take_while(char::is_ascii_digit).count();
    let rest: String = bare.chars().skip(digits).collect();
    let letters = rest.chars().count();
    // `40h` are hours.
    (1..=2).contains(&digits)
        && letters == 1
        && rest.chars().all(char::is_alphabetic)
        && !["h", "ч"].contains(&rest.as_str())
}

/// `Ask Dana`: what somebody is told to do with whoever is named behind it.
fn is_told(word: &str) -> bool {
    ["ask", "contact", "tell", "call", "inform", "notify"].contains(&word.to_lowercase().as_str())
}

/// What stands before a name in a sentence.
const HONORIFICS: [&str; 8] = ["herr", "herrn", "frau", "mr", "mrs", "ms", "miss", "г-жа"];

/// Whether two people are named, of whom nobody knows which one is meant: `Tom & Jane Whitlock`.
pub fn names_two(text: &str) -> bool {
    const BETWEEN: [&str; 5] = ["&", "and", "und", "и", "+"];
    let words: Vec<&str> = text.split_whitespace().collect();
    let is_large = |word: Option<&&str>| word.is_some_and(|word| word.chars().next().is_some_and(char::is_uppercase));
    (1..words.len()).any(|at| {
        words.get(at).is_some_and(|word| BETWEEN.contains(word))
            && is_large(words.get(at - 1))
            && is_large(words.get(at + 1))
    })
}

/// A name within a text: the words of it, and what stands before and behind them. The name is the last run of words that
/// begin large, when the text is a sentence; the whole text, when it is nothing else.
pub fn name_within(text: &str) -> (Option<String>, Vec<String>) {
    if names_two(text) {
        return (None, vec![text.to_owned()]);
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let is_large = |word: &&str| {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        bare.chars().next().is_some_and(char::is_uppercase)
            && bare.chars().all(|c| c.is_alphabetic() || "-'’.".contains(c))
            && !is_prose_word(bare)
            && !is_rank(bare)
    };
    let behind = words.iter().rev().take_while(|word| !is_large(word)).count();
    let end = words.len() - behind;
    let run = words.iter().take(end).rev().take_while(|word| is_large(word)).count();
    // `für Süd Herr Timur Aslan`
    let run = if words.get(end - run).is_some_and(|word| is_told(word)) { run - 1 } else { run };
    let is_title = |word: &&str| HONORIFICS.contains(&small(word).as_str());
    let run =
        words.get(end - run..end).and_then(|run| Some(run.len() - run.iter().rposition(is_title)?)).unwrap_or(run);
    if run == 0 || run > 4 {
        return (None, vec![text.to_owned()]);
    }
    // `please DM these folks`
    let is_sign = |word: &&str| word.chars().count() <= 3 && word.chars().all(char::is_uppercase);
    if run == 1 && words.len() > 2 && words.get(end - 1).is_some_and(is_sign) {
        return (None, vec![text.to_owned()]);
    }
    let part = |from: usize, to: usize| words.get(from..to).unwrap_or_default().join(" ");
    let name = part(end - run, end);
    let name = name.trim_matches(|c: char| ",;:'\"".contains(c)).trim_start_matches('.');
    // The dot of an initial stays: `Левченко О.А.`
    let last = name.trim_end_matches('.').rsplit([' ', '.']).next().unwrap_or_default();
    let name = if last.chars().count() > 2 { name.trim_end_matches('.') } else { name }.to_owned();
    let rest = [part(0, end - run), part(end, words.len())];
    (Some(name), rest.into_iter().filter(|rest| !rest.is_empty()).collect())
}

/// Whether a text is two words or three, each written as one of a name is, whatever else it means.
pub fn has_the_form_of_a_name(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    matches!(words.len(), 2 | 3) && name_words(&words) == Some(words.len())
}

/// A name and a role in one text: `Anna Petrova teacher`, `Директор Иванов Иван`, `Зам. директора по УВР Л.М. Гребнева`.
pub fn name_and_role(text: &str) -> Option<(String, String)> {
    if let Some((one, other)) = [" - ", " – ", " — ", " = "].iter().find_map(|dash| text.split_once(dash)) {
        let is_name = |text: &str| matches!(kind_of(text), TextKind::Name(2..));
        return match (is_name(one), is_name(other)) {
            (false, true) if is_work(one) => Some((other.trim().to_owned(), one.trim().to_owned())),
            (true, false) if is_work(other) => Some((one.trim().to_owned(), other.trim().to_owned())),
            _ => None,
        };
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let first = words.iter().position(|word| is_rank(word))?;
    let is_person =
        |words: &[&str]| name_words(words).is_some_and(|count| count >= 2) && !words.iter().any(|word| is_rank(word));
    let (before, after) = words.split_at(first);
    if is_person(before) {
        return Some((before.join(" "), after.join(" ")));
    }
    // `Социальный педагог О. Н. Тищенко`: of the words before it none is a name.
    let last = words.iter().rposition(|word| is_rank(word))? + 1;
    let is_capitals = |word: &str| word.chars().count() <= 4 && word.chars().all(char::is_uppercase);
    let is_of_role = |word: &&&str| is_capitals(word) || word.chars().next().is_some_and(char::is_lowercase);
    let more = words.iter().skip(last).take_while(is_of_role).count();
    let (role, name) = words.split_at(last + more);
    let is_title = first == 0 || (before.len() <= 2 && role.len() > before.len() && has_initials(name));
    (is_title && is_person(name)).then(|| (name.join(" "), role.join(" ")))
}

/// What people do that are names of people, too: beside a whole name it says what they do.
const WORKS: &str = "
    cook chef baker butcher gardener painter carpenter porter guard dean clerk steward host guide tailor mason page pastor
    koch köchin bäcker metzger gärtner maler schreiner zimmermann maurer kellner pfleger meister wirt";

/// Whether a text beside a whole name says what somebody does.
pub fn is_work(text: &str) -> bool {
    let mut words = text.split_whitespace().map(small);
    kind_of(text) == TextKind::Role
        || is_rank(text)
        || words.any(|word| WORKS.split_ascii_whitespace().any(|work| work == word))
}

/// Whether a name is written with initials: `О. Н. Тищенко`, `Lee J.`.
fn has_initials(words: &[&str]) -> bool {
    let is_initial =
        |word: &&str| word.ends_with('.') && word.chars().filter(|letter| letter.is_alphabetic()).count() <= 2;
    words.iter().any(is_initial)
}

/// Whether a line is about nobody: a greeting, a heading, a total, the frame of a card.
pub fn is_aside(line: &str) -> bool {
    let lower = line.trim().to_lowercase();
    lower.starts_with("sep=")
        || kind_of(line) == TextKind::Aside
        || line.split([':', ';', '\t', '|', ',']).next().is_some_and(|first| kind_of(first) == TextKind::Aside)
}
