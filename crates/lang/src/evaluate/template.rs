//! Templates: literal text with `${…}`, `%{if}`, `%{for}` and the trimming `~`.

use std::borrow::Cow;

use hcl_edit::{
    expr::Expression as Node,
    template::{Directive, Element, ForDirective, HeredocTemplate, IfDirective, StringTemplate, Strip, Template},
};
use model::{Secret, Value};

use super::{Evaluator, collections::Iteration, condition::Condition};
use crate::{
    frame::{Frame, Names},
    marks,
    mistake::{Outcome, collect},
    text,
};

/// How far `~` reaches.
#[derive(Clone, Copy)]
enum Trim {
    /// In templates and heredocs: to the end of the line, as HCL reads them line by line.
    Line,
    /// In quoted strings: all white space.
    All,
}

impl Evaluator<'_> {
    /// A whole template. A single `${…}` keeps its type.
    pub(crate) fn template(&self, frame: Frame<'_>, template: &Template) -> Outcome {
        match template.as_single_element() {
            Some(Element::Interpolation(only)) => self.node(frame, &only.expr),
            _ => {
                let mut parts = Vec::new();
                self.elements(frame, template.iter(), Around::none(), Trim::Line, &mut parts)?;
                self.join(frame, parts, template)
            }
        }
    }

    pub(super) fn quoted(&self, frame: Frame<'_>, template: &StringTemplate) -> Outcome {
        let elements: Vec<&Element> = template.iter().collect();
        match elements[..] {
            [Element::Interpolation(only)] => self.node(frame, &only.expr),
            _ => {
                let mut parts = Vec::new();
                self.elements(frame, elements.into_iter(), Around::none(), Trim::All, &mut parts)?;
                self.join(frame, parts, template)
            }
        }
    }

    pub(super) fn heredoc(&self, frame: Frame<'_>, heredoc: &HeredocTemplate) -> Outcome {
        let mut parts = Vec::new();
        self.elements(frame, heredoc.template.iter(), Around::none(), Trim::Line, &mut parts)?;
        self.join(frame, parts, heredoc)
    }

    /// The parts as one text; unknown when a part is, secret when a part is.
    fn join(&self, frame: Frame<'_>, parts: Vec<Value>, node: &impl hcl_edit::Span) -> Outcome {
        marks::through(frame.text(node), parts, |parts, _| {
            Ok(Value::Text(parts.iter().filter_map(text::scalar).collect()))
        })
    }

    fn elements<'t>(
        &self,
        frame: Frame<'_>,
        elements: impl Iterator<Item = &'t Element>,
        around: Around,
        trim: Trim,
        parts: &mut Vec<Value>,
    ) -> Outcome<()> {
        let elements: Vec<&Element> = elements.collect();
        let outcomes = elements.iter().enumerate().map(|(index, element)| match element {
            Element::Literal(literal) => {
                let before = index.checked_sub(1).map_or(around.start, |at| strips(elements[at]).after);
                let after = elements.get(index + 1).map_or(around.end, |next| strips(next).before);
                parts.push(Value::Text(trimmed(literal.value(), before, after, trim).into_owned()));
                Ok(())
            }
            Element::Interpolation(interpolation) => {
                parts.push(self.part(frame, &interpolation.expr)?);
                Ok(())
            }
            Element::Directive(directive) => match directive.as_ref() {
                Directive::If(directive) => self.if_directive(frame, directive, trim, parts),
                Directive::For(directive) => self.for_directive(frame, directive, trim, parts),
            },
        });
        collect(outcomes).map(drop)
    }

    /// A value that is to become text.
    fn part(&self, frame: Frame<'_>, node: &Node) -> Outcome {
        let value = self.node(frame, node)?;
        match &value {
            Value::Null => {
                let detail = format!("`{}` is null and cannot stand in text", frame.text(node));
                Err(frame.wrong("null value", detail, node).hint("give it another value with `coalesce(…, \"\")`"))
            }
            Value::List(_) | Value::Map(_) => {
                let detail = format!("`{}` is {} and cannot stand in text", frame.text(node), value.kind_name());
                let hint = "turn it into text with `jsonencode(…)` or `join(\", \", …)`";
                Err(frame.wrong("not text", detail, node).hint(hint))
            }
            _ => Ok(value),
        }
    }

    fn if_directive(
        &self,
        frame: Frame<'_>,
        directive: &IfDirective,
        trim: Trim,
        parts: &mut Vec<Value>,
    ) -> Outcome<()> {
        let start = directive.if_expr.strip.strip_end();
        let end = directive.endif_expr.strip.strip_start();
        let (middle_start, middle_end) = directive
            .else_expr
            .as_ref()
            .map_or((end, start), |other| (other.strip.strip_start(), other.strip.strip_end()));
        let chosen = match self.condition(frame, &directive.if_expr.cond_expr)? {
            Condition::Known(chosen) => chosen,
            Condition::Secret(chosen, sources) => {
                // No text of its own, but its secretness is part of the result.
                parts.push(Value::Secret(Secret::new("", sources)));
                chosen
            }
            Condition::Marked(value) => {
                parts.push(value);
                return Ok(());
            }
        };
        let (template, around) = match (&directive.else_expr, chosen) {
            (_, true) => (&directive.if_expr.template, Around { start, end: middle_start }),
            (Some(other), false) => (&other.template, Around { start: middle_end, end }),
            (None, false) => return Ok(()),
        };
        self.elements(frame, template.iter(), around, trim, parts)
    }

    fn for_directive(
        &self,
        frame: Frame<'_>,
        directive: &ForDirective,
        trim: Trim,
        parts: &mut Vec<Value>,
    ) -> Outcome<()> {
        let head = &directive.for_expr;
        let around = Around { start: head.strip.strip_end(), end: directive.endfor_expr.strip.strip_start() };
        let entries = match self.iterate(frame, &head.collection_expr)? {
            Iteration::Entries(entries) => entries,
            Iteration::Marked(value) => {
                parts.push(value);
                return Ok(());
            }
        };
        let outcomes = entries.into_iter().map(|(key, value)| {
            let key = head.key_var.as_ref().map(|name| (name.as_str(), key));
            let entries = key.into_iter().chain([(head.value_var.as_str(), value)]).collect();
            let names = Names { entries, outer: frame.names };
            self.elements(frame.with(Some(&names)), head.template.iter(), around, trim, parts)
        });
        collect(outcomes).map(drop)
    }
}

