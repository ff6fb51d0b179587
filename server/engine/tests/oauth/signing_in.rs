//! The way to the provider's sign-in page and back.

use crate::endpoint::Reply;
use crate::world::{ACCOUNT, World, application, code, gmail, id_token, session};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::ExposeSecret as _;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use tocsin_domain::provider::ProviderKey;
use tocsin_engine::oauth::{OAuthError, Purpose, Returned, SessionHash};

#[tokio::test]
async fn the_sign_in_page_is_asked_for_a_lasting_grant_with_pkce_and_a_state() {
    let world = World::new().await;
    let page = world.begin().await;
    for (name, value) in [
        ("response_type", "code"),
        ("client_id", "tocsin-client"),
        ("redirect_uri", "http://localhost:8725/oauth/callback"),
        ("scope", "https://mail.google.com/ openid email"),
        ("code_challenge_method", "S256"),
        ("access_type", "offline"),
        ("prompt", "consent"),
    ] {
        assert_eq!(page[name], value, "{name}");
    }
    let state = URL_SAFE_NO_PAD.decode(&page["state"]).unwrap();
    assert_eq!(state.len(), 32, "256 bits");
    assert_ne!(page["state"], world.begin().await["state"]);
}

#[tokio::test]
async fn microsoft_is_told_whom_to_expect_or_to_ask() {
    let world = World::new().await;
    let outlook = ProviderKey::new("outlook");
    world
        .oauth
        .applications()
        .save(&outlook, &application("tocsin-client", None))
        .await
        .unwrap();
    let url = world
        .begin_at(&outlook, Purpose::Reauthorize(ACCOUNT))
        .await
        .unwrap();
    assert!(url.as_str().contains("prompt=select_account"), "{url}");
    assert!(url.as_str().contains("offline_access"), "{url}");
}

#[tokio::test]
async fn a_sign_in_brings_the_grant_and_the_mailbox_and_stores_neither() {
    let world = World::new().await;
    let page = world.begin().await;
    let granted = world
        .finish(&page, |answer| {
            answer["refresh_token_expires_in"] = json!(604_800);
        })
        .await
        .unwrap();

    assert_eq!(granted.address.as_str(), "nas@gmail.com");
    assert!(matches!(granted.purpose, Purpose::Add(_)));
    assert_eq!(granted.grant.refresh_token.expose_secret(), "refresh-1");
    let life = granted
        .grant
        .ends_at
        .unwrap()
        .duration_since(granted.grant.granted_at);
    assert!((604_000..=604_800).contains(&life.as_secs()), "{life}");
    assert_eq!(world.count("SELECT COUNT(*) FROM grants").await, 0);

    let asked = &world.endpoint.asked()[0];
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(&asked["code_verifier"]));
    assert_eq!(challenge, page["code_challenge"]);
    assert_eq!(asked["code"], "code-canary");
    assert_eq!(asked["redirect_uri"], page["redirect_uri"]);
    assert_eq!(asked["client_secret"], crate::world::CLIENT_SECRET);
}

#[tokio::test]
async fn a_sign_in_is_finished_although_tocsin_was_restarted_meanwhile() {
    let world = World::new().await;
    let page = world.begin().await;
    let mut answer = crate::endpoint::tokens(1);
    answer["id_token"] = id_token(&page["nonce"]).into();
    world.endpoint.will(Reply::Json(200, answer));
    let restarted = world.restarted();
    restarted
        .finish(&page["state"], code(), &session())
        .await
        .unwrap();
}

#[tokio::test]
async fn a_state_serves_once() {
    let world = World::new().await;
    let page = world.begin().await;
    world.finish(&page, |_| ()).await.unwrap();
    let again = world.oauth.finish(&page["state"], code(), &session()).await;
    assert!(matches!(again, Err(OAuthError::Used)), "{again:?}");
    assert_eq!(world.endpoint.asked().len(), 1, "the code was not sent again");
}

#[tokio::test]
async fn a_state_serves_only_the_session_that_began_and_is_used_up_by_another() {
    let world = World::new().await;
    let page = world.begin().await;
    let other = SessionHash::of("somebody else's session");
    let foreign = world.oauth.finish(&page["state"], code(), &other).await;
    assert!(matches!(foreign, Err(OAuthError::OtherSession)), "{foreign:?}");
    let own = world.oauth.finish(&page["state"], code(), &session()).await;
    assert!(matches!(own, Err(OAuthError::Used)), "{own:?}");
    assert!(world.endpoint.asked().is_empty());
}

