//! Mistakes in rustc's manner.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Element, Group, Level, Patch, Renderer, Snippet, renderer::DecorStyle};
use model::{Diagnostic, Severity, Sources, Span, source::SourceFile, words::count};
use serde_json::json;

use crate::{clean::clean, json::place_json, style::Style};

/// All diagnostics, errors first and each in file order, with a closing count line. Empty for none.
pub fn diagnostics(diagnostics: &[Diagnostic], sources: &Sources, style: Style, width: usize) -> String {
    if diagnostics.is_empty() {
        return String::new();
    }
    let mut out = blocks(diagnostics, sources, style, width);
    out.push('\n');
    out.push_str(&counted(diagnostics));
    out.push('\n');
    out
}

/// "3 errors, 1 warning"
fn counted(diagnostics: &[Diagnostic]) -> String {
    let errors = diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).count();
    let counts = [(errors, "error"), (diagnostics.len() - errors, "warning")];
    let said = counts.into_iter().filter(|(number, _)| *number > 0).map(|(number, noun)| count(number, noun));
    said.collect::<Vec<_>>().join(", ")
}

/// The diagnostics alone, each followed by a newline, an empty line between two.
pub(crate) fn blocks(diagnostics: &[Diagnostic], sources: &Sources, style: Style, width: usize) -> String {
    let renderer = match style {
        Style::Plain => Renderer::plain(),
        Style::Colour => Renderer::styled(),
    };
    let renderer = renderer.term_width(width).decor_style(DecorStyle::Ascii);
    let texts = sorted(diagnostics, sources).into_iter().map(|diagnostic| {
        let report = groups(diagnostic, sources, width);
        renderer.render(&report) + "\n"
    });
    texts.collect::<Vec<_>>().join("\n")
}

/// Errors before warnings, then by file and place; those without a place last. The same twice is said once.
fn sorted<'a>(diagnostics: &'a [Diagnostic], sources: &Sources) -> Vec<&'a Diagnostic> {
    let mut sorted: Vec<&Diagnostic> = diagnostics.iter().collect();
    sorted.sort_by_key(|diagnostic| {
        let place = diagnostic.span.and_then(|span| Some((&sources.get(span.file)?.path, span.start, span.end)));
        (diagnostic.severity, place.is_none(), place)
    });
    sorted.dedup();
    sorted
}

fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    }
}

fn groups<'a>(diagnostic: &'a Diagnostic, sources: &'a Sources, width: usize) -> Vec<Group<'a>> {
    let mut main = Group::with_title(level(diagnostic.severity).primary_title(clean(&diagnostic.summary)));
    let detail = clean(&diagnostic.detail);
    let file = diagnostic.span.and_then(|span| Some((span, sources.get(span.file)?)));
    let mut told = detail.is_empty();
    if let Some((span, file)) = file {
        let label = if fits(&detail, file, span, width) { Some(detail.clone()) } else { None };
        told |= label.is_some();
        main = main.element(snippet(diagnostic, file, span, label));
    }
    for (place, file) in elsewhere(diagnostic, sources) {
        main = main.element(
            source(file).annotation(AnnotationKind::Context.span(range(file, place.span)).label(clean(&place.text))),
        );
    }
    if !told {
        main = main.element(note(Level::NOTE, &detail, width));
    }
    for hint in &diagnostic.hints {
        main = main.element(note(Level::HELP, &clean(hint), width));
    }
    let mut groups = vec![main];
    groups.extend(suggestion(diagnostic, sources));
    groups
}

/// Labels in other files than the main one.
fn elsewhere<'a>(
    diagnostic: &'a Diagnostic,
    sources: &'a Sources,
) -> impl Iterator<Item = (&'a model::diagnostic::Label, &'a SourceFile)> {
    let home = diagnostic.span.map(|span| span.file);
    let others = diagnostic.labels.iter().filter(move |label| Some(label.span.file) != home);
    others.filter_map(|label| Some((label, sources.get(label.span.file)?)))
}

