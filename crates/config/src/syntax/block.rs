//! `[resource.TYPE.NAME]` and `[data.TYPE.NAME]`

use model::{WrittenKind, expression::Entry};

use super::{Block, meta, secret::entries_with_secrets};
use crate::mistakes::Mistakes;

/// Reads one resource block.
pub(crate) fn resource(names: &[String], entry: Entry, mistakes: &mut Mistakes) -> Option<Block> {
    let mut block = data(names, entry, mistakes)?;
    (block.lifecycle, block.ignored) = meta::lifecycle(&mut block.arguments, mistakes);
    block.timeouts = meta::timeouts(&mut block.arguments, mistakes);
    Some(block)
}

/// Reads one data block.
pub(crate) fn data(names: &[String], entry: Entry, mistakes: &mut Mistakes) -> Option<Block> {
    let [type_name, name] = names else { return None };
    let WrittenKind::Map(mut entries) = entry.value.kind else { return None };
    Some(Block {
        type_name: type_name.clone(),
        name: name.clone(),
        span: entry.value.span,
        repeat: meta::repeat(&mut entries, mistakes),
        depends_on: meta::depends_on(&mut entries, mistakes),
        region: entries.remove("region").map(|entry| entry.value),
        lifecycle: Default::default(),
        ignored: Vec::new(),
        timeouts: Default::default(),
        arguments: entries_with_secrets(entries, mistakes),
    })
}
