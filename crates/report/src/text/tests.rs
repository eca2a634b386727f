mod generated;

use model::{
    Action, ReplaceOrder, Value,
    plan::{Phase, PlannedOutput, Step, StepId},
};

use super::*;
use crate::samples::*;

fn check(plan: &Plan, expected: &str) {
    let text = plan_text(plan, Style::Plain, 80);
    assert_eq!(text, expected, "\n{text}");
}

/// What stands between the title and the summary.
fn check_blocks(changes: impl IntoIterator<Item = model::Change>, expected: &str) {
    let text = plan_text(&plan(changes), Style::Plain, 80);
    let (_, rest) = text.split_once("\n\n").expect("a title");
    let (blocks, _) = rest.rsplit_once("\n\nPlan: ").expect("a summary");
    assert_eq!(blocks, expected.trim_matches('\n'), "\n{blocks}");
}

fn check_summary(plan: &Plan, expected: &str) {
    assert_eq!(plan_text(plan, Style::Plain, 80).lines().last(), Some(expected));
}

#[test]
fn a_whole_plan() {
    insta::assert_snapshot!(plan_text(&example(), Style::Plain, 80));
}

#[test]
fn colour_adds_nothing_but_escapes() {
    let (plain, colour) = (Style::Plain, Style::Colour);
    let plan = example();
    assert_eq!(crate::clean::clean(&plan_text(&plan, colour, 80)), plan_text(&plan, plain, 80));
    assert!(!plan_text(&plan, plain, 80).contains('\u{1b}'));
}

#[test]
fn every_action_has_its_words() {
    let mut changes: Vec<_> = [
        Action::Keep,
        Action::Record,
        Action::Read,
        Action::Create,
        Action::Adopt,
        Action::Import,
        Action::Move,
        Action::Update,
        Action::Finish,
        Action::Replace(ReplaceOrder::DeleteFirst),
        Action::Replace(ReplaceOrder::CreateFirst),
        Action::Delete,
        Action::Forget,
    ]
    .into_iter()
    .enumerate()
    .map(|(index, action)| change(&format!("a_b.n{index:02}"), action))
    .collect();
    for change in &mut changes {
        change.id = Some("id-1".to_owned());
    }
    changes[6].moved_from = Some(address("a_b.old"));
    changes[6].reasons = vec!["moved from `a_b.old`".to_owned()];
    changes[11].region = "eu-west-1".to_owned();
    check(
        &plan(changes),
        r#"Plan for dev · us-east-2 · account 123456789012 · local cloud

  = a_b.n01  record, state only
    environments/dev.toml:12

 <= a_b.n02  read
    environments/dev.toml:12

  + a_b.n03  create
    environments/dev.toml:12

  ! a_b.n04  adopt
    environments/dev.toml:12 · id id-1

  @ a_b.n05  import
    environments/dev.toml:12 · id id-1

  > a_b.n06  move, state only
    environments/dev.toml:12
    moved from a_b.old

  ~ a_b.n07  update
    environments/dev.toml:12

  ! a_b.n08  finish
    environments/dev.toml:12 · id id-1

-/+ a_b.n09  replace: delete, then create
    environments/dev.toml:12 · id id-1

+/- a_b.n10  replace: create, then delete
    environments/dev.toml:12 · id id-1

  - a_b.n11  delete
    environments/dev.toml:12 · id id-1 · region eu-west-1

  # a_b.n12  forget, it stays alive
    environments/dev.toml:12 · id id-1

Plan: 1 to create, 1 to import, 1 to adopt, 1 to finish, 1 to update, 2 to
replace, 1 to delete, 1 to forget, 1 to move, 1 to record, 1 to read; 1
unchanged.
"#,
    );
}

