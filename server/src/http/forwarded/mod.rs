//! What web servers in front say about a request: from which machine it came, by which scheme, for which host.
//!
//! Only a peer that is trusted is believed; anybody else's words are dropped. Each web server adds its own words behind
//! those that it was told, so they are read from the last to the first, and no further than to the first machine that
//! is not trusted: that one is the client, and what stands before it is only what it claims itself. The scheme and the
//! host are those of the same step.
//!
//! From here on a request's `Host` is what the browser asked for, and [`Came`] holds the rest.
//!
//! | file | what |
//! |---|---|
//! | `trusted` | who is believed |
//! | `said` | the headers: `X-Forwarded-…`, else `Forwarded` (RFC 7239) |

mod said;
mod trusted;

pub use trusted::TrustedProxies;

use axum::extract::ConnectInfo;
use axum::http::header::{FORWARDED, HOST, ORIGIN, REFERER};
use axum::http::{HeaderMap, HeaderValue, Request};
use said::Said;
use std::net::{IpAddr, SocketAddr};
use url::{Host, Url};

/// Browsers send it only where nobody can listen in: by https, or to the machine itself
/// (<https://www.w3.org/TR/fetch-metadata/#http-headerdef-sec-fetch-site>).
const SEC_FETCH_SITE: &str = "sec-fetch-site";

/// How a request came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Came {
    /// The machine that asks; none where there is no connection, as in tests of a part.
    pub from: Option<IpAddr>,
    /// How the browser asks.
    pub scheme: Scheme,
}

/// How a browser asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// In clear.
    Http,
    /// By TLS, up to a web server in front.
    Https,
}

impl Scheme {
    /// As an address begins.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        match text.to_ascii_lowercase().as_str() {
            "http" | "ws" => Some(Self::Http),
            "https" | "wss" => Some(Self::Https),
            _ => None,
        }
    }
}

/// Takes the words in front of a request for what they are worth.
pub fn understand<B>(trusted: &TrustedProxies, mut request: Request<B>) -> Request<B> {
    let connection = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let peer = connection.map(|ConnectInfo(peer)| peer.ip().to_canonical());
    let said = match peer {
        Some(peer) if trusted.contains(peer) => Some((peer, Said::of(request.headers()))),
        _ => None,
    };
    for name in said::NAMES {
        request.headers_mut().remove(name);
    }
    request.headers_mut().remove(FORWARDED);
    let mut came = Came {
        from: peer,
        scheme: Scheme::Http,
    };
    if let Some((peer, said)) = said {
        let (from, step) = said.client(peer, trusted);
        came.from = Some(from);
        let host = said.host(step).and_then(|host| HeaderValue::from_str(&host).ok());
        if let Some(host) = host {
            request.headers_mut().insert(HOST, host);
        }
        let scheme = said.scheme(step).and_then(Scheme::parse);
        came.scheme = scheme
            .or_else(|| browsers_scheme(request.headers()))
            .unwrap_or(Scheme::Http);
    }
    name_host_as_browsers_do(request.headers_mut(), came.scheme);
    request.extensions_mut().insert(came);
    request
}

/// Without the scheme's own port, which browsers leave out of `Origin`: web servers often add it.
fn name_host_as_browsers_do(headers: &mut HeaderMap, scheme: Scheme) {
    let port = match scheme {
        Scheme::Http => ":80",
        Scheme::Https => ":443",
    };
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    let bare = host.and_then(|host| HeaderValue::from_str(host.strip_suffix(port)?).ok());
    if let Some(bare) = bare {
        headers.insert(HOST, bare);
    }
}

