//! The module instances of an environment with their blocks, as far as they are decided.

use std::collections::{BTreeMap, BTreeSet};

use model::{
    Address, Each, ModulePath, Resource, Scopes, Value,
    expression::{Entry, Sees},
    graph::{Data, EnvironmentFacts, Instances, Scope, Variable},
};

use super::{bind, instance};
use crate::{
    load::Loaded,
    syntax::{Call, Module, Repeat},
};

/// The key of the one instance that stands for those nobody can name yet.
pub(super) const SYMBOLIC: &str = "*";

/// Which kind of block decides its instances.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum What {
    Resource,
    Data,
    Module,
}

/// A block with `for_each` or `when`, in one module instance.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Site {
    pub(super) module: ModulePath,
    pub(super) what: What,
    /// `TYPE.NAME`, or the name of a module.
    pub(super) name: String,
}

/// One module instance.
#[derive(Debug, Clone)]
pub(super) struct Instance<'a> {
    pub(super) module: &'a Module,
    /// The call that made it; nothing for the environment itself.
    pub(super) call: Option<&'a Call>,
    /// Tags of the environment and of the modules around, each seeing where it was written.
    pub(super) tags: BTreeMap<String, Entry>,
}

/// What is expanded so far. Undecided blocks stand there with one symbolic instance.
#[derive(Clone)]
pub(super) struct Tree<'a> {
    pub(super) loaded: &'a Loaded,
    pub(super) scopes: Scopes,
    pub(super) instances: BTreeMap<ModulePath, Instance<'a>>,
    pub(super) resources: BTreeMap<Address, Resource>,
    pub(super) data: BTreeMap<Address, Data>,
    pub(super) pending: BTreeSet<Site>,
}

impl<'a> Tree<'a> {
    /// The environment with everything that needs no value to be decided.
    pub(super) fn new(loaded: &'a Loaded, environment: EnvironmentFacts, data: BTreeMap<Address, Value>) -> Self {
        let scopes = Scopes { environment, data, ..Scopes::default() };
        let mut tree = Self {
            loaded,
            scopes,
            instances: BTreeMap::new(),
            resources: BTreeMap::new(),
            data: BTreeMap::new(),
            pending: BTreeSet::new(),
        };
        let tags = bind::entries(&loaded.environment.tags, &Sees::default());
        let variables = loaded
            .root
            .variables
            .iter()
            .map(|(name, block)| {
                let value = loaded.given.get(name).or(block.default.as_ref()).cloned();
                (name.clone(), Variable { kind: block.kind.clone(), value, secret: block.secret })
            })
            .collect();
        tree.open(ModulePath::default(), Instance { module: &loaded.root, call: None, tags }, variables);
        tree
    }