#[test]
fn every_kind_of_value_is_listed() {
    let long: Vec<String> = (1..=4).map(|n| format!("arn:aws:iam::aws:policy/AmazonSomething{n}")).collect();
    let tables: Value = vec![
        map([("attribute_name", "user_id".into()), ("attribute_type", "S".into())]),
        map([("attribute_name", "session_id".into()), ("attribute_type", "S".into())]),
    ]
    .into();
    let wide = map([("first", "x".repeat(50).into()), ("second", "y".repeat(50).into())]);
    let new = wants(
        change("a_b.c", Action::Create),
        [
            ("text", "with \"quotes\" and a \u{1b}[31m escape".into()),
            ("number", 5.into()),
            ("flag", true.into()),
            ("none", Value::Null),
            ("empty", Vec::<Value>::new().into()),
            ("list", long.into()),
            ("tables", tables),
            ("wide_tables", vec![wide].into()),
            ("unknown", unknown("ecr_repository.app.repository_uri")),
            ("password", secret("hunter2hunter2")),
            ("missing", Value::Secret(model::Secret::not_given(Vec::new()))),
            ("script", "#!/bin/sh\necho one\necho two\n".into()),
            ("json", r#"{"b":1,"a":[true]}"#.into()),
            ("a_name_that_is_longer_than_all_the_others_here", 1.into()),
        ],
    );
    check_blocks(
        [new],
        r#"
  + a_b.c  create
    environments/dev.toml:12
      a_name_that_is_longer_than_all_the_others_here  1
      empty     []
      flag      true
      json      "{\"b\":1,\"a\":[true]}"
      list
        "arn:aws:iam::aws:policy/AmazonSomething1"
        "arn:aws:iam::aws:policy/AmazonSomething2"
        "arn:aws:iam::aws:policy/AmazonSomething3"
        "arn:aws:iam::aws:policy/AmazonSomething4"
      missing   (secret, not given)
      number    5
      password  (secret)
      script
        #!/bin/sh
        echo one
        echo two
      tables
        { attribute_name = "user_id", attribute_type = "S" }
        { attribute_name = "session_id", attribute_type = "S" }
      text      "with \"quotes\" and a \u001b[31m escape"
      unknown   (from ecr_repository.app.repository_uri)
      wide_tables
        [0]
          first   "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
          second  "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy"
"#,
    );
}

#[test]
fn differences_go_element_by_element() {
    let mut changed = change("a_b.c", Action::Update);
    let not_given = Value::Secret(model::Secret::not_given(Vec::new()));
    changed.differences = vec![
        difference("size", 1, 2),
        difference("added", Value::Null, "new"),
        difference("gone", "old", Value::Null),
        difference("set", vec!["a", "b"], vec!["b", "c"]),
        difference("order", vec!["a", "b"], vec!["b", "a"]),
        difference("map", map([("same", 1.into()), ("x", 1.into())]), map([("same", 1.into()), ("y z", 2.into())])),
        difference("secret", secret("one"), secret("two")),
        difference("missing", secret("one"), not_given),
        difference("from", "old", unknown("a.b.c")),
        difference("script", "one\ntwo\nthree\n", "one\n2\nthree\n"),
        difference("long", "a".repeat(60), "b".repeat(60)),
    ];
    changed.differences[0].place = place(14);
    changed.differences[0].drifted = true;
    changed.reasons = vec!["`size`, `added` change in place".to_owned(), "`other` is no longer managed".to_owned()];
    check_blocks(
        [changed],
        r#"
  ~ a_b.c  update
    environments/dev.toml:12
    `other` is no longer managed
    ~ size        1 → 2  (changed outside, line 14)
    + added       "new"
    - gone        "old"
    ~ set
      - "a"
      + "c"
        1 kept
    ~ order       ["a", "b"] → ["b", "a"]
    - map.x       1
    + map["y z"]  2
    ~ secret      (secret, changed)
    ~ missing     (secret, not given)
    ~ from        "old" → (from a.b.c)
    ~ script
        one
      - two
      + 2
        three
    ~ long
      - "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
      + "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
"#,
    );
}

#[test]
fn a_small_change_in_a_long_text_is_seen() {
    let (start, end) = ("x".repeat(300), "y".repeat(300));
    check_blocks(
        [differs(change("a_b.c", Action::Update), "data", format!("{start}1{end}"), format!("{start}2{end}"))],
        r#"
  ~ a_b.c  update
    environments/dev.toml:12
    ~ data
      - "…xxxxxxxxxxxx1yyyyyyyyyyyy…"
      + "…xxxxxxxxxxxx2yyyyyyyyyyyy…"
"#,
    );
}

#[test]
fn what_is_lost_and_how_it_is_deleted_is_said() {
    let mut gone = change("ecr_repository.app", Action::Delete);
    gone.place = None;
    gone.id = Some("app".to_owned());
    gone.reasons = vec!["no longer written".to_owned()];
    let protection = "deletion protection is on".to_owned();
    gone.lifts = vec![model::plan::Lifted { flag: "--allow-unprotect".to_owned(), what: protection }];
    gone.delete_arguments = [("force_delete".to_owned(), true.into())].into();
    gone.loses =
        vec!["all images: 3 tagged (latest, v1, v2) and 2 untagged ones, 1.2 GB in all, pushed by CI".to_owned()];
    check_blocks(
        [gone],
        r#"
  - ecr_repository.app  delete
    id app
    no longer written
    1. --allow-unprotect lifts: deletion protection is on
    2. the object is deleted
    with force_delete = true
    loses: all images: 3 tagged (latest, v1, v2) and 2 untagged ones, 1.2 GB in
           all, pushed by CI
"#,
    );
}

#[test]
fn tags_that_change_on_many_are_said_once() {
    let tag = |name: &str| differs(change(name, Action::Update), "tags[\"team\"]", Value::Null, "data");
    let mut both = tag("a_b.three");
    both.differences.push(difference("size", 1, 2));
    let whole = change("a_b.four", Action::Update);
    let whole = differs(whole, "tags", map([("groma:address", "a".into())]), map([("team", "data".into())]));
    check_blocks(
        [tag("a_b.one"), tag("a_b.two"), both, whole],
        r#"
  ~ tags of 4 resources
    on a_b.four, a_b.one, a_b.three, a_b.two
    + team  "data"

  ~ a_b.three  update
    environments/dev.toml:12
    ~ size  1 → 2
    ~ tags  1 tag as above
"#,
    );
    check_blocks(
        [tag("a_b.one"), tag("a_b.two")],
        r#"
  ~ a_b.one  update
    environments/dev.toml:12
    + tags["team"]  "data"

  ~ a_b.two  update
    environments/dev.toml:12
    + tags["team"]  "data"
"#,
    );
}

#[test]
fn blocks_stand_in_the_order_of_execution() {
    let put = |name: &str| StepId { address: address(name), phase: Phase::Put };
    let step = |name: &str, after: &[&str], rank: u32| Step {
        id: put(name),
        after: after.iter().map(|name| put(name)).collect(),
        rank,
    };
    let names = ["a_b.last", "a_b.first", "a_b.long"];
    let mut plan = plan(names.map(|name| change(name, Action::Create)));
    plan.steps = vec![step("a_b.first", &[], 1), step("a_b.last", &["a_b.first"], 0), step("a_b.long", &[], 7)];
    let text = plan_text(&plan, Style::Plain, 80);
    let shown: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("  + ")?.split(' ').next()).collect();
    assert_eq!(shown, ["a_b.long", "a_b.first", "a_b.last"]);
}

