//! Which account and which preset a row is about.

use crate::import::row::Row;
use crate::providers::Providers;
use tocsin_domain::account::Account;
use tocsin_domain::provider::{Credential, Provider, ProviderKey};

/// The account among those of an address that a row is about.
pub(in crate::import) fn existing<'a>(
    row: &Row,
    provider: &ProviderKey,
    accounts: &'a [Account],
) -> Option<&'a Account> {
    let same = accounts
        .iter()
        .find(|account| account.settings.provider == *provider);
    // A file of another program knows the mailbox, not by which preset it stands here.
    same.or(match (accounts, &row.provider) {
        ([only], _) => Some(only),
        ([first, ..], None) => Some(first),
        _ => None,
    })
}

/// The preset of a row: as it says, else by its server, else by its address.
pub(in crate::import) fn preset<'a>(row: &Row, providers: &'a Providers) -> Option<&'a Provider> {
    let custom = || providers.get(&ProviderKey::new(ProviderKey::CUSTOM));
    if let Some(key) = &row.provider {
        return providers.get(key);
    }
    let found = match &row.smtp.host {
        Some(host) => providers.all().iter().find(|preset| {
            let server = preset.smtp.as_ref();
            server.is_some_and(|server| server.host.eq_ignore_ascii_case(host))
        }),
        None => providers.by_domain(&row.address.domain()),
    };
    match found {
        // A grant comes from a sign-in; with a password the same server is a Custom account's.
        Some(preset) if preset.credential == Credential::Oauth && row.password.is_some() => custom(),
        Some(preset) => Some(preset),
        None => custom(),
    }
}
