//! How the rows are tried: gently, through restarts, until somebody cancels.

use super::{SECRET, file, impatient};
use crate::support::{Tocsin, admin};
use std::fmt::Write as _;
use std::time::Duration;
use tocsin_domain::id::ImportId;
use tocsin_domain::import::{ImportState, Outcome, Remark};
use tocsin_engine::import::{ImportError, OnExisting};
use tocsin_engine::smtp::scripted::{Act, Script, Scripted, Step};

/// An import of so many rows that waits for a silent server.
async fn busy(rows: usize) -> (Tocsin, Scripted, ImportId) {
    let server = Scripted::start(Script::plain().always(Step::Auth, Act::Silence)).await;
    let tocsin = impatient().await;
    let addresses: Vec<_> = (0..rows).map(|number| format!("a{number}@b.org")).collect();
    let rows: Vec<_> = addresses
        .iter()
        .map(|address| (address.as_str(), "right"))
        .collect();
    let id = tocsin.started(file(&server, &rows), OnExisting::Skip).await;
    server.when(|record| record.open == 4).await;
    (tocsin, server, id)
}

#[tokio::test]
async fn a_server_sees_four_sign_ins_at_the_same_time_and_a_pause_when_it_asks_for_one() {
    let (tocsin, server, id) = busy(12).await;
    let too_many = Act::say_then_close("421 4.3.2 too many connections");
    server.change(|_| {
        Script::plain()
            .on(Step::Greeting, too_many.clone())
            .on(Step::Greeting, too_many)
    });
    server.hang_up();
    let rows = tocsin.ended(id).await;

    assert!(
        rows.iter().all(|row| row.outcome == Outcome::Created),
        "{rows:#?}"
    );
    assert_eq!(server.record().most_open, 4);
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_not_waited_for_row_by_row() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let tocsin = impatient().await;
    let mut text = "email,password,host,port,ssl\n".to_owned();
    for number in 0..20 {
        let _ = writeln!(text, "a{number}@b.org,x,127.0.0.1,{port},none");
    }

    let rows = tocsin.imported(text, OnExisting::Skip).await;

    assert!(rows.iter().all(|row| row.outcome == Outcome::Failed));
    let not_tried = rows
        .iter()
        .filter(|row| matches!(row.remark, Some(Remark::NotTried { .. })));
    assert!(not_tried.count() >= 12);
}

#[tokio::test]
async fn an_import_goes_on_after_a_restart_and_tries_no_row_twice() {
    let server = Scripted::start(Script::plain()).await;
    let tocsin = Tocsin::start().await;
    let addresses: Vec<_> = (0..40).map(|number| format!("a{number}@b.org")).collect();
    let mut rows: Vec<_> = addresses
        .iter()
        .map(|address| (address.as_str(), SECRET))
        .collect();
    rows.push(("a0@b.org", "twice"));
    // The later rows' server keeps silent, so that the process ends in the middle.
    let silent = Scripted::start(Script::plain().always(Step::Auth, Act::Silence)).await;
    let (first, second) = rows.split_at(20);
    let text = file(&server, first) + file(&silent, second).split_once('\n').unwrap().1;
    let id = tocsin.started(text, OnExisting::Skip).await;
    silent.when(|record| record.open == 4).await;
    let mut changes = tocsin.engine.live.listen();
    while tocsin.engine.import(id).await.unwrap().counts.created < 20 {
        let _ = tokio::time::timeout(Duration::from_millis(100), changes.changed()).await;
    }
    assert!(
        !tocsin.stored_bytes().contains(SECRET),
        "a file's passwords are sealed while they wait"
    );

    let tocsin = tocsin.restart().await;
    silent.change(|_| Script::plain());
    let rows = tocsin.ended(id).await;

    let created = rows.iter().filter(|row| row.outcome == Outcome::Created).count();
    assert_eq!((created, rows.len()), (40, 41));
    assert_eq!(
        rows[40].remark,
        Some(Remark::Twice { line: 2 }),
        "{:#?}",
        rows[40]
    );
    assert_eq!(
        server.record().sign_ins.len(),
        20,
        "rows that had their outcome are not tried again"
    );
    assert_eq!(tocsin.engine.accounts().await.unwrap().len(), 40);
    assert!(
        tocsin
            .engine
            .store
            .waiting_import_rows(id, 0, 100)
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn who_cancels_keeps_what_was_done_and_the_rest_is_skipped() {
    let (tocsin, server, id) = busy(10).await;

    tocsin.engine.cancel_import(id, &admin()).await.unwrap();
    server.change(|_| Script::plain());
    server.hang_up();
    let rows = tocsin.ended(id).await;

    assert!(
        rows.iter()
            .filter(|row| row.remark == Some(Remark::Cancelled))
            .count()
            >= 6
    );
    let import = tocsin.engine.import(id).await.unwrap();
    assert_eq!(import.record.state, ImportState::Cancelled);
    assert!(matches!(
        tocsin.engine.cancel_import(id, &admin()).await,
        Err(ImportError::MovedOn(ImportState::Cancelled))
    ));
}
