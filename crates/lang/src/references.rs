//! What an expression refers to, without evaluating it.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
    str::FromStr,
};

use hcl_edit::{
    Ident,
    expr::{Expression as Node, ForExpr, Traversal, TraversalOperator as Step},
    template::{ForDirective, Template},
    visit::{self, Visit},
};
use model::{
    Address, ModulePath, Scopes, Written,
    expression::Sees,
    graph::{Instances, Scope},
};

/// Every resource and data instance that a value refers to, through locals, variables and module outputs.
///
/// A reference to a block with `for_each` names all its instances; with a literal key or `each.key`, that instance
/// only. Wrong names refer to nothing: evaluating tells of them.
pub fn references(scopes: &Scopes, written: &Written) -> BTreeSet<Address> {
    References::new(scopes).of(written)
}

/// Finds references and remembers what each local, variable and output names.
pub struct References<'a> {
    scopes: &'a Scopes,
    known: RefCell<BTreeMap<Key, Rc<Direct>>>,
}

/// A local, variable or output of a module.
type Key = (ModulePath, Root, String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Root {
    Variable,
    Local,
    Output,
}

/// What a value names itself, before names are followed.
#[derive(Default)]
struct Direct {
    addresses: BTreeSet<Address>,
    names: BTreeSet<Key>,
}

impl<'a> References<'a> {
    pub fn new(scopes: &'a Scopes) -> Self {
        Self { scopes, known: RefCell::default() }
    }

    /// Every resource and data instance that a value refers to.
    pub fn of(&self, written: &Written) -> BTreeSet<Address> {
        let start = self.direct(written);
        let mut found = start.addresses;
        let mut seen = start.names.clone();
        let mut waiting: Vec<Key> = start.names.into_iter().collect();
        while let Some(key) = waiting.pop() {
            let named = self.named(&key);
            found.extend(named.addresses.iter().cloned());
            waiting.extend(named.names.iter().filter(|name| seen.insert((*name).clone())).cloned());
        }
        found
    }

    fn direct(&self, written: &Written) -> Direct {
        let mut found = Direct::default();
        written.expressions(&mut |expression| {
            if let Ok(template) = Template::from_str(&expression.text) {
                let (scopes, sees) = (self.scopes, &expression.sees);
                let mut finder = Finder { references: self, scopes, sees, shadowed: Vec::new(), found: &mut found };
                finder.visit_template(&template);
            }
        });
        found
    }

    fn named(&self, key: &Key) -> Rc<Direct> {
        if let Some(known) = self.known.borrow().get(key) {
            return Rc::clone(known);
        }
        let (module, root, name) = key;
        let written = self.scopes.modules.get(module).and_then(|scope| match root {
            Root::Variable => scope.variables.get(name).and_then(|variable| variable.value.as_ref()),
            Root::Local => scope.locals.get(name),
            Root::Output => scope.outputs.get(name).map(|output| &output.value),
        });
        let direct = Rc::new(written.map(|written| self.direct(written)).unwrap_or_default());
        self.known.borrow_mut().insert(key.clone(), Rc::clone(&direct));
        direct
    }
}

struct Finder<'f> {
    references: &'f References<'f>,
    scopes: &'f Scopes,
    sees: &'f Sees,
    /// Names of `for`s around, which hide roots.
    shadowed: Vec<String>,
    found: &'f mut Direct,
}

impl Visit for Finder<'_> {
    fn visit_expr(&mut self, node: &Node) {
        if let Node::Variable(name) = node {
            self.root(name, &[]);
        }
        visit::visit_expr(self, node);
    }

    fn visit_traversal(&mut self, traversal: &Traversal) {
        let steps: Vec<&Step> = traversal.operators.iter().map(|step| step.value()).collect();
        match &traversal.expr {
            Node::Variable(name) => self.root(name, &steps),
            other => self.visit_expr(other),
        }
        for step in steps {
            if let Step::Index(node) = step {
                self.visit_expr(node);
            }
        }
    }

    fn visit_for_expr(&mut self, each: &ForExpr) {
        self.visit_expr(&each.intro.collection_expr);
        let names = each.intro.key_var.iter().chain([&each.intro.value_var]);
        self.within(names.map(|name| name.as_str().to_owned()).collect(), |finder| {
            each.key_expr.iter().for_each(|node| finder.visit_expr(node));
            finder.visit_expr(&each.value_expr);
            each.cond.iter().for_each(|condition| finder.visit_expr(&condition.expr));
        });
    }

    fn visit_for_directive(&mut self, directive: &ForDirective) {
        let head = &directive.for_expr;
        self.visit_expr(&head.collection_expr);
        let names = head.key_var.iter().chain([&head.value_var]);
        self.within(names.map(|name| name.as_str().to_owned()).collect(), |finder| {
            finder.visit_template(&head.template);
        });
    }
}

