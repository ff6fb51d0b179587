//! What a row for a mailbox comes to that is no account yet.

use super::server::server;
use super::{Plan, Proof};
use crate::import::row::Row;
use crate::providers::Providers;
use secrecy::ExposeSecret as _;
use tocsin_domain::account::{AccountSettings, SignIn};
use tocsin_domain::import::{CellProblem, ImportField, Remark};
use tocsin_domain::provider::{Credential, Provider, Security};

/// What a row for a mailbox comes to that is no account yet.
pub(in crate::import) fn create(row: Row, preset: &Provider, providers: &Providers) -> Result<Plan, Remark> {
    let missing = |field| Remark::Cell {
        field,
        problem: CellProblem::Missing,
    };
    // Custom with a password on a provider of grants: its servers are still the provider's.
    let by_domain = || providers.by_domain(&row.address.domain());
    let is_custom = preset.key.is_custom();
    let known = if is_custom && row.smtp.host.is_none() && row.provider.is_none() {
        by_domain().unwrap_or(preset)
    } else {
        preset
    };
    let smtp = server(known.smtp.as_ref(), &row.smtp, 465, Security::Tls)
        .ok_or_else(|| missing(ImportField::SmtpHost))?;
    // What a preset brings along is known to be right.
    let receiving = Proof::needed(!row.imap.is_empty());
    let imap = match (&known.imap, row.imap.is_empty()) {
        (None, true) => None,
        (known, _) => Some(
            server(known.as_ref(), &row.imap, 993, Security::Tls)
                .ok_or_else(|| missing(ImportField::ImapHost))?,
        ),
    };
    let awaits_owner = preset.credential == Credential::Oauth;
    let secret = row
        .password
        .map(|secret| preset.tidied(secret.expose_secret()).into());
    let sign_in = match (&secret, row.user) {
        _ if awaits_owner => SignIn::Grant,
        (Some(_), Some(user)) => SignIn::Password { user },
        (Some(_), None) => SignIn::Password {
            user: row.address.to_string(),
        },
        // A relay that asks for no sign-in, only where the row itself says Custom: a password is easily forgotten.
        (None, None) if is_custom && row.provider.is_some() => SignIn::Nothing,
        (None, _) => return Err(missing(ImportField::Password)),
    };
    let settings = AccountSettings {
        provider: preset.key.clone(),
        address: row.address,
        sender_name: row.sender_name.unwrap_or_default(),
        owner: row.owner,
        smtp,
        imap,
        sign_in,
    };
    Ok(if awaits_owner {
        Plan::CreateAwaiting { settings }
    } else {
        Plan::Create {
            settings,
            secret,
            receiving,
        }
    })
}

#[cfg(test)]
pub(super) mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::import::columns::guess;
    use crate::import::plan::preset;
    use crate::import::row;
    use secrecy::SecretString;
    use tocsin_domain::provider::Server;

    pub(in crate::import::plan) fn providers() -> Providers {
        Providers::load(std::path::Path::new("/nowhere")).unwrap()
    }

    pub(in crate::import::plan) fn read(header: &str, cells: &str) -> Row {
        let split = |text: &str| text.split('|').map(str::to_owned).collect::<Vec<_>>();
        row::read(&guess(&split(header)), &split(cells), &providers()).unwrap()
    }

    pub(in crate::import::plan) fn created(
        header: &str,
        cells: &str,
    ) -> Result<(AccountSettings, Option<SecretString>), Remark> {
        let row = read(header, cells);
        let providers = providers();
        let preset = preset(&row, &providers).unwrap();
        match create(row, preset, &providers)? {
            Plan::Create { settings, secret, .. } => Ok((settings, secret)),
            Plan::CreateAwaiting { settings } => Ok((settings, None)),
            other => panic!("{other:?}"),
        }
    }

    /// host:port security
    fn way(server: &Server) -> String {
        format!("{}:{} {}", server.host, server.port, server.security.as_str())
    }

    #[test]
    fn a_row_without_a_server_takes_its_addresss_preset() {
        let (settings, secret) = created("email|password", "a@yahoo.com|abcd efgh ijkl mnop").unwrap();
        assert_eq!(settings.provider.as_str(), "yahoo");
        assert_eq!(way(&settings.smtp), "smtp.mail.yahoo.com:465 tls");
        assert_eq!(secret.unwrap().expose_secret(), "abcdefghijklmnop");
        assert_eq!(
            created("email|password", "a@example.org|x").unwrap_err(),
            Remark::Cell {
                field: ImportField::SmtpHost,
                problem: CellProblem::Missing
            }
        );
    }

    #[test]
    fn mailboxes_of_google_and_microsoft_await_their_owner_unless_a_password_is_given() {
        for (header, cells, provider) in [
            ("email", "a@gmail.com", "gmail"),
            ("email|provider", "a@corp.example|Microsoft 365", "microsoft365"),
            ("email|smtp host", "a@corp.example|smtp.gmail.com", "gmail"),
            ("email|provider|password", "a@corp.example|gmail|x", "gmail"),
        ] {
            let (settings, _) = created(header, cells).unwrap();
            assert_eq!(
                (settings.provider.as_str(), settings.sign_in),
                (provider, SignIn::Grant),
                "{cells}"
            );
        }
        for (header, cells) in [
            ("email|password", "a@gmail.com|x"),
            ("email|password|smtp host", "a@corp.example|x|SMTP.gmail.com"),
        ] {
            let (settings, _) = created(header, cells).unwrap();
            assert_eq!(settings.provider.as_str(), "custom", "{cells}");
            assert!(matches!(settings.sign_in, SignIn::Password { .. }));
        }
    }

    #[test]
    fn port_and_security_follow_from_each_other() {
        for (port, security, wanted) in [
            ("", "", "m.org:465 tls"),
            ("587", "", "m.org:587 starttls"),
            ("", "starttls", "m.org:587 starttls"),
            ("", "none", "m.org:25 none"),
            ("2465", "", "m.org:2465 tls"),
            ("1025", "none", "m.org:1025 none"),
        ] {
            let cells = format!("a@b.org|x|m.org|{port}|{security}");
            let (settings, _) = created("email|password|host|port|security", &cells).unwrap();
            assert_eq!(way(&settings.smtp), wanted, "{cells}");
        }
        let (settings, _) = created("email|password|host|imap host", "a@b.org|x|m.org|i.org").unwrap();
        assert_eq!(way(&settings.imap.unwrap()), "i.org:993 tls");
        let receiving = |cells: &str| {
            let row = read("email|password|imap host", cells);
            let providers = providers();
            let preset = preset(&row, &providers).unwrap();
            match create(row, preset, &providers).unwrap() {
                Plan::Create { receiving, .. } => receiving,
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(receiving("a@yahoo.com|x|imap.other.org"), Proof::Needed);
        assert_eq!(receiving("a@yahoo.com|x|"), Proof::NotNeeded);
    }

    #[test]
    fn a_forgotten_password_is_told_and_only_custom_by_name_does_without() {
        assert_eq!(
            created("email|host", "a@b.org|m.org").unwrap_err(),
            Remark::Cell {
                field: ImportField::Password,
                problem: CellProblem::Missing
            }
        );
        let (settings, _) = created("email|host|provider", "a@b.org|m.org|custom").unwrap();
        assert_eq!(settings.sign_in, SignIn::Nothing);
    }
}