#[test]
fn old_objects_are_announced_once() {
    let remove = |id: &str| Step {
        id: StepId { address: address("a_b.c"), phase: Phase::Remove { id: id.to_owned() } },
        after: Default::default(),
        rank: 0,
    };
    let mut finish = change("a_b.c", Action::Finish);
    finish.reasons = vec!["the old `old-1` of an interrupted replacement is deleted".to_owned()];
    let mut plan = plan([finish]);
    plan.steps = vec![remove("old-1"), remove("old-2")];
    check(
        &plan,
        "Plan for dev · us-east-2 · account 123456789012 · local cloud

  ! a_b.c  finish
    environments/dev.toml:12
    the old `old-1` of an interrupted replacement is deleted
    deletes the object an earlier replacement left: old-2

Plan: 1 to finish.
",
    );
}

#[test]
fn the_summary_counts_everything() {
    let kept = [change("a_b.one", Action::Keep), change("a_b.two", Action::Keep)];
    check_summary(&plan(kept.clone()), "Nothing to do: 2 resources are as written.");
    check_summary(&plan([]), "Nothing to do: no resource is written and none is recorded.");
    check_summary(
        &Plan { partial: true, ..plan(kept.clone()) },
        "Nothing to do for the targets: 2 resources are as written.",
    );
    check_summary(&Plan { destroy: true, ..plan([]) }, "Nothing to do: no resource is left.");
    let [one, two] = kept.clone();
    let new = change("a_b.three", Action::Create);
    let partial = Plan { partial: true, ..plan([one, two, new]) };
    let text = "Plan (partial): 1 to create; 2 unchanged. Whatever --target leaves out stays as";
    assert!(plan_text(&partial, Style::Plain, 80).ends_with(&format!("{text}\nit is.\n")));
    let mut outputs = plan(kept);
    let url = PlannedOutput { before: Value::Null, after: "x".into(), residual: None, secret: false };
    outputs.outputs.insert("url".to_owned(), url);
    check_summary(&outputs, "Plan: 1 output to record; 2 unchanged.");
}

#[test]
fn outputs_and_warnings_come_before_the_summary() {
    let mut plan = plan([change("a_b.c", Action::Keep)]);
    let output = |before: Value, after: Value, secret| PlannedOutput { before, after, residual: None, secret };
    plan.outputs = [
        ("changed".to_owned(), output("a".into(), "b".into(), false)),
        ("gone".to_owned(), output("a".into(), Value::Null, false)),
        ("key".to_owned(), output(Value::Null, "home".into(), true)),
        ("lock".to_owned(), output("home".into(), Value::Null, true)),
        ("password".to_owned(), output("home".into(), "other home".into(), true)),
        ("same".to_owned(), output("a".into(), "a".into(), false)),
        ("url".to_owned(), output(Value::Null, unknown("a.b.url"), false)),
    ]
    .into();
    let file = plan.sources.add("environments/dev.toml", "[environment]\nregion = \"us-east-2\"\n");
    let span = model::Span::new(file, 14, 20);
    plan.warnings = vec![model::Diagnostic::warning("region is far away", "it is slow from here", Some(span))];
    check(
        &plan,
        r#"Plan for dev · us-east-2 · account 123456789012 · local cloud

Outputs
    ~ changed   "a" → "b"
    - gone      "a"
    + key       (secret)
    - lock      (secret)
    ~ password  (secret)
    + url       (from a.b.url)

warning: region is far away
 --> environments/dev.toml:2:1
  |
2 | region = "us-east-2"
  | ^^^^^^ it is slow from here

Plan: 6 outputs to record; 1 unchanged.
"#,
    );
}
