//! The plan for a terminal.

use model::Plan;

use crate::{
    diagnostics,
    lines::{Line, Piece, Sign},
    style::{Style, Tone},
    view::{Block, view},
};

/// Marks are as wide as `-/+`; what belongs to them stands one column further.
const MARK: usize = 3;

/// The plan, readable without colour, at most `width` columns wide. Only a name, place or id that is wider than that stands out.
pub fn plan_text(plan: &Plan, style: Style, width: usize) -> String {
    let view = view(plan, width.saturating_sub(MARK + 1 + 2));
    let mut out = title(&view.title, &view.facts).render(0, style, width).trim_start().to_owned();
    for block in &view.blocks {
        out.push('\n');
        out.push_str(&block_text(block, style, width));
    }
    let sections = [("Outputs", &view.outputs, MARK + 1), ("Withheld", &view.withheld, 2), ("Gates", &view.gates, 2)];
    for (title, lines, margin) in sections {
        out.push_str(&section(title, lines, margin, style, width));
    }
    if !view.warnings.is_empty() {
        out.push('\n');
        out.push_str(&diagnostics::blocks(view.warnings, &plan.sources, style, width));
    }
    out.push('\n');
    out.push_str(&flush(view.summary, style, width));
    out
}

/// Lines under a title, after an empty line; nothing without lines.
fn section(title: &str, lines: &[Line], margin: usize, style: Style, width: usize) -> String {
    if lines.is_empty() {
        return String::new();
    }
    let mut out = format!("\n{}\n", style.paint(Tone::Strong, title));
    lines.iter().for_each(|line| out.push_str(&line.render(margin, style, width)));
    out
}

fn title(title: &str, facts: &[String]) -> Line {
    let mut pieces = vec![Piece::new(Tone::Strong, title)];
    pieces.extend(facts.iter().map(|fact| Piece::quiet(format!(" · {fact}"))));
    Line::new(pieces).hang(2)
}

/// Pieces from the first column on.
pub(crate) fn flush(pieces: Vec<Piece>, style: Style, width: usize) -> String {
    let text = Line::new(pieces).render(0, style, width + 2);
    text.lines().fold(String::new(), |out, line| out + line.strip_prefix("  ").unwrap_or(line) + "\n")
}

/// A block with its heading, each line with a newline.
pub(crate) fn block_text(block: &Block, style: Style, width: usize) -> String {
    let words = vec![Piece::new(block.tone, block.words.clone())];
    let mut out = heading(block.mark, block.tone, &block.address, words, style, width);
    block.about.iter().for_each(|line| out.push_str(&line.clone().sign(Sign::None).render(MARK - 1, style, width)));
    block.rows.iter().for_each(|line| out.push_str(&line.render(MARK + 1, style, width)));
    out
}

/// Mark, address and what is said about it.
pub(crate) fn heading(mark: &str, tone: Tone, address: &str, said: Vec<Piece>, style: Style, width: usize) -> String {
    let mut pieces = vec![Piece::whole(Tone::Strong, address), Piece::plain("  ")];
    pieces.extend(said);
    let text = Line::new(pieces).hang(2).render(MARK - 1, style, width);
    let space = " ".repeat(MARK.saturating_sub(mark.chars().count()));
    format!("{space}{} {}", style.paint(tone, mark), &text[MARK + 1..])
}

#[cfg(test)]
mod tests;
