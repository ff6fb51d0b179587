//! Settings: the installation, machine tokens, one's own password, the audit log.

use jiff::Timestamp;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use tocsin_domain::id::TokenId;

use super::{accounts::Secret, error::ApiError, nas::Nas};

/// What the page shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// What the installation is called.
    pub instance_name: String,
    /// The address by which people reach the pages, if it was set.
    pub public_url: String,
    /// The address by which the reader came.
    pub came_by: String,
    /// Who may sign in.
    pub admins: Vec<AdminRow>,
    /// The machine tokens that are not revoked.
    pub tokens: Vec<TokenRow>,
    /// A token that was made just now: it is shown this once.
    pub new_token: Option<String>,
    /// A secret of the webhook's that was made just now: it is shown this once.
    pub new_webhook_secret: Option<String>,
    /// The audit log's last lines, newest first.
    pub log: Vec<LogRow>,
    /// The NAS that it runs on, where that was said.
    pub nas: Option<Nas>,
    /// Whether it is the NAS that vouches for the reader, who has no password here then.
    pub is_by_nas: bool,
}

/// Somebody who may sign in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdminRow {
    /// The name to sign in with.
    pub name: String,
    /// Where warnings go.
    pub address: String,
    /// What they may do: `administrator` or `viewer`.
    pub role: String,
}

/// A machine token, without its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenRow {
    /// Its id.
    pub id: TokenId,
    /// Its name.
    pub name: String,
    /// What it may do: `report`, `read` or `administer`.
    pub scope: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last used.
    pub last_used_at: Option<Timestamp>,
}

/// A line of the audit log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogRow {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub who: String,
    /// From which machine.
    pub origin: String,
    /// What was done, by its key.
    pub action: String,
    /// To what.
    pub subject: String,
    /// More of it.
    pub detail: String,
}

/// Everything that the page shows.
#[server(endpoint = "settings/all")]
pub async fn all_settings() -> Result<Settings, ApiError> {
    ssr::answer(ssr::settings().await)
}

/// Changes the installation's name and address.
#[server(endpoint = "settings/general")]
pub async fn save_general(instance_name: String, public_url: String) -> Result<(), ApiError> {
    ssr::answer(ssr::save_general(instance_name, public_url).await)
}

/// Makes a machine token; the page that follows shows it once.
#[server(endpoint = "settings/make-token")]
pub async fn make_token(name: String, scope: String) -> Result<(), ApiError> {
    ssr::answer(ssr::make_token(name, scope).await)
}

/// Revokes a machine token.
#[server(endpoint = "settings/revoke-token")]
pub async fn revoke_token(id: TokenId) -> Result<(), ApiError> {
    ssr::answer(ssr::revoke_token(id).await)
}

/// Changes one's own password, and ends one's other sessions.
#[server(endpoint = "settings/password")]
pub async fn change_password(present: Secret, new: Secret) -> Result<(), ApiError> {
    ssr::answer(ssr::change_password(present, new).await)
}

#[cfg(feature = "ssr")]
mod ssr {
    use leptos::prelude::expect_context;
    use leptos_axum::redirect;
    use tocsin_domain::{base_path::BasePath, id::TokenId, text::Line};
    use tocsin_engine::{
        GeneralSettings,
        admins::{AdminError, By},
        tokens::Scope,
        webhook::SECRET_PREFIX,
    };
    use url::Url;

    pub(super) use crate::api::visit::answer;
    use crate::api::{
        accounts::Secret,
        error::ApiError,
        nas,
        settings::{AdminRow, LogRow, Settings, TokenRow},
        shown_once::ShownOnce,
        visit::{engine, signed_in, visit, who},
    };

    /// How many of the audit log's lines the page shows.
    const LOG_LINES: u32 = 50;

    pub(super) async fn settings() -> Result<Settings, ApiError> {
        let session = signed_in()?;
        // Before anything is waited for: a page that is taken apart meanwhile takes its context along.
        let (engine, visit, waiting) = (engine(), visit()?, expect_context::<ShownOnce>());
        let admins = engine.admins().await?.into_iter().map(|admin| AdminRow {
            name: admin.name.to_string(),
            address: admin.address.to_string(),
            role: admin.role.as_str().to_owned(),
        });
        let tokens = engine.tokens().await?.into_iter().map(|token| TokenRow {
            id: token.id,
            name: token.name,
            scope: token.scope.as_str().to_owned(),
            created_at: token.created_at,
            last_used_at: token.last_used_at,
        });
        let log = engine
            .audit_log(LOG_LINES)
            .await?
            .into_iter()
            .map(|entry| LogRow {
                at: entry.at,
                who: entry.who,
                origin: entry.origin,
                action: entry.action,
                subject: entry.subject,
                detail: entry.detail,
            });
        let take = || waiting.take(&session.secret);
        let shown = visit.shown.get_or_init(take).clone();
        let is_webhooks = |secret: &String| secret.starts_with(SECRET_PREFIX);
        Ok(Settings {
            new_webhook_secret: shown.clone().filter(is_webhooks),
            new_token: shown.filter(|secret| !is_webhooks(secret)),
            instance_name: engine.instance_name().await?,
            public_url: engine.public_url().await?.map(String::from).unwrap_or_default(),
            came_by: visit.came_by.into(),
            admins: admins.collect(),
            tokens: tokens.collect(),
            log: log.collect(),
            nas: nas::state(&engine).await,
            is_by_nas: session.admin.by == By::Nas,
        })
    }

