//! A failure in words: the seed, the shortest story that still fails, and how to see it again.

use super::{
    play::{Played, play, told_environment},
    story::Story,
};

/// Plays of shorter stories, at most.
const PLAYS: usize = 300;

/// Plays a story whatever happens in it.
pub(crate) fn played(story: &Story) -> Played {
    let play = || play(story);
    std::panic::catch_unwind(play).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        let words = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default();
        Played { breach: Some(("nothing panics", words)), trace: Vec::new(), counts: Default::default() }
    })
}

/// The shortest story found that breaks the same law.
pub(crate) fn shortest(story: &Story, law: &str) -> Story {
    let mut best = story.clone();
    let mut plays = 0;
    'again: loop {
        for shorter in shorter(&best) {
            plays += 1;
            if plays > PLAYS {
                return best;
            }
            if played(&shorter).breach.is_some_and(|(broken, _)| broken == law) {
                best = shorter;
                continue 'again;
            }
        }
        return best;
    }
}

/// All stories with one thing less, the greatest things first.
fn shorter(story: &Story) -> Vec<Story> {
    let mut found = Vec::new();
    let mut without = |change: &dyn Fn(&mut Story)| {
        let mut shorter = story.clone();
        change(&mut shorter);
        found.push(shorter);
    };
    for at in (0..story.chapters.len()).rev() {
        without(&|story| drop(story.chapters.remove(at)));
    }
    for (at, chapter) in story.chapters.iter().enumerate() {
        for run in (0..chapter.runs.len()).rev() {
            without(&|story| drop(story.chapters[at].runs.remove(run)));
            if chapter.runs[run].len() > 1 {
                without(&|story| drop(story.chapters[at].runs[run].pop()));
                without(&|story| drop(story.chapters[at].runs[run].remove(0)));
            }
        }
        for one in (0..chapter.outside.len()).rev() {
            without(&|story| drop(story.chapters[at].outside.remove(one)));
        }
    }
    let mut names: Vec<&String> =
        story.chapters.iter().flat_map(|chapter| &chapter.environment.blocks).map(|block| &block.name).collect();
    names.sort();
    names.dedup();
    for name in names {
        without(&|story| {
            story.chapters.iter_mut().for_each(|chapter| chapter.environment.remove(name));
        });
    }
    if !story.lag.is_zero() {
        without(&|story| story.lag = std::time::Duration::ZERO);
    }
    for (at, chapter) in story.chapters.iter().enumerate() {
        for (together, runs) in chapter.runs.iter().enumerate() {
            for (who, run) in runs.iter().enumerate() {
                let troubles = &run.troubles;
                let sole =
                    move |story: &mut Story| std::mem::take(&mut story.chapters[at].runs[together][who].troubles);
                if troubles.calls.len() + troubles.reads.len() + troubles.steps.len() > 3 {
                    without(&|story| {
                        let old = sole(story);
                        story.chapters[at].runs[together][who].troubles.calls = old.calls;
                    });
                    without(&|story| {
                        let old = sole(story);
                        story.chapters[at].runs[together][who].troubles.steps = old.steps;
                    });
                }
                for n in troubles.calls.keys() {
                    without(&|story| {
                        story.chapters[at].runs[together][who].troubles.calls.remove(n);
                    });
                }
                for n in troubles.reads.keys() {
                    without(&|story| {
                        story.chapters[at].runs[together][who].troubles.reads.remove(n);
                    });
                }
                for n in troubles.steps.keys() {
                    without(&|story| {
                        story.chapters[at].runs[together][who].troubles.steps.remove(n);
                    });
                }
            }
        }
    }
    found
}

/// All that somebody needs to find the mistake.
pub(crate) fn told(story: &Story, law: &str) -> String {
    let shortest = shortest(story, law);
    let played = played(&shortest);
    let mut text = format!("seed {} breaks a law ({:?}, reads lag {:?})\n", story.seed, shortest.home, shortest.lag);
    for (number, chapter) in shortest.chapters.iter().enumerate() {
        text.push_str(&format!("\n── chapter {}{}\n", number + 1, if chapter.destroys { ": destroy" } else { "" }));
        text.push_str(&told_environment(&chapter.environment));
        for one in &chapter.outside {
            text.push_str(&format!("behind our back: {one:?}\n"));
        }
        for together in &chapter.runs {
            text.push_str(&format!("runs: {together:?}\n"));
        }
    }
    const LINES: usize = 120;
    text.push_str("\n── the end of the trace\n");
    for line in &played.trace[played.trace.len().saturating_sub(LINES)..] {
        text.push_str(&format!("{line}\n"));
    }
    let (law, words) = played.breach.unwrap_or_default();
    text.push_str(&format!("\nbroken: {law}: {words}\nagain: cargo xtask simulate --from {} --seeds 1\n", story.seed));
    text
}
