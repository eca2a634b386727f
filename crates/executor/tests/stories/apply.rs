//! What an apply does, call by call.

use std::{collections::BTreeMap, time::Duration};

use crate::story::{Ran, Story, block_on, json, troubled};
use executor::{Event, OnFailure};
use model::{Condition, SecretSource, observed::ownership};
use provider::sim::{Object, Trouble};

/// Plays runs one after the other and compares all that was told.
fn check(story: &Story, runs: &[(&str, &[&str])]) {
    for (desired, expected) in runs {
        assert_eq!(block_on(story.told(desired)), *expected, "{desired}");
    }
}

/// As [`check`], and the laws hold afterwards.
fn check_whole(story: &Story, runs: &[(&str, &[&str])]) {
    check(story, runs);
    assert_eq!(story.laws(), Ok(()));
}

#[test]
fn a_resource_is_made_after_what_it_uses_and_goes_before_it() {
    check_whole(
        &Story::new(),
        &[
            (
                "named a; token b uses=a; member c owner=b",
                &[
                    "a: sim:Create, creates it",
                    "+ a a",
                    "b: sim:Create, creates it",
                    "+ b sim_token-2",
                    "c: sim:Create, creates it",
                    "+ c sim_member-4",
                ],
            ),
            ("named a; token b uses=a; member c owner=b", &[]),
            (
                "",
                &[
                    "c: sim:Delete, deletes it",
                    "- c sim_member-4",
                    "b: sim:Delete, deletes it",
                    "- b sim_token-2",
                    "a: sim:Delete, deletes it",
                    "- a a",
                ],
            ),
        ],
    );
}

#[test]
fn what_a_create_leaves_is_sent_call_by_call() {
    check_whole(
        &Story::new(),
        &[
            (
                "parts p size=1 policy=x ttl=5",
                &[
                    "p: sim:Create, creates it",
                    "p: sim:Update, sets the policy",
                    "p: sim:Update, sets the ttl",
                    "+ p p",
                ],
            ),
            ("parts p size=2 ttl=5", &["p: sim:Update, clears the policy", "p: sim:Update, changes it", "~ p p"]),
            (
                "",
                &[
                    "p: sim:Update, takes the ttl off",
                    "p: sim:Delete, deletes it",
                    "p: sim:DeleteLogs, removes its logs",
                    "- p p",
                ],
            ),
        ],
    );
}

#[test]
fn waits_are_by_the_clock_and_hold_no_slot() {
    let mut story = Story::new();
    story.options.parallelism = std::num::NonZeroUsize::MIN;
    check_whole(
        &story,
        &[(
            "slow s; token t",
            &[
                "s: sim:Create, creates it",
                "t: sim:Create, creates it",
                "s: OPERATION_IN_PROGRESS (0 s)",
                "+ t sim_token-2",
                "s: OPERATION_IN_PROGRESS (5 s)",
                "s: OPERATION_IN_PROGRESS (10 s)",
                "+ s s",
            ],
        )],
    );
}

#[test]
fn a_replacement_follows_its_order() {
    check_whole(
        &Story::new(),
        &[
            (
                "token t zone=a; named n zone=a",
                &["n: sim:Create, creates it", "t: sim:Create, creates it", "+ n n", "+ t sim_token-2"],
            ),
            (
                "token t zone=b; named n zone=b",
                &[
                    "n: sim:Delete, deletes it",
                    "t: sim:Create, creates it",
                    "-/+ n n",
                    "+/- t sim_token-5",
                    "n: sim:Create, creates it",
                    "t: sim:Delete, deletes it",
                    "-/+ n n",
                    "+/- t sim_token-2",
                ],
            ),
        ],
    );
}

