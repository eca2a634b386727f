//! An environment as the generator sees it, and its TOML.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use model::Address;

/// A type of the simulated cloud.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Named,
    Token,
    Member,
    Revision,
    Slow,
    Parts,
}

pub(crate) const KINDS: [Kind; 6] = [Kind::Named, Kind::Token, Kind::Member, Kind::Revision, Kind::Slow, Kind::Parts];

impl Kind {
    pub(crate) fn type_name(self) -> &'static str {
        match self {
            Self::Named => "sim_named",
            Self::Token => "sim_token",
            Self::Member => "sim_member",
            Self::Revision => "sim_revision",
            Self::Slow => "sim_slow",
            Self::Parts => "sim_parts",
        }
    }

    /// Whether its objects are known by a name that is written.
    pub(crate) fn is_named(self) -> bool {
        !matches!(self, Self::Token | Self::Member)
    }

    /// Whether two objects of one name can live beside each other.
    pub(crate) fn fits_beside(self) -> bool {
        matches!(self, Self::Token | Self::Member | Self::Revision)
    }
}

/// Where a password comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Password {
    /// An environment variable of the run.
    Env,
    /// The root's secret variable, with text around it.
    Variable,
}

/// One `[resource.TYPE.NAME]`.
#[derive(Debug, Clone)]
pub(crate) struct Block {
    pub(crate) kind: Kind,
    pub(crate) name: String,
    /// What is in the natural name; it may change while the block's name stays.
    pub(crate) title: String,
    pub(crate) in_module: bool,
    pub(crate) keys: Option<BTreeSet<String>>,
    pub(crate) size: Option<usize>,
    pub(crate) zone: Option<usize>,
    pub(crate) policy: Option<usize>,
    pub(crate) ttl: Option<usize>,
    pub(crate) password: Option<Password>,
    pub(crate) tags: BTreeMap<String, usize>,
    /// Names of blocks.
    pub(crate) uses: BTreeSet<String>,
    pub(crate) owner: Option<String>,
    pub(crate) depends_on: BTreeSet<String>,
    pub(crate) retain: bool,
    pub(crate) ignores_size: bool,
    pub(crate) create_before_destroy: Option<bool>,
    /// The id of what is there already.
    pub(crate) import: Option<String>,
    /// Its zone is that of data which finds this block.
    pub(crate) looks_up: Option<String>,
}

impl Block {
    pub(crate) fn new(kind: Kind, name: String) -> Self {
        Self {
            kind,
            title: name.clone(),
            name,
            in_module: false,
            keys: None,
            size: None,
            zone: None,
            policy: None,
            ttl: None,
            password: None,
            tags: BTreeMap::new(),
            uses: BTreeSet::new(),
            owner: None,
            depends_on: BTreeSet::new(),
            retain: false,
            ignores_size: false,
            create_before_destroy: None,
            import: None,
            looks_up: None,
        }
    }

    /// The blocks that it names in any way.
    pub(crate) fn needs(&self) -> BTreeSet<String> {
        let some = self.uses.iter().chain(&self.owner).chain(&self.depends_on).chain(&self.looks_up);
        some.cloned().collect()
    }

    pub(crate) fn forget(&mut self, name: &str) {
        self.uses.remove(name);
        self.depends_on.remove(name);
        self.owner.take_if(|owner| owner == name);
        self.looks_up.take_if(|looked| looked == name);
    }

    pub(crate) fn follow(&mut self, old: &str, new: &str) {
        for names in [&mut self.uses, &mut self.depends_on] {
            if names.remove(old) {
                names.insert(new.to_owned());
            }
        }
        for name in [&mut self.owner, &mut self.looks_up] {
            if name.as_deref() == Some(old) {
                *name = Some(new.to_owned());
            }
        }
    }

    fn place(&self) -> String {
        format!("{}.{}", self.kind.type_name(), self.name)
    }
}

/// A whole environment. A block names only blocks before it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Environment {
    pub(crate) blocks: Vec<Block>,
    /// The instances of the module.
    pub(crate) modules: Option<BTreeSet<String>>,
    pub(crate) moved: Vec<(String, String)>,
    pub(crate) tags: BTreeMap<String, usize>,
}

