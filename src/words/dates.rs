//! The names of days and months, and in which order a date stands.

use super::Language;
use super::pages::russian;

impl Language {
    /// How long something still works, in whole days, else in whole hours. What has only just begun has all of its time.
    pub fn time_left(self, seconds: i64) -> String {
        let hours = usize::try_from((seconds + 300) / 3_600).unwrap_or_default();
        let (n, one, many, forms) = match (hours + 2) / 24 {
            0 => (hours, "hour", "hours", ["час", "часа", "часов"]),
            days => (days, "day", "days", ["день", "дня", "дней"]),
        };
        match self {
            _ if n == 0 => self.less_than_an_hour_left().into(),
            Self::English => format!("{n} {} left", if n == 1 { one } else { many }),
            // The verb agrees with one, too: остался один день.
            Self::Russian => format!("ещё {n} {}", russian(n, forms)),
        }
    }

    /// So many days.
    pub fn days(self, n: i64) -> String {
        let n = usize::try_from(n).unwrap_or_default();
        match self {
            Self::English => format!("{n} {}", if n == 1 { "day" } else { "days" }),
            Self::Russian => format!("{n} {}", russian(n, ["день", "дня", "дней"])),
        }
    }

    /// That an invitation was sent again, and how many days ago.
    pub fn sent_again(self, days: usize) -> String {
        match (self, days) {
            (Self::English, 0) => "sent again today".into(),
            (Self::English, 1) => "sent again yesterday".into(),
            (Self::English, n) => format!("sent again {n} days ago"),
            (Self::Russian, 0) => "повторено сегодня".into(),
            (Self::Russian, 1) => "повторено вчера".into(),
            (Self::Russian, n) => format!("повторено {n} {} назад", russian(n, ["день", "дня", "дней"])),
        }
    }

    /// That somebody was reminded of an invitation, and how many days ago.
    pub fn reminded(self, days: usize) -> String {
        match (self, days) {
            (Self::English, 0) => "reminded today".into(),
            (Self::English, 1) => "reminded yesterday".into(),
            (Self::English, n) => format!("reminded {n} days ago"),
            (Self::Russian, 0) => "напоминание сегодня".into(),
            (Self::Russian, 1) => "напоминание вчера".into(),
            (Self::Russian, n) => format!("напоминание {n} {} назад", russian(n, ["день", "дня", "дней"])),
        }
    }

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

#[cfg(test)]
mod tests {
    use super::Language::{English, Russian};

    #[test]
    fn what_is_left_is_said_in_days_then_in_hours() {
        for (seconds, english, russian) in [
            (-5, "less than an hour left", "меньше часа"),
            (3_299, "less than an hour left", "меньше часа"),
            (3_590, "1 hour left", "ещё 1 час"),
            (8 * 3_600 - 10, "8 hours left", "ещё 8 часов"),
            (3_600, "1 hour left", "ещё 1 час"),
            (21 * 3_600, "21 hours left", "ещё 21 час"),
            (36 * 3_600, "1 day left", "ещё 1 день"),
            (7 * 86_400 - 60, "7 days left", "ещё 7 дней"),
            (86_400, "1 day left", "ещё 1 день"),
            (19 * 86_400, "19 days left", "ещё 19 дней"),
            (22 * 86_400 + 7, "22 days left", "ещё 22 дня"),
        ] {
            assert_eq!((English.time_left(seconds), Russian.time_left(seconds)), (english.into(), russian.into()));
        }
    }
}
