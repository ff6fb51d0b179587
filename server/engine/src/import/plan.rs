//! What a row comes to: a new account, a change of one that exists, or neither. Nothing is asked of a server here.

use super::row::{Row, ServerCells, usual_security};
use crate::providers::Providers;
use secrecy::{ExposeSecret as _, SecretString};
use tocsin_domain::account::{Account, AccountSettings, SignIn};
use tocsin_domain::authorization::Authorization;
use tocsin_domain::import::{CellProblem, ImportField, Outcome, Remark};
use tocsin_domain::provider::{Credential, Provider, ProviderKey, Security, Server};

/// What is done about accounts that exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnExisting {
    /// They are changed: *Update inbox if it exists*.
    Update,
    /// Their rows are skipped.
    Skip,
}

/// What a row comes to.
#[derive(Debug)]
pub(super) enum Plan {
    /// A new account, once its server has accepted it.
    Create {
        settings: AccountSettings,
        secret: Option<SecretString>,
        receiving: Proof,
    },
    /// A new account whose owner must sign in at the provider.
    CreateAwaiting { settings: AccountSettings },
    /// Other settings or another secret; where one of them reaches a server anew, once it has accepted them.
    Update {
        before: Box<Account>,
        settings: AccountSettings,
        secret: Option<SecretString>,
        proof: Proof,
        receiving: Proof,
    },
    /// Nothing to do.
    Settled {
        outcome: Outcome,
        remark: Option<Remark>,
    },
}

/// Whether servers must accept a change first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Proof {
    /// It concerns how they are reached.
    Needed,
    /// Names only.
    NotNeeded,
}

impl Proof {
    fn needed(is_needed: bool) -> Self {
        if is_needed { Self::Needed } else { Self::NotNeeded }
    }
}

/// The password that an account has, to see whether a row's is another one.
pub(super) type Stored<'a> = Option<&'a SecretString>;

/// The account among those of an address that a row is about.
pub(super) fn existing<'a>(
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
pub(super) fn preset<'a>(row: &Row, providers: &'a Providers) -> Option<&'a Provider> {
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

