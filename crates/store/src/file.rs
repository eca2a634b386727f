//! The state in a folder of the project: `.groma/<environment>/<world>/`.

use std::{
    fs::TryLockError,
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use model::{
    fault::{Fault, is_planted},
    state::World,
};

use crate::{
    Entry, Holder, LockedStore, Salvage, StateStore, StoreError, Stored, codec,
    disk::{Disk, DiskFile, RealDisk},
    moved::Moved,
};

const STATE: &str = "state.json";
const JOURNAL: &str = "journal.jsonl";
const LOCK: &str = "lock";
/// Tells where the state has gone.
const MOVED: &str = "moved.json";
/// The state as it was when it moved.
const ASIDE: &str = "state.json.moved";
const KEY: &str = "fingerprint.key";
const KEY_LENGTH: usize = 32;

/// What version control must not see; the state itself may be kept there.
const IGNORED: &str = "cloud/\n*/*/lock\n*/*/fingerprint.key\n*/*/journal.jsonl\n";

/// How often a taker looks again: a reader that asks for the holder has the lock for an instant.
const TRIES: u32 = 4;
const BETWEEN_TRIES: Duration = Duration::from_millis(15);

/// A folder with state, journal, lock and fingerprint key.
#[derive(Debug, Clone)]
pub struct FileStore {
    disk: Arc<dyn Disk>,
    root: PathBuf,
    folder: PathBuf,
}

impl FileStore {
    /// The store of one environment in one world. Nothing is made before something is written.
    pub fn open(project: &Path, environment: &str, world: World) -> Self {
        Self::on(Arc::new(RealDisk), project, environment, world)
    }

    /// The same on another disk than this machine's.
    pub fn on(disk: Arc<dyn Disk>, project: &Path, environment: &str, world: World) -> Self {
        let root = project.join(".groma");
        let folder = root.join(environment).join(world.as_str());
        Self { disk, root, folder }
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Makes the folder, for nobody else's eyes, and tells version control what to leave out.
    fn make(&self) -> Result<(), StoreError> {
        if self.disk.is_folder(&self.folder) {
            return Ok(());
        }
        self.disk.make_folder(&self.folder).map_err(io_error("make the folder", &self.folder))?;
        let ignore = self.root.join(".gitignore");
        if !self.disk.exists(&ignore) {
            self.disk.write(&ignore, IGNORED.as_bytes()).map_err(io_error("write", &ignore))?;
        }
        self.sync_folders().map_err(io_error("write", &self.folder))
    }

    fn sync_folders(&self) -> io::Result<()> {
        for at in self.folder.ancestors().take_while(|at| at.starts_with(&self.root)) {
            self.disk.sync_folder(at)?;
        }
        self.root.parent().map_or(Ok(()), |project| self.disk.sync_folder(project))
    }

    /// What is in a file; nothing when it is not there.
    fn contents(&self, path: &Path) -> Result<Option<Vec<u8>>, StoreError> {
        match self.disk.read(path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(StoreError::Io { doing: "read", path: path.to_owned(), source }),
        }
    }

    /// Who the lock's file says holds it; an unreadable introduction is nobody in particular.
    fn introduced(&self, path: &Path) -> Holder {
        self.disk.read(path).ok().and_then(|text| serde_json::from_slice(&text).ok()).unwrap_or_default()
    }
}

impl StateStore for FileStore {
    fn place(&self) -> String {
        self.folder.display().to_string()
    }

    /// The state is read before and after the journal: a writer in between is noticed by its serial.
    fn read(&self) -> Result<Option<(Stored, Vec<Entry>)>, StoreError> {
        let (state, journal) = (self.path(STATE), self.path(JOURNAL));
        let mut before = self.contents(&state)?;
        loop {
            let lines = self.contents(&journal)?.unwrap_or_default();
            let after = self.contents(&state)?;
            if before != after {
                before = after;
                continue;
            }
            let entries = codec::decode_entries(&journal.display().to_string(), &lines)?;
            let Some(text) = before else {
                self.not_moved()?;
                let missing = StoreError::MissingState { place: self.place() };
                return if entries.is_empty() { Ok(None) } else { Err(missing) };
            };
            let place = state.display().to_string();
            let stored = codec::decode_state(&place, &String::from_utf8_lossy(&text))?;
            return Ok(Some((stored, entries)));
        }
    }

    fn lock(&self, holder: &Holder) -> Result<Box<dyn LockedStore + '_>, StoreError> {
        self.make()?;
        let path = self.path(LOCK);
        let mut file = self.disk.open(&path).map_err(io_error("open", &path))?;
        for attempt in 1.. {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::Error(source)) => return Err(StoreError::Io { doing: "lock", path, source }),
                Err(TryLockError::WouldBlock) if is_planted(Fault::LockIgnored) => break,
                Err(TryLockError::WouldBlock) if attempt < TRIES => self.disk.pause(BETWEEN_TRIES),
                Err(TryLockError::WouldBlock) => {
                    return Err(StoreError::Locked { holder: self.introduced(&path), left: None });
                }
            }
        }
        introduce(&mut *file, holder).map_err(io_error("write", &path))?;
        let journal = Journal::open(&*self.disk, &self.path(JOURNAL))?;
        Ok(Box::new(Guard { store: self, lock: file, journal: Mutex::new(journal) }))
    }

    /// A holder that ended well has emptied the file; after one that was killed the lock itself is free.
    fn holder(&self) -> Result<Option<Holder>, StoreError> {
        let path = self.path(LOCK);
        if self.contents(&path)?.is_none_or(|text| text.is_empty()) {
            return Ok(None);
        }
        let file = self.disk.look(&path).map_err(io_error("open", &path))?;
        match file.try_lock_shared() {
            Ok(()) => Ok(None),
            Err(TryLockError::WouldBlock) => Ok(Some(self.introduced(&path))),
            Err(TryLockError::Error(source)) => Err(StoreError::Io { doing: "lock", path, source }),
        }
    }

    fn fingerprint_key(&self) -> Result<Vec<u8>, StoreError> {
        let path = self.path(KEY);
        if self.contents(&path)?.is_none() {
            self.make()?;
            self.make_key(&path)?;
        }
        let key = self.contents(&path)?.unwrap_or_default();
        if key.len() == KEY_LENGTH { Ok(key) } else { Err(StoreError::WrongKey { path, length: key.len() }) }
    }

    fn adopt_key(&self, key: &[u8]) -> Result<bool, StoreError> {
        self.make()?;
        self.write_key(&self.path(KEY), key)?;
        Ok(self.fingerprint_key()? == key)
    }
}