/// One instance of a block.
#[derive(Debug, Clone)]
pub(crate) struct Instance<'e> {
    pub(crate) address: Address,
    pub(crate) block: &'e Block,
    pub(crate) module: Option<String>,
    /// What its natural name must be.
    pub(crate) name: Option<String>,
}

impl Environment {
    pub(crate) fn block(&self, name: &str) -> Option<&Block> {
        self.blocks.iter().find(|block| block.name == name)
    }

    /// Takes a block out, and all that names it.
    pub(crate) fn remove(&mut self, name: &str) {
        self.blocks.retain(|block| block.name != name);
        self.blocks.iter_mut().for_each(|block| block.forget(name));
        self.moved.retain(|(_, to)| !to.ends_with(&format!(".{name}")));
    }

    /// Everything that should exist.
    pub(crate) fn instances(&self) -> Vec<Instance<'_>> {
        let mut found = Vec::new();
        for block in &self.blocks {
            let modules: Vec<Option<&String>> = match (&self.modules, block.in_module) {
                (Some(keys), true) => keys.iter().map(Some).collect(),
                _ => vec![None],
            };
            for module in modules {
                let keys: Vec<Option<&String>> =
                    block.keys.as_ref().map_or(vec![None], |keys| keys.iter().map(Some).collect());
                found.extend(keys.into_iter().map(|key| instance(block, module, key)));
            }
        }
        found
    }

    /// The files of the project.
    pub(crate) fn files(&self) -> BTreeMap<String, String> {
        let mut files = BTreeMap::from([("environments/dev.toml".to_owned(), self.root())]);
        if self.blocks.iter().any(|block| block.in_module) {
            files.insert("modules/web/web.toml".to_owned(), self.module());
        }
        files
    }

    fn root(&self) -> String {
        let mut text = "[environment]\nregion = \"eu-west-1\"\naccount = \"123456789012\"\n".to_owned();
        if !self.tags.is_empty() {
            let _ = writeln!(text, "tags = {}", table(&self.tags));
        }
        text.push_str("\n[variable.pw]\ntype = \"string\"\nsecret = true\n");
        if self.blocks.iter().any(|block| block.in_module) {
            text.push_str("\n[module.web]\nsource = \"../modules/web\"\npw = \"${var.pw}\"\n");
            match &self.modules {
                Some(keys) => {
                    let _ = writeln!(text, "for_each = {}\nprefix = \"${{each.key}}\"", list(keys));
                }
                None => text.push_str("prefix = \"w\"\n"),
            }
        }
        for block in self.blocks.iter().filter(|block| !block.in_module) {
            self.write(block, &mut text);
            let _ = writeln!(text, "\n[output.{}]\nvalue = '${{{}}}'", block.name, self.arns(block, false));
        }
        if !self.moved.is_empty() {
            text.push_str("\n[moved]\n");
            for (from, to) in &self.moved {
                let _ = writeln!(text, "{} = {}", quoted(from), quoted(to));
            }
        }
        text
    }

    fn module(&self) -> String {
        let mut text =
            "[variable.prefix]\ntype = \"string\"\n\n[variable.pw]\ntype = \"string\"\nsecret = true\n".to_owned();
        for block in self.blocks.iter().filter(|block| block.in_module) {
            self.write(block, &mut text);
            let _ = writeln!(text, "\n[output.{}]\nvalue = '${{{}}}'", block.name, self.arns(block, true));
        }
        text
    }

    /// An expression for the list of the ARNs of all instances.
    fn arns(&self, block: &Block, from_module: bool) -> String {
        let place = block.place();
        match (block.in_module && !from_module, &block.keys) {
            (true, _) if self.modules.is_some() => format!("flatten([for m in module.web : m.{}])", block.name),
            (true, _) => format!("module.web.{}", block.name),
            (false, None) => format!("[{place}.arn]"),
            (false, Some(_)) => format!("[for r in {place} : r.arn]"),
        }
    }

    fn write(&self, block: &Block, text: &mut String) {
        let reach = |name: &String| self.block(name).map(|used| self.arns(used, block.in_module));
        if let Some(looked) = block.looks_up.as_ref().and_then(|name| self.block(name)) {
            let _ = writeln!(text, "\n[data.sim_lookup.{}]\nname = '${{{}.name}}'", block.name, looked.place());
        }
        let _ = writeln!(text, "\n[resource.{}]", block.place());
        let mut line = |name: &str, value: Option<String>| {
            if let Some(value) = value {
                let _ = writeln!(text, "{name} = {value}");
            }
        };
        line("for_each", block.keys.as_ref().map(list));
        line("name", block.kind.is_named().then(|| format!("\"{}\"", title(block))));
        line("size", block.size.map(|size| size.to_string()));
        line("zone", block.zone.map(|zone| format!("\"z{zone}\"")));
        line("zone", block.looks_up.as_ref().map(|_| format!("\"${{data.sim_lookup.{}.id}}\"", block.name)));
        line("policy", block.policy.map(|policy| format!("\"p{policy}\"")));
        line("ttl", block.ttl.map(|ttl| ttl.to_string()));
        line(
            "password",
            block.password.map(|password| match password {
                Password::Env => "{ secret = { env = \"PW\" } }".to_owned(),
                Password::Variable => "\"app:${var.pw}@db\"".to_owned(),
            }),
        );
        line("tags", (!block.tags.is_empty()).then(|| table(&block.tags)));
        let used: Vec<String> = block.uses.iter().filter_map(reach).collect();
        line("uses", (!used.is_empty()).then(|| format!("'${{flatten([{}])}}'", used.join(", "))));
        line("owner", block.owner.as_ref().and_then(reach).map(|owner| format!("'${{join(\",\", {owner})}}'")));
        let before: Vec<String> =
            block.depends_on.iter().filter_map(|name| Some(quoted(&self.block(name)?.place()))).collect();
        line("depends_on", (!before.is_empty()).then(|| format!("[{}]", before.join(", "))));
        let mut lifecycle = Vec::new();
        lifecycle.extend(block.retain.then(|| "retain = true".to_owned()));
        lifecycle.extend(block.ignores_size.then(|| "ignore_changes = [\"size\"]".to_owned()));
        lifecycle.extend(block.create_before_destroy.map(|first| format!("create_before_destroy = {first}")));
        line("lifecycle", (!lifecycle.is_empty()).then(|| format!("{{ {} }}", lifecycle.join(", "))));
        if let Some(id) = &block.import {
            let _ = writeln!(text, "\n[import.\"{}\"]\nid = \"{id}\"", block.place());
        }
    }
}

