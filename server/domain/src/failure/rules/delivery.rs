//! The order in which phrases are asked about mail, from the greeting to the reply after the message.

use super::phrases::look_up;
use super::{content, limits, network, passing, recipient, sender, status};
use crate::failure::reply::Reply;
use crate::failure::{FailureClass, Meaning, Stage};

pub(super) fn meaning(reply: &Reply<'_>) -> Meaning {
    let meaning = look_up(&reply.words, status::PROVIDER_CODES)
        .or_else(|| passing::certain(reply))
        .or_else(|| recipient::crowded(reply))
        .or_else(|| content::authentication_results(reply))
        .or_else(|| limits::meaning(reply))
        .or_else(|| sender::meaning(reply))
        .or_else(|| recipient::meaning(reply))
        .or_else(|| content::meaning(reply))
        .or_else(|| status::by_enhanced(reply));
    if reply.is_transient() {
        return transient(reply, meaning);
    }
    let meaning = meaning
        .or_else(|| network::meaning(reply))
        .unwrap_or_else(|| status::by_code(reply));
    about_what_was_given(reply, meaning)
}

/// A 4yz reply says that it passes. It is believed, except where the words name a setting, the sender's
/// limit or the recipient: those last, whatever the number.
fn transient(reply: &Reply<'_>, meaning: Option<Meaning>) -> Meaning {
    match meaning {
        Some(Meaning::RecipientLimit) => Meaning::RecipientBusy,
        Some(
            Meaning::SendingAddressBlocked | Meaning::CommandNotSupported | Meaning::MisconfiguredServer,
        )
        | None => passing::delay(reply),
        Some(meaning) => match meaning.class() {
            FailureClass::Message => Meaning::ReputationDeferred,
            FailureClass::Reauthorize => passing::delay(reply),
            FailureClass::Recipient if meaning != Meaning::MailboxFull => recipient_later(reply, meaning),
            _ => meaning,
        },
    }
}

/// "Unavailable" under 450 is a mailbox that is busy or not yet checked (RFC 5321 section 4.2.3); only words
/// that say "unknown" make it this recipient's end.
fn recipient_later(reply: &Reply<'_>, meaning: Meaning) -> Meaning {
    let passes = ["unavailable", "temporar", "again", "later"];
    let says_unknown = matches!(
        meaning,
        Meaning::MailboxUnknown | Meaning::RecipientDomainUnknown | Meaning::RecipientAddressInvalid
    );
    if says_unknown && !passes.iter().any(|word| reply.words.contains(word)) {
        meaning
    } else {
        passing::delay(reply)
    }
}

/// A refusal cannot be about what was not yet given: before RCPT it is about the account or its address,
/// before MAIL about where the connection comes from.
fn about_what_was_given(reply: &Reply<'_>, meaning: Meaning) -> Meaning {
    match (reply.stage, meaning.class()) {
        (Stage::Connect, FailureClass::Message | FailureClass::Recipient) => Meaning::SendingAddressBlocked,
        (Stage::Auth | Stage::Mail, FailureClass::Recipient) if meaning == Meaning::MailboxFull => {
            Meaning::StorageFull
        }
        (Stage::Auth, FailureClass::Message) => Meaning::SignInNotAllowed,
        (Stage::Auth, FailureClass::Recipient) => Meaning::AccountSuspended,
        (Stage::Mail, FailureClass::Recipient) => Meaning::SenderNotAllowed,
        _ => meaning,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::{Failure, classify};

    #[test]
    fn a_refusal_is_not_about_what_was_not_yet_given() {
        let text = "550 5.2.1 Mailbox cannot be accessed";
        let at = |stage| {
            let failure = Failure {
                provider: None,
                stage,
                code: None,
                enhanced: None,
                text,
            };
            classify(&failure).class
        };

        assert_eq!(at(Stage::Auth), FailureClass::Configuration);
        assert_eq!(at(Stage::Mail), FailureClass::Configuration);
        assert_eq!(at(Stage::Rcpt), FailureClass::Recipient);
    }
}
