use crate::support::{Tocsin, admin};
use secrecy::SecretString;
use tocsin_domain::account::{AccountSettings, IsDefault, SignIn};
use tocsin_domain::authorization::Authorization;
use tocsin_domain::failure::FailureClass;
use tocsin_domain::id::AccountId;
use tocsin_domain::notification::State;
use tocsin_domain::provider::ProviderKey;
use tocsin_domain::text::Line;
use tocsin_engine::accounts::{AccountError, Deletion, NewAccount, OfDeleted, Share};
use tocsin_engine::smtp::scripted::{Act, Script, Scripted, Step};

const NAS: &str = "nas@example.com";

fn settings(server: &Scripted) -> AccountSettings {
    AccountSettings {
        provider: ProviderKey::new(ProviderKey::CUSTOM),
        address: NAS.parse().unwrap(),
        sender_name: Line::default(),
        owner: None,
        smtp: server.endpoint().server,
        imap: None,
        sign_in: SignIn::Password { user: NAS.to_owned() },
    }
}

fn new(server: &Scripted, secret: &str) -> NewAccount {
    NewAccount {
        settings: settings(server),
        secret: Some(secret.into()),
        default: IsDefault::No,
        of_deleted: OfDeleted::Offer,
    }
}

async fn knowing(secret: &str) -> Scripted {
    Scripted::start(Script::plain().knowing(NAS, secret)).await
}

async fn added(tocsin: &Tocsin, server: &Scripted, secret: &str) -> AccountId {
    tocsin
        .engine
        .add_account(new(server, secret), &admin())
        .await
        .unwrap()
}

fn refused_as(outcome: Result<impl std::fmt::Debug, AccountError>, class: FailureClass) -> bool {
    matches!(outcome, Err(AccountError::NotAccepted(error)) if error.verdict.class == class)
}

async fn lines(tocsin: &Tocsin) -> usize {
    tocsin.engine.audit_log(100).await.unwrap().len()
}

#[tokio::test]
async fn an_account_that_the_server_accepts_is_added_and_sends() {
    let server = knowing("right").await;
    let tocsin = Tocsin::start().await;

    let id = added(&tocsin, &server, "right").await;

    let account = tocsin.engine.account(id).await.unwrap();
    assert_eq!(account.authorization, Authorization::Authorized);
    assert!(account.proven_at.is_some());
    tocsin.rule(&[id]).await;
    tocsin.report("error", "x").await;
    server.mails(1).await;
    assert!(!tocsin.stored_bytes().contains("right"));
}

#[tokio::test]
async fn what_the_server_does_not_accept_is_not_added() {
    let server = knowing("right").await;
    let tocsin = Tocsin::start().await;
    let engine = &tocsin.engine;

    let wrong = engine.add_account(new(&server, "wrong"), &admin()).await;
    assert!(refused_as(wrong, FailureClass::Reauthorize));
    let mut elsewhere = new(&server, "right");
    elsewhere.settings.smtp.host = "no-such-host.invalid".into();
    let elsewhere = engine.add_account(elsewhere, &admin()).await;
    assert!(matches!(elsewhere, Err(AccountError::NotAccepted(_))));
    let mut empty = new(&server, "");
    empty.settings.sender_name = Line::parse("NAS").unwrap();
    let empty = engine.add_account(empty, &admin()).await;
    assert!(matches!(empty, Err(AccountError::SecretMissing)));

    assert!(engine.accounts().await.unwrap().is_empty());
    assert_eq!(lines(&tocsin).await, 0);
}

#[tokio::test]
async fn a_refusal_is_told_in_words_that_say_what_to_do_and_without_the_password() {
    let server = knowing("right").await;
    let tocsin = Tocsin::start().await;
    let refused = tocsin
        .engine
        .add_account(new(&server, "wr0ng-s3cret"), &admin())
        .await
        .unwrap_err();
    let text = format!("{refused} {refused:?}");
    assert!(text.contains("password"), "{text}");
    assert!(!text.contains("wr0ng-s3cret"), "{text}");
}

