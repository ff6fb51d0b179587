use crate::support::{Tocsin, report};
use tocsin_domain::id::TokenId;
use tocsin_engine::smtp::scripted::{Script, Scripted};
use tocsin_engine::store::IdempotencyKey;
use tocsin_engine::{AcceptError, Novelty};

fn key(body: &str) -> IdempotencyKey {
    IdempotencyKey {
        token: TokenId::new(1),
        key: "nightly".into(),
        body_hash: body.into(),
    }
}

#[tokio::test]
async fn an_event_without_a_rule_is_kept_and_makes_no_notification() {
    let tocsin = Tocsin::start().await;
    let accepted = tocsin
        .engine
        .accept(vec![report("error", "Disk 2 failed")], None)
        .await
        .unwrap();
    let event = tocsin.engine.store.event(accepted.events[0]).await.unwrap();
    assert_eq!(event.report.text, "Disk 2 failed");
    assert!(tocsin.all().await.is_empty());
}

#[tokio::test]
async fn a_repeated_request_makes_no_second_event() {
    let tocsin = Tocsin::start().await;
    let first = tocsin
        .engine
        .accept(vec![report("error", "x")], Some(key("body")))
        .await
        .unwrap();
    let second = tocsin
        .engine
        .accept(vec![report("error", "x")], Some(key("body")))
        .await
        .unwrap();
    assert_eq!((first.novelty, second.novelty), (Novelty::New, Novelty::Repeated));
    assert_eq!(first.events, second.events);
    assert_eq!(tocsin.engine.store.recent_events(10).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_key_for_another_body_is_refused_and_makes_nothing() {
    let tocsin = Tocsin::start().await;
    tocsin
        .engine
        .accept(vec![report("error", "x")], Some(key("one")))
        .await
        .unwrap();
    let refused = tocsin
        .engine
        .accept(vec![report("error", "y")], Some(key("two")))
        .await;
    assert_eq!(refused, Err(AcceptError::KeyReused));
    assert_eq!(tocsin.engine.store.recent_events(10).await.unwrap().len(), 1);
}

#[tokio::test]
async fn many_callers_at_once_are_all_accepted_and_all_delivered_once() {
    let server = Scripted::start(Script::plain()).await;
    let tocsin = Tocsin::start().await;
    let account = tocsin.account("nas@example.com", &server).await;
    tocsin.rule(&[account]).await;
    let callers = (0..64).map(|caller| {
        let engine = tocsin.engine.clone();
        tokio::spawn(async move {
            for number in 0..10 {
                engine
                    .accept(vec![report("warning", &format!("{caller}/{number}"))], None)
                    .await
                    .unwrap();
            }
        })
    });
    for caller in callers.collect::<Vec<_>>() {
        caller.await.unwrap();
    }
    server.mails(640).await;
    tocsin.when(tocsin_domain::notification::State::Sent, 640).await;
    let deliveries = server.record().deliveries();
    assert_eq!(deliveries.len(), 640);
    assert!(deliveries.values().all(|times| *times == 1));
}
