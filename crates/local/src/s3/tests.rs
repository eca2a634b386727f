//! Calls in, whole answers out.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::*;

struct Cloud {
    world: World,
    caller: Caller,
}

impl Cloud {
    fn new() -> Self {
        let world = World::new(0, "2026-01-01T00:00:00Z".parse().unwrap());
        Self { world, caller: Caller::new("123456789012", "us-east-2") }
    }

    /// A cloud with the bucket `team`.
    fn with_bucket() -> Self {
        let mut cloud = Self::new();
        cloud.ask("CreateBucket", create("team", "us-east-2"));
        cloud
    }

    /// The same, with versions.
    fn with_versions() -> Self {
        let mut cloud = Self::with_bucket();
        cloud.versioning("Enabled");
        cloud
    }

    fn versioning(&mut self, status: &str) {
        self.ask("PutBucketVersioning", json!({ "Bucket": "team", "VersioningConfiguration": { "Status": status } }));
    }

    fn ask(&mut self, operation: &str, input: Value) -> Value {
        let answer = call(&mut self.world, &self.caller, operation, &input);
        answer.unwrap_or_else(|refusal| json!(format!("{}: {}", refusal.code, refusal.message)))
    }

    #[track_caller]
    fn check(&mut self, operation: &str, input: Value, expected: Value) {
        assert_eq!(self.ask(operation, input), expected, "{operation}");
    }

    /// Writes an object and gives its version's id.
    fn put(&mut self, key: &str, body: &str) -> String {
        let answer = self.ask("PutObject", put(key, body, json!({})));
        answer["VersionId"].as_str().unwrap_or("none").to_owned()
    }

    /// The text of an object, or the refusal.
    fn text(&mut self, input: Value) -> String {
        match self.ask("GetObject", input) {
            Value::String(refused) => refused,
            answer => String::from_utf8(STANDARD.decode(answer["Body"].as_str().unwrap()).unwrap()).unwrap(),
        }
    }

    /// Keys and prefixes of a page, and the token of the next.
    fn page(&mut self, more: Value) -> (Vec<String>, Value) {
        let answer = self.ask("ListObjectsV2", merged(json!({ "Bucket": "team" }), more));
        let texts = |list: &Value, name: &str| -> Vec<String> {
            list.as_array().unwrap().iter().map(|item| item[name].as_str().unwrap().to_owned()).collect()
        };
        let mut shown = texts(&answer["Contents"], "Key");
        shown.extend(texts(&answer["CommonPrefixes"], "Prefix"));
        assert_eq!(answer["KeyCount"], shown.len());
        assert_eq!(answer["IsTruncated"], !answer["NextContinuationToken"].is_null());
        (shown, answer["NextContinuationToken"].clone())
    }

    /// Key, id and kind of each version of a page.
    fn versions(&mut self, more: Value) -> (Vec<String>, Value) {
        let answer = self.ask("ListObjectVersions", merged(json!({ "Bucket": "team" }), more));
        let mut shown = Vec::new();
        for (kind, list) in [("version", &answer["Versions"]), ("marker", &answer["DeleteMarkers"])] {
            for item in list.as_array().unwrap() {
                let latest = if item["IsLatest"] == true { " latest" } else { "" };
                let (key, id) = (item["Key"].as_str().unwrap(), item["VersionId"].as_str().unwrap());
                shown.push(format!("{key} {id} {kind}{latest}"));
            }
        }
        (shown, answer)
    }
}

fn create(name: &str, region: &str) -> Value {
    json!({ "Bucket": name, "CreateBucketConfiguration": { "LocationConstraint": region } })
}

fn at(key: &str) -> Value {
    json!({ "Bucket": "team", "Key": key })
}

fn put(key: &str, body: &str, more: Value) -> Value {
    merged(json!({ "Bucket": "team", "Key": key, "Body": STANDARD.encode(body) }), more)
}

fn merged(mut one: Value, other: Value) -> Value {
    let other = other.as_object().cloned().unwrap_or_default();
    one.as_object_mut().unwrap().extend(other);
    one
}

