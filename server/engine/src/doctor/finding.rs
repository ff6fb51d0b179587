//! What was looked at, how it stands, and what to do.

use serde::Serialize;

/// How something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// In order.
    Fine,
    /// In order, and worth knowing.
    Note,
    /// It cannot be told.
    Unknown,
    /// Somebody must act.
    Act,
}

/// What was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Check {
    /// The data directory.
    DataDirectory,
    /// The database's file.
    Database,
    /// The key, and whether it opens what is stored.
    Key,
    /// The presets.
    Presets,
    /// Whether the server runs.
    Server,
    /// The files that browsers load.
    Site,
    /// Who may sign in, and is warned.
    Administrators,
    /// The accounts.
    Accounts,
    /// The OAuth applications.
    OauthApplications,
    /// What waits to be sent.
    Notifications,
    /// Whether a warning reaches anybody.
    Warnings,
    /// The webhook.
    Webhook,
}

impl Check {
    /// In words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::DataDirectory => "Data directory",
            Self::Database => "Database",
            Self::Key => "Key",
            Self::Presets => "Presets",
            Self::Server => "Server",
            Self::Site => "Site files",
            Self::Administrators => "Administrators",
            Self::Accounts => "Accounts",
            Self::OauthApplications => "OAuth applications",
            Self::Notifications => "Notifications",
            Self::Warnings => "Warnings",
            Self::Webhook => "Webhook",
        }
    }
}

/// One thing that was found. No secret stands in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What was looked at.
    pub check: Check,
    /// How it stands.
    pub standing: Standing,
    /// What was found.
    pub what: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

impl Finding {
    /// In order.
    pub fn fine(check: Check, what: impl Into<String>) -> Self {
        Self {
            check,
            standing: Standing::Fine,
            what: what.into(),
            next: None,
        }
    }

    /// In order, and worth knowing.
    pub fn note(check: Check, what: impl Into<String>, next: impl Into<String>) -> Self {
        Self {
            next: Some(next.into()),
            standing: Standing::Note,
            ..Self::fine(check, what)
        }
    }

    /// Somebody must act.
    pub fn act(check: Check, what: impl Into<String>, next: impl Into<String>) -> Self {
        Self {
            standing: Standing::Act,
            ..Self::note(check, what, next)
        }
    }

    /// It cannot be told.
    pub fn unknown(check: Check, what: impl Into<String>, next: impl Into<String>) -> Self {
        Self {
            standing: Standing::Unknown,
            ..Self::note(check, what, next)
        }
    }
}
