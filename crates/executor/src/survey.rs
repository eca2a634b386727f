//! Everything that carries the tags of an environment, type by type, for whoever has no state that names it.

use std::collections::BTreeSet;

use futures::stream::{FuturesUnordered, StreamExt};
use model::{
    Live,
    observed::{Found, ownership},
};
use provider::Failure;

use crate::{
    context::place,
    limits::Slots,
    observe::{Reader, known, patient, service_of},
};

/// A type that could not be looked through.
#[derive(Debug, Clone, PartialEq)]
pub struct Unsurveyed {
    pub type_name: String,
    pub region: String,
    pub failure: Failure,
}

/// Looks through types, each in a region; sorted by type, region and id.
pub async fn survey(
    reader: Reader<'_>,
    environment: &str,
    places: &BTreeSet<(String, String)>,
) -> (Vec<Found>, Vec<Unsurveyed>) {
    let slots = Slots::new(reader.options);
    let (reader, slots) = (&reader, &slots);
    let mut looks: FuturesUnordered<_> = places
        .iter()
        .map(|(type_name, region)| async move {
            let lives = one(reader, slots, environment, type_name, region).await;
            (type_name, region, lives)
        })
        .collect();
    let (mut found, mut unsurveyed) = (Vec::new(), Vec::new());
    while let Some((type_name, region, lives)) = looks.next().await {
        let (type_name, region) = (type_name.clone(), region.clone());
        match lives {
            Ok(lives) => found.extend(lives.into_iter().map(|live| Found {
                type_name: type_name.clone(),
                region: region.clone(),
                live,
            })),
            Err(failure) => unsurveyed.push(Unsurveyed { type_name, region, failure }),
        }
    }
    found.sort_by(|a, b| (&a.type_name, &a.region, &a.live.id).cmp(&(&b.type_name, &b.region, &b.live.id)));
    unsurveyed.sort_by(|a, b| (&a.type_name, &a.region).cmp(&(&b.type_name, &b.region)));
    (found, unsurveyed)
}

async fn one(
    reader: &Reader<'_>,
    slots: &Slots,
    environment: &str,
    type_name: &str,
    region: &str,
) -> Result<Vec<Live>, Failure> {
    let resource = known(reader, type_name)?;
    let (place, service) = (place(reader.identity, region), service_of(resource));
    let ids = patient(reader, slots, service, || resource.list(&place, environment)).await?;
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let lives = patient(reader, slots, service, || resource.read(&place, &ids)).await?;
    let ours = |live: &Live| live.ownership.get(ownership::ENVIRONMENT).is_some_and(|made_for| made_for == environment);
    Ok(lives.into_iter().flatten().filter(ours).collect())
}
