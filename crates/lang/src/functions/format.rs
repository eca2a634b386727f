//! `format` and `formatlist`: Go's verbs over our values.

use model::{Number, Value};
use unicode_segmentation::UnicodeSegmentation;

use super::{Call, Fault, Function, Given, json};
use crate::{marks, text};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::stop("format", "form, values...", |call| formatted(&call.text(0)?, &call.values[1..]).map(Value::Text)),
    Function::own("formatlist", "form, values...", formatlist),
];

/// One text for each place in the lists; what is no list stands in every one.
fn formatlist(call: &Call<'_>) -> Given {
    let arguments = &call.values[1..];
    if let [Value::Unknown(_), ..] = call.values[..] {
        return Err(Fault::Unknown);
    }
    let lengths: Vec<usize> = arguments.iter().filter_map(|value| value.as_list().map(<[Value]>::len)).collect();
    if lengths.windows(2).any(|pair| pair[0] != pair[1]) {
        return Err(Fault::whole("the lists have different lengths"));
    }
    let all_lists_unknown = lengths.is_empty() && arguments.iter().any(|value| matches!(value, Value::Unknown(_)));
    if all_lists_unknown {
        return Err(Fault::Unknown);
    }
    let rows = (0..lengths.first().copied().unwrap_or(1)).map(|at| {
        let row = arguments.iter().map(|value| value.as_list().map_or(value, |items| &items[at]).clone());
        let whole: Vec<Value> = call.values.first().cloned().into_iter().chain(row).collect();
        marks::through(call.expression, whole, |values, _| {
            let form = text::scalar(&values[0]).ok_or_else(|| Fault::at(0, "text is wanted"))?;
            formatted(&form, &values[1..]).map(Value::Text)
        })
    });
    Ok(Value::List(rows.collect::<Given<_>>()?))
}

/// One `%…` of a form.
#[derive(Default)]
struct Verb {
    plus: bool,
    minus: bool,
    sharp: bool,
    space: bool,
    zero: bool,
    width: usize,
    precision: Option<usize>,
    letter: char,
}

/// Wider than any use, and too narrow to fill the memory.
const WIDEST: usize = 10_000;

fn formatted(form: &str, arguments: &[Value]) -> Given<String> {
    let mut out = String::new();
    let mut rest = form;
    let mut next = 0;
    let mut highest = 0;
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        let (verb, index, after) = parse(&rest[at..], next)?;
        let written = &rest[at..rest.len() - after.len()];
        rest = after;
        if verb.letter == '%' {
            out.push('%');
            continue;
        }
        let argument = arguments
            .get(index)
            .ok_or_else(|| Fault::at(0, format!("`{written}` has no value: {} were given", arguments.len())))?;
        out.push_str(&verb.apply(argument).map_err(|why| Fault::at(index + 1, format!("`{written}`: {why}")))?);
        next = index + 1;
        highest = highest.max(next);
    }
    if highest < arguments.len() {
        return Err(Fault::at(highest + 1, format!("the form uses {highest} of {} values", arguments.len())));
    }
    out.push_str(rest);
    Ok(out)
}

/// A verb with the index of its argument and the text after it.
fn parse(text: &str, next: usize) -> Given<(Verb, usize, &str)> {
    let mut verb = Verb::default();
    let mut index = next;
    let mut rest = &text[1..];
    let wrong = || Fault::at(0, "the form ends within a `%…`; a percent sign is `%%`");
    loop {
        let character = rest.chars().next().ok_or_else(wrong)?;
        match character {
            '+' => verb.plus = true,
            '-' => verb.minus = true,
            '#' => verb.sharp = true,
            ' ' => verb.space = true,
            '0' => verb.zero = true,
            '[' => {
                let (inside, after) = rest[1..].split_once(']').ok_or_else(wrong)?;
                let number = inside.parse::<usize>().ok().filter(|number| *number > 0);
                index = number.ok_or_else(|| Fault::at(0, format!("`[{inside}]` is no number of a value")))? - 1;
                rest = after;
                continue;
            }
            '1'..='9' => {
                let digits = digits(rest);
                verb.width = size(digits)?;
                rest = &rest[digits.len()..];
                continue;
            }
            '.' => {
                let digits = digits(&rest[1..]);
                verb.precision = Some(if digits.is_empty() { 0 } else { size(digits)? });
                rest = &rest[1 + digits.len()..];
                continue;
            }
            letter => {
                verb.letter = letter;
                return Ok((verb, index, &rest[letter.len_utf8()..]));
            }
        }
        rest = &rest[1..];
    }
}

fn digits(text: &str) -> &str {
    &text[..text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len())]
}

fn size(digits: &str) -> Given<usize> {
    digits.parse().ok().filter(|size| *size <= WIDEST).ok_or_else(|| Fault::at(0, format!("{digits} is too wide")))
}

