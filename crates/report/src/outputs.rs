//! Outputs, for people and for scripts.

use std::collections::BTreeMap;

use model::{Diagnostic, Value, state::RecordedOutput};

use crate::{
    clean::key,
    json::{pretty, value},
    lines::{Line, Piece, Sign},
    style::{Style, Tone},
    view::entry::{Entry, Shown, lay},
};

/// `name  value` for each output; secret ones as `(secret)`.
pub fn outputs_text(outputs: &BTreeMap<String, RecordedOutput>, style: Style, width: usize) -> String {
    let lines = lines(outputs, width).into_iter().map(|line| line.render(0, style, width + 2));
    let rows: String = lines.collect();
    rows.lines().fold(String::new(), |out, line| out + line.strip_prefix("  ").unwrap_or(line) + "\n")
}

/// The same under a heading.
pub(crate) fn block(outputs: &BTreeMap<String, RecordedOutput>, style: Style, width: usize) -> String {
    let lines = lines(outputs, width.saturating_sub(2)).into_iter().map(|line| line.render(0, style, width));
    style.paint(Tone::Strong, "Outputs") + "\n" + &lines.collect::<String>()
}

fn lines(outputs: &BTreeMap<String, RecordedOutput>, room: usize) -> Vec<Line> {
    let entries = outputs.iter().map(|(name, output)| {
        let shown = if output.secret {
            Shown::Pieces(vec![Piece::new(Tone::Veiled, "(secret)")])
        } else {
            Shown::Value(output.value.clone())
        };
        Entry::new(Sign::None, key(name), shown)
    });
    lay(entries.collect(), room)
}

/// `{ "name": value }`; secret ones are `{"$secret": "given"}`.
pub fn outputs_json(outputs: &BTreeMap<String, RecordedOutput>) -> String {
    pretty(&outputs_value(outputs))
}

pub(crate) fn outputs_value(outputs: &BTreeMap<String, RecordedOutput>) -> serde_json::Value {
    let shown = |output: &RecordedOutput| {
        if output.secret { serde_json::json!({ "$secret": "given" }) } else { value(&output.value) }
    };
    serde_json::Value::Object(outputs.iter().map(|(name, output)| (name.clone(), shown(output))).collect())
}

/// One output bare and without a newline, for `$(groma output ENV NAME --raw)`.
///
/// # Errors
/// Lists, maps, secrets and what is not known have no bare form.
pub fn output_raw(name: &str, output: &RecordedOutput) -> Result<String, Box<Diagnostic>> {
    const SUMMARY: &str = "output has no bare form";
    let refuse = |kind: &str, hint: &str| {
        Box::new(Diagnostic::error(SUMMARY, format!("output `{name}` is {kind}"), None).hint(hint))
    };
    if output.secret || output.value.has_secret() {
        return Err(refuse("secret", "`--reveal` reads it from where it is kept"));
    }
    match &output.value {
        Value::Text(text) => Ok(text.clone()),
        Value::Number(number) => Ok(number.to_string()),
        Value::Flag(flag) => Ok(flag.to_string()),
        Value::Null => Err(refuse("null", "it has no value in the last applied state")),
        Value::Unknown(_) => Err(refuse("not known yet", "apply first")),
        other => Err(refuse(other.kind_name(), "use `--json` and pick the part you need")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{map, secret, unknown};

    fn output(value: impl Into<Value>) -> RecordedOutput {
        RecordedOutput { value: value.into(), secret: false }
    }

    fn sample() -> BTreeMap<String, RecordedOutput> {
        let urls = map([
            ("prod", "https://prod.example.com/with/quite/a/path".into()),
            ("stage", "https://stage.example.com".into()),
        ]);
        BTreeMap::from([
            ("password".to_owned(), RecordedOutput { value: "arn:aws:secretsmanager:x".into(), secret: true }),
            ("urls".to_owned(), output(urls)),
            ("table_name".to_owned(), output("friendly-advice")),
            ("count".to_owned(), output(3)),
        ])
    }

    #[test]
    fn outputs_are_aligned_and_secrets_stay_secret() {
        let expected = "\
count       3
password    (secret)
table_name  \"friendly-advice\"
urls
  prod   \"https://prod.example.com/with/quite/a/path\"
  stage  \"https://stage.example.com\"
";
        assert_eq!(outputs_text(&sample(), Style::Plain, 80), expected);
        assert_eq!(outputs_text(&BTreeMap::new(), Style::Plain, 80), "");
    }

    #[test]
    fn json_has_values_and_marks() {
        let expected = r#"{
  "count": 3,
  "password": {
    "$secret": "given"
  },
  "table_name": "friendly-advice",
  "urls": {
    "prod": "https://prod.example.com/with/quite/a/path",
    "stage": "https://stage.example.com"
  }
}
"#;
        assert_eq!(outputs_json(&sample()), expected);
    }

    #[test]
    fn raw_is_for_scalars() {
        let check = |output: RecordedOutput, expected: Result<&str, &str>| {
            let raw = output_raw("x", &output);
            let raw = raw.as_ref().map(String::as_str).map_err(|error| error.detail.as_str());
            assert_eq!(raw, expected);
        };
        check(output("a \"b\""), Ok("a \"b\""));
        check(output(3), Ok("3"));
        check(output(false), Ok("false"));
        check(output(vec!["a"]), Err("output `x` is a list"));
        check(output(Value::Null), Err("output `x` is null"));
        check(output(unknown("a.b.c")), Err("output `x` is not known yet"));
        check(output(secret("hunter2hunter2")), Err("output `x` is secret"));
        check(RecordedOutput { value: "v".into(), secret: true }, Err("output `x` is secret"));
    }
}
