//! What can go wrong with a call.

/// What happens to one mutating call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// Refused for its rate.
    Throttled,
    /// Refused with a code that no table knows.
    Refused,
    /// Refused in a way that passes: the code is in every type's table.
    Passing,
    /// Refused in a way that passes only while what it depends on is new.
    TooNew,
    /// The credentials have expired.
    Expired,
    /// No answer, and no effect.
    LostBefore,
    /// No answer, but the effect.
    LostAfter,
    /// The process ends before the call has its effect.
    StopBefore,
    /// The process ends after the effect, before the answer.
    StopAfter,
}
