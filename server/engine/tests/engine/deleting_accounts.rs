use crate::support::{Tocsin, admin};
use jiff::SignedDuration;
use tocsin_domain::account::IsDefault;
use tocsin_domain::deleted::KEPT_FOR;
use tocsin_domain::id::{AccountId, GrantId, PairId, RuleId};
use tocsin_domain::notification::{Reason, State};
use tocsin_domain::provider::ProviderKey;
use tocsin_domain::senderless::{GoneSender, Senderless};
use tocsin_engine::accounts::{AccountError, Deletion, NewAccount, OfDeleted, Replacement, RestoreError};
use tocsin_engine::smtp::scripted::{Act, Script, Scripted, Step};
use tocsin_engine::store::{AccessSecret, Grant, GrantSecrets};
use tocsin_engine::time::{now, to_millis};

/// A rule's first sender list as it is kept: deleted accounts included.
async fn senders(tocsin: &Tocsin, rule: RuleId) -> Vec<AccountId> {
    tocsin.engine.rule(rule).await.unwrap().definition.pairs[0]
        .senders
        .clone()
}

async fn pair(tocsin: &Tocsin, rule: RuleId) -> PairId {
    tocsin.engine.rule(rule).await.unwrap().definition.pairs[0]
        .id
        .unwrap()
}

async fn delete(tocsin: &Tocsin, id: AccountId, replacement: Replacement) -> Result<(), AccountError> {
    let deletion = Deletion {
        replacement,
        default: None,
    };
    tocsin.engine.delete_account(id, deletion, &admin()).await
}

async fn restore(tocsin: &Tocsin, id: AccountId) -> Result<(), RestoreError> {
    tocsin.engine.restore_account(id, &admin()).await
}

/// As if the account had been deleted so long ago that its time is over.
async fn let_time_run_out(tocsin: &Tocsin, id: AccountId) {
    let long_ago = now() - KEPT_FOR - SignedDuration::from_secs(1);
    set(tocsin, id, "deleted_at", Some(to_millis(long_ago))).await;
}

async fn set(tocsin: &Tocsin, id: AccountId, column: &str, value: Option<i64>) {
    let mut transaction = tocsin.engine.store.begin().await.unwrap();
    let sql = sqlx::AssertSqlSafe(format!("UPDATE accounts SET {column} = $1 WHERE id = $2"));
    let query = sqlx::query(sql).bind(value).bind(id.get());
    query.execute(&mut *transaction).await.unwrap();
    transaction.commit().await.unwrap();
}

async fn has_password(tocsin: &Tocsin, id: AccountId) -> bool {
    tocsin.engine.store.account_password(id).await.unwrap().is_some()
}

/// Waits until an account's secrets are erased: the job does it at its own time.
async fn when_erased(tocsin: &Tocsin, id: AccountId) {
    let mut changes = tocsin.engine.live.listen();
    while has_password(tocsin, id).await {
        let wait = std::time::Duration::from_millis(100);
        let _ = tokio::time::timeout(wait, changes.changed()).await;
    }
}

#[tokio::test]
async fn the_replacement_sends_from_the_deleted_ones_place_and_undo_takes_it_out_again() {
    let server = Scripted::start(Script::plain()).await;
    let tocsin = Tocsin::start().await;
    let first = tocsin.account("first@example.com", &server).await;
    let second = tocsin.account("second@example.com", &server).await;
    let other = tocsin.account("other@example.com", &server).await;
    let rule = tocsin.rule(&[first, second]).await;

    delete(&tocsin, first, Replacement::All(other)).await.unwrap();
    tocsin.report("error", "x").await;
    assert_eq!(server.mails(1).await[0].from, "other@example.com");

    restore(&tocsin, first).await.unwrap();
    assert_eq!(senders(&tocsin, rule).await, [first, second]);
    tocsin.report("error", "y").await;
    assert_eq!(server.mails(2).await[1].from, "first@example.com");
}

#[tokio::test]
async fn a_replacement_that_is_in_the_list_already_stays_where_it_is() {
    let server = Scripted::start(Script::plain()).await;
    let tocsin = Tocsin::start().await;
    let first = tocsin.account("first@example.com", &server).await;
    let second = tocsin.account("second@example.com", &server).await;
    let rule = tocsin.rule(&[first, second]).await;

    delete(&tocsin, first, Replacement::All(second)).await.unwrap();

    assert_eq!(senders(&tocsin, rule).await, [first, second]);
    restore(&tocsin, first).await.unwrap();
    assert_eq!(senders(&tocsin, rule).await, [first, second]);
}

