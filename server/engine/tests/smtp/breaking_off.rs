//! Sessions that end in the middle, or go on.

use super::{MESSAGE, both, envelope, impatient, session};
use std::time::Duration;
use tocsin_domain::failure::{FailureClass, Meaning, Stage};
use tocsin_engine::smtp::scripted::{Act, Script, Scripted, Step};
use tocsin_engine::smtp::{Connection, Credential, Session};

#[tokio::test]
async fn a_421_at_any_step_is_temporary_and_ends_the_session() {
    for (step, stage) in [
        (Step::Mail, Stage::Mail),
        (Step::Rcpt, Stage::Rcpt),
        (Step::Data, Stage::Data),
        (Step::EndOfData, Stage::Data),
    ] {
        for script in both() {
            let busy = Act::say_then_close("421 4.3.2 Service shutting down");
            let server = Scripted::start(script.on(step, busy)).await;
            let mut session = session(&server).await;

            let error = session.send(&envelope(&["a@x.org"]), MESSAGE).await.unwrap_err();

            assert_eq!((error.stage, error.code), (stage, Some(421)), "{step:?}");
            assert_eq!(error.verdict.class, FailureClass::Temporary, "{step:?}");
            assert_eq!(error.connection, Connection::Lost);
            assert!(!session.is_usable());
        }
    }
}

#[tokio::test]
async fn a_connection_that_breaks_at_any_step_is_temporary_and_nothing_was_sent() {
    for step in [Step::Mail, Step::Rcpt, Step::Data, Step::EndOfData] {
        for script in both() {
            let server = Scripted::start(script.on(step, Act::Close)).await;
            let mut session = session(&server).await;

            let error = session.send(&envelope(&["a@x.org"]), MESSAGE).await.unwrap_err();

            assert_eq!(error.code, None);
            assert_eq!(error.verdict.meaning, Meaning::ConnectionLost, "{step:?}");
            assert!(!session.is_usable());
            assert!(server.record().mails.is_empty());
        }
    }
}

#[tokio::test]
async fn a_refused_sender_is_told_even_when_the_connection_breaks_after_it() {
    let script = Script::plain()
        .on(
            Step::Mail,
            Act::say("550 5.7.60 Client does not have permissions to send as this sender"),
        )
        .on(Step::Rcpt, Act::Close);
    let server = Scripted::start(script).await;
    let mut session = session(&server).await;

    let error = session.send(&envelope(&["a@x.org"]), MESSAGE).await.unwrap_err();

    assert_eq!((error.stage, error.code), (Stage::Mail, Some(550)));
    assert_eq!(error.connection, Connection::Lost);
}

#[tokio::test]
async fn a_mail_taken_without_an_answer_counts_as_not_sent() {
    let server = Scripted::start(Script::plain().on(Step::EndOfData, Act::TakeThenClose)).await;
    let mut session = session(&server).await;

    let error = session.send(&envelope(&["a@x.org"]), MESSAGE).await.unwrap_err();

    assert_eq!(error.verdict.meaning, Meaning::ConnectionLost);
    assert_eq!(server.mails(1).await.len(), 1);
}

#[tokio::test]
async fn a_silent_server_is_given_up_on() {
    for step in [Step::Mail, Step::EndOfData] {
        let server = Scripted::start(Script::plain().on(step, Act::Silence)).await;
        let mut session = Session::open(&server.endpoint(), &Credential::Nothing, &impatient())
            .await
            .unwrap();

        let error = session.send(&envelope(&["a@x.org"]), MESSAGE).await.unwrap_err();

        assert_eq!(error.verdict.meaning, Meaning::TimedOut);
        assert!(!session.is_usable());
    }
}

#[tokio::test]
async fn a_connection_closed_between_two_mails_is_noticed_before_the_second() {
    let server = Scripted::start(Script::plain()).await;
    let mut session = session(&server).await;
    session.send(&envelope(&["a@x.org"]), MESSAGE).await.unwrap();
    assert!(session.still_open());

    server.hang_up();
    tokio::time::timeout(Duration::from_secs(30), async {
        while session.still_open() {
            tokio::task::yield_now().await;
        }
    })
    .await
    .unwrap();

    let error = session.send(&envelope(&["a@x.org"]), MESSAGE).await.unwrap_err();
    assert_eq!(error.verdict.meaning, Meaning::ConnectionLost);
    assert!(!session.alive().await);
}

#[tokio::test]
async fn a_live_session_answers_and_ends_politely() {
    let server = Scripted::start(Script::plain()).await;
    let mut session = session(&server).await;

    assert!(session.alive().await);
    session.quit().await;

    assert_eq!(server.record().lines[1..], ["NOOP", "QUIT"]);
}

#[tokio::test]
async fn a_mail_given_up_halfway_spoils_the_session_rather_than_the_next_mail() {
    let server = Scripted::start(Script::plain().on(Step::EndOfData, Act::Silence)).await;
    let mut session = session(&server).await;

    let envelope = envelope(&["a@x.org"]);
    let halfway = tokio::time::timeout(Duration::from_millis(50), session.send(&envelope, MESSAGE));

    assert!(halfway.await.is_err());
    assert!(!session.is_usable());
}
