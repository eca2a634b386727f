//! TOML text to [`Graph`](model::Graph): sources, syntax, checks against schemas, expansion of modules and `for_each`.
//!
//! Pure: files come through [`lang::Files`], data through [`Known`]; same input, same graph, same mistakes.
//!
//! ```text
//! files ─load─▶ Loaded ─expand─▶ Graph, or the data it still needs, or every mistake
//! ```

mod check;
mod expand;
mod load;
mod mistakes;
mod paths;
mod read;
mod suggest;
mod syntax;

pub use expand::{DataRequest, Expanded, Expansion, Known, Reading, expand};
pub use load::{Loaded, Overrides, environments, load};
