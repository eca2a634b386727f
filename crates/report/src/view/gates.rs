//! What a run leaves to a later one, and what must be brought first.

use std::collections::BTreeMap;

use model::{
    Address,
    plan::{Gate, Withheld},
};

use super::action;
use crate::{
    clean::clean,
    lines::{Line, Piece},
    style::Tone,
};

/// Each gate with its commands below it, one a line, as they are typed.
pub(crate) fn gates(gates: &[Gate]) -> Vec<Line> {
    let mut lines = Vec::new();
    for gate in gates {
        let address = Piece::whole(Tone::Strong, gate.address.to_string());
        let missing = Piece::new(Tone::Changed, format!("  {}", clean(&gate.missing)));
        lines.push(Line::new(vec![address, missing]).hang(2));
        let command = |command: &String| Line::new(vec![Piece::whole(Tone::Normal, clean(command))]).inset(2);
        lines.extend(gate.commands.iter().map(command));
    }
    lines
}

/// Each change that is left to a later run, with why.
pub(crate) fn withheld(withheld: &BTreeMap<Address, Withheld>) -> Vec<Line> {
    let line = |(address, held): (&Address, &Withheld)| {
        let said = format!("  {}: {}", action::words(held.action), clean(&held.because));
        Line::new(vec![Piece::whole(Tone::Strong, address.to_string()), Piece::quiet(said)]).hang(2)
    };
    withheld.iter().map(line).collect()
}
