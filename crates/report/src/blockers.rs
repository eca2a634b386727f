//! What stands in the way of a destroy.

use model::{Address, Place, Plan, words::count};
use serde_json::{Value, json};

use crate::{
    clean::clean,
    json::{place_json, pretty},
    lines::{Line, Piece},
    style::{Style, Tone},
    text::{block_text, flush},
    view::Block,
};

/// A resource that cannot be deleted yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocked {
    pub address: Address,
    pub id: String,
    pub place: Option<Place>,
    pub blockers: Vec<BlockerText>,
}

/// One thing in the way.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BlockerText {
    /// "3 images (1.2 GB)"
    pub what: String,
    /// Ids or ARNs of who holds it.
    pub held_by: Vec<String>,
    /// The TOML line that clears it: `force_delete = true`.
    pub toml: Option<String>,
    /// The flag that clears it: `--delete-images`.
    pub flag: Option<String>,
    /// Another line that clears it, with nothing lost.
    pub also: Option<String>,
}

/// What blocks, who holds it, and how each is cleared. `command` is what was run, for the next command: `groma destroy dev`.
/// Empty when nothing blocks.
pub fn blockers_text(blocked: &[Blocked], command: &str, style: Style, width: usize) -> String {
    if blocked.is_empty() {
        return String::new();
    }
    let mut out = String::new();
    for one in blocked {
        out.push_str(&block_text(&block(one, "cannot be deleted"), style, width));
        out.push('\n');
    }
    let count = count(blocked.len(), "resource");
    let verb = if blocked.len() == 1 { "is" } else { "are" };
    let said =
        vec![Piece::new(Tone::Alarm, format!("Blocked: {count} {verb} held.")), Piece::plain(" Nothing was changed.")];
    out.push_str(&flush(said, style, width));
    if let Some(next) = next(blocked, command) {
        let pieces = vec![Piece::plain("next: "), Piece::whole(Tone::Strong, next)];
        out.push_str(&flush(pieces, style, width));
    }
    out
}

/// What stays for a while after its deletion, and how nothing stays.
pub fn lasting_text(lasting: &[Blocked], style: Style, width: usize) -> String {
    let text = |one: &Blocked| block_text(&Block { tone: Tone::Note, ..block(one, "stays for a while") }, style, width);
    lasting.iter().map(text).collect::<Vec<_>>().join("\n")
}

fn block(blocked: &Blocked, words: &str) -> Block {
    let mut facts: Vec<Piece> = Vec::new();
    if let Some(place) = &blocked.place {
        facts.push(Piece::whole(Tone::Quiet, place.to_string()));
        facts.push(Piece::quiet(" · "));
    }
    facts.push(Piece::whole(Tone::Quiet, format!("id {}", clean(&blocked.id))));
    Block {
        mark: "-",
        tone: Tone::Alarm,
        address: blocked.address.to_string(),
        words: words.to_owned(),
        about: vec![Line::new(facts)],
        rows: blocked.blockers.iter().flat_map(rows).collect(),
    }
}

fn rows(blocker: &BlockerText) -> Vec<Line> {
    let mut lines = vec![Line::text(Tone::Alarm, clean(&blocker.what)).hang(2)];
    let held = blocker.held_by.iter();
    lines.extend(
        held.map(|id| Line::new(vec![Piece::plain("held by "), Piece::whole(Tone::Normal, clean(id))]).inset(2)),
    );
    let ways: Vec<Piece> = [&blocker.also, &blocker.toml, &blocker.flag]
        .into_iter()
        .flatten()
        .map(|way| Piece::whole(Tone::Strong, clean(way)))
        .collect();
    if !ways.is_empty() {
        let mut pieces = vec![Piece::plain("cleared by ")];
        for (index, way) in ways.into_iter().enumerate() {
            pieces.push(Piece::plain(if index > 0 { " or " } else { "" }));
            pieces.push(way);
        }
        lines.push(Line::new(pieces).inset(2).hang(2));
    }
    lines
}

