//! Signing in at a provider, in each way, to add an account and to authorize it again.

use crate::endpoint::Reply;
use crate::provider::{Page, World, session};
use crate::support::admin;
use serde_json::json;
use tocsin_domain::authorization::Authorization;
use tocsin_domain::id::{AccountId, DeviceSignInId};
use tocsin_domain::notification::State;
use tocsin_engine::oauth::{OAuthError, SessionHash};
use tocsin_engine::smtp::scripted::Script;
use tocsin_engine::{Begun, DeviceProgress, FinishError, Finished};

const MAILBOX: &str = "nas@gmail.com";

/// The mail server takes the first access token.
fn first() -> Script {
    Script::plain().knowing(MAILBOX, "access-1")
}

/// It takes the second one only.
fn second() -> Script {
    Script::plain().knowing(MAILBOX, "access-2")
}

/// The account's grant is gone, and an event waits for it.
async fn lost() -> (World, AccountId) {
    let (world, account) = World::with_account(first()).await;
    world.tocsin.rule(&[account]).await;
    world.server.change(|_| second());
    world.endpoint.will_refuse(400, "invalid_grant");
    world.tocsin.report("error", "Disk 1 failed").await;
    world
        .tocsin
        .when_account(account, |account| {
            matches!(account.authorization, Authorization::NeedsReauthorization(_))
        })
        .await;
    world.tocsin.when(State::Held, 1).await;
    (world, account)
}

#[tokio::test]
async fn a_grant_that_is_given_again_releases_what_was_held() {
    let (world, account) = lost().await;
    let page = world.begin_reauthorizing(account).await;
    let finished = world.finish(&page, 2, MAILBOX).await.unwrap();
    assert_eq!(finished, Finished::Reauthorized(account));
    let mails = world.server.mails(1).await;
    assert!(mails[0].data.contains("Disk 1 failed"), "{}", mails[0].data);
    assert_eq!(mails[0].from, MAILBOX);
    world.tocsin.when(State::Sent, 1).await;
    assert_eq!(
        world
            .count("SELECT COUNT(*) FROM grants WHERE replaced_at IS NULL")
            .await,
        1
    );
}

#[tokio::test]
async fn another_mailbox_is_named_and_the_old_grant_stays() {
    let (world, account) = World::with_account(first()).await;
    let page = world.begin_reauthorizing(account).await;
    let error = world.finish(&page, 2, "bob@gmail.com").await.unwrap_err();
    assert!(
        matches!(&error, FinishError::OtherMailbox { signed_in, .. } if signed_in.as_str() == "bob@gmail.com"),
        "{error:?}"
    );
    let words = error.to_string();
    assert!(
        words.contains(MAILBOX) && words.contains("bob@gmail.com"),
        "{words}"
    );
    let grants = "SELECT COUNT(*) FROM grants WHERE replaced_at IS NULL AND length(refresh_token) > 0";
    assert_eq!(world.count(grants).await, 1);
}

#[tokio::test]
async fn a_mailbox_is_the_same_at_googlemail_and_with_other_dots() {
    let (world, account) = World::with_account(first()).await;
    let page = world.begin_reauthorizing(account).await;
    let finished = world.finish(&page, 1, "N.a.s@googlemail.com").await.unwrap();
    assert_eq!(finished, Finished::Reauthorized(account));
    let page = world.begin_adding("gmail").await;
    let again = world.finish(&page, 1, "na.s@gmail.com").await;
    assert!(
        matches!(again, Err(FinishError::Taken { account: taken, .. }) if taken == account),
        "{again:?}"
    );
}

