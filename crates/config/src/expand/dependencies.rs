//! What each instance refers to: by reference, by `depends_on`, by what decides it, by the modules around it.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
};

use lang::References;
use model::{
    Address, ModulePath, Written,
    expression::{Entry, Sees},
    graph::Data,
};

use super::{
    bind,
    tree::{Tree, block_name},
};
use crate::syntax::{Block, Dependency, Repeat, Target};

/// Finds references, each module's surroundings once.
pub(super) struct Uses<'t, 'a> {
    tree: &'t Tree<'a>,
    references: References<'t>,
    around: RefCell<BTreeMap<ModulePath, BTreeSet<Address>>>,
    waiting: RefCell<BTreeMap<Address, bool>>,
}

impl<'t, 'a> Uses<'t, 'a> {
    pub(super) fn new(tree: &'t Tree<'a>) -> Self {
        Self {
            tree,
            references: References::new(&tree.scopes),
            around: RefCell::default(),
            waiting: RefCell::default(),
        }
    }

    /// Everything a resource instance uses: resources, data that is not read yet, and the resources behind that data.
    pub(super) fn of_resource(&self, resource: &model::Resource) -> BTreeSet<Address> {
        let block = self.block(&resource.address);
        let values = resource.arguments.values().chain(resource.inherited_tags.values());
        let found = self.direct(&resource.address, block, values, resource.region.as_ref());
        self.with_what_is_behind(found)
    }

    /// Everything a data instance uses.
    pub(super) fn of_data(&self, data: &Data) -> BTreeSet<Address> {
        self.with_what_is_behind(self.direct_of_data(data))
    }

    /// Whether data refers to a resource, through other data too.
    pub(super) fn waits_for_resources(&self, address: &Address) -> bool {
        if !address.data {
            return self.tree.resources.contains_key(address);
        }
        if let Some(known) = self.waiting.borrow().get(address) {
            return *known;
        }
        // Data that refers to itself is told as a cycle; here it must only end.
        self.waiting.borrow_mut().insert(address.clone(), false);
        let waits = self
            .tree
            .data
            .get(address)
            .is_some_and(|data| self.direct_of_data(data).iter().any(|used| self.waits_for_resources(used)));
        self.waiting.borrow_mut().insert(address.clone(), waits);
        waits
    }

    fn direct_of_data(&self, data: &Data) -> BTreeSet<Address> {
        self.direct(&data.address, self.block(&data.address), data.arguments.values(), data.region.as_ref())
    }

    fn block(&self, address: &Address) -> &'a Block {
        let module = self.tree.instances[&address.module].module;
        let blocks = if address.data { &module.data } else { &module.resources };
        &blocks[&block_name(address)]
    }

    fn direct<'e>(
        &self,
        address: &Address,
        block: &Block,
        values: impl Iterator<Item = &'e Entry>,
        region: Option<&Written>,
    ) -> BTreeSet<Address> {
        let written = values.map(|entry| &entry.value).chain(region);
        let mut found: BTreeSet<Address> = written.flat_map(|written| self.references.of(written)).collect();
        found.extend(self.repeat(&block.repeat, &address.module));
        found.extend(self.targets(&block.depends_on, &address.module));
        found.extend(self.surroundings(&address.module));
        found
    }

    fn repeat(&self, repeat: &Repeat, module: &ModulePath) -> BTreeSet<Address> {
        let sees = Sees { module: module.clone(), each: None };
        let parts = repeat.for_each.iter().chain(&repeat.when);
        parts.flat_map(|written| self.references.of(&bind::written(written, &sees))).collect()
    }

    /// What the calls around a module use to decide it, and their `depends_on`.
    fn surroundings(&self, module: &ModulePath) -> BTreeSet<Address> {
        let (Some(parent), Some(call)) = (module.parent(), self.tree.instances[module].call) else {
            return BTreeSet::new();
        };
        if let Some(known) = self.around.borrow().get(module) {
            return known.clone();
        }
        let mut found = self.surroundings(&parent);
        found.extend(self.repeat(&call.repeat, &parent));
        found.extend(self.targets(&call.depends_on, &parent));
        self.around.borrow_mut().insert(module.clone(), found.clone());
        found
    }

    /// The instances that `depends_on` names.
    fn targets(&self, named: &[Dependency], module: &ModulePath) -> BTreeSet<Address> {
        named.iter().flat_map(|dependency| self.target(&dependency.on, module)).collect()
    }

    fn target(&self, target: &Target, module: &ModulePath) -> Vec<Address> {
        let all = self.tree.resources.keys().chain(self.tree.data.keys());
        match target {
            Target::Instance(named) => all
                .filter(|address| {
                    address.module == *module
                        && address.data == named.data
                        && address.type_name == named.type_name
                        && address.name == named.name
                        && (named.key.is_none() || address.key == named.key)
                })
                .cloned()
                .collect(),
            Target::Module(path) => {
                let Some(wanted) = path.0.first() else { return Vec::new() };
                all.filter(|address| {
                    let step = address.module.0.get(module.0.len());
                    address.module.0.starts_with(&module.0)
                        && step.is_some_and(|step| step.name == wanted.name)
                        && (wanted.key.is_none() || step.is_some_and(|step| step.key == wanted.key))
                })
                .cloned()
                .collect()
            }
        }
    }

    /// Drops what is known already and adds the resources that data stands between.
    fn with_what_is_behind(&self, found: BTreeSet<Address>) -> BTreeSet<Address> {
        let mut whole = BTreeSet::new();
        let mut queue: Vec<Address> = found.into_iter().collect();
        while let Some(address) = queue.pop() {
            let here = self.tree.resources.contains_key(&address)
                || self.tree.data.contains_key(&address) && !self.tree.scopes.data.contains_key(&address);
            if !here || !whole.insert(address.clone()) {
                continue;
            }
            if let Some(data) = self.tree.data.get(&address) {
                queue.extend(self.direct_of_data(data));
            }
        }
        whole
    }
}
