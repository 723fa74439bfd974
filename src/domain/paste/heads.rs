//! The heads of columns and the labels of cards, in English, Russian, German, Belarusian: which says what.
//! It must not look at what stands under a head.

use std::{collections::HashMap, sync::LazyLock};

use super::{
    contacts::may_hold_contact,
    lexicon::{TextKind, kind_of, says_which},
    relations::relation_of,
};
use serde::{Deserialize, Serialize};

/// What a column holds, by its head.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum PasteColumn {
    Name,
    FirstName,
    LastName,
    Patronymic,
    Email,
    Phone,
    Role,
    Unit,
    Login,
    /// A number by which another system knows the person.
    Record,
    Note,
    /// The place in the list.
    Place,
    /// Known, and of no use here: a birthday, a password.
    Other,
}

impl PasteColumn {
    /// Whether it is a part of the name.
    pub fn is_name(self) -> bool {
        matches!(self, Self::Name | Self::FirstName | Self::LastName | Self::Patronymic)
    }
}

/// Heads without spaces and signs, in small letters.
const HEADS: [(PasteColumn, &str); 13] = [
    (
        PasteColumn::Name,
        "name cn fullname displayname contactname employee employeename person user member participant student pupil learner surnameandname \
         teacher staff fn fio фио имя полноеимя фамилияимя фамилияимяотчество фамилияимяиотчество фамилияиимя имяфамилия имяифамилия \
         имяотчество сотрудник сотрудники работник пользователь участник ученик преподаватель учитель человек \
         фиосотрудника фиоученика фиополностью контакт контактноелицо имясотрудника імя піб супрацоўнік mitarbeiter \
         vollername vollständigername teilnehmer ansprechpartner kontakt namevorname lastnamefirstname namesurname \
         navn namn naam nimi név jméno fullname imięinazwisko imieinazwisko nazwiskoiimię nazwiskoiimie jménoapříjmení nomeecognome nomecompleto \
         vorundnachname nachundvorname vorundzuname имяифамилияполностью child kind ребенок ученица firstnamelastname surnamefirstname nachnamevorname vornamenachname nom nombre nome imię imie",
    ),
    (
        PasteColumn::FirstName,
        "firstname first fornavn förnamn voornaam etunimi keresztnév křestníjméno imiona given givenname forename vorname rufname імяасобы prénom prenom",
    ),
    (
        PasteColumn::LastName,
        "lastname last sn etternavn efternamn efternavn achternaam sukunimi vezetéknév příjmení priezvisko surname familyname nachname familienname zuname cognome apellido apellidos nazwisko фамилия фам прозвішча прізвище",
    ),
    (PasteColumn::Patronymic, "отчество patronymic middlename secondname імяпабацьку побатькові zweitername"),
    (
        PasteColumn::Email,
        "epost epostadress sähköposti emailcím adresemail adresaemail elpaštas epasts email emails mail mails emailaddress mailaddress emailid workemail privateemail emailadresse mailadresse \
         почта элпочта эпочта электроннаяпочта электронныйадрес адресэлектроннойпочты адресэлпочты эладрес емейл \
         имейл емайл мейл мыло emailадрес рабочаяпочта личнаяпочта корпоративнаяпочта почтаemail emailпочта пошта \
         электроннаяпошта элпошта courriel correo correoelectrónico correoelectronico adressemail adresemail",
    ),
    (
        PasteColumn::Phone,
        "puhelin telefoon telefonszám telefone telemóvel cellulare telefonkontaktowy teléfonomóvil gsm phone phones fon tel telephone telephonenumber phonenumber mobile mob mobilephone mobilenumber mobileno cell \
         cellphone contactnumber contactphone whatsapp viber телефон телефоны тел моб мобильный мобильныйтелефон \
         мобтелефон мобтел сотовый сотовыйтелефон номертелефона контактныйтелефон рабочийтелефон телефонмобильный \
         тэлефон мабільны telefon telefonnummer telefonnr telnr handy handynummer handynr mobil mobilnummer \
         mobiltelefon rufnummer direct directline directdial landline durchwahl festnetz téléphone móvil movil teléfono \
         telefono cellulare komórka",
    ),
    (
        PasteColumn::Role,
        "pareigos post stilling befattning functie tehtävä beosztás pozice funkce cargo poste titel role roles position jobtitle job title function accesslevel access profession occupation usertype \
         должность роль роли рольвсистеме праводоступа уровеньдоступа доступ профессия специальность функция пасада \
         посада funktion rolle position stelle beruf tätigkeit stellung positionrolle berechtigung fonction rôle puesto ruolo \
         stanowisko",
    ),
    (
        PasteColumn::Unit,
        "ou einsatzort einsatzstelle arbeitsort dienststelle einrichtung wohngruppe workplace building avdeling avdelning afdeling osasto oddział dział oddělení osztály departamento département unit team department dept branch office location group class grade division depot campus station company organisation \
         organization org client customer клиент заказчик kunde salon site school shop store отдел подразделение структурноеподразделение филиал \
         команда группа класс салон точка офис цех участок бригада школа организация компания департамент кафедра \
         факультет склад units teams departments branches groups classes отделение отделения группы отделы классы филиалы подразделения аддзел філіял abteilung filiale gruppe klasse standort firma schule bereich betrieb niederlassung einheit einheiten abteilungen gruppen klassen standorte filialen",
    ),
    (
        PasteColumn::Login,
        "login uid samaccountname loginname username userid account accountname логин логинпользователя имяпользователя учетнаязапись \
         учётнаязапись лагін benutzername benutzer anmeldename kennung benutzerkennung nutzername",
    ),
    (
        PasteColumn::Record,
        "id recordid employeeid employeeno employeenumber staffid staffno staffnumber personnelnumber personnelno \
         studentid clientid customerid externalid crmid code табельныйномер табномер таб табельный кодсотрудника код \
         номеркарты идентификатор personalnummer personalnr persnr mitarbeiternummer mitarbeiternr matrikelnummer kundennummer kundennr customerno customernumber ssn passport passportno taxid vat iban pesel ausweisnr \
         steuernummer steuerid svnr vertragsnummer vertragsnr иин инн снилс паспорт лицевойсчет договор номердоговора номерпаспорта",
    ),
    (
        PasteColumn::Note,
        "note notes comment comments remark remarks примечание примечания комментарий комментарии заметка заметки \
         дополнительно заўвага нататка каментар bemerkung bemerkungen anmerkung notiz notizen hinweis kommentar",
    ),
    (PasteColumn::Place, "no nr num number n пп nпп номер номерпп lfdnr"),
    (
        PasteColumn::Other,
        "address адрес birthday birthdate dateofbirth датарождения \
         timestamp отметкавремени дата date status статус reason причина grund password пароль passwort website site url сайт sex gender пол country страна city \
         город language язык geburtsdatum geburtstag anschrift adresse plz ort land salary зарплата fax faxnumber faxno telefax \
         факс телефакс номерфакса faxnummer faxnr groupstatus emailstatus emailpreference postingpermissions joinyear joinmonth \
         joinday",
    ),
];