const ONE: &str = "\"f97c5d29941bfb1b2fdab0874906ab82\"";
const HELD: &str = "PreconditionFailed: At least one of the pre-conditions you specified did not hold";
const GONE: &str = "NoSuchKey: The specified key does not exist.";

#[test]
fn a_bucket_goes_where_the_endpoint_is() {
    let mut cloud = Cloud::new();
    let unspecified = "IllegalLocationConstraintException: The unspecified location constraint is incompatible for the region \
                       specific endpoint this request was sent to.";
    cloud.check("CreateBucket", json!({ "Bucket": "team" }), json!(unspecified));
    let other = "IllegalLocationConstraintException: The eu-west-1 location constraint is incompatible for the region specific \
                 endpoint this request was sent to.";
    cloud.check("CreateBucket", create("team", "EU"), json!(other));
    let made = json!({ "Location": "http://team.s3.amazonaws.com/", "BucketArn": "arn:aws:s3:::team" });
    cloud.check("CreateBucket", create("team", "us-east-2"), made);
    cloud.check(
        "CreateBucket",
        create("te", "us-east-2"),
        json!("InvalidBucketName: The specified bucket is not valid."),
    );
    cloud.caller.region = "us-east-1".to_owned();
    let first = json!({ "Location": "/first", "BucketArn": "arn:aws:s3:::first" });
    cloud.check("CreateBucket", json!({ "Bucket": "first" }), first.clone());
    cloud.check("CreateBucket", json!({ "Bucket": "first" }), first);
    cloud.check("GetBucketLocation", json!({ "Bucket": "first" }), json!({ "LocationConstraint": null }));
    cloud.ask("CreateBucket", create("far", "eu-west-1"));
    cloud.check("GetBucketLocation", json!({ "Bucket": "far" }), json!({ "LocationConstraint": "eu-west-1" }));
    let names: Vec<_> = cloud.ask("ListBuckets", json!({}))["Buckets"].as_array().unwrap().clone();
    let far = json!({
        "Name": "far", "CreationDate": "2026-01-01T00:00:00Z", "BucketRegion": null, "BucketArn": "arn:aws:s3:::far",
    });
    assert_eq!((names.len(), &names[0]), (3, &far));
    let listed = cloud.ask("ListBuckets", json!({ "BucketRegion": "us-east-2" }));
    assert_eq!(listed["Buckets"][0]["BucketRegion"], "us-east-2");
}

#[test]
fn a_name_belongs_to_one_account_and_one_region() {
    let mut cloud = Cloud::with_bucket();
    let own =
        "BucketAlreadyOwnedByYou: Your previous request to create the named bucket succeeded and you already own it.";
    cloud.check("CreateBucket", create("team", "us-east-2"), json!(own));
    let head = json!({ "BucketRegion": "us-east-2", "BucketArn": "arn:aws:s3:::team", "AccessPointAlias": false });
    cloud.check("HeadBucket", json!({ "Bucket": "team" }), head);
    let denied = "AccessDenied: Access Denied";
    cloud.check("HeadBucket", json!({ "Bucket": "team", "ExpectedBucketOwner": "210987654321" }), json!(denied));
    let absent = "NoSuchBucket: The specified bucket does not exist";
    cloud.check("ListObjectsV2", json!({ "Bucket": "teams" }), json!(absent));
    cloud.caller.region = "us-west-2".to_owned();
    let elsewhere = "PermanentRedirect: The bucket you are attempting to access must be addressed using the specified endpoint. \
                     Please send all future requests to this endpoint.";
    for operation in ["HeadBucket", "ListObjectsV2", "GetBucketVersioning", "DeleteBucket"] {
        cloud.check(operation, json!({ "Bucket": "team" }), json!(elsewhere));
    }
    cloud.check("GetBucketLocation", json!({ "Bucket": "team" }), json!({ "LocationConstraint": "us-east-2" }));
    cloud.caller = Caller::new("210987654321", "us-east-2");
    let taken = "BucketAlreadyExists: The requested bucket name is not available. The bucket namespace is shared by all users of \
                 the system. Please select a different name and try again.";
    cloud.check("CreateBucket", create("team", "us-east-2"), json!(taken));
    for operation in ["HeadBucket", "GetBucketLocation", "ListObjectVersions", "DeleteBucket"] {
        cloud.check(operation, json!({ "Bucket": "team" }), json!(denied));
    }
    cloud.check("GetObject", at("key"), json!(denied));
    assert_eq!(cloud.ask("ListBuckets", json!({}))["Buckets"], json!([]));
}

