//! The cloud through its public door: contents that survive, others that write, scripted trouble.
#![expect(clippy::unwrap_used, reason = "a test whose world cannot be set up should fail there")]

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::thread;

use bytes::Bytes;
use http::{Request, Response};
use jiff::{SignedDuration, Timestamp};
use local::trouble::Trouble;
use local::{Cloud, ImageRecord, Lost, Options, Place};
use serde_json::{Value, json};

const START: &str = "2026-01-01T00:00:00Z";

fn open(folder: &Path, script: &str) -> Cloud {
    let start: Timestamp = START.parse().unwrap();
    let trouble = Some(Trouble::parse(script).unwrap());
    Cloud::open_with(folder, Options { start, trouble, ..Options::default() }).unwrap()
}

fn request(account: &str, region: &str, operation: &str, input: &Value) -> Request<Bytes> {
    let scope = format!(
        "AWS4-HMAC-SHA256 Credential={account}/20260101/{region}/ecr/aws4_request, SignedHeaders=host, Signature=0"
    );
    let target = format!("AmazonEC2ContainerRegistry_V20150921.{operation}");
    let request = Request::post("/").header("authorization", scope).header("x-amz-target", target);
    request.body(Bytes::from(input.to_string())).unwrap()
}

fn answer(cloud: &Cloud, operation: &str, input: Value) -> Result<Response<Bytes>, Lost> {
    cloud.answer(request("123456789012", "us-east-2", operation, &input))
}

/// `ok`, the code of a refusal, or `lost`.
fn outcome(cloud: &Cloud, operation: &str, input: Value) -> String {
    match answer(cloud, operation, input) {
        Err(Lost) => "lost".to_owned(),
        Ok(response) => {
            response.headers().get("x-amzn-errortype").map_or("ok", |code| code.to_str().unwrap()).to_owned()
        }
    }
}

fn create(cloud: &Cloud, name: &str) -> String {
    outcome(cloud, "CreateRepository", json!({ "repositoryName": name }))
}

/// The repositories that exist, with the tags of their images, by account and region.
fn census(cloud: &Cloud) -> Value {
    let dump = cloud.dump().unwrap();
    let mut found = json!({});
    for (account, held) in dump["accounts"].as_object().into_iter().flatten() {
        for (region, services) in held["regions"].as_object().into_iter().flatten() {
            for (name, repository) in services["ecr"].as_object().into_iter().flatten() {
                let images = repository["images"].as_array().cloned().unwrap_or_default();
                found[format!("{account} {region} {name}")] =
                    images.into_iter().map(|image| image["tags"].clone()).collect();
            }
        }
    }
    found
}

#[test]
fn what_is_made_is_there_for_the_next() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(create(&open(folder.path(), ""), "app"), "ok");
    assert_eq!(create(&open(folder.path(), ""), "app"), "RepositoryAlreadyExistsException");
    assert_eq!(fs::read_to_string(folder.path().join(".gitignore")).unwrap(), "*\n");
}

#[cfg(unix)]
#[test]
fn the_contents_are_the_owner_s_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    create(&open(folder.path(), ""), "app");
    assert_eq!(fs::metadata(folder.path().join("world.json")).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn several_clouds_in_one_folder_see_each_other_and_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let workers: Vec<_> = (0..4)
        .map(|worker| {
            let cloud = open(folder.path(), "");
            thread::spawn(move || {
                (0..5).for_each(|number| assert_eq!(create(&cloud, &format!("r{worker}-{number}")), "ok"))
            })
        })
        .collect();
    workers.into_iter().for_each(|worker| worker.join().unwrap());
    assert_eq!(census(&open(folder.path(), "")).as_object().unwrap().len(), 20);
}

#[test]
fn equal_calls_make_equal_worlds() {
    let world = || {
        let folder = tempfile::tempdir().unwrap();
        let cloud = open(folder.path(), "");
        create(&cloud, "app");
        cloud.advance(SignedDuration::from_mins(5));
        cloud.push_image("app:v1", &Place::default(), &ImageRecord::default()).unwrap();
        fs::read_to_string(folder.path().join("world.json")).unwrap()
    };
    assert_eq!(world(), world());
}

#[test]
fn a_call_that_changes_nothing_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let cloud = open(folder.path(), "");
    create(&cloud, "app");
    let modified = || fs::metadata(folder.path().join("world.json")).unwrap().modified().unwrap();
    let before = modified();
    cloud.advance(SignedDuration::from_mins(5));
    assert_eq!(outcome(&cloud, "DescribeRepositories", json!({})), "ok");
    assert_eq!(create(&cloud, "app"), "RepositoryAlreadyExistsException");
    assert_eq!(modified(), before);
}

