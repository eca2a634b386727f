//! Numbers: whole ones exactly, others as doubles that are shown as the short decimals people mean.

use model::Number;

/// The number of a double, freed from binary rounding: 0.1 + 0.2 is 0.3.
///
/// A decimal of at most twelve digits that lies within the last bits is what was meant.
pub(crate) fn real(real: f64) -> Option<Number> {
    const MEANT: usize = 12;
    let rounded = format!("{real:.14e}");
    let mantissa = rounded.split('e').next().unwrap_or_default();
    let digits = mantissa.trim_end_matches('0').chars().filter(char::is_ascii_digit).count();
    match rounded.parse::<f64>() {
        Ok(short) if digits <= MEANT => Number::from_f64(short),
        _ => Number::from_f64(real),
    }
}

/// Applies an operation on whole numbers where it is exact, else on doubles. Nothing when the result is no number.
fn apply(
    a: Number,
    b: Number,
    whole: impl Fn(i64, i64) -> Option<i64>,
    double: impl Fn(f64, f64) -> f64,
) -> Option<Number> {
    if let (Number::Whole(a), Number::Whole(b)) = (a, b)
        && let Some(exact) = whole(a, b)
    {
        return Some(Number::Whole(exact));
    }
    real(double(a.as_f64(), b.as_f64()))
}

pub(crate) fn add(a: Number, b: Number) -> Option<Number> {
    apply(a, b, i64::checked_add, |a, b| a + b)
}

pub(crate) fn subtract(a: Number, b: Number) -> Option<Number> {
    apply(a, b, i64::checked_sub, |a, b| a - b)
}

pub(crate) fn multiply(a: Number, b: Number) -> Option<Number> {
    apply(a, b, i64::checked_mul, |a, b| a * b)
}

/// Nothing for a divisor of zero.
pub(crate) fn divide(a: Number, b: Number) -> Option<Number> {
    apply(a, b, |a, b| a.checked_rem(b).filter(|rest| *rest == 0).and_then(|_| a.checked_div(b)), |a, b| a / b)
}

/// The rest of a division, with the sign of the dividend. Nothing for a divisor of zero.
pub(crate) fn remainder(a: Number, b: Number) -> Option<Number> {
    apply(a, b, i64::checked_rem, |a, b| a % b)
}

pub(crate) fn negate(number: Number) -> Option<Number> {
    subtract(Number::Whole(0), number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_show_the_decimals_that_were_meant() {
        for (found, expected) in [
            (add(real(0.1).unwrap(), real(0.2).unwrap()), "0.3"),
            (divide(1.into(), 3.into()), "0.3333333333333333"),
            (multiply(divide(1.into(), 3.into()).unwrap(), 3.into()), "1"),
            (divide(7.into(), 2.into()), "3.5"),
            (divide(6.into(), 2.into()), "3"),
            (subtract(real(1.1).unwrap(), 1.into()), "0.1"),
            (multiply(i64::MAX.into(), 4.into()), "36893488147419103000"),
            (remainder((-7).into(), 3.into()), "-1"),
            (remainder(real(7.5).unwrap(), 2.into()), "1.5"),
        ] {
            assert_eq!(found.map(|number| number.to_string()).as_deref(), Some(expected));
        }
        assert_eq!((divide(1.into(), 0.into()), remainder(1.into(), 0.into())), (None, None));
    }
}
