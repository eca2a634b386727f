//! Facts that follow from what is written: arguments, and attributes that account, region and name decide.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use model::{
    Address, Attribute, Kind, Number, Resource, Schema, Schemas, Scopes, Secret, SecretSource, Unknown, Value,
    schema::{Prediction, Role},
};

use crate::{Evaluator, Facts, Files, evaluate::Memo, marks};

/// Knows of each resource its written arguments and predicted attributes; the rest is unknown. Looks at no state and
/// nothing live, so that it says the same on the first run and on every later one.
pub struct Predicted<'a> {
    scopes: &'a Scopes,
    resources: &'a BTreeMap<Address, Resource>,
    schemas: &'a Schemas,
    files: &'a dyn Files,
    memo: Rc<Memo>,
    known: RefCell<BTreeMap<Address, Value>>,
    running: RefCell<BTreeSet<Address>>,
}

impl<'a> Predicted<'a> {
    pub fn new(
        scopes: &'a Scopes,
        resources: &'a BTreeMap<Address, Resource>,
        schemas: &'a Schemas,
        files: &'a dyn Files,
    ) -> Self {
        Self {
            scopes,
            resources,
            schemas,
            files,
            memo: Rc::default(),
            known: RefCell::default(),
            running: RefCell::default(),
        }
    }

    fn evaluate(&self, resource: &Resource) -> Value {
        // A type that nobody knows is reported where it is written, and not again at each reference.
        let Some(schema) = self.schemas.resource(&resource.address.type_name) else {
            return unknown(&resource.address, None);
        };
        let evaluator = Evaluator::sharing(self.scopes, self, self.files, Rc::clone(&self.memo));
        // What cannot be evaluated is reported where the argument itself is evaluated; here it is only not known.
        let value =
            |name: &str, written| evaluator.written(written).unwrap_or_else(|_| unknown(&resource.address, Some(name)));
        let mut known: BTreeMap<String, Value> = BTreeMap::new();
        for (name, entry) in &resource.arguments {
            let attribute = schema.attribute(name);
            let argument = value(name, &entry.value);
            known.insert(name.clone(), attribute.map_or(argument.clone(), |attribute| fitted(argument, attribute)));
        }
        if schema.taggable && !resource.inherited_tags.is_empty() {
            let inherited = resource.inherited_tags.iter();
            let inherited = inherited.map(|(name, entry)| (name.clone(), value("tags", &entry.value))).collect();
            let own = known.remove("tags");
            known.insert("tags".to_owned(), overlaid(inherited, own));
        }
        let region = resource.region.as_ref().and_then(|written| evaluator.written(written).ok());
        let region = region.as_ref().and_then(Value::as_text).unwrap_or(&self.scopes.environment.region);
        self.complete(resource, schema, region, &mut known);
        Value::Map(known)
    }

    /// Data that was not read: nothing is known of it but what it has, so that a wrong name is told without a read.
    fn unread(&self, address: &Address) -> Option<Value> {
        let attributes = self.schemas.data(&address.type_name)?.attributes.iter().map(|attribute| attribute.name);
        Some(Value::Map(attributes.map(|name| (name.to_owned(), unknown(address, Some(name)))).collect()))
    }

    /// Adds what nobody wrote: predictions where there are some, else unknown leaves.
    fn complete(&self, resource: &Resource, schema: &Schema, region: &str, known: &mut BTreeMap<String, Value>) {
        let arguments = known.clone();
        let prediction = Prediction { arguments: &arguments, environment: &self.scopes.environment, region };
        for attribute in schema.attributes {
            if known.contains_key(attribute.name) {
                continue;
            }
            let predicted = match attribute.predicted {
                Some(predict) => predict(&prediction),
                None if attribute.role == Role::Computed && attribute.name == "id" => {
                    schema.predict_id.and_then(|predict| predict(&prediction)).map(Value::Text)
                }
                None if attribute.write_only || attribute.deletion => Some(Value::Null),
                None => None,
            };
            let value = predicted.unwrap_or_else(|| unknown(&resource.address, Some(attribute.name)));
            known.insert(attribute.name.to_owned(), value);
        }
    }
}

impl Facts for Predicted<'_> {
    fn resource(&self, address: &Address) -> Option<Value> {
        let resource = self.resources.get(address)?;
        if let Some(known) = self.known.borrow().get(address) {
            return Some(known.clone());
        }
        if !self.running.borrow_mut().insert(address.clone()) {
            // Its own arguments lead back to it: the graph reports that cycle.
            return Some(unknown(address, None));
        }
        let value = self.evaluate(resource);
        self.running.borrow_mut().remove(address);
        self.known.borrow_mut().insert(address.clone(), value.clone());
        Some(value)
    }

    fn data(&self, address: &Address) -> Option<Value> {
        self.scopes.data.get(address).cloned().or_else(|| self.unread(address))
    }

    fn secret(&self, _: &SecretSource) -> Option<Secret> {
        None
    }
}

fn unknown(address: &Address, attribute: Option<&str>) -> Value {
    let expression = match attribute {
        Some(attribute) => format!("{address}.{attribute}"),
        None => address.to_string(),
    };
    Value::Unknown(Unknown { expression, needs: BTreeSet::from([address.clone()]) })
}

/// An argument as its attribute has it: converted, and secret where the attribute is.
fn fitted(argument: Value, attribute: &Attribute) -> Value {
    let value = coerced(argument, attribute.kind);
    if attribute.secret && !value.has_secret() { marks::hidden(value, &[]) } else { value }
}

/// Numbers and text as the kind wants them, where nothing is lost.
fn coerced(value: Value, kind: Kind) -> Value {
    match (kind, value) {
        (Kind::Text, Value::Number(number)) => Value::Text(number.to_string()),
        (Kind::Number, Value::Text(text)) => match Number::parse_exact(&text) {
            Some(number) => Value::Number(number),
            None => Value::Text(text),
        },
        (Kind::List(inner) | Kind::Set(inner), Value::List(items)) => {
            Value::List(items.into_iter().map(|item| coerced(item, *inner)).collect())
        }
        (Kind::Map(inner), Value::Map(entries)) => {
            Value::Map(entries.into_iter().map(|(key, item)| (key, coerced(item, *inner))).collect())
        }
        (Kind::Object(members), Value::Map(entries)) => {
            let member = |name: &str| members.iter().find(|member| member.name == name);
            let fit = |(name, item): (String, Value)| {
                let item = match member(&name) {
                    Some(member) => fitted(item, member),
                    None => item,
                };
                (name, item)
            };
            Value::Map(entries.into_iter().map(fit).collect())
        }
        (_, value) => value,
    }
}

/// Inherited tags under a resource's own.
fn overlaid(mut inherited: BTreeMap<String, Value>, own: Option<Value>) -> Value {
    match own {
        None | Some(Value::Null) => Value::Map(inherited),
        Some(Value::Map(own)) => {
            inherited.extend(own);
            Value::Map(inherited)
        }
        Some(other) => other,
    }
}
