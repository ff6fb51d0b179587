//! Secrets at rest: XChaCha20-Poly1305 with a random nonce, bound to the place where the secret is stored, so
//! that a value that is moved to another row or column does not open.
//!
//! A sealed value is `version (1) | key id (4) | nonce (24) | ciphertext and tag`. The key is a file of mode
//! 0600 beside the database, or comes from the environment; the key id is the start of the key's hash, so that
//! a key that does not fit is told apart from a damaged value.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use std::io::Write as _;
use std::path::{Path, PathBuf};

const VERSION: u8 = 1;
const KEY_ID: usize = 4;
const NONCE: usize = 24;
const KEY: usize = 32;

/// Where a secret is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place<'a> {
    /// The table.
    pub table: &'static str,
    /// The column.
    pub column: &'static str,
    /// What tells the row apart.
    pub row: &'a str,
}

/// Why the vault did not open, or a secret in it did not.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// There is a database but no key for it.
    #[error(
        "the key file {0} is missing, but the database holds secrets sealed with it. Put the file back from a \
         backup. Without it every mailbox must be authorized again: to start over with a new key, run \
         “tocsin serve” once with --new-key"
    )]
    KeyMissing(PathBuf),
    /// The key file cannot be read or written.
    #[error("the key file {0} cannot be used: {1}")]
    KeyFile(PathBuf, std::io::Error),
    /// The key is not 32 bytes in base64.
    #[error("the key in {0} is damaged: it must be 32 bytes in base64. Put it back from a backup")]
    KeyDamaged(String),
    /// The value was sealed with another key.
    #[error("a secret was sealed with another key than the one in use: put the right key file back")]
    OtherKey,
    /// The value was changed, moved, or cut.
    #[error("a stored secret is damaged or stands in the wrong place")]
    Damaged,
}

/// Seals and opens secrets.
pub struct Vault {
    cipher: XChaCha20Poly1305,
    key_id: [u8; KEY_ID],
}

/// Whether a missing key file may be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnMissingKey {
    /// There are no secrets yet, or they are given up: make one.
    Make,
    /// There are secrets: a new key would open none of them.
    Refuse,
}

impl Vault {
    /// Opens the vault with the key in a file of base64, made if that is allowed.
    pub fn with_key_file(path: &Path, on_missing: OnMissingKey) -> Result<Self, VaultError> {
        let failed = |error| VaultError::KeyFile(path.to_owned(), error);
        match std::fs::read_to_string(path) {
            Ok(text) => Self::with_key(&text, &path.display().to_string()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => match on_missing {
                OnMissingKey::Refuse => Err(VaultError::KeyMissing(path.to_owned())),
                OnMissingKey::Make => {
                    let mut key = [0; KEY];
                    getrandom::fill(&mut key).map_err(|error| failed(std::io::Error::other(error)))?;
                    write_private(path, &STANDARD.encode(key)).map_err(failed)?;
                    Ok(Self::with_bytes(&key))
                }
            },
            Err(error) => Err(failed(error)),
        }
    }

    /// Opens the vault with a key in base64; `source` is named when it is damaged.
    pub fn with_key(base64: &str, source: &str) -> Result<Self, VaultError> {
        let damaged = || VaultError::KeyDamaged(source.to_owned());
        let bytes = STANDARD.decode(base64.trim()).map_err(|_| damaged())?;
        let key: [u8; KEY] = bytes.try_into().map_err(|_| damaged())?;
        Ok(Self::with_bytes(&key))
    }

    fn with_bytes(key: &[u8; KEY]) -> Self {
        let hash = Sha256::digest(key);
        let mut key_id = [0; KEY_ID];
        key_id.copy_from_slice(&hash[..KEY_ID]);
        Self {
            cipher: XChaCha20Poly1305::new(key.into()),
            key_id,
        }
    }

    /// Seals a secret for a place.
    ///
    /// # Panics
    /// Where the operating system has no random numbers.
    pub fn seal(&self, place: Place<'_>, secret: &SecretString) -> Vec<u8> {
        let mut nonce = [0; NONCE];
        getrandom::fill(&mut nonce).expect("the operating system gives random numbers");
        let bound = place.bytes();
        let payload = Payload {
            msg: secret.expose_secret().as_bytes(),
            aad: &bound,
        };
        let sealed = self
            .cipher
            .encrypt(&XNonce::from(nonce), payload)
            .expect("a secret is far shorter than the cipher's limit");
        [&[VERSION][..], &self.key_id, &nonce, &sealed].concat()
    }

    /// Opens what was sealed for a place.
    pub fn open(&self, place: Place<'_>, sealed: &[u8]) -> Result<SecretString, VaultError> {
        let rest = sealed.strip_prefix(&[VERSION]).ok_or(VaultError::Damaged)?;
        let (key_id, rest) = rest.split_at_checked(KEY_ID).ok_or(VaultError::Damaged)?;
        if key_id != self.key_id {
            return Err(VaultError::OtherKey);
        }
        let (nonce, ciphertext) = rest.split_at_checked(NONCE).ok_or(VaultError::Damaged)?;
        let nonce: [u8; NONCE] = nonce.try_into().map_err(|_| VaultError::Damaged)?;
        let payload = Payload {
            msg: ciphertext,
            aad: &place.bytes(),
        };
        let plain = self
            .cipher
            .decrypt(&XNonce::from(nonce), payload)
            .map_err(|_| VaultError::Damaged)?;
        String::from_utf8(plain)
            .map(SecretString::from)
            .map_err(|_| VaultError::Damaged)
    }
}

impl Place<'_> {
    fn bytes(&self) -> Vec<u8> {
        [self.table, self.column, self.row].join("\0").into_bytes()
    }
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Vault")
    }
}

