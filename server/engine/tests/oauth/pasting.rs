//! The way in which the reader pastes where the sign-in ended.

use crate::endpoint::Reply;
use crate::world::{ACCOUNT, World, gmail, id_token, session};
use serde_json::json;
use std::collections::HashMap;
use tocsin_engine::oauth::{
    Begin, Granted, OAuthError, PasteError, PasteId, Purpose, SessionHash, loopback_uri,
};

struct Pasted {
    world: World,
    id: PasteId,
    page: HashMap<String, String>,
}

async fn begin(world: &World) -> (PasteId, HashMap<String, String>) {
    let provider = gmail();
    let begin = Begin {
        provider: &provider,
        purpose: Purpose::Reauthorize(ACCOUNT),
        hint: None,
        session: &session(),
        redirect_uri: loopback_uri(tocsin_domain::provider::OAuthFamily::Google),
    };
    let id = world.oauth.begin_paste(begin).await.unwrap();
    let pasting = world.oauth.pasting(&id, &session()).await.unwrap();
    let page = pasting.sign_in_url.query_pairs().into_owned().collect();
    (id, page)
}

impl Pasted {
    async fn new() -> Self {
        let world = World::new().await;
        let (id, page) = begin(&world).await;
        Self { world, id, page }
    }

    async fn paste(&self, text: &str) -> Result<Granted, OAuthError> {
        self.world.oauth.finish_pasted(&self.id, text, &session()).await
    }

    fn end(&self, rest: &str) -> String {
        format!("{}?state={}{rest}", self.page["redirect_uri"], self.page["state"])
    }

    fn will_grant(&self) {
        let mut answer = crate::endpoint::tokens(1);
        answer["id_token"] = id_token(&self.page["nonce"]).into();
        self.world.endpoint.will(Reply::Json(200, answer));
    }
}

#[tokio::test]
async fn what_is_no_end_of_this_sign_in_uses_nothing_up() {
    let pasted = Pasted::new().await;
    let authorize = format!("{}/auth?x=1", pasted.world.endpoint_url());
    for text in [
        "",
        " \n ",
        "https://example.com/?state=s&code=c",
        &authorize,
        "4/0AbCode",
    ] {
        let error = pasted.paste(text).await.unwrap_err();
        assert!(matches!(error, OAuthError::Pasted(_)), "{text}: {error:?}");
        assert!(!error.to_string().is_empty());
    }
    let (_, other) = begin(&pasted.world).await;
    let text = format!("{}?state={}&code=c", other["redirect_uri"], other["state"]);
    let error = pasted.paste(&text).await.unwrap_err();
    assert!(
        matches!(error, OAuthError::Pasted(PasteError::OtherSignIn)),
        "{error:?}"
    );
    pasted.will_grant();
    let granted = pasted.paste(&pasted.end("&code=c")).await.unwrap();
    assert_eq!(granted.purpose, Purpose::Reauthorize(ACCOUNT));
    let asked = pasted.world.endpoint.asked();
    assert_eq!(asked.len(), 1, "only the right one reached the provider");
    assert_eq!(asked[0]["redirect_uri"], pasted.page["redirect_uri"]);
    assert!(!asked[0]["code_verifier"].is_empty());
}

#[tokio::test]
async fn an_end_serves_once() {
    let pasted = Pasted::new().await;
    pasted.will_grant();
    let text = pasted.end("&code=c");
    pasted.paste(&text).await.unwrap();
    let again = pasted.paste(&text).await;
    assert!(matches!(again, Err(OAuthError::Used)), "{again:?}");
    let (other, _) = begin(&pasted.world).await;
    let elsewhere = pasted.world.oauth.finish_pasted(&other, &text, &session()).await;
    assert!(matches!(elsewhere, Err(OAuthError::Used)), "{elsewhere:?}");
}

#[tokio::test]
async fn a_consent_that_was_denied_is_said_as_such() {
    let pasted = Pasted::new().await;
    let denied = pasted.paste(&pasted.end("&error=access_denied")).await;
    assert!(matches!(denied, Err(OAuthError::ConsentDenied)), "{denied:?}");
}

#[tokio::test]
async fn it_is_shown_and_finished_only_by_who_began_and_in_time() {
    let pasted = Pasted::new().await;
    let stranger = SessionHash::of("somebody else");
    let shown = pasted.world.oauth.pasting(&pasted.id, &stranger).await;
    assert!(matches!(shown, Err(OAuthError::OtherSession)), "{shown:?}");
    let finished = pasted
        .world
        .oauth
        .finish_pasted(&pasted.id, &pasted.end("&code=c"), &stranger)
        .await;
    assert!(matches!(finished, Err(OAuthError::OtherSession)), "{finished:?}");
    pasted
        .world
        .sql("UPDATE oauth_flows SET expires_at = expires_at - 600001")
        .await;
    let late = pasted.paste(&pasted.end("&code=c")).await;
    assert!(matches!(late, Err(OAuthError::Expired)), "{late:?}");
    assert!("no id".parse::<PasteId>().is_err());
}

#[tokio::test]
async fn half_of_the_scopes_names_the_missing_one_and_its_box() {
    let pasted = Pasted::new().await;
    let mut answer = crate::endpoint::tokens(1);
    answer["id_token"] = id_token(&pasted.page["nonce"]).into();
    answer["scope"] = json!("openid email");
    pasted.world.endpoint.will(Reply::Json(200, answer));
    let error = pasted.paste(&pasted.end("&code=c")).await.unwrap_err();
    let words = error.to_string();
    assert!(
        words.contains("https://mail.google.com/") && words.contains("tick"),
        "{words}"
    );
}
