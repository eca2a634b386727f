use super::*;
use crate::{progress::tests::health_check, samples::*};

fn check(summary: &Summary, expected: &str) {
    let text = super::summary(summary, Style::Plain, 80);
    assert_eq!(text, expected, "\n{text}");
}

fn done(counts: &[(Verb, usize)]) -> Summary {
    Summary {
        environment: "dev".to_owned(),
        done: counts.iter().copied().collect(),
        elapsed: Duration::from_secs(252),
        ..Summary::default()
    }
}

#[test]
fn success_is_short() {
    let mut applied = done(&[(Verb::Create, 3), (Verb::Update, 1), (Verb::CreateNew, 1), (Verb::Record, 0)]);
    check(&applied, "Applied: 3 created, 1 updated, 1 replaced in 4 min 12 s.\n");
    let url = RecordedOutput { value: "https://x.us-east-2.awsapprunner.com".into(), secret: false };
    applied.outputs = BTreeMap::from([("service_url".to_owned(), url)]);
    check(
        &applied,
        "Outputs
  service_url  \"https://x.us-east-2.awsapprunner.com\"

Applied: 3 created, 1 updated, 1 replaced in 4 min 12 s.
",
    );
    check(&Summary { destroy: true, ..done(&[(Verb::Delete, 8)]) }, "Destroyed: 8 deleted in 4 min 12 s.\n");
    check(&done(&[]), "Applied: nothing in 4 min 12 s.\n");
}

#[test]
fn failure_names_what_failed_and_the_next_command() {
    let mut failed = done(&[(Verb::Create, 2)]);
    failed.failed = vec![(
        address("apprunner_service.web"),
        Verb::Create,
        FailureText { log: Vec::new(), causes: Vec::new(), next: None, ..health_check() },
    )];
    failed.skipped = vec![(address("apprunner_custom_domain.main"), address("apprunner_service.web"))];
    failed.next = Some("groma apply dev".to_owned());
    check(
        &failed,
        "  ✗ apprunner_service.web  create failed
    environments/dev.toml:52
    apprunner:CreateService answered CREATE_FAILED: the service's operation
      ended as FAILED (request 6f1c2d3e-0000-4000-8000-123456789abc)

    apprunner_custom_domain.main  not started, it waits for
      apprunner_service.web

Failed: 1 failed, 1 not started, 2 created in 4 min 12 s.
next: groma apply dev
",
    );
    let interrupted = Summary {
        interrupted: true,
        left: vec![(address("a_b.c"), true), (address("a_b.d"), false)],
        ..done(&[(Verb::Create, 2)])
    };
    check(
        &interrupted,
        "    a_b.c  not finished, the next run goes on
    a_b.d  not started

Interrupted: 1 not finished, 1 not started, 2 created in 4 min 12 s.
",
    );
    let stopped = Summary {
        stopped: Some("the credentials have expired".to_owned()),
        stale_outputs: vec![("url".to_owned(), "`web` was not made".to_owned())],
        ..done(&[(Verb::Create, 2)])
    };
    check(
        &stopped,
        "    output url  keeps its last value: `web` was not made
    stopped: the credentials have expired

Failed: 1 output kept, 2 created in 4 min 12 s.
",
    );
    insta::assert_snapshot!(summary_json(&failed));
}

/// For the test of the documentation.
pub(crate) fn failed() -> String {
    let outputs = BTreeMap::from([("url".to_owned(), RecordedOutput { value: "x".into(), secret: false })]);
    let failed = vec![(address("a_b.c"), Verb::Create, health_check())];
    summary_json(&Summary {
        failed,
        skipped: vec![(address("a_b.d"), address("a_b.c"))],
        outputs,
        ..done(&[(Verb::Create, 1)])
    })
}
