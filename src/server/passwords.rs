//! Judging, hashing and checking passwords: argon2id and an estimate of strength, in the bounded pool of `lanes` and never on
//! an async thread. Everything here knows a password in its normal form; of the one that was typed, only hashes that are older
//! than that form.

mod lanes;
mod strength;

use crate::domain::error::UseCaseError;
use crate::domain::password::{PasswordPolicy, PasswordProblem, normal};
use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Params, Version};
use lanes::{Lanes, Memory};
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use std::sync::Arc;

/// OWASP's minimum: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;

const OUTPUT_BYTES: usize = 32;

/// The most work that a stored hash may ask for: 256 MiB, and more passes than anybody sets. What asks for more was never made
/// by us, and would take the machine's memory at one sign-in.
const MOST_MEMORY_KIB: u32 = 262_144;
const MOST_PASSES: u32 = 64;
const MOST_LANES: u32 = 16;

/// The pool in which passwords are judged, hashed and checked. Cheap to clone.
#[derive(Clone)]
pub struct Passwords {
    lanes: Lanes,
    /// Checked when there is no account, so that the answer takes the same time (RL-06). Nothing hashes to it.
    decoy: Arc<str>,
}

/// What came of checking a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fit {
    Wrong,
    Right,
    /// Right, and the stored hash is not what would be stored today: it was made with less work, or of another form of the
    /// password. With it the hash to keep instead (AU-04).
    RightAndOld(String),
}

/// A password as it is hashed; wiped when dropped.
type Normal = Zeroizing<String>;

fn read(password: &SecretString) -> Option<Normal> {
    normal(password.expose_secret()).map(|normal| Zeroizing::new(normal.into_owned()))
}

/// Everything that a rule finds wrong with a password, without the lists.
pub fn rule_problems(rule: PasswordPolicy, password: &SecretString) -> Vec<UseCaseError> {
    match read(password) {
        Some(normal) => rule.problems(&normal).into_iter().map(Into::into).collect(),
        None => vec![PasswordProblem::TooLong.into()],
    }
}

fn setting() -> (Algorithm, Version, Params) {
    let params = Params::new(MEMORY_KIB, PASSES, 1, Some(OUTPUT_BYTES)).unwrap_or_default();
    (Algorithm::Argon2id, Version::V0x13, params)
}

/// Writes a hash down.
fn written(salt: &[u8], output: Output) -> Option<String> {
    let (algorithm, version, params) = setting();
    let hash = PasswordHash {
        algorithm: algorithm.ident(),
        version: Some(version.into()),
        params: ParamsString::try_from(&params).ok()?,
        salt: Salt::new(salt).ok(),
        hash: Some(output),
    };
    Some(hash.to_string())
}

fn hash(memory: &mut Memory, password: &str) -> Option<String> {
    let salt = super::random::bytes::<16>();
    let mut output = [0; OUTPUT_BYTES];
    memory.hash(setting(), password, &salt, &mut output)?;
    written(&salt, Output::new(&output).ok()?)
}

/// A stored hash, taken apart.
struct Stored {
    setting: (Algorithm, Version, Params),
    salt: Salt,
    output: Output,
}

impl Stored {
    /// `None` when it is none of ours.
    fn read(stored: &str) -> Option<Self> {
        let hash = PasswordHash::new(stored).ok()?;
        let algorithm = Algorithm::try_from(hash.algorithm.as_str()).ok()?;
        let version = hash.version.map_or(Ok(Version::default()), Version::try_from).ok()?;
        let params = Params::try_from(&hash).ok()?;
        let (memory, passes, lanes) = (params.m_cost(), params.t_cost(), params.p_cost());
        if memory > MOST_MEMORY_KIB || passes > MOST_PASSES || lanes > MOST_LANES {
            return None;
        }
        Some(Self { setting: (algorithm, version, params), salt: hash.salt?, output: hash.hash? })
    }

    /// Whether it was made of this password.
    fn is_of(&self, memory: &mut Memory, password: &str) -> bool {
        let mut output = vec![0; self.output.len()];
        let made = memory.hash(self.setting.clone(), password, &self.salt, &mut output);
        // Compared in constant time.
        made.is_some() && Output::new(&output).is_ok_and(|output| output == self.output)
    }

    /// Whether less work stands behind it than is asked for today.
    fn is_weak(&self) -> bool {
        let (algorithm, version, params) = &self.setting;
        let is_ours = *algorithm == Algorithm::Argon2id && *version == Version::V0x13;
        !is_ours || params.m_cost() < MEMORY_KIB || params.t_cost() < PASSES || self.output.len() < OUTPUT_BYTES
    }
}

