//! No error and no `Debug` ever holds a secret, neither in clear nor as it was sent.

use super::{open, password, session, token};
use tocsin_domain::failure::Stage;
use tocsin_engine::smtp::scripted::{Act, Script, Scripted, Step};

/// What the server was sent for a credential, in base64.
async fn as_sent(credential: &tocsin_engine::smtp::Credential) -> Vec<String> {
    let server = Scripted::start(Script::plain()).await;
    open(&server, credential).await.unwrap();
    let lines = server.record().lines;
    lines[1..]
        .iter()
        .flat_map(|line| line.split(' '))
        .map(str::to_owned)
        .collect()
}

#[tokio::test]
async fn a_server_that_repeats_what_it_was_sent_does_not_get_it_into_the_error() {
    let credentials = [
        (password(), Step::Auth, "canary-password"),
        (token("ya29.canary-token"), Step::Response, "ya29.canary-token"),
    ];
    for (credential, step, secret) in credentials {
        let sent = as_sent(&credential).await.pop().unwrap();
        let (piece, _) = sent.split_at(20);
        let repeated = [
            format!("500 5.5.1 Unrecognized command: {sent}"),
            format!("535 5.7.8 line too long: <{piece}>"),
            format!("535 5.7.8 no such password: {secret}"),
        ];
        for reply in repeated {
            let server = Scripted::start(Script::plain().on(step, Act::say(&reply))).await;

            let error = open(&server, &credential).await.unwrap_err();

            let shown = format!("{error} {error:?}");
            assert_eq!(error.stage, Stage::Auth);
            assert!(shown.contains("[hidden]"), "{shown}");
            for canary in [secret, &sent, piece] {
                assert!(!shown.contains(canary), "{shown}");
            }
        }
    }
}

#[tokio::test]
async fn nothing_that_can_be_printed_shows_the_secret() {
    let server = Scripted::start(Script::plain()).await;

    for credential in [password(), token("ya29.canary-token")] {
        assert!(!format!("{credential:?}").contains("canary"));
        let session = open(&server, &credential).await.unwrap();
        assert!(!format!("{session:?}").contains("canary"));
    }
    assert!(!format!("{:?}", session(&server).await).contains("canary"));
}
