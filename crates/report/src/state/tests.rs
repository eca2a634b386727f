use std::collections::{BTreeMap, BTreeSet};

use model::{Fingerprint, Secret, state::Deposed};

use super::*;
use crate::samples::*;

fn recorded() -> Recorded {
    let password = Value::Secret(Secret::sealed(Fingerprint("0123456789abcdef".to_owned())));
    Recorded {
        type_name: "apprunner_service".to_owned(),
        id: "arn:aws:apprunner:us-east-2:123456789012:service/web/1".to_owned(),
        region: "us-east-2".to_owned(),
        condition: Condition::Tainted,
        applied: BTreeMap::from([
            ("service_name".to_owned(), "web".into()),
            ("environment".to_owned(), map([("KEY", password), ("TABLE", "t".into())])),
        ]),
        computed: BTreeMap::from([("service_url".to_owned(), "x.awsapprunner.com".into())]),
        dependencies: BTreeSet::from([address("ecr_repository.app"), address("iam_role.access")]),
        delete_arguments: BTreeMap::from([("force_delete".to_owned(), true.into())]),
        create_token: Some("token-1".to_owned()),
        deposed: vec![Deposed {
            id: "old-1".to_owned(),
            region: "us-east-2".to_owned(),
            delete_arguments: BTreeMap::new(),
            dependencies: BTreeSet::new(),
        }],
        ..Recorded::default()
    }
}

fn state() -> State {
    let ready =
        Recorded { id: "friendly-advice".to_owned(), type_name: "ecr_repository".to_owned(), ..Recorded::default() };
    State {
        region: "us-east-2".to_owned(),
        serial: 7,
        resources: BTreeMap::from([
            (address("ecr_repository.app"), ready),
            (address("apprunner_service.web[\"prod\"]"), recorded()),
        ]),
        ..State::default()
    }
}

#[test]
fn a_list_is_one_line_each() {
    let expected = "\
apprunner_service.web[\"prod\"]  arn:aws:apprunner:us-east-2:123456789012:service/web/1  (tainted)  (1 old to delete)
ecr_repository.app             friendly-advice
";
    assert_eq!(state_list(&state(), Style::Plain), expected);
    assert_eq!(state_list(&State::default(), Style::Plain), "");
    insta::assert_snapshot!(state_list_json(&state()));
}

#[test]
fn one_resource_is_shown_whole_and_without_fingerprints() {
    let text = state_show(&address("apprunner_service.web"), &recorded(), Style::Plain, 80);
    let expected = r#"apprunner_service.web
  id               arn:aws:apprunner:us-east-2:123456789012:service/web/1
  region           us-east-2
  condition        tainted
  created by call  token-1
  old, to delete   old-1
  refers to        ecr_repository.app, iam_role.access

  written, as last applied
    environment   { KEY = (secret), TABLE = "t" }
    service_name  "web"

  answered by AWS
    service_url  "x.awsapprunner.com"

  when it is deleted
    force_delete  true
"#;
    assert_eq!(text, expected, "\n{text}");
    let json = state_show_json(&address("apprunner_service.web"), &recorded());
    assert!(!json.contains("0123456789abcdef"));
    insta::assert_snapshot!(json);
}

/// For the test of the documentation.
pub(crate) fn as_json() -> String {
    state_show_json(&address("apprunner_service.web"), &recorded())
}
