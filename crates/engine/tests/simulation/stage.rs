//! Time, turns and the record of everything: what all processes of one seed share.

use std::{
    collections::BTreeMap,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use provider::{Clock, sim::VirtualClock};

use super::dice::Dice;

/// When the story begins, since the Unix epoch.
pub(crate) const BEGIN: Duration = Duration::from_secs(1_000_000);

/// Lets one process run at a time, from one of its waits to its next.
#[derive(Debug)]
pub(crate) struct Stage {
    pub(crate) clock: Arc<VirtualClock>,
    turns: Mutex<Turns>,
    changed: Condvar,
    notes: Mutex<Notes>,
}

#[derive(Debug)]
struct Turns {
    dice: Dice,
    /// Who waits, until when.
    waiting: BTreeMap<usize, Duration>,
    running: Option<usize>,
}

/// What was noted.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    pub(crate) trace: Vec<String>,
    /// Laws that were broken while something went on, each with its words.
    pub(crate) breaches: Vec<(&'static str, String)>,
    /// Everything that was written or told, to be searched for secrets.
    pub(crate) written: Vec<String>,
    pub(crate) counts: BTreeMap<&'static str, u64>,
}

impl Stage {
    pub(crate) fn new(dice: Dice) -> Self {
        Self {
            clock: Arc::new(VirtualClock::at(BEGIN)),
            turns: Mutex::new(Turns { dice, waiting: BTreeMap::new(), running: None }),
            changed: Condvar::new(),
            notes: Mutex::default(),
        }
    }

    pub(crate) fn now(&self) -> Duration {
        self.clock.now()
    }

    pub(crate) fn roll(&self, end: usize) -> usize {
        lock(&self.turns).dice.below(end)
    }

    /// Somebody will take part from a time on; nobody runs before [`Self::start`].
    pub(crate) fn enter(&self, who: usize, at: Duration) {
        lock(&self.turns).waiting.insert(who, at);
    }

    /// The first turn is given.
    pub(crate) fn start(&self) {
        self.next(&mut lock(&self.turns));
    }

    /// Waits for one's first turn.
    pub(crate) fn begin(&self, who: usize) {
        drop(self.turn_of(lock(&self.turns), who));
    }

    /// Gives the turn away until a time, at which others may come first.
    pub(crate) fn wait(&self, who: usize, until: Duration) {
        let mut turns = lock(&self.turns);
        turns.waiting.insert(who, until);
        self.next(&mut turns);
        drop(self.turn_of(turns, who));
    }

    /// Takes part no more.
    pub(crate) fn leave(&self) {
        let mut turns = lock(&self.turns);
        turns.running = None;
        self.next(&mut turns);
    }

    fn turn_of<'a>(&'a self, mut turns: MutexGuard<'a, Turns>, who: usize) -> MutexGuard<'a, Turns> {
        while turns.running != Some(who) {
            turns = self.changed.wait(turns).unwrap_or_else(PoisonError::into_inner);
        }
        turns
    }

    /// One of those who can go on; when nobody can, time passes.
    fn next(&self, turns: &mut Turns) {
        let Some(first) = turns.waiting.values().min().copied() else { return };
        let now = self.clock.now();
        self.clock.advance(first.saturating_sub(now));
        let now = self.clock.now();
        let ready: Vec<usize> = turns.waiting.iter().filter(|(_, until)| **until <= now).map(|(who, _)| *who).collect();
        let who = if ready.len() == 1 { ready[0] } else { *turns.dice.pick(&ready) };
        turns.waiting.remove(&who);
        turns.running = Some(who);
        self.changed.notify_all();
    }

    pub(crate) fn notes(&self) -> MutexGuard<'_, Notes> {
        lock(&self.notes)
    }

    /// One line of the trace.
    pub(crate) fn note(&self, who: char, words: &str) {
        let now = self.now() - BEGIN;
        self.notes().trace.push(format!("{}.{:03} {who} {words}", now.as_secs(), now.subsec_millis()));
    }

    pub(crate) fn count(&self, what: &'static str) {
        *self.notes().counts.entry(what).or_default() += 1;
    }

    pub(crate) fn breach(&self, law: &'static str, words: String) {
        self.note('!', &format!("{law}: {words}"));
        self.notes().breaches.push((law, words));
    }
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Tells texts apart in a trace (FNV-1a).
pub(crate) fn digest(bytes: &[u8]) -> String {
    let hash = bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3));
    format!("{hash:016x}")
}
