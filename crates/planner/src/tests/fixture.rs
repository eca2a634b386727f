//! Small types, one for each thing that types do.

use std::collections::BTreeMap;

use model::{
    Attribute, Kind, Schema, Schemas, Value,
    schema::{Compare, DataSchema, DefaultTimeouts, Prediction, Preset, Unset, nothing_to_check},
};

const MINUTE: DefaultTimeouts = DefaultTimeouts { create: 60, update: 60, delete: 60 };

const BASE: Schema = Schema {
    name: "",
    doc: "",
    attributes: &[],
    natural_name: &[],
    import_id: "its id",
    predict_id: None,
    revisions: false,
    global: false,
    taggable: true,
    loses: None,
    timeouts: MINUTE,
    check: nothing_to_check,
};

const TAGS: Attribute = Attribute::optional("tags", Kind::Map(&Kind::Text)).per_key("");

fn arn(prediction: &Prediction<'_>) -> Option<Value> {
    let name = prediction.text("name")?;
    Some(format!("arn:{}:{name}", prediction.environment.account.as_deref()?).into())
}

fn bigger(live: &Value, wanted: &Value) -> bool {
    wanted.as_i64() < live.as_i64()
}

fn same_start(wanted: &Value, live: &Value) -> bool {
    wanted.as_text().map(|text| &text[..1]) == live.as_text().map(|text| &text[..1])
}

/// No name, create first.
const VPC: Schema = Schema {
    name: "vpc",
    attributes: &[
        Attribute::required("cidr", Kind::Text).replaces(),
        Attribute::optional("dns", Kind::Flag).on_unset(Unset::Default(Preset::Flag(true))),
        TAGS,
        Attribute::computed("vpc_id", Kind::Text),
    ],
    ..BASE
};

const SUBNET: Schema = Schema {
    name: "subnet",
    attributes: &[
        Attribute::optional("vpc_id", Kind::Text).replaces(),
        Attribute::optional("size", Kind::Number).replaces_if(bigger),
        Attribute::optional("note", Kind::Text),
        TAGS,
        Attribute::computed("subnet_id", Kind::Text),
    ],
    ..BASE
};

const SCAN: &[Attribute] = &[
    Attribute::optional("on_push", Kind::Flag).on_unset(Unset::Default(Preset::Flag(false))),
    Attribute::optional("mode", Kind::Text),
    Attribute::optional("filter", Kind::Text).on_unset(Unset::Clear),
];

/// A fixed name, holds data.
const REPO: Schema = Schema {
    name: "repo",
    attributes: &[
        Attribute::required("name", Kind::Text).replaces(),
        Attribute::optional("encryption", Kind::Text).replaces(),
        Attribute::optional("cipher", Kind::Text).replaces().on_unset(Unset::Default(Preset::Text("aes"))),
        Attribute::optional("scan", Kind::Object(SCAN)),
        Attribute::optional("rules", Kind::Document).on_unset(Unset::Clear),
        Attribute::optional("policy", Kind::Document).compare(Compare::Policy).on_unset(Unset::Clear),
        Attribute::optional("days", Kind::Number),
        Attribute::optional("pass", Kind::Text).secret().write_only(),
        Attribute::optional("force_delete", Kind::Flag).deletion(),
        TAGS,
        Attribute::computed("arn", Kind::Text).predicted(arn),
        Attribute::computed("digest", Kind::Text).changes_with(&["rules"]),
    ],
    natural_name: &["name"],
    loses: Some("all its images"),
    ..BASE
};

const INDEX: &[Attribute] = &[Attribute::required("name", Kind::Text), Attribute::optional("size", Kind::Number)];

const KEY: &[Attribute] = &[
    Attribute::required("field", Kind::Text),
    Attribute::optional("order", Kind::Text).on_unset(Unset::Default(Preset::Text("up"))),
];

const TABLE: Schema = Schema {
    name: "table",
    attributes: &[
        Attribute::required("name", Kind::Text).replaces(),
        Attribute::optional("mode", Kind::Text).compare(Compare::CaseInsensitive),
        Attribute::optional("keys", Kind::Set(&Kind::Object(KEY))),
        Attribute::optional("names", Kind::Set(&Kind::Text)),
        Attribute::optional("steps", Kind::List(&Kind::Text)),
        Attribute::optional("parts", Kind::List(&Kind::Object(INDEX))),
        Attribute::optional("indexes", Kind::List(&Kind::Object(INDEX))).per_key("name"),
        Attribute::optional("labels", Kind::Map(&Kind::Text)).on_unset(Unset::Clear),
        Attribute::optional("password", Kind::Text).secret(),
        Attribute::optional("token", Kind::Text).write_only(),
        Attribute::optional("zone", Kind::Text).compare(Compare::Same(same_start)),
        Attribute::optional("settings", Kind::Any),
        Attribute::computed("arn", Kind::Text).predicted(arn),
    ],
    natural_name: &["name"],
    ..BASE
};

