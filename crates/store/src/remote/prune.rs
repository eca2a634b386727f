//! What of a journal can go once the state holds it.

use std::collections::BTreeMap;

use crate::remote::{chain::Link, view::View};

/// How many of the newest links of a sealed chain stay for good: the seal, and the one before it. Its holder may wake up at
/// any time with an unanswered link in its hands; it must find that name taken as well as the next.
const KEPT_OF_SEALED: usize = 2;

/// The names of all that the state through this entry holds; they are taken off the books. Of its own chain the newest stays,
/// so that whoever seals it knows where it ends.
pub(crate) fn covered(epoch: u64, through: u64, view: &mut View, own: &mut Vec<(Link, u64)>) -> Vec<String> {
    let mut gone = unread(&view.settled);
    view.settled.clear();
    for (link, last) in &view.links {
        let sealed = view.sealed.contains(&link.epoch);
        let after = view.links.range(*link..).take_while(|(other, _)| other.epoch == link.epoch).count();
        if link.epoch < epoch && *last <= through && !(sealed && after <= KEPT_OF_SEALED) {
            gone.push(*link);
        }
    }
    view.links.clear();
    let newest = own.last().map(|(link, _)| *link);
    let goes = |(link, last): &(Link, u64)| *last <= through && Some(*link) != newest;
    gone.extend(own.iter().filter(|link| goes(link)).map(|(link, _)| *link));
    own.retain(|link| !goes(link));
    gone.into_iter().map(Link::name).collect()
}

/// Links of settled epochs, left by deletes that failed. They may be sealed: nobody has looked.
fn unread(links: &[Link]) -> Vec<Link> {
    let mut epochs: BTreeMap<u64, Vec<Link>> = BTreeMap::new();
    for link in links {
        epochs.entry(link.epoch).or_default().push(*link);
    }
    let older = |links: Vec<Link>| {
        let count = links.len().saturating_sub(KEPT_OF_SEALED);
        links.into_iter().take(count)
    };
    epochs.into_values().flat_map(older).collect()
}
