//! Service accounts: mailboxes that Tocsin sends from. Secrets are not part of these types; the vault keeps
//! them.

use crate::address::EmailAddress;
use crate::authorization::{Authorization, Suspicion};
use crate::id::AccountId;
use crate::provider::{ProviderKey, Server};
use crate::text::Line;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What the admin sets on an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountSettings {
    /// The preset.
    pub provider: ProviderKey,
    /// The mailbox, and the address of the mails' `From`.
    pub address: EmailAddress,
    /// The name of the mails' `From`; may be empty.
    pub sender_name: Line,
    /// Who is asked to re-authorize; none means the mailbox itself.
    pub owner: Option<EmailAddress>,
    /// Where mail is handed in.
    pub smtp: Server,
    /// Where mail is read, if at all.
    pub imap: Option<Server>,
    /// What it signs in with.
    pub sign_in: SignIn,
}

/// What an account signs in with; the secret itself is in the vault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "with", rename_all = "kebab-case")]
pub enum SignIn {
    /// A user name (often the address) and a password.
    Password {
        /// The user name.
        user: String,
    },
    /// A grant (XOAUTH2).
    Grant,
    /// Nothing: a relay that trusts the network.
    Nothing,
}

/// An account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Its id, which re-authorizing keeps.
    pub id: AccountId,
    /// What the admin set.
    pub settings: AccountSettings,
    /// Whether it may send, and why not.
    pub authorization: Authorization,
    /// A refusal that is not yet confirmed.
    pub suspicion: Option<Suspicion>,
    /// No mail is handed in before this time, although the account is authorized.
    pub pause: Option<Pause>,
    /// Whether it sends for rules that have no sender.
    pub default: IsDefault,
    /// When a server last accepted its sign-in.
    pub proven_at: Option<Timestamp>,
    /// When it was last checked, with whatever outcome.
    pub checked_at: Option<Timestamp>,
    /// When a server last accepted a mail from it.
    pub sent_at: Option<Timestamp>,
    /// When it was added.
    pub created_at: Timestamp,
}

impl Account {
    /// One that was added now: nothing is known of it but how it stands.
    #[must_use]
    pub fn new(
        id: AccountId,
        settings: AccountSettings,
        authorization: Authorization,
        now: Timestamp,
    ) -> Self {
        Self {
            id,
            settings,
            authorization,
            suspicion: None,
            pause: None,
            default: IsDefault::No,
            proven_at: None,
            checked_at: None,
            sent_at: None,
            created_at: now,
        }
    }

    /// One that was added now, and whose sign-in a server has accepted.
    #[must_use]
    pub fn proven(id: AccountId, settings: AccountSettings, now: Timestamp) -> Self {
        Self {
            proven_at: Some(now),
            checked_at: Some(now),
            ..Self::new(id, settings, Authorization::Authorized, now)
        }
    }
}

/// Whether an account sends for rules that have no sender.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum IsDefault {
    /// It does.
    Yes,
    /// It does not.
    No,
}

/// An account's rest: its sending limit is used up, or its server asks for patience.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    /// When it ends.
    pub until: Timestamp,
    /// Why.
    pub why: PauseReason,
    /// The server's words.
    pub words: String,
}

/// Why an account rests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PauseReason {
    /// Its sending limit is used up: another sender takes over.
    Quota,
    /// A fault that mends itself: the notifications wait for this account, unless another can send at once.
    BackOff,
}

/// Whether an account takes a notification now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Availability {
    /// At once.
    Ready,
    /// Later, by itself.
    Waiting,
    /// Not before somebody acts, or its limit renews.
    Unavailable,
}

impl Account {
    /// Whether it takes a notification now.
    pub fn availability(&self, now: Timestamp) -> Availability {
        match &self.authorization {
            Authorization::NeedsReauthorization(_) | Authorization::NeedsConfiguration(_) => {
                Availability::Unavailable
            }
            _ => match &self.pause {
                Some(Pause {
                    until,
                    why: PauseReason::Quota,
                    ..
                }) if *until > now => Availability::Unavailable,
                _ if self.suspicion.is_some() => Availability::Waiting,
                _ if matches!(self.authorization, Authorization::Unreachable { .. }) => Availability::Waiting,
                _ => Availability::Ready,
            },
        }
    }
}

