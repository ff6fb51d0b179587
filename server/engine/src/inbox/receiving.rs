//! Signing in to an account's mailbox: to test it, to change where it is, to watch it.

use crate::accounts::{AccountError, InvalidSettings};
use crate::audit::{Action, Who};
use crate::engine::Engine;
use crate::imap::{ImapTimeouts, Mailbox, Session};
use crate::net::Peer;
use crate::sign_in::SignInError;
use crate::smtp::Credential;
use crate::store::StoreError;
use jiff::Timestamp;
use secrecy::{ExposeSecret as _, SecretString};
use tocsin_domain::account::{Account, AccountSettings};
use tocsin_domain::failure::FailureClass;
use tocsin_domain::id::AccountId;
use tocsin_domain::provider::Server;
use tocsin_domain::receiving::{ANSWERED_WITHIN, Receiving, Undeliverable};

impl Engine {
    /// Signs in to the mailbox and looks how it stands, without changing anything. Without receiving settings
    /// there is nothing to test, which is an error.
    pub async fn test_receiving(&self, id: AccountId, who: &Who) -> Result<(), AccountError> {
        let account = self.store.account(id).await?;
        let imap = account.settings.imap.as_ref();
        let imap = imap.ok_or(AccountError::ReceivingIsOff)?;
        let outcome = self.look_in(&account, imap).await;
        let detail = match &outcome {
            Ok(()) => "receiving".to_owned(),
            Err(error) => format!("receiving: {}", error.verdict.meaning),
        };
        let mut transaction = self.store.begin().await?;
        let address = account.settings.address.as_str();
        self.audit(&mut transaction, who, Action::AccountTested, address, &detail)
            .await?;
        transaction.commit().await.map_err(StoreError::from)?;
        match outcome {
            Ok(()) => {
                if !matches!(self.receiving(id), Receiving::Watching { .. }) {
                    self.inbox.try_again(id);
                    self.live.changed();
                }
                Ok(())
            }
            Err(error) => {
                if error.verdict.class == FailureClass::Reauthorize {
                    self.check_now(id).await?;
                }
                Err(AccountError::NotAccepted(error))
            }
        }
    }

    /// Sets where an account's mail is read, or that it is not read at all. A new place must let us in first.
    ///
    /// A host that the account has nothing to do with so far gets the stored password only from somebody who knows
    /// it: whoever names a host could else have it sent there. Access tokens go nowhere else at all.
    pub async fn change_receiving(
        &self,
        id: AccountId,
        imap: Option<Server>,
        password: Option<SecretString>,
        who: &Who,
    ) -> Result<(), AccountError> {
        if let Some(imap) = &imap {
            crate::accounts::check_receiving(imap)?;
            let account = self.store.account(id).await?;
            if account.settings.imap.as_ref() != Some(imap) {
                self.prove_place(&account, imap, password).await?;
            }
        }
        // Nothing that was seen with the old settings is written after the new ones.
        let turn = self.observing.lock().await;
        let mut transaction = self.store.begin().await?;
        let settings = AccountSettings {
            imap,
            ..self.store.account(id).await?.settings
        };
        self.store
            .update_account_settings(&mut transaction, id, &settings)
            .await?;
        let what = if settings.imap.is_some() {
            "receiving settings"
        } else {
            "receiving off"
        };
        self.audit(
            &mut transaction,
            who,
            Action::AccountChanged,
            settings.address.as_str(),
            what,
        )
        .await?;
        transaction.commit().await.map_err(StoreError::from)?;
        drop(turn);
        self.inbox.try_again(id);
        self.routing_changed().await;
        Ok(())
    }

    /// Signs in to the mailbox of an account that is not stored yet. Without receiving settings there is nothing to
    /// prove.
    pub async fn prove_receiving(
        &self,
        settings: &AccountSettings,
        secret: Option<&SecretString>,
    ) -> Result<(), AccountError> {
        let Some(imap) = &settings.imap else {
            return Ok(());
        };
        crate::accounts::check_receiving(imap)?;
        let credential = crate::accounts::new_credential(&settings.sign_in, secret)?;
        self.prove_with(settings, imap, &credential).await
    }

