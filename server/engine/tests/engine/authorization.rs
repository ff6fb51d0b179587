use crate::support::Tocsin;
use jiff::SignedDuration;
use tocsin_domain::authorization::Authorization;
use tocsin_domain::notification::State;
use tocsin_engine::smtp::scripted::{Act, Script, Scripted, Step};

fn lost(authorization: &Authorization) -> bool {
    matches!(authorization, Authorization::NeedsReauthorization(_))
}

#[tokio::test]
async fn one_refusal_is_no_proof_two_are_and_then_no_further_try_is_made() {
    let server = Scripted::start(Script::plain().knowing_nobody()).await;
    let tocsin = Tocsin::start().await;
    let account = tocsin.account("nas@example.com", &server).await;
    tocsin.rule(&[account]).await;

    tocsin.report("error", "x").await;

    tocsin
        .when_account(account, |account| lost(&account.authorization))
        .await;
    assert_eq!(
        server.record().sign_ins.len(),
        2,
        "the refusal and its confirmation"
    );
    tocsin.when(State::Held, 1).await;
    tocsin.report("error", "y").await;
    tocsin.when(State::Held, 2).await;
    assert_eq!(
        server.record().sign_ins.len(),
        2,
        "a latched account is left alone"
    );
}

#[tokio::test]
async fn a_server_whose_own_check_failed_once_latches_nothing() {
    let hiccup = Act::say("535 5.7.8 Error: authentication failed:");
    let server = Scripted::start(Script::plain().on(Step::Auth, hiccup)).await;
    let tocsin = Tocsin::start().await;
    let account = tocsin.account("nas@example.com", &server).await;
    tocsin.rule(&[account]).await;
    tocsin.report("error", "x").await;
    server.mails(1).await;
    let account = tocsin
        .when_account(account, |account| account.suspicion.is_none())
        .await;
    assert_eq!(account.authorization, Authorization::Authorized);
}

#[tokio::test]
async fn an_outage_never_latches_and_what_waited_goes_when_it_is_over() {
    let server =
        Scripted::start(Script::plain().always(Step::Greeting, Act::say("421 4.3.2 not available"))).await;
    let tocsin = Tocsin::start_with(|config| config.check_every = SignedDuration::from_millis(100)).await;
    let account = tocsin.account("nas@example.com", &server).await;
    tocsin.rule(&[account]).await;
    tocsin.report("error", "x").await;
    let failing = tocsin
        .when_account(account, |account| account.pause.is_some())
        .await;
    assert!(!failing.authorization.needs_somebody());
    assert_eq!(
        tocsin.in_state(State::Held).await.unwrap().len(),
        0,
        "an outage holds nothing: it is waited for"
    );

    server.change(|_| Script::plain());
    server.mails(1).await;
    let back = tocsin
        .when_account(account, |account| account.pause.is_none())
        .await;
    assert_eq!(back.authorization, Authorization::Authorized);
}

#[tokio::test]
async fn the_sentinel_notices_a_lost_authorization_before_any_event_and_tells_by_another_account() {
    let lost_server = Scripted::start(Script::plain().knowing_nobody()).await;
    let other_server = Scripted::start(Script::plain()).await;
    let tocsin = Tocsin::start_with(|config| config.check_every = SignedDuration::from_millis(100)).await;
    tocsin.account("other@example.com", &other_server).await;
    let account = tocsin.account("nas@example.com", &lost_server).await;
    tocsin.check_now(account).await;

    tocsin
        .when_account(account, |account| lost(&account.authorization))
        .await;

    let warning = other_server.mails(1).await.remove(0);
    assert_eq!(warning.from, "other@example.com");
    assert!(
        warning.to.contains(&"owner@example.org".to_owned()),
        "the owner is told"
    );
    assert!(
        warning.to.contains(&"nas@example.com".to_owned()),
        "the account's own address is told"
    );
    assert!(
        warning
            .data
            .contains("Authorization has expired. Reauthorize the account."),
        "{}",
        warning.data
    );
    tocsin.when(State::Sent, 1).await;
    assert_eq!(other_server.record().mails.len(), 1, "once per outage");
}

#[tokio::test]
async fn a_warning_that_nobody_can_carry_waits_until_somebody_can() {
    let lost_server = Scripted::start(Script::plain().knowing_nobody()).await;
    let tocsin = Tocsin::start().await;
    let account = tocsin.account("nas@example.com", &lost_server).await;
    tocsin.check_now(account).await;
    tocsin
        .when_account(account, |account| lost(&account.authorization))
        .await;
    tocsin.when(State::Held, 1).await;

    let other_server = Scripted::start(Script::plain()).await;
    tocsin.account("other@example.com", &other_server).await;
    assert_eq!(other_server.mails(1).await[0].from, "other@example.com");
}
