//! Data that refers to resources: read already, or read when they are done.

use std::collections::BTreeMap;

use model::{
    Action, Diagnostic, Value,
    graph::Data,
    schema::{DataSchema, Role},
};

use super::{Decision, Fate, Walk, blank, home};
use crate::evaluate;

impl Walk<'_, '_> {
    pub(super) fn data(&mut self, data: &Data) {
        let address = &data.address;
        if data.dependencies.is_empty() && self.view.graph.scopes.data.contains_key(address) {
            return;
        }
        let Some(schema) = self.view.schemas.data(&address.type_name) else {
            let detail = format!("`{}` is no data type", address.type_name);
            return self.refuse(address, Diagnostic::error("unknown type", detail, Some(data.span)));
        };
        let arguments = evaluate::data_arguments(self.evaluator, self.decided, address, &data.arguments, self.findings);
        let Some(arguments) = arguments else {
            self.decided.set(address.clone(), unread(schema, data, &BTreeMap::new()));
            self.fates.insert(address.clone(), Fate::MayChange);
            return;
        };
        if self.answered(data, schema, &arguments.want) {
            return;
        }
        let mut change = blank(address, home(self.view));
        if let Some(Ok(Some(region))) =
            data.region.as_ref().map(|written| evaluate::known_text(self.evaluator, "region", written))
        {
            change.region = region;
        }
        change.action = Action::Read;
        change.place = self.view.place(data.span);
        change.reasons = vec!["refers to what this plan changes".to_owned()];
        change.dependencies.clone_from(&data.dependencies);
        self.decided.set(address.clone(), unread(schema, data, &arguments.want));
        self.fates.insert(address.clone(), Fate::MayChange);
        change.want = arguments.want;
        change.residuals = arguments.residuals;
        self.decisions.insert(address.clone(), Decision::plain(change));
    }

    /// Whether its values are known now: computed from its arguments, or read while nothing it refers to changes.
    fn answered(&mut self, data: &Data, schema: &DataSchema, want: &BTreeMap<String, Value>) -> bool {
        let address = &data.address;
        if let Some(local) = schema.local.filter(|_| want.values().all(Value::is_known)) {
            match local(want) {
                Ok(attributes) => self.decided.set(address.clone(), with(want, attributes)),
                Err(finding) => {
                    let span = data.arguments.get(&finding.path).map_or(data.span, |entry| entry.value.span);
                    self.refuse(address, Diagnostic::error(finding.summary, finding.detail, Some(span)));
                    self.decided.set(address.clone(), unread(schema, data, want));
                }
            }
            return true;
        }
        let unchanged = data.dependencies.iter().all(|used| self.fate(used) == Fate::Same);
        match self.view.observed.data.get(address).filter(|_| unchanged) {
            Some(Value::Map(attributes)) => {
                self.decided.set(address.clone(), attributes.clone());
                true
            }
            _ => false,
        }
    }
}

fn with(want: &BTreeMap<String, Value>, attributes: BTreeMap<String, Value>) -> BTreeMap<String, Value> {
    let mut all = want.clone();
    all.extend(attributes);
    all
}

/// Its arguments, and everything else unknown.
fn unread(schema: &DataSchema, data: &Data, want: &BTreeMap<String, Value>) -> BTreeMap<String, Value> {
    let value = |name: &str, role: Role| match want.get(name) {
        Some(value) => value.clone(),
        None if role == Role::Computed => evaluate::unknown(&data.address, name),
        None => Value::Null,
    };
    schema.attributes.iter().map(|spec| (spec.name.to_owned(), value(spec.name, spec.role))).collect()
}
