//! Many seeds, one after the other.

use std::collections::BTreeMap;

use super::{story::Story, tell};

/// Plays some seeds; the first that breaks a law is told in its shortest form.
pub(crate) fn seeds(from: u64, count: u64) {
    for seed in from..from + count {
        let story = Story::new(seed);
        if let Some((law, _)) = tell::played(&story).breach {
            panic!("{}", tell::told(&story, law));
        }
    }
}

/// Plays the seeds that the environment names, and prints what became of them, one line for each and one for all.
#[expect(clippy::disallowed_methods, clippy::print_stdout, reason = "this is how `cargo xtask simulate` talks to it")]
pub(crate) fn asked_for() {
    let planted = std::env::var("GROMA_PLANTED_FAULT").ok();
    if let Some(fault) = &planted {
        model::fault::plant(fault).expect("there is such a fault");
    }
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let Some(count) = number("GROMA_SIMULATE_SEEDS") else { return };
    let from = number("GROMA_SIMULATE_FROM").unwrap_or(0);
    let mut counts: BTreeMap<&'static str, u64> = BTreeMap::from([("failures", 0), ("seeds", 0)]);
    for seed in from..from + count {
        let story = Story::new(seed);
        let played = tell::played(&story);
        for (what, times) in &played.counts {
            *counts.entry(what).or_default() += times;
        }
        *counts.entry("seeds").or_default() += 1;
        if let Some((law, words)) = played.breach {
            *counts.entry("failures").or_default() += 1;
            println!("failed {seed}: {law}: {}", words.lines().next().unwrap_or_default());
            if count <= 10 {
                println!("{}", tell::told(&story, law));
            }
            if planted.is_some() {
                break;
            }
        }
        if (seed - from) % 50 == 49 {
            println!("progress {}", seed - from + 1);
        }
    }
    for (what, times) in &counts {
        println!("count {times} {what}");
    }
    assert_eq!(counts["failures"], 0, "some seeds break a law");
}
