//! What a sign-in says, and what is made of the answers.

use super::{open, password, token};
use tocsin_domain::failure::{FailureClass, Meaning, Stage};
use tocsin_engine::smtp::scripted::{Act, Script, Scripted, Step};
use tocsin_engine::smtp::{Connection, Credential};

/// `{"status":"400","schemes":"Bearer","scope":"https://mail.google.com/"}`, as Gmail sends it.
const CHALLENGE: &str =
    "334 eyJzdGF0dXMiOiI0MDAiLCJzY2hlbWVzIjoiQmVhcmVyIiwic2NvcGUiOiJodHRwczovL21haWwuZ29vZ2xlLmNvbS8ifQ==";

#[tokio::test]
async fn a_password_signs_in_by_plain_where_that_is_offered() {
    let server = Scripted::start(Script::plain().knowing("nas@example.com", "canary-password")).await;

    open(&server, &password()).await.unwrap();

    assert_eq!(server.record().sign_ins[0].mechanism, "PLAIN");
}

#[tokio::test]
async fn login_serves_where_plain_is_not_offered() {
    let script = Script::plain()
        .offering(&["AUTH LOGIN"])
        .knowing("nas@example.com", "canary-password");
    let server = Scripted::start(script).await;

    open(&server, &password()).await.unwrap();

    assert_eq!(server.record().sign_ins[0].mechanism, "LOGIN");
}

#[tokio::test]
async fn a_password_too_long_for_a_command_goes_on_a_line_of_its_own() {
    let long = "k".repeat(600);
    let server = Scripted::start(Script::plain().knowing("apikey", &long)).await;
    let credential = Credential::Password {
        user: "apikey".to_owned(),
        password: long.into(),
    };

    open(&server, &credential).await.unwrap();

    assert!(server.record().lines.contains(&"AUTH PLAIN".to_owned()));
}

#[tokio::test]
async fn a_refused_password_asks_for_a_new_one() {
    let server = Scripted::start(Script::plain().knowing_nobody()).await;

    let error = open(&server, &password()).await.unwrap_err();

    assert_eq!((error.stage, error.code), (Stage::Auth, Some(535)));
    assert_eq!(error.verdict.class, FailureClass::Reauthorize);
    assert_eq!(error.connection, Connection::Lost);
}

#[tokio::test]
async fn a_token_never_travels_in_the_command() {
    let server = Scripted::start(Script::plain().knowing("nas@example.com", "ya29.fresh")).await;

    open(&server, &token("ya29.fresh")).await.unwrap();

    let record = server.record();
    assert_eq!(record.sign_ins[0].secret, "ya29.fresh");
    assert_eq!(record.lines[1], "AUTH XOAUTH2");
}

#[tokio::test]
async fn a_token_of_three_thousand_characters_arrives_whole() {
    let long = "x".repeat(3000);
    let server = Scripted::start(Script::plain().knowing("nas@example.com", &long)).await;

    open(&server, &token(&long)).await.unwrap();

    assert_eq!(server.record().sign_ins[0].secret, long);
}

#[tokio::test]
async fn a_refused_token_is_heard_out_until_its_535() {
    let server = Scripted::start(Script::plain().knowing_nobody()).await;

    let error = open(&server, &token("ya29.revoked")).await.unwrap_err();

    assert_eq!((error.stage, error.code), (Stage::Auth, Some(535)));
    assert_eq!(error.words, "5.7.8 Username and Password not accepted");
    assert_eq!(error.verdict.meaning, Meaning::TokenRefused);
    assert_eq!(server.record().lines.last().unwrap(), "");
}

#[tokio::test]
async fn a_challenge_followed_by_454_waits_and_asks_nobody() {
    let script = Script::plain().on(Step::Response, Act::say(CHALLENGE)).on(
        Step::Response,
        Act::say("454 4.7.0 Too many login attempts, please try again later."),
    );
    let server = Scripted::start(script).await;

    let error = open(&server, &token("ya29.fine")).await.unwrap_err();

    assert_eq!((error.stage, error.code), (Stage::Auth, Some(454)));
    assert_eq!(error.verdict.class, FailureClass::Temporary);
}

#[tokio::test]
async fn a_535_without_a_challenge_is_a_refused_token_but_no_proof() {
    let refusal = Act::say("535 5.7.8 Error: authentication failed: (reason unavailable)");
    let server = Scripted::start(Script::plain().on(Step::Response, refusal)).await;

    let error = open(&server, &token("ya29.fine")).await.unwrap_err();

    assert_eq!(error.verdict.meaning, Meaning::TokenRefused);
    assert!(!error.verdict.is_proof());
}

