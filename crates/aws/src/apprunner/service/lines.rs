//! What a service logs: App Runner's own words and the application's.

use aws_sdk_apprunner::types::Service;
use provider::{Failure, LogLine, Place};

use crate::{
    calls::absent,
    client::{Attempts, Client},
    failure::failure,
};

const SOURCES: [&str; 2] = ["service", "application"];

/// The lines of both logs from a time on; a log that is not there yet has none.
pub(super) async fn since(
    client: &Client,
    place: &Place,
    service: &Service,
    since: i64,
) -> Result<Vec<LogLine>, Failure> {
    let mut lines = Vec::new();
    for source in SOURCES {
        let group = format!("/aws/apprunner/{}/{}/{source}", service.service_name(), service.service_id());
        let search = client.logs(&place.region, Attempts::Repeat).filter_log_events().log_group_name(group);
        let mut pages = search.start_time(since).into_paginator().send();
        while let Some(page) = pages.next().await {
            let page = absent(page.map_err(|error| failure("logs:FilterLogEvents", error)))?;
            let Some(page) = page else { break };
            lines.extend(page.events.unwrap_or_default().into_iter().map(|event| LogLine {
                id: format!("{source}/{}", event.event_id.unwrap_or_default()),
                at: event.timestamp.unwrap_or_default(),
                source: source.to_owned(),
                message: event.message.unwrap_or_default().trim_end().to_owned(),
            }));
        }
    }
    Ok(lines)
}
