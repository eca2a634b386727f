//! An AWS request as data: service, operation, parameters.

use ::tests::http::Message;
use serde_json::{Map, Value};

/// What a client asked for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Request {
    pub(crate) service: String,
    pub(crate) operation: String,
    pub(crate) parameters: Value,
}

impl Request {
    /// Reads AWS's JSON protocols and its query protocol, which are all that is spoken here.
    ///
    /// # Errors
    /// A service that is not known here.
    pub(crate) fn read(message: &Message) -> Result<Self, String> {
        match message.header("x-amz-target") {
            Some(target) => {
                let (service, operation) = target.rsplit_once('.').expect("a target is service.operation");
                let parameters = serde_json::from_slice(&message.body).expect("the body is JSON");
                Ok(Self { service: service_of(service)?.to_owned(), operation: operation.to_owned(), parameters })
            }
            None => form(&message.body),
        }
    }

    pub(crate) fn mutates(&self) -> bool {
        const READS: [&str; 7] = ["Assume", "BatchGet", "Describe", "Filter", "Get", "List", "Scan"];
        !READS.iter().any(|read| self.operation.starts_with(read))
    }
}

fn service_of(word: &str) -> Result<&'static str, String> {
    let known = [
        ("AmazonEC2ContainerRegistry", "ecr"),
        ("DynamoDB", "dynamodb"),
        ("Logs", "logs"),
        ("AppRunner", "apprunner"),
        ("AmazonSSM", "ssm"),
        ("secretsmanager", "secretsmanager"),
        ("2010-05-08", "iam"),
        ("2011-06-15", "sts"),
        ("2014-10-31", "rds"),
        ("2016-11-15", "ec2"),
    ];
    let found = known.iter().find(|(start, _)| word.starts_with(start));
    found.map(|(_, service)| *service).ok_or_else(|| format!("no service here is called `{word}`"))
}

fn form(body: &[u8]) -> Result<Request, String> {
    let text = std::str::from_utf8(body).expect("a form is text");
    let mut parameters = Value::Object(Map::new());
    for pair in text.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (name, value) = (decoded(name), decoded(value));
        let path: Vec<&str> = name.split('.').filter(|part| *part != "member").collect();
        put(&mut parameters, &path, value);
    }
    let mut take = |name: &str| match parameters.as_object_mut().and_then(|map| map.remove(name)) {
        Some(Value::String(text)) => text,
        other => panic!("a form names its {name}, not {other:?}"),
    };
    let (operation, version) = (take("Action"), take("Version"));
    Ok(Request { service: service_of(&version)?.to_owned(), operation, parameters })
}

/// `Tags.1.Key` is the member `Key` of the first element of the list `Tags`.
fn put(into: &mut Value, path: &[&str], text: String) {
    let Some((first, rest)) = path.split_first() else {
        *into = Value::String(text);
        return;
    };
    if let Ok(place) = first.parse::<usize>() {
        if !into.is_array() {
            *into = Value::Array(Vec::new());
        }
        let list = into.as_array_mut().expect("it was just made one");
        list.resize(list.len().max(place), Value::Null);
        return put(&mut list[place - 1], rest, text);
    }
    if !into.is_object() {
        *into = Value::Object(Map::new());
    }
    put(&mut into[*first], rest, text);
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        match first {
            b'+' => bytes.push(b' '),
            b'%' => {
                let (hex, after) = rest.split_at(2);
                let hex = std::str::from_utf8(hex).expect("two digits follow a `%`");
                bytes.push(u8::from_str_radix(hex, 16).expect("two digits follow a `%`"));
                rest = after;
            }
            other => bytes.push(*other),
        }
    }
    String::from_utf8(bytes).expect("a form is text")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn reads_a_form() {
        let body = b"Action=TagRole&Version=2010-05-08&RoleName=a&Tags.member.1.Key=x%2Fy&Tags.member.1.Value=b+c";
        let expected = json!({ "RoleName": "a", "Tags": [{ "Key": "x/y", "Value": "b c" }] });
        let request = form(body).expect("it is a form of IAM");
        assert_eq!((request.service.as_str(), request.operation.as_str()), ("iam", "TagRole"));
        assert_eq!(request.parameters, expected);
    }
}