/// What a row for a mailbox comes to that is no account yet.
pub(super) fn create(row: Row, preset: &Provider, providers: &Providers) -> Result<Plan, Remark> {
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

/// What a row for an account comes to.
pub(super) fn change(
    row: Row,
    account: &Account,
    stored: Stored<'_>,
    on_existing: OnExisting,
    providers: &Providers,
) -> Plan {
    let settled = |outcome, remark| Plan::Settled { outcome, remark };
    if on_existing == OnExisting::Skip {
        return settled(Outcome::Skipped, Some(Remark::Taken));
    }
    let before = &account.settings;
    if row
        .provider
        .as_ref()
        .is_some_and(|provider| *provider != before.provider)
    {
        return settled(Outcome::Failed, Some(Remark::OtherProvider));
    }
    let has_grant = before.sign_in == SignIn::Grant;
    if has_grant && row.password.is_some() {
        return settled(Outcome::Skipped, Some(Remark::HasGrant));
    }
    let brings_password = row.password.is_some();
    let preset = providers.get(&before.provider);
    let secret = row.password.map(|secret| match preset {
        Some(preset) => preset.tidied(secret.expose_secret()).into(),
        None => secret,
    });
    let is_stored =
        |secret: &SecretString| stored.is_some_and(|stored| stored.expose_secret() == secret.expose_secret());
    let in_order = !account.authorization.needs_somebody();
    // The same password again: worth a try only where it does not work.
    let secret = secret.filter(|secret| !(in_order && is_stored(secret)));
    let sign_in = match (&before.sign_in, row.user) {
        (SignIn::Password { .. }, Some(user)) => SignIn::Password { user },
        (SignIn::Nothing, user) if secret.is_some() => SignIn::Password {
            user: user.unwrap_or_else(|| before.address.to_string()),
        },
        (kept, _) => kept.clone(),
    };
    // A stored password goes to no other server than the one that it was stored for.
    let moves = |known: Option<&Server>, cells: &ServerCells| {
        let host = cells.host.as_ref();
        host.is_some_and(|host| known.is_none_or(|known| !known.host.eq_ignore_ascii_case(host)))
    };
    let keeps_password = !brings_password && stored.is_some();
    if keeps_password && (moves(Some(&before.smtp), &row.smtp) || moves(before.imap.as_ref(), &row.imap)) {
        let remark = Remark::Cell {
            field: ImportField::Password,
            problem: CellProblem::NeededForHost,
        };
        return settled(Outcome::Failed, Some(remark));
    }
    let Some(smtp) = server(Some(&before.smtp), &row.smtp, 465, Security::Tls) else {
        return settled(Outcome::Unchanged, None);
    };
    let imap = match (&before.imap, row.imap.is_empty()) {
        (None, true) => None,
        (imap, _) => match server(imap.as_ref(), &row.imap, 993, Security::Tls) {
            Some(imap) => Some(imap),
            None => {
                let remark = Remark::Cell {
                    field: ImportField::ImapHost,
                    problem: CellProblem::Missing,
                };
                return settled(Outcome::Failed, Some(remark));
            }
        },
    };
    let settings = AccountSettings {
        sender_name: row.sender_name.unwrap_or_else(|| before.sender_name.clone()),
        owner: row.owner.or_else(|| before.owner.clone()),
        provider: before.provider.clone(),
        address: before.address.clone(),
        smtp,
        imap,
        sign_in,
    };
    if settings == *before && secret.is_none() {
        let lost = matches!(account.authorization, Authorization::NeedsReauthorization(_));
        return settled(
            Outcome::Unchanged,
            (has_grant && lost).then_some(Remark::AwaitsOwner),
        );
    }
    let reaches_anew =
        settings.smtp != before.smtp || settings.imap != before.imap || settings.sign_in != before.sign_in;
    Plan::Update {
        proof: Proof::needed(secret.is_some() || reaches_anew),
        receiving: Proof::needed(settings.imap != before.imap),
        before: Box::new(account.clone()),
        settings,
        secret,
    }
}

/// A known server with what the row says otherwise; none where nobody says a host.
fn server(known: Option<&Server>, cells: &ServerCells, port: u16, security: Security) -> Option<Server> {
    // Port and security belong to their host: those of another one are not taken over.
    let known = known.filter(|known| {
        cells
            .host
            .as_ref()
            .is_none_or(|host| known.host.eq_ignore_ascii_case(host))
    });
    let host = cells
        .host
        .clone()
        .or_else(|| known.map(|known| known.host.clone()))?;
    let host = known.map_or(host, |known| known.host.clone());
    let said = (cells.port, cells.security);
    let (port, security) = match (said, known) {
        ((Some(port), Some(security)), _) => (port, security),
        ((Some(port), None), Some(known)) if known.port == port => (port, known.security),
        ((Some(port), None), _) => (port, usual_security(port)),
        ((None, Some(security)), Some(known)) => (known.port, security),
        ((None, None), Some(known)) => (known.port, known.security),
        ((None, Some(Security::Starttls)), None) => (if port == 993 { 143 } else { 587 }, Security::Starttls),
        ((None, Some(Security::None)), None) => (if port == 993 { 143 } else { 25 }, Security::None),
        ((None, _), None) => (port, security),
    };
    Some(Server {
        host,
        port,
        security,
        ca: authority(cells.ca.as_deref(), known.and_then(|known| known.ca.as_deref())),
    })
}

/// What the row says, unless it is the known one with other line breaks, as spreadsheets make them.
fn authority(said: Option<&str>, known: Option<&str>) -> Option<String> {
    let same = said
        .zip(known)
        .is_some_and(|(said, known)| said.trim().lines().eq(known.trim().lines()));
    if same { known } else { said.or(known) }.map(ToOwned::to_owned)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::columns::guess;
    use super::super::row;
    use super::*;
    use jiff::Timestamp;
    use tocsin_domain::account::IsDefault;
    use tocsin_domain::authorization::Refusal;
    use tocsin_domain::failure::Meaning;
    use tocsin_domain::id::AccountId;

    fn providers() -> Providers {
        Providers::load(std::path::Path::new("/nowhere")).unwrap()
    }

    fn read(header: &str, cells: &str) -> Row {
        let split = |text: &str| text.split('|').map(str::to_owned).collect::<Vec<_>>();
        row::read(&guess(&split(header)), &split(cells), &providers()).unwrap()
    }

    fn created(header: &str, cells: &str) -> Result<(AccountSettings, Option<SecretString>), Remark> {
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

    fn account(authorization: Authorization) -> Account {
        let (settings, _) = created("email|password|host", "a@b.org|old|m.org").unwrap();
        Account {
            id: AccountId::new(1),
            settings,
            authorization,
            suspicion: None,
            pause: None,
            default: IsDefault::No,
            proven_at: None,
            checked_at: None,
            sent_at: None,
            created_at: Timestamp::UNIX_EPOCH,
        }
    }

    fn lost() -> Authorization {
        Authorization::NeedsReauthorization(Refusal {
            since: Timestamp::UNIX_EPOCH,
            meaning: Meaning::PasswordRefused,
            words: "535".to_owned(),
        })
    }

    fn changed(account: &Account, header: &str, cells: &str) -> Plan {
        let old = SecretString::from("old");
        let row = read(header, cells);
        change(row, account, Some(&old), OnExisting::Update, &providers())
    }

    fn settled(plan: &Plan) -> Option<(Outcome, Option<&Remark>)> {
        match plan {
            Plan::Settled { outcome, remark } => Some((*outcome, remark.as_ref())),
            _ => None,
        }
    }

    #[test]
    fn what_says_nothing_new_is_unchanged() {
        let account = account(Authorization::Authorized);
        for (header, cells) in [
            ("email", "A@B.org"),
            ("email|password", "a@b.org|"),
            ("email|password|host|port|ssl", "a@b.org|old|M.org|465|tls"),
        ] {
            let plan = changed(&account, header, cells);
            assert_eq!(settled(&plan), Some((Outcome::Unchanged, None)), "{cells}");
        }
    }

    #[test]
    fn a_new_password_or_way_needs_proof_and_a_name_does_not() {
        let account = account(Authorization::Authorized);
        for (header, cells, wanted) in [
            ("email|password", "a@b.org|new", Proof::Needed),
            ("email|port", "a@b.org|587", Proof::Needed),
            ("email|name", "a@b.org|NAS", Proof::NotNeeded),
        ] {
            match changed(&account, header, cells) {
                Plan::Update { proof, .. } => assert_eq!(proof, wanted, "{cells}"),
                other => panic!("{other:?}"),
            }
        }
    }

    #[test]
    fn the_old_password_is_tried_again_where_it_does_not_work() {
        let plan = changed(&account(lost()), "email|password", "a@b.org|old");
        assert!(
            matches!(
                plan,
                Plan::Update {
                    proof: Proof::Needed,
                    secret: Some(_),
                    ..
                }
            ),
            "{plan:?}"
        );
    }

    #[test]
    fn a_stored_password_goes_to_no_other_server() {
        let account = account(Authorization::Authorized);
        let plan = changed(&account, "email|host", "a@b.org|evil.example");
        let remark = Remark::Cell {
            field: ImportField::Password,
            problem: CellProblem::NeededForHost,
        };
        assert_eq!(settled(&plan), Some((Outcome::Failed, Some(&remark))));
        let plan = changed(&account, "email|host|password", "a@b.org|other.example|new");
        assert!(matches!(plan, Plan::Update { .. }), "{plan:?}");
    }

    #[test]
    fn what_an_import_does_not_change_is_said() {
        let mut granted = account(lost());
        granted.settings.sign_in = SignIn::Grant;
        let outcome = |account: &Account, header: &str, cells: &str| {
            let plan = changed(account, header, cells);
            let (outcome, remark) = settled(&plan).unwrap();
            (outcome, remark.cloned())
        };
        assert_eq!(
            outcome(&granted, "email|password", "a@b.org|x"),
            (Outcome::Skipped, Some(Remark::HasGrant))
        );
        assert_eq!(
            outcome(&granted, "email", "a@b.org"),
            (Outcome::Unchanged, Some(Remark::AwaitsOwner))
        );
        assert_eq!(
            outcome(&account(lost()), "email|provider", "a@b.org|gmail"),
            (Outcome::Failed, Some(Remark::OtherProvider))
        );
        let row = read("email|password", "a@b.org|new");
        let plan = change(row, &account(lost()), None, OnExisting::Skip, &providers());
        assert_eq!(settled(&plan), Some((Outcome::Skipped, Some(&Remark::Taken))));
    }
}
