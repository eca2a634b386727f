//! Groma killed, cut off, interrupted and watched: the real binary over HTTP against a local cloud in another process.
//! What exists is asked of the cloud, never of groma.
#![expect(
    clippy::disallowed_methods,
    reason = "a test looks again after a moment at a process that it does not control"
)]

mod care;
mod census;
mod credentials;
mod exits;
mod files;
mod lost;
mod recover;
mod secrets;
mod shared;
mod signals;
mod stops;
mod systems;
mod world;
