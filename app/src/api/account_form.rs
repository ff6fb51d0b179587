//! From what was typed about an account to its settings. Hosts and certificates are checked by the engine.

use secrecy::SecretString;
use tocsin_domain::{
    account::{AccountSettings, IsDefault, SignIn},
    address::EmailAddress,
    provider::{Provider, SecretShape, Security, Server},
    text::Line,
};
use tocsin_engine::accounts::{NewAccount, OfDeleted};

use super::{
    accounts::{AccountForm, Secret},
    error::ApiError,
};

/// What was typed, without the secret and the certificates, which are too long for a URL.
pub fn typed(form: &AccountForm) -> [(&'static str, String); 9] {
    [
        ("provider", form.provider.clone()),
        ("address", form.address.clone()),
        ("sender_name", form.sender_name.clone()),
        ("owner", form.owner.clone()),
        ("user", form.user.clone()),
        ("host", form.host.clone()),
        ("port", form.port.clone()),
        ("security", form.security.clone()),
        ("default", form.default.clone()),
    ]
}

/// A new account that signs in with a password, or with nothing.
pub fn new_account(form: &AccountForm, provider: &Provider) -> Result<NewAccount, ApiError> {
    let address = address("address", &form.address)?;
    let secret = secret(&form.secret, provider);
    let user = Line::parse(&form.user).map_err(|error| ApiError::field("user", error))?;
    let sign_in = match (&secret, user.is_empty()) {
        (None, true) if provider.key.is_custom() => SignIn::Nothing,
        (None, _) => return Err(ApiError::field("secret", "enter the password")),
        (Some(_), true) => SignIn::Password {
            user: provider.user.clone().unwrap_or_else(|| address.to_string()),
        },
        (Some(_), false) => SignIn::Password {
            user: user.to_string(),
        },
    };
    let smtp = match &provider.smtp {
        Some(preset) if form.host.trim().is_empty() => preset.clone(),
        _ => server(form)?,
    };
    let settings = AccountSettings {
        provider: provider.key.clone(),
        sender_name: sender_name(form)?,
        owner: owner(form)?,
        imap: provider.imap.clone(),
        address,
        smtp,
        sign_in,
    };
    Ok(NewAccount {
        settings,
        secret,
        default: default(&form.default),
        of_deleted: if form.anyway.is_empty() {
            OfDeleted::Offer
        } else {
            OfDeleted::AddAnyway
        },
    })
}

/// An account's settings with those that the form holds.
pub fn changed(form: &AccountForm, before: AccountSettings) -> Result<AccountSettings, ApiError> {
    let sign_in = match before.sign_in {
        SignIn::Password { .. } if !form.user.trim().is_empty() => SignIn::Password {
            user: Line::parse_required(&form.user)
                .map_err(|error| ApiError::field("user", error))?
                .to_string(),
        },
        sign_in => sign_in,
    };
    Ok(AccountSettings {
        sender_name: sender_name(form)?,
        owner: owner(form)?,
        smtp: server(form)?,
        sign_in,
        ..before
    })
}

/// A box that is ticked sends something.
pub fn default(sent: &str) -> IsDefault {
    if sent.is_empty() {
        IsDefault::No
    } else {
        IsDefault::Yes
    }
}

/// A secret that is not empty, as the provider means it: those that it made are printed in groups.
pub fn secret(secret: &Secret, provider: &Provider) -> Option<SecretString> {
    let secret = provider.tidied(&secret.0);
    (!secret.is_empty()).then(|| secret.into())
}

/// What is said of a refused secret that does not look like the provider's.
pub fn other_shape(shape: &SecretShape, provider: &Provider) -> String {
    let name = &provider.name;
    let made = match shape {
        SecretShape::Letters(count) => format!("{name} makes them of {count} letters"),
        SecretShape::LettersAndDigits(count) => format!("{name} makes them of {count} letters and digits"),
        SecretShape::Prefix(prefix) => format!("{name}'s begin with {prefix}"),
    };
    format!(
        "What was entered does not look like one: {made}. The mailbox's usual password does not work here."
    )
}

fn address(field: &'static str, text: &str) -> Result<EmailAddress, ApiError> {
    text.parse().map_err(|error| ApiError::field(field, error))
}

fn sender_name(form: &AccountForm) -> Result<Line, ApiError> {
    Line::parse(&form.sender_name).map_err(|error| ApiError::field("sender_name", error))
}

fn owner(form: &AccountForm) -> Result<Option<EmailAddress>, ApiError> {
    if form.owner.trim().is_empty() {
        return Ok(None);
    }
    address("owner", &form.owner).map(Some)
}

/// The fields of a server as they were typed.
pub struct TypedServer<'a> {
    /// The host.
    pub host: &'a str,
    /// The port.
    pub port: &'a str,
    /// The ports that are usual, for who typed none.
    pub usual_ports: &'a str,
    /// How the connection is secured.
    pub security: &'a str,
    /// Certificates of an authority of one's own, PEM; may be empty.
    pub ca: &'a str,
}

