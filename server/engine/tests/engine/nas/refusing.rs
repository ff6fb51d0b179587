//! Whom it does not let in, and why.

use super::{BOTH, actions, cookie, go_on, sign_in, start};
use crate::support::Tocsin;
use tocsin_domain::nas::System;
use tocsin_engine::nas::scripted::{Flag, Mood};
use tocsin_engine::nas::{Brought, NasError, Recognised};

#[tokio::test]
async fn nobody_but_an_administrator_is_let_in_whether_the_nas_says_no_or_nothing_of_it() {
    for system in BOTH {
        let (tocsin, nas) = start(system).await;
        nas.user("carl", Flag::Absent);
        for user in ["bob", "carl"] {
            let sid = nas.open(user);
            let recognised = tocsin.engine.nas_recognises(&cookie(system, &sid)).await;
            assert_eq!(recognised, Some(Recognised::Other(user.to_owned())));
            let by_cookie = go_on(&tocsin, system, &sid).await;
            assert!(matches!(by_cookie, Err(NasError::NotAdministrator { user: named }) if named == user));
            let open = nas.sessions();
            let by_password = sign_in(&tocsin, user, "right", "").await;
            assert!(
                matches!(by_password, Err(NasError::NotAdministrator { .. })),
                "{by_password:?}"
            );
            assert_eq!(
                nas.sessions(),
                open,
                "{system}: no session of theirs is left behind"
            );
        }
        let refused = actions(&tocsin).await;
        assert!(
            refused.iter().all(|(action, _)| action == "sign-in-refused"),
            "{refused:?}"
        );
        assert!(refused.iter().any(|(_, who)| who == "bob (NAS)"), "{refused:?}");
    }
}

#[tokio::test]
async fn a_forged_or_ended_session_of_the_nas_opens_nothing() {
    for system in BOTH {
        let (tocsin, nas) = start(system).await;
        let ended = nas.open("anna");
        nas.close(&ended);
        for sid in ["forged", ended.as_str()] {
            let recognised = tocsin.engine.nas_recognises(&cookie(system, sid)).await;
            assert_eq!(recognised, Some(Recognised::Nobody));
            assert!(matches!(go_on(&tocsin, system, sid).await, Err(NasError::Ended)));
        }
    }
}

#[tokio::test]
async fn what_the_nas_refuses_is_told_apart() {
    let (tocsin, nas) = start(System::Qts).await;
    assert!(matches!(
        sign_in(&tocsin, "anna", "wrong", "").await,
        Err(NasError::Refused)
    ));
    nas.refuse("anna", -3);
    assert!(matches!(
        sign_in(&tocsin, "anna", "right", "").await,
        Err(NasError::PasswordExpired)
    ));

    let (tocsin, nas) = start(System::Dsm).await;
    assert!(matches!(
        sign_in(&tocsin, "anna", "wrong", "").await,
        Err(NasError::Refused)
    ));
    nas.refuse("anna", 407);
    assert!(matches!(
        sign_in(&tocsin, "anna", "right", "").await,
        Err(NasError::Barred)
    ));
    nas.refuse("anna", 410);
    assert!(matches!(
        sign_in(&tocsin, "anna", "right", "").await,
        Err(NasError::PasswordExpired)
    ));
}

#[tokio::test]
async fn wrong_guesses_slow_down_and_a_silent_nas_is_no_guess() {
    let (tocsin, nas) = start(System::Qts).await;
    nas.be(Mood::Broken);
    for _ in 0..8 {
        let silent = sign_in(&tocsin, "anna", "right", "").await;
        assert!(matches!(silent, Err(NasError::Silent(_))), "{silent:?}");
    }
    nas.be(Mood::Well);
    for _ in 0..5 {
        assert!(matches!(
            sign_in(&tocsin, "anna", "wrong", "").await,
            Err(NasError::Refused)
        ));
    }
    assert!(matches!(
        sign_in(&tocsin, "ANNA", "right", "").await,
        Err(NasError::Wait { .. })
    ));
}

#[tokio::test]
async fn no_answer_is_no_whatever_kind_of_none_it_is() {
    for system in BOTH {
        let (tocsin, nas) = start(system).await;
        let sid = nas.open("anna");
        for mood in [Mood::Garbage, Mood::Broken, Mood::Circle] {
            nas.be(mood);
            let by_cookie = go_on(&tocsin, system, &sid).await;
            assert!(
                matches!(by_cookie, Err(NasError::Silent(_))),
                "{system} {mood:?}: {by_cookie:?}"
            );
            let by_password = sign_in(&tocsin, "anna", "right", "").await;
            assert!(
                matches!(by_password, Err(NasError::Silent(_))),
                "{system} {mood:?}: {by_password:?}"
            );
            let recognised = tocsin.engine.nas_recognises(&Brought::default()).await;
            assert_eq!(recognised, Some(Recognised::Silent));
        }
        nas.be(Mood::Hanging);
        assert!(matches!(
            go_on(&tocsin, system, &sid).await,
            Err(NasError::Silent(_))
        ));
    }
}

#[tokio::test]
async fn where_no_nas_was_named_nobody_signs_in_by_one() {
    let tocsin = Tocsin::start().await;
    assert_eq!(tocsin.engine.nas_recognises(&Brought::default()).await, None);
    assert!(matches!(
        sign_in(&tocsin, "anna", "right", "").await,
        Err(NasError::Off)
    ));
}
