//! Older formats are lifted one version at a time; newer ones are refused.

use serde_json::Value;

use crate::{FORMAT, StoreError};

/// Lifts a text by one version.
pub(crate) type Lift = fn(Value) -> Value;

/// From format 1 on: the lift at index 0 makes 2 of 1.
pub(crate) const STATE: &[Lift] = &[];
pub(crate) const ENTRY: &[Lift] = &[];
pub(crate) const LEASE: &[Lift] = &[];

/// The same content in the newest format.
pub(crate) fn upgrade(place: &str, json: Value, lifts: &[Lift]) -> Result<Value, StoreError> {
    lift_to(place, json, lifts, FORMAT)
}

fn lift_to(place: &str, mut json: Value, lifts: &[Lift], known: u32) -> Result<Value, StoreError> {
    let found = json.get("format").and_then(Value::as_u64).ok_or_else(|| StoreError::DamagedState {
        place: place.to_owned(),
        path: "format".to_owned(),
        reason: "the number of the format is missing".to_owned(),
    })?;
    if found > u64::from(known) {
        return Err(StoreError::Newer { place: place.to_owned(), found, known });
    }
    for lift in lifts.iter().skip(usize::try_from(found).unwrap_or(0).saturating_sub(1)) {
        json = lift(json);
    }
    Ok(json)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn rename(mut json: Value) -> Value {
        let old = json["old"].take();
        json!({ "format": 2, "new": old })
    }

    #[test]
    fn older_formats_are_lifted_and_newer_ones_refused() {
        let lifted = lift_to("state.json", json!({ "format": 1, "old": 7 }), &[rename], 2);
        assert_eq!(lifted.ok(), Some(json!({ "format": 2, "new": 7 })));
        let kept = lift_to("state.json", json!({ "format": 2, "new": 7 }), &[rename], 2);
        assert_eq!(kept.ok(), Some(json!({ "format": 2, "new": 7 })));
        let newer = lift_to("state.json", json!({ "format": 3 }), &[rename], 2);
        assert_eq!(
            newer.map_err(|error| error.to_string()),
            Err("state.json has format 3, and this groma knows formats up to 2".to_owned())
        );
    }
}