    /// The recipients whose mail came back within the time in which mails are answered, and after it nothing else
    /// from them.
    pub async fn undeliverable(&self) -> Result<Vec<Undeliverable>, StoreError> {
        let since = crate::time::now().checked_sub(ANSWERED_WITHIN);
        self.store
            .undeliverable(since.unwrap_or(Timestamp::UNIX_EPOCH))
            .await
    }

    /// Signs in to an account's mailbox as the account stands. A refused access token is answered by one refresh,
    /// as in sending.
    pub(super) async fn open_mailbox(
        &self,
        account: &Account,
        imap: &Server,
        limits: ImapTimeouts,
    ) -> Result<Session, SignInError> {
        let peer = Peer {
            server: imap,
            provider: &account.settings.provider,
        };
        let credential = self.credential(account).await?;
        match Session::open(peer, &credential, limits).await {
            Err(refused) if refused.verdict.class == FailureClass::Reauthorize => {
                match self.fresh_credential(account).await? {
                    Some(fresh) => Ok(Session::open(peer, &fresh, limits).await?),
                    None => Err(refused.into()),
                }
            }
            opened => Ok(opened?),
        }
    }

    /// Lets the sentinel look at an account at once: what IMAP refuses may concern sending too, which the sentinel
    /// finds out by its own rule.
    pub(super) async fn check_now(&self, id: AccountId) -> Result<(), StoreError> {
        let mut transaction = self.store.begin().await?;
        self.store
            .set_next_check(&mut transaction, id, crate::time::now())
            .await?;
        transaction.commit().await?;
        self.check_soon();
        Ok(())
    }

    async fn prove_place(
        &self,
        account: &Account,
        imap: &Server,
        password: Option<SecretString>,
    ) -> Result<(), AccountError> {
        let settings = &account.settings;
        let typed = password.filter(|password| !password.expose_secret().is_empty());
        if !self.knows_host(settings, imap) {
            match (self.credential(account).await?, typed) {
                (Credential::Password { password, .. }, Some(typed)) => {
                    if password.expose_secret() != typed.expose_secret() {
                        return Err(InvalidSettings::OtherPassword.into());
                    }
                }
                (Credential::Password { .. }, None) => {
                    return Err(AccountError::SecretNeededForHost(imap.host.clone()));
                }
                (Credential::Token { .. }, _) => return Err(InvalidSettings::ReceivingElsewhere.into()),
                (Credential::Nothing, _) => return Err(InvalidSettings::ReceivingNeedsPassword.into()),
            }
        }
        Ok(self.look_in(account, imap).await?)
    }

    /// Whether the account's credential goes to this host anyway.
    fn knows_host(&self, settings: &AccountSettings, imap: &Server) -> bool {
        let preset = self.providers.get(&settings.provider);
        let preset = preset.and_then(|preset| preset.imap.as_ref());
        [settings.imap.as_ref(), preset, Some(&settings.smtp)]
            .into_iter()
            .flatten()
            .any(|known| imap.may_get_secret_of(known))
    }

    async fn look_in(&self, account: &Account, imap: &Server) -> Result<(), SignInError> {
        let mut session = self
            .open_mailbox(account, imap, ImapTimeouts::while_somebody_waits())
            .await?;
        session.examine().await?;
        session.logout().await;
        Ok(())
    }

    async fn prove_with(
        &self,
        settings: &AccountSettings,
        imap: &Server,
        credential: &Credential,
    ) -> Result<(), AccountError> {
        let peer = Peer {
            server: imap,
            provider: &settings.provider,
        };
        let proven = async {
            let mut session = Session::open(peer, credential, ImapTimeouts::while_somebody_waits()).await?;
            let _: Mailbox = session.examine().await?;
            session.logout().await;
            Ok::<(), SignInError>(())
        };
        Ok(proven.await?)
    }
}
