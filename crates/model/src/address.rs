//! Where a resource stands: `module.chatbot.apprunner_service.web["prod"]`.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// One call of a module, with its key when the module has `for_each`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ModuleStep {
    pub name: String,
    pub key: Option<String>,
}

/// The way from the environment to a module; empty for the environment itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ModulePath(pub Vec<ModuleStep>);

/// A resource or data instance. Data addresses have `data` set and print as `data.TYPE.NAME`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Address {
    pub module: ModulePath,
    pub data: bool,
    pub type_name: String,
    pub name: String,
    pub key: Option<String>,
}

/// Why a text is no address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an address; one looks like `ecr_repository.app` or `module.web.ecr_repository.app[\"key\"]`")]
pub struct InvalidAddress(pub String);

impl ModulePath {
    /// The path one module further in.
    #[must_use]
    pub fn child(&self, name: &str, key: Option<&str>) -> Self {
        let mut steps = self.0.clone();
        steps.push(ModuleStep { name: name.to_owned(), key: key.map(str::to_owned) });
        Self(steps)
    }

    /// The path without its last step; nothing for the environment itself.
    pub fn parent(&self) -> Option<Self> {
        let (_, parents) = self.0.split_last()?;
        Some(Self(parents.to_vec()))
    }

    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }
}

impl Address {
    /// A managed resource.
    pub fn resource(module: ModulePath, type_name: &str, name: &str, key: Option<&str>) -> Self {
        Self {
            module,
            data: false,
            type_name: type_name.to_owned(),
            name: name.to_owned(),
            key: key.map(str::to_owned),
        }
    }

    /// The address without its instance key: the block that was written.
    #[must_use]
    pub fn block(&self) -> Self {
        Self { key: None, ..self.clone() }
    }

    /// Whether a text means this address: itself, its block, or a module around it.
    pub fn is_within(&self, text: &str) -> bool {
        if let Ok(wanted) = text.parse::<Self>() {
            return wanted == *self || wanted.key.is_none() && wanted == self.block();
        }
        text.parse::<ModulePath>().is_ok_and(|path| !path.is_root() && self.module.is_inside(&path))
    }
}

impl ModulePath {
    /// Whether it is a module or lies inside of it; a step without a key means all of them.
    fn is_inside(&self, around: &Self) -> bool {
        let means = |(step, wanted): (&ModuleStep, &ModuleStep)| {
            step.name == wanted.name && (wanted.key.is_none() || step.key == wanted.key)
        };
        self.0.len() >= around.0.len() && self.0.iter().zip(&around.0).all(means)
    }
}

fn write_key(f: &mut fmt::Formatter<'_>, key: Option<&String>) -> fmt::Result {
    match key {
        None => Ok(()),
        Some(key) => write!(f, "[\"{}\"]", key.replace('\\', "\\\\").replace('"', "\\\"")),
    }
}

impl fmt::Display for ModulePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, step) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str(".")?;
            }
            write!(f, "module.{}", step.name)?;
            write_key(f, step.key.as_ref())?;
        }
        Ok(())
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.module.is_root() {
            write!(f, "{}.", self.module)?;
        }
        if self.data {
            f.write_str("data.")?;
        }
        write!(f, "{}.{}", self.type_name, self.name)?;
        write_key(f, self.key.as_ref())
    }
}

/// Splits `a.b["c.d"].e` into names with optional keys; nothing when quotes or brackets do not match.
fn parts(text: &str) -> Option<Vec<ModuleStep>> {
    let mut found = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(['.', '[']).unwrap_or(rest.len());
        let name = rest[..end].parse::<crate::name::Name>().ok()?;
        rest = &rest[end..];
        let mut key = None;
        if let Some(quoted) = rest.strip_prefix("[\"") {
            let (text, after) = read_key(quoted)?;
            key = Some(text);
            rest = after;
        }
        found.push(ModuleStep { name: name.into(), key });
        rest = match rest.strip_prefix('.') {
            Some("") => return None,
            Some(more) => more,
            None if rest.is_empty() => rest,
            None => return None,
        };
    }
    Some(found)
}

