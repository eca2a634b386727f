//! Text to syntax tree, and the mistakes of syntax.

use std::{ops::Range, str::FromStr};

use hcl_edit::template::Template;
use model::{Diagnostic, Expression};

use crate::{
    mistake::{Mistake, Mistakes, Outcome},
    signature,
};

/// Whether a text must go through the evaluator: it has `${` or `%{` in it, escaped (`$${`) or not.
pub fn is_expression(text: &str) -> bool {
    text.contains("${") || text.contains("%{")
}

/// Every mistake of an expression that shows without any value: syntax, unknown functions, numbers of arguments.
pub fn check_syntax(expression: &Expression) -> Vec<Diagnostic> {
    match template(expression) {
        Ok(template) => signature::check(expression, &template),
        Err(mistakes) => mistakes.into_diagnostics(),
    }
}

/// The syntax tree of an expression.
pub(crate) fn template(expression: &Expression) -> Outcome<Template> {
    parse(&expression.text).map_err(|faults| {
        let mistakes = faults.into_iter().map(|fault| {
            let span = expression.locate(fault.range);
            let mut diagnostic = Diagnostic::error(fault.summary, fault.detail, Some(span));
            diagnostic.hints.extend(fault.hint);
            if let Some((range, replacement)) = fault.patch {
                diagnostic = diagnostic.patch(expression.locate(range), replacement);
            }
            Mistake { diagnostic, fixed: true }
        });
        Mistakes(mistakes.collect())
    })
}

/// A mistake of syntax, by bytes of the text.
#[derive(Debug, PartialEq)]
pub(crate) struct Fault {
    pub(crate) summary: &'static str,
    pub(crate) detail: String,
    pub(crate) range: Range<usize>,
    pub(crate) hint: Option<String>,
    pub(crate) patch: Option<(Range<usize>, &'static str)>,
}

/// Parses a template; the faults are never none.
pub(crate) fn parse(text: &str) -> Result<Template, Vec<Fault>> {
    Template::from_str(text).map_err(|error| {
        let policy = policy_variables(text);
        if policy.is_empty() { vec![syntax_fault(text, &error)] } else { policy }
    })
}

fn syntax_fault(text: &str, error: &hcl_edit::parser::Error) -> Fault {
    let start = floor_boundary(text, error.location().offset());
    let rest = &text[start..];
    let range = start..start + rest.chars().next().map_or(0, char::len_utf8);
    let fault = |detail: &str, range, hint: Option<&str>| Fault {
        summary: "syntax error in an expression",
        detail: detail.to_owned(),
        range,
        hint: hint.map(str::to_owned),
        patch: None,
    };
    let marker = start..start + 2;
    let word = rest.get(2..).unwrap_or_default().trim_start_matches(['~', ' ']);
    match error.message() {
        _ if rest.starts_with("${") => {
            let hint = "to write `${` itself, double the sign: `$${`";
            fault("this `${` cannot be read up to its `}`", marker, Some(hint))
        }
        _ if rest.starts_with("%{") && word.starts_with("if ") => {
            fault("`%{ if … }` is not closed by `%{ endif }`", marker, None)
        }
        _ if rest.starts_with("%{") && word.starts_with("for ") => {
            fault("`%{ for … }` is not closed by `%{ endfor }`", marker, None)
        }
        _ if rest.starts_with("%{") => {
            let hint = "to write `%{` itself, double the sign: `%%{`";
            fault("`%{` starts `%{ if … }` or `%{ for … }`", marker, Some(hint))
        }
        message if message.starts_with("invalid expression") => fault("an expression is wanted here", range, None),
        message => fault(message, range, None),
    }
}

fn floor_boundary(text: &str, offset: usize) -> usize {
    (0..=offset.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

/// IAM policy variables written as if they were ours: `${aws:username}`, `${saml:sub, 'x'}`, `${*}`.
fn policy_variables(text: &str) -> Vec<Fault> {
    text.match_indices("${")
        .filter(|(at, _)| !text[..*at].ends_with('$'))
        .filter_map(|(at, _)| {
            let end = at + text[at..].find('}')? + 1;
            let name = &text[at + 2..end - 1];
            is_policy_variable(name).then(|| Fault {
                summary: "policy variable without its escape",
                detail: format!("`${{{name}}}` is a variable of IAM policies, not an expression"),
                range: at..end,
                hint: Some(format!("double the sign: `$${{{name}}}` reaches AWS as `${{{name}}}`")),
                patch: Some((at..at + 2, "$${")),
            })
        })
        .collect()
}

fn is_policy_variable(name: &str) -> bool {
    if matches!(name, "*" | "?" | "$") {
        return true;
    }
    name.split_once(':').is_some_and(|(prefix, rest)| {
        let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
        let next = rest.starts_with(|c: char| c.is_ascii_alphabetic());
        !prefix.is_empty() && prefix.chars().all(part) && next
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[(&str, &str)]) {
        let faults = parse(text).err().unwrap_or_default();
        let found: Vec<(&str, &str)> = faults.iter().map(|fault| (fault.summary, &text[fault.range.clone()])).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn policy_variables_are_told_from_expressions() {
        let summary = "policy variable without its escape";
        check("arn:aws:s3:::home/${aws:username}/*", &[(summary, "${aws:username}")]);
        check(
            "${aws:PrincipalTag/team, 'x'} $${aws:userid} ${saml:sub}",
            &[(summary, "${aws:PrincipalTag/team, 'x'}"), (summary, "${saml:sub}")],
        );
        check("${cognito-identity.amazonaws.com:sub}", &[(summary, "${cognito-identity.amazonaws.com:sub}")]);
        check("${*}", &[(summary, "${*}")]);
        check("$${aws:username}", &[]);
        check("${a ? b : c}", &[]);
    }

    #[test]
    fn syntax_errors_are_marked_where_they_stand() {
        let summary = "syntax error in an expression";
        check("x ${1 +} y", &[(summary, "}")]);
        check("${", &[(summary, "${")]);
        check("é${a b}", &[(summary, "b")]);
        check("100%{x}", &[(summary, "%{")]);
    }
}