#[tokio::test]
async fn two_who_authorize_the_same_account_both_succeed_and_the_second_is_told() {
    let (world, account) = World::with_account(Script::plain()).await;
    let mine = world.begin_reauthorizing(account).await;
    let theirs = world.begin_reauthorizing(account).await;
    assert_eq!(
        world.finish(&theirs, 2, MAILBOX).await.unwrap(),
        Finished::Reauthorized(account)
    );
    assert_eq!(
        world.finish(&mine, 3, MAILBOX).await.unwrap(),
        Finished::ReauthorizedToo(account)
    );
    assert_eq!(
        world
            .count("SELECT COUNT(*) FROM grants WHERE replaced_at IS NULL")
            .await,
        1
    );
    let token = world.tocsin.engine.oauth.access_token(account).await.unwrap();
    assert_eq!(secrecy::ExposeSecret::expose_secret(&token), "access-3");
}

#[tokio::test]
async fn a_grant_that_the_mail_server_refuses_replaces_nothing() {
    let (world, account) = World::with_account(first()).await;
    let page = world.begin_reauthorizing(account).await;
    let error = world.finish(&page, 2, MAILBOX).await.unwrap_err();
    assert!(matches!(error, FinishError::NotProven(_)), "{error:?}");
    let token = world.tocsin.engine.oauth.access_token(account).await.unwrap();
    assert_eq!(secrecy::ExposeSecret::expose_secret(&token), "access-1");
}

/// An Outlook.com account whose grant was given by redirect.
async fn outlook(script: Script) -> (World, AccountId) {
    let world = World::new(script).await;
    let page: Page = world.begin_adding("outlook").await;
    let finished = world.finish(&page, 1, "nas@outlook.com").await.unwrap();
    (world, finished.account())
}

async fn device(world: &World, account: AccountId, expires_in: u32) -> DeviceSignInId {
    world.will_give_codes(expires_in);
    match world.begin_device(account).await {
        Begun::DeviceCode(id) => id,
        other => panic!("{other:?}"),
    }
}

