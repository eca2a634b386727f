//! A disk in memory that keeps only what was synced, for tests and simulation. Any step can fail or be the last one.
//!
//! Files keep their writes and cuts in order until they are synced; folders keep the names that were given and taken until they
//! are. A power cut leaves of each a beginning of that order, the last write torn at any byte.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::TryLockError,
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use super::{Disk, DiskFile, Draft};

/// The disk itself. Copies are the same disk.
#[derive(Clone, Debug, Default)]
pub struct Platter(Arc<Mutex<Inner>>);

#[derive(Debug, Default)]
struct Inner {
    contents: Vec<Content>,
    now: Tree,
    /// What a power cut leaves for certain.
    lasting: Tree,
    /// What happened to names since their folders were synced, by folder and in order.
    unsynced: Vec<(PathBuf, Change)>,
    /// Handles and drafts so far.
    handles: u64,
}

#[derive(Clone, Debug, Default)]
struct Tree {
    folders: BTreeSet<PathBuf>,
    /// Names with the place of their contents.
    files: BTreeMap<PathBuf, usize>,
}

#[derive(Debug, Default)]
struct Content {
    now: Vec<u8>,
    lasting: Vec<u8>,
    unsynced: Vec<Edit>,
    /// Who holds the lock alone, or who share it.
    locked: Option<u64>,
    shared: BTreeSet<u64>,
}

#[derive(Clone, Debug)]
enum Edit {
    Write(usize, Vec<u8>),
    Truncate(usize),
}

#[derive(Clone, Debug)]
enum Change {
    Folder,
    Name(PathBuf, Option<usize>),
}

/// What is asked of a disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doing {
    Read,
    MakeFolder,
    Make,
    Write,
    Truncate,
    Sync,
    Rename,
    SyncFolder,
}

/// One step of a process.
#[derive(Debug, Clone, Copy)]
pub struct Step<'a> {
    pub doing: Doing,
    pub path: &'a Path,
    /// What is to be written.
    pub bytes: &'a [u8],
}

/// What becomes of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    None,
    /// No space is left; of a write this many bytes had room.
    Full(usize),
    /// The device fails. What a sync was to make lasting never will be.
    Broken,
    /// The folder cannot be written to.
    ReadOnly,
    /// The process has ended before the step; of a write this many bytes are done.
    Ended(usize),
}

impl Platter {
    /// A disk with one folder that lasts.
    pub fn with_folder(path: &Path) -> Self {
        let platter = Self::default();
        for folder in path.ancestors() {
            let mut inner = platter.inner();
            inner.now.folders.insert(folder.to_owned());
            inner.lasting.folders.insert(folder.to_owned());
        }
        platter
    }

    /// The power goes: what was not synced is lost in part or in whole. `choose` gives a number below its argument.
    pub fn cut(&self, mut choose: impl FnMut(usize) -> usize) {
        let inner = &mut *self.inner();
        let unsynced = std::mem::take(&mut inner.unsynced);
        let folders: BTreeSet<&PathBuf> = unsynced.iter().map(|(folder, _)| folder).collect();
        for folder in folders {
            let changes: Vec<&Change> =
                unsynced.iter().filter(|(at, _)| at == folder).map(|(_, change)| change).collect();
            for change in &changes[..choose(changes.len() + 1)] {
                inner.lasting.change(folder, change);
            }
        }
        inner.lasting.drop_orphans();
        inner.now = inner.lasting.clone();
        for content in &mut inner.contents {
            content.cut(&mut choose);
        }
    }

    /// What is in a file now; nothing when there is none.
    pub fn read(&self, path: &Path) -> Option<Vec<u8>> {
        let inner = self.inner();
        inner.now.files.get(path).map(|at| inner.contents[*at].now.clone())
    }

    /// What a power cut now would surely leave of a file.
    pub fn lasting(&self, path: &Path) -> Option<Vec<u8>> {
        let inner = self.inner();
        inner.lasting.files.get(path).map(|at| inner.contents[*at].lasting.clone())
    }

