//! From a mail's head: a report of a mail robot, a person's reply, or none of our business.

use super::own::{OwnId, own_ids};
use mail_parser::{HeaderName, HeaderValue, Message, MessageParser, MimeHeaders as _};
use tocsin_domain::address::EmailAddress;

/// The header fields that are looked at.
pub(super) const FIELDS: &str = "[HEADER.FIELDS (FROM SUBJECT MESSAGE-ID RETURN-PATH CONTENT-TYPE IN-REPLY-TO REFERENCES \
     AUTO-SUBMITTED PRECEDENCE X-AUTOREPLY X-AUTORESPOND X-FAILED-RECIPIENTS)]<0.16384>";

/// What a mail may be to us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    /// It may report that a mail was not delivered: its body tells.
    Report,
    /// A person answers mails of this form.
    Reply(Vec<OwnId>, EmailAddress),
    /// None of our business.
    Other,
}

/// What a head tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) kind: Kind,
    /// The mail's own `Message-ID`, as far as it has one.
    pub(super) message_id: Option<String>,
}

impl Head {
    pub(super) fn read(bytes: &[u8]) -> Self {
        let Some(head) = MessageParser::default().parse(bytes) else {
            return Self {
                kind: Kind::Other,
                message_id: None,
            };
        };
        Self {
            kind: kind(&head),
            message_id: head.message_id().map(str::to_owned),
        }
    }
}

fn kind(head: &Message<'_>) -> Kind {
    if is_report(head) {
        return Kind::Report;
    }
    if is_automatic(head) {
        return Kind::Other;
    }
    let raw = |name: HeaderName<'static>| head.header_raw(name).unwrap_or_default();
    let named = format!("{} {}", raw(HeaderName::InReplyTo), raw(HeaderName::References));
    let ids = own_ids(&named);
    match sender(head).and_then(|sender| sender.parse().ok()) {
        Some(by) if !ids.is_empty() => Kind::Reply(ids, by),
        _ => Kind::Other,
    }
}

pub(super) fn sender<'a>(mail: &'a Message<'_>) -> Option<&'a str> {
    mail.from()?.first()?.address()
}

/// Whether a mail comes from where reports come from. What it reports, its body says.
pub(super) fn is_report(head: &Message<'_>) -> bool {
    if let Some(kind) = head.content_type()
        && kind.ctype().eq_ignore_ascii_case("multipart")
        && kind
            .subtype()
            .is_some_and(|subtype| subtype.eq_ignore_ascii_case("report"))
    {
        // Read receipts (RFC 8098) and complaints (RFC 5965) are reports of other things.
        return kind
            .attribute("report-type")
            .is_none_or(|kind| kind.eq_ignore_ascii_case("delivery-status"));
    }
    let has = |name: &'static str| head.header(name).is_some();
    if has("X-Failed-Recipients") {
        return true;
    }
    let sender = sender(head).unwrap_or_default().to_ascii_lowercase();
    let local = sender.split('@').next().unwrap_or_default();
    let from_robot = ROBOTS.iter().any(|robot| local.starts_with(robot));
    let subject = head.subject().unwrap_or_default().to_lowercase();
    let says_so = SUBJECTS.iter().any(|phrase| subject.contains(phrase));
    let to_nobody = matches!(head.header(HeaderName::ReturnPath), Some(HeaderValue::Empty))
        || head
            .header_raw(HeaderName::ReturnPath)
            .is_some_and(|path| path.trim() == "<>");
    from_robot || (to_nobody && says_so)
}

const ROBOTS: &[&str] = &[
    "mailer-daemon",
    "mailerdaemon",
    "postmaster",
    "microsoftexchange",
    "mail-daemon",
];

/// What robots write above a report.
const SUBJECTS: &[&str] = &[
    "undeliver",
    "delivery status notification",
    "delivery failure",
    "delivery has failed",
    "delivery failed",
    "mail delivery",
    "failure notice",
    "failure delivery",
    "returned mail",
    "returned to sender",
    "could not be delivered",
    "message not delivered",
    "nicht zustellbar",
    "unzustellbar",
    "non remis",
    "non distribuable",
    "no se puede entregar",
    "impossibile recapitare",
    "退信",
];

