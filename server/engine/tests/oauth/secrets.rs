//! No secret is where it could be read.

use crate::endpoint::Reply;
use crate::world::{ACCOUNT, CLIENT_SECRET, World, code, grant, session};
use jiff::Timestamp;
use serde_json::json;

#[tokio::test]
async fn an_endpoint_that_repeats_secrets_gets_none_into_an_error() {
    let world = World::with_grant().await;
    let echo = |secret: &str| {
        let words = format!("bad {secret} or {CLIENT_SECRET}");
        Reply::Json(
            401,
            json!({ "error": "invalid_client", "error_description": words }),
        )
    };
    world.endpoint.will(echo("refresh-1"));
    let refreshing = world.oauth.access_token(ACCOUNT).await.unwrap_err();
    let page = world.begin().await;
    world.endpoint.will(echo("code-canary"));
    let signing_in = world
        .oauth
        .finish(&page["state"], code(), &session())
        .await
        .unwrap_err();
    let application = world.oauth.applications().list().await.unwrap();
    for shown in [
        format!("{refreshing} {refreshing:?}"),
        format!("{signing_in} {signing_in:?}"),
        format!("{application:?}"),
    ] {
        assert!(shown.contains("[hidden] or [hidden]"), "{shown}");
        for secret in ["refresh-1", "code-canary", CLIENT_SECRET] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }
}

#[tokio::test]
async fn debug_shows_no_secret() {
    let world = World::new().await;
    let page = world.begin().await;
    let granted = world.finish(&page, |_| ()).await.unwrap();
    let shown = format!("{granted:?} {:?} {:?} {:?}", world.oauth, code(), session());
    for secret in ["refresh-1", "access-1", "code-canary", CLIENT_SECRET] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

#[tokio::test]
async fn the_database_holds_no_secret_in_the_clear() {
    let world = World::new().await;
    let page = world.begin().await;
    world.insert(&grant(1, Timestamp::MAX)).await;
    let finished = world.begin().await;
    world.finish(&finished, |_| ()).await.unwrap();
    let verifier = world.endpoint.asked()[0]["code_verifier"].clone();

    let mut files = Vec::new();
    for file in std::fs::read_dir(world.folder.path()).unwrap() {
        files.extend(std::fs::read(file.unwrap().path()).unwrap());
    }
    let holds = |text: &str| files.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(holds("tocsin-client"), "the search finds what is in the clear");
    for secret in [&page["state"], &verifier, "refresh-1", "access-1", CLIENT_SECRET] {
        assert!(!holds(secret), "{secret}");
    }
}
