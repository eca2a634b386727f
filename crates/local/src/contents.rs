//! What a cloud holds in memory, and how that stays one with its folder.

use std::io;
use std::time::Instant;

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use crate::cloud::Clock;
use crate::record::CallRecord;
use crate::store::{Stamp, Store};
use crate::trouble::{Running, Trouble};
use crate::world::World;

#[derive(Debug)]
pub(crate) struct Contents {
    pub(crate) world: World,
    pub(crate) trouble: Running,
    pub(crate) calls: Vec<CallRecord>,
    /// The world as the folder holds it, with its clock then.
    saved: Vec<u8>,
    saved_clock: Timestamp,
    /// The clock and the count of ids when the world was last as `saved`.
    compared: Option<(Timestamp, u64)>,
    stamp: Option<Stamp>,
    /// When the world's clock last stood at `world.clock`, for a clock that runs.
    since: Instant,
    requests: u64,
}

impl Contents {
    #[expect(clippy::disallowed_methods, reason = "a served cloud has its own clock: it plays AWS")]
    pub(crate) fn new(world: World, script: Trouble) -> Self {
        Self {
            saved_clock: world.clock,
            world,
            trouble: Running::new(script),
            calls: Vec::new(),
            saved: Vec::new(),
            compared: None,
            stamp: None,
            since: Instant::now(),
            requests: 0,
        }
    }

    /// Reads the folder again where another process has written it, and brings the clock up to date.
    pub(crate) fn refresh(&mut self, store: &Store, clock: Clock) -> io::Result<()> {
        let stamp = store.stamp()?;
        if stamp != self.stamp {
            let now = self.world.clock;
            // Contents that somebody has removed are as new.
            self.world = if stamp.is_some() { store.load()? } else { World::new(self.world.seed, now) };
            self.stamp = stamp;
            self.compared = None;
            self.saved_clock = self.world.clock;
            self.saved = if stamp.is_some() { packed(&self.world) } else { Vec::new() };
            self.world.clock = self.world.clock.max(now);
        }
        self.world.settings = self.trouble.settings();
        self.run_clock(clock);
        Ok(())
    }

    #[expect(clippy::disallowed_methods, reason = "a served cloud has its own clock: it plays AWS")]
    pub(crate) fn run_clock(&mut self, clock: Clock) {
        let now = Instant::now();
        if let Clock::Wall { speed } = clock {
            let passed = now.duration_since(self.since).as_secs_f64() * speed;
            self.world.clock += SignedDuration::from_secs_f64(passed);
        }
        self.since = now;
    }

    /// Whether a call that only reads can have changed anything since the world was last held against what is saved: neither
    /// its clock has moved nor was an id given out. Spares a thousand reads a thousand comparisons of the whole world.
    pub(crate) fn is_as_compared(&self) -> bool {
        self.stamp.is_some() && self.compared == Some((self.world.clock, self.world.ids))
    }

    /// Writes the world if more than its clock has changed.
    pub(crate) fn save(&mut self, store: &Store) -> io::Result<()> {
        let clock = std::mem::replace(&mut self.world.clock, self.saved_clock);
        let unchanged = packed(&self.world) == self.saved;
        self.world.clock = clock;
        if unchanged {
            self.compared = Some((clock, self.world.ids));
            return Ok(());
        }
        let text = packed(&self.world);
        // Until the new contents are safe in the folder, the folder's count.
        self.distrust();
        self.stamp = Some(store.save(&text)?);
        self.saved = text;
        self.saved_clock = clock;
        self.compared = Some((clock, self.world.ids));
        Ok(())
    }

    /// Writes the world even where nothing but its clock has changed.
    pub(crate) fn save_with_clock(&mut self, store: &Store) -> io::Result<()> {
        self.saved.clear();
        self.save(store)
    }

    /// What is in memory may be wrong: the folder's contents count.
    pub(crate) fn distrust(&mut self) {
        self.stamp = None;
    }

    /// The same in every run that makes the same requests.
    pub(crate) fn request_id(&mut self) -> String {
        self.requests += 1;
        let digest = Sha256::digest(format!("request {} {} {}", self.world.seed, self.world.ids, self.requests));
        let hex: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
    }
}

fn packed(world: &World) -> Vec<u8> {
    serde_json::to_vec(world).expect("a world is plain values with text keys")
}