/// Checks a password against a hash: its normal form and, where that is another one, the form that was typed, as hashes were
/// made before there was a normal form. A wrong password costs the same whatever the hash is.
fn check(memory: &mut Memory, normal: &str, typed: &str, stored: &Stored) -> Fit {
    let is_normal = stored.is_of(memory, normal);
    if !is_normal && (normal == typed || !stored.is_of(memory, typed)) {
        return Fit::Wrong;
    }
    if is_normal && !stored.is_weak() {
        return Fit::Right;
    }
    hash(memory, normal).map_or(Fit::Right, Fit::RightAndOld)
}

/// Whether this can be a stored hash: one that is not must never count as a wrong password (H-16).
pub fn is_hash(stored: &str) -> bool {
    Stored::read(stored).is_some()
}

impl Passwords {
    /// As wide as the machine has cores.
    pub fn new() -> Self {
        let output = Output::new(&super::random::bytes::<OUTPUT_BYTES>()).ok();
        let decoy = output.and_then(|output| written(&super::random::bytes::<16>(), output)).unwrap_or_default();
        Self { lanes: Lanes::new(), decoy: decoy.into() }
    }

    /// Whether a new password may be taken. `own` are the person's name and addresses and the organisation's name, of which
    /// it must not be made (AU-02).
    ///
    /// # Errors
    /// What is wrong with the password, or `Busy`.
    pub async fn judge(
        &self,
        policy: PasswordPolicy,
        password: &SecretString,
        own: &[&str],
    ) -> Result<(), UseCaseError> {
        let normal = read(password).ok_or(PasswordProblem::TooLong)?;
        policy.check(&normal)?;
        let own: Vec<String> = own.iter().map(ToString::to_string).collect();
        match self.lanes.run(move |_| strength::is_guessable(&normal, &own)).await? {
            true => Err(PasswordProblem::Guessable.into()),
            false => Ok(()),
        }
    }

    /// The hash to keep. Call it before a transaction begins.
    ///
    /// # Errors
    /// The password is too long, or `Busy`.
    pub async fn hash(&self, password: &SecretString) -> Result<String, UseCaseError> {
        let normal = read(password).ok_or(PasswordProblem::TooLong)?;
        self.lanes.run(move |memory| hash(memory, &normal)).await?.ok_or(UseCaseError::Busy)
    }

    /// Whether the password fits; without a stored hash it takes as long, and does not.
    ///
    /// # Errors
    /// `Busy`.
    pub async fn check(&self, password: &SecretString, stored: Option<&str>) -> Result<Fit, UseCaseError> {
        let Some(normal) = read(password) else { return Ok(Fit::Wrong) };
        let known = stored.and_then(Stored::read);
        let is_known = known.is_some();
        let Some(stored) = known.or_else(|| Stored::read(&self.decoy)) else { return Ok(Fit::Wrong) };
        let typed = password.clone();
        let fit = self.lanes.run(move |memory| check(memory, &normal, typed.expose_secret(), &stored)).await?;
        Ok(if is_known { fit } else { Fit::Wrong })
    }
}

impl Default for Passwords {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    async fn judged(policy: PasswordPolicy, password: &str) -> Result<(), UseCaseError> {
        let own = ["Ivan Petrov", "ivan-petrov@acme.by", "Acme"];
        Passwords::new().judge(policy, &password.to_string().into(), &own).await
    }

    const GUESSABLE: Result<(), UseCaseError> =
        Err(UseCaseError::Invalid(crate::domain::error::Invalid::Password(PasswordProblem::Guessable)));

    #[tokio::test]
    async fn a_mixed_password_of_eight_is_taken_where_eight_are_enough_and_a_common_one_never() {
        let classic = PasswordPolicy { min_length: 8, classes: true };
        assert_eq!(judged(classic, "Krugo7-s").await, Ok(()));
        for guessable in ["P@ssw0rd", "Passw0rd!", "Qwerty1!", "Abcdef1!", "Petrov1!", "Пароль1!", "Йцукен1!"]
        {
            assert_eq!(judged(classic, guessable).await, GUESSABLE, "{guessable}");
        }
    }

    #[tokio::test]
    async fn common_words_own_names_and_keyboard_runs_are_guessable() {
        for password in
            ["passwordpassword", "qwertyuiop12", "ivan-petrov@acme.by", "123456789012345", "aaaaaaaaaaaaaaa"]
        {
            assert_eq!(judged(PasswordPolicy::default(), password).await, GUESSABLE, "{password}");
        }
        assert_eq!(judged(PasswordPolicy::default(), "copper lamp river").await, Ok(()));
    }