#[test]
fn what_cannot_be_repeated_is_looked_for_first() {
    check_whole(
        &troubled(&[(1, Trouble::LostAfter)]),
        &[("member m", &["m: sim:Create, creates it", "+ m sim_member-1"])],
    );
    let polls = [1, 3, 7, 15, 25].map(|seconds| format!("m: finding out whether it was made ({seconds} s)"));
    let mut told = vec!["m: sim:Create, creates it", "m: finding out whether it was made (0 s)"];
    told.extend(polls.iter().map(String::as_str));
    told.extend(["m: sim:Create, creates it", "+ m sim_member-1"]);
    check_whole(&troubled(&[(1, Trouble::LostBefore)]), &[("member m", &told)]);
}

#[test]
fn what_takes_a_token_is_repeated_with_the_same_token() {
    check_whole(
        &troubled(&[(1, Trouble::LostAfter)]),
        &[(
            "token t",
            &["t: sim:Create, creates it", "t: no answer yet (0 s)", "t: sim:Create, creates it", "+ t sim_token-1"],
        )],
    );
}

#[test]
fn a_lost_update_is_read_back() {
    let story = troubled(&[(2, Trouble::LostAfter), (3, Trouble::LostBefore)]);
    check_whole(
        &story,
        &[
            ("named n size=1", &["n: sim:Create, creates it", "+ n n"]),
            ("named n size=2", &["n: sim:Update, changes it", "n: no answer yet (0 s)", "~ n n"]),
            (
                "named n size=3",
                &["n: sim:Update, changes it", "n: no answer yet (0 s)", "n: sim:Update, changes it", "~ n n"],
            ),
        ],
    );
}

#[test]
fn passing_refusals_pass() {
    check_whole(
        &troubled(&[(1, Trouble::Passing), (2, Trouble::Throttled), (4, Trouble::Passing)]),
        &[
            (
                "named n",
                &[
                    "n: sim:Create, creates it",
                    "n: waiting for the simulation (0 s)",
                    "n: sim:Create, creates it",
                    "n: sim limits the rate of calls (1 s)",
                    "n: sim:Create, creates it",
                    "+ n n",
                ],
            ),
            (
                "",
                &[
                    "n: sim:Delete, deletes it",
                    "n: waiting for the simulation (0 s)",
                    "n: sim:Delete, deletes it",
                    "- n n",
                ],
            ),
        ],
    );
}

#[test]
fn some_refusals_pass_only_while_what_is_used_is_new() {
    const WAITS: &[&str] =
        &["b: sim:Create, creates it", "b: waiting for what it uses (0 s)", "b: sim:Create, creates it", "+ b b"];
    const FAILS: &[&str] = &["b: sim:Create, creates it", "b failed: sim:Create answered TooNew: as the test wants it"];
    let after = |seconds: u64, expected: &[&str]| {
        let story = troubled(&[(2, Trouble::TooNew)]);
        check(&story, &[("named a", &["a: sim:Create, creates it", "+ a a"])]);
        story.clock.advance(Duration::from_secs(seconds));
        check_whole(&story, &[("named a; named b uses=a", expected)]);
    };
    after(0, WAITS);
    after(290, WAITS);
    after(310, FAILS);
    let nothing_new = troubled(&[(1, Trouble::TooNew)]);
    check_whole(&nothing_new, &[("named b", FAILS)]);
}

const REFUSED: &str = "failed: sim:Create answered NoLuck: as the test wants it";

#[test]
fn a_failure_stops_those_that_need_it_and_no_others() {
    let story = troubled(&[(1, Trouble::Refused)]);
    let failed = format!("a {REFUSED}");
    check_whole(
        &story,
        &[
            (
                "named a; named b uses=a; named c uses=b; named z",
                &[
                    "a: sim:Create, creates it",
                    &failed,
                    "z: sim:Create, creates it",
                    "b skipped for a",
                    "c skipped for a",
                    "+ z z",
                ],
            ),
            ("named a; named z", &["a: sim:Create, creates it", "+ a a"]),
        ],
    );
}

