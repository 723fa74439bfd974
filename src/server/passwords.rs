//! Hashing and checking passwords: argon2id, off the async threads, as many at a time as there are cores, and no more
//! waiting than can be served; beyond that people are told to try again.

use crate::domain::password::{LONGEST, PasswordPolicy, PasswordProblem};
use crate::domain::refusal::Refusal;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use secrecy::{ExposeSecret, SecretString};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use tokio::sync::Semaphore;

/// OWASP's minimum: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;

/// How many may wait for a place; each holds next to nothing until its turn.
const MOST_WAITING: usize = 64;

/// The zxcvbn score (0–4) below which a password counts as guessable. No estimate gives three to fewer than ten characters,
/// however mixed: where the installation takes those (rule 69), two is as good as they can be.
fn lowest_score(characters: usize) -> zxcvbn::Score {
    if characters < 10 { zxcvbn::Score::Two } else { zxcvbn::Score::Three }
}

/// The pool of hashing places.
#[derive(Clone)]
pub struct Passwords {
    places: Arc<Semaphore>,
    waiting: Arc<AtomicUsize>,
    /// Checked when there is no account, so that the answer takes the same time (RL-06).
    decoy: Arc<OnceLock<String>>,
}

struct Waiting<'a>(&'a AtomicUsize);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

fn argon2() -> Argon2<'static> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

fn hash(password: &str) -> Option<String> {
    argon2()
        .hash_password_with_salt(password.as_bytes(), &super::random::bytes::<16>())
        .ok()
        .map(|hash| hash.to_string())
}

fn decoy_hash() -> String {
    hash(&super::random::secret()).unwrap_or_default()
}

impl Passwords {
    /// As wide as the machine has cores.
    pub fn new() -> Self {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        let decoy = Arc::new(OnceLock::new());
        // Beside the start, which it would make twice as long.
        let later = decoy.clone();
        std::thread::spawn(move || later.get_or_init(decoy_hash).len());
        Self { places: Arc::new(Semaphore::new(cores)), waiting: Arc::default(), decoy }
    }

    async fn in_turn<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Refusal> {
        if self.waiting.fetch_add(1, Ordering::Relaxed) >= MOST_WAITING {
            self.waiting.fetch_sub(1, Ordering::Relaxed);
            return Err(Refusal::Busy);
        }
        let waiting = Waiting(&self.waiting);
        let place = self.places.clone().acquire_owned().await.map_err(|_| Refusal::Busy)?;
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            drop(place);
            done
        })
        .await;
        drop(waiting);
        done.map_err(|_| Refusal::Busy)
    }

    /// The hash to keep. Call it before a transaction begins.
    pub async fn hash(&self, password: &SecretString) -> Result<String, Refusal> {
        let password = password.clone();
        self.in_turn(move || hash(password.expose_secret())).await?.ok_or(Refusal::Busy)
    }

    /// Whether the password fits; without a stored hash it takes as long, and does not.
    pub async fn fits(&self, password: &SecretString, stored: Option<&str>) -> Result<bool, Refusal> {
        let (known, stored, decoy) = (stored.is_some(), stored.map(str::to_string), self.decoy.clone());
        let password = password.clone();
        if password.expose_secret().len() > LONGEST {
            return Ok(false);
        }
        let fits = self
            .in_turn(move || {
                PasswordHash::new(stored.as_deref().unwrap_or_else(|| decoy.get_or_init(decoy_hash)))
                    .is_ok_and(|hash| argon2().verify_password(password.expose_secret().as_bytes(), &hash).is_ok())
            })
            .await?;
        Ok(fits && known)
    }
}

impl Default for Passwords {
    fn default() -> Self {
        Self::new()
    }
}

/// Whether a new password may be taken. `own` are the person's name and addresses and the organisation's name, of which
/// it must not be made (AU-02).
pub fn check(policy: PasswordPolicy, password: &SecretString, own: &[&str]) -> Result<(), PasswordProblem> {
    let password = password.expose_secret();
    policy.check(password)?;
    let own: Vec<&str> = own.iter().flat_map(|text| text.split(['@', ' ', '.'])).chain(own.iter().copied()).collect();
    // The estimate's cost grows with length; what is beyond 100 characters can only make it stronger.
    let head: String = password.chars().take(100).collect();
    if zxcvbn::zxcvbn(&head, &own).score() < lowest_score(head.chars().count()) {
        return Err(PasswordProblem::Guessable);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mixed_password_of_eight_is_taken_where_eight_are_enough_and_a_common_one_never() {
        let classic = PasswordPolicy { min_length: 8, classes: true };
        let check = |password: &str| check(classic, &password.to_string().into(), &["Ivan Petrov"]);
        assert_eq!(check("Krugo7-s"), Ok(()));
        for guessable in ["P@ssw0rd", "Passw0rd!", "Qwerty1!", "Abcdef1!", "Petrov1!"] {
            assert_eq!(check(guessable), Err(PasswordProblem::Guessable), "{guessable}");
        }
    }

    fn check_default(password: &str) -> Result<(), PasswordProblem> {
        check(PasswordPolicy::default(), &password.to_string().into(), &["Ivan Petrov", "ivan-petrov@acme.by", "Acme"])
    }

    #[test]
    fn common_words_own_names_and_keyboard_runs_are_guessable() {
        for password in
            ["passwordpassword", "qwertyuiop12", "ivan-petrov@acme.by", "123456789012345", "aaaaaaaaaaaaaaa"]
        {
            assert_eq!(check_default(password), Err(PasswordProblem::Guessable), "{password}");
        }
        assert_eq!(check_default("copper lamp river"), Ok(()));
    }

    #[tokio::test]
    async fn a_password_fits_its_own_hash_only_and_differs_in_its_last_byte() {
        let passwords = Passwords::new();
        let long: SecretString = format!("{}a", "x".repeat(200)).into();
        let other: SecretString = format!("{}b", "x".repeat(200)).into();
        let stored = passwords.hash(&long).await.expect("a hash");
        assert!(passwords.fits(&long, Some(&stored)).await.expect("an answer"));
        assert!(!passwords.fits(&other, Some(&stored)).await.expect("an answer"));
        assert!(!passwords.fits(&long, None).await.expect("an answer"));
    }
}