impl FileStore {
    fn make_key(&self, path: &Path) -> Result<(), StoreError> {
        let mut key = [0; KEY_LENGTH];
        self.disk.random(&mut key).map_err(|reason| StoreError::Randomness { reason })?;
        self.write_key(path, &key)
    }

    /// Two runs that make it at once end with the same key: the second finds the first's.
    fn write_key(&self, path: &Path, key: &[u8]) -> Result<(), StoreError> {
        let write = || {
            let mut file = self.disk.draft(&self.folder)?;
            file.write(key)?;
            file.sync_all()?;
            match file.name_new(path.to_owned()) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
                Err(error) => Err(error),
                Ok(()) => self.disk.sync_folder(&self.folder),
            }
        };
        write().map_err(io_error("write", path))
    }

    /// Temp file, fsync, rename, fsync of the folder.
    fn replace(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let mut file = self.disk.draft(&self.folder)?;
        file.write(bytes)?;
        file.sync_all()?;
        file.name(self.path(name))?;
        self.disk.sync_folder(&self.folder)
    }

    /// Copies a file to the first free `NAME.damaged-N` beside it.
    fn keep_beside(&self, path: &Path) -> io::Result<PathBuf> {
        let bytes = self.disk.read(path)?;
        for number in 1u32.. {
            let mut name = path.as_os_str().to_owned();
            name.push(format!(".damaged-{number}"));
            let mut copy = self.disk.draft(&self.folder)?;
            copy.write(&bytes)?;
            copy.sync_all()?;
            match copy.name_new(name.clone().into()) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
                Ok(()) => {
                    self.disk.sync_folder(&self.folder)?;
                    return Ok(name.into());
                }
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }

    /// Where no state is, it may have moved.
    fn not_moved(&self) -> Result<(), StoreError> {
        let Some(text) = self.contents(&self.path(MOVED))? else { return Ok(()) };
        Err(Moved::told(self.place(), &text))
    }
}

/// The lock, held as long as this lives.
struct Guard<'s> {
    store: &'s FileStore,
    lock: Box<dyn DiskFile>,
    journal: Mutex<Journal>,
}

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        // The lock goes with the file either way; an empty file only spares readers a look at it.
        let _ = self.lock.truncate(0);
        let _ = self.lock.unlock();
    }
}

