//! What is left for good: history; and what is not: secrets.

use super::{delete, has_password, let_time_run_out, restore, senders, when_erased};
use crate::support::{Tocsin, admin};
use jiff::SignedDuration;
use tocsin_domain::id::{AccountId, GrantId};
use tocsin_domain::notification::State;
use tocsin_domain::provider::ProviderKey;
use tocsin_engine::accounts::{Replacement, RestoreError};
use tocsin_engine::store::{AccessSecret, Grant, GrantSecrets};
use tocsin_engine::time::{now, to_millis};

#[tokio::test]
async fn history_names_a_deleted_account() {
    let (tocsin, _server, [gone]) = Tocsin::start_with_accounts(["gone@example.com"]).await;
    tocsin.rule(&[gone]).await;
    tocsin.report("error", "x").await;
    let sent = tocsin.when(State::Sent, 1).await;
    delete(&tocsin, gone, Replacement::Leave).await.unwrap();
    tocsin.engine.erase_account(gone, &admin()).await.unwrap();

    let detail = tocsin.detail(sent[0].id).await;
    let named = Some((gone, "gone@example.com".to_owned()));
    assert_eq!(detail.notification.account, named);
    assert_eq!(detail.attempts[0].account, named);
}

#[tokio::test]
async fn after_thirty_days_the_secrets_are_erased_and_the_account_cannot_come_back() {
    let (tocsin, _server, [old, fresh, other]) =
        Tocsin::start_with_accounts(["old@example.com", "fresh@example.com", "other@example.com"]).await;
    let (shared, alone) = (tocsin.rule(&[old, other]).await, tocsin.rule(&[old]).await);
    for id in [old, fresh] {
        delete(&tocsin, id, Replacement::Leave).await.unwrap();
    }
    let_time_run_out(&tocsin, old).await;

    let tocsin = tocsin.restart().await;

    when_erased(&tocsin, old).await;
    assert!(has_password(&tocsin, fresh).await);
    assert!(matches!(
        restore(&tocsin, old).await,
        Err(RestoreError::Erased(_))
    ));
    restore(&tocsin, fresh).await.unwrap();
    assert_eq!(
        senders(&tocsin, shared).await,
        [other],
        "a place that nobody returns to is given up"
    );
    assert_eq!(
        senders(&tocsin, alone).await,
        [old],
        "and kept where it says that the pair lost its sender"
    );
    assert_eq!(tocsin.engine.senderless_pairs().await.unwrap().len(), 1);
    let log = tocsin.engine.audit_log(10).await.unwrap();
    let erased = log.iter().find(|line| line.action == "account-erased").unwrap();
    assert_eq!(
        (erased.who.as_str(), erased.subject.as_str()),
        ("Tocsin", "old@example.com")
    );
}

#[tokio::test]
async fn erasing_that_was_begun_before_the_process_died_is_ended_by_the_next_one() {
    let (tocsin, _server, [gone]) = Tocsin::start_with_accounts(["gone@example.com"]).await;
    delete(&tocsin, gone, Replacement::Leave).await.unwrap();
    let began = to_millis(now());
    tocsin
        .sql(format!(
            "UPDATE accounts SET erasing_at = {began} WHERE id = {gone}"
        ))
        .await;
    let refused = restore(&tocsin, gone).await;
    assert!(
        matches!(refused, Err(RestoreError::Erased(_))),
        "its grant may be ended already"
    );

    let tocsin = tocsin.restart().await;

    when_erased(&tocsin, gone).await;
}

async fn give_grant(tocsin: &Tocsin, account: AccountId, secrets: &GrantSecrets) {
    let store = &tocsin.engine.store;
    let grant = Grant {
        id: GrantId::new(store.next_id()),
        account,
        provider: ProviderKey::new("gmail"),
        scopes: vec!["https://mail.google.com/".to_owned()],
        granted_at: now(),
        ends_at: None,
    };
    let mut transaction = store.begin().await.unwrap();
    store
        .insert_grant(&mut transaction, &grant, secrets)
        .await
        .unwrap();
    transaction.commit().await.unwrap();
}

#[tokio::test]
async fn erasing_takes_the_grants_tokens_too_even_where_the_provider_cannot_be_asked() {
    let (tocsin, _server, [gone]) = Tocsin::start_with_accounts(["gone@example.com"]).await;
    let store = &tocsin.engine.store;
    let secrets = GrantSecrets {
        refresh_token: b"sealed-refresh-token".to_vec(),
        access: Some(AccessSecret {
            token: b"sealed-access-token".to_vec(),
            until: now() + SignedDuration::from_hours(1),
        }),
    };
    give_grant(&tocsin, gone, &secrets).await;
    delete(&tocsin, gone, Replacement::Leave).await.unwrap();
    let kept = store.current_grant_secrets(gone).await.unwrap().unwrap().1;
    assert_eq!(kept, secrets, "what can be restored has its grant");

    tocsin.engine.erase_account(gone, &admin()).await.unwrap();

    assert_eq!(store.current_grant(gone).await.unwrap(), None);
    let mut transaction = store.begin().await.unwrap();
    let left: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM grants WHERE LENGTH(refresh_token) > 0 OR access_token IS NOT NULL",
    )
    .fetch_one(&mut *transaction)
    .await
    .unwrap();
    assert_eq!(left, 0);
    drop(transaction);
    assert!(!has_password(&tocsin, gone).await);
}

#[tokio::test]
async fn the_grant_of_a_mailbox_that_was_added_again_is_not_ended_with_the_deleted_one() {
    let (tocsin, _server, [gone, again]) =
        Tocsin::start_with_accounts(["nas@example.com", "NAS@example.com"]).await;
    let store = &tocsin.engine.store;
    assert!(!store.shares_its_grant(gone).await.unwrap());
    let secrets = GrantSecrets {
        refresh_token: b"sealed".to_vec(),
        access: None,
    };
    give_grant(&tocsin, again, &secrets).await;

    assert!(store.shares_its_grant(gone).await.unwrap());
}
