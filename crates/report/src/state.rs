//! What is recorded, for people.

use model::{Address, Condition, Recorded, State, Value};
use serde_json::json;
use unicode_width::UnicodeWidthStr;

use crate::{
    clean::{clean, key},
    json::{entries, pretty},
    lines::{Line, Piece, Sign},
    style::{Style, Tone},
    text::flush,
    view::entry::{Entry, Shown, lay},
};

fn condition(condition: Condition) -> &'static str {
    match condition {
        Condition::Ready => "ready",
        Condition::Incomplete => "incomplete",
        Condition::Tainted => "tainted",
    }
}

/// One line for each resource: address, id, and its condition unless it is ready. Never folded, so that scripts can read it.
pub fn state_list(state: &State, style: Style) -> String {
    let column = state.resources.keys().map(|address| address.to_string().width()).max().unwrap_or(0);
    let mut out = String::new();
    for (address, recorded) in &state.resources {
        let address = address.to_string();
        out.push_str(&address);
        out.push_str(&" ".repeat(column - address.width() + 2));
        out.push_str(&style.paint(Tone::Quiet, &clean(&recorded.id)));
        for remark in remarks(recorded) {
            out.push_str("  ");
            out.push_str(&style.paint(Tone::Changed, &format!("({remark})")));
        }
        out.push('\n');
    }
    out
}

fn remarks(recorded: &Recorded) -> Vec<String> {
    let mut remarks = Vec::new();
    if recorded.condition != Condition::Ready {
        remarks.push(condition(recorded.condition).to_owned());
    }
    if !recorded.deposed.is_empty() {
        remarks.push(format!("{} old to delete", recorded.deposed.len()));
    }
    remarks
}

/// The same as JSON.
pub fn state_list_json(state: &State) -> String {
    let listed = state.resources.iter().map(|(address, recorded)| {
        json!({
            "address": address.to_string(),
            "type": recorded.type_name,
            "id": recorded.id,
            "region": recorded.region,
            "condition": condition(recorded.condition),
        })
    });
    pretty(&json!({
        "format_version": crate::json::FORMAT_VERSION,
        "world": state.world.as_str(),
        "account": state.account,
        "region": state.region,
        "serial": state.serial,
        "resources": listed.collect::<Vec<_>>(),
    }))
}

/// One resource with its attributes; secrets stay `(secret)`.
pub fn state_show(address: &Address, recorded: &Recorded, style: Style, width: usize) -> String {
    let mut out = flush(vec![Piece::whole(Tone::Strong, address.to_string())], style, width);
    let mut facts = vec![
        fact("id", &recorded.id),
        fact("region", &recorded.region),
        fact("condition", condition(recorded.condition)),
    ];
    facts.extend(recorded.create_token.as_deref().map(|token| fact("created by call", token)));
    facts.extend(recorded.deposed.iter().map(|old| fact("old, to delete", &old.id)));
    facts.retain(|entry| !matches!(&entry.shown, Shown::Pieces(pieces) if pieces[0].text.is_empty()));
    facts.extend(dependencies(recorded));
    section(&mut out, None, facts, style, width);
    let written = recorded.applied.iter().map(|(name, value)| attribute(name, value)).collect();
    section(&mut out, Some("written, as last applied"), written, style, width);
    let computed = recorded.computed.iter().map(|(name, value)| attribute(name, value)).collect();
    section(&mut out, Some("answered by AWS"), computed, style, width);
    let deletion = recorded.delete_arguments.iter().map(|(name, value)| attribute(name, value)).collect();
    section(&mut out, Some("when it is deleted"), deletion, style, width);
    out
}

fn fact(name: &str, text: &str) -> Entry {
    Entry::new(Sign::None, name, Shown::Pieces(vec![Piece::whole(Tone::Normal, clean(text))]))
}

fn dependencies(recorded: &Recorded) -> Option<Entry> {
    let mut pieces = Vec::new();
    for address in &recorded.dependencies {
        if !pieces.is_empty() {
            pieces.push(Piece::plain(", "));
        }
        pieces.push(Piece::whole(Tone::Normal, address.to_string()));
    }
    (!pieces.is_empty()).then(|| Entry::new(Sign::None, "refers to", Shown::Pieces(pieces)))
}

fn attribute(name: &str, value: &Value) -> Entry {
    Entry::value(key(name), value)
}

fn section(out: &mut String, title: Option<&str>, entries: Vec<Entry>, style: Style, width: usize) {
    if entries.is_empty() {
        return;
    }
    let mut margin = 0;
    if let Some(title) = title {
        out.push('\n');
        out.push_str(&Line::text(Tone::Quiet, title).render(0, style, width));
        margin = 2;
    }
    lay(entries, width.saturating_sub(margin + 2))
        .iter()
        .for_each(|line| out.push_str(&line.render(margin, style, width)));
}

/// The same as JSON, without fingerprints.
pub fn state_show_json(address: &Address, recorded: &Recorded) -> String {
    pretty(&json!({
        "format_version": crate::json::FORMAT_VERSION,
        "address": address.to_string(),
        "type": recorded.type_name,
        "id": recorded.id,
        "region": recorded.region,
        "condition": condition(recorded.condition),
        "applied": entries(&recorded.applied),
        "computed": entries(&recorded.computed),
        "depends_on": recorded.dependencies.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "delete_arguments": entries(&recorded.delete_arguments),
        "deposed": recorded.deposed.iter().map(|old| json!({ "id": old.id, "region": old.region })).collect::<Vec<_>>(),
    }))
}

#[cfg(test)]
pub(crate) mod tests;
