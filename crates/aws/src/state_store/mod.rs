//! The state of a team: its objects in S3, the key of its fingerprints in the Parameter Store.
//!
//! It has a client, credentials and a thread of its own: a run that waits for its journal to be written stands still, and
//! nothing it has begun may be needed for that to end.

mod keys;
mod objects;
mod server_date;
#[cfg(test)]
mod tests;
mod told;
mod worker;

use std::{sync::Arc, time::Duration};

use aws_config::{retry::RetryConfig, timeout::TimeoutConfig};
use model::graph::S3Home;
use store::remote::{Keys, Objects};

use self::{keys::ParameterKey, objects::S3Objects, worker::Worker};
use crate::{Client, Options};

/// All attempts of one request end within this: less than the margin of a lease (`store::remote::Terms`).
const REQUEST: Duration = Duration::from_secs(25);

const ATTEMPT: Duration = Duration::from_secs(10);

/// The way to a state; nothing is asked for yet.
///
/// # Errors
/// The system gives no thread.
pub async fn connect(options: Options, home: S3Home) -> std::io::Result<(Box<dyn Objects>, Box<dyn Keys>)> {
    let client = Client::connect(options).await;
    let worker = Arc::new(Worker::start()?);
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(3))
        .operation_attempt_timeout(ATTEMPT)
        .operation_timeout(REQUEST)
        .build();
    let retries = RetryConfig::standard().with_max_attempts(3).with_max_backoff(Duration::from_secs(2));
    let config = client.config.to_builder().timeout_config(timeouts).retry_config(retries).build();
    let region = aws_config::Region::new(home.region.clone());
    let s3 = aws_sdk_s3::config::Builder::from(&config)
        .region(region.clone())
        // An endpoint that is not AWS's rarely has a name for each bucket.
        .force_path_style(client.endpoint().is_some())
        .build();
    let ssm = aws_sdk_ssm::config::Builder::from(&config).region(region).build();
    let key = ParameterKey::new(aws_sdk_ssm::Client::from_conf(ssm), &home, Arc::clone(&worker));
    let objects = S3Objects::new(aws_sdk_s3::Client::from_conf(s3), home, worker);
    Ok((Box::new(objects), Box::new(key)))
}