#[test]
fn a_bucket_must_be_empty_to_go() {
    let mut cloud = Cloud::with_versions();
    cloud.put("key", "one");
    cloud.ask("DeleteObject", at("key"));
    let kept =
        "BucketNotEmpty: The bucket you tried to delete is not empty. You must delete all versions in the bucket.";
    cloud.check("DeleteBucket", json!({ "Bucket": "team" }), json!(kept));
    let versions = cloud.ask("ListObjectVersions", json!({ "Bucket": "team" }));
    for version in versions["Versions"].as_array().into_iter().chain(versions["DeleteMarkers"].as_array()).flatten() {
        cloud.ask("DeleteObject", json!({ "Bucket": "team", "Key": "key", "VersionId": version["VersionId"] }));
    }
    cloud.check("DeleteBucket", json!({ "Bucket": "team" }), json!({}));
    cloud.check(
        "DeleteBucket",
        json!({ "Bucket": "team" }),
        json!("NoSuchBucket: The specified bucket does not exist"),
    );
}

#[test]
fn an_object_comes_back_as_it_was_written() {
    let mut cloud = Cloud::with_bucket();
    let written =
        json!({ "ContentType": "application/json", "Metadata": { "by": "ci" }, "ChecksumSHA256": "checked before" });
    let sum = "dpLDrTVAu4A8Ags67mbNiIcSMjTqDG5xQ8Ct1z/0Me0=";
    let answer = cloud.ask("PutObject", put("key", "one", written));
    let expected = json!({
        "ChecksumSHA256": sum, "ChecksumType": "FULL_OBJECT", "ETag": ONE, "ServerSideEncryption": "AES256", "VersionId": null,
    });
    assert_eq!(answer, expected);
    let mut read = json!({
        "AcceptRanges": "bytes", "ContentLength": 3, "ContentRange": null, "ContentType": "application/json", "ETag": ONE,
        "LastModified": "2026-01-01T00:00:00Z", "Metadata": { "by": "ci" }, "ServerSideEncryption": "AES256", "VersionId": null,
    });
    cloud.check("HeadObject", at("key"), read.clone());
    read["ChecksumSHA256"] = json!(sum);
    read["ChecksumType"] = json!("FULL_OBJECT");
    read["Body"] = json!(STANDARD.encode("one"));
    cloud.check("GetObject", merged(at("key"), json!({ "ChecksumMode": "ENABLED" })), read);
    cloud.check("GetObject", at("other"), json!(GONE));
    assert_eq!(cloud.text(merged(at("key"), json!({ "Range": "bytes=1-" }))), "ne");
    let beyond = "InvalidRange: The requested range is not satisfiable";
    assert_eq!(cloud.text(merged(at("key"), json!({ "Range": "bytes=3-" }))), beyond);
    let answer = cloud.ask("PutObject", put("plain", "123456789", json!({})));
    assert_eq!(answer["ChecksumCRC64NVME"], "rosUhgp5mIg=");
}

