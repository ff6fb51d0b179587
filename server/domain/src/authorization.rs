//! An account's authorization, and how it changes.
//!
//! ```text
//! Unverified ──proven──▶ Authorized ◀── proven ── any state
//!                          │  ▲ │
//!          end in sight    ▼  │ └─ outage ─▶ Unreachable ─ back ─▶ (as before)
//!                       Expiring │
//!                          │     └─ setting refused ─▶ NeedsConfiguration
//!                          ▼
//!                  NeedsReauthorization (since, reason, the server's words)
//! ```
//! Only a refusal of the class *reauthorize* latches [`Authorization::NeedsReauthorization`], and unless the
//! refusal is proof in itself (a token endpoint's `invalid_grant`), only when a second, later try is refused
//! as well: a mail server whose own token check is down answers like one that refuses. An outage never latches.

use crate::ending::KnownEnd;
use crate::failure::{FailureClass, Meaning, Verdict};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Whether an account may send, and why not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum Authorization {
    /// Nobody has tried it yet.
    Unverified,
    /// The server accepted it when it was last asked.
    Authorized,
    /// It works, but its end is known.
    Expiring {
        /// When it ends.
        ends: Timestamp,
        /// What ends.
        why: Ending,
    },
    /// The server, or the way to it, does not answer.
    Unreachable {
        /// Since when.
        since: Timestamp,
        /// What was seen.
        words: String,
        /// What holds again as soon as it answers.
        before: Working,
    },
    /// The server refuses a setting: somebody must change it.
    NeedsConfiguration(Refusal),
    /// The server refuses the credential: its owner must sign in again.
    NeedsReauthorization(Refusal),
}

/// The states from which an account may send.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum Working {
    /// See [`Authorization::Unverified`].
    Unverified,
    /// See [`Authorization::Authorized`].
    Authorized,
    /// See [`Authorization::Expiring`].
    Expiring {
        /// When it ends.
        ends: Timestamp,
        /// What ends.
        why: Ending,
    },
}

impl From<Working> for Authorization {
    fn from(working: Working) -> Self {
        match working {
            Working::Unverified => Self::Unverified,
            Working::Authorized => Self::Authorized,
            Working::Expiring { ends, why } => Self::Expiring { ends, why },
        }
    }
}

/// What a known end comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ending {
    /// The provider said how long the refresh token lives; Google does so for applications whose publishing
    /// status is “Testing”: seven days.
    GrantLifetime,
    /// The OAuth application's secret ends.
    ApplicationSecret,
    /// The provider ends sign-in by password on this server.
    PasswordSignIn,
}

/// A server's no.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// When it was said first.
    pub since: Timestamp,
    /// What it means.
    pub meaning: Meaning,
    /// The server's words, without secrets.
    pub words: String,
}

/// A refusal of the credential that a second try has not confirmed yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suspicion {
    /// Since when.
    pub since: Timestamp,
    /// What was said.
    pub refusal: Refusal,
}

/// What a try to sign in or to refresh a token showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Observation {
    /// The server accepted the sign-in.
    Proven {
        /// The end of it, if known.
        ends: Option<KnownEnd>,
    },
    /// The server, or the way to it, failed.
    Failed {
        /// What the failure means.
        verdict: Verdict,
        /// The server's words, without secrets.
        words: String,
    },
}

/// What follows from an observation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The state that holds now.
    pub authorization: Authorization,
    /// The suspicion that remains.
    pub suspicion: Option<Suspicion>,
}

impl Authorization {
    /// How long after a first refusal the confirming try waits at least: the outage of a server's own check
    /// should have ended by then.
    pub const CONFIRM_AFTER: SignedDuration = SignedDuration::from_secs(20);

