//! Files that come in, and files that go out.

use super::{SECRET, outcomes, upload};
use crate::support::{Tocsin, admin};
use tocsin_domain::account::SignIn;
use tocsin_domain::import::{FileProblem, Outcome};
use tocsin_engine::accounts::{NewAccount, OfDeleted};
use tocsin_engine::import::{ImportError, OnExisting, guess, template};
use tocsin_engine::smtp::scripted::{Script, Scripted};

#[tokio::test]
async fn a_file_that_cannot_be_read_is_refused_whole() {
    let tocsin = Tocsin::start().await;
    for (bytes, problem) in [
        (&b""[..], FileProblem::Empty),
        (b"email,password\n", FileProblem::OnlyHeader),
        (b"PK\x03\x04zip", FileProblem::Spreadsheet),
        (b"email\na\xF6@b.org\n", FileProblem::NotUtf8 { line: 2 }),
        (b"email\na\0b\n", FileProblem::Nul { line: 2 }),
        (
            b"email,name\na@b.org,\"open\n",
            FileProblem::OpenQuote { line: 2 },
        ),
    ] {
        let refused = tocsin.engine.upload_import(upload(bytes), &admin()).await;
        assert!(
            matches!(&refused, Err(ImportError::File(found)) if *found == problem),
            "{refused:?}"
        );
    }
    let many = format!("email\n{}", "a@b.org\n".repeat(10_001));
    let refused = tocsin.engine.upload_import(upload(many), &admin()).await;
    assert!(matches!(
        refused,
        Err(ImportError::File(FileProblem::TooManyRows))
    ));
    assert!(tocsin.engine.imports().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_file_waits_for_its_mapping_and_hides_its_passwords() {
    let tocsin = Tocsin::start().await;
    let id = tocsin
        .brought(format!("email,my pass word,colour\na@b.org,{SECRET},red\n"))
        .await;

    let preview = tocsin.engine.import_preview(id).await.unwrap();

    assert_eq!(preview.rows, [["a@b.org", "••••••", "red"]]);
    assert!(!tocsin.stored_bytes().contains(SECRET));
    let nothing = tocsin
        .engine
        .start_import(id, vec![None; 3], OnExisting::Skip, &admin())
        .await;
    assert!(matches!(nothing, Err(ImportError::Mapping(_))), "{nothing:?}");
    tocsin.engine.cancel_import(id, &admin()).await.unwrap();
    assert!(matches!(tocsin.engine.import(id).await, Err(ImportError::Gone)));
}

#[tokio::test]
async fn what_is_exported_comes_back_unchanged() {
    let server = Scripted::start(Script::starttls(tocsin_engine::smtp::scripted::Identity::Good)).await;
    let tocsin = Tocsin::start().await;
    tocsin.account("+plus@b.org", &server).await;
    let mut settings = tocsin.account_named("+plus@b.org").await.settings;
    settings.address = "relay@b.org".parse().unwrap();
    settings.sign_in = SignIn::Nothing;
    let relay = NewAccount {
        settings,
        secret: None,
        default: tocsin_domain::account::IsDefault::No,
        of_deleted: OfDeleted::Offer,
    };
    tocsin.engine.add_account(relay, &admin()).await.unwrap();

    let exported = tocsin.engine.export_accounts(&admin()).await.unwrap();
    let rows = tocsin.imported(&exported, OnExisting::Update).await;

    assert_eq!(
        outcomes(&rows),
        [
            ("+plus@b.org", Outcome::Unchanged),
            ("relay@b.org", Outcome::Unchanged)
        ]
    );
    assert!(!String::from_utf8(exported).unwrap().contains("right"));
}

#[tokio::test]
async fn the_template_holds_all_columns_and_a_row_that_shows_how() {
    let tocsin = Tocsin::start().await;
    let id = tocsin.brought(template()).await;
    let import = tocsin.engine.import(id).await.unwrap();
    assert_eq!(import.record.rows, 1);
    assert!(guess(&import.record.header).iter().all(Option::is_some));
}
