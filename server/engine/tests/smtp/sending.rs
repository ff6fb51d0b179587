//! Mails over a session, and what becomes of them when the server refuses.

use super::{MESSAGE, address, both, envelope, session};
use tocsin_domain::failure::{FailureClass, Stage};
use tocsin_engine::smtp::Connection;
use tocsin_engine::smtp::scripted::{Act, Script, Scripted, Step};

#[tokio::test]
async fn a_mail_arrives_as_it_was_given() {
    let message = b"Message-ID: <1@nas>\r\n\r\n.\r\n..\r\nend without line end";
    for script in both() {
        let server = Scripted::start(script).await;
        let mut session = session(&server).await;

        let sent = session
            .send(&envelope(&["a@x.org", "b@x.org"]), message)
            .await
            .unwrap();

        assert_eq!(sent.words, "2.0.0 Ok: queued");
        assert_eq!(sent.refused, []);
        let mail = server.mails(1).await.remove(0);
        assert_eq!(mail.from, "nas@example.com");
        assert_eq!(mail.to, ["a@x.org", "b@x.org"]);
        assert_eq!(mail.data.as_bytes(), [message.as_slice(), b"\r\n"].concat());
        assert_eq!(mail.header("message-id").as_deref(), Some("<1@nas>"));
    }
}

#[tokio::test]
async fn many_mails_go_over_one_connection() {
    let server = Scripted::start(Script::plain()).await;
    let mut session = session(&server).await;

    for _ in 0..20 {
        session.send(&envelope(&["a@x.org"]), MESSAGE).await.unwrap();
    }

    let record = server.record();
    assert_eq!((record.connections, record.mails.len()), (1, 20));
    assert_eq!(record.deliveries()["<1@nas.example.com>"], 20);
}

#[tokio::test]
async fn a_refused_recipient_keeps_the_mail_from_nobody_else() {
    for script in both() {
        let script = script.refusing("gone@x.org", "550-5.1.1 The account\n550 5.1.1 does not exist");
        let server = Scripted::start(script).await;
        let mut session = session(&server).await;

        let envelope = envelope(&["a@x.org", "gone@x.org", "b@x.org"]);
        let sent = session.send(&envelope, MESSAGE).await.unwrap();

        assert_eq!(sent.refused.len(), 1);
        let refused = &sent.refused[0];
        assert_eq!(refused.address, address("gone@x.org"));
        assert_eq!(refused.code, Some(550));
        assert_eq!(refused.words, "5.1.1 The account does not exist");
        assert_eq!(refused.verdict.class, FailureClass::Recipient);
        assert_eq!(server.mails(1).await[0].to, ["a@x.org", "b@x.org"]);
        assert!(session.is_usable());
    }
}

#[tokio::test]
async fn when_every_recipient_is_refused_the_first_refusal_is_told_and_the_session_goes_on() {
    for script in both() {
        let script = script
            .refusing("one@x.org", "550 5.1.1 no such user")
            .refusing("two@x.org", "452 4.2.2 mailbox full");
        let server = Scripted::start(script).await;
        let mut session = session(&server).await;

        let error = session
            .send(&envelope(&["one@x.org", "two@x.org"]), MESSAGE)
            .await
            .unwrap_err();

        assert_eq!((error.stage, error.code), (Stage::Rcpt, Some(550)));
        assert_eq!(error.words, "5.1.1 no such user");
        assert_eq!(error.connection, Connection::Usable);
        session.send(&envelope(&["a@x.org"]), MESSAGE).await.unwrap();
        let record = server.record();
        assert_eq!(record.connections, 1);
        assert_eq!(record.mails.len(), 1);
        assert_eq!(record.mails[0].to, ["a@x.org"]);
    }
}

#[tokio::test]
async fn a_server_that_wants_data_for_nobody_gets_an_empty_mail() {
    let script = Script::plain()
        .refusing("gone@x.org", "550 5.1.1 no such user")
        .on(Step::Data, Act::say("354 go ahead"))
        .on(Step::EndOfData, Act::say("554 5.5.1 no valid recipients"));
    let server = Scripted::start(script).await;
    let mut session = session(&server).await;

    let error = session
        .send(&envelope(&["gone@x.org"]), MESSAGE)
        .await
        .unwrap_err();

    assert_eq!((error.stage, error.code), (Stage::Rcpt, Some(550)));
    session.send(&envelope(&["a@x.org"]), MESSAGE).await.unwrap();
    assert_eq!(server.mails(1).await.len(), 1);
}

