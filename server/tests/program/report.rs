use crate::support::{Process, Seed, run};
use tocsin_engine::smtp::scripted::{Script, Scripted};

fn arguments<'a>(data: &'a str, text: &'a str) -> Vec<&'a str> {
    vec![
        "report",
        "--data",
        data,
        "--severity",
        "error",
        "--app",
        "Storage & Snapshots",
        text,
    ]
}

#[tokio::test]
async fn a_program_reports_to_the_running_server_without_naming_it() {
    let server = Scripted::start(Script::plain()).await;
    let seed = Seed::plant(&server).await;
    let _process = Process::start(&seed).await;
    let data = seed.folder.path().to_str().unwrap();
    let output = run(&arguments(data, "Disk 2 failed"), "").await;
    assert!(output.status.success(), "{output:?}");
    let mail = server.mails(1).await.remove(0);
    assert_eq!(mail.header("Subject").as_deref(), Some("Disk 2 failed"));
    assert!(mail.data.contains("Storage & Snapshots"));
}

#[tokio::test]
async fn what_is_reported_while_the_server_is_down_arrives_once_when_it_runs() {
    let server = Scripted::start(Script::plain()).await;
    let seed = Seed::plant(&server).await;
    let data = seed.folder.path().to_str().unwrap();
    Process::start(&seed).await.stop().await;
    for text in ["first", "second"] {
        let output = run(&arguments(data, text), "").await;
        assert!(output.status.success(), "{output:?}");
    }
    let _process = Process::start(&seed).await;
    let mails = server.mails(2).await;
    assert_eq!(mails.len(), 2);
    server.when(|record| record.mails.len() == 2).await;
    let left = std::fs::read_dir(seed.folder.path().join("spool"))
        .unwrap()
        .count();
    assert!(left <= 1, "the spool empties itself");
}

#[tokio::test]
async fn the_text_may_come_from_standard_input() {
    let server = Scripted::start(Script::plain()).await;
    let seed = Seed::plant(&server).await;
    let _process = Process::start(&seed).await;
    let data = seed.folder.path().to_str().unwrap();
    let output = run(&arguments(data, "-"), "From a pipe\nwith more\n").await;
    assert!(output.status.success(), "{output:?}");
    assert_eq!(
        server.mails(1).await[0].header("Subject").as_deref(),
        Some("From a pipe")
    );
}

#[tokio::test]
async fn a_wrong_severity_is_told_at_once_and_nothing_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let output = run(&["report", "--data", data, "--severity", "loud", "x"], "").await;
    assert!(!output.status.success());
    assert!(
        String::from_utf8(output.stderr)
            .unwrap()
            .contains("information, warning or error")
    );
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn without_any_data_directory_it_says_what_to_name() {
    let output = run(&["report", "--data", "/nowhere/at/all", "x"], "").await;
    assert!(!output.status.success());
    assert!(String::from_utf8(output.stderr).unwrap().contains("--data"));
}
