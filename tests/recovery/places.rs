//! Killed at each call, before and after its effect: one more run ends where an undisturbed one does.

use tests::running::all_asked;

use crate::cloud::Kind;
use crate::counts::{Counts, Undisturbed};
use crate::plays::{Keeping, Play, System, Verb};
use crate::proxy::Instant;
use crate::world::{End, Stage};

/// Of so many places one is tried, before and after a call in turn. Where all are asked for, that is every one, but for the
/// chatbot with its state in S3: the writes of its state are hundreds, and alike.
fn spread(play: &Play) -> usize {
    match (all_asked(), play.system, play.keeping) {
        (true, System::Chatbot, Keeping::S3) => 7,
        (true, ..) => 1,
        (false, System::Advice, Keeping::File) => 19,
        (false, System::Chatbot, Keeping::File) => 37,
        (false, _, Keeping::S3) => 61,
    }
}

/// Whether a place is tried; other ones for each verb.
fn is_tried(play: &Play, at: usize, instant: Instant) -> bool {
    let place = 2 * at + usize::from(instant == Instant::After);
    let spread = spread(play);
    place % spread == (2 + 3 * play.verb as usize) % spread
}

#[track_caller]
fn check(system: System, verb: Verb, kind: Kind) {
    // moto takes seconds to begin anew.
    let few = match system {
        System::Advice => [Verb::Apply, Verb::Replace].contains(&verb),
        System::Chatbot => [Verb::Update, Verb::Destroy].contains(&verb),
    };
    if kind == Kind::Moto && !few && !all_asked() {
        eprintln!("not tried on moto: GROMA_KILLS=all does not ask for it");
        return;
    }
    check_play(&Play::of(system, verb, kind));
}

/// The same with the state in S3: the calls that write it are places, too.
#[track_caller]
fn check_in_s3(system: System, verb: Verb) {
    if (system, verb) != (System::Advice, Verb::Apply) && !all_asked() {
        eprintln!("not tried with its state in S3: GROMA_KILLS=all does not ask for it");
        return;
    }
    check_play(&Play::of(system, verb, Kind::Local).in_s3());
}

#[track_caller]
fn check_play(play: &Play) {
    let test = format!("kills-{}-{}", play.system.name(), play.verb.name());
    let Some(stage) = Stage::of(play, &test) else { return };
    let undisturbed = Undisturbed::of(&stage.world(), play);
    let mut counts = Counts::default();
    for at in 1.. {
        let tried = Instant::BOTH.into_iter().filter(|instant| is_tried(play, at, *instant));
        let reached: Vec<bool> =
            tried.map(|instant| killed(&stage, play, &undisturbed, at, instant, &mut counts)).collect();
        // Some calls are repeated until the service is ready, so their number is not the same each time.
        if reached.contains(&false) || at >= undisturbed.calls && spread(play) > 1 {
            assert!(at > undisturbed.calls / 2, "call {at} of {} was never reached", undisturbed.calls);
            break;
        }
    }
    counts.tell(play, "kills");
}

/// Whether the run came as far as that call.
fn killed(
    stage: &Stage,
    play: &Play,
    undisturbed: &Undisturbed,
    at: usize,
    instant: Instant,
    counts: &mut Counts,
) -> bool {
    let world = stage.world();
    world.write(&play.written);
    let call = match world.killed(&play.command(), at, instant) {
        End::Killed(call) => call,
        End::Finished(said) => {
            assert_eq!(said.code, Some(0), "{said:?}");
            return false;
        }
    };
    if play.keeping == Keeping::S3 {
        world.changes_hands();
    }
    let said = world.run(&play.command());
    let ended =
        (said.code != Some(0)).then(|| format!("one more run ended with {:?}:\n{}\n{}", said.code, said.out, said.err));
    let place = format!("killed {} call {call} of {} {}", instant.name(), play.verb.name(), play.system.name());
    counts.add(&place, ended, undisturbed.judge(&world, play));
    true
}

#[test]
fn friendly_advice_is_made_on_the_local_cloud() {
    check(System::Advice, Verb::Apply, Kind::Local);
}

#[test]
fn friendly_advice_is_changed_on_the_local_cloud() {
    check(System::Advice, Verb::Update, Kind::Local);
}

#[test]
fn friendly_advice_is_replaced_on_the_local_cloud() {
    check(System::Advice, Verb::Replace, Kind::Local);
}

#[test]
fn friendly_advice_is_destroyed_on_the_local_cloud() {
    check(System::Advice, Verb::Destroy, Kind::Local);
}

#[test]
fn friendly_advice_is_made_on_moto() {
    check(System::Advice, Verb::Apply, Kind::Moto);
}

#[test]
fn friendly_advice_is_changed_on_moto() {
    check(System::Advice, Verb::Update, Kind::Moto);
}

#[test]
fn friendly_advice_is_replaced_on_moto() {
    check(System::Advice, Verb::Replace, Kind::Moto);
}

#[test]
fn friendly_advice_is_destroyed_on_moto() {
    check(System::Advice, Verb::Destroy, Kind::Moto);
}

#[test]
fn the_chatbot_is_made_on_the_local_cloud() {
    check(System::Chatbot, Verb::Apply, Kind::Local);
}

#[test]
fn the_chatbot_is_changed_on_the_local_cloud() {
    check(System::Chatbot, Verb::Update, Kind::Local);
}

#[test]
fn the_chatbot_is_replaced_on_the_local_cloud() {
    check(System::Chatbot, Verb::Replace, Kind::Local);
}

#[test]
fn the_chatbot_is_destroyed_on_the_local_cloud() {
    check(System::Chatbot, Verb::Destroy, Kind::Local);
}

#[test]
fn the_chatbot_is_made_on_moto() {
    check(System::Chatbot, Verb::Apply, Kind::Moto);
}

#[test]
fn the_chatbot_is_changed_on_moto() {
    check(System::Chatbot, Verb::Update, Kind::Moto);
}

#[test]
fn the_chatbot_is_replaced_on_moto() {
    check(System::Chatbot, Verb::Replace, Kind::Moto);
}

#[test]
fn the_chatbot_is_destroyed_on_moto() {
    check(System::Chatbot, Verb::Destroy, Kind::Moto);
}

#[test]
fn friendly_advice_is_made_with_its_state_in_s3() {
    check_in_s3(System::Advice, Verb::Apply);
}

#[test]
fn friendly_advice_is_changed_with_its_state_in_s3() {
    check_in_s3(System::Advice, Verb::Update);
}

#[test]
fn friendly_advice_is_replaced_with_its_state_in_s3() {
    check_in_s3(System::Advice, Verb::Replace);
}

#[test]
fn friendly_advice_is_destroyed_with_its_state_in_s3() {
    check_in_s3(System::Advice, Verb::Destroy);
}

#[test]
fn the_chatbot_is_made_with_its_state_in_s3() {
    check_in_s3(System::Chatbot, Verb::Apply);
}

#[test]
fn the_chatbot_is_changed_with_its_state_in_s3() {
    check_in_s3(System::Chatbot, Verb::Update);
}

#[test]
fn the_chatbot_is_replaced_with_its_state_in_s3() {
    check_in_s3(System::Chatbot, Verb::Replace);
}

#[test]
fn the_chatbot_is_destroyed_with_its_state_in_s3() {
    check_in_s3(System::Chatbot, Verb::Destroy);
}
