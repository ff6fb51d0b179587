//! What Tocsin tells people of its own accord: about accounts and OAuth applications that need them.

use crate::address::EmailAddress;
use crate::authorization::Authorization;
use crate::id::NotificationId;
use crate::nas::{LogReach, Logged};
use crate::notification::State;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $key:literal),+ $(,)?) => {
        /// What somebody was told of.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Kind {
            $($(#[$doc])* $name,)+
        }

        impl Kind {
            /// All.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// The word that is stored, and that a webhook is told.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $key,)+ }
            }
        }
    };
}

kinds! {
    /// An account's authorization has expired.
    Expired = "expired",
    /// The server refuses a setting of an account.
    SettingRefused = "setting-refused",
    /// An account's server has not answered for long.
    Unreachable = "unreachable",
    /// An account's grant will end.
    GrantEnds = "grant-ends",
    /// The provider refuses an OAuth application.
    ApplicationRefused = "application-refused",
    /// The client secret of an OAuth application will end.
    SecretEnds = "secret-ends",
    /// An account or an OAuth application works again; told to the webhook alone.
    WorksAgain = "works-again",
    /// The owner was sent a re-authorization link.
    LinkSent = "link-sent",
    /// A re-authorization link was used.
    LinkUsed = "link-used",
    /// What became of an import.
    ImportReport = "import-report",
}

impl Kind {
    /// Whether it is still true of an account that stands so. What is not, must not be sent any more.
    pub const fn holds_of(self, authorization: &Authorization) -> bool {
        match self {
            Self::Expired => matches!(authorization, Authorization::NeedsReauthorization(_)),
            Self::SettingRefused => matches!(authorization, Authorization::NeedsConfiguration(_)),
            Self::Unreachable => matches!(authorization, Authorization::Unreachable { .. }),
            // Whether the grant was renewed, the state does not tell.
            Self::GrantEnds => !authorization.needs_somebody(),
            Self::ApplicationRefused
            | Self::SecretEnds
            | Self::WorksAgain
            | Self::LinkSent
            | Self::LinkUsed
            | Self::ImportReport => true,
        }
    }
}

/// The text names nothing that people are told of.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown kind of what was told")]
pub struct UnknownKind;

impl std::str::FromStr for Kind {
    type Err = UnknownKind;

    fn from_str(text: &str) -> Result<Self, UnknownKind> {
        Self::ALL
            .iter()
            .copied()
            .find(|kind| kind.as_str() == text)
            .ok_or(UnknownKind)
    }
}

/// The warnings that could not be sent to anybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unheard {
    /// How many are held because no account can carry them.
    pub warnings: u64,
    /// Whether the webhook was told instead.
    pub webhook: WebhookReach,
    /// Whether they stand in the NAS's own log.
    pub nas_log: LogReach,
}

/// Whether a webhook takes what it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WebhookReach {
    /// None is set.
    None,
    /// It took the last call.
    Told,
    /// It did not.
    Failing,
}

/// A line of an account's history: what was told to whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// When it was written.
    pub at: Timestamp,
    /// Of what.
    pub kind: Kind,
    /// To whom.
    pub recipients: Vec<EmailAddress>,
    /// The notification that carries it, and where that stands; none where it was cleaned away.
    pub notification: Option<(NotificationId, State)>,
    /// That it was no mail but a line in the NAS's own log, and whether it stands there; then nobody in particular was
    /// told.
    pub nas_log: Option<Logged>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authorization::Refusal;

    #[test]
    fn a_kind_is_found_by_its_word() {
        for kind in Kind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(*kind));
        }
        assert_eq!("gossip".parse::<Kind>(), Err(UnknownKind));
    }

    #[test]
    fn a_warning_is_stale_as_soon_as_the_account_is_well() {
        for kind in [Kind::Expired, Kind::SettingRefused, Kind::Unreachable] {
            assert!(!kind.holds_of(&Authorization::Authorized), "{kind:?}");
        }
        assert!(Kind::LinkUsed.holds_of(&Authorization::Authorized));
    }

    #[test]
    fn who_needs_somebody_is_not_told_of_an_end_any_more() {
        assert!(Kind::GrantEnds.holds_of(&Authorization::Authorized));
        assert!(!Kind::GrantEnds.holds_of(&Authorization::NeedsReauthorization(Refusal::test("x"))));
    }
}