fn instance<'e>(block: &'e Block, module: Option<&String>, key: Option<&String>) -> Instance<'e> {
    let mut address = String::new();
    if block.in_module {
        let _ = match module {
            Some(module) => write!(address, "module.web[\"{module}\"]."),
            None => write!(address, "module.web."),
        };
    }
    address.push_str(&block.place());
    if let Some(key) = key {
        let _ = write!(address, "[\"{key}\"]");
    }
    let name = block.kind.is_named().then(|| {
        let prefix = module.map_or("w", String::as_str);
        title(block).replace("${each.key}", key.map_or("", String::as_str)).replace("${var.prefix}", prefix)
    });
    Instance { address: address.parse().expect("the generator knows addresses"), block, module: module.cloned(), name }
}

/// The natural name as it is written.
fn title(block: &Block) -> String {
    let prefix = if block.in_module { "${var.prefix}-" } else { "" };
    let key = if block.keys.is_some() { "-${each.key}" } else { "" };
    format!("{prefix}{}{key}", block.title)
}

fn list(keys: &BTreeSet<String>) -> String {
    let keys: Vec<String> = keys.iter().map(|key| quoted(key)).collect();
    format!("[{}]", keys.join(", "))
}

fn table(tags: &BTreeMap<String, usize>) -> String {
    let tags: Vec<String> = tags.iter().map(|(key, value)| format!("{key} = \"v{value}\"")).collect();
    format!("{{ {} }}", tags.join(", "))
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\\\""))
}
