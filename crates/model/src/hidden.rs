//! Observed values come back in plain: what is a secret where it was written is one where it is read.

use std::collections::BTreeMap;

use crate::{Fingerprinter, Live, Secret, Value};

impl Live {
    /// The same with a secret in each place where `written` has one; what was read as a secret carries its fingerprint.
    #[must_use]
    pub fn hidden(mut self, written: &BTreeMap<String, Value>, fingerprinter: &Fingerprinter) -> Self {
        for value in self.attributes.values_mut().filter(|value| value.has_secret()) {
            *value = std::mem::take(value).sealed(fingerprinter);
        }
        for (name, written) in written.iter().filter(|(_, written)| written.has_secret()) {
            if let Some(live) = self.attributes.remove(name) {
                self.attributes.insert(name.clone(), live.hidden(written, fingerprinter));
            }
        }
        self
    }

    /// Whether any attribute holds a secret.
    pub fn has_secret(&self) -> bool {
        self.attributes.values().any(Value::has_secret)
    }
}

impl Value {
    /// The same with a secret in each place where `written` has one. Items of lists need not stand in the same order.
    #[must_use]
    pub fn hidden(self, written: &Self, fingerprinter: &Fingerprinter) -> Self {
        match (self, written) {
            (Self::Null, _) => Self::Null,
            (Self::Secret(secret), _) => Self::Secret(fingerprinter.seal(secret)),
            (live, Self::Secret(_)) => Self::Secret(fingerprinter.seal(Secret::new(text(live), Vec::new()))),
            (Self::Map(live), Self::Map(written)) => {
                let inside = |(name, live): (String, Self)| match written.get(&name) {
                    Some(written) => (name, live.hidden(written, fingerprinter)),
                    None => (name, live),
                };
                Self::Map(live.into_iter().map(inside).collect())
            }
            (Self::List(live), Self::List(written)) => {
                let inside = |live: Self| match written.contains(&live) {
                    true => live,
                    false => written.iter().fold(live, |live, written| live.hidden(written, fingerprinter)),
                };
                Self::List(live.into_iter().map(inside).collect())
            }
            (live, _) => live,
        }
    }
}

fn text(value: Value) -> String {
    match value {
        Value::Text(text) => text,
        other => other.exposed_json().map(|json| json.to_string()).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret() -> Value {
        Value::Secret(Secret::not_given(Vec::new()))
    }

    fn map(entries: &[(&str, Value)]) -> Value {
        Value::Map(entries.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect())
    }

    #[track_caller]
    fn check(live: Value, written: Value, expected: &str) {
        let hidden = live.hidden(&written, &Fingerprinter::new(b"key"));
        let mut shown = serde_json::to_string(&hidden).unwrap();
        for text in ["s3cret", "other"] {
            let fingerprint = Fingerprinter::new(b"key").of(text).0;
            shown =
                shown.replace(&format!("{{\"$secret\":{{\"fingerprint\":\"{fingerprint}\"}}}}"), &format!("<{text}>"));
        }
        assert_eq!(shown, expected);
    }

    #[test]
    fn what_was_written_as_a_secret_is_one() {
        check("s3cret".into(), secret(), "<s3cret>");
        check(Value::Null, secret(), "null");
        check("s3cret".into(), "s3cret".into(), "\"s3cret\"");
    }

    #[test]
    fn only_its_own_place_is_hidden() {
        let live = map(&[("user", "app".into()), ("password", "s3cret".into()), ("more", "x".into())]);
        let written = map(&[("user", "app".into()), ("password", secret())]);
        check(live, written, r#"{"more":"x","password":<s3cret>,"user":"app"}"#);
    }

    #[test]
    fn in_a_list_every_item_that_is_not_written_so_may_be_the_secret_one() {
        let pair = |name: &str, value: Value| map(&[("name", name.into()), ("value", value)]);
        let live = Value::List(vec![pair("B", "plain".into()), pair("A", "s3cret".into()), pair("C", "other".into())]);
        let written = Value::List(vec![pair("A", secret()), pair("B", "plain".into())]);
        let expected = r#"[{"name":"B","value":"plain"},{"name":"A","value":<s3cret>},{"name":"C","value":<other>}]"#;
        check(live, written, expected);
    }
}
