//! The laws, attacked by a generator (`semantics.md` 4): whatever is killed, lost or refused, the next runs go on by themselves.

use std::time::Duration;

use crate::story::{Ran, Story, block_on};
use proptest::prelude::*;
use provider::sim::Trouble;

const KINDS: [&str; 6] = ["named", "token", "member", "revision", "slow", "parts"];

/// What is wanted of one name at one time.
#[derive(Debug, Clone)]
struct Wish {
    present: bool,
    size: Option<u8>,
    zone: Option<u8>,
    policy: Option<u8>,
    /// Which of the earlier ones it uses, bit by bit.
    uses: u8,
}

fn wish() -> impl Strategy<Value = Wish> {
    let rarely = || proptest::option::weighted(0.3, 0u8..2);
    (prop::bool::weighted(0.8), proptest::option::of(0u8..4), rarely(), rarely(), any::<u8>()).prop_map(
        |(present, size, zone, policy, uses)| Wish { present, size, zone, policy, uses: uses & uses.rotate_left(3) },
    )
}

/// One kind for each name, and one wish for each name and time.
fn wishes(times: usize) -> impl Strategy<Value = (Vec<usize>, Vec<Vec<Wish>>)> {
    (1usize..7).prop_flat_map(move |names| {
        let kinds = prop::collection::vec(0..KINDS.len(), names);
        (kinds, prop::collection::vec(prop::collection::vec(wish(), names), times))
    })
}

/// A fixed name is replaced delete-first, which only works for what nobody uses: real types say so, these cannot.
fn may_be_replaced(kinds: &[usize], times: &[Vec<Wish>], at: usize) -> bool {
    let has_fixed_name = !matches!(KINDS[kinds[at]], "token" | "member" | "revision");
    let is_used = times.iter().flatten().any(|wish| wish.uses >> at & 1 == 1);
    !has_fixed_name || !is_used
}

fn desired(kinds: &[usize], times: &[Vec<Wish>], wishes: &[Wish]) -> String {
    let mut lines = Vec::new();
    for (at, wish) in wishes.iter().enumerate().filter(|(_, wish)| wish.present) {
        let mut line = format!("{} n{at}", KINDS[kinds[at]]);
        let mut write = |name: &str, value: Option<u8>| {
            if let Some(value) = value {
                line.push_str(&format!(" {name}={value}"));
            }
        };
        write("size", wish.size);
        if KINDS[kinds[at]] == "parts" {
            write("ttl", wish.policy);
        }
        if let Some(zone) = wish.zone.filter(|_| may_be_replaced(kinds, times, at)) {
            line.push_str(&format!(" zone=z{zone}"));
        }
        let used = (0..at).filter(|other| wish.uses >> other & 1 == 1 && wishes[*other].present);
        let used: Vec<String> = used.map(|other| format!("n{other}")).collect();
        if !used.is_empty() {
            line.push_str(&format!(" uses={}", used.join(",")));
        }
        lines.push(line);
    }
    lines.join("; ")
}

fn trouble() -> impl Strategy<Value = Trouble> {
    prop::sample::select(vec![
        Trouble::Throttled,
        Trouble::Refused,
        Trouble::Passing,
        Trouble::TooNew,
        Trouble::Expired,
        Trouble::LostBefore,
        Trouble::LostAfter,
        Trouble::StopBefore,
        Trouble::StopAfter,
    ])
}

/// A refused plan is the user's turn; everything else must converge.
async fn settle(story: &Story, desired: &str) -> Result<bool, TestCaseError> {
    match story.converge(desired, false).await {
        Ok(()) => Ok(true),
        Err(words) if words.contains("in use") || words.contains("cannot be created first") => Ok(false),
        Err(words) => Err(TestCaseError::fail(format!("{desired}\n{words}"))),
    }
}

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, max_shrink_iters: 400, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config(64))]

    #[test]
    fn apply_survives_a_crash_at_any_call((kinds, times) in wishes(1), crash in 1u64..24, after in any::<bool>()) {
        block_on(async {
            let story = Story::new();
            let kind = if after { Trouble::StopAfter } else { Trouble::StopBefore };
            story.cloud.world().troubles.insert(crash, kind);
            let desired = desired(&kinds, &times, &times[0]);
            story.run(&desired, false).await;
            prop_assert!(settle(&story, &desired).await?);
            story.converge("", true).await.map_err(TestCaseError::fail)?;
            prop_assert!(story.cloud.world().objects.is_empty());
            Ok(())
        })?;
    }

    #[test]
    fn random_edits_converge_through_any_trouble(
        (kinds, times) in wishes(4),
        troubles in prop::collection::vec((1u64..60, trouble()), 0..6),
        lag in 0u64..20,
    ) {
        block_on(async {
            let story = Story::new();
            story.cloud.world().lag = Duration::from_secs(lag);
            for (call, trouble) in troubles {
                story.cloud.world().troubles.insert(call, trouble);
            }
            for wishes in &times {
                let desired = desired(&kinds, &times, wishes);
                // Whatever this comes to, the runs after it mend it.
                if let Ran::Refused(_) = story.run(&desired, false).await {
                    continue;
                }
                story.cloud.world().troubles.clear();
                settle(&story, &desired).await?;
            }
            story.cloud.world().troubles.clear();
            story.converge("", true).await.map_err(TestCaseError::fail)?;
            prop_assert!(story.cloud.world().objects.is_empty());
            Ok(())
        })?;
    }

    #[test]
    fn crash_after_crash_loses_nothing((kinds, times) in wishes(3), crashes in prop::collection::vec((1u64..12, any::<bool>()), 6)) {
        block_on(async {
            let story = Story::new();
            let mut crashes = crashes.into_iter();
            for wishes in &times {
                let desired = desired(&kinds, &times, wishes);
                for (ahead, after) in crashes.by_ref().take(2) {
                    let call = story.cloud.world().calls + ahead;
                    let kind = if after { Trouble::StopAfter } else { Trouble::StopBefore };
                    story.cloud.world().troubles.insert(call, kind);
                    story.run(&desired, false).await;
                    story.cloud.restart();
                }
                settle(&story, &desired).await?;
            }
            story.converge("", true).await.map_err(TestCaseError::fail)?;
            prop_assert!(story.cloud.world().objects.is_empty());
            Ok(())
        })?;
    }
}
