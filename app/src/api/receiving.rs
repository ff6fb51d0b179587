//! An account's receiving settings: changing and testing them.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use tocsin_domain::id::AccountId;

use super::{accounts::Secret, error::ApiError};

/// What is typed about receiving. Empty means that it is not part of the form, or left out.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ReceivingForm {
    /// Anything: answers are received.
    pub receive: String,
    /// The IMAP server's name.
    pub imap_host: String,
    /// Its port.
    pub imap_port: String,
    /// How the connection is secured.
    pub imap_security: String,
    /// Certificates of an authority of one's own, PEM.
    pub imap_ca: String,
    /// The password, where another server is named.
    pub secret: Secret,
}

/// Changes an account's receiving settings, once the server has let us in.
#[server(endpoint = "accounts/receiving")]
pub async fn change_receiving(id: AccountId, form: ReceivingForm) -> Result<(), ApiError> {
    ssr::answer(ssr::change(id, form).await)
}

/// Signs in to the mailbox and looks how it stands.
#[server(endpoint = "accounts/test-receiving")]
pub async fn test_receiving(id: AccountId) -> Result<(), ApiError> {
    ssr::answer(ssr::test(id).await)
}

#[cfg(feature = "ssr")]
mod ssr {
    use leptos_axum::redirect;
    use tocsin_domain::{
        account::AccountSettings,
        id::AccountId,
        provider::{Provider, Server},
    };

    pub(super) use crate::api::visit::answer;
    use crate::api::{
        account_form::{self, TypedServer},
        error::ApiError,
        receiving::ReceivingForm,
        visit::{engine, who},
    };

    pub(super) async fn change(id: AccountId, form: ReceivingForm) -> Result<(), ApiError> {
        let who = who()?;
        let engine = engine();
        let typed = [
            ("receive", form.receive.clone()),
            ("host", form.imap_host.clone()),
            ("port", form.imap_port.clone()),
            ("security", form.imap_security.clone()),
        ];
        let receives = !form.receive.is_empty();
        let changed = async {
            let settings = engine.account(id).await?.settings;
            let provider = engine.providers.get(&settings.provider);
            let imap = if receives {
                Some(server(&form, &settings, provider)?)
            } else {
                None
            };
            let secret = provider.and_then(|provider| account_form::secret(&form.secret, provider));
            engine.change_receiving(id, imap, secret, &who).await?;
            Ok(())
        };
        changed.await.map_err(|error: ApiError| error.with_typed(typed))?;
        let done = if receives {
            "receiving-saved"
        } else {
            "receiving-off"
        };
        redirect(&format!("/accounts/{id}?done={done}"));
        Ok(())
    }

    pub(super) async fn test(id: AccountId) -> Result<(), ApiError> {
        engine().test_receiving(id, &who()?).await?;
        redirect(&format!("/accounts/{id}?done=receiving-tested"));
        Ok(())
    }

    /// Where mail is read: what was typed, or what the preset says where the form has no such field.
    fn server(
        form: &ReceivingForm,
        settings: &AccountSettings,
        provider: Option<&Provider>,
    ) -> Result<Server, ApiError> {
        if form.imap_host.trim().is_empty() && form.imap_port.is_empty() {
            let preset = provider.and_then(|provider| provider.imap.clone());
            return settings.imap.clone().or(preset).ok_or_else(|| {
                ApiError::field("host", "enter the IMAP server's name, such as imap.example.com")
            });
        }
        let typed = TypedServer {
            host: &form.imap_host,
            port: &form.imap_port,
            usual_ports: "993",
            security: &form.imap_security,
            ca: &form.imap_ca,
        };
        typed.read()
    }

    #[cfg(test)]
    mod tests {
        #![allow(clippy::unwrap_used)]
        use super::*;
        use tocsin_domain::{
            account::SignIn,
            provider::{ProviderKey, Security},
            text::Line,
        };

        fn settings() -> AccountSettings {
            AccountSettings {
                provider: ProviderKey::new("custom"),
                address: "nas@example.com".parse().unwrap(),
                sender_name: Line::default(),
                owner: None,
                smtp: Server {
                    host: "mail.example.com".into(),
                    port: 465,
                    security: Security::Tls,
                    ca: None,
                },
                imap: None,
                sign_in: SignIn::Grant,
            }
        }

        #[test]
        fn each_wrong_value_is_shown_beside_its_field() {
            let form = |port: &str, security: &str| ReceivingForm {
                imap_host: "imap.example.com".into(),
                imap_port: port.into(),
                imap_security: security.into(),
                ..ReceivingForm::default()
            };
            let wrong = |form: &ReceivingForm| server(form, &settings(), None).unwrap_err().field.unwrap();
            assert_eq!(wrong(&form("70000", "tls")), "port");
            assert_eq!(wrong(&form("993", "ssl")), "security");
            assert_eq!(wrong(&ReceivingForm::default()), "host");
            assert_eq!(server(&form("993", "tls"), &settings(), None).unwrap().port, 993);
        }

        #[test]
        fn without_fields_the_preset_holds() {
            let preset = Provider {
                imap: Some(Server {
                    host: "imap.gmail.com".into(),
                    port: 993,
                    security: Security::Tls,
                    ca: None,
                }),
                ..Provider::unknown(ProviderKey::new("gmail"))
            };
            let server = server(&ReceivingForm::default(), &settings(), Some(&preset)).unwrap();
            assert_eq!(server.host, "imap.gmail.com");
        }
    }
}