/// One letter before a colon on a card: `M: +49…`.
const SHORT: [(&str, PasteColumn); 10] = [
    ("e", PasteColumn::Email),
    ("m", PasteColumn::Phone),
    ("t", PasteColumn::Phone),
    ("p", PasteColumn::Phone),
    ("ph", PasteColumn::Phone),
    ("т", PasteColumn::Phone),
    ("м", PasteColumn::Phone),
    ("п", PasteColumn::Email),
    ("nm", PasteColumn::Name),
    ("org", PasteColumn::Unit),
];

/// What a head says of its column; nothing where it is none.
pub fn column_of(head: &str) -> Option<PasteColumn> {
    if head.len() > 80 || head.contains('@') {
        return None;
    }
    // `ФИО / Name`
    if let Some((one, other)) = head.split_once('/').filter(|(one, other)| !one.is_empty() && !other.contains('/')) {
        return match (column_of(one), column_of(other)) {
            (Some(one), Some(other)) if one == other => Some(one),
            // `тел/факс`
            (Some(PasteColumn::Phone), Some(PasteColumn::Other)) => Some(PasteColumn::Phone),
            _ => LISTED.get(bare(head).as_str()).copied(),
        };
    }
    if matches!(head.trim(), "№" | "#" | "N" | "№ п/п" | "n/n") {
        return Some(PasteColumn::Place);
    }
    if may_hold_contact(head) {
        return None;
    }
    // What stands in brackets explains: `Phone (mobile)`, `E-mail*`.
    let head = head.split(['(', '[']).next().filter(|before| !before.trim().is_empty()).unwrap_or(head);
    let plain = head.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase);
    let plain: String = plain.map(|letter| if letter == 'ё' { 'е' } else { letter }).collect();
    if plain.is_empty() {
        return None;
    }
    LISTED.get(plain.as_str()).or_else(|| LISTED.get(without_address(&plain)?)).copied()
}

