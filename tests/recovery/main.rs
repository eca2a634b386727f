//! Groma as a process of its own, on moto and on the local cloud over HTTP, behind a proxy: killed at its calls, and with a
//! network that fails. What exists is asked of the cloud, never of groma.
//!
//! The places at which it is killed are spread over each run; with `GROMA_KILLS=all` it is killed at every call, before and
//! after its effect. `GROMA_RELIABILITY` is a folder for the counts, which `cargo xtask reliability` shows as a table.
#![expect(
    clippy::disallowed_methods,
    reason = "a test asks the environment what it is to do, and looks again at a process that it does not control"
)]
#![expect(clippy::print_stderr, reason = "a test says what it has not tried")]

mod cloud;
mod counts;
mod places;
mod plays;
mod proxy;
mod seeds;
mod two;
mod world;
