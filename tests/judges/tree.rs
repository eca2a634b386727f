//! Where two values differ, member by member.

use serde_json::Value;

/// One line for each difference: `member: first, second`; `–` stands for nothing.
pub(crate) fn differences(first: &Value, second: &Value) -> Vec<String> {
    let mut lines = Vec::new();
    walk("", Some(first), Some(second), &mut lines);
    lines
}

fn walk(path: &str, first: Option<&Value>, second: Option<&Value>, lines: &mut Vec<String>) {
    match (first, second) {
        (Some(Value::Object(left)), Some(Value::Object(right))) => {
            let more = right.keys().filter(|name| !left.contains_key(*name));
            for name in left.keys().chain(more) {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                walk(&path, left.get(name), right.get(name), lines);
            }
        }
        (Some(Value::Array(left)), Some(Value::Array(right))) if left.len() == right.len() => {
            for (index, (left, right)) in left.iter().zip(right).enumerate() {
                walk(&format!("{path}[{index}]"), Some(left), Some(right), lines);
            }
        }
        (first, second) if first != second => {
            let text = |value: Option<&Value>| value.map_or("–".to_owned(), Value::to_string);
            lines.push(format!("{path}: {}, {}", text(first), text(second)));
        }
        _ => {}
    }
}
