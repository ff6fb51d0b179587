//! Our `Message-ID`s in what others write.

use crate::engine::MESSAGE_ID_HOST;
use tocsin_domain::id::NotificationId;

/// The most that are taken from one mail: a report names one, a long thread a few.
const MOST: usize = 8;

/// A `Message-ID` of the form that Tocsin gives: `123.0123456789abcdef.1f@tocsin.local`. Whether it is one of ours
/// only the store knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct OwnId {
    pub(super) notification: NotificationId,
    pub(super) message_id: String,
}

impl OwnId {
    fn read(local: &str) -> Option<Self> {
        // `References` of our own mails begins by it (`outbox::message`).
        let local = local.strip_prefix("about.").unwrap_or(local);
        let mut parts = local.split('.');
        let (id, random, instance) = (parts.next()?, parts.next()?, parts.next()?);
        let is_hex = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        if parts.next().is_some() || random.len() != 16 || !is_hex(random) || !is_hex(instance) {
            return None;
        }
        Some(Self {
            notification: id.parse().ok()?,
            message_id: format!("{local}@{MESSAGE_ID_HOST}"),
        })
    }
}

/// Those that a text names, in its order, each once.
pub(super) fn own_ids(text: &str) -> Vec<OwnId> {
    let mut found: Vec<OwnId> = Vec::new();
    let host = format!("@{MESSAGE_ID_HOST}");
    for (at, _) in text.match_indices(&host) {
        let before = &text.as_bytes()[..at];
        let length = before
            .iter()
            .rev()
            .take(100)
            .take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'.')
            .count();
        if let Some(id) = text.get(at - length..at).and_then(OwnId::read)
            && !found.contains(&id)
        {
            found.push(id);
        }
        if found.len() == MOST {
            break;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_ids_are_found_in_headers_and_in_running_text() {
        let text = "References: <about.12.0123456789abcdef.1f@tocsin.local> <x@y>\n \
                    your mail 13.fedcba9876543210.1f@tocsin.local, and <12.0123456789abcdef.1f@tocsin.local>";
        let found: Vec<_> = own_ids(text).into_iter().map(|id| id.message_id).collect();
        assert_eq!(
            found,
            [
                "12.0123456789abcdef.1f@tocsin.local",
                "13.fedcba9876543210.1f@tocsin.local"
            ]
        );
    }

    #[test]
    fn what_has_another_form_is_none() {
        for text in [
            "@tocsin.local",
            "12.0123456789abcdef@tocsin.local",
            "x.0123456789abcdef.1f@tocsin.local",
            "12.0123456789abcdeg.1f@tocsin.local",
            "12.0123456789abcdef.1f.9@tocsin.local",
            "12.0123456789abcdef.1f@example.org",
        ] {
            assert_eq!(own_ids(text), [], "{text}");
        }
    }

    #[test]
    fn a_mail_full_of_ids_gives_a_few() {
        let ids: Vec<_> = (0..1000)
            .map(|n| format!("<{n}.0123456789abcdef.1f@tocsin.local>"))
            .collect();
        let text = ids.join("\n");
        assert_eq!(own_ids(&text).len(), MOST);
    }
}
