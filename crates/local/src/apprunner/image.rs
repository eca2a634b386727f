//! Image identifiers, taken apart.

/// An image in a private ECR registry.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Reference<'a> {
    pub account: &'a str,
    pub region: &'a str,
    pub repository: &'a str,
    /// A tag, or a digest `sha256:…`; `latest` when the identifier names neither.
    pub version: &'a str,
}

/// Takes `{account}.dkr.ecr.{region}.amazonaws.com/{repository}[:tag|@digest]` apart; `None` for anything else.
pub(super) fn private(identifier: &str) -> Option<Reference<'_>> {
    let (registry, image) = identifier.split_once('/')?;
    let (account, host) = registry.split_once(".dkr.ecr.")?;
    let region = host.strip_suffix(".amazonaws.com")?;
    let (repository, version) = split(image);
    Some(Reference { account, region, repository, version: version.unwrap_or("latest") })
}

/// Whether the identifier names an image of ECR Public.
pub(super) fn is_public(identifier: &str) -> bool {
    identifier.starts_with("public.ecr.aws/")
}

/// The identifier without tag or digest, and the tag or digest.
pub(super) fn split(identifier: &str) -> (&str, Option<&str>) {
    if let Some((name, digest)) = identifier.split_once('@') {
        return (name, Some(digest));
    }
    match identifier.rsplit_once(':') {
        Some((name, tag)) => (name, Some(tag)),
        None => (identifier, None),
    }
}