    /// The word that is stored beside the whole state, for queries and marks.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Unverified => "unverified",
            Self::Authorized => "authorized",
            Self::Expiring { .. } => "expiring",
            Self::Unreachable { .. } => "unreachable",
            Self::NeedsConfiguration(_) => "needs-configuration",
            Self::NeedsReauthorization(_) => "needs-reauthorization",
        }
    }

    /// Whether somebody must act before the account can send.
    pub const fn needs_somebody(&self) -> bool {
        matches!(self, Self::NeedsConfiguration(_) | Self::NeedsReauthorization(_))
    }

    /// The refusal, where it is the OAuth application's fault: no mailbox's owner can mend it.
    pub fn application_fault(&self) -> Option<&Refusal> {
        match self {
            Self::NeedsConfiguration(refusal) if Verdict::from(refusal.meaning).concerns_application() => {
                Some(refusal)
            }
            _ => None,
        }
    }

    /// What holds after an observation. `confirm_after` is [`Self::CONFIRM_AFTER`] unless the installation
    /// sets another.
    #[must_use]
    pub fn after(
        self,
        suspicion: Option<Suspicion>,
        observation: Observation,
        now: Timestamp,
        confirm_after: SignedDuration,
    ) -> Change {
        let calm = |authorization| Change {
            authorization,
            suspicion: None,
        };
        let (verdict, words) = match observation {
            Observation::Proven { ends: Some(end) } if end.is_near(now) => {
                return calm(Self::Expiring {
                    ends: end.at,
                    why: end.why,
                });
            }
            Observation::Proven { .. } => return calm(Self::Authorized),
            Observation::Failed { verdict, words } => (verdict, words),
        };
        let refusal = Refusal {
            since: now,
            meaning: verdict.meaning,
            words,
        };
        match (verdict.class, self) {
            // Somebody has to act already: no later failure hides or resets that.
            (_, latched @ Self::NeedsReauthorization(_)) => calm(latched),
            (FailureClass::Reauthorize, before) => match suspicion {
                _ if verdict.is_proof() => calm(Self::NeedsReauthorization(refusal)),
                Some(Suspicion { since, .. }) if now.duration_since(since) >= confirm_after => {
                    calm(Self::NeedsReauthorization(Refusal { since, ..refusal }))
                }
                Some(earlier) => Change {
                    authorization: before,
                    suspicion: Some(earlier),
                },
                None => Change {
                    authorization: before,
                    suspicion: Some(Suspicion { since: now, refusal }),
                },
            },
            (_, latched @ Self::NeedsConfiguration(_)) => calm(latched),
            (FailureClass::Configuration, _) => calm(Self::NeedsConfiguration(refusal)),
            (FailureClass::Temporary, before) => Change {
                authorization: before.out_of_reach(refusal),
                suspicion,
            },
            // About one mail or the sending limit: the sign-in itself is not in question.
            (FailureClass::Quota | FailureClass::Recipient | FailureClass::Message, before) => Change {
                authorization: before,
                suspicion,
            },
        }
    }

    fn out_of_reach(self, refusal: Refusal) -> Self {
        let before = match self {
            Self::Unverified => Working::Unverified,
            Self::Authorized => Working::Authorized,
            Self::Expiring { ends, why } => Working::Expiring { ends, why },
            other => return other,
        };
        Self::Unreachable {
            since: refusal.since,
            words: refusal.words,
            before,
        }
    }
}

