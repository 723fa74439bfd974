//! The server's key and what is derived from it: the secret parts of links. The database holds nothing that opens a door:
//! a link's secret is an HMAC over its purpose, its row, its generation and the address it was made for.

use crate::domain::contact::mailbox;
use crate::domain::id::{InvitationId, ResetId, UserId};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use std::io::Write;
use std::path::Path;
use subtle::ConstantTimeEq;

/// The installation's key: 256 random bits in a file that only its owner can read.
#[derive(Clone)]
pub struct Key([u8; 32]);

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(…)")
    }
}

/// What a link is for; a link of one purpose opens nothing of another (IN-08).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    Invitation,
    /// The same door, opened by a link that an administrator handed over: it proves nothing about the mailbox.
    HandedInvitation,
    Reset,
    /// Opens the page for a lasting password to whoever gave the temporary one; the generation is the minute in which it ends.
    OwnPassword,
    /// Confirms an address; the generation is the last day on which it works, counted from 1970.
    Confirmation,
}

impl Purpose {
    fn label(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::HandedInvitation => "invitation, handed over",
            Self::Reset => "password reset",
            Self::OwnPassword => "own password",
            Self::Confirmation => "confirmation of an address",
        }
    }
}

/// A link taken apart; not yet known to be one of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    pub id: String,
    pub generation: i64,
    seal: [u8; 16],
}

/// A short link taken apart; not yet known to be one of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShortLink {
    made_at: i64,
    seal: [u8; SHORT_SEAL],
    /// It was handed over, as a code to be typed.
    is_handed: bool,
}

/// How many bytes seal a short link: 72 bits, which is more than anybody guesses at a door that lets in thirty tries a minute
/// (IN-14). What it opens is the whole link, with all of its conditions.
const SHORT_SEAL: usize = 9;

impl Key {
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Reads the key file; `None` when there is none.
    ///
    /// # Errors
    /// `InvalidData` when the file holds no key.
    pub fn read(path: &Path) -> std::io::Result<Option<Self>> {
        let text = match std::fs::read_to_string(path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            text => text?,
        };
        Self::from_text(&text).map(Some).ok_or_else(|| {
            std::io::Error::new(std::io::ErrorKind::InvalidData, "the key file does not hold a key of 32 bytes")
        })
    }

    /// Makes a key and its file (mode 0600), which must not be there.
    pub fn make(path: &Path) -> std::io::Result<Self> {
        let text = super::random::secret();
        let key = Self::from_text(&text).ok_or(std::io::ErrorKind::InvalidData)?;
        key.write(path)?;
        Ok(key)
    }

