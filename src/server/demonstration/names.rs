//! Invented people: their names, addresses and numbers. The same number always gives the same person; the domain belongs to nobody,
//! and the numbers are those that are kept for stories.

use crate::domain::contact::Address;

const FIRST: [&str; 24] = [
    "Alice", "Boris", "Clara", "Daniel", "Elena", "Felix", "Greta", "Hugo", "Irina", "Jonas", "Karin", "Lukas",
    "Marta", "Nikolai", "Olga", "Pavel", "Rosa", "Stefan", "Tamara", "Ulrich", "Vera", "Walter", "Yana", "Zoltan",
];

const LAST: [&str; 19] = [
    "Adler", "Brandt", "Costa", "Dvorak", "Egorov", "Farkas", "Gruber", "Horvat", "Ivanov", "Jansen", "Kowalski",
    "Lindgren", "Meyer", "Novak", "Orlov", "Petrov", "Rossi", "Schmidt", "Tanner",
];

/// Where the numbers that are kept for stories are.
const AREAS: [u16; 4] = [202, 303, 404, 505];

/// Of which places nobody reads what is sent there.
const CLOSED: &str = "closed.linden.example";

/// Somebody invented.
pub struct Invented {
    pub first: &'static str,
    pub last: &'static str,
    pub email: String,
    pub phone: String,
}

impl Invented {
    pub fn name(&self) -> String {
        format!("{} {}", self.first, self.last)
    }
}

/// The `n`th of them; as many as there are pairs of names differ.
pub fn invented(n: usize) -> Invented {
    let (first, last) = (FIRST[n % FIRST.len()], LAST[n % LAST.len()]);
    // Every eleventh has left the address that is still known.
    let domain = if n % 11 == 10 { CLOSED } else { "linden.example" };
    let email = format!("{}.{}@{domain}", first.to_lowercase(), last.to_lowercase());
    let phone = format!("+1{}55501{:02}", AREAS[n / 100 % AREAS.len()], n % 100);
    Invented { first, last, email, phone }
}

/// Whether nobody reads what is sent to an address.
pub fn is_unknown(address: &Address) -> bool {
    address.as_str().ends_with(CLOSED)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn hundreds_of_people_differ() {
        let addresses: BTreeSet<String> = (0..400).map(|n| invented(n).email).collect();
        assert_eq!(addresses.len(), 400);
    }
}