#[test]
fn what_is_not_heeded_is_refused() {
    let mut cloud = Cloud::with_bucket();
    let refused = "NotImplemented: A header you provided implies functionality that is not implemented";
    for more in [
        json!({ "Tagging": "a=b" }),
        json!({ "StorageClass": "GLACIER" }),
        json!({ "ServerSideEncryption": "aws:kms" }),
        json!({ "IfNoneMatch": "\"etag\"" }),
        json!({ "IfMatch": "*" }),
    ] {
        cloud.check("PutObject", put("key", "one", more), json!(refused));
    }
    cloud.check("GetObject", merged(at("key"), json!({ "PartNumber": 1 })), json!(refused));
    let acl = "AccessControlListNotSupported: The bucket does not allow ACLs";
    cloud.check("PutObject", put("key", "one", json!({ "ACL": "public-read" })), json!(acl));
    let long = "KeyTooLongError: Your key is too long";
    cloud.check("PutObject", put(&"k".repeat(1025), "one", json!({})), json!(long));
    let large = "MetadataTooLarge: Your metadata headers exceed the maximum allowed metadata size";
    let metadata = json!({ "Metadata": { "k": "v".repeat(2048) } });
    cloud.check("PutObject", put("key", "one", metadata), json!(large));
}

#[test]
fn writing_has_conditions() {
    for mut cloud in [Cloud::with_bucket(), Cloud::with_versions()] {
        let free = json!({ "IfNoneMatch": "*" });
        cloud.check("PutObject", put("key", "two", json!({ "IfMatch": ONE })), json!(GONE));
        assert_eq!(cloud.ask("PutObject", put("key", "one", free.clone()))["ETag"], ONE);
        cloud.check("PutObject", put("key", "two", free.clone()), json!(HELD));
        cloud.check("PutObject", put("key", "two", json!({ "IfMatch": "\"beef\"" })), json!(HELD));
        assert_eq!(cloud.text(at("key")), "one");
        cloud.ask("PutObject", put("key", "two", json!({ "IfMatch": ONE })));
        cloud.check("PutObject", put("key", "three", json!({ "IfMatch": ONE.trim_matches('"') })), json!(HELD));
        assert_eq!(cloud.text(at("key")), "two");
        cloud.ask("DeleteObject", at("key"));
        cloud.check("PutObject", put("key", "three", json!({ "IfMatch": ONE })), json!(GONE));
        assert_eq!(cloud.ask("PutObject", put("key", "one", free))["ETag"], ONE);
    }
}

#[test]
fn reading_and_deleting_have_conditions() {
    let mut cloud = Cloud::with_bucket();
    cloud.put("key", "one");
    cloud.world.advance(SignedDuration::from_mins(1));
    let mut check = |more: Value, expected: &str| assert_eq!(cloud.text(merged(at("key"), more)), expected);
    check(json!({ "IfMatch": ONE }), "one");
    check(json!({ "IfMatch": "\"beef\"" }), HELD);
    check(json!({ "IfNoneMatch": "\"beef\"" }), "one");
    check(json!({ "IfNoneMatch": ONE }), "NotModified: Not Modified");
    check(json!({ "IfModifiedSince": "2025-12-31T23:59:59Z" }), "one");
    check(json!({ "IfModifiedSince": "2026-01-01T00:00:00Z" }), "NotModified: Not Modified");
    check(json!({ "IfUnmodifiedSince": "2025-12-31T23:59:59Z" }), HELD);
    check(json!({ "IfMatch": ONE, "IfUnmodifiedSince": "2025-12-31T23:59:59Z" }), "one");
    cloud.check("DeleteObject", merged(at("key"), json!({ "IfMatch": "\"beef\"" })), json!(HELD));
    cloud.check("DeleteObject", merged(at("other"), json!({ "IfMatch": "*" })), json!(GONE));
    let gone = json!({ "VersionId": null, "DeleteMarker": null });
    cloud.check("DeleteObject", merged(at("key"), json!({ "IfMatch": ONE })), gone.clone());
    cloud.check("DeleteObject", at("key"), gone);
    cloud.versioning("Enabled");
    cloud.ask("DeleteObject", at("key"));
    cloud.check("DeleteObject", merged(at("key"), json!({ "IfMatch": "*" })), json!(HELD));
}

