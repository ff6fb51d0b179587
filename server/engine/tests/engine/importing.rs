use crate::support::{Tocsin, admin};
use jiff::SignedDuration;
use std::fmt::Write as _;
use std::time::Duration;
use tocsin_domain::account::{Account, SignIn};
use tocsin_domain::authorization::Authorization;
use tocsin_domain::failure::{FailureClass, Meaning};
use tocsin_domain::id::ImportId;
use tocsin_domain::import::{FileProblem, ImportState, Outcome, Remark, ServerKind};
use tocsin_domain::notification::State;
use tocsin_engine::accounts::{NewAccount, OfDeleted};
use tocsin_engine::import::{Charset, ImportError, OnExisting, Upload, guess, template};
use tocsin_engine::smtp::scripted::{Act, Script, Scripted, Step};
use tocsin_engine::store::SettledRow;

const SECRET: &str = "s3cret-in-the-file";

fn upload(text: impl AsRef<[u8]>) -> Upload {
    Upload {
        file_name: "accounts.csv".to_owned(),
        bytes: text.as_ref().to_vec(),
        charset: Charset::Unicode,
        report_to: vec!["admin@example.com".parse().unwrap()],
    }
}

/// A file whose rows sign in to a server.
fn file(server: &Scripted, rows: &[(&str, &str)]) -> String {
    let mut text = "email,password,smtp_host,smtp_port,smtp_security\n".to_owned();
    for (address, password) in rows {
        let _ = writeln!(text, "{address},{password},127.0.0.1,{},none", server.port());
    }
    text
}

impl Tocsin {
    async fn brought(&self, text: impl AsRef<[u8]>) -> ImportId {
        self.engine.upload_import(upload(text), &admin()).await.unwrap()
    }

    async fn started(&self, text: impl AsRef<[u8]>, on_existing: OnExisting) -> ImportId {
        let id = self.brought(text).await;
        let mapping = self.engine.import(id).await.unwrap().record.mapping;
        self.engine
            .start_import(id, mapping, on_existing, &admin())
            .await
            .unwrap();
        id
    }

    /// Waits until each row has its outcome, and returns them.
    async fn ended(&self, id: ImportId) -> Vec<SettledRow> {
        let mut changes = self.engine.live.listen();
        let wait = async {
            while self.engine.import(id).await.unwrap().record.ended_at.is_none() {
                let _ = tokio::time::timeout(Duration::from_millis(200), changes.changed()).await;
            }
        };
        tokio::time::timeout(Duration::from_mins(1), wait)
            .await
            .expect("it ends");
        self.engine.import_rows(id, None, 0, 100_000).await.unwrap()
    }

    async fn imported(&self, text: impl AsRef<[u8]>, on_existing: OnExisting) -> Vec<SettledRow> {
        let id = self.started(text, on_existing).await;
        self.ended(id).await
    }

    async fn account_named(&self, address: &str) -> Account {
        let accounts = self.engine.accounts().await.unwrap();
        let found = accounts
            .into_iter()
            .find(|account| account.settings.address.as_str() == address);
        found.unwrap_or_else(|| panic!("no account {address}"))
    }
}

fn outcomes(rows: &[SettledRow]) -> Vec<(&str, Outcome)> {
    rows.iter()
        .map(|row| (row.address.as_str(), row.outcome))
        .collect()
}

async fn impatient() -> Tocsin {
    Tocsin::start_with(|config| config.import_pause = SignedDuration::from_millis(10)).await
}

#[tokio::test]
async fn each_row_is_tried_and_one_bad_row_stops_nothing() {
    let server = Scripted::start(
        Script::plain()
            .knowing("a@b.org", "  right")
            .knowing("c@b.org", "right"),
    )
    .await;
    let tocsin = Tocsin::start().await;
    let text = file(
        &server,
        &[
            ("a@b.org", "  right"),
            ("nobody", "x"),
            ("b@b.org", "wrong"),
            ("a@B.org", "twice"),
            ("c@b.org", "right"),
        ],
    );

    let rows = tocsin.imported(text, OnExisting::Skip).await;

    assert_eq!(
        outcomes(&rows),
        [
            ("a@b.org", Outcome::Created),
            ("", Outcome::Failed),
            ("b@b.org", Outcome::Failed),
            ("a@B.org", Outcome::Skipped),
            ("c@b.org", Outcome::Created),
        ]
    );
    assert_eq!(
        rows[2].remark.as_ref().unwrap().meaning(),
        Some(Meaning::PasswordRefused)
    );
    assert_eq!(rows[3].remark, Some(Remark::Twice { line: 2 }));
    assert_eq!(
        tocsin.account_named("a@b.org").await.authorization,
        Authorization::Authorized
    );
    assert_eq!(tocsin.engine.accounts().await.unwrap().len(), 2);
}

