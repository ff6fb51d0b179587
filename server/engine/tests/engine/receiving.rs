//! What comes back: the watch of a mailbox on a server that answers as it is told.

use crate::support::{Tocsin, admin};
use jiff::SignedDuration;
use std::time::Duration;
use tocsin_domain::authorization::Authorization;
use tocsin_domain::failure::Meaning;
use tocsin_domain::id::AccountId;
use tocsin_domain::notification::{Notification, Reason, State};
use tocsin_domain::receiving::{Receiving, Said, Watch};
use tocsin_engine::accounts::AccountError;
use tocsin_engine::imap::scripted::{ImapScript, ScriptedImap};
use tocsin_engine::smtp::scripted::{Act, Script, Scripted, Step};

const REPORT: &str = include_str!("../fixtures/bounces/postfix.eml");

/// An account that sends and receives, and what it sent.
struct World {
    tocsin: Tocsin,
    smtp: Scripted,
    imap: ScriptedImap,
    account: AccountId,
}

impl World {
    async fn with(script: ImapScript) -> Self {
        Self::with_recipients(script, "ops@example.com").await
    }

    async fn with_recipients(script: ImapScript, recipients: &str) -> Self {
        let smtp = Scripted::start(Script::plain()).await;
        let imap = ScriptedImap::start(script).await;
        let tocsin = Tocsin::start_with(|config| config.poll_every = SignedDuration::from_millis(20)).await;
        let account = tocsin.account("nas@example.com", &smtp).await;
        tocsin.rule_to(recipients, &[account]).await;
        Self {
            tocsin,
            smtp,
            imap,
            account,
        }
    }

    async fn switch_on(&self) -> Result<(), AccountError> {
        let server = Some(self.imap.server());
        self.tocsin
            .engine
            .change_receiving(self.account, server, None, &admin())
            .await
    }

    async fn sent(&self, text: &str) -> Notification {
        let before = self.tocsin.in_state(State::Sent).await.unwrap().len();
        self.tocsin.report("error", text).await;
        self.tocsin.when(State::Sent, before + 1).await.remove(0)
    }

    fn bounce(&self, sent: &Notification) {
        self.imap.deliver(&REPORT.replace("MESSAGE-ID", &sent.message_id));
    }

    fn reply(&self, sent: &Notification, fields: &str) {
        self.imap.deliver(&format!(
            "From: Ann <ann@example.org>\nSubject: Re: disk\nMessage-ID: <r{}@example.org>\nIn-Reply-To: <{}>\n{fields}\n\
             I am on it.\n",
            self.imap.record().lines.len(),
            sent.message_id
        ));
    }

