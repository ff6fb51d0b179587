//! Passwords of administrators: what they must be, and their slow hash.

use super::error::AdminError;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::Semaphore;

/// How many passwords are hashed at the same time: each takes 19 MiB, and a small NAS has 1 GB.
const AT_ONCE: usize = 2;

/// A hash that no password has, of the same cost as a real one, so that a name that nobody has takes as long
/// to refuse as a wrong password.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$dG9jc2luLW5vYm9keS1oZXJl$\
     AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// The password cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPassword {
    /// Too easily guessed.
    #[error("choose a password of at least {} characters", Hasher::SHORTEST)]
    TooShort,
    /// Longer than anybody types; hashing it would only cost time.
    #[error("choose a password of at most {} characters", Hasher::LONGEST)]
    TooLong,
}

/// Hashes passwords with argon2id, a few at a time, away from the threads that answer requests.
#[derive(Debug)]
pub(super) struct Hasher {
    turns: Semaphore,
}

impl Hasher {
    /// The shortest password, in characters. Length is the only rule: NIST SP 800-63B section 3.1.1.2 advises
    /// against rules about kinds of characters.
    const SHORTEST: usize = 10;
    const LONGEST: usize = 1000;

    pub(super) fn new() -> Self {
        Self {
            turns: Semaphore::new(AT_ONCE),
        }
    }

    /// Checks that a password may be used.
    pub(super) fn check(password: &SecretString) -> Result<(), InvalidPassword> {
        match password.expose_secret().chars().count() {
            ..Self::SHORTEST => Err(InvalidPassword::TooShort),
            Self::SHORTEST..=Self::LONGEST => Ok(()),
            _ => Err(InvalidPassword::TooLong),
        }
    }

    /// The hash to store.
    pub(super) async fn hash(&self, password: &SecretString) -> Result<String, AdminError> {
        let password = password.clone();
        self.in_turn(move || {
            argon2()?
                .hash_password(password.expose_secret().as_bytes())
                .map(|hash| hash.to_string())
        })
        .await
    }

    /// Whether it is the password of a stored hash; none stands for a name that nobody has.
    pub(super) async fn verify(
        &self,
        password: &SecretString,
        stored: Option<String>,
    ) -> Result<Verified, AdminError> {
        if password.expose_secret().chars().count() > Self::LONGEST {
            return Ok(Verified::No);
        }
        let password = password.clone();
        self.in_turn(move || {
            let hash = PasswordHash::new(stored.as_deref().unwrap_or(NOBODY))?;
            match argon2()?.verify_password(password.expose_secret().as_bytes(), &hash) {
                Ok(()) => Ok(Verified::Yes),
                Err(argon2::password_hash::Error::PasswordInvalid) => Ok(Verified::No),
                Err(error) => Err(error),
            }
        })
        .await
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, argon2::password_hash::Error> + Send + 'static,
    ) -> Result<T, AdminError> {
        let failed = |error: &dyn std::fmt::Display| AdminError::Hash(error.to_string());
        let _turn = self.turns.acquire().await.map_err(|error| failed(&error))?;
        tokio::task::spawn_blocking(work)
            .await
            .map_err(|error| failed(&error))?
            .map_err(|error| failed(&error))
    }
}

/// Whether a password is the one that was hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verified {
    /// It is.
    Yes,
    /// It is not.
    No,
}

/// The second set of the OWASP Password Storage Cheat Sheet: 19 MiB, two passes, one lane.
fn argon2() -> Result<Argon2<'static>, argon2::password_hash::Error> {
    let params = Params::new(19_456, 2, 1, None)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[tokio::test]
    async fn a_password_fits_its_own_hash_only() {
        let hasher = Hasher::new();
        let hash = hasher.hash(&"correct horse".into()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        let verify = |text: &str, hash: Option<String>| {
            let (hasher, text) = (&hasher, SecretString::from(text));
            async move { hasher.verify(&text, hash).await.unwrap() }
        };
        assert_eq!(verify("correct horse", Some(hash.clone())).await, Verified::Yes);
        assert_eq!(verify("correct horsf", Some(hash)).await, Verified::No);
    }

    #[tokio::test]
    async fn a_name_that_nobody_has_costs_a_hash_and_is_refused() {
        let verified = Hasher::new().verify(&"correct horse".into(), None).await.unwrap();
        assert_eq!(verified, Verified::No);
    }

    #[test]
    fn ten_characters_of_any_kind_are_a_password() {
        assert_eq!(Hasher::check(&"aaaaaaaaa".into()), Err(InvalidPassword::TooShort));
        assert_eq!(Hasher::check(&"üüüüüüüüüü".into()), Ok(()));
        assert_eq!(
            Hasher::check(&"a".repeat(1001).into()),
            Err(InvalidPassword::TooLong)
        );
    }
}