/// Waits until a sign-in by device code stands as wanted.
async fn when(world: &World, id: DeviceSignInId, wanted: impl Fn(&DeviceProgress) -> bool) -> DeviceProgress {
    let engine = &world.tocsin.engine;
    let mut changes = engine.live.listen();
    let wait = async {
        loop {
            let found = engine.device_sign_in(id, &session()).await.unwrap().progress;
            if wanted(&found) {
                return found;
            }
            let _ = tokio::time::timeout(std::time::Duration::from_millis(200), changes.changed()).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(30), wait)
        .await
        .unwrap()
}

fn ended(progress: &DeviceProgress) -> bool {
    !matches!(progress, DeviceProgress::Waiting(_))
}

#[tokio::test]
async fn a_code_is_asked_about_in_the_background_until_the_owner_has_signed_in() {
    let (world, account) = outlook(Script::plain()).await;
    world.will_give_codes(900);
    world.endpoint.will_refuse(400, "authorization_pending");
    world.endpoint.will(Reply::Page(502));
    world.will_grant(2, None, "nas@outlook.com");
    let Begun::DeviceCode(id) = world.begin_device(account).await else {
        panic!("no code");
    };
    let engine = &world.tocsin.engine;
    let shown = engine.device_sign_in(id, &session()).await.unwrap();
    assert_eq!(shown.user_code, "ABCD-EFGH");
    assert!(matches!(shown.progress, DeviceProgress::Waiting(_)), "{shown:?}");
    let trouble = when(&world, id, |progress| {
        matches!(progress, DeviceProgress::Waiting(Some(_)))
    })
    .await;
    assert!(matches!(&trouble, DeviceProgress::Waiting(Some(words)) if words.contains("web page")));
    let finished = when(&world, id, ended).await;
    assert_eq!(
        finished,
        DeviceProgress::Finished(Finished::Reauthorized(account))
    );
    let asked = world.endpoint.asked();
    let polls: Vec<_> = asked
        .iter()
        .filter(|asked| asked.contains_key("device_code"))
        .collect();
    assert_eq!(polls.len(), 3);
    assert!(polls.iter().all(|poll| poll["device_code"] == "device-canary"));
    assert_eq!(
        world
            .count("SELECT COUNT(*) FROM device_codes WHERE length(device_code) > 0")
            .await,
        0,
        "the code is erased"
    );
}

#[tokio::test]
async fn a_code_is_asked_about_after_a_restart() {
    let (mut world, account) = outlook(Script::plain()).await;
    let id = device(&world, account, 900).await;
    world.will_grant(2, None, "nas@outlook.com");
    world.tocsin = world.tocsin.restart().await;
    let finished = when(&world, id, ended).await;
    assert_eq!(
        finished,
        DeviceProgress::Finished(Finished::Reauthorized(account))
    );
}

#[tokio::test]
async fn a_code_that_is_declined_or_runs_out_says_so_and_changes_nothing() {
    let (world, account) = outlook(Script::plain()).await;
    for (error, words) in [
        ("authorization_declined", "the permission was not given"),
        ("access_denied", "the permission was not given"),
        ("expired_token", "the code has run out"),
        ("invalid_client", "refuses the OAuth application"),
    ] {
        let id = device(&world, account, 900).await;
        world.endpoint.will_refuse(400, error);
        let progress = when(&world, id, ended).await;
        assert!(
            matches!(&progress, DeviceProgress::Failed(failed) if failed.words.contains(words)),
            "{error}: {progress:?}"
        );
    }
    let id = device(&world, account, 1).await;
    let progress = when(&world, id, ended).await;
    assert!(
        matches!(&progress, DeviceProgress::Failed(failed) if failed.words.contains("the code has run out")),
        "{progress:?}"
    );
    let token = world.tocsin.engine.oauth.access_token(account).await.unwrap();
    assert_eq!(secrecy::ExposeSecret::expose_secret(&token), "access-1");
}

#[tokio::test]
async fn who_asks_too_often_is_told_to_slow_down_and_does() {
    let (world, account) = outlook(Script::plain()).await;
    let id = device(&world, account, 900).await;
    world
        .endpoint
        .will(Reply::Json(400, json!({ "error": "slow_down" })));
    let interval = "SELECT COUNT(*) FROM device_codes WHERE interval_ms = 6000";
    let mut slowed = 0;
    for _ in 0..100 {
        slowed = world.count(interval).await;
        if slowed == 1 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    assert_eq!(slowed, 1);
    assert!(matches!(
        world
            .tocsin
            .engine
            .device_sign_in(id, &session())
            .await
            .unwrap()
            .progress,
        DeviceProgress::Waiting(None)
    ));
}

#[tokio::test]
async fn a_code_is_shown_only_to_who_began_and_another_mailbox_is_offered_as_an_account() {
    let (world, account) = outlook(Script::plain()).await;
    let id = device(&world, account, 900).await;
    let engine = &world.tocsin.engine;
    let other = engine.device_sign_in(id, &SessionHash::of("somebody else")).await;
    assert!(
        matches!(other, Err(FinishError::OAuth(OAuthError::OtherSession))),
        "{other:?}"
    );
    world.will_grant(2, None, "bob@outlook.com");
    let progress = when(&world, id, ended).await;
    let DeviceProgress::Failed(failed) = progress else {
        panic!("{progress:?}");
    };
    assert_eq!(failed.account, Some(account));
    assert_eq!(failed.other.unwrap().1.as_str(), "bob@outlook.com");
}

#[tokio::test]
async fn google_gives_no_codes_for_mailboxes() {
    let (world, account) = World::with_account(Script::plain()).await;
    let who = admin();
    let base = "http://192.168.1.2:8725".parse().unwrap();
    let session = session();
    let new = tocsin_engine::NewSignIn {
        way: tocsin_domain::sign_in_way::Way::DeviceCode,
        session: &session,
        who: &who,
        base: &base,
    };
    let begun = world.tocsin.engine.begin_reauthorizing(account, &new).await;
    assert!(
        matches!(begun, Err(FinishError::OAuth(OAuthError::NoDeviceCodes(_)))),
        "{begun:?}"
    );
}