/// Of what a head speaks that is not listed: `E-mail 1 - Value`, `Parent's phone`. It is one only where such things stand below it.
pub fn speaks_of(head: &str) -> Option<PasteColumn> {
    const MAIL: [&str; 5] = ["mail", "почт", "пошт", "имейл", "емейл"];
    const PHONES: [&str; 9] = ["phone", "тел", "тэл", "моб", "mobil", "cell", "handy", "whatsapp", "viber"];
    const THERE_IS_NONE: [&str; 5] = ["no ", "нет", "без ", "kein", "няма"];
    let head = head.trim().to_lowercase();
    let is_none = THERE_IS_NONE.iter().any(|none| head.starts_with(none));
    // What kind of address it is says no address: `E-mail 1 - Label`.
    let is_kind = ["label", "type"].iter().any(|word| head.ends_with(word));
    if is_none || is_kind || head.chars().count() > 60 || may_hold_contact(&head) {
        return None;
    }
    // `учитель` and `excellent` speak of no phone.
    let begins = |word: &&str| {
        let mut found = head.match_indices(*word);
        found.any(|(at, _)| head.get(..at).is_some_and(|before| !before.ends_with(char::is_alphabetic)))
    };
    if MAIL.iter().any(|word| head.contains(word)) {
        Some(PasteColumn::Email)
    } else if head.contains("phone") || PHONES.iter().any(begins) {
        Some(PasteColumn::Phone)
    } else {
        None
    }
}

/// The head of a question of a web form: `Your full name`, `Укажите Ваш телефон`.
fn without_address(plain: &str) -> Option<&str> {
    const ASKS: [&str; 8] = ["please", "enter", "whatis", "пожалуйста", "введите", "укажите", "bitte", "wieist"];
    const YOURS: [&str; 10] = ["your", "ваши", "ваше", "ваша", "ваш", "вашу", "ihre", "ihr", "deine", "dein"];
    let mut rest = plain;
    while let Some(behind) = ASKS.iter().find_map(|ask| rest.strip_prefix(ask)) {
        rest = behind;
    }
    let behind = YOURS.iter().filter_map(|yours| rest.strip_prefix(yours)).min_by_key(|behind| behind.len());
    Some(behind.unwrap_or(rest)).filter(|rest| rest.len() < plain.len())
}

/// The lists by word; of one that stands on several, the first counts.
static LISTED: LazyLock<HashMap<&'static str, PasteColumn>> = LazyLock::new(|| {
    let all = HEADS.iter().rev();
    all.flat_map(|(column, words)| words.split_ascii_whitespace().map(|word| (word, *column))).collect()
});

/// Of two columns of units, or of roles, the one that says more counts: beside a department the company is known, and beside a role the
/// profession is no right.
fn prefer_finer(columns: &mut [Option<PasteColumn>], cells: &[&str]) {
    const COARSE: [(PasteColumn, &str); 2] = [
        (PasteColumn::Unit, "company organisation organization org firma организация компания предприятие"),
        (
            PasteColumn::Role,
            "position jobtitle job title profession occupation должность профессия специальность пасада stelle beruf",
        ),
    ];
    for (kind, words) in COARSE {
        let is_coarse = |at: &usize| {
            let cell = cells.get(*at).map(|cell| bare(cell)).unwrap_or_default();
            words.split_ascii_whitespace().any(|word| word == cell)
        };
        let held: Vec<usize> = (0..columns.len()).filter(|at| columns.get(*at) == Some(&Some(kind))).collect();
        let coarse: Vec<usize> = held.iter().copied().filter(is_coarse).collect();
        if coarse.len() == held.len() {
            continue;
        }
        for at in coarse {
            if let Some(column) = columns.get_mut(at) {
                *column = Some(PasteColumn::Other);
            }
        }
    }
}

