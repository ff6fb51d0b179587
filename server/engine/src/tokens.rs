//! Machine tokens: how programs say who they are. A token is shown once, when it is made; its hash is kept.

use crate::audit::{Action, Who};
use crate::engine::Engine;
use crate::secret;
use crate::store::{StoreError, TokenRow};
use crate::time::now;
use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret as _, SecretString};
use std::fmt;
use std::str::FromStr;
use tocsin_domain::id::TokenId;
use tocsin_domain::text::Line;

/// What every token begins with, so that people and secret scanners recognise one.
const PREFIX: &str = "tocsin_";

/// The prefix and 256 bits in base 64.
const LENGTH: usize = PREFIX.len() + 43;

/// Last use is written down at most this often.
const NOTE_USE_EVERY: SignedDuration = SignedDuration::from_mins(1);

/// What a token may be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Report events, nothing else.
    Report,
    /// Look at everything.
    Read,
    /// Everything, also reporting and looking.
    Administer,
}

/// The text names no scope.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown scope: use report, read or administer")]
pub struct UnknownScope;

impl Scope {
    /// All.
    pub const ALL: [Self; 3] = [Self::Report, Self::Read, Self::Administer];

    /// The word that travels and is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Report => "report",
            Self::Read => "read",
            Self::Administer => "administer",
        }
    }

    /// Whether a token of this scope may do what needs another.
    pub fn covers(self, needed: Self) -> bool {
        self == Self::Administer || self == needed
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Scope {
    type Err = UnknownScope;

    fn from_str(text: &str) -> Result<Self, UnknownScope> {
        let named = Self::ALL.into_iter().find(|scope| scope.as_str() == text);
        named.ok_or(UnknownScope)
    }
}

/// A token as it is listed: without the secret, which nobody has but its user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MachineToken {
    /// The id.
    pub id: TokenId,
    /// What it is for, in the words of who made it.
    pub name: String,
    /// What it may be used for.
    pub scope: Scope,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Timestamp>,
}

/// Why a token was not made or revoked.
#[derive(Debug, thiserror::Error)]
pub enum TokensError {
    /// It has no name.
    #[error("give the token a name that says who uses it, so that you know later which one to revoke")]
    NameMissing,
    /// It is revoked already.
    #[error("the token does not exist any more")]
    Gone,
    /// The database failed.
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for TokensError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Gone => Self::Gone,
            error => Self::Store(error),
        }
    }
}

impl Engine {
    /// Makes a token, and gives the secret, which cannot be seen again.
    pub async fn make_token(
        &self,
        name: &Line,
        scope: Scope,
        who: &Who,
    ) -> Result<(TokenId, SecretString), TokensError> {
        if name.is_empty() {
            return Err(TokensError::NameMissing);
        }
        let secret = secret::random(PREFIX);
        let token = TokenRow {
            id: TokenId::new(self.store.next_id()),
            name: name.to_string(),
            scope: scope.as_str().to_owned(),
            created_at: now(),
            last_used_at: None,
        };
        let mut transaction = self.store.begin().await?;
        let hash = secret::hash(secret.expose_secret());
        self.store.insert_token(&mut transaction, &token, &hash).await?;
        self.audit(
            &mut transaction,
            who,
            Action::TokenMade,
            name.as_str(),
            scope.as_str(),
        )
        .await?;
        transaction.commit().await.map_err(StoreError::from)?;
        self.live.changed();
        Ok((token.id, secret))
    }

    /// The tokens that are not revoked, oldest first.
    pub async fn tokens(&self) -> Result<Vec<MachineToken>, TokensError> {
        let rows = self.store.token_rows().await?;
        Ok(rows
            .into_iter()
            .map(MachineToken::try_from)
            .collect::<Result<_, _>>()?)
    }

    /// Revokes a token: from now on it opens nothing.
    pub async fn revoke_token(&self, id: TokenId, who: &Who) -> Result<(), TokensError> {
        let mut transaction = self.store.begin().await?;
        let name = self.store.revoke_token_row(&mut transaction, id, now()).await?;
        self.audit(&mut transaction, who, Action::TokenRevoked, &name, "")
            .await?;
        transaction.commit().await.map_err(StoreError::from)?;
        self.live.changed();
        Ok(())
    }

    /// Which token this is, and what it may be used for; none if it is no token or revoked.
    pub async fn check_token(&self, secret: &str) -> Result<Option<(TokenId, Scope)>, StoreError> {
        if secret.len() != LENGTH || !secret.starts_with(PREFIX) {
            return Ok(None);
        }
        let Some(row) = self.store.token_by_hash(&secret::hash(secret)).await? else {
            return Ok(None);
        };
        let token = MachineToken::try_from(row)?;
        let now = now();
        let stale = |at: Timestamp| now.duration_since(at) >= NOTE_USE_EVERY;
        if token.last_used_at.is_none_or(stale)
            && let Err(error) = self.note_use(token.id, now).await
        {
            // As on a full disk: what the token is used for says so itself.
            tracing::warn!(%error, "a token's last use could not be written");
        }
        Ok(Some((token.id, token.scope)))
    }

    async fn note_use(&self, id: TokenId, now: Timestamp) -> Result<(), StoreError> {
        let mut transaction = self.store.begin().await?;
        self.store.set_token_used(&mut transaction, id, now).await?;
        transaction.commit().await?;
        Ok(())
    }
}

impl TryFrom<TokenRow> for MachineToken {
    type Error = StoreError;

    fn try_from(row: TokenRow) -> Result<Self, StoreError> {
        let scope = row.scope.parse();
        Ok(Self {
            id: row.id,
            name: row.name,
            scope: scope.map_err(|error: UnknownScope| StoreError::Unreadable(error.to_string()))?,
            created_at: row.created_at,
            last_used_at: row.last_used_at,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_covers_itself_and_administering_covers_all() {
        assert!(Scope::Report.covers(Scope::Report) && !Scope::Report.covers(Scope::Read));
        assert!(!Scope::Read.covers(Scope::Report) && !Scope::Read.covers(Scope::Administer));
        assert!(
            Scope::ALL
                .into_iter()
                .all(|scope| Scope::Administer.covers(scope))
        );
    }
}
