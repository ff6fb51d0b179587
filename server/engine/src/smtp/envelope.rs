//! For whom a mail is, and what became of it.

use std::borrow::Cow;
use tocsin_domain::address::EmailAddress;
use tocsin_domain::failure::Verdict;

/// Whom the server is told that the mail comes from and goes to (RFC 5321 section 2.3.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// Who gets it back when it cannot be delivered.
    pub from: EmailAddress,
    /// Who gets it.
    pub to: Vec<EmailAddress>,
}

/// The server has taken the mail, for at least one recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// The server's words after the code 250; most name a queue id.
    pub words: String,
    /// The recipients that the server did not take it for; none of them got it.
    pub refused: Vec<RefusedRecipient>,
}

/// A recipient that the server did not take the mail for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedRecipient {
    /// Who.
    pub address: EmailAddress,
    /// The reply code; none if the address could not even be put to the server.
    pub code: Option<u16>,
    /// The server's words without the code.
    pub words: String,
    /// What they mean.
    pub verdict: Verdict,
}

/// The address as servers without SMTPUTF8 take it: with an internationalised domain in its ASCII form
/// (RFC 5891). A local part that is not ASCII has no such form.
pub(super) fn in_ascii(address: &EmailAddress) -> Option<Cow<'_, str>> {
    let text = address.as_str();
    if text.is_ascii() {
        return Some(Cow::Borrowed(text));
    }
    let (local, domain) = text.rsplit_once('@')?;
    let url::Host::Domain(domain) = url::Host::parse(domain).ok()? else {
        return None;
    };
    (local.is_ascii() && domain.is_ascii()).then(|| Cow::Owned(format!("{local}@{domain}")))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn an_internationalised_domain_has_an_ascii_form_but_a_local_part_has_none() {
        let ascii = |text: &str| in_ascii(&text.parse().unwrap()).map(Cow::into_owned);

        assert_eq!(ascii("a@exämple.de").as_deref(), Some("a@xn--exmple-cua.de"));
        assert_eq!(ascii("ü@example.de"), None);
        assert_eq!(ascii("a@example.de").as_deref(), Some("a@example.de"));
    }
}