    /// The block behind a site, with what decides its instances.
    pub(super) fn repeat(&self, site: &Site) -> &'a Repeat {
        let module = self.instances[&site.module].module;
        match site.what {
            What::Resource => &module.resources[&site.name].repeat,
            What::Data => &module.data[&site.name].repeat,
            What::Module => &module.calls[&site.name].repeat,
        }
    }

    /// Replaces the symbolic instance of a site by what was decided, with the iteration of each instance.
    pub(super) fn decide(&mut self, site: &Site, instances: Instances, each: Vec<Each>) {
        self.pending.remove(site);
        self.remove(site);
        self.put(site, instances, each);
    }

    fn open(&mut self, path: ModulePath, instance: Instance<'a>, variables: BTreeMap<String, Variable>) {
        let module = instance.module;
        let sees = Sees { module: path.clone(), each: None };
        let outputs = module.outputs.iter().map(|(name, output)| {
            let value = bind::written(&output.value, &sees);
            (name.clone(), model::graph::Output { value, ..output.clone() })
        });
        let scope = Scope {
            folder: module.folder.clone(),
            variables,
            locals: module
                .locals
                .iter()
                .map(|(name, entry)| (name.clone(), bind::written(&entry.value, &sees)))
                .collect(),
            outputs: outputs.collect(),
            ..Scope::default()
        };
        self.scopes.modules.insert(path.clone(), scope);
        self.instances.insert(path.clone(), instance);
        let blocks = |what, names: Vec<(&'a String, &'a Repeat)>| names.into_iter().map(move |found| (what, found));
        let resources = blocks(What::Resource, module.resources.iter().map(|(name, it)| (name, &it.repeat)).collect());
        let data = blocks(What::Data, module.data.iter().map(|(name, it)| (name, &it.repeat)).collect());
        let calls = blocks(What::Module, module.calls.iter().map(|(name, it)| (name, &it.repeat)).collect());
        for (what, (name, repeat)) in resources.chain(data).chain(calls) {
            let site = Site { module: path.clone(), what, name: name.clone() };
            if repeat.for_each.is_none() && repeat.when.is_none() {
                self.put(&site, Instances::One, Vec::new());
            } else {
                self.pending.insert(site.clone());
                self.put(&site, Instances::Symbolic, vec![instance::symbolic_each()]);
            }
        }
    }

    fn put(&mut self, site: &Site, instances: Instances, each: Vec<Each>) {
        let sees: Vec<Sees> = match instances {
            Instances::One => vec![Sees { module: site.module.clone(), each: None }],
            _ => each.into_iter().map(|each| Sees { module: site.module.clone(), each: Some(each) }).collect(),
        };
        if let Some(scope) = self.scopes.modules.get_mut(&site.module) {
            let blocks = match site.what {
                What::Resource => &mut scope.resources,
                What::Data => &mut scope.data,
                What::Module => &mut scope.modules,
            };
            blocks.insert(site.name.clone(), instances);
        }
        for sees in sees {
            self.instance(site, sees);
        }
    }

    fn instance(&mut self, site: &Site, sees: Sees) {
        let around = &self.instances[&site.module];
        let module = around.module;
        match site.what {
            What::Resource => {
                let tags = around.tags.clone();
                let resource = instance::resource(&module.resources[&site.name], &sees, tags);
                self.resources.insert(resource.address.clone(), resource);
            }
            What::Data => {
                let data = instance::data(&module.data[&site.name], &sees);
                self.data.insert(data.address.clone(), data);
            }
            What::Module => {
                let call = &module.calls[&site.name];
                let Some(inner) = self.loaded.modules.get(&call.folder) else { return };
                let mut tags = around.tags.clone();
                tags.extend(bind::entries(&call.tags, &sees));
                let path = site.module.child(&site.name, sees.each.as_ref().map(|each| each.key.as_str()));
                let instance = Instance { module: inner, call: Some(call), tags };
                self.open(path, instance, instance::variables(inner, call, &sees));
            }
        }
    }

    /// Takes everything out that stands under a site.
    fn remove(&mut self, site: &Site) {
        match site.what {
            What::Resource => self.resources.retain(|address, _| !of_block(address, site)),
            What::Data => self.data.retain(|address, _| !of_block(address, site)),
            What::Module => {
                let depth = site.module.0.len();
                let under = |path: &ModulePath| {
                    path.0.starts_with(&site.module.0) && path.0.get(depth).is_some_and(|step| step.name == site.name)
                };
                self.scopes.modules.retain(|path, _| !under(path));
                self.instances.retain(|path, _| !under(path));
                self.resources.retain(|address, _| !under(&address.module));
                self.data.retain(|address, _| !under(&address.module));
                self.pending.retain(|site| !under(&site.module));
            }
        }
    }
}

/// Whether an address is an instance of a block.
pub(super) fn of_block(address: &Address, site: &Site) -> bool {
    address.module == site.module && block_name(address) == site.name
}

/// `TYPE.NAME`, as blocks are called in their module.
pub(super) fn block_name(address: &Address) -> String {
    format!("{}.{}", address.type_name, address.name)
}
