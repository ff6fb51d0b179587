//! Ways in which no conversation comes about.

use super::{impatient, open};
use tocsin_domain::failure::{FailureClass, Meaning, Stage};
use tocsin_engine::smtp::scripted::{Act, Script, Scripted, Step};
use tocsin_engine::smtp::{Connection, Credential, Session, Timeouts};

#[tokio::test]
async fn a_name_that_cannot_be_looked_up_is_named() {
    let server = Scripted::start(Script::plain()).await;
    let mut endpoint = server.endpoint();
    // Longer than a label may be (RFC 1035 section 2.3.4): refused without asking the network.
    endpoint.server.host = format!("{}.example.com", "x".repeat(64));

    let error = Session::open(&endpoint, &Credential::Nothing, &Timeouts::default())
        .await
        .unwrap_err();

    assert_eq!((error.stage, error.code), (Stage::Connect, None));
    assert!(error.words.contains(&endpoint.server.host), "{error}");
    assert_eq!(error.verdict.meaning, Meaning::NameNotFound, "{error}");
}

#[tokio::test]
async fn a_port_where_nothing_listens_is_named() {
    let endpoint = Scripted::start(Script::plain()).await.endpoint();
    let address = format!("127.0.0.1:{}", endpoint.server.port);
    // The server has stopped; its port is free until somebody takes it.
    while tokio::net::TcpStream::connect(&address).await.is_ok() {
        tokio::task::yield_now().await;
    }

    let error = Session::open(&endpoint, &Credential::Nothing, &Timeouts::default())
        .await
        .unwrap_err();

    assert_eq!(
        (error.stage, error.connection),
        (Stage::Connect, Connection::Lost)
    );
    assert!(error.words.contains(&address), "{error}");
    assert_eq!(error.verdict.meaning, Meaning::NothingListens, "{error}");
}

#[tokio::test]
async fn a_host_name_is_connected_to_by_whichever_address_answers() {
    let server = Scripted::start(Script::plain()).await;
    let mut endpoint = server.endpoint();
    endpoint.server.host = "localhost".to_owned();

    Session::open(&endpoint, &Credential::Nothing, &Timeouts::default())
        .await
        .unwrap();
}

#[tokio::test]
async fn a_server_that_turns_everybody_away_is_heard() {
    for greeting in [
        Act::say("421 4.7.0 Error: too many connections"),
        Act::say_then_close("421 4.7.0 Error: too many connections"),
    ] {
        let server = Scripted::start(Script::plain().on(Step::Greeting, greeting)).await;

        let error = open(&server, &Credential::Nothing).await.unwrap_err();

        assert_eq!((error.stage, error.code), (Stage::Connect, Some(421)));
        assert_eq!(error.words, "4.7.0 Error: too many connections");
        assert_eq!(error.verdict.class, FailureClass::Temporary);
    }
}

#[tokio::test]
async fn a_refused_hello_is_heard() {
    let refusal = Act::say("501 5.5.4 HELO/EHLO argument is invalid");
    let server = Scripted::start(Script::plain().on(Step::Ehlo, refusal)).await;

    let error = open(&server, &Credential::Nothing).await.unwrap_err();

    assert_eq!((error.stage, error.code), (Stage::Connect, Some(501)));
}

#[tokio::test]
async fn the_servers_of_other_protocols_are_told_from_mail_servers() {
    for greeting in [
        "HTTP/1.1 400 Bad Request",
        "* OK IMAP4rev1 ready",
        "+OK POP3 ready",
        "SSH-2.0-OpenSSH_9.2",
    ] {
        let server = Scripted::start(Script::plain().on(Step::Greeting, Act::say(greeting))).await;

        let error = open(&server, &Credential::Nothing).await.unwrap_err();

        assert_eq!(error.verdict.meaning, Meaning::WrongServer, "{greeting}");
        assert!(error.words.contains(greeting), "{error}");
    }
}

#[tokio::test]
async fn a_connection_that_breaks_before_the_greeting_is_temporary() {
    for step in [Step::Greeting, Step::Ehlo] {
        let server = Scripted::start(Script::plain().on(step, Act::Close)).await;

        let error = open(&server, &Credential::Nothing).await.unwrap_err();

        assert_eq!(error.stage, Stage::Connect);
        assert_eq!(error.verdict.meaning, Meaning::ConnectionLost);
    }
}

#[tokio::test]
async fn a_server_that_never_greets_is_given_up_on() {
    let server = Scripted::start(Script::plain().on(Step::Greeting, Act::Silence)).await;

    let error = Session::open(&server.endpoint(), &Credential::Nothing, &impatient())
        .await
        .unwrap_err();

    assert_eq!(
        (error.stage, error.verdict.meaning),
        (Stage::Connect, Meaning::TimedOut)
    );
}

#[tokio::test]
async fn a_greeting_without_end_is_no_greeting() {
    let endless = Act::Say(vec![b'2'; 100_000]);
    let server = Scripted::start(Script::plain().on(Step::Greeting, endless)).await;

    let error = open(&server, &Credential::Nothing).await.unwrap_err();

    assert_eq!(error.verdict.meaning, Meaning::WrongServer);
}