#[cfg(test)]
impl Refusal {
    pub(crate) fn test(words: &str) -> Self {
        Self {
            since: Timestamp::UNIX_EPOCH,
            meaning: Meaning::GrantRevoked,
            words: words.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::ending::Pace;
    use crate::failure::{Failure, Stage, classify};

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn failed(stage: Stage, code: Option<u16>, text: &str) -> Observation {
        let verdict = classify(&Failure {
            provider: Some("gmail"),
            stage,
            code,
            enhanced: None,
            text,
        });
        Observation::Failed {
            verdict,
            words: text.to_owned(),
        }
    }

    fn bare_535() -> Observation {
        failed(Stage::Auth, Some(535), "535 5.7.8 Error: authentication failed:")
    }

    fn after(state: Authorization, suspicion: Option<Suspicion>, seen: Observation, now: i64) -> Change {
        state.after(suspicion, seen, at(now), Authorization::CONFIRM_AFTER)
    }

    #[test]
    fn a_dead_refresh_token_latches_at_once() {
        let seen = failed(Stage::Token, Some(400), r#"{"error":"invalid_grant"}"#);
        let change = after(Authorization::Authorized, None, seen, 7);
        let Authorization::NeedsReauthorization(refusal) = change.authorization else {
            panic!("{:?}", change.authorization)
        };
        assert_eq!(refusal.since, at(7));
    }

    #[test]
    fn one_535_is_no_proof_but_a_later_second_one_is() {
        let first = after(Authorization::Authorized, None, bare_535(), 0);
        assert_eq!(first.authorization, Authorization::Authorized);
        assert!(first.suspicion.is_some());

        let hasty = after(first.authorization, first.suspicion, bare_535(), 1);
        assert_eq!(
            hasty.authorization,
            Authorization::Authorized,
            "too soon to confirm anything"
        );

        let second = after(hasty.authorization, hasty.suspicion, bare_535(), 20);
        assert!(matches!(second.authorization, Authorization::NeedsReauthorization(r) if r.since == at(0)));
        assert_eq!(second.suspicion, None);
    }

    #[test]
    fn a_sign_in_that_works_again_ends_the_suspicion() {
        let first = after(Authorization::Authorized, None, bare_535(), 0);
        let back = after(
            first.authorization,
            first.suspicion,
            Observation::Proven { ends: None },
            20,
        );
        assert_eq!(
            back,
            Change {
                authorization: Authorization::Authorized,
                suspicion: None
            }
        );
    }

    #[test]
    fn an_outage_never_latches_and_remembers_what_was_before() {
        let ends = at(100_000);
        let expiring = Authorization::Expiring {
            ends,
            why: Ending::GrantLifetime,
        };
        let mut change = Change {
            authorization: expiring,
            suspicion: None,
        };
        for second in 0..1000 {
            let seen = failed(Stage::Connect, None, "connection timed out");
            change = after(change.authorization, change.suspicion, seen, second);
        }
        let Authorization::Unreachable { since, before, .. } = change.authorization else {
            panic!()
        };
        assert_eq!(
            (since, before),
            (
                at(0),
                Working::Expiring {
                    ends,
                    why: Ending::GrantLifetime
                }
            )
        );
    }

    #[test]
    fn a_latched_account_stays_latched_whatever_fails_later() {
        let latched = Authorization::NeedsReauthorization(Refusal::test("invalid_grant"));
        for seen in [failed(Stage::Connect, None, "connection timed out"), bare_535()] {
            assert_eq!(after(latched.clone(), None, seen, 9).authorization, latched);
        }
    }

    #[test]
    fn a_proven_sign_in_mends_every_state() {
        for state in [
            Authorization::Unverified,
            Authorization::NeedsReauthorization(Refusal::test("x")),
            Authorization::NeedsConfiguration(Refusal::test("x")),
        ] {
            let change = after(state, None, Observation::Proven { ends: None }, 0);
            assert_eq!(change.authorization, Authorization::Authorized);
        }
    }

    #[test]
    fn an_end_in_sight_is_said_ahead_but_not_from_the_first_minute() {
        let day = 86_400;
        let proven = |ends| Observation::Proven {
            ends: Some(KnownEnd {
                at: at(ends),
                why: Ending::GrantLifetime,
                pace: Pace::of_grant(at(0), at(ends)),
            }),
        };
        assert_eq!(
            after(Authorization::Unverified, None, proven(7 * day), 0).authorization,
            Authorization::Authorized
        );
        let late = after(Authorization::Authorized, None, proven(7 * day), 5 * day);
        assert_eq!(
            late.authorization,
            Authorization::Expiring {
                ends: at(7 * day),
                why: Ending::GrantLifetime
            }
        );
    }

    #[test]
    fn the_state_survives_json() {
        let state = Authorization::NeedsReauthorization(Refusal::test("invalid_grant"));
        let json = serde_json::to_string(&state).unwrap();
        assert!(json.contains(r#""state":"needs-reauthorization""#), "{json}");
        assert_eq!(serde_json::from_str::<Authorization>(&json).unwrap(), state);
    }
}
