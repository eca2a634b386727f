//! TOML text as [`Written`] values with every place kept.

mod errors;
mod newer;
mod strings;
mod tables;

pub(crate) use strings::placed;
pub(crate) use tables::{parse, parse_value};
