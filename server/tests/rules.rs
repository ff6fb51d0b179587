//! Rules, made and changed by their pages' forms without a script.
#![allow(clippy::unwrap_used)]

mod support;

use support::{TestApp, location};

const EDITOR: &str = "/rules/new?kind=alert";
const SAVE: &str = "/api/rules/save";

/// An alert rule's form, filled in; `change` replaces or adds fields.
fn form<'a>(change: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![
        ("id", ""),
        ("draft[kind]", "alert"),
        ("draft[on]", "on"),
        ("draft[name]", "Storage alerts"),
        ("draft[severities][1]", "warning"),
        ("draft[severities][2]", "error"),
        ("draft[include]", "disk, raid"),
        ("draft[when]", "only"),
        ("draft[from]", "22:00"),
        ("draft[until]", "06:00"),
        ("draft[days][4]", "friday"),
        ("draft[pairs][0][id]", ""),
        ("draft[pairs][0][recipients]", "ops@example.com"),
        ("draft[pairs][0][format]", "html"),
        ("draft[pairs][0][subject_prefix]", "[nas]"),
    ];
    fields.retain(|(name, _)| !change.iter().any(|(changed, _)| changed == name));
    fields.extend_from_slice(change);
    fields
}

/// The address of the rule that the list links to.
async fn address_of_the_rule(app: &TestApp) -> String {
    let list = app.page("/rules").await;
    let id = list
        .split("href=\"/rules/")
        .filter_map(|rest| rest.split('"').next())
        .find(|id| id.parse::<i64>().is_ok())
        .unwrap_or_else(|| panic!("no rule in {list}"));
    format!("/rules/{id}")
}

#[tokio::test]
async fn a_rule_is_made_listed_switched_off_and_deleted() {
    let app = TestApp::set_up().await;
    assert!(
        app.page("/rules")
            .await
            .contains("No alert notification rule yet.")
    );

    let saved = app.submit(EDITOR, SAVE, &form(&[])).await;
    assert_eq!(location(&saved), "/rules?done=saved");
    let list = app.follow(&saved).await;
    assert!(list.contains("The rule is saved."), "{list}");
    assert!(
        list.contains("Warning, Error; with any of disk, raid; only 22:00 to 06:00, Fri"),
        "{list}"
    );
    assert!(list.contains("ops@example.com"), "{list}");

    let page = address_of_the_rule(&app).await;
    let id = page.rsplit('/').next().unwrap();
    let switched = app
        .submit("/rules", "/api/rules/switch", &[("id", id), ("switch", "off")])
        .await;
    assert!(app.follow(&switched).await.contains(r#"aria-checked="false""#));

    let deleted = app.submit(&page, "/api/rules/delete", &[("id", id)]).await;
    assert_eq!(location(&deleted), "/rules?done=deleted");
    assert!(
        app.follow(&deleted)
            .await
            .contains("No alert notification rule yet.")
    );
}

#[tokio::test]
async fn a_fault_stands_beside_its_field_and_nothing_typed_is_lost() {
    let app = TestApp::set_up().await;
    for (change, words) in [
        (("draft[name]", ""), "Give the rule a name."),
        (("draft[from]", "25:00"), "Write a time as 08:00."),
        (
            ("draft[pairs][0][recipients]", "ops"),
            "“ops” is not an e-mail address",
        ),
    ] {
        let answer = app.submit(EDITOR, SAVE, &form(&[change])).await;
        let page = app.follow(&answer).await;
        assert!(page.contains(words), "{words}: {page}");
        assert!(page.contains(&format!("id=\"{}-error\"", change.0)), "{page}");
        assert!(page.contains(r#"value="disk, raid""#), "{page}");
    }
    assert!(
        app.page("/rules")
            .await
            .contains("No alert notification rule yet.")
    );
}

#[tokio::test]
async fn a_button_gives_the_form_back_with_a_pair_more() {
    let app = TestApp::set_up().await;
    let answer = app
        .submit(EDITOR, SAVE, &form(&[("draft[do]", "copy-pair:0")]))
        .await;
    let page = app.follow(&answer).await;
    assert!(page.contains("Pair 2: E-mail"), "{page}");
    assert_eq!(page.matches(r#"value="ops@example.com""#).count(), 2, "{page}");
    assert!(
        app.page("/rules")
            .await
            .contains("No alert notification rule yet.")
    );
}

#[tokio::test]
async fn a_changed_rule_keeps_what_was_not_changed() {
    let app = TestApp::set_up().await;
    app.submit(EDITOR, SAVE, &form(&[])).await;
    let page = address_of_the_rule(&app).await;
    let id = page.rsplit('/').next().unwrap();
    let editor = app.page(&page).await;
    assert!(editor.contains(r#"value="Storage alerts""#), "{editor}");
    let saved = app
        .submit(&page, SAVE, &form(&[("id", id), ("draft[name]", "Disks")]))
        .await;
    let list = app.follow(&saved).await;
    assert!(
        list.contains("Disks") && !list.contains("Storage alerts"),
        "{list}"
    );
    assert_eq!(address_of_the_rule(&app).await, page);
}
