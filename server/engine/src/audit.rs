//! The audit log: who changed what, when, from where. A line is written in the transaction of its change. It is
//! made of ids, names and addresses; nothing that holds a secret can be put in.

use crate::engine::Engine;
use crate::store::{AuditEntry, StoreError};
use crate::time::now;
use sqlx::AnyConnection;
use tocsin_domain::id::AuditId;

/// A person or program that changes something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Who {
    /// The administrator's name, or the machine token's.
    pub name: String,
    /// The network address it came from.
    pub origin: String,
}

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident = $key:literal),+ $(,)?) => {
        /// What was done.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Action {
            $($(#[$doc])* $name,)+
        }

        impl Action {
            /// All.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// The word that is stored, and by which the pages find the text.
            pub const fn key(self) -> &'static str {
                match self { $(Self::$name => $key,)+ }
            }
        }
    };
}

actions! {
    /// The first administrator was made.
    SetUp = "set-up",
    /// Somebody signed in.
    SignedIn = "signed-in",
    /// Somebody signed out.
    SignedOut = "signed-out",
    /// A sign-in was refused.
    SignInRefused = "sign-in-refused",
    /// A session of somebody whom the NAS let in ended with the NAS's.
    NasSessionEnded = "nas-session-ended",
    /// Somebody whom the NAS let in made the first local administrator.
    AdministratorMade = "administrator-made",
    /// An administrator changed their password.
    PasswordChanged = "password-changed",
    /// An account was added.
    AccountAdded = "account-added",
    /// An account's settings were changed.
    AccountChanged = "account-changed",
    /// An account was authorized again.
    AccountReauthorized = "account-reauthorized",
    /// A Custom account was converted to one of a provider.
    AccountConverted = "account-converted",
    /// A converted account was turned back.
    AccountTurnedBack = "account-turned-back",
    /// An account was tested.
    AccountTested = "account-tested",
    /// An account was made the default.
    AccountMadeDefault = "account-made-default",
    /// An account was deleted.
    AccountDeleted = "account-deleted",
    /// A deleted account was restored.
    AccountRestored = "account-restored",
    /// A deleted account's secrets were erased.
    AccountErased = "account-erased",
    /// A re-authorization link was made.
    LinkMade = "link-made",
    /// A re-authorization link was opened for the first time.
    LinkOpened = "link-opened",
    /// The mailbox's owner authorized an account by a re-authorization link.
    LinkUsed = "link-used",
    /// A re-authorization link was revoked.
    LinkRevoked = "link-revoked",
    /// A file of accounts was started.
    AccountsImported = "accounts-imported",
    /// A file of accounts was ended early.
    ImportCancelled = "import-cancelled",
    /// The accounts were exported, without secrets.
    AccountsExported = "accounts-exported",
    /// A rule was saved.
    RuleSaved = "rule-saved",
    /// A rule was deleted.
    RuleDeleted = "rule-deleted",
    /// A notification was put to the front by hand.
    NotificationSentNow = "notification-sent-now",
    /// A notification was taken out of the queue.
    NotificationCancelled = "notification-cancelled",
    /// An OAuth application was saved.
    OAuthApplicationSaved = "oauth-application-saved",
    /// An OAuth application was deleted.
    OAuthApplicationDeleted = "oauth-application-deleted",
    /// A machine token was made.
    TokenMade = "token-made",
    /// A machine token was revoked.
    TokenRevoked = "token-revoked",
    /// Tocsin found an account's authorization expired.
    AuthorizationLost = "authorization-lost",
    /// Tocsin found a setting of an account refused.
    SettingRefused = "setting-refused",
    /// The webhook's address was set.
    WebhookSaved = "webhook-saved",
    /// The webhook got another secret.
    WebhookSecretMade = "webhook-secret-made",
    /// The webhook was tested.
    WebhookTested = "webhook-tested",
    /// The webhook was removed.
    WebhookRemoved = "webhook-removed",
    /// General settings were changed.
    SettingsChanged = "settings-changed",
}

impl Who {
    /// Tocsin itself.
    pub(crate) fn tocsin() -> Self {
        Self {
            name: "Tocsin".to_owned(),
            origin: String::new(),
        }
    }
}

impl Engine {
    /// Writes a line with the change that it tells of.
    pub(crate) async fn audit(
        &self,
        connection: &mut AnyConnection,
        who: &Who,
        action: Action,
        subject: &str,
        detail: &str,
    ) -> Result<(), StoreError> {
        let entry = AuditEntry {
            id: AuditId::new(self.store.next_id()),
            at: now(),
            who: who.name.clone(),
            origin: who.origin.clone(),
            action: action.key().to_owned(),
            subject: subject.to_owned(),
            detail: detail.to_owned(),
        };
        self.store.insert_audit_entry(connection, &entry).await
    }

    /// Writes a line of something that changes nothing else.
    pub(crate) async fn audit_alone(
        &self,
        who: &Who,
        action: Action,
        subject: &str,
        detail: &str,
    ) -> Result<(), StoreError> {
        let mut transaction = self.store.begin().await?;
        self.audit(&mut transaction, who, action, subject, detail).await?;
        Ok(transaction.commit().await?)
    }

    /// The latest lines, newest first.
    pub async fn audit_log(&self, limit: u32) -> Result<Vec<AuditEntry>, StoreError> {
        self.store.audit_entries(limit).await
    }
}
