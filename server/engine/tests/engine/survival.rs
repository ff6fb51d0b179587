use crate::support::Tocsin;
use tocsin_domain::notification::State;
use tocsin_engine::AcceptError;
use tocsin_engine::smtp::scripted::{Act, Script, Scripted, Step};

#[tokio::test]
async fn what_is_held_survives_a_restart_and_is_still_sent() {
    let server = Scripted::start(Script::plain()).await;
    let tocsin = Tocsin::start().await;
    let rule = tocsin.rule(&[]).await;
    for text in ["a", "b", "c"] {
        tocsin.report("error", text).await;
    }
    let tocsin = tocsin.restart().await;
    assert_eq!(tocsin.when(State::Held, 3).await.len(), 3);
    let account = tocsin.account("nas@example.com", &server).await;
    tocsin.set_senders(rule, &[account]).await;
    assert_eq!(server.mails(3).await.len(), 3);
}

#[tokio::test]
async fn stopping_in_the_middle_of_a_mail_finishes_it_or_gives_it_back() {
    let server = Scripted::start(Script::plain()).await;
    let tocsin = Tocsin::start().await;
    let account = tocsin.account("nas@example.com", &server).await;
    tocsin.rule(&[account]).await;
    for number in 0..200 {
        tocsin.report("error", &format!("{number}")).await;
    }
    let tocsin = tocsin.restart().await;
    tocsin.when(State::Sent, 200).await;
    let deliveries = server.record().deliveries();
    assert_eq!(deliveries.len(), 200);
    assert!(deliveries.values().all(|times| *times == 1), "{deliveries:?}");
}

#[tokio::test]
async fn a_stopped_engine_says_that_it_did_not_accept() {
    let tocsin = Tocsin::start().await;
    let engine = tocsin.engine.clone();
    engine.stop().await;
    let refused = engine
        .accept(vec![crate::support::report("error", "x")], None)
        .await;
    assert_eq!(refused, Err(AcceptError::Stopping));
}

#[tokio::test]
async fn a_full_disk_refuses_events_keeps_results_and_goes_on_when_there_is_space() {
    let server = Scripted::start(Script::plain()).await;
    let tocsin = Tocsin::start().await;
    let account = tocsin.account("nas@example.com", &server).await;
    tocsin.rule(&[account]).await;
    tocsin.report("error", "before").await;
    tocsin.when(State::Sent, 1).await;

    tocsin.fill_the_disk().await;
    let text = "x".repeat(60_000);
    let mut refused = None;
    for _ in 0..50 {
        if let Err(error) = tocsin
            .engine
            .accept(vec![crate::support::report("error", &text)], None)
            .await
        {
            refused = Some(error);
            break;
        }
    }
    assert_eq!(refused, Some(AcceptError::Full));

    tocsin.free_the_disk().await;
    tocsin.report("error", "after").await;
    let accepted = tocsin.engine.store.recent_events(100).await.unwrap().len();
    tocsin.when(State::Sent, accepted).await;
    let deliveries = server.record().deliveries();
    assert_eq!(
        deliveries.len(),
        accepted,
        "all that was accepted, and nothing else"
    );
    assert!(
        deliveries.values().all(|times| *times == 1),
        "a result that could not be written is not a lost one"
    );
}

#[tokio::test]
async fn a_dead_provider_loses_nothing() {
    let server = Scripted::start(Script::plain().always(Step::Greeting, Act::Close)).await;
    let tocsin = Tocsin::start().await;
    let account = tocsin.account("nas@example.com", &server).await;
    tocsin.rule(&[account]).await;
    tocsin.report("error", "x").await;
    tocsin
        .when_account(account, |account| account.pause.is_some())
        .await;
    let tocsin = tocsin.restart().await;
    assert_eq!(tocsin.when(State::Queued, 1).await.len(), 1);
}