    /// The files there are now.
    pub fn files(&self) -> Vec<PathBuf> {
        self.inner().now.files.keys().cloned().collect()
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Tree {
    fn change(&mut self, folder: &Path, change: &Change) {
        match change {
            Change::Folder => drop(self.folders.insert(folder.to_owned())),
            Change::Name(path, Some(at)) => drop(self.files.insert(path.clone(), *at)),
            Change::Name(path, None) => drop(self.files.remove(path)),
        }
    }

    /// What lay in a folder that is not there any more.
    fn drop_orphans(&mut self) {
        let folders = self.folders.clone();
        let stands = |path: &Path| path.ancestors().skip(1).all(|above| folders.contains(above));
        self.folders.retain(|folder| stands(folder));
        let folders = self.folders.clone();
        self.files.retain(|path, _| path.ancestors().skip(1).all(|above| folders.contains(above)));
    }
}

impl Content {
    fn edit(&mut self, edit: Edit) {
        apply(&mut self.now, &edit);
        self.unsynced.push(edit);
    }

    fn sync(&mut self) {
        for edit in std::mem::take(&mut self.unsynced) {
            apply(&mut self.lasting, &edit);
        }
    }

    fn cut(&mut self, choose: &mut impl FnMut(usize) -> usize) {
        let unsynced = std::mem::take(&mut self.unsynced);
        let whole = choose(unsynced.len() + 1);
        unsynced[..whole].iter().for_each(|edit| apply(&mut self.lasting, edit));
        if let Some(Edit::Write(from, bytes)) = unsynced.get(whole) {
            let torn = bytes[..choose(bytes.len() + 1)].to_vec();
            apply(&mut self.lasting, &Edit::Write(*from, torn));
            // Its length may last before its bytes do.
            if choose(4) == 0 && self.lasting.len() < from + bytes.len() {
                self.lasting.resize(from + bytes.len(), 0);
            }
        }
        self.now = self.lasting.clone();
        (self.locked, self.shared) = (None, BTreeSet::new());
    }
}

fn apply(bytes: &mut Vec<u8>, edit: &Edit) {
    match edit {
        Edit::Truncate(length) => bytes.resize(*length, 0),
        Edit::Write(from, new) => {
            let end = from + new.len();
            if bytes.len() < end {
                bytes.resize(end, 0);
            }
            bytes[*from..end].copy_from_slice(new);
        }
    }
}

type Before = Arc<dyn Fn(Step<'_>) -> Trouble + Send + Sync>;

/// A process's way to a disk. What happens on it is asked before each step.
#[derive(Clone)]
pub struct MemoryDisk {
    platter: Platter,
    before: Before,
}

impl std::fmt::Debug for MemoryDisk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MemoryDisk")
    }
}

impl MemoryDisk {
    /// A way without trouble.
    pub fn new(platter: &Platter) -> Self {
        Self::troubled(platter, |_| Trouble::None)
    }

    /// A way with the trouble that a function makes. Whoever ends a process in it ends all its later steps, too.
    pub fn troubled(platter: &Platter, before: impl Fn(Step<'_>) -> Trouble + Send + Sync + 'static) -> Self {
        Self { platter: platter.clone(), before: Arc::new(before) }
    }

    /// Asks what becomes of a step. An error with how many bytes of it are done all the same.
    fn ask(&self, doing: Doing, path: &Path, bytes: &[u8]) -> Result<(), (usize, io::Error)> {
        match (self.before)(Step { doing, path, bytes }) {
            Trouble::None => Ok(()),
            Trouble::Full(done) => Err((done, io::ErrorKind::StorageFull.into())),
            Trouble::Broken => Err((0, io::Error::other("the device does not answer"))),
            Trouble::ReadOnly => Err((0, io::ErrorKind::ReadOnlyFilesystem.into())),
            Trouble::Ended(done) => Err((done, io::ErrorKind::Interrupted.into())),
        }
    }

    fn step(&self, doing: Doing, path: &Path) -> io::Result<()> {
        self.ask(doing, path, &[]).map_err(|(_, error)| error)
    }

    fn handle(&self, path: &Path, at: usize) -> MemoryFile {
        let mut inner = self.platter.inner();
        inner.handles += 1;
        MemoryFile { disk: self.clone(), path: path.to_owned(), at, handle: inner.handles }
    }

    /// A name for new contents.
    fn make(&self, path: &Path) -> io::Result<usize> {
        let folder = path.parent().unwrap_or(path).to_owned();
        let mut inner = self.platter.inner();
        if !inner.now.folders.contains(&folder) {
            return Err(io::ErrorKind::NotFound.into());
        }
        inner.contents.push(Content::default());
        let at = inner.contents.len() - 1;
        inner.rename(&folder, path, Some(at));
        Ok(at)
    }

    fn found(&self, path: &Path) -> Option<usize> {
        self.platter.inner().now.files.get(path).copied()
    }
}

impl Inner {
    fn rename(&mut self, folder: &Path, path: &Path, at: Option<usize>) {
        let change = Change::Name(path.to_owned(), at);
        self.now.change(folder, &change);
        self.unsynced.push((folder.to_owned(), change));
    }
}

impl Disk for MemoryDisk {
    fn is_folder(&self, path: &Path) -> bool {
        self.platter.inner().now.folders.contains(path)
    }

