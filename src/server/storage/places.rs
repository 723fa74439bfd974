//! Values by their places in a statement. Ours say `$1`; for SQLite that is a name, which is looked up among all others for each value,
//! so that long lists take time by the square of their length. Where there are many, this writes `?` instead, with each value where it is
//! used. Nothing is known here of what a statement says, nor of the database.

use sqlx::{AssertSqlSafe, SqlSafeStr, SqlStr};

/// From how many values on the names cost more than writing the statement anew.
const MANY: usize = 12;

/// A statement with its values in the order in which it uses them, for a database that counts places and does not name them.
pub(super) fn in_order<T>(sql: SqlStr, values: &[T]) -> (SqlStr, Vec<&T>) {
    if values.len() >= MANY
        && let Some((text, used)) = counted(sql.as_str(), values)
    {
        return (AssertSqlSafe(text).into_sql_str(), used);
    }
    (sql, values.iter().collect())
}

/// The same, unless the statement counts its places already or names one for which there is no value.
fn counted<'a, T>(sql: &str, values: &'a [T]) -> Option<(String, Vec<&'a T>)> {
    let (mut text, mut used) = (String::with_capacity(sql.len()), Vec::with_capacity(values.len()));
    // What stands between quotes is a text.
    for (nth, part) in sql.split('\'').enumerate() {
        if nth > 0 {
            text.push('\'');
        }
        if nth % 2 == 1 {
            text.push_str(part);
            continue;
        }
        let mut pieces = part.split('$');
        text.push_str(pieces.next().unwrap_or_default());
        for piece in pieces {
            let end = piece.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(piece.len());
            let (number, rest) = piece.split_at_checked(end)?;
            used.push(values.get(number.parse::<usize>().ok()?.checked_sub(1)?)?);
            text.push('?');
            text.push_str(rest);
        }
    }
    (!used.is_empty()).then_some((text, used))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn each_value_stands_where_it_is_used() {
        let values: Vec<usize> = (1..=12).collect();
        let of =
            |sql: &str| counted(sql, &values).map(|(text, used)| (text, used.into_iter().copied().collect::<Vec<_>>()));
        for (sql, text, used) in [
            ("a = $2 and b in ($1, $10)", "a = ? and b in (?, ?)", vec![2, 1, 10]),
            ("a = $1 or b = $1", "a = ? or b = ?", vec![1, 1]),
            ("a = '$3' and b = $3", "a = '$3' and b = ?", vec![3]),
            ("a = 'it''s $1' and b = $12", "a = 'it''s $1' and b = ?", vec![12]),
        ] {
            assert_eq!(of(sql), Some((text.to_string(), used)), "{sql}");
        }
        for sql in ["a = ?", "a = $0", "a = $13", "a = $x", "a = $", "a = $99999999999999999999"] {
            assert_eq!(of(sql), None, "{sql}");
        }
    }

    #[test]
    fn a_short_statement_is_left_as_it_is() {
        let (sql, used) = in_order(SqlStr::from_static("a = $1"), &[7]);
        assert_eq!((sql.as_str(), used), ("a = $1", vec![&7]));
    }

    proptest! {
        #[test]
        fn as_many_places_as_values(order in prop::collection::vec(1_usize..40, 1..80)) {
            let values: Vec<usize> = (1..40).collect();
            let sql = order.iter().map(|at| format!("${at}")).collect::<Vec<_>>().join(", ");
            let (text, used) = in_order(AssertSqlSafe(sql).into_sql_str(), &values);
            prop_assert_eq!(text.as_str(), vec!["?"; order.len()].join(", "));
            prop_assert_eq!(used.into_iter().copied().collect::<Vec<_>>(), order);
        }
    }
}
