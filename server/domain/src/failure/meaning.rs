//! What a failure can mean: a closed list.
//!
//! Each meaning has one [`FailureClass`] and one [`NextStep`]. Its English sentence is its `Display`; other
//! languages look its [`key`](Meaning::key) up.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{FailureClass, NextStep};

const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);

/// Writes the enum and what follows from each variant from one table.
macro_rules! meanings {
    ($($class:ident { $($variant:ident, $key:literal, $step:ident, $sentence:literal;)* })*) => {
        /// What happened, as far as the server's words tell.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Meaning {
            $($(#[doc = $sentence] $variant,)*)*
        }

        impl Meaning {
            /// All meanings, by class.
            pub const ALL: &[Self] = &[$($(Self::$variant,)*)*];

            /// The meaning's word for translation files and JSON.
            pub fn key(self) -> &'static str {
                match self { $($(Self::$variant => $key,)*)* }
            }

            /// The class of failures with this meaning.
            pub fn class(self) -> FailureClass {
                match self { $($(Self::$variant)|* => FailureClass::$class,)* }
            }

            /// What mends it.
            pub fn next_step(self) -> NextStep {
                match self { $($(Self::$variant => NextStep::$step,)*)* }
            }

            fn sentence(self) -> &'static str {
                match self { $($(Self::$variant => $sentence,)*)* }
            }
        }
    };
}

