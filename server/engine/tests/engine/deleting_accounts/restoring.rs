//! Undo, within thirty days.

use super::{delete, restore, senders};
use crate::support::{Tocsin, admin};
use tocsin_domain::account::IsDefault;
use tocsin_domain::notification::State;
use tocsin_engine::accounts::{AccountError, NewAccount, OfDeleted, Replacement, RestoreError};

#[tokio::test]
async fn a_list_that_was_changed_by_hand_keeps_the_replacement_and_gets_the_restored_one_before_it() {
    let (tocsin, _server, [gone, other, third]) =
        Tocsin::start_with_accounts(["gone@example.com", "other@example.com", "third@example.com"]).await;
    let rule = tocsin.rule(&[gone]).await;
    delete(&tocsin, gone, Replacement::All(other)).await.unwrap();

    let engine = &tocsin.engine;
    let mut definition = engine.rule(rule).await.unwrap().definition;
    definition.pairs[0].senders.push(third);
    engine.save_rule(Some(rule), definition, &admin()).await.unwrap();
    restore(&tocsin, gone).await.unwrap();

    assert_eq!(senders(&tocsin, rule).await, [gone, other, third]);
}

#[tokio::test]
async fn saving_a_rule_keeps_the_place_of_a_deleted_sender_and_removing_it_gives_the_place_up() {
    let (tocsin, _server, [gone, other]) =
        Tocsin::start_with_accounts(["gone@example.com", "other@example.com"]).await;
    let (kept, removed) = (
        tocsin.rule(&[gone, other]).await,
        tocsin.rule(&[gone, other]).await,
    );
    delete(&tocsin, gone, Replacement::Leave).await.unwrap();

    let engine = &tocsin.engine;
    let mut definition = engine.rule(kept).await.unwrap().definition;
    definition.name = tocsin_domain::text::Line::parse("Renamed").unwrap();
    engine.save_rule(Some(kept), definition, &admin()).await.unwrap();
    let mut definition = engine.rule(removed).await.unwrap().definition;
    definition.pairs[0].senders.remove(0);
    engine
        .save_rule(Some(removed), definition, &admin())
        .await
        .unwrap();
    restore(&tocsin, gone).await.unwrap();

    assert_eq!(senders(&tocsin, kept).await, [gone, other]);
    assert_eq!(senders(&tocsin, removed).await, [other]);
}

#[tokio::test]
async fn restoring_sends_what_was_held_meanwhile() {
    let (tocsin, _server, [gone]) = Tocsin::start_with_accounts(["gone@example.com"]).await;
    tocsin.rule(&[gone]).await;
    delete(&tocsin, gone, Replacement::Leave).await.unwrap();
    tocsin.report("error", "x").await;
    tocsin.when(State::Held, 1).await;

    restore(&tocsin, gone).await.unwrap();

    let sent = tocsin.when(State::Sent, 1).await;
    assert_eq!(sent[0].account.as_ref().unwrap().0, gone);
}

#[tokio::test]
async fn two_who_delete_or_restore_at_the_same_time_are_told_apart_and_harm_nothing() {
    let (tocsin, _server, [gone, other]) =
        Tocsin::start_with_accounts(["gone@example.com", "other@example.com"]).await;
    let rule = tocsin.rule(&[gone]).await;
    let (one, two) = tokio::join!(
        delete(&tocsin, gone, Replacement::All(other)),
        delete(&tocsin, gone, Replacement::All(other)),
    );
    assert!(matches!(
        (one, two),
        (Ok(()), Err(AccountError::Gone)) | (Err(AccountError::Gone), Ok(()))
    ));
    assert_eq!(senders(&tocsin, rule).await, [gone, other]);

    let (one, two) = tokio::join!(restore(&tocsin, gone), restore(&tocsin, gone));
    assert!(matches!(
        (one, two),
        (Ok(()), Err(RestoreError::NotDeleted(_))) | (Err(RestoreError::NotDeleted(_)), Ok(()))
    ));
    assert_eq!(senders(&tocsin, rule).await, [gone]);
}

#[tokio::test]
async fn the_same_mailbox_is_offered_back_before_it_is_added_anew_and_then_stays_the_new_one() {
    let (tocsin, _server, [gone]) = Tocsin::start_with_accounts(["nas@example.com"]).await;
    let engine = &tocsin.engine;
    let settings = engine.account(gone).await.unwrap().settings;
    delete(&tocsin, gone, Replacement::Leave).await.unwrap();
    let again = |of_deleted| NewAccount {
        settings: settings.clone(),
        secret: Some("right".into()),
        default: IsDefault::No,
        of_deleted,
    };

    let offered = engine.add_account(again(OfDeleted::Offer), &admin()).await;
    assert!(matches!(offered, Err(AccountError::Deleted { account, .. }) if account == gone));
    let added = engine
        .add_account(again(OfDeleted::AddAnyway), &admin())
        .await
        .unwrap();

    let refused = restore(&tocsin, gone).await;
    assert!(matches!(refused, Err(RestoreError::AddedAgain { account, .. }) if account == added));
    assert_eq!(engine.accounts().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_deletion_survives_the_end_of_the_process_and_can_still_be_undone() {
    let (tocsin, server, [gone]) = Tocsin::start_with_accounts(["gone@example.com"]).await;
    let rule = tocsin.rule(&[gone]).await;
    delete(&tocsin, gone, Replacement::Leave).await.unwrap();

    let tocsin = tocsin.restart().await;
    assert_eq!(tocsin.engine.deleted_accounts().await.unwrap()[0].id, gone);
    restore(&tocsin, gone).await.unwrap();

    assert_eq!(senders(&tocsin, rule).await, [gone]);
    tocsin.report("error", "x").await;
    server.mails(1).await;
}

#[tokio::test]
async fn a_deleted_account_is_not_checked_and_is_looked_at_again_once_it_is_restored() {
    let (tocsin, server, [gone, other]) =
        Tocsin::start_with_accounts(["gone@example.com", "other@example.com"]).await;
    delete(&tocsin, gone, Replacement::Leave).await.unwrap();
    for id in [gone, other] {
        tocsin.check_now(id).await;
    }
    tocsin
        .when_account(other, |account| account.checked_at.is_some())
        .await;
    assert_eq!(server.record().sign_ins.len(), 1);

    restore(&tocsin, gone).await.unwrap();

    tocsin
        .when_account(gone, |account| account.checked_at.is_some())
        .await;
}
