//! Whether a provider takes an OAuth application, asked before anybody signs in.

use crate::endpoint::Reply;
use crate::world::{World, application, gmail};
use serde_json::json;
use tocsin_domain::provider::ProviderKey;
use tocsin_engine::oauth::{OAuthError, Probed, Unprobed};

#[tokio::test]
async fn a_provider_that_refuses_the_made_up_token_takes_the_application() {
    let world = World::new().await;
    world.endpoint.will_refuse(400, "invalid_grant");
    assert_eq!(world.oauth.probe(&gmail()).await.unwrap(), Probed::Accepted);
    let asked = &world.endpoint.asked()[0];
    assert_eq!(asked["grant_type"], "refresh_token");
    assert_eq!(asked["client_secret"], crate::world::CLIENT_SECRET);
}

#[tokio::test]
async fn of_microsoft_only_the_client_id_is_certain() {
    let world = World::new().await;
    let outlook = ProviderKey::new("outlook");
    let applications = world.oauth.applications();
    applications
        .save(&outlook, &application("tocsin-client", None))
        .await
        .unwrap();
    world.endpoint.will_refuse(400, "invalid_grant");
    assert_eq!(world.oauth.probe(&outlook).await.unwrap(), Probed::Known);
}

#[tokio::test]
async fn a_refused_application_is_an_incident_that_a_later_probe_ends() {
    let world = World::new().await;
    let refusal = async || {
        let found = world.oauth.applications().get(&gmail()).await.unwrap();
        found.unwrap().refusal
    };
    world.endpoint.will_refuse(401, "invalid_client");
    let probed = world.oauth.probe(&gmail()).await.unwrap();
    assert!(matches!(probed, Probed::Refused(_)), "{probed:?}");
    assert!(refusal().await.is_some());
    world.endpoint.will_refuse(400, "invalid_grant");
    world.oauth.probe(&gmail()).await.unwrap();
    assert!(refusal().await.is_none());
}

#[tokio::test]
async fn what_says_nothing_of_the_application_is_no_verdict() {
    let world = World::new().await;
    for reply in [
        Reply::Page(200),
        Reply::Page(502),
        Reply::Silence,
        Reply::Json(200, json!({})),
    ] {
        world.endpoint.will(reply);
        let probed = world.oauth.probe(&gmail()).await.unwrap();
        assert!(
            matches!(probed, Probed::Unsure(Unprobed::NoAnswer(_))),
            "{probed:?}"
        );
    }
    world.endpoint.will_refuse(400, "invalid_request");
    let probed = world.oauth.probe(&gmail()).await.unwrap();
    assert!(
        matches!(probed, Probed::Unsure(Unprobed::Unclear(_))),
        "{probed:?}"
    );
    let outlook = ProviderKey::new("outlook");
    let none = world.oauth.probe(&outlook).await;
    assert!(matches!(none, Err(OAuthError::NoApplication(_))), "{none:?}");
}

#[tokio::test]
async fn a_secret_that_microsoft_does_not_take_is_left_out_the_second_time() {
    let world = World::with_grant().await;
    let words = "AADSTS700025: Client is public so neither 'client_assertion' nor 'client_secret' should be presented.";
    let refusal = json!({ "error": "invalid_client", "error_description": words });
    world.endpoint.will(Reply::Json(401, refusal));
    world.endpoint.will_give(2);
    world.oauth.access_token(crate::world::ACCOUNT).await.unwrap();
    let asked = world.endpoint.asked();
    assert!(asked[0].contains_key("client_secret"));
    assert!(!asked[1].contains_key("client_secret"));
}

#[tokio::test]
async fn the_noted_end_of_a_secret_is_an_end_of_each_account_on_it() {
    let world = World::with_grant().await;
    let ends = jiff::Timestamp::from_second(1_900_000_000).unwrap();
    let mut settings = application("tocsin-client", None);
    settings.secret_ends_at = Some(ends);
    world
        .oauth
        .applications()
        .save(&gmail(), &settings)
        .await
        .unwrap();
    let known = world.oauth.known_end(crate::world::ACCOUNT).await.unwrap();
    assert_eq!(known.map(|end| end.at), Some(ends));
}
