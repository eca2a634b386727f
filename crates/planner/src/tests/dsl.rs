//! A graph in a line: `subnet(vpc_id=$vpc.vpc_id) -> repo !prevent; vpc(cidr=10)`.
//!
//! `TYPE` alone means `TYPE.x`; `$vpc.vpc_id` is `${vpc.x.vpc_id}`; `~NAME` is a secret from an environment variable, `^16` a generated one.

use std::collections::{BTreeMap, BTreeSet};

use model::{
    Address, Each, Expression, Graph, ModulePath, Number, Resource, SecretSource, Sources, Span, Value, Written,
    WrittenKind,
    expression::{Entry, Sees},
    graph::{Data, Import, Instances, Lifecycle, Moved, Output, Removed, Scope, Timeouts},
    source::FileId,
};

/// The parsed graph with the text that its spans point into.
pub(crate) struct Parsed {
    pub(crate) graph: Graph,
    pub(crate) sources: Sources,
}

pub(crate) fn parse(text: &str) -> Parsed {
    let mut sources = Sources::default();
    let file = sources.add("environments/dev.toml", text);
    let mut graph = Graph::default();
    graph.scopes.environment.name = "dev".to_owned();
    graph.scopes.environment.region = "here".to_owned();
    graph.scopes.environment.account = Some("123456789012".to_owned());
    graph.scopes.modules.insert(ModulePath::default(), Scope::default());
    let mut start = 0;
    for statement in text.split_inclusive([';', '\n']) {
        let body = statement.trim_end_matches([';', '\n']);
        if !body.trim().is_empty() {
            Reader { text, at: start, end: start + body.len(), file, module: ModulePath::default() }
                .statement(&mut graph);
        }
        start += statement.len();
    }
    depend(&mut graph);
    Parsed { graph, sources }
}

/// `vpc` is `vpc.x`, and `module.m.vpc` is `module.m.vpc.x`.
pub(crate) fn address(text: &str) -> Address {
    let keyed = text.replacen('[', ".x[", 1);
    let spellings = [text, &format!("{text}.x"), &keyed];
    spellings.iter().find_map(|text| text.parse().ok()).unwrap_or_else(|| panic!("no address: {text}"))
}

/// The shortest name of an address.
pub(crate) fn short(address: &Address) -> String {
    let text = address.to_string();
    text.strip_suffix(".x").map(str::to_owned).unwrap_or(text)
}

