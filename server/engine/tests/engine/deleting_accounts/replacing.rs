//! Who sends instead.

use super::{delete, pair, restore, senders};
use crate::support::{Tocsin, admin};
use tocsin_domain::account::IsDefault;
use tocsin_domain::id::AccountId;
use tocsin_domain::notification::State;
use tocsin_engine::accounts::{AccountError, Deletion, Replacement};
use tocsin_engine::smtp::scripted::{Act, Script, Scripted, Step};

#[tokio::test]
async fn the_replacement_sends_from_the_deleted_ones_place_and_undo_takes_it_out_again() {
    let (tocsin, server, [first, second, other]) =
        Tocsin::start_with_accounts(["first@example.com", "second@example.com", "other@example.com"]).await;
    let rule = tocsin.rule(&[first, second]).await;

    delete(&tocsin, first, Replacement::All(other)).await.unwrap();
    tocsin.report("error", "x").await;
    assert_eq!(server.mails(1).await[0].from, "other@example.com");

    restore(&tocsin, first).await.unwrap();
    assert_eq!(senders(&tocsin, rule).await, [first, second]);
    tocsin.report("error", "y").await;
    assert_eq!(server.mails(2).await[1].from, "first@example.com");
}

#[tokio::test]
async fn a_replacement_that_is_in_the_list_already_stays_where_it_is() {
    let (tocsin, _server, [first, second]) =
        Tocsin::start_with_accounts(["first@example.com", "second@example.com"]).await;
    let rule = tocsin.rule(&[first, second]).await;

    delete(&tocsin, first, Replacement::All(second)).await.unwrap();

    assert_eq!(senders(&tocsin, rule).await, [first, second]);
    restore(&tocsin, first).await.unwrap();
    assert_eq!(senders(&tocsin, rule).await, [first, second]);
}

#[tokio::test]
async fn pair_by_pair_each_gets_what_was_chosen_for_it_and_nothing_else() {
    let (tocsin, _server, [gone, other]) =
        Tocsin::start_with_accounts(["gone@example.com", "other@example.com"]).await;
    let (one, two) = (tocsin.rule(&[gone]).await, tocsin.rule(&[gone]).await);
    let chosen = vec![
        (pair(&tocsin, one).await, Some(other)),
        (pair(&tocsin, two).await, None),
    ];

    let incomplete = delete(&tocsin, gone, Replacement::Each(chosen[..1].to_vec())).await;
    assert!(matches!(incomplete, Err(AccountError::RulesChanged)));
    assert_eq!(
        senders(&tocsin, one).await,
        [gone],
        "what is refused changes nothing"
    );
    delete(&tocsin, gone, Replacement::Each(chosen)).await.unwrap();

    assert_eq!(senders(&tocsin, one).await, [gone, other]);
    let left = tocsin.engine.senderless_pairs().await.unwrap();
    assert_eq!(left.iter().map(|pair| pair.rule).collect::<Vec<_>>(), [two]);
}

#[tokio::test]
async fn the_default_passes_to_who_was_chosen_and_comes_back_with_the_account() {
    let (tocsin, _server, [gone, other, third]) =
        Tocsin::start_with_accounts(["gone@example.com", "other@example.com", "third@example.com"]).await;
    let engine = &tocsin.engine;
    let default = async || {
        let accounts = engine.accounts().await.unwrap().into_iter();
        let mut defaults = accounts.filter(|account| account.default == IsDefault::Yes);
        defaults.next().map(|account| account.id)
    };
    let passing = || Deletion {
        replacement: Replacement::Leave,
        default: Some(other),
    };
    engine.set_default(gone, &admin()).await.unwrap();

    engine.delete_account(gone, passing(), &admin()).await.unwrap();
    assert_eq!(default().await, Some(other));
    restore(&tocsin, gone).await.unwrap();
    assert_eq!(default().await, Some(gone));

    engine.delete_account(gone, passing(), &admin()).await.unwrap();
    engine.set_default(third, &admin()).await.unwrap();
    restore(&tocsin, gone).await.unwrap();
    assert_eq!(default().await, Some(third), "what somebody chose since stays");
}

#[tokio::test]
async fn whoever_takes_over_must_be_there() {
    let (tocsin, _server, [gone]) = Tocsin::start_with_accounts(["gone@example.com"]).await;
    for nobody in [gone, AccountId::new(7)] {
        let refused = delete(&tocsin, gone, Replacement::All(nobody)).await;
        assert!(matches!(refused, Err(AccountError::ReplacementGone)));
    }
    assert!(tocsin.engine.account(gone).await.is_ok());
}

#[tokio::test]
async fn a_mail_that_is_being_sent_is_finished_and_what_the_account_still_had_goes_by_another() {
    let slow = Script::plain().always(Step::Greeting, Act::Silence);
    let (hangs, up) = (
        Scripted::start(slow).await,
        Scripted::start(Script::plain()).await,
    );
    let tocsin = Tocsin::start().await;
    let gone = tocsin.account("gone@example.com", &hangs).await;
    let other = tocsin.account("other@example.com", &up).await;
    tocsin.rule(&[gone]).await;
    for number in 0..3 {
        tocsin.report("error", &number.to_string()).await;
    }
    tocsin.when(State::Sending, 1).await;

    delete(&tocsin, gone, Replacement::All(other)).await.unwrap();
    hangs.change(|_| Script::plain().always(Step::Greeting, Act::say("421 4.3.2 not available")));
    hangs.hang_up();

    let mails = up.mails(3).await;
    assert!(mails.iter().all(|mail| mail.from == "other@example.com"));
    let sent = tocsin.when(State::Sent, 3).await;
    let mut tried = 0;
    for one in sent {
        let attempts = tocsin.detail(one.id).await.attempts;
        tried += attempts
            .iter()
            .filter(|attempt| attempt.account.as_ref().unwrap().0 == gone)
            .count();
    }
    assert_eq!(tried, 1, "the one attempt that ran is written");
}