/// Reads a key up to its closing `"]` and gives what follows.
fn read_key(quoted: &str) -> Option<(String, &str)> {
    let mut key = String::new();
    let mut characters = quoted.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '\\' => key.push(characters.next()?.1),
            '"' => return Some((key, quoted[at + 1..].strip_prefix(']')?)),
            other => key.push(other),
        }
    }
    None
}

/// Takes the leading `module.NAME[KEY]` pairs off.
fn modules(steps: Vec<ModuleStep>) -> Option<(ModulePath, Vec<ModuleStep>)> {
    let mut path = Vec::new();
    let mut steps = steps.into_iter().peekable();
    while steps.peek().is_some_and(|step| step.name == "module" && step.key.is_none()) {
        steps.next();
        path.push(steps.next()?);
    }
    Some((ModulePath(path), steps.collect()))
}

impl FromStr for ModulePath {
    type Err = InvalidAddress;

    fn from_str(text: &str) -> Result<Self, InvalidAddress> {
        match parts(text).and_then(modules) {
            Some((path, rest)) if rest.is_empty() => Ok(path),
            _ => Err(InvalidAddress(text.to_owned())),
        }
    }
}

impl FromStr for Address {
    type Err = InvalidAddress;

    fn from_str(text: &str) -> Result<Self, InvalidAddress> {
        let wrong = || InvalidAddress(text.to_owned());
        let (module, mut rest) = parts(text).and_then(modules).ok_or_else(wrong)?;
        let data = rest.len() == 3 && rest[0].name == "data" && rest[0].key.is_none();
        if data {
            rest.remove(0);
        }
        match <[ModuleStep; 2]>::try_from(rest) {
            Ok([kind, name]) if kind.key.is_none() => {
                Ok(Self { module, data, type_name: kind.name, name: name.name, key: name.key })
            }
            _ => Err(wrong()),
        }
    }
}

impl TryFrom<String> for ModulePath {
    type Error = InvalidAddress;

    fn try_from(text: String) -> Result<Self, InvalidAddress> {
        text.parse()
    }
}

impl From<ModulePath> for String {
    fn from(path: ModulePath) -> Self {
        path.to_string()
    }
}

impl TryFrom<String> for Address {
    type Error = InvalidAddress;

    fn try_from(text: String) -> Result<Self, InvalidAddress> {
        text.parse()
    }
}

impl From<Address> for String {
    fn from(address: Address) -> Self {
        address.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_survive_their_text() {
        for text in [
            "ecr_repository.app",
            "apprunner_service.web[\"prod\"]",
            "module.chatbot.iam_role.task",
            "module.a[\"x.y\"].module.b.data.ecr_image.latest[\"q\\\"t\\\\\"]",
        ] {
            assert_eq!(text.parse::<Address>().map(|address| address.to_string()).as_deref(), Ok(text));
        }
    }

    #[test]
    fn a_text_means_a_resource_its_block_or_what_is_around_it() {
        let address: Address = "module.a[\"x\"].iam_role.task[\"k\"]".parse().expect("an address");
        for text in
            ["module.a[\"x\"].iam_role.task[\"k\"]", "module.a[\"x\"].iam_role.task", "module.a", "module.a[\"x\"]"]
        {
            assert!(address.is_within(text), "{text}");
        }
        for text in ["iam_role.task", "module.a[\"y\"]", "module.a[\"x\"].iam_role.task[\"l\"]", "module.b", ""] {
            assert!(!address.is_within(text), "{text}");
        }
    }

    #[test]
    fn other_texts_are_refused() {
        for text in ["", "ecr_repository", "a.b.c", "module.x", "a.b[1]", "a.b[\"x\"", "a..b", "a.b.", "module.a.b"] {
            assert!(text.parse::<Address>().is_err(), "{text}");
        }
    }
}
