//! Service accounts: the list, adding one with a password, changing, testing. Signing in at a provider is in
//! `oauth`, deleting in `deleting`.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use tocsin_domain::{
    account::Account,
    id::{AccountId, PairId, RuleId},
    provider::Provider,
    receiving::Receiving,
};

use super::{error::ApiError, sign_ins::SigningIn};

/// An account as the list shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// The account.
    pub account: Account,
    /// Its preset.
    pub provider: Provider,
    /// How many rules list it as a sender.
    pub rules: usize,
    /// How many notifications wait for it.
    pub held: u64,
    /// The name of the provider that it is best converted to, of a Custom account on a public server of one.
    pub converts_to: Option<String>,
    /// How the watch of its mailbox stands.
    pub receiving: Receiving,
}

/// An account with what its window shows beside it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Detail {
    /// The account.
    pub row: Row,
    /// Where it is used.
    pub uses: Vec<Use>,
    /// How it can be signed in at a provider.
    pub signing_in: SigningIn,
    /// The address of who looks at it: where a test goes unless another is typed.
    pub reader: String,
}

/// One pair that sends by an account: it lists it, or lists none and the account is the default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Use {
    /// The rule.
    pub rule: RuleId,
    /// Its name.
    pub name: String,
    /// The pair's place in the rule, from 1.
    pub pair: usize,
    /// The pair.
    pub id: PairId,
    /// Who gets its mail.
    pub recipients: Vec<String>,
    /// What the pair has beside this account.
    pub share: UseShare,
}

/// What a pair has beside one of its senders.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UseShare {
    /// Nothing.
    OnlySender,
    /// Other senders, in their order.
    Beside(Vec<String>),
    /// It lists none: the account sends because it is the default.
    Default,
}

/// What is typed about an account. Empty means that it is not part of the form, or left out.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct AccountForm {
    /// The preset's key.
    pub provider: String,
    /// The mailbox.
    pub address: String,
    /// The name of the mails' `From`.
    pub sender_name: String,
    /// Who is asked to re-authorize.
    pub owner: String,
    /// The user name, if it is not the address.
    pub user: String,
    /// Password, app password or key.
    pub secret: Secret,
    /// The mail server's name.
    pub host: String,
    /// Its port.
    pub port: String,
    /// How the connection is secured.
    pub security: String,
    /// Certificates of an authority of one's own, PEM.
    pub ca: String,
    /// Anything: the account sends for rules that have no sender.
    pub default: String,
    /// Anything: it is added as a new account although the same mailbox was deleted and can be restored.
    pub anyway: String,
}

/// A secret on its way to the server. No log shows it.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(pub(super) String);

