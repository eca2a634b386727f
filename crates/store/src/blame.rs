//! Whose turn it is after an error.

/// Gives the exit code: 1, 1, 4 and 70. Of several the greatest counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Blame {
    /// The disk, the network, the cloud.
    World,
    /// Something that was written or asked for.
    User,
    /// Another run holds the lock.
    Locked,
    /// groma itself.
    Bug,
}