#[tokio::test]
async fn a_stale_state_is_told_from_one_that_never_was() {
    let world = World::new().await;
    let page = world.begin().await;
    world
        .sql("UPDATE oauth_flows SET expires_at = expires_at - 600001")
        .await;
    let late = world.oauth.finish(&page["state"], code(), &session()).await;
    assert!(matches!(late, Err(OAuthError::Expired)), "{late:?}");
    let never = world.oauth.finish("made-up", code(), &session()).await;
    assert!(matches!(never, Err(OAuthError::UnknownState)), "{never:?}");
}

#[tokio::test]
async fn a_consent_that_is_denied_and_an_application_that_is_refused_are_told_apart() {
    let world = World::new().await;
    let back = async |error: &str| {
        let returned = Returned::Error {
            error: error.into(),
            description: "AADSTS70011: no.\r\nTrace ID: 1".into(),
        };
        let page = world.begin().await;
        world
            .oauth
            .finish(&page["state"], returned, &session())
            .await
            .unwrap_err()
    };
    assert!(matches!(back("access_denied").await, OAuthError::ConsentDenied));
    let refused = back("unauthorized_client").await;
    assert!(matches!(refused, OAuthError::Application(_)), "{refused:?}");
    assert!(!refused.to_string().contains('\n'), "{refused}");
    assert!(matches!(
        back("temporarily_unavailable").await,
        OAuthError::Temporary(_)
    ));
}

#[tokio::test]
async fn a_grant_that_does_not_suffice_is_refused_with_the_reason() {
    let world = World::new().await;
    let page = world.begin().await;
    let less = world
        .finish(&page, |answer| answer["scope"] = "openid email".into())
        .await;
    assert!(
        matches!(&less, Err(OAuthError::ScopesMissing(missing)) if missing == &["https://mail.google.com/"]),
        "{less:?}"
    );
    let page = world.begin().await;
    let short = world
        .finish(&page, |answer| answer["refresh_token"] = json!(null))
        .await;
    assert!(matches!(short, Err(OAuthError::NoRefreshToken)), "{short:?}");
    assert_eq!(world.count("SELECT COUNT(*) FROM grants").await, 0);
}

#[tokio::test]
async fn an_id_token_of_another_sign_in_is_refused() {
    let world = World::new().await;
    let page = world.begin().await;
    let other = world
        .finish(&page, |answer| answer["id_token"] = id_token("another").into())
        .await;
    assert!(matches!(other, Err(OAuthError::NoIdentity(_))), "{other:?}");
}

#[tokio::test]
async fn a_code_that_the_provider_refuses_and_an_answer_that_is_no_answer_change_nothing() {
    let world = World::new().await;
    let finish = async |reply: Reply| {
        let page = world.begin().await;
        world.endpoint.will(reply);
        world
            .oauth
            .finish(&page["state"], code(), &session())
            .await
            .unwrap_err()
    };
    let refused = finish(Reply::Json(400, json!({ "error": "invalid_grant" }))).await;
    assert!(matches!(refused, OAuthError::Refused(_)), "{refused:?}");
    let page = finish(Reply::Page(200)).await;
    assert!(matches!(page, OAuthError::Temporary(_)), "{page:?}");
    let silence = finish(Reply::Silence).await;
    assert!(matches!(silence, OAuthError::Temporary(_)), "{silence:?}");
    assert_eq!(world.count("SELECT COUNT(*) FROM grants").await, 0);
    let application = world.oauth.applications().get(&gmail()).await.unwrap().unwrap();
    assert_eq!(application.refusal, None);
}

#[tokio::test]
async fn without_an_application_nothing_is_begun() {
    let world = World::new().await;
    let outlook = ProviderKey::new("outlook");
    let begun = world.begin_at(&outlook, Purpose::Reauthorize(ACCOUNT)).await;
    assert!(matches!(begun, Err(OAuthError::NoApplication(name)) if name == "Outlook.com"));
    let yahoo = ProviderKey::new("yahoo");
    let begun = world.begin_at(&yahoo, Purpose::Reauthorize(ACCOUNT)).await;
    assert!(matches!(begun, Err(OAuthError::NotOffered(_))), "{begun:?}");
}
