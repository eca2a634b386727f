//! The whole engine on a simulated cloud, with simulated stores, in simulated time: a seed makes environments, edits, runs and
//! their trouble, and the laws are looked at after each.
//!
//! `cargo xtask simulate --seeds N` plays as many as one has time for; a part of them is played here.

mod bites;
mod dice;
mod edits;
mod environment;
mod known;
mod laws;
mod play;
mod process;
mod soak;
mod stage;
mod stores;
mod story;
mod tell;

use soak::seeds;

/// The seeds that every run of the tests plays, in parts that run beside each other.
macro_rules! parts {
    ($($name:ident: $from:literal;)*) => {
        $(#[test]
        fn $name() {
            seeds($from, 50);
        })*
    };
}

parts! {
    part_1: 0;
    part_2: 50;
    part_3: 100;
    part_4: 150;
    part_5: 200;
    part_6: 250;
}

#[test]
fn a_seed_reproduces_byte_for_byte() {
    for seed in [0, 1, 2, 5, 8, 11, 17, 300] {
        let story = story::Story::new(seed);
        let (one, other) = (play::play(&story).trace, play::play(&story).trace);
        assert!(one.len() > 10, "seed {seed} has a trace of {} lines", one.len());
        assert_eq!(one.join("\n"), other.join("\n"), "seed {seed}");
    }
}

#[test]
fn the_search_for_secrets_finds_a_planted_copy() {
    let secrets = ["correct horse battery".to_owned()];
    for planted in ["a correct horse battery b", "x=Y29ycmVjdCBob3JzZSBiYXR0ZXJ5"] {
        assert!(laws::holds(planted, &secrets).is_some(), "{planted}");
    }
    assert_eq!(laws::holds("correct horse", &secrets), None);
}

/// Plays what `cargo xtask simulate` asks for; nothing by itself.
#[test]
fn soak() {
    soak::asked_for();
}
