//! What a plan was made from, in one number.

use config::Loaded;
use sha2::{Digest, Sha256};

/// SHA-256 over all sources, hex. Values given by flags or environment variables stand among the sources.
pub(crate) fn digest(loaded: &Loaded) -> String {
    let mut hash = Sha256::new();
    for (_, file) in loaded.sources.iter() {
        for part in [&file.path, &file.text] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
