//! Text to syntax tree, and the mistakes of syntax.

use model::{Diagnostic, Expression};

/// Whether a text must go through the evaluator: it has `${` or `%{` in it, escaped (`$${`) or not.
pub fn is_expression(text: &str) -> bool {
    text.contains("${") || text.contains("%{")
}

/// Every mistake of an expression that shows without any value: syntax, unknown functions, numbers of arguments.
pub fn check_syntax(expression: &Expression) -> Vec<Diagnostic> {
    let _ = expression;
    Vec::new()
}
