//! The language inside TOML strings: HCL's templates and expressions over the values of `model`.
//!
//! Pure: files and facts about the world come through [`Files`] and [`Facts`]; same input, same value.

mod arithmetic;
mod convert;
mod evaluate;
mod facts;
mod files;
mod frame;
mod functions;
mod marks;
mod mistake;
mod parse;
mod predicted;
mod reader;
mod references;
mod signature;
mod suggest;
mod text;
mod types;
mod unify;

pub use convert::convert;
pub use evaluate::Evaluator;
pub use facts::{Facts, NoFacts};
pub use files::Files;
pub use parse::{check_syntax, is_expression};
pub use predicted::Predicted;
pub use reader::RecordedFiles;
pub use references::{References, references};
pub use suggest::nearest;
pub use types::parse_type;
