//! Tokens of pages.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::refusals::invalid;
use crate::refusal::Refusal;

/// One page of items sorted by their keys, and the token of the next: the last key shown.
pub(super) fn page<T>(
    items: impl Iterator<Item = (String, T)>,
    token: Option<&str>,
    limit: usize,
) -> Result<(Vec<T>, Option<String>), Refusal> {
    let after = token.map(decode).transpose()?;
    let mut rest = items.skip_while(|(key, _)| after.as_ref().is_some_and(|after| key <= after));
    let page: Vec<_> = rest.by_ref().take(limit).collect();
    let next = page.last().filter(|_| rest.next().is_some()).map(|(key, _)| STANDARD.encode(key));
    Ok((page.into_iter().map(|(_, item)| item).collect(), next))
}

fn decode(token: &str) -> Result<String, Refusal> {
    let refused = || invalid("The specified nextToken is invalid.");
    String::from_utf8(STANDARD.decode(token).map_err(|_| refused())?).map_err(|_| refused())
}