#[test]
fn a_failure_may_stop_everything() {
    let mut story = troubled(&[(1, Trouble::Refused)]);
    story.options.on_failure = OnFailure::Stop;
    story.options.parallelism = std::num::NonZeroUsize::MIN;
    let failed = format!("a {REFUSED}");
    check_whole(&story, &[("named a; named z", &["a: sim:Create, creates it", &failed, "stopping"])]);
}

#[test]
fn expired_credentials_stop_dispatch_and_leave_waits() {
    check(
        &troubled(&[(2, Trouble::Expired)]),
        &[
            (
                "slow a; named b; named c uses=a",
                &[
                    "a: sim:Create, creates it",
                    "b: sim:Create, creates it",
                    "b failed: sim:Create answered ExpiredToken: as the test wants it",
                    "stopping",
                    "a: OPERATION_IN_PROGRESS (0 s)",
                    "a left",
                ],
            ),
            (
                "slow a; named b; named c uses=a",
                &["b: sim:Create, creates it", "! a a", "+ b b", "c: sim:Create, creates it", "+ c c"],
            ),
        ],
    );
}

#[test]
fn an_interrupt_records_what_is_in_flight() {
    let story = Story::new();
    let stop = story.stop.dispatch.clone();
    story.cloud.watch(move |_| stop.cancel());
    check(
        &story,
        &[(
            "slow a; named b uses=a",
            &["a: sim:Create, creates it", "a: OPERATION_IN_PROGRESS (0 s)", "stopping", "a left"],
        )],
    );
    let state = story.state();
    let conditions: Vec<_> = state.resources.values().map(|one| (one.id.as_str(), one.condition)).collect();
    assert_eq!(conditions, [("a", Condition::Incomplete)]);
}

#[test]
fn a_hard_stop_ends_at_once_and_the_journal_covers_it() {
    let story = Story::new();
    let stop = story.stop.now.clone();
    story.cloud.watch(move |_| stop.cancel());
    block_on(story.told("slow a; slow b"));
    let loaded = store::load(&*story.store).unwrap().unwrap();
    assert!(loaded.unfinished);
    assert_eq!(story.state().resources.len() + loaded.open.len(), 2);
}

#[test]
fn what_the_service_reports_as_failed_is_tainted_and_replaced() {
    let story = Story::new();
    let waits = |name: &str| [0, 5, 10].map(|seconds| format!("{name}: OPERATION_IN_PROGRESS ({seconds} s)"));
    let s = waits("s");
    let failed = "s failed: sim:Operation: 13 brings bad luck";
    check_whole(
        &story,
        &[
            ("slow s size=13", &["s: sim:Create, creates it", &s[0], &s[1], &s[2], failed]),
            (
                "slow s size=1",
                &[
                    "s: sim:Delete, deletes it",
                    &s[0],
                    &s[1],
                    &s[2],
                    "-/+ s s",
                    "s: sim:Create, creates it",
                    &s[0],
                    &s[1],
                    &s[2],
                    "-/+ s s",
                ],
            ),
            ("slow s size=13", &["s: sim:Update, changes it", &s[0], &s[1], &s[2], failed]),
            ("slow s size=1", &[]),
        ],
    );
    assert_eq!(json(&story.state().resources.first_key_value().unwrap().1.applied["size"]), "1");
}

#[test]
fn a_secret_is_sent_and_never_written_down() {
    const WORDS: &str = "correct horse battery staple";
    let mut story = Story::new();
    story.secrets.0.insert(SecretSource::Env("PW".to_owned()), WORDS.to_owned());
    check_whole(
        &story,
        &[("named n password=$PW", &["n: sim:Create, creates it", "+ n n"]), ("named n password=$PW", &[])],
    );
    assert!(!story.store.state_text().contains("horse"));
    assert!(story.store.state_text().contains("fingerprint"));
    story.secrets.0.insert(SecretSource::Env("PW".to_owned()), "another".to_owned());
    check(&story, &[("named n password=$PW", &["n: sim:Update, changes it", "~ n n"]), ("named n password=$PW", &[])]);
}

