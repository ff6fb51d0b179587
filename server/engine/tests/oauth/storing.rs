//! Rotated refresh tokens: stored before anything is done with what came beside them.

use crate::endpoint::{Reply, tokens};
use crate::world::{ACCOUNT, World, grant};
use jiff::Timestamp;
use secrecy::ExposeSecret as _;
use std::sync::Arc;
use tocsin_engine::oauth::{Revocation, TokenError};
use tokio::sync::Notify;

/// How many replaced grants there are without secrets.
const ERASED: &str = "SELECT COUNT(*) FROM grants WHERE replaced_at IS NOT NULL \
                      AND length(refresh_token) = 0 AND access_token IS NULL";

#[tokio::test]
async fn a_rotated_refresh_token_survives_a_restart_and_is_the_one_used_next() {
    let world = World::with_grant().await;
    world.endpoint.will_give(2);
    world.oauth.access_token(ACCOUNT).await.unwrap();

    let restarted = world.restarted();
    let token = restarted.access_token(ACCOUNT).await.unwrap();
    assert_eq!(token.expose_secret(), "access-2", "the stored one serves");
    world.endpoint.will_give(3);
    restarted.refresh_now(ACCOUNT).await.unwrap();
    let used: Vec<_> = world
        .endpoint
        .asked()
        .iter()
        .map(|asked| asked["refresh_token"].clone())
        .collect();
    assert_eq!(used, ["refresh-1", "refresh-2"]);
}

#[tokio::test]
async fn what_cannot_be_stored_is_not_used_but_kept_and_stored_later() {
    let world = World::with_grant().await;
    world
        .sql("CREATE TRIGGER full BEFORE UPDATE ON grants BEGIN SELECT RAISE(ABORT, 'no space left'); END")
        .await;
    world.endpoint.will_give(2);
    for _ in 0..3 {
        let error = world.oauth.access_token(ACCOUNT).await.unwrap_err();
        assert!(matches!(error, TokenError::Local(_)), "{error:?}");
    }
    assert_eq!(
        world.endpoint.asked().len(),
        1,
        "the old token was not used twice"
    );

    world.sql("DROP TRIGGER full").await;
    let token = world.oauth.access_token(ACCOUNT).await.unwrap();
    assert_eq!(token.expose_secret(), "access-2");
    assert_eq!(world.endpoint.asked().len(), 1);
    world.endpoint.will_give(3);
    world.restarted().refresh_now(ACCOUNT).await.unwrap();
    assert_eq!(world.endpoint.asked()[1]["refresh_token"], "refresh-2");
}

#[tokio::test]
async fn a_caller_who_gives_up_does_not_lose_the_rotated_token() {
    let world = World::with_grant().await;
    let gate = Arc::new(Notify::new());
    world
        .endpoint
        .will(Reply::Gated(Arc::clone(&gate), 200, tokens(2)));
    tokio::select! {
        _ = world.oauth.access_token(ACCOUNT) => panic!("the gate is closed"),
        () = world.endpoint.arrived() => {}
    }
    gate.notify_one();
    let token = world.oauth.access_token(ACCOUNT).await.unwrap();
    assert_eq!(token.expose_secret(), "access-2");
    assert_eq!(world.endpoint.asked().len(), 1);
}

#[tokio::test]
async fn a_replaced_grant_loses_its_secrets_and_its_access_token_is_not_given_again() {
    let world = World::new().await;
    world.insert(&grant(1, Timestamp::MAX)).await;
    world.oauth.access_token(ACCOUNT).await.unwrap();
    world.insert(&grant(2, Timestamp::MAX)).await;

    let token = world.oauth.access_token(ACCOUNT).await.unwrap();
    assert_eq!(token.expose_secret(), "access-2");
    assert_eq!(world.count(ERASED).await, 1);
    let current = world.oauth.current_grant(ACCOUNT).await.unwrap().unwrap();
    assert_eq!(current.scopes, ["https://mail.google.com/"]);
}

#[tokio::test]
async fn a_refresh_that_ends_after_its_grant_was_replaced_changes_nothing() {
    let world = World::with_grant().await;
    let gate = Arc::new(Notify::new());
    world
        .endpoint
        .will(Reply::Gated(Arc::clone(&gate), 200, tokens(2)));
    let (_, ()) = tokio::join!(world.oauth.access_token(ACCOUNT), async {
        world.endpoint.arrived().await;
        world.insert(&grant(5, Timestamp::MAX)).await;
        gate.notify_one();
    });
    let token = world.oauth.access_token(ACCOUNT).await.unwrap();
    assert_eq!(token.expose_secret(), "access-5");
    assert_eq!(world.count(ERASED).await, 1);
    world.endpoint.will_give(6);
    world.oauth.refresh_now(ACCOUNT).await.unwrap();
    assert_eq!(world.endpoint.asked()[1]["refresh_token"], "refresh-5");
}

#[tokio::test]
async fn a_grant_is_revoked_by_its_refresh_token() {
    let world = World::with_grant().await;
    world.endpoint.will(Reply::Json(200, serde_json::json!({})));
    assert_eq!(world.oauth.revoke(ACCOUNT).await.unwrap(), Revocation::Done);
    assert_eq!(world.endpoint.asked()[0]["token"], "refresh-1");
    world.endpoint.will(Reply::Page(500));
    assert!(matches!(
        world.oauth.revoke(ACCOUNT).await.unwrap(),
        Revocation::Failed(_)
    ));
}
