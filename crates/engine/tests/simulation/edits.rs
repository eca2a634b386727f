//! What people do to an environment, at random.

use super::{
    dice::Dice,
    environment::{Block, Environment, KINDS, Kind, Password},
};

/// Makes environments and edits of them; no name is ever used again.
#[derive(Debug)]
pub(crate) struct Author {
    pub(crate) dice: Dice,
    named: usize,
}

const KEYS: [&str; 4] = ["a", "b", "c", "d/e"];

impl Author {
    pub(crate) fn new(dice: Dice) -> Self {
        Self { dice, named: 0 }
    }

    fn fresh_name(&mut self) -> String {
        self.named += 1;
        format!("n{}", self.named)
    }

    pub(crate) fn environment(&mut self) -> Environment {
        let mut environment = Environment::default();
        if self.dice.chance(50) {
            environment.modules = Some(self.keys());
        }
        for _ in 0..self.dice.within(1, 7) {
            self.add(&mut environment);
        }
        environment
    }

    fn keys(&mut self) -> std::collections::BTreeSet<String> {
        let count = self.dice.within(0, 3);
        (0..count).map(|_| (*self.dice.pick(&KEYS)).to_owned()).collect()
    }

    fn add(&mut self, environment: &mut Environment) {
        let mut block = Block::new(*self.dice.pick(&KINDS), self.fresh_name());
        let dice = &mut self.dice;
        block.in_module = dice.chance(25);
        block.size = dice.maybe(60, |dice| dice.below(9));
        block.zone = dice.maybe(25, |dice| dice.below(3));
        if block.kind == Kind::Parts {
            block.policy = dice.maybe(50, |dice| dice.below(3));
            block.ttl = dice.maybe(50, |dice| dice.below(3));
        }
        block.password = dice.maybe(25, |dice| *dice.pick(&[Password::Env, Password::Variable]));
        if dice.chance(30) {
            block.tags.insert("team".to_owned(), dice.below(3));
        }
        block.ignores_size = block.size.is_some() && dice.chance(10);
        if block.kind.fits_beside() {
            block.create_before_destroy = dice.maybe(10, |_| true);
        }
        if dice.chance(25) {
            block.keys = Some(self.keys());
        }
        for other in environment.blocks.iter().filter(|other| other.in_module == block.in_module || !block.in_module) {
            if self.dice.chance(25) {
                block.uses.insert(other.name.clone());
            } else if other.in_module == block.in_module && self.dice.chance(10) {
                block.depends_on.insert(other.name.clone());
            }
        }
        if block.kind == Kind::Member && self.dice.chance(40) {
            let others: Vec<&Block> = environment
                .blocks
                .iter()
                .filter(|other| other.in_module == block.in_module || !block.in_module)
                .collect();
            if !others.is_empty() {
                block.owner = Some(self.dice.pick(&others).name.clone());
            }
        }
        let found = |other: &&Block| {
            other.keys.is_none() && other.in_module == block.in_module && matches!(other.kind, Kind::Named | Kind::Slow)
        };
        let others: Vec<&Block> = environment.blocks.iter().filter(found).collect();
        if block.zone.is_none() && block.kind.fits_beside() && !others.is_empty() && self.dice.chance(15) {
            block.looks_up = Some(self.dice.pick(&others).name.clone());
        }
        // What lives on in nobody's care must hold nothing that others want to delete.
        block.retain = block.needs().is_empty() && self.dice.chance(10);
        environment.blocks.push(block);
    }

    /// A few edits at once. The line of an import stands on, as nobody must take it out.
    pub(crate) fn edit(&mut self, environment: &mut Environment) {
        for _ in 0..self.dice.within(1, 3) {
            self.edit_once(environment);
        }
    }

