//! What the compiler cannot see: who may use whom, and what no file may hold.

mod documents;
mod files;
mod layers;
mod licences;
mod packages;

/// Fails with every complaint at once.
#[track_caller]
fn none(complaints: &[String]) {
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}
