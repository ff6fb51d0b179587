//! Which ways to sign in at a provider can work, by the address that the reader came by.

use tocsin_domain::provider::{OAuth, OAuthFamily};
use tocsin_domain::sign_in_way::{Obstacle, OfferedWay, Way};
use url::{Host, Url};

/// Where the browser is sent where nothing needs to answer: a port on which Tocsin does not listen by default.
/// Google takes 127.0.0.1, any port and path for a “Desktop app”
/// (<https://developers.google.com/identity/protocols/oauth2/native-app#redirect-uri_loopback>). Microsoft takes
/// `localhost` and overlooks the port; 127.0.0.1 cannot be typed into its form
/// (<https://learn.microsoft.com/entra/identity-platform/reply-url#localhost-exceptions>).
const GOOGLE_LOOPBACK: &str = "http://127.0.0.1:8726/oauth/callback";
const MICROSOFT_LOOPBACK: &str = "http://localhost:8726/oauth/callback";

/// The redirect URI of the way in which the reader pastes the browser's way back.
///
/// # Panics
/// Never: both are URLs.
pub fn loopback_uri(family: OAuthFamily) -> Url {
    let uri = match family {
        OAuthFamily::Google => GOOGLE_LOOPBACK,
        OAuthFamily::Microsoft => MICROSOFT_LOOPBACK,
    };
    Url::parse(uri).expect("a URL")
}

/// The ways for somebody who came by `base`, and why those that cannot work cannot.
pub fn ways(base: &Url, oauth: &OAuth) -> Vec<OfferedWay> {
    let device = match oauth.endpoints.device {
        Some(_) => None,
        None => Some(Obstacle::NoDeviceCodes),
    };
    Way::ALL
        .into_iter()
        .map(|way| OfferedWay {
            way,
            obstacle: match way {
                Way::Redirect => redirect_obstacle(base),
                Way::DeviceCode => device,
                Way::Paste => None,
            },
        })
        .collect()
}

/// Whether Google and Microsoft take a redirect URI there: https on a public name, or this machine itself.
/// <https://developers.google.com/identity/protocols/oauth2/web-server#uri-validation>,
/// <https://learn.microsoft.com/entra/identity-platform/reply-url>
pub fn redirect_obstacle(base: &Url) -> Option<Obstacle> {
    let is_this_machine = is_loopback(base);
    let is_public_name = match base.host() {
        Some(Host::Domain(name)) => {
            let private = [".local", ".lan", ".home", ".internal", ".home.arpa"];
            name.contains('.') && !private.iter().any(|end| name.ends_with(end))
        }
        _ => false,
    };
    match (is_this_machine, is_public_name, base.scheme()) {
        (true, ..) | (_, true, "https") => None,
        (_, false, _) => Some(Obstacle::NeedsPublicName),
        (_, true, _) => Some(Obstacle::NeedsHttps),
    }
}

/// Whether a URL means the machine that opens it.
pub(super) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn providers_take_https_on_a_public_name_and_this_machine() {
        for (base, expected) in [
            ("https://nas.example.com", None),
            ("http://127.0.0.1:8725", None),
            ("http://[::1]:8725", None),
            ("http://localhost:8725", None),
            ("http://nas.example.com", Some(Obstacle::NeedsHttps)),
            ("https://192.168.1.5", Some(Obstacle::NeedsPublicName)),
            ("https://nas.local", Some(Obstacle::NeedsPublicName)),
            ("http://nas:8725", Some(Obstacle::NeedsPublicName)),
        ] {
            assert_eq!(redirect_obstacle(&base.parse().unwrap()), expected, "{base}");
        }
    }
}
