//! The SMTP session against a server that answers as it is told.
#![allow(clippy::unwrap_used)]

mod breaking_off;
mod connecting;
mod encryption;
mod probing;
mod secrets;
mod sending;
mod signing_in;

use std::time::Duration;
use tocsin_domain::address::EmailAddress;
use tocsin_engine::smtp::scripted::{Script, Scripted};
use tocsin_engine::smtp::{Credential, Envelope, Session, SmtpError, Timeouts};

const MESSAGE: &[u8] = b"Message-ID: <1@nas.example.com>\r\nSubject: Disk 2 failed\r\n\r\nReplace it.\r\n";

/// Short where a test waits for the server's silence.
fn impatient() -> Timeouts {
    Timeouts {
        connect: Duration::from_millis(300),
        command: Duration::from_millis(300),
        data_end: Duration::from_millis(300),
    }
}

fn password() -> Credential {
    Credential::Password {
        user: "nas@example.com".to_owned(),
        password: "canary-password".into(),
    }
}

fn token(text: &str) -> Credential {
    Credential::Token {
        user: "nas@example.com".to_owned(),
        access_token: text.into(),
    }
}

fn envelope(to: &[&str]) -> Envelope {
    Envelope {
        from: address("nas@example.com"),
        to: to.iter().map(|text| address(text)).collect(),
    }
}

fn address(text: &str) -> EmailAddress {
    text.parse().unwrap()
}

/// With and without pipelining, everything must be the same to the caller.
fn both() -> [Script; 2] {
    [Script::plain(), Script::plain().offering(&["8BITMIME"])]
}

async fn open(server: &Scripted, credential: &Credential) -> Result<Session, SmtpError> {
    Session::open(&server.endpoint(), credential, &Timeouts::default()).await
}

/// A session with a server that wants no sign-in.
async fn session(server: &Scripted) -> Session {
    open(server, &Credential::Nothing).await.unwrap()
}
