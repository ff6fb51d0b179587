//! Servers that do not let us in, or are none.

use super::World;
use crate::support::admin;
use tocsin_domain::authorization::Authorization;
use tocsin_domain::failure::Meaning;
use tocsin_domain::receiving::Receiving;
use tocsin_engine::accounts::AccountError;
use tocsin_engine::imap::scripted::ImapScript;
use tocsin_engine::smtp::scripted::Act;

#[tokio::test]
async fn a_refusal_is_told_in_words_and_is_not_tried_again_and_again() {
    let world = World::watching(ImapScript::new()).await;
    world.imap.change(ImapScript::knowing_nobody);
    world.imap.hang_up();
    let refused = world
        .when_receiving(|receiving| matches!(receiving, Receiving::Refused { .. }))
        .await;
    let Receiving::Refused { meaning, words, .. } = refused else {
        panic!("it is refused");
    };
    assert_eq!(meaning, Meaning::PasswordRefused);
    assert!(words.contains("AUTHENTICATIONFAILED"), "{words}");
    world
        .imap
        .when(|record| record.lines.iter().filter(|line| line.contains("LOGIN")).count() >= 4)
        .await;
    let account = world.tocsin.engine.account(world.account).await.unwrap();
    assert_eq!(
        account.authorization,
        Authorization::Authorized,
        "sending goes on"
    );
    let tries = world.imap.record().connections;
    world.sent("still sent").await;
    assert_eq!(world.imap.record().connections, tries);

    world
        .imap
        .change(|script| script.knowing("nas@example.com", "right"));
    world.test_receiving().await;
    world.when_watching().await;
}

#[tokio::test]
async fn what_is_no_imap_server_gets_a_clear_word_and_changes_nothing() {
    let endless = "x".repeat(2 * 1024 * 1024);
    let literal = format!("* 1 FETCH (BODY[] {{4000000000}}\n{endless}");
    for (command, act, wanted) in [
        (
            "GREETING",
            Act::say("220 mail.example.org ESMTP"),
            "this is not an IMAP server",
        ),
        (
            "GREETING",
            Act::say("HTTP/1.1 400 Bad Request"),
            "this is not an IMAP server",
        ),
        (
            "GREETING",
            Act::SayThenClose(b"\x01\x02\xff\x00".to_vec()),
            "this is not an IMAP server",
        ),
        (
            "GREETING",
            Act::Say(endless.clone().into_bytes()),
            "this is not an IMAP server",
        ),
        ("GREETING", Act::Close, "closed the connection"),
        (
            "GREETING",
            Act::say("* BYE too many connections"),
            "too many connections",
        ),
        ("CAPABILITY", Act::say("<html>"), "this is not an IMAP server"),
        (
            "LOGIN",
            Act::say("TAG NO [AUTHENTICATIONFAILED] no"),
            "[AUTHENTICATIONFAILED]",
        ),
        ("LOGIN", Act::Close, "closed the connection"),
        ("EXAMINE", Act::say(&literal), "has no end"),
        ("EXAMINE", Act::Say(endless.clone().into_bytes()), "has no end"),
        ("EXAMINE", Act::say("TAG OK done"), "UIDVALIDITY"),
        ("EXAMINE", Act::say("TAG NO no such mailbox"), "no such mailbox"),
    ] {
        let world = World::with(ImapScript::new().always(command, act)).await;

        let refused = world.switch_on().await.unwrap_err();

        let AccountError::NotAccepted(error) = &refused else {
            panic!("{refused:?}");
        };
        assert!(error.words.contains(wanted), "{command}: {}", error.words);
        assert!(error.words.len() < 1100, "{command}");
        let account = world.tocsin.engine.account(world.account).await.unwrap();
        assert_eq!(account.settings.imap, None, "the old state is untouched");
        assert_eq!(account.authorization, Authorization::Authorized);
    }
}

#[tokio::test]
async fn another_host_gets_the_password_only_from_who_knows_it() {
    let world = World::with(ImapScript::new()).await;
    let mut server = world.imap.server();
    server.host = "localhost".into();
    let who = admin();
    let engine = &world.tocsin.engine;
    let refused = engine
        .change_receiving(world.account, Some(server.clone()), None, &who)
        .await;
    assert!(matches!(refused, Err(AccountError::SecretNeededForHost(_))));
    let wrong = Some("wrong".into());
    let refused = engine
        .change_receiving(world.account, Some(server.clone()), wrong, &who)
        .await;
    assert!(
        refused
            .unwrap_err()
            .to_string()
            .contains("not the password that the account sends with")
    );
    assert_eq!(world.imap.record().connections, 0);
    engine
        .change_receiving(world.account, Some(server), Some("right".into()), &who)
        .await
        .unwrap();
}
