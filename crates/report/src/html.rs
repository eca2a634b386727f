//! The plan as one page that needs nothing else: no script, no font, no network.

use maud::{DOCTYPE, Markup, PreEscaped, html};
use model::Plan;

use crate::{
    diagnostics,
    lines::{Line, Piece, Sign},
    style::Style,
    view::{Block, View, view},
};

const WIDTH: usize = 96;
const PAGE: &str = include_str!("html/page.css");

/// A self-contained page, light or dark as the reader's system is, for wide and narrow screens and for print.
pub fn plan_html(plan: &Plan) -> String {
    let view = view(plan, WIDTH);
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (view.title) }
                style { (PreEscaped(PAGE)) }
            }
            body {
                (header(&view))
                main {
                    (lost(&view))
                    @if view.blocks.len() > 1 { (contents(&view.blocks)) }
                    @for block in &view.blocks { (card(block)) }
                    @if !view.outputs.is_empty() { section.card { h2 { "Outputs" } (rows(&view.outputs)) } }
                    @if !view.withheld.is_empty() { section.card { h2 { "Withheld" } (rows(&view.withheld)) } }
                    @if !view.gates.is_empty() { section.card { h2 { "Gates" } (rows(&view.gates)) } }
                    @if !view.warnings.is_empty() {
                        section.card {
                            h2 { "Warnings" }
                            pre { (diagnostics::blocks(view.warnings, &plan.sources, Style::Plain, WIDTH)) }
                        }
                    }
                }
            }
        }
    };
    page.into_string() + "\n"
}

fn header(view: &View<'_>) -> Markup {
    html! {
        header {
            h1 { (view.title) }
            p.facts { @for fact in &view.facts { span { (fact) } } }
            p.summary { (pieces(&view.summary)) }
        }
    }
}

/// What cannot be undone comes first.
fn lost(view: &View<'_>) -> Markup {
    let losing = |block: &&Block| block.about.iter().any(|line| line.content().starts_with("loses: "));
    let blocks: Vec<&Block> = view.blocks.iter().filter(losing).collect();
    html! {
        @if !blocks.is_empty() {
            section.card.lost {
                h2 { "This cannot be undone" }
                ul {
                    @for block in blocks {
                        @for line in block.about.iter().map(Line::content).filter(|line| line.starts_with("loses: ")) {
                            li { a href=(anchor(&block.address)) { (block.address) } " " (line) }
                        }
                    }
                }
            }
        }
    }
}

fn contents(blocks: &[Block]) -> Markup {
    html! {
        nav.card {
            @for block in blocks {
                a href=(anchor(&block.address)) {
                    span class=(format!("mark {}", block.tone.class())) { (block.mark) }
                    span.address { (block.address) }
                    span.words { (block.words) }
                }
            }
        }
    }
}

fn anchor(address: &str) -> String {
    format!("#{address}")
}

fn card(block: &Block) -> Markup {
    html! {
        details.card open id=(block.address) {
            summary {
                span class=(format!("mark {}", block.tone.class())) { (block.mark) }
                span.address { (block.address) }
                span class=(format!("words {}", block.tone.class())) { (block.words) }
            }
            @if !block.about.is_empty() {
                div.about { @for line in &block.about { p { (pieces(&line.pieces)) } } }
            }
            (rows(&block.rows))
        }
    }
}

fn rows(lines: &[Line]) -> Markup {
    html! {
        @if !lines.is_empty() {
            div.rows {
                @for line in lines {
                    div class=(format!("row {}", line.sign.tone().class())) {
                        span.sign { (if line.sign == Sign::None { "" } else { line.sign.mark() }) }
                        span.text style=(format!("--in:{};--hang:{}", line.indent, line.hang)) { (pieces(&line.pieces)) }
                    }
                }
            }
        }
    }
}

fn pieces(pieces: &[Piece]) -> Markup {
    html! {
        @for piece in pieces {
            @if piece.tone == crate::style::Tone::Normal { (piece.text) }
            @else { span class=(piece.tone.class()) { (piece.text) } }
        }
    }
}

#[cfg(test)]
mod tests;
