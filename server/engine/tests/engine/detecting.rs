use crate::support::Tocsin;
use tocsin_domain::detection::{Detection, Found, Place};
use tocsin_domain::provider::Security;
use tocsin_engine::detect::{Clues, DetectError};
use tocsin_engine::smtp::scripted::{Identity, Script, Scripted};

/// What is found at the typed port; the ports that every mail server has are tried too.
async fn found(tocsin: &Tocsin, server: &Scripted, ca: Option<String>) -> (Detection, Vec<Place>) {
    let clues = Clues {
        host: Some("127.0.0.1".to_owned()),
        port: Some(server.port()),
        ca,
        ..Clues::default()
    };
    let detection = tocsin.engine.detect(&clues).await.unwrap();
    let places = detection.places.iter();
    let at_port = places
        .filter(|place| place.port == server.port())
        .cloned()
        .collect();
    (detection, at_port)
}

#[tokio::test]
async fn a_tls_server_and_a_starttls_server_are_found_as_what_they_are() {
    let tocsin = Tocsin::start().await;
    for (script, security) in [
        (Script::tls(Identity::Good), Security::Tls),
        (Script::starttls(Identity::Good), Security::Starttls),
        (Script::plain(), Security::None),
    ] {
        let server = Scripted::start(script).await;

        let (detection, places) = found(&tocsin, &server, Some(server.ca())).await;

        let best = detection.best().unwrap();
        assert_eq!((best.port, best.security), (server.port(), security));
        assert!(matches!(&places[0].found, Found::Server { sign_in } if !sign_in.is_empty()));
        assert!(matches!(&places[1].found, Found::Nothing { .. }), "{places:?}");
        assert!(server.record().sign_ins.is_empty());
    }
}

#[tokio::test]
async fn a_certificate_of_nobody_known_is_said_and_the_server_offered_all_the_same() {
    let tocsin = Tocsin::start().await;
    let server = Scripted::start(Script::tls(Identity::Good)).await;

    let (detection, places) = found(&tocsin, &server, None).await;

    assert_eq!(detection.best().unwrap().security, Security::Tls);
    assert!(matches!(places[0].found, Found::Certificate { .. }), "{places:?}");
}

#[tokio::test]
async fn whoever_asks_too_often_waits() {
    let tocsin = Tocsin::start().await;
    let clues = Clues {
        host: Some("127.0.0.1".to_owned()),
        ..Clues::default()
    };
    let mut refused = 0;
    for _ in 0..8 {
        if tocsin.engine.detect(&clues).await == Err(DetectError::TooOften) {
            refused += 1;
        }
    }
    assert_eq!(refused, 2);
}
