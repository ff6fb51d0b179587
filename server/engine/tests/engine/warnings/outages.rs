//! An account that lost its authorization, or whose server is silent.

use super::{ADMIN, DAY, LOST, OWNER, refusing, to, told, when_told, working};
use crate::support::{Tocsin, admin};
use tocsin_domain::authorization::Authorization;
use tocsin_domain::id::AccountId;
use tocsin_domain::notification::{Reason, State};
use tocsin_domain::told::Kind;
use tocsin_engine::accounts::Deletion;
use tocsin_engine::smtp::scripted::{Act, Script, Scripted, Step};
use tocsin_engine::time::now;

/// An account whose server just refused it, and another one that carries the warnings.
async fn outage(refusing: &Scripted) -> (Tocsin, AccountId, Scripted) {
    let other = working().await;
    let tocsin = Tocsin::start().await;
    tocsin.administrator(ADMIN).await;
    tocsin.account("other@example.com", &other).await;
    let account = tocsin.lost_account(LOST, refusing).await;
    (tocsin, account, other)
}

#[tokio::test]
async fn the_admins_the_owner_and_the_account_itself_are_told_once_by_another_account() {
    let lost = refusing().await;
    let (tocsin, account, other) = outage(&lost).await;

    let mails = other.mails(2).await;
    assert_eq!(to(&mails, ADMIN), 1, "{mails:#?}");
    let owners: Vec<_> = mails
        .iter()
        .filter(|mail| mail.to.contains(&OWNER.to_owned()))
        .collect();
    assert_eq!(owners.len(), 1);
    assert!(
        owners[0].to.contains(&LOST.to_owned()),
        "the account still receives"
    );
    assert!(
        !owners[0].to.contains(&ADMIN.to_owned()),
        "a mail of their own: it may hold a link"
    );
    for mail in &mails {
        assert_eq!(mail.from, "other@example.com");
        assert!(
            mail.data
                .contains("Authorization has expired. Reauthorize the account."),
            "{}",
            mail.data
        );
        assert!(mail.data.contains("text/html") && mail.data.contains("text/plain"));
    }
    tocsin.when(State::Sent, 2).await;
    let told = told(&tocsin, account, Kind::Expired).await;
    assert_eq!(told.len(), 2);
    assert!(
        told.iter()
            .all(|told| told.notification.unwrap().1 == State::Sent)
    );
    let log = tocsin.engine.audit_log(20).await.unwrap();
    assert!(
        log.iter()
            .any(|line| line.action == "authorization-lost" && line.subject == LOST && line.who == "Tocsin")
    );
}

#[tokio::test]
async fn an_outage_that_lasts_is_told_again_each_day_and_a_restart_tells_nothing_twice() {
    let lost = refusing().await;
    let (tocsin, account, other) = outage(&lost).await;
    when_told(&other, ADMIN, 1).await;
    tocsin.when(State::Sent, 2).await;

    let tocsin = tocsin.restart().await;
    tocsin.a_day_passes().await;
    when_told(&other, ADMIN, 2).await;
    tocsin.when(State::Sent, 4).await;

    tocsin.engine.check_soon();
    tocsin.report("error", "a look at the rules takes place").await;
    assert_eq!(told(&tocsin, account, Kind::Expired).await.len(), 4);
}

#[tokio::test]
async fn a_new_outage_is_told_anew() {
    let lost = refusing().await;
    let (tocsin, account, other) = outage(&lost).await;
    when_told(&other, ADMIN, 1).await;

    lost.change(|_| Script::plain());
    tocsin
        .engine
        .test_sending(account, &ADMIN.parse().unwrap(), &admin())
        .await
        .unwrap();
    tocsin
        .when_account(account, |account| {
            account.authorization == Authorization::Authorized
        })
        .await;
    lost.change(|_| Script::plain().knowing_nobody());
    tocsin.check_now(account).await;

    when_told(&other, ADMIN, 2).await;
}

