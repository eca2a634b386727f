//! The functions of the language: Terraform's names, Terraform's results.

mod call;
mod csv;
mod dates;
mod encoding;
mod files;
mod format;
mod hashes;
mod ip;
mod json;
mod lists;
mod maps;
mod numbers;
mod regexes;
mod sets;
mod texts;
mod types;
mod yaml;
mod yaml_text;

pub(crate) use call::{Call, Fault, Given};

/// What a function does with unknown and secret values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Marks {
    /// An unknown leaf anywhere makes the result unknown, a secret one makes it secret.
    Stop,
    /// As leaves inside lists and maps they pass through untouched; as arguments they stop it.
    Through,
    /// Unknown leaves pass through, secret ones stop it.
    UnknownThrough,
    /// The function sees everything and decides itself.
    Own,
}

/// One function.
pub(crate) struct Function {
    pub(crate) name: &'static str,
    /// The parameters as shown in errors: `?` may be left out, `...` stands for any number.
    pub(crate) takes: &'static str,
    pub(crate) marks: Marks,
    pub(crate) run: fn(&Call<'_>) -> Given,
}

impl Function {
    const fn stop(name: &'static str, takes: &'static str, run: fn(&Call<'_>) -> Given) -> Self {
        Self { name, takes, marks: Marks::Stop, run }
    }

    const fn through(name: &'static str, takes: &'static str, run: fn(&Call<'_>) -> Given) -> Self {
        Self { name, takes, marks: Marks::Through, run }
    }

    const fn unknown_through(name: &'static str, takes: &'static str, run: fn(&Call<'_>) -> Given) -> Self {
        Self { name, takes, marks: Marks::UnknownThrough, run }
    }

    const fn own(name: &'static str, takes: &'static str, run: fn(&Call<'_>) -> Given) -> Self {
        Self { name, takes, marks: Marks::Own, run }
    }

    /// The smallest and largest number of arguments; no largest with `...`.
    pub(crate) fn arity(&self) -> (usize, Option<usize>) {
        let parameters: Vec<&str> = self.takes.split(", ").filter(|parameter| !parameter.is_empty()).collect();
        let required = parameters.iter().filter(|parameter| !parameter.ends_with(['?', '.'])).count();
        let endless = parameters.last().is_some_and(|last| last.ends_with("..."));
        (required, (!endless).then_some(parameters.len()))
    }
}

const TABLES: &[&[Function]] = &[
    dates::FUNCTIONS,
    encoding::FUNCTIONS,
    files::FUNCTIONS,
    format::FUNCTIONS,
    hashes::FUNCTIONS,
    ip::FUNCTIONS,
    lists::FUNCTIONS,
    maps::FUNCTIONS,
    numbers::FUNCTIONS,
    regexes::FUNCTIONS,
    sets::FUNCTIONS,
    texts::FUNCTIONS,
    types::FUNCTIONS,
];

/// Functions of Terraform that we do not offer, with what to do instead.
pub(crate) const REFUSED: &[(&str, &str)] = &[
    ("abspath", "paths are relative to the file that holds them; `path.root` is the environment's folder"),
    ("bcrypt", "its result is another one each time, and the same input must give the same bytes; use `sha256`"),
    ("ephemeralasnull", "there are no ephemeral values: a secret is `{ secret = { … } }`"),
    ("list", "write `[a, b]`"),
    ("map", "write `{ a = b }`"),
    ("nonsensitive", "a secret stays one; refer to what is not secret instead"),
    ("pathexpand", "files outside the project folder are not read"),
    ("plantimestamp", "the same input must give the same bytes; pass a time as a variable"),
    ("rsadecrypt", "give the decrypted text as `{ secret = { … } }`"),
    ("timestamp", "the same input must give the same bytes; pass a time as a variable"),
    ("uuid", "its result is another one each time; `uuidv5(namespace, name)` is always the same"),
];

/// Every function.
pub(crate) fn all() -> impl Iterator<Item = &'static Function> {
    TABLES.iter().copied().flatten()
}

pub(crate) fn find(name: &str) -> Option<&'static Function> {
    all().find(|function| function.name == name)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn tables_are_sorted_and_names_stand_once() {
        for table in TABLES {
            assert!(table.is_sorted_by(|a, b| a.name < b.name), "{:?}", table[0].name);
        }
        let names: BTreeSet<&str> = all().map(|function| function.name).collect();
        assert_eq!(names.len(), all().count());
        assert!(REFUSED.iter().all(|(name, _)| !names.contains(name)));
    }
}