/// A head in small letters, without spaces and signs.
fn bare(head: &str) -> String {
    head.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether a head says that somebody can be reached there, and what stands below says how.
fn says_way(head: &str) -> bool {
    const WAYS: &str = "
        contact contacts contactdetails contactinfo contactinformation контакт контакты контактныеданные контактнаяинформация
        кантакты kontakt kontaktdaten kontakte coordonnées";
    let plain = bare(head);
    WAYS.split_ascii_whitespace().any(|way| way == plain)
}

/// How many heads say no more than that. Where others say how, `Contact` is somebody.
fn take_ways(columns: &mut [Option<PasteColumn>], cells: &[&str]) -> usize {
    let is_reached = columns.iter().flatten().any(|way| matches!(way, PasteColumn::Email | PasteColumn::Phone));
    if is_reached || cells.len() < 2 {
        return 0;
    }
    let ways = columns.iter_mut().zip(cells).filter(|(_, cell)| says_way(cell));
    ways.map(|(column, _)| *column = None).count()
}

/// Which heads are those of names where their words leave it open: nobody is called by two names, and where none is listed,
/// whoever does the work is named: `Branch`, `Stylist`, `Contact`.
fn take_names(columns: &mut [Option<PasteColumn>], cells: &[&str]) {
    const INFORMAL: [&str; 6] = ["displayname", "nickname", "псевдоним", "никнейм", "anzeigename", "spitzname"];
    let is_informal = |cell: &&str| INFORMAL.contains(&bare(cell).as_str());
    let is_whole = |column: &Option<PasteColumn>| matches!(column, Some(PasteColumn::Name | PasteColumn::LastName));
    let is_named = columns.iter().zip(cells).any(|(column, cell)| is_whole(column) && !is_informal(cell));
    for (column, _) in columns.iter_mut().zip(cells).filter(|(_, cell)| is_informal(cell)) {
        *column = Some(if is_named { PasteColumn::Other } else { PasteColumn::Name });
    }
    let is_way = |at: &usize| {
        let is_listed = matches!(columns.get(*at), Some(Some(PasteColumn::Email | PasteColumn::Phone)));
        is_listed || cells.get(*at).is_some_and(|cell| says_way(cell))
    };
    let Some(way) = (0..columns.len()).find(is_way) else { return };
    if columns.iter().flatten().any(|column| column.is_name()) {
        return;
    }
    let is_role = |at: &usize| {
        columns.get(*at) == Some(&None) && cells.get(*at).is_some_and(|cell| kind_of(cell) == TextKind::Role)
    };
    // Behind the addresses, such a head asks whether somebody is one: `Email`, `Admin`.
    let roles: Vec<usize> = (0..way).filter(is_role).collect();
    if let [only] = roles.as_slice()
        && let Some(column) = columns.get_mut(*only)
    {
        *column = Some(PasteColumn::Name);
    }
}

/// Whether a head is about somebody else than the row: who leads them.
fn is_of_superior(head: &str) -> bool {
    const SUPERIORS: [&str; 10] = [
        "manager",
        "supervisor",
        "reports to",
        "boss",
        "руководител",
        "начальник",
        "подчиняется",
        "vorgesetzt",
        "leiter",
        "superior",
    ];
    let head = head.to_lowercase();
    SUPERIORS.iter().any(|word| head.contains(word))
}

/// What a label before a colon says of what follows.
pub fn label_of(label: &str) -> Option<PasteColumn> {
    const ROLES: [&str; 10] = [
        "teacher",
        "student",
        "pupil",
        "learner",
        "lehrer",
        "schüler",
        "учитель",
        "преподаватель",
        "ученик",
        "участник",
    ];
    if ROLES.contains(&label.trim().to_lowercase().as_str()) {
        return None;
    }
    // `EMAIL;TYPE=INTERNET`, `TEL;CELL`, `item1.EMAIL` on a card for address books.
    let label = match label.split_once('.') {
        Some((item, label)) if item.strip_prefix("item").is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit())) => {
            label
        }
        _ => label,
    };
    let is_kind = |kind: &str| {
        !kind.contains('@') && (kind.contains('=') || kind.bytes().all(|b| b.is_ascii_uppercase() || b == b';'))
    };
    let label = match label.split_once(';') {
        Some((label, kind)) if is_kind(kind) => label.trim(),
        Some(_) => return None,
        None => label.trim(),
    };
    let small = label.trim_end_matches('.').to_lowercase();
    column_of(label)
        .or_else(|| one_of_several(label))
        .or_else(|| SHORT.iter().find(|(short, _)| *short == small).map(|(_, column)| *column))
}