meanings! {
    Reauthorize {
        GrantRevoked, "grant-revoked", Reauthorize,
            "The permission to send for this mailbox has expired or was withdrawn.";
        ConsentRequired, "consent-required", Reauthorize,
            "The mailbox's owner has not agreed, or no longer agrees, that Tocsin may use it.";
        SignInRequired, "sign-in-required", Reauthorize,
            "The provider wants the mailbox's owner to sign in again in a browser.";
        TokenRefused, "token-refused", Reauthorize,
            "The server did not accept the access token of this mailbox.";
        PasswordRefused, "password-refused", EnterNewPassword,
            "The server did not accept the user name or the password.";
        PasswordExpired, "password-expired", EnterNewPassword,
            "The mailbox's password has expired or must be changed.";
        AppPasswordRequired, "app-password-required", CreateAppPassword,
            "The provider does not accept the mailbox's usual password here: it wants one made for applications.";
        AuthorizationCodeRefused, "authorization-code-refused", CreateAppPassword,
            "The server did not accept the authorization code, which the provider wants in the place of a password.";
        TooManyBadPasswords, "too-many-bad-passwords", EnterNewPassword,
            "The provider refused the password so often that it has stopped listening for now.";
    }
    Configuration {
        OAuthApplicationRefused, "oauth-application-refused", CheckOAuthApplication,
            "The provider does not know or does not allow the OAuth application that asks on behalf of this mailbox.";
        OAuthSecretRefused, "oauth-secret-refused", RenewOAuthSecret,
            "The provider did not accept the client secret of the OAuth application.";
        OAuthSecretExpired, "oauth-secret-expired", RenewOAuthSecret,
            "The client secret of the OAuth application has expired.";
        OAuthRequestRefused, "oauth-request-refused", CheckOAuthApplication,
            "The provider rejected the form of the request: a setting of the OAuth application is wrong.";
        SmtpAuthSwitchedOff, "smtp-auth-switched-off", SwitchOnAtProvider,
            "Sending by SMTP with a sign-in is switched off for this mailbox at the provider.";
        ImapSwitchedOff, "imap-switched-off", SwitchOnAtProvider,
            "IMAP is switched off for this mailbox at the provider.";
        SignInNotAllowed, "sign-in-not-allowed", AskAdministrator,
            "A rule of the mailbox's organisation or provider does not allow this sign-in.";
        AccountSuspended, "account-suspended", UnblockAccount,
            "The provider has suspended the sending account.";
        MechanismNotOffered, "mechanism-not-offered", CheckSignInMethod,
            "The server does not offer this way to sign in.";
        CredentialMalformed, "credential-malformed", CheckSignInMethod,
            "The server could not read the sign-in data: the user name or the password is empty or misformed.";
        AuthorizationIdentityRefused, "authorization-identity-refused", CheckSignInMethod,
            "The signed-in user may not act for the mailbox that was named.";
        AuthenticationMissing, "authentication-missing", CheckSignInMethod,
            "The server takes mail only after a sign-in, and none took place.";
        EncryptionRequired, "encryption-required", CheckTlsMode,
            "The server talks only over an encrypted connection.";
        EncryptionNotOffered, "encryption-not-offered", CheckTlsMode,
            "The server does not offer encryption on this port.";
        EncryptionMismatch, "encryption-mismatch", CheckTlsMode,
            "The encryption could not be agreed on: the TLS mode, the port or the TLS version does not fit.";
        CertificateNotTrusted, "certificate-not-trusted", AddCertificate,
            "The server's certificate is signed by nobody this NAS trusts.";
        CertificateExpired, "certificate-expired", CheckCertificate,
            "The server's certificate has expired or is not valid yet.";
        CertificateNameMismatch, "certificate-name-mismatch", CheckHostAndPort,
            "The server's certificate is for another name than the one that was set.";
        CertificateRefused, "certificate-refused", CheckCertificate,
            "The server's certificate cannot be used.";
        NameNotFound, "name-not-found", CheckHostAndPort,
            "There is no server of this name.";
        NothingListens, "nothing-listens", CheckHostAndPort,
            "Nothing answers at this host and port.";
        WrongServer, "wrong-server", CheckHostAndPort,
            "What answered is not the mail server that was expected.";
        HelloRefused, "hello-refused", CheckHelloName,
            "The server did not accept the name with which Tocsin introduces itself.";
        CommandNotSupported, "command-not-supported", CheckHostAndPort,
            "The server does not support what was asked of it.";
        SenderNotAllowed, "sender-not-allowed", UseOwnAddress,
            "The account may not send with this From address.";
        SenderNotVerified, "sender-not-verified", VerifySender,
            "The From address or its domain is not verified at the provider.";
        SenderDomainUnknown, "sender-domain-unknown", UseOwnAddress,
            "The domain of the From address cannot be found.";
        SenderAddressInvalid, "sender-address-invalid", UseOwnAddress,
            "The From address is not valid for this server.";
        RelayDenied, "relay-denied", CheckRelayPermission,
            "The server does not pass mail on for this sender.";
        SendingAddressBlocked, "sending-address-blocked", CheckSendingAddress,
            "The network address that the mail comes from is on a block list.";
        MisconfiguredServer, "misconfigured-server", AskAdministrator,
            "The mail server itself is set up wrongly.";
    }
    Temporary {
        TooManyLogins, "too-many-logins", WaitAndRetry,
            "There were too many sign-ins in a short time.";
        TooManyConnections, "too-many-connections", WaitAndRetry,
            "There are too many connections to the server.";
        TooFast, "too-fast", WaitAndRetry,
            "The messages came faster than the server takes them.";
        AuthenticationServiceDown, "authentication-service-down", WaitAndRetry,
            "The server cannot check passwords at the moment.";
        AccessTokenExpired, "access-token-expired", WaitAndRetry,
            "The access token ran out in the middle of a session; a fresh one is fetched.";
        TokenEndpointBusy, "token-endpoint-busy", WaitAndRetry,
            "The provider's sign-in service wants fewer requests.";
        TokenEndpointDown, "token-endpoint-down", WaitAndRetry,
            "The provider's sign-in service has a fault.";
        AuthorizationPending, "authorization-pending", WaitAndRetry,
            "The provider is still waiting for the owner's consent.";
        NameLookupFailed, "name-lookup-failed", CheckNetwork,
            "The server's name could not be looked up just now.";
        NetworkUnreachable, "network-unreachable", CheckNetwork,
            "The network does not lead to the server at the moment.";
        ConnectionRefused, "connection-refused", WaitAndRetry,
            "The server refused the connection.";
        ConnectionLost, "connection-lost", WaitAndRetry,
            "The connection broke off.";
        TimedOut, "timed-out", WaitAndRetry,
            "The server did not answer in time.";
        ServerBusy, "server-busy", WaitAndRetry,
            "The server is busy or under maintenance.";
        ServerFault, "server-fault", WaitAndRetry,
            "The server has a fault of its own.";
        ServerFull, "server-full", WaitAndRetry,
            "The server has run out of space or memory.";
        MailboxInUse, "mailbox-in-use", WaitAndRetry,
            "The mailbox is in use by another session.";
        Greylisted, "greylisted", WaitAndRetry,
            "The server takes mail from strangers at the second try only.";
        ReputationDeferred, "reputation-deferred", WaitAndRetry,
            "The server puts mail from this sender or address off for now.";
        RecipientBusy, "recipient-busy", WaitAndRetry,
            "The recipient receives more mail than the server takes at once.";
        RecipientCheckPending, "recipient-check-pending", WaitAndRetry,
            "The server is still checking that the recipient exists.";
        Unexplained, "unexplained", WaitAndRetry,
            "It failed without a reason that is known here.";
        Deferred, "deferred", WaitAndRetry,
            "The server puts the message off.";
    }
    Quota {
        DailyLimit, "daily-limit", WaitForQuota,
            "The account has sent as many messages as the provider allows in a day.";
        RateLimit, "rate-limit", WaitForQuota,
            "The account has sent more messages than the provider allows in this time.";
        TooManyRecipients, "too-many-recipients", WaitForQuota,
            "The message or the account has more recipients than the provider allows.";
        CreditsUsedUp, "credits-used-up", UpgradePlan,
            "The provider's plan has no messages left.";
        SendingHeld, "sending-held", UnblockAccount,
            "The provider has stopped this account's outgoing mail because of how much or what it sent.";
        StorageFull, "storage-full", FreeStorage,
            "The sending mailbox is full.";
    }
    Recipient {
        MailboxUnknown, "mailbox-unknown", CheckRecipient,
            "There is no such recipient.";
        MailboxDisabled, "mailbox-disabled", CheckRecipient,
            "The recipient's mailbox is switched off.";
        MailboxFull, "mailbox-full", TellRecipient,
            "The recipient's mailbox is full.";
        RecipientDomainUnknown, "recipient-domain-unknown", CheckRecipient,
            "The domain of the recipient's address cannot be found or takes no mail.";
        RecipientAddressInvalid, "recipient-address-invalid", CheckRecipient,
            "The recipient's address is not valid.";
        RecipientMoved, "recipient-moved", CheckRecipient,
            "The recipient has another address now.";
        RecipientLimit, "recipient-limit", TellRecipient,
            "The recipient has received as much mail as its provider allows.";
        RecipientRefuses, "recipient-refuses", TellRecipient,
            "The recipient or its organisation does not take mail from this sender.";
    }
    Message {
        SpamSuspected, "spam-suspected", ChangeMessage,
            "The server takes the message for spam.";
        VirusFound, "virus-found", ChangeMessage,
            "The server found a virus in the message.";
        MessageTooLarge, "message-too-large", ChangeMessage,
            "The message is too large.";
        AttachmentRefused, "attachment-refused", ChangeMessage,
            "The server does not take this kind of attachment.";
        HeadersRefused, "headers-refused", ChangeMessage,
            "The message's form or headers are not as the server wants them.";
        SenderNotAuthenticated, "sender-not-authenticated", AuthenticateDomain,
            "The message failed the checks of its sender's domain (SPF, DKIM or DMARC).";
        ReverseNameMissing, "reverse-name-missing", AuthenticateDomain,
            "The network address that the mail comes from has no proper name in the DNS.";
        PoorReputation, "poor-reputation", ImproveReputation,
            "The server does not trust this sender or its domain.";
        PolicyRefused, "policy-refused", ChangeMessage,
            "A rule of the server refuses the message.";
    }
}

