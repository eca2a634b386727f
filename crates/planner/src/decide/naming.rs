//! `…_name_prefix`: the name is made of the prefix and of what forces a replacement, so that old and new can live side by side.

use std::collections::BTreeMap;

use model::{Diagnostic, Live, Recorded, Schema, Value, schema::Effect};
use sha2::{Digest, Sha256};

use crate::diff::path::Path;

/// A resource that writes a prefix instead of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Naming {
    name: &'static str,
    attribute: &'static str,
    /// Nothing while it is not known.
    prefix: Option<String>,
}

/// The attribute that may be written instead of the fixed name.
pub(crate) fn prefix_attribute(schema: &Schema) -> Option<(&'static str, &'static str)> {
    schema.attributes.iter().find_map(|spec| Some((spec.begins?, spec.name)))
}

/// What has to be named, when a prefix is written and no name.
pub(crate) fn missing(schema: &Schema, want: &BTreeMap<String, Value>) -> Option<Naming> {
    let (name, attribute) = prefix_attribute(schema)?;
    let prefix = want.get(attribute).filter(|prefix| !prefix.is_null())?.as_text().map(str::to_owned);
    if want.contains_key(name) { None } else { Some(Naming { name, attribute, prefix }) }
}

impl Naming {
    /// While nothing forces a replacement the name stays.
    pub(crate) fn keep(&self, want: &mut BTreeMap<String, Value>, recorded: &Recorded, live: &Live) {
        let name = live.attributes.get(self.name).or_else(|| recorded.applied.get(self.name));
        if let Some(name) = name.filter(|name| !name.is_null()) {
            want.insert(self.name.to_owned(), name.clone());
        }
    }

    /// A name that follows from what forces replacements, and is not the old one.
    ///
    /// # Errors
    /// The prefix is not known yet.
    pub(crate) fn generate(
        &self,
        schema: &Schema,
        want: &mut BTreeMap<String, Value>,
        old: Option<Value>,
    ) -> Result<(), Diagnostic> {
        let Some(prefix) = &self.prefix else { return Err(self.not_known(want)) };
        want.remove(self.name);
        let mut name = digested(prefix, &deciding(schema, want));
        if old.as_ref().and_then(Value::as_text) == Some(&name) {
            name = digested(prefix, &format!("{}{name}", deciding(schema, want)));
        }
        want.insert(self.name.to_owned(), Value::Text(name));
        Ok(())
    }

    fn not_known(&self, want: &BTreeMap<String, Value>) -> Diagnostic {
        let from = match want.get(self.attribute) {
            Some(Value::Unknown(unknown)) => format!(", it comes from `{}`", unknown.expression),
            _ => String::new(),
        };
        let detail = format!("`{}` must be known before anything is made{from}", self.attribute);
        Diagnostic::error("name not known", detail, None)
            .hint("use a variable, or an attribute that follows from names, such as an ARN")
    }
}

fn digested(prefix: &str, text: &str) -> String {
    let digest = Sha256::digest(text);
    let hex: String = digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    format!("{prefix}{hex}")
}

/// The wanted values of all attributes that cannot change in place, as JSON; what is not known yet counts by its expression.
fn deciding(schema: &Schema, want: &BTreeMap<String, Value>) -> String {
    let forcing = schema.arguments().filter(|spec| !matches!(spec.effect, Effect::InPlace));
    let values: BTreeMap<String, &Value> =
        forcing.filter_map(|spec| Some((Path::of(spec.name).to_string(), want.get(spec.name)?))).collect();
    serde_json::to_string(&values).unwrap_or_default()
}
