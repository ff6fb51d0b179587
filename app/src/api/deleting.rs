//! Deleting an account, with who takes its places; the accounts that were deleted, restored or erased.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use tocsin_domain::{
    deleted::DeletedAccount,
    id::{AccountId, PairId},
};

use super::{accounts::Detail, error::ApiError};

/// The whole form, among what was typed.
pub const FORM: &str = "form";

/// What the window asks about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Deleting {
    /// The account, and where it is used.
    pub detail: Detail,
    /// How many notifications it has on their way.
    pub under_way: u64,
    /// The accounts that could take over, those that can send first.
    pub others: Vec<Other>,
}

/// An account that could take over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Other {
    /// The account.
    pub id: AccountId,
    /// Its address.
    pub address: String,
    /// Whether it can send now or will by itself.
    pub ability: Ability,
}

/// Whether an account can send.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Ability {
    /// Now, or later by itself.
    Able,
    /// Not before somebody acts.
    Stuck,
}

/// What the window's form sends.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DeleteForm {
    /// `all`, `each` or `leave`.
    pub how: String,
    /// The account that takes all places; counts with `all`.
    pub all: String,
    /// The pairs, with who takes the place in each; count with `each`.
    pub pairs: Vec<DeletePair>,
    /// The account that sends for rules without a sender from now on; empty means none.
    pub default: String,
}

/// Who takes the place in one pair.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DeletePair {
    /// The pair.
    pub id: String,
    /// The account; empty means nobody.
    pub to: String,
}

/// A deleted account as the pages show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deleted {
    /// Who it was.
    pub account: DeletedAccount,
    /// Its provider's name.
    pub provider: String,
    /// Its provider's letters.
    pub monogram: String,
}

/// What deleting an account would change.
#[server(endpoint = "accounts/deleting")]
pub async fn before_deleting(id: AccountId) -> Result<Deleting, ApiError> {
    ssr::answer(ssr::deleting(id).await)
}

/// Deletes an account.
#[server(endpoint = "accounts/delete")]
pub async fn delete_account(id: AccountId, form: DeleteForm) -> Result<(), ApiError> {
    ssr::answer(ssr::delete(id, form).await)
}

/// The accounts that were deleted and can be restored, the last deleted first.
#[server(endpoint = "accounts/deleted")]
pub async fn deleted_accounts() -> Result<Vec<Deleted>, ApiError> {
    ssr::answer(ssr::deleted_accounts().await)
}

/// One account that was deleted.
#[server(endpoint = "accounts/deleted-one")]
pub async fn one_deleted(id: AccountId) -> Result<Deleted, ApiError> {
    ssr::answer(ssr::deleted_account(id).await)
}

/// Brings a deleted account back.
#[server(endpoint = "accounts/restore")]
pub async fn restore_account(id: AccountId) -> Result<(), ApiError> {
    ssr::answer(ssr::restore(id).await)
}

/// Erases a deleted account's secrets now.
#[server(endpoint = "accounts/erase")]
pub async fn erase_account(id: AccountId) -> Result<(), ApiError> {
    ssr::answer(ssr::erase(id).await)
}

/// Who takes the place in a pair, as the form says; empty means nobody. None where the form does not name the pair.
pub fn chosen(form: &DeleteForm, pair: PairId) -> Option<&str> {
    let id = pair.to_string();
    let pair = form.pairs.iter().find(|known| known.id == id)?;
    Some(&pair.to)
}

#[cfg(feature = "ssr")]
mod ssr {
    use leptos_axum::redirect;
    use tocsin_domain::{account::Availability, deleted::DeletedAccount, id::AccountId};
    use tocsin_engine::{
        Engine,
        accounts::{Deletion, Replacement},
        time::now,
    };

    pub(super) use crate::api::visit::answer;
    use crate::api::{
        accounts::one,
        deleting::{Ability, DeleteForm, Deleted, Deleting, FORM, Other},
        error::ApiError,
        visit::{engine, signed_in, who},
    };

    pub(super) async fn deleting(id: AccountId) -> Result<Deleting, ApiError> {
        signed_in()?;
        let engine = engine();
        let detail = one(id).await?;
        let now = now();
        let accounts = engine.accounts().await?.into_iter();
        let mut others: Vec<_> = accounts
            .filter(|account| account.id != id)
            .map(|account| Other {
                id: account.id,
                address: account.settings.address.to_string(),
                ability: match account.availability(now) {
                    Availability::Unavailable => Ability::Stuck,
                    Availability::Ready | Availability::Waiting => Ability::Able,
                },
            })
            .collect();
        others.sort_by_key(|other| other.ability == Ability::Stuck);
        Ok(Deleting {
            detail,
            under_way: engine.store.under_way(id).await?,
            others,
        })
    }

    pub(super) async fn delete(id: AccountId, form: DeleteForm) -> Result<(), ApiError> {
        let who = who()?;
        let deleted = async {
            let deletion = deletion(&form)?;
            Ok(engine().delete_account(id, deletion, &who).await?)
        };
        let typed = serde_json::to_string(&form).unwrap_or_default();
        deleted
            .await
            .map_err(|error: ApiError| error.with_typed([(FORM, typed)]))?;
        redirect(&format!("/accounts?done=deleted&account={id}"));
        Ok(())
    }

    fn deletion(form: &DeleteForm) -> Result<Deletion, ApiError> {
        let gone = |_| {
            ApiError::input("the form names an account or a pair that does not exist: load the page again")
        };
        let chosen = |id: &str| (!id.is_empty()).then(|| id.parse()).transpose().map_err(gone);
        let replacement = match form.how.as_str() {
            "leave" => Replacement::Leave,
            "all" => match chosen(&form.all)? {
                Some(account) => Replacement::All(account),
                None => return Err(ApiError::field("all", "choose the account that takes all places")),
            },
            // An account that no rule lists is deleted without a choice.
            "each" | "" => Replacement::Each(
                form.pairs
                    .iter()
                    .map(|pair| Ok((pair.id.parse().map_err(gone)?, chosen(&pair.to)?)))
                    .collect::<Result<_, ApiError>>()?,
            ),
            _ => return Err(ApiError::input("choose what takes the account's place")),
        };
        Ok(Deletion {
            replacement,
            default: chosen(&form.default)?,
        })
    }

    pub(super) async fn deleted_accounts() -> Result<Vec<Deleted>, ApiError> {
        signed_in()?;
        let engine = engine();
        let accounts = engine.deleted_accounts().await?.into_iter();
        Ok(accounts.map(|account| shown(&engine, account)).collect())
    }

    pub(super) async fn deleted_account(id: AccountId) -> Result<Deleted, ApiError> {
        signed_in()?;
        let engine = engine();
        Ok(shown(&engine, engine.deleted_account(id).await?))
    }

    pub(super) async fn restore(id: AccountId) -> Result<(), ApiError> {
        engine().restore_account(id, &who()?).await?;
        redirect("/accounts?done=restored");
        Ok(())
    }

    pub(super) async fn erase(id: AccountId) -> Result<(), ApiError> {
        engine().erase_account(id, &who()?).await?;
        redirect("/accounts?done=erased");
        Ok(())
    }

    fn shown(engine: &Engine, account: DeletedAccount) -> Deleted {
        let preset = engine.providers.get(&account.provider);
        Deleted {
            provider: preset.map_or_else(|| account.provider.to_string(), |preset| preset.name.clone()),
            monogram: preset.map_or_else(String::new, |preset| preset.monogram.clone()),
            account,
        }
    }
}