#[test]
fn time_passes_when_it_is_moved_and_is_saved_with_the_world() {
    let folder = tempfile::tempdir().unwrap();
    let cloud = open(folder.path(), "");
    cloud.advance(SignedDuration::from_mins(5));
    create(&cloud, "app");
    assert_eq!(open(folder.path(), "").now().to_string(), "2026-01-01T00:05:00Z");
}

#[test]
fn reset_forgets_everything() {
    let folder = tempfile::tempdir().unwrap();
    let cloud = open(folder.path(), "");
    create(&cloud, "app");
    cloud.reset().unwrap();
    assert_eq!((census(&cloud), cloud.calls()), (json!({}), Vec::new()));
}

#[test]
fn accounts_and_regions_are_apart() {
    let folder = tempfile::tempdir().unwrap();
    let cloud = open(folder.path(), "");
    for (account, region) in
        [("111111111111", "us-east-1"), ("111111111111", "us-east-2"), ("AKIAEXAMPLE", "us-east-1")]
    {
        cloud.answer(request(account, region, "CreateRepository", &json!({ "repositoryName": "app" }))).unwrap();
    }
    let expected =
        json!({ "111111111111 us-east-1 app": [], "111111111111 us-east-2 app": [], "123456789012 us-east-1 app": [] });
    assert_eq!(census(&cloud), expected);
    let several = cloud.push_image("app:v1", &Place::default(), &ImageRecord::default()).unwrap_err().to_string();
    let expected = "several repositories `app`: 111111111111 us-east-1, 111111111111 us-east-2, 123456789012 us-east-1; name the account \
                    and the region";
    assert_eq!(several, expected);
    let missing = cloud.push_image("web:v1", &Place::default(), &ImageRecord::default()).unwrap_err().to_string();
    let expected = "no repository `web` in the local cloud; there are app (111111111111, us-east-1), app (111111111111, us-east-2), app \
                    (123456789012, us-east-1)";
    assert_eq!(missing, expected);
    let place = Place { account: None, region: Some("us-east-2".to_owned()) };
    let pushed = cloud.push_image("app:v1", &place, &ImageRecord::default()).unwrap();
    assert_eq!(pushed.uri, "111111111111.dkr.ecr.us-east-2.amazonaws.com/app:v1");
}

#[test]
fn an_expected_image_is_there_with_its_repository() {
    let folder = tempfile::tempdir().unwrap();
    let cloud = open(folder.path(), "");
    let expect = || cloud.expect_images("dev", "123456789012", "us-east-2", &["app:latest".to_owned()]).unwrap();
    let there = || census(&cloud)["123456789012 us-east-2 app"].clone();
    expect();
    create(&cloud, "app");
    assert_eq!(there(), json!([["latest"]]));
    outcome(&cloud, "BatchDeleteImage", json!({ "repositoryName": "app", "imageIds": [{ "imageTag": "latest" }] }));
    assert_eq!(there(), json!([]));
    expect();
    assert_eq!(there(), json!([["latest"]]));
    outcome(&cloud, "DeleteRepository", json!({ "repositoryName": "app", "force": true }));
    create(&cloud, "app");
    assert_eq!(there(), json!([["latest"]]));
}

#[test]
fn the_log_names_mutating_calls_and_their_outcome() {
    let folder = tempfile::tempdir().unwrap();
    let cloud = open(folder.path(), "");
    create(&cloud, "app");
    let kept = folder.path().join("calls.jsonl");
    assert!(!kept.exists(), "the log is kept where somebody has made its file");
    fs::write(&kept, "").unwrap();
    create(&cloud, "app");
    outcome(&cloud, "DescribeRepositories", json!({}));
    let calls: Vec<_> = cloud
        .calls()
        .into_iter()
        .map(|call| format!("{} {} {} {}", call.service, call.operation, call.identity, call.outcome))
        .collect();
    assert_eq!(calls, ["ecr CreateRepository app ok", "ecr CreateRepository app RepositoryAlreadyExistsException"]);
    let last = serde_json::to_string(&cloud.calls()[1]).unwrap();
    assert_eq!(fs::read_to_string(&kept).unwrap(), format!("{last}\n"));
}

#[test]
fn trouble_comes_as_scripted() {
    let cases = [
        ("throttle", "ThrottlingException", json!({})),
        ("fail", "InternalFailure", json!({})),
        ("lose", "lost", json!({ "123456789012 us-east-2 app": [] })),
        ("reset", "lost", json!({})),
    ];
    for (does, expected, left) in cases {
        let folder = tempfile::tempdir().unwrap();
        let cloud = open(folder.path(), &format!("[[rule]]\non = 'ecr:Create*'\nnth = [1]\ndoes = '{does}'"));
        assert_eq!((create(&cloud, "app"), census(&cloud)), (expected.to_owned(), left), "{does}");
    }
}

