//! The session's cookie: no script reads it, no other site's form brings it along, and once the reader comes by
//! https it never travels without.

use http::HeaderValue;
use url::Url;

/// Its name.
pub const NAME: &str = "tocsin_session";

/// `Set-Cookie` that keeps a session until it ends.
pub fn keep(secret: &str, base: &Url) -> Option<HeaderValue> {
    // How long a session lasts is the engine's to say; a browser that keeps it longer only shows the sign-in.
    let mut value = HeaderValue::from_str(&set(secret, 60 * 60 * 24 * 30, base)).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// `Set-Cookie` that makes the browser forget it.
pub fn forget(base: &Url) -> HeaderValue {
    // Nothing in it but what stands here.
    HeaderValue::from_str(&set("", 0, base)).unwrap_or(HeaderValue::from_static(""))
}

fn set(secret: &str, seconds: u32, base: &Url) -> String {
    let secure = if base.scheme() == "https" { "; Secure" } else { "" };
    format!("{NAME}={secret}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}")
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
            "tocsin_session=abc; Path=/; HttpOnly; SameSite=Lax; Max-Age=2592000; Secure"
        );
        assert!(
            !forget(&"http://nas".parse().unwrap())
                .to_str()
                .unwrap()
                .contains("Secure")
        );
    }
}