#[test]
fn versions_are_kept_until_they_are_deleted_by_name() {
    let mut cloud = Cloud::with_bucket();
    cloud.check("GetBucketVersioning", json!({ "Bucket": "team" }), json!({ "Status": null }));
    assert_eq!(cloud.put("key", "zero"), "none");
    cloud.versioning("Enabled");
    cloud.check("GetBucketVersioning", json!({ "Bucket": "team" }), json!({ "Status": "Enabled" }));
    let (one, two) = (cloud.put("key", "one"), cloud.put("key", "two"));
    assert_eq!((one.len(), one == two), (32, false));
    let version = |id: &str| merged(at("key"), json!({ "VersionId": id }));
    assert_eq!(cloud.text(version("null")), "zero");
    assert_eq!(cloud.text(version(&one)), "one");
    assert_eq!(cloud.text(version(&"x".repeat(32))), "NoSuchVersion: The specified version does not exist.");
    assert_eq!(cloud.text(version("x")), "InvalidArgument: Invalid version id specified");
    let marker = cloud.ask("DeleteObject", at("key"));
    assert_eq!(marker["DeleteMarker"], true);
    let marker = marker["VersionId"].as_str().unwrap().to_owned();
    assert_eq!(cloud.text(at("key")), GONE);
    let not_allowed = "MethodNotAllowed: The specified method is not allowed against this resource.";
    assert_eq!(cloud.text(version(&marker)), not_allowed);
    assert_eq!(cloud.page(json!({})), (vec![], Value::Null));
    let all = [
        format!("key {two} version"),
        format!("key {one} version"),
        "key null version".to_owned(),
        format!("key {marker} marker latest"),
    ];
    assert_eq!(cloud.versions(json!({})).0, all);
    cloud.check("DeleteObject", version(&marker), json!({ "VersionId": marker, "DeleteMarker": true }));
    assert_eq!(cloud.text(at("key")), "two");
    cloud.check("DeleteObject", version(&two), json!({ "VersionId": two, "DeleteMarker": null }));
    assert_eq!(cloud.text(at("key")), "one");
    cloud.versioning("Suspended");
    assert_eq!(cloud.put("key", "three"), "null");
    assert_eq!(cloud.versions(json!({})).0, ["key null version latest".to_owned(), format!("key {one} version")]);
    cloud.check("DeleteObject", at("key"), json!({ "VersionId": "null", "DeleteMarker": true }));
    assert_eq!(cloud.versions(json!({})).0, [format!("key {one} version"), "key null marker latest".to_owned()]);
}

#[test]
fn many_are_deleted_at_once() {
    let mut cloud = Cloud::with_versions();
    let one = cloud.put("a", "one");
    cloud.put("b", "one");
    let delete =
        |objects: Value, quiet: bool| json!({ "Bucket": "team", "Delete": { "Objects": objects, "Quiet": quiet } });
    let objects = json!([
        { "Key": "a", "VersionId": one }, { "Key": "b", "ETag": "\"beef\"" }, { "Key": "c", "VersionId": "x" },
    ]);
    let expected = json!({
        "Deleted": [{ "Key": "a", "VersionId": one }],
        "Errors": [
            { "Key": "b", "Code": "PreconditionFailed", "Message": HELD.split_once(": ").unwrap().1 },
            { "Key": "c", "VersionId": "x", "Code": "InvalidArgument", "Message": "Invalid version id specified" },
        ],
    });
    cloud.check("DeleteObjects", delete(objects, false), expected);
    cloud.check("DeleteObjects", delete(json!([{ "Key": "b" }]), true), json!({ "Deleted": [], "Errors": [] }));
    assert_eq!(cloud.text(at("b")), GONE);
    let malformed =
        "MalformedXML: The XML you provided was not well-formed or did not validate against our published schema";
    let many: Vec<_> = (0..1001).map(|number| json!({ "Key": number.to_string() })).collect();
    cloud.check("DeleteObjects", delete(json!(many), false), json!(malformed));
}