    #[tokio::test]
    async fn a_password_fits_its_own_hash_only_and_differs_in_its_last_byte() {
        let passwords = Passwords::new();
        let long: SecretString = format!("{}a", "x".repeat(1_023)).into();
        let other: SecretString = format!("{}b", "x".repeat(1_023)).into();
        let stored = passwords.hash(&long).await.expect("a hash");
        assert_eq!(passwords.check(&long, Some(&stored)).await, Ok(Fit::Right));
        assert_eq!(passwords.check(&other, Some(&stored)).await, Ok(Fit::Wrong));
        for nobody in [None, Some("-"), Some("")] {
            assert_eq!(passwords.check(&long, nobody).await, Ok(Fit::Wrong));
        }
    }

    /// Hashes of the crate's own making, and those that it makes of ours, are the same.
    #[tokio::test]
    async fn what_is_written_is_the_common_form_of_argon2id() {
        use argon2::{Argon2, PasswordHasher, PasswordVerifier};
        let passwords = Passwords::new();
        let ours = passwords.hash(&"copper".to_string().into()).await.expect("a hash");
        assert!(ours.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{ours}");
        assert!(Argon2::default().verify_password(b"copper", &PasswordHash::new(&ours).expect("a hash")).is_ok());
        let theirs = Argon2::default().hash_password_with_salt(b"copper", &[7; 16]).expect("a hash").to_string();
        assert_eq!(passwords.check(&"copper".to_string().into(), Some(&theirs)).await, Ok(Fit::Right));
    }

    /// A hash as it was made once: of the text as it was typed, with these parameters.
    fn old(password: &str, (algorithm, version): (Algorithm, Version), memory: u32, passes: u32) -> String {
        use argon2::{Argon2, PasswordHasher};
        let params = Params::new(memory, passes, 1, None).expect("parameters");
        let argon2 = Argon2::new(algorithm, version, params);
        argon2.hash_password_with_salt(password.as_bytes(), &[7; 16]).expect("a hash").to_string()
    }

    #[tokio::test]
    async fn a_hash_of_less_work_or_of_another_form_is_made_anew_when_it_fits_au_04_l_03() {
        let (passwords, today) = (Passwords::new(), (Algorithm::Argon2id, Version::V0x13));
        for (stored, typed, is_old) in [
            (old("café", today, MEMORY_KIB, PASSES), "café", false),
            (old("café", today, 2 * MEMORY_KIB, PASSES + 1), "café", false),
            (old("café", today, 8_192, PASSES), "café", true),
            (old("café", today, MEMORY_KIB, 1), "café", true),
            (old("café", (Algorithm::Argon2i, Version::V0x13), MEMORY_KIB, PASSES), "café", true),
            (old("café", (Algorithm::Argon2id, Version::V0x10), MEMORY_KIB, PASSES), "café", true),
            (old("cafe\u{301}", today, MEMORY_KIB, PASSES), "cafe\u{301}", true),
            (old("a\u{a0}b", today, MEMORY_KIB, PASSES), "a\u{a0}b", true),
        ] {
            let typed: SecretString = typed.to_string().into();
            let fit = passwords.check(&typed, Some(&stored)).await.expect("an answer");
            match fit {
                Fit::RightAndOld(new) if is_old => {
                    assert_eq!(passwords.check(&typed, Some(&new)).await, Ok(Fit::Right), "{stored}");
                }
                fit => assert_eq!((fit, is_old), (Fit::Right, false), "{stored}"),
            }
            let wrong = "quiet".to_string().into();
            assert_eq!(passwords.check(&wrong, Some(&stored)).await, Ok(Fit::Wrong), "{stored}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(12))]
        /// Whatever way it is typed, and nothing else (L-03, AU-03).
        #[test]
        fn a_password_fits_however_its_characters_are_composed(word in "[a-zéüйёўї \u{a0}\u{3000}]{1,40}", tail in "[\\x00 x\u{301}]") {
            use unicode_normalization::UnicodeNormalization;
            let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
            runtime.block_on(async {
                let passwords = Passwords::new();
                let stored = passwords.hash(&word.clone().into()).await.expect("a hash");
                for typed in [word.nfd().collect::<String>(), word.nfc().collect(), word.clone()] {
                    assert_eq!(passwords.check(&typed.clone().into(), Some(&stored)).await, Ok(Fit::Right), "{typed:?}");
                }
                for typed in [format!("{word}{tail}"), format!("{tail}{word}"), word.to_uppercase(), format!("{word} ")] {
                    if normal(&typed) != normal(&word) {
                        assert_eq!(passwords.check(&typed.clone().into(), Some(&stored)).await, Ok(Fit::Wrong), "{typed:?}");
                    }
                }
            });
        }
    }
}