#[test]
fn data_is_read_when_what_it_refers_to_is_done() {
    let story = Story::new();
    check_whole(
        &story,
        &[(
            "revision r; data d of=r; named n zone=@d; output arn=r",
            &["r: sim:Create, creates it", "+ r r/1", "<= d -", "n: sim:Create, creates it", "+ n n"],
        )],
    );
    let state = story.state();
    let zone: Vec<_> = state.resources.values().filter_map(|one| one.applied.get("zone")).map(json).collect();
    assert_eq!(zone, ["\"r/1\""]);
    assert_eq!(json(&state.outputs["arn"].value), "\"arn:sim:r/1\"");
}

/// Puts something into the cloud that nobody of ours made.
fn stranger(story: &Story, id: &str, size: i64) {
    let attributes = BTreeMap::from([("name".to_owned(), id.into()), ("size".to_owned(), size.into())]);
    let object = Object { type_name: "sim_named".to_owned(), attributes, ..Object::default() };
    story.cloud.world().objects.insert(id.to_owned(), object);
}

fn tags(story: &Story, id: &str) -> Vec<String> {
    story.cloud.world().objects[id].tags.iter().map(|(key, value)| format!("{key}={value}")).collect()
}

#[test]
fn imported_adopted_and_moved_resources_carry_our_tags() {
    let story = Story::new();
    stranger(&story, "x", 1);
    stranger(&story, "y", 1);
    check_whole(
        &story,
        &[
            (
                "named x size=1; import named x x; named y size=2 adopt=1",
                &["x: sim:Tag, sets 3 tags", "y: sim:Update, changes it", "@ x x", "y: sim:Tag, sets 3 tags", "! y y"],
            ),
            ("named x size=1; named y size=2 adopt=1", &[]),
            ("named z name=x size=1; moved named x z; named y size=2 adopt=1", &["z: sim:Tag, sets 1 tags", "> z x"]),
        ],
    );
    let expected =
        [(ownership::ADDRESS, "sim_named.z"), (ownership::ENVIRONMENT, "dev"), (ownership::LINEAGE, "lineage")];
    assert_eq!(tags(&story, "x"), expected.map(|(key, value)| format!("{key}={value}")));
}

#[test]
fn what_moves_keeps_its_secret() {
    let mut story = Story::new();
    story.secrets.0.insert(SecretSource::Env("PW".to_owned()), "correct horse".to_owned());
    check_whole(
        &story,
        &[
            ("named x password=$PW", &["x: sim:Create, creates it", "+ x x"]),
            ("named z name=x password=$PW; moved named x z", &["z: sim:Tag, sets 1 tags", "> z x"]),
            ("named z name=x password=$PW; moved named x z", &[]),
        ],
    );
}

#[test]
fn a_move_whose_tags_were_refused_is_finished() {
    let story = troubled(&[(2, Trouble::Refused)]);
    let moved = "named z name=x; moved named x z";
    let refused = "z failed: sim:Tag answered NoLuck: as the test wants it";
    check_whole(
        &story,
        &[
            ("named x", &["x: sim:Create, creates it", "+ x x"]),
            (moved, &["z: sim:Tag, sets 1 tags", refused]),
            (moved, &["z: sim:Tag, sets 1 tags", "! z x"]),
            (moved, &[]),
        ],
    );
}

#[test]
fn an_interrupted_import_still_changes_nothing() {
    let mut story = troubled(&[(1, Trouble::StopBefore)]);
    story.secrets.0.insert(SecretSource::Env("PW".to_owned()), "correct horse".to_owned());
    stranger(&story, "x", 1);
    let desired = "named x size=1 password=$PW; import named x x";
    check(&story, &[(desired, &["x: sim:Tag, sets 3 tags", "killed"])]);
    let goes_on = ["x: what became of sim:Tag?", "x: Doubtful", "x: sim:Tag, sets 3 tags", "! x x"];
    check_whole(&story, &[(desired, &goes_on), (desired, &[])]);
}

