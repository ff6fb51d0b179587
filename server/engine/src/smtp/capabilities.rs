//! What a server offers in its reply to EHLO (RFC 5321 section 4.1.1.1).

use super::reply::Reply;

/// Whether a server offers an extension.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Offered {
    Yes,
    #[default]
    No,
}

/// The extensions that matter here.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Capabilities {
    /// RFC 3207.
    pub(super) starttls: Offered,
    /// RFC 2920: several commands may be written before the first reply is read.
    pub(super) pipelining: Offered,
    /// RFC 6152.
    pub(super) eight_bit_mime: Offered,
    /// RFC 6531.
    pub(super) smtp_utf8: Offered,
    /// RFC 1870.
    pub(super) size: Offered,
    /// RFC 4954: the mechanisms, in capitals; empty without AUTH.
    pub(super) auth: Vec<String>,
}

impl Capabilities {
    pub(super) fn of(reply: &Reply) -> Self {
        let mut offered = Self::default();
        for line in reply.lines.iter().skip(1) {
            // Old servers write `AUTH=LOGIN` beside or instead of `AUTH LOGIN`.
            let mut words = line.split([' ', '\t', '=']).filter(|word| !word.is_empty());
            let keyword = words.next().unwrap_or_default().to_ascii_uppercase();
            match keyword.as_str() {
                "STARTTLS" => offered.starttls = Offered::Yes,
                "PIPELINING" => offered.pipelining = Offered::Yes,
                "8BITMIME" => offered.eight_bit_mime = Offered::Yes,
                "SMTPUTF8" => offered.smtp_utf8 = Offered::Yes,
                "SIZE" => offered.size = Offered::Yes,
                "AUTH" => offered.auth.extend(words.map(str::to_ascii_uppercase)),
                _ => {}
            }
        }
        offered
    }

    pub(super) fn signs_in_by(&self, mechanism: &str) -> bool {
        self.auth.iter().any(|offered| offered == mechanism)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn of(text: &str) -> Capabilities {
        Capabilities::of(&Reply::read(text.as_bytes()).unwrap().unwrap().0)
    }

    #[test]
    fn extensions_are_found_whatever_their_case() {
        let offered =
            of("250-mail\r\n250-pipelining\r\n250-Size 1000\r\n250-AUTH plain Login\r\n250 8BITMIME\r\n");

        assert_eq!(offered.pipelining, Offered::Yes);
        assert_eq!(offered.size, Offered::Yes);
        assert_eq!(offered.starttls, Offered::No);
        assert!(offered.signs_in_by("PLAIN") && offered.signs_in_by("LOGIN"));
    }

    #[test]
    fn the_old_spelling_of_auth_is_understood() {
        assert!(of("250-mail\r\n250 AUTH=LOGIN PLAIN\r\n").signs_in_by("LOGIN"));
    }

    #[test]
    fn the_servers_own_name_is_no_extension() {
        assert_eq!(of("250-STARTTLS\r\n250 HELP\r\n").starttls, Offered::No);
    }
}
