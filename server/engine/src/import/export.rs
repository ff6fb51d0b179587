//! The accounts as a file of the same form, without secrets: imported again with *Update inbox if it exists*, each row
//! is said unchanged.

use super::error::ImportError;
use super::sheet::Sheet;
use crate::audit::{Action, Who};
use crate::engine::Engine;
use crate::store::StoreError;
use tocsin_domain::account::{AccountSettings, SignIn};
use tocsin_domain::import::ImportField;
use tocsin_domain::provider::{Security, Server};

/// The file to fill in: all columns, and a row that shows how.
pub fn template() -> Vec<u8> {
    let mut sheet = header();
    sheet.row(ImportField::ALL.iter().map(|field| example(*field)));
    sheet.finish()
}

fn header() -> Sheet {
    Sheet::new(ImportField::ALL.iter().map(|field| field.key()))
}

const fn example(field: ImportField) -> &'static str {
    match field {
        ImportField::Address => "nas@example.com",
        ImportField::Password => "password or app password",
        ImportField::User => "nas@example.com",
        ImportField::SenderName => "Office NAS",
        ImportField::Owner => "owner@example.com",
        ImportField::Provider => "custom",
        ImportField::SmtpHost => "smtp.example.com",
        ImportField::SmtpPort => "465",
        ImportField::SmtpSecurity => Security::Tls.as_str(),
        ImportField::ImapHost => "imap.example.com",
        ImportField::ImapPort => "993",
        ImportField::ImapSecurity => Security::Tls.as_str(),
        ImportField::SmtpCa | ImportField::ImapCa => "",
    }
}

impl Engine {
    /// All accounts as a CSV file, without passwords.
    pub async fn export_accounts(&self, who: &Who) -> Result<Vec<u8>, ImportError> {
        let accounts = self.store.accounts().await?;
        let mut transaction = self.store.begin().await?;
        let number = accounts.len().to_string();
        self.audit(&mut transaction, who, Action::AccountsExported, &number, "")
            .await?;
        transaction.commit().await.map_err(StoreError::from)?;
        let mut sheet = header();
        for account in &accounts {
            let cells: Vec<String> = ImportField::ALL
                .iter()
                .map(|field| cell(&account.settings, *field))
                .collect();
            sheet.row(cells.iter().map(String::as_str));
        }
        Ok(sheet.finish())
    }
}

fn cell(settings: &AccountSettings, field: ImportField) -> String {
    let smtp = Some(&settings.smtp);
    let imap = settings.imap.as_ref();
    let of = |server: Option<&Server>, part: fn(&Server) -> String| server.map(part).unwrap_or_default();
    let host = |server: &Server| server.host.clone();
    let port = |server: &Server| server.port.to_string();
    let security = |server: &Server| server.security.as_str().to_owned();
    let ca = |server: &Server| server.ca.clone().unwrap_or_default();
    match field {
        ImportField::Address => settings.address.to_string(),
        ImportField::Password => String::new(),
        ImportField::User => match &settings.sign_in {
            SignIn::Password { user } => user.clone(),
            SignIn::Grant | SignIn::Nothing => String::new(),
        },
        ImportField::SenderName => settings.sender_name.to_string(),
        ImportField::Owner => settings
            .owner
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
        ImportField::Provider => settings.provider.to_string(),
        ImportField::SmtpHost => of(smtp, host),
        ImportField::SmtpPort => of(smtp, port),
        ImportField::SmtpSecurity => of(smtp, security),
        ImportField::SmtpCa => of(smtp, ca),
        ImportField::ImapHost => of(imap, host),
        ImportField::ImapPort => of(imap, port),
        ImportField::ImapSecurity => of(imap, security),
        ImportField::ImapCa => of(imap, ca),
    }
}
