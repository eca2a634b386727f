//! The courses that operations take when all goes well.
//!
//! The offsets reproduce measured times: an image service is created in about 240 s, updated or deployed in 150 s,
//! deleted in 90 s, paused or resumed in 60 s.

use serde::{Deserialize, Serialize};

use super::blocks::Configuration;
use super::operations::Kind;

/// A moment of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Phase {
    Begin,
    Pull,
    Pulled,
    Build,
    Provision,
    CheckHealth,
    Healthy,
    Routed,
    Finish,
    /// The program ended.
    Crashed,
    Fail,
    RolledBack,
}

/// The phases of an operation that goes well.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Route {
    CreateFromImage,
    CreateFromCode,
    DeployImage,
    DeployCode,
    /// New settings for the image that runs already.
    Configure,
    Resume,
    /// Pause and delete end after this many seconds.
    Stop(i64),
}

impl Route {
    pub fn of(kind: Kind, wanted: &Configuration, previous: Option<&Configuration>) -> Route {
        let code = wanted.source.code_repository.is_some();
        match (kind, code) {
            (Kind::CreateService, false) => Route::CreateFromImage,
            (Kind::CreateService, true) => Route::CreateFromCode,
            (Kind::UpdateService, _) if previous.is_some_and(|previous| same_artifact(previous, wanted)) => {
                Route::Configure
            }
            (Kind::UpdateService | Kind::StartDeployment, false) => Route::DeployImage,
            (Kind::UpdateService | Kind::StartDeployment, true) => Route::DeployCode,
            (Kind::ResumeService, _) => Route::Resume,
            (Kind::PauseService, _) => Route::Stop(60),
            (Kind::DeleteService, _) => Route::Stop(90),
        }
    }

    /// Each phase with its seconds after the start.
    #[rustfmt::skip]
    pub(super) fn stops(self) -> Vec<(Phase, i64)> {
        use Phase::{Begin, Build, CheckHealth, Finish, Healthy, Provision, Pull, Pulled, Routed};
        match self {
            Route::CreateFromImage => vec![
                (Begin, 3), (Pull, 20), (Pulled, 100),
                (Provision, 111), (CheckHealth, 121), (Healthy, 190), (Routed, 225), (Finish, 240),
            ],
            Route::CreateFromCode => vec![
                (Begin, 3), (Pull, 20), (Pulled, 28), (Build, 40),
                (Provision, 420), (CheckHealth, 430), (Healthy, 500), (Routed, 525), (Finish, 540),
            ],
            Route::DeployImage => vec![
                (Begin, 3), (Pull, 8), (Pulled, 50),
                (Provision, 60), (CheckHealth, 70), (Healthy, 110), (Routed, 135), (Finish, 150),
            ],
            Route::DeployCode => vec![
                (Begin, 3), (Pull, 8), (Pulled, 16), (Build, 28),
                (Provision, 300), (CheckHealth, 310), (Healthy, 360), (Routed, 385), (Finish, 400),
            ],
            Route::Configure => vec![
                (Begin, 3), (Provision, 11), (CheckHealth, 20), (Healthy, 58), (Routed, 135), (Finish, 150),
            ],
            Route::Resume => vec![
                (Begin, 3), (Provision, 8), (CheckHealth, 18), (Healthy, 40), (Routed, 52), (Finish, 60),
            ],
            Route::Stop(seconds) => vec![(Begin, 3), (Finish, seconds)],
        }
    }
}

/// An update pulls or builds again only when it names another image or changes the code source.
fn same_artifact(previous: &Configuration, wanted: &Configuration) -> bool {
    let image = |configuration: &Configuration| {
        configuration.source.image_repository.as_ref().map(|image| image.image_identifier.clone())
    };
    image(previous) == image(wanted) && previous.source.code_repository == wanted.source.code_repository
}