#[cfg(feature = "ssr")]
impl Secret {
    /// As the engine takes it.
    pub(super) fn reveal(self) -> secrecy::SecretString {
        self.0.into()
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

/// All accounts, in the order in which they were added, those that need somebody first.
#[server(endpoint = "accounts/list")]
pub async fn account_list() -> Result<Vec<Row>, ApiError> {
    ssr::answer(ssr::accounts().await)
}

/// One account.
#[server(endpoint = "accounts/one")]
pub async fn account_detail(id: AccountId) -> Result<Detail, ApiError> {
    ssr::answer(ssr::account(id).await)
}

/// Adds an account that signs in with a password, once the server has accepted it.
#[server(endpoint = "accounts/add")]
pub async fn add_account(form: AccountForm) -> Result<(), ApiError> {
    ssr::answer(ssr::add(form).await)
}

/// Changes an account's sending settings.
#[server(endpoint = "accounts/change")]
pub async fn change_account(id: AccountId, form: AccountForm) -> Result<(), ApiError> {
    ssr::answer(ssr::change(id, form).await)
}

/// Re-authorizes an account by a new password, once the server has accepted it.
#[server(endpoint = "accounts/new-password")]
pub async fn new_password(id: AccountId, secret: Secret) -> Result<(), ApiError> {
    ssr::answer(ssr::new_password(id, secret).await)
}

/// Signs in for real and sends a mail; to whoever asks, unless another address is given.
#[server(endpoint = "accounts/test")]
pub async fn test_sending(
    id: AccountId,
    to: String,
    /// The page to come back to: `start`, or else the account's own.
    #[server(default)]
    from: String,
) -> Result<(), ApiError> {
    ssr::answer(ssr::test(id, to, &from).await)
}

/// Lets the account send for rules that have no sender.
#[server(endpoint = "accounts/default")]
pub async fn make_default(
    id: AccountId,
    /// The page to come back to: `start`, or else the account's own.
    #[server(default)]
    from: String,
) -> Result<(), ApiError> {
    ssr::answer(ssr::make_default(id, &from).await)
}

#[cfg(feature = "ssr")]
pub(super) use ssr::account as one;

#[cfg(feature = "ssr")]
pub(super) use ssr::account;

#[cfg(feature = "ssr")]
mod ssr {
    use leptos_axum::redirect;
    use tocsin_domain::{
        account::{Account, AccountSettings},
        address::EmailAddress,
        failure::FailureClass,
        id::AccountId,
        provider::{Provider, ProviderKey},
        rule::Rule,
    };
    use tocsin_engine::{
        Engine,
        accounts::{AccountUse, Share},
        time::now,
    };

    pub(super) use crate::api::visit::answer;
    use crate::api::{
        account_form,
        accounts::{AccountForm, Detail, Row, Secret, Use, UseShare},
        error::ApiError,
        sign_ins::signing_in,
        visit::{engine, signed_in, who},
    };

    pub(super) async fn accounts() -> Result<Vec<Row>, ApiError> {
        signed_in()?;
        let engine = engine();
        let rules = engine.rules().await?;
        let now = now();
        let held = engine.store.account_counts(now, now).await?;
        let mut rows: Vec<_> = engine
            .accounts()
            .await?
            .into_iter()
            .map(|account| {
                let held = held.iter().find(|counts| counts.account == account.id);
                row(&engine, account, &rules, held.map_or(0, |counts| counts.held))
            })
            .collect();
        rows.sort_by_key(|row| (!row.account.authorization.needs_somebody(), row.account.id));
        Ok(rows)
    }

    pub(in crate::api) async fn account(id: AccountId) -> Result<Detail, ApiError> {
        let session = signed_in()?;
        let engine = engine();
        let rows = accounts().await?;
        let row = rows.iter().find(|row| row.account.id == id).cloned();
        let uses = engine.account_uses(id).await?.into_iter().map(shown).collect();
        let row = row.ok_or_else(|| ApiError::gone("this account does not exist any more"))?;
        Ok(Detail {
            signing_in: signing_in(&engine, &row.account).await?,
            row,
            uses,
            reader: session
                .admin
                .address
                .map(|address| address.to_string())
                .unwrap_or_default(),
        })
    }

    fn shown(one: AccountUse) -> Use {
        let addresses = |list: Vec<EmailAddress>| list.iter().map(ToString::to_string).collect();
        Use {
            rule: one.rule,
            name: one.name.to_string(),
            pair: one.pair,
            id: one.id,
            recipients: addresses(one.recipients),
            share: match one.share {
                Share::OnlySender => UseShare::OnlySender,
                Share::OneOfSeveral(others) => UseShare::Beside(addresses(others)),
                Share::Default => UseShare::Default,
            },
        }
    }

    fn row(engine: &Engine, account: Account, rules: &[Rule], held: u64) -> Row {
        let lists = |rule: &&Rule| {
            let mut pairs = rule.definition.pairs.iter();
            pairs.any(|pair| pair.senders.contains(&account.id))
        };
        let conversions = engine.providers.convertible(&account.settings);
        Row {
            converts_to: conversions.first().map(|provider| provider.name.clone()),
            rules: rules.iter().filter(lists).count(),
            provider: preset(engine, &account.settings.provider),
            held,
            receiving: engine.receiving(account.id),
            account,
        }
    }

    /// The preset of an account; one that was removed since reads like Custom under its old name.
    fn preset(engine: &Engine, key: &ProviderKey) -> Provider {
        let known = engine.providers.get(key).cloned();
        known.unwrap_or_else(|| Provider::unknown(key.clone()))
    }

    pub(super) async fn add(form: AccountForm) -> Result<(), ApiError> {
        let who = who()?;
        let engine = engine();
        let typed = account_form::typed(&form);
        let added = async {
            let provider = engine
                .providers
                .get(&ProviderKey::new(&form.provider))
                .ok_or_else(|| ApiError::field("provider", "choose one of the providers"))?;
            let new = account_form::new_account(&form, provider)?;
            let recognised = recognised(&engine, &new.settings);
            let added = engine.add_account(new, &who).await;
            added.map_err(|error| with_hint(with_shape(error.into(), &form, provider), recognised))
        };
        let id: AccountId = added.await.map_err(|error: ApiError| error.with_typed(typed))?;
        redirect(&format!("/accounts/{id}/start?done=added"));
        Ok(())
    }

    /// A refused secret that does not look like the provider's: most likely the mailbox's usual password.
    fn with_shape(mut error: ApiError, form: &AccountForm, provider: &Provider) -> ApiError {
        let refused = error.reply.as_ref().map(|reply| reply.meaning.class());
        if refused == Some(FailureClass::Reauthorize)
            && let Some(shape) = &provider.secret
            && !shape.fits(&form.secret.0)
        {
            error.hint = Some(account_form::other_shape(shape, provider));
        }
        error
    }

    fn with_hint(error: ApiError, hint: Option<String>) -> ApiError {
        ApiError {
            hint: hint.or(error.hint),
            ..error
        }
    }

    /// What who uses a public server of Gmail or Outlook with a password may have overlooked.
    fn recognised(engine: &Engine, settings: &AccountSettings) -> Option<String> {
        let provider = engine.providers.convertible(settings).into_iter().next()?;
        let name = &provider.name;
        Some(format!(
            "{host} is a mail server of {name}, which takes an app password at most. Sign in at the provider \
             instead: choose {name} as the account's provider, or Convert to {name} where the account exists \
             already.",
            host = settings.smtp.host
        ))
    }

    pub(super) async fn change(id: AccountId, form: AccountForm) -> Result<(), ApiError> {
        let who = who()?;
        let engine = engine();
        let typed = account_form::typed(&form);
        let changed = async {
            let before = engine.account(id).await?.settings;
            let provider = preset(&engine, &before.provider);
            let settings = account_form::changed(&form, before)?;
            let secret = account_form::secret(&form.secret, &provider);
            let changed = engine.update_account(id, settings, secret, &who).await;
            changed.map_err(|error| match &form.secret.0 {
                entered if entered.is_empty() => error.into(),
                _ => with_shape(error.into(), &form, &provider),
            })
        };
        changed.await.map_err(|error: ApiError| error.with_typed(typed))?;
        redirect(&format!("/accounts/{id}?done=saved"));
        Ok(())
    }

    pub(super) async fn new_password(id: AccountId, secret: Secret) -> Result<(), ApiError> {
        let who = who()?;
        let engine = engine();
        let settings = engine.account(id).await?.settings;
        let provider = preset(&engine, &settings.provider);
        let entered = secret.clone();
        let secret = account_form::secret(&secret, &provider)
            .ok_or_else(|| ApiError::field("secret", "enter the new password"))?;
        let recognised = recognised(&engine, &settings);
        let renewed = engine.update_account(id, settings, Some(secret), &who).await;
        renewed.map_err(|error| {
            let form = AccountForm {
                secret: entered,
                ..AccountForm::default()
            };
            with_hint(with_shape(error.into(), &form, &provider), recognised)
        })?;
        redirect(&format!("/accounts/{id}?done=reauthorized"));
        Ok(())
    }

    pub(super) async fn test(id: AccountId, to: String, from: &str) -> Result<(), ApiError> {
        let who = who()?;
        let to = if to.trim().is_empty() {
            let own = signed_in()?.admin.address;
            own.ok_or_else(|| ApiError::field("to", "say where the test mail goes"))?
        } else {
            to.parse::<EmailAddress>()
                .map_err(|error| ApiError::field("to", error).with_typed([("to", to)]))?
        };
        engine().test_sending(id, &to, &who).await?;
        redirect(&format!("/accounts/{id}{}?done=tested", page(from)));
        Ok(())
    }

    /// The page of an account from which a form was sent.
    fn page(from: &str) -> &'static str {
        if from == "start" { "/start" } else { "" }
    }

    pub(super) async fn make_default(id: AccountId, from: &str) -> Result<(), ApiError> {
        engine().set_default(id, &who()?).await?;
        redirect(&format!("/accounts/{id}{}?done=default", page(from)));
        Ok(())
    }
}
