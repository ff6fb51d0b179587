//! The NAS's own log: `log_tool` writes into QTS's (QuLog), `synodsmnotify` tells DSM's administrators on its desktop.
//!
//! It is told what the webhook is told, in the transaction of what it tells of; the line is written afterwards, so that
//! a tool that hangs holds up nothing. Each is tried once: a tool that failed may have written it all the same. A line
//! there is for whoever looks; it reaches nobody by itself, and no warning counts as heard by it.

use super::tool;
use crate::engine::Engine;
use crate::net::bounded;
use crate::store::{NasLine, StoreError};
use crate::time::now;
use crate::webhook::News;
use sqlx::AnyConnection;
use std::sync::Arc;
use std::time::Duration;
use tocsin_domain::nas::{LogReach, Logged, System};
use tocsin_domain::told::Kind;

/// The longest sleep, and the one after a fault of the database.
const LONGEST_SLEEP: Duration = Duration::from_secs(30);

/// Writes until the engine stops.
pub(crate) async fn run(engine: Arc<Engine>) {
    let Some(nas) = &engine.nas else { return };
    while !engine.stopping.is_cancelled() {
        let written = tokio::select! {
            written = write_next(&engine) => written,
            () = engine.stopping.cancelled() => return,
        };
        match written {
            Ok(true) => continue,
            Ok(false) => {}
            Err(error) => tracing::error!(%error, "a line for the NAS's log could not be read or noted"),
        }
        tokio::select! {
            () = nas.log_wake.notified() => {}
            () = tokio::time::sleep(LONGEST_SLEEP) => {}
            () = engine.stopping.cancelled() => {}
        }
    }
}

/// Writes the next line; says whether there was one.
async fn write_next(engine: &Engine) -> Result<bool, StoreError> {
    let Some(nas) = &engine.nas else { return Ok(false) };
    let Some((id, kind, text)) = engine.store.next_nas_line().await? else {
        return Ok(false);
    };
    // Not again after a plug that was pulled, or while the disk is full: rather once too few than every half minute.
    record(engine, id, Logged::Failed).await?;
    let written = match nas.log_tool() {
        Some(program) => {
            let arguments = arguments(nas.system(), kind, &text);
            let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
            tool::run(&program, &arguments).await.map(drop)
        }
        None => Err(std::io::Error::from(std::io::ErrorKind::NotFound).into()),
    };
    match written {
        Ok(()) => record(engine, id, Logged::Written).await?,
        Err(error) => tracing::warn!(%error, "the NAS's own log did not take a line"),
    }
    engine.live.changed();
    Ok(true)
}

async fn record(engine: &Engine, id: i64, logged: Logged) -> Result<(), StoreError> {
    let mut transaction = engine.store.begin().await?;
    engine.store.record_nas_line(&mut transaction, id, logged).await?;
    Ok(transaction.commit().await?)
}

/// `log_tool`: `-t` 0 is an information, 1 a warning, 2 an error; the address and host are those that QTS itself gives.
/// `synodsmnotify`: title and text are keys of the package's own texts (`package/spk/ui/texts`), since DSM 7 shows no
/// others; what it is given beyond them stands in place of `{0}`. No address that begins with a hyphen is an option.
fn arguments(system: System, kind: Kind, text: &str) -> Vec<String> {
    let text = bounded(text);
    match system {
        System::Qts => {
            let severity = match kind {
                Kind::Expired | Kind::SettingRefused | Kind::ApplicationRefused => "-t2",
                Kind::Unreachable | Kind::GrantEnds | Kind::SecretEnds => "-t1",
                Kind::WorksAgain | Kind::LinkSent | Kind::LinkUsed | Kind::ImportReport => "-t0",
            };
            let from = ["-u", "System", "-p", "127.0.0.1", "-m", "localhost"];
            let about = ["-N", "Tocsin", "-G", "Authorization", "-a", &text];
            [severity]
                .into_iter()
                .chain(from)
                .chain(about)
                .map(str::to_owned)
                .collect()
        }
        System::Dsm => {
            let text = format!("Tocsin: {text}");
            let about = [
                "-c",
                "org.tocsin.Tocsin",
                "@administrators",
                "tocsin:notify:title",
                "tocsin:notify:text",
            ];
            about
                .into_iter()
                .chain([text.as_str()])
                .map(str::to_owned)
                .collect()
        }
    }
}

impl Engine {
    /// Writes a line for the NAS's log, in the transaction of what it tells of; nothing where there is none.
    pub(crate) async fn tell_nas_log(
        &self,
        connection: &mut AnyConnection,
        news: &News<'_>,
        text: &str,
    ) -> Result<(), StoreError> {
        if !self.nas.as_ref().is_some_and(super::Nas::has_log) {
            return Ok(());
        }
        let line = NasLine {
            account: news.account.map(|account| account.id),
            application: news.application.cloned(),
            at: now(),
            kind: news.kind,
            text: text.to_owned(),
        };
        self.store.insert_nas_line(connection, &line).await
    }

    /// Whether the last warning stands in the NAS's log.
    pub async fn nas_log_reach(&self) -> Result<LogReach, StoreError> {
        if self.nas.is_none() {
            return Ok(LogReach::None);
        }
        Ok(match self.store.last_nas_line().await? {
            None | Some(Logged::Waiting) => LogReach::None,
            Some(Logged::Written) => LogReach::Written,
            Some(Logged::Failed) => LogReach::Failing,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_one_argument_whatever_it_says() {
        let text = "a@b.org cannot send; $(reboot) \"x\"\n\u{1b}[31m-t0";
        let arguments = arguments(System::Qts, Kind::Expired, text);
        assert_eq!(arguments[0], "-t2");
        assert_eq!(arguments[arguments.len() - 2], "-a");
        assert_eq!(
            arguments[arguments.len() - 1],
            "a@b.org cannot send; $(reboot) \"x\" [31m-t0"
        );
    }

    #[test]
    fn dsm_tells_its_administrators() {
        let arguments = arguments(System::Dsm, Kind::GrantEnds, "-x@example.com expires soon");
        assert_eq!(
            arguments[2..],
            [
                "@administrators",
                "tocsin:notify:title",
                "tocsin:notify:text",
                "Tocsin: -x@example.com expires soon"
            ]
        );
    }
}
