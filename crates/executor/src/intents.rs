//! What is journalled before a call is sent.

use std::collections::BTreeMap;

use model::{Action, Attribute, Kind, ReplaceOrder, Value, schema::Role};
use provider::Token;
use store::{Intent, Verb};

use crate::{converge::Goods, run::Task};

impl Task<'_> {
    pub(crate) fn create_intent(&self, goods: &Goods, token: &Token) -> Intent {
        let (operation, _) = self.resource.create_operation();
        let deposes = matches!(self.change.action, Action::Replace(ReplaceOrder::CreateFirst));
        let old = self.run.context.ledger.recorded(&self.change.address).map(|recorded| recorded.id);
        Intent {
            token: Some(token.0.clone()),
            identity: self.identity(&goods.values),
            digest: self.digest(&goods.values),
            record: Some(Box::new(self.recorded(goods, BTreeMap::new()))),
            deposes: old.filter(|id| deposes && !id.is_empty()),
            ..self.intent(Verb::Create, operation.to_owned(), None)
        }
    }

    pub(crate) fn intent(&self, verb: Verb, operation: String, id: Option<String>) -> Intent {
        Intent {
            n: 0,
            at: self.run.now().as_secs(),
            address: self.change.address.clone(),
            type_name: self.schema().name.to_owned(),
            region: self.change.region.clone(),
            verb,
            operation,
            id,
            token: None,
            identity: BTreeMap::new(),
            digest: String::new(),
            record: None,
            deposes: None,
            replaces: false,
            lived: None,
        }
    }

    /// The natural name and what else a create needs, as far as it is plain and not secret.
    fn identity(&self, values: &BTreeMap<String, Value>) -> BTreeMap<String, Value> {
        let names = |name: &str| {
            let required = |spec: &Attribute| spec.role == Role::Required && !matches!(spec.kind, Kind::Document);
            self.schema().natural_name.contains(&name) || self.schema().attribute(name).is_some_and(required)
        };
        let plain = values.iter().filter(|(name, value)| names(name) && !value.has_secret());
        plain.map(|(name, value)| (name.clone(), value.clone())).collect()
    }

    fn digest(&self, values: &BTreeMap<String, Value>) -> String {
        let text = Value::Map(values.clone()).exposed_json().map(|json| json.to_string()).unwrap_or_default();
        self.run.context.fingerprinter.of(&text).0
    }
}