    fn edit_once(&mut self, environment: &mut Environment) {
        if environment.blocks.is_empty() {
            return self.add(environment);
        }
        let at = self.dice.below(environment.blocks.len());
        let name = environment.blocks[at].name.clone();
        let is_used = environment.blocks.iter().any(|other| other.needs().contains(&name));
        match self.dice.below(16) {
            0 | 1 => self.add(environment),
            2 | 3 => {
                environment.remove(&name);
            }
            4 => self.rename(environment, at),
            5 => {
                if let Some(keys) = &mut environment.modules {
                    let key = *self.dice.pick(&KEYS);
                    toggle(keys, key);
                    environment.moved.retain(|(_, to)| !to.starts_with(&format!("module.web[\"{key}\"]")));
                }
            }
            6 => {
                environment.tags.insert("project".to_owned(), self.dice.below(3));
            }
            _ => self.change(&mut environment.blocks[at], is_used),
        }
    }

    fn change(&mut self, block: &mut Block, is_used: bool) {
        let dice = &mut self.dice;
        match dice.below(9) {
            0 | 1 => block.size = dice.maybe(80, |dice| dice.below(9)),
            // A fixed name is deleted first, which is refused while somebody uses it.
            2 if block.looks_up.is_none() && (block.kind.fits_beside() || !is_used) => {
                block.zone = dice.maybe(80, |dice| dice.below(3));
            }
            3 if block.kind.is_named() => block.title = format!("{}x", block.title),
            4 if block.kind == Kind::Parts => block.policy = dice.maybe(60, |dice| dice.below(3)),
            5 if block.kind == Kind::Parts => block.ttl = dice.maybe(60, |dice| dice.below(3)),
            6 => {
                if let Some(keys) = &mut block.keys {
                    let key = *dice.pick(&KEYS);
                    toggle(keys, key);
                }
            }
            7 => {
                block.tags.clear();
                if dice.chance(70) {
                    block.tags.insert((*dice.pick(&["team", "cost"])).to_owned(), dice.below(3));
                }
            }
            8 => {
                let used = block.uses.iter().next().cloned();
                if let Some(used) = used {
                    block.uses.remove(&used);
                }
            }
            _ => block.password = dice.maybe(60, |dice| *dice.pick(&[Password::Env, Password::Variable])),
        }
    }

    /// Another name in TOML for the same thing.
    fn rename(&mut self, environment: &mut Environment, at: usize) {
        let new = self.fresh_name();
        let block = &mut environment.blocks[at];
        // The line of an import names the address.
        block.import = None;
        // One that moved before has arrived.
        environment.moved.retain(|(_, to)| !to.ends_with(&format!(".{}", block.name)));
        let old = std::mem::replace(&mut block.name, new.clone());
        let (type_name, block_in_module) = (block.kind.type_name(), block.in_module);
        environment.blocks.iter_mut().for_each(|block| block.follow(&old, &new));
        if block_in_module {
            let modules: Vec<String> = match &environment.modules {
                Some(keys) => keys.iter().map(|key| format!("module.web[\"{key}\"].")).collect(),
                None => vec!["module.web.".to_owned()],
            };
            let pairs = modules
                .into_iter()
                .map(|module| (format!("{module}{type_name}.{old}"), format!("{module}{type_name}.{new}")));
            environment.moved.extend(pairs);
        } else {
            environment.moved.push((format!("{type_name}.{old}"), format!("{type_name}.{new}")));
        }
    }

    /// Something that is there already and is to be ours from now on.
    pub(crate) fn import(&mut self, environment: &mut Environment) -> String {
        let name = self.fresh_name();
        let mut block = Block::new(Kind::Named, name.clone());
        block.size = self.dice.maybe(70, |dice| dice.below(9));
        block.password = self.dice.maybe(30, |_| Password::Env);
        block.import = Some(name.clone());
        environment.blocks.push(block);
        name
    }
}

fn toggle(keys: &mut std::collections::BTreeSet<String>, key: &str) {
    if !keys.remove(key) {
        keys.insert(key.to_owned());
    }
}
