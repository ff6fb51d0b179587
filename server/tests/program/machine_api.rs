use crate::support::{Process, Seed};
use serde_json::{Value, json};
use std::time::Duration;
use tocsin_engine::smtp::scripted::{Script, Scripted};

struct Api {
    server: Scripted,
    seed: Seed,
    process: Process,
    client: reqwest::Client,
}

impl Api {
    async fn start() -> Self {
        let server = Scripted::start(Script::plain()).await;
        let seed = Seed::plant(&server).await;
        let process = Process::start(&seed).await;
        let client = tocsin_engine::oauth::client(Duration::from_secs(10)).unwrap();
        Self {
            server,
            seed,
            process,
            client,
        }
    }

    fn post(&self, body: impl Into<reqwest::Body>) -> reqwest::RequestBuilder {
        self.client
            .post(format!("{}/api/v1/events", self.process.url))
            .bearer_auth(&self.seed.token)
            .body(body)
    }

    /// The status and the JSON of an answer.
    async fn answer(&self, request: reqwest::RequestBuilder) -> (u16, Value) {
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        let text = response.text().await.unwrap();
        (
            status,
            serde_json::from_str(&text).unwrap_or_else(|_| panic!("{status} without JSON: {text}")),
        )
    }
}

fn event(text: &str) -> Value {
    json!({ "application": "Storage", "severity": "error", "text": text })
}

#[tokio::test]
async fn an_accepted_event_is_mailed() {
    let api = Api::start().await;
    let (status, body) = api.answer(api.post(event("Disk 2 failed").to_string())).await;
    assert_eq!(status, 202, "{body}");
    assert_eq!(body["events"].as_array().unwrap().len(), 1);
    assert_eq!(
        api.server.mails(1).await[0].header("Subject").as_deref(),
        Some("Disk 2 failed")
    );
    assert!(api.process.stop().await.success(), "SIGTERM ends it in order");
}

#[tokio::test]
async fn of_many_events_all_are_accepted_or_none() {
    let api = Api::start().await;
    let (status, body) = api
        .answer(api.post(json!([event("a"), event("b")]).to_string()))
        .await;
    assert_eq!((status, body["events"].as_array().unwrap().len()), (202, 2));
    let wrong = json!([event("c"), { "application": "x", "severity": "loud", "text": "d" }]);
    let (status, body) = api.answer(api.post(wrong.to_string())).await;
    assert_eq!(status, 422);
    assert!(
        body["detail"].as_str().unwrap().starts_with("events[1].severity"),
        "{body}"
    );
    let mails = api.server.mails(2).await;
    assert!(
        mails
            .iter()
            .all(|mail| mail.header("Subject").as_deref() != Some("c"))
    );
}

#[tokio::test]
async fn a_repeated_request_is_answered_with_the_same_events() {
    let api = Api::start().await;
    let request = || {
        api.post(event("once").to_string())
            .header("Idempotency-Key", "k-1")
    };
    let (_, first) = api.answer(request()).await;
    let (status, second) = api.answer(request()).await;
    assert_eq!(status, 202);
    assert_eq!(first["events"], second["events"]);
    assert_eq!(
        (&first["repeated"], &second["repeated"]),
        (&json!(false), &json!(true))
    );
    let other = api
        .post(event("other").to_string())
        .header("Idempotency-Key", "k-1");
    assert_eq!(api.answer(other).await.0, 409);
}

#[tokio::test]
async fn without_a_valid_token_nothing_is_accepted_and_the_answer_says_where_to_get_one() {
    let api = Api::start().await;
    let url = format!("{}/api/v1/events", api.process.url);
    let (status, body) = api
        .answer(api.client.post(&url).body(event("x").to_string()))
        .await;
    assert_eq!(status, 401);
    assert!(body["detail"].as_str().unwrap().contains("Settings"), "{body}");
    let wrong = api
        .client
        .post(&url)
        .bearer_auth("tocsin_wrong")
        .body(event("x").to_string());
    assert_eq!(api.answer(wrong).await.0, 401);
}

#[tokio::test]
async fn bad_bodies_get_a_word_each() {
    let api = Api::start().await;
    let large = event(&"x".repeat(1024 * 1024)).to_string();
    let long = event(&"x".repeat(70_000)).to_string();
    let header =
        json!({ "application": "a\r\nBcc: x@example.org", "severity": "error", "text": "x" }).to_string();
    for (body, status, says) in [
        ("hello".to_owned(), 400, "not JSON"),
        ("[]".to_owned(), 422, "1 to 1000"),
        ("{}".to_owned(), 422, "application"),
        (header, 422, "line break"),
        (long, 422, "shorten"),
        (large, 413, "1 MiB"),
    ] {
        let (got, answer) = api.answer(api.post(body)).await;
        assert_eq!(got, status, "{answer}");
        assert!(answer["detail"].as_str().unwrap().contains(says), "{answer}");
    }
    assert!(api.server.record().mails.is_empty());
}

#[tokio::test]
async fn the_document_describes_the_events_address() {
    let api = Api::start().await;
    let document = api.client.get(format!("{}/api/v1/openapi.json", api.process.url));
    let (status, body) = api.answer(document).await;
    assert_eq!(status, 200);
    assert!(
        body["paths"]["/api/v1/events"]["post"]["responses"]["202"].is_object(),
        "{body}"
    );
    let nowhere = api.client.get(format!("{}/api/v1/nothing", api.process.url));
    assert_eq!(api.answer(nowhere).await.0, 404);
}