impl LockedStore for Guard<'_> {
    fn read(&self) -> Result<Option<(Stored, Vec<Entry>)>, StoreError> {
        self.store.read()
    }

    fn salvage(&self) -> Result<Salvage, StoreError> {
        let text = |name| {
            let path = self.store.path(name);
            Ok((path.display().to_string(), self.store.contents(&path)?))
        };
        let (state, journal) = (text(STATE)?, text(JOURNAL)?);
        if state.1.is_none() {
            self.store.not_moved()?;
        }
        Salvage::of_texts(state, journal)
    }

    fn set_aside(&self) -> Result<Vec<String>, StoreError> {
        let salvage = LockedStore::salvage(self)?;
        let mut kept = Vec::new();
        for (name, error) in [(STATE, &salvage.damaged_state), (JOURNAL, &salvage.damaged_journal)] {
            if error.is_some() {
                let path = self.store.path(name);
                let copy = self.store.keep_beside(&path).map_err(io_error("make a copy of", &path))?;
                kept.push(copy.display().to_string());
            }
        }
        Ok(kept)
    }

    fn append(&self, entries: &[Entry]) -> Result<(), StoreError> {
        let lines = codec::encode_entries(entries)?;
        let mut journal = self.journal.lock().unwrap_or_else(PoisonError::into_inner);
        journal.append(lines.as_bytes()).map_err(io_error("append to", &self.store.path(JOURNAL)))
    }

    fn write(&self, stored: &Stored) -> Result<(), StoreError> {
        let text = codec::encode_state(stored)?;
        self.store.replace(STATE, text.as_bytes()).map_err(io_error("write", &self.store.path(STATE)))?;
        let moved = self.store.path(MOVED);
        if self.store.disk.exists(&moved) {
            // With a state beside it, it says nothing any more.
            let _ = self.store.disk.remove(&moved);
        }
        self.empty_journal()
    }

    fn retire(&self, to: &str) -> Result<(), StoreError> {
        let store = self.store;
        let state = store.path(STATE);
        let text = store.contents(&state)?.unwrap_or_default();
        for (name, bytes) in [(ASIDE, text.as_slice()), (MOVED, Moved::text(to)?.as_bytes())] {
            store.replace(name, bytes).map_err(io_error("write", &store.path(name)))?;
        }
        store.disk.remove(&state).map_err(io_error("move aside", &state))?;
        store.disk.sync_folder(&store.folder).map_err(io_error("write", &store.folder))?;
        self.empty_journal()
    }
}

impl Guard<'_> {
    fn empty_journal(&self) -> Result<(), StoreError> {
        let mut journal = self.journal.lock().unwrap_or_else(PoisonError::into_inner);
        journal.empty().map_err(io_error("empty", &self.store.path(JOURNAL)))
    }
}

/// The journal's file with the length that is known to be on disk.
struct Journal {
    file: Box<dyn DiskFile>,
    length: u64,
}

impl Journal {
    /// Opens it and drops a last line that was never finished. The rest is written again: what a failed sync has left is in
    /// memory alone, and no later sync would say so.
    fn open(disk: &dyn Disk, path: &Path) -> Result<Self, StoreError> {
        let open = || {
            let mut file = disk.open(path)?;
            let bytes = file.read()?;
            let whole = &bytes[..codec::whole_lines(&bytes)];
            let length = whole.len() as u64;
            file.truncate(length)?;
            if !whole.is_empty() {
                file.write_at(0, whole)?;
            }
            file.sync_all()?;
            disk.sync_folder(path.parent().unwrap_or(path))?;
            Ok(Self { file, length })
        };
        open().map_err(io_error("open", path))
    }

    /// After a failure the half-written rest is cut off, so that a later append never joins it.
    fn append(&mut self, lines: &[u8]) -> io::Result<()> {
        self.file.truncate(self.length)?;
        self.file.write_at(self.length, lines)?;
        self.file.sync_data()?;
        self.length += lines.len() as u64;
        Ok(())
    }

    fn empty(&mut self) -> io::Result<()> {
        self.file.truncate(0)?;
        self.length = 0;
        self.file.sync_data()
    }
}

fn io_error<'a>(doing: &'static str, path: &'a Path) -> impl FnOnce(io::Error) -> StoreError + 'a {
    move |source| StoreError::Io { doing, path: path.to_owned(), source }
}

/// Writes into the lock who holds it.
fn introduce(file: &mut dyn DiskFile, holder: &Holder) -> io::Result<()> {
    file.truncate(0)?;
    file.write_at(0, &serde_json::to_vec(holder)?)
}
