//! Sections of TOML as parsed blocks: what may stand where, before anything is evaluated.

mod assemble;
mod block;
mod call;
mod environment;
mod literal;
mod meta;
mod moves;
mod output;
mod secret;
mod sections;
mod stage;
mod state;
mod variable;

use std::collections::BTreeMap;

use model::{
    Span, Written,
    expression::Entry,
    graph::{Import, Lifecycle, Moved, Output, Removed, Settings, Stage, StateHome, Timeouts, VariableType},
};

pub(crate) use environment::{invalid_region, is_region};
pub(crate) use literal::{kind_name, literal_value, wrong_type};
pub(crate) use meta::{DATA_WORDS, Dependency, META_WORDS, RESOURCE_WORDS, Target};
pub(crate) use secret::with_secrets;
pub(crate) use sections::{Merged, Section};

/// A folder of files (a module), or the files of an environment, with everything in them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Module {
    /// Relative to the project folder; what `file` in it starts from.
    pub(crate) folder: String,
    pub(crate) variables: BTreeMap<String, VariableBlock>,
    pub(crate) locals: BTreeMap<String, Entry>,
    /// By `TYPE.NAME`.
    pub(crate) resources: BTreeMap<String, Block>,
    /// By `TYPE.NAME`.
    pub(crate) data: BTreeMap<String, Block>,
    pub(crate) calls: BTreeMap<String, Call>,
    pub(crate) outputs: BTreeMap<String, Output>,
    /// A file of it could not be read: what is missing may stand there.
    pub(crate) broken: bool,
}

/// What only an environment has.
#[derive(Debug, Clone, Default)]
pub(crate) struct Environment {
    pub(crate) settings: Settings,
    pub(crate) state: StateHome,
    pub(crate) tags: BTreeMap<String, Entry>,
    /// With the places of the new addresses.
    pub(crate) moved: Vec<(Moved, Span)>,
    pub(crate) removed: Vec<Removed>,
    pub(crate) imports: Vec<Import>,
    /// In the order in which they are written.
    pub(crate) stages: Vec<Stage>,
}

/// `[variable.NAME]`
#[derive(Debug, Clone)]
pub(crate) struct VariableBlock {
    pub(crate) span: Span,
    pub(crate) kind: VariableType,
    pub(crate) default: Option<Written>,
    pub(crate) secret: bool,
    pub(crate) nullable: bool,
    pub(crate) validations: Vec<Validation>,
}

/// One entry of `validation`.
#[derive(Debug, Clone)]
pub(crate) struct Validation {
    pub(crate) condition: Written,
    pub(crate) error_message: Written,
}

/// `[resource.TYPE.NAME]` or `[data.TYPE.NAME]`
#[derive(Debug, Clone)]
pub(crate) struct Block {
    pub(crate) type_name: String,
    pub(crate) name: String,
    /// The header.
    pub(crate) span: Span,
    pub(crate) repeat: Repeat,
    pub(crate) depends_on: Vec<Dependency>,
    pub(crate) region: Option<Written>,
    pub(crate) lifecycle: Lifecycle,
    /// The places of `lifecycle.ignore_changes`, in their order.
    pub(crate) ignored: Vec<Span>,
    pub(crate) timeouts: Timeouts,
    /// Without the meta-attributes.
    pub(crate) arguments: BTreeMap<String, Entry>,
}

/// What decides the instances of a block.
#[derive(Debug, Clone, Default)]
pub(crate) struct Repeat {
    pub(crate) for_each: Option<Written>,
    pub(crate) when: Option<Written>,
}

/// `[module.NAME]`
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) span: Span,
    /// Relative to the project folder.
    pub(crate) folder: String,
    pub(crate) source_span: Span,
    pub(crate) repeat: Repeat,
    pub(crate) depends_on: Vec<Dependency>,
    pub(crate) tags: BTreeMap<String, Entry>,
    /// The values of the module's variables.
    pub(crate) arguments: BTreeMap<String, Entry>,
}
