//! What a row for an account comes to.

use super::server::server;
use super::{OnExisting, Plan, Proof};
use crate::import::row::{Row, ServerCells};
use crate::providers::Providers;
use secrecy::{ExposeSecret as _, SecretString};
use tocsin_domain::account::{Account, AccountSettings, SignIn};
use tocsin_domain::authorization::Authorization;
use tocsin_domain::import::{CellProblem, ImportField, Outcome, Remark};
use tocsin_domain::provider::{Security, Server};

/// The password that an account has, to see whether a row's is another one.
type Stored<'a> = Option<&'a SecretString>;

/// What a row for an account comes to.
pub(in crate::import) fn change(
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::import::plan::create::tests::{created, providers, read};
    use jiff::Timestamp;
    use tocsin_domain::authorization::Refusal;
    use tocsin_domain::failure::Meaning;
    use tocsin_domain::id::AccountId;

    fn account(authorization: Authorization) -> Account {
        let (settings, _) = created("email|password|host", "a@b.org|old|m.org").unwrap();
        Account::new(AccountId::new(1), settings, authorization, Timestamp::UNIX_EPOCH)
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
