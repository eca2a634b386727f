//! What differs between the state and what lives.

use model::{Address, Place, plan::Difference, words::count};
use serde_json::json;

use crate::{
    clean::clean,
    json::{difference_json, place_json, pretty},
    lines::{Line, Piece},
    style::{Style, Tone},
    text::{block_text, flush},
    view::{Block, difference_entries, entry::lay},
};

/// One resource that is not as recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct Drift {
    pub address: Address,
    pub id: String,
    /// Where it is written, when that is known.
    pub place: Option<Place>,
    pub found: Drifted,
}

/// How it differs.
#[derive(Debug, Clone, PartialEq)]
pub enum Drifted {
    Gone,
    /// `before` is what was last applied, `after` what lives.
    Differs(Vec<Difference>),
}

/// What changed outside; `checked` counts all resources that were compared.
pub fn drift_text(drift: &[Drift], checked: usize, style: Style, width: usize) -> String {
    let mut out = String::new();
    for one in drift {
        out.push_str(&block_text(&block(one, width.saturating_sub(6)), style, width));
        out.push('\n');
    }
    out.push_str(&flush(counted(drift, checked), style, width));
    out
}

fn block(drift: &Drift, room: usize) -> Block {
    let mut facts: Vec<Piece> = Vec::new();
    if let Some(place) = &drift.place {
        facts.push(Piece::whole(Tone::Quiet, place.to_string()));
        facts.push(Piece::quiet(" · "));
    }
    facts.push(Piece::whole(Tone::Quiet, format!("id {}", clean(&drift.id))));
    let (mark, tone, words, rows) = match &drift.found {
        Drifted::Gone => ("-", Tone::Removed, "gone", Vec::new()),
        Drifted::Differs(differences) => {
            // All of it was changed outside: no need to say so at each line.
            let differences: Vec<Difference> =
                differences.iter().map(|difference| Difference { drifted: false, ..difference.clone() }).collect();
            let entries = difference_entries(&differences, drift.place.as_ref(), room);
            ("~", Tone::Changed, "changed outside", lay(entries, room))
        }
    };
    let about = vec![Line::new(facts)];
    Block { mark, tone, address: drift.address.to_string(), words: words.to_owned(), about, rows }
}

fn counted(drift: &[Drift], checked: usize) -> Vec<Piece> {
    let (gone, changed) = split(drift);
    let what = count(checked, "resource");
    if drift.is_empty() {
        return vec![Piece::new(Tone::Strong, "No drift"), Piece::plain(format!(": {what} as recorded."))];
    }
    let counts = [(changed, "changed"), (gone, "gone")];
    let said = counts.into_iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}"));
    let said = said.collect::<Vec<_>>().join(", ");
    vec![Piece::new(Tone::Strong, "Drift: "), Piece::new(Tone::Changed, said), Piece::plain(format!(" of {what}."))]
}

fn split(drift: &[Drift]) -> (usize, usize) {
    let gone = drift.iter().filter(|one| one.found == Drifted::Gone).count();
    (gone, drift.len() - gone)
}

/// The same as JSON: `formats.md` says what each member means.
pub fn drift_json(drift: &[Drift], checked: usize) -> String {
    let listed = drift.iter().map(|one| {
        let (found, differences) = match &one.found {
            Drifted::Gone => ("gone", Vec::new()),
            Drifted::Differs(differences) => ("changed", differences.iter().map(difference_json).collect()),
        };
        json!({
            "address": one.address.to_string(),
            "id": one.id,
            "place": one.place.as_ref().map(place_json),
            "found": found,
            "differences": differences,
        })
    });
    let (gone, changed) = split(drift);
    pretty(&json!({
        "format_version": crate::json::FORMAT_VERSION,
        "checked": checked,
        "changed": changed,
        "gone": gone,
        "drift": listed.collect::<Vec<_>>(),
    }))
}

#[cfg(test)]
pub(crate) mod tests;
