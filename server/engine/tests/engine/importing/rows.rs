//! What becomes of a row.

use super::{file, outcomes};
use crate::support::Tocsin;
use tocsin_domain::account::SignIn;
use tocsin_domain::authorization::Authorization;
use tocsin_domain::failure::Meaning;
use tocsin_domain::import::{Outcome, Remark, ServerKind};
use tocsin_domain::notification::State;
use tocsin_engine::import::OnExisting;
use tocsin_engine::smtp::scripted::{Script, Scripted};

#[tokio::test]
async fn each_row_is_tried_and_one_bad_row_stops_nothing() {
    let server = Scripted::start(
        Script::plain()
            .knowing("a@b.org", "  right")
            .knowing("c@b.org", "right"),
    )
    .await;
    let tocsin = Tocsin::start().await;
    let text = file(
        &server,
        &[
            ("a@b.org", "  right"),
            ("nobody", "x"),
            ("b@b.org", "wrong"),
            ("a@B.org", "twice"),
            ("c@b.org", "right"),
        ],
    );

    let rows = tocsin.imported(text, OnExisting::Skip).await;

    assert_eq!(
        outcomes(&rows),
        [
            ("a@b.org", Outcome::Created),
            ("", Outcome::Failed),
            ("b@b.org", Outcome::Failed),
            ("a@B.org", Outcome::Skipped),
            ("c@b.org", Outcome::Created),
        ]
    );
    assert_eq!(
        rows[2].remark.as_ref().unwrap().meaning(),
        Some(Meaning::PasswordRefused)
    );
    assert_eq!(rows[3].remark, Some(Remark::Twice { line: 2 }));
    assert_eq!(
        tocsin.account_named("a@b.org").await.authorization,
        Authorization::Authorized
    );
    assert_eq!(tocsin.engine.accounts().await.unwrap().len(), 2);
}

#[tokio::test]
async fn an_account_that_exists_is_skipped_and_updated_only_when_asked() {
    let server = Scripted::start(Script::plain().knowing("a@b.org", "right")).await;
    let tocsin = Tocsin::start().await;
    let id = tocsin.account("a@b.org", &server).await;
    let renamed = format!(
        "email,password,smtp_host,smtp_port,smtp_security,sender name\na@b.org,right,127.0.0.1,{},none,Office\n",
        server.port()
    );

    let skipped = tocsin.imported(&renamed, OnExisting::Skip).await;
    let updated = tocsin.imported(&renamed, OnExisting::Update).await;
    let again = tocsin.imported(&renamed, OnExisting::Update).await;

    assert_eq!(
        (skipped[0].outcome, skipped[0].remark.clone()),
        (Outcome::Skipped, Some(Remark::Taken))
    );
    assert_eq!(
        (updated[0].outcome, updated[0].account),
        (Outcome::Updated, Some(id))
    );
    assert_eq!(again[0].outcome, Outcome::Unchanged);
    assert_eq!(
        tocsin
            .account_named("a@b.org")
            .await
            .settings
            .sender_name
            .as_str(),
        "Office"
    );
}

#[tokio::test]
async fn a_refused_update_leaves_the_account_as_it_was() {
    let server = Scripted::start(Script::plain().knowing("a@b.org", "right")).await;
    let tocsin = Tocsin::start().await;
    tocsin.account("a@b.org", &server).await;

    let rows = tocsin
        .imported(file(&server, &[("a@b.org", "wrong")]), OnExisting::Update)
        .await;

    assert_eq!(rows[0].outcome, Outcome::Failed);
    let again = tocsin
        .imported(file(&server, &[("a@b.org", "right")]), OnExisting::Update)
        .await;
    assert_eq!(
        again[0].outcome,
        Outcome::Unchanged,
        "the old password is still there"
    );
}

#[tokio::test]
async fn what_was_held_is_sent_once_a_row_brings_a_password_that_works() {
    let server = Scripted::start(Script::plain().knowing_nobody()).await;
    let tocsin = Tocsin::start().await;
    let account = tocsin.lost_account("a@b.org", &server).await;
    tocsin.rule(&[account]).await;
    tocsin.report("error", "Disk 2 failed").await;
    tocsin.when(State::Held, 1).await;

    server.change(|script| script.knowing("a@b.org", "new"));
    let rows = tocsin
        .imported(file(&server, &[("a@b.org", "new")]), OnExisting::Update)
        .await;

    assert_eq!(rows[0].outcome, Outcome::Updated);
    assert_eq!(
        tocsin.account_named("a@b.org").await.authorization,
        Authorization::Authorized
    );
    let mails = server.mails(1).await;
    assert!(mails.iter().any(|mail| mail.data.contains("Disk 2 failed")));
}

#[tokio::test]
async fn a_mailbox_of_a_provider_of_grants_awaits_its_owner() {
    let tocsin = Tocsin::start().await;

    let rows = tocsin
        .imported("email,owner\na@gmail.com,owner@b.org\n", OnExisting::Skip)
        .await;

    assert_eq!(
        (rows[0].outcome, rows[0].remark.clone()),
        (Outcome::Created, Some(Remark::AwaitsOwner))
    );
    let account = tocsin.account_named("a@gmail.com").await;
    assert_eq!(account.settings.sign_in, SignIn::Grant);
    assert!(matches!(
        account.authorization,
        Authorization::NeedsReauthorization(_)
    ));
    let again = tocsin.imported("email\na@gmail.com\n", OnExisting::Update).await;
    assert_eq!(
        (again[0].outcome, again[0].awaits_owner),
        (Outcome::Unchanged, true)
    );
}

#[tokio::test]
async fn a_row_that_names_where_mail_is_read_must_sign_in_there_too() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let closed = listener.local_addr().unwrap().port();
    drop(listener);
    let server = Scripted::start(Script::plain()).await;
    let tocsin = Tocsin::start().await;
    let text = format!(
        "email,password,smtp host,smtp port,ssl,imap host,imap port,imap ssl\n\
         a@b.org,x,127.0.0.1,{0},none,127.0.0.1,{closed},none\nb@b.org,x,127.0.0.1,{0},none,,,\n",
        server.port()
    );

    let rows = tocsin.imported(text, OnExisting::Skip).await;

    assert!(
        matches!(
            rows[0].remark,
            Some(Remark::Refused {
                server: ServerKind::Receiving,
                ..
            })
        ),
        "{rows:#?}"
    );
    assert_eq!(rows[1].outcome, Outcome::Created, "{rows:#?}");
    assert_eq!(tocsin.engine.accounts().await.unwrap().len(), 1);
}
