//! The names of days and months, and in which order a date stands.

use super::Language;

impl Language {
    /// The short name of a day; 0 is Monday.
    pub fn day(self, index: usize) -> &'static str {
        let names = match self {
            Self::English => ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
            Self::Russian => ["пн", "вт", "ср", "чт", "пт", "сб", "вс"],
        };
        names[index % 7]
    }

    /// The short name of a month as it stands beside a day; 0 is January.
    pub fn short_month(self, index: usize) -> &'static str {
        let names = match self {
            Self::English => ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
            Self::Russian => ["янв", "фев", "мар", "апр", "мая", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"],
        };
        names[index % 12]
    }

    /// The name of a month as it stands in an exact date; 0 is January.
    pub fn month_in_date(self, index: usize) -> &'static str {
        let genitive = [
            "января",
            "февраля",
            "марта",
            "апреля",
            "мая",
            "июня",
            "июля",
            "августа",
            "сентября",
            "октября",
            "ноября",
            "декабря",
        ];
        match self {
            Self::English => self.short_month(index),
            Self::Russian => genitive[index % 12],
        }
    }
}
