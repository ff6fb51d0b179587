//! The webhook: what it is told, how it knows who tells, and what happens when it does not take it.

use crate::receiver::Receiver;
use crate::support::{Tocsin, admin};
use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret as _, SecretString};
use tocsin_domain::told::Kind;
use tocsin_domain::webhook::{Answer, CallState};
use tocsin_engine::smtp::scripted::{Script, Scripted};
use tocsin_engine::webhook::{WebhookError, signature};

/// A webhook that answers with a status and words, and the secret that it knows Tocsin by.
async fn with_webhook(status: u16, words: &str) -> (Tocsin, Receiver, SecretString) {
    let receiver = Receiver::start(status, words).await;
    let tocsin = Tocsin::start().await;
    let secret = tocsin.engine.set_webhook(&receiver.url, &admin()).await;
    (tocsin, receiver, secret.unwrap().unwrap())
}

async fn lose(tocsin: &Tocsin) {
    let server = Scripted::start(Script::plain().knowing_nobody()).await;
    tocsin.lost_account("nas@example.com", &server).await;
}

/// Computes the signature as a receiver does, and looks at the time in it.
fn is_signed(received: &crate::receiver::Received, secret: &SecretString) -> bool {
    let header = received.header("tocsin-signature");
    let seconds = header
        .strip_prefix("t=")
        .and_then(|rest| rest.split(',').next())
        .unwrap()
        .parse()
        .unwrap();
    let at = Timestamp::from_second(seconds).unwrap();
    Timestamp::now().duration_since(at).abs() < SignedDuration::from_mins(1)
        && header == signature(secret, at, &received.body)
}

#[tokio::test]
async fn it_is_told_of_a_lost_authorization_although_no_mail_can_be_carried() {
    let (tocsin, receiver, secret) = with_webhook(204, "").await;
    lose(&tocsin).await;

    let call = receiver.requests(1).await.remove(0);

    assert!(is_signed(&call, &secret), "{call:?}");
    assert!(!is_signed(&call, &"another".into()));
    assert_eq!(call.header("tocsin-event"), "expired");
    assert_eq!(call.header("content-type"), "application/json");
    let json = call.json();
    assert_eq!(json["kind"], "expired");
    assert_eq!(json["account"]["address"], "nas@example.com");
    assert_eq!(json["id"], call.header("tocsin-delivery"));
    assert!(json["meaning"].is_string() && json["since"].is_string(), "{json}");
}

#[tokio::test]
async fn a_call_that_is_refused_is_made_again_with_the_same_id_also_after_a_restart() {
    let (tocsin, receiver, secret) = with_webhook(500, "try later").await;
    lose(&tocsin).await;
    let first = receiver.requests(1).await.remove(0);
    let webhook = loop {
        let webhook = tocsin.engine.webhook().await.unwrap().unwrap();
        if webhook.last.is_some() {
            break webhook;
        }
        tokio::task::yield_now().await;
    };
    let last = webhook.last.unwrap();
    assert_eq!(last.answer, Answer::Failing { status: 500 });
    assert_eq!((last.state, last.kind), (CallState::Waiting, Some(Kind::Expired)));
    assert_eq!(last.words, "try later");

    receiver.answer(200, "ok");
    tocsin.sql("UPDATE webhook_calls SET next_at = 0").await;
    let tocsin = tocsin.restart().await;

    let second = receiver.requests(2).await.remove(1);
    assert_eq!(second.header("tocsin-delivery"), first.header("tocsin-delivery"));
    assert_eq!(second.body, first.body);
    assert!(is_signed(&second, &secret));
    let mut changes = tocsin.engine.live.listen();
    while tocsin.engine.webhook().await.unwrap().unwrap().waiting > 0 {
        let _ = tokio::time::timeout(std::time::Duration::from_millis(200), changes.changed()).await;
    }
}

#[tokio::test]
async fn a_test_says_what_was_answered_and_a_redirect_is_not_followed() {
    let receiver = Receiver::start(200, "thanks").await;
    let tocsin = Tocsin::start().await;
    assert!(matches!(
        tocsin.engine.test_webhook(&admin()).await,
        Err(WebhookError::None)
    ));
    tocsin.engine.set_webhook(&receiver.url, &admin()).await.unwrap();
    let call = tocsin.engine.test_webhook(&admin()).await.unwrap();
    assert_eq!(
        (call.answer, call.words.as_str()),
        (Answer::Accepted { status: 200 }, "thanks")
    );
    assert_eq!(receiver.received()[0].json()["kind"], "test");

    receiver.answer(302, "");
    let call = tocsin.engine.test_webhook(&admin()).await.unwrap();
    assert_eq!(call.answer, Answer::Redirected { status: 302 });
    assert_eq!(receiver.received().len(), 2);
    assert_eq!(
        tocsin.engine.webhook().await.unwrap().unwrap().last.unwrap(),
        call
    );
}

#[tokio::test]
async fn what_is_no_webhook_is_said_in_words_without_the_address() {
    let tocsin = Tocsin::start().await;
    for (address, answer) in [
        ("http://nowhere.invalid/s3cret-path", Answer::NameUnknown),
        ("http://127.0.0.1:1/s3cret-path", Answer::NotConnected),
    ] {
        tocsin.engine.set_webhook(address, &admin()).await.unwrap();
        let call = tocsin.engine.test_webhook(&admin()).await.unwrap();
        assert_eq!(call.answer, answer, "{}", call.words);
        assert!(!call.words.contains("s3cret"), "{}", call.words);
    }
    let log = tocsin.engine.audit_log(20).await.unwrap();
    assert!(log.iter().any(|line| line.subject == "http://127.0.0.1:1"));
    assert!(log.iter().all(|line| !line.subject.contains("s3cret")));
    assert!(!tocsin.stored_bytes().contains("s3cret"), "the address is sealed");
}

#[tokio::test]
async fn the_secret_is_shown_once_sealed_and_replaced() {
    let (tocsin, receiver, first) = with_webhook(200, "").await;
    let again = tocsin.engine.set_webhook(&receiver.url, &admin()).await.unwrap();
    assert!(again.is_none(), "another address keeps the secret");
    let second = tocsin.engine.rotate_webhook_secret(&admin()).await.unwrap();
    tocsin.engine.test_webhook(&admin()).await.unwrap();
    let call = receiver.requests(1).await.remove(0);
    assert!(is_signed(&call, &second) && !is_signed(&call, &first));
    assert!(!tocsin.stored_bytes().contains(second.expose_secret()));

    tocsin.engine.remove_webhook(&admin()).await.unwrap();
    assert_eq!(tocsin.engine.webhook().await.unwrap(), None);
    lose(&tocsin).await;
    assert_eq!(receiver.received().len(), 1, "it is told nothing any more");
}
