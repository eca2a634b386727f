//! What a request is about, by its host and its path.

use bytes::Bytes;
use http::Request;
use percent_encoding::percent_decode_str;

use crate::refusal::Refusal;

/// A bucket, a key in it, or neither: the account's buckets.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) bucket: Option<String>,
    pub(super) key: Option<String>,
}

impl Place {
    /// Reads `BUCKET.s3.REGION.amazonaws.com/KEY`, `BUCKET.localhost/KEY` or, on any other host, `/BUCKET/KEY`.
    pub(super) fn of(request: &Request<Bytes>) -> Result<Self, Refusal> {
        let path = request.uri().path();
        // Only the path's own slash: a key may begin with another.
        let path = path.strip_prefix('/').unwrap_or(path);
        let (bucket, key) = match bucket_of(host(request)) {
            Some(bucket) => (bucket, path),
            None => path.split_once('/').unwrap_or((path, "")),
        };
        Ok(Self { bucket: decoded(bucket)?, key: decoded(key)? })
    }

    /// How deep it lies: the number of path variables that name it.
    pub(super) fn depth(&self) -> usize {
        self.bucket.iter().chain(&self.key).count()
    }
}

/// Whether the host is one of S3's.
pub(super) fn is_s3(request: &Request<Bytes>) -> bool {
    let host = host(request);
    let amazon = host.ends_with(".amazonaws.com") || host.ends_with(".amazonaws.com.cn");
    amazon && (host.starts_with("s3.") || bucket_of(host).is_some())
}

/// The host without its port: of an absolute address, else by the header.
fn host(request: &Request<Bytes>) -> &str {
    let header = || request.headers().get("host").and_then(|host| host.to_str().ok()).unwrap_or_default();
    let host = request.uri().host().unwrap_or_else(header);
    if host.starts_with('[') { host } else { host.split(':').next().unwrap_or_default() }
}

/// No bucket is called `s3`, which is too short.
fn bucket_of(host: &str) -> Option<&str> {
    if let Some(rest) = host.strip_suffix(".localhost") {
        let rest = rest.strip_suffix(".s3").unwrap_or(rest);
        return (rest != "s3").then_some(rest);
    }
    let rest = host.strip_suffix(".amazonaws.com").or_else(|| host.strip_suffix(".amazonaws.com.cn"))?;
    match rest.rfind(".s3.") {
        Some(at) => Some(&rest[..at]),
        None => rest.strip_suffix(".s3"),
    }
}

fn decoded(part: &str) -> Result<Option<String>, Refusal> {
    let decoded = percent_decode_str(part).decode_utf8();
    let text = decoded.map_err(|_| Refusal::new("InvalidURI", "Couldn't parse the specified URI."))?;
    Ok((!text.is_empty()).then(|| text.into_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(host: &str, path: &str, bucket: Option<&str>, key: Option<&str>) {
        let request = Request::get(path).header("host", host).body(Bytes::new()).unwrap();
        let expected = Place { bucket: bucket.map(str::to_owned), key: key.map(str::to_owned) };
        assert_eq!(Place::of(&request).unwrap(), expected, "{host} {path}");
    }

    #[test]
    fn a_bucket_stands_in_the_host_or_in_the_path() {
        check("127.0.0.1:4566", "/", None, None);
        check("127.0.0.1:4566", "/team", Some("team"), None);
        check("localhost:4566", "/team/", Some("team"), None);
        check("localhost:4566", "/team/a%20b//c%2Bd", Some("team"), Some("a b//c+d"));
        check("s3.us-east-2.amazonaws.com", "/team/key", Some("team"), Some("key"));
        check("team.s3.us-east-2.amazonaws.com", "/key/", Some("team"), Some("key/"));
        check("my.team.s3.amazonaws.com", "//key", Some("my.team"), Some("/key"));
        check("team.s3.dualstack.us-east-2.amazonaws.com", "/", Some("team"), None);
        check("team.localhost:4566", "/key", Some("team"), Some("key"));
        check("team.s3.localhost:4566", "/key", Some("team"), Some("key"));
        check("s3.localhost", "/team/key", Some("team"), Some("key"));
        check("ignored", "https://team.s3.us-east-2.amazonaws.com/key", Some("team"), Some("key"));
    }
}