    async fn when_receiving(&self, wanted: impl Fn(&Receiving) -> bool) -> Receiving {
        for _ in 0..1500 {
            let receiving = self.tocsin.engine.receiving(self.account);
            if wanted(&receiving) {
                return receiving;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!(
            "receiving stands: {:#?}",
            self.tocsin.engine.receiving(self.account)
        );
    }

    async fn watching(&self) {
        self.when_receiving(|receiving| matches!(receiving, Receiving::Watching { .. }))
            .await;
    }

    /// That nothing was read of these mails but by PEEK, in a mailbox opened for reading only.
    fn assert_untouched(&self) {
        for line in self.imap.record().lines {
            let command = line.split(' ').skip(1).collect::<Vec<_>>().join(" ");
            assert!(
                !command.starts_with("SELECT") && !command.contains("STORE"),
                "{line}"
            );
            assert!(
                !command.contains("BODY[") && !command.contains("RFC822"),
                "{line}"
            );
        }
    }
}

#[tokio::test]
async fn a_bounce_sets_its_notification_to_bounced_and_marks_the_recipient() {
    let world = World::with(ImapScript::new()).await;
    world.switch_on().await.unwrap();
    world.watching().await;
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
    world.watching().await;
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
async fn mails_that_answer_none_of_ours_are_not_fetched() {
    let world = World::with(ImapScript::new()).await;
    world.switch_on().await.unwrap();
    world.watching().await;
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
async fn a_server_without_idle_is_asked_now_and_then() {
    let world = World::with(ImapScript::new().offering("IMAP4rev1")).await;
    world.switch_on().await.unwrap();
    let receiving = world
        .when_receiving(|receiving| matches!(receiving, Receiving::Watching { .. }))
        .await;
    assert!(matches!(
        receiving,
        Receiving::Watching {
            by: Watch::Polling,
            ..
        }
    ));
    let sent = world.sent("Disk 2 failed").await;
    world.bounce(&sent);
    world.tocsin.when(State::Bounced, 1).await;
}

#[tokio::test]
async fn a_server_that_cannot_search_by_header_is_looked_through_by_heads() {
    let no = Act::say("TAG BAD cannot search");
    let world = World::with(ImapScript::new().always("SEARCH", no.clone())).await;
    world
        .imap
        .change(|script| script.always("SEARCH", Act::say("* SEARCH\nTAG OK done")));
    world.switch_on().await.unwrap();
    world.watching().await;
    let sent = world.sent("Disk 2 failed").await;
    world.imap.change(|script| {
        script
            .on("SEARCH", Act::say("* SEARCH 1\nTAG OK done"))
            .on("SEARCH", no)
    });
    world.bounce(&sent);
    world.tocsin.when(State::Bounced, 1).await;
}

#[tokio::test]
async fn it_goes_on_where_it_stopped_and_nothing_counts_twice() {
    let world = World::with(ImapScript::new()).await;
    world.switch_on().await.unwrap();
    world.watching().await;
    let sent = world.sent("Disk 2 failed").await;
    world.bounce(&sent);
    world.tocsin.when(State::Bounced, 1).await;
    world.tocsin.engine.send_now(sent.id, &admin()).await.unwrap();
    world.tocsin.when(State::Sent, 1).await;
    let World {
        tocsin,
        smtp,
        imap,
        account,
    } = world;

    let tocsin = tocsin.restart().await;
    let second = {
        tocsin.report("error", "Disk 3 failed").await;
        smtp.mails(3).await;
        tocsin.when(State::Sent, 2).await.remove(0)
    };
    imap.renumber();
    imap.deliver(
        &REPORT
            .replace("MESSAGE-ID", &second.message_id)
            .replace("4XyZ1r2@", "another@"),
    );

    let bounced = tocsin.when(State::Bounced, 1).await;
    assert_eq!(
        bounced[0].id, second.id,
        "the old report is known although the mailbox was numbered anew"
    );
    assert_eq!(tocsin.in_state(State::Sent).await.unwrap()[0].id, sent.id);
    assert_eq!(
        tocsin
            .engine
            .store
            .inbox_place(account)
            .await
            .unwrap()
            .unwrap()
            .uid_validity,
        1001
    );
}

#[tokio::test]
async fn what_came_while_the_authorization_was_lost_is_found_when_it_is_back() {
    let world = World::with(ImapScript::new()).await;
    world.switch_on().await.unwrap();
    world.watching().await;
    let sent = world.sent("Disk 2 failed").await;
    world.smtp.hang_up();
    let refusal = Act::say("535 5.7.8 Error: authentication failed");
    world.smtp.change(|script| script.always(Step::Auth, refusal));
    world.tocsin.report("error", "lost").await;
    world
        .tocsin
        .when_account(world.account, |account| {
            matches!(account.authorization, Authorization::NeedsReauthorization(_))
        })
        .await;
    world
        .when_receiving(|receiving| *receiving == Receiving::Stopped)
        .await;
    world.imap.when(|record| record.open == 0).await;
    let before = world.imap.record().connections;
    world.bounce(&sent);

    world.smtp.change(|_| Script::plain());
    assert_eq!(
        world.imap.record().connections,
        before,
        "nothing is tried meanwhile"
    );
    let settings = world.tocsin.engine.account(world.account).await.unwrap().settings;
    let secret = Some("right".into());
    world
        .tocsin
        .engine
        .update_account(world.account, settings, secret, &admin())
        .await
        .unwrap();

    world.tocsin.when(State::Bounced, 1).await;
}

#[tokio::test]
async fn a_refusal_is_told_in_words_and_is_not_tried_again_and_again() {
    let world = World::with(ImapScript::new()).await;
    world.switch_on().await.unwrap();
    world.watching().await;
    world.imap.change(ImapScript::knowing_nobody);
    world.imap.hang_up();
    let refused = world
        .when_receiving(|receiving| matches!(receiving, Receiving::Refused { .. }))
        .await;
    let Receiving::Refused { meaning, words, .. } = refused else {
        unreachable!();
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
    world
        .tocsin
        .engine
        .test_receiving(world.account, &admin())
        .await
        .unwrap();
    world.watching().await;
}

#[tokio::test]
async fn a_server_that_breaks_off_is_waited_for_and_sending_does_not_notice() {
    let world = World::with(ImapScript::new()).await;
    world.switch_on().await.unwrap();
    world.watching().await;
    world.imap.change(|script| script.always("GREETING", Act::Close));
    world.imap.hang_up();
    world
        .when_receiving(|receiving| matches!(receiving, Receiving::Waiting { .. }))
        .await;
    world.sent("still sent").await;
    let account = world.tocsin.engine.account(world.account).await.unwrap();
    assert_eq!(account.authorization, Authorization::Authorized);
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
async fn garbage_in_the_middle_of_watching_loses_no_mail() {
    let world = World::with(ImapScript::new()).await;
    world.switch_on().await.unwrap();
    world.watching().await;
    let sent = world.sent("Disk 2 failed").await;
    world
        .imap
        .change(|script| script.on("FETCH", Act::say("* 1 FETCH (BODY[] {4000000000}\nx")));
    world.bounce(&sent);
    world
        .when_receiving(|receiving| matches!(receiving, Receiving::Waiting { .. }))
        .await;

    world
        .tocsin
        .engine
        .test_receiving(world.account, &admin())
        .await
        .unwrap();

    world.tocsin.when(State::Bounced, 1).await;
}

#[tokio::test]
async fn of_several_recipients_the_one_that_failed_is_named() {
    let world = World::with_recipients(ImapScript::new(), "a@example.com, ops@example.com").await;
    world.switch_on().await.unwrap();
    world.watching().await;
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

#[tokio::test]
async fn a_reply_to_a_warning_stops_its_reminders() {
    let world = World::with(ImapScript::new()).await;
    world.switch_on().await.unwrap();
    world.watching().await;
    world.tocsin.administrator().await;
    let refusal = Act::say("535 5.7.8 Error: authentication failed");
    let refusing = Scripted::start(Script::plain().always(Step::Auth, refusal)).await;
    let lost = world.tocsin.account("lost@example.com", &refusing).await;
    world.tocsin.check_now(lost).await;
    let warnings = world.tocsin.when(State::Sent, 2).await;
    world.reply(&warnings[0], "");
    world.tocsin.when(State::Acknowledged, 1).await;
    let told = world.tocsin.engine.told(lost).await.unwrap().len();

    world.tocsin.a_day_passes().await;
    world.tocsin.when_warned_today(lost).await;

    assert_eq!(world.tocsin.engine.told(lost).await.unwrap().len(), told);
}
