use crate::support::{Tocsin, admin};
use secrecy::ExposeSecret as _;
use tocsin_domain::text::Line;
use tocsin_engine::tokens::{Scope, TokensError};

fn name(text: &str) -> Line {
    Line::parse(text).unwrap()
}

#[tokio::test]
async fn a_token_is_recognised_with_its_scope_until_it_is_revoked() {
    let tocsin = Tocsin::start().await;
    let engine = &tocsin.engine;
    let (id, secret) = engine
        .make_token(&name("backup.sh"), Scope::Report, &admin())
        .await
        .unwrap();
    let secret = secret.expose_secret();
    assert!(secret.starts_with("tocsin_") && secret.len() == 50, "{secret}");
    assert_eq!(
        engine.check_token(secret).await.unwrap(),
        Some((id, Scope::Report))
    );

    engine.revoke_token(id, &admin()).await.unwrap();

    assert_eq!(engine.check_token(secret).await.unwrap(), None);
    assert!(engine.tokens().await.unwrap().is_empty());
    let again = engine.revoke_token(id, &admin()).await;
    assert!(matches!(again, Err(TokensError::Gone)));
    let log = engine.audit_log(10).await.unwrap();
    let actions: Vec<_> = log
        .iter()
        .map(|line| (line.action.as_str(), line.subject.as_str()))
        .collect();
    assert_eq!(
        actions,
        [("token-revoked", "backup.sh"), ("token-made", "backup.sh")]
    );
}

#[tokio::test]
async fn what_is_no_token_opens_nothing() {
    let tocsin = Tocsin::start().await;
    let made = tocsin
        .engine
        .make_token(&name("a"), Scope::Administer, &admin())
        .await;
    let (_, secret) = made.unwrap();
    let mut other = secret.expose_secret().to_owned();
    let last = if other.pop() == Some('A') { 'E' } else { 'A' };
    other.push(last);
    for text in ["", "tocsin_", &other, &secret.expose_secret().to_uppercase()] {
        assert_eq!(tocsin.engine.check_token(text).await.unwrap(), None, "{text}");
    }
}

#[tokio::test]
async fn the_list_tells_when_a_token_was_last_used() {
    let tocsin = Tocsin::start().await;
    let engine = &tocsin.engine;
    let (_, secret) = engine
        .make_token(&name("a"), Scope::Read, &admin())
        .await
        .unwrap();
    assert_eq!(engine.tokens().await.unwrap()[0].last_used_at, None);
    engine.check_token(secret.expose_secret()).await.unwrap();
    let first = engine.tokens().await.unwrap()[0].last_used_at;
    assert!(first.is_some());
    engine.check_token(secret.expose_secret()).await.unwrap();
    assert_eq!(
        engine.tokens().await.unwrap()[0].last_used_at,
        first,
        "not at every use"
    );
}

#[tokio::test]
async fn a_token_is_recognised_while_the_disk_is_full() {
    let tocsin = Tocsin::start().await;
    let made = tocsin
        .engine
        .make_token(&name("a"), Scope::Report, &admin())
        .await;
    let (id, secret) = made.unwrap();
    tocsin.fill_the_disk().await;
    let checked = tocsin.engine.check_token(secret.expose_secret()).await.unwrap();
    assert_eq!(checked, Some((id, Scope::Report)));
}

#[tokio::test]
async fn a_token_needs_a_name_and_is_not_stored() {
    let tocsin = Tocsin::start().await;
    let engine = &tocsin.engine;
    let nameless = engine.make_token(&Line::default(), Scope::Read, &admin()).await;
    assert!(matches!(nameless, Err(TokensError::NameMissing)));
    let (_, secret) = engine
        .make_token(&name("backup.sh"), Scope::Read, &admin())
        .await
        .unwrap();
    let stored = tocsin.stored_bytes();
    assert!(stored.contains("backup.sh") && !stored.contains(secret.expose_secret()));
}
