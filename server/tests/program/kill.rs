//! The plug is pulled, again and again, under load: what was accepted is delivered.

use crate::support::{Process, Seed};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tocsin_engine::smtp::scripted::{Script, Scripted};

const KILLS: usize = 20;
const CALLERS: usize = 8;

/// What callers know: where the server is now, and which events it accepted.
struct Shared {
    url: Mutex<String>,
    accepted: Mutex<BTreeSet<String>>,
    over: AtomicBool,
}

#[tokio::test(flavor = "multi_thread")]
async fn every_accepted_event_is_delivered_although_the_process_is_killed_twenty_times() {
    let server = Scripted::start(Script::plain()).await;
    let seed = Seed::plant(&server).await;
    let mut process = Process::start(&seed).await;
    let shared = Arc::new(Shared {
        url: Mutex::new(process.url.clone()),
        accepted: Mutex::default(),
        over: AtomicBool::new(false),
    });
    let callers: Vec<_> = (0..CALLERS)
        .map(|number| tokio::spawn(call(number, seed.token.clone(), Arc::clone(&shared))))
        .collect();

    let mut mails_at_kill = Vec::new();
    for _ in 0..KILLS {
        tokio::time::sleep(moment()).await;
        process.kill().await;
        mails_at_kill.push(server.record().mails.len());
        process = Process::start(&seed).await;
        shared.url.lock().unwrap().clone_from(&process.url);
    }
    shared.over.store(true, Ordering::Relaxed);
    for caller in callers {
        caller.await.unwrap();
    }
    let accepted = shared.accepted.lock().unwrap().clone();
    assert!(
        accepted.len() > KILLS * CALLERS,
        "the load was real: {} events",
        accepted.len()
    );

    // Each event's text is its subject: every one of them arrives.
    let record = server
        .when(|record| {
            let subjects: BTreeSet<_> = record
                .mails
                .iter()
                .filter_map(|mail| mail.header("Subject"))
                .collect();
            accepted.iter().all(|text| subjects.contains(text))
        })
        .await;

    // Twice only where a kill fell between the server's 250 and its record: never within one life.
    let mut lives = mails_at_kill.clone();
    lives.push(record.mails.len());
    let mut from = 0;
    for until in lives {
        let mut times: BTreeMap<String, usize> = BTreeMap::new();
        for mail in &record.mails[from..until] {
            *times.entry(mail.header("Message-ID").unwrap()).or_default() += 1;
        }
        let doubled: Vec<_> = times.iter().filter(|(_, count)| **count > 1).collect();
        assert!(
            doubled.is_empty(),
            "sent twice without a kill in between: {doubled:?}"
        );
        from = until;
    }
    let deliveries = record.deliveries();
    let doubled = deliveries.values().filter(|times| **times > 1).count();
    println!(
        "{} events accepted, {} mails, {doubled} of them twice",
        accepted.len(),
        deliveries.len()
    );
}

/// Reports event after event, each until the server says that it is accepted.
async fn call(number: usize, token: String, shared: Arc<Shared>) {
    let client = tocsin_engine::oauth::client(Duration::from_secs(5)).unwrap();
    for count in 0.. {
        let text = format!("event {number}-{count}");
        while !accepted(&client, &token, &shared, &text).await {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        shared.accepted.lock().unwrap().insert(text);
        if shared.over.load(Ordering::Relaxed) {
            return;
        }
    }
}

async fn accepted(client: &reqwest::Client, token: &str, shared: &Shared, text: &str) -> bool {
    let url = shared.url.lock().unwrap().clone();
    let body = serde_json::json!({ "application": "Load", "severity": "warning", "text": text });
    let sent = client
        .post(format!("{url}/api/v1/events"))
        .bearer_auth(token)
        // A try whose answer was lost with the process makes no second event.
        .header("Idempotency-Key", text)
        .body(body.to_string())
        .send()
        .await;
    sent.is_ok_and(|response| response.status().as_u16() == 202)
}

/// A random moment within the first 400 milliseconds of the process's life.
fn moment() -> Duration {
    Duration::from_millis(u64::from(getrandom::u32().unwrap()) % 400)
}