impl Account {
    /// Whether a try with it makes sense now: it may send, no refusal waits to be confirmed, and it does not rest.
    pub fn carries(&self, now: Timestamp) -> bool {
        let rests = self.pause.as_ref().is_some_and(|pause| pause.until > now);
        self.availability(now) != Availability::Unavailable && self.suspicion.is_none() && !rests
    }
}

/// Picks who sends, of a pair's senders in their order: the first that is ready, else the first that will be
/// by itself, else nobody, and the notification is held.
pub fn choose_sender(senders: &[&Account], now: Timestamp) -> Option<AccountId> {
    [Availability::Ready, Availability::Waiting]
        .into_iter()
        .find_map(|wanted| {
            senders
                .iter()
                .find(|account| account.availability(now) == wanted)
                .map(|account| account.id)
        })
}

#[cfg(test)]
pub(crate) mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::authorization::{Refusal, Working};
    use crate::provider::Security;

    pub(crate) fn account(id: i64, authorization: Authorization) -> Account {
        let settings = AccountSettings {
            provider: ProviderKey::new("custom"),
            address: "nas@example.com".parse().unwrap(),
            sender_name: Line::default(),
            owner: None,
            smtp: Server {
                host: "localhost".into(),
                port: 465,
                security: Security::Tls,
                ca: None,
            },
            imap: None,
            sign_in: SignIn::Grant,
        };
        Account::new(AccountId::new(id), settings, authorization, Timestamp::UNIX_EPOCH)
    }

    fn lost() -> Authorization {
        Authorization::NeedsReauthorization(Refusal::test("invalid_grant"))
    }

    fn unreachable() -> Authorization {
        Authorization::Unreachable {
            since: Timestamp::UNIX_EPOCH,
            words: "timed out".into(),
            before: Working::Authorized,
        }
    }

    #[test]
    fn the_first_sender_that_can_send_sends() {
        let now = Timestamp::UNIX_EPOCH;
        let accounts = [
            account(1, lost()),
            account(2, Authorization::Authorized),
            account(3, Authorization::Authorized),
        ];
        assert_eq!(choose_sender(&accounts.each_ref(), now), Some(AccountId::new(2)));
    }

    #[test]
    fn a_sender_that_is_merely_unreachable_is_waited_for_when_no_other_can_send() {
        let now = Timestamp::UNIX_EPOCH;
        let accounts = [account(1, unreachable()), account(2, lost())];
        assert_eq!(choose_sender(&accounts.each_ref(), now), Some(AccountId::new(1)));
        let accounts = [account(1, unreachable()), account(2, Authorization::Authorized)];
        assert_eq!(choose_sender(&accounts.each_ref(), now), Some(AccountId::new(2)));
    }

    #[test]
    fn no_sender_left_means_held() {
        assert_eq!(choose_sender(&[&account(1, lost())], Timestamp::UNIX_EPOCH), None);
        assert_eq!(choose_sender(&[], Timestamp::UNIX_EPOCH), None);
    }

    #[test]
    fn a_used_up_limit_passes_to_the_next_sender_until_it_renews() {
        let until = Timestamp::from_second(100).unwrap();
        let mut first = account(1, Authorization::Authorized);
        first.pause = Some(Pause {
            until,
            why: PauseReason::Quota,
            words: "550 5.4.5".into(),
        });
        assert_eq!(
            first.availability(Timestamp::UNIX_EPOCH),
            Availability::Unavailable
        );
        assert_eq!(first.availability(until), Availability::Ready);
    }

    #[test]
    fn a_suspected_account_waits_for_the_confirming_try() {
        let mut suspected = account(1, Authorization::Authorized);
        suspected.suspicion = Some(Suspicion {
            since: Timestamp::UNIX_EPOCH,
            refusal: Refusal::test("535"),
        });
        assert_eq!(
            suspected.availability(Timestamp::UNIX_EPOCH),
            Availability::Waiting
        );
    }
}
