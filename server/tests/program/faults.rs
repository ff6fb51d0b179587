//! A disk that is full or takes no writes: what is said, with which exit code, and that nothing is lost.
//!
//! Each test mounts a small file system of its own, in a name space of its own. Where the kernel allows no
//! unprivileged name spaces, only root can run them: elsewhere they say so and pass.

use crate::support::Process;
use crate::upgrade::{Old, look};
use std::path::Path;
use std::process::{Command, Output};

/// Runs a shell script with a small file system of so many MiB mounted at `$1`, the program as `$2`, and a data
/// directory as `$3`. None where this machine allows no name spaces.
fn on_a_small_disk(mebibytes: u32, data: &Path, script: &str) -> Option<Output> {
    let place = tempfile::tempdir().unwrap();
    let allowed = Command::new("unshare").args(["-rm", "true"]).output();
    if !allowed.is_ok_and(|output| output.status.success()) {
        eprintln!("not run: this machine allows no name spaces");
        return None;
    }
    let script = format!("set -e; mount -t tmpfs -o size={mebibytes}m small \"$1\"; {script}");
    let output = Command::new("unshare")
        .args(["-rm", "sh", "-c", &script, "sh"])
        .arg(place.path())
        .arg(env!("CARGO_BIN_EXE_tocsin"))
        .arg(data)
        .output()
        .unwrap();
    Some(output)
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

const SERVE: &str = "timeout 60 \"$2\" serve --listen 127.0.0.1:0 --data";

#[tokio::test]
async fn a_read_only_disk_is_named_as_such() {
    let old = Old::plant(1).await;
    let script = format!("cp -r \"$3\" \"$1/data\"; mount -o remount,ro \"$1\"; {SERVE} \"$1/data\"");
    let Some(output) = on_a_small_disk(8, old.path(), &script) else {
        return;
    };
    let said = said(&output);
    assert!(said.contains("read-only") && said.contains("/data"), "{said}");
    assert_eq!(output.status.code(), Some(73), "{said}");
}

#[tokio::test]
async fn a_disk_that_is_full_at_the_start_is_named_as_such_for_a_new_installation() {
    let folder = tempfile::tempdir().unwrap();
    let script = format!("head -c 2m /dev/zero >\"$1/filler\" || true; {SERVE} \"$1/data\"");
    let Some(output) = on_a_small_disk(1, folder.path(), &script) else {
        return;
    };
    let said = said(&output);
    assert!(
        said.contains("no space left") && said.contains("Free some space"),
        "{said}"
    );
    assert_eq!(output.status.code(), Some(75), "{said}");
}

#[tokio::test]
async fn a_disk_that_is_full_at_the_start_keeps_what_an_installation_has() {
    let old = Old::plant(1).await;
    assert!(Process::start_on(old.path()).await.stop().await.success());
    let script = format!(
        "cp -r \"$3\" \"$1/data\"; head -c 9m /dev/zero >\"$1/filler\" || true; {SERVE} \"$1/data\" || code=$?; \
         rm \"$1/filler\"; cp \"$1/data/tocsin.db\" \"$3/after.db\"; exit $code"
    );
    let Some(output) = on_a_small_disk(8, old.path(), &script) else {
        return;
    };
    let said = said(&output);
    assert!(said.contains("Free some space"), "{said}");
    assert_eq!(output.status.code(), Some(75), "{said}");
    assert_eq!(
        look(&old.path().join("after.db")).await,
        look(&old.path().join("tocsin.db")).await
    );
}

#[tokio::test]
async fn an_upgrade_without_room_for_the_copy_changes_nothing_and_says_how_much_is_missing() {
    let old = Old::plant(16).await;
    let script = format!(
        "cp \"$3/tocsin.db\" \"$1/tocsin.db\"; {SERVE} \"$1\" || code=$?; cp \"$1/tocsin.db\" \"$3/after.db\"; exit $code"
    );
    let Some(output) = on_a_small_disk(7, old.path(), &script) else {
        return;
    };
    let said = said(&output);
    assert!(
        said.contains("it makes a copy") && said.contains("MiB are free"),
        "{said}"
    );
    assert_eq!(output.status.code(), Some(75), "{said}");
    assert_eq!(
        look(&old.path().join("after.db")).await,
        look(&old.path().join("tocsin.db")).await
    );
}

#[tokio::test]
async fn an_upgrade_that_runs_out_of_room_in_the_middle_leaves_the_old() {
    let old = Old::plant(16).await;
    // Room for the copy, but not for what is changed afterwards.
    let script = format!(
        "cp \"$3/tocsin.db\" \"$1/tocsin.db\"; head -c 3500k /dev/zero >\"$1/filler\"; \
         {SERVE} \"$1\" || code=$?; rm \"$1/filler\"; cp \"$1/tocsin.db\" \"$3/after.db\"; exit $code"
    );
    let Some(output) = on_a_small_disk(12, old.path(), &script) else {
        return;
    };
    let said = said(&output);
    assert_eq!(output.status.code(), Some(75), "{said}");
    assert_eq!(look(&old.path().join("after.db")).await.0, old.schemas, "{said}");
}
