//! Gentleness: how many sign-ins a mail server sees at the same time, and how long it is left alone when it asks for
//! patience. A server that does not answer at all is not tried for each row anew.

use crate::jitter::jitter;
use std::collections::HashMap;
use std::time::{Duration, Instant};
use tocsin_domain::failure::Meaning;

/// How many sign-ins are under way at the same time.
pub(super) const AT_ONCE: usize = 16;

/// How many of them to the same host.
const PER_HOST: usize = 4;

/// After so many sign-ins in a row a host that asked for patience is trusted with one more at the same time.
const RECOVERS_AFTER: u32 = 8;

/// After so many rows in a row for which a host did not answer, it counts as gone.
const GONE_AFTER: u32 = 4;

/// After so many pauses in a row without a success between them, it counts as gone too.
const PAUSES: u32 = 8;

const LONGEST_PAUSE: Duration = Duration::from_mins(2);

/// What was seen of each host.
#[derive(Debug)]
pub(super) struct Hosts {
    known: HashMap<String, Host>,
    /// How long the first pause is.
    pause: Duration,
}

#[derive(Debug)]
struct Host {
    active: usize,
    limit: usize,
    quiet_until: Option<Instant>,
    pauses: u32,
    successes: u32,
    silent: u32,
    gone: Option<Gone>,
}

impl Default for Host {
    fn default() -> Self {
        Self {
            active: 0,
            limit: PER_HOST,
            quiet_until: None,
            pauses: 0,
            successes: 0,
            silent: 0,
            gone: None,
        }
    }
}

/// A host that is not tried any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Gone {
    pub(super) meaning: Meaning,
    pub(super) words: String,
}

/// What a sign-in showed of its host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Seen {
    /// It answered.
    Answer,
    /// It asked for patience.
    SlowDown(Gone),
    /// It did not answer.
    Silence(Gone),
}

/// Whether a row may be tried now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Turn {
    /// It may.
    Now,
    /// Later.
    Wait,
    /// Not at all.
    Never(Gone),
}

impl Hosts {
    /// Nothing is known yet.
    pub(super) fn new(pause: Duration) -> Self {
        Self {
            known: HashMap::new(),
            pause,
        }
    }

    /// Whether a sign-in to a host may begin.
    pub(super) fn turn(&mut self, name: &str, now: Instant) -> Turn {
        let host = self.known.entry(name.to_owned()).or_default();
        if let Some(gone) = &host.gone {
            return Turn::Never(gone.clone());
        }
        let quiet = host.quiet_until.is_some_and(|until| until > now);
        // While a host keeps silent, one row after the other finds out.
        let limit = if host.silent > 0 { 1 } else { host.limit };
        if quiet || host.active >= limit {
            Turn::Wait
        } else {
            Turn::Now
        }
    }

    /// A sign-in begins.
    pub(super) fn begin(&mut self, name: &str) {
        self.known.entry(name.to_owned()).or_default().active += 1;
    }

    /// A sign-in has ended.
    pub(super) fn end(&mut self, name: &str, seen: Seen, now: Instant) {
        let pause = self.pause;
        let host = self.known.entry(name.to_owned()).or_default();
        host.active = host.active.saturating_sub(1);
        match seen {
            Seen::Answer => {
                (host.silent, host.pauses) = (0, 0);
                host.successes += 1;
                if host.successes >= RECOVERS_AFTER && host.limit < PER_HOST {
                    (host.limit, host.successes) = (host.limit + 1, 0);
                }
            }
            Seen::SlowDown(words) => {
                host.successes = 0;
                // Those that were under way at the same time say the same: one pause for all of them.
                if host.quiet_until.is_none_or(|until| until <= now) {
                    let doubled = pause.saturating_mul(1 << host.pauses.min(10));
                    host.quiet_until = Some(now + doubled.min(LONGEST_PAUSE).mul_f64(0.8 + 0.4 * jitter()));
                    host.pauses += 1;
                    host.limit = (host.limit / 2).max(1);
                }
                if host.pauses > PAUSES {
                    host.gone = Some(words);
                }
            }
            Seen::Silence(words) => {
                host.silent += 1;
                if host.silent >= GONE_AFTER {
                    host.gone = Some(words);
                }
            }
        }
    }

    /// When the next pause ends.
    pub(super) fn next_turn(&self, now: Instant) -> Option<Instant> {
        let pauses = self.known.values().filter_map(|host| host.quiet_until);
        pauses.filter(|until| *until > now).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gone() -> Gone {
        Gone {
            meaning: Meaning::TooManyConnections,
            words: "421".to_owned(),
        }
    }

    fn hosts() -> Hosts {
        Hosts::new(Duration::from_secs(10))
    }

    #[test]
    fn a_host_sees_four_at_the_same_time_and_others_are_not_held_up() {
        let (mut hosts, now) = (hosts(), Instant::now());
        for _ in 0..PER_HOST {
            assert_eq!(hosts.turn("a", now), Turn::Now);
            hosts.begin("a");
        }
        assert_eq!(hosts.turn("a", now), Turn::Wait);
        assert_eq!(hosts.turn("b", now), Turn::Now);
        hosts.end("a", Seen::Answer, now);
        assert_eq!(hosts.turn("a", now), Turn::Now);
    }

    #[test]
    fn a_host_that_asks_for_patience_is_left_alone_and_then_sees_fewer() {
        let (mut hosts, now) = (hosts(), Instant::now());
        hosts.begin("a");
        hosts.end("a", Seen::SlowDown(gone()), now);
        assert_eq!(hosts.turn("a", now + Duration::from_secs(5)), Turn::Wait);
        assert!(hosts.next_turn(now).is_some());
        let later = now + Duration::from_secs(13);
        assert_eq!(hosts.turn("a", later), Turn::Now);
        hosts.begin("a");
        hosts.begin("a");
        assert_eq!(hosts.turn("a", later), Turn::Wait);
    }

    #[test]
    fn a_host_that_never_answers_is_given_up_and_one_answer_forgives() {
        let (mut hosts, now) = (hosts(), Instant::now());
        for _ in 0..GONE_AFTER - 1 {
            hosts.end("a", Seen::Silence(gone()), now);
        }
        hosts.end("a", Seen::Answer, now);
        for _ in 0..GONE_AFTER - 1 {
            hosts.end("a", Seen::Silence(gone()), now);
            assert_eq!(hosts.turn("a", now), Turn::Now);
        }
        hosts.end("a", Seen::Silence(gone()), now);
        assert_eq!(hosts.turn("a", now), Turn::Never(gone()));
    }
}
