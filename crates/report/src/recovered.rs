//! A lost state that was made again, for whoever decides whether it is to be written.

use model::{Address, State, words::count};
use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr;

use crate::{
    clean::clean,
    json::pretty,
    lines::{Line, Piece},
    style::{Style, Tone},
    text::flush,
};

/// What was found out.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RecoveredText<'a> {
    pub environment: &'a str,
    pub found: Vec<FoundText>,
    pub foreign: Vec<ForeignText>,
    /// Written, and nowhere to be found.
    pub absent: Vec<Address>,
    /// `address (operation)` of calls without an answer.
    pub unfinished: Vec<String>,
    /// What of the old state cannot be read.
    pub damaged: Vec<String>,
    /// `apprunner_service in us-east-1: why`.
    pub unsurveyed: Vec<String>,
    /// Lineages of other states of this name, each with the count of its resources.
    pub others: Vec<(String, usize)>,
}

/// One resource of the new state.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundText {
    pub address: Address,
    pub id: String,
    pub region: String,
    /// `tags`, `name` or `kept`.
    pub by: &'static str,
    pub written: bool,
    /// Ids of older objects of the same address.
    pub old: Vec<String>,
}

/// Something written that lives and is somebody else's.
#[derive(Debug, Clone, PartialEq)]
pub struct ForeignText {
    pub address: Address,
    pub id: String,
    pub whose: String,
}

impl FoundText {
    fn remarks(&self) -> Vec<String> {
        let mut remarks = Vec::new();
        match self.by {
            "name" => remarks.push("by its name: its type takes no tags".to_owned()),
            "kept" => remarks.push("as it was recorded".to_owned()),
            _ => {}
        }
        if !self.written {
            remarks.push("no longer written: the next apply deletes it".to_owned());
        }
        if !self.old.is_empty() {
            remarks.push(format!("older, the next apply deletes it: {}", self.old.join(", ")));
        }
        remarks
    }
}

/// What would be written, and what is left alone. A line for each resource, never folded.
pub fn recovered_text(recovered: &RecoveredText<'_>, style: Style, width: usize) -> String {
    let of = format!("Found of `{}`", recovered.environment);
    let count = format!(": {}", count(recovered.found.len(), "resource"));
    let mut out = flush(vec![Piece::new(Tone::Strong, of), Piece::plain(count)], style, width);
    let found = recovered.found.iter().map(|one| (&one.address, one.id.as_str(), one.remarks()));
    out.push_str(&rows(&found.collect::<Vec<_>>(), style));
    if !recovered.foreign.is_empty() {
        out.push_str(&format!("\n{}\n", style.paint(Tone::Strong, "Names that are taken; left alone")));
        let foreign = recovered.foreign.iter().map(|one| (&one.address, one.id.as_str(), vec![one.whose.clone()]));
        out.push_str(&rows(&foreign.collect::<Vec<_>>(), style));
    }
    let notes = notes(recovered);
    if !notes.is_empty() {
        out.push('\n');
        notes.into_iter().for_each(|note| out.push_str(&Line::text(Tone::Normal, note).render(0, style, width)));
    }
    out
}

fn rows(rows: &[(&Address, &str, Vec<String>)], style: Style) -> String {
    let column = rows.iter().map(|(address, ..)| address.to_string().width()).max().unwrap_or(0);
    let mut out = String::new();
    for (address, id, remarks) in rows {
        let address = address.to_string();
        out.push_str(&format!("  {address}{}", " ".repeat(column - address.width() + 2)));
        out.push_str(&style.paint(Tone::Quiet, &clean(id)));
        for remark in remarks {
            out.push_str("  ");
            out.push_str(&style.paint(Tone::Changed, &format!("({})", clean(remark))));
        }
        out.push('\n');
    }
    out
}

