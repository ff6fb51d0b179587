//! What the NAS lets somebody in by, and what of it a browser brings along: cookies of the NAS's own pages reach every
//! port of its host, and, behind its proxy, Tocsin is one of its pages.

use crate::secret;
use secrecy::{ExposeSecret as _, SecretString};
use tocsin_domain::nas::System;

/// The longest cookie that is taken for one of the NAS's, in bytes.
const LONGEST: usize = 512;

/// What the NAS lets somebody in by. In memory only.
#[derive(Debug, Clone)]
pub(super) enum Proof {
    /// QTS: a session's id.
    QtsSid(SecretString),
    /// QTS: what "remember me" leaves in the browser, which is worth something with the name that it is for.
    QtsToken { user: String, token: SecretString },
    /// DSM: a session's id, and the token that goes with it where one was handed out.
    Dsm {
        id: SecretString,
        token: Option<SecretString>,
    },
}

impl Proof {
    /// By which one is recognised without being kept.
    pub(super) fn fingerprint(&self) -> [u8; 32] {
        match self {
            Self::QtsSid(sid) => secret::hash(sid.expose_secret()),
            Self::QtsToken { user, token } => secret::hash(&format!("{user}\0{}", token.expose_secret())),
            Self::Dsm { id, .. } => secret::hash(id.expose_secret()),
        }
    }
}

/// What a browser brought along.
#[derive(Debug, Clone, Default)]
pub struct Brought(Vec<Proof>);

impl Brought {
    /// From the names and values of a request's cookies; the better proof first.
    pub fn by_cookies<'a>(system: System, cookies: impl Iterator<Item = (&'a str, &'a str)>) -> Self {
        let cookies: Vec<_> = cookies.filter(|(_, value)| is_plausible(value)).collect();
        let named = |name: &str| {
            let found = cookies.iter().find(|(found, _)| *found == name);
            found.map(|(_, value)| decoded(value))
        };
        Self(match system {
            System::Qts => {
                let sid = named("NAS_SID").map(|sid| Proof::QtsSid(sid.into()));
                let token = named("qtoken").zip(named("NAS_USER"));
                let token = token.map(|(token, user)| Proof::QtsToken {
                    user,
                    token: token.into(),
                });
                sid.into_iter().chain(token).collect()
            }
            System::Dsm => named("id")
                .map(|id| Proof::Dsm {
                    id: id.into(),
                    token: None,
                })
                .into_iter()
                .collect(),
        })
    }

    pub(super) fn proofs(&self) -> &[Proof] {
        &self.0
    }

    /// Whether it is another session of the NAS's than one that is known by its fingerprint.
    pub(super) fn is_other_than(&self, fingerprint: [u8; 32]) -> bool {
        !self.0.is_empty() && self.0.iter().all(|proof| proof.fingerprint() != fingerprint)
    }
}

fn is_plausible(value: &str) -> bool {
    !value.is_empty() && value.len() <= LONGEST && value.chars().all(|c| c.is_ascii_graphic())
}

/// Cookies are percent-encoded where their value would not fit (the NAS's pages use `encodeURIComponent`).
fn decoded(value: &str) -> String {
    // A plus stands for itself there, unlike in a form.
    let escaped = format!("x={}", value.replace('+', "%2B"));
    let pair = url::form_urlencoded::parse(escaped.as_bytes()).next();
    pair.map_or_else(|| value.to_owned(), |(_, value)| value.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn brought(system: System, cookies: &[(&'static str, &'static str)]) -> Brought {
        Brought::by_cookies(system, cookies.iter().copied())
    }

    #[test]
    fn a_session_counts_before_what_remember_me_left() {
        let brought = brought(
            System::Qts,
            &[
                ("qtoken", "t%2B1"),
                ("NAS_USER", "j%C3%BCrgen"),
                ("NAS_SID", "abc"),
                ("id", "x"),
            ],
        );
        let [Proof::QtsSid(sid), Proof::QtsToken { user, token }] = brought.proofs() else {
            panic!("{brought:?}")
        };
        assert_eq!(sid.expose_secret(), "abc");
        assert_eq!((user.as_str(), token.expose_secret()), ("jürgen", "t+1"));
    }

    #[test]
    fn a_token_without_its_name_is_worth_nothing() {
        assert!(
            brought(System::Qts, &[("qtoken", "t"), ("NAS_USER", "")])
                .proofs()
                .is_empty()
        );
        assert!(brought(System::Dsm, &[("NAS_SID", "abc")]).proofs().is_empty());
    }

    #[test]
    fn what_remember_me_left_is_another_session_for_another_name() {
        let of = |user| brought(System::Qts, &[("qtoken", "t"), ("NAS_USER", user)]);
        let fingerprint = of("anna").proofs()[0].fingerprint();
        assert!(!of("anna").is_other_than(fingerprint));
        assert!(of("bob").is_other_than(fingerprint));
    }

    #[test]
    fn no_secret_is_shown() {
        let shown = format!("{:?}", brought(System::Dsm, &[("id", "s3cret")]));
        assert!(!shown.contains("s3cret"), "{shown}");
    }
}
