//! Who stands in a list and is found by a search, when both are many: the numbers of those who stand there and of those who are
//! found come as one text each, and are laid side by side here. That costs a twentieth of looking each of them up.

use super::list::{By, List};
use crate::domain::listing::Cursor;
use crate::server::storage::{Corrupt, Result, Statement, Tx};
use crate::values;

/// People by their numbers.
#[derive(Debug, Default)]
struct Numbers(Vec<u64>);

impl Numbers {
    fn of(people: &[i64]) -> Self {
        let mut bits = Vec::new();
        for person in people.iter().filter_map(|person| usize::try_from(*person).ok()) {
            let (at, bit) = (person / 64, person % 64);
            if at >= bits.len() {
                bits.resize(at + 1, 0);
            }
            if let Some(word) = bits.get_mut(at) {
                *word |= 1_u64 << bit;
            }
        }
        Self(bits)
    }

    fn has(&self, person: i64) -> bool {
        usize::try_from(person)
            .is_ok_and(|person| self.0.get(person / 64).is_some_and(|word| word >> (person % 64) & 1 == 1))
    }
}

/// Those of a list whom the index finds.
pub(super) struct Among {
    /// All of them, in the order of the list.
    pub(super) people: Vec<i64>,
    /// How many of them stand before the place where the page begins, where that is known.
    pub(super) before: Option<usize>,
}

impl Among {
    /// At most so many of those who stand where the page begins and behind it; `None` when the place is not known.
    pub(super) fn of_page(&self, most: usize) -> Option<&[i64]> {
        let behind = self.people.get(self.before?..)?;
        Some(behind.get(..most).unwrap_or(behind))
    }
}

impl List<'_> {
    /// Who stands in the list, in its order; `None` when they, or those whom one of two filters leaves, are more than `most`.
    async fn listed(&self, most: i64, tx: &mut Tx) -> Result<Option<Vec<i64>>> {
        if self.sides().is_none() {
            return numbers(self.numbers_listed(most), most, tx).await;
        }
        let Some(mut listed) = numbers(self.numbers_by(By::Status, most), most, tx).await? else { return Ok(None) };
        let Some(of_role) = numbers(self.numbers_by(By::Role, most), most, tx).await? else { return Ok(None) };
        let of_role = Numbers::of(&of_role);
        listed.retain(|person| of_role.has(*person));
        Ok(Some(listed))
    }

    /// Those of the list whom the index finds; `None` when more than `most` stand there or are found.
    pub(super) async fn among(&self, tx: &mut Tx, most: i64) -> Result<Option<Among>> {
        let Some(found) = numbers(self.numbers_found(most), most, tx).await? else { return Ok(None) };
        let found = Numbers::of(&found);
        let Some(listed) = self.listed(most, tx).await? else { return Ok(None) };
        let begin = match &self.query.from {
            Cursor::Start => Some(0),
            Cursor::After(id) | Cursor::Before(id) => {
                let at = tx.maybe_row("select number from users where id = $1", &values![id]).await?;
                let at = at.map(|row| row.number("number")).transpose()?;
                listed.iter().position(|person| Some(*person) == at).map(|at| at + 1)
            }
        };
        let is_found = |person: &&i64| found.has(**person);
        let before = begin.map(|begin| listed.iter().take(begin).filter(is_found).count());
        Ok(Some(Among { people: listed.iter().filter(is_found).copied().collect(), before }))
    }
}

/// Numbers that come as one text; `None` when they are more than `most`.
async fn numbers(statement: Statement, most: i64, tx: &mut Tx) -> Result<Option<Vec<i64>>> {
    let all = statement.row(tx).await?.maybe_text("people")?.unwrap_or_default();
    let all = all.split(',').filter(|number| !number.is_empty()).map(str::parse);
    let all: Vec<i64> = all.collect::<std::result::Result<_, _>>().map_err(|_| Corrupt::column("people"))?;
    Ok(Some(all).filter(|all| i64::try_from(all.len()).is_ok_and(|count| count <= most)))
}

/// Numbers as one text.
pub(super) fn as_text(people: &[i64]) -> String {
    people.iter().map(i64::to_string).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::{Among, Numbers};

    #[test]
    fn numbers_are_those_that_were_put_in() {
        let numbers = Numbers::of(&[0, 63, 64, 1_000, -1]);
        let known: Vec<i64> = (-2..1_100).filter(|person| numbers.has(*person)).collect();
        assert_eq!(known, [0, 63, 64, 1_000]);
        assert!(!Numbers::default().has(0) && !numbers.has(i64::MAX));
    }

    #[test]
    fn a_page_holds_those_behind_its_place() {
        let among = |before| Among { people: vec![5, 3, 9, 1], before };
        assert_eq!(among(Some(0)).of_page(2), Some(&[5, 3][..]));
        assert_eq!(among(Some(3)).of_page(2), Some(&[1][..]));
        assert_eq!(among(Some(4)).of_page(2), Some(&[][..]));
        assert_eq!(among(None).of_page(2), None);
    }
}
