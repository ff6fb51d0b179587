//! The accounts and the OAuth applications.

use super::{Check, Finding, Patient};
use crate::store::StoreError;
use crate::time::now;
use crate::warnings::incidents;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use tocsin_domain::account::{Account, SignIn};
use tocsin_domain::authorization::Authorization;
use tocsin_domain::ending::Pace;
use tocsin_domain::failure::Verdict;
use tocsin_domain::provider::ProviderKey;

/// An outage that is worth a look.
const LONG: SignedDuration = SignedDuration::from_hours(24);

/// How the accounts stand.
pub(super) fn accounts(accounts: &[Account], findings: &mut Vec<Finding>) {
    if accounts.is_empty() {
        findings.push(Finding::act(
            Check::Accounts,
            "there is none: nothing can be sent",
            "Add one on the page Service Account and Device Pairing",
        ));
        return;
    }
    let before = findings.len();
    findings.extend(accounts.iter().filter_map(account));
    let troubled = findings.len() - before + incidents(accounts).values().map(Vec::len).sum::<usize>();
    let well = accounts.len().saturating_sub(troubled);
    if well > 0 {
        findings.push(Finding::fine(
            Check::Accounts,
            format!("{well} of {} in order", accounts.len()),
        ));
    }
}

impl Patient {
    /// How the OAuth applications stand.
    pub(super) async fn applications(
        &self,
        accounts: &[Account],
        findings: &mut Vec<Finding>,
    ) -> Result<(), StoreError> {
        let applications = self.store.oauth_applications().await?;
        let incidents = incidents(accounts);
        let settings = "in Settings, OAuth applications";
        for application in &applications {
            let name = self.name(&application.provider);
            let stuck = incidents.get(&application.provider).map_or(0, Vec::len);
            if let Some(refusal) = &application.refusal {
                let verdict = Verdict::from(refusal.meaning);
                findings.push(Finding::act(
                    Check::OauthApplications,
                    format!(
                        "{name}: {} Accounts that cannot send because of it: {stuck}",
                        verdict.meaning
                    ),
                    format!("{} The application is {settings}", verdict.next_step),
                ));
                continue;
            }
            findings.push(match application.secret_ends_at {
                Some(ends) if ends <= now() => Finding::act(
                    Check::OauthApplications,
                    format!("{name}: its client secret ended on {}", day(ends)),
                    format!("Make a new client secret at the provider, and enter it {settings}"),
                ),
                Some(ends) if ends.duration_since(now()) <= Pace::Usual.ahead() => Finding::note(
                    Check::OauthApplications,
                    format!("{name}: its client secret ends on {}", day(ends)),
                    format!("Make a new client secret at the provider, and enter it {settings}"),
                ),
                _ => Finding::fine(Check::OauthApplications, format!("{name}: in order")),
            });
        }
        let mut missing: Vec<_> = accounts
            .iter()
            .filter(|account| account.settings.sign_in == SignIn::Grant)
            .map(|account| &account.settings.provider)
            .filter(|provider| {
                applications
                    .iter()
                    .all(|application| application.provider != **provider)
            })
            .collect();
        missing.sort_unstable();
        missing.dedup();
        findings.extend(missing.into_iter().map(|provider| {
            Finding::act(
                Check::OauthApplications,
                format!("{}: there is none, and accounts need it", self.name(provider)),
                format!("Set it up {settings}"),
            )
        }));
        Ok(())
    }

    fn name(&self, key: &ProviderKey) -> String {
        self.providers
            .as_ref()
            .and_then(|providers| providers.get(key))
            .map_or_else(|| key.to_string(), |provider| provider.name.clone())
    }
}

/// What is to be said of an account; nothing where it is in order, or where its OAuth application is at fault.
fn account(account: &Account) -> Option<Finding> {
    let address = &account.settings.address;
    let check = Check::Accounts;
    Some(match &account.authorization {
        authorization if authorization.application_fault().is_some() => return None,
        Authorization::Authorized => return None,
        Authorization::NeedsReauthorization(refusal) => Finding::act(
            check,
            format!("{address}: Authorization has expired. {}", refusal.meaning),
            format!("Reauthorize the account. {}", refusal.meaning.next_step()),
        ),
        Authorization::NeedsConfiguration(refusal) => Finding::act(
            check,
            format!("{address}: {}", refusal.meaning),
            refusal.meaning.next_step().to_string(),
        ),
        Authorization::Unreachable { since, words, .. } => {
            let what = format!(
                "{address}: its server has not answered since {}: {words}",
                day(*since)
            );
            let next = "That is an outage, not an expiry: Tocsin goes on by itself. If it lasts, check host and port";
            if now().duration_since(*since) >= LONG {
                Finding::act(check, what, next)
            } else {
                Finding::note(check, what, next)
            }
        }
        Authorization::Expiring { ends, .. } => Finding::note(
            check,
            format!("{address}: expires on {}", day(*ends)),
            "Reauthorize the account before that day",
        ),
        Authorization::Unverified => Finding::note(
            check,
            format!("{address}: nobody has tried it yet"),
            "Tocsin does so by itself within a minute, or press Test Sending",
        ),
    })
}

fn day(at: Timestamp) -> String {
    at.to_zoned(TimeZone::system())
        .strftime("%Y-%m-%d %H:%M %Z")
        .to_string()
}