/// A label of which the last word only says which one it is: `Tel. P`, `Telefon privat`, `Mobile 2`, `E-mail (work)`.
fn one_of_several(label: &str) -> Option<PasteColumn> {
    let (before, which) =
        label.trim_end_matches(['.', ' ']).rsplit_once(|letter: char| letter.is_whitespace() || letter == '.')?;
    let which = which.trim_matches(['(', ')', '.', ' ']);
    let is_which = which.chars().count() == 1 || says_which(which) || column_of(which) == Some(PasteColumn::Phone);
    let column = column_of(before).filter(|_| is_which)?;
    matches!(column, PasteColumn::Phone | PasteColumn::Email).then_some(column)
}

/// The columns of a line of heads; nothing where the line is none. Two known heads make one, or one where no cell is anything else.
pub fn heads(cells: &[&str]) -> Option<Vec<Option<PasteColumn>>> {
    let mut columns: Vec<Option<PasteColumn>> = cells.iter().map(|cell| column_of(cell)).collect();
    let ways = take_ways(&mut columns, cells);
    take_names(&mut columns, cells);
    // `Student e-mail` beside `Student`; of several such the first.
    for wanted in [PasteColumn::Email, PasteColumn::Phone] {
        let spoken = cells.iter().position(|cell| {
            column_of(cell).is_none()
                && speaks_of(cell) == Some(wanted)
                && !is_of_superior(cell)
                && relation_of(cell).is_none()
        });
        if let Some(at) = spoken
            && !columns.contains(&Some(wanted))
            && columns.iter().flatten().any(|column| column.is_name())
            && let Some(column) = columns.get_mut(at)
        {
            *column = Some(wanted);
        }
    }
    let filled = cells.iter().filter(|cell| cell.chars().any(char::is_alphanumeric)).count();
    let known = columns.iter().flatten().count() + ways;
    // Where names and addresses have their heads, whatever else stands there is one, too.
    let is_whole =
        columns.contains(&Some(PasteColumn::Email)) && columns.iter().flatten().any(|column| column.is_name());
    if known < 2 && !(known == 1 && filled == 1 && cells.len() == 1) || known * 2 < filled && !is_whole {
        return None;
    }
    // Beside a surname, `Имя` is the first name; beside a `Vorname`, `Name` is the surname.
    let has = |columns: &[Option<PasteColumn>], column| columns.contains(&Some(column));
    let (first, last) = (has(&columns, PasteColumn::FirstName), has(&columns, PasteColumn::LastName));
    let name = match (first, last) {
        (true, false) => PasteColumn::LastName,
        (false, true) => PasteColumn::FirstName,
        _ => PasteColumn::Name,
    };
    for column in columns.iter_mut().filter(|column| **column == Some(PasteColumn::Name)) {
        *column = Some(name);
    }
    prefer_finer(&mut columns, cells);
    // Whoever leads them, and whose parents those are whose own address stands there, are said and not meant.
    for (column, cell) in columns.iter_mut().zip(cells) {
        if column.is_none() && (is_of_superior(cell) || relation_of(cell).is_some()) {
            *column = Some(PasteColumn::Note);
        }
    }
    Some(columns)
}
