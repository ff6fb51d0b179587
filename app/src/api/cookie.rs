//! The session's cookie: no script reads it, no other site's form brings it along, and once the reader comes by
//! https it never travels without.
//!
//! A NAS shows the same pages by https and in clear, and cookies are not told apart by port: a browser would keep the
//! cookie of one from being replaced by the other's (RFC 6265bis section 5.7, "leave Secure cookies alone"), and
//! whoever signed in by https could not sign in in clear. So each has its name.

use http::HeaderValue;
use url::Url;

/// Its name where the reader comes by https, which browsers take from there alone, and its name in clear. What a request
/// brings is looked for in this order.
pub const NAMES: [&str; 2] = [SECURE, IN_CLEAR];

const SECURE: &str = "__Secure-tocsin_session";
const IN_CLEAR: &str = "tocsin_session";

/// `Set-Cookie` that keeps a session until it ends.
pub fn keep(secret: &str, base: &Url) -> Option<HeaderValue> {
    // How long a session lasts is the engine's to say; a browser that keeps it longer only shows the sign-in.
    let mut value = HeaderValue::from_str(&set(secret, 60 * 60 * 24 * 30, base)).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// `Set-Cookie` that makes the browser forget each of its names.
pub fn forget() -> [HeaderValue; 2] {
    [
        HeaderValue::from_static(
            "__Secure-tocsin_session=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0; Secure",
        ),
        HeaderValue::from_static("tocsin_session=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"),
    ]
}

fn set(secret: &str, seconds: u32, base: &Url) -> String {
    let (name, secure) = match base.scheme() {
        "https" => (SECURE, "; Secure"),
        _ => (IN_CLEAR, ""),
    };
    format!("{name}={secret}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_cookie_is_out_of_reach_of_scripts_and_other_sites() {
        let set = keep("abc", &"https://nas.example.com".parse().unwrap()).unwrap();
        assert_eq!(
            set.to_str().unwrap(),
            "__Secure-tocsin_session=abc; Path=/; HttpOnly; SameSite=Lax; Max-Age=2592000; Secure"
        );
    }

    #[test]
    fn what_is_kept_by_https_does_not_bar_what_is_kept_in_clear() {
        let plain = keep("abc", &"http://nas:8080".parse().unwrap()).unwrap();
        let plain = plain.to_str().unwrap();
        assert!(plain.starts_with("tocsin_session=abc; ") && !plain.contains("Secure"));
        let forgotten = forget();
        let forgotten = forgotten.each_ref().map(|value| value.to_str().unwrap());
        for (name, forgotten) in NAMES.iter().zip(forgotten) {
            assert!(forgotten.starts_with(&format!("{name}=; Path=/; ")) && forgotten.contains("Max-Age=0"));
        }
    }
}