#[test]
fn objects_are_listed_by_prefix_delimiter_and_page() {
    let mut cloud = Cloud::with_bucket();
    for key in ["a", "journal/1/1", "journal/1/2", "journal/2/1", "lease", "z z"] {
        cloud.put(key, "one");
    }
    let all = ["a", "journal/1/1", "journal/1/2", "journal/2/1", "lease", "z z"];
    assert_eq!(cloud.page(json!({})).0, all);
    assert_eq!(cloud.page(json!({ "StartAfter": "journal/1/1" })).0, all[2..]);
    assert_eq!(cloud.page(json!({ "Prefix": "journal/1/" })).0, all[1..3]);
    assert_eq!(cloud.page(json!({ "Delimiter": "/" })).0, ["a", "lease", "z z", "journal/"]);
    assert_eq!(cloud.page(json!({ "Delimiter": "/", "Prefix": "journal/" })).0, ["journal/1/", "journal/2/"]);
    assert_eq!(cloud.page(json!({ "Prefix": "z", "EncodingType": "url" })).0, ["z+z"]);
    let (mut seen, mut token) = (Vec::new(), Value::Null);
    loop {
        let (shown, next) = cloud.page(json!({ "Delimiter": "/", "MaxKeys": 1, "ContinuationToken": token }));
        seen.extend(shown);
        token = next;
        if token.is_null() {
            break;
        }
    }
    assert_eq!(seen, ["a", "journal/", "lease", "z z"]);
    assert_eq!(cloud.page(json!({ "MaxKeys": 0 })), (vec![], Value::Null));
    let first = json!({
        "Key": "a", "LastModified": "2026-01-01T00:00:00Z", "ETag": ONE, "ChecksumAlgorithm": ["CRC64NVME"],
        "ChecksumType": "FULL_OBJECT", "Size": 3, "StorageClass": "STANDARD",
    });
    let whole = json!({
        "IsTruncated": true, "Contents": [first], "Name": "team", "Prefix": "", "Delimiter": null, "MaxKeys": 1,
        "CommonPrefixes": [], "EncodingType": null, "KeyCount": 1, "ContinuationToken": null,
        "NextContinuationToken": "a2V5IGE=", "StartAfter": null,
    });
    cloud.check("ListObjectsV2", json!({ "Bucket": "team", "MaxKeys": 1 }), whole);
    let wrong = "InvalidArgument: The continuation token provided is incorrect";
    cloud.check("ListObjectsV2", json!({ "Bucket": "team", "ContinuationToken": "x" }), json!(wrong));
    let wrong = "InvalidArgument: Argument maxKeys must be an integer between 0 and 2147483647";
    cloud.check("ListObjectsV2", json!({ "Bucket": "team", "MaxKeys": -1 }), json!(wrong));
}

#[test]
fn versions_are_listed_in_pages() {
    let mut cloud = Cloud::with_versions();
    let ids: Vec<_> = ["a", "a", "b", "c/d"].iter().map(|key| cloud.put(key, "one")).collect();
    let (mut seen, mut key, mut id) = (Vec::new(), Value::Null, Value::Null);
    loop {
        let (shown, page) = cloud.versions(json!({ "MaxKeys": 1, "KeyMarker": key, "VersionIdMarker": id }));
        seen.extend(shown);
        (key, id) = (page["NextKeyMarker"].clone(), page["NextVersionIdMarker"].clone());
        if page["IsTruncated"] == false {
            break;
        }
    }
    let expected = [
        format!("a {} version latest", ids[1]),
        format!("a {} version", ids[0]),
        format!("b {} version latest", ids[2]),
        format!("c/d {} version latest", ids[3]),
    ];
    assert_eq!(seen, expected);
    assert_eq!(cloud.versions(json!({ "KeyMarker": "a" })).0, expected[2..]);
    assert_eq!(cloud.versions(json!({ "Delimiter": "/" })).1["CommonPrefixes"], json!([{ "Prefix": "c/" }]));
    assert_eq!(cloud.versions(json!({ "Delimiter": "/", "KeyMarker": "c/" })).1["CommonPrefixes"], json!([]));
    let wrong = "InvalidArgument: A version-id marker cannot be specified without a key marker.";
    cloud.check("ListObjectVersions", json!({ "Bucket": "team", "VersionIdMarker": "x" }), json!(wrong));
}
