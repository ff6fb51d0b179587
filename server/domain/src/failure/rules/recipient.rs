//! Refusals that concern this recipient only.

use super::phrases::{look_up, table};
use crate::failure::Meaning;
use crate::failure::reply::Reply;

/// The recipient exists and could take mail, but not now or not this much.
pub(super) fn crowded(reply: &Reply<'_>) -> Option<Meaning> {
    look_up(&reply.words, CROWDED)
}

/// The recipient cannot take this mail.
pub(super) fn meaning(reply: &Reply<'_>) -> Option<Meaning> {
    look_up(&reply.words, GONE)
}

table! {
    CROWDED:
    StorageFull =>
        "submission.exception:quotaexceeded";
    RecipientRefuses =>
        "resolver.rst.auth" | "resolver.rst.notauth" | "resolver.rst.sendernotauth" |
        "authenticated for group" | "authenticated for mailbox" | "authenticated for public folder" |
        "authenticated by organization" | "allowed-senders" | "suppression list" |
        "rejected: address blacklisted";
    RecipientLimit =>
        "receiving mail at a rate" | "receiving mail too quickly" | "receiving too many" |
        "recipient has exceeded" | "recipient's per hour" | "recipient has reached" |
        "recipient * message rate" | "recipient * message limit" | "limit * to this recipient" |
        "messages to * deferred due to excessive volume" | "receiving limits" | "receive limit" |
        "too many recent messages";
    MailboxFull =>
        "mailbox full" | "mailbox is full" | "mailbox * is full" | "mailbox for user is full" |
        "full mailbox" | "inbox is full" | "folder is full" | "over quota" | "overquota" |
        "over the quota" | "over the allowed quota" | "out of storage" | "exceeded storage allocation" |
        "exceeded its storage" | "exceeded * disk space" | "user quota exceeded" |
        "user has exceeded * quota" | "user has exhausted" | "mailbox * quota" | "mailbox size limit" |
        "mailbox limit" | "disk quota" | "disc quota" | "diskspace quota" | "recipient * quota" |
        "exceeding their quota" | "quota violation" | "rejected: quota exceeded" |
        "quota exceeded (mailbox" | "enough space" | "storage space" | "space has been used up" |
        "too many messages on the server" | "maildir" | "boite du destinataire pleine" |
        "postfach * voll" | "speicherplatz" | "переполнен" | "邮箱已满" | "邮箱空间" | "容量" | "空间不足" |
        "not sufficient disk space" | "its disk space" | "exceeded its mailbox" | "exceeded mailbox" |
        "exceeds mailbox" | "exceeded the mailbox";
}

