//! The state in a folder of the project: `.groma/<environment>/<world>/`.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Read, Seek, Write},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use model::{
    fault::{Fault, is_planted},
    state::World,
};

use crate::{Entry, Holder, LockedStore, Salvage, StateStore, StoreError, Stored, codec};

const STATE: &str = "state.json";
const JOURNAL: &str = "journal.jsonl";
const LOCK: &str = "lock";
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
    root: PathBuf,
    folder: PathBuf,
}

impl FileStore {
    /// The store of one environment in one world. Nothing is made before something is written.
    pub fn open(project: &Path, environment: &str, world: World) -> Self {
        let root = project.join(".groma");
        let folder = root.join(environment).join(world.as_str());
        Self { root, folder }
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Makes the folder, for nobody else's eyes, and tells version control what to leave out.
    fn make(&self) -> Result<(), StoreError> {
        if self.folder.is_dir() {
            return Ok(());
        }
        private_folder(&self.folder).map_err(io_error("make the folder", &self.folder))?;
        let ignore = self.root.join(".gitignore");
        if !ignore.exists() {
            fs::write(&ignore, IGNORED).map_err(io_error("write", &ignore))?;
        }
        sync_folders(&self.root, &self.folder).map_err(io_error("write", &self.folder))
    }
}

impl StateStore for FileStore {
    fn place(&self) -> String {
        self.folder.display().to_string()
    }

    /// The state is read before and after the journal: a writer in between is noticed by its serial.
    fn read(&self) -> Result<Option<(Stored, Vec<Entry>)>, StoreError> {
        let (state, journal) = (self.path(STATE), self.path(JOURNAL));
        let mut before = contents(&state)?;
        loop {
            let lines = contents(&journal)?.unwrap_or_default();
            let after = contents(&state)?;
            if before != after {
                before = after;
                continue;
            }
            let entries = codec::decode_entries(&journal.display().to_string(), &lines)?;
            let Some(text) = before else {
                let missing = StoreError::MissingState { place: self.place() };
                return if entries.is_empty() { Ok(None) } else { Err(missing) };
            };
            let place = state.display().to_string();
            let stored = codec::decode_state(&place, &String::from_utf8_lossy(&text))?;
            return Ok(Some((stored, entries)));
        }
    }

    #[expect(clippy::disallowed_methods, reason = "a moment for readers who try the lock, not a wait of a run")]
    fn lock(&self, holder: &Holder) -> Result<Box<dyn LockedStore + '_>, StoreError> {
        self.make()?;
        let path = self.path(LOCK);
        let mut file = open_lock(&path).map_err(io_error("open", &path))?;
        for attempt in 1.. {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::Error(source)) => return Err(StoreError::Io { doing: "lock", path, source }),
                Err(TryLockError::WouldBlock) if is_planted(Fault::LockIgnored) => break,
                Err(TryLockError::WouldBlock) if attempt < TRIES => std::thread::sleep(BETWEEN_TRIES),
                Err(TryLockError::WouldBlock) => {
                    return Err(StoreError::Locked { holder: introduced(&path), left: None });
                }
            }
        }
        introduce(&mut file, holder).map_err(io_error("write", &path))?;
        let journal = Journal::open(&self.path(JOURNAL))?;
        Ok(Box::new(Guard { store: self, lock: file, journal: Mutex::new(journal) }))
    }

    /// A holder that ended well has emptied the file; after one that was killed the lock itself is free.
    fn holder(&self) -> Result<Option<Holder>, StoreError> {
        let path = self.path(LOCK);
        if contents(&path)?.is_none_or(|text| text.is_empty()) {
            return Ok(None);
        }
        let file = File::open(&path).map_err(io_error("open", &path))?;
        match file.try_lock_shared() {
            Ok(()) => Ok(None),
            Err(TryLockError::WouldBlock) => Ok(Some(introduced(&path))),
            Err(TryLockError::Error(source)) => Err(StoreError::Io { doing: "lock", path, source }),
        }
    }

    fn fingerprint_key(&self) -> Result<Vec<u8>, StoreError> {
        let path = self.path(KEY);
        if contents(&path)?.is_none() {
            self.make()?;
            self.make_key(&path)?;
        }
        let key = contents(&path)?.unwrap_or_default();
        if key.len() == KEY_LENGTH { Ok(key) } else { Err(StoreError::WrongKey { path, length: key.len() }) }
    }
}

impl FileStore {
    /// Two runs that make it at once end with the same key: the second finds the first's.
    fn make_key(&self, path: &Path) -> Result<(), StoreError> {
        let mut key = [0; KEY_LENGTH];
        getrandom::fill(&mut key).map_err(|error| StoreError::Randomness { reason: error.to_string() })?;
        let write = || {
            let mut file = tempfile::NamedTempFile::new_in(&self.folder)?;
            file.write_all(&key)?;
            file.as_file().sync_all()?;
            match file.persist_noclobber(path) {
                Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
                Err(error) => Err(error.error),
                Ok(_) => sync_folder(&self.folder),
            }
        };
        write().map_err(io_error("write", path))
    }

