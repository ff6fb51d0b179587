//! What becomes of a session when the NAS says no, or nothing.

use super::{BOTH, actions, cookie, go_on, is_in, sign_in, start, visitor, visitor_with};
use tocsin_domain::nas::System;
use tocsin_engine::nas::scripted::{Flag, Mood};
use tocsin_engine::nas::{Need, Visitor};

#[tokio::test]
async fn a_nas_that_says_nothing_ends_no_session_but_nothing_is_changed_meanwhile() {
    for system in BOTH {
        let (tocsin, nas) = start(system).await;
        let sid = nas.open("anna");
        let session = go_on(&tocsin, system, &sid).await.unwrap();
        nas.be(Mood::Broken);

        assert!(
            is_in(&visitor(&tocsin, &session, Need::Look).await),
            "believed for a minute"
        );
        let changing = visitor(&tocsin, &session, Need::Change).await;
        assert!(matches!(changing, Visitor::Unconfirmed(_)), "{changing:?}");

        nas.be(Mood::Well);
        assert!(is_in(&visitor(&tocsin, &session, Need::Change).await));
    }
}

#[tokio::test]
async fn who_signs_out_of_the_nas_or_is_demoted_there_is_out_before_they_change_anything() {
    for system in BOTH {
        let (tocsin, nas) = start(system).await;
        let sid = nas.open("anna");
        let left = go_on(&tocsin, system, &sid).await.unwrap();
        nas.close(&sid);
        assert_eq!(visitor(&tocsin, &left, Need::Change).await, Visitor::Nobody);
        assert_eq!(
            visitor(&tocsin, &left, Need::Look).await,
            Visitor::Nobody,
            "it is over"
        );

        let demoted = sign_in(&tocsin, "anna", "right", "").await.unwrap();
        nas.user("anna", Flag::No);
        assert_eq!(visitor(&tocsin, &demoted, Need::Change).await, Visitor::Nobody);
        let ended = ("nas-session-ended".to_owned(), "anna (NAS)".to_owned());
        let actions = actions(&tocsin).await;
        assert_eq!(
            actions.iter().filter(|line| **line == ended).count(),
            2,
            "{actions:?}"
        );
    }
}

#[tokio::test]
async fn a_session_goes_with_the_browsers_session_that_it_was_begun_by() {
    let (tocsin, nas) = start(System::Qts).await;
    let (first, second) = (nas.open("anna"), nas.open("anna"));
    let session = go_on(&tocsin, System::Qts, &first).await.unwrap();
    let same = cookie(System::Qts, &first);
    assert!(is_in(&visitor_with(&tocsin, &session, &same, Need::Look).await));
    let other = cookie(System::Qts, &second);
    assert_eq!(
        visitor_with(&tocsin, &session, &other, Need::Look).await,
        Visitor::Nobody
    );
}
