//! `groma docs`

use model::{
    Attribute, Kind, Schema,
    schema::{DataSchema, Effect, Role, Unset},
};

use crate::{
    exit::Exit,
    out::{Out, Problem},
};

pub(crate) fn run(out: &Out, type_name: Option<&str>) -> Exit {
    let schemas = aws::schemas();
    let Some(name) = type_name else {
        let width = schemas.resources.keys().map(|name| name.len()).max().unwrap_or_default();
        for (name, schema) in &schemas.resources {
            out.text(&format!("{name:width$}  {}\n", schema.doc));
        }
        for (name, schema) in &schemas.data {
            out.text(&format!("data.{name}  {}\n", schema.doc));
        }
        return Exit::Done;
    };
    let data = name.strip_prefix("data.").and_then(|name| schemas.data(name)).map(data_page);
    match data.or_else(|| schemas.resource(name).map(page)) {
        Some(page) => {
            out.text(&page);
            Exit::Done
        }
        None => {
            let data: Vec<String> = schemas.data.keys().map(|name| format!("data.{name}")).collect();
            let known = schemas.resources.keys().copied().chain(data.iter().map(String::as_str));
            let near = lang::nearest(name, known).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            out.problem(&Problem::words("unknown resource type", format!("there is no `{name}`{near}")))
        }
    }
}

/// The reference page of one data type, Markdown.
fn data_page(schema: &DataSchema) -> String {
    let mut text = format!("# data.{}\n\n{}\n", schema.name, schema.doc);
    let (arguments, given): (Vec<&Attribute>, Vec<&Attribute>) =
        schema.attributes.iter().partition(|attribute| attribute.is_argument());
    for (heading, attributes) in [("Arguments", arguments), ("Attributes it gives", given)] {
        if !attributes.is_empty() {
            text += &format!("\n## {heading}\n\n");
            for attribute in attributes {
                let required = if attribute.role == Role::Required { ", required" } else { "" };
                text += &format!("- `{}` ({}{required}): {}\n", attribute.name, kind(attribute.kind), attribute.doc);
            }
        }
    }
    text
}

/// The reference page of one resource type, Markdown.
fn page(schema: &Schema) -> String {
    let mut text = format!("# {}\n\n{}\n\n", schema.name, schema.doc);
    text += &format!("Import: `groma import ENVIRONMENT {}.NAME ID`; the id is {}.\n", schema.name, schema.import_id);
    if let Some(loses) = schema.loses {
        text += &format!("Deleting it loses {loses}.\n");
    }
    let times = schema.timeouts;
    text += &format!("Timeouts: create {} s, update {} s, delete {} s.\n", times.create, times.update, times.delete);
    text += "\n## Arguments\n\n";
    schema.arguments().for_each(|attribute| line(&mut text, attribute, 0));
    text += "\n## Attributes it gives\n\n";
    schema.computed().for_each(|attribute| line(&mut text, attribute, 0));
    text
}

fn line(text: &mut String, attribute: &Attribute, depth: usize) {
    let mut notes = vec![kind(attribute.kind).to_owned()];
    if attribute.role == Role::Required {
        notes.push("required".to_owned());
    }
    if !matches!(attribute.effect, Effect::InPlace) {
        notes.push("replaces".to_owned());
    }
    if attribute.member.is_none() && attribute.is_argument() {
        notes.push("groma's own".to_owned());
    }
    if attribute.predicted.is_some() {
        notes.push("known in the plan".to_owned());
    }
    match attribute.on_unset {
        Unset::Leave => {}
        Unset::Default(preset) => notes.push(format!("left out again: back to {}", shown(preset))),
        Unset::Clear => notes.push("left out again: removed".to_owned()),
    }
    let indent = "  ".repeat(depth);
    *text += &format!("{indent}- `{}` ({}): {}\n", attribute.name, notes.join(", "), attribute.doc);
    members(attribute.kind).iter().for_each(|member| line(text, member, depth + 1));
}

fn shown(preset: model::schema::Preset) -> String {
    match preset {
        model::schema::Preset::Flag(flag) => flag.to_string(),
        model::schema::Preset::Whole(whole) => whole.to_string(),
        model::schema::Preset::Text(text) => format!("`{text}`"),
    }
}

fn members(kind: Kind) -> &'static [Attribute] {
    match kind {
        Kind::Object(members) => members,
        Kind::List(inner) | Kind::Set(inner) | Kind::Map(inner) => members(*inner),
        _ => &[],
    }
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "text",
        Kind::Number => "number",
        Kind::Flag => "bool",
        Kind::Document => "document",
        Kind::List(Kind::Object(_)) => "list of tables",
        Kind::List(_) => "list",
        Kind::Set(Kind::Object(_)) => "set of tables",
        Kind::Set(_) => "set",
        Kind::Map(_) => "map",
        Kind::Object(_) => "table",
        Kind::Any => "anything",
    }
}