/// Each create is a revision.
const REVISION: Schema = Schema {
    name: "rev",
    attributes: &[
        Attribute::required("name", Kind::Text).replaces(),
        Attribute::optional("value", Kind::Number).replaces(),
        Attribute::computed("arn", Kind::Text),
    ],
    natural_name: &["name"],
    revisions: true,
    ..BASE
};

const LOG: Schema = Schema {
    name: "log",
    attributes: &[
        Attribute::required("name", Kind::Text).replaces().deletes_after(),
        Attribute::optional("days", Kind::Number).on_unset(Unset::Clear),
    ],
    natural_name: &["name"],
    ..BASE
};

const ROLE: Schema = Schema {
    name: "iam_role",
    attributes: &[
        Attribute::required("name", Kind::Text).replaces(),
        Attribute::optional("path", Kind::Text).replaces(),
        TAGS,
        Attribute::computed("arn", Kind::Text).predicted(arn),
        Attribute::computed("role_id", Kind::Text),
    ],
    natural_name: &["name"],
    global: true,
    ..BASE
};

const ROLE_POLICY: Schema = Schema {
    name: "iam_role_policy",
    attributes: &[
        Attribute::required("role", Kind::Text).replaces(),
        Attribute::required("name", Kind::Text).replaces(),
        Attribute::optional("policy", Kind::Document).compare(Compare::Policy),
    ],
    natural_name: &["role", "name"],
    global: true,
    taggable: false,
    ..BASE
};

const CONNECTOR: Schema = Schema {
    name: "apprunner_vpc_connector",
    attributes: &[
        Attribute::required("name", Kind::Text).replaces(),
        Attribute::name_prefix("name_prefix", "name"),
        Attribute::optional("subnets", Kind::Set(&Kind::Text)).replaces(),
        TAGS,
        Attribute::computed("arn", Kind::Text),
    ],
    natural_name: &["name"],
    ..BASE
};

const SERVICE: Schema = Schema {
    name: "apprunner_service",
    attributes: &[
        Attribute::required("name", Kind::Text).replaces(),
        Attribute::optional("image", Kind::Text),
        Attribute::optional("role", Kind::Text),
        Attribute::optional("connector", Kind::Text),
        Attribute::optional("cpu", Kind::Text),
        Attribute::optional("env", Kind::Map(&Kind::Text)),
        Attribute::computed("url", Kind::Text),
        Attribute::computed("status", Kind::Text).changes_with(&["image"]),
    ],
    natural_name: &["name"],
    timeouts: DefaultTimeouts { create: 600, update: 600, delete: 600 },
    ..BASE
};

const LOOKUP: DataSchema = DataSchema {
    name: "lookup",
    doc: "",
    attributes: &[Attribute::required("of", Kind::Text), Attribute::computed("answer", Kind::Text)],
    local: None,
    check: nothing_to_check,
};

fn echoed(arguments: &BTreeMap<String, Value>) -> Result<BTreeMap<String, Value>, model::schema::Finding> {
    Ok(BTreeMap::from([("answer".to_owned(), arguments["of"].clone())]))
}

const ECHO: DataSchema = DataSchema { name: "echo", local: Some(echoed), ..LOOKUP };

pub(crate) fn schemas() -> Schemas {
    const ALL: &[&Schema] = &[&VPC, &SUBNET, &REPO, &TABLE, &REVISION, &LOG, &ROLE, &ROLE_POLICY, &CONNECTOR, &SERVICE];
    const DATA: &[&DataSchema] = &[&LOOKUP, &ECHO];
    Schemas {
        resources: ALL.iter().map(|schema| (schema.name, *schema)).collect(),
        data: DATA.iter().map(|schema| (schema.name, *schema)).collect(),
    }
}

/// What the service sets where nothing is written.
pub(crate) fn defaults(type_name: &str) -> BTreeMap<String, Value> {
    let one = |name: &str, value: Value| BTreeMap::from([(name.to_owned(), value)]);
    match type_name {
        "vpc" => one("dns", true.into()),
        "subnet" => one("size", 1.into()),
        "repo" => one("scan", Value::Map(one("on_push", false.into()))),
        "apprunner_service" => one("cpu", "1024".into()),
        "table" => one("mode", "PAY".into()),
        _ => BTreeMap::new(),
    }
}
