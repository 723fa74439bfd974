//! What spreadsheets do to numbers and names before they are copied: named, so that whoever pastes them can mend the sheet.
//! It must not guess what was there.

use serde::{Deserialize, Serialize};

/// What a spreadsheet did to a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum SheetDamage {
    /// `3,75291E+11`: the number was shortened, its last digits are gone.
    Shortened,
    /// `########`: the column was too narrow.
    Hidden,
    /// `#N/A`, `#ССЫЛКА!`: the formula found nothing.
    Formula,
    /// `05.май`: a class or a unit was taken for a date.
    Date,
}

impl SheetDamage {
    /// What was done to a number. Rows of `#` say it only where nothing stands beside them.
    pub fn of_number(text: &str, is_alone: bool) -> Option<Self> {
        let text = text.trim_matches(['\'', '"', '=', ' ']);
        if is_alone && text.len() >= 4 && text.bytes().all(|byte| byte == b'#') {
            return Some(Self::Hidden);
        }
        let (digits, power) = text.split_once(['E', 'e', 'Е', 'е'])?;
        let power = power.strip_prefix('+')?;
        let is_shortened = digits.bytes().next().is_some_and(|byte| byte.is_ascii_digit())
            && digits.bytes().all(|byte| byte.is_ascii_digit() || b".,".contains(&byte))
            && (1..=2).contains(&power.len())
            && power.bytes().all(|byte| byte.is_ascii_digit());
        is_shortened.then_some(Self::Shortened)
    }

    /// What was done to a cell of text.
    pub fn of_text(text: &str) -> Option<Self> {
        const ERRORS: [&str; 15] = [
            "#N/A",
            "#NAME?",
            "#REF!",
            "#VALUE!",
            "#DIV/0!",
            "#NUM!",
            "#NULL!",
            "#Н/Д",
            "#ИМЯ?",
            "#ССЫЛКА!",
            "#ЗНАЧ!",
            "#ДЕЛ/0!",
            "#ЧИСЛО!",
            "#NV",
            "#BEZUG!",
        ];
        const MONTHS: [&str; 34] = [
            "янв", "фев", "мар", "апр", "май", "мая", "июн", "июл", "авг", "сен", "окт", "ноя", "дек", "jan", "feb",
            "mar", "mär", "apr", "may", "mai", "jun", "jul", "aug", "sep", "oct", "okt", "nov", "dec", "dez", "лют",
            "крас", "май.", "mrz", "січ",
        ];
        let text = text.trim();
        if ERRORS.contains(&text.to_uppercase().as_str()) {
            return Some(Self::Formula);
        }
        if let Some(damage) = Self::of_number(text, true) {
            return Some(damage);
        }
        let (one, other) = text.split_once(['.', '-', ' '])?;
        let is_day = |part: &str| (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        let is_month = |part: &str| MONTHS.contains(&part.trim_end_matches('.').to_lowercase().as_str());
        let is_date = (is_day(one) && is_month(other)) || (is_month(one) && is_day(other));
        is_date.then_some(Self::Date)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_did_is_named() {
        use SheetDamage::*;
        for (text, damage) in [
            ("3,75291E+11", Some(Shortened)),
            ("3.75E+11", Some(Shortened)),
            ("########", Some(Hidden)),
            ("#N/A", Some(Formula)),
            ("#Н/Д", Some(Formula)),
            ("05.май", Some(Date)),
            ("5-May", Some(Date)),
            ("Oct-10", Some(Date)),
            ("5-6", None),
            ("5А", None),
            ("+375291112233", None),
            ("Anna", None),
        ] {
            assert_eq!(SheetDamage::of_text(text), damage, "{text}");
            let _ = SheetDamage::of_number(text, false);
        }
    }
}
