//! The cloud as its users see it: a folder with a world in it, and a function from requests to responses.

use std::io;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use bytes::Bytes;
use http::{Request, Response};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::census;
use crate::refusal::{Answer, Refusal};
use crate::service;
use crate::stop::Gate;
use crate::store::{Stamp, Store};
use crate::trouble::{self, Does, Fate, Running, Trouble, When};
use crate::wire::{self, Call};
use crate::world::{Caller, World};

/// A local cloud. One per folder and process is enough: calls may come from many threads at once, and other processes
/// may use the same folder at the same time.
#[derive(Debug)]
pub struct Cloud {
    store: Store,
    options: Options,
    held: Mutex<Contents>,
    gate: Gate,
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

/// One mutating call, as the cloud saw it. Never a secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CallRecord {
    pub service: &'static str,
    pub operation: &'static str,
    /// What the call is about: a name or an ARN.
    pub identity: String,
    pub account: String,
    pub region: String,
    /// `ok`, or the code of the refusal.
    pub outcome: String,
}

#[derive(Debug)]
struct Contents {
    world: World,
    /// The world as the folder holds it, with its clock then.
    saved: Vec<u8>,
    saved_clock: Timestamp,
    stamp: Option<Stamp>,
    /// When the world's clock last stood at `world.clock`, for a clock that runs.
    since: Instant,
    trouble: Running,
    calls: Vec<CallRecord>,
    requests: u64,
}

impl Default for Options {
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
        let gate = Gate::new(folder);
        let contents = Contents {
            world: World::new(options.seed, options.start),
            saved: Vec::new(),
            saved_clock: options.start,
            stamp: None,
            since: Instant::now(),
            trouble: Running::new(script),
            calls: Vec::new(),
            requests: 0,
        };
        let cloud = Self { store, options, held: Mutex::new(contents), gate };
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
        let call = match wire::read(&request) {
            Ok(call) => call,
            Err(refused) => return Ok(wire::refuse(&refused.dialect, &refused.refusal, &self.request_id())),
        };
        if let Err(refusal) = call.check() {
            return Ok(wire::respond(&call, Err(refusal), &self.request_id()));
        }
        let (fate, count) = self.fate(&call);
        match fate {
            Fate::Fine => Ok(self.carry_out(&call)),
            Fate::Trouble(Does::Throttle) => Ok(self.refuse(&call, trouble::throttled(call.service))),
            Fate::Trouble(Does::Fail) => Ok(self.refuse(&call, trouble::failed())),
            Fate::Trouble(Does::Reset) => Err(Lost),
            Fate::Trouble(Does::Lose) => {
                self.carry_out(&call);
                Err(Lost)
            }
            Fate::Stop(when) => {
                if when == When::After {
                    self.carry_out(&call);
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
        self.run_clock(&mut contents);
        contents.world.advance(by);
    }

    /// The world's time.
    pub fn now(&self) -> Timestamp {
        let mut contents = self.contents();
        self.run_clock(&mut contents);
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
    }

    /// The mutating calls this cloud has seen since it was opened, also those it refused.
    pub fn calls(&self) -> Vec<CallRecord> {
        self.contents().calls.clone()
    }

    /// Works on the world under the folder's lock, and saves what it changed.
    pub(crate) fn with<T>(&self, work: impl FnOnce(&mut World) -> T) -> io::Result<T> {
        let mut contents = self.contents();
        let _held = self.store.hold()?;
        self.refresh(&mut contents)?;
        let done = work(&mut contents.world);
        self.save(&mut contents)?;
        Ok(done)
    }

    /// Carries out a call that the model accepts, and logs it.
    fn carry_out(&self, call: &Call) -> Response<Bytes> {
        let mut asked = None;
        let answer = self.with(|world| {
            let caller = caller(world, call);
            let answer = call.service.call(world, &caller, &call.key, &call.operation.name, &call.input);
            asked = Some(caller);
            answer
        });
        let answer = answer.unwrap_or_else(|error| Err(Refusal::internal(format!("its folder fails: {error}"))));
        if let Some(caller) = asked {
            self.record(call, caller, &answer);
        }
        wire::respond(call, answer, &self.request_id())
    }

    fn refuse(&self, call: &Call, refusal: Refusal) -> Response<Bytes> {
        wire::respond(call, Err(refusal), &self.request_id())
    }

    fn record(&self, call: &Call, caller: Caller, answer: &Answer) {
        if service::reads(&call.operation.name) {
            return;
        }
        let outcome = answer.as_ref().err().map_or("ok", |refusal| &refusal.code).to_owned();
        self.contents().calls.push(CallRecord {
            service: call.service.name(),
            operation: &call.operation.name,
            identity: call.identity(),
            account: caller.account,
            region: caller.region,
            outcome,
        });
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
            contents.stamp = None;
            self.held.clear_poison();
            contents
        })
    }

    /// Reads the folder again where another process has written it, and brings the clock up to date.
    fn refresh(&self, contents: &mut Contents) -> io::Result<()> {
        let stamp = self.store.stamp()?;
        if stamp.is_some() && stamp != contents.stamp {
            let now = contents.world.clock;
            contents.world = self.store.load()?;
            contents.stamp = stamp;
            contents.saved_clock = contents.world.clock;
            contents.saved = packed(&contents.world);
            contents.world.clock = contents.world.clock.max(now);
        }
        contents.world.settings = contents.trouble.settings();
        self.run_clock(contents);
        Ok(())
    }

    fn run_clock(&self, contents: &mut Contents) {
        let now = Instant::now();
        if let Clock::Wall { speed } = self.options.clock {
            let passed = now.duration_since(contents.since).as_secs_f64() * speed;
            contents.world.clock += SignedDuration::from_secs_f64(passed);
        }
        contents.since = now;
    }

    /// Writes the world if more than its clock has changed.
    fn save(&self, contents: &mut Contents) -> io::Result<()> {
        let clock = std::mem::replace(&mut contents.world.clock, contents.saved_clock);
        let unchanged = packed(&contents.world) == contents.saved;
        contents.world.clock = clock;
        if unchanged {
            return Ok(());
        }
        let text = packed(&contents.world);
        // Until the new contents are safe in the folder, the folder's count.
        contents.stamp = None;
        contents.stamp = Some(self.store.save(&text)?);
        contents.saved = text;
        contents.saved_clock = clock;
        Ok(())
    }

    /// The same in every run that makes the same requests.
    fn request_id(&self) -> String {
        let mut contents = self.contents();
        contents.requests += 1;
        let digest =
            Sha256::digest(format!("request {} {} {}", contents.world.seed, contents.world.ids, contents.requests));
        let hex: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
    }
}

fn packed(world: &World) -> Vec<u8> {
    serde_json::to_vec(world).expect("a world is plain values with text keys")
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
