use crate::support::{Process, Seed, run};
use std::fmt::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use tocsin_engine::smtp::scripted::{Script, Scripted};

fn file(server: &Scripted, rows: &[(&str, &str)]) -> String {
    let mut text = "email;password;smtp host;smtp port;ssl;shoe size\n".to_owned();
    for (address, password) in rows {
        let _ = writeln!(text, "{address};{password};127.0.0.1;{};none;42", server.port());
    }
    text
}

struct Output {
    out: String,
    err: String,
    ok: bool,
}

async fn accounts(data: &str, arguments: &[&str], input: &str) -> Output {
    let arguments: Vec<_> = ["accounts", "--data", data]
        .iter()
        .chain(arguments)
        .copied()
        .collect();
    let output = run(&arguments, input).await;
    Output {
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
        ok: output.status.success(),
    }
}

#[tokio::test]
async fn accounts_are_imported_through_the_running_server_and_exported_without_passwords() {
    let server = Scripted::start(
        Script::plain()
            .knowing("a@b.org", "s3cret")
            .knowing("b@b.org", "s3cret"),
    )
    .await;
    let seed = Seed::plant(&server).await;
    let _process = Process::start(&seed).await;
    let data = seed.folder.path().to_str().unwrap();

    let text = file(
        &server,
        &[("a@b.org", "s3cret"), ("b@b.org", "wrong"), ("a@b.org", "s3cret")],
    );
    let first = accounts(data, &["import", "-"], &text).await;
    assert!(!first.ok, "a row failed: {}", first.err);
    assert!(
        first.out.contains("line 3 b@b.org: failed; reauthorize;"),
        "{}",
        first.out
    );
    assert!(first.out.contains("line 4 a@b.org: skipped"), "{}", first.out);
    assert!(
        first
            .out
            .ends_with("1 created, 0 updated, 0 unchanged, 1 skipped, 1 failed\n"),
        "{}",
        first.out
    );
    assert!(first.err.contains("shoe size"), "{}", first.err);

    let again = accounts(
        data,
        &["import", "-", "--json"],
        &file(&server, &[("b@b.org", "s3cret")]),
    )
    .await;
    assert!(again.ok, "{}", again.err);
    let json: serde_json::Value = serde_json::from_str(&again.out).unwrap();
    assert_eq!(json["import"]["created"], 1);
    assert_eq!(json["rows"][0]["outcome"], "created");

    let exported = accounts(data, &["export"], "").await;
    assert!(
        exported.ok && !exported.out.contains("s3cret"),
        "{}",
        exported.out
    );
    let unchanged = accounts(data, &["import", "-", "--update", "--all"], &exported.out).await;
    assert!(unchanged.ok, "{}", unchanged.err);
    assert!(
        unchanged.out.contains("0 created, 0 updated, 3 unchanged"),
        "{}",
        unchanged.out
    );
    let door = std::fs::metadata(seed.folder.path().join("administer.json")).unwrap();
    assert_eq!(door.permissions().mode() & 0o777, 0o600);
}

#[tokio::test]
async fn accounts_are_imported_while_no_server_runs() {
    let server = Scripted::start(Script::plain()).await;
    let seed = Seed::plant(&server).await;
    Process::start(&seed).await.stop().await;
    let data = seed.folder.path().to_str().unwrap();
    let report = seed.folder.path().join("report.csv");

    let arguments = ["import", "-", "--report", report.to_str().unwrap()];
    let output = accounts(data, &arguments, &file(&server, &[("a@b.org", "s3cret")])).await;

    assert!(output.ok, "{}", output.err);
    assert!(output.out.starts_with("1 created"), "{}", output.out);
    let report = std::fs::read_to_string(report).unwrap();
    assert!(
        report.contains("a@b.org,custom,created") && !report.contains("s3cret"),
        "{report}"
    );
}

#[tokio::test]
async fn what_cannot_be_imported_is_told_with_its_line_and_changes_nothing() {
    let server = Scripted::start(Script::plain()).await;
    let seed = Seed::plant(&server).await;
    let _process = Process::start(&seed).await;
    let data = seed.folder.path().to_str().unwrap();
    for (input, arguments, words) in [
        ("", &[][..], "empty"),
        ("email,password\n", &[], "no row"),
        ("name,password\nx,y\n", &[], "e-mail address"),
        ("email,name\na@b.org,\"open\n", &[], "line 2"),
        ("email,x\na@b.org,y\n", &["--map", "x=colour"], "smtp_host"),
        ("email,x\na@b.org,y\n", &["--map", "x=email"], "both email"),
    ] {
        let arguments: Vec<_> = ["import", "-"].iter().chain(arguments).copied().collect();
        let output = accounts(data, &arguments, input).await;
        assert!(
            !output.ok && output.err.contains(words),
            "{input:?}: {}",
            output.err
        );
        assert!(output.err.contains("nothing was changed"), "{}", output.err);
    }
    let exported = accounts(data, &["export"], "").await;
    assert_eq!(
        exported.out.lines().count(),
        2,
        "the header and the account from before"
    );
}

#[tokio::test]
async fn an_import_that_was_killed_goes_on_at_the_next_start() {
    use tocsin_engine::smtp::scripted::{Act, Step};
    let server = Scripted::start(Script::plain().always(Step::Auth, Act::Silence)).await;
    let seed = Seed::plant(&server).await;
    let process = Process::start(&seed).await;
    let data = seed.folder.path().to_str().unwrap().to_owned();
    let text = file(&server, &[("a@b.org", "x"), ("b@b.org", "x")]);

    let importing = tokio::spawn({
        let data = data.clone();
        async move { accounts(&data, &["import", "-"], &text).await }
    });
    server.when(|record| record.open >= 2).await;
    process.kill().await;
    let output = importing.await.unwrap();
    assert!(
        !output.ok && output.err.contains("goes on when it runs"),
        "{}",
        output.err
    );
    server.change(|_| Script::plain());
    let _process = Process::start(&seed).await;

    server.when(|record| record.sign_ins.len() >= 2).await;
    let exported = loop {
        let exported = accounts(&data, &["export"], "").await.out;
        if exported.lines().count() == 4 {
            break exported;
        }
    };
    assert!(
        exported.contains("a@b.org") && exported.contains("b@b.org"),
        "{exported}"
    );
}
