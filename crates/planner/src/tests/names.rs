//! Names that are taken, imports, adoption.

use model::{Live, observed::ownership};

use super::{cloud::Thing, *};

/// A repository that this state does not hold.
fn strange(world: &mut World, id: &str, ownership: &[(&str, &str)]) {
    let mut live = Live::new(id).with("name", "r").with("days", 3).with("tags", Value::Map(BTreeMap::new()));
    live.ownership = ownership.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    let thing = Thing { type_name: "repo".to_owned(), live, uses: BTreeSet::new() };
    world.things.insert(id.to_owned(), thing);
}

fn check_strange(ownership: &[(&str, &str)], desired: &str, expected: &str) {
    let mut world = World::new();
    strange(&mut world, "s-1", ownership);
    check_in(world, desired, &Ask::default(), expected);
}

#[test]
fn a_taken_name_is_never_taken_over_silently() {
    check_strange(
        &[],
        "repo(name=r)",
        "error: name already taken: `repo` is to be created, but `s-1` exists: it has no tags of groma",
    );
    check_strange(
        &[(ownership::LINEAGE, "other"), (ownership::ENVIRONMENT, "prod"), (ownership::ADDRESS, "repo.x")],
        "repo(name=r) !adopt",
        "error: name already taken: `repo` is to be created, but `s-1` exists: its tags name environment `prod`, another state",
    );
    check_strange(
        &[(ownership::LINEAGE, "line"), (ownership::ADDRESS, "repo.old")],
        "repo(name=r)",
        "error: name already taken: `repo` is to be created, but `s-1` exists: its tags name `repo.old` of this environment",
    );
}

#[test]
fn an_untagged_one_can_be_adopted() {
    check_strange(&[], "repo(name=r) !adopt", "! repo");
    check_strange(&[], "repo(name=r, days=4) !adopt", "! repo days 3→4");
    check_strange(&[], "repo(name=r, encryption=kms) !adopt", "! repo encryption null→kms");
}

#[test]
fn adoption_never_replaces() {
    let mut world = World::new();
    strange(&mut world, "s-1", &[]);
    world.things.get_mut("s-1").unwrap().live.attributes.insert("encryption".to_owned(), "aes".into());
    check_in(
        world,
        "repo(name=r, encryption=kms) !adopt",
        &Ask::default(),
        "error: would be replaced instead of taken over: `s-1` differs from `repo` in what cannot change in place: `encryption`",
    );
}

#[test]
fn our_own_is_finished() {
    check_strange(
        &[(ownership::LINEAGE, "line"), (ownership::ADDRESS, "repo.x")],
        "repo(name=r, days=4)",
        "! repo days 3→4",
    );
}

#[test]
fn imports_resets_nothing() {
    check_strange(&[], "import repo = s-1; repo(name=r)", "@ repo");
    check_strange(&[], "import repo = s-1; repo(name=r, days=4)", "@ repo days 3→4");
    let mut world = World::new();
    strange(&mut world, "s-1", &[]);
    let plan = ask(&world, "import repo = s-1; repo(name=r)", &Ask::default()).unwrap();
    world.apply(&plan);
    check_in(world, "import repo = s-1; repo(name=r)", &Ask::default(), "");
}

#[test]
fn an_import_need_not_find_what_an_interrupted_replacement_has_deleted() {
    let mut world = World::new();
    world.state.replaced.insert(dsl::address("repo"), "s-1".to_owned());
    let text = "import repo = s-1; repo(name=r)";
    check_in(world.clone(), text, &Ask::default(), "+ repo");
    let plan = ask(&world, text, &Ask::default()).unwrap();
    assert_eq!(plan.changes[&dsl::address("repo")].reasons, ["an interrupted replacement has deleted `s-1`"]);
}

#[test]
fn an_import_of_what_is_tagged_as_ours_sets_no_tags() {
    let mut world = World::new();
    strange(&mut world, "s-1", &[(ownership::LINEAGE, "line"), (ownership::ADDRESS, "repo.x")]);
    let plan = ask(&world, "import repo = s-1; repo(name=r)", &Ask::default()).unwrap();
    assert_eq!(plan.changes[&dsl::address("repo")].reasons, ["imports `s-1`"]);
}

#[test]
fn an_import_takes_what_nobody_can_read_as_it_is_written() {
    let mut world = World::new();
    strange(&mut world, "s-1", &[]);
    let text = "import repo = s-1; repo(name=r, pass=~PW)";
    check_in(world.clone(), text, &Ask::default(), "@ repo");
    let plan = ask(&world, text, &Ask::default()).unwrap();
    let expected =
        ["imports `s-1`", "sets groma's ownership tags", "cannot be read, so taken to be as written: `pass`"];
    assert_eq!(plan.changes[&dsl::address("repo")].reasons, expected);
    world.apply(&plan);
    check_in(world.clone(), text, &Ask::default(), "");
    let other = "import repo = s-1; repo(name=r, pass=~PW2)";
    check_in(world, other, &Ask::default(), "~ repo pass (secret)→(secret)");
}

#[test]
fn imports_that_cannot_be() {
    check_strange(
        &[],
        "import repo = s-9; repo(name=other)",
        "error: nothing to import: there is no `s-9` to import as `repo`; it expects its id",
    );
    let world = applied("repo.a(name=a)");
    check_in(
        world,
        "import repo.b = repo-1; repo.a(name=a); repo.b(name=b)",
        &Ask::default(),
        "error: already managed: `repo-1` is recorded as `repo.a` already",
    );
    check_strange(
        &[(ownership::LINEAGE, "other")],
        "import repo = s-1; repo(name=r)",
        "@ repo\nwarning: import of something managed elsewhere: `s-1` carries the tags of another state, which may still manage it",
    );
}

#[test]
fn one_name_for_two_is_refused() {
    check(
        "",
        "repo.a(name=r); repo.b(name=r)",
        "error: one name for two resources: `repo.a` and `repo.b` both want the name `r`",
    );
    check("", "repo.a(name=r); repo.b(name=r) @there", "+ repo.a\n+ repo.b");
    check("", "rev.a(name=r); rev.b(name=r)", "+ rev.a\n+ rev.b");
}

#[test]
fn a_name_kept_by_another_of_ours_is_refused() {
    let world = applied("repo.a(name=r)");
    check_in(
        world,
        "repo.a(name=$repo.b.name); repo.b(name=r)",
        &Ask::default(),
        "error: one name for two resources: `repo.a` and `repo.b` both want the name `r`\nerror: name already taken: `repo.b` is to be created, but `repo-1` exists: it is `repo.a` of this environment",
    );
}

#[test]
fn a_new_name_that_is_in_use_is_refused() {
    let mut world = applied("repo(name=a)");
    strange(&mut world, "s-1", &[]);
    check_in(
        world,
        "repo(name=r)",
        &Ask::default(),
        "error: name already taken: `repo` is to be created, but `s-1` exists: its new name is in use",
    );
}