impl TypedServer<'_> {
    /// What they say.
    pub fn read(&self) -> Result<Server, ApiError> {
        let port = self.port.trim().parse().map_err(|_| {
            let usual = self.usual_ports;
            ApiError::field(
                "port",
                format!("a port is a number from 1 to 65535, often {usual}"),
            )
        })?;
        let security = self.security.parse::<Security>();
        let ca = self.ca.trim();
        Ok(Server {
            host: self.host.trim().to_owned(),
            port,
            security: security.map_err(|error| ApiError::field("security", error))?,
            ca: (!ca.is_empty()).then(|| ca.to_owned()),
        })
    }
}

fn server(form: &AccountForm) -> Result<Server, ApiError> {
    let typed = TypedServer {
        host: &form.host,
        port: &form.port,
        usual_ports: "465 or 587",
        security: &form.security,
        ca: &form.ca,
    };
    typed.read()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use secrecy::ExposeSecret as _;
    use tocsin_domain::provider::{Credential, ProviderKey};

    use super::*;

    fn custom() -> Provider {
        Provider::unknown(ProviderKey::new(ProviderKey::CUSTOM))
    }

    fn form() -> AccountForm {
        AccountForm {
            provider: "custom".into(),
            address: "nas@example.com".into(),
            secret: Secret("s3cret".into()),
            host: "mail.example.com".into(),
            port: "465".into(),
            security: "tls".into(),
            ..AccountForm::default()
        }
    }

    fn wrong_field(form: &AccountForm) -> Option<String> {
        new_account(form, &custom()).unwrap_err().field
    }

    #[test]
    fn the_address_is_the_user_unless_another_is_typed() {
        let new = new_account(&form(), &custom()).unwrap();
        assert_eq!(
            new.settings.sign_in,
            SignIn::Password {
                user: "nas@example.com".into()
            }
        );
        assert_eq!(new.secret.unwrap().expose_secret(), "s3cret");
    }

    #[test]
    fn each_wrong_value_is_shown_beside_its_field() {
        let wrong = |field: &str, change: fn(&mut AccountForm)| {
            let mut form = form();
            change(&mut form);
            assert_eq!(wrong_field(&form).as_deref(), Some(field));
        };
        wrong("address", |form| form.address = "nas".into());
        wrong("sender_name", |form| form.sender_name = "a\r\nBcc: x@y.z".into());
        wrong("owner", |form| form.owner = "nobody".into());
        wrong("port", |form| form.port = "70000".into());
        wrong("security", |form| form.security = "ssl".into());
        wrong("secret", |form| {
            form.user = "u".into();
            form.secret = Secret::default();
        });
    }

    #[test]
    fn what_comes_back_to_the_form_holds_no_secret() {
        let shown = format!("{:?} {:?}", typed(&form()), form());
        assert!(!shown.contains("s3cret"), "{shown}");
    }

    #[test]
    fn an_app_password_is_taken_with_or_without_its_spaces() {
        let spaced = Secret("abcd efgh ijkl mnop ".into());
        let preset = Provider {
            credential: Credential::AppPassword,
            ..custom()
        };
        let taken = secret(&spaced, &preset).unwrap();
        assert_eq!(taken.expose_secret(), "abcdefghijklmnop");
        assert_eq!(
            secret(&spaced, &custom()).unwrap().expose_secret(),
            "abcd efgh ijkl mnop "
        );
    }

    #[test]
    fn the_user_name_that_all_accounts_of_a_provider_have_is_filled_in() {
        let preset = Provider {
            user: Some("apikey".to_owned()),
            credential: Credential::ApiKey,
            ..custom()
        };
        let new = new_account(&form(), &preset).unwrap();
        assert_eq!(
            new.settings.sign_in,
            SignIn::Password {
                user: "apikey".into()
            }
        );
    }
}
