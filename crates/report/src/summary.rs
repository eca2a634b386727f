//! The last words of a run.

use std::{collections::BTreeMap, time::Duration};

use model::{
    Address,
    plan::{Gate, Withheld},
    state::RecordedOutput,
    words::count,
};
use serde_json::json;

use crate::{
    FailureText, Verb,
    clean::clean,
    elapsed,
    json::{gates_json, pretty, withheld_json},
    lines::{Line, Piece},
    outputs::{block, outputs_value},
    progress::{failure_json, failure_text},
    style::{Style, Tone},
    text::flush,
    view::gates::gates,
};

/// What an apply or destroy came to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Summary {
    pub environment: String,
    pub destroy: bool,
    /// Finished steps; a replacement counts once, under [`Verb::CreateNew`].
    pub done: BTreeMap<Verb, usize>,
    pub failed: Vec<(Address, Verb, FailureText)>,
    /// Not started, each with what it waited for.
    pub skipped: Vec<(Address, Address)>,
    /// Not finished, or not started because the run was stopped; whether it was begun.
    pub left: Vec<(Address, bool)>,
    /// Outputs that could not be computed and keep their last value, with why.
    pub stale_outputs: Vec<(String, String)>,
    /// Stopped by a signal before everything was started.
    pub interrupted: bool,
    /// Why it was stopped otherwise: "the credentials have expired".
    pub stopped: Option<String>,
    /// What must be brought by others before the withheld can be done.
    pub gates: Vec<Gate>,
    /// What was left to a later run.
    pub withheld: BTreeMap<Address, Withheld>,
    pub elapsed: Duration,
    pub outputs: BTreeMap<String, RecordedOutput>,
    /// The next command, when there is one to give.
    pub next: Option<String>,
}

impl Summary {
    /// Whether everything in the plan was done.
    fn is_complete(&self) -> bool {
        self.failed.is_empty()
            && self.skipped.is_empty()
            && self.left.is_empty()
            && self.stale_outputs.is_empty()
            && !self.interrupted
            && self.stopped.is_none()
    }
}

/// Failures, what was skipped, outputs, and "Applied: 3 created, 1 updated in 4 min 12 s." with the next command.
pub fn summary(summary: &Summary, style: Style, width: usize) -> String {
    let mut blocks: Vec<String> = summary
        .failed
        .iter()
        .map(|(address, verb, failure)| failure_text(address, *verb, failure, style, width))
        .collect();
    blocks.extend(remarks(summary, style, width));
    if !summary.outputs.is_empty() && !summary.destroy {
        blocks.push(block(&summary.outputs, style, width));
    }
    let mut last = flush(counted(summary), style, width);
    if !summary.gates.is_empty() {
        last.push('\n');
        last.push_str(&style.paint(Tone::Strong, "Gates"));
        last.push('\n');
        gates(&summary.gates).iter().for_each(|line| last.push_str(&line.render(2, style, width)));
    }
    if let Some(next) = &summary.next {
        let pieces = vec![Piece::plain("next: "), Piece::whole(Tone::Strong, next.clone())];
        last.push_str(&flush(pieces, style, width));
    }
    blocks.push(last);
    blocks.join("\n")
}

/// What was not done, one line each.
fn remarks(summary: &Summary, style: Style, width: usize) -> Option<String> {
    let mut lines: Vec<Vec<Piece>> = Vec::new();
    for (address, because) in &summary.skipped {
        let mut line = said(address, "not started, it waits for ");
        line.push(Piece::whole(Tone::Quiet, because.to_string()));
        lines.push(line);
    }
    for (address, begun) in &summary.left {
        lines.push(said(address, if *begun { "not finished, the next run goes on" } else { "not started" }));
    }
    for (name, why) in &summary.stale_outputs {
        lines.push(said(&format!("output {name}"), &format!("keeps its last value: {}", clean(why))));
    }
    if let Some(why) = &summary.stopped {
        lines.push(vec![Piece::new(Tone::Alarm, "stopped: "), Piece::plain(clean(why))]);
    }
    let text: String = lines.into_iter().map(|pieces| Line::new(pieces).hang(2).render(2, style, width)).collect();
    (!text.is_empty()).then_some(text)
}

