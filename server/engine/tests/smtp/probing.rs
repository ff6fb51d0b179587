//! What a server offers, without signing in there.

use super::impatient;
use tocsin_domain::failure::Meaning;
use tocsin_domain::provider::Security;
use tocsin_engine::smtp::scripted::{Act, Identity, Script, Scripted, Step};
use tocsin_engine::smtp::{Timeouts, probe};

async fn offered_where(security: Security, script: Script) -> (Security, Vec<String>) {
    let server = Scripted::start(script).await;
    let mut endpoint = server.endpoint();
    endpoint.server.security = security;
    let probed = probe(&endpoint, &Timeouts::default()).await.unwrap();
    assert!(server.record().sign_ins.is_empty());
    (probed.security, probed.sign_in)
}

#[tokio::test]
async fn the_way_that_holds_is_told_with_the_ways_to_sign_in() {
    let (security, sign_in) = offered_where(Security::Tls, Script::tls(Identity::Good)).await;
    assert_eq!(security, Security::Tls);
    assert!(sign_in.iter().any(|way| way == "PLAIN"), "{sign_in:?}");

    let (security, sign_in) = offered_where(Security::Starttls, Script::starttls(Identity::Good)).await;
    assert_eq!(security, Security::Starttls);
    assert!(!sign_in.is_empty());
}

#[tokio::test]
async fn a_server_without_starttls_is_told_as_plain() {
    let (security, _) = offered_where(Security::Starttls, Script::plain()).await;
    assert_eq!(security, Security::None);
}

#[tokio::test]
async fn a_certificate_that_is_not_trusted_and_a_silent_port_are_told_apart() {
    let server = Scripted::start(Script::starttls(Identity::Good)).await;
    let mut endpoint = server.endpoint();
    endpoint.server.ca = None;
    let error = probe(&endpoint, &Timeouts::default()).await.unwrap_err();
    assert_eq!(error.verdict.meaning, Meaning::CertificateNotTrusted);

    let server = Scripted::start(Script::plain().always(Step::Greeting, Act::Silence)).await;
    let error = probe(&server.endpoint(), &impatient()).await.unwrap_err();
    assert_eq!(error.verdict.meaning, Meaning::TimedOut);
}
