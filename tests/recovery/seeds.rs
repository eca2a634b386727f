//! A network that fails at random, by seeds: one apply gets through by itself, and leaves nothing that it does not know.

use std::ops::RangeInclusive;

use serde_json::{Value, json};
use tests::running::all_asked;

use crate::cloud::Kind;
use crate::counts::{Counts, Undisturbed};
use crate::plays::{Play, System, Verb};
use crate::world::Stage;

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trouble {
    /// Of all calls 10 % are throttled, 2 % are answered by a 500 or 503, and of 1 % the answer is lost.
    Mixed,
    /// Of 10 % of the mutating calls the answer is lost.
    Lost,
}

impl Trouble {
    fn name(self) -> &'static str {
        match self {
            Self::Mixed => "mixed",
            Self::Lost => "lost",
        }
    }

    fn options(self, seed: usize) -> Value {
        match self {
            Self::Mixed => json!({
                "throttle_rate": 0.10, "error_rate": 0.02, "lost_rate": 0.01, "fault_only": "all", "seed": seed,
            }),
            Self::Lost => json!({ "lost_rate": 0.10, "fault_only": "mutating", "seed": seed }),
        }
    }

    /// The seeds that are tried. The one of each that is always tried hits calls of both systems.
    fn seeds(self) -> RangeInclusive<usize> {
        match (self, all_asked()) {
            (Self::Mixed, true) => 1..=30,
            (Self::Lost, true) => 1..=10,
            (Self::Mixed, false) => 1..=1,
            (Self::Lost, false) => 4..=4,
        }
    }
}

#[track_caller]
fn check(system: System, kind: Kind, trouble: Trouble) {
    // moto takes seconds to begin anew.
    let few = [(System::Advice, Trouble::Mixed), (System::Chatbot, Trouble::Lost)].contains(&(system, trouble));
    if kind == Kind::Moto && !few && !all_asked() {
        eprintln!("not tried on moto: GROMA_KILLS=all does not ask for it");
        return;
    }
    // The SDK counts its pauses by a real clock: a second of them must not be minutes of a wait that ends after 20.
    let play = Play { speed: "100", ..Play::of(system, Verb::Apply, kind) };
    let test = format!("{}-{}", trouble.name(), system.name());
    let Some(stage) = Stage::of(&play, &test) else { return };
    let undisturbed = Undisturbed::of(&stage.world(), &play);
    let mut counts = Counts::default();
    for seed in trouble.seeds() {
        let world = stage.world();
        world.write(&play.written);
        world.proxy.trouble(&trouble.options(seed));
        let said = world.run(&play.command());
        counts.hits += world.proxy.hits();
        world.proxy.calm();
        let ended = (said.code != Some(0))
            .then(|| format!("the apply ended with {:?}:\n{}\n{}", said.code, said.out, said.err));
        counts.add(&format!("{trouble:?}, seed {seed}"), ended, undisturbed.judge(&world, &play));
    }
    assert!(counts.hits > 0, "no call went wrong, so nothing is tested");
    counts.tell(&play, trouble.name());
}

#[test]
fn friendly_advice_gets_through_on_the_local_cloud() {
    check(System::Advice, Kind::Local, Trouble::Mixed);
}

#[test]
fn friendly_advice_gets_through_on_moto() {
    check(System::Advice, Kind::Moto, Trouble::Mixed);
}

#[test]
fn the_chatbot_gets_through_on_the_local_cloud() {
    check(System::Chatbot, Kind::Local, Trouble::Mixed);
}

#[test]
fn the_chatbot_gets_through_on_moto() {
    check(System::Chatbot, Kind::Moto, Trouble::Mixed);
}

#[test]
fn friendly_advice_survives_lost_answers_on_the_local_cloud() {
    check(System::Advice, Kind::Local, Trouble::Lost);
}

#[test]
fn friendly_advice_survives_lost_answers_on_moto() {
    check(System::Advice, Kind::Moto, Trouble::Lost);
}

#[test]
fn the_chatbot_survives_lost_answers_on_the_local_cloud() {
    check(System::Chatbot, Kind::Local, Trouble::Lost);
}

#[test]
fn the_chatbot_survives_lost_answers_on_moto() {
    check(System::Chatbot, Kind::Moto, Trouble::Lost);
}
