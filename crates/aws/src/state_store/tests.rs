//! What is sent for a state, and what the answers mean.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

use bytes::Bytes;
use http::{Request, Response};
use model::graph::S3Home;
use store::remote::{Condition, Keys, ObjectError, Objects};

use super::connect;
use crate::{Options, Transport, door::SharedDoor};

type Answers = Arc<Mutex<VecDeque<Option<Response<Bytes>>>>>;

/// A way whose answers are prepared, and what was sent on it.
struct Way {
    objects: Box<dyn Objects>,
    keys: Box<dyn Keys>,
    sent: Arc<Mutex<Vec<String>>>,
    answers: Answers,
}

impl Way {
    fn new() -> Self {
        let (sent, answers) = (Arc::new(Mutex::new(Vec::new())), Answers::default());
        let (noted, given) = (Arc::clone(&sent), Arc::clone(&answers));
        let door = SharedDoor(Arc::new(move |request: Request<Bytes>| {
            noted.lock().unwrap().push(line(&request));
            given.lock().unwrap().pop_front().flatten()
        }));
        let transport = Transport::Door { door, account: "123456789012".to_owned() };
        let options = Options { region: "eu-west-1".to_owned(), transport };
        let home = S3Home { bucket: "team".to_owned(), key: "shop/dev".to_owned(), region: "eu-west-1".to_owned() };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let (objects, keys) = runtime.block_on(connect(options, home)).unwrap();
        Self { objects, keys, sent, answers }
    }

    /// Prepares one answer; nothing stands for a cut connection.
    fn answer(&self, status: u16, headers: &[(&str, &str)], body: &str) -> &Self {
        let mut response = Response::builder().status(status);
        for (name, value) in headers {
            response = response.header(*name, *value);
        }
        self.answers.lock().unwrap().push_back(response.body(Bytes::from(body.to_owned())).ok());
        self
    }

    fn refuse(&self, status: u16, code: &str, message: &str) -> &Self {
        self.answer(status, &[], &format!("<Error><Code>{code}</Code><Message>{message}</Message></Error>"))
    }

    fn sent(&self) -> Vec<String> {
        std::mem::take(&mut *self.sent.lock().unwrap())
    }
}

/// Method, place, conditions.
fn line(request: &Request<Bytes>) -> String {
    let uri = request.uri();
    let mut line = format!("{} {}{}", request.method(), uri.host().unwrap_or_default(), uri.path());
    for name in ["if-match", "if-none-match"] {
        if let Some(value) = request.headers().get(name) {
            line.push_str(&format!(" {name}: {}", value.to_str().unwrap()));
        }
    }
    line
}

const PLACE: &str = "team.s3.eu-west-1.amazonaws.com/shop/dev";

#[test]
fn the_age_of_an_object_is_by_the_servers_clock() {
    let way = Way::new();
    for (date, seconds) in [("Sat, 21 Nov 2026 20:01:30 GMT", 90), ("Sat, 21 Nov 2026 19:59:00 GMT", 0)] {
        let headers = [("date", date), ("last-modified", "Sat, 21 Nov 2026 20:00:00 GMT"), ("etag", "\"e1\"")];
        way.answer(200, &headers, "{}");
        let object = way.objects.get("state.json").unwrap().unwrap();
        assert_eq!((object.bytes.as_slice(), object.etag.as_str()), (&b"{}"[..], "\"e1\""));
        assert_eq!(object.age, Duration::from_secs(seconds));
    }
    assert_eq!(way.sent()[0], format!("GET {PLACE}/state.json"));
    way.refuse(404, "NoSuchKey", "The specified key does not exist.");
    assert_eq!(way.objects.get("state.json"), Ok(None));
}

