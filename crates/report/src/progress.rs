//! What a run says while it works.

mod failure;
mod json;
mod verb;

use std::time::Duration;

use model::{Address, Place};

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
    /// One mutating call is on its way: "sets the lifecycle policy".
    Call {
        address: Address,
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
        failure: FailureText,
    },
    /// Not started because this one failed or was not done.
    Skipped {
        address: Address,
        verb: Verb,
        because: Address,
    },
    /// Something worth a line that belongs to no resource, or is only a remark about one.
    Note {
        address: Option<Address>,
        text: String,
    },
    Summary(Summary),
}

/// A failed call with everything a person needs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FailureText {
    /// Service and operation: `ecr:CreateRepository`.
    pub operation: String,
    /// AWS's code.
    pub code: Option<String>,
    /// AWS's words, without secrets.
    pub message: String,
    pub request_id: Option<String>,
    /// The end of the service's logs, oldest first.
    pub log: Vec<String>,
    /// Likely causes, most likely first.
    pub causes: Vec<String>,
    /// Where the resource is written.
    pub place: Option<Place>,
    /// The next command.
    pub next: Option<String>,
}

/// One event as lines for a terminal, without a newline at the end.
pub fn event_text(event: &Progress, style: Style, width: usize) -> String {
    let text = match event {
        Progress::Started { address, verb } => line(*verb, address, vec![Piece::quiet(verb.doing())], style, width),
        Progress::Call { address, does } => remark(Some(address), vec![Piece::quiet(clean(does))], style, width),
        Progress::Waiting { address, what, elapsed: time } => {
            let said = format!("waiting {}, {}", elapsed(*time), clean(what));
            remark(Some(address), vec![Piece::quiet(said.trim_end_matches(", ").to_owned())], style, width)
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
        Progress::Note { address, text } => remark(address.as_ref(), vec![Piece::plain(clean(text))], style, width),
        Progress::Summary(whole) => summary(whole, style, width),
    };
    text.trim_end_matches('\n').to_owned()
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
