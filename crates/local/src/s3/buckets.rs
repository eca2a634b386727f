//! Calls about buckets as such.

use serde_json::{Value, json};

use super::bucket::{Bucket, find, home, open, own, owner};
use super::names;
use super::refusals::{argument, denied, elsewhere, only};
use crate::paging::page;
use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

/// The region whose endpoint takes buckets for every region, and asks for no constraint.
const FIRST: &str = "us-east-1";

pub(super) fn create(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    only(input, &["ACL", "CreateBucketConfiguration", "ObjectOwnership"])?;
    let name = input["Bucket"].as_str().unwrap_or_default();
    names::check(name)?;
    if input["ACL"].as_str().is_some_and(|acl| acl != "private") {
        let message = "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting";
        return Err(Refusal::new("InvalidBucketAclWithObjectOwnership", message));
    }
    if input["ObjectOwnership"].as_str().is_some_and(|ownership| ownership != "BucketOwnerEnforced") {
        return Err(super::refusals::not_implemented("x-amz-object-ownership"));
    }
    let configuration = &input["CreateBucketConfiguration"];
    for member in ["Location", "Bucket"] {
        if !configuration[member].is_null() {
            return Err(super::refusals::not_implemented(member));
        }
    }
    let region = region_of(caller, configuration["LocationConstraint"].as_str())?;
    let made = json!({ "Location": address(name, &region), "BucketArn": arn(caller, name) });
    match find(world, caller, name) {
        // The first region forgives who asks twice.
        Some(home) if home.account == caller.account && home.region == FIRST && region == FIRST => return Ok(made),
        Some(home) => return Err(taken(home.account == caller.account, name)),
        None => {}
    }
    let tags = configuration["Tags"].as_array().into_iter().flatten();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let tags = tags.map(|tag| (text(&tag["Key"]), text(&tag["Value"]))).collect();
    let (place, now) = (Caller::new(&caller.account, &region), world.now());
    world.region(&place).s3.buckets.insert(name.to_owned(), Bucket::new(now, tags));
    Ok(made)
}

/// Where a bucket is to be: the constraint must go with the endpoint, which is the caller's region.
fn region_of(caller: &Caller, constraint: Option<&str>) -> Result<String, Refusal> {
    let illegal = |constraint: &str| {
        let message = format!(
            "The {constraint} location constraint is incompatible for the region specific endpoint this request was sent to."
        );
        Refusal::new("IllegalLocationConstraintException", message)
    };
    match constraint.map(|constraint| if constraint == "EU" { "eu-west-1" } else { constraint }) {
        None if caller.region == FIRST => Ok(FIRST.to_owned()),
        None => Err(illegal("unspecified")),
        Some(region) if caller.region == FIRST || caller.region == region => Ok(region.to_owned()),
        Some(region) => Err(illegal(region)),
    }
}

fn taken(own: bool, name: &str) -> Refusal {
    let (code, message) = if own {
        (
            "BucketAlreadyOwnedByYou",
            "Your previous request to create the named bucket succeeded and you already own it.",
        )
    } else {
        (
            "BucketAlreadyExists",
            "The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please \
             select a different name and try again.",
        )
    };
    Refusal::new(code, message).status(409).with("BucketName", name)
}

fn address(name: &str, region: &str) -> String {
    if region == FIRST { format!("/{name}") } else { format!("http://{name}.s3.amazonaws.com/") }
}

fn arn(caller: &Caller, name: &str) -> String {
    format!("arn:{}:s3:::{name}", caller.partition)
}

/// Says where the bucket is even to those who may not see it.
pub(super) fn head(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let name = input["Bucket"].as_str().unwrap_or_default();
    let home = home(world, caller, name)?;
    if home.region != caller.region {
        return Err(elsewhere(name, &home.region));
    }
    own(caller, &home, input).map_err(|refusal| refusal.header("x-amz-bucket-region", home.region.as_str()))?;
    Ok(json!({ "BucketRegion": home.region, "BucketArn": arn(caller, name), "AccessPointAlias": false }))
}

pub(super) fn delete(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let bucket = open(world, caller, input)?;
    let name = input["Bucket"].as_str().unwrap_or_default();
    if !bucket.objects.is_empty() {
        let message = match bucket.versioning {
            None => "The bucket you tried to delete is not empty",
            Some(_) => "The bucket you tried to delete is not empty. You must delete all versions in the bucket.",
        };
        return Err(Refusal::new("BucketNotEmpty", message).with("BucketName", name));
    }
    world.region(caller).s3.buckets.remove(name);
    Ok(json!({}))
}

/// Answered in every region of the partition.
pub(super) fn location(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let home = home(world, caller, input["Bucket"].as_str().unwrap_or_default())?;
    if home.account != caller.account {
        return Err(denied());
    }
    own(caller, &home, input)?;
    Ok(json!({ "LocationConstraint": (home.region != FIRST).then_some(home.region) }))
}

/// All buckets of the account, by name, wherever they are.
pub(super) fn list(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let (prefix, wanted) = (input["Prefix"].as_str().unwrap_or_default(), input["BucketRegion"].as_str());
    let account = caller.account.clone();
    let regions = world.account(caller).regions.iter();
    let regions = regions.filter(|(region, _)| {
        let home = Caller::new(&account, region);
        home.partition == caller.partition && wanted.is_none_or(|wanted| wanted == region.as_str())
    });
    let found = regions.flat_map(|(region, held)| held.s3.buckets.iter().map(move |(name, held)| (name, region, held)));
    let mut found: Vec<_> = found.filter(|(name, ..)| name.starts_with(prefix)).collect();
    found.sort_by_key(|(name, ..)| *name);
    // Unless pages are asked for, an entry does not say where the bucket is.
    let paged = ["MaxBuckets", "Prefix", "BucketRegion", "ContinuationToken"].iter().any(|name| !input[name].is_null());
    let view = |(name, region, bucket): (&String, &String, &Bucket)| {
        let region = paged.then_some(region);
        json!({
            "Name": name, "CreationDate": bucket.created.to_string(), "BucketRegion": region, "BucketArn": arn(caller, name),
        })
    };
    let views = found.into_iter().map(view).collect();
    let limit = input["MaxBuckets"].as_u64().unwrap_or(10_000) as usize;
    let token = input["ContinuationToken"].as_str();
    let (list, next) = page(views, token, limit).ok_or_else(|| {
        argument("The continuation token provided is incorrect", "continuation-token", token.unwrap_or_default())
    })?;
    Ok(
        json!({ "Buckets": list, "Owner": owner(&caller.account), "ContinuationToken": next, "Prefix": input["Prefix"] }),
    )
}
