//! The plan for a pull request.

use model::Plan;

use crate::{
    diagnostics,
    lines::{Line, Sign},
    style::Style,
    view::{Block, View, view},
};

/// Comments on GitHub end at 65,536 characters; details that would go beyond this are left out and counted.
const LONGEST: usize = 60_000;
const WIDTH: usize = 100;

/// Summary, what is lost, a table of all changes, and each change in a fold of its own.
pub fn plan_markdown(plan: &Plan) -> String {
    let view = view(plan, WIDTH);
    let mut out = head(&view);
    out.push_str(&lost(&view));
    out.push_str(&table(&view));
    if !view.warnings.is_empty() {
        let text = diagnostics::blocks(view.warnings, &plan.sources, Style::Plain, WIDTH);
        out.push_str(&fold("warnings", &fence("", &text)));
    }
    if !view.outputs.is_empty() {
        out.push_str(&fold("outputs", &fence("diff", &diff(&view.outputs, Sign::None))));
    }
    if !view.withheld.is_empty() {
        out.push_str(&fold("withheld", &fence("", &plain(&view.withheld))));
    }
    if !view.gates.is_empty() {
        out.push_str(&format!("\n**Gates**\n\n{}", fence("", &plain(&view.gates))));
    }
    out.push_str(&details(&view.blocks, LONGEST.saturating_sub(out.len())));
    out
}

fn head(view: &View<'_>) -> String {
    let summary: String = view.summary.iter().map(|piece| piece.text.as_str()).collect();
    format!("### {}\n\n**{}**\n\n{}\n", escape(&view.title), escape(&summary), escape(&view.facts.join(" · ")))
}

/// What is lost stands outside every fold.
fn lost(view: &View<'_>) -> String {
    let mut lines = String::new();
    for block in &view.blocks {
        for line in block.about.iter().map(Line::content).filter(|line| line.starts_with("loses: ")) {
            lines.push_str(&format!("> - {}: {}\n", code(&block.address), escape(&line)));
        }
    }
    if lines.is_empty() { lines } else { format!("\n> [!CAUTION]\n> This cannot be undone.\n{lines}") }
}

fn table(view: &View<'_>) -> String {
    if view.blocks.is_empty() {
        return String::new();
    }
    let mut out = "\n| | resource | action | where and why |\n|---|---|---|---|\n".to_owned();
    for block in &view.blocks {
        let about: Vec<String> =
            block.about.iter().map(Line::content).filter(|line| !line.starts_with("loses: ")).collect();
        let cells = [code(block.mark), code(&block.address), escape(&block.words), escape(&about.join("; "))];
        out.push_str(&format!("| {} |\n", cells.join(" | ")));
    }
    out
}

fn details(blocks: &[Block], room: usize) -> String {
    let mut out = String::new();
    let shown: Vec<&Block> = blocks.iter().filter(|block| !block.rows.is_empty()).collect();
    for (index, block) in shown.iter().enumerate() {
        let title = format!("{} {} {}", html_code(block.mark), html_code(&block.address), block.words);
        let text = fold(title.trim_end(), &fence("diff", &diff(&block.rows, sign(block))));
        if out.len() + text.len() > room {
            let left = shown.len() - index;
            out.push_str(&format!("\n{left} more in the plan as text, JSON or HTML.\n"));
            break;
        }
        out.push_str(&text);
    }
    out
}

/// What is new has no signs of its own; a diff colours by them.
fn sign(block: &Block) -> Sign {
    if block.mark == "+" { Sign::Added } else { Sign::None }
}

fn fold(title: &str, body: &str) -> String {
    format!("\n<details><summary>{title}</summary>\n\n{body}\n</details>\n")
}

fn plain(lines: &[Line]) -> String {
    lines.iter().map(|line| line.render(0, Style::Plain, WIDTH)).collect()
}

/// Lines with their sign in the first column, where a diff is coloured by it; `!` is how a diff marks what changes.
fn diff(lines: &[Line], sign: Sign) -> String {
    let mut out = String::new();
    for line in lines {
        let mark = match (line.sign, sign) {
            (Sign::None, Sign::Added) => "+",
            (Sign::Changed, _) => "!",
            (own, _) => own.mark(),
        };
        let text = line.clone().sign(Sign::None).render(0, Style::Plain, WIDTH);
        for row in text.lines() {
            out.push_str(format!("{mark} {}", row.strip_prefix("  ").unwrap_or(row)).trim_end());
            out.push('\n');
        }
    }
    out
}

/// A code block whose fence is longer than any run of backticks inside.
fn fence(language: &str, text: &str) -> String {
    let longest = text.split(|character| character != '`').map(str::len).max().unwrap_or(0);
    let ticks = "`".repeat(longest.max(2) + 1);
    format!("{ticks}{language}\n{}\n{ticks}\n", text.trim_end_matches('\n'))
}

/// A code span; inside a table a bar still needs its backslash.
fn code(text: &str) -> String {
    let longest = text.split(|character| character != '`').map(str::len).max().unwrap_or(0);
    let ticks = "`".repeat(longest + 1);
    let space = if longest > 0 { " " } else { "" };
    format!("{ticks}{space}{}{space}{ticks}", text.replace('|', "\\|").replace('\n', " "))
}

/// A code span inside HTML, where Markdown is not read.
fn html_code(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    format!("<code>{text}</code>")
}

/// Text that Markdown leaves as it is: no emphasis, no links, no mentions.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' | '<' | '>' | '|' | '*' | '`' | '[' | ']' | '~' | '\\' | '#' | '$' | '@' => {
                out.push_str(&format!("&#{};", u32::from(character)));
            }
            '\n' => out.push(' '),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests;
