//! What a scripted server has received.

use std::collections::BTreeMap;

/// Whether something came over an encrypted connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protection {
    /// By TLS.
    Encrypted,
    /// Not at all.
    Plain,
}

/// A mail that the server took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivedMail {
    /// The number of its connection, from 1.
    pub connection: usize,
    /// The address in MAIL.
    pub from: String,
    /// The addresses in the RCPT commands that were accepted.
    pub to: Vec<String>,
    /// The mail, its doubled dots undone.
    pub data: String,
    /// Whether it came encrypted.
    pub protection: Protection,
}

impl ReceivedMail {
    /// The value of a header (RFC 5322 section 2.2), unfolded.
    pub fn header(&self, name: &str) -> Option<String> {
        let head = self.data.split("\r\n\r\n").next()?.replace("\r\n ", " ");
        head.replace("\r\n\t", " ").lines().find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
        })
    }
}

/// A sign-in that the server saw, whether it was accepted or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInSeen {
    /// PLAIN, LOGIN or XOAUTH2.
    pub mechanism: String,
    /// The user name.
    pub user: String,
    /// The password or access token.
    pub secret: String,
    /// Whether it came encrypted.
    pub protection: Protection,
}

/// What came in, in the order in which it came.
#[derive(Debug, Clone, Default)]
pub struct Record {
    /// How many connections were taken.
    pub connections: usize,
    /// How many connections are open now.
    pub open: usize,
    /// How many were open at the same time at most.
    pub most_open: usize,
    /// Every line that is not part of a mail, of all connections.
    pub lines: Vec<String>,
    /// The sign-ins.
    pub sign_ins: Vec<SignInSeen>,
    /// The mails that were taken.
    pub mails: Vec<ReceivedMail>,
}

impl Record {
    /// How often each mail was taken, by its `Message-ID`.
    pub fn deliveries(&self) -> BTreeMap<String, usize> {
        let mut deliveries = BTreeMap::new();
        for mail in &self.mails {
            *deliveries
                .entry(mail.header("Message-ID").unwrap_or_default())
                .or_default() += 1;
        }
        deliveries
    }
}
