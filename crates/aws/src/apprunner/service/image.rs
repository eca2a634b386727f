//! Whether the image that a service is to run is in its repository, and how it comes there.

use aws_sdk_ecr::types::ImageIdentifier;
use model::Value;
use provider::{Failure, FailureKind, Gate, Place, Proposal};

use crate::{
    client::{Attempts, Client},
    failure::failure,
};

/// A private image, by the parts of `ACCOUNT.dkr.ecr.REGION.SUFFIX/REPOSITORY:TAG` or `…/REPOSITORY@sha256:…`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Image<'a> {
    host: &'a str,
    account: &'a str,
    region: &'a str,
    repository: &'a str,
    version: Version<'a>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Version<'a> {
    Tag(&'a str),
    Digest(&'a str),
}

/// The gate of an image that is not there. Where the repository cannot be read, App Runner has the last word.
pub(super) async fn gate(client: &Client, place: &Place, proposal: &Proposal<'_>) -> Result<Option<Gate>, Failure> {
    let Some(image) = identifier(proposal).and_then(Image::parse) else { return Ok(None) };
    let is_there = match look(client, image).await {
        Ok(is_there) => is_there,
        Err(failure) if failure.code.as_deref() == Some("RepositoryNotFoundException") => {
            !is_made(place, proposal, image) || is_expected(proposal, image)
        }
        Err(failure) if matches!(failure.kind, FailureKind::Denied | FailureKind::Refused) => true,
        Err(failure) => return Err(failure),
    };
    Ok((!is_there).then(|| image.gate(proposal.profile)))
}

fn identifier<'a>(proposal: &Proposal<'a>) -> Option<&'a str> {
    let source = proposal.arguments.get("source_configuration")?.as_map()?;
    source.get("image_repository")?.as_map()?.get("image_identifier")?.as_text()
}

async fn look(client: &Client, image: Image<'_>) -> Result<bool, Failure> {
    let id = ImageIdentifier::builder();
    let id = match image.version {
        Version::Tag(tag) => id.image_tag(tag),
        Version::Digest(digest) => id.image_digest(digest),
    };
    let call = client.ecr(image.region, Attempts::Repeat).describe_images();
    let call = call.registry_id(image.account).repository_name(image.repository).image_ids(id.build());
    match call.send().await.map_err(|error| failure("ecr:DescribeImages", error)) {
        Ok(_) => Ok(true),
        Err(failure) if failure.code.as_deref() == Some("ImageNotFoundException") => Ok(false),
        Err(failure) => Err(failure),
    }
}

/// Whether the same plan makes the repository.
fn is_made(place: &Place, proposal: &Proposal<'_>, image: Image<'_>) -> bool {
    let name = |values: &std::collections::BTreeMap<String, Value>| {
        values.get("repository_name").and_then(Value::as_text) == Some(image.repository)
    };
    let made = proposal.made.iter();
    image.account == place.account
        && made.filter(|(address, _)| address.type_name == "ecr_repository").any(|(_, values)| name(values))
}

fn is_expected(proposal: &Proposal<'_>, image: Image<'_>) -> bool {
    let Version::Tag(tag) = image.version else { return false };
    proposal.expected.iter().any(|expected| expected.split_once(':') == Some((image.repository, tag)))
}

impl<'a> Image<'a> {
    /// Nothing for images of other registries.
    fn parse(identifier: &'a str) -> Option<Self> {
        let (host, rest) = identifier.split_once('/')?;
        let (account, after) = host.split_once(".dkr.ecr.")?;
        let region = after.split('.').next().filter(|region| !region.is_empty())?;
        let (repository, version) = match rest.split_once('@') {
            Some((repository, digest)) => (repository.split(':').next()?, Version::Digest(digest)),
            None => match rest.split_once(':') {
                Some((repository, tag)) => (repository, Version::Tag(tag)),
                None => (rest, Version::Tag("latest")),
            },
        };
        Some(Self { host, account, region, repository, version })
    }

    /// What is missing and what brings it; `profile` is whose credentials push.
    fn gate(self, profile: Option<&str>) -> Gate {
        let Self { host, region, repository, .. } = self;
        let (missing, tag) = match self.version {
            Version::Tag(tag) => (format!("the image {repository}:{tag} is not in its repository"), tag),
            Version::Digest(digest) => {
                let words = "push it, and write the digest that the push prints";
                (format!("no image in the repository {repository} has the digest {digest}: {words}"), "latest")
            }
        };
        let profile = profile.map(|profile| format!(" --profile {}", word(profile))).unwrap_or_default();
        let commands = vec![
            format!(
                "aws ecr get-login-password --region {region}{profile} | docker login --username AWS --password-stdin {host}"
            ),
            format!("docker build --platform linux/amd64 --tag {repository}:{tag} ."),
            format!("docker tag {repository}:{tag} {host}/{repository}:{tag}"),
            format!("docker push {host}/{repository}:{tag}"),
        ];
        Gate { missing, commands, local_commands: vec![format!("groma local push {repository}:{tag}")] }
    }
}

/// A word as a shell takes it.
fn word(text: &str) -> String {
    let plain = |character: char| character.is_ascii_alphanumeric() || "-_./+@:".contains(character);
    if text.chars().all(plain) { text.to_owned() } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(identifier: &str, expected: Option<(&str, &str, &str, Version<'_>)>) {
        let image = Image::parse(identifier);
        assert_eq!(image.map(|image| (image.account, image.region, image.repository, image.version)), expected);
    }

    #[test]
    fn an_identifier_has_parts() {
        let host = "123456789012.dkr.ecr.us-east-2.amazonaws.com";
        let parts = |repository, version| Some(("123456789012", "us-east-2", repository, version));
        check(&format!("{host}/team/shop:v1"), parts("team/shop", Version::Tag("v1")));
        check(&format!("{host}/shop"), parts("shop", Version::Tag("latest")));
        check(&format!("{host}/shop@sha256:ab"), parts("shop", Version::Digest("sha256:ab")));
        check(&format!("{host}/shop:v1@sha256:ab"), parts("shop", Version::Digest("sha256:ab")));
        check("public.ecr.aws/aws-containers/hello-app-runner:latest", None);
    }

    #[test]
    fn the_commands_name_registry_and_repository() {
        let image = Image::parse("123456789012.dkr.ecr.us-east-2.amazonaws.com/shop:v1").expect("a private image");
        let gate = image.gate(None);
        assert_eq!(gate.missing, "the image shop:v1 is not in its repository");
        assert_eq!(
            gate.commands,
            [
                "aws ecr get-login-password --region us-east-2 | docker login --username AWS --password-stdin 123456789012.dkr.ecr.us-east-2.amazonaws.com",
                "docker build --platform linux/amd64 --tag shop:v1 .",
                "docker tag shop:v1 123456789012.dkr.ecr.us-east-2.amazonaws.com/shop:v1",
                "docker push 123456789012.dkr.ecr.us-east-2.amazonaws.com/shop:v1",
            ]
        );
        assert_eq!(gate.local_commands, ["groma local push shop:v1"]);
        let login = |profile: &str| image.gate(Some(profile)).commands[0].split(" |").next().map(str::to_owned);
        let first = "aws ecr get-login-password --region us-east-2 --profile";
        assert_eq!(login("sandbox"), Some(format!("{first} sandbox")));
        assert_eq!(login("my team's"), Some(format!(r"{first} 'my team'\''s'")));
    }
}
