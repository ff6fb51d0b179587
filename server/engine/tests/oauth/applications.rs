//! An OAuth application's health is its own.

use crate::endpoint::Reply;
use crate::world::{ACCOUNT, World, application, code, gmail, session};
use secrecy::SecretString;
use serde_json::json;
use std::sync::Arc;
use tocsin_domain::authorization::Refusal;
use tocsin_domain::failure::FailureClass;
use tocsin_engine::oauth::{OAuthError, TokenError};
use tocsin_engine::oauth_applications::{ClientSecretState, OAuthApplicationError};
use tokio::sync::Notify;

async fn refusal(world: &World) -> Option<Refusal> {
    let application = world.oauth.applications().get(&gmail()).await.unwrap();
    application.unwrap().refusal
}

#[tokio::test]
async fn a_refused_application_is_one_incident_that_a_success_ends() {
    let world = World::with_grant().await;
    world.endpoint.will_refuse(401, "invalid_client");
    let error = world.oauth.access_token(ACCOUNT).await.unwrap_err();
    assert!(matches!(error, TokenError::Application(_)), "{error:?}");
    assert_eq!(error.verdict().class, FailureClass::Configuration);
    assert!(error.verdict().concerns_application());
    let first = refusal(&world).await.unwrap();
    assert_eq!(first.words, "invalid_client");

    world.endpoint.will_refuse(401, "unauthorized_client");
    world.oauth.access_token(ACCOUNT).await.unwrap_err();
    assert_eq!(refusal(&world).await, Some(first), "the first time counts");

    world.endpoint.will_give(2);
    world.oauth.access_token(ACCOUNT).await.unwrap();
    assert_eq!(refusal(&world).await, None);
}

#[tokio::test]
async fn accounts_that_are_refused_at_the_same_time_are_one_incident() {
    let world = World::with_grant().await;
    let other = world.second_account().await;
    let ask = async |account, error: &str| {
        let gate = Arc::new(Notify::new());
        let body = json!({ "error": error });
        world.endpoint.will(Reply::Gated(Arc::clone(&gate), 401, body));
        let oauth = world.oauth.clone();
        let answer = tokio::spawn(async move { oauth.access_token(account).await });
        world.endpoint.arrived().await;
        (gate, answer)
    };
    let (first_gate, first) = ask(ACCOUNT, "invalid_client").await;
    let (second_gate, second) = ask(other, "unauthorized_client").await;
    first_gate.notify_one();
    first.await.unwrap().unwrap_err();
    second_gate.notify_one();
    second.await.unwrap().unwrap_err();
    assert_eq!(refusal(&world).await.unwrap().words, "invalid_client");
}

#[tokio::test]
async fn a_wrong_secret_is_found_at_sign_in_and_forgotten_when_saved_anew() {
    let world = World::new().await;
    let page = world.begin().await;
    world.endpoint.will_refuse(401, "invalid_client");
    let error = world
        .oauth
        .finish(&page["state"], code(), &session())
        .await
        .unwrap_err();
    assert!(matches!(error, OAuthError::Application(_)), "{error:?}");
    assert!(error.to_string().contains("Settings"), "{error}");
    assert!(refusal(&world).await.is_some());

    let right = SecretString::from("right");
    let applications = world.oauth.applications();
    applications
        .save(&gmail(), &application("tocsin-client", Some(&right)))
        .await
        .unwrap();
    assert_eq!(refusal(&world).await, None);
}

#[tokio::test]
async fn a_secret_stays_as_long_as_its_client_id_does() {
    let world = World::new().await;
    let applications = world.oauth.applications();
    applications
        .save(&gmail(), &application(" tocsin-client ", None))
        .await
        .unwrap();
    let secret = async || applications.get(&gmail()).await.unwrap().unwrap().secret;
    assert_eq!(secret().await, ClientSecretState::Set);
    applications
        .save(&gmail(), &application("another-client", None))
        .await
        .unwrap();
    assert_eq!(secret().await, ClientSecretState::None);
    let empty = applications.save(&gmail(), &application("", None)).await;
    assert!(matches!(empty, Err(OAuthApplicationError::ClientId(_))));
}

#[tokio::test]
async fn without_its_application_an_account_waits_for_configuration() {
    let world = World::with_grant().await;
    assert!(world.oauth.applications().delete(&gmail()).await.unwrap());
    assert!(!world.oauth.applications().delete(&gmail()).await.unwrap());
    let error = world.oauth.access_token(ACCOUNT).await.unwrap_err();
    assert!(matches!(&error, TokenError::NoApplication(name) if name == "Gmail"));
    assert_eq!(error.verdict().class, FailureClass::Configuration);
    assert!(world.oauth.applications().list().await.unwrap().is_empty());
}
