use crate::support::{Process, Seed, run};
use tocsin_engine::smtp::scripted::{Script, Scripted};

async fn healthy(data: &str) -> (bool, String) {
    let output = run(&["healthcheck", "--data", data], "").await;
    let said = String::from_utf8(output.stderr).unwrap();
    (output.status.success(), said)
}

#[tokio::test]
async fn what_runs_is_healthy_and_what_does_not_says_why() {
    let server = Scripted::start(Script::plain()).await;
    let seed = Seed::plant(&server).await;
    let data = seed.folder.path().to_str().unwrap();

    let (well, said) = healthy(data).await;
    assert!(
        !well && said.contains("no Tocsin has run with its data in"),
        "{said}"
    );

    let process = Process::start(&seed).await;
    assert_eq!(healthy(data).await, (true, String::new()));

    process.kill().await;
    let (well, said) = healthy(data).await;
    assert!(!well && said.contains("does not answer"), "{said}");
}