impl Verb {
    fn apply(&self, value: &Value) -> Result<String, String> {
        if value.is_null() && self.letter != 'v' {
            return Err("null cannot be formatted".to_owned());
        }
        let text = match self.letter {
            'v' if self.sharp => json::encode(value),
            'v' => match value {
                Value::Text(text) => text.clone(),
                Value::Number(number) => bare(number.as_f64()),
                other => json::encode(other),
            },
            't' => return Ok(text::flag(value).ok_or("a bool is wanted")?.to_string()),
            's' => self.cut(&text::scalar(value).ok_or("text is wanted")?),
            'q' => json::encode(&self.cut(&text::scalar(value).ok_or("text is wanted")?).into()),
            'b' | 'd' | 'o' | 'x' | 'X' => self.whole(number(value)?.as_i64().ok_or("a whole number is wanted")?),
            'e' | 'E' | 'f' | 'F' | 'g' | 'G' => self.real(number(value)?.as_f64()),
            other => return Err(format!("there is no verb `%{other}`")),
        };
        Ok(self.padded(text))
    }

    /// The first characters, as many as the precision says.
    fn cut(&self, text: &str) -> String {
        self.precision.map_or_else(|| text.to_owned(), |most| text.graphemes(true).take(most).collect())
    }

    fn signed(&self, negative: bool, digits: &str) -> String {
        let sign = match (negative, self.plus, self.space) {
            (true, ..) => "-",
            (false, true, _) => "+",
            (false, false, true) => " ",
            (false, false, false) => "",
        };
        format!("{sign}{digits}")
    }

    fn whole(&self, whole: i64) -> String {
        let size = whole.unsigned_abs();
        let digits = match self.letter {
            'b' => format!("{size:b}"),
            'o' => format!("{size:o}"),
            'x' => format!("{size:x}"),
            'X' => format!("{size:X}"),
            _ => size.to_string(),
        };
        let prefix = match (self.sharp, self.letter) {
            (true, 'b') => "0b",
            (true, 'o') => "0",
            (true, 'x') => "0x",
            (true, 'X') => "0X",
            _ => "",
        };
        self.signed(whole < 0, &format!("{prefix}{digits:0>width$}", width = self.precision.unwrap_or(0)))
    }

    fn real(&self, real: f64) -> String {
        let size = real.abs();
        let digits = match self.letter {
            'e' | 'E' => exponent(&format!("{size:.*e}", self.precision.unwrap_or(6))),
            'f' | 'F' => format!("{size:.*}", self.precision.unwrap_or(6)),
            _ => shortest(size, self.precision),
        };
        let digits = if self.letter.is_uppercase() { digits.to_uppercase() } else { digits };
        self.signed(real.is_sign_negative() && real != 0.0, &digits)
    }

    fn padded(&self, text: String) -> String {
        let missing = self.width.saturating_sub(text.graphemes(true).count());
        if missing == 0 {
            return text;
        }
        if self.minus {
            return text + &" ".repeat(missing);
        }
        if self.zero {
            let sign = if text.starts_with(['+', '-', ' ']) && self.letter != 's' { 1 } else { 0 };
            return format!("{}{}{}", &text[..sign], "0".repeat(missing), &text[sign..]);
        }
        " ".repeat(missing) + &text
    }
}

fn number(value: &Value) -> Result<Number, String> {
    text::number(value).ok_or_else(|| "a number is wanted".to_owned())
}

/// Go's exponents have a sign and at least two digits.
fn exponent(text: &str) -> String {
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let (sign, digits) = exponent.strip_prefix('-').map_or(('+', exponent), |digits| ('-', digits));
    format!("{mantissa}e{sign}{digits:0>2}")
}

/// `%v` of a number: its precision and sign flags do not count.
fn bare(real: f64) -> String {
    format!("{}{}", if real < 0.0 { "-" } else { "" }, shortest(real.abs(), None))
}

/// `%g`: the shortest form, with an exponent for very small and very large numbers.
fn shortest(size: f64, precision: Option<usize>) -> String {
    let scientific = match precision {
        None => format!("{size:e}"),
        Some(digits) => format!("{size:.*e}", digits.max(1) - 1),
    };
    let (mantissa, power) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let power: i32 = power.parse().unwrap_or(0);
    let mantissa = if mantissa.contains('.') { mantissa.trim_end_matches('0').trim_end_matches('.') } else { mantissa };
    let count = mantissa.chars().filter(char::is_ascii_digit).count() as i32;
    // Without a precision the limit is that of six digits.
    let limit = precision.map_or(6, |digits| match digits.max(1) as i32 {
        wide if wide > count && count > power => count,
        digits => digits,
    });
    if power < -4 || power >= limit {
        return exponent(&format!("{mantissa}e{power}"));
    }
    let decimals = usize::try_from((count - 1 - power).max(0)).unwrap_or(0);
    format!("{size:.decimals$}")
}
