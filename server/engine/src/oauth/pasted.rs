//! What somebody brings back from the address bar, where no provider can send a browser to Tocsin.

use super::Returned;
use super::ways::is_loopback;
use url::{Url, form_urlencoded};

/// The longest text that is looked at, in bytes. Microsoft's codes make about 2 kB.
const LONGEST: usize = 16 * 1024;

/// Why a pasted text is not the end of the sign-in. Nothing is used up: the right one can be pasted next.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PasteError {
    /// Nothing but white space.
    #[error("paste the address from the browser's address bar")]
    Empty,
    /// A page of the provider itself.
    #[error(
        "this is the address of the provider's own page, so the sign-in has not ended yet. Finish it there; the \
         browser then goes to an address that begins with {0} and may say that it cannot be reached. Copy that \
         one. If the provider complains about a redirect_uri, register that address at the OAuth application"
    )]
    ProviderPage(Url),
    /// Some other address.
    #[error(
        "this is not the address at which the sign-in ends: that one begins with {0}. Copy it as a whole"
    )]
    OtherAddress(Url),
    /// Cut off, or the code alone.
    #[error(
        "this is only a part of the address: {0} is missing. Click into the address bar, select all of it, copy \
         it and paste it once more"
    )]
    Incomplete(&'static str),
    /// The address at which another sign-in ended.
    #[error(
        "this is the end of another sign-in than the one on this page, begun earlier or elsewhere. Nothing was \
         changed. Sign in by the link on this page, then paste the address at which that ends"
    )]
    OtherSignIn,
}

/// With what the provider sent the browser back.
#[derive(Debug)]
pub(super) struct Pasted {
    pub(super) state: String,
    pub(super) returned: Returned,
}

/// Reads a pasted address, with or without `http://`, or its query alone, with white space and quotes anywhere:
/// mails and terminals break long lines.
pub(super) fn read(text: &str, redirect_uri: &Url, authorize: &str) -> Result<Pasted, PasteError> {
    let is_noise =
        |c: char| c.is_whitespace() || c.is_control() || "<>\"'`“”„‘’\u{200b}\u{200e}\u{feff}".contains(c);
    let text: String = text.chars().filter(|c| !is_noise(*c)).collect();
    if text.is_empty() {
        return Err(PasteError::Empty);
    }
    if text.len() > LONGEST {
        return Err(PasteError::OtherAddress(redirect_uri.clone()));
    }
    let query = query(&text, redirect_uri, authorize)?;
    let fields: Vec<_> = form_urlencoded::parse(query.as_bytes()).collect();
    let field = |name: &str| {
        let mut fields = fields.iter();
        let found = fields.find(|(known, value)| known == name && !value.is_empty());
        found.map(|(_, value)| value.to_string())
    };
    let state = field("state").ok_or(PasteError::Incomplete("“state=”"))?;
    let returned = match (field("error"), field("code")) {
        (Some(error), _) => Returned::Error {
            error,
            description: field("error_description").unwrap_or_default(),
        },
        (None, Some(code)) => Returned::Code(code.into()),
        (None, None) => return Err(PasteError::Incomplete("“code=”")),
    };
    Ok(Pasted { state, returned })
}

fn query(text: &str, redirect_uri: &Url, authorize: &str) -> Result<String, PasteError> {
    let other = || PasteError::OtherAddress(redirect_uri.clone());
    let is_bare = text.starts_with("127.") || text.starts_with("localhost");
    // Google writes a scope with “://” into the query.
    let has_scheme = text
        .split_once("://")
        .is_some_and(|(scheme, _)| scheme.chars().all(|c| c.is_ascii_alphanumeric()));
    let url = match (has_scheme, is_bare) {
        (true, _) => Url::parse(text).map_err(|_| other())?,
        (false, true) => Url::parse(&format!("http://{text}")).map_err(|_| other())?,
        (false, false) => return query_alone(text),
    };
    if is_page_of_provider(&url, authorize) {
        return Err(PasteError::ProviderPage(redirect_uri.clone()));
    }
    if !is_loopback(&url) || url.path() != redirect_uri.path() {
        return Err(other());
    }
    url.query()
        .map(ToOwned::to_owned)
        .ok_or(PasteError::Incomplete("“?” and all after it"))
}

