//! An OAuth application that is refused, or whose secret ends.

use super::granted::{BAD_CLIENT, Granted, TOKENS, gmail};
use super::{ADMIN, DAY, when_told, working};
use tocsin_domain::authorization::Authorization;
use tocsin_domain::notification::State;
use tocsin_domain::told::Kind;
use tocsin_engine::time::now;

#[tokio::test]
async fn a_refused_application_is_one_incident_for_all_its_accounts_and_clears_for_all_at_once() {
    let granted = Granted::start().await;
    let (tocsin, other) = (&granted.tocsin, working().await);
    let mut accounts = Vec::new();
    for name in ["a@gmail.com", "b@gmail.com", "c@gmail.com"] {
        accounts.push(granted.account(name, None, DAY).await);
    }
    // The most recently proven carries: those whose application is refused may still have a token.
    tocsin.account("other@example.com", &other).await;
    granted.tokens.answer(401, BAD_CLIENT);
    for account in &accounts {
        tocsin.check_now(*account).await;
        granted.when(*account, Authorization::needs_somebody).await;
    }

    for account in &accounts {
        let told = tocsin.when_told(*account, Kind::ApplicationRefused, 1).await;
        assert_eq!(told.len(), 1, "the accounts' history shows it too");
        assert_eq!(
            told[0].recipients,
            [ADMIN.parse().unwrap()],
            "no owner can mend it"
        );
    }
    let mails = when_told(&other, ADMIN, 1).await;
    assert!(mails[0].data.contains("OAuth application"), "{}", mails[0].data);
    tocsin.when(State::Sent, 1).await;
    let before = tocsin.all().await.len();
    tocsin.a_day_passes().await;
    when_told(&other, ADMIN, 2).await;
    tocsin.when(State::Sent, 2).await;
    assert_eq!(
        tocsin.all().await.len(),
        before + 1,
        "one a day, not one an account"
    );

    granted.tokens.answer(200, TOKENS);
    granted.save_application("new secret").await;

    for account in &accounts {
        granted
            .when(*account, |state| *state == Authorization::Authorized)
            .await;
    }
    let application = tocsin
        .engine
        .oauth
        .applications()
        .get(&gmail())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(application.refusal, None);
}

#[tokio::test]
async fn a_client_secret_that_ends_is_announced_to_the_admins_alone() {
    let granted = Granted::start().await;
    let tocsin = &granted.tocsin;
    let account = granted.account("a@gmail.com", None, DAY).await;
    let ends = (now() + 6 * DAY).as_millisecond();
    tocsin
        .sql(format!("UPDATE oauth_applications SET secret_ends_at = {ends}"))
        .await;
    tocsin.engine.check_soon();

    let told = tocsin.when_told(account, Kind::SecretEnds, 1).await;
    assert_eq!(told[0].recipients, [ADMIN.parse().unwrap()]);
    let mails = when_told(&granted.server, ADMIN, 1).await;
    assert!(
        mails[0].header("Subject").unwrap().contains("client secret"),
        "{:?}",
        mails[0]
    );
}
