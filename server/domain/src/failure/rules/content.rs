//! Refusals of the message itself or of the sender's reputation.

use super::phrases::{look_up, table};
use crate::failure::Meaning;
use crate::failure::reply::Reply;

pub(super) fn meaning(reply: &Reply<'_>) -> Option<Meaning> {
    look_up(&reply.words, CONTENT)
}

/// What a reply cannot say about anything but the sender's domain; asked before the sender's settings.
pub(super) fn authentication_results(reply: &Reply<'_>) -> Option<Meaning> {
    look_up(&reply.words, AUTHENTICATION_RESULTS)
}

table! {
    AUTHENTICATION_RESULTS:
    PolicyRefused =>
        "policy restrictions";
    SenderNotAuthenticated =>
        "spf" | "dkim" | "dmarc" | "sender policy framework" | "authentication checks" |
        "authentication information" | "authentication level" | "spoof" | "unauthenticated email" |
        "doesn't allow sending mails from" | "originating ip * not permitted by the domain";
}

table! {
    CONTENT:
    VirusFound =>
        "virus" | "malware" | "infected" | "trojan" | "вирус" | "病毒";
    AttachmentRefused =>
        "attachment" | "executable" | "file type" | "content presents a potential security" | "anhang" |
        "вложени" | "附件";
    MessageTooLarge =>
        "too large" | "too big" | "too long" | "size limit" | "maximum message size" |
        "message size exceeds" | "exceeds * size" | "exceeded * size" | "length exceeds" | "fixed limit" |
        "exceeds size" | "zu groß" | "слишком большой" | "过大";
    ReverseNameMissing =>
        "ptr record" | "ptr resource record" | "missing ptr" | "dns ptr" | "reverse dns" |
        "reverse lookup" | "reverse hostname" | "rdns" | "cannot find your hostname" |
        "cannot find your reverse" | "ip name lookup failed";
    HeadersRefused =>
        "rfc compliant" | "rfc 5322" | "rfc5322" | "rfc 2822" | "from: header" | "from header" |
        "\"from\" header" | "message-id" | "duplicate header" | "header error" | "headers are not" |
        "header * not" | "header size" | "header name" | "header count" | "invalid header" | "mime" |
        "malformed" | "bare lf" | "bare <lf>" | "stray newline" | "bare newline" | "line too long" |
        "line length" | "line limit" | "8-bit data" | "encoded-word" | "unicode character" |
        "invalid characters" | "invalid message content" | "missing * header" | "subject * empty" |
        "missing final";
    PoorReputation =>
        "reputation" | "user complaints" | "unsolicited mail originating" | "unusual rate of" |
        "bounce attack";
    SpamSuspected =>
        "spam" | "unsolicited" | "phish" | "suspicious" | "junk" | "bulk" | "uribl" | "mass mail" |
        "looks like" | "abuse" | "спам" | "垃圾邮件";
    PolicyRefused =>
        "policy" | "policies" | "content" | "message not allowed" | "message filtered" |
        "message refused" | "message rejected" | "message was rejected" | "administrative prohibition" |
        "banned" | "blocked" | "richtlinie" | "rejete" | "rejected by destination";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::{Failure, FailureClass, Stage, classify};

    fn meaning_of(text: &str) -> Meaning {
        classify(&Failure {
            provider: None,
            stage: Stage::Data,
            code: None,
            enhanced: None,
            text,
        })
        .meaning
    }

    #[test]
    fn what_is_wrong_with_a_message_is_told_apart() {
        for (text, meaning) in [
            ("552 5.7.1 virus EICAR-Test detected", Meaning::VirusFound),
            (
                "552 5.3.4 Message size exceeds fixed limit",
                Meaning::MessageTooLarge,
            ),
            (
                "552 5.7.0 illegal attachment on your message",
                Meaning::AttachmentRefused,
            ),
            (
                "550 5.7.1 Email rejected per DMARC policy for example.com",
                Meaning::SenderNotAuthenticated,
            ),
            ("554 5.7.1 Spam message rejected", Meaning::SpamSuspected),
            (
                "554 Message not allowed - Headers are not RFC compliant",
                Meaning::HeadersRefused,
            ),
        ] {
            assert_eq!(meaning_of(text), meaning, "{text}");
        }
    }

    #[test]
    fn content_is_blamed_for_a_while_only_under_a_passing_number() {
        let text = "421 4.7.0 Our system has detected that this message is suspicious due to its content.";

        assert_eq!(meaning_of(text).class(), FailureClass::Temporary);
    }
}
