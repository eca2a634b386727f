//! The files of an environment and of its modules, read and checked as far as no value is needed.

mod environments;
mod modules;
mod overrides;

use std::collections::BTreeMap;

use lang::Files;
use model::{
    Diagnostic, Schemas, Secret, Sources, Written,
    graph::{Settings, StateHome},
};

use crate::{
    check,
    mistakes::{self, Mistakes},
    syntax::{Environment, Module},
};

pub use environments::environments;
pub use overrides::Overrides;

/// An environment with all modules it uses, parsed.
#[derive(Debug, Clone, Default)]
pub struct Loaded {
    /// The environment's name, as in `.groma/<environment>/`.
    pub name: String,
    /// All files that were read, in the order of mistakes. The values of secret variables are blanked out.
    pub sources: Sources,
    /// Mistakes and warnings found so far, in file order. [`expand`](crate::expand) tells them again with its own.
    pub diagnostics: Vec<Diagnostic>,
    /// The values of secret root variables, by name: what [`SecretSource::Variable`](model::SecretSource) refers to.
    pub secrets: BTreeMap<String, Secret>,
    pub(crate) root: Module,
    pub(crate) environment: Environment,
    /// By folder.
    pub(crate) modules: BTreeMap<String, Module>,
    /// The values given to root variables.
    pub(crate) given: BTreeMap<String, Written>,
    /// Some file could not be parsed or found: what is missing may stand there.
    pub(crate) broken: bool,
}

impl Loaded {
    /// Where the state lies.
    pub fn state_home(&self) -> &StateHome {
        &self.environment.state
    }

    /// `[environment]`: also there when other parts are wrong, so that `destroy` can go on.
    pub fn settings(&self) -> &Settings {
        &self.environment.settings
    }

    /// Whether a mistake was found that stops every run.
    pub fn has_error(&self) -> bool {
        mistakes::has_error(&self.diagnostics)
    }
}

/// Reads the environment of a name (`dev`) or path (`environments/dev.toml`) and everything it uses. All mistakes are in
/// [`Loaded::diagnostics`].
pub fn load(environment: &str, overrides: &Overrides, files: &dyn Files, schemas: &Schemas) -> Loaded {
    let mut mistakes = Mistakes::default();
    let mut loaded = Loaded::default();
    match environments::find(environment, files) {
        Ok(found) => {
            loaded.name.clone_from(&found.name);
            modules::load(&mut loaded, &found, files, schemas, &mut mistakes);
            overrides::give(&mut loaded, overrides, &found, files, &mut mistakes);
            check::everything(&loaded, schemas, &mut mistakes);
        }
        Err(diagnostic) => {
            loaded.broken = true;
            mistakes.push(*diagnostic);
        }
    }
    loaded.diagnostics = mistakes.finish();
    loaded
}
