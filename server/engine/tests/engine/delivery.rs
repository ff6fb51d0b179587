use crate::support::{Tocsin, admin};
use tocsin_domain::notification::{Outcome, Reason, State};
use tocsin_engine::smtp::scripted::{Act, Script, Scripted, Step};

#[tokio::test]
async fn an_event_that_a_rule_catches_arrives_as_a_mail() {
    let server = Scripted::start(Script::plain()).await;
    let tocsin = Tocsin::start().await;
    let account = tocsin.account("nas@example.com", &server).await;
    tocsin.rule(&[account]).await;

    tocsin.report("error", "Disk 2 failed").await;

    let mail = server.mails(1).await.remove(0);
    assert_eq!(mail.from, "nas@example.com");
    assert_eq!(mail.to, ["ops@example.com"]);
    assert_eq!(mail.header("Subject").as_deref(), Some("Disk 2 failed"));
    let sent = tocsin.when(State::Sent, 1).await.remove(0);
    assert_eq!(
        mail.header("Message-ID").unwrap(),
        format!("<{}>", sent.message_id)
    );
    let detail = tocsin.detail(sent.id).await;
    assert_eq!(detail.attempts.len(), 1);
    assert_eq!(detail.attempts[0].outcome, Outcome::Accepted);
}

#[tokio::test]
async fn one_connection_carries_many_mails() {
    let server = Scripted::start(Script::plain()).await;
    let tocsin = Tocsin::start().await;
    let account = tocsin.account("nas@example.com", &server).await;
    tocsin.rule(&[account]).await;
    for number in 0..5 {
        tocsin.report("warning", &format!("{number}")).await;
    }
    server.mails(5).await;
    assert_eq!(server.record().connections, 1);
}

#[tokio::test]
async fn a_mail_that_is_put_off_is_tried_later_and_the_others_go_on() {
    let put_off = Act::say("450 4.2.1 receiving mail too quickly");
    let server = Scripted::start(Script::plain().on(Step::Rcpt, put_off)).await;
    let tocsin = Tocsin::start().await;
    let account = tocsin.account("nas@example.com", &server).await;
    tocsin.rule(&[account]).await;
    tocsin.report("error", "first").await;
    let queued = tocsin.when_tried(1).await;
    assert!(
        matches!(queued.reason, Some(Reason::Temporary { .. })),
        "{queued:?}"
    );
    tocsin.report("error", "second").await;
    server.mails(1).await;

    tocsin.engine.send_now(queued.id, &admin()).await.unwrap();
    let mails = server.mails(2).await;
    assert_eq!(mails[1].header("Subject").as_deref(), Some("first"));
    tocsin.when(State::Sent, 2).await;
    assert_eq!(tocsin.detail(queued.id).await.attempts.len(), 2);
}

#[tokio::test]
async fn a_recipient_that_does_not_exist_fails_visibly_and_costs_no_connection() {
    let script = Script::plain().refusing("ops@example.com", "550 5.1.1 The email account does not exist");
    let server = Scripted::start(script).await;
    let tocsin = Tocsin::start().await;
    let account = tocsin.account("nas@example.com", &server).await;
    tocsin.rule(&[account]).await;
    tocsin.report("error", "x").await;
    tocsin.report("error", "y").await;
    let failed = tocsin.when(State::Failed, 2).await;
    assert!(matches!(failed[0].reason, Some(Reason::Refused { .. })));
    assert!(
        tocsin.detail(failed[0].id).await.attempts[0]
            .words
            .contains("5.1.1")
    );
    assert_eq!(server.record().connections, 1);
}

#[tokio::test]
async fn one_unknown_recipient_does_not_keep_the_mail_from_the_others() {
    let script = Script::plain().refusing("gone@example.com", "550 5.1.1 no such user");
    let server = Scripted::start(script).await;
    let tocsin = Tocsin::start().await;
    let account = tocsin.account("nas@example.com", &server).await;
    tocsin
        .rule_to("gone@example.com, ops@example.com", &[account])
        .await;
    tocsin.report("error", "x").await;
    assert_eq!(server.mails(1).await[0].to, ["ops@example.com"]);
    let sent = tocsin.when(State::Sent, 1).await.remove(0);
    let Some(Reason::PartlyRefused { recipients }) = sent.reason else {
        panic!("{sent:?}")
    };
    assert_eq!(recipients, ["gone@example.com".parse().unwrap()]);
}

#[tokio::test]
async fn a_recipient_that_was_put_off_gets_the_mail_later_and_the_others_do_not_get_it_twice() {
    let script = Script::plain().refusing("slow@example.com", "450 4.2.1 later");
    let server = Scripted::start(script).await;
    let tocsin = Tocsin::start().await;
    let account = tocsin.account("nas@example.com", &server).await;
    tocsin
        .rule_to("slow@example.com, ops@example.com", &[account])
        .await;
    tocsin.report("error", "x").await;
    let queued = tocsin.when_queued_for("slow@example.com").await;
    server.change(|_| Script::plain());
    tocsin.engine.send_now(queued.id, &admin()).await.unwrap();
    let mails = server.mails(2).await;
    assert_eq!(mails[0].to, ["ops@example.com"]);
    assert_eq!(mails[1].to, ["slow@example.com"]);
}

#[tokio::test]
async fn a_connection_that_breaks_in_the_middle_is_made_anew() {
    let server = Scripted::start(Script::plain().on(Step::Data, Act::say_then_close("421 4.3.0 bye"))).await;
    let tocsin = Tocsin::start().await;
    let account = tocsin.account("nas@example.com", &server).await;
    tocsin.rule(&[account]).await;
    tocsin.report("error", "first").await;
    tocsin.report("error", "second").await;
    // The first waits for its later try; the second goes over a new connection.
    server.mails(1).await;
    let queued = tocsin.when_tried(1).await;
    tocsin.engine.send_now(queued.id, &admin()).await.unwrap();
    server.mails(2).await;
    tocsin.when(State::Sent, 2).await;
}

#[tokio::test]
async fn a_cancelled_notification_is_never_sent_and_stays_visible() {
    let server = Scripted::start(Script::plain().always(Step::Rcpt, Act::say("450 4.2.1 later"))).await;
    let tocsin = Tocsin::start().await;
    let account = tocsin.account("nas@example.com", &server).await;
    tocsin.rule(&[account]).await;
    tocsin.report("error", "x").await;
    let queued = tocsin.when_tried(1).await;
    tocsin.engine.cancel(queued.id, &admin()).await.unwrap();
    let failed = tocsin.when(State::Failed, 1).await.remove(0);
    assert_eq!(failed.reason, Some(Reason::Cancelled));
    assert!(
        tocsin.engine.cancel(queued.id, &admin()).await.is_err(),
        "it has moved on"
    );
}
