//! Plans, diagnostics, state and events as text, JSON, Markdown and HTML.
//!
//! Pure functions from values to texts. Nothing here prints, asks a clock or decides what happens.
//! `view` says once what is shown of a plan; `text`, `markdown` and `html` draw it; `json` is a format of its own ([`FORMATS`]).

mod blockers;
mod clean;
mod diagnostics;
mod drift;
mod elapsed;
mod html;
mod json;
mod lines;
mod markdown;
mod outputs;
mod progress;
mod recovered;
mod state;
mod style;
mod summary;
mod text;
mod view;

#[cfg(test)]
mod samples;

pub use blockers::{Blocked, BlockerText, blockers_json, blockers_text, lasting_text};
pub use diagnostics::{diagnostics, diagnostics_json};
pub use drift::{Drift, Drifted, drift_json, drift_text};
pub use elapsed::elapsed;
pub use html::plan_html;
pub use json::plan_json;
pub use markdown::plan_markdown;
pub use outputs::{output_raw, outputs_json, outputs_text};
pub use progress::{FailureText, Progress, Resolution, Unexpected, Verb, event_json, event_text, failure_text};
pub use recovered::{ForeignText, FoundText, RecoveredText, recovered_json, recovered_text};
pub use state::{state_list, state_list_json, state_show, state_show_json};
pub use style::Style;
pub use summary::{Summary, summary, summary_json};
pub use text::plan_text;

/// What every member of the JSON that this crate writes means, as Markdown for the documentation.
pub const FORMATS: &str = include_str!("formats.md");
