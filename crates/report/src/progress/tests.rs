use super::*;
use crate::samples::*;

fn check(event: &Progress, text: &str, json: &str) {
    let shown = event_text(event, Style::Plain, 80);
    assert_eq!(shown, text.trim_end_matches('\n'), "\n{shown}");
    let line = event_json(event);
    assert_eq!(line, json, "\n{line}");
}

fn web() -> Address {
    address("apprunner_service.web")
}

pub(crate) fn health_check() -> FailureText {
    FailureText {
        operation: "apprunner:CreateService".to_owned(),
        code: Some("CREATE_FAILED".to_owned()),
        message: "the service's operation ended as FAILED".to_owned(),
        request_id: Some("6f1c2d3e-0000-4000-8000-123456789abc".to_owned()),
        log: vec![
            "[AppRunner] Health check failed on protocol `HTTP` [Path: '/api/health'], [Port: '8000'].".to_owned(),
            "\u{1b}[31mModuleNotFoundError\u{1b}[0m: No module named 'app'".to_owned(),
        ],
        causes: vec![
            "the application crashed while it was imported: the last log line names the module".to_owned(),
            "the container listens on another port than 8000: see `image_configuration.port`".to_owned(),
        ],
        place: place(52),
        next: Some("groma logs dev apprunner_service.web".to_owned()),
        ..FailureText::default()
    }
}

#[test]
fn steps_begin_and_end() {
    check(
        &Progress::Started { address: web(), verb: Verb::Create },
        "  + apprunner_service.web  creating",
        r#"{"event":"started","address":"apprunner_service.web","verb":"create"}"#,
    );
    check(
        &Progress::Call {
            address: web(),
            operation: "ecr:PutLifecyclePolicy".to_owned(),
            does: "sets the lifecycle policy".to_owned(),
        },
        "    apprunner_service.web  sets the lifecycle policy",
        r#"{"event":"call","address":"apprunner_service.web","operation":"ecr:PutLifecyclePolicy","does":"sets the lifecycle policy"}"#,
    );
    check(
        &Progress::Waiting {
            address: web(),
            what: "OPERATION_IN_PROGRESS".to_owned(),
            elapsed: Duration::from_secs(80),
        },
        "    apprunner_service.web  waiting: OPERATION_IN_PROGRESS (1 min 20 s)",
        r#"{"event":"waiting","address":"apprunner_service.web","what":"OPERATION_IN_PROGRESS","elapsed_ms":80000}"#,
    );
    check(
        &Progress::Waiting { address: web(), what: "waiting for IAM".to_owned(), elapsed: Duration::from_secs(6) },
        "    apprunner_service.web  waiting for IAM (6 s)",
        r#"{"event":"waiting","address":"apprunner_service.web","what":"waiting for IAM","elapsed_ms":6000}"#,
    );
    check(
        &Progress::Done {
            address: web(),
            verb: Verb::DeleteOld,
            elapsed: Duration::from_millis(2_400),
            id: Some("arn:aws:apprunner:us-east-2:123456789012:service/web/0123456789abcdef".to_owned()),
        },
        "  - apprunner_service.web  old one deleted in 2 s ·
      arn:aws:apprunner:us-east-2:123456789012:service/web/0123456789abcdef",
        r#"{"event":"done","address":"apprunner_service.web","verb":"delete_old","elapsed_ms":2400,"id":"arn:aws:apprunner:us-east-2:123456789012:service/web/0123456789abcdef"}"#,
    );
    check(
        &Progress::Skipped { address: web(), verb: Verb::Update, because: address("iam_role.access") },
        "    apprunner_service.web  update skipped, it waits for iam_role.access",
        r#"{"event":"skipped","address":"apprunner_service.web","verb":"update","because":"iam_role.access"}"#,
    );
    check(
        &Progress::Note { address: None, text: "Stopping: what is in flight is finished first".to_owned() },
        "    Stopping: what is in flight is finished first",
        r#"{"event":"note","address":null,"text":"Stopping: what is in flight is finished first"}"#,
    );
}

#[test]
fn a_failure_says_everything() {
    check(
        &Progress::Failed {
            address: web(),
            verb: Verb::Create,
            elapsed: Duration::from_secs(182),
            failure: Box::new(health_check()),
        },
        "  ✗ apprunner_service.web  create failed after 3 min 2 s
    environments/dev.toml:52
    apprunner:CreateService answered CREATE_FAILED: the service's operation
      ended as FAILED (request 6f1c2d3e-0000-4000-8000-123456789abc)

    the end of the logs:
      | [AppRunner] Health check failed on protocol `HTTP` [Path:
          '/api/health'], [Port: '8000'].
      | ModuleNotFoundError: No module named 'app'

    likely causes:
      1. the application crashed while it was imported: the last log line names
         the module
      2. the container listens on another port than 8000: see
         `image_configuration.port`

    next: groma logs dev apprunner_service.web
",
        concat!(
            r#"{"event":"failed","address":"apprunner_service.web","verb":"create","elapsed_ms":182000,"failure":{"#,
            r#""operation":"apprunner:CreateService","code":"CREATE_FAILED","message":"the service's operation ended as FAILED","#,
            r#""request_id":"6f1c2d3e-0000-4000-8000-123456789abc","differs":null,"place":{"file":"environments/dev.toml","line":52,"column":1},"#,
            r#""log":["[AppRunner] Health check failed on protocol `HTTP` [Path: '/api/health'], [Port: '8000'].","#,
            r#""ModuleNotFoundError: No module named 'app'"],"#,
            r#""causes":["the application crashed while it was imported: the last log line names the module","#,
            r#""the container listens on another port than 8000: see `image_configuration.port`"],"#,
            r#""hints":[],"next":"groma logs dev apprunner_service.web"}}"#
        ),
    );
    let bare = FailureText {
        operation: "ecr:CreateRepository".to_owned(),
        message: "no answer".to_owned(),
        ..Default::default()
    };
    assert_eq!(
        failure_text(&address("ecr_repository.app"), Verb::Create, &bare, Style::Plain, 80),
        "  ✗ ecr_repository.app  create failed\n    ecr:CreateRepository: no answer\n"
    );
}

