//! Image records put into the cloud without a registry: what `docker push` would have done.

use std::io;

use serde::Deserialize;

use crate::cloud::Cloud;
use crate::ecr::images::{ImageMarks, Made};
use crate::ecr::{Ecr, images};
use crate::refusal::Refusal;
use crate::world::{Caller, World};

/// Where a repository is looked for; what is left out may be anything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// Twelve digits.
    pub account: Option<String>,
    pub region: Option<String>,
}

/// An image to push. The default is a new amd64 image that does everything right.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ImageRecord {
    /// `sha256:` and 64 hex digits; left out, each push is a new image.
    pub digest: Option<String>,
    pub marks: ImageMarks,
}

/// A pushed image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pushed {
    pub account: String,
    pub region: String,
    /// For example `123456789012.dkr.ecr.us-east-2.amazonaws.com/chatbot:latest`.
    pub uri: String,
    pub digest: String,
}

/// Why nothing was pushed.
#[derive(Debug, thiserror::Error)]
pub enum PushError {
    #[error("`{0}` is not of the form REPOSITORY:TAG")]
    Reference(String),
    #[error("no repository `{repository}` in the local cloud; {}", known(.exist))]
    Missing { repository: String, exist: Vec<String> },
    #[error("several repositories `{repository}`: {}; name the account and the region", .found.join(", "))]
    Several { repository: String, found: Vec<String> },
    #[error("ECR refuses the image: {}", .0.message)]
    Refused(Refusal),
    #[error("cannot use the local cloud's folder")]
    Folder(#[from] io::Error),
}

impl Cloud {
    /// Adds an image to the one repository of that name, or to the one in the given place.
    ///
    /// # Errors
    ///
    /// When no repository fits, or several do, or its tags are immutable.
    pub fn push_image(&self, reference: &str, place: &Place, record: &ImageRecord) -> Result<Pushed, PushError> {
        let (repository, tag) = split(reference)?;
        self.with(|world| {
            let caller = the_one(world, repository, place)?;
            push(world, &caller, repository, tag, record)
        })?
    }

    /// Makes images exist from now on: at once if their repository does, else as soon as it is created. What the same owner
    /// (an environment) expected before and names no longer is expected no more; what has arrived stays.
    ///
    /// # Errors
    ///
    /// When the reference is not `REPOSITORY:TAG`, or the folder cannot be written.
    pub fn expect_images(
        &self,
        owner: &str,
        account: &str,
        region: &str,
        references: &[String],
    ) -> Result<(), PushError> {
        let repositories = references.iter().map(|reference| split(reference).map(|(name, _)| name));
        let repositories = repositories.collect::<Result<Vec<_>, _>>()?;
        let caller = Caller::new(account, region);
        self.with(|world| {
            let expected = &mut world.region(&caller).ecr.expected;
            match references {
                [] => drop(expected.remove(owner)),
                _ => drop(expected.insert(owner.to_owned(), references.iter().cloned().collect())),
            }
            for repository in repositories {
                images::arrive(world, &caller, repository);
            }
        })?;
        Ok(())
    }
}

fn split(reference: &str) -> Result<(&str, &str), PushError> {
    let parts = reference
        .rsplit_once(':')
        .filter(|(repository, tag)| !repository.is_empty() && !tag.is_empty() && !tag.contains('/'));
    parts.ok_or_else(|| PushError::Reference(reference.to_owned()))
}

fn the_one(world: &World, repository: &str, place: &Place) -> Result<Caller, PushError> {
    let within = |(account, region, _): &(&String, &String, &Ecr)| {
        place.account.as_ref().is_none_or(|wanted| wanted == *account)
            && place.region.as_ref().is_none_or(|wanted| wanted == *region)
    };
    let registries = || {
        let accounts = world.accounts.iter();
        accounts.flat_map(|(id, account)| account.regions.iter().map(move |(name, region)| (id, name, &region.ecr)))
    };
    let found: Vec<_> =
        registries().filter(within).filter(|(_, _, ecr)| ecr.repositories.contains_key(repository)).collect();
    match found[..] {
        [(account, region, _)] => Ok(Caller::new(account, region)),
        [] => {
            let exist = registries().flat_map(|(account, region, ecr)| {
                ecr.repositories.keys().map(move |name| format!("{name} ({account}, {region})"))
            });
            Err(PushError::Missing { repository: repository.to_owned(), exist: exist.collect() })
        }
        _ => {
            let found = found.iter().map(|(account, region, _)| format!("{account} {region}")).collect();
            Err(PushError::Several { repository: repository.to_owned(), found })
        }
    }
}

fn push(
    world: &mut World,
    caller: &Caller,
    repository: &str,
    tag: &str,
    record: &ImageRecord,
) -> Result<Pushed, PushError> {
    let content = world.hex(64);
    let made = Made::new(&content, record.digest.clone(), record.marks.clone());
    let digest = made.digest.clone();
    images::add(world, caller, repository, made, Some(tag)).map_err(PushError::Refused)?;
    let uri = format!("{}:{tag}", crate::ecr::uri(caller, repository));
    Ok(Pushed { account: caller.account.clone(), region: caller.region.clone(), uri, digest })
}

fn known(exist: &[String]) -> String {
    if exist.is_empty() {
        "there is none at all: create it first".to_owned()
    } else {
        format!("there are {}", exist.join(", "))
    }
}