    /// Temp file, fsync, rename, fsync of the folder.
    fn replace_state(&self, text: &str) -> io::Result<()> {
        let mut file = tempfile::NamedTempFile::new_in(&self.folder)?;
        file.write_all(text.as_bytes())?;
        file.as_file().sync_all()?;
        file.persist(self.path(STATE)).map_err(|error| error.error)?;
        sync_folder(&self.folder)
    }
}

/// The lock, held as long as this lives.
struct Guard<'s> {
    store: &'s FileStore,
    lock: File,
    journal: Mutex<Journal>,
}

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        // The lock goes with the file either way; an empty file only spares readers a look at it.
        let _ = self.lock.set_len(0);
        let _ = self.lock.unlock();
    }
}

impl LockedStore for Guard<'_> {
    fn read(&self) -> Result<Option<(Stored, Vec<Entry>)>, StoreError> {
        self.store.read()
    }

    fn salvage(&self) -> Result<Salvage, StoreError> {
        let text = |name| Ok((self.store.path(name).display().to_string(), contents(&self.store.path(name))?));
        Salvage::of_texts(text(STATE)?, text(JOURNAL)?)
    }

    fn set_aside(&self) -> Result<Vec<String>, StoreError> {
        let salvage = LockedStore::salvage(self)?;
        let mut kept = Vec::new();
        for (name, error) in [(STATE, &salvage.damaged_state), (JOURNAL, &salvage.damaged_journal)] {
            if error.is_some() {
                let path = self.store.path(name);
                let copy = keep_beside(&path).map_err(io_error("make a copy of", &path))?;
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
        self.store.replace_state(&text).map_err(io_error("write", &self.store.path(STATE)))?;
        let mut journal = self.journal.lock().unwrap_or_else(PoisonError::into_inner);
        journal.empty().map_err(io_error("empty", &self.store.path(JOURNAL)))
    }
}

/// The journal's file with the length that is known to be on disk.
struct Journal {
    file: File,
    length: u64,
}

impl Journal {
    /// Opens it and drops a last line that was never finished.
    fn open(path: &Path) -> Result<Self, StoreError> {
        let open = || {
            let mut file =
                private(OpenOptions::new().read(true).write(true).create(true).truncate(false)).open(path)?;
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes)?;
            let length = codec::whole_lines(&bytes) as u64;
            file.set_len(length)?;
            file.sync_all()?;
            sync_folder(path.parent().unwrap_or(path))?;
            Ok(Self { file, length })
        };
        open().map_err(io_error("open", path))
    }

    /// After a failure the half-written rest is cut off, so that a later append never joins it.
    fn append(&mut self, lines: &[u8]) -> io::Result<()> {
        self.file.set_len(self.length)?;
        self.file.seek(io::SeekFrom::Start(self.length))?;
        self.file.write_all(lines)?;
        self.file.sync_data()?;
        self.length += lines.len() as u64;
        Ok(())
    }

    fn empty(&mut self) -> io::Result<()> {
        self.file.set_len(0)?;
        self.length = 0;
        self.file.sync_data()
    }
}

fn io_error<'a>(doing: &'static str, path: &'a Path) -> impl FnOnce(io::Error) -> StoreError + 'a {
    move |source| StoreError::Io { doing, path: path.to_owned(), source }
}

/// What is in a file; nothing when it is not there.
fn contents(path: &Path) -> Result<Option<Vec<u8>>, StoreError> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(StoreError::Io { doing: "read", path: path.to_owned(), source }),
    }
}

fn open_lock(path: &Path) -> io::Result<File> {
    private(OpenOptions::new().read(true).write(true).create(true).truncate(false)).open(path)
}

/// Writes into the lock who holds it.
fn introduce(file: &mut File, holder: &Holder) -> io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    file.write_all(&serde_json::to_vec(holder)?)
}

/// Who the lock's file says holds it; an unreadable introduction is nobody in particular.
fn introduced(path: &Path) -> Holder {
    fs::read(path).ok().and_then(|text| serde_json::from_slice(&text).ok()).unwrap_or_default()
}

/// Copies a file to the first free `NAME.damaged-N` beside it, for nobody else's eyes.
fn keep_beside(path: &Path) -> io::Result<PathBuf> {
    let bytes = fs::read(path)?;
    for number in 1u32.. {
        let copy =
            path.with_extension(format!("{}.damaged-{number}", path.extension().unwrap_or_default().to_string_lossy()));
        match private(OpenOptions::new().write(true).create_new(true)).open(&copy) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
            Ok(mut file) => {
                file.write_all(&bytes)?;
                file.sync_all()?;
                sync_folder(path.parent().unwrap_or(path))?;
                return Ok(copy);
            }
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// A rename is only durable once its folder is.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

fn sync_folders(root: &Path, folder: &Path) -> io::Result<()> {
    for at in folder.ancestors().take_while(|at| at.starts_with(root)) {
        sync_folder(at)?;
    }
    root.parent().map_or(Ok(()), sync_folder)
}

#[cfg(unix)]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600)
}

#[cfg(not(unix))]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

#[cfg(unix)]
fn private_folder(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(not(unix))]
fn private_folder(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)
}