    fn exists(&self, path: &Path) -> bool {
        self.is_folder(path) || self.found(path).is_some()
    }

    fn make_folder(&self, path: &Path) -> io::Result<()> {
        let missing: Vec<&Path> = path.ancestors().filter(|folder| !self.is_folder(folder)).collect();
        for folder in missing.into_iter().rev() {
            self.step(Doing::MakeFolder, folder)?;
            let mut inner = self.platter.inner();
            inner.now.folders.insert(folder.to_owned());
            // The name of a folder stands in the one above.
            inner.unsynced.push((folder.to_owned(), Change::Folder));
        }
        Ok(())
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.step(Doing::Read, path)?;
        self.platter.read(path).ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let mut file = self.open(path)?;
        file.truncate(0)?;
        file.write_at(0, bytes)
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        let at = match self.found(path) {
            Some(at) => at,
            None => {
                self.step(Doing::Make, path)?;
                self.make(path)?
            }
        };
        Ok(Box::new(self.handle(path, at)))
    }

    fn look(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        self.step(Doing::Read, path)?;
        let at = self.found(path).ok_or(io::ErrorKind::NotFound)?;
        Ok(Box::new(self.handle(path, at)))
    }

    fn draft(&self, folder: &Path) -> io::Result<Box<dyn Draft>> {
        self.platter.inner().handles += 1;
        let path = folder.join(format!(".draft-{}", self.platter.inner().handles));
        self.step(Doing::Make, &path)?;
        let at = self.make(&path)?;
        Ok(Box::new(MemoryDraft { file: self.handle(&path, at), length: 0, named: false }))
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.step(Doing::Rename, path)?;
        let folder = path.parent().unwrap_or(path);
        self.platter.inner().rename(folder, path, None);
        Ok(())
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        self.step(Doing::SyncFolder, folder)?;
        let inner = &mut *self.platter.inner();
        let here = |(at, change): &(PathBuf, Change)| match change {
            Change::Folder => at.parent() == Some(folder),
            Change::Name(..) => at == folder,
        };
        let (synced, left): (Vec<_>, Vec<_>) = std::mem::take(&mut inner.unsynced).into_iter().partition(here);
        inner.unsynced = left;
        synced.iter().for_each(|(at, change)| inner.lasting.change(at, change));
        Ok(())
    }

    /// Nothing is random here: the same bytes for everybody.
    fn random(&self, bytes: &mut [u8]) -> Result<(), String> {
        bytes.iter_mut().zip(1u8..).for_each(|(byte, number)| *byte = number);
        Ok(())
    }

    fn pause(&self, _: Duration) {}
}

/// An open file in memory.
struct MemoryFile {
    disk: MemoryDisk,
    path: PathBuf,
    at: usize,
    handle: u64,
}

impl MemoryFile {
    fn content<T>(&self, change: impl FnOnce(&mut Content) -> T) -> T {
        change(&mut self.disk.platter.inner().contents[self.at])
    }