impl Meaning {
    /// How long such a failure lasts where providers say so. Daily limits of Gmail, Outlook.com and Zoho run
    /// over 24 hours; rate limits and locks after bad passwords are given as about an hour or less.
    pub(super) fn retry_after(self) -> Option<Duration> {
        match self {
            Self::DailyLimit => Some(DAY),
            Self::RateLimit | Self::TooManyLogins | Self::RecipientLimit => Some(HOUR),
            _ => None,
        }
    }
}

impl fmt::Display for Meaning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.sentence())
    }
}

impl Serialize for Meaning {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.key())
    }
}

impl<'de> Deserialize<'de> for Meaning {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let key = String::deserialize(deserializer)?;
        let found = Self::ALL.iter().copied().find(|meaning| meaning.key() == key);
        found.ok_or_else(|| serde::de::Error::custom("unknown meaning"))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_two_meanings_share_a_key_or_a_sentence() {
        let keys: HashSet<_> = Meaning::ALL.iter().map(|meaning| meaning.key()).collect();
        let sentences: HashSet<_> = Meaning::ALL.iter().map(ToString::to_string).collect();

        assert_eq!(keys.len(), Meaning::ALL.len());
        assert_eq!(sentences.len(), Meaning::ALL.len());
    }

    #[test]
    fn every_class_has_a_meaning() {
        for class in FailureClass::ALL {
            assert!(
                Meaning::ALL.iter().any(|meaning| meaning.class() == class),
                "{class}"
            );
        }
    }
}
