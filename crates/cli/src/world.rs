//! Which world a run belongs to, and the way into it.

use std::{io, path::Path, sync::Arc};

use aws::{
    Client,
    client::{Options, Transport},
    door::SharedDoor,
};
use local::{Cloud, cloud};
use model::{graph::Settings, state::World};

use crate::clock::RunClock;

/// The account of the local cloud when none is pinned.
pub(crate) const LOCAL_ACCOUNT: &str = "123456789012";

/// A client with the world it reaches and the clock that goes with it.
pub(crate) struct Reached {
    pub(crate) world: World,
    pub(crate) client: Client,
    pub(crate) clock: RunClock,
}

/// The folder of the project's local cloud.
pub(crate) fn cloud_folder(project: &Path) -> std::path::PathBuf {
    project.join(".groma").join("cloud")
}

/// The local cloud in this process, with the images that the environment expects.
pub(crate) async fn local(
    project: &Path,
    environment: &str,
    settings: &Settings,
    speed: Option<f64>,
) -> io::Result<Reached> {
    let clock = speed.map_or(cloud::Clock::Virtual, |speed| cloud::Clock::Wall { speed });
    let options = cloud::Options { clock, ..cloud::Options::default() };
    let cloud = Arc::new(Cloud::open_with(&cloud_folder(project), options)?);
    let account = settings.account.clone().unwrap_or_else(|| LOCAL_ACCOUNT.to_owned());
    cloud.expect_images(environment, &account, &settings.region, &settings.local_images).map_err(io::Error::other)?;
    let door = Arc::clone(&cloud);
    let door = SharedDoor(Arc::new(move |request| door.answer(request).ok()));
    let clock = match speed {
        Some(speed) => RunClock::Fast(cloud, speed),
        None => RunClock::moving(cloud),
    };
    let options = Options { region: settings.region.clone(), transport: Transport::Door { door, account } };
    Ok(Reached { world: World::Local, client: Client::connect(options).await, clock })
}

/// AWS, or what stands at the endpoint that the environment or the profile names.
///
/// # Errors
/// One service has an endpoint of its own that is not AWS's, and the others do not; AWS is to be sped up.
pub(crate) async fn network(settings: &Settings, speed: Option<f64>) -> Result<Reached, String> {
    let client = Client::connect(Options { region: settings.region.clone(), transport: transport(settings) }).await;
    let elsewhere = client.endpoint().is_some_and(is_elsewhere);
    let world = if elsewhere { World::Endpoint } else { World::Aws };
    let single = std::env::vars().find(|(name, url)| name.starts_with("AWS_ENDPOINT_URL_") && is_elsewhere(url));
    match single {
        Some((name, _)) if world == World::Aws => {
            Err(format!("{name} points to something that is not AWS, and AWS_ENDPOINT_URL is not set"))
        }
        _ if world == World::Aws && speed.is_some() => {
            Err("`--local-speed` is for the local cloud: with `--local`, or beside `groma local serve`".to_owned())
        }
        _ => Ok(Reached { world, client, clock: speed.map_or(RunClock::Wall, RunClock::served) }),
    }
}

/// Over the network, as whom the environment says.
pub(crate) fn transport(settings: &Settings) -> Transport {
    Transport::Network { profile: settings.profile.clone(), assume_role: settings.assume_role.clone() }
}

/// Whether the host is not one of AWS's.
fn is_elsewhere(url: &str) -> bool {
    let host = url.split("://").last().unwrap_or(url).split(['/', ':']).next().unwrap_or_default();
    !["amazonaws.com", "amazonaws.com.cn", "api.aws"]
        .iter()
        .any(|own| host == *own || host.ends_with(&format!(".{own}")))
}

#[cfg(test)]
mod tests {
    use super::is_elsewhere;

    #[test]
    fn hosts_of_aws_are_known() {
        for own in ["https://ecr.us-east-1.amazonaws.com", "https://sts.cn-north-1.amazonaws.com.cn/x"] {
            assert!(!is_elsewhere(own), "{own}");
        }
        for other in ["http://127.0.0.1:4580", "https://amazonaws.com.example.org", "http://localhost"] {
            assert!(is_elsewhere(other), "{other}");
        }
    }
}
