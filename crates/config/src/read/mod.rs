//! TOML text as [`Written`] values with every place kept.

mod newer;
mod strings;
mod tables;

pub(crate) use strings::{Placed, placed};
pub(crate) use tables::{Parsed, parse, parse_value};
