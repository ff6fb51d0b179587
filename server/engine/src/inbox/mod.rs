//! Receiving: watches the accounts' mailboxes for what answers Tocsin's own mails, and for nothing else.
//!
//! | file | holds |
//! |---|---|
//! | `receiving` | signing in to a mailbox: to test it, to change it, to watch it |
//! | `watch` | which accounts are watched, and how each stands |
//! | `mailbox` | one account: connect, catch up, wait for news, and what to do when that fails |
//! | `round` | what is new in a mailbox, as little of it as tells what answers us |
//! | `own` | our `Message-ID`s in what others write |
//! | `heads` | from a mail's head: a report, a reply, or none of our business |
//! | `bounce` | reports that a mail was not delivered |
//! | `settle` | what an answer does to its notification |
//!
//! **What is read.** The server searches for mails whose head names our installation or comes from a mail robot;
//! of these some header fields are fetched, and of reports the first 256 KiB. INBOX is opened for reading only, so
//! nothing is marked as read. Nothing is stored of a mail but what it says about one of our notifications.
//!
//! **What proves that a mail is about ours.** It names the `Message-ID` of a notification that this account handed
//! in. That holds 64 random bits, so only who has seen the mail knows it: its recipients, the servers it passed,
//! and whom they showed it to. They can forge a report or a reply. What that does: the notification shows as
//! bounced or acknowledged, and the recipient as undeliverable, for everybody to see with the words. It changes no
//! account, no rule and no recipient list, sends nothing and holds nothing back.

mod bounce;
mod heads;
mod mailbox;
mod own;
mod receiving;
mod round;
mod settle;
mod watch;

pub(crate) use watch::{Inbox, run};
