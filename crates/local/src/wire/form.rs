//! The query and ec2 protocols' requests: a form whose keys are paths.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::model::{Kind, Model, Protocol, Reference, Shape};
use crate::refusal::Refusal;

/// The parameters of one request.
pub(crate) struct Form {
    pairs: BTreeMap<String, String>,
    /// The parameters that the model knows, to find those that it does not.
    used: RefCell<BTreeSet<String>>,
}

impl Form {
    pub(crate) fn parse(text: &[u8]) -> Self {
        Self { pairs: form_urlencoded::parse(text).into_owned().collect(), used: RefCell::default() }
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let value = self.pairs.get(name)?;
        self.used.borrow_mut().insert(name.to_owned());
        Some(value)
    }

    /// Whether there is a parameter of this name or below it.
    fn holds(&self, name: &str) -> bool {
        let below = format!("{name}.");
        self.pairs.contains_key(name)
            || self.pairs.range(below.clone()..).next().is_some_and(|(key, _)| key.starts_with(&below))
    }

    /// Reads the form into an input of the given shape.
    pub(crate) fn decode(&self, model: &Model, shape: &Shape) -> Result<Value, Refusal> {
        let read = Reader { model, form: self, ec2: model.metadata.protocol == Protocol::Ec2 };
        let input = read.structure(shape, "")?;
        if read.ec2 {
            self.refuse_unknown()?;
        }
        Ok(input)
    }

    /// EC2 refuses a parameter that it does not know; the others ignore it.
    fn refuse_unknown(&self) -> Result<(), Refusal> {
        let used = self.used.borrow();
        match self.pairs.keys().find(|key| !used.contains(*key)) {
            Some(unknown) => {
                Err(Refusal::new("UnknownParameter", format!("The parameter {unknown} is not recognized")))
            }
            None => Ok(()),
        }
    }
}

struct Reader<'a> {
    model: &'a Model,
    form: &'a Form,
    ec2: bool,
}

impl Reader<'_> {
    fn structure(&self, shape: &Shape, path: &str) -> Result<Value, Refusal> {
        let mut read = Map::new();
        for (name, member) in &shape.members {
            let wire = self.name(name, member);
            let place = if path.is_empty() { wire } else { format!("{path}.{wire}") };
            if self.form.holds(&place) {
                read.insert(name.clone(), self.value(member, &place)?);
            }
        }
        Ok(Value::Object(read))
    }

    fn name(&self, name: &str, member: &Reference) -> String {
        let located = member.location_name.as_deref();
        match (self.ec2, member.query_name.as_deref()) {
            (true, Some(query)) => query.to_owned(),
            (true, None) => upper_first(located.unwrap_or(name)),
            (false, _) => located.unwrap_or(name).to_owned(),
        }
    }

    fn value(&self, reference: &Reference, path: &str) -> Result<Value, Refusal> {
        let shape = self.model.at(reference);
        match shape.kind {
            Kind::Structure => self.structure(shape, path),
            Kind::List => self.list(shape, reference, path),
            Kind::Map => self.map(shape, path),
            kind => self.scalar(kind, path),
        }
    }

    fn list(&self, shape: &Shape, reference: &Reference, path: &str) -> Result<Value, Refusal> {
        // An empty list is written as the bare name.
        self.form.get(path);
        let Some(member) = &shape.member else { return Ok(Value::Array(Vec::new())) };
        let base = if self.ec2 || shape.flattened || reference.flattened {
            path.to_owned()
        } else {
            format!("{path}.{}", member.location_name.as_deref().unwrap_or("member"))
        };
        let places = (1..).map(|index| format!("{base}.{index}")).take_while(|place| self.form.holds(place));
        places.map(|place| self.value(member, &place)).collect::<Result<_, _>>().map(Value::Array)
    }

    fn map(&self, shape: &Shape, path: &str) -> Result<Value, Refusal> {
        let (Some(key), Some(held)) = (&shape.key, &shape.value) else { return Ok(Value::Object(Map::new())) };
        let base = if shape.flattened { path.to_owned() } else { format!("{path}.entry") };
        let mut read = Map::new();
        for place in (1..).map(|index| format!("{base}.{index}")).take_while(|place| self.form.holds(place)) {
            let key = self.form.get(&format!("{place}.{}", key.location_name.as_deref().unwrap_or("key")));
            let value = format!("{place}.{}", held.location_name.as_deref().unwrap_or("value"));
            read.insert(key.unwrap_or_default().to_owned(), self.value(held, &value)?);
        }
        Ok(Value::Object(read))
    }

    fn scalar(&self, kind: Kind, path: &str) -> Result<Value, Refusal> {
        let Some(text) = self.form.get(path) else {
            return Err(self.malformed(path, "a structure was given for a single value"));
        };
        let value = match kind {
            Kind::Integer | Kind::Long => text.parse::<i64>().ok().map(Value::from),
            Kind::Float | Kind::Double => text.parse::<f64>().ok().map(Value::from),
            Kind::Boolean => text.to_ascii_lowercase().parse::<bool>().ok().map(Value::from),
            Kind::Timestamp => text.parse::<Timestamp>().ok().map(|moment| Value::from(moment.to_string())),
            _ => Some(Value::from(text)),
        };
        value.ok_or_else(|| self.malformed(path, text))
    }

    fn malformed(&self, path: &str, text: &str) -> Refusal {
        if self.ec2 {
            return Refusal::new("InvalidParameterValue", format!("Value ({text}) for parameter {path} is invalid."));
        }
        Refusal::new("MalformedInput", format!("Invalid value at '{path}': {text}"))
    }
}

fn upper_first(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str()).unwrap_or_default()
}