#[test]
fn a_stopped_cloud_answers_nobody_until_it_is_released() {
    for (when, left) in [("before", json!({})), ("after", json!({ "123456789012 us-east-2 app": [] }))] {
        let folder = tempfile::tempdir().unwrap();
        let cloud = Arc::new(open(folder.path(), &format!("stop = {{ at = 1, when = '{when}' }}")));
        let client = Arc::clone(&cloud);
        let call = thread::spawn(move || create(&client, "app"));
        let signal = folder.path().join("stopped");
        while !signal.exists() {
            thread::yield_now();
        }
        assert_eq!(fs::read_to_string(&signal).unwrap(), "1 ecr CreateRepository\n");
        assert_eq!(census(&cloud), left, "{when}");
        cloud.release();
        assert_eq!(call.join().unwrap(), "lost");
        assert_eq!(create(&cloud, "web"), "ok");
    }
}

fn s3(cloud: &Cloud, method: &str, path: &str, body: &str) -> Response<Bytes> {
    let scope =
        "AWS4-HMAC-SHA256 Credential=123456789012/20260101/us-east-2/s3/aws4_request, SignedHeaders=host, Signature=0";
    let request = Request::builder().method(method).uri(path).header("authorization", scope);
    let request = request.header("host", "localhost").header("x-amz-content-sha256", "UNSIGNED-PAYLOAD");
    cloud.answer(request.body(Bytes::from(body.to_owned())).unwrap()).unwrap()
}

#[test]
fn objects_stay_and_tell_the_time_of_the_cloud_but_not_what_they_hold() {
    let folder = tempfile::tempdir().unwrap();
    let cloud = open(folder.path(), "");
    let configuration =
        "<CreateBucketConfiguration><LocationConstraint>us-east-2</LocationConstraint></CreateBucketConfiguration>";
    assert_eq!(s3(&cloud, "PUT", "/team", configuration).status(), 200);
    assert_eq!(s3(&cloud, "PUT", "/team/a%20b", "planted").status(), 200);
    cloud.advance(SignedDuration::from_mins(6));
    drop(cloud);
    let cloud = open(folder.path(), "");
    cloud.advance(SignedDuration::from_mins(6));
    let got = s3(&cloud, "GET", "/team/a%20b", "");
    assert_eq!((got.status().as_u16(), got.body().as_ref()), (200, &b"planted"[..]));
    assert_eq!(got.headers()["date"], "Thu, 01 Jan 2026 00:06:00 GMT");
    assert_eq!(got.headers()["last-modified"], "Thu, 01 Jan 2026 00:00:00 GMT");
    assert_eq!(s3(&cloud, "GET", "/team/none", "").headers()["date"], "Thu, 01 Jan 2026 00:06:00 GMT");
    let dump = cloud.dump().unwrap();
    let held = &dump["accounts"]["123456789012"]["regions"]["us-east-2"]["s3"]["buckets"]["team"]["objects"]["a b"][0];
    assert_eq!((&held["id"], &held["content"]["object_body"]), (&json!("null"), &json!("(hidden)")));
    let calls: Vec<_> = cloud.calls().iter().map(|call| format!("{} {}", call.operation, call.identity)).collect();
    assert_eq!(calls, Vec::<String>::new());
    s3(&cloud, "DELETE", "/team/a%20b", "");
    s3(&cloud, "HEAD", "/team/a%20b", "");
    let calls: Vec<_> = cloud.calls().iter().map(|call| format!("{} {}", call.operation, call.identity)).collect();
    assert_eq!(calls, ["DeleteObject team/a b"]);
}

#[test]
fn s3_has_its_own_trouble() {
    for (does, status) in [("throttle", 503), ("fail", 500)] {
        let folder = tempfile::tempdir().unwrap();
        let cloud = open(folder.path(), &format!("[[rule]]\non = 's3:ListBuckets'\ndoes = '{does}'"));
        assert_eq!(s3(&cloud, "GET", "/", "").status(), status);
    }
    let folder = tempfile::tempdir().unwrap();
    let rule = "[[rule]]\non = 's3:*'\ndoes = 'refuse'\ncode = 'AccessDenied'\nmessage = 'Access Denied'";
    assert_eq!(s3(&open(folder.path(), rule), "GET", "/", "").status(), 403);
}