/// Whether the marks around a run of elements trim into it.
#[derive(Clone, Copy)]
struct Around {
    start: bool,
    end: bool,
}

impl Around {
    fn none() -> Self {
        Self { start: false, end: false }
    }
}

/// Whether an element trims the text before and after it.
struct Strips {
    before: bool,
    after: bool,
}

fn strips(element: &Element) -> Strips {
    let of = |first: Strip, last: Strip| Strips { before: first.strip_start(), after: last.strip_end() };
    match element {
        Element::Literal(_) => Strips { before: false, after: false },
        Element::Interpolation(interpolation) => of(interpolation.strip, interpolation.strip),
        Element::Directive(directive) => match directive.as_ref() {
            Directive::If(directive) => of(directive.if_expr.strip, directive.endif_expr.strip),
            Directive::For(directive) => of(directive.for_expr.strip, directive.endfor_expr.strip),
        },
    }
}

/// A literal without the white space that its neighbours take away.
fn trimmed(literal: &str, start: bool, end: bool, trim: Trim) -> Cow<'_, str> {
    match trim {
        Trim::All => {
            let literal = if start { literal.trim_start() } else { literal };
            Cow::Borrowed(if end { literal.trim_end() } else { literal })
        }
        Trim::Line => {
            let mut lines: Vec<&str> = literal.split_inclusive('\n').collect();
            if let Some(first) = lines.first_mut().filter(|_| start) {
                *first = first.trim_start();
            }
            if let Some(last) = lines.last_mut().filter(|_| end) {
                *last = last.trim_end();
            }
            Cow::Owned(lines.concat())
        }
    }
}
