//! The contract of each type.

fn main() {}