#[tokio::test]
async fn a_refusal_right_before_the_connection_closes_is_still_a_refusal() {
    for (credential, step) in [(password(), Step::Auth), (token("ya29.x"), Step::Response)] {
        for refusal in [
            "535 5.7.8 Authentication failed",
            "535-5.7.8 Authentication failed",
        ] {
            let script = Script::plain().on(step, Act::say_then_close(refusal));
            let server = Scripted::start(script).await;

            let error = open(&server, &credential).await.unwrap_err();

            assert_eq!(error.code, Some(535), "{error}");
            assert_eq!(error.verdict.class, FailureClass::Reauthorize, "{error}");
        }
    }
}

#[tokio::test]
async fn a_challenge_whose_refusal_never_comes_has_said_it_already() {
    for challenged in [Act::say_then_close(CHALLENGE), Act::say(CHALLENGE)] {
        let script = Script::plain()
            .on(Step::Response, challenged)
            .on(Step::Response, Act::Close);
        let server = Scripted::start(script).await;

        let error = open(&server, &token("ya29.x")).await.unwrap_err();

        assert_eq!(error.verdict.meaning, Meaning::TokenRefused);
        assert!(error.words.contains(r#""status":"400""#), "{error}");
    }
}

#[tokio::test]
async fn a_connection_that_breaks_during_the_sign_in_blames_no_credential() {
    for (credential, step) in [
        (password(), Step::Auth),
        (token("ya29.x"), Step::Auth),
        (token("ya29.x"), Step::Response),
    ] {
        let server = Scripted::start(Script::plain().on(step, Act::Close)).await;

        let error = open(&server, &credential).await.unwrap_err();

        assert_eq!((error.stage, error.code), (Stage::Auth, None));
        assert_eq!(error.verdict.meaning, Meaning::ConnectionLost);
    }
}

#[tokio::test]
async fn a_421_during_the_sign_in_blames_no_credential() {
    let script = Script::plain().on(Step::Auth, Act::say_then_close("421 4.7.0 try again later"));
    let server = Scripted::start(script).await;

    let error = open(&server, &password()).await.unwrap_err();

    assert_eq!((error.stage, error.code), (Stage::Auth, Some(421)));
    assert_eq!(error.verdict.class, FailureClass::Temporary);
}

#[tokio::test]
async fn after_a_refused_token_a_fresh_one_signs_in() {
    let server = Scripted::start(Script::plain().knowing("nas@example.com", "ya29.fresh")).await;

    open(&server, &token("ya29.stale")).await.unwrap_err();
    open(&server, &token("ya29.fresh")).await.unwrap();

    assert_eq!(server.record().connections, 2);
}

#[tokio::test]
async fn a_server_without_sign_in_is_a_wrong_setting_that_is_put_in_clear_words() {
    let server = Scripted::start(Script::plain().offering(&["PIPELINING"])).await;

    for credential in [password(), token("ya29.x")] {
        let error = open(&server, &credential).await.unwrap_err();
        assert_eq!(error.verdict.meaning, Meaning::MechanismNotOffered);
        assert_eq!(error.verdict.class, FailureClass::Configuration);
        assert!(error.words.contains("offers no sign-in (AUTH)"), "{error}");
    }
    assert!(server.record().sign_ins.is_empty());
}

#[tokio::test]
async fn ways_to_sign_in_that_do_not_fit_are_named() {
    let server = Scripted::start(Script::plain().offering(&["AUTH CRAM-MD5 GSSAPI"])).await;

    for credential in [password(), token("ya29.x")] {
        let error = open(&server, &credential).await.unwrap_err();
        assert_eq!(error.verdict.meaning, Meaning::MechanismNotOffered);
        assert!(error.words.ends_with("it offers CRAM-MD5, GSSAPI"), "{error}");
    }
}

#[tokio::test]
async fn a_relay_that_trusts_the_network_is_asked_for_no_sign_in() {
    let server = Scripted::start(Script::plain()).await;

    open(&server, &Credential::Nothing).await.unwrap();

    assert!(!server.record().lines.iter().any(|line| line.starts_with("AUTH")));
}

#[tokio::test]
async fn an_empty_password_is_not_even_tried() {
    let server = Scripted::start(Script::plain()).await;
    let credential = Credential::Password {
        user: "nas@example.com".to_owned(),
        password: "".into(),
    };

    let error = open(&server, &credential).await.unwrap_err();

    assert_eq!(error.verdict.meaning, Meaning::CredentialMalformed);
}
