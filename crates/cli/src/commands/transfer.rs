//! `groma state pull`, `push`, `history` and `migrate`: a whole state, taken out, put in, looked back at, moved.

use std::{fs, io, path::Path};

use jiff::Timestamp;
use model::words::count;
use model::{
    Sources,
    graph::{S3Home, StateHome},
};
use store::{
    RemoteStore, StateStore, StoreError, load,
    remote::Past,
    transfer::{self, Migrated, Mismatch},
};

use crate::{
    args::Global,
    exit::Exit,
    home::{self, Home},
    out::{Out, Problem},
    session::Session,
};

/// How many states back `history` looks.
const LOOKS_BACK: usize = 50;

fn resources(number: usize) -> String {
    count(number, "resource")
}

fn failed(error: StoreError) -> Problem {
    Problem::engine(error.into(), Sources::default())
}

pub(crate) fn pull(session: &Session, out: &Out, version: Option<&str>) -> Result<Exit, Problem> {
    let text = match version {
        Some(version) => versioned(session)?.past(version).map_err(failed)?,
        None => transfer::pull(session.home.store()).map_err(failed)?,
    };
    let Some(text) = text else {
        let detail = match version {
            Some(version) => {
                format!("{} has no version `{version}`; `groma state history` lists them", session.place())
            }
            None => format!("there is none in {} yet", session.place()),
        };
        return Err(Problem::words("no state", detail));
    };
    out.text(&text);
    Ok(Exit::Done)
}

pub(crate) fn push(session: &Session, out: &Out, file: &Path, force: bool) -> Result<Exit, Problem> {
    let unread = |error: io::Error| Problem::words("cannot read the state", format!("{}: {error}", file.display()));
    let text = if file == Path::new("-") { io::read_to_string(io::stdin()) } else { fs::read_to_string(file) };
    let mismatch = if force { Mismatch::Replace } else { Mismatch::Refuse };
    transfer::push(session.home.store(), &session.holder, &text.map_err(unread)?, mismatch).map_err(failed)?;
    let state = load(session.home.store()).map_err(failed)?.unwrap_or_default().state;
    let count = resources(state.resources.len());
    out.text(&format!("Pushed: {count}, serial {}, to {}.\n", state.serial, session.place()));
    Ok(Exit::Done)
}

pub(crate) fn history(session: &Session, out: &Out, json: bool) -> Result<Exit, Problem> {
    let remote = versioned(session)?;
    let Some(past) = remote.history(LOOKS_BACK).map_err(failed)? else {
        let detail = format!("the bucket of {} keeps no versions", remote.place());
        return Err(Problem::words("no history", detail).hint(&home::versioning(&remote.place())));
    };
    out.text(&if json { listed_as_json(&past) } else { listed(&past) });
    Ok(Exit::Done)
}

fn versioned(session: &Session) -> Result<&RemoteStore, Problem> {
    match &session.home {
        Home::S3(remote) => Ok(remote),
        Home::Files(files) => {
            let detail = format!("the state is in files, {}: they have no versions of their own", files.place());
            Err(Problem::words("no history", detail).hint("version control and backups keep theirs, and a bucket does"))
        }
    }
}

fn written(past: &Past) -> String {
    let time = i64::try_from(past.written).ok().and_then(|seconds| Timestamp::from_second(seconds).ok());
    time.map(|time| time.to_string()).unwrap_or_default()
}

fn listed(past: &[Past]) -> String {
    let mut text = format!("{:>6}  {:<20}  {:>9}  {:<9}  version\n", "serial", "written", "resources", "groma");
    for one in past {
        let (time, by, version) = (written(one), &one.written_by, &one.version);
        text.push_str(&format!("{:>6}  {time:<20}  {:>9}  {by:<9}  {version}\n", one.serial, one.resources));
    }
    text.push_str("`groma state pull ENV --version VERSION` shows one of them.\n");
    text
}

fn listed_as_json(past: &[Past]) -> String {
    let one = |past: &Past| {
        serde_json::json!({
            "serial": past.serial,
            "written": written(past),
            "resources": past.resources,
            "written_by": past.written_by,
            "version": past.version,
        })
    };
    let list: Vec<_> = past.iter().map(one).collect();
    format!("{:#}\n", serde_json::Value::from(list))
}

/// Moves the state to where `[state]` says it is.
pub(crate) async fn migrate(
    global: &Global,
    session: &Session,
    out: &Out,
    from: Option<&str>,
    auto_approve: bool,
) -> Result<Exit, Problem> {
    let source = source(global, session, from).await?;
    let (from, to) = (source.store(), session.home.store());
    let loaded = load(from).map_err(failed)?;
    let Some(loaded) = loaded else { return Err(failed(StoreError::NothingToMove { place: from.place() })) };
    let count = resources(loaded.state.resources.len());
    out.text(&format!("{count}, from {} to {}\n", from.place(), to.place()));
    if !auto_approve {
        match out.ask(&format!("Move the state of `{}`?", session.loaded.name)) {
            Some(true) => {}
            Some(false) => return Ok(Exit::Failed),
            None => return Ok(out.nobody("state migrate")),
        }
    }
    let Migrated { resources: count, same_key } = transfer::migrate(from, to, &session.holder).map_err(failed)?;
    out.text(&format!(
        "Moved: both held the same {}, outputs and open calls before {} was put aside.\n",
        resources(count),
        from.place()
    ));
    if !same_key {
        out.progress(
            "The new place has a fingerprint key of its own: every secret counts as changed once, and is sent again.",
        );
    }
    Ok(Exit::Done)
}

/// Where the state is now: where it was told, where the old place says it went, or in files.
async fn source(global: &Global, session: &Session, from: Option<&str>) -> Result<Home, Problem> {
    let loaded = &session.loaded;
    let gone = match session.home.store().read() {
        Err(StoreError::Moved { to, .. }) => Some(to),
        _ => None,
    };
    let place = from.map(str::to_owned).or_else(|| gone.filter(|to| to.starts_with("s3://")));
    match (place, loaded.state_home()) {
        (Some(place), _) => {
            let home = parsed(&place, &loaded.settings().region)?;
            Ok(Home::S3(home::in_s3(loaded, &home, &session.clock).await?))
        }
        (None, StateHome::S3(_)) => Ok(Home::Files(home::in_files(global, loaded, session.world))),
        (None, _) => {
            let detail = "`[state]` says files, and nothing says where the state is now";
            Err(Problem::words("nothing to move", detail)
                .hint("name the place: --from s3://BUCKET/KEY, with ?region=REGION where it is another region"))
        }
    }
}

/// `s3://BUCKET/KEY?region=REGION`
fn parsed(place: &str, region: &str) -> Result<S3Home, Problem> {
    let (path, region) = place.split_once("?region=").unwrap_or((place, region));
    let parts = path.strip_prefix("s3://").and_then(|path| path.split_once('/'));
    let Some((bucket, key)) = parts.filter(|(bucket, key)| !bucket.is_empty() && !key.is_empty()) else {
        return Err(Problem::words("not a place of a state", format!("`{place}` is not s3://BUCKET/KEY")));
    };
    Ok(S3Home { bucket: bucket.to_owned(), key: key.trim_end_matches('/').to_owned(), region: region.to_owned() })
}
