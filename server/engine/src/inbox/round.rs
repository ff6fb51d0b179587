//! What is new in a mailbox: the server searches, some header fields tell which mails may answer ours, and of reports
//! the body is fetched.

use super::bounce;
use super::heads::{FIELDS, Head, Kind};
use super::settle::{Answer, Answering, Settled};
use crate::engine::Engine;
use crate::imap::{Fetched, Session};
use crate::sign_in::SignInError;
use crate::store::Place;
use crate::time::now;
use jiff::fmt::strtime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use std::time::Duration;
use tocsin_domain::id::AccountId;

/// How many mails' heads are fetched at once.
const AT_ONCE: usize = 20;

/// How much of a report is fetched. Exchange Online puts up to 100 kB of HTML before what a machine can read.
const REPORT: &str = "[]<0.262144>";

/// How long to wait for the result of an attempt whose answer is here already, and how often.
const RESULT_COMES: (Duration, u32) = (Duration::from_millis(500), 20);

/// Looks at what came after a place, and moves the place.
pub(super) async fn look(
    engine: &Engine,
    account: AccountId,
    session: &mut Session,
    place: &mut Place,
    since: Timestamp,
) -> Result<(), SignInError> {
    let range = format!("UID {}:* SINCE {}", place.last_uid.saturating_add(1), date(since));
    let newer = |uids: Vec<u32>| -> Vec<u32> {
        // `*` is the last mail, also when that is an old one (RFC 9051 section 6.4.8).
        uids.into_iter().filter(|uid| *uid > place.last_uid).collect()
    };
    session.forget_news();
    let new = newer(session.search(&range).await??);
    let Some(last) = new.last().copied() else {
        return Ok(());
    };
    let searched = if session.offers("X-GM-EXT-1") {
        None
    } else {
        let criteria = format!("{range} {}", criteria(engine.instance()));
        session.search(&criteria).await?.ok().map(newer)
    };
    // Gmail finds whole words only, and some servers do not search by header at all: there the same few header
    // fields of each new mail are looked at here.
    let candidates = searched.unwrap_or_else(|| new.clone());
    for uids in candidates.chunks(AT_ONCE) {
        let mut answers = Vec::new();
        for mail in session.fetch(uids, FIELDS).await? {
            answers.extend(answering(session, place, &mail).await?);
        }
        if let Some(uid) = uids.last() {
            place.last_uid = *uid;
        }
        settle(engine, account, &answers, place).await?;
    }
    place.last_uid = last;
    settle(engine, account, &[], place).await
}

async fn settle(
    engine: &Engine,
    account: AccountId,
    answers: &[Answering],
    place: &Place,
) -> Result<(), SignInError> {
    let (wait, tries) = RESULT_COMES;
    for _ in 0..tries {
        if engine.settle(account, answers, place).await? == Settled::All {
            return Ok(());
        }
        tokio::time::sleep(wait).await;
    }
    // What is still being handed in after that is handed in again, and answered again.
    tracing::warn!(%account, "an answer came to a mail that is still being handed in; it is passed over");
    Ok(())
}

async fn answering(
    session: &mut Session,
    place: &Place,
    mail: &Fetched,
) -> Result<Option<Answering>, SignInError> {
    let head = Head::read(&mail.section);
    let answer = match head.kind {
        Kind::Other => None,
        Kind::Reply(ids, by) => Some(Answer::Reply(ids, by)),
        Kind::Report => {
            let fetched = session.fetch(&[mail.uid], REPORT).await?;
            let report = fetched.first().and_then(|report| bounce::read(&report.section));
            report
                .filter(|report| !report.about.is_empty())
                .map(Answer::Bounce)
        }
    };
    Ok(answer.map(|answer| Answering {
        mail: name(head.message_id.as_deref(), place, mail.uid),
        at: mail.came_at.unwrap_or_else(now).min(now()),
        answer,
    }))
}

/// What tells a mail from all others, also after the mailbox was numbered anew.
fn name(message_id: Option<&str>, place: &Place, uid: u32) -> String {
    let Some(message_id) = message_id else {
        return format!("{}:{uid}", place.uid_validity);
    };
    let mut name = String::new();
    for byte in &Sha256::digest(message_id)[..16] {
        let _ = write!(name, "{byte:02x}");
    }
    name
}

/// Whatever may answer our mails: our installation's name in the fields that name other mails, or a robot's mail.
fn criteria(instance: &str) -> String {
    let any = [
        format!("HEADER IN-REPLY-TO \"{instance}\""),
        format!("HEADER REFERENCES \"{instance}\""),
        "FROM \"mailer-daemon\"".to_owned(),
        "FROM \"postmaster\"".to_owned(),
        "FROM \"microsoftexchange\"".to_owned(),
        "HEADER CONTENT-TYPE \"multipart/report\"".to_owned(),
        "HEADER X-FAILED-RECIPIENTS \"@\"".to_owned(),
        "HEADER RETURN-PATH \"<>\"".to_owned(),
    ];
    let last = any.len() - 1;
    let mut criteria = String::new();
    for (index, one) in any.iter().enumerate() {
        criteria.push_str(if index < last { "OR " } else { "" });
        criteria.push_str(one);
        criteria.push_str(if index < last { " " } else { "" });
    }
    criteria
}

/// A day earlier than a moment, as SEARCH wants it: servers count days in their own time zone.
fn date(at: Timestamp) -> String {
    let day = at.checked_sub(SignedDuration::from_hours(24)).unwrap_or(at);
    strtime::format("%-d-%b-%Y", &day.to_zoned(TimeZone::UTC)).unwrap_or_else(|_| "1-Jan-1970".to_owned())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_search_is_one_choice_between_all() {
        let criteria = criteria("1f");
        assert_eq!(criteria.matches("OR ").count(), 7);
        assert!(criteria.starts_with("OR HEADER IN-REPLY-TO \"1f\" OR HEADER REFERENCES \"1f\" OR FROM"));
        assert!(criteria.ends_with("OR HEADER X-FAILED-RECIPIENTS \"@\" HEADER RETURN-PATH \"<>\""));
    }

    #[test]
    fn the_day_before_is_searched_from() {
        assert_eq!(date("2026-11-07T01:00:00Z".parse().unwrap()), "6-Nov-2026");
    }

    #[test]
    fn a_mail_keeps_its_name_when_the_mailbox_is_numbered_anew() {
        let place = |uid_validity| Place {
            mailbox: String::new(),
            uid_validity,
            last_uid: 0,
        };
        assert_eq!(name(Some("a@b"), &place(1), 7), name(Some("a@b"), &place(2), 501));
        assert_ne!(name(None, &place(1), 7), name(None, &place(2), 7));
    }
}
