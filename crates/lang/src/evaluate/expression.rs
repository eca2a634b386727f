//! One node of the syntax tree to its value.

use std::rc::Rc;

use hcl_edit::expr::{Conditional, Expression as Node};
use model::{Number, Value};

use super::{Evaluator, condition::Condition};
use crate::{frame::Frame, marks, mistake::Outcome, text};

impl Evaluator<'_> {
    pub(super) fn node(&self, frame: Frame<'_>, node: &Node) -> Outcome {
        let _deeper = self.memo.deeper(frame.span(node))?;
        match node {
            Node::Null(_) => Ok(Value::Null),
            Node::Bool(flag) => Ok(Value::Flag(*flag.value())),
            Node::Number(number) => Ok(literal(number.value())),
            Node::String(text) => Ok(Value::Text(text.value().clone())),
            Node::Parenthesis(inner) => self.node(frame, inner.inner()),
            Node::Array(array) => self.array(frame, array),
            Node::Object(object) => self.object(frame, object),
            Node::StringTemplate(template) => self.quoted(frame, template),
            Node::HeredocTemplate(heredoc) => self.heredoc(frame, heredoc),
            Node::Variable(name) => self.root(frame, name, &[]).map(|(value, _)| Rc::unwrap_or_clone(value)),
            Node::Traversal(traversal) => self.traversal(frame, traversal),
            Node::Conditional(conditional) => self.conditional(frame, conditional, node),
            Node::FuncCall(call) => self.call(frame, call, node),
            Node::UnaryOp(operation) => self.unary(frame, operation, node),
            Node::BinaryOp(operation) => self.binary(frame, operation, node),
            Node::ForExpr(each) => self.for_expression(frame, each, node),
        }
    }

    /// Evaluates the branch that was chosen; both needs count while the condition is unknown.
    fn conditional(&self, frame: Frame<'_>, conditional: &Conditional, node: &Node) -> Outcome {
        let branch = |chosen: bool| {
            let (this, other) = (&conditional.true_expr, &conditional.false_expr);
            let (this, other) = if chosen { (this, other) } else { (other, this) };
            Ok(beside(self.node(frame, this)?, other))
        };
        match self.condition(frame, &conditional.cond_expr)? {
            Condition::Known(chosen) => branch(chosen),
            Condition::Secret(chosen, sources) => Ok(marks::hidden(branch(chosen)?, &sources)),
            Condition::Marked(secret @ Value::Secret(_)) => Ok(secret),
            Condition::Marked(unknown) => {
                let branches = [branch(true), branch(false)];
                let seen: Vec<Value> = branches.into_iter().filter_map(Outcome::ok).chain([unknown]).collect();
                Ok(marks::unknown(frame.text(node), &seen))
            }
        }
    }
}

/// A number as it stands in an expression.
fn literal(number: &hcl_edit::Number) -> Value {
    let whole = number.as_i64().map(Number::Whole);
    whole.or_else(|| number.as_f64().and_then(Number::from_f64)).map_or(Value::Null, Value::Number)
}

/// A scalar next to a branch that is text becomes text: both branches have one type.
fn beside(value: Value, other: &Node) -> Value {
    match (&value, other) {
        (Value::Number(_) | Value::Flag(_), Node::String(_) | Node::StringTemplate(_)) => {
            text::scalar(&value).map_or(value, Value::Text)
        }
        _ => value,
    }
}