fn said(what: &impl ToString, words: &str) -> Vec<Piece> {
    vec![Piece::whole(Tone::Strong, what.to_string()), Piece::quiet(format!("  {words}"))]
}

fn counted(summary: &Summary) -> Vec<Piece> {
    let failed = summary.failed.len();
    let word = match (summary.destroy, !summary.is_complete()) {
        (false, false) => "Applied",
        (true, false) => "Destroyed",
        (_, true) if summary.interrupted => "Interrupted",
        (_, true) => "Failed",
    };
    let mut counts: Vec<(Tone, String)> = Vec::new();
    if failed > 0 {
        counts.push((Tone::Alarm, format!("{failed} failed")));
    }
    let begun = summary.left.iter().filter(|(_, begun)| *begun).count();
    let waiting = summary.skipped.len() + summary.left.len() - begun;
    let mut undone = vec![(begun, format!("{begun} not finished")), (waiting, format!("{waiting} not started"))];
    let stale = summary.stale_outputs.len();
    undone.push((stale, format!("{} kept", count(stale, "output"))));
    counts.extend(undone.into_iter().filter(|(count, _)| *count > 0).map(|(_, text)| (Tone::Changed, text)));
    let done = summary.done.iter().filter(|(_, count)| **count > 0);
    counts.extend(done.map(|(verb, count)| (verb.tone(), format!("{count} {}", verb.counted()))));
    if !summary.withheld.is_empty() {
        counts.push((Tone::Changed, format!("{} withheld", summary.withheld.len())));
    }
    if counts.is_empty() {
        counts.push((Tone::Normal, "nothing".to_owned()));
    }
    let tone = if word == "Applied" || word == "Destroyed" { Tone::Strong } else { Tone::Alarm };
    let mut pieces = vec![Piece::new(tone, format!("{word}: "))];
    for (index, (tone, text)) in counts.into_iter().enumerate() {
        pieces.push(Piece::plain(if index > 0 { ", " } else { "" }));
        pieces.push(Piece::new(tone, text));
    }
    pieces.push(Piece::quiet(format!(" in {}", elapsed(summary.elapsed))));
    pieces.push(Piece::plain("."));
    pieces
}

/// The same as one JSON object.
pub fn summary_json(summary: &Summary) -> String {
    pretty(&summary_value(summary))
}

pub(crate) fn summary_value(summary: &Summary) -> serde_json::Value {
    let done: serde_json::Map<_, _> = summary.done.iter().map(|(verb, count)| (verb.json(), json!(count))).collect();
    let failed = summary.failed.iter().map(|(address, verb, failure)| {
        json!({ "address": address.to_string(), "verb": verb.json(), "failure": failure_json(failure) })
    });
    let skipped = summary.skipped.iter();
    let skipped =
        skipped.map(|(address, because)| json!({ "address": address.to_string(), "because": because.to_string() }));
    let left = summary.left.iter().map(|(address, begun)| json!({ "address": address.to_string(), "begun": begun }));
    let stale = summary.stale_outputs.iter().map(|(name, why)| json!({ "name": name, "because": why }));
    json!({
        "format_version": crate::json::FORMAT_VERSION,
        "environment": summary.environment,
        "destroy": summary.destroy,
        "ok": summary.is_complete(),
        "interrupted": summary.interrupted,
        "stopped": summary.stopped,
        "done": done,
        "failed": failed.collect::<Vec<_>>(),
        "skipped": skipped.collect::<Vec<_>>(),
        "left": left.collect::<Vec<_>>(),
        "stale_outputs": stale.collect::<Vec<_>>(),
        "gates": gates_json(&summary.gates),
        "withheld": withheld_json(&summary.withheld),
        "elapsed_ms": u64::try_from(summary.elapsed.as_millis()).unwrap_or(u64::MAX),
        "outputs": outputs_value(&summary.outputs),
        "next": summary.next,
    })
}

#[cfg(test)]
pub(crate) mod tests;
