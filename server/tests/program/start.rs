use crate::support::{Process, Seed, run};
use tocsin_engine::smtp::scripted::{Script, Scripted};

async fn refused(arguments: &[&str]) -> String {
    let output = run(&[&["serve", "--listen", "127.0.0.1:0"], arguments].concat(), "").await;
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success(), "{said}");
    said
}

#[tokio::test]
async fn a_second_process_on_the_same_data_is_refused_and_the_first_goes_on() {
    let server = Scripted::start(Script::plain()).await;
    let seed = Seed::plant(&server).await;
    let first = Process::start(&seed).await;
    let said = refused(&["--data", seed.folder.path().to_str().unwrap()]).await;
    assert!(
        said.contains("another Tocsin already uses") && said.contains("--data"),
        "{said}"
    );
    assert!(first.stop().await.success());
}

#[tokio::test]
async fn a_taken_port_is_named_with_the_way_out() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let output = run(&["serve", "--data", data, "--listen", &address], "").await;
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(69));
    assert!(said.contains(&address) && said.contains("--listen"), "{said}");
    assert!(said.contains("another program already does"), "{said}");
}

#[tokio::test]
async fn presets_that_cannot_be_read_are_named_with_line_and_reason() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("providers.toml"),
        "[gmail]\nsmtp = { host = 1 }\n",
    )
    .unwrap();
    let said = refused(&["--data", folder.path().to_str().unwrap()]).await;
    assert!(
        said.contains("providers.toml") && said.contains("line 2"),
        "{said}"
    );
}

#[tokio::test]
async fn a_data_directory_that_is_a_file_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("data");
    std::fs::write(&file, "").unwrap();
    let said = refused(&["--data", file.to_str().unwrap()]).await;
    assert!(said.contains(file.to_str().unwrap()), "{said}");
}

#[tokio::test]
async fn each_kind_of_wrong_presets_is_refused_with_what_to_correct() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let huge = vec![b'#'; 10 * 1024 * 1024];
    let wrong: [(&[u8], &str); 6] = [
        (
            b"[yahoo]\nsmtp = { port = 0 }\n",
            "line 1: [yahoo]: a port is a number",
        ),
        (b"[yahoo]\n\nprot = 465\n", "line 3"),
        (b"[yahoo]\nname = \"a\"\nname = \"b\"\n", "duplicate key"),
        (b"[ours]\nname = \"Ours\"\nhelp = \"ftp://a.b\"\n", "https://"),
        (b"[yahoo]\nname = \"\xff\"\n", "line 2: this is not UTF-8"),
        (&huge, "larger than"),
    ];
    for (text, wanted) in wrong {
        std::fs::write(folder.path().join("providers.toml"), text).unwrap();
        let said = refused(&["--data", data]).await;
        assert!(said.contains("providers.toml") && said.contains(wanted), "{said}");
    }
}
