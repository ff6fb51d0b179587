//! `tocsin serve`: starts the engine, answers requests, and stops when told to.
//!
//! The order at the end matters: first no new request, then what is under way, then the engine gives back what
//! it could not finish. All of it together takes at most ten seconds.

use crate::begin_again;
use crate::connections;
use crate::http::{self, Web};
use crate::listen::{ListenError, listen};
use crate::log;
use crate::report::door::{self, DoorError};
use crate::report::spool;
use crate::settings::{ServeOptions, SettingsError};
use crate::user::UserError;
use std::io::Write as _;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;
use tocsin_engine::{Engine, StartError};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

/// How long requests that are under way may take once it was told to stop.
const REQUESTS: Duration = Duration::from_secs(3);

/// How long the engine may take then.
const ENGINE: Duration = Duration::from_secs(6);

/// Why it did not start, or stopped by itself.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// It does not run as the user that was named.
    #[error(transparent)]
    User(#[from] UserError),
    /// The settings cannot be used.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The engine does not start.
    #[error(transparent)]
    Engine(#[from] StartError),
    /// The address is not to be had.
    #[error(transparent)]
    Listen(#[from] ListenError),
    /// Local programs cannot be told where it runs.
    #[error(transparent)]
    Door(DoorError),
    /// The operating system failed.
    #[error("the operating system refuses to run Tocsin: {0}")]
    System(#[from] std::io::Error),
    /// Whether there is an administrator is not known.
    #[error("the database cannot be read: {0}")]
    Admins(#[source] tocsin_engine::admins::AdminError),
}

/// Runs until SIGTERM or SIGINT.
pub fn run(options: ServeOptions) -> Result<(), ServeError> {
    begin_again::on_panic();
    options.give_up_root()?;
    let settings = options.settle()?;
    log::start(settings.log);
    connections::allow_files();
    if let Some(file) = &settings.unread {
        tracing::warn!(file = %file.display(), "not read, because --config or TOCSIN_CONFIG names another file");
    }
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(async {
            let mut terminate = signal(SignalKind::terminate())?;
            let mut interrupt = signal(SignalKind::interrupt())?;
            let listener = listen(settings.listen).await?;
            let engine = tokio::select! {
                started = Engine::start(settings.engine) => started?,
                // Copying a large database takes a while; nothing is lost by ending in between.
                _ = terminate.recv() => return Ok(()),
                _ = interrupt.recv() => return Ok(()),
            };
            spool::prepare(&engine.config.folder);
            let (stop, stopping) = watch::channel(());
            let in_front = settings.trusted_proxies.clone();
            let router = http::router(Web::new(
                engine.clone(),
                settings.site,
                settings.public_url,
                settings.trusted_proxies,
                stopping.clone(),
            ))?;
            let address = listener.local_addr()?;
            let setup_code = engine.setup_code().await.map_err(ServeError::Admins)?;
            let token = door::open(&engine, address).await.map_err(ServeError::Door)?;
            let drain = tokio::spawn(spool::drain(engine.clone(), token));
            announce(address, setup_code.as_deref());

            let server = tokio::spawn(connections::serve(listener, router, in_front, closed(stopping)));
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            begin_again::no_more();
            drain.abort();
            drop(stop);
            // Whoever still sends or reads then has had its time.
            let _ = tokio::time::timeout(REQUESTS, server).await;
            if tokio::time::timeout(ENGINE, engine.stop()).await.is_err() {
                tracing::warn!("work under way took too long to stop; it goes on at the next start");
            }
            Ok(())
        })
}

async fn closed(mut stopping: watch::Receiver<()>) {
    // The sender never sends: it is dropped when it is time to stop.
    let _ = stopping.changed().await;
}

/// Says where it runs, on standard output, where scripts read it. Nobody listening there is no reason to end.
fn announce(address: SocketAddr, setup_code: Option<&str>) {
    let code = setup_code
        .map(|code| format!("Set-up code: {code}\n"))
        .unwrap_or_default();
    let lines = format!("Tocsin runs at http://{}\n{code}", reachable(address));
    let mut out = std::io::stdout().lock();
    if let Err(error) = out.write_all(lines.as_bytes()).and_then(|()| out.flush()) {
        tracing::warn!(%error, "standard output is closed");
    }
}

/// An address that a browser on this machine can open.
fn reachable(mut address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        address.set_ip(match address {
            SocketAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
            SocketAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
        });
    }
    address
}
