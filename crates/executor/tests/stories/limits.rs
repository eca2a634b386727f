//! How many requests a service has to bear at once, seen at its door.

use std::{
    future::poll_fn,
    sync::{Arc, Mutex},
    task::Poll,
};

use futures::future::BoxFuture;
use provider::sim::{Line, Request, Trouble};

use crate::story::{Ran, Story, block_on};

/// A door that lets everybody wait inside until no more are coming, and writes down how many there are.
#[derive(Clone, Default)]
struct Door(Arc<Mutex<Crowd>>);

#[derive(Default)]
struct Crowd {
    inside: usize,
    /// How many are inside with each that comes in.
    seen: Vec<usize>,
    mutating: usize,
    /// Of the mutating requests, those that are too many.
    throttled: Vec<usize>,
    /// How many had come in when one was refused.
    refused: Vec<usize>,
}

impl Line for Door {
    fn there(&self, request: Request<'_>) -> Option<Trouble> {
        let mut crowd = self.0.lock().unwrap();
        crowd.inside += 1;
        let inside = crowd.inside;
        crowd.seen.push(inside);
        crowd.mutating += usize::from(request.mutates);
        let refuses = request.mutates && crowd.throttled.contains(&crowd.mutating);
        if refuses {
            let come = crowd.seen.len();
            crowd.refused.push(come);
        }
        refuses.then_some(Trouble::Throttled)
    }

    fn back<'a>(&'a self, _: Request<'a>) -> BoxFuture<'a, ()> {
        Box::pin(async {
            let mut looks = 0;
            poll_fn(|context| {
                looks += 1;
                context.waker().wake_by_ref();
                if looks > 20 { Poll::Ready(()) } else { Poll::Pending }
            })
            .await;
            self.0.lock().unwrap().inside -= 1;
        })
    }
}

/// Makes many things that need nothing of each other; gives what the door saw.
fn storm(throttled: &[usize]) -> Crowd {
    let mut story = Story::new();
    let door = Door::default();
    door.0.lock().unwrap().throttled = throttled.to_vec();
    story.cloud = story.cloud.over(door.clone());
    let many: Vec<String> = (0..150).map(|number| format!("named r{number:03}")).collect();
    match block_on(story.run(&many.join("; "), false)) {
        Ran::Outcome(ran) => assert!(ran.1.is_complete(), "{:?}", ran.1),
        other => panic!("{other:?}"),
    }
    assert_eq!(story.cloud.world().objects.len(), 150);
    std::mem::take(&mut *door.0.lock().unwrap())
}

fn most(seen: &[usize]) -> usize {
    seen.iter().max().copied().unwrap_or_default()
}

#[test]
fn a_calm_service_bears_ten_at_once() {
    assert_eq!(most(&storm(&[]).seen), 10);
}

#[test]
fn a_throttled_service_bears_half_and_later_more_again() {
    let crowd = storm(&[40]);
    let at = crowd.refused[0];
    let (before, after) = crowd.seen.split_at(at);
    assert_eq!(most(before), 10);
    // Those who are inside already stay; then there are five, and one more after each twenty that went well.
    assert_eq!(most(&after[10..25]), 5, "{:?}", &after[..60]);
    assert!(most(after) > 5, "it never grows again: {after:?}");
}

#[test]
fn a_storm_leaves_one_at_a_time() {
    let storm = storm(&[31, 32, 33, 34]);
    let last = *storm.refused.last().unwrap();
    let calm = &storm.seen[last..];
    assert_eq!(most(&calm[6..20]), 1, "{:?}", &calm[..40]);
    assert!(most(calm) > 1, "it never grows again: {calm:?}");
}
