//! The filters that choose among parameters.

use serde_json::Value;

use super::Parameter;
use crate::refusal::Refusal;

/// One filter, of the older or the newer form.
pub(super) struct Filter {
    key: String,
    option: String,
    values: Vec<String>,
}

impl Filter {
    /// The filters of an input.
    pub(super) fn all(input: &Value) -> Result<Vec<Self>, Refusal> {
        let lists = ["Filters", "ParameterFilters"].into_iter().map(|list| &input[list]);
        lists.flat_map(|list| list.as_array().into_iter().flatten()).map(Self::read).collect()
    }

    fn read(written: &Value) -> Result<Self, Refusal> {
        let key = written["Key"].as_str().unwrap_or_default().to_owned();
        let option = written["Option"].as_str().unwrap_or("Equals").to_owned();
        let options: &[&str] = match key.as_str() {
            "Path" => &["Recursive", "OneLevel", "Equals"],
            "Name" => &["BeginsWith", "Equals", "Contains"],
            _ => &["BeginsWith", "Equals"],
        };
        if !options.contains(&option.as_str()) {
            let message = format!(
                "The following filter option is not valid: {option}. Valid options include: [BeginsWith, Equals]."
            );
            return Err(Refusal::new("InvalidFilterOption", message));
        }
        let values = written["Values"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let values: Vec<String> = values.map(str::to_owned).collect();
        if values.is_empty() && !key.starts_with("tag:") {
            return Err(Refusal::new(
                "InvalidFilterValue",
                "The following filter values are missing : null for filter key Name",
            ));
        }
        Ok(Self { key, option, values })
    }

    pub(super) fn meets(&self, held: &Parameter) -> bool {
        let Some((_, version)) = held.current() else { return false };
        if let Some(tag) = self.key.strip_prefix("tag:") {
            let value = held.tags.get(tag);
            return value.is_some_and(|value| self.values.is_empty() || self.any(value));
        }
        match self.key.as_str() {
            "Path" => self.values.iter().any(|path| under(path, &held.name, self.option == "Recursive")),
            "Name" => self.any(&held.name),
            "Type" => self.any(&version.kind),
            "KeyId" => version.key.as_deref().is_some_and(|key| self.any(key)),
            "Tier" => self.any(&version.tier),
            "DataType" => self.any(&version.data_type),
            "Label" => version.labels.iter().any(|label| self.any(label)),
            _ => false,
        }
    }

    fn any(&self, text: &str) -> bool {
        self.values.iter().any(|value| match self.option.as_str() {
            "BeginsWith" => text.starts_with(value.as_str()),
            "Contains" => text.contains(value.as_str()),
            _ => text == value,
        })
    }
}

/// Whether a name stands below a path: right below it, or at any depth.
pub(super) fn under(path: &str, name: &str, recursive: bool) -> bool {
    let path = path.trim_end_matches('/');
    let below = name.strip_prefix(path).and_then(|rest| rest.strip_prefix('/'));
    below.is_some_and(|rest| !rest.is_empty() && (recursive || !rest.contains('/')))
}
