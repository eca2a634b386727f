//! Calls of functions.

use hcl_edit::{
    Span as _,
    expr::{Expression as Node, FuncCall},
};
use model::{Secret, Value};

use super::Evaluator;
use crate::{
    frame::{Frame, Names, Source},
    functions::{Call, Fault, Function, Marks},
    marks,
    mistake::{Mistakes, Outcome, collect},
    parse,
    reader::Reader,
    signature, text,
};

impl Evaluator<'_> {
    pub(super) fn call(&self, frame: Frame<'_>, call: &FuncCall, node: &Node) -> Outcome {
        let function = signature::function(frame, call)?;
        match function.name {
            "try" => self.first_that_works(frame, call),
            "can" => self.works(frame, call, node),
            _ => {
                let Some(arguments) = self.arguments(frame, call)? else {
                    return self.spread_mark(frame, call, node);
                };
                signature::count(frame, call, function, arguments.len())?;
                match function.name {
                    "templatefile" => self.template_file(frame, call, node, arguments),
                    "templatestring" => self.template_string(frame, call, node, arguments),
                    _ => self.run(frame, call, node, function, arguments),
                }
            }
        }
    }

    /// The values of all arguments with `...` spread; nothing when what is to be spread is unknown or secret.
    fn arguments(&self, frame: Frame<'_>, call: &FuncCall) -> Outcome<Option<Vec<Value>>> {
        let mut values = collect(call.args.iter().map(|argument| self.node(frame, argument)))?;
        if !call.args.expand_final() {
            return Ok(Some(values));
        }
        match values.pop() {
            Some(Value::List(items)) => {
                values.extend(items);
                Ok(Some(values))
            }
            Some(Value::Unknown(_) | Value::Secret(_)) => Ok(None),
            other => {
                let found = other.as_ref().map_or("nothing", Value::kind_name);
                let last = call.args.iter().last().and_then(hcl_edit::Span::span);
                let mistakes = frame.wrong("invalid argument", format!("`...` spreads a list, not {found}"), call);
                Err(mistakes.at(last.and_then(|range| frame.place(range))))
            }
        }
    }

    /// A call with an unknown or secret list for `...`.
    fn spread_mark(&self, frame: Frame<'_>, call: &FuncCall, node: &Node) -> Outcome {
        let values = collect(call.args.iter().map(|argument| self.node(frame, argument)))?;
        match values.last() {
            Some(Value::Secret(secret)) => Ok(Value::Secret(Secret::not_given(secret.sources.clone()))),
            _ => Ok(marks::unknown(frame.text(node), &values)),
        }
    }

    fn run(
        &self,
        frame: Frame<'_>,
        call: &FuncCall,
        node: &Node,
        function: &Function,
        arguments: Vec<Value>,
    ) -> Outcome {
        let expression = frame.text(node);
        let reader = self.reader(frame)?;
        let secret = marks::sources(&arguments).is_some();
        let compute = |values: Vec<Value>, exposed: bool| {
            let call = Call { values, expression, reader: &reader, exposed };
            (function.run)(&call)
        };
        let blocked = arguments.iter().any(|value| matches!(value, Value::Unknown(_) | Value::Secret(_)));
        let result = match function.marks {
            Marks::Stop => marks::through(expression, arguments.clone(), compute),
            Marks::Through if blocked => marks::through(expression, arguments.clone(), compute),
            Marks::UnknownThrough if blocked || secret => marks::through(expression, arguments.clone(), compute),
            Marks::Through | Marks::UnknownThrough | Marks::Own => compute(arguments.clone(), false),
        };
        result.or_else(|fault| match fault {
            Fault::Unknown => Ok(marks::unknown(expression, &arguments)),
            Fault::Wrong(wrong) => {
                let nodes: Vec<&Node> = call.args.iter().collect();
                let at = wrong.argument.and_then(|index| nodes.get(index.min(nodes.len().saturating_sub(1))));
                let place = at.and_then(|node| node.span()).or_else(|| node.span());
                let detail = if secret {
                    format!("`{}` does not take this secret", function.name)
                } else {
                    format!("`{}`: {}", function.name, wrong.detail)
                };
                let mistakes = frame.wrong(wrong.summary, detail, node).at(place.and_then(|range| frame.place(range)));
                // A hint may show values too.
                Err(wrong.hint.into_iter().filter(|_| !secret).fold(mistakes, Mistakes::hint))
            }
        })
    }

    /// The files as seen from where an expression stands.
    fn reader<'r>(&'r self, frame: Frame<'r>) -> Outcome<Reader<'r>> {
        let folder = match frame.source {
            Source::Toml(expression) => {
                self.scopes.modules.get(&expression.sees.module).map_or("", |scope| scope.folder.as_str())
            }
            Source::Template { folder, .. } => folder,
        };
        Ok(Reader { files: self.files, folder, memo: &self.memo })
    }

    /// `try`: the first argument that can be evaluated. Wrong names are never hidden.
    fn first_that_works(&self, frame: Frame<'_>, call: &FuncCall) -> Outcome {
        let mut last = None;
        for argument in call.args.iter() {
            match self.node(frame, argument) {
                Ok(value) => return Ok(value),
                Err(mistakes) if mistakes.any_fixed() => return Err(mistakes),
                Err(mistakes) => last = Some(mistakes),
            }
        }
        let why = last.and_then(|mistakes| mistakes.0.into_iter().next()).map_or_else(
            || "no argument was given".to_owned(),
            |mistake| format!("no argument can be evaluated; the last one: {}", mistake.diagnostic.detail),
        );
        Err(frame.wrong("nothing to try", why, call))
    }

    /// `can`: whether the argument can be evaluated.
    fn works(&self, frame: Frame<'_>, call: &FuncCall, node: &Node) -> Outcome {
        let Some(argument) = call.args.get(0) else {
            return Ok(Value::Flag(false));
        };
        match self.node(frame, argument) {
            Ok(unknown @ Value::Unknown(_)) => Ok(marks::unknown(frame.text(node), [&unknown])),
            Ok(_) => Ok(Value::Flag(true)),
            Err(mistakes) if mistakes.any_fixed() => Err(mistakes),
            Err(_) => Ok(Value::Flag(false)),
        }
    }

    fn template_file(&self, frame: Frame<'_>, call: &FuncCall, node: &Node, arguments: Vec<Value>) -> Outcome {
        let first = call.args.get(0).unwrap_or(node);
        if let Value::Unknown(_) = &arguments[0] {
            return Ok(marks::unknown(frame.text(node), &arguments));
        }
        let Some(path) = text::scalar(&arguments[0]) else {
            let detail = format!("`templatefile`: the path is text, not {}", arguments[0].kind_name());
            return Err(frame.wrong("invalid argument", detail, first));
        };
        let reader = self.reader(frame)?;
        let (path, text) = reader
            .text(&path)
            .map_err(|why| frame.wrong("cannot read a file", format!("`templatefile`: {why}"), first))?;
        self.rendered(frame, call, node, &text, &path, &arguments[1])
    }

    fn template_string(&self, frame: Frame<'_>, call: &FuncCall, node: &Node, arguments: Vec<Value>) -> Outcome {
        match &arguments[0] {
            Value::Text(text) => self.rendered(frame, call, node, text, "the template", &arguments[1]),
            Value::Unknown(_) => Ok(marks::unknown(frame.text(node), &arguments)),
            Value::Secret(secret) => match secret.expose() {
                Some(text) => {
                    let value =
                        self.rendered(frame, call, node, text, "the template", &arguments[1]).map_err(|_| {
                            frame.wrong("invalid argument", "`templatestring` does not take this secret", node)
                        })?;
                    Ok(marks::hidden(value, &secret.sources))
                }
                None => Ok(Value::Secret(secret.clone())),
            },
            other => {
                let detail = format!("`templatestring`: the template is text, not {}", other.kind_name());
                Err(frame.wrong("invalid argument", detail, call.args.get(0).unwrap_or(node)))
            }
        }
    }

    /// A template with the names of a map.
    fn rendered(
        &self,
        frame: Frame<'_>,
        call: &FuncCall,
        node: &Node,
        text: &str,
        title: &str,
        variables: &Value,
    ) -> Outcome {
        let entries = match variables {
            Value::Map(entries) => entries.iter().map(|(name, value)| (name.as_str(), value.clone())).collect(),
            Value::Unknown(_) | Value::Secret(_) => return Ok(marks::unknown(frame.text(node), [variables])),
            other => {
                let detail = format!("the names of a template are a map, not {}", other.kind_name());
                return Err(frame.wrong("invalid argument", detail, call.args.get(1).unwrap_or(node)));
            }
        };
        let folder = self.reader(frame)?.folder;
        let inner = Frame {
            source: Source::Template { text, title, folder, call: frame.span(node) },
            names: Some(&Names { entries, outer: None }),
        };
        let parsed = self.memo.template(text, frame.span(node), || {
            parse::parse(text).map_err(|faults| {
                let fault = faults.into_iter().next();
                let (summary, detail, range) = fault
                    .map_or(("syntax error in an expression", String::new(), 0..0), |fault| {
                        (fault.summary, fault.detail, fault.range)
                    });
                inner.wrong(summary, detail, &At(range))
            })
        })?;
        self.template(inner, &parsed)
    }
}

/// A bare range of bytes.
struct At(std::ops::Range<usize>);

impl hcl_edit::Span for At {
    fn span(&self) -> Option<std::ops::Range<usize>> {
        Some(self.0.clone())
    }
}