    /// Writes the key to a file that must not be there yet (mode 0600).
    pub fn write(&self, path: &Path) -> std::io::Result<()> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path)?;
        file.write_all(self.to_text().as_bytes())?;
        file.sync_all()
    }

    /// The key as its file and a backup hold it.
    pub fn to_text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// The key of such a text.
    pub fn from_text(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text.trim()).ok()?;
        bytes.try_into().ok().map(Self)
    }

    /// By what the database knows the key again; nobody gets from it to the key.
    pub fn fingerprint(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.mac(&["fingerprint of the key"]))
    }

    fn mac(&self, parts: &[&str]) -> [u8; 16] {
        // A key of 32 bytes is always taken; the fallback can never be reached with another one.
        let Ok(mut mac) = <Hmac<Sha256> as KeyInit>::new_from_slice(&self.0) else {
            std::process::abort();
        };
        for part in parts {
            mac.update(part.as_bytes());
            mac.update(b"\n");
        }
        let full = mac.finalize().into_bytes();
        let mut half = [0; 16];
        half.copy_from_slice(&full[..16]);
        half
    }

    /// `address` is its mark; links of older versions were sealed over the address itself.
    fn seal(&self, purpose: Purpose, id: &str, generation: i64, address: &str) -> [u8; 16] {
        self.mac(&[purpose.label(), id, &generation.to_string(), address])
    }

    /// What stays of an address that was erased: enough to know a genuine link, and no way back to the address.
    pub fn mark_of(&self, address: &str) -> String {
        self.counted("address", address)
    }

    /// The part of an invitation's link behind `/i/`.
    pub fn invitation_link(&self, id: &InvitationId, generation: i64, address: &str) -> String {
        self.link(Purpose::Invitation, id.as_str(), generation, address)
    }

    /// The part behind `/s/` of an invitation's link for a text message: twenty letters, of which twelve are the secret.
    pub fn short_link(&self, id: &InvitationId, generation: i64, address: &str) -> String {
        let made = uuid::Uuid::parse_str(id.as_str()).map(uuid::Uuid::into_bytes).unwrap_or_default();
        let mut bytes = [0; 6 + SHORT_SEAL];
        bytes[..6].copy_from_slice(&made[..6]);
        bytes[6..].copy_from_slice(&self.short_seal(false, id.as_str(), generation, &self.mark_of(address)));
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// A code that can be typed instead of a link that is handed over, and opens no more than that one.
    pub fn handed_code(&self, id: &InvitationId, generation: i64, address: &str) -> String {
        let id_bytes = uuid::Uuid::parse_str(id.as_str()).map(uuid::Uuid::into_bytes).unwrap_or_default();
        let mut bytes = [0; 6 + SHORT_SEAL];
        bytes[..6].copy_from_slice(&id_bytes[..6]);
        bytes[6..].copy_from_slice(&self.short_seal(true, id.as_str(), generation, &self.mark_of(address)));
        typed_code(&bytes)
    }

    fn short_seal(&self, is_handed: bool, id: &str, generation: i64, mark: &str) -> [u8; SHORT_SEAL] {
        let mut seal = [0; SHORT_SEAL];
        let label = if is_handed { "invitation, handed code" } else { "invitation, short link" };
        let whole = self.mac(&[label, id, &generation.to_string(), mark]);
        seal.copy_from_slice(&whole[..SHORT_SEAL]);
        seal
    }

    /// The whole link for which a short one stands, if it is one of this invitation's, up to the newest; `mark` is its address's.
    pub fn whole_link(&self, short: &ShortLink, id: &InvitationId, newest: i64, mark: &str) -> Option<String> {
        let oldest = newest.saturating_sub(MOST_OLD_LINKS);
        let seal = |generation: i64| self.short_seal(short.is_handed, id.as_str(), generation, mark);
        let is_of = |generation: &i64| seal(*generation).ct_eq(&short.seal).into();
        let generation = (oldest.max(1)..=newest).rev().find(is_of)?;
        let purpose = if short.is_handed { Purpose::HandedInvitation } else { Purpose::Invitation };
        Some(self.link_for_mark(purpose, id.as_str(), generation, mark))
    }

    /// The same for a link that an administrator hands over.
    pub fn handed_invitation_link(&self, id: &InvitationId, generation: i64, address: &str) -> String {
        self.link(Purpose::HandedInvitation, id.as_str(), generation, address)
    }

    /// The part of a reset link behind `/reset/`.
    pub fn reset_link(&self, id: &ResetId, address: &str) -> String {
        self.link(Purpose::Reset, id.as_str(), 1, address)
    }

    /// The part behind `/own-password/` of the link for whoever gave the temporary password of which this is the hash: with
    /// that password it ends.
    pub fn own_password_link(&self, user: &UserId, window: u16, hash: &str) -> String {
        self.link(Purpose::OwnPassword, user.as_str(), i64::from(window), hash)
    }

    /// The part behind `/confirm/` of the link that confirms somebody's address until a day.
    pub fn confirmation_link(&self, user: &UserId, last_day: i64, address: &str) -> String {
        self.link(Purpose::Confirmation, user.as_str(), last_day, address)
    }

    /// The code that goes to an invitation's address in a window of time: eight digits, which nobody has to keep.
    pub fn invitation_code(&self, id: &InvitationId, generation: i64, window: i64, address: &str) -> String {
        let (generation, window) = (generation.to_string(), window.to_string());
        let mac = self.mac(&["code to an address", id.as_str(), &generation, &window, &self.mark_of(address)]);
        format!("{:08}", u128::from_be_bytes(mac) % 100_000_000)
    }

    /// The one-time password that an invitation of this generation carries, where invitations carry one (rule 24).
    pub fn invitation_password(&self, id: &InvitationId, generation: i64, address: &str) -> String {
        let generation = generation.to_string();
        let mac = self.mac(&["password of an invitation", id.as_str(), &generation, &self.mark_of(address)]);
        super::temporary_password::written(u128::from_be_bytes(mac))
    }

    /// The name under which messages to an address are counted: that of its mailbox.
    pub fn counted_address(&self, address: &str) -> String {
        self.mark_of(&mailbox(address))
    }

    /// The name under which messages are counted that somebody causes.
    pub fn counted_inviter(&self, inviter: &UserId) -> String {
        self.counted("inviter", inviter.as_str())
    }

    /// A name by which something is counted; it tells nobody without the key what it is.
    fn counted(&self, what: &str, name: &str) -> String {
        URL_SAFE_NO_PAD.encode(self.mac(&["counted", what, name]))
    }

    fn link(&self, purpose: Purpose, id: &str, generation: i64, address: &str) -> String {
        self.link_for_mark(purpose, id, generation, &self.mark_of(address))
    }

    fn link_for_mark(&self, purpose: Purpose, id: &str, generation: i64, mark: &str) -> String {
        let id_bytes = uuid::Uuid::parse_str(id).map(uuid::Uuid::into_bytes).unwrap_or_default();
        let mut bytes = [0; 34];
        bytes[..16].copy_from_slice(&id_bytes);
        bytes[16..18].copy_from_slice(&u16::try_from(generation).unwrap_or(u16::MAX).to_be_bytes());
        bytes[18..].copy_from_slice(&self.seal(purpose, id, generation, mark));
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Where a page of people ended, for whoever asks for the next one: sealed, so that nobody learns by it who is there.
    pub fn cursor(&self, last: &UserId) -> String {
        let seal = self.mac(&["cursor", last.as_str()]);
        URL_SAFE_NO_PAD.encode([&seal, last.as_str().as_bytes()].concat())
    }

    /// The person of a cursor that we made.
    pub fn read_cursor(&self, cursor: &str) -> Option<UserId> {
        let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
        let (seal, id) = bytes.split_at_checked(16)?;
        let id = std::str::from_utf8(id).ok()?;
        let is_ours: bool = self.mac(&["cursor", id]).as_slice().ct_eq(seal).into();
        is_ours.then(|| UserId::new(id))
    }

    /// The mark of the browsers in which somebody signed in: always the same one of the same account, and from it nobody
    /// learns whose it is.
    pub fn mark(&self, user: &UserId) -> String {
        let whose = URL_SAFE_NO_PAD.encode(self.mac(&["account of a mark", user.as_str()]));
        format!("{whose}.{}", URL_SAFE_NO_PAD.encode(self.mac(&["mark", &whose])))
    }

    /// Whether a mark is one that we made.
    pub fn made_mark(&self, mark: &str) -> bool {
        let Some((whose, seal)) = mark.split_once('.') else { return false };
        let Ok(seal) = URL_SAFE_NO_PAD.decode(seal) else { return false };
        self.mac(&["mark", whose]).as_slice().ct_eq(&seal).into()
    }

    /// Whether the link is one that we made for this purpose and this address.
    pub fn made(&self, link: &Link, purpose: Purpose, address: &str) -> bool {
        let is_older = self.seal(purpose, &link.id, link.generation, address).ct_eq(&link.seal);
        (is_older | self.is_sealed(link, purpose, &self.mark_of(address))).into()
    }

    /// The same for an address that was erased, of which the mark is left.
    pub fn made_for_mark(&self, link: &Link, purpose: Purpose, mark: &str) -> bool {
        self.is_sealed(link, purpose, mark).into()
    }

    fn is_sealed(&self, link: &Link, purpose: Purpose, mark: &str) -> subtle::Choice {
        self.seal(purpose, &link.id, link.generation, mark).ct_eq(&link.seal)
    }
}

/// How many links before the newest one are still known as old ones.
const MOST_OLD_LINKS: i64 = 200;

impl ShortLink {
    /// Takes a short link apart, with whatever a message program took into it at its end; `None` when a part is missing.
    pub fn read(text: &str) -> Option<Self> {
        if let Some(bytes) = read_typed_code(text) {
            return Some(Self::of(&bytes, true));
        }
        const LETTERS: usize = 20;
        let is_around = |letter: char| !(letter.is_ascii_alphanumeric() || letter == '-' || letter == '_');
        let text = text.trim_matches(is_around);
        let bytes: [u8; 6 + SHORT_SEAL] = URL_SAFE_NO_PAD.decode(text.get(..LETTERS)?).ok()?.try_into().ok()?;
        if text.get(LETTERS..).is_some_and(|rest| !rest.is_empty()) {
            return None;
        }
        Some(Self::of(&bytes, false))
    }

    fn of(bytes: &[u8; 6 + SHORT_SEAL], is_handed: bool) -> Self {
        let mut seal = [0; SHORT_SEAL];
        seal.copy_from_slice(&bytes[6..]);
        Self { made_at: bytes[..6].iter().fold(0, |at, byte| at << 8 | i64::from(*byte)), seal, is_handed }
    }

    /// Whether a text is a code as it is handed over, however it was typed.
    pub fn is_typed_code(text: &str) -> bool {
        read_typed_code(text).is_some()
    }

    /// In which millisecond its invitation was made.
    pub fn made_at(&self) -> i64 {
        self.made_at
    }
}

/// Letters and digits that are not mistaken for one another.
const TYPED: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// How many of them a code has, in groups of four.
const TYPED_LETTERS: usize = (6 + SHORT_SEAL) * 8 / 5;

/// Bytes as a code to be typed: `K7QM-4WXD-…`.
fn typed_code(bytes: &[u8; 6 + SHORT_SEAL]) -> String {
    let number = bytes.iter().fold(0_u128, |number, byte| number << 8 | u128::from(*byte));
    let letter = |at: usize| char::from(TYPED[((number >> (5 * (TYPED_LETTERS - 1 - at))) & 31) as usize]);
    let groups: Vec<String> =
        (0..TYPED_LETTERS / 4).map(|group| (0..4).map(|at| letter(4 * group + at)).collect()).collect();
    groups.join("-")
}

/// The same read back, in small letters too, and however it is broken up.
fn read_typed_code(text: &str) -> Option<[u8; 6 + SHORT_SEAL]> {
    let letters: Vec<char> = text.chars().filter(|letter| !letter.is_whitespace() && *letter != '-').collect();
    if letters.len() != TYPED_LETTERS {
        return None;
    }
    let mut number = 0_u128;
    for letter in letters {
        let value = TYPED.iter().position(|known| char::from(*known) == letter.to_ascii_uppercase())?;
        number = number << 5 | value as u128;
    }
    let whole = number.to_be_bytes();
    whole[1..].try_into().ok()
}

impl Link {
    /// Takes a link apart; `None` when a part is missing or it is written in any way but ours (IN-01).
    pub fn read(text: &str) -> Option<Self> {
        let bytes: [u8; 34] = URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?;
        let mut id = [0; 16];
        id.copy_from_slice(&bytes[..16]);
        let mut seal = [0; 16];
        seal.copy_from_slice(&bytes[18..]);
        Some(Self {
            id: uuid::Uuid::from_bytes(id).to_string(),
            generation: i64::from(u16::from_be_bytes([bytes[16], bytes[17]])),
            seal,
        })
    }
}

/// What the database keeps instead of a session's secret.
pub fn hash(secret: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(secret.as_bytes()))
}

