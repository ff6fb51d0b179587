//! How rules look at words.

use crate::failure::Meaning;

/// Phrases and what they mean, the first match decides. A phrase is lower case; `*` stands for a few words
/// between its parts.
pub(super) type Table = &'static [(Meaning, &'static [&'static str])];

/// Writes a [`Table`]: `NAME: Meaning => "phrase" | "phrase"; …`.
macro_rules! table {
    ($(#[$doc:meta])* $vis:vis $name:ident: $($meaning:ident => $($phrase:literal)|+;)+) => {
        $(#[$doc])*
        $vis const $name: crate::failure::rules::phrases::Table = &[
            $((crate::failure::Meaning::$meaning, &[$($phrase),+])),+
        ];
    };
}
pub(super) use table;

/// The meaning of the first phrase that the words contain.
pub(super) fn look_up(words: &str, table: Table) -> Option<Meaning> {
    table
        .iter()
        .find(|(_, phrases)| says_any(words, phrases))
        .map(|(meaning, _)| *meaning)
}

/// The words contain one of the phrases.
pub(super) fn says_any(words: &str, phrases: &[&str]) -> bool {
    phrases.iter().any(|phrase| says(words, phrase))
}

/// The most that may stand in the place of a `*`, in bytes: about a clause. Words further apart belong to
/// different statements.
const GAP: usize = 40;

fn says(words: &str, phrase: &str) -> bool {
    let mut parts = phrase.split('*').map(str::trim);
    let first = parts.next().unwrap_or_default();
    let rest: Vec<&str> = parts.collect();
    words
        .match_indices(first)
        .any(|(at, found)| follows(&words[at + found.len()..], &rest))
}

fn follows(words: &str, parts: &[&str]) -> bool {
    let Some((part, rest)) = parts.split_first() else {
        return true;
    };
    words
        .match_indices(part)
        .take_while(|(at, _)| *at <= GAP)
        .any(|(at, found)| follows(&words[at + found.len()..], rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_phrase_are_wanted_in_their_order() {
        assert!(says(
            "daily user sending limit exceeded",
            "daily * limit * exceeded"
        ));
        assert!(!says("limit exceeded, see daily digest", "daily * limit"));
        assert!(says("the mailbox a, the mailbox b is full", "mailbox * full"));
        assert!(!says(
            "no such mailbox; the list of all replies that this server knows is full",
            "mailbox * full"
        ));
    }

    #[test]
    fn the_first_row_that_matches_decides() {
        let table: Table = &[
            (Meaning::MailboxFull, &["mailbox * full"]),
            (Meaning::MailboxUnknown, &["mailbox"]),
        ];

        assert_eq!(look_up("the mailbox is full", table), Some(Meaning::MailboxFull));
        assert_eq!(look_up("no mailbox", table), Some(Meaning::MailboxUnknown));
        assert_eq!(look_up("no", table), None);
    }
}
