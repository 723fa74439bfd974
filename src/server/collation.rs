//! How texts sort for people: letters beside their marked and capital forms, each alphabet in its own order, as Unicode's
//! root collation has it. The keys are made here and kept in the tables, so that both databases sort alike, byte for byte.
//! Which text of a person or a unit makes the key is for `storage` to say.

use icu_collator::CollatorBorrowed;
use icu_collator::options::{CollatorOptions, Strength};

/// The longest key, in characters: longer ones are cut, and whoever's begin alike that far stands in the order of being
/// added.
const LONGEST: usize = 100;

/// By letters, then by their marks; capital and small letters are the same. Its data is part of the program, and is read where
/// it lies.
static ROOT: CollatorBorrowed<'static> = CollatorBorrowed::new_root({
    let mut options = CollatorOptions::default();
    options.strength = Some(Strength::Secondary);
    options
});

/// The key of a text. Keys compare by their bytes as the texts compare for people; a key has no use but this.
///
/// Each byte of the collation's own key becomes the character of this number, which keeps their order in UTF-8.
pub fn sort_key(text: &str) -> String {
    let mut bytes = Vec::with_capacity(LONGEST);
    let Ok(()) = ROOT.write_sort_key_to(text, &mut bytes);
    bytes.into_iter().take(LONGEST).map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// L-02: a list that is sorted comes out as it was written.
    #[test]
    fn names_sort_as_people_read_them() {
        let sorted = |names: &[&'static str]| {
            let mut sorted = names.to_vec();
            sorted.sort_by_key(|name| sort_key(name));
            sorted
        };
        for names in [
            vec![
                "adam", "Ärlig", "Arlo", "Boris", "čech", "Cecil", "Čermák", "dora", "Echo", "Éva", "Łukasz", "Žižka",
                "zoe",
            ],
            vec![
                "Ахмед",
                "Ежов",
                "Ёлкин",
                "Елтышев",
                "Иванов",
                "Іван",
                "Йозеф",
                "Уладзімір",
                "Ўладзя",
                "Фёдар",
                "Яраслаў",
            ],
            vec!["Αγγελος", "Άννα", "Βασίλης", "Ωμέγα"],
            vec!["Anna", "Zoe", "Ωμέγα", "Анна", "გიორგი", "שלום", "أحمد", "हिन्दी", "김", "山田"],
        ] {
            assert_eq!(sorted(&names), names);
        }
        assert_eq!(sort_key("ANNA"), sort_key("anna"));
        assert_eq!(sort_key("Zoe\u{308}"), sort_key("Zoë"));
        assert_eq!(sort_key("\u{1112}\u{1161}\u{11ab}"), sort_key("한"));
        assert!(sort_key("Arlig") < sort_key("Ärlig") && sort_key("Ärlig") < sort_key("Arlih"));
    }

    #[test]
    fn a_key_has_an_end_and_is_a_text_that_every_database_keeps() {
        let long = "Щ".repeat(200);
        assert!(sort_key(&long).chars().count() <= LONGEST);
        assert!(sort_key(&long).starts_with(&sort_key("ЩЩЩ")[..3]));
    }

    proptest! {
        #[test]
        fn keys_compare_as_texts_do_and_hold_no_zero(one in "\\PC{0,20}", other in "\\PC{0,20}") {
            let (one_key, other_key) = (sort_key(&one), sort_key(&other));
            prop_assert!(!one_key.contains('\0'));
            let is_cut = [&one_key, &other_key].iter().all(|key| key.chars().count() == LONGEST);
            prop_assert!(
                one_key.as_bytes().cmp(other_key.as_bytes()) == ROOT.compare(&one, &other) || is_cut && one_key == other_key
            );
        }
    }
}
