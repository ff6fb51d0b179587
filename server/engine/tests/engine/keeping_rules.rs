use crate::support::{Tocsin, admin};
use tocsin_domain::id::{AccountId, PairId};
use tocsin_domain::notification::State;
use tocsin_domain::rule::{Pair, Switch};
use tocsin_domain::text::Line;
use tocsin_engine::rules::{MAX_RECIPIENTS, RuleError};
use tocsin_engine::smtp::scripted::{Script, Scripted};

fn like(pair: &Pair) -> Pair {
    Pair {
        id: None,
        ..pair.clone()
    }
}

#[tokio::test]
async fn a_saved_rule_reads_back_as_it_was_written() {
    let server = Scripted::start(Script::plain()).await;
    let tocsin = Tocsin::start().await;
    let account = tocsin.account("nas@example.com", &server).await;
    let template = tocsin.rule(&[account]).await;
    let engine = &tocsin.engine;
    let mut definition = engine.rule(template).await.unwrap().definition;
    definition.name = Line::parse("Disks").unwrap();
    definition.pairs = vec![like(&definition.pairs[0]), like(&definition.pairs[0])];

    let id = engine
        .save_rule(None, definition.clone(), &admin())
        .await
        .unwrap();

    let read = engine.rule(id).await.unwrap().definition;
    assert!(read.pairs.iter().all(|pair| pair.id.is_some()));
    let unnumbered = read.pairs.iter().map(like).collect::<Vec<_>>();
    assert_eq!((&read.name, unnumbered), (&definition.name, definition.pairs));
    let log = engine.audit_log(1).await.unwrap();
    assert_eq!(
        (log[0].action.as_str(), log[0].subject.as_str()),
        ("rule-saved", "Disks")
    );
}

#[tokio::test]
async fn what_waits_follows_its_pair_when_the_rule_gets_other_senders_and_order() {
    let down = Scripted::start(Script::plain().knowing_nobody()).await;
    let up = Scripted::start(Script::plain()).await;
    let tocsin = Tocsin::start().await;
    let lost = tocsin.account("lost@example.com", &down).await;
    let rule = tocsin.rule(&[lost]).await;
    tocsin.report("error", "x").await;
    tocsin.when(State::Held, 1).await;
    let engine = &tocsin.engine;
    let mut definition = engine.rule(rule).await.unwrap().definition;
    let waiting = definition.pairs[0].id;
    definition.pairs.insert(0, like(&definition.pairs[0]));
    definition.pairs[1].senders = vec![tocsin.account("nas@example.com", &up).await];

    engine.save_rule(Some(rule), definition, &admin()).await.unwrap();

    let mails = up.mails(1).await;
    assert!(mails.iter().all(|mail| mail.from == "nas@example.com"));
    assert_eq!(engine.rule(rule).await.unwrap().definition.pairs[1].id, waiting);
}

#[tokio::test]
async fn a_pair_with_an_id_that_is_not_the_rules_own_becomes_a_new_pair() {
    let server = Scripted::start(Script::plain()).await;
    let tocsin = Tocsin::start().await;
    let account = tocsin.account("nas@example.com", &server).await;
    let one = tocsin.rule(&[account]).await;
    let two = tocsin.rule(&[account]).await;
    let engine = &tocsin.engine;
    let own = engine.rule(one).await.unwrap().definition.pairs[0].id;
    let mut definition = engine.rule(two).await.unwrap().definition;
    let mut second = definition.pairs[0].clone();
    second.id = own;
    let twice = definition.pairs[0].clone();
    let mut made_up = definition.pairs[0].clone();
    made_up.id = Some(PairId::new(7));
    definition.pairs.extend([second, twice, made_up]);

    engine.save_rule(Some(two), definition, &admin()).await.unwrap();

    assert_eq!(engine.rule(one).await.unwrap().definition.pairs[0].id, own);
    let pairs = engine.rule(two).await.unwrap().definition.pairs;
    let ids: std::collections::HashSet<_> = pairs.iter().map(|pair| pair.id).collect();
    assert_eq!(ids.len(), 4);
    assert!(!ids.contains(&own) && !ids.contains(&Some(PairId::new(7))));
}

#[tokio::test]
async fn a_rule_that_cannot_work_is_refused_and_changes_nothing() {
    let server = Scripted::start(Script::plain()).await;
    let tocsin = Tocsin::start().await;
    let account = tocsin.account("nas@example.com", &server).await;
    let id = tocsin.rule(&[account]).await;
    let engine = &tocsin.engine;
    let before = engine.rule(id).await.unwrap();
    let mut unheard = before.definition.clone();
    unheard.pairs[0].recipients.clear();
    let mut crowd = before.definition.clone();
    let addresses = (0..=MAX_RECIPIENTS).map(|number| format!("{number}@example.com").parse().unwrap());
    crowd.pairs[0].recipients = addresses.collect();

    let outcome = engine.save_rule(Some(id), unheard, &admin()).await;
    assert!(matches!(outcome, Err(RuleError::Invalid(_))));
    let outcome = engine.save_rule(Some(id), crowd, &admin()).await;
    assert!(matches!(outcome, Err(RuleError::TooManyRecipients(1))));
    let mut unknown = before.definition.clone();
    unknown.pairs[0].senders.push(AccountId::new(7));
    let outcome = engine.save_rule(Some(id), unknown, &admin()).await;
    assert!(matches!(outcome, Err(RuleError::SenderGone(1))));
    let after = engine.rule(id).await.unwrap();
    assert_eq!(
        after.definition.pairs[0].recipients,
        before.definition.pairs[0].recipients
    );
}

#[tokio::test]
async fn a_rule_that_is_switched_off_catches_nothing_until_it_is_on_again() {
    let server = Scripted::start(Script::plain()).await;
    let tocsin = Tocsin::start().await;
    let account = tocsin.account("nas@example.com", &server).await;
    let id = tocsin.rule(&[account]).await;
    let engine = &tocsin.engine;
    engine.switch_rule(id, Switch::Off, &admin()).await.unwrap();
    tocsin.report("error", "unheard").await;
    engine.switch_rule(id, Switch::On, &admin()).await.unwrap();
    tocsin.report("error", "heard").await;

    let mails = server.mails(1).await;

    assert_eq!(mails[0].header("Subject").as_deref(), Some("heard"));
    assert_eq!(tocsin.all().await.len(), 1);
}

#[tokio::test]
async fn what_a_deleted_rule_has_caught_is_still_sent() {
    let server = Scripted::start(Script::plain().knowing_nobody()).await;
    let tocsin = Tocsin::start().await;
    let account = tocsin.account("nas@example.com", &server).await;
    let id = tocsin.rule(&[account]).await;
    tocsin.report("error", "x").await;
    tocsin.when(State::Held, 1).await;
    let engine = &tocsin.engine;

    engine.delete_rule(id, &admin()).await.unwrap();
    assert!(matches!(engine.rule(id).await, Err(RuleError::Gone)));
    let again = engine.delete_rule(id, &admin()).await;
    assert!(matches!(again, Err(RuleError::Gone)));
    server.change(|_| Script::plain());
    let to = "me@example.org".parse().unwrap();
    engine.test_sending(account, &to, &admin()).await.unwrap();

    tocsin.when(State::Sent, 1).await;
}