fn notes(recovered: &RecoveredText<'_>) -> Vec<String> {
    let mut notes: Vec<String> = recovered.damaged.iter().map(|what| format!("Damaged: {what}.")).collect();
    if !recovered.absent.is_empty() {
        let absent: Vec<String> = recovered.absent.iter().map(ToString::to_string).collect();
        notes.push(format!("Written and not there, to be created by the next apply: {}.", absent.join(", ")));
    }
    if !recovered.unfinished.is_empty() {
        let calls = recovered.unfinished.join(", ");
        notes.push(format!("Calls without an answer, to be resolved with the writing: {calls}."));
    }
    for (lineage, number) in &recovered.others {
        let count = count(*number, "resource");
        notes.push(format!("Left alone: {count} of another state of this name, lineage {lineage}."));
    }
    notes.extend(recovered.unsurveyed.iter().map(|what| format!("Not looked through: {what}")));
    notes.iter().map(|note| clean(note)).collect()
}

/// The same as JSON: `formats.md` says what each member means.
pub fn recovered_json(recovered: &RecoveredText<'_>, state: &State) -> String {
    let found = recovered.found.iter().map(|one| {
        json!({
            "address": one.address.to_string(),
            "id": one.id,
            "region": one.region,
            "by": one.by,
            "written": one.written,
            "deposed": one.old,
        })
    });
    let foreign = recovered.foreign.iter();
    let foreign = foreign.map(|one| json!({ "address": one.address.to_string(), "id": one.id, "whose": one.whose }));
    pretty(&json!({
        "format_version": crate::json::FORMAT_VERSION,
        "lineage": state.lineage,
        "resources": found.collect::<Vec<Value>>(),
        "foreign": foreign.collect::<Vec<Value>>(),
        "absent": recovered.absent.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "unfinished": recovered.unfinished,
        "damaged": recovered.damaged,
        "not_looked_through": recovered.unsurveyed,
        "others": recovered.others.iter().map(|(lineage, count)| json!({ "lineage": lineage, "resources": count })).collect::<Vec<_>>(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::address;

    fn found(at: &str, by: &'static str) -> FoundText {
        let (address, id, region) = (address(at), "id-1".to_owned(), "us-east-2".to_owned());
        FoundText { address, id, region, by, written: true, old: Vec::new() }
    }

    #[test]
    fn everything_that_was_found_out_is_told() {
        let recovered = RecoveredText {
            environment: "dev",
            found: vec![
                found("ecr_repository.app", "tags"),
                found("iam_role_policy.web", "name"),
                FoundText { written: false, ..found("iam_role.old", "tags") },
                FoundText { old: vec!["id-0".to_owned()], ..found("iam_policy.p", "kept") },
            ],
            foreign: vec![ForeignText {
                address: address("iam_role.theirs"),
                id: "theirs".to_owned(),
                whose: "it has no tags of groma".to_owned(),
            }],
            absent: vec![address("dynamodb_table.t")],
            unfinished: vec!["dynamodb_table.t (dynamodb:CreateTable)".to_owned()],
            damaged: vec!["state.json is no state".to_owned()],
            unsurveyed: vec!["rds_instance in us-east-2: denied".to_owned()],
            others: vec![("l-2".to_owned(), 1)],
        };
        let expected = "\
Found of `dev`: 4 resources
  ecr_repository.app   id-1
  iam_role_policy.web  id-1  (by its name: its type takes no tags)
  iam_role.old         id-1  (no longer written: the next apply deletes it)
  iam_policy.p         id-1  (as it was recorded)  (older, the next apply deletes it: id-0)

Names that are taken; left alone
  iam_role.theirs  theirs  (it has no tags of groma)

  Damaged: state.json is no state.
  Written and not there, to be created by the next apply: dynamodb_table.t.
  Calls without an answer, to be resolved with the writing: dynamodb_table.t
  (dynamodb:CreateTable).
  Left alone: 1 resource of another state of this name, lineage l-2.
  Not looked through: rds_instance in us-east-2: denied
";
        assert_eq!(recovered_text(&recovered, Style::Plain, 80), expected);
        let json: Value = serde_json::from_str(&recovered_json(&recovered, &State::default())).unwrap();
        assert_eq!(json["resources"][1]["by"], "name");
        assert_eq!(json["others"][0]["resources"], 1);
    }
}
