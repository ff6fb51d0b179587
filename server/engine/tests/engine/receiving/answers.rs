//! What a mail means that answers one of ours: a bounce, or a reply.

use super::{REPORT, World};
use tocsin_domain::failure::Meaning;
use tocsin_domain::notification::{Reason, State};
use tocsin_domain::receiving::Said;
use tocsin_engine::imap::scripted::ImapScript;
use tocsin_engine::smtp::scripted::{Act, Script, Scripted, Step};

#[tokio::test]
async fn a_bounce_sets_its_notification_to_bounced_and_marks_the_recipient() {
    let world = World::watching(ImapScript::new()).await;
    let sent = world.sent("Disk 2 failed").await;

    world.bounce(&sent);

    let bounced = world.tocsin.when(State::Bounced, 1).await.remove(0);
    let Some(Reason::Undelivered {
        recipients,
        meaning,
        words,
    }) = bounced.reason
    else {
        panic!("{bounced:?}");
    };
    assert_eq!(recipients[0].as_str(), "ops@example.com");
    assert_eq!(meaning, Meaning::MailboxUnknown);
    assert!(words.starts_with("550 5.1.1"), "{words}");
    let undeliverable = world.tocsin.engine.undeliverable().await.unwrap();
    assert_eq!(undeliverable[0].recipient.as_str(), "ops@example.com");
    assert_eq!(undeliverable[0].notification, sent.id);
    world.assert_untouched();
}

#[tokio::test]
async fn a_reply_acknowledges_with_who_and_the_other_mails_of_the_event_show_it() {
    let world = World::with(ImapScript::new()).await;
    world.tocsin.rule_to("boss@example.com", &[world.account]).await;
    world.switch_on().await.unwrap();
    world.when_watching().await;
    world.tocsin.report("error", "Disk 2 failed").await;
    let sent = world.tocsin.when(State::Sent, 2).await;

    world.reply(
        &sent[0],
        "Subject: Automatic reply: disk\nAuto-Submitted: auto-replied\n",
    );
    world.reply(&sent[0], "");

    let acknowledged = world.tocsin.when(State::Acknowledged, 1).await.remove(0);
    assert!(
        matches!(&acknowledged.reason, Some(Reason::Replied { by, .. }) if by.as_str() == "ann@example.org")
    );
    let sibling = world.tocsin.detail(sent[1].id).await;
    assert_eq!(sibling.notification.state, State::Sent);
    assert_eq!(sibling.acknowledgement.unwrap().notification, sent[0].id);
    let answers = world.tocsin.detail(sent[0].id).await.answers;
    assert_eq!(answers.len(), 1, "the automatic reply is none: {answers:?}");
    assert_eq!(answers[0].said, Said::Acknowledged);
}

#[tokio::test]
async fn of_several_recipients_the_one_that_failed_is_named() {
    let world = World::with_recipients(ImapScript::new(), "a@example.com, ops@example.com").await;
    world.switch_on().await.unwrap();
    world.when_watching().await;
    let sent = world.sent("Disk 2 failed").await;
    world.bounce(&sent);
    let bounced = world.tocsin.when(State::Bounced, 1).await.remove(0);
    assert!(
        matches!(&bounced.reason, Some(Reason::Undelivered { recipients, .. }) if recipients[..] == ["ops@example.com".parse().unwrap()])
    );
    world.reply(&sent, "");
    world.tocsin.when(State::Acknowledged, 1).await;
}

#[tokio::test]
async fn mails_that_answer_none_of_ours_are_not_fetched() {
    let world = World::watching(ImapScript::new()).await;
    let sent = world.sent("Disk 2 failed").await;

    world
        .imap
        .deliver("From: ann@example.org\nSubject: private\n\nsecret\n");
    world
        .imap
        .deliver(&REPORT.replace("MESSAGE-ID", "12.0123456789abcdef.1f@tocsin.local"));
    world.bounce(&sent);

    world.tocsin.when(State::Bounced, 1).await;
    let fetched: Vec<_> = world
        .imap
        .record()
        .lines
        .into_iter()
        .filter(|line| line.contains(" FETCH "))
        .collect();
    assert!(
        fetched
            .iter()
            .all(|line| !line.contains("FETCH 1 ") && !line.contains("FETCH 1,")),
        "{fetched:?}"
    );
}

#[tokio::test]
async fn a_reply_to_a_warning_stops_its_reminders() {
    let world = World::watching(ImapScript::new()).await;
    world.tocsin.administrator("carol@example.org").await;
    let refusal = Act::say("535 5.7.8 Error: authentication failed");
    let refusing = Scripted::start(Script::plain().always(Step::Auth, refusal)).await;
    let lost = world.tocsin.lost_account("lost@example.com", &refusing).await;
    let warnings = world.tocsin.when(State::Sent, 2).await;
    world.reply(&warnings[0], "");
    world.tocsin.when(State::Acknowledged, 1).await;
    let told = world.tocsin.engine.told(lost).await.unwrap().len();

    world.tocsin.a_day_passes().await;
    world.tocsin.when_warned_today(lost).await;

    assert_eq!(world.tocsin.engine.told(lost).await.unwrap().len(), told);
}
