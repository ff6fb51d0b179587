//! Looking into INBOX. EXAMINE instead of SELECT, BODY.PEEK instead of BODY: no mail is changed or marked as read.

use super::fetch::Fetched;
use super::response::{Response, number_in};
use super::session::{Ended, Session};
use crate::net::Fault;
use std::time::Duration;
use tocsin_domain::failure::{Meaning, Stage};
use tokio::time::{Instant, timeout, timeout_at};

/// How INBOX stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Mailbox {
    /// UIDs hold as long as this stays the same (RFC 9051 section 2.3.1.1).
    pub(crate) uid_validity: u32,
    /// Greater than every UID there is; `None` from servers that do not tell.
    pub(crate) uid_next: Option<u32>,
    /// How many mails there are.
    pub(crate) mails: u32,
}

impl Session {
    /// Opens INBOX for reading only.
    pub(crate) async fn examine(&mut self) -> Result<Mailbox, Fault> {
        let mut mailbox = Mailbox::default();
        let mut uid_validity = None;
        let note = |response: Response| match response {
            Response::Exists(mails) => mailbox.mails = mails,
            Response::Condition(_, text) => {
                uid_validity = number_in(&text, "UIDVALIDITY").or(uid_validity);
                mailbox.uid_next = number_in(&text, "UIDNEXT").or(mailbox.uid_next);
            }
            _ => {}
        };
        self.command(Stage::Imap, "EXAMINE INBOX", note).await?;
        mailbox.uid_validity = uid_validity.ok_or_else(|| {
            let words = "the server gives no UIDVALIDITY for INBOX: its mails cannot be told apart";
            Fault::known(Stage::Imap, Meaning::CommandNotSupported, words)
        })?;
        Ok(mailbox)
    }

    /// From now on only what comes from now on is news: the next search finds what was told of before.
    pub(crate) fn forget_news(&mut self) {
        self.news = false;
    }

    /// The UIDs of the mails that meet the criteria (RFC 9051 section 6.4.4), in order; or the server's refusal to
    /// search by them.
    pub(crate) async fn search(&mut self, criteria: &str) -> Result<Result<Vec<u32>, Fault>, Fault> {
        let mut found = Vec::new();
        let collect = |response: Response| {
            if let Response::Search(uids) = response {
                found.extend(uids);
            }
        };
        let command = format!("UID SEARCH {criteria}");
        if let Ended::Refused(fault) = self.ask(Stage::Imap, &command, collect).await? {
            return Ok(Err(fault));
        }
        found.sort_unstable();
        found.dedup();
        Ok(Ok(found))
    }

    /// A section of some mails, and when they came.
    pub(crate) async fn fetch(&mut self, uids: &[u32], section: &str) -> Result<Vec<Fetched>, Fault> {
        let set: Vec<_> = uids.iter().map(u32::to_string).collect();
        let command = format!(
            "UID FETCH {} (UID INTERNALDATE BODY.PEEK{section})",
            set.join(",")
        );
        let mut fetched = Vec::new();
        let collect = |response: Response| {
            if let Response::Fetch(bytes) = response
                && let Some(mail) = Fetched::read(&bytes)
                && uids.contains(&mail.uid)
                && fetched.len() < uids.len()
            {
                fetched.push(mail);
            }
        };
        self.command(Stage::Imap, &command, collect).await?;
        Ok(fetched)
    }

    /// Asks whether there is news (RFC 9051 section 6.1.2), which also keeps the session alive.
    pub(crate) async fn noop(&mut self) -> Result<(), Fault> {
        self.command(Stage::Imap, "NOOP", |_| {}).await
    }

    /// Waits for news (RFC 2177), at most so long; not at all if there is some already.
    pub(crate) async fn idle(&mut self, at_most: Duration) -> Result<(), Fault> {
        if self.news {
            return Ok(());
        }
        let until = Instant::now() + at_most;
        let tag = self.next_tag();
        self.write(Stage::Imap, &format!("{tag} IDLE")).await?;
        let limit = self.limits.command;
        timeout(limit, self.agreed(&tag)).await.unwrap_or_else(|_| {
            let words = format!("timed out: IDLE was not answered within {limit:?}");
            Err(Fault::known(Stage::Imap, Meaning::TimedOut, &words))
        })?;
        while !self.news {
            match timeout_at(until, self.next(Stage::Imap)).await {
                Ok(response) => drop(response?),
                Err(_) => break,
            }
        }
        self.write(Stage::Imap, "DONE").await?;
        match self.finish(Stage::Imap, &tag, |_| {}).await? {
            Ended::Ok => Ok(()),
            Ended::Refused(fault) => Err(fault),
        }
    }

    /// Until the server agrees to IDLE.
    async fn agreed(&mut self, tag: &str) -> Result<(), Fault> {
        loop {
            match self.next(Stage::Imap).await? {
                Response::Continue(_) => return Ok(()),
                Response::Done(found, condition, text) if found == tag => {
                    return Err(self.refused(Stage::Imap, condition, &text));
                }
                _ => {}
            }
        }
    }
}