table! {
    GONE:
    RecipientAddressInvalid =>
        "address syntax" | "invalid rcpt" |
        "invalidrecipient";
    RecipientMoved =>
        "has been replaced by" | "has moved" | "user not local" | "no longer on server" | "mailbox moved";
    RecipientDomainUnknown =>
        "recipient domain" | "recipient address rejected: unknown domain" |
        "recipient address rejected: malformed dns" | "recipient address rejected: no-domain" | "nullmx" |
        "null mx" | "does not accept mail" | "doesn't accept mail" | "host unknown" | "unknown host" |
        "domain does not exist" | "no such domain" | "domain not found" | "domain not exist" |
        "unrouteable" | "unroutable" | "no mx" | "dns query error" | "nonexistent domain" |
        "host or domain name not found" | "mail receiving disabled" | "temporary domain failure" |
        "dns domain";
    MailboxDisabled =>
        "user suspended" | "user is suspended" | "mailbox * disabled" | "mailbox disabled" |
        "mailbox * frozen" | "mailbox * suspended" | "mailbox * deactivated" | "deactivated mailbox" |
        "mailbox is inactive" | "mailbox * blocked due to inactivity" | "mailbox is blocked" |
        "tried to reach is disabled" | "tried to reach is inactive" | "account * disabled" |
        "account disabled" | "account is inactive" | "inactive account" | "account inactive" |
        "inactive user" | "inactive email" | "recipient suspend" | "recipient * inactive" |
        "recipient address rejected: inactive" | "recipient address rejected: blocked" |
        "user is terminated" | "user not active" | "user is inactive" | "user disabled" |
        "user is disabled" | "user hangup" | "account * suspended" | "account * closed" |
        "no longer valid" | "no longer accepts" | "no longer active" | "no longer available" |
        "no longer exists" | "user in blacklist" | "mailbox cannot be accessed";
    MailboxUnknown =>
        "user unknown" | "unknown user" | "userunknown" | "user not found" | "user not exist" |
        "user does not exist" | "user doesn't exist" | "user * not exist" | "user * not found" |
        "user not known" | "user doesn't have" | "no such user" | "no such mailbox" | "no such recipient" |
        "no such person" | "no such address" | "no such account" | "not * a known user" | "invalid user" |
        "invalid recipient" | "invalid-recipient" | "invalid mailbox" | "mailbox not found" |
        "mailbox not exist" | "mailbox does not exist" | "mailbox doesn't exist" | "mailbox * not exist" |
        "mailbox invalid" | "mailbox unknown" | "unknown mailbox" | "mailbox unallocated" |
        "mailbox unavailable" | "mailbox is unavailable" | "mailbox * unavailable" | "mailbox unavaiable" |
        "no mailbox" | "not a valid mailbox" | "not a valid user" | "not a valid recipient" |
        "recipient unknown" | "unknown recipient" | "recipient not found" | "recipientnotfound" |
        "recipnotfound" | "recipient does not exist" | "recipient not exist" | "recipient is not local" |
        "recipient unavailable" | "recipient address rejected: access denied" |
        "recipient addresses rejected" | "recipient list" | "account does not exist" |
        "account that you tried to reach does not exist" | "account unavailable" | "no account" |
        "address does not exist" | "address unknown" | "address could not be found" | "address not found" |
        "addressee unknown" | "bad destination mailbox" | "bad address" | "undeliverable address" |
        "unknown address" | "unknown local" | "local user only" | "not our customer" |
        "no valid recipients" | "is not * a local" | "not a local" | "utilisateur inconnu" |
        "nessun utente" | "no existe" | "existiert nicht" | "unbekannt" | "не существует" | "не найден" |
        "不存在" | "无此用户";
    RecipientAddressInvalid =>
        "recipient address * not a valid" | "not a valid rfc" | "not a valid email address" |
        "invalid address" | "address invalid" | "address syntax" | "invalid email address" |
        "recipient address reserved" | "destination * invalid" | "illegal alias" | "illegal address" |
        "single label domains" | "marked as invalid" | "address ambiguous" | "invalid x.400" |
        "destinataire invalide";
    RecipientRefuses =>
        "target address" | "rejected by recipient" | "rejected by the recipient" |
        "recipient preferences" | "blocked by the recipient" | "recipient * refuse" |
        "recipient * not accept" | "recipient * only accept" | "recipient * policy" | "recipient * block" |
        "banned recipient" | "user reject" | "user refuses" | "user rules" | "user entry" |
        "not allowed to post" | "members-only" | "only * members" | "mailing list" |
        "not subscribed to this group" | "challenge" | "mailbox delivery" | "mailpolicy" |
        "recipient address rejected" | "recipient rejected" | "rcpt is rejected" |
        "not accepting any mail" | "not accepting mail" | "is not accepting" | "restricted";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::{Failure, FailureClass, Stage, classify};

    fn meaning_of(text: &str) -> Meaning {
        classify(&Failure {
            provider: None,
            stage: Stage::Rcpt,
            code: None,
            enhanced: None,
            text,
        })
        .meaning
    }

    #[test]
    fn unknown_disabled_and_full_mailboxes_are_told_apart() {
        assert_eq!(
            meaning_of("550 5.1.1 <a@example.com>: User unknown"),
            Meaning::MailboxUnknown
        );
        assert_eq!(
            meaning_of("550 5.2.1 The email account that you tried to reach is disabled"),
            Meaning::MailboxDisabled
        );
        assert_eq!(meaning_of("452 4.2.2 Mailbox full"), Meaning::MailboxFull);
    }

    #[test]
    fn a_recipient_under_a_policys_number_stays_a_recipient() {
        assert_eq!(meaning_of("550 5.7.1 No such user!"), Meaning::MailboxUnknown);
        assert_eq!(
            meaning_of("550 5.4.1 [a@example.com]: Recipient address rejected: Access denied"),
            Meaning::MailboxUnknown
        );
    }

    #[test]
    fn a_busy_recipient_passes_when_the_number_says_so() {
        let text = "The user you are trying to contact is receiving mail at a rate that prevents delivery.";

        assert_eq!(
            meaning_of(&format!("450 4.2.1 {text}")).class(),
            FailureClass::Temporary
        );
        assert_eq!(
            meaning_of(&format!("550 5.2.1 {text}")).class(),
            FailureClass::Recipient
        );
    }
}
