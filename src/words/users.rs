//! The words of the users table, of a person's card and of the questions asked there.

words! {
    until(when: &str) = "until {when}" | "до {when}";
}
