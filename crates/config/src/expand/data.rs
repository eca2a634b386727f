//! Data: what can be answered at once, what must be read first, what waits for resources.

use std::collections::BTreeMap;

use lang::Evaluator;
use model::{
    Address, Diagnostic, Schemas, Value,
    graph::Data,
    schema::{DataSchema, Finding},
};

use super::{
    DataRequest,
    dependencies::Uses,
    tree::{SYMBOLIC, Tree},
};

/// Whether an address stands for instances that nobody can name yet.
pub(super) fn is_symbolic(address: &Address) -> bool {
    let symbolic = |key: &Option<String>| key.as_deref() == Some(SYMBOLIC);
    symbolic(&address.key) || address.module.0.iter().any(|step| symbolic(&step.key))
}

/// Data that has no answer yet and refers to no resource.
fn open<'t>(tree: &'t Tree<'_>) -> impl Iterator<Item = &'t Data> {
    let uses = Uses::new(tree);
    tree.data.values().filter(move |data| {
        !tree.scopes.data.contains_key(&data.address)
            && !is_symbolic(&data.address)
            && !uses.waits_for_resources(&data.address)
    })
}

/// The arguments, when all are known and right.
fn arguments(data: &Data, schema: &DataSchema, evaluator: &Evaluator<'_>) -> Option<BTreeMap<String, Value>> {
    let mut values = BTreeMap::new();
    for (name, entry) in &data.arguments {
        let value = evaluator.written(&entry.value).ok().filter(Value::is_known)?;
        if !value.is_null() {
            let attribute = schema.attribute(name)?;
            values.insert(name.clone(), attribute.conform(value));
        }
    }
    let required = schema.attributes.iter().filter(|attribute| attribute.role == model::schema::Role::Required);
    required.map(|attribute| attribute.name).all(|name| values.contains_key(name)).then_some(values)
}

/// The answers of data types that need no call.
pub(super) fn local_answers(tree: &Tree<'_>, schemas: &Schemas, evaluator: &Evaluator<'_>) -> BTreeMap<Address, Value> {
    open(tree)
        .filter_map(|data| {
            let schema = schemas.data(&data.address.type_name)?;
            let values = arguments(data, schema, evaluator)?;
            let answer = (schema.local?)(&values).ok()?;
            Some((data.address.clone(), Value::Map(answer)))
        })
        .collect()
}

/// What data types that need no call have found wrong.
pub(super) fn local_findings(tree: &Tree<'_>, schemas: &Schemas, evaluator: &Evaluator<'_>) -> Vec<(Address, Finding)> {
    open(tree)
        .filter_map(|data| {
            let schema = schemas.data(&data.address.type_name)?;
            let values = arguments(data, schema, evaluator)?;
            let finding = (schema.local?)(&values).err()?;
            Some((data.address.clone(), finding))
        })
        .collect()
}

/// Everything that can be asked for now.
pub(super) fn requests(tree: &Tree<'_>, schemas: &Schemas, evaluator: &Evaluator<'_>) -> Vec<DataRequest> {
    open(tree)
        .filter_map(|data| {
            let schema = schemas.data(&data.address.type_name).filter(|schema| schema.local.is_none())?;
            let region = match &data.region {
                Some(written) => evaluator.written(written).ok()?.as_text()?.to_owned(),
                None => tree.scopes.environment.region.clone(),
            };
            let arguments = arguments(data, schema, evaluator)?;
            Some(DataRequest { address: data.address.clone(), region, arguments, span: data.span })
        })
        .collect()
}

/// The mistake of a data type's own answer.
pub(super) fn told(data: &Data, finding: Finding) -> Vec<Diagnostic> {
    let mut mistakes = crate::mistakes::Mistakes::default();
    crate::check::findings(vec![finding], &data.arguments, data.span, &mut mistakes);
    mistakes.finish()
}
