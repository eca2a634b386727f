//! What a parameter group is.

use std::collections::BTreeMap;

use model::{
    Attribute, Kind, Schema, Value,
    schema::{Compare, DefaultTimeouts, Finding, Prediction},
};

use super::super::{
    common::{finding, is_identifier},
    limits,
};
use crate::values::arn;

pub static SCHEMA: Schema = Schema {
    name: "rds_parameter_group",
    doc: "Settings of a database engine, for instances that name the group. Static parameters come into force when an instance is rebooted.",
    attributes: &[
        Attribute::required("db_parameter_group_name", Kind::Text)
            .member(&limits::create_db_parameter_group_message::DB_PARAMETER_GROUP_NAME)
            .replaces()
            .compare(Compare::CaseInsensitive)
            .doc("The name; AWS keeps it in lower case."),
        Attribute::name_prefix("db_parameter_group_name_prefix", "db_parameter_group_name")
            .member(&limits::create_db_parameter_group_message::DB_PARAMETER_GROUP_NAME),
        Attribute::required("db_parameter_group_family", Kind::Text)
            .member(&limits::create_db_parameter_group_message::DB_PARAMETER_GROUP_FAMILY)
            .replaces()
            .doc("Engine and major version: `postgres16`, `mysql8.4`."),
        Attribute::required("description", Kind::Text)
            .member(&limits::create_db_parameter_group_message::DESCRIPTION)
            .replaces()
            .doc("What it is for. AWS cannot change it."),
        Attribute::optional("parameters", Kind::List(&Kind::Object(PARAMETER)))
            .per_key("parameter_name")
            .doc("The parameters that are ours; the others keep the values they have."),
        Attribute::optional("tags", Kind::Map(&Kind::Text))
            .member(&limits::create_db_parameter_group_message::TAGS)
            .per_key("")
            .doc("Tags."),
        Attribute::computed("db_parameter_group_arn", Kind::Text).predicted(group_arn).doc("The ARN."),
    ],
    natural_name: &["db_parameter_group_name"],
    import_id: "the group's name",
    predict_id: Some(name_of),
    revisions: false,
    global: false,
    taggable: true,
    loses: None,
    timeouts: DefaultTimeouts { create: 60, update: 300, delete: 300 },
    check,
};

const PARAMETER: &[Attribute] = &[
    Attribute::required("parameter_name", Kind::Text).doc("The name, in lower case."),
    Attribute::required("parameter_value", Kind::Text).doc("The value as AWS writes it: `0` and `1` for off and on."),
    Attribute::optional("apply_method", Kind::Text).write_only().doc(
        "`immediate` or `pending-reboot`. Without it dynamic parameters change at once and static ones with a reboot.",
    ),
];

fn name_of(prediction: &Prediction<'_>) -> Option<String> {
    prediction.text("db_parameter_group_name").map(str::to_lowercase)
}

fn group_arn(prediction: &Prediction<'_>) -> Option<Value> {
    arn(prediction, "rds", &format!("pg:{}", name_of(prediction)?)).map(Value::Text)
}

fn check(arguments: &BTreeMap<String, Value>) -> Vec<Finding> {
    let mut mistakes: Vec<Finding> = Vec::new();
    let name = arguments.get("db_parameter_group_name").and_then(Value::as_text).unwrap_or("fits");
    if name.to_lowercase().starts_with("default.") {
        let detail = "groups that start with `default.` are AWS's own and cannot be changed";
        mistakes.push(finding("db_parameter_group_name", detail, "choose another name"));
    } else if !is_identifier(&name.replace('.', "x"), 255) {
        let detail = "a parameter group's name begins with a letter, has letters, digits and single hyphens, and ends with no hyphen";
        mistakes.push(finding("db_parameter_group_name", detail, "write a name like `orders-postgres16`"));
    }
    let parameters = arguments.get("parameters").and_then(Value::as_list).into_iter().flatten();
    for (at, parameter) in parameters.enumerate().filter_map(|(at, value)| Some((at, value.as_map()?))) {
        let member = |name: &str| parameter.get(name).and_then(Value::as_text);
        if let Some(name) = member("parameter_name").filter(|name| **name != name.to_lowercase()) {
            let detail = format!("AWS keeps the names of parameters in lower case, and `{name}` is not");
            let path = format!("parameters[{at}].parameter_name");
            mistakes.push(finding(&path, detail, &format!("write `{}`", name.to_lowercase())));
        }
        if member("apply_method").is_some_and(|method| !["immediate", "pending-reboot"].contains(&method)) {
            let path = format!("parameters[{at}].apply_method");
            mistakes.push(finding(
                &path,
                "a parameter is applied at once or with a reboot",
                "write `immediate` or `pending-reboot`",
            ));
        }
    }
    mistakes.extend(written_twice(arguments));
    mistakes
}

/// A parameter has one value.
fn written_twice(arguments: &BTreeMap<String, Value>) -> Option<Finding> {
    let parameters = arguments.get("parameters").and_then(Value::as_list)?;
    let name = |parameter: &Value| parameter.as_map()?.get("parameter_name")?.as_text().map(str::to_owned);
    let names: Vec<Option<String>> = parameters.iter().map(name).collect();
    let at = (1..names.len()).find(|at| names[*at].is_some() && names[..*at].contains(&names[*at]))?;
    let detail = format!("the parameter `{}` is written twice", names[at].as_deref().unwrap_or_default());
    Some(finding(&format!("parameters[{at}].parameter_name"), detail, "leave one of the two out"))
}