/// Writes a file that only its owner may read, whole or not at all.
fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let draft = path.with_extension("new");
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&draft)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    std::fs::rename(&draft, path)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    const HERE: Place<'_> = Place {
        table: "accounts",
        column: "password",
        row: "7",
    };

    fn vault(byte: u8) -> Vault {
        Vault::with_bytes(&[byte; KEY])
    }

    #[test]
    fn a_secret_opens_where_it_was_sealed_and_nowhere_else() {
        let sealed = vault(1).seal(HERE, &"hunter2".into());
        assert_eq!(vault(1).open(HERE, &sealed).unwrap().expose_secret(), "hunter2");
        for place in [
            Place { row: "8", ..HERE },
            Place { column: "x", ..HERE },
            Place { table: "x", ..HERE },
        ] {
            assert!(matches!(vault(1).open(place, &sealed), Err(VaultError::Damaged)));
        }
    }

    #[test]
    fn another_key_is_told_apart_from_damage() {
        let mut sealed = vault(1).seal(HERE, &"hunter2".into());
        assert!(matches!(vault(2).open(HERE, &sealed), Err(VaultError::OtherKey)));
        *sealed.last_mut().unwrap() ^= 1;
        assert!(matches!(vault(1).open(HERE, &sealed), Err(VaultError::Damaged)));
        assert!(matches!(vault(1).open(HERE, &[]), Err(VaultError::Damaged)));
    }

    #[test]
    fn the_same_secret_never_looks_the_same() {
        assert_ne!(vault(1).seal(HERE, &"x".into()), vault(1).seal(HERE, &"x".into()));
    }

    #[test]
    fn a_key_file_is_made_once_private_and_used_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        assert!(matches!(
            Vault::with_key_file(&path, OnMissingKey::Refuse),
            Err(VaultError::KeyMissing(_))
        ));
        let sealed = Vault::with_key_file(&path, OnMissingKey::Make)
            .unwrap()
            .seal(HERE, &"x".into());
        assert_eq!(
            std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
        assert!(
            Vault::with_key_file(&path, OnMissingKey::Refuse)
                .unwrap()
                .open(HERE, &sealed)
                .is_ok()
        );
        std::fs::write(&path, "short").unwrap();
        assert!(matches!(
            Vault::with_key_file(&path, OnMissingKey::Make),
            Err(VaultError::KeyDamaged(_))
        ));
    }
}
