//! Two runs whose requests come in any order, with any trouble.

use std::{collections::VecDeque, sync::Condvar, thread};

use proptest::prelude::*;

use super::*;

/// What happens next.
#[derive(Debug, Clone, Copy)]
enum Step {
    /// A runner's next request goes out, to this end.
    Go(usize, Trouble),
    Advance(u64),
    Deliver,
}

fn step() -> impl Strategy<Value = Step> {
    let trouble = prop_oneof![
        12 => Just(Trouble::None),
        1 => Just(Trouble::Lost),
        1 => Just(Trouble::Unheard),
        1 => Just(Trouble::Late),
    ];
    prop_oneof![
        20 => (0..2usize, trouble).prop_map(|(who, trouble)| Step::Go(who, trouble)),
        2 => (1..100u64).prop_map(Step::Advance),
        1 => Just(Step::Deliver),
    ]
}

/// Lets one runner run at a time, from one of its requests to its next.
struct Baton {
    bucket: Bucket,
    state: Mutex<Turns>,
    changed: Condvar,
}

struct Turns {
    script: VecDeque<Step>,
    alive: [bool; 2],
    waiting: [bool; 2],
    turn: Option<(usize, Trouble)>,
    /// Who went last once the script is over: they take turns then.
    last: usize,
}

impl Baton {
    fn wait(&self, me: usize) -> Trouble {
        let mut state = self.state.lock().unwrap();
        state.waiting[me] = true;
        self.pick(&mut state);
        loop {
            match state.turn {
                Some((who, trouble)) if who == me => {
                    state.turn = None;
                    state.waiting[me] = false;
                    return trouble;
                }
                _ => state = self.changed.wait(state).unwrap(),
            }
        }
    }

    fn end(&self, me: usize) {
        let mut state = self.state.lock().unwrap();
        state.alive[me] = false;
        self.pick(&mut state);
    }

    /// When all who live wait, the next step is taken.
    fn pick(&self, state: &mut Turns) {
        if state.alive == [false; 2] || state.alive != state.waiting {
            return;
        }
        while state.turn.is_none() {
            match state.script.pop_front() {
                Some(Step::Advance(seconds)) => self.bucket.advance(Duration::from_secs(seconds)),
                Some(Step::Deliver) => self.bucket.deliver_late(),
                Some(Step::Go(who, trouble)) if state.alive[who] => state.turn = Some((who, trouble)),
                Some(Step::Go(..)) => {}
                None => {
                    let other = 1 - state.last;
                    state.last = if state.alive[other] { other } else { state.last };
                    state.turn = Some((state.last, Trouble::None));
                }
            }
        }
        self.changed.notify_all();
    }
}

/// Works again and again, as a person would after an error.
fn runner(me: usize, baton: &Arc<Baton>, watch: &Watch, clock: Clock, told: &Told) {
    for round in 0..3 {
        let name = format!("{}{round}x", ["a", "b"][me]);
        let way = baton.clone();
        let store = troubled(&baton.bucket, watch, clock, move |_, _| way.wait(me));
        let bucket = baton.bucket.clone();
        let mine = name.clone();
        // With a clock that counts, what an append promises is promised under a lease that nobody else has.
        let sure = move || assert!(clock == Clock::Stands || owner(&bucket) == mine, "it is not its lease");
        if work(&store, &name, told, &sure).is_err() {
            baton.wait(me);
            baton.bucket.advance(Duration::from_secs(40));
        }
    }
}

fn race(script: Vec<Step>, clocks: [Clock; 2]) {
    let (bucket, watch) = (Bucket::default(), Watch::default());
    let turns = Turns { script: script.into(), alive: [true; 2], waiting: [false; 2], turn: None, last: 0 };
    let baton = Arc::new(Baton { bucket: bucket.clone(), state: Mutex::new(turns), changed: Condvar::new() });
    let told = [Told::default(), Told::default()];
    let outcomes = thread::scope(|scope| {
        let threads: Vec<_> = (0..2)
            .map(|me| {
                let (baton, watch, told) = (baton.clone(), watch.clone(), told[me].clone());
                scope.spawn(move || {
                    let work = || runner(me, &baton, &watch, clocks[me], &told);
                    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work));
                    baton.end(me);
                    outcome
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
    });
    for outcome in outcomes {
        if let Err(panic) = outcome {
            std::panic::resume_unwind(panic);
        }
    }
    bucket.deliver_late();
    nothing_is_lost(&bucket, &watch, &[&told[0], &told[1]], "race");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    /// What an append promised is there in the end; chains end with their seals; epochs and serials only grow.
    #[test]
    fn two_runs_in_any_order_lose_nothing(
        script in proptest::collection::vec(step(), 0..160),
        counts in any::<[bool; 2]>(),
    ) {
        race(script, counts.map(|counts| if counts { Clock::Counts } else { Clock::Stands }));
    }
}
