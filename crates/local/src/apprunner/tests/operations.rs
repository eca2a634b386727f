//! One operation at a time, each with its course and its time.

use serde_json::json;

use super::{bench, masked};

#[test]
fn operations_are_recorded_newest_first() {
    let mut bench = bench();
    let arn = bench.service("shop-web");
    assert_eq!(bench.operations(&arn), ["CREATE_SERVICE PENDING"]);
    bench.wait(3);
    assert_eq!(bench.operations(&arn), ["CREATE_SERVICE IN_PROGRESS"]);
    bench.wait(236);
    assert_eq!(
        (bench.operations(&arn), bench.status(&arn)),
        (vec!["CREATE_SERVICE IN_PROGRESS".to_owned()], "OPERATION_IN_PROGRESS".to_owned())
    );
    bench.wait(1);
    assert_eq!(bench.status(&arn), "RUNNING");
    for (operation, seconds, status) in [
        ("PauseService", 60, "PAUSED"),
        ("ResumeService", 60, "RUNNING"),
        ("StartDeployment", 150, "RUNNING"),
        ("UpdateService", 150, "RUNNING"),
        ("DeleteService", 90, "DELETED"),
    ] {
        bench.ok(operation, json!({ "ServiceArn": arn }));
        bench.wait(seconds - 1);
        assert_eq!(bench.status(&arn), "OPERATION_IN_PROGRESS", "{operation}");
        bench.wait(1);
        assert_eq!(bench.status(&arn), status, "{operation}");
    }
    let expected =
        ["DELETE_SERVICE", "UPDATE_SERVICE", "START_DEPLOYMENT", "RESUME_SERVICE", "PAUSE_SERVICE", "CREATE_SERVICE"];
    assert_eq!(bench.operations(&arn), expected.map(|kind| format!("{kind} SUCCEEDED")));
}

#[test]
fn a_record_has_its_times() {
    let mut bench = bench();
    let arn = bench.running("shop-web");
    bench.ok("PauseService", json!({ "ServiceArn": arn }));
    bench.wait(10);
    let first = bench.ok("ListOperations", json!({ "ServiceArn": arn, "MaxResults": 1 }));
    let target = "arn:aws:apprunner:us-east-2:123456789012:service/shop-web/<id>";
    let expected = json!({
        "OperationSummaryList": [{ "Id": "<uuid>", "Type": "PAUSE_SERVICE", "Status": "IN_PROGRESS", "TargetArn": target,
            "StartedAt": "2026-03-01T12:04:00Z", "UpdatedAt": "2026-03-01T12:04:03Z" }],
        "NextToken": "ZnJvbTox"
    });
    assert_eq!(masked(&first), expected);
    let second = bench.ok("ListOperations", json!({ "ServiceArn": arn, "MaxResults": 1, "NextToken": "ZnJvbTox" }));
    let expected = json!({
        "OperationSummaryList": [{ "Id": "<uuid>", "Type": "CREATE_SERVICE", "Status": "SUCCEEDED", "TargetArn": target,
            "StartedAt": "2026-03-01T12:00:00Z", "EndedAt": "2026-03-01T12:04:00Z", "UpdatedAt": "2026-03-01T12:04:00Z" }]
    });
    assert_eq!(masked(&second), expected);
}

#[test]
fn states_forbid() {
    let mut bench = bench();
    let arn = bench.service("shop-web");
    let input = json!({ "ServiceArn": arn });
    let deployment = "InvalidRequestException: Can't start a deployment on the specified service, because it isn't in RUNNING state.";
    let state = |verb: &str, state: &str| {
        format!("InvalidStateException: Service cannot be {verb} in the current state: {state}.")
    };
    let verbs = [
        ("UpdateService", "updated"),
        ("DeleteService", "deleted"),
        ("PauseService", "paused"),
        ("ResumeService", "resumed"),
    ];
    for (operation, verb) in verbs {
        assert_eq!(bench.refused(operation, input.clone()), state(verb, "OPERATION_IN_PROGRESS"));
    }
    assert_eq!(bench.refused("StartDeployment", input.clone()), deployment);
    bench.wait(240);
    assert_eq!(bench.refused("ResumeService", input.clone()), state("resumed", "RUNNING"));
    bench.ok("PauseService", input.clone());
    bench.wait(60);
    assert_eq!(bench.refused("PauseService", input.clone()), state("paused", "PAUSED"));
    assert_eq!(bench.refused("UpdateService", input.clone()), state("updated", "PAUSED"));
    assert_eq!(bench.refused("StartDeployment", input.clone()), deployment);
    bench.ok("DeleteService", input);
}

#[test]
fn steps_of_time_do_not_matter() {
    let course = |step: i64| {
        let mut bench = bench();
        let arn = bench.service("shop-web");
        (0..600 / step).for_each(|_| bench.wait(step));
        bench.ok("ListOperations", json!({ "ServiceArn": arn }))
    };
    assert_eq!(course(1), course(600));
}
