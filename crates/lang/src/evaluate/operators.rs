//! Arithmetic, comparison and logic.

use hcl_edit::expr::{BinaryOp, BinaryOperator, Expression as Node, UnaryOp, UnaryOperator};
use model::{Number, Value};

use super::Evaluator;
use crate::{
    arithmetic,
    frame::Frame,
    marks,
    mistake::{Mistakes, Outcome, both},
    text,
};

impl Evaluator<'_> {
    pub(super) fn unary(&self, frame: Frame<'_>, operation: &UnaryOp, node: &Node) -> Outcome {
        let operand = self.node(frame, &operation.expr)?;
        marks::through(frame.text(node), vec![operand], |operands, secret| {
            let side = Side { frame, value: &operands[0], node: &operation.expr, secret };
            match operation.operator.value() {
                UnaryOperator::Not => Ok(Value::Flag(!side.flag("!")?)),
                UnaryOperator::Neg => side.number("-").map(arithmetic::negate).and_then(|number| {
                    number.map(Value::Number).ok_or_else(|| frame.wrong("invalid operand", "too large", node))
                }),
            }
        })
    }

    pub(super) fn binary(&self, frame: Frame<'_>, operation: &BinaryOp, node: &Node) -> Outcome {
        let operator = *operation.operator.value();
        if let BinaryOperator::And | BinaryOperator::Or = operator {
            return self.logic(frame, operation, operator == BinaryOperator::Or, node);
        }
        let (left, right) = both(self.node(frame, &operation.lhs_expr), self.node(frame, &operation.rhs_expr))?;
        if let BinaryOperator::Eq | BinaryOperator::NotEq = operator {
            return Ok(equality(frame.text(node), left, right, operator == BinaryOperator::Eq));
        }
        marks::through(frame.text(node), vec![left, right], |operands, secret| {
            let left = Side { frame, value: &operands[0], node: &operation.lhs_expr, secret };
            let right = Side { frame, value: &operands[1], node: &operation.rhs_expr, secret };
            let (a, b) = both(left.number(operator.as_str()), right.number(operator.as_str()))?;
            calculate(operator, a, b).ok_or_else(|| match b.as_f64() {
                0.0 => frame.wrong("division by zero", "the divisor is zero", &operation.rhs_expr),
                _ => frame.wrong("number too large", "the result is too large for a number", node),
            })
        })
    }

    /// `&&` and `||`: the right side is not looked at when the left one decides.
    fn logic(&self, frame: Frame<'_>, operation: &BinaryOp, decides: bool, node: &Node) -> Outcome {
        let sign = operation.operator.value().as_str();
        let left = self.node(frame, &operation.lhs_expr)?;
        if text::flag(&left) == Some(decides) {
            return Ok(Value::Flag(decides));
        }
        if !matches!(left, Value::Unknown(_) | Value::Secret(_)) {
            Side { frame, value: &left, node: &operation.lhs_expr, secret: false }.flag(sign)?;
        }
        let right = self.node(frame, &operation.rhs_expr)?;
        if text::flag(&right) == Some(decides) && !left.has_secret() {
            return Ok(Value::Flag(decides));
        }
        marks::through(frame.text(node), vec![left, right], |operands, secret| {
            let left = Side { frame, value: &operands[0], node: &operation.lhs_expr, secret };
            let right = Side { frame, value: &operands[1], node: &operation.rhs_expr, secret };
            let (left, right) = both(left.flag(sign), right.flag(sign))?;
            Ok(Value::Flag(if decides { left || right } else { left && right }))
        })
    }
}

/// `==` and `!=`. Values of different kinds are different; known differences decide also beside unknown leaves.
fn equality(expression: &str, left: Value, right: Value, wanted: bool) -> Value {
    if surely_different(&left, &right) {
        return Value::Flag(!wanted);
    }
    let outcome: Result<Value, std::convert::Infallible> =
        marks::through(expression, vec![left, right], |sides, _| Ok(Value::Flag((sides[0] == sides[1]) == wanted)));
    let Ok(value) = outcome;
    value
}

/// Whether two values differ whatever their unknown and secret leaves turn out to be.
pub(crate) fn surely_different(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Unknown(_), _) | (_, Value::Unknown(_)) => false,
        (Value::Secret(_), other) | (other, Value::Secret(_)) => other.is_null(),
        (Value::List(a), Value::List(b)) => a.len() != b.len() || a.iter().zip(b).any(|(a, b)| surely_different(a, b)),
        (Value::Map(a), Value::Map(b)) => {
            !a.keys().eq(b.keys()) || a.values().zip(b.values()).any(|(a, b)| surely_different(a, b))
        }
        (a, b) => a != b,
    }
}

/// Nothing for a division by zero and for results that are no number.
fn calculate(operator: BinaryOperator, a: Number, b: Number) -> Option<Value> {
    let number = match operator {
        BinaryOperator::Plus => arithmetic::add(a, b),
        BinaryOperator::Minus => arithmetic::subtract(a, b),
        BinaryOperator::Mul => arithmetic::multiply(a, b),
        BinaryOperator::Div => arithmetic::divide(a, b),
        BinaryOperator::Mod => arithmetic::remainder(a, b),
        BinaryOperator::Less => return Some(Value::Flag(a < b)),
        BinaryOperator::LessEq => return Some(Value::Flag(a <= b)),
        BinaryOperator::Greater => return Some(Value::Flag(a > b)),
        BinaryOperator::GreaterEq => return Some(Value::Flag(a >= b)),
        BinaryOperator::Eq | BinaryOperator::NotEq | BinaryOperator::And | BinaryOperator::Or => None,
    };
    number.map(Value::Number)
}

/// One operand, for its errors.
struct Side<'s> {
    frame: Frame<'s>,
    value: &'s Value,
    node: &'s Node,
    secret: bool,
}

impl Side<'_> {
    fn number(&self, sign: &str) -> Outcome<Number> {
        text::number(self.value).ok_or_else(|| self.wrong(sign, "a number"))
    }

    fn flag(&self, sign: &str) -> Outcome<bool> {
        text::flag(self.value).ok_or_else(|| self.wrong(sign, "a bool"))
    }

    fn wrong(&self, sign: &str, wanted: &str) -> Mistakes {
        let found = if self.secret { "this".to_owned() } else { text::shown(self.value) };
        let summary = if self.value.is_null() { "null value" } else { "invalid operand" };
        self.frame.wrong(summary, format!("`{sign}` takes {wanted}, and {found} is none"), self.node)
    }
}