    pub(super) async fn save_general(instance_name: String, public_url: String) -> Result<(), ApiError> {
        let who = who()?;
        let typed = [
            ("instance_name", instance_name.clone()),
            ("public_url", public_url.clone()),
        ];
        let saved = async {
            let settings = GeneralSettings {
                instance_name: Line::parse_required(&instance_name)
                    .map_err(|error| ApiError::field("instance_name", error))?,
                public_url: parse_url(public_url.trim(), engine().base_path())?,
            };
            Ok(engine().save_settings(&settings, &who).await?)
        };
        saved.await.map_err(|error: ApiError| error.with_typed(typed))?;
        redirect("/settings?done=saved");
        Ok(())
    }

    /// An address as it is typed, with or without the base path, which is the installation's and not kept.
    fn parse_url(text: &str, base: &BasePath) -> Result<Option<Url>, ApiError> {
        if text.is_empty() {
            return Ok(None);
        }
        let fits = |url: &Url| {
            matches!(url.scheme(), "http" | "https")
                && url.has_host()
                && base.inside(url.path()) == "/"
                && url.query().is_none()
                && url.fragment().is_none()
                && url.username().is_empty()
        };
        let mut url = Url::parse(text).ok().filter(fits).ok_or_else(|| {
            let message = "write it as https://nas.example.com, without a path";
            ApiError::field("public_url", message)
        })?;
        url.set_path("/");
        Ok(Some(url))
    }

    pub(super) async fn make_token(name: String, scope: String) -> Result<(), ApiError> {
        let who = who()?;
        let typed = [("token_name", name.clone()), ("scope", scope.clone())];
        let made = async {
            let name = Line::parse_required(&name).map_err(|error| ApiError::field("name", error))?;
            let scope: Scope = scope.parse().map_err(|error| ApiError::field("scope", error))?;
            Ok(engine().make_token(&name, scope, &who).await?.1)
        };
        let token = made.await.map_err(|error: ApiError| error.with_typed(typed))?;
        expect_context::<ShownOnce>().keep(&signed_in()?.secret, token);
        redirect("/settings?done=token");
        Ok(())
    }

    pub(super) async fn revoke_token(id: TokenId) -> Result<(), ApiError> {
        engine().revoke_token(id, &who()?).await?;
        redirect("/settings?done=revoked");
        Ok(())
    }

    pub(super) async fn change_password(present: Secret, new: Secret) -> Result<(), ApiError> {
        let visit = visit()?;
        let session = signed_in()?;
        engine()
            .change_password(&session.secret, &present.reveal(), &new.reveal(), &visit.origin)
            .await
            .map_err(|error| match error {
                AdminError::Password(_) => ApiError::field("new", error),
                error => error.into(),
            })?;
        redirect("/settings?done=password");
        Ok(())
    }

    #[cfg(test)]
    mod tests {
        #![allow(clippy::unwrap_used)]
        use super::{BasePath, parse_url};

        #[test]
        fn an_address_is_a_scheme_and_a_host() {
            let parse_url = |text| parse_url(text, &BasePath::default());
            assert!(parse_url("https://nas.example.com:8443").is_ok_and(|url| url.is_some()));
            assert!(parse_url("").is_ok_and(|url| url.is_none()));
            for text in [
                "nas",
                "ftp://nas",
                "https://nas/x",
                "https://a@nas",
                "javascript:alert(1)",
            ] {
                assert!(parse_url(text).is_err(), "{text}");
            }
        }

        #[test]
        fn the_base_path_may_be_typed_along_and_no_other() {
            let base: BasePath = "/tocsin".parse().unwrap();
            for text in ["https://nas", "https://nas/tocsin", "https://nas/tocsin/"] {
                let url = parse_url(text, &base).unwrap().unwrap();
                assert_eq!(url.as_str(), "https://nas/", "{text}");
            }
            assert!(parse_url("https://nas/other", &base).is_err());
        }
    }
}
