//! What a column of the file can hold.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// The word names nothing that a column can hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not something that a column can hold: use one of {names}", names = names())]
pub struct UnknownField(String);

macro_rules! fields {
    ($($(#[$doc:meta])* $name:ident = $key:literal),+ $(,)?) => {
        /// What a column of the file can hold.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum ImportField {
            $($(#[$doc])* #[serde(rename = $key)] $name,)+
        }

        impl ImportField {
            /// All, in the order of the template's columns.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// Its column's name in the template and in exports.
            pub const fn key(self) -> &'static str {
                match self { $(Self::$name => $key,)+ }
            }
        }
    };
}

fields! {
    /// The mailbox.
    Address = "email",
    /// Password, app password or key.
    Password = "password",
    /// The user name, if it is not the address.
    User = "user_name",
    /// The name of the mails' `From`.
    SenderName = "sender_name",
    /// Who is asked to re-authorize.
    Owner = "owner",
    /// The preset.
    Provider = "provider",
    /// Where mail is handed in.
    SmtpHost = "smtp_host",
    /// Its port.
    SmtpPort = "smtp_port",
    /// How that connection is secured.
    SmtpSecurity = "smtp_security",
    /// Certificates of an authority of one's own for it, PEM.
    SmtpCa = "smtp_ca",
    /// Where mail is read.
    ImapHost = "imap_host",
    /// Its port.
    ImapPort = "imap_port",
    /// How that connection is secured.
    ImapSecurity = "imap_security",
    /// Certificates of an authority of one's own for it, PEM.
    ImapCa = "imap_ca",
}

impl fmt::Display for ImportField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.key())
    }
}

impl FromStr for ImportField {
    type Err = UnknownField;

    fn from_str(text: &str) -> Result<Self, UnknownField> {
        Self::ALL
            .iter()
            .copied()
            .find(|field| field.key() == text)
            .ok_or_else(|| UnknownField(text.to_owned()))
    }
}

fn names() -> String {
    ImportField::ALL
        .iter()
        .map(|field| field.key())
        .collect::<Vec<_>>()
        .join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_found_by_its_word() {
        for field in ImportField::ALL {
            assert_eq!(field.key().parse(), Ok(*field));
        }
        assert!(
            "colour"
                .parse::<ImportField>()
                .is_err_and(|error| error.to_string().contains("smtp_host"))
        );
    }
}
