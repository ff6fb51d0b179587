use crate::support::{Tocsin, admin};
use tocsin_domain::account::PauseReason;
use tocsin_domain::authorization::Authorization;
use tocsin_domain::notification::{Reason, State};
use tocsin_engine::QueueError;
use tocsin_engine::smtp::scripted::{Act, Script, Scripted, Step};

#[tokio::test]
async fn the_next_sender_takes_over_at_once_when_the_first_is_refused_for_good() {
    let first_server = Scripted::start(Script::plain().knowing_nobody()).await;
    let second_server = Scripted::start(Script::plain()).await;
    let tocsin = Tocsin::start().await;
    let first = tocsin.account("first@example.com", &first_server).await;
    let second = tocsin.account("second@example.com", &second_server).await;
    tocsin.rule(&[first, second]).await;

    tocsin.report("error", "Disk 2 failed").await;

    // Two refusals confirm each other; the mail does not wait for that.
    let mails = second_server.mails(1).await;
    assert!(
        mails
            .iter()
            .any(|mail| mail.header("Subject").as_deref() == Some("Disk 2 failed"))
    );
    assert!(mails.iter().all(|mail| mail.from == "second@example.com"));
    let sent = tocsin.when(State::Sent, 1).await;
    assert!(sent.iter().all(|sent| sent.account.as_ref().unwrap().0 == second));
}

#[tokio::test]
async fn a_used_up_limit_hands_over_to_the_next_sender_and_names_the_reason() {
    let quota = Act::say("550 5.4.5 Daily sending quota exceeded");
    let first_server = Scripted::start(Script::plain().always(Step::Mail, quota)).await;
    let second_server = Scripted::start(Script::plain()).await;
    let tocsin = Tocsin::start().await;
    let first = tocsin.account("first@example.com", &first_server).await;
    let second = tocsin.account("second@example.com", &second_server).await;
    tocsin.rule(&[first, second]).await;
    tocsin.report("error", "x").await;
    assert_eq!(second_server.mails(1).await[0].from, "second@example.com");
    let account = tocsin
        .when_account(first, |account| account.pause.is_some())
        .await;
    assert_eq!(account.pause.unwrap().why, PauseReason::Quota);
    assert_eq!(
        account.authorization,
        Authorization::Authorized,
        "a limit is no lost authorization"
    );
}

#[tokio::test]
async fn without_any_sender_notifications_are_held_and_adding_one_sends_them_most_severe_first() {
    let server = Scripted::start(Script::plain()).await;
    let tocsin = Tocsin::start().await;
    let rule = tocsin.rule(&[]).await;
    for (severity, text) in [
        ("information", "a"),
        ("error", "b"),
        ("warning", "c"),
        ("error", "d"),
    ] {
        tocsin.report(severity, text).await;
    }
    let held = tocsin.when(State::Held, 4).await;
    assert!(held.iter().all(|held| held.reason == Some(Reason::NoSender)));
    let refused = tocsin.engine.send_now(held[0].id, &admin()).await;
    assert!(matches!(refused, Err(QueueError::NoSender)));

    let account = tocsin.account("nas@example.com", &server).await;
    tocsin.set_senders(rule, &[account]).await;

    let mails = server.mails(4).await;
    let subjects: Vec<_> = mails.iter().map(|mail| mail.header("Subject").unwrap()).collect();
    assert_eq!(subjects, ["b", "d", "c", "a"]);
}

#[tokio::test]
async fn one_account_that_hangs_does_not_delay_another() {
    let silent = Scripted::start(Script::plain().always(Step::Greeting, Act::Silence)).await;
    let server = Scripted::start(Script::plain()).await;
    let tocsin = Tocsin::start().await;
    let slow = tocsin.account("slow@example.com", &silent).await;
    let fast = tocsin.account("fast@example.com", &server).await;
    tocsin.rule(&[slow]).await;
    tocsin.rule(&[fast]).await;
    tocsin.report("error", "x").await;
    assert_eq!(server.mails(1).await[0].from, "fast@example.com");
    assert!(silent.record().mails.is_empty());
}
