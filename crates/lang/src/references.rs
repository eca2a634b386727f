//! What an expression refers to, without evaluating it.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    str::FromStr,
};

use hcl_edit::{
    Ident,
    expr::{Expression as Node, ForExpr, Traversal, TraversalOperator as Step},
    template::{ForDirective, Template},
    visit::{self, Visit},
};
use model::{
    Address, Expression, ModulePath, Scopes, Written,
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

/// Finds references and remembers what locals, variables and outputs refer to.
pub struct References<'a> {
    scopes: &'a Scopes,
    known: RefCell<BTreeMap<Key, BTreeSet<Address>>>,
}

/// A local, variable or output of a module.
type Key = (ModulePath, &'static str, String);

impl<'a> References<'a> {
    pub fn new(scopes: &'a Scopes) -> Self {
        Self { scopes, known: RefCell::default() }
    }

    /// Every resource and data instance that a value refers to.
    pub fn of(&self, written: &Written) -> BTreeSet<Address> {
        let mut found = BTreeSet::new();
        written.expressions(&mut |expression| found.extend(self.of_expression(expression)));
        found
    }

    fn of_expression(&self, expression: &Expression) -> BTreeSet<Address> {
        let mut finder =
            Finder { references: self, sees: &expression.sees, shadowed: Vec::new(), found: BTreeSet::new() };
        if let Ok(template) = Template::from_str(&expression.text) {
            finder.visit_template(&template);
        }
        finder.found
    }

    /// The references of a named value; none while it is being looked at, which ends cycles.
    fn named(
        &self,
        module: &ModulePath,
        root: &'static str,
        name: &str,
        written: Option<&Written>,
    ) -> BTreeSet<Address> {
        let key = (module.clone(), root, name.to_owned());
        if let Some(known) = self.known.borrow().get(&key) {
            return known.clone();
        }
        self.known.borrow_mut().insert(key.clone(), BTreeSet::new());
        let found = written.map(|written| self.of(written)).unwrap_or_default();
        self.known.borrow_mut().insert(key, found.clone());
        found
    }

    fn output(&self, module: &ModulePath, name: &str) -> BTreeSet<Address> {
        let output = self.scopes.modules.get(module).and_then(|scope| scope.outputs.get(name));
        self.named(module, "output", name, output.map(|output| &output.value))
    }
}

struct Finder<'f> {
    references: &'f References<'f>,
    sees: &'f Sees,
    /// Names of `for`s around, which hide roots.
    shadowed: Vec<String>,
    found: BTreeSet<Address>,
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

impl Finder<'_> {
    fn within(&mut self, names: Vec<String>, look: impl FnOnce(&mut Self)) {
        let before = self.shadowed.len();
        self.shadowed.extend(names);
        look(self);
        self.shadowed.truncate(before);
    }

    fn scope(&self) -> Option<&Scope> {
        self.references.scopes.modules.get(&self.sees.module)
    }

    fn root(&mut self, name: &Ident, steps: &[&Step]) {
        if self.shadowed.iter().any(|shadow| shadow == name.as_str()) {
            return;
        }
        let Some(scope) = self.references.scopes.modules.get(&self.sees.module) else { return };
        let module = &self.sees.module;
        match (name.as_str(), steps) {
            ("var", [Step::GetAttr(name), ..]) => {
                let written = scope.variables.get(name.as_str()).and_then(|variable| variable.value.as_ref());
                self.found.extend(self.references.named(module, "var", name.as_str(), written));
            }
            ("local", [Step::GetAttr(name), ..]) => {
                let written = scope.locals.get(name.as_str());
                self.found.extend(self.references.named(module, "local", name.as_str(), written));
            }
            ("each", [Step::GetAttr(part), ..]) if part.as_str() == "value" => {
                if let Some(each) = &self.sees.each {
                    self.found.extend(self.references.of(&each.value));
                }
            }
            ("module", [Step::GetAttr(name), rest @ ..]) => self.module(name.as_str(), rest),
            ("data", [Step::GetAttr(kind), Step::GetAttr(name), rest @ ..]) => self.block(true, kind, name, rest),
            (_, [Step::GetAttr(second), rest @ ..]) => self.block(false, name, second, rest),
            _ => {}
        }
    }

    fn block(&mut self, data: bool, kind: &Ident, name: &Ident, rest: &[&Step]) {
        let Some(scope) = self.scope() else { return };
        let blocks = if data { &scope.data } else { &scope.resources };
        let Some(instances) = blocks.get(&format!("{}.{}", kind.as_str(), name.as_str())) else { return };
        let plain = Address::resource(self.sees.module.clone(), kind.as_str(), name.as_str(), None);
        let block = Address { data, ..plain };
        let found: Vec<Address> =
            self.keys(instances, rest).into_iter().map(|key| Address { key, ..block.clone() }).collect();
        self.found.extend(found);
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

    fn module(&mut self, name: &str, rest: &[&Step]) {
        let Some(instances) = self.scope().and_then(|scope| scope.modules.get(name)) else { return };
        let keys = self.keys(instances, rest);
        let rest = if let Instances::Keyed(_) = instances { rest.get(1..).unwrap_or_default() } else { rest };
        for key in keys {
            let path = self.sees.module.child(name, key.as_deref());
            let Some(scope) = self.references.scopes.modules.get(&path) else { continue };
            match rest.first() {
                Some(Step::GetAttr(output)) if scope.outputs.contains_key(output.as_str()) => {
                    self.found.extend(self.references.output(&path, output.as_str()));
                }
                _ => {
                    for output in scope.outputs.keys() {
                        self.found.extend(self.references.output(&path, output));
                    }
                }
            }
        }
    }
}
