//! The understudy: a small cloud in memory with every habit that makes real ones hard.
//!
//! Types with natural names, tokens, revisions; slow ones, ones that need further calls after their create and leave things
//! behind after their delete. Any mutating call can be refused, throttled, lost or be the last one of the process.

mod clock;
mod cloud;
mod kinds;
mod lookup;
mod secrets;
mod trouble;
mod verbs;
mod world;

pub use clock::VirtualClock;
pub use cloud::{SimCloud, identity};
pub use kinds::{MEMBER, NAMED, PARTS, REVISION, SLOW, TOKEN};
pub use lookup::LOOKUP;
pub use secrets::SimSecrets;
pub use trouble::{Line, Request, Trouble};
pub use world::{Object, World};
