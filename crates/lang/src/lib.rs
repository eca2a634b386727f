//! The language inside TOML strings: HCL's templates and expressions over the values of `model`.
//!
//! Pure: files and facts about the world come through [`Files`] and [`Facts`]; same input, same value.

mod convert;
mod evaluate;
mod facts;
mod files;
mod parse;
mod predicted;
mod references;

pub use convert::{convert, parse_type};
pub use evaluate::Evaluator;
pub use facts::{Facts, NoFacts};
pub use files::Files;
pub use parse::{check_syntax, is_expression};
pub use predicted::Predicted;
pub use references::references;