/// What the browser itself says: about the page that it comes from, if that is one of this host, or by what it sends over
/// https only. For web servers that say nothing of the scheme, as Apache does unless it is told to.
fn browsers_scheme(headers: &HeaderMap) -> Option<Scheme> {
    let text = |value: &HeaderValue| value.to_str().ok().map(str::to_ascii_lowercase);
    let host = headers.get(HOST).and_then(text)?;
    let of_page = |name| {
        let url = Url::parse(&headers.get(name).and_then(text)?).ok()?;
        let (name, port) = (url.host_str()?, url.port_or_known_default()?);
        let is_of_this_host = host == format!("{name}:{port}") || (url.port().is_none() && host == name);
        is_of_this_host.then(|| Scheme::parse(url.scheme()))?
    };
    let is_secure = headers.contains_key(SEC_FETCH_SITE) && !is_this_machine(&host);
    // A page in clear may hold a link to this one by https: what it says of itself comes last.
    of_page(ORIGIN)
        .or_else(|| is_secure.then_some(Scheme::Https))
        .or_else(|| of_page(REFERER))
}

/// Browsers take what leads to the machine itself for as safe as https.
fn is_this_machine(host: &str) -> bool {
    let url = Url::parse(&format!("http://{host}/")).ok();
    match url.as_ref().and_then(Url::host) {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => true,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// Who is trusted, the peer, the headers; from where, how and for which host the request then is.
    type Case<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)], &'a str, &'a str);

    fn understood(trusted: &str, peer: &str, headers: &[(&str, &str)]) -> Request<()> {
        let mut request = Request::builder();
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut request = request.body(()).unwrap();
        let peer: IpAddr = peer.parse().unwrap();
        request
            .extensions_mut()
            .insert(ConnectInfo(SocketAddr::from((peer, 1))));
        understand(&trusted.parse().unwrap(), request)
    }

    fn check(cases: &[Case]) {
        for (trusted, peer, headers, from, address) in cases {
            let request = understood(trusted, peer, headers);
            let came = request.extensions().get::<Came>().unwrap();
            let host = request.headers()[HOST].to_str().unwrap();
            let found = format!("{}://{host}", came.scheme.as_str());
            assert_eq!(came.from.unwrap().to_string(), *from, "{peer} {headers:?}");
            assert_eq!(found, *address, "{peer} {headers:?}");
        }
    }

    #[test]
    fn a_web_server_in_front_is_believed_about_client_scheme_and_host() {
        let here = "127.0.0.0/8,::1";
        check(&[
            (
                here,
                "127.0.0.1",
                &[
                    ("host", "127.0.0.1:8725"),
                    ("x-forwarded-for", "192.168.1.9"),
                    ("x-forwarded-proto", "https"),
                    ("x-forwarded-host", "nas.example.com"),
                ],
                "192.168.1.9",
                "https://nas.example.com",
            ),
            (
                here,
                "::1",
                &[
                    ("host", "tocsin"),
                    (
                        "forwarded",
                        "for=\"[2001:db8::9]:4711\"; proto=https;host=\"nas:8443\"",
                    ),
                ],
                "2001:db8::9",
                "https://nas:8443",
            ),
            // A socket of IPv6 that carries IPv4, an address with a port, and spaces.
            (
                here,
                "::ffff:127.0.0.1",
                &[("host", "nas"), ("x-forwarded-for", " 10.0.0.7:51000 ")],
                "10.0.0.7",
                "http://nas",
            ),
            // The host without its port, and the port beside it.
            (
                here,
                "127.0.0.1",
                &[("host", "nas"), ("x-forwarded-port", "8080")],
                "127.0.0.1",
                "http://nas:8080",
            ),
            // A port that browsers leave out, and one that they would not.
            (
                here,
                "127.0.0.1",
                &[("host", "nas:80")],
                "127.0.0.1",
                "http://nas",
            ),
            (
                here,
                "127.0.0.1",
                &[("host", "[2001:db8::80]"), ("x-forwarded-proto", "https")],
                "127.0.0.1",
                "https://[2001:db8::80]",
            ),
            (
                here,
                "127.0.0.1",
                &[("host", "nas:443"), ("x-forwarded-proto", "https")],
                "127.0.0.1",
                "https://nas",
            ),
            (
                here,
                "127.0.0.1",
                &[("host", "nas:80"), ("x-forwarded-proto", "https")],
                "127.0.0.1",
                "https://nas:80",
            ),
            // One that ends TLS itself and names its own port.
            (
                here,
                "127.0.0.1",
                &[
                    ("host", "nas"),
                    ("x-forwarded-port", "80"),
                    ("x-forwarded-proto", "https"),
                ],
                "127.0.0.1",
                "https://nas",
            ),
        ]);
    }

    #[test]
    fn anybody_else_is_not() {
        let forged = [
            ("host", "nas:8725"),
            ("x-forwarded-for", "127.0.0.1"),
            ("x-forwarded-proto", "https"),
            ("x-forwarded-host", "evil.example"),
            ("forwarded", "for=127.0.0.1;host=evil.example;proto=https"),
            ("origin", "https://nas:8725"),
        ];
        check(&[
            (
                "127.0.0.0/8",
                "192.168.1.66",
                &forged,
                "192.168.1.66",
                "http://nas:8725",
            ),
            ("none", "127.0.0.1", &forged, "127.0.0.1", "http://nas:8725"),
        ]);
        let request = understood("127.0.0.0/8", "192.168.1.66", &forged);
        assert!(
            !request
                .headers()
                .keys()
                .any(|name| name.as_str().contains("forwarded"))
        );
    }

    #[test]
    fn what_a_client_claims_about_itself_is_not_believed() {
        let two = "127.0.0.1,10.0.0.0/24";
        check(&[
            // The last entry is the web server's own; those before it are what it was told.
            (
                two,
                "127.0.0.1",
                &[("host", "nas"), ("x-forwarded-for", "127.0.0.1, 203.0.113.5")],
                "203.0.113.5",
                "http://nas",
            ),
            // Two web servers in front of each other; each has added its words.
            (
                two,
                "127.0.0.1",
                &[
                    ("host", "inner"),
                    ("x-forwarded-for", "1.1.1.1, 203.0.113.5"),
                    ("x-forwarded-for", "10.0.0.2"),
                    ("x-forwarded-host", "evil.example, nas.example.com, inner"),
                    ("x-forwarded-proto", "http, https, http"),
                ],
                "203.0.113.5",
                "https://nas.example.com",
            ),
            // Beside the web server's own words, others of the other kind are the client's.
            (
                two,
                "127.0.0.1",
                &[
                    ("host", "nas"),
                    ("x-forwarded-for", "203.0.113.5"),
                    ("forwarded", "for=10.0.0.9;host=evil.example;proto=https"),
                ],
                "203.0.113.5",
                "http://nas",
            ),
            // No address: from there on nothing is known.
            (
                two,
                "127.0.0.1",
                &[
                    ("host", "nas"),
                    ("x-forwarded-for", "203.0.113.5, unknown, 10.0.0.2"),
                ],
                "10.0.0.2",
                "http://nas",
            ),
            (
                two,
                "127.0.0.1",
                &[("host", "nas"), ("forwarded", "for=_hidden")],
                "127.0.0.1",
                "http://nas",
            ),
        ]);
    }

    #[test]
    fn a_web_server_that_says_nothing_of_the_scheme_is_helped_out_by_the_browser() {
        let apache = [("host", "127.0.0.1:8725"), ("x-forwarded-host", "NAS:4443")];
        for (name, value, scheme) in [
            ("origin", "https://nas:4443", Scheme::Https),
            ("referer", "https://nas:4443/tocsin/accounts?x=y", Scheme::Https),
            ("origin", "http://nas:4443", Scheme::Http),
            // Another site's page says nothing about this one.
            ("origin", "https://nas", Scheme::Http),
            ("origin", "https://evil.example", Scheme::Http),
            ("origin", "null", Scheme::Http),
            ("sec-fetch-site", "none", Scheme::Https),
        ] {
            let headers = [apache[0], apache[1], (name, value)];
            let request = understood("127.0.0.1", "127.0.0.1", &headers);
            assert_eq!(
                request.extensions().get::<Came>().unwrap().scheme,
                scheme,
                "{value}"
            );
        }
    }
}
