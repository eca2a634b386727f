//! All the waiting: reads what exists, carries a plan out, finishes what an earlier run has left.
//!
//! Nothing here decides what should happen; the [`Plan`](model::Plan) says it. What is done is journalled before it is sent.

mod apply;
mod blockers;
mod context;
mod converge;
mod deploy;
mod evaluate;
mod event;
mod facts;
mod intents;
mod limits;
mod make;
mod observe;
mod outcome;
mod put;
mod reads;
mod recorded;
mod records;
mod remove;
mod resolve;
mod retry;
mod run;
mod settle;
mod survey;
mod tags;
mod walk;

pub use apply::apply;
pub use blockers::{Removal, blockers};
pub use context::{Context, Differing, OnFailure, Options, Stop};
pub use deploy::{Follower, deploy};
pub use event::{Event, Left, Resolution};
pub use observe::{DataRead, NameRequest, ReadRequest, Reader, Requests, Unread, observe};
pub use outcome::{Done, Failed, Outcome, Problem, Skipped, Stopped};
pub use resolve::{Recovery, Resolved, resolve, unfinished};
pub use survey::{Unsurveyed, survey};
pub use tags::ownership;
