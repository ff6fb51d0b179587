//! What mends a failure: a closed list.
//!
//! The English sentence is the `Display`; other languages look the [`key`](NextStep::key) up.

use std::fmt;

use serde::{Serialize, Serializer};

/// Writes the enum and what follows from each variant from one table.
macro_rules! next_steps {
    ($($variant:ident, $key:literal, $sentence:literal;)*) => {
        /// What mends the failure, addressed to whoever runs the NAS.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum NextStep {
            $(#[doc = $sentence] $variant,)*
        }

        impl NextStep {
            /// All next steps.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The step's word for translation files and JSON.
            pub fn key(self) -> &'static str {
                match self { $(Self::$variant => $key,)* }
            }

            fn sentence(self) -> &'static str {
                match self { $(Self::$variant => $sentence,)* }
            }
        }
    };
}

next_steps! {
    Reauthorize, "reauthorize",
        "Let the mailbox's owner sign in again.";
    EnterNewPassword, "enter-new-password",
        "Enter the mailbox's user name and password again.";
    CreateAppPassword, "create-app-password",
        "Create an app password or authorization code at the provider and enter it here.";
    CheckOAuthApplication, "check-oauth-application",
        "Compare the OAuth application's client ID, tenant, redirect address and permissions with the \
         provider's console. Signing in again does not help.";
    RenewOAuthSecret, "renew-oauth-secret",
        "Create a new client secret in the provider's console and enter it at the OAuth application. \
         Signing in again does not help.";
    SwitchOnAtProvider, "switch-on-at-provider",
        "Switch the service on in the mailbox's settings at the provider, or let its administrator do it.";
    AskAdministrator, "ask-administrator",
        "Ask the administrator of the mailbox or of the mail server.";
    UnblockAccount, "unblock-account",
        "Sign in at the provider's website and follow its advice to unblock the account.";
    CheckSignInMethod, "check-sign-in-method",
        "Check the account's user name, password and way to sign in.";
    CheckHostAndPort, "check-host-and-port",
        "Check the server's name and port.";
    CheckTlsMode, "check-tls-mode",
        "Check the TLS mode and the port: implicit TLS is usual on 465, STARTTLS on 587.";
    AddCertificate, "add-certificate",
        "Add the server's certificate or its authority to the trusted ones, or use a server name that \
         its certificate covers.";
    CheckCertificate, "check-certificate",
        "Have the server's certificate renewed, and check the date and time of this NAS.";
    CheckHelloName, "check-hello-name",
        "Set a full host name as the name with which the NAS introduces itself.";
    UseOwnAddress, "use-own-address",
        "Use the account's own address, or one of its registered aliases, as From address.";
    VerifySender, "verify-sender",
        "Verify the From address or its domain at the provider.";
    CheckRelayPermission, "check-relay-permission",
        "Check that the account signs in, and that the server may send to other domains for it.";
    CheckSendingAddress, "check-sending-address",
        "Send through a provider's server, or ask for the network address to be taken off the list that \
         the reply names.";
    WaitAndRetry, "wait-and-retry",
        "Nothing to do: it is tried again by itself.";
    CheckNetwork, "check-network",
        "It is tried again by itself. If it lasts, check this NAS's network and DNS settings.";
    WaitForQuota, "wait-for-quota",
        "Wait until the limit is reset, or send through another account.";
    UpgradePlan, "upgrade-plan",
        "Buy more messages at the provider, or send through another account.";
    FreeStorage, "free-storage",
        "Delete mail in the sending mailbox, its sent messages too.";
    CheckRecipient, "check-recipient",
        "Check the recipient's address.";
    TellRecipient, "tell-recipient",
        "Tell the recipient in another way; only they or their provider can change it.";
    ChangeMessage, "change-message",
        "Look at the reply's words and at what the message contains: its links, attachments, size and \
         headers.";
    AuthenticateDomain, "authenticate-domain",
        "Send through the provider of the From address, or set up SPF, DKIM and reverse DNS for its domain.";
    ImproveReputation, "improve-reputation",
        "Send through an established provider, and follow the link in the reply.";
}

impl fmt::Display for NextStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.sentence())
    }
}

impl Serialize for NextStep {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.key())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::failure::Meaning;

    #[test]
    fn no_two_steps_share_a_key() {
        let keys: HashSet<_> = NextStep::ALL.iter().map(|step| step.key()).collect();

        assert_eq!(keys.len(), NextStep::ALL.len());
    }

    #[test]
    fn every_step_mends_something() {
        for step in NextStep::ALL {
            assert!(
                Meaning::ALL.iter().any(|meaning| meaning.next_step() == *step),
                "{step:?}"
            );
        }
    }
}