impl<'f> Finder<'f> {
    fn within(&mut self, names: Vec<String>, look: impl FnOnce(&mut Self)) {
        let before = self.shadowed.len();
        self.shadowed.extend(names);
        look(self);
        self.shadowed.truncate(before);
    }

    fn name(&mut self, module: &ModulePath, root: Root, name: &str) {
        self.found.names.insert((module.clone(), root, name.to_owned()));
    }

    fn root(&mut self, name: &Ident, steps: &[&Step]) {
        if self.shadowed.iter().any(|shadow| shadow == name.as_str()) {
            return;
        }
        let Some(scope) = self.scopes.modules.get(&self.sees.module) else { return };
        let module = &self.sees.module;
        match (name.as_str(), steps) {
            ("var", [Step::GetAttr(name), ..]) => self.name(module, Root::Variable, name.as_str()),
            ("local", [Step::GetAttr(name), ..]) => self.name(module, Root::Local, name.as_str()),
            ("each", [Step::GetAttr(part), ..]) if part.as_str() == "value" => {
                if let Some(each) = &self.sees.each {
                    let value = self.references.direct(&each.value);
                    self.found.addresses.extend(value.addresses);
                    self.found.names.extend(value.names);
                }
            }
            ("module", [Step::GetAttr(name), rest @ ..]) => self.module(scope, name.as_str(), rest),
            ("data", [Step::GetAttr(kind), Step::GetAttr(name), rest @ ..]) => {
                self.block(&scope.data, true, kind, name, rest)
            }
            (_, [Step::GetAttr(second), rest @ ..]) => self.block(&scope.resources, false, name, second, rest),
            _ => {}
        }
    }

    fn block(&mut self, blocks: &BTreeMap<String, Instances>, data: bool, kind: &Ident, name: &Ident, rest: &[&Step]) {
        let Some(instances) = blocks.get(&format!("{}.{}", kind.as_str(), name.as_str())) else { return };
        let plain = Address::resource(self.sees.module.clone(), kind.as_str(), name.as_str(), None);
        let block = Address { data, ..plain };
        let found = self.keys(instances, rest).into_iter().map(|key| Address { key, ..block.clone() });
        self.found.addresses.extend(found);
    }

    /// The keys of the instances that the next step may mean.
    fn keys(&self, instances: &Instances, rest: &[&Step]) -> Vec<Option<String>> {
        match instances {
            Instances::Absent => Vec::new(),
            Instances::One => vec![None],
            Instances::Symbolic => vec![Some("*".to_owned())],
            Instances::Keyed(keys) => match self.literal_key(rest).filter(|key| keys.contains(key)) {
                Some(key) => vec![Some(key)],
                None => keys.iter().cloned().map(Some).collect(),
            },
        }
    }

    /// The key in `["prod"]`, `[each.key]` or `.prod`.
    fn literal_key(&self, rest: &[&Step]) -> Option<String> {
        match rest.first()? {
            Step::GetAttr(name) => Some(name.as_str().to_owned()),
            Step::Index(Node::String(text)) => Some(text.value().clone()),
            Step::Index(Node::Traversal(traversal)) => {
                let is_each = matches!(&traversal.expr, Node::Variable(name) if name.as_str() == "each");
                let steps: Vec<&Step> = traversal.operators.iter().map(|step| step.value()).collect();
                let is_key = matches!(steps[..], [Step::GetAttr(part)] if part.as_str() == "key");
                let shadowed = self.shadowed.iter().any(|name| name == "each");
                let each = self.sees.each.as_ref().filter(|_| is_each && is_key && !shadowed)?;
                Some(each.key.clone())
            }
            _ => None,
        }
    }

    fn module(&mut self, scope: &'f Scope, name: &str, rest: &[&Step]) {
        let Some(instances) = scope.modules.get(name) else { return };
        let keys = self.keys(instances, rest);
        let rest = if let Instances::Keyed(_) = instances { rest.get(1..).unwrap_or_default() } else { rest };
        for key in keys {
            let path = self.sees.module.child(name, key.as_deref());
            let Some(inner) = self.scopes.modules.get(&path) else { continue };
            match rest.first() {
                Some(Step::GetAttr(output)) if inner.outputs.contains_key(output.as_str()) => {
                    self.name(&path, Root::Output, output.as_str());
                }
                _ => inner.outputs.keys().for_each(|output| self.name(&path, Root::Output, output)),
            }
        }
    }
}