fn snippet<'a>(
    diagnostic: &'a Diagnostic,
    file: &'a SourceFile,
    span: Span,
    label: Option<String>,
) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let mut snippet = source(file).annotation(AnnotationKind::Primary.span(range(file, span)).label(label));
    for place in diagnostic.labels.iter().filter(|place| place.span.file == span.file) {
        let context = AnnotationKind::Context.span(range(file, place.span));
        snippet = snippet.annotation(context.label(clean(&place.text)));
    }
    snippet
}

fn source<T: Clone>(file: &SourceFile) -> Snippet<'_, T> {
    Snippet::source(file.text.as_str()).path(file.path.as_str())
}

/// Whether a label stands within the width behind its carets.
fn fits(detail: &str, file: &SourceFile, span: Span, width: usize) -> bool {
    use unicode_width::UnicodeWidthStr;
    let range = range(file, span);
    let start = file.text[..range.start].rfind('\n').map_or(0, |at| at + 1);
    let first_line = file.text[range.clone()].lines().next().unwrap_or_default();
    let tabs = file.text[start..range.end].matches('\t').count();
    let before = file.text[start..range.start].width() + first_line.width().max(1) + 4 * tabs;
    !detail.contains('\n') && before + detail.width() + 10 <= width
}

/// The span within the file, on character boundaries and without line breaks at its end: a wrong span must not hide the mistake
/// it marks.
fn range(file: &SourceFile, span: Span) -> Range<usize> {
    let text = &file.text;
    let mut start = (span.start as usize).min(text.len());
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    let mut end = (span.end as usize).clamp(start, text.len());
    while !text.is_char_boundary(end) {
        end += 1;
    }
    start..start + text[start..end].trim_end_matches(['\r', '\n']).len()
}

/// `= help: …`, folded by us since the renderer folds nothing.
fn note<'a>(level: Level<'a>, text: &str, width: usize) -> Element<'a> {
    let room = width.saturating_sub(16);
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let folded = crate::lines::fold(&[crate::lines::Piece::plain(paragraph)], room, room);
        let texts = folded.iter().map(|pieces| pieces.iter().map(|piece| piece.text.as_str()).collect::<String>());
        lines.extend(texts.map(|line| line.trim_end().to_owned()));
    }
    level.message(lines.join("\n")).into()
}

fn suggestion<'a>(diagnostic: &'a Diagnostic, sources: &'a Sources) -> Option<Group<'a>> {
    let patch = diagnostic.patch.as_ref()?;
    let file = sources.get(patch.span.file)?;
    let title = if diagnostic.hints.is_empty() { "write it like this" } else { "like this" };
    let snippet = source(file).patch(Patch::new(range(file, patch.span), patch.replacement.as_str()));
    Some(Group::with_title(Level::HELP.secondary_title(title)).element(snippet))
}

/// `{"errors": n, "warnings": n, "diagnostics": [{severity, summary, detail, place, end, labels, hints, patch}]}`
pub fn diagnostics_json(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    let errors = diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).count();
    let listed: Vec<_> = sorted(diagnostics, sources).into_iter().map(|one| diagnostic_json(one, sources)).collect();
    let whole = json!({
        "format_version": 1,
        "errors": errors,
        "warnings": diagnostics.len() - errors,
        "diagnostics": listed,
    });
    crate::json::pretty(&whole)
}

pub(crate) fn diagnostic_json(diagnostic: &Diagnostic, sources: &Sources) -> serde_json::Value {
    let place = |span: Span| sources.place(span).map(|place| place_json(&place));
    let end = |span: Span| {
        let end = Span { start: span.end, ..span };
        sources.place(end).map(|place| json!({ "line": place.line, "column": place.column }))
    };
    let labels = diagnostic.labels.iter().map(|label| json!({ "place": place(label.span), "text": label.text }));
    json!({
        "severity": diagnostic.severity,
        "summary": diagnostic.summary,
        "detail": diagnostic.detail,
        "place": diagnostic.span.and_then(place),
        "end": diagnostic.span.and_then(end),
        "labels": labels.collect::<Vec<_>>(),
        "hints": diagnostic.hints,
        "patch": diagnostic.patch.as_ref().map(|patch| {
            json!({ "place": place(patch.span), "end": end(patch.span), "replacement": patch.replacement })
        }),
    })
}

#[cfg(test)]
mod tests;
