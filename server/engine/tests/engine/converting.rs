//! Converting a Custom account on a public server of Gmail or Outlook, and turning it back.

use crate::provider::{World, page, session};
use crate::support::admin;
use tocsin_domain::account::SignIn;
use tocsin_domain::authorization::Authorization;
use tocsin_domain::id::{AccountId, RuleId};
use tocsin_domain::notification::State;
use tocsin_domain::sign_in_way::Way;
use tocsin_engine::accounts::AccountError;
use tocsin_engine::smtp::scripted::Script;
use tocsin_engine::{Begun, FinishError, Finished};

const MAILBOX: &str = "nas@gmail.com";

/// The server takes no password any more, but a grant; and an event waits for the Custom account.
async fn lost() -> (World, AccountId, RuleId) {
    let world = World::new(Script::plain().knowing(MAILBOX, "access-1")).await;
    let account = world.tocsin.account(MAILBOX, &world.server).await;
    let rule = world.tocsin.rule(&[account]).await;
    world.tocsin.report("error", "Disk 1 failed").await;
    world
        .tocsin
        .when_account(account, |account| account.authorization.needs_somebody())
        .await;
    world.tocsin.when(State::Held, 1).await;
    (world, account, rule)
}

async fn convert(world: &World, account: AccountId, address: &str) -> Result<Finished, FinishError> {
    let begun = world
        .begin_converting(account, "gmail", Way::Redirect)
        .await
        .unwrap();
    world.finish(&page(begun), 1, address).await
}

#[tokio::test]
async fn a_converted_account_keeps_its_id_and_its_rules_and_sends_what_was_held() {
    let (world, account, rule) = lost().await;
    let before = world.tocsin.engine.store.rule(rule).await.unwrap();
    let found = world.tocsin.engine.account(account).await.unwrap().settings;
    let offered = world.tocsin.engine.providers.convertible(&found);
    assert_eq!(offered[0].name, "Gmail");

    assert_eq!(
        convert(&world, account, MAILBOX).await.unwrap(),
        Finished::Converted(account)
    );

    let mails = world.server.mails(1).await;
    assert!(mails[0].data.contains("Disk 1 failed"), "{}", mails[0].data);
    let after = world.tocsin.engine.account(account).await.unwrap();
    assert_eq!(after.settings.provider.as_str(), "gmail");
    assert_eq!(after.settings.sign_in, SignIn::Grant);
    assert_eq!(after.settings.owner, found.owner);
    assert_eq!(world.tocsin.engine.store.rule(rule).await.unwrap(), before);
    let passwords = "SELECT COUNT(*) FROM accounts WHERE password IS NOT NULL";
    assert_eq!(world.count(passwords).await, 0);
    let kept = "SELECT COUNT(*) FROM conversions WHERE password IS NOT NULL";
    assert_eq!(world.count(kept).await, 1);
}

#[tokio::test]
async fn until_the_grant_has_proven_itself_the_password_stays() {
    let (world, account, _) = lost().await;
    world.server.change(|_| Script::plain().knowing_nobody());
    let refused = convert(&world, account, MAILBOX).await;
    assert!(matches!(refused, Err(FinishError::NotProven(_))), "{refused:?}");
    let other = convert(&world, account, "bob@gmail.com").await;
    assert!(
        matches!(other, Err(FinishError::OtherMailbox { .. })),
        "{other:?}"
    );
    let settings = world.tocsin.engine.account(account).await.unwrap().settings;
    assert!(settings.provider.is_custom());
    let passwords = "SELECT COUNT(*) FROM accounts WHERE password IS NOT NULL";
    assert_eq!(world.count(passwords).await, 1);
    assert_eq!(world.count("SELECT COUNT(*) FROM conversions").await, 0);
}

