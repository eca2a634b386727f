//! Two people with one state in S3 apply at once: one works, and the other is told who.

use tests::running::Running;

use crate::cloud::Kind;
use crate::counts::Undisturbed;
use crate::plays::{Play, System, Verb};
use crate::world::{ENVIRONMENT, Stage};

const APPLY: &[&str] = &["apply", ENVIRONMENT, "--auto-approve"];

#[test]
fn of_two_who_apply_at_once_one_works() {
    let play = Play::of(System::Advice, Verb::Apply, Kind::Local).in_s3();
    let Some(stage) = Stage::of(&play, "two") else { return };
    let undisturbed = Undisturbed::of(&stage.world(), &play);
    let world = stage.world();
    world.write(&play.written);
    world.write_for("colleague", &play.written);
    let mut colleague = world.groma_of("colleague", APPLY);
    colleague.env("USER", "colleague");
    let mut runs = [Running::start(world.groma(APPLY)), Running::start(colleague)];
    let said = runs.each_mut().map(Running::wait);
    let [mine, other] = &said;
    let (worked, winner, refused) = match (mine.code, other.code) {
        (Some(0), Some(4)) => (mine, "surveyor", other),
        (Some(4), Some(0)) => (other, "colleague", mine),
        codes => panic!("they ended with {codes:?}:\n{said:#?}"),
    };
    for words in [winner, "apply"] {
        assert!(refused.err.contains(words), "`{words}` is not in: {}", refused.err);
    }
    let complaints = undisturbed.judge(&world, &play).complaints;
    assert_eq!(complaints, Vec::<String>::new(), "{}\n{}", worked.out, worked.err);
}
