//! Pages for many readers at once, some of whom leave before their page is there.
#![allow(clippy::unwrap_used)]

mod support;

use reqwest::{RequestBuilder, StatusCode};
use std::time::Duration;
use support::TestApp;
use tokio::task::JoinSet;

const READERS: usize = 12;
const ROUNDS: usize = 12;

/// Far more than a page takes on a machine that is busy with other tests.
const LONG: Duration = Duration::from_mins(1);

/// With a session: pages that are there, and pages whose data fail at once.
const SIGNED_IN: [(&str, StatusCode); 9] = [
    ("/", StatusCode::OK),
    ("/accounts", StatusCode::OK),
    ("/accounts/1", StatusCode::NOT_FOUND),
    ("/accounts/add?provider=custom", StatusCode::OK),
    ("/rules/7", StatusCode::NOT_FOUND),
    ("/rules/new", StatusCode::OK),
    ("/notifications/3", StatusCode::NOT_FOUND),
    ("/settings", StatusCode::OK),
    ("/nowhere", StatusCode::NOT_FOUND),
];

const SIGNED_OUT: [(&str, StatusCode); 3] = [
    ("/sign-in", StatusCode::OK),
    ("/oauth/callback?error=access_denied", StatusCode::OK),
    ("/", StatusCode::SEE_OTHER),
];

/// Asks several times for a page, and each time before once more, to leave before it is there.
async fn ask_often(ask: RequestBuilder, leave_after: Duration, expected: StatusCode) {
    for _ in 0..ROUNDS {
        let leaves = ask.try_clone().unwrap();
        let _ = tokio::time::timeout(leave_after, leaves.send()).await;
        let answer = ask.try_clone().unwrap().timeout(LONG).send().await.unwrap();
        assert_eq!(answer.status(), expected, "{}", answer.url());
        let page = answer.text().await.unwrap();
        assert!(expected.is_redirection() || page.contains("</html>"), "{page}");
    }
}

/// Each reader reads every page several times; after each page that is read, one is left before it is there.
async fn read_all(app: &TestApp, pages: &[(&'static str, StatusCode)]) {
    let mut readers = JoinSet::new();
    for reader in 0..READERS {
        for (turn, (path, expected)) in pages.iter().enumerate() {
            let (ask, expected) = (app.asking(path), *expected);
            let leave_after = Duration::from_millis(u64::try_from(reader + turn).unwrap());
            readers.spawn(ask_often(ask, leave_after, expected));
        }
    }
    readers.join_all().await;
}

#[tokio::test]
async fn every_reader_gets_the_whole_page_also_while_others_leave() {
    let app = TestApp::set_up().await;
    read_all(&app, &SIGNED_IN).await;
    app.forget_session();
    read_all(&app, &SIGNED_OUT).await;
}

/// What has no page is answered by a page too, whatever the method.
#[tokio::test]
async fn forms_for_pages_that_do_not_exist_are_answered_while_others_leave() {
    let app = TestApp::set_up().await;
    let mut readers = JoinSet::new();
    for reader in 0..READERS {
        let ask = app.posting("/nowhere");
        let leave_after = Duration::from_millis(u64::try_from(reader).unwrap());
        readers.spawn(ask_often(ask, leave_after, StatusCode::NOT_FOUND));
    }
    readers.join_all().await;
}
