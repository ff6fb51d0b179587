//! Who an administrator is.

use crate::store::{AdminRow, StoreError};
use std::fmt;
use std::str::FromStr;
use tocsin_domain::address::EmailAddress;
use tocsin_domain::id::AdminId;

/// Somebody who may sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Admin {
    /// The id.
    pub id: AdminId,
    /// The name to sign in with.
    pub name: AdminName,
    /// Where warnings go.
    pub address: EmailAddress,
    /// What they may do.
    pub role: Role,
}

/// Somebody who is signed in, as the pages and the audit log name them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// Their name.
    pub name: String,
    /// Where mails to them go, if that is known.
    pub address: Option<EmailAddress>,
    /// What they may do.
    pub role: Role,
    /// Who vouches for them.
    pub by: By,
}

/// Who vouches for somebody who is signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// Tocsin itself, by their password.
    Tocsin,
    /// The NAS that it runs on (`nas/`).
    Nas,
}

impl From<Admin> for SignedIn {
    fn from(admin: Admin) -> Self {
        Self {
            name: admin.name.to_string(),
            address: Some(admin.address),
            role: admin.role,
            by: By::Tocsin,
        }
    }
}

/// What somebody who is signed in may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Everything.
    Administrator,
    /// Look at everything, change nothing.
    Viewer,
}

impl Role {
    /// The word that is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Administrator => "administrator",
            Self::Viewer => "viewer",
        }
    }
}

/// The name to sign in with, in lower case: who writes `Admin` means `admin`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AdminName(String);

/// The text cannot be a name to sign in with.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("choose a name of 1 to {} characters without line breaks", AdminName::MAX)]
pub struct InvalidName;

impl AdminName {
    /// The longest name, in characters.
    pub const MAX: usize = 64;

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for AdminName {
    type Err = InvalidName;

    fn from_str(text: &str) -> Result<Self, InvalidName> {
        let name = text.trim().to_lowercase();
        let fits = (1..=Self::MAX).contains(&name.chars().count()) && !name.chars().any(char::is_control);
        if fits { Ok(Self(name)) } else { Err(InvalidName) }
    }
}

impl fmt::Display for AdminName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<AdminRow> for Admin {
    type Error = StoreError;

    fn try_from(row: AdminRow) -> Result<Self, StoreError> {
        let unreadable = |error: &dyn fmt::Display| StoreError::Unreadable(error.to_string());
        Ok(Self {
            id: row.id,
            name: row
                .name
                .parse()
                .map_err(|error: InvalidName| unreadable(&error))?,
            address: row
                .address
                .parse()
                .map_err(|error: tocsin_domain::address::InvalidAddress| unreadable(&error))?,
            role: [Role::Administrator, Role::Viewer]
                .into_iter()
                .find(|role| role.as_str() == row.role)
                .ok_or_else(|| StoreError::Unreadable(format!("the role {}", row.role)))?,
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_name_is_compared_without_case_and_is_one_short_line() {
        assert_eq!("  Admin ".parse::<AdminName>().unwrap().as_str(), "admin");
        for text in ["", "  ", "a\r\nb", &"x".repeat(65)] {
            assert_eq!(text.parse::<AdminName>(), Err(InvalidName), "{text:?}");
        }
    }
}
