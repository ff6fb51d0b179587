//! Why that became of a row: what is wrong with it, what its server said, or what somebody must do.

use super::ImportField;
use crate::failure::{Meaning, Stage};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Which of an account's two servers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ServerKind {
    /// The one that mail is handed to.
    Sending,
    /// The one that mail is read from.
    Receiving,
}

/// What is wrong with one cell. No cell's text is in here: it may be a password in the wrong column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
pub enum CellProblem {
    /// Nothing in it.
    #[error("it is empty")]
    Missing,
    /// The stored password is not sent to another server.
    #[error(
        "the row names another server than the account has, and the stored password is not sent there: fill it in"
    )]
    NeededForHost,
    /// Not an address.
    #[error("it is not an e-mail address: write it as name@example.com")]
    Address,
    /// More than one line, or too long.
    #[error("it must be one line of at most 250 characters")]
    Line,
    /// Not a port.
    #[error("it is not a port: use a number from 1 to 65535, often 465 or 587")]
    Port,
    /// No way to secure a connection.
    #[error("use tls, starttls or none")]
    Security,
    /// No preset of this name.
    #[error("there is no provider of this name")]
    Provider,
    /// Not a host.
    #[error("enter the mail server's name alone, such as smtp.example.com, without https://, port or spaces")]
    Host,
    /// Not certificates.
    #[error("it is not a certificate: paste PEM text, with its lines BEGIN CERTIFICATE and END CERTIFICATE")]
    Certificate,
    /// It begins as a formula.
    #[error(
        "it begins as a formula does (=, +, -, @ or a tab). Save the value instead of the formula; where the sign \
         is meant, put an apostrophe before it"
    )]
    Formula,
}

/// Why that became of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "kebab-case")]
pub enum Remark {
    /// A cell is wrong.
    Cell {
        /// Which.
        field: ImportField,
        /// What is wrong with it.
        problem: CellProblem,
    },
    /// It has more or fewer cells than the header.
    Ragged {
        /// How many it has.
        cells: u64,
        /// How many the header has.
        header: u64,
    },
    /// An earlier row is for the same mailbox.
    Twice {
        /// That row's line.
        line: u64,
    },
    /// It is an account already, and updating was not asked for.
    Taken,
    /// It is an account of another provider already.
    OtherProvider,
    /// The account is authorized by a sign-in at its provider, which a password does not replace.
    HasGrant,
    /// The mailbox's owner must sign in at the provider: send the link.
    AwaitsOwner,
    /// The mail server did not accept it.
    Refused {
        /// Which of its servers.
        server: ServerKind,
        /// The step that failed.
        stage: Stage,
        /// What that means.
        meaning: Meaning,
        /// The server's words.
        words: String,
    },
    /// Its server did not answer for the rows before, so this one was not tried.
    NotTried {
        /// What was seen before.
        meaning: Meaning,
        /// The words then.
        words: String,
    },
    /// Somebody cancelled before it was tried.
    Cancelled,
    /// Somebody else added, changed or deleted the account meanwhile.
    ChangedMeanwhile,
    /// Tocsin itself failed.
    Fault {
        /// In whose words.
        words: String,
    },
}

impl Remark {
    /// What the failure means, where a server or the way to it failed.
    pub fn meaning(&self) -> Option<Meaning> {
        match self {
            Self::Refused { meaning, .. } | Self::NotTried { meaning, .. } => Some(*meaning),
            _ => None,
        }
    }

    /// The server's words, where it said some.
    pub fn words(&self) -> Option<&str> {
        match self {
            Self::Refused { words, .. } | Self::NotTried { words, .. } => Some(words),
            _ => None,
        }
    }
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cell { field, problem } => write!(f, "{field}: {problem}"),
            Self::Ragged { cells, header } => write!(
                f,
                "the row has {cells} cells, the header {header}: put cells with a comma, semicolon or line break \
                 in quotation marks"
            ),
            Self::Twice { line } => write!(f, "the same mailbox stands in line {line} already"),
            Self::Taken => f.write_str(
                "it is an account already; to change it, choose “Update inbox if it exists”",
            ),
            Self::OtherProvider => f.write_str(
                "it is an account of another provider already: convert it on its own page, or leave the provider \
                 empty here",
            ),
            Self::HasGrant => f.write_str(
                "it is authorized by a sign-in at its provider, which a password does not replace",
            ),
            Self::AwaitsOwner => f.write_str(
                "the mailbox's owner must sign in at the provider: send them a re-authorization link",
            ),
            Self::Refused { meaning, words, .. } => {
                write!(f, "{meaning} {} The server's answer: {words}", meaning.next_step())
            }
            Self::NotTried { meaning, words } => write!(
                f,
                "not tried, since this server did not answer for the rows before: {meaning} {} What was seen: \
                 {words}",
                meaning.next_step()
            ),
            Self::Cancelled => f.write_str("the import was cancelled before this row"),
            Self::ChangedMeanwhile => {
                f.write_str("somebody else changed this account at the same time; import the row again")
            }
            Self::Fault { words } => write!(f, "Tocsin failed: {words}"),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_remark_survives_its_table() {
        let remark = Remark::Refused {
            server: ServerKind::Sending,
            stage: Stage::Auth,
            meaning: Meaning::PasswordRefused,
            words: "535 5.7.8 no".to_owned(),
        };
        let json = serde_json::to_string(&remark).unwrap();
        assert_eq!(serde_json::from_str::<Remark>(&json).unwrap(), remark);
        assert!(remark.to_string().contains("535 5.7.8 no"));
        assert!(
            remark
                .to_string()
                .contains("Enter the mailbox's user name and password again.")
        );
    }
}
