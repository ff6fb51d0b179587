//! Access tokens: which one is given, and what a refusal or an outage means.

use crate::endpoint::{Reply, tokens};
use crate::world::{ACCOUNT, World, grant};
use futures::future::join_all;
use jiff::Timestamp;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;
use std::sync::Arc;
use tocsin_domain::failure::{FailureClass, Meaning};
use tocsin_engine::oauth::TokenError;
use tokio::sync::Notify;

fn text(token: &Result<SecretString, TokenError>) -> &str {
    token.as_ref().unwrap().expose_secret()
}

#[tokio::test]
async fn a_token_at_hand_is_used_until_shortly_before_its_end() {
    let world = World::new().await;
    world.insert(&grant(1, Timestamp::MAX)).await;
    assert_eq!(text(&world.oauth.access_token(ACCOUNT).await), "access-1");
    assert!(world.endpoint.asked().is_empty());

    world.endpoint.will(Reply::Json(
        200,
        json!({ "access_token": "short", "token_type": "Bearer", "expires_in": 0 }),
    ));
    world.endpoint.will_give(3);
    assert_eq!(text(&world.oauth.refresh_now(ACCOUNT).await), "short");
    assert_eq!(text(&world.oauth.access_token(ACCOUNT).await), "access-3");
    assert_eq!(text(&world.oauth.access_token(ACCOUNT).await), "access-3");
    assert_eq!(world.endpoint.asked().len(), 2);
}

#[tokio::test]
async fn fifty_senders_cause_one_refresh() {
    let world = World::with_grant().await;
    let gate = Arc::new(Notify::new());
    world
        .endpoint
        .will(Reply::Gated(Arc::clone(&gate), 200, tokens(2)));
    let callers = join_all((0..50).map(|_| world.oauth.access_token(ACCOUNT)));
    let (given, ()) = tokio::join!(callers, async {
        world.endpoint.arrived().await;
        gate.notify_one();
    });
    assert!(given.iter().all(|token| text(token) == "access-2"));
    let asked = world.endpoint.asked();
    assert_eq!(asked.len(), 1);
    assert_eq!(
        (
            asked[0]["grant_type"].as_str(),
            asked[0]["refresh_token"].as_str()
        ),
        ("refresh_token", "refresh-1")
    );
}

#[tokio::test]
async fn fifty_senders_share_one_refusal() {
    let world = World::with_grant().await;
    let gate = Arc::new(Notify::new());
    let body = json!({ "error": "invalid_grant" });
    world.endpoint.will(Reply::Gated(Arc::clone(&gate), 400, body));
    let callers = join_all((0..50).map(|_| world.oauth.refresh_now(ACCOUNT)));
    let (given, ()) = tokio::join!(callers, async {
        world.endpoint.arrived().await;
        gate.notify_one();
    });
    assert!(
        given
            .iter()
            .all(|token| matches!(token, Err(TokenError::Refused(_))))
    );
    assert_eq!(world.endpoint.asked().len(), 1);
}

#[tokio::test]
async fn forced_refreshes_at_the_same_time_share_one() {
    let world = World::new().await;
    world.insert(&grant(1, Timestamp::MAX)).await;
    world.endpoint.will_give(2);
    let (one, two) = tokio::join!(world.oauth.refresh_now(ACCOUNT), world.oauth.refresh_now(ACCOUNT));
    assert_eq!((text(&one), text(&two)), ("access-2", "access-2"));
    assert_eq!(world.endpoint.asked().len(), 1);
}

#[tokio::test]
async fn accounts_do_not_wait_for_each_other() {
    let world = World::with_grant().await;
    let other = world.second_account().await;
    let gate = Arc::new(Notify::new());
    world
        .endpoint
        .will(Reply::Gated(Arc::clone(&gate), 200, tokens(2)));
    world.endpoint.will_give(9);
    let (slow, quick) = tokio::join!(world.oauth.access_token(ACCOUNT), async {
        world.endpoint.arrived().await;
        let quick = world.oauth.access_token(other).await;
        gate.notify_one();
        quick
    });
    assert_eq!((text(&slow), text(&quick)), ("access-2", "access-9"));
}

#[tokio::test]
async fn a_dead_grant_is_proof_that_somebody_must_sign_in() {
    let world = World::with_grant().await;
    world.endpoint.will_refuse(400, "invalid_grant");
    let error = world.oauth.access_token(ACCOUNT).await.unwrap_err();
    assert!(matches!(error, TokenError::Refused(_)), "{error:?}");
    assert_eq!(error.verdict().class, FailureClass::Reauthorize);
    assert!(error.verdict().is_proof());
    assert_eq!(error.words(), "invalid_grant");
}

#[tokio::test]
async fn an_outage_of_any_kind_is_temporary_and_the_next_try_succeeds() {
    let world = World::with_grant().await;
    let replies = [
        Reply::Page(200),
        Reply::Redirect,
        Reply::Flood,
        Reply::Page(502),
        Reply::Json(503, json!({ "error": "invalid_grant" })),
        Reply::Json(429, json!({ "error": "rate_limit_exceeded" })),
        Reply::Json(200, json!({})),
    ];
    for (count, reply) in replies.into_iter().enumerate() {
        world.endpoint.will(reply);
        let error = world.oauth.access_token(ACCOUNT).await.unwrap_err();
        assert!(matches!(error, TokenError::Temporary(_)), "{error:?}");
        assert_eq!(error.verdict().class, FailureClass::Temporary, "{error}");
        assert_eq!(
            world.endpoint.asked().len(),
            count + 1,
            "asked once, and followed nowhere"
        );
    }
    world.endpoint.will_give(2);
    assert_eq!(text(&world.oauth.access_token(ACCOUNT).await), "access-2");
}

#[tokio::test]
async fn an_endpoint_that_says_nothing_is_given_up_after_a_while() {
    let world = World::with_grant().await;
    world.endpoint.will(Reply::Silence);
    let error = world.oauth.access_token(ACCOUNT).await.unwrap_err();
    assert_eq!(error.verdict().meaning, Meaning::TimedOut, "{error}");
}

#[tokio::test]
async fn an_endpoint_that_nobody_answers_at_is_an_outage() {
    let world = World::with_grant().await;
    let presets =
        "[gmail]\noauth = { authorize = \"http://127.0.0.1:1/\", token = \"http://127.0.0.1:1/\" }\n";
    std::fs::write(world.folder.path().join("providers.toml"), presets).unwrap();
    let error = world.restarted().access_token(ACCOUNT).await.unwrap_err();
    assert_eq!(error.verdict().meaning, Meaning::ConnectionRefused, "{error}");
}

#[tokio::test]
async fn an_account_without_a_grant_needs_somebody_and_asks_nobody() {
    let world = World::new().await;
    let error = world.oauth.access_token(ACCOUNT).await.unwrap_err();
    assert!(matches!(error, TokenError::NoGrant));
    assert_eq!(error.verdict().class, FailureClass::Reauthorize);
    assert!(world.endpoint.asked().is_empty());
}
