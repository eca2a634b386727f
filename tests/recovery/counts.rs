//! What came of the trials of a play, judged by the cloud and by the next plan.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};
use tests::census::{Disagreement, Thing, difference};

use crate::cloud::Census;
use crate::plays::{Play, Verb};
use crate::world::{ENVIRONMENT, World};

/// What an undisturbed run comes to.
pub(crate) struct Undisturbed {
    census: Census,
    /// How many mutating calls it took.
    pub(crate) calls: usize,
}

impl Undisturbed {
    /// # Panics
    /// When even that goes wrong.
    #[track_caller]
    pub(crate) fn of(world: &World, play: &Play) -> Self {
        world.write(&play.written);
        world.proxy.calm();
        let said = world.run(&play.command());
        assert_eq!(said.code, Some(0), "undisturbed: {}\n{}", said.out, said.err);
        let calls = world.proxy.mutating();
        assert!(calls > 0, "nothing was called, so nothing is tested");
        let undisturbed = Self { census: world.census(), calls };
        let verdict = undisturbed.judge(world, play);
        assert_eq!(verdict.complaints, Vec::<String>::new(), "undisturbed");
        undisturbed
    }

    /// Whether a world is as without trouble: all that exists recorded, nothing twice, the same set, nothing left to do.
    pub(crate) fn judge(&self, world: &World, play: &Play) -> Verdict {
        let census = world.census();
        let disagreement = Disagreement::of(&census.things, &world.state());
        let mut complaints = Vec::new();
        if !disagreement.is_none() {
            complaints.push(disagreement.to_string());
        }
        complaints.extend(difference(&census.essence, &self.census.essence));
        let mut plan = vec!["plan", ENVIRONMENT, "--detailed-exitcode"];
        plan.extend((play.verb == Verb::Destroy).then_some("--destroy"));
        let said = world.run(&plan);
        if said.code != Some(0) {
            complaints.push(format!("the next plan ends with {:?}:\n{}\n{}", said.code, said.out, said.err));
        }
        let more = surplus(&census.things, &self.census.things);
        Verdict { orphans: disagreement.orphans.len(), duplicates: more.max(disagreement.twice.len()), complaints }
    }
}

/// How many things there are beyond those that there should be of each kind.
fn surplus(found: &[Thing], expected: &[Thing]) -> usize {
    let counted = |things: &[Thing]| {
        let mut counts = BTreeMap::<String, usize>::new();
        things.iter().for_each(|(kind, _)| *counts.entry(kind.clone()).or_default() += 1);
        counts
    };
    let expected = counted(expected);
    counted(found).iter().map(|(kind, count)| count.saturating_sub(expected.get(kind).copied().unwrap_or(0))).sum()
}

/// What is wrong in a world.
pub(crate) struct Verdict {
    orphans: usize,
    duplicates: usize,
    pub(crate) complaints: Vec<String>,
}

/// What came of all trials.
#[derive(Default)]
pub(crate) struct Counts {
    tried: usize,
    /// The calls that went wrong, where that is left to chance.
    pub(crate) hits: u64,
    well: usize,
    orphans: usize,
    duplicates: usize,
    complaints: Vec<String>,
}

impl Counts {
    /// A trial, and how its last run ended: with nothing to complain of, if it is `None`.
    pub(crate) fn add(&mut self, trial: &str, ended: Option<String>, verdict: Verdict) {
        self.tried += 1;
        self.well += usize::from(ended.is_none());
        self.orphans += verdict.orphans;
        self.duplicates += verdict.duplicates;
        let complaints = ended.into_iter().chain(verdict.complaints);
        self.complaints.extend(complaints.map(|complaint| format!("{trial}: {complaint}")));
    }

    /// Leaves the counts for the table of `cargo xtask reliability`.
    ///
    /// # Panics
    /// When there is anything to complain of.
    #[track_caller]
    pub(crate) fn tell(self, play: &Play, trouble: &str) {
        assert!(self.tried > 0, "nothing was tried");
        self.leave(play, trouble);
        let shown: Vec<&str> = self.complaints.iter().take(3).map(String::as_str).collect();
        assert!(shown.is_empty(), "{} complaints, of them\n{}", self.complaints.len(), shown.join("\n\n"));
    }

    fn leave(&self, play: &Play, trouble: &str) {
        let Some(folder) = std::env::var_os("GROMA_RELIABILITY").map(PathBuf::from) else { return };
        let (system, verb, cloud) = (play.system.name(), play.verb.name(), play.kind.name());
        let state = play.keeping.name();
        let line: Value = json!({
            "trouble": trouble, "system": system, "verb": verb, "cloud": cloud, "state": state, "tried": self.tried, "hits": self.hits, "well": self.well,
            "orphans": self.orphans, "duplicates": self.duplicates, "complaints": self.complaints,
        });
        fs::create_dir_all(&folder).expect("a folder can be made");
        let name = format!("{trouble}.{system}.{verb}.{cloud}.{state}.json");
        fs::write(folder.join(name), format!("{line}\n")).expect("counts can be left");
    }
}
