//! A failure as a block: what was being done, to what, where, the answer, the logs, the causes, the next command.

use model::{Address, Value};

use super::{FailureText, Unexpected, Verb, marked};
use crate::{
    clean::clean,
    lines::{Line, Piece, Sign},
    style::{Style, Tone},
    view::entry::{Entry, Shown, lay},
};

/// One failure with its heading, each line with a newline.
pub fn failure_text(address: &Address, verb: Verb, failure: &FailureText, style: Style, width: usize) -> String {
    let said = vec![Piece::new(Tone::Alarm, format!("{} failed", verb.noun()))];
    marked("✗", Tone::Alarm, address, said, style, width) + &body(failure, style, width)
}

/// Everything under the heading.
pub(super) fn body(failure: &FailureText, style: Style, width: usize) -> String {
    let mut lines = Vec::new();
    if let Some(place) = &failure.place {
        lines.push(Line::new(vec![Piece::whole(Tone::Quiet, place.to_string())]));
    }
    lines.extend(answer(failure));
    if let Some(Unexpected { attribute, planned, found }) = &failure.differs {
        let side = |sign, value: &Value| Entry::new(sign, attribute.clone(), Shown::Value(value.clone()));
        let sides = vec![side(Sign::Removed, planned), side(Sign::Added, found)];
        lines.extend(lay(sides, width.saturating_sub(6)).into_iter().map(|line| line.inset(2)));
    }
    if !failure.log.is_empty() {
        lines.push(Line::default());
        lines.push(Line::text(Tone::Strong, "the end of the logs:"));
        let rows = failure.log.iter().flat_map(|entry| clean(entry).lines().map(str::to_owned).collect::<Vec<_>>());
        lines.extend(rows.map(|row| Line::new(vec![Piece::quiet("| "), Piece::plain(row)]).hang(4).inset(2)));
    }
    if !failure.causes.is_empty() {
        lines.push(Line::default());
        lines.push(Line::text(Tone::Strong, "likely causes:"));
        let causes = failure.causes.iter().enumerate();
        lines.extend(causes.map(|(index, cause)| {
            Line::text(Tone::Normal, format!("{}. {}", index + 1, clean(cause))).hang(3).inset(2)
        }));
    }
    if !failure.hints.is_empty() {
        lines.push(Line::default());
        lines.extend(
            failure
                .hints
                .iter()
                .map(|hint| Line::new(vec![Piece::new(Tone::Strong, "help: "), Piece::plain(clean(hint))]).hang(6)),
        );
    }
    if let Some(next) = &failure.next {
        lines.push(Line::default());
        lines.push(Line::new(vec![Piece::new(Tone::Strong, "next: "), Piece::whole(Tone::Normal, clean(next))]));
    }
    lines.iter().map(|line| line.render(2, style, width)).collect()
}

/// `ecr:CreateRepository answered RepositoryAlreadyExistsException: … (request 1-2-3)`, each line of the message on its own.
fn answer(failure: &FailureText) -> Vec<Line> {
    let mut head = Vec::new();
    if !failure.operation.is_empty() {
        head.push(Piece::whole(Tone::Normal, clean(&failure.operation)));
    }
    if let Some(code) = &failure.code {
        head.push(Piece::plain(" answered "));
        head.push(Piece::whole(Tone::Alarm, clean(code)));
    }
    let message = clean(&failure.message);
    let mut rows = message.lines();
    if let Some(first) = rows.next() {
        head.push(Piece::plain(if head.is_empty() { first.to_owned() } else { format!(": {first}") }));
    }
    let mut lines = vec![head];
    lines.extend(rows.map(|row| vec![Piece::plain(row)]));
    if let (Some(id), Some(last)) = (&failure.request_id, lines.last_mut()) {
        last.push(Piece::quiet(" ("));
        last.push(Piece::whole(Tone::Quiet, format!("request {}", clean(id))));
        last.push(Piece::quiet(")"));
    }
    lines.into_iter().map(|pieces| Line::new(pieces).hang(2)).collect()
}
