//! The sections of a folder as a module, and of an environment's files as an environment.

use std::collections::BTreeMap;

use model::{Diagnostic, Span, expression::Entry, graph::StateHome};

use super::{
    Block, Environment, Merged, Module, Section, block, call, environment, moves, output, secret::with_secrets, stage,
    state, variable,
};
use crate::mistakes::Mistakes;

impl Module {
    /// Takes everything that a module may hold.
    pub(crate) fn of(merged: &mut Merged, folder: &str, mistakes: &mut Mistakes) -> Self {
        let named = |(mut names, entry): (Vec<String>, Entry)| Some((names.pop()?, entry));
        let mut section = |section| merged.take(section).into_iter().filter_map(named).collect::<Vec<_>>();
        let variables = section(Section::Variable);
        let locals = section(Section::Locals);
        let calls = section(Section::Module);
        let outputs = section(Section::Output);
        Self {
            folder: folder.to_owned(),
            variables: variables
                .into_iter()
                .filter_map(|(name, entry)| Some((name.clone(), variable::variable(&name, entry, mistakes)?)))
                .collect(),
            locals: locals
                .into_iter()
                .map(|(name, entry)| (name, Entry { value: with_secrets(entry.value, mistakes), ..entry }))
                .collect(),
            calls: calls
                .into_iter()
                .filter_map(|(name, entry)| Some((name.clone(), call::call(&name, entry, folder, mistakes)?)))
                .collect(),
            outputs: outputs
                .iter()
                .filter_map(|(name, entry)| Some((name.clone(), output::output(name, entry, mistakes)?)))
                .collect(),
            resources: blocks(merged.take(Section::Resource), block::resource, mistakes),
            data: blocks(merged.take(Section::Data), block::data, mistakes),
            broken: false,
        }
    }
}

fn blocks(
    entries: Vec<(Vec<String>, Entry)>,
    read: fn(&[String], Entry, &mut Mistakes) -> Option<Block>,
    mistakes: &mut Mistakes,
) -> BTreeMap<String, Block> {
    entries.into_iter().filter_map(|(names, entry)| Some((names.join("."), read(&names, entry, mistakes)?))).collect()
}

impl Environment {
    /// Takes everything that only an environment holds. `start` is told where `[environment]` is missing; `broken`: it may
    /// stand in a file that could not be read.
    pub(crate) fn of(merged: &mut Merged, name: &str, start: Span, broken: bool, mistakes: &mut Mistakes) -> Self {
        let named = |(mut names, entry): (Vec<String>, Entry)| Some((names.pop()?, entry));
        let mut section = |section| merged.take(section).into_iter().filter_map(named).collect::<Vec<_>>();
        let entries = section(Section::Environment).into_iter().collect();
        let stages = section(Section::Stage);
        let home: BTreeMap<String, Entry> = section(Section::State).into_iter().collect();
        let (moved, removed, imports) = (section(Section::Moved), section(Section::Removed), section(Section::Import));
        let (settings, tags) = match merged.header(Section::Environment) {
            Some(header) => environment::environment(entries, header, mistakes),
            None => {
                if !broken {
                    let detail = "an environment needs the table `[environment]` with its region";
                    mistakes.push(
                        Diagnostic::error("missing section", detail, Some(start))
                            .hint("write `[environment]` and below it: region = \"us-east-1\""),
                    );
                }
                Default::default()
            }
        };
        let header = merged.header(Section::State);
        let place = (name, settings.region.as_str());
        let state = header.map_or(StateHome::Files, |header| state::state(&home, header, place, mistakes));
        Self {
            settings,
            state,
            tags,
            moved: moved.iter().filter_map(|(from, entry)| moves::moved(from, entry, mistakes)).collect(),
            removed: removed.iter().filter_map(|(text, entry)| moves::removed(text, entry, mistakes)).collect(),
            stages: stage::stages(&stages, mistakes),
            imports: imports.iter().filter_map(|(text, entry)| moves::import(text, entry, mistakes)).collect(),
        }
    }
}
