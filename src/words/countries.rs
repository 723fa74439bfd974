//! The names of countries whose phone numbers are most often typed; of the others the country code is said.

use super::Language;

impl Language {
    /// A country by its ISO 3166 code, as it stands behind "of"; nothing where no name is kept.
    pub fn of_country(self, region: &str) -> Option<&'static str> {
        let (english, russian) = match region {
            "AM" => ("Armenia", "Армении"),
            "AT" => ("Austria", "Австрии"),
            "AZ" => ("Azerbaijan", "Азербайджана"),
            "BE" => ("Belgium", "Бельгии"),
            "BG" => ("Bulgaria", "Болгарии"),
            "BY" => ("Belarus", "Беларуси"),
            "CH" => ("Switzerland", "Швейцарии"),
            "CN" => ("China", "Китая"),
            "CZ" => ("Czechia", "Чехии"),
            "DE" => ("Germany", "Германии"),
            "DK" => ("Denmark", "Дании"),
            "EE" => ("Estonia", "Эстонии"),
            "ES" => ("Spain", "Испании"),
            "FR" => ("France", "Франции"),
            "GE" => ("Georgia", "Грузии"),
            "GR" => ("Greece", "Греции"),
            "HU" => ("Hungary", "Венгрии"),
            "IE" => ("Ireland", "Ирландии"),
            "IL" => ("Israel", "Израиля"),
            "IN" => ("India", "Индии"),
            "KG" => ("Kyrgyzstan", "Кыргызстана"),
            "LT" => ("Lithuania", "Литвы"),
            "LV" => ("Latvia", "Латвии"),
            "MD" => ("Moldova", "Молдовы"),
            "NL" => ("the Netherlands", "Нидерландов"),
            "PL" => ("Poland", "Польши"),
            "PT" => ("Portugal", "Португалии"),
            "RO" => ("Romania", "Румынии"),
            "RS" => ("Serbia", "Сербии"),
            "SE" => ("Sweden", "Швеции"),
            "SK" => ("Slovakia", "Словакии"),
            "TJ" => ("Tajikistan", "Таджикистана"),
            "TM" => ("Turkmenistan", "Туркменистана"),
            "TR" => ("Türkiye", "Турции"),
            "UA" => ("Ukraine", "Украины"),
            "UZ" => ("Uzbekistan", "Узбекистана"),
            _ => return None,
        };
        Some(match self {
            Self::English => english,
            Self::Russian => russian,
        })
    }
}
