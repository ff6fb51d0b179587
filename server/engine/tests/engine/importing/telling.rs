//! Who is told what came of it: the report, and links for the owners.

use super::{SECRET, file};
use crate::support::{Tocsin, admin};
use tocsin_domain::failure::FailureClass;
use tocsin_domain::import::Outcome;
use tocsin_engine::import::{ImportError, OnExisting};
use tocsin_engine::smtp::scripted::{Act, Script, Scripted, Step};

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
