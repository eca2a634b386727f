//! Whose turn it is after an error.

/// Gives the exit code: 1, 1, 4 and 70.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Blame {
    /// Something that was written or asked for.
    User,
    /// The disk, the network, the cloud.
    World,
    /// Another run holds the lock.
    Locked,
    /// groma itself.
    Bug,
}