/// Under which name an account is counted.
pub fn hash_of_account(account: &UserId) -> String {
    hash(&format!("account {account}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

    /// IN-14, H-22: a code on paper opens what the handed link opens, and nothing genuine.
    #[test]
    fn a_typed_code_stands_for_the_handed_link_alone() {
        let key = Key::from_bytes([7; 32]);
        let (id, address) = (InvitationId::new(ID), "ivan@acme.by");
        let mark = key.mark_of(address);
        let code = key.handed_code(&id, 2, address);
        assert_eq!((code.len(), code.matches('-').count()), (29, 5), "{code}");
        for typed in [code.clone(), code.to_lowercase(), code.replace('-', " "), format!(" {} ", code.replace('-', ""))]
        {
            let short = ShortLink::read(&typed).unwrap_or_else(|| panic!("{typed}"));
            assert_eq!(short.made_at(), 0x0189_0a5d_ac96);
            assert_eq!(key.whole_link(&short, &id, 3, &mark), Some(key.handed_invitation_link(&id, 2, address)));
            assert_eq!(key.whole_link(&short, &id, 3, &key.mark_of("olga@acme.by")), None);
        }
        let last = if code.ends_with('7') { '8' } else { '7' };
        let near = format!("{}{last}", &code[..28]);
        assert!(ShortLink::read(&near).is_none_or(|short| key.whole_link(&short, &id, 3, &mark).is_none()));
        assert!(ShortLink::read(&code[..28]).is_none() && !ShortLink::is_typed_code(&key.short_link(&id, 2, address)));
    }

    /// IN-14.
    #[test]
    fn a_short_link_stands_for_one_whole_link_and_nothing_near_it_does() {
        let key = Key::from_bytes([7; 32]);
        let (id, address) = (InvitationId::new(ID), "+375291234567");
        let mark = key.mark_of(address);
        let text = key.short_link(&id, 2, address);
        assert_eq!(text.len(), 20);
        for around in [text.clone(), format!("{text}/"), format!("{text}."), format!(" {text})")] {
            let short = ShortLink::read(&around).expect("our own link");
            assert_eq!(short.made_at(), 0x0189_0a5d_ac96);
            assert_eq!(key.whole_link(&short, &id, 2, &mark), Some(key.invitation_link(&id, 2, address)));
            assert_eq!(key.whole_link(&short, &id, 9, &mark), Some(key.invitation_link(&id, 2, address)), "an old one");
            assert_eq!(key.whole_link(&short, &id, 1, &mark), None);
            assert_eq!(key.whole_link(&short, &id, 2, &key.mark_of("+375291234568")), None);
            let other = InvitationId::new("01890a5d-ac96-774b-bcce-b302099a8058");
            assert_eq!(key.whole_link(&short, &other, 2, &mark), None);
            assert_eq!(Key::from_bytes([8; 32]).whole_link(&short, &id, 2, &mark), None);
        }
        for at in 0..text.len() {
            for letter in ['A', 'b', '-', '9'] {
                let mut near = text.clone().into_bytes();
                near[at] = letter as u8;
                let near = String::from_utf8(near).expect("text");
                let found = ShortLink::read(&near).filter(|short| short.made_at() == 0x0189_0a5d_ac96);
                let opens = found.and_then(|short| key.whole_link(&short, &id, 2, &mark)).is_some();
                assert!(!opens || near == text, "{near}");
            }
        }
        for none in ["", "abc", &text[1..], &format!("{text}A"), &format!("{text}{text}")] {
            assert_eq!(ShortLink::read(none), None, "{none}");
        }
    }

    #[test]
    fn a_link_opens_only_its_own_purpose_address_and_generation() {
        let key = Key::from_bytes([7; 32]);
        let text = key.invitation_link(&InvitationId::new(ID), 2, "ivan@acme.by");
        assert!(crate::domain::link::is_whole(&text));
        let link = Link::read(&text).expect("our own link");
        assert_eq!((link.id.as_str(), link.generation), (ID, 2));
        assert!(key.made(&link, Purpose::Invitation, "ivan@acme.by"));
        assert!(!key.made(&link, Purpose::Reset, "ivan@acme.by"));
        assert!(!key.made(&link, Purpose::Invitation, "olga@acme.by"));
        assert!(!Key::from_bytes([8; 32]).made(&link, Purpose::Invitation, "ivan@acme.by"));
    }

    #[test]
    fn a_mark_is_ours_only_as_we_made_it() {
        let key = Key::from_bytes([7; 32]);
        let mark = key.mark(&UserId::new(ID));
        assert!(key.made_mark(&mark) && mark == key.mark(&UserId::new(ID)) && !mark.contains(ID));
        assert_ne!(mark, key.mark(&UserId::new("another")));
        assert!(!Key::from_bytes([8; 32]).made_mark(&mark));
        for changed in ["", ".", "x", &mark[1..], &mark[..mark.len() - 1], &format!("{mark}A"), &mark.replace('.', "")]
        {
            assert!(!key.made_mark(changed), "{changed}");
        }
    }

    #[test]
    fn no_changed_link_opens_anything() {
        let key = Key::from_bytes([7; 32]);
        let text = key.invitation_link(&InvitationId::new(ID), 1, "ivan@acme.by");
        for at in 0..text.len() {
            for other in "AZaz09-_=.".chars() {
                let mut changed: String = text.clone();
                changed.replace_range(at..=at, &other.to_string());
                let opens =
                    Link::read(&changed).is_some_and(|link| key.made(&link, Purpose::Invitation, "ivan@acme.by"));
                assert!(!opens || changed == text, "{changed}");
            }
            assert!(Link::read(&text[..at]).is_none());
        }
    }

    #[test]
    fn the_key_file_is_made_once_and_only_its_owner_reads_it() {
        let folder = std::env::temp_dir().join(format!("usher-key-{}", super::super::random::secret()));
        let path = folder.join("secret.key");
        assert!(Key::read(&path).expect("a look").is_none());
        let first = Key::make(&path).expect("a new key");
        assert_eq!(Key::read(&path).expect("a look").expect("the same key").0, first.0);
        assert!(Key::make(&path).is_err(), "a key is never written over");
        assert_ne!(first.fingerprint(), Key::from_bytes([7; 32]).fingerprint());
        assert!(!first.fingerprint().contains(&first.to_text()[..8]));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(&path).expect("the file").permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        std::fs::write(&path, "short").expect("a damaged key");
        assert!(Key::read(&path).is_err());
        std::fs::remove_dir_all(folder).expect("a clean folder");
    }
}
