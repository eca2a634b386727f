//! Arithmetic.

use model::{Number, Value};

use super::{Call, Fault, Function, Given};
use crate::{arithmetic, text};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::stop("abs", "number", abs),
    Function::stop("ceil", "number", |call| rounded(call, f64::ceil)),
    Function::stop("floor", "number", |call| rounded(call, f64::floor)),
    Function::stop("log", "number, base", log),
    Function::stop("max", "number, others...", |call| extreme(call, Number::max)),
    Function::stop("min", "number, others...", |call| extreme(call, Number::min)),
    Function::stop("parseint", "text, base", parseint),
    Function::stop("pow", "number, power", pow),
    Function::stop("signum", "number", signum),
    Function::stop("sum", "numbers", sum),
];

fn too_large() -> Fault {
    Fault::whole("the result is no number that can be held")
}

fn abs(call: &Call<'_>) -> Given {
    let number = call.number(0)?;
    let positive = if number < Number::Whole(0) { arithmetic::negate(number) } else { Some(number) };
    positive.map(Value::Number).ok_or_else(too_large)
}

fn rounded(call: &Call<'_>, round: fn(f64) -> f64) -> Given {
    match call.number(0)? {
        whole @ Number::Whole(_) => Ok(Value::Number(whole)),
        Number::Real(real) => Number::from_f64(round(real)).map(Value::Number).ok_or_else(too_large),
    }
}

fn log(call: &Call<'_>) -> Given {
    let (number, base) = (call.number(0)?.as_f64(), call.number(1)?.as_f64());
    arithmetic::real(number.ln() / base.ln()).map(Value::Number).ok_or_else(too_large)
}

fn extreme(call: &Call<'_>, choose: fn(Number, Number) -> Number) -> Given {
    let numbers = (0..call.values.len()).map(|index| call.number(index)).collect::<Given<Vec<_>>>()?;
    numbers.into_iter().reduce(choose).map(Value::Number).ok_or_else(|| Fault::whole("there is no number"))
}

fn pow(call: &Call<'_>) -> Given {
    let (number, power) = (call.number(0)?, call.number(1)?);
    if let (Number::Whole(number), Number::Whole(power)) = (number, power)
        && let Some(exact) = u32::try_from(power).ok().and_then(|power| number.checked_pow(power))
    {
        return Ok(exact.into());
    }
    arithmetic::real(number.as_f64().powf(power.as_f64())).map(Value::Number).ok_or_else(too_large)
}

fn signum(call: &Call<'_>) -> Given {
    Ok(match call.whole(0)?.cmp(&0) {
        std::cmp::Ordering::Less => (-1).into(),
        std::cmp::Ordering::Equal => 0.into(),
        std::cmp::Ordering::Greater => 1.into(),
    })
}

fn sum(call: &Call<'_>) -> Given {
    let items = call.list(0)?;
    if items.is_empty() {
        return Err(Fault::at(0, "an empty list has no sum"));
    }
    items
        .iter()
        .try_fold(Number::Whole(0), |sum, item| {
            let number =
                text::number(item).ok_or_else(|| Fault::at(0, format!("{} is no number", text::shown(item))))?;
            arithmetic::add(sum, number).ok_or_else(too_large)
        })
        .map(Value::Number)
}

/// Digits 0 to 9, then a to z, then A to Z, as Go's big integers have them.
fn digit(character: char, base: i64) -> Option<i64> {
    let value = match character {
        '0'..='9' => character as i64 - '0' as i64,
        'a'..='z' => character as i64 - 'a' as i64 + 10,
        'A'..='Z' if base <= 36 => character as i64 - 'A' as i64 + 10,
        'A'..='Z' => character as i64 - 'A' as i64 + 36,
        _ => return None,
    };
    (value < base).then_some(value)
}

fn parseint(call: &Call<'_>) -> Given {
    let Value::Text(text) = call.get(0)? else {
        return Err(Fault::at(0, "text is wanted"));
    };
    let base = call.whole(1)?;
    if !(2..=62).contains(&base) {
        return Err(Fault::at(1, "the base is a whole number from 2 to 62"));
    }
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let wrong = || Fault::at(0, format!("{text:?} is no whole number in base {base}"));
    if digits.is_empty() {
        return Err(wrong());
    }
    let mut number = Number::Whole(0);
    for character in digits.chars() {
        let digit = digit(character, base).ok_or_else(wrong)?;
        number = arithmetic::multiply(number, base.into())
            .and_then(|number| arithmetic::add(number, digit.into()))
            .ok_or_else(too_large)?;
    }
    let number = if negative { arithmetic::negate(number) } else { Some(number) };
    number.map(Value::Number).ok_or_else(too_large)
}
