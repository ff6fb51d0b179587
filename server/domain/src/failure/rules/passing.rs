//! What passes by itself.

use super::phrases::{look_up, table};
use crate::failure::Meaning;
use crate::failure::reply::Reply;

/// What passes, whatever the server's number: it says so in words that mean nothing else.
pub(super) fn certain(reply: &Reply<'_>) -> Option<Meaning> {
    look_up(&reply.words, CERTAIN)
}

/// What kind of delay a 4yz reply means.
pub(super) fn delay(reply: &Reply<'_>) -> Meaning {
    look_up(&reply.words, DELAY).unwrap_or(Meaning::Deferred)
}

table! {
    CERTAIN:
    ServerBusy =>
        "queue quota" | "not accepting connections" | "server busy" | "server is busy" | "system busy" |
        "agent busy";
    RecipientCheckPending =>
        "verification in progress" | "callout" | "rejected: unverified address";
    TooManyConnections =>
        "too many connections" | "too many concurrent" | "too many simultaneous" |
        "concurrent connections" | "connection limit" | "connection rate limit" |
        "connections from your host" | "too many smtp sessions" | "thread limit" | "trop de connexions" |
        "连接数";
    ReputationDeferred =>
        "temporarily rate limited" | "been rate limited because";
    TooFast =>
        "per transaction exceeded" | "domains per transaction";
    ServerFull =>
        "insufficient disk" | "insufficient system" | "insufficient storage" | "insufficient resources" |
        "no space left";
    ServerFault =>
        "due to temporary reason";
    Greylisted =>
        "greylist" | "graylist" | "grey listed" | "grey-list";
}

table! {
    DELAY:
    TooFast =>
        "slow down" | "slower" | "too fast" | "too frequent" | "rate limit" | "max message per connection";
    TimedOut =>
        "timeout" | "timed out" | "connection expired" | "inactivity" | "idle";
    ServerFull =>
        "insufficient" | "out of memory" | "no space" | "system full" | "storage";
    ServerFault =>
        "temporary * error" | "temporary * problem" | "internal" | "local error" | "replicated" |
        "system error" | "temporary failure" | "server error" | "technical";
    ServerBusy =>
        "service not available" | "service unavailable" | "service temporarily" | "service is currently" |
        "resources" | "maintenance" | "busy" | "shutting down" | "queue" | "load";
    NameLookupFailed =>
        "dns" | "lookup" | "resolve";
    ReputationDeferred =>
        "complaints" | "reputation" | "unsolicited" | "unexpected volume" | "spam" | "suspicious";
}
