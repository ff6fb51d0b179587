//! The NAS's own log hears of warnings.

use crate::support::Tocsin;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use tocsin_domain::id::AccountId;
use tocsin_domain::nas::{LogReach, Logged, System};
use tocsin_domain::told::{Kind, Told};
use tocsin_engine::nas::NasConfig;
use tocsin_engine::smtp::scripted::{Script, Scripted};

/// Writes its arguments down, one a line.
const WRITES: &str = "#!/bin/sh\nfor argument; do echo \"$argument\"; done >> \"${0%/*}/written\"\n";

/// A NAS whose tool is a script.
fn nas(system: System, tool: &str, script: &str) -> (NasConfig, TempDir, PathBuf) {
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join(tool);
    let folder = path.parent().unwrap().to_owned();
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(&path, script).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    let config = NasConfig {
        root: root.path().to_owned(),
        ..NasConfig::new(system)
    };
    (config, root, folder)
}

/// Loses an account that no other one can tell of.
async fn lose(tocsin: &Tocsin) -> AccountId {
    let server = Scripted::start(Script::plain().knowing_nobody()).await;
    tocsin.lost_account("nas@example.com", &server).await
}

/// The line of an account's history that is no mail, once it is settled.
async fn settled(tocsin: &Tocsin, account: AccountId, logged: Logged) -> Told {
    let mut changes = tocsin.engine.live.listen();
    let wait = async {
        loop {
            let told = tocsin.engine.told(account).await.unwrap();
            if let Some(line) = told.into_iter().find(|told| told.nas_log == Some(logged)) {
                return line;
            }
            let _ = tokio::time::timeout(std::time::Duration::from_millis(200), changes.changed()).await;
        }
    };
    let found = tokio::time::timeout(std::time::Duration::from_secs(30), wait).await;
    found.unwrap_or_else(|_| panic!("no line is {logged:?}"))
}

/// That the tool has run: a line counts as failed from before its start.
async fn when_there(file: &Path) {
    let there = async {
        while !file.exists() {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    };
    let found = tokio::time::timeout(std::time::Duration::from_secs(30), there).await;
    found.unwrap_or_else(|_| panic!("the tool has not run"));
}

fn lines(file: &Path) -> Vec<String> {
    std::fs::read_to_string(file)
        .unwrap()
        .lines()
        .map(str::to_owned)
        .collect()
}

#[tokio::test]
async fn a_warning_goes_to_qulog_as_one_line_and_stands_in_what_was_told() {
    let (config, _root, folder) = nas(System::Qts, "sbin/log_tool", WRITES);
    let tocsin = Tocsin::start_with(|settings| settings.nas = Some(config)).await;
    let account = lose(&tocsin).await;

    let line = settled(&tocsin, account, Logged::Written).await;

    assert_eq!((line.kind, line.recipients.len()), (Kind::Expired, 0));
    assert_eq!(
        lines(&folder.join("written")),
        [
            "-t2",
            "-u",
            "System",
            "-p",
            "127.0.0.1",
            "-m",
            "localhost",
            "-N",
            "Tocsin",
            "-G",
            "Authorization",
            "-a",
            "nas@example.com cannot send: Authorization has expired. Reauthorize the account.",
        ]
    );
    assert_eq!(tocsin.engine.nas_log_reach().await.unwrap(), LogReach::Written);
}

#[tokio::test]
async fn dsm_tells_its_administrators() {
    let (config, _root, folder) = nas(System::Dsm, "usr/syno/bin/synodsmnotify", WRITES);
    let tocsin = Tocsin::start_with(|settings| settings.nas = Some(config)).await;
    let account = lose(&tocsin).await;
    settled(&tocsin, account, Logged::Written).await;
    assert_eq!(
        lines(&folder.join("written"))[2..4],
        ["@administrators", "tocsin:notify:title"]
    );
}

#[tokio::test]
async fn a_tool_that_fails_is_tried_once_and_said_to_have_failed() {
    let script = "#!/bin/sh\necho once >> \"${0%/*}/written\"\nexit 3\n";
    let (config, _root, folder) = nas(System::Qts, "sbin/log_tool", script);
    let tocsin = Tocsin::start_with(|settings| settings.nas = Some(config)).await;
    let account = lose(&tocsin).await;
    settled(&tocsin, account, Logged::Failed).await;
    let written = folder.join("written");
    when_there(&written).await;
    let tocsin = tocsin.restart().await;
    tocsin.check_now(account).await;
    drop(tocsin);
    assert_eq!(lines(&written), ["once"]);
}

#[tokio::test]
async fn where_there_is_no_tool_nothing_counts_as_told() {
    let root = tempfile::tempdir().unwrap();
    let config = NasConfig {
        root: root.path().to_owned(),
        ..NasConfig::new(System::Qts)
    };
    let tocsin = Tocsin::start_with(|settings| settings.nas = Some(config)).await;
    let account = lose(&tocsin).await;
    let told = tocsin.engine.told(account).await.unwrap();
    assert!(told.iter().all(|told| told.nas_log.is_none()), "{told:?}");
    assert_eq!(tocsin.engine.nas_log_reach().await.unwrap(), LogReach::None);
}
