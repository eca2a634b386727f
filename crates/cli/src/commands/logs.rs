//! `groma logs`

use std::time::Duration;

use executor::Follower;
use jiff::Timestamp;
use model::{Address, state::World};
use provider::Clock;

use crate::{args::Global, exit::Exit, out::Out, session::Session};

/// Between two looks.
const PAUSE: Duration = Duration::from_secs(2);

pub(crate) async fn run(
    global: &Global,
    out: &Out,
    environment: &str,
    address: Option<&str>,
    follow: bool,
    since: Duration,
) -> Exit {
    let session = match Session::open(global, out, environment, "logs").await {
        Ok(session) => session,
        Err(problem) => return out.problem(&problem),
    };
    let address = match session.engine().running(address) {
        Ok(address) => address,
        Err(error) => return session.tell(out, error),
    };
    let begin = session.clock.now().saturating_sub(since);
    let mut follower = Follower::since(i64::try_from(begin.as_millis()).unwrap_or_default());
    loop {
        if let Err(exit) = tell(&session, out, &address, &mut follower).await {
            return exit;
        }
        if !follow {
            return Exit::Done;
        }
        tokio::select! {
            () = pause(&session) => {}
            _ = tokio::signal::ctrl_c() => return Exit::Interrupted,
        }
    }
}

async fn tell(session: &Session, out: &Out, address: &Address, follower: &mut Follower) -> Result<(), Exit> {
    let lines = session.engine().logs(address, follower.begin()).await;
    let lines = lines.map_err(|error| session.tell(out, error))?;
    for line in follower.news(lines) {
        let at = Timestamp::from_millisecond(line.at).map_or_else(|_| line.at.to_string(), |at| at.to_string());
        out.text(&format!("{at} {}: {}\n", line.source, line.message));
    }
    Ok(())
}

/// On the local cloud a wait takes no time: somebody who follows shall not keep a processor busy.
async fn pause(session: &Session) {
    session.clock.sleep(PAUSE).await;
    if session.world == World::Local {
        tokio::time::sleep(PAUSE / 10).await;
    }
}
