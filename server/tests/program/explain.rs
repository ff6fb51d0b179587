use crate::support::run;

#[tokio::test]
async fn a_reply_is_explained_in_three_lines() {
    let reply = "535-5.7.8 Username and Password not accepted. For more information, go to\n535 5.7.8  gsmtp";
    let output = run(&["explain", "--provider", "gmail", "--stage", "auth", reply], "").await;
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success());
    assert_eq!(text.lines().next(), Some("reauthorize"));
    assert_eq!(text.lines().count(), 3);
}

#[tokio::test]
async fn lines_of_json_are_answered_line_by_line() {
    let lines = concat!(
        r#"{"id":1,"provider":"gmail","stage":"token","code":400,"text":"{\"error\":\"invalid_grant\"}"}"#,
        "\n\n",
        r#"{"id":"b","provider":"generic","stage":"connect","code":null,"text":"read ECONNRESET","label":"x"}"#,
        "\n",
    );
    let output = run(&["explain", "--jsonl"], lines).await;
    let text = String::from_utf8(output.stdout).unwrap();
    let answers: Vec<serde_json::Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(answers[0], serde_json::json!({ "id": 1, "class": "reauthorize" }));
    assert_eq!(answers[1], serde_json::json!({ "id": "b", "class": "temporary" }));
}

#[tokio::test]
async fn a_line_that_is_no_json_is_named_by_its_number() {
    let output = run(&["explain", "--jsonl"], "{\"text\":\"550 no\"}\nhello\n").await;
    assert!(!output.status.success());
    assert!(String::from_utf8(output.stderr).unwrap().contains("line 2"));
}
