//! Secrets that Tocsin itself hands out to people and programs: 256 random bits, of which only the hash is kept.
//! A plain hash is enough, since nobody can guess through 256 bits; passwords are another matter (`admins`).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::SecretString;
use sha2::{Digest as _, Sha256};

/// 256 random bits as 43 characters that may stand in cookies, headers and URLs.
///
/// # Panics
/// Where the operating system has no random numbers.
pub(crate) fn random(prefix: &str) -> SecretString {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).expect("the operating system gives random numbers");
    SecretString::from(format!("{prefix}{}", URL_SAFE_NO_PAD.encode(bytes)))
}

/// What is kept of a secret (SHA-256).
pub(crate) fn hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}