    fn sync(&self) -> io::Result<()> {
        let asked = self.disk.ask(Doing::Sync, &self.path, &[]);
        self.content(|content| match &asked {
            Ok(()) => content.sync(),
            // The pages count as clean from now on, and are not.
            Err((_, error)) if error.kind() == io::ErrorKind::Other => content.unsynced.clear(),
            Err(_) => {}
        });
        asked.map_err(|(_, error)| error)
    }
}

impl DiskFile for MemoryFile {
    fn read(&mut self) -> io::Result<Vec<u8>> {
        self.disk.step(Doing::Read, &self.path)?;
        Ok(self.content(|content| content.now.clone()))
    }

    fn write_at(&mut self, from: u64, bytes: &[u8]) -> io::Result<()> {
        let asked = self.disk.ask(Doing::Write, &self.path, bytes);
        let done = asked.as_ref().map_or_else(|(done, _)| (*done).min(bytes.len()), |()| bytes.len());
        let from = usize::try_from(from).map_err(io::Error::other)?;
        if done > 0 || asked.is_ok() {
            self.content(|content| content.edit(Edit::Write(from, bytes[..done].to_vec())));
        }
        asked.map_err(|(_, error)| error)
    }

    fn truncate(&mut self, length: u64) -> io::Result<()> {
        let length = usize::try_from(length).map_err(io::Error::other)?;
        if self.content(|content| content.now.len() == length) {
            return Ok(());
        }
        self.disk.step(Doing::Truncate, &self.path)?;
        self.content(|content| content.edit(Edit::Truncate(length)));
        Ok(())
    }

    fn sync_all(&mut self) -> io::Result<()> {
        self.sync()
    }

    fn sync_data(&mut self) -> io::Result<()> {
        self.sync()
    }

    fn try_lock(&self) -> Result<(), TryLockError> {
        self.content(|content| {
            if content.locked.is_some() || !content.shared.is_empty() {
                return Err(TryLockError::WouldBlock);
            }
            content.locked = Some(self.handle);
            Ok(())
        })
    }

    fn try_lock_shared(&self) -> Result<(), TryLockError> {
        self.content(|content| {
            if content.locked.is_some() {
                return Err(TryLockError::WouldBlock);
            }
            content.shared.insert(self.handle);
            Ok(())
        })
    }

    fn unlock(&self) -> io::Result<()> {
        self.content(|content| {
            content.shared.remove(&self.handle);
            content.locked.take_if(|held| *held == self.handle);
        });
        Ok(())
    }
}

impl Drop for MemoryFile {
    fn drop(&mut self) {
        let _ = self.unlock();
    }
}

/// A file on its way to a name.
struct MemoryDraft {
    file: MemoryFile,
    length: u64,
    named: bool,
}

impl MemoryDraft {
    /// The old name goes, the new one comes, in one change of the folder.
    fn rename(&mut self, path: &Path) -> io::Result<()> {
        self.file.disk.step(Doing::Rename, path)?;
        self.named = true;
        let folder = path.parent().unwrap_or(path);
        let mut inner = self.file.disk.platter.inner();
        let old = self.file.path.clone();
        inner.rename(folder, path, Some(self.file.at));
        inner.rename(folder, &old, None);
        Ok(())
    }
}

impl Draft for MemoryDraft {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_at(self.length, bytes)?;
        self.length += bytes.len() as u64;
        Ok(())
    }

    fn sync_all(&mut self) -> io::Result<()> {
        self.file.sync_all()
    }

    fn name(mut self: Box<Self>, path: PathBuf) -> io::Result<()> {
        self.rename(&path)
    }

    fn name_new(mut self: Box<Self>, path: PathBuf) -> io::Result<()> {
        if self.file.disk.found(&path).is_some() {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        self.rename(&path)
    }
}

impl Drop for MemoryDraft {
    fn drop(&mut self) {
        if !self.named && self.file.disk.step(Doing::Rename, &self.file.path).is_ok() {
            let folder = self.file.path.parent().unwrap_or(&self.file.path).to_owned();
            let path = self.file.path.clone();
            self.file.disk.platter.inner().rename(&folder, &path, None);
        }
    }
}
