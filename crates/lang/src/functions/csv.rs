//! CSV text with a line of names.

use std::collections::{BTreeMap, BTreeSet};

use csv::ReaderBuilder;
use model::Value;

use super::{Call, Fault, Given};

/// A list of maps, one for each line after the first.
pub(super) fn decode(call: &Call<'_>) -> Given {
    let text = call.text(0)?;
    let wrong = |error: csv::Error| Fault::at(0, format!("no CSV: {error}"));
    let mut reader = ReaderBuilder::new().has_headers(true).from_reader(text.as_bytes());
    let names = reader.headers().map_err(wrong)?.clone();
    if names.is_empty() {
        return Err(Fault::at(0, "the line of names is missing"));
    }
    let once: BTreeSet<&str> = names.iter().collect();
    if once.len() != names.len() {
        return Err(Fault::at(0, "a column name stands twice"));
    }
    let rows = reader.records().map(|record| {
        let record = record.map_err(wrong)?;
        let entries = names.iter().zip(&record).map(|(name, field)| (name.to_owned(), field.into()));
        Ok(Value::Map(entries.collect::<BTreeMap<_, _>>()))
    });
    Ok(Value::List(rows.collect::<Given<_>>()?))
}