/// The command with every flag that clears something, when flags clear all there is.
fn next(blocked: &[Blocked], command: &str) -> Option<String> {
    let all: Option<Vec<&String>> =
        blocked.iter().flat_map(|one| &one.blockers).map(|blocker| blocker.flag.as_ref()).collect();
    let mut flags = all?;
    flags.sort();
    flags.dedup();
    Some(flags.into_iter().fold(command.to_owned(), |command, flag| format!("{command} {flag}")))
}

/// The same as JSON: `formats.md` says what each member means.
pub fn blockers_json(plan: &Plan, blocked: &[Blocked], lasting: &[Blocked]) -> String {
    let losing = plan.changes.values().filter(|change| !change.loses.is_empty());
    let losses = losing.map(|change| json!({ "address": change.address.to_string(), "loses": change.loses }));
    pretty(&json!({
        "format_version": crate::json::FORMAT_VERSION,
        "blocked": blocked.iter().map(one_json).collect::<Vec<_>>(),
        "lasting": lasting.iter().map(one_json).collect::<Vec<_>>(),
        "losses": losses.collect::<Vec<_>>(),
    }))
}

fn one_json(blocked: &Blocked) -> Value {
    let blockers = blocked.blockers.iter().map(|blocker| {
        json!({
            "what": blocker.what,
            "held_by": blocker.held_by,
            "toml": blocker.toml,
            "flag": blocker.flag,
            "also": blocker.also,
        })
    });
    json!({
        "address": blocked.address.to_string(),
        "id": blocked.id,
        "place": blocked.place.as_ref().map(place_json),
        "blockers": blockers.collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{address, place};

    fn images() -> Blocked {
        Blocked {
            address: address("ecr_repository.app"),
            id: "friendly-advice".to_owned(),
            place: place(12),
            blockers: vec![BlockerText {
                what: "3 images (1.2 GB)".to_owned(),
                held_by: Vec::new(),
                toml: Some("force_delete = true".to_owned()),
                flag: Some("--delete-images".to_owned()),
                also: None,
            }],
        }
    }

    #[test]
    fn blockers_say_how_they_are_cleared() {
        let expected = "  - ecr_repository.app  cannot be deleted
    environments/dev.toml:12 · id friendly-advice
      3 images (1.2 GB)
        cleared by force_delete = true or --delete-images

Blocked: 1 resource is held. Nothing was changed.
next: groma destroy dev --delete-images
";
        assert_eq!(blockers_text(&[images()], "groma destroy dev", Style::Plain, 80), expected);
    }

    #[test]
    fn what_stays_says_how_nothing_stays() {
        let secret = Blocked {
            address: address("secretsmanager_secret.key"),
            id: "key".to_owned(),
            place: None,
            blockers: vec![BlockerText {
                what: "a window of 30 days".to_owned(),
                also: Some("name = \"other\"".to_owned()),
                flag: Some("--force-delete-secrets".to_owned()),
                ..BlockerText::default()
            }],
        };
        let expected = "  - secretsmanager_secret.key  stays for a while
    id key
      a window of 30 days
        cleared by name = \"other\" or --force-delete-secrets
";
        assert_eq!(lasting_text(&[secret], Style::Plain, 80), expected);
    }

    #[test]
    fn a_holder_without_a_flag_leaves_no_next_command() {
        let group = Blocked {
            address: address("ec2_security_group.db"),
            id: "sg-1".to_owned(),
            place: None,
            blockers: vec![BlockerText {
                what: "used by 1 interface".to_owned(),
                held_by: vec!["eni-0123456789abcdef0".to_owned()],
                ..BlockerText::default()
            }],
        };
        let expected = "  - ec2_security_group.db  cannot be deleted
    id sg-1
      used by 1 interface
        held by eni-0123456789abcdef0

  - ecr_repository.app  cannot be deleted
    environments/dev.toml:12 · id friendly-advice
      3 images (1.2 GB)
        cleared by force_delete = true or --delete-images

Blocked: 2 resources are held. Nothing was changed.
";
        assert_eq!(blockers_text(&[group, images()], "groma destroy dev", Style::Plain, 80), expected);
        assert_eq!(blockers_text(&[], "groma destroy dev", Style::Plain, 80), "");
    }
}
