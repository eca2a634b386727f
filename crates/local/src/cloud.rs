//! The cloud as its users see it: a folder with a world in it, and a function from requests to responses.

use std::io;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use http::{Request, Response};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::census;
use crate::contents::Contents;
use crate::record::CallRecord;
use crate::refusal::Refusal;
use crate::service::{self, Service};
use crate::stop::Gate;
use crate::store::Store;
use crate::trouble::{self, Does, Fate, Running, Trouble, When};
use crate::wire::{self, Call, Refused};
use crate::world::{Caller, World};

/// A local cloud. One per folder and process is enough: calls may come from many threads at once, and other processes
/// may use the same folder at the same time.
#[derive(Debug)]
pub struct Cloud {
    store: Store,
    options: Options,
    held: Mutex<Contents>,
    /// Every call waits before it.
    gate: Gate,
    /// Single calls wait before it that hang.
    hung: Gate,
}

/// How a cloud is opened.
#[derive(Debug, Clone)]
pub struct Options {
    pub clock: Clock,
    /// The world's clock never stands before this. Fixed by a test, the wall clock elsewhere.
    pub start: Timestamp,
    /// Makes the ids of a new world.
    pub seed: u64,
    /// Without one the folder's `trouble.toml` counts, where there is one.
    pub trouble: Option<Trouble>,
}

/// How the world's time passes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Clock {
    /// Only by [`Cloud::advance`].
    Virtual,
    /// With the wall clock, so many times as fast.
    Wall { speed: f64 },
}

/// A request without an answer: scripted trouble cut its connection, before or after its effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the local cloud cut the connection, as its scripted trouble says")]
pub struct Lost;

impl Default for Options {
    #[expect(clippy::disallowed_methods, reason = "a new cloud begins now unless it is told otherwise")]
    fn default() -> Self {
        Self { clock: Clock::Virtual, start: Timestamp::now(), seed: 0, trouble: None }
    }
}

impl Cloud {
    /// Opens the cloud in a folder, with a clock that only [`Cloud::advance`] moves.
    ///
    /// # Errors
    ///
    /// When the folder cannot be made or read, or holds something else.
    pub fn open(folder: &Path) -> io::Result<Self> {
        Self::open_with(folder, Options::default())
    }

    /// Opens the cloud in a folder.
    ///
    /// # Errors
    ///
    /// As [`Cloud::open`]; also when the folder's `trouble.toml` is no script.
    pub fn open_with(folder: &Path, options: Options) -> io::Result<Self> {
        let store = Store::open(folder)?;
        let script = match &options.trouble {
            Some(script) => script.clone(),
            None => script_of(folder)?,
        };
        let (gate, hung) = (Gate::new(folder.join("stopped")), Gate::new(folder.join("hung")));
        let contents = Contents::new(World::new(options.seed, options.start), script);
        let cloud = Self { store, options, held: Mutex::new(contents), gate, hung };
        cloud.with(|_| ())?;
        Ok(cloud)
    }

    /// Answers one request as AWS would. Every effect is on disk before the answer.
    ///
    /// # Errors
    ///
    /// [`Lost`] only by scripted trouble.
    pub fn answer(&self, request: Request<Bytes>) -> Result<Response<Bytes>, Lost> {
        self.gate.pass()?;
        let (service, answer) = match wire::read(&request) {
            Ok(call) => (Some(call.service), self.serve(&call)),
            Err(Refused { dialect, refusal }) => {
                (dialect.service, Ok(wire::refuse(&dialect, &refusal, &self.request_id())))
            }
        };
        answer.map(|response| if service == Some(Service::S3) { self.dated(response) } else { response })
    }

    /// S3's clients read the cloud's clock in its answers.
    fn dated(&self, mut response: Response<Bytes>) -> Response<Bytes> {
        if let Ok(date) = wire::http_date(self.now()).parse() {
            response.headers_mut().insert("date", date);
        }
        response
    }

    fn serve(&self, call: &Call) -> Result<Response<Bytes>, Lost> {
        if let Err(refusal) = call.check() {
            return Ok(wire::respond(call, Err(refusal), &self.request_id()));
        }
        let (fate, count) = self.fate(call);
        match fate {
            Fate::Fine => Ok(self.carry_out(call)),
            Fate::Refused(refusal) => Ok(self.refuse(call, refusal)),
            Fate::Trouble(Does::Throttle) => Ok(self.refuse(call, trouble::throttled(call.service))),
            Fate::Trouble(Does::Fail | Does::Refuse) => Ok(self.refuse(call, trouble::failed(call.service))),
            Fate::Trouble(Does::Reset) => Err(Lost),
            Fate::Trouble(Does::Lose) => {
                self.carry_out(call);
                Err(Lost)
            }
            Fate::Trouble(Does::Hang) => {
                self.hung.stop(&format!("{} {}", call.service.name(), call.operation.name));
                self.hung.pass()?;
                Err(Lost)
            }
            Fate::Stop(when) => {
                if when == When::After {
                    self.carry_out(call);
                }
                self.gate.stop(&format!("{count} {} {}", call.service.name(), call.operation.name));
                self.gate.pass()?;
                Err(Lost)
            }
        }
    }

    /// Moves the world's clock on.
    pub fn advance(&self, by: SignedDuration) {
        let mut contents = self.contents();
        contents.run_clock(self.options.clock);
        contents.world.advance(by);
    }

