//! Grants that end are announced ahead.

use super::granted::Granted;
use super::{ADMIN, DAY, OWNER, working};
use jiff::SignedDuration;
use tocsin_domain::authorization::{Authorization, Ending};
use tocsin_domain::notification::{Reason, State};
use tocsin_domain::told::Kind;

#[tokio::test]
async fn a_grant_that_ends_is_announced_once_a_step_and_only_the_nearest_after_a_pause() {
    let granted = Granted::start().await;
    let (tocsin, other) = (&granted.tocsin, working().await);
    tocsin.account("other@example.com", &other).await;
    let usual = 90 * DAY;
    let account = granted
        .account("a@gmail.com", Some(SignedDuration::from_hours(20)), usual)
        .await;
    let weekly = granted.account("w@gmail.com", Some(5 * DAY / 2), 7 * DAY).await;
    tocsin.engine.check_soon();

    let told = tocsin.when_told(account, Kind::GrantEnds, 2).await;
    assert_eq!(
        told.len(),
        2,
        "the admins and the owner, and no step before: {told:#?}"
    );
    assert!(
        told.iter()
            .any(|told| told.recipients == [ADMIN.parse().unwrap()])
    );
    assert!(
        told.iter()
            .any(|told| told.recipients == [OWNER.parse().unwrap(), "a@gmail.com".parse().unwrap()])
    );
    tocsin.when(State::Sent, 2).await;
    let told_of_weekly = tocsin.engine.told(weekly).await.unwrap();
    assert_eq!(
        told_of_weekly,
        [],
        "a grant for a week is announced two days ahead"
    );

    tocsin.check_now(account).await;
    granted
        .when(account, |state| {
            matches!(
                state,
                Authorization::Expiring {
                    why: Ending::GrantLifetime,
                    ..
                }
            )
        })
        .await;
    tocsin.engine.check_soon();
    // Half a day passes for that one.
    tocsin
        .sql(format!(
            "UPDATE grants SET ends_at = ends_at - 43260000, granted_at = granted_at - 43260000 \
             WHERE account_id = {weekly}"
        ))
        .await;
    tocsin.engine.check_soon();
    tocsin.when_told(weekly, Kind::GrantEnds, 2).await;
    assert_eq!(
        tocsin.engine.told(account).await.unwrap().len(),
        2,
        "each step once"
    );
}

#[tokio::test]
async fn an_announcement_that_nobody_could_carry_is_dropped_when_the_grant_is_renewed() {
    let granted = Granted::start().await;
    let tocsin = &granted.tocsin;
    let account = granted.account("a@gmail.com", Some(2 * DAY), 90 * DAY).await;
    // It rests, so that nobody can carry.
    let pause = r#"{"until":"2999-01-01T00:00:00Z","why":"quota","words":""}"#;
    tocsin.sql(format!("UPDATE accounts SET pause = '{pause}'")).await;
    tocsin.engine.routing_changed().await;
    tocsin.engine.check_soon();
    tocsin.when_told(account, Kind::GrantEnds, 2).await;
    tocsin.when(State::Held, 2).await;

    tocsin
        .sql("UPDATE grants SET ends_at = ends_at + 86400000 * CAST(90 AS BIGINT)")
        .await;
    tocsin.engine.check_soon();

    let over = tocsin.when(State::Failed, 2).await;
    assert!(over.iter().all(|over| over.reason == Some(Reason::Over)));
}
