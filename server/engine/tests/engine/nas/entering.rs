//! Whom the NAS lets in.

use super::{BOTH, HERE, actions, cookie, go_on, is_in, sign_in, start, visitor};
use crate::support::admin;
use secrecy::ExposeSecret as _;
use tocsin_domain::nas::System;
use tocsin_engine::admins::{AdminError, By, Role};
use tocsin_engine::nas::scripted::Mood;
use tocsin_engine::nas::{Brought, NasError, Need, Recognised, Visitor};

#[tokio::test]
async fn an_administrator_of_the_nas_is_recognised_and_let_in_when_they_say_so() {
    for system in BOTH {
        let (tocsin, nas) = start(system).await;
        let sid = nas.open("anna");
        let brought = cookie(system, &sid);

        let recognised = tocsin.engine.nas_recognises(&brought).await;
        assert_eq!(recognised, Some(Recognised::Administrator("anna".to_owned())));
        assert_eq!(actions(&tocsin).await, [], "nothing has happened yet");
        let session = tocsin.engine.nas_continue(&brought, HERE).await.unwrap();

        let Visitor::SignedIn(anna) = visitor(&tocsin, &session, Need::Change).await else {
            panic!("{system}: not let in")
        };
        assert_eq!(
            (anna.name.as_str(), anna.role, anna.by),
            ("anna (NAS)", Role::Administrator, By::Nas)
        );
        assert_eq!(
            actions(&tocsin).await,
            [("signed-in".to_owned(), "anna (NAS)".to_owned())]
        );
    }
}

#[tokio::test]
async fn name_and_password_of_the_nas_let_an_administrator_in_and_signing_out_ends_both_sessions() {
    for system in BOTH {
        let (tocsin, nas) = start(system).await;
        let session = sign_in(&tocsin, "anna", "right", "").await.unwrap();
        assert!(is_in(&visitor(&tocsin, &session, Need::Look).await));
        assert_eq!(nas.sessions(), 1);

        tocsin.engine.sign_out(session.expose_secret()).await.unwrap();

        assert_eq!(visitor(&tocsin, &session, Need::Look).await, Visitor::Nobody);
        assert_eq!(nas.sessions(), 0, "{system}: what Tocsin opened, it closes");
    }
}

#[tokio::test]
async fn signing_out_here_leaves_the_browsers_own_session_on_the_nas() {
    let (tocsin, nas) = start(System::Qts).await;
    let sid = nas.open("anna");
    let session = go_on(&tocsin, System::Qts, &sid).await.unwrap();
    tocsin.engine.sign_out(session.expose_secret()).await.unwrap();
    assert_eq!(nas.sessions(), 1);
}

#[tokio::test]
async fn what_remember_me_left_on_qts_counts_by_the_name_in_the_answer() {
    let (tocsin, _nas) = start(System::Qts).await;
    let brought = |token, user| {
        let cookies = [("NAS_SID", "ended"), ("qtoken", token), ("NAS_USER", user)];
        Brought::by_cookies(System::Qts, cookies.into_iter())
    };
    let good = brought("token-of-anna", "anna");
    let session = tocsin.engine.nas_continue(&good, HERE).await.unwrap();
    assert!(is_in(&visitor(&tocsin, &session, Need::Change).await));
    let forged = tocsin
        .engine
        .nas_continue(&brought("token-of-anna", "root"), HERE)
        .await;
    assert!(matches!(forged, Err(NasError::Ended)));
}

#[tokio::test]
async fn a_session_of_dsm_that_needs_its_token_gets_it() {
    let (tocsin, nas) = start(System::Dsm).await;
    nas.need_token();
    let sid = nas.open("anna");
    let session = go_on(&tocsin, System::Dsm, &sid).await.unwrap();
    assert!(is_in(&visitor(&tocsin, &session, Need::Change).await));
    assert!(sign_in(&tocsin, "anna", "right", "").await.is_ok());
}

#[tokio::test]
async fn the_second_step_is_asked_for_and_checked() {
    for system in BOTH {
        let (tocsin, nas) = start(system).await;
        nas.ask_for_code("anna", "123456");
        let needed = sign_in(&tocsin, "anna", "right", "").await;
        assert!(
            matches!(needed, Err(NasError::CodeNeeded)),
            "{system}: {needed:?}"
        );
        let wrong = sign_in(&tocsin, "anna", "right", "000000").await;
        assert!(matches!(wrong, Err(NasError::CodeWrong)), "{system}: {wrong:?}");
        assert!(
            sign_in(&tocsin, "anna", "right", " 123456 ").await.is_ok(),
            "{system}"
        );
    }
}

#[tokio::test]
async fn a_nas_that_insists_on_https_is_asked_by_it_on_this_machine() {
    for system in BOTH {
        let (tocsin, nas) = start(system).await;
        nas.be(Mood::ForcedHttps);
        let session = sign_in(&tocsin, "anna", "right", "").await.unwrap();
        assert!(is_in(&visitor(&tocsin, &session, Need::Change).await), "{system}");
    }
}

#[tokio::test]
async fn no_secret_of_the_nas_is_written_down_and_its_password_stands_in_no_address() {
    let (tocsin, nas) = start(System::Qts).await;
    let sid = nas.open("anna");
    go_on(&tocsin, System::Qts, &sid).await.unwrap();
    sign_in(&tocsin, "anna", "right", "").await.unwrap();

    let asked = nas.asked();
    let form = asked.iter().find(|asked| asked.starts_with("POST")).unwrap();
    assert!(
        form.contains("pwd=cmlnaHQ%3D") && form.contains("force_to_check_2sv=1"),
        "{form}"
    );
    assert!(
        !asked
            .iter()
            .any(|asked| asked.starts_with("GET") && asked.contains("pwd")),
        "{asked:?}"
    );
    let stored = tocsin.stored_bytes();
    assert!(!stored.contains(&sid) && !stored.contains("cmlnaHQ"));
}

#[tokio::test]
async fn the_first_local_administrator_is_made_without_the_code_which_is_then_worth_nothing() {
    let (tocsin, _nas) = start(System::Qts).await;
    let code = tocsin.engine.setup_code().await.unwrap().unwrap();
    let engine = &tocsin.engine;
    let password = "correct horse".into();
    let who = admin();
    let make = |name| engine.make_local_administrator(name, "ops@example.com", &password, &who);

    make("ops").await.unwrap();

    assert!(matches!(make("second").await, Err(AdminError::AlreadySetUp)));
    let by_code = engine.set_up(&code, "third", "a@b.org", &password, HERE).await;
    assert!(matches!(by_code, Err(AdminError::AlreadySetUp)));
    assert!(engine.sign_in("ops", &password, HERE).await.is_ok());
}
