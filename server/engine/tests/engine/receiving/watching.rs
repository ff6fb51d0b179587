//! How the mailbox is watched, and where the watch goes on after a break.

use super::{REPORT, World};
use crate::support::admin;
use tocsin_domain::authorization::Authorization;
use tocsin_domain::notification::State;
use tocsin_domain::receiving::{Receiving, Watch};
use tocsin_engine::imap::scripted::ImapScript;
use tocsin_engine::smtp::scripted::{Act, Script, Step};

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
    world.when_watching().await;
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
    let world = World::watching(ImapScript::new()).await;
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
    let world = World::watching(ImapScript::new()).await;
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
async fn a_server_that_breaks_off_is_waited_for_and_sending_does_not_notice() {
    let world = World::watching(ImapScript::new()).await;
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
async fn garbage_in_the_middle_of_watching_loses_no_mail() {
    let world = World::watching(ImapScript::new()).await;
    let sent = world.sent("Disk 2 failed").await;
    world
        .imap
        .change(|script| script.on("FETCH", Act::say("* 1 FETCH (BODY[] {4000000000}\nx")));
    world.bounce(&sent);
    world
        .when_receiving(|receiving| matches!(receiving, Receiving::Waiting { .. }))
        .await;

    world.test_receiving().await;

    world.tocsin.when(State::Bounced, 1).await;
}