#[test]
fn conditions_are_sent_and_their_failure_is_told() {
    let way = Way::new();
    let put = |condition: Condition| way.objects.put("lease.json", b"{}", condition);
    way.answer(200, &[("etag", "\"e2\"")], "");
    assert_eq!(put(Condition::Match("\"e1\"".to_owned())), Ok("\"e2\"".to_owned()));
    way.refuse(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold");
    assert_eq!(put(Condition::Absent), Err(ObjectError::Condition));
    way.refuse(404, "NoSuchKey", "The specified key does not exist.");
    assert_eq!(put(Condition::Match("\"e1\"".to_owned())), Err(ObjectError::Condition));
    let lease = format!("PUT {PLACE}/lease.json");
    assert_eq!(
        way.sent(),
        [format!("{lease} if-match: \"e1\""), format!("{lease} if-none-match: *"), format!("{lease} if-match: \"e1\"")]
    );
}

/// What a refusal of a put means, in words, and what to do next.
#[track_caller]
fn check(status: u16, headers: &[(&str, &str)], code: &str, message: &str, words: &str, hint: &str) {
    let way = Way::new();
    // As often as it is sent again.
    for _ in 0..4 {
        way.answer(status, headers, &format!("<Error><Code>{code}</Code><Message>{message}</Message></Error>"));
    }
    let error = way.objects.put("state.json", b"{}", Condition::Any).unwrap_err();
    assert!(error.to_string().contains(words), "{error}");
    let hints = error.hints().join("\n");
    assert!(hints.contains(hint), "{hints}");
}

#[test]
fn a_missing_permission_is_named() {
    let message = "User: arn:aws:iam::1:user/ci is not authorized to perform: s3:PutObject on resource: x";
    check(403, &[], "AccessDenied", message, "`s3:PutObject` is not allowed", "allow `s3:PutObject`");
    let other = "User: ci is not authorized to perform: kms:GenerateDataKey on the resource associated with it";
    check(403, &[], "AccessDenied", other, "`kms:GenerateDataKey` is not allowed", "allow `kms:GenerateDataKey`");
}

#[test]
fn a_bucket_elsewhere_is_told_with_its_region() {
    let headers = [("x-amz-bucket-region", "us-west-2")];
    check(301, &headers, "PermanentRedirect", "other endpoint", "the bucket is in us-west-2", "region = \"us-west-2\"");
    check(
        404,
        &[],
        "NoSuchBucket",
        "The specified bucket does not exist",
        "no such bucket",
        "`bucket` in `[state] s3`",
    );
}

#[test]
fn a_wrong_clock_is_told_with_the_right_time() {
    let headers = [("date", "Sat, 21 Nov 2026 20:01:30 GMT")];
    let message = "The difference between the request time and the current time is too large.";
    check(403, &headers, "RequestTimeTooSkewed", message, "too large", "AWS says it is Sat, 21 Nov 2026 20:01:30 GMT");
}

#[test]
fn what_may_have_had_its_effect_is_unanswered() {
    check(409, &[], "ConditionalRequestConflict", "try again", "there was no answer", "nothing is lost");
    check(503, &[], "SlowDown", "Please reduce your request rate.", "there was no answer", "nothing is lost");
    let way = Way::new();
    let error = way.objects.put("state.json", b"{}", Condition::Absent).unwrap_err();
    assert!(matches!(error, ObjectError::Unanswered { .. }), "{error}");
    assert_eq!(way.sent().len(), 3, "it is sent again while nobody answers");
}

#[test]
fn of_two_makers_of_a_key_the_first_wins() {
    let way = Way::new();
    way.answer(400, &[], r#"{"__type":"ParameterNotFound"}"#);
    assert_eq!(way.keys.read(), Ok(None));
    way.answer(200, &[], "{}");
    assert_eq!(way.keys.make(&[1; 32]), Ok(vec![1; 32]));
    way.answer(400, &[], r#"{"__type":"ParameterAlreadyExists"}"#);
    let theirs = aws_smithy_types::base64::encode([2; 32]);
    way.answer(200, &[], &format!(r#"{{"Parameter":{{"Value":"{theirs}"}}}}"#));
    assert_eq!(way.keys.make(&[1; 32]), Ok(vec![2; 32]));
}
