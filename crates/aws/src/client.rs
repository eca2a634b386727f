//! The SDK's clients: one configuration, one client for each service, region and way of repeating.

use std::{collections::BTreeMap, sync::Mutex, time::Duration};

use aws_config::{
    AppName, BehaviorVersion, ConfigLoader, Region, SdkConfig, retry::RetryConfig, sts::AssumeRoleProvider,
    timeout::TimeoutConfig,
};
use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};

use crate::door::{Door, SharedDoor};

/// Where calls go and with whose credentials.
#[derive(Debug, Clone)]
pub struct Options {
    pub region: String,
    pub transport: Transport,
}

/// The two ways a call can take.
#[derive(Debug, Clone)]
pub enum Transport {
    /// Over the network, with the SDK's own chain of credentials and endpoints.
    Network { profile: Option<String>, assume_role: Option<String> },
    /// Into a function of this process. The account is also the access key id, which is how the local cloud knows it.
    Door { door: SharedDoor, account: String },
}

/// The SDK's configuration and the clients made from it.
#[derive(Debug)]
pub struct Client {
    pub(crate) config: SdkConfig,
    patience: Patience,
    ecr: Regional<aws_sdk_ecr::Client>,
    sts: Regional<aws_sdk_sts::Client>,
    iam: Regional<aws_sdk_iam::Client>,
    dynamodb: Regional<aws_sdk_dynamodb::Client>,
    logs: Regional<aws_sdk_cloudwatchlogs::Client>,
    apprunner: Regional<aws_sdk_apprunner::Client>,
    ec2: Regional<aws_sdk_ec2::Client>,
    rds: Regional<aws_sdk_rds::Client>,
    secretsmanager: Regional<aws_sdk_secretsmanager::Client>,
    ssm: Regional<aws_sdk_ssm::Client>,
}

/// How often the SDK may send one call.
///
/// The SDK resends timeouts and 5xx of any operation, which would create things twice; so calls that must not be
/// repeated are sent once, and the executor decides what comes next (`semantics.md` 4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Attempts {
    /// Reads, and mutating calls that change nothing the second time.
    Repeat,
    /// Everything else.
    Once,
}

/// How long the SDK repeats a call by itself.
#[derive(Debug, Clone, Copy)]
struct Patience {
    tries: u32,
    /// Between two of them.
    longest_pause: Duration,
}

impl Patience {
    /// Seven seconds at most: the executor tries what failed in passing again, and says so.
    const NETWORK: Self = Self { tries: 4, longest_pause: Duration::from_secs(20) };
    /// The time there is not ours to wait for: whoever asked goes on by the clock of the run.
    const DOOR: Self = Self { tries: 8, longest_pause: Duration::from_millis(1) };
}

impl Attempts {
    fn retries(self, patience: Patience) -> RetryConfig {
        match self {
            // Never `adaptive`: one throttled call would cost twenty seconds.
            Self::Repeat => {
                RetryConfig::standard().with_max_attempts(patience.tries).with_max_backoff(patience.longest_pause)
            }
            Self::Once => RetryConfig::disabled(),
        }
    }
}

/// Clients of one service, made when they are first used.
struct Regional<C> {
    made: Mutex<BTreeMap<(String, Attempts), C>>,
}

impl<C> Default for Regional<C> {
    fn default() -> Self {
        Self { made: Mutex::default() }
    }
}

impl<C> std::fmt::Debug for Regional<C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Regional")
    }
}

impl<C: Clone> Regional<C> {
    fn get(&self, region: &str, attempts: Attempts, make: impl FnOnce() -> C) -> C {
        let mut made = self.made.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        made.entry((region.to_owned(), attempts)).or_insert_with(make).clone()
    }
}

macro_rules! services {
    ($($service:ident: $crate_name:ident),+ $(,)?) => {
        impl Client {
            $(
                /// The service's client for reads and repeatable calls, or for calls that are sent once.
                pub fn $service(&self, region: &str, attempts: Attempts) -> $crate_name::Client {
                    self.$service.get(region, attempts, || {
                        let config = $crate_name::config::Builder::from(&self.config)
                            .region(Region::new(region.to_owned()))
                            .retry_config(attempts.retries(self.patience))
                            .build();
                        $crate_name::Client::from_conf(config)
                    })
                }
            )+
        }
    };
}

services! {
    ecr: aws_sdk_ecr,
    sts: aws_sdk_sts,
    iam: aws_sdk_iam,
    dynamodb: aws_sdk_dynamodb,
    logs: aws_sdk_cloudwatchlogs,
    apprunner: aws_sdk_apprunner,
    ec2: aws_sdk_ec2,
    rds: aws_sdk_rds,
    secretsmanager: aws_sdk_secretsmanager,
    ssm: aws_sdk_ssm,
}

impl Client {
    /// Makes the configuration. Over the network this reads the environment and profile files, and calls nothing yet.
    pub async fn connect(options: Options) -> Self {
        match options.transport {
            Transport::Network { profile, assume_role } => {
                Self::new(network(options.region, profile, assume_role).await, Patience::NETWORK)
            }
            Transport::Door { door, account } => Self::new(in_process(options.region, door, &account), Patience::DOOR),
        }
    }

    fn new(config: SdkConfig, patience: Patience) -> Self {
        Self {
            config,
            patience,
            ecr: Regional::default(),
            sts: Regional::default(),
            iam: Regional::default(),
            dynamodb: Regional::default(),
            logs: Regional::default(),
            apprunner: Regional::default(),
            ec2: Regional::default(),
            rds: Regional::default(),
            secretsmanager: Regional::default(),
            ssm: Regional::default(),
        }
    }

    /// The endpoint that replaces AWS's for every service, from `AWS_ENDPOINT_URL` or the profile.
    pub fn endpoint(&self) -> Option<&str> {
        self.config.endpoint_url()
    }
}

/// All attempts of one call end within the margin that a run leaves of its lease on a state (`store::remote::Terms`): nothing
/// is sent after it. The executor asks again, under a lease that it has renewed.
const CALL: Duration = Duration::from_secs(30);

fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(3))
        .operation_attempt_timeout(CALL)
        .operation_timeout(CALL)
        .build()
}

fn loader(region: String) -> ConfigLoader {
    let name = AppName::new("groma").expect("a plain word is a valid name");
    aws_config::defaults(BehaviorVersion::latest())
        .region(Region::new(region))
        .timeout_config(timeouts())
        .app_name(name)
}

async fn network(region: String, profile: Option<String>, assume_role: Option<String>) -> SdkConfig {
    let mut loader = loader(region.clone());
    if let Some(profile) = profile {
        loader = loader.profile_name(profile);
    }
    let config = loader.load().await;
    let Some(role) = assume_role else { return config };
    let provider = AssumeRoleProvider::builder(role)
        .session_name("groma")
        .region(Region::new(region))
        .configure(&config)
        .build()
        .await;
    config.into_builder().credentials_provider(SharedCredentialsProvider::new(provider)).build()
}

/// Nothing of the environment may reach a run on the local cloud, so the configuration is made by hand.
fn in_process(region: String, door: SharedDoor, account: &str) -> SdkConfig {
    let credentials = Credentials::from_keys(account, "local", None);
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(region))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .http_client(Door::client(door))
        .sleep_impl(aws_smithy_async::rt::sleep::SharedAsyncSleep::new(aws_smithy_async::rt::sleep::TokioSleep::new()))
        .time_source(aws_smithy_async::time::SystemTimeSource::new())
        .timeout_config(timeouts())
        .build()
}