/// References become dependencies, as expansion would make them.
fn depend(graph: &mut Graph) {
    let scopes = graph.scopes.clone();
    let of = |arguments: &BTreeMap<String, Entry>| -> BTreeSet<Address> {
        arguments.values().flat_map(|entry| lang::references(&scopes, &entry.value)).collect()
    };
    for data in graph.data.values_mut() {
        data.dependencies.extend(of(&data.arguments));
    }
    let through: BTreeMap<Address, BTreeSet<Address>> =
        graph.data.iter().map(|(address, data)| (address.clone(), data.dependencies.clone())).collect();
    for resource in graph.resources.values_mut() {
        resource.dependencies.extend(of(&resource.arguments));
        let more: Vec<Address> =
            resource.dependencies.iter().filter_map(|used| through.get(used)).flatten().cloned().collect();
        resource.dependencies.extend(more);
    }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    end: usize,
    file: FileId,
    module: ModulePath,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..self.end]
    }

    fn space(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    fn eat(&mut self, token: &str) -> bool {
        self.space();
        let found = self.rest().starts_with(token);
        if found {
            self.at += token.len();
        }
        found
    }

    fn word(&mut self, stop: &str) -> String {
        self.space();
        let rest = self.rest();
        let mut quoted = false;
        let end = rest
            .find(|c: char| {
                quoted ^= c == '"';
                !quoted && (stop.contains(c) || c.is_whitespace())
            })
            .unwrap_or(rest.len());
        let word = rest[..end].to_owned();
        self.at += end;
        word
    }

    fn span(&self, from: usize) -> Span {
        Span::new(self.file, from, self.at)
    }

    fn statement(&mut self, graph: &mut Graph) {
        self.space();
        let from = self.at;
        let head = self.word("(");
        match head.as_str() {
            "moved" => {
                let from_address = self.word("");
                self.eat("->");
                let to = self.word("");
                graph.moved.push(Moved { from: from_address, to, span: self.span(from) });
            }
            "removed" => {
                let address = address(&self.word(""));
                let retain = !self.eat("delete");
                graph.removed.push(Removed { address, retain, span: self.span(from) });
            }
            "import" => {
                let target = address(&self.word("="));
                self.eat("=");
                let id = self.value();
                let import = Import { address: target.clone(), id, span: self.span(from) };
                graph.imports.insert(target, import);
            }
            "output" => {
                let name = self.word("=");
                self.eat("=");
                let value = self.value();
                let output = Output { value, description: None, secret: false };
                graph.scopes.modules.entry(ModulePath::default()).or_default().outputs.insert(name, output);
            }
            _ => self.block(graph, &head, from),
        }
    }

    fn block(&mut self, graph: &mut Graph, head: &str, from: usize) {
        let address = address(head);
        self.module = address.module.clone();
        let span = self.span(from);
        let mut arguments = BTreeMap::new();
        if self.eat("(") {
            while !self.eat(")") {
                let key_from = self.at;
                let name = self.word("=");
                let key_span = self.span(key_from);
                assert!(self.eat("="), "= after {name} in {}", self.text);
                arguments.insert(name, Entry { key_span, value: self.value() });
                self.eat(",");
            }
        }
        let mut dependencies = BTreeSet::new();
        if self.eat("->") {
            loop {
                dependencies.insert(self::address(&self.word(",")));
                if !self.eat(",") {
                    break;
                }
            }
        }
        let mut lifecycle = Lifecycle::default();
        while self.eat("!") {
            match self.word("").as_str() {
                "prevent" => lifecycle.prevent_destroy = true,
                "retain" => lifecycle.retain = true,
                "adopt" => lifecycle.adopt = true,
                "cbd" => lifecycle.create_before_destroy = Some(true),
                "dbc" => lifecycle.create_before_destroy = Some(false),
                other => lifecycle.ignore_changes.push(other.strip_prefix("ignore=").expect("a flag").to_owned()),
            }
        }
        let region = if self.eat("@") { Some(self.value()) } else { None };
        self.space();
        assert!(self.rest().is_empty(), "left over: {}", self.rest());
        let scope = graph.scopes.modules.entry(address.module.clone()).or_default();
        let block = format!("{}.{}", address.type_name, address.name);
        let instances = if address.data { &mut scope.data } else { &mut scope.resources };
        match &address.key {
            None => {
                instances.insert(block, Instances::One);
            }
            Some(key) => match instances.entry(block).or_insert_with(|| Instances::Keyed(BTreeSet::new())) {
                Instances::Keyed(keys) => {
                    keys.insert(key.clone());
                }
                _ => panic!("keyed and not"),
            },
        }
        if address.data {
            graph.data.insert(address.clone(), Data { address, span, region, arguments, dependencies });
        } else {
            let resource = Resource {
                address: address.clone(),
                span,
                region,
                arguments,
                inherited_tags: BTreeMap::new(),
                dependencies,
                lifecycle,
                timeouts: Timeouts::default(),
            };
            graph.resources.insert(address, resource);
        }
    }

    fn value(&mut self) -> Written {
        self.space();
        let from = self.at;
        let kind = self.kind();
        Written { kind, span: self.span(from) }
    }

    fn kind(&mut self) -> WrittenKind {
        if self.eat("[") {
            let mut items = Vec::new();
            while !self.eat("]") {
                items.push(self.value());
                self.eat(",");
            }
            return WrittenKind::List(items);
        }
        if self.eat("{") {
            let mut entries = BTreeMap::new();
            while !self.eat("}") {
                let key_from = self.at;
                let key = self.word(":");
                let key_span = self.span(key_from);
                self.eat(":");
                entries.insert(key, Entry { key_span, value: self.value() });
                self.eat(",");
            }
            return WrittenKind::Map(entries);
        }
        let from = self.at;
        let word = self.word(",)]};");
        let span = self.span(from);
        let plain = word.trim_matches('"').to_owned();
        if let Some(name) = word.strip_prefix('~') {
            return WrittenKind::Secret(SecretSource::Env(name.to_owned()));
        }
        if let Some(length) = word.strip_prefix('^') {
            return WrittenKind::Secret(SecretSource::Generate { length: length.parse().expect("a length") });
        }
        if let Some(path) = word.strip_prefix('$').filter(|path| !path.starts_with('{')) {
            let (head, attribute) = path.rsplit_once('.').expect("$TYPE.ATTR");
            let text = format!("${{{}.{attribute}}}", address(head));
            return self.expression(text, span);
        }
        if plain.contains("${") {
            return self.expression(plain, span);
        }
        WrittenKind::Value(match word.as_str() {
            "true" => true.into(),
            "false" => false.into(),
            "null" => Value::Null,
            _ => Number::parse_exact(&word).map_or_else(|| plain.into(), Value::Number),
        })
    }

    fn expression(&self, text: String, span: Span) -> WrittenKind {
        let sees = Sees { module: self.module.clone(), each: None::<Each> };
        WrittenKind::Expression(Expression { text, span, offsets: Vec::new(), sees })
    }
}
