//! Which waits are worth a line.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use model::Address;

/// The same words are said again after this many milliseconds, and then whenever the time has doubled.
const SAID_AGAIN: u64 = 5000;

/// What each resource was last said to wait for, and for how many milliseconds.
#[derive(Default)]
pub(crate) struct Waits(Mutex<BTreeMap<Address, (String, u64)>>);

impl Waits {
    /// Whether a wait is another one, or takes twice as long already. Milliseconds.
    pub(crate) fn is_news(&self, address: &Address, word: &str, elapsed: u64) -> bool {
        let mut waits = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_told = waits
            .get(address)
            .is_some_and(|(said, at)| said == word && (*at..SAID_AGAIN.max(at.saturating_mul(2))).contains(&elapsed));
        if !is_told {
            waits.insert(address.clone(), (word.to_owned(), elapsed));
        }
        !is_told
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Which of these waits, in milliseconds, are worth a line.
    #[track_caller]
    fn check(elapsed: &[u64], expected: &[u64]) {
        let waits = Waits::default();
        let address: Address = "iam_role.app".parse().unwrap();
        let said = elapsed.iter().copied().filter(|elapsed| waits.is_news(&address, "waiting for IAM", *elapsed));
        assert_eq!(said.collect::<Vec<_>>(), expected);
        assert!(waits.is_news(&address, "waiting for EC2", 0));
    }

    #[test]
    fn a_wait_is_said_again_as_its_time_doubles() {
        check(&[0, 1000, 3000, 7000, 15_000, 25_000, 35_000, 65_000, 75_000], &[0, 7000, 15_000, 35_000, 75_000]);
        // The next call of the same resource waits anew.
        check(&[0, 6000, 0, 1000, 6000], &[0, 6000, 0, 6000]);
    }
}
