//! Checks accounts when they are due.

use super::observe::Asker;
use super::observe::{REST, later};
use crate::engine::Engine;
use crate::sign_in::SignInError;
use crate::store::StoreError;
use crate::time::now;
use jiff::SignedDuration;
use std::sync::Arc;
use std::time::Duration;
use tocsin_domain::account::{Account, SignIn};
use tocsin_domain::authorization::Authorization;
use tocsin_domain::failure::Meaning;

/// How many accounts are checked at the same time.
const AT_ONCE: usize = 4;

/// The longest sleep: accounts that another replica added are seen by then.
const LONGEST_SLEEP: Duration = Duration::from_secs(30);

/// Checks until the engine stops.
pub(crate) async fn run(engine: Arc<Engine>) {
    while !engine.stopping.is_cancelled() {
        if let Err(error) = round(&engine).await {
            tracing::error!(%error, "accounts could not be checked; it is tried again");
        }
        let sleep = next_round(&engine).await.unwrap_or(LONGEST_SLEEP);
        tokio::select! {
            () = engine.sentinel_wake.notified() => {}
            () = tokio::time::sleep(sleep) => {}
            () = engine.stopping.cancelled() => {}
        }
    }
}

async fn next_round(engine: &Engine) -> Result<Duration, StoreError> {
    let Some(next) = engine.store.next_check_at().await? else {
        return Ok(LONGEST_SLEEP);
    };
    // At least a little, so that an account whose state cannot be written does not make a busy loop.
    let wait = Duration::try_from(next.duration_since(now())).unwrap_or_default();
    Ok(wait.clamp(Duration::from_millis(200), LONGEST_SLEEP))
}

async fn round(engine: &Arc<Engine>) -> Result<(), StoreError> {
    let mut due = engine.store.accounts_due(now()).await?.into_iter();
    let mut checks = tokio::task::JoinSet::new();
    loop {
        while checks.len() < AT_ONCE
            && let Some(account) = due.next()
        {
            let engine = Arc::clone(engine);
            checks.spawn(async move { (account.id, check(&engine, &account).await) });
        }
        match checks.join_next().await {
            None => return Ok(()),
            // Done, or deleted while it was looked at.
            Some(Ok((_, Ok(()) | Err(StoreError::Gone)))) => {}
            Some(Ok((account, Err(error)))) => {
                tracing::error!(%account, %error, "a check could not be written");
            }
            Some(Err(error)) => tracing::error!(%error, "a check ended early"),
        }
    }
}

async fn check(engine: &Engine, account: &Account) -> Result<(), StoreError> {
    match &account.authorization {
        // No attempt is made with it, so that the mailbox is not locked out.
        authorization if rests(authorization) => return look_again(engine, account, REST).await,
        authorization
            if authorization.application_fault().is_some() && !engine.tries_application(account).await? =>
        {
            return look_again(engine, account, engine.config.check_every).await;
        }
        _ => {}
    }
    match probe(engine, account).await {
        Ok(()) => engine.observe_proof(account.id, Asker::Routine).await,
        Err(SignInError { verdict, words, .. }) => engine.observe_failure(account.id, verdict, words).await,
    }
}

/// What shows that an account works: for a grant in order, that the token endpoint still honours it; else a
/// real sign-in.
async fn probe(engine: &Engine, account: &Account) -> Result<(), SignInError> {
    let in_order = matches!(
        account.authorization,
        Authorization::Authorized | Authorization::Expiring { .. }
    );
    if account.settings.sign_in == SignIn::Grant {
        engine.oauth.refresh_now(account.id).await?;
        if in_order && account.suspicion.is_none() {
            return Ok(());
        }
    }
    engine.sign_in_account(account).await?.quit().await;
    Ok(())
}

async fn look_again(engine: &Engine, account: &Account, wait: SignedDuration) -> Result<(), StoreError> {
    let mut transaction = engine.store.begin().await?;
    engine
        .store
        .set_next_check(&mut transaction, account.id, later(now(), wait))
        .await?;
    transaction.commit().await?;
    Ok(())
}

/// Whether an account is left alone until somebody has acted.
pub(super) fn rests(authorization: &Authorization) -> bool {
    match authorization {
        Authorization::NeedsReauthorization(_) => true,
        Authorization::NeedsConfiguration(refusal) => {
            !mends_itself(refusal.meaning) && authorization.application_fault().is_none()
        }
        _ => false,
    }
}

/// Whether a refused setting may be accepted later without anybody changing it here: certificates are renewed,
/// names come back, an administrator switches SMTP sign-in on again.
fn mends_itself(meaning: Meaning) -> bool {
    matches!(
        meaning,
        Meaning::CertificateExpired
            | Meaning::CertificateNotTrusted
            | Meaning::CertificateNameMismatch
            | Meaning::NameNotFound
            | Meaning::NothingListens
            | Meaning::SmtpAuthSwitchedOff
            | Meaning::EncryptionNotOffered
            | Meaning::EncryptionMismatch
    )
}