#[test]
fn what_was_imported_is_replaced_though_its_line_stands_on() {
    for (killed, trouble) in [(2, Trouble::StopAfter), (3, Trouble::StopBefore), (3, Trouble::StopAfter)] {
        let story = troubled(&[(killed, trouble)]);
        stranger(&story, "x", 1);
        check(&story, &[("named x size=1; import named x x", &["x: sim:Tag, sets 3 tags", "@ x x"])]);
        let desired = "named x size=1 zone=b; import named x x";
        assert_eq!(block_on(story.told(desired)).last().map(String::as_str), Some("killed"));
        block_on(story.told(desired));
        check_whole(&story, &[(desired, &[])]);
    }
}

#[test]
fn an_interrupted_replacement_is_brought_to_its_end() {
    let story = troubled(&[(3, Trouble::StopBefore)]);
    check(&story, &[("token t zone=a", &["t: sim:Create, creates it", "+ t sim_token-1"])]);
    check(
        &story,
        &[(
            "token t zone=b",
            &["t: sim:Create, creates it", "+/- t sim_token-3", "t: sim:Delete, deletes it", "killed"],
        )],
    );
    check_whole(
        &story,
        &[(
            "token t zone=b",
            &[
                "t: what became of sim:Delete?",
                "t: StillThere",
                "! t sim_token-3",
                "t: sim:Delete, deletes it",
                "! t sim_token-1",
            ],
        )],
    );
}

#[test]
fn a_sweep_is_finished_by_the_next_run() {
    let story = troubled(&[(3, Trouble::StopBefore)]);
    check(&story, &[("parts p", &["p: sim:Create, creates it", "+ p p"])]);
    check(&story, &[("", &["p: sim:Delete, deletes it", "p: sim:DeleteLogs, removes its logs", "killed"])]);
    check_whole(&story, &[("", &["p: what became of sim:Delete?", "p: Gone"])]);
}

#[test]
fn nothing_is_sent_that_cannot_be_journalled() {
    let story = Story::new();
    check(&story, &[("named a", &["a: sim:Create, creates it", "+ a a"])]);
    story.store.set_full(true);
    let told = block_on(story.told("named a; named b"));
    assert_eq!(told, ["b failed: cannot append to journal: no storage space", "stopping"]);
    story.store.set_full(false);
    assert_eq!(story.cloud.world().calls, 1);
    check_whole(&story, &[("named a; named b", &["b: sim:Create, creates it", "+ b b"])]);
}

#[test]
fn long_waits_end_with_the_timeout() {
    let story = Story::new();
    let told = block_on(story.told("slow s"));
    assert_eq!(told.last().map(String::as_str), Some("+ s s"));
    story.cloud.world().objects.get_mut("s").unwrap().looks = 1_000_000;
    let told = block_on(story.told("slow s size=2"));
    assert_eq!(
        told.last().map(String::as_str),
        Some("s failed: becoming ready took longer than 600 s (last: OPERATION_IN_PROGRESS)")
    );
    let waits = story.events.lock().unwrap().iter().filter(|event| matches!(event, Event::Waiting { .. })).count();
    assert_eq!(waits, 120);
}

#[test]
fn same_input_same_calls() {
    let desired = "named a; slow b uses=a; token c uses=a; parts d ttl=1 uses=b,c; revision e uses=a";
    let once = || {
        let story = Story::new();
        let told = block_on(story.told(desired));
        (told, story.store.state_text())
    };
    assert_eq!(once(), once());
}

#[test]
fn a_run_that_changes_nothing_writes_nothing() {
    let story = Story::new();
    block_on(story.told("named a"));
    let before = story.store.state_text();
    story.clock.advance(Duration::from_secs(60));
    assert!(matches!(block_on(story.run("named a", false)), Ran::Outcome(ran) if ran.1.is_complete()));
    assert_eq!(story.store.state_text(), before);
}