#[tokio::test]
async fn within_a_day_it_is_turned_back_with_its_former_server_and_password() {
    let (world, account, _) = lost().await;
    let before = world.tocsin.engine.account(account).await.unwrap().settings;
    convert(&world, account, MAILBOX).await.unwrap();
    let engine = &world.tocsin.engine;
    assert!(engine.can_turn_back_until(account).await.unwrap().is_some());
    // The old password serves again.
    world.server.change(|_| Script::plain().knowing(MAILBOX, "right"));

    engine.turn_back(account, &admin()).await.unwrap();

    assert_eq!(engine.account(account).await.unwrap().settings, before);
    world
        .tocsin
        .when_account(account, |account| {
            account.authorization == Authorization::Authorized
        })
        .await;
    assert_eq!(world.count("SELECT COUNT(*) FROM conversions").await, 0);
    let grants = "SELECT COUNT(*) FROM grants WHERE replaced_at IS NULL";
    assert_eq!(world.count(grants).await, 0);
    let again = engine.turn_back(account, &admin()).await;
    assert!(matches!(again, Err(AccountError::CannotTurnBack)), "{again:?}");
}

#[tokio::test]
async fn after_a_day_the_former_password_is_erased_and_nothing_turns_back() {
    let (mut world, account, _) = lost().await;
    convert(&world, account, MAILBOX).await.unwrap();
    let mut transaction = world.tocsin.engine.store.begin().await.unwrap();
    sqlx::query("UPDATE conversions SET until = until - 86400001")
        .execute(&mut *transaction)
        .await
        .unwrap();
    transaction.commit().await.unwrap();
    let late = world.tocsin.engine.turn_back(account, &admin()).await;
    assert!(matches!(late, Err(AccountError::CannotTurnBack)), "{late:?}");
    world.tocsin = world.tocsin.restart().await;
    let mut changes = world.tocsin.engine.live.listen();
    while world.count("SELECT COUNT(*) FROM conversions").await > 0 {
        let _ = tokio::time::timeout(std::time::Duration::from_millis(200), changes.changed()).await;
    }
}

#[tokio::test]
async fn only_a_custom_account_on_such_a_server_is_converted() {
    let (world, account, _) = lost().await;
    let nonsense = world.begin_converting(account, "yahoo", Way::Redirect).await;
    assert!(
        matches!(nonsense, Err(FinishError::NotConvertible(id)) if id == account),
        "{nonsense:?}"
    );
    // A second sign-in that was begun before the first one ended finds no Custom account any more.
    let late = page(
        world
            .begin_converting(account, "gmail", Way::Redirect)
            .await
            .unwrap(),
    );
    convert(&world, account, MAILBOX).await.unwrap();
    let twice = world.finish(&late, 1, MAILBOX).await;
    assert!(matches!(twice, Err(FinishError::NotConvertible(_))), "{twice:?}");
}

#[tokio::test]
async fn the_end_of_the_sign_in_can_be_pasted() {
    let (world, account, _) = lost().await;
    let Begun::Paste(id) = world
        .begin_converting(account, "gmail", Way::Paste)
        .await
        .unwrap()
    else {
        panic!("nothing to paste");
    };
    let engine = &world.tocsin.engine;
    let pasting = engine.oauth.pasting(&id, &session()).await.unwrap();
    let sign_in = page(Begun::Redirect(pasting.sign_in_url));
    assert!(
        sign_in["redirect_uri"].starts_with("http://127.0.0.1:"),
        "{sign_in:?}"
    );
    let text = format!(
        " {}?state={}&code=code-canary\r\n",
        pasting.redirect_uri, sign_in["state"]
    );
    world.will_grant(1, sign_in.get("nonce").map(String::as_str), MAILBOX);
    let finished = engine
        .finish_pasted(&id, &text, &session(), &admin())
        .await
        .unwrap();
    assert_eq!(finished, Finished::Converted(account));
    assert!(
        !world.tocsin.stored_bytes().contains(&sign_in["state"]),
        "the state is sealed"
    );
}