#[tokio::test]
async fn one_mailbox_is_one_account_also_when_two_add_it_at_the_same_time() {
    let server = knowing("right").await;
    let tocsin = Tocsin::start().await;
    let (engine, who) = (&tocsin.engine, admin());
    let mut shouting = new(&server, "right");
    shouting.settings.address = "NAS@EXAMPLE.COM".parse().unwrap();
    let (one, two) = tokio::join!(
        engine.add_account(new(&server, "right"), &who),
        engine.add_account(shouting, &who),
    );
    assert_eq!(usize::from(one.is_ok()) + usize::from(two.is_ok()), 1);
    let refused = one.err().or(two.err());
    assert!(matches!(refused, Some(AccountError::Taken { .. })), "{refused:?}");
    assert_eq!(engine.accounts().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_new_password_that_is_refused_replaces_nothing() {
    let server = knowing("right").await;
    let tocsin = Tocsin::start().await;
    let id = added(&tocsin, &server, "right").await;

    let refused = tocsin
        .engine
        .update_account(id, settings(&server), Some("wrong".into()), &admin())
        .await;

    assert!(refused_as(refused, FailureClass::Reauthorize));
    tocsin.rule(&[id]).await;
    tocsin.report("error", "x").await;
    server.mails(1).await;
}

#[tokio::test]
async fn a_new_password_reauthorizes_the_account_and_what_was_held_goes() {
    let server = knowing("old").await;
    let tocsin = Tocsin::start().await;
    let id = added(&tocsin, &server, "old").await;
    tocsin.rule(&[id]).await;
    server.change(|_| Script::plain().knowing(NAS, "new"));
    tocsin.report("error", "x").await;
    tocsin
        .when_account(id, |account| account.authorization.needs_somebody())
        .await;
    tocsin.when(State::Held, 1).await;

    let password: SecretString = "new".into();
    let engine = &tocsin.engine;
    engine
        .update_account(id, settings(&server), Some(password), &admin())
        .await
        .unwrap();

    server.mails(1).await;
    let account = engine.account(id).await.unwrap();
    assert_eq!(account.authorization, Authorization::Authorized);
    let log = engine.audit_log(1).await.unwrap();
    assert_eq!(
        (log[0].action.as_str(), log[0].subject.as_str()),
        ("account-reauthorized", NAS)
    );
}

#[tokio::test]
async fn a_name_is_changed_without_asking_the_server() {
    let server = knowing("right").await;
    let tocsin = Tocsin::start().await;
    let id = added(&tocsin, &server, "right").await;
    let asked = server.record().sign_ins.len();
    let mut renamed = settings(&server);
    renamed.sender_name = Line::parse("Store one").unwrap();

    let engine = &tocsin.engine;
    engine
        .update_account(id, renamed.clone(), None, &admin())
        .await
        .unwrap();

    assert_eq!(engine.account(id).await.unwrap().settings, renamed);
    assert_eq!(server.record().sign_ins.len(), asked);
}

#[tokio::test]
async fn another_server_must_accept_the_stored_password_before_it_replaces_the_first() {
    let (first, second, third) = (knowing("right").await, knowing("right").await, knowing("x").await);
    let tocsin = Tocsin::start().await;
    let id = added(&tocsin, &first, "right").await;
    let engine = &tocsin.engine;

    let refused = engine.update_account(id, settings(&third), None, &admin()).await;
    assert!(refused_as(refused, FailureClass::Reauthorize));
    assert_eq!(engine.account(id).await.unwrap().settings, settings(&first));

    engine
        .update_account(id, settings(&second), None, &admin())
        .await
        .unwrap();
    assert_eq!(engine.account(id).await.unwrap().settings, settings(&second));
}

#[tokio::test]
async fn a_grant_is_neither_typed_in_nor_moved_to_another_mailbox() {
    let server = knowing("right").await;
    let tocsin = Tocsin::start().await;
    let mut granted = new(&server, "right");
    granted.settings.sign_in = SignIn::Grant;
    let refused = tocsin.engine.add_account(granted.clone(), &admin()).await;
    assert!(matches!(refused, Err(AccountError::GrantNeeded)));

    let id = added(&tocsin, &server, "right").await;
    let refused = tocsin
        .engine
        .update_account(id, granted.settings, None, &admin())
        .await;
    assert!(matches!(refused, Err(AccountError::GrantNeeded)));
}

#[tokio::test]
async fn there_is_one_default_account() {
    let server = Scripted::start(Script::plain()).await;
    let tocsin = Tocsin::start().await;
    let one = tocsin.account("one@example.com", &server).await;
    let two = tocsin.account("two@example.com", &server).await;
    let engine = &tocsin.engine;
    for id in [one, two] {
        engine.set_default(id, &admin()).await.unwrap();
    }
    let gone = engine.set_default(AccountId::new(7), &admin()).await;
    assert!(matches!(gone, Err(AccountError::Gone)));
    let defaults = engine.accounts().await.unwrap();
    let defaults = defaults
        .iter()
        .filter(|account| account.default == IsDefault::Yes);
    assert_eq!(defaults.map(|account| account.id).collect::<Vec<_>>(), [two]);
}

#[tokio::test]
async fn what_a_rule_would_lose_with_an_account_is_known_before_it_is_deleted() {
    let server = Scripted::start(Script::plain()).await;
    let tocsin = Tocsin::start().await;
    let one = tocsin.account("one@example.com", &server).await;
    let two = tocsin.account("two@example.com", &server).await;
    let alone = tocsin.rule(&[one]).await;
    let shared = tocsin.rule(&[two, one]).await;
    let open = tocsin.rule(&[]).await;
    tocsin.rule(&[two]).await;
    let engine = &tocsin.engine;
    let uses = |uses: Vec<tocsin_engine::accounts::AccountUse>| {
        let uses = uses.into_iter().map(|used| (used.rule, used.pair, used.share));
        uses.collect::<Vec<_>>()
    };
    let other = "two@example.com".parse().unwrap();
    let listed = [
        (alone, 1, Share::OnlySender),
        (shared, 1, Share::OneOfSeveral(vec![other])),
    ];
    assert_eq!(uses(engine.account_uses(one).await.unwrap()), listed);

    engine.set_default(one, &admin()).await.unwrap();
    let with_default = [listed[0].clone(), listed[1].clone(), (open, 1, Share::Default)];
    assert_eq!(uses(engine.account_uses(one).await.unwrap()), with_default);

    // What loses its only sender does not become the default account's business.
    let deleted = engine.delete_account(two, Deletion::leave(), &admin()).await;
    deleted.unwrap();
    let after = [
        listed[0].clone(),
        (shared, 1, Share::OnlySender),
        with_default[2].clone(),
    ];
    assert_eq!(uses(engine.account_uses(one).await.unwrap()), after);
    assert!(matches!(engine.account_uses(two).await, Err(AccountError::Gone)));
}

#[tokio::test]
async fn what_waits_for_a_deleted_account_goes_by_the_next_sender() {
    let silent = Script::plain().always(Step::Greeting, Act::say("421 4.3.2 not available"));
    let (down, up) = (
        Scripted::start(silent).await,
        Scripted::start(Script::plain()).await,
    );
    let tocsin = Tocsin::start().await;
    let first = tocsin.account("first@example.com", &down).await;
    let second = tocsin.account("second@example.com", &up).await;
    tocsin.rule(&[first, second]).await;
    tocsin.report("error", "x").await;

    let engine = &tocsin.engine;
    let deleted = engine.delete_account(first, Deletion::leave(), &admin()).await;
    deleted.unwrap();

    up.mails(1).await;
    assert!(matches!(
        tocsin.engine.account(first).await,
        Err(AccountError::Gone)
    ));
}

#[tokio::test]
async fn a_test_mail_arrives_and_mends_the_state() {
    let server = Scripted::start(Script::plain().knowing_nobody()).await;
    let tocsin = Tocsin::start().await;
    let id = tocsin.account(NAS, &server).await;
    let to = "me@example.org".parse().unwrap();
    let engine = &tocsin.engine;

    let refused = engine.test_sending(id, &to, &admin()).await;
    assert!(refused_as(refused, FailureClass::Reauthorize));
    tocsin
        .when_account(id, |account| account.authorization.needs_somebody())
        .await;

    server.change(|_| Script::plain());
    engine.test_sending(id, &to, &admin()).await.unwrap();

    let mails = server.mails(1).await;
    assert_eq!(
        (mails[0].from.as_str(), &mails[0].to[..]),
        (NAS, &["me@example.org".to_owned()][..])
    );
    assert!(
        mails[0]
            .header("Subject")
            .unwrap()
            .starts_with("Test from Tocsin")
    );
    let account = engine.account(id).await.unwrap();
    assert_eq!(account.authorization, Authorization::Authorized);
    let log = engine.audit_log(1).await.unwrap();
    assert_eq!(log[0].action, "account-tested");
}

#[tokio::test]
async fn a_recipient_that_is_refused_in_a_test_says_nothing_against_the_account() {
    let refusing = Script::plain().refusing("me@example.org", "550 5.1.1 no such user");
    let server = Scripted::start(refusing).await;
    let tocsin = Tocsin::start().await;
    let id = tocsin.account(NAS, &server).await;
    let to = "me@example.org".parse().unwrap();

    let refused = tocsin.engine.test_sending(id, &to, &admin()).await;

    assert!(refused_as(refused, FailureClass::Recipient));
    let account = tocsin.engine.account(id).await.unwrap();
    assert_eq!(account.authorization, Authorization::Authorized);
}

#[tokio::test]
async fn on_a_full_disk_nothing_is_changed() {
    let server = knowing("right").await;
    let tocsin = Tocsin::start().await;
    let id = added(&tocsin, &server, "right").await;
    let before = lines(&tocsin).await;
    tocsin.fill_the_disk().await;
    let mut renamed = settings(&server);
    // Longer than what the pages of the file have left.
    renamed.smtp.ca = Some(server.ca().repeat(20));
    let engine = &tocsin.engine;

    let refused = engine.update_account(id, renamed, None, &admin()).await;

    assert!(matches!(refused, Err(AccountError::Store(_))), "{refused:?}");
    tocsin.free_the_disk().await;
    assert_eq!(engine.account(id).await.unwrap().settings, settings(&server));
    assert_eq!(lines(&tocsin).await, before);
}

#[tokio::test]
async fn a_stored_password_is_sent_to_no_server_but_the_one_that_it_was_entered_for() {
    let server = knowing("right").await;
    let stranger = Scripted::start(Script::plain()).await;
    let tocsin = Tocsin::start().await;
    let engine = &tocsin.engine;
    let id = added(&tocsin, &server, "right").await;
    let mut elsewhere = settings(&stranger);
    elsewhere.smtp.host = "localhost".into();

    let kept = engine.update_account(id, elsewhere.clone(), None, &admin()).await;
    assert!(matches!(kept, Err(AccountError::SecretNeededForHost(host)) if host == "localhost"));
    assert!(stranger.record().sign_ins.is_empty());
    assert_eq!(engine.account(id).await.unwrap().settings, settings(&server));

    let mut reading = settings(&server);
    reading.imap = Some(elsewhere.smtp.clone());
    let kept = engine.update_account(id, reading, None, &admin()).await;
    assert!(matches!(kept, Err(AccountError::SecretNeededForHost(_))));

    let entered = Some("right".into());
    engine
        .update_account(id, elsewhere.clone(), entered, &admin())
        .await
        .unwrap();
    assert_eq!(engine.account(id).await.unwrap().settings, elsewhere);
}

#[tokio::test]
async fn the_new_account_becomes_the_sender_of_the_chosen_pairs_at_once() {
    let server = knowing("right").await;
    let tocsin = Tocsin::start().await;
    let engine = &tocsin.engine;
    let other = tocsin.account("other@example.com", &server).await;
    let (alone, served) = (tocsin.rule(&[]).await, tocsin.rule(&[other]).await);
    let untouched = tocsin.rule(&[]).await;
    let pair = |rule| async move { engine.rule(rule).await.unwrap().definition.pairs.remove(0) };
    let chosen: Vec<_> = [pair(alone).await.id, pair(served).await.id]
        .into_iter()
        .flatten()
        .collect();
    let id = added(&tocsin, &server, "right").await;

    engine.give_sender(id, &chosen, &admin()).await.unwrap();
    engine.give_sender(id, &chosen, &admin()).await.unwrap();

    assert_eq!(pair(alone).await.senders, [id]);
    assert_eq!(pair(served).await.senders, [other, id]);
    assert!(pair(untouched).await.senders.is_empty());
}
