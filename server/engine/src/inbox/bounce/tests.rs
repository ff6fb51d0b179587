#![allow(clippy::unwrap_used)]
use super::*;

const ID: &str = "12.0123456789abcdef.1f@tocsin.local";

macro_rules! fixture {
    ($name:literal) => {
        include_str!(concat!("../../../tests/fixtures/bounces/", $name, ".eml"))
    };
}

fn read_text(text: &str) -> Option<Bounce> {
    read(text.replace("MESSAGE-ID", ID).replace('\n', "\r\n").as_bytes())
}

/// The one recipient of a report, what it means, and a piece of the words; the report must name our mail.
fn one(text: &str, recipient: &str, meaning: Meaning, words: &str) {
    let bounce = read_text(text).unwrap();
    assert_eq!(bounce.about.first().map(|id| id.message_id.as_str()), Some(ID));
    let [undelivered] = bounce.undelivered.as_slice() else {
        panic!("{:#?}", bounce.undelivered);
    };
    assert_eq!(undelivered.addresses[0], recipient);
    assert!(undelivered.words.contains(words), "{}", undelivered.words);
    assert_eq!(undelivered.meaning, meaning, "{}", undelivered.words);
}

#[test]
fn a_report_with_a_part_for_machines_names_recipient_and_reason() {
    let unknown = Meaning::MailboxUnknown;
    one(
        fixture!("postfix"),
        "ops@example.com",
        unknown,
        "550 5.1.1 <ops@example.com>: Recipient address",
    );
    one(fixture!("gmail"), "ops@example.com", unknown, "does not exist");
    one(
        fixture!("exchange_online"),
        "ops@contoso.com",
        unknown,
        "RecipientNotFound",
    );
    one(fixture!("netease"), "ops@example.com", unknown, "User unknown");
    one(
        fixture!("sendmail"),
        "ops@example.com",
        Meaning::MessageTooLarge,
        "552 5.3.4",
    );
    one(
        fixture!("forwarded"),
        "ops@example.com",
        Meaning::MailboxFull,
        "mailbox full",
    );
}

#[test]
fn a_report_for_people_names_them_too() {
    let unknown = Meaning::MailboxUnknown;
    one(
        fixture!("qmail"),
        "ops@example.com",
        unknown,
        "550 5.1.1 User unknown",
    );
    one(fixture!("gmx"), "ops@example.com", unknown, "User unknown");
    one(
        fixture!("exchange_2003"),
        "ops@contoso.example",
        unknown,
        "does not exist",
    );
    one(
        fixture!("exim"),
        "ops@example.com",
        Meaning::SendingAddressBlocked,
        "block list",
    );
    one(
        fixture!("yahoo"),
        "ops@example.com",
        Meaning::PolicyRefused,
        "local policy",
    );
}

#[test]
fn a_mail_that_was_given_up_after_delays_bounces_although_its_status_is_a_transient_one() {
    let bounce = read_text(fixture!("ses")).unwrap();
    assert_eq!(bounce.undelivered[0].addresses, ["ops@example.com"]);
    assert_eq!(bounce.about[0].message_id, ID);
}

#[test]
fn of_several_recipients_only_those_that_failed_are_named() {
    let bounce = read_text(fixture!("postfix_two")).unwrap();
    let named: Vec<_> = bounce
        .undelivered
        .iter()
        .map(|undelivered| undelivered.addresses[0].as_str())
        .collect();
    assert_eq!(named, ["a@example.com", "c@example.com"]);
}

#[test]
fn what_is_delayed_delivered_or_written_by_people_is_no_bounce() {
    for text in [
        fixture!("postfix_delayed"),
        fixture!("exim_delayed"),
        fixture!("success"),
        fixture!("no_report"),
        fixture!("read_receipt"),
    ] {
        assert_eq!(read_text(text), None, "{text}");
    }
}

#[test]
fn a_letter_of_a_postmaster_is_no_bounce() {
    assert_eq!(read_text(fixture!("postmaster_letter")), None);
}

#[test]
fn a_report_about_another_mail_names_none_of_ours() {
    let other = fixture!("postfix").replace("MESSAGE-ID", "abc@example.org");
    assert_eq!(read(other.as_bytes()).unwrap().about, []);
}

#[test]
fn garbage_and_what_breaks_off_is_read_without_harm() {
    assert_eq!(read(b""), None);
    assert_eq!(read(&[0xff; 4096]), None);
    for text in [fixture!("postfix"), fixture!("gmail"), fixture!("qmail")] {
        for end in (0..text.len()).step_by(37) {
            drop(read(&text.as_bytes()[..end]));
        }
    }
}
