//! Holds: every wait on a rule's behalf, and on that of a scenario's network.

use std::time::Duration;

use tokio::time::sleep;

/// How a hold ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// Its time was over.
    Over,
    /// The client left.
    Left,
    /// The server's cap was reached before its time was over.
    Capped,
}

/// Waits for so long, up to the server's cap, or until the client has gone. Nothing else may sleep for a rule: a hold that
/// outlasts its client would keep the verdict waiting, and one without a cap a whole test run.
#[allow(clippy::disallowed_methods, reason = "this is the one hold")]
pub async fn hold(length: Duration, cap: Duration, gone: impl Future<Output = ()>) -> Held {
    // The timer's shortest wait is a millisecond, which every answer would pay.
    if length.is_zero() {
        return Held::Over;
    }
    tokio::select! {
        () = gone => Held::Left,
        () = sleep(length.min(cap)) => if length > cap { Held::Capped } else { Held::Over },
    }
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_hold_ends_with_its_time_its_client_or_its_cap() {
        let (second, minute) = (Duration::from_secs(1), Duration::from_secs(60));
        assert_eq!(hold(second, minute, pending()).await, Held::Over);
        assert_eq!(hold(minute, minute, pending()).await, Held::Over);
        assert_eq!(hold(Duration::MAX, minute, pending()).await, Held::Capped);
        assert_eq!(hold(minute, minute, ready(())).await, Held::Left);
        assert_eq!(hold(Duration::ZERO, minute, ready(())).await, Held::Over);
    }
}
