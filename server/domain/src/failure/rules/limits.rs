//! Limits on what the account may send.
//!
//! Words such as "quota" and "limit" are used for the recipient's mailbox and for the server's own queues as
//! well; `recipient` and `passing` claim those first.

use super::phrases::{look_up, table};
use crate::failure::Meaning;
use crate::failure::reply::Reply;

pub(super) fn meaning(reply: &Reply<'_>) -> Option<Meaning> {
    look_up(&reply.words, LIMITS)
}

table! {
    LIMITS:
    TooFast =>
        "in this session" | "per session";
    TooFast =>
        "per second" | "connection frequency" | "ip frequency" | "too frequent connects" | "slow down" |
        "max message per connection" | "too many messages in one session" | "messages per connection";
    CreditsUsedUp =>
        "credits exceeded" | "maximum credits" | "credits * exhausted" | "not enough credit" |
        "no credits" | "insufficient credit" | "out of credits" | "exceeded * credits" | "monthly" |
        "free plan" | "trial limit" | "plan limit" | "messaging limits" | "account limit";
    DailyLimit =>
        "daily" | "per day" | "a day" | "in 24 hours" | "per 24 hours" | "24-hour" | "today" | "pro tag" |
        "в сутки" | "суточн" | "每日" | "当日" | "一天";
    TooManyRecipients =>
        "too many rcpt" | "recipient limit" | "recipients limit" | "number of recipients" |
        "recipients per" | "many recipients" | "recipients exceeded" | "out of allow rcpt" | "收件人过多" |
        "收件人数量";
    RateLimit =>
        "sending quota" | "sending limit" | "sending rate" | "send limit" | "send rate" | "send quota" |
        "submission quota" | "submissionquota" | "message limit exceeded" | "message quota" |
        "email quota exceeded" | "mail quota exceeded for" | "outgoing quota" | "outgoing message limit" |
        "outbound * limit" | "relay limit" | "relay quota" | "ratelimit" | "exceeded * rate" |
        "throttling failure" | "per hour" | "per minute" | "hourly" | "an hour" | "pro stunde" |
        "exceeded * limit * send" | "exceeded * messages" | "exceeded * emails" |
        "limit on the number of messages" | "number of messages * exceeded" |
        "exceeded the maximum number of * messages" | "sender * exceeded" | "sender frequency" |
        "domain frequency" | "user frequency" | "too many messages" | "too many mails" |
        "too many emails" | "exceeded permitted limits" | "exceeded threshold" | "has exceeded its" |
        "quota for sending" | "limit * reached" | "发送频率" | "发信频率" | "超过限制" | "发送过于频繁" | "лимит" |
        "versandlimit" | "rate limit" | "wait to send more" | "limit on sent" | "exceeded for sender" |
        "sender quota" |
        "exceededexception";
    SendingHeld =>
        "unusual sending activity" | "outgoing blocked" | "outbound * blocked" | "sending * on hold" |
        "outgoing mail * blocked" | "sending blocked" | "sending is blocked" | "sending has been blocked";
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
    fn limits_are_told_apart_by_how_long_they_last() {
        assert_eq!(
            meaning_of("550 5.4.5 Daily user sending limit exceeded."),
            Meaning::DailyLimit
        );
        assert_eq!(
            meaning_of("550 You have exceeded your hourly sending limit"),
            Meaning::RateLimit
        );
        assert_eq!(
            meaning_of("452 4.4.5 Messages per second limit exceeded"),
            Meaning::TooFast
        );
        assert_eq!(
            meaning_of("451 Authentication failed: Maximum credits exceeded"),
            Meaning::CreditsUsedUp
        );
    }

    #[test]
    fn a_recipients_quota_is_not_the_senders() {
        let meaning = meaning_of("552 5.2.2 The email account that you tried to reach is over quota.");

        assert_eq!(meaning.class(), FailureClass::Recipient);
    }
}
