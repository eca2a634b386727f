//! The scenarios and the contract: the real binary on the local cloud, with the judges where they are there.
