//! Which sections there are, and the sections of several files as one.

use std::collections::BTreeMap;

use model::{Diagnostic, Span, WrittenKind, expression::Entry, name::Name};

use crate::{mistakes::Mistakes, suggest};

/// The first word of a table header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Section {
    Environment,
    Variable,
    Locals,
    Data,
    Resource,
    Module,
    Output,
    Moved,
    Removed,
    Import,
    State,
    Stage,
    Check,
    Review,
}

impl Section {
    const ALL: [(&'static str, Self); 14] = [
        ("environment", Self::Environment),
        ("variable", Self::Variable),
        ("locals", Self::Locals),
        ("data", Self::Data),
        ("resource", Self::Resource),
        ("module", Self::Module),
        ("output", Self::Output),
        ("moved", Self::Moved),
        ("removed", Self::Removed),
        ("import", Self::Import),
        ("state", Self::State),
        ("stage", Self::Stage),
        ("check", Self::Check),
        ("review", Self::Review),
    ];

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(known, _)| *known == name).map(|(_, section)| section)
    }

    /// How many names follow it: `[resource.TYPE.NAME]` has two.
    fn depth(self) -> usize {
        if matches!(self, Self::Data | Self::Resource) { 2 } else { 1 }
    }

    /// What only an environment may hold.
    fn of_environment(self) -> bool {
        !matches!(
            self,
            Self::Variable | Self::Locals | Self::Data | Self::Resource | Self::Module | Self::Output | Self::Check
        )
    }

    /// Whether the last name must be a name of the language.
    fn named_entries(self) -> bool {
        matches!(
            self,
            Self::Variable
                | Self::Locals
                | Self::Data
                | Self::Resource
                | Self::Module
                | Self::Output
                | Self::Stage
                | Self::Check
        )
    }

    /// Whether each entry is a table of its own.
    fn tables(self) -> bool {
        !matches!(self, Self::Environment | Self::Locals | Self::Moved | Self::State | Self::Review)
    }
}

/// The sections of all files of one folder.
#[derive(Debug, Default)]
pub(crate) struct Merged {
    /// By section and the names that follow it.
    entries: BTreeMap<(Section, Vec<String>), Entry>,
    /// The headers of the sections themselves, the first of each.
    headers: BTreeMap<Section, Span>,
}

impl Merged {
    /// Takes the sections of one more file. `root`: the file belongs to an environment, not to a module.
    pub(crate) fn add(&mut self, file: BTreeMap<String, Entry>, root: bool, types: &[&str], mistakes: &mut Mistakes) {
        for (name, entry) in file {
            let Some(section) = Section::named(&name) else {
                mistakes.push(unknown_section(&name, &entry, types));
                continue;
            };
            if section.of_environment() && !root {
                let detail = format!("`{name}` stands in an environment, not in a module");
                mistakes.push(
                    Diagnostic::error("misplaced section", detail, Some(entry.key_span))
                        .hint("move it to the file of each environment that uses the module"),
                );
                continue;
            }
            self.headers.entry(section).or_insert(entry.value.span);
            self.section(section, &[name.as_str()], entry, mistakes);
        }
    }

    /// Everything of a section, in the order of names.
    pub(crate) fn take(&mut self, section: Section) -> Vec<(Vec<String>, Entry)> {
        let (taken, left) = std::mem::take(&mut self.entries).into_iter().partition(|((of, _), _)| *of == section);
        self.entries = left;
        let taken: BTreeMap<(Section, Vec<String>), Entry> = taken;
        taken.into_iter().map(|((_, names), entry)| (names, entry)).collect()
    }

    /// The header of a section, when it is written.
    pub(crate) fn header(&self, section: Section) -> Option<Span> {
        self.headers.get(&section).copied()
    }

    fn section(&mut self, section: Section, path: &[&str], entry: Entry, mistakes: &mut Mistakes) {
        let WrittenKind::Map(entries) = entry.value.kind else {
            let shape = path.join(".");
            let detail = format!("`{shape}` is a table: `[{shape}{}]`", rest(section, path.len()));
            mistakes.push(Diagnostic::error("wrong type", detail, Some(entry.value.span)));
            return;
        };
        let blocks = path.len() == section.depth() && section.depth() > 1;
        if blocks
            && !entries.is_empty()
            && entries.values().any(|entry| !matches!(entry.value.kind, WrittenKind::Map(_)))
        {
            let shape = path.join(".");
            let detail = format!("`{}` is followed by a type and a name of your own", path[0]);
            mistakes.push(
                Diagnostic::error("missing name", detail, Some(entry.value.span))
                    .hint(format!("write `[{shape}.NAME]`")),
            );
            return;
        }
        for (name, entry) in entries {
            let mut longer = path.to_vec();
            longer.push(&name);
            if longer.len() <= section.depth() {
                self.section(section, &longer, entry, mistakes);
            } else {
                self.insert(section, &longer, entry, mistakes);
            }
        }
    }

    fn insert(&mut self, section: Section, path: &[&str], entry: Entry, mistakes: &mut Mistakes) {
        let shape = path.join(".");
        let name = path.last().copied().unwrap_or_default();
        if section.named_entries()
            && let Err(error) = name.parse::<Name>()
        {
            mistakes.push(Diagnostic::error("invalid name", error.to_string(), Some(entry.key_span)));
            return;
        }
        if section.tables() && !matches!(entry.value.kind, WrittenKind::Map(_)) {
            let detail = format!("`{shape}` is a table: `[{shape}]`");
            let hint = format!("or is its name missing? then write `[{}.NAME]`", path[..path.len() - 1].join("."));
            mistakes.push(Diagnostic::error("wrong type", detail, Some(entry.value.span)).hint(hint));
            return;
        }
        let names = path[1..].iter().map(|name| (*name).to_owned()).collect();
        match self.entries.entry((section, names)) {
            std::collections::btree_map::Entry::Vacant(free) => {
                free.insert(entry);
            }
            std::collections::btree_map::Entry::Occupied(first) => {
                let detail = format!("`{shape}` is written in another file of this folder too");
                mistakes.push(
                    Diagnostic::error("written twice", detail, Some(entry.key_span))
                        .label(first.get().key_span, "first written here")
                        .hint("keep one of the two, or give one another name"),
                );
            }
        }
    }
}

/// The names that are still missing in a header.
fn rest(section: Section, written: usize) -> &'static str {
    match (section, section.tables(), section.depth() + 1 - written) {
        (Section::Data | Section::Resource, _, 2) => ".TYPE.NAME",
        (_, true, 1) => ".NAME",
        _ => "",
    }
}

fn unknown_section(name: &str, entry: &Entry, types: &[&str]) -> Diagnostic {
    let detail = format!("there is no section `{name}`");
    let span = entry.key_span;
    let error = Diagnostic::error("unknown section", &detail, Some(span));
    match name {
        _ if types.contains(&name) => {
            error.hint(format!("write `[resource.{name}.NAME]`")).patch(span, format!("resource.{name}"))
        }
        "local" => error.hint("did you mean `locals`?").patch(span, "locals"),
        "provider" | "terraform" => error.hint("region, account and profile stand in `[environment]`"),
        _ => {
            let known: Vec<&str> = Section::ALL.iter().map(|(known, _)| *known).collect();
            suggest::unknown("unknown section", detail, span, name, known.iter().copied())
        }
    }
}
