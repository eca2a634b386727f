//! A data type: finds the id of what has a name.

use std::collections::BTreeMap;

use model::{
    Attribute, Kind, Value,
    schema::{DataSchema, nothing_to_check},
};

use super::{cloud::Shared, kinds::written};
use crate::{DataSource, Failure, FailureKind, Place};

pub static LOOKUP: DataSchema = DataSchema {
    name: "sim_lookup",
    doc: "Finds what has a name.",
    attributes: &[
        Attribute::required("name", Kind::Text).doc("The name."),
        Attribute::computed("id", Kind::Text).doc("Its id."),
    ],
    local: None,
    check: nothing_to_check,
};

pub(super) struct Lookup;

impl DataSource for Lookup {
    const SCHEMA: &'static DataSchema = &LOOKUP;
    type Client = Shared;

    async fn read(
        client: &Shared,
        _place: &Place,
        arguments: &BTreeMap<String, Value>,
    ) -> Result<BTreeMap<String, Value>, Failure> {
        let name = written(arguments, "name");
        client.ask("sim:Lookup", name.and_then(Value::as_text).unwrap_or_default()).await?;
        let world = client.world();
        let named = world.objects.iter().find(|(_, object)| object.attributes.get("name") == name);
        let missing = || Failure::new(FailureKind::NotFound, "sim:Lookup", "nothing has this name");
        let id = named.ok_or_else(missing)?.0;
        Ok(BTreeMap::from([
            ("name".to_owned(), name.cloned().unwrap_or_default()),
            ("id".to_owned(), id.clone().into()),
        ]))
    }
}