#[tokio::test]
async fn a_refused_setting_is_told_too() {
    let refusing = Scripted::start(Script::plain().always(
        Step::Auth,
        Act::say(
            "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.",
        ),
    ))
    .await;
    let (tocsin, account, other) = outage(&refusing).await;
    let mails = when_told(&other, ADMIN, 1).await;
    assert!(
        mails[0].data.contains("a setting of the account is refused"),
        "{}",
        mails[0].data
    );
    tocsin.when_told(account, Kind::SettingRefused, 2).await;
}

#[tokio::test]
async fn a_warning_that_is_over_before_anybody_could_carry_it_is_never_sent() {
    let (first, second) = (refusing().await, refusing().await);
    let tocsin = Tocsin::start().await;
    tocsin.administrator(ADMIN).await;
    let one = tocsin.lost_account(LOST, &first).await;
    let two = tocsin.lost_account("two@example.com", &second).await;
    let held = tocsin.when(State::Held, 4).await;
    assert!(held.iter().all(|held| held.reason == Some(Reason::NoSender)));
    // A day later nobody could be told yet: one warning says it all.
    tocsin.a_day_passes().await;

    first.change(|_| Script::plain());
    tocsin
        .engine
        .test_sending(one, &ADMIN.parse().unwrap(), &admin())
        .await
        .unwrap();

    let over = tocsin.when(State::Failed, 2).await;
    assert!(
        over.iter().all(|over| over.reason == Some(Reason::Over)),
        "{over:#?}"
    );
    assert!(over.iter().all(|over| over.headline.contains(LOST)));
    let mails = when_told(&first, OWNER, 1).await;
    assert!(
        mails
            .iter()
            .all(|mail| !mail.data.contains("nas@example.com cannot send"))
    );
    tocsin.when(State::Sent, 2).await;
    assert_eq!(told(&tocsin, two, Kind::Expired).await.len(), 2);
}

#[tokio::test]
async fn a_warning_about_an_account_that_is_deleted_meanwhile_is_never_sent() {
    let (lost, other) = (refusing().await, working().await);
    let tocsin = Tocsin::start().await;
    let account = tocsin.lost_account(LOST, &lost).await;
    tocsin.when(State::Held, 1).await;

    tocsin
        .engine
        .delete_account(account, Deletion::leave(), &admin())
        .await
        .unwrap();

    let over = tocsin.when(State::Failed, 1).await;
    assert_eq!(over[0].reason, Some(Reason::Over));
    tocsin.account("other@example.com", &other).await;
    assert_eq!(tocsin.in_state(State::Failed).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_server_that_is_silent_for_a_day_is_said_to_be_out_not_expired() {
    let other = working().await;
    let gone =
        Scripted::start(Script::plain().always(Step::Greeting, Act::say("421 4.3.2 not available"))).await;
    let tocsin = Tocsin::start().await;
    tocsin.administrator(ADMIN).await;
    tocsin.account("other@example.com", &other).await;
    let account = tocsin.account(LOST, &gone).await;
    tocsin.check_now(account).await;
    tocsin
        .when_account(account, |account| account.pause.is_some())
        .await;
    tocsin.check_now(account).await;
    let silent = tocsin
        .when_account(account, |account| {
            matches!(account.authorization, Authorization::Unreachable { .. })
        })
        .await;
    assert_eq!(
        tocsin.engine.told(account).await.unwrap(),
        [],
        "an outage is not told at once"
    );

    let Authorization::Unreachable { words, before, .. } = silent.authorization else {
        panic!("it is unreachable");
    };
    let since = now() - DAY;
    let long = Authorization::Unreachable { since, words, before };
    tocsin
        .sql(format!(
            "UPDATE accounts SET authorization_json = '{}' WHERE address = 'nas@example.com'",
            serde_json::to_string(&long).unwrap()
        ))
        .await;
    tocsin.engine.check_soon();

    let mails = when_told(&other, ADMIN, 1).await;
    assert!(mails[0].data.contains("does not answer"), "{}", mails[0].data);
    assert!(!mails[0].data.contains("expired"), "{}", mails[0].data);
    assert_eq!(to(&mails, OWNER), 0, "there is nothing the owner could do");
}
