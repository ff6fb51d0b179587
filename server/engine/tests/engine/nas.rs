//! Signing in by the NAS that Tocsin runs on: whom it lets in, for how long, and what becomes of them when it says no
//! or nothing.

use crate::support::{Tocsin, admin};
use secrecy::{ExposeSecret as _, SecretString};
use tocsin_domain::nas::System;
use tocsin_engine::admins::{AdminError, By, Role};
use tocsin_engine::nas::scripted::{Flag, Mood, ScriptedNas};
use tocsin_engine::nas::{Brought, NasError, Need, Recognised, Visitor};

const HERE: &str = "192.0.2.1";

const BOTH: [System; 2] = [System::Qts, System::Dsm];

async fn start(system: System) -> (Tocsin, ScriptedNas) {
    let nas = ScriptedNas::start(system).await;
    let config = nas.config();
    let tocsin = Tocsin::start_with(|settings| settings.nas = Some(config)).await;
    (tocsin, nas)
}

fn cookie(system: System, sid: &str) -> Brought {
    let name = match system {
        System::Qts => "NAS_SID",
        System::Dsm => "id",
    };
    Brought::by_cookies(system, [("lang", "eng"), (name, sid)].into_iter())
}

async fn sign_in(tocsin: &Tocsin, user: &str, password: &str, code: &str) -> Result<SecretString, NasError> {
    let engine = &tocsin.engine;
    engine.nas_sign_in(user, &password.into(), code, HERE).await
}

async fn go_on(tocsin: &Tocsin, system: System, sid: &str) -> Result<SecretString, NasError> {
    tocsin.engine.nas_continue(&cookie(system, sid), HERE).await
}

/// What a request with our own cookie alone is worth.
async fn visitor(tocsin: &Tocsin, secret: &SecretString, need: Need) -> Visitor {
    visitor_with(tocsin, secret, &Brought::default(), need).await
}

async fn visitor_with(tocsin: &Tocsin, secret: &SecretString, brought: &Brought, need: Need) -> Visitor {
    let secret = secret.expose_secret();
    tocsin.engine.visitor(secret, brought, need).await.unwrap()
}

fn is_in(visitor: &Visitor) -> bool {
    matches!(visitor, Visitor::SignedIn(_))
}

async fn actions(tocsin: &Tocsin) -> Vec<(String, String)> {
    let mut log = tocsin.engine.audit_log(100).await.unwrap();
    log.sort_by_key(|line| line.id);
    log.into_iter().map(|line| (line.action, line.who)).collect()
}

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
async fn a_nas_that_insists_on_https_is_asked_by_it_on_this_machine() {
    for system in BOTH {
        let (tocsin, nas) = start(system).await;
        nas.be(Mood::ForcedHttps);
        let session = sign_in(&tocsin, "anna", "right", "").await.unwrap();
        assert!(is_in(&visitor(&tocsin, &session, Need::Change).await), "{system}");
    }
}

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
async fn where_no_nas_was_named_nobody_signs_in_by_one() {
    let tocsin = Tocsin::start().await;
    assert_eq!(tocsin.engine.nas_recognises(&Brought::default()).await, None);
    assert!(matches!(
        sign_in(&tocsin, "anna", "right", "").await,
        Err(NasError::Off)
    ));
}

#[tokio::test]
async fn the_first_local_administrator_is_made_without_the_code_which_is_then_worth_nothing() {
    let (tocsin, _nas) = start(System::Qts).await;
    let code = tocsin.engine.setup_code().await.unwrap().unwrap();
    let engine = &tocsin.engine;
    let password = "correct horse".into();
    let make =
        |name| engine.make_local_administrator(name, "ops@example.com", &password, ADMIN.get_or_init(admin));

    make("ops").await.unwrap();

    assert!(matches!(make("second").await, Err(AdminError::AlreadySetUp)));
    let by_code = engine.set_up(&code, "third", "a@b.org", &password, HERE).await;
    assert!(matches!(by_code, Err(AdminError::AlreadySetUp)));
    assert!(engine.sign_in("ops", &password, HERE).await.is_ok());
}

static ADMIN: std::sync::OnceLock<tocsin_engine::audit::Who> = std::sync::OnceLock::new();