fn query_alone(text: &str) -> Result<String, PasteError> {
    let query = text.trim_start_matches('?').split('#').next().unwrap_or_default();
    if query.contains('=') {
        Ok(query.to_owned())
    } else {
        Err(PasteError::Incomplete("all but a piece of it"))
    }
}

/// Whether a page is on the host of the sign-in page, or on another one of the same domain.
fn is_page_of_provider(url: &Url, authorize: &str) -> bool {
    let Ok(authorize) = Url::parse(authorize) else {
        return false;
    };
    let domain = |url: &Url| {
        let host = url.domain()?;
        let labels: Vec<_> = host.rsplitn(3, '.').take(2).collect();
        (labels.len() == 2).then(|| labels.join("."))
    };
    url.origin() == authorize.origin() || (domain(url).is_some() && domain(url) == domain(&authorize))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use secrecy::ExposeSecret as _;

    const AUTHORIZE: &str = "https://accounts.google.com/o/oauth2/v2/auth";

    fn parse(text: &str) -> Result<Pasted, PasteError> {
        let redirect_uri = Url::parse("http://127.0.0.1:8726/oauth/callback").unwrap();
        read(text, &redirect_uri, AUTHORIZE)
    }

    #[test]
    fn the_whole_address_or_its_query_is_taken_with_breaks_and_quotes_around_and_in_it() {
        for text in [
            "http://127.0.0.1:8726/oauth/callback?state=s-1&code=4%2F0Ab&scope=x",
            "  \n http://127.0.0.1:8726/oauth/call\r\n back?state=s-1&code=4%2F\n0Ab#\t",
            "127.0.0.1:8726/oauth/callback?code=4/0Ab&state=s-1",
            "“http://localhost:8726/oauth/callback?code=4/0Ab&state=s-1”",
            "<http://127.0.0.1:8726/oauth/callback?code=4/0Ab&state=s-1>",
            "?code=4/0Ab&state=s-1",
            "state=s-1&code=4%2F0Ab&scope=email%20https://mail.google.com/#",
        ] {
            let pasted = parse(text).unwrap();
            assert_eq!(pasted.state, "s-1", "{text}");
            match pasted.returned {
                Returned::Code(code) => assert_eq!(code.expose_secret(), "4/0Ab", "{text}"),
                Returned::Error { .. } => panic!("{text}"),
            }
        }
    }

    #[test]
    fn an_address_that_tells_of_a_refusal_is_read_as_one() {
        let text = "http://127.0.0.1:8726/oauth/callback?error=access_denied&error_description=no&state=s";
        let returned = parse(text).unwrap().returned;
        assert!(matches!(returned, Returned::Error { error, .. } if error == "access_denied"));
    }

    #[test]
    fn another_address_and_a_part_of_one_are_told_apart() {
        assert_eq!(parse(" \n").unwrap_err(), PasteError::Empty);
        for text in [
            "https://accounts.google.com/signin/oauth/consent?state=s&code=c",
            "https://myaccount.google.com/",
        ] {
            assert!(matches!(parse(text), Err(PasteError::ProviderPage(_))), "{text}");
        }
        for text in [
            "https://nas.example.com/oauth/callback?state=s&code=c",
            "http://127.0.0.1:8726/?state=s&code=c",
            "http://",
            "https://evil.example/",
            "javascript://127.0.0.1/oauth/callback2?state=s&code=c",
        ] {
            let error = parse(text).unwrap_err();
            assert!(
                matches!(error, PasteError::OtherAddress(_) | PasteError::Incomplete(_)),
                "{text}: {error}"
            );
        }
        for text in [
            "http://127.0.0.1:8726/oauth/callback",
            "http://127.0.0.1:8726/oauth/callback?code=c",
            "http://127.0.0.1:8726/oauth/callback?state=s&code=",
            "4/0AbCdEf",
        ] {
            assert!(matches!(parse(text), Err(PasteError::Incomplete(_))), "{text}");
        }
        let endless = format!(
            "http://127.0.0.1:8726/oauth/callback?state=s&code={}",
            "c".repeat(20_000)
        );
        assert!(parse(&endless).is_err());
    }
}