#[tokio::test]
async fn a_refusal_at_any_step_leaves_a_session_that_can_be_used() {
    for (step, stage) in [
        (Step::Mail, Stage::Mail),
        (Step::Rcpt, Stage::Rcpt),
        (Step::Data, Stage::Data),
        (Step::EndOfData, Stage::Data),
    ] {
        for script in both() {
            let server = Scripted::start(script.on(step, Act::say("554 5.7.1 refused by policy"))).await;
            let mut session = session(&server).await;

            let error = session.send(&envelope(&["a@x.org"]), MESSAGE).await.unwrap_err();

            assert_eq!((error.stage, error.code), (stage, Some(554)), "{step:?}");
            assert_eq!(error.connection, Connection::Usable, "{step:?}");
            assert!(session.is_usable());
            session.send(&envelope(&["a@x.org"]), MESSAGE).await.unwrap();
            assert_eq!(server.record().connections, 1);
            assert_eq!(server.record().mails.len(), 1);
        }
    }
}

#[tokio::test]
async fn a_reply_is_understood_however_slowly_and_oddly_it_comes() {
    let script = Script::plain()
        .on(Step::Greeting, Act::dribble("220-scripted.test\n220 welcome"))
        .on(
            Step::Mail,
            Act::pieces(&["25", "0-2.1.0 first\r", "\n250", " 2.1.0 second\r\n"]),
        )
        .on(Step::Rcpt, Act::dribble("250 2.1.5 Ok"))
        .on(
            Step::EndOfData,
            Act::pieces(&["250-2.0.0 Ok:\r\n2", "50 2.0.0 queued as 42", "\r\n"]),
        );
    let server = Scripted::start(script).await;
    let mut session = session(&server).await;

    let sent = session.send(&envelope(&["a@x.org"]), MESSAGE).await.unwrap();

    assert_eq!(sent.words, "2.0.0 Ok: queued as 42");
}

#[tokio::test]
async fn a_reply_in_another_character_set_is_understood() {
    let refusal = Act::Say(b"550 \xb7\xa2\xbc\xfe\xc8\xcb User has no permission\r\n".to_vec());
    let server = Scripted::start(Script::plain().on(Step::Mail, refusal)).await;
    let mut session = session(&server).await;

    let error = session.send(&envelope(&["a@x.org"]), MESSAGE).await.unwrap_err();

    assert_eq!(error.code, Some(550));
    assert!(error.words.ends_with("User has no permission"), "{error}");
}

#[tokio::test]
async fn hundreds_of_recipients_are_told_in_groups() {
    let to: Vec<String> = (0..300).map(|n| format!("r{n}@x.org")).collect();
    for script in both() {
        let server = Scripted::start(script.refusing("r299@x.org", "452 4.5.3 too many recipients")).await;
        let mut session = session(&server).await;

        let envelope = envelope(&to.iter().map(String::as_str).collect::<Vec<_>>());
        let sent = session.send(&envelope, MESSAGE).await.unwrap();

        assert_eq!(sent.refused.len(), 1);
        assert_eq!(server.mails(1).await[0].to, to[..299]);
    }
}

#[tokio::test]
async fn an_address_that_the_server_cannot_take_is_refused_alone() {
    let server = Scripted::start(Script::plain()).await;
    let mut session = session(&server).await;

    let envelope = envelope(&["ü@x.org", "a@exämple.org"]);
    let sent = session.send(&envelope, MESSAGE).await.unwrap();

    assert_eq!(sent.refused[0].address, address("ü@x.org"));
    assert_eq!(sent.refused[0].verdict.class, FailureClass::Recipient);
    assert_eq!(server.mails(1).await[0].to, ["a@xn--exmple-cua.org"]);
}

#[tokio::test]
async fn an_address_beyond_ascii_goes_where_it_is_taken() {
    let server = Scripted::start(Script::plain().offering(&["SMTPUTF8", "8BITMIME"])).await;
    let mut session = session(&server).await;

    session.send(&envelope(&["ü@x.org"]), MESSAGE).await.unwrap();

    assert_eq!(server.mails(1).await[0].to, ["ü@x.org"]);
    let record = server.record();
    assert!(
        record
            .lines
            .contains(&"MAIL FROM:<nas@example.com> SMTPUTF8".to_owned())
    );
}

#[tokio::test]
async fn a_mail_for_nobody_is_refused_without_asking_the_server() {
    let server = Scripted::start(Script::plain()).await;
    let mut session = session(&server).await;

    let error = session.send(&envelope(&[]), MESSAGE).await.unwrap_err();

    assert_eq!(error.stage, Stage::Rcpt);
    assert!(session.is_usable());
    assert_eq!(server.record().lines.len(), 1);
}
