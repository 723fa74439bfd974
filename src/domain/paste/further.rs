//! Further addresses of those in a line who have one already: `…, private: anna@…`, `(old: anna@…)`, or two made of one name.
//! Nobody is invited twice: they are said beside the first. It must not look at other lines.

use super::{
    contacts::{FoundContact, find_contacts},
    lexicon::{self, TextKind},
    made_of::is_made_of_all,
};

/// A further address as it stood there, and the address beside which it is said.
pub struct FurtherAddress {
    pub of: String,
    pub text: String,
}

/// The line without them; nothing where there is none. In a table only a label says that one is another's.
pub fn without_further(line: &str, in_table: bool) -> Option<(String, Vec<FurtherAddress>)> {
    if line.matches('@').count() < 2 {
        return None;
    }
    let emails: Vec<FoundContact> = find_contacts(line).into_iter().filter(|contact| !contact.is_phone()).collect();
    let mut owner = emails.first()?;
    let mut name = line.get(..owner.range.start).map(name_before)?;
    let (mut left, mut further, mut from) = (String::new(), Vec::new(), 0);
    for pair in emails.windows(2) {
        let [before, this] = pair else { continue };
        let between = line.get(before.range.end..this.range.start).unwrap_or_default();
        let label = between.trim_matches(is_sign);
        let is_parted = !in_table && between.trim().len() == 1 && !between.contains('\t');
        let is_same = || is_parted && is_name(name) && is_made_of_all(&this.entry.pasted.typed, name);
        if !lexicon::says_which(label) && !is_same() {
            (owner, name) = (this, name_before(between));
            continue;
        }
        let start = match label {
            "" => this.range.start,
            label => before.range.end + between.find(label).unwrap_or_default(),
        };
        left.push_str(line.get(from..start).unwrap_or_default());
        from = this.range.end;
        let text = line.get(start..from).unwrap_or_default();
        // The cells of a table stay where they are.
        left.extend(text.chars().filter(|letter| ",;\t|".contains(*letter)));
        further.push(FurtherAddress { of: owner.entry.pasted.typed.clone(), text: text.to_owned() });
    }
    left.push_str(line.get(from..).unwrap_or_default());
    (!further.is_empty()).then_some((left, further))
}

/// What stands between an address and the label of the next one.
fn is_sign(letter: char) -> bool {
    letter.is_whitespace() || ",;:/|([-–—.<>)]".contains(letter)
}

/// What stands right before an address.
fn name_before(text: &str) -> &str {
    let text = text.trim_end_matches(is_sign);
    text.rsplit([',', ';', '\t', '|']).next().unwrap_or(text).trim_matches(is_sign)
}

/// Whether a text is two words of a name.
fn is_name(text: &str) -> bool {
    matches!(lexicon::kind_of(text), TextKind::Name(2))
}