/// RFC 3834 section 2, and what is older than it.
fn is_automatic(head: &Message<'_>) -> bool {
    let raw = |name: &'static str| head.header_raw(name).map(str::trim);
    let says = |name: &'static str, words: &[&str]| {
        raw(name).is_some_and(|value| {
            words
                .iter()
                .any(|word| value.to_ascii_lowercase().starts_with(word))
        })
    };
    let subject = head.subject().unwrap_or_default().to_lowercase();
    raw("Auto-Submitted").is_some_and(|value| !value.to_ascii_lowercase().starts_with("no"))
        || says("Precedence", &["auto", "bulk", "junk", "list"])
        || raw("X-Autoreply").is_some()
        || raw("X-Autorespond").is_some()
        || AUTOMATIC.iter().any(|phrase| subject.starts_with(phrase))
        || head
            .content_type()
            .and_then(|kind| kind.attribute("report-type"))
            .is_some()
}

/// What programs that answer for people write above it.
const AUTOMATIC: &[&str] = &[
    "auto:",
    "automatic reply",
    "autoreply",
    "auto-reply",
    "out of office",
    "out of the office",
    "automatische antwort",
    "abwesenheit",
    "réponse automatique",
    "respuesta automática",
    "risposta automatica",
    "自动回复",
];

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "<12.0123456789abcdef.1f@tocsin.local>";

    fn kind_of(head: &str) -> Kind {
        let head = format!("{}\r\n\r\n", head.trim().replace("ID!", ID).replace('\n', "\r\n"));
        Head::read(head.as_bytes()).kind
    }

    #[test]
    fn a_reply_tells_who_wrote_it_and_to_what() {
        for head in [
            "From: Ann <ann@example.org>\nIn-Reply-To: ID!\nSubject: Re: Disk",
            "From: ann@example.org\nReferences: <a@b>\n ID!\nAuto-Submitted: no",
            "From: ann@example.org\nIn-Reply-To: <from-exchange@x>\nReferences: <about.12.0123456789abcdef.1f@tocsin.local>",
        ] {
            let Kind::Reply(ids, by) = kind_of(head) else {
                panic!("{head}");
            };
            assert_eq!(by.as_str(), "ann@example.org");
            assert_eq!(ids[0].notification.get(), 12);
        }
    }

    #[test]
    fn what_programs_answer_for_people_is_no_reply() {
        for field in [
            "Auto-Submitted: auto-replied (vacation)",
            "Precedence: bulk",
            "Precedence: auto_reply",
            "X-Autoreply: yes",
            "X-Autorespond: gone",
            "Subject: Automatic reply: Disk",
            "Subject: Abwesenheitsnotiz",
            "Content-Type: multipart/report; report-type=disposition-notification; boundary=x",
        ] {
            let head = format!("From: ann@example.org\nIn-Reply-To: ID!\n{field}");
            assert_eq!(kind_of(&head), Kind::Other, "{field}");
        }
    }

    #[test]
    fn other_mail_is_none_of_our_business() {
        for head in [
            "From: ann@example.org\nSubject: Lunch",
            "From: ann@example.org\nIn-Reply-To: <abc@example.org>",
            "In-Reply-To: ID!",
            "",
        ] {
            assert_eq!(kind_of(head), Kind::Other, "{head}");
        }
    }

    #[test]
    fn robots_write_reports() {
        for head in [
            "From: MAILER-DAEMON@mail.example.org (Mail Delivery System)\nSubject: hello",
            "From: Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
            "From: postmaster@example.org\nAuto-Submitted: auto-replied\nContent-Type: multipart/report; \
             report-type=delivery-status; boundary=b",
            "From: x@example.org\nX-Failed-Recipients: a@b.c",
            "From: robot@example.org\nReturn-Path: <>\nSubject: Unzustellbar: Disk",
        ] {
            assert_eq!(kind_of(head), Kind::Report, "{head}");
        }
    }
}
