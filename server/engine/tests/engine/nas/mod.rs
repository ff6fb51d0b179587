//! Signing in by the NAS that Tocsin runs on: whom it lets in, for how long, and what becomes of them when it says no
//! or nothing.

mod entering;
mod refusing;
mod staying;

use crate::support::Tocsin;
use secrecy::{ExposeSecret as _, SecretString};
use tocsin_domain::nas::System;
use tocsin_engine::nas::scripted::ScriptedNas;
use tocsin_engine::nas::{Brought, NasError, Need, Visitor};

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