#[tokio::test]
async fn pair_by_pair_each_gets_what_was_chosen_for_it_and_nothing_else() {
    let server = Scripted::start(Script::plain()).await;
    let tocsin = Tocsin::start().await;
    let gone = tocsin.account("gone@example.com", &server).await;
    let other = tocsin.account("other@example.com", &server).await;
    let (one, two) = (tocsin.rule(&[gone]).await, tocsin.rule(&[gone]).await);
    let chosen = vec![
        (pair(&tocsin, one).await, Some(other)),
        (pair(&tocsin, two).await, None),
    ];

    let incomplete = delete(&tocsin, gone, Replacement::Each(chosen[..1].to_vec())).await;
    assert!(matches!(incomplete, Err(AccountError::RulesChanged)));
    assert_eq!(
        senders(&tocsin, one).await,
        [gone],
        "what is refused changes nothing"
    );
    delete(&tocsin, gone, Replacement::Each(chosen)).await.unwrap();

    assert_eq!(senders(&tocsin, one).await, [gone, other]);
    let left = tocsin.engine.senderless_pairs().await.unwrap();
    assert_eq!(left.iter().map(|pair| pair.rule).collect::<Vec<_>>(), [two]);
}

#[tokio::test]
async fn a_list_that_was_changed_by_hand_keeps_the_replacement_and_gets_the_restored_one_before_it() {
    let server = Scripted::start(Script::plain()).await;
    let tocsin = Tocsin::start().await;
    let gone = tocsin.account("gone@example.com", &server).await;
    let other = tocsin.account("other@example.com", &server).await;
    let third = tocsin.account("third@example.com", &server).await;
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
    let server = Scripted::start(Script::plain()).await;
    let tocsin = Tocsin::start().await;
    let gone = tocsin.account("gone@example.com", &server).await;
    let other = tocsin.account("other@example.com", &server).await;
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
async fn what_a_pair_without_living_senders_catches_is_held_although_there_is_a_default_and_goes_when_it_has_one()
 {
    let server = Scripted::start(Script::plain()).await;
    let tocsin = Tocsin::start().await;
    let gone = tocsin.account("gone@example.com", &server).await;
    let default = tocsin.account("default@example.com", &server).await;
    let rule = tocsin.rule(&[gone]).await;
    let engine = &tocsin.engine;
    engine.set_default(default, &admin()).await.unwrap();
    delete(&tocsin, gone, Replacement::Leave).await.unwrap();

    tocsin.report("error", "held").await;
    let held = tocsin.when(State::Held, 1).await;
    assert_eq!(held[0].reason, Some(Reason::SendersGone));
    let asked = engine.senderless_pairs().await.unwrap();
    assert_eq!((asked[0].rule, asked[0].place, asked[0].held), (rule, 1, 1));
    assert!(
        matches!(&asked[0].why, Senderless::SendersGone(gone) if matches!(&gone[..],
            [GoneSender::Deleted(one)] if one.address == "gone@example.com".parse().unwrap()))
    );

    let mut definition = engine.rule(rule).await.unwrap().definition;
    definition.pairs[0].senders.push(default);
    engine.save_rule(Some(rule), definition, &admin()).await.unwrap();

    assert_eq!(server.mails(1).await[0].from, "default@example.com");
    assert_eq!(engine.senderless_pairs().await.unwrap(), []);
}

#[tokio::test]
async fn restoring_sends_what_was_held_meanwhile() {
    let server = Scripted::start(Script::plain()).await;
    let tocsin = Tocsin::start().await;
    let gone = tocsin.account("gone@example.com", &server).await;
    tocsin.rule(&[gone]).await;
    delete(&tocsin, gone, Replacement::Leave).await.unwrap();
    tocsin.report("error", "x").await;
    tocsin.when(State::Held, 1).await;

    restore(&tocsin, gone).await.unwrap();

    let sent = tocsin.when(State::Sent, 1).await;
    assert_eq!(sent[0].account.as_ref().unwrap().0, gone);
}

#[tokio::test]
async fn history_names_a_deleted_account() {
    let server = Scripted::start(Script::plain()).await;
    let tocsin = Tocsin::start().await;
    let gone = tocsin.account("gone@example.com", &server).await;
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
async fn a_mail_that_is_being_sent_is_finished_and_what_the_account_still_had_goes_by_another() {
    let slow = Script::plain().always(Step::Greeting, Act::Silence);
    let (hangs, up) = (
        Scripted::start(slow).await,
        Scripted::start(Script::plain()).await,
    );
    let tocsin = Tocsin::start().await;
    let gone = tocsin.account("gone@example.com", &hangs).await;
    let other = tocsin.account("other@example.com", &up).await;
    tocsin.rule(&[gone]).await;
    for number in 0..3 {
        tocsin.report("error", &number.to_string()).await;
    }
    tocsin.when(State::Sending, 1).await;

    delete(&tocsin, gone, Replacement::All(other)).await.unwrap();
    hangs.change(|_| Script::plain().always(Step::Greeting, Act::say("421 4.3.2 not available")));
    hangs.hang_up();

    let mails = up.mails(3).await;
    assert!(mails.iter().all(|mail| mail.from == "other@example.com"));
    let sent = tocsin.when(State::Sent, 3).await;
    let mut tried = 0;
    for one in sent {
        let attempts = tocsin.detail(one.id).await.attempts;
        tried += attempts
            .iter()
            .filter(|attempt| attempt.account.as_ref().unwrap().0 == gone)
            .count();
    }
    assert_eq!(tried, 1, "the one attempt that ran is written");
}

#[tokio::test]
async fn the_default_passes_to_who_was_chosen_and_comes_back_with_the_account() {
    let server = Scripted::start(Script::plain()).await;
    let tocsin = Tocsin::start().await;
    let gone = tocsin.account("gone@example.com", &server).await;
    let other = tocsin.account("other@example.com", &server).await;
    let third = tocsin.account("third@example.com", &server).await;
    let engine = &tocsin.engine;
    let default = async || {
        let accounts = engine.accounts().await.unwrap().into_iter();
        let mut defaults = accounts.filter(|account| account.default == IsDefault::Yes);
        defaults.next().map(|account| account.id)
    };
    let passing = || Deletion {
        replacement: Replacement::Leave,
        default: Some(other),
    };
    engine.set_default(gone, &admin()).await.unwrap();

    engine.delete_account(gone, passing(), &admin()).await.unwrap();
    assert_eq!(default().await, Some(other));
    restore(&tocsin, gone).await.unwrap();
    assert_eq!(default().await, Some(gone));

    engine.delete_account(gone, passing(), &admin()).await.unwrap();
    engine.set_default(third, &admin()).await.unwrap();
    restore(&tocsin, gone).await.unwrap();
    assert_eq!(default().await, Some(third), "what somebody chose since stays");
}

#[tokio::test]
async fn whoever_takes_over_must_be_there() {
    let server = Scripted::start(Script::plain()).await;
    let tocsin = Tocsin::start().await;
    let gone = tocsin.account("gone@example.com", &server).await;
    for nobody in [gone, AccountId::new(7)] {
        let refused = delete(&tocsin, gone, Replacement::All(nobody)).await;
        assert!(matches!(refused, Err(AccountError::ReplacementGone)));
    }
    assert!(tocsin.engine.account(gone).await.is_ok());
}

#[tokio::test]
async fn two_who_delete_or_restore_at_the_same_time_are_told_apart_and_harm_nothing() {
    let server = Scripted::start(Script::plain()).await;
    let tocsin = Tocsin::start().await;
    let gone = tocsin.account("gone@example.com", &server).await;
    let other = tocsin.account("other@example.com", &server).await;
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
    let server = Scripted::start(Script::plain()).await;
    let tocsin = Tocsin::start().await;
    let gone = tocsin.account("nas@example.com", &server).await;
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
async fn after_thirty_days_the_secrets_are_erased_and_the_account_cannot_come_back() {
    let server = Scripted::start(Script::plain()).await;
    let tocsin = Tocsin::start().await;
    let old = tocsin.account("old@example.com", &server).await;
    let fresh = tocsin.account("fresh@example.com", &server).await;
    let other = tocsin.account("other@example.com", &server).await;
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
    let server = Scripted::start(Script::plain()).await;
    let tocsin = Tocsin::start().await;
    let gone = tocsin.account("gone@example.com", &server).await;
    delete(&tocsin, gone, Replacement::Leave).await.unwrap();
    set(&tocsin, gone, "erasing_at", Some(to_millis(now()))).await;
    let refused = restore(&tocsin, gone).await;
    assert!(
        matches!(refused, Err(RestoreError::Erased(_))),
        "its grant may be ended already"
    );

    let tocsin = tocsin.restart().await;

    when_erased(&tocsin, gone).await;
}

#[tokio::test]
async fn a_deletion_survives_the_end_of_the_process_and_can_still_be_undone() {
    let server = Scripted::start(Script::plain()).await;
    let tocsin = Tocsin::start().await;
    let gone = tocsin.account("gone@example.com", &server).await;
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
async fn a_rule_with_a_sender_that_no_account_has_asks_for_one() {
    let server = Scripted::start(Script::plain()).await;
    let tocsin = Tocsin::start().await;
    let account = tocsin.account("nas@example.com", &server).await;
    // As a rule that was restored or imported without its account.
    let rule = tocsin.rule(&[AccountId::new(4711)]).await;
    tocsin.report("error", "x").await;
    let held = tocsin.when(State::Held, 1).await;
    assert_eq!(held[0].reason, Some(Reason::SendersGone));
    let engine = &tocsin.engine;
    let asked = engine.senderless_pairs().await.unwrap();
    let unknown = Senderless::SendersGone(vec![GoneSender::Unknown(AccountId::new(4711))]);
    assert_eq!(asked[0].why, unknown);

    let mut definition = engine.rule(rule).await.unwrap().definition;
    definition.pairs[0].senders.push(account);
    engine.save_rule(Some(rule), definition, &admin()).await.unwrap();

    server.mails(1).await;
    assert_eq!(senders(&tocsin, rule).await, [account]);
}

#[tokio::test]
async fn a_deleted_account_is_not_checked_and_is_looked_at_again_once_it_is_restored() {
    let server = Scripted::start(Script::plain()).await;
    let tocsin = Tocsin::start().await;
    let gone = tocsin.account("gone@example.com", &server).await;
    let other = tocsin.account("other@example.com", &server).await;
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

#[tokio::test]
async fn erasing_takes_the_grants_tokens_too_even_where_the_provider_cannot_be_asked() {
    let server = Scripted::start(Script::plain()).await;
    let tocsin = Tocsin::start().await;
    let gone = tocsin.account("gone@example.com", &server).await;
    let store = &tocsin.engine.store;
    let grant = Grant {
        id: GrantId::new(store.next_id()),
        account: gone,
        provider: ProviderKey::new("gmail"),
        scopes: vec!["https://mail.google.com/".to_owned()],
        granted_at: now(),
        ends_at: None,
    };
    let secrets = GrantSecrets {
        refresh_token: b"sealed-refresh-token".to_vec(),
        access: Some(AccessSecret {
            token: b"sealed-access-token".to_vec(),
            until: now() + SignedDuration::from_hours(1),
        }),
    };
    let mut transaction = store.begin().await.unwrap();
    store
        .insert_grant(&mut transaction, &grant, &secrets)
        .await
        .unwrap();
    transaction.commit().await.unwrap();
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
    let server = Scripted::start(Script::plain()).await;
    let tocsin = Tocsin::start().await;
    let gone = tocsin.account("nas@example.com", &server).await;
    let again = tocsin.account("NAS@example.com", &server).await;
    let store = &tocsin.engine.store;
    assert!(!store.shares_its_grant(gone).await.unwrap());
    let grant = Grant {
        id: GrantId::new(store.next_id()),
        account: again,
        provider: ProviderKey::new("gmail"),
        scopes: vec![],
        granted_at: now(),
        ends_at: None,
    };
    let secrets = GrantSecrets {
        refresh_token: b"sealed".to_vec(),
        access: None,
    };
    let mut transaction = store.begin().await.unwrap();
    store
        .insert_grant(&mut transaction, &grant, &secrets)
        .await
        .unwrap();
    transaction.commit().await.unwrap();

    assert!(store.shares_its_grant(gone).await.unwrap());
}
