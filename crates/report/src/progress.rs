//! What a run says while it works.

mod failure;
mod json;
mod verb;

use std::time::Duration;

use model::{Address, Place, Value};

pub use failure::failure_text;
pub use json::event_json;
pub(crate) use json::failure_json;
pub use verb::Verb;

use crate::{
    clean::clean,
    elapsed,
    lines::{Line, Piece},
    style::{Style, Tone},
    summary::{Summary, summary},
    text::heading,
};

/// Something that happened; the command line makes it from the executor's events.
#[derive(Debug, Clone, PartialEq)]
pub enum Progress {
    Started {
        address: Address,
        verb: Verb,
    },
    /// One mutating call is on its way: `ecr:PutLifecyclePolicy`, "sets the lifecycle policy".
    Call {
        address: Address,
        operation: String,
        does: String,
    },
    /// The service's own word for what is going on.
    Waiting {
        address: Address,
        what: String,
        elapsed: Duration,
    },
    Done {
        address: Address,
        verb: Verb,
        elapsed: Duration,
        id: Option<String>,
    },
    Failed {
        address: Address,
        verb: Verb,
        elapsed: Duration,
        failure: Box<FailureText>,
    },
    /// Not started because this one failed or was not done.
    Skipped {
        address: Address,
        verb: Verb,
        because: Address,
    },
    /// Not finished; the next run goes on. `begun`: something was sent already.
    Left {
        address: Address,
        verb: Verb,
        begun: bool,
    },
    /// Nothing new is started from now on.
    Stopping {
        because: String,
    },
    /// A call of an earlier run whose answer was lost is looked for.
    Resolving {
        address: Address,
        operation: String,
    },
    Resolved {
        address: Address,
        operation: String,
        resolution: Resolution,
    },
    /// Something worth a line that belongs to no resource, or is only a remark about one.
    Note {
        address: Option<Address>,
        text: String,
    },
    Summary(Box<Summary>),
}

/// What became of a call without an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolution {
    /// The create had made this.
    Made { id: String },
    /// The create had made nothing.
    NotMade,
    /// The update may have had its effect.
    Doubtful,
    /// The delete had its effect.
    Gone,
    /// The delete had no effect.
    StillThere,
}

/// Why something failed, with everything a person needs.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FailureText {
    /// Service and operation: `ecr:CreateRepository`. Empty when no call failed.
    pub operation: String,
    /// AWS's code.
    pub code: Option<String>,
    /// AWS's words or ours, without secrets.
    pub message: String,
    pub request_id: Option<String>,
    /// A value that came out other than the plan showed it.
    pub differs: Option<Unexpected>,
    /// The end of the service's logs, oldest first.
    pub log: Vec<String>,
    /// Likely causes, most likely first.
    pub causes: Vec<String>,
    /// What to do, one sentence each.
    pub hints: Vec<String>,
    /// Where the resource is written.
    pub place: Option<Place>,
    /// The next command.
    pub next: Option<String>,
}

/// A value that came out other than planned.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Unexpected {
    pub attribute: String,
    pub planned: Value,
    pub found: Value,
}

/// One event as lines for a terminal, without a newline at the end.
pub fn event_text(event: &Progress, style: Style, width: usize) -> String {
    let text = match event {
        Progress::Started { address, verb } => line(*verb, address, vec![Piece::quiet(verb.doing())], style, width),
        Progress::Call { address, does, .. } => remark(Some(address), vec![Piece::quiet(clean(does))], style, width),
        Progress::Waiting { address, what, elapsed: time } => {
            let what = clean(what);
            let mut said = match (what.strip_prefix("waiting for "), what.as_str()) {
                (Some(_), words) => words.to_owned(),
                (None, "") => "waiting".to_owned(),
                (None, state) => format!("waiting: {state}"),
            };
            if time.as_secs() > 0 {
                said += &format!(" ({})", elapsed(*time));
            }
            remark(Some(address), vec![Piece::quiet(said)], style, width)
        }
        Progress::Done { address, verb, elapsed: time, id } => {
            let mut said = vec![Piece::new(verb.tone(), verb.done()), Piece::quiet(format!(" in {}", elapsed(*time)))];
            if let Some(id) = id {
                said.push(Piece::quiet(" · "));
                said.push(Piece::whole(Tone::Quiet, clean(id)));
            }
            line(*verb, address, said, style, width)
        }
        Progress::Failed { address, verb, elapsed: time, failure } => {
            let said = format!("{} failed after {}", verb.noun(), elapsed(*time));
            let head = marked("✗", Tone::Alarm, address, vec![Piece::new(Tone::Alarm, said)], style, width);
            head + &failure::body(failure, style, width)
        }
        Progress::Skipped { address, verb, because } => {
            let said = vec![
                Piece::plain(format!("{} skipped, it waits for ", verb.noun())),
                Piece::whole(Tone::Normal, because.to_string()),
            ];
            remark(Some(address), said, style, width)
        }
        Progress::Left { address, verb, begun } => {
            let said = format!(
                "{} {}",
                verb.noun(),
                if *begun { "not finished, the next run goes on" } else { "not started" }
            );
            remark(Some(address), vec![Piece::new(Tone::Changed, said)], style, width)
        }
        Progress::Stopping { because } => {
            let said =
                format!("Stopping: {}. What is in flight is finished first.", clean(because).trim_end_matches('.'));
            remark(None, vec![Piece::new(Tone::Changed, said)], style, width)
        }
        Progress::Resolving { address, operation } => {
            let said = format!("finding out what {} has done", clean(operation));
            remark(Some(address), vec![Piece::quiet(said)], style, width)
        }
        Progress::Resolved { address, resolution, .. } => {
            remark(Some(address), vec![Piece::plain(clean(&resolution.words()))], style, width)
        }
        Progress::Note { address, text } => remark(address.as_ref(), vec![Piece::plain(clean(text))], style, width),
        Progress::Summary(whole) => summary(whole, style, width),
    };
    text.trim_end_matches('\n').to_owned()
}

impl Resolution {
    fn words(&self) -> String {
        match self {
            Self::Made { id } => format!("an earlier run has made {id}: it is recorded"),
            Self::NotMade => "an earlier run has made nothing".to_owned(),
            Self::Doubtful => "an earlier run may have changed it: compared again".to_owned(),
            Self::Gone => "an earlier run has deleted it".to_owned(),
            Self::StillThere => "an earlier run has not deleted it".to_owned(),
        }
    }

    fn name(&self) -> &'static str {
        match self {
            Self::Made { .. } => "made",
            Self::NotMade => "not_made",
            Self::Doubtful => "doubtful",
            Self::Gone => "gone",
            Self::StillThere => "still_there",
        }
    }
}

fn line(verb: Verb, address: &Address, said: Vec<Piece>, style: Style, width: usize) -> String {
    marked(verb.mark(), verb.tone(), address, said, style, width)
}

/// Mark, address and what is said about it.
fn marked(mark: &str, tone: Tone, address: &Address, said: Vec<Piece>, style: Style, width: usize) -> String {
    heading(mark, tone, &address.to_string(), said, style, width)
}

/// The same without a mark.
fn remark(address: Option<&Address>, said: Vec<Piece>, style: Style, width: usize) -> String {
    match address {
        Some(address) => marked("", Tone::Normal, address, said, style, width),
        None => Line::new(said).hang(2).render(2, style, width),
    }
}

#[cfg(test)]
pub(crate) mod tests;