#[test]
fn what_was_lost_stopped_or_left_is_said() {
    check(
        &Progress::Left { address: web(), verb: Verb::Create, begun: true },
        "    apprunner_service.web  create not finished, the next run goes on",
        r#"{"event":"left","address":"apprunner_service.web","verb":"create","begun":true}"#,
    );
    check(
        &Progress::Stopping { because: "interrupted".to_owned() },
        "    Stopping: interrupted. What is in flight is finished first.",
        r#"{"event":"stopping","because":"interrupted"}"#,
    );
    check(
        &Progress::Resolving { address: web(), operation: "apprunner:CreateService".to_owned() },
        "    apprunner_service.web  finding out what apprunner:CreateService has done",
        r#"{"event":"resolving","address":"apprunner_service.web","operation":"apprunner:CreateService"}"#,
    );
    let resolved = |resolution, words: &str, json: &str| {
        let event = Progress::Resolved { address: web(), operation: "ecr:X".to_owned(), resolution };
        let json = format!(r#"{{"event":"resolved","address":"apprunner_service.web","operation":"ecr:X",{json}}}"#);
        check(&event, &format!("    apprunner_service.web  {words}"), &json);
    };
    let made = Resolution::Made { id: "web-1".to_owned() };
    resolved(made, "an earlier run has made web-1: it is recorded", r#""resolution":"made","id":"web-1""#);
    resolved(Resolution::NotMade, "an earlier run has made nothing", r#""resolution":"not_made","id":null"#);
    resolved(
        Resolution::Doubtful,
        "an earlier run may have changed it: compared again",
        r#""resolution":"doubtful","id":null"#,
    );
    resolved(Resolution::Gone, "an earlier run has deleted it", r#""resolution":"gone","id":null"#);
    resolved(Resolution::StillThere, "an earlier run has not deleted it", r#""resolution":"still_there","id":null"#);
}

#[test]
fn a_value_other_than_planned_is_shown_beside_the_plan() {
    let failure = FailureText {
        message: "`image_identifier` came out other than the plan showed it".to_owned(),
        differs: Some(Unexpected {
            attribute: "image_identifier".to_owned(),
            planned: "app:latest".into(),
            found: "other:latest".into(),
        }),
        hints: vec!["run `groma plan` again: what it was based on has changed".to_owned()],
        ..FailureText::default()
    };
    let expected = "  ✗ apprunner_service.web  create failed
    `image_identifier` came out other than the plan showed it
    - image_identifier  \"app:latest\"
    + image_identifier  \"other:latest\"

    help: run `groma plan` again: what it was based on has changed
";
    let text = failure_text(&web(), Verb::Create, &failure, Style::Plain, 80);
    assert_eq!(text, expected, "\n{text}");
}

#[test]
fn every_verb_has_its_own_words() {
    use model::{Action, ReplaceOrder::CreateFirst, plan::Phase};
    let remove = Phase::Remove { id: "x".to_owned() };
    let said = [
        (Action::Create, Phase::Put),
        (Action::Adopt, Phase::Put),
        (Action::Import, Phase::Put),
        (Action::Update, Phase::Put),
        (Action::Finish, Phase::Put),
        (Action::Finish, remove.clone()),
        (Action::Replace(CreateFirst), Phase::Put),
        (Action::Replace(CreateFirst), remove.clone()),
        (Action::Delete, remove),
        (Action::Move, Phase::Record),
        (Action::Record, Phase::Record),
        (Action::Forget, Phase::Record),
        (Action::Read, Phase::Read),
    ]
    .map(|(action, phase)| {
        let verb = Verb::of(action, &phase);
        format!("{} {} | {} | {} | {}", verb.mark(), verb.doing(), verb.done(), verb.counted(), verb.json())
    });
    let expected = [
        "+ creating | created | created | create",
        "! adopting | adopted | adopted | adopt",
        "@ importing | imported | imported | import",
        "~ updating | updated | updated | update",
        "! finishing | finished | finished | finish",
        "- deleting the old one | old one deleted | old deleted | delete_old",
        "+ creating the new one | new one created | replaced | create_new",
        "- deleting the old one | old one deleted | old deleted | delete_old",
        "- deleting | deleted | deleted | delete",
        "> moving | moved | moved | move",
        "= recording | recorded | recorded | record",
        "# forgetting | forgotten, it stays alive | forgotten | forget",
        "<= reading | read | read | read",
    ];
    assert_eq!(said, expected);
}
