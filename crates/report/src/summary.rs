//! The last words of a run.

use std::{collections::BTreeMap, time::Duration};

use model::{Address, state::RecordedOutput};
use serde_json::json;

use crate::{
    FailureText, Verb, elapsed,
    json::pretty,
    lines::{Line, Piece},
    outputs::{block, outputs_value},
    progress::{failure_json, failure_text},
    style::{Style, Tone},
    text::flush,
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
    /// Stopped by a signal before everything was started.
    pub interrupted: bool,
    pub elapsed: Duration,
    pub outputs: BTreeMap<String, RecordedOutput>,
    /// The next command, when there is one to give.
    pub next: Option<String>,
}

/// Failures, what was skipped, outputs, and "Applied: 3 created, 1 updated in 4 min 12 s." with the next command.
pub fn summary(summary: &Summary, style: Style, width: usize) -> String {
    let mut blocks: Vec<String> = summary
        .failed
        .iter()
        .map(|(address, verb, failure)| failure_text(address, *verb, failure, style, width))
        .collect();
    blocks.extend(skipped(summary, style, width));
    if !summary.outputs.is_empty() && !summary.destroy {
        blocks.push(block(&summary.outputs, style, width));
    }
    let mut last = flush(counted(summary), style, width);
    if let Some(next) = &summary.next {
        let pieces = vec![Piece::plain("next: "), Piece::whole(Tone::Strong, next.clone())];
        last.push_str(&flush(pieces, style, width));
    }
    blocks.push(last);
    blocks.join("\n")
}

fn skipped(summary: &Summary, style: Style, width: usize) -> Option<String> {
    let lines = summary.skipped.iter().map(|(address, because)| {
        let pieces = vec![
            Piece::whole(Tone::Strong, address.to_string()),
            Piece::quiet("  not started, it waits for "),
            Piece::whole(Tone::Quiet, because.to_string()),
        ];
        Line::new(pieces).hang(2).render(2, style, width)
    });
    let text: String = lines.collect();
    (!text.is_empty()).then_some(text)
}

fn counted(summary: &Summary) -> Vec<Piece> {
    let failed = summary.failed.len();
    let word = match (summary.destroy, failed > 0 || summary.interrupted) {
        (false, false) => "Applied",
        (true, false) => "Destroyed",
        (_, true) if summary.interrupted => "Interrupted",
        (_, true) => "Failed",
    };
    let mut counts: Vec<(Tone, String)> = Vec::new();
    if failed > 0 {
        counts.push((Tone::Alarm, format!("{failed} failed")));
    }
    if !summary.skipped.is_empty() {
        counts.push((Tone::Changed, format!("{} not started", summary.skipped.len())));
    }
    let done = summary.done.iter().filter(|(_, count)| **count > 0);
    counts.extend(done.map(|(verb, count)| (verb.tone(), format!("{count} {}", verb.counted()))));
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
    json!({
        "format_version": crate::json::FORMAT_VERSION,
        "environment": summary.environment,
        "destroy": summary.destroy,
        "ok": summary.failed.is_empty() && !summary.interrupted,
        "interrupted": summary.interrupted,
        "done": done,
        "failed": failed.collect::<Vec<_>>(),
        "skipped": skipped.collect::<Vec<_>>(),
        "elapsed_ms": u64::try_from(summary.elapsed.as_millis()).unwrap_or(u64::MAX),
        "outputs": outputs_value(&summary.outputs),
        "next": summary.next,
    })
}

#[cfg(test)]
pub(crate) mod tests;
