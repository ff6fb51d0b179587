//! The signature by which a receiver knows that a call is Tocsin's, and fresh.

use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use secrecy::{ExposeSecret as _, SecretString};
use sha2::Sha256;
use std::fmt::Write as _;

/// The value of `Tocsin-Signature` for a body sent at a time.
///
/// # Panics
/// Never: HMAC takes keys of any length (RFC 2104 section 2).
pub fn signature(secret: &SecretString, at: Timestamp, body: &str) -> String {
    let seconds = at.as_second();
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes())
        .expect("HMAC takes keys of any length");
    mac.update(seconds.to_string().as_bytes());
    mac.update(b".");
    mac.update(body.as_bytes());
    let mut value = format!("t={seconds},v1=");
    for byte in mac.finalize().into_bytes() {
        let _ = write!(value, "{byte:02x}");
    }
    value
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// Made by `printf '1790000000.{}' | openssl dgst -sha256 -hmac secret`.
    #[test]
    fn a_receiver_computes_the_same() {
        let at = Timestamp::from_second(1_790_000_000).unwrap();
        assert_eq!(
            signature(&"secret".into(), at, "{}"),
            "t=1790000000,v1=d0cadd434460d4af55e7ab90d79c1802591d7001a77c9e06471d0e3ec8cc85ae"
        );
    }
}