#[tokio::test]
async fn an_account_that_exists_is_skipped_and_updated_only_when_asked() {
    let server = Scripted::start(Script::plain().knowing("a@b.org", "right")).await;
    let tocsin = Tocsin::start().await;
    let id = tocsin.account("a@b.org", &server).await;
    let renamed = format!(
        "email,password,smtp_host,smtp_port,smtp_security,sender name\na@b.org,right,127.0.0.1,{},none,Office\n",
        server.port()
    );

    let skipped = tocsin.imported(&renamed, OnExisting::Skip).await;
    let updated = tocsin.imported(&renamed, OnExisting::Update).await;
    let again = tocsin.imported(&renamed, OnExisting::Update).await;

    assert_eq!(
        (skipped[0].outcome, skipped[0].remark.clone()),
        (Outcome::Skipped, Some(Remark::Taken))
    );
    assert_eq!(
        (updated[0].outcome, updated[0].account),
        (Outcome::Updated, Some(id))
    );
    assert_eq!(again[0].outcome, Outcome::Unchanged);
    assert_eq!(
        tocsin
            .account_named("a@b.org")
            .await
            .settings
            .sender_name
            .as_str(),
        "Office"
    );
}

#[tokio::test]
async fn a_refused_update_leaves_the_account_as_it_was() {
    let server = Scripted::start(Script::plain().knowing("a@b.org", "right")).await;
    let tocsin = Tocsin::start().await;
    tocsin.account("a@b.org", &server).await;

    let rows = tocsin
        .imported(file(&server, &[("a@b.org", "wrong")]), OnExisting::Update)
        .await;

    assert_eq!(rows[0].outcome, Outcome::Failed);
    let again = tocsin
        .imported(file(&server, &[("a@b.org", "right")]), OnExisting::Update)
        .await;
    assert_eq!(
        again[0].outcome,
        Outcome::Unchanged,
        "the old password is still there"
    );
}

#[tokio::test]
async fn what_was_held_is_sent_once_a_row_brings_a_password_that_works() {
    let server = Scripted::start(Script::plain().knowing_nobody()).await;
    let tocsin = Tocsin::start().await;
    let account = tocsin.account("a@b.org", &server).await;
    tocsin.rule(&[account]).await;
    tocsin.check_now(account).await;
    tocsin
        .when_account(account, |account| account.authorization.needs_somebody())
        .await;
    tocsin.report("error", "Disk 2 failed").await;
    tocsin.when(State::Held, 1).await;

    server.change(|script| script.knowing("a@b.org", "new"));
    let rows = tocsin
        .imported(file(&server, &[("a@b.org", "new")]), OnExisting::Update)
        .await;

    assert_eq!(rows[0].outcome, Outcome::Updated);
    assert_eq!(
        tocsin.account_named("a@b.org").await.authorization,
        Authorization::Authorized
    );
    let mails = server.mails(1).await;
    assert!(mails.iter().any(|mail| mail.data.contains("Disk 2 failed")));
}

#[tokio::test]
async fn a_server_sees_four_sign_ins_at_the_same_time_and_a_pause_when_it_asks_for_one() {
    let server = Scripted::start(Script::plain().always(Step::Auth, Act::Silence)).await;
    let tocsin = impatient().await;
    let addresses: Vec<_> = (0..12).map(|number| format!("a{number}@b.org")).collect();
    let rows: Vec<_> = addresses
        .iter()
        .map(|address| (address.as_str(), "right"))
        .collect();
    let id = tocsin.started(file(&server, &rows), OnExisting::Skip).await;

    server.when(|record| record.open == 4).await;
    let busy = Act::say_then_close("421 4.3.2 too many connections");
    server.change(|_| {
        Script::plain()
            .on(Step::Greeting, busy.clone())
            .on(Step::Greeting, busy)
    });
    server.hang_up();
    let rows = tocsin.ended(id).await;

    assert!(
        rows.iter().all(|row| row.outcome == Outcome::Created),
        "{rows:#?}"
    );
    assert_eq!(server.record().most_open, 4);
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_not_waited_for_row_by_row() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let tocsin = impatient().await;
    let mut text = "email,password,host,port,ssl\n".to_owned();
    for number in 0..20 {
        let _ = writeln!(text, "a{number}@b.org,x,127.0.0.1,{port},none");
    }

    let rows = tocsin.imported(text, OnExisting::Skip).await;

    assert!(rows.iter().all(|row| row.outcome == Outcome::Failed));
    let not_tried = rows
        .iter()
        .filter(|row| matches!(row.remark, Some(Remark::NotTried { .. })));
    assert!(not_tried.count() >= 12);
}

