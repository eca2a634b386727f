//! Requests without answers, and requests that arrive much later.

use super::*;

#[test]
fn a_lost_request_or_answer_stops_nobody() {
    for point in 0..requests_of_work() {
        for trouble in [Trouble::Lost, Trouble::Unheard, Trouble::Late] {
            let context = format!("{trouble:?} at {point}");
            let (bucket, watch, told) = (Bucket::default(), Watch::default(), Told::default());
            let one = move |index, _: &Request| if index == point { trouble } else { Trouble::None };
            let store = troubled(&bucket, &watch, Clock::Counts, one);
            work(&store, "a", &told, &at_ease).unwrap_or_else(|error| panic!("{context}: {error:?}"));
            assert_eq!(told.all().len(), 2 * RESOURCES);
            assert_eq!(store.holder().unwrap(), None, "{context}");
            bucket.deliver_late();
            nothing_is_lost(&bucket, &watch, &[&told], &context);
        }
    }
}

/// The network goes away for as long as a request is tried, and comes back: what was noted goes on where it was.
#[test]
fn a_gap_in_the_network_breaks_no_journal() {
    let (bucket, watch) = (Bucket::default(), Watch::default());
    let away = Arc::new(Mutex::new(Trouble::None));
    let now = away.clone();
    let store = troubled(&bucket, &watch, Clock::Counts, move |_, request| match request {
        Request::Put { .. } => *now.lock().unwrap(),
        _ => Trouble::None,
    });
    let ledger = Ledger::open(store.lock(&holder("ada")).unwrap(), fresh()).unwrap();
    ledger.save(|_| {}).unwrap();
    for (index, trouble) in [Trouble::Lost, Trouble::Late, Trouble::Unheard].into_iter().enumerate() {
        *away.lock().unwrap() = trouble;
        let first = ledger.record(&address(&format!("t.a{index}")), |_| Some(recorded("i")));
        *away.lock().unwrap() = Trouble::None;
        assert!(first.is_err() || trouble == Trouble::Unheard, "{first:?}");
        ledger.record(&address(&format!("t.b{index}")), |_| Some(recorded("i"))).unwrap();
        bucket.deliver_late();
    }
    drop(ledger);
    assert_eq!(load(&watched(&bucket, &watch)).unwrap().unwrap().state.resources.len(), 6);
    nothing_is_lost(&bucket, &watch, &[], "gap");
}

/// Given back with a request on its way: the next holder fences what the last one seemed to have closed.
#[test]
fn what_arrives_after_the_release_finds_its_place_taken() {
    for what in ["journal/", "state.json"] {
        let (bucket, watch, told) = (Bucket::default(), Watch::default(), Told::default());
        let store = troubled(&bucket, &watch, Clock::Counts, move |index, request| match request {
            Request::Put { name, .. } if name.starts_with(what) && index > 12 => Trouble::Late,
            _ => Trouble::None,
        });
        assert!(work(&store, "a", &told, &at_ease).is_err());
        assert_eq!(store.holder().unwrap(), None);
        let next = watched(&bucket, &watch);
        let ledger = Ledger::open(next.lock(&holder("b")).unwrap(), fresh()).unwrap();
        bucket.deliver_late();
        watch.look(&bucket);
        ledger.record(&address("t.b"), |_| Some(recorded("i"))).unwrap();
        ledger.save(|_| {}).unwrap();
        drop(ledger);
        nothing_is_lost(&bucket, &watch, &[&told], what);
    }
}

#[test]
fn a_refusal_names_what_is_missing() {
    let (bucket, watch) = (Bucket::default(), Watch::default());
    let denied = |permission: &'static str| {
        troubled(&bucket, &watch, Clock::Counts, move |_, request| {
            if request.permission() == permission { Trouble::Denied } else { Trouble::None }
        })
    };
    let told = |error: StoreError| {
        let cause = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
        format!("{error}: {cause}; {}", error.hints().join("; "))
    };
    let put = denied("s3:PutObject").lock(&holder("ada")).map(drop).map_err(told);
    assert_eq!(
        put,
        Err("cannot write memory://bucket/lease.json: `s3:PutObject` is not allowed: AccessDenied; \
             allow `s3:PutObject` on it to the role of this run, in its policy and in the bucket's"
            .to_owned())
    );
    // Reading needs no more than reading, and what cannot be deleted stays.
    work(&denied("s3:DeleteObject"), "a", &Told::default(), &at_ease).unwrap();
    assert_eq!(load(&denied("s3:PutObject")).unwrap().unwrap().state.resources.len(), RESOURCES);
    let list = load(&denied("s3:ListBucket")).map(drop).map_err(told);
    assert!(list.is_err_and(|words| words.starts_with("cannot list memory://bucket/journal/: `s3:ListBucket`")));
}
