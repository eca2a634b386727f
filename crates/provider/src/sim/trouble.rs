//! What can go wrong with a call.

use futures::future::BoxFuture;

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
    /// The connection cannot be made.
    Unreachable,
    /// No answer, and no effect.
    LostBefore,
    /// No answer, but the effect.
    LostAfter,
    /// The process ends before the call has its effect.
    StopBefore,
    /// The process ends after the effect, before the answer.
    StopAfter,
}

/// What a client asks of the cloud.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// `sim:Create`, `sim:Read`.
    pub operation: &'a str,
    /// The token of a create, the ids of everything else.
    pub subject: &'a str,
    pub mutates: bool,
}

/// The way of one client's requests to the cloud, and of the answers back.
pub trait Line: Send + Sync {
    /// A request is sent: what becomes of it. One that is stopped has no answer, ever.
    fn there(&self, request: Request<'_>) -> Option<Trouble>;

    /// The answer, if there is one, is on its way.
    fn back<'a>(&'a self, request: Request<'a>) -> BoxFuture<'a, ()>;
}