    /// The same, with all that becomes due until then done and the clock saved, so that other processes live at that time too.
    ///
    /// # Errors
    ///
    /// When the folder cannot be read or written.
    pub fn pass(&self, time: SignedDuration) -> io::Result<()> {
        let mut contents = self.contents();
        let _held = self.store.hold()?;
        contents.refresh(&self.store, self.options.clock)?;
        contents.world.advance(time);
        catch_up(&mut contents.world);
        contents.save_with_clock(&self.store)
    }

    /// The world's time.
    pub fn now(&self) -> Timestamp {
        let mut contents = self.contents();
        contents.run_clock(self.options.clock);
        contents.world.now()
    }

    /// Everything that exists: by account, region and service, sorted, without secrets.
    ///
    /// # Errors
    ///
    /// When the folder cannot be read or written.
    pub fn dump(&self) -> io::Result<Value> {
        self.with(|world| {
            catch_up(world);
            census::of(world)
        })
    }

    /// Forgets everything: the world is as new, the log of calls empty.
    ///
    /// # Errors
    ///
    /// When the folder cannot be written.
    pub fn reset(&self) -> io::Result<()> {
        self.with(|world| *world = World::new(self.options.seed, world.clock))?;
        self.contents().calls.clear();
        Ok(())
    }

    /// Replaces the scripted trouble; its counts begin anew.
    pub fn script(&self, script: Trouble) {
        self.contents().trouble = Running::new(script);
    }

    /// Ends a stop: the calls that were held are lost, later ones are served.
    pub fn release(&self) {
        self.gate.release();
        self.hung.release();
    }

    /// The mutating calls this cloud has seen since it was opened, also those it refused.
    pub fn calls(&self) -> Vec<CallRecord> {
        self.contents().calls.clone()
    }

    /// Works on the world under the folder's lock, and saves what it changed.
    pub(crate) fn with<T>(&self, work: impl FnOnce(&mut World) -> T) -> io::Result<T> {
        self.within(false, work)
    }

    /// As [`Cloud::with`]; what only `reads` is not held against the saved world where nothing can have changed.
    fn within<T>(&self, reads: bool, work: impl FnOnce(&mut World) -> T) -> io::Result<T> {
        let mut contents = self.contents();
        let _held = self.store.hold()?;
        contents.refresh(&self.store, self.options.clock)?;
        let done = work(&mut contents.world);
        if !(reads && contents.is_as_compared()) {
            contents.save(&self.store)?;
        }
        Ok(done)
    }

    /// Carries out a call that the model accepts, and logs it.
    fn carry_out(&self, call: &Call) -> Response<Bytes> {
        let mut record = None;
        let reads = service::reads(&call.operation.name);
        let answer = self.within(reads, |world| {
            let caller = caller(world, call);
            let answer = call.service.call(world, &caller, &call.key, &call.operation.name, &call.input);
            record = Some(CallRecord::of(call, &caller, &answer));
            answer
        });
        let logged = record.filter(|_| !reads).map_or(Ok(()), |record| self.log(record));
        let answer = answer.and_then(|answer| logged.map(|()| answer));
        let answer = answer.unwrap_or_else(|error| Err(Refusal::internal(format!("its folder fails: {error}"))));
        wire::respond(call, answer, &self.request_id())
    }

    fn log(&self, record: CallRecord) -> io::Result<()> {
        self.store.log(&serde_json::to_string(&record)?)?;
        self.contents().calls.push(record);
        Ok(())
    }

    fn refuse(&self, call: &Call, refusal: Refusal) -> Response<Bytes> {
        wire::respond(call, Err(refusal), &self.request_id())
    }

    fn fate(&self, call: &Call) -> (Fate, u64) {
        let mut contents = self.contents();
        let fate = contents.trouble.fate(call.service, &call.operation.name);
        (fate, contents.trouble.mutating())
    }

    /// A service function that panicked may have left half of its work: then the folder's contents count.
    fn contents(&self) -> MutexGuard<'_, Contents> {
        self.held.lock().unwrap_or_else(|poisoned| {
            let mut contents = PoisonError::into_inner(poisoned);
            contents.distrust();
            self.held.clear_poison();
            contents
        })
    }

    fn request_id(&self) -> String {
        self.contents().request_id()
    }
}

fn script_of(folder: &Path) -> io::Result<Trouble> {
    let path = folder.join("trouble.toml");
    if !path.exists() {
        return Ok(Trouble::default());
    }
    let text = std::fs::read_to_string(&path)?;
    Trouble::parse(&text)
        .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, format!("{}: {error}", path.display())))
}

/// Does what has become due everywhere.
fn catch_up(world: &mut World) {
    let places: Vec<_> = world
        .accounts
        .iter()
        .flat_map(|(id, account)| account.regions.keys().map(|region| Caller::new(id, region)))
        .collect();
    places.iter().for_each(|caller| service::tick(world, caller));
}

/// An access key id of twelve digits is the account; else the account that gave the key out; else the usual one.
fn caller(world: &World, call: &Call) -> Caller {
    let is_account = call.key.len() == 12 && call.key.bytes().all(|digit| digit.is_ascii_digit());
    let given_out = || {
        world
            .accounts
            .iter()
            .find(|(_, account)| account.sts.sessions.contains_key(&call.key))
            .map(|(id, _)| id.as_str())
    };
    let account = if is_account { call.key.as_str() } else { given_out().unwrap_or("123456789012") };
    Caller::new(account, &call.region)
}
