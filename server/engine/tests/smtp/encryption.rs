//! TLS from the first byte and by STARTTLS: what is trusted, and what is never sent in clear.

use super::{MESSAGE, envelope, open, password};
use tocsin_domain::failure::{Failure, FailureClass, Meaning, Stage, classify};
use tocsin_domain::provider::Security;
use tocsin_engine::smtp::scripted::{Act, Identity, Protection, Script, Scripted, Step};
use tocsin_engine::smtp::{Credential, Endpoint, Session, SmtpError, Timeouts};

/// The failure of a sign-in with a password; whatever it is, the words alone must mean the same.
async fn failure(endpoint: &Endpoint) -> SmtpError {
    let error = Session::open(endpoint, &password(), &Timeouts::default())
        .await
        .unwrap_err();
    let by_words = classify(&Failure {
        provider: None,
        stage: error.stage,
        code: error.code,
        enhanced: None,
        text: &error.words,
    });
    assert_eq!(by_words.meaning, error.verdict.meaning, "{error}");
    error
}

#[tokio::test]
async fn both_ways_of_encryption_protect_the_sign_in_and_the_mail() {
    for script in [Script::tls(Identity::Good), Script::starttls(Identity::Good)] {
        let server = Scripted::start(script).await;

        let mut session = open(&server, &password()).await.unwrap();
        session.send(&envelope(&["a@x.org"]), MESSAGE).await.unwrap();
        assert!(session.still_open());
        session.quit().await;

        let record = server.record();
        assert_eq!(record.sign_ins[0].protection, Protection::Encrypted);
        assert_eq!(record.mails[0].protection, Protection::Encrypted);
    }
}

#[tokio::test]
async fn a_certificate_serves_by_name_as_well() {
    let server = Scripted::start(Script::tls(Identity::Good)).await;
    let mut endpoint = server.endpoint();
    endpoint.server.host = "localhost".to_owned();

    Session::open(&endpoint, &password(), &Timeouts::default())
        .await
        .unwrap();
}

#[tokio::test]
async fn a_certificate_of_nobody_known_is_not_trusted() {
    for script in [Script::tls(Identity::Good), Script::starttls(Identity::Good)] {
        let server = Scripted::start(script).await;
        let mut endpoint = server.endpoint();
        endpoint.server.ca = None;

        let error = failure(&endpoint).await;

        assert_eq!(
            (error.stage, error.verdict.meaning),
            (Stage::Tls, Meaning::CertificateNotTrusted)
        );
        assert!(server.record().sign_ins.is_empty());
    }
}

#[tokio::test]
async fn a_certificate_that_vouches_for_itself_is_trusted_once_the_account_holds_it() {
    let server = Scripted::start(Script::tls(Identity::SelfSigned)).await;
    let stranger = Scripted::start(Script::plain()).await;

    open(&server, &password()).await.unwrap();

    for ca in [None, Some(stranger.ca())] {
        let mut endpoint = server.endpoint();
        endpoint.server.ca = ca;
        let error = failure(&endpoint).await;
        assert_eq!(error.verdict.class, FailureClass::Configuration);
    }
}

#[tokio::test]
async fn an_expired_certificate_is_told() {
    let server = Scripted::start(Script::tls(Identity::Expired)).await;

    let error = failure(&server.endpoint()).await;

    assert_eq!(
        (error.stage, error.verdict.meaning),
        (Stage::Tls, Meaning::CertificateExpired)
    );
}

#[tokio::test]
async fn a_certificate_for_another_name_is_told() {
    let server = Scripted::start(Script::tls(Identity::ForeignName)).await;

    let error = failure(&server.endpoint()).await;

    assert_eq!(
        (error.stage, error.verdict.meaning),
        (Stage::Tls, Meaning::CertificateNameMismatch)
    );
    assert!(error.words.contains("mail.elsewhere.test"), "{error}");
}

#[tokio::test]
async fn a_plain_server_where_tls_is_expected_is_a_wrong_setting() {
    let server = Scripted::start(Script::plain()).await;
    let mut endpoint = server.endpoint();
    endpoint.server.security = Security::Tls;

    let error = failure(&endpoint).await;

    assert_eq!(
        (error.stage, error.verdict.meaning),
        (Stage::Tls, Meaning::EncryptionMismatch)
    );
}

#[tokio::test]
async fn a_tls_server_where_starttls_or_plain_text_is_expected_is_found_out_while_it_keeps_silent() {
    for (identity, security) in [
        (Identity::Good, Security::Starttls),
        (Identity::Good, Security::None),
        (Identity::ForeignName, Security::Starttls),
    ] {
        let server = Scripted::start(Script::tls(identity)).await;
        let mut endpoint = server.endpoint();
        endpoint.server.security = security;

        let error = failure(&endpoint).await;

        assert_eq!(
            (error.stage, error.verdict.meaning),
            (Stage::Tls, Meaning::EncryptionMismatch)
        );
        assert!(error.words.contains("Choose TLS"), "{error}");
        assert!(server.record().sign_ins.is_empty());
    }
}

#[tokio::test]
async fn without_starttls_no_credential_is_sent() {
    let server = Scripted::start(Script::plain()).await;
    let mut endpoint = server.endpoint();
    endpoint.server.security = Security::Starttls;

    let error = failure(&endpoint).await;

    assert_eq!(
        (error.stage, error.verdict.meaning),
        (Stage::Tls, Meaning::EncryptionNotOffered)
    );
    assert!(server.record().sign_ins.is_empty());
}

#[tokio::test]
async fn a_refused_starttls_sends_no_credential() {
    let refusal = Act::say("454 4.7.0 TLS not available due to local problem");
    let server = Scripted::start(Script::starttls(Identity::Good).on(Step::Starttls, refusal)).await;

    let error = open(&server, &password()).await.unwrap_err();

    assert_eq!((error.stage, error.code), (Stage::Tls, Some(454)));
    assert!(server.record().sign_ins.is_empty());
}

#[tokio::test]
async fn what_was_slipped_in_before_the_handshake_is_not_believed() {
    let slipped = Act::say("220 2.0.0 Ready\n250 AUTH PLAIN");
    let server = Scripted::start(Script::starttls(Identity::Good).on(Step::Starttls, slipped)).await;

    let error = open(&server, &password()).await.unwrap_err();

    assert_eq!(error.stage, Stage::Tls);
    assert!(error.words.contains("tampered"), "{error}");
    assert!(server.record().sign_ins.is_empty());
}

#[tokio::test]
async fn a_connection_that_breaks_in_the_handshake_is_temporary() {
    let broken = Act::say_then_close("220 2.0.0 Ready");
    let server = Scripted::start(Script::starttls(Identity::Good).on(Step::Starttls, broken)).await;

    let error = open(&server, &password()).await.unwrap_err();

    assert_eq!(
        (error.stage, error.verdict.class),
        (Stage::Tls, FailureClass::Temporary)
    );
}

#[tokio::test]
async fn an_unreadable_authority_is_named_as_the_fault() {
    let server = Scripted::start(Script::tls(Identity::Good)).await;
    let mut endpoint = server.endpoint();
    endpoint.server.ca = Some("/etc/ssl/my-ca.pem".to_owned());

    let error = Session::open(&endpoint, &Credential::Nothing, &Timeouts::default())
        .await
        .unwrap_err();

    assert_eq!(error.verdict.class, FailureClass::Configuration);
    assert!(
        error.words.contains("certificate authority set for this account"),
        "{error}"
    );
}