#[tokio::test]
async fn an_import_goes_on_after_a_restart_and_tries_no_row_twice() {
    let server = Scripted::start(Script::plain()).await;
    let tocsin = Tocsin::start().await;
    let addresses: Vec<_> = (0..40).map(|number| format!("a{number}@b.org")).collect();
    let mut rows: Vec<_> = addresses
        .iter()
        .map(|address| (address.as_str(), SECRET))
        .collect();
    rows.push(("a0@b.org", "twice"));
    // The later rows' server keeps silent, so that the process ends in the middle.
    let silent = Scripted::start(Script::plain().always(Step::Auth, Act::Silence)).await;
    let (first, second) = rows.split_at(20);
    let text = file(&server, first) + file(&silent, second).split_once('\n').unwrap().1;
    let id = tocsin.started(text, OnExisting::Skip).await;
    silent.when(|record| record.open == 4).await;
    let mut changes = tocsin.engine.live.listen();
    while tocsin.engine.import(id).await.unwrap().counts.created < 20 {
        let _ = tokio::time::timeout(Duration::from_millis(100), changes.changed()).await;
    }
    assert!(
        !tocsin.stored_bytes().contains(SECRET),
        "a file's passwords are sealed while they wait"
    );

    let tocsin = tocsin.restart().await;
    silent.change(|_| Script::plain());
    let rows = tocsin.ended(id).await;

    let created = rows.iter().filter(|row| row.outcome == Outcome::Created).count();
    assert_eq!((created, rows.len()), (40, 41));
    assert_eq!(
        rows[40].remark,
        Some(Remark::Twice { line: 2 }),
        "{:#?}",
        rows[40]
    );
    assert_eq!(
        server.record().sign_ins.len(),
        20,
        "rows that had their outcome are not tried again"
    );
    assert_eq!(tocsin.engine.accounts().await.unwrap().len(), 40);
    assert!(
        tocsin
            .engine
            .store
            .waiting_import_rows(id, 0, 100)
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn who_cancels_keeps_what_was_done_and_the_rest_is_skipped() {
    let server = Scripted::start(Script::plain().always(Step::Auth, Act::Silence)).await;
    let tocsin = impatient().await;
    let addresses: Vec<_> = (0..10).map(|number| format!("a{number}@b.org")).collect();
    let rows: Vec<_> = addresses
        .iter()
        .map(|address| (address.as_str(), "right"))
        .collect();
    let id = tocsin.started(file(&server, &rows), OnExisting::Skip).await;
    server.when(|record| record.open == 4).await;

    tocsin.engine.cancel_import(id, &admin()).await.unwrap();
    server.change(|_| Script::plain());
    server.hang_up();
    let rows = tocsin.ended(id).await;

    assert!(
        rows.iter()
            .filter(|row| row.remark == Some(Remark::Cancelled))
            .count()
            >= 6
    );
    let import = tocsin.engine.import(id).await.unwrap();
    assert_eq!(import.record.state, ImportState::Cancelled);
    assert!(matches!(
        tocsin.engine.cancel_import(id, &admin()).await,
        Err(ImportError::MovedOn(ImportState::Cancelled))
    ));
}

#[tokio::test]
async fn a_mailbox_of_a_provider_of_grants_awaits_its_owner() {
    let tocsin = Tocsin::start().await;

    let rows = tocsin
        .imported("email,owner\na@gmail.com,owner@b.org\n", OnExisting::Skip)
        .await;

    assert_eq!(
        (rows[0].outcome, rows[0].remark.clone()),
        (Outcome::Created, Some(Remark::AwaitsOwner))
    );
    let account = tocsin.account_named("a@gmail.com").await;
    assert_eq!(account.settings.sign_in, SignIn::Grant);
    assert!(matches!(
        account.authorization,
        Authorization::NeedsReauthorization(_)
    ));
    let again = tocsin.imported("email\na@gmail.com\n", OnExisting::Update).await;
    assert_eq!(
        (again[0].outcome, again[0].awaits_owner),
        (Outcome::Unchanged, true)
    );
}

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
async fn the_report_holds_no_password_and_no_formula() {
    let says = "535 5.7.8 =HYPERLINK(\"http://evil\") s3cret";
    let server = Scripted::start(Script::plain().always(Step::Auth, Act::say(says))).await;
    let tocsin = Tocsin::start().await;
    let text = file(&server, &[("a@b.org", SECRET), ("=cmd@b.org", SECRET)]);
    let id = tocsin.started(text, OnExisting::Skip).await;
    tocsin.ended(id).await;

    let report = String::from_utf8(tocsin.engine.import_report(id).await.unwrap()).unwrap();

    assert!(!report.contains(SECRET), "{report}");
    assert!(report.contains("reauthorize"), "{report}");
    let rows: Vec<_> = report.lines().collect();
    assert_eq!(rows.len(), 3, "{report}");
    assert!(
        rows.iter()
            .all(|row| !row.split(',').any(|cell| cell.starts_with('='))),
        "{report}"
    );
    let page = tocsin
        .engine
        .import_page(id, Some(Outcome::Failed), 1)
        .await
        .unwrap();
    assert_eq!((page.rows.len(), page.total), (2, 2));
    assert_eq!(
        page.rows[0].remark.as_ref().unwrap().meaning().unwrap().class(),
        FailureClass::Reauthorize
    );
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

#[tokio::test]
async fn whoever_brought_a_file_gets_its_report_by_mail() {
    let server = Scripted::start(Script::plain().knowing("a@b.org", "right")).await;
    let tocsin = Tocsin::start().await;

    tocsin
        .imported(
            file(&server, &[("a@b.org", "right"), ("b@b.org", SECRET)]),
            OnExisting::Skip,
        )
        .await;

    let mail = server.mails(1).await.remove(0);
    assert_eq!(mail.to, ["admin@example.com"]);
    let subject = mail.header("Subject").unwrap();
    assert!(
        subject.contains("1 created") && subject.contains("1 failed"),
        "{subject}"
    );
    assert!(mail.data.contains("Line 3, b@b.org"), "{}", mail.data);
    assert!(!mail.data.contains(SECRET));
}

#[tokio::test]
async fn owners_are_mailed_links_of_their_own_and_only_where_they_can_open_them() {
    let server = Scripted::start(Script::plain()).await;
    let tocsin = Tocsin::start().await;
    tocsin.account("nas@b.org", &server).await;
    let id = tocsin
        .started(
            "email,owner\na@gmail.com,owner@b.org\nb@gmail.com,\n",
            OnExisting::Skip,
        )
        .await;
    tocsin.ended(id).await;
    server.mails(1).await;

    let here = tocsin
        .engine
        .mail_import_links(id, &"http://127.0.0.1:8725/".parse().unwrap(), &admin())
        .await;
    assert!(matches!(here, Err(ImportError::NotReachable)));
    let base = "https://nas.example.com/".parse().unwrap();
    assert_eq!(
        tocsin
            .engine
            .mail_import_links(id, &base, &admin())
            .await
            .unwrap(),
        2
    );

    let mails = server.mails(3).await;
    let to_owner = mails.iter().find(|mail| mail.to == ["owner@b.org"]).unwrap();
    // Quoted-printable breaks long lines (RFC 2045 section 6.7).
    let text = to_owner.data.replace("=\r\n", "");
    assert!(text.contains("https://nas.example.com/reauthorize/"), "{text}");
    assert!(text.contains("a@gmail.com"));
    assert!(mails.iter().any(|mail| mail.to == ["b@gmail.com"]));
    let shown = tocsin
        .engine
        .make_import_links(id, &base, &admin())
        .await
        .unwrap();
    assert_eq!(shown.len(), 2);
}

#[tokio::test]
async fn a_row_that_names_where_mail_is_read_must_sign_in_there_too() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let closed = listener.local_addr().unwrap().port();
    drop(listener);
    let server = Scripted::start(Script::plain()).await;
    let tocsin = Tocsin::start().await;
    let text = format!(
        "email,password,smtp host,smtp port,ssl,imap host,imap port,imap ssl\n\
         a@b.org,x,127.0.0.1,{0},none,127.0.0.1,{closed},none\nb@b.org,x,127.0.0.1,{0},none,,,\n",
        server.port()
    );

    let rows = tocsin.imported(text, OnExisting::Skip).await;

    assert!(
        matches!(
            rows[0].remark,
            Some(Remark::Refused {
                server: ServerKind::Receiving,
                ..
            })
        ),
        "{rows:#?}"
    );
    assert_eq!(rows[1].outcome, Outcome::Created, "{rows:#?}");
    assert_eq!(tocsin.engine.accounts().await.unwrap().len(), 1);
}
