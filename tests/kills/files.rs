//! Files that are gone, read-only or cannot grow: nothing is called that could not be recorded, and what was called is known.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use crate::census::agrees;
use crate::systems;
use crate::world::{ENVIRONMENT, End, Said, World, finish};

fn repository() -> World {
    let world = World::new(&[]);
    world.write(&systems::repository());
    world
}

#[track_caller]
fn refused(said: &Said, words: &[&str]) {
    assert_eq!(said.code, Some(1), "{}\n{}", said.out, said.err);
    for word in words {
        assert!(said.err.contains(word), "`{word}` is not in: {}", said.err);
    }
}

/// The same command with no file of the child's longer than so many blocks: what a full disk answers, but for its name.
fn limited(world: &World, blocks: u32) -> Said {
    let command = world.groma(&["apply", ENVIRONMENT, "--auto-approve"]);
    let mut limited = Command::new("sh");
    // The signal would end it where a full disk only refuses.
    limited.args(["-c", &format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"")]);
    limited.arg(command.get_program()).args(command.get_args()).env_clear();
    limited.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    limited.env("PATH", "/usr/bin:/bin");
    finish(&mut limited)
}

#[test]
fn on_a_disk_that_is_full() {
    let world = World::new(systems::ADVICE_IMAGES);
    world.write(&systems::advice());
    // A block has 512 or 1024 bytes; the journal of this system needs more than forty thousand.
    let mut failed = 0;
    for blocks in [0, 2, 4, 8, 16, 24] {
        let said = limited(&world, blocks);
        if said.code != Some(0) {
            failed += 1;
            refused(&said, &["File too large", "check that the folder exists"]);
        }
    }
    assert!(failed >= 2, "nothing was ever too long");
    world.must("apply");
    agrees(&world, "with room again");
    world.plans_nothing("apply");
}

#[test]
fn in_a_folder_that_is_read_only() {
    let world = repository();
    world.must("apply");
    world.write(&systems::repository_changed());
    let calls = world.calls().len();
    let mode = |mode| {
        fs::set_permissions(world.records(), fs::Permissions::from_mode(mode)).expect("a mode can be set");
    };
    // Whoever may do everything is not stopped by a mode.
    mode(0o500);
    let free = fs::write(world.records().join("probe"), "").is_ok();
    if !free {
        let said = world.go("apply");
        refused(&said, &[".groma", "writable"]);
        assert_eq!(world.calls().len(), calls);
    }
    mode(0o700);
    let _ = fs::remove_file(world.records().join("probe"));
    world.must("apply");
    world.plans_nothing("apply");
}

/// A journal beside no state may know of calls: nothing goes on until the state is made again.
#[test]
fn where_the_state_is_gone_and_the_journal_is_not() {
    let start = repository();
    start.must("apply");
    start.write(&systems::repository_renamed());
    let End::Killed(_) = start.killed("apply", 1, "after") else { panic!("it was not killed") };
    fs::remove_file(start.records().join("state.json")).expect("there is a state");
    let calls = start.calls().len();
    for verb in ["apply", "plan", "destroy"] {
        let said = start.run(&[verb, ENVIRONMENT]);
        refused(&said, &["holds a journal and no state", "groma state recover"]);
    }
    assert_eq!(start.calls().len(), calls);
    let said = start.run(&["state", "recover", ENVIRONMENT, "--auto-approve"]);
    assert_eq!(said.code, Some(0), "{}\n{}", said.out, said.err);
    assert!(said.out.contains("Calls without an answer"), "{}", said.out);
    agrees(&start, "a recovery");
    start.must("apply");
    agrees(&start, "the next run");
    start.plans_nothing("apply");
}

/// The state holds what the journal told when it was written, so that nothing of what ended is lost with it.
#[test]
fn where_the_journal_is_gone_and_the_state_is_not() {
    let world = repository();
    world.must("apply");
    fs::remove_file(world.records().join("journal.jsonl")).expect("there is a journal");
    world.plans_nothing("apply");
    // What it alone knew has our name and our tags: it is not made twice, and it can be found.
    world.write(&systems::repository_renamed());
    let End::Killed(_) = world.killed("apply", 1, "after") else { panic!("it was not killed") };
    fs::remove_file(world.records().join("journal.jsonl")).expect("there is a journal");
    let said = world.go("apply");
    refused(&said, &["RepositoryAlreadyExists", "groma state recover"]);
    let said = world.run(&["state", "recover", ENVIRONMENT, "--auto-approve"]);
    assert_eq!(said.code, Some(0), "{}\n{}", said.out, said.err);
    agrees(&world, "a recovery");
    world.must("apply");
    agrees(&world, "without a journal");
    world.plans_nothing("apply");
}

#[test]
fn where_the_state_is_not_json() {
    let world = repository();
    world.must("apply");
    let path = world.records().join("state.json");
    let text = fs::read_to_string(&path).expect("there is a state");
    let calls = world.calls().len();
    for damaged in [&text[..text.len() - 20], "", "null", "[]"] {
        fs::write(&path, damaged).expect("a file can be written");
        for verb in ["apply", "destroy"] {
            refused(&world.go(verb), &["is no state of groma", "groma state recover"]);
        }
    }
    assert_eq!(world.calls().len(), calls, "nothing is called while the state cannot be read");
    fs::write(&path, text).expect("a file can be written");
    world.plans_nothing("apply");
}
