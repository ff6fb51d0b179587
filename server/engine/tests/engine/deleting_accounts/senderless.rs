//! Pairs that lost their only sender.

use super::{delete, senders};
use crate::support::{Tocsin, admin};
use tocsin_domain::id::AccountId;
use tocsin_domain::notification::{Reason, State};
use tocsin_domain::senderless::{GoneSender, Senderless};
use tocsin_engine::accounts::Replacement;

#[tokio::test]
async fn what_a_pair_without_living_senders_catches_is_held_although_there_is_a_default_and_goes_when_it_has_one()
 {
    let (tocsin, server, [gone, default]) =
        Tocsin::start_with_accounts(["gone@example.com", "default@example.com"]).await;
    let rule = tocsin.rule(&[gone]).await;
    let engine = &tocsin.engine;
    engine.set_default(default, &admin()).await.unwrap();
    delete(&tocsin, gone, Replacement::Leave).await.unwrap();

    tocsin.report("error", "held").await;
    let held = tocsin.when(State::Held, 1).await;
    assert_eq!(held[0].reason, Some(Reason::SendersGone));
    let asked = engine.senderless_pairs().await.unwrap();
    assert_eq!((asked[0].rule, asked[0].place, asked[0].held), (rule, 1, 1));
    assert!(
        matches!(&asked[0].why, Senderless::SendersGone(gone) if matches!(&gone[..],
            [GoneSender::Deleted(one)] if one.address == "gone@example.com".parse().unwrap()))
    );

    let mut definition = engine.rule(rule).await.unwrap().definition;
    definition.pairs[0].senders.push(default);
    engine.save_rule(Some(rule), definition, &admin()).await.unwrap();

    assert_eq!(server.mails(1).await[0].from, "default@example.com");
    assert_eq!(engine.senderless_pairs().await.unwrap(), []);
}

#[tokio::test]
async fn a_rule_with_a_sender_that_no_account_has_asks_for_one() {
    let (tocsin, server, [account]) = Tocsin::start_with_accounts(["nas@example.com"]).await;
    // As a rule that was restored or imported without its account.
    let rule = tocsin.rule(&[AccountId::new(4711)]).await;
    tocsin.report("error", "x").await;
    let held = tocsin.when(State::Held, 1).await;
    assert_eq!(held[0].reason, Some(Reason::SendersGone));
    let engine = &tocsin.engine;
    let asked = engine.senderless_pairs().await.unwrap();
    let unknown = Senderless::SendersGone(vec![GoneSender::Unknown(AccountId::new(4711))]);
    assert_eq!(asked[0].why, unknown);

    let mut definition = engine.rule(rule).await.unwrap().definition;
    definition.pairs[0].senders.push(account);
    engine.save_rule(Some(rule), definition, &admin()).await.unwrap();

    server.mails(1).await;
    assert_eq!(senders(&tocsin, rule).await, [account]);
}
