//! Makes a data directory for `make bench`: an administrator, an account that sends to a port of this machine, a
//! rule that catches everything, and a token that may report. Tells the secrets as JSON.
//!
//! `bench_seed DATA PORT ready`: the account needs no sign-in. `bench_seed DATA PORT refused`: it signs in by a
//! password that was refused, so that what it should carry is held.

use jiff::SignedDuration;
use secrecy::{ExposeSecret as _, SecretString};
use std::error::Error;
use std::sync::Arc;
use tocsin_domain::account::{Account, AccountSettings, IsDefault, SignIn};
use tocsin_domain::authorization::{Authorization, Refusal};
use tocsin_domain::failure::Meaning;
use tocsin_domain::hours::Hours;
use tocsin_domain::id::{AccountId, RuleId};
use tocsin_domain::provider::{ProviderKey, Security, Server};
use tocsin_domain::rule::{Conditions, Format, Pair, RuleDefinition, Switch};
use tocsin_domain::severity::Severity;
use tocsin_domain::text::Line;
use tocsin_engine::audit::Who;
use tocsin_engine::time::now;
use tocsin_engine::tokens::Scope;
use tocsin_engine::{Config, Engine};

const ADDRESS: &str = "nas@example.com";
const ADMIN: &str = "bench";
const PASSWORD: &str = "correct horse battery staple";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let [folder, port, state] = arguments.as_slice() else {
        return Err("bench_seed DATA PORT ready|refused".into());
    };
    let (sign_in, authorization) = match state.as_str() {
        "ready" => (SignIn::Nothing, Authorization::Authorized),
        "refused" => (SignIn::Password { user: ADDRESS.into() }, refused()),
        _ => return Err("an account is ready or refused".into()),
    };
    let engine = Engine::start(Config::new(folder.into())).await?;
    set_up(&engine).await?;
    let id = AccountId::new(engine.store.next_id());
    let settings = AccountSettings {
        provider: ProviderKey::new(ProviderKey::CUSTOM),
        address: ADDRESS.parse()?,
        sender_name: Line::default(),
        owner: None,
        smtp: Server {
            host: "127.0.0.1".into(),
            port: port.parse()?,
            security: Security::None,
            ca: None,
        },
        imap: None,
        sign_in,
    };
    let account = Account {
        default: IsDefault::Yes,
        ..Account::new(id, settings, authorization, now())
    };
    let mut transaction = engine.store.begin().await?;
    // Later than the measurement ends: nothing but it uses the account.
    let next_check = now() + SignedDuration::from_hours(24);
    engine
        .store
        .insert_account(&mut transaction, &account, None, next_check)
        .await?;
    let rule = RuleId::new(engine.store.next_id());
    engine
        .store
        .save_rule(&mut transaction, rule, &everything(account.id)?, now())
        .await?;
    transaction.commit().await?;
    let who = Who {
        name: ADMIN.into(),
        origin: "127.0.0.1".into(),
    };
    let (_, token) = engine
        .make_token(&Line::parse("bench")?, Scope::Report, &who)
        .await?;
    engine.stop().await;
    let told = serde_json::json!({
        "account": account.id.to_string(),
        "token": token.expose_secret(),
        "admin": { "name": ADMIN, "password": PASSWORD },
    });
    println!("{told}");
    Ok(())
}

fn refused() -> Authorization {
    Authorization::NeedsReauthorization(Refusal {
        since: now(),
        meaning: Meaning::PasswordRefused,
        words: "535 5.7.8 Username and Password not accepted".into(),
    })
}

async fn set_up(engine: &Arc<Engine>) -> Result<(), Box<dyn Error>> {
    let code = engine
        .setup_code()
        .await?
        .ok_or("this data directory is in use already")?;
    let password = SecretString::from(PASSWORD);
    engine
        .set_up(&code, ADMIN, "admin@example.com", &password, "127.0.0.1")
        .await?;
    Ok(())
}

fn everything(sender: AccountId) -> Result<RuleDefinition, Box<dyn Error>> {
    Ok(RuleDefinition {
        name: Line::parse("Everything")?,
        switch: Switch::On,
        conditions: Conditions::Alert {
            severities: Severity::ALL.to_vec(),
            include: vec![],
            exclude: vec![],
            hours: Hours::AllDay,
        },
        pairs: vec![Pair {
            id: None,
            senders: vec![sender],
            recipients: vec!["ops@example.com".parse()?],
            format: Format::Plain,
            subject_prefix: Line::default(),
        }],
    })
}
