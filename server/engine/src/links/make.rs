//! Making, listing and revoking links, and their URLs.

use super::error::LinkError;
use super::link::{Ended, Life, Maker, UsedBy};
use crate::audit::{Action, Who};
use crate::engine::Engine;
use crate::secret;
use crate::store::{LinkRow, StoreError, Taken};
use crate::time::now;
use jiff::SignedDuration;
use secrecy::{ExposeSecret as _, SecretString};
use sqlx::AnyConnection;
use tocsin_domain::account::{Account, SignIn};
use tocsin_domain::id::{AccountId, LinkId};
use tocsin_domain::link::{Link, LinkState};
use url::Url;

/// How long a link that ended is still listed; the audit log remembers longer.
const LISTED: SignedDuration = SignedDuration::from_hours(90 * 24);

/// The page of a token, by the address at which people reach the pages.
pub fn url(base: &Url, token: &SecretString) -> Url {
    let mut url = base.clone();
    let below = base.path().trim_end_matches('/');
    url.set_path(&format!("{below}/reauthorize/{}", token.expose_secret()));
    url
}

impl Engine {
    /// Makes a link for an account, and gives its token, which cannot be seen again.
    pub async fn make_link(
        &self,
        account: AccountId,
        maker: &Maker,
        life: Life,
    ) -> Result<(LinkId, SecretString), LinkError> {
        let account = self.store.account(account).await?;
        let mut transaction = self.store.begin().await?;
        self.store.purge_links(&mut transaction, now() - LISTED).await?;
        let made = self.make_link_in(&mut transaction, &account, maker, life).await?;
        transaction.commit().await.map_err(StoreError::from)?;
        self.live.changed();
        Ok(made)
    }

    /// The same in a transaction of the caller's: with an account that it writes, or a mail that carries the link.
    pub async fn make_link_in(
        &self,
        connection: &mut AnyConnection,
        account: &Account,
        maker: &Maker,
        life: Life,
    ) -> Result<(LinkId, SecretString), LinkError> {
        let address = &account.settings.address;
        if account.settings.sign_in == SignIn::Nothing {
            return Err(LinkError::NothingToAuthorize(address.clone()));
        }
        let token = secret::random("");
        let now = now();
        let link = LinkRow {
            id: LinkId::new(self.store.next_id()),
            account: account.id,
            made_by: maker.name().map(ToOwned::to_owned),
            made_at: now,
            expires_at: life.end(now),
            opened_at: None,
            used_at: None,
            used_by: None,
            revoked_at: None,
            refused: 0,
        };
        let hash = secret::hash(token.expose_secret());
        self.store.insert_link(connection, &link, &hash).await?;
        let until = link.expires_at.to_string();
        self.audit(
            connection,
            &maker.who(),
            Action::LinkMade,
            address.as_str(),
            &until,
        )
        .await?;
        Ok((link.id, token))
    }

    /// The links of an account, the newest first.
    pub async fn links(&self, account: AccountId) -> Result<Vec<Link>, LinkError> {
        let now = now();
        let rows = self.store.link_rows(account).await?;
        Ok(rows.into_iter().map(|row| row.listed(now)).collect())
    }

    /// Revokes a link: from now on it opens nothing. Gives the account that it was for.
    pub async fn revoke_link(&self, id: LinkId, who: &Who) -> Result<AccountId, LinkError> {
        let link = self.store.link_row(id).await?;
        let account = self.store.account(link.account).await?;
        let mut transaction = self.store.begin().await?;
        if self.store.revoke_link_row(&mut transaction, id, now()).await? == Taken::No {
            return Err(LinkError::Ended(
                match self.store.link_row(id).await?.state(now()) {
                    LinkState::Used(_) => Ended::Used(UsedBy::Another),
                    _ => Ended::Revoked,
                },
            ));
        }
        let address = account.settings.address.as_str();
        self.audit(&mut transaction, who, Action::LinkRevoked, address, "")
            .await?;
        transaction.commit().await.map_err(StoreError::from)?;
        self.live.changed();
        Ok(account.id)
    }
}
