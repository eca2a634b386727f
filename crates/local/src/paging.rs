//! Pages of a list that is made anew for every call; a token is the number of items already shown.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// One page and the token of the next; nothing where the token is none of ours.
pub(crate) fn page<T>(items: Vec<T>, token: Option<&str>, limit: usize) -> Option<(Vec<T>, Option<String>)> {
    let from = match token {
        Some(token) => String::from_utf8(STANDARD.decode(token).ok()?).ok()?.strip_prefix("after ")?.parse().ok()?,
        None => 0,
    };
    let next = (from + limit < items.len()).then(|| STANDARD.encode(format!("after {}", from + limit)));
    Some((items.into_iter().skip(from).take(limit).collect(), next))
}
