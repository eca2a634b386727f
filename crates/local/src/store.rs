//! The folder that keeps a world: `world.json`, and `lock`, which is held for one call. Where somebody has made a
//! `calls.jsonl`, mutating calls are written down there.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::world::World;

/// The folder of one local cloud.
#[derive(Debug)]
pub(crate) struct Store {
    folder: PathBuf,
    lock: File,
}

/// Tells one writing of the world from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stamp {
    file: u64,
    length: u64,
    modified: Option<SystemTime>,
}

/// Holds the folder's lock until it is dropped.
pub(crate) struct Held<'a>(&'a File);

impl Drop for Held<'_> {
    fn drop(&mut self) {
        // The lock also goes with the file; a failure here cannot keep it longer than the process.
        let _ = self.0.unlock();
    }
}

impl Store {
    /// Makes the folder where it is missing.
    pub(crate) fn open(folder: &Path) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        let ignore = folder.join(".gitignore");
        if !ignore.exists() {
            fs::write(ignore, "*\n")?;
        }
        let lock = OpenOptions::new().create(true).truncate(false).write(true).open(folder.join("lock"))?;
        Ok(Self { folder: folder.to_owned(), lock })
    }

    /// Waits for other processes' calls to end.
    pub(crate) fn hold(&self) -> io::Result<Held<'_>> {
        self.lock.lock()?;
        Ok(Held(&self.lock))
    }

    /// Which writing of the world the folder holds; none before the first.
    pub(crate) fn stamp(&self) -> io::Result<Option<Stamp>> {
        match fs::metadata(self.world()) {
            Ok(metadata) => Ok(Some(Stamp::of(&metadata))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    pub(crate) fn load(&self) -> io::Result<World> {
        let text = fs::read(self.world())?;
        serde_json::from_slice(&text).map_err(|error| {
            let path = self.world();
            io::Error::new(
                io::ErrorKind::InvalidData,
                format!("{} is not a local cloud's world: {error}", path.display()),
            )
        })
    }

    /// Writes the world, readable by its owner alone, so that it survives a loss of power. The lock is held, so the name
    /// of the file aside is free, and what a killed process left under it is overwritten.
    pub(crate) fn save(&self, world: &[u8]) -> io::Result<Stamp> {
        let aside = self.folder.join("world.json.new");
        let mut file = private().write(true).create(true).truncate(true).open(&aside)?;
        file.write_all(world)?;
        file.sync_all()?;
        let stamp = Stamp::of(&file.metadata()?);
        drop(file);
        fs::rename(&aside, self.world())?;
        sync_folder(&self.folder)?;
        Ok(stamp)
    }

    /// Appends to the log of calls, where there is one.
    pub(crate) fn log(&self, line: &str) -> io::Result<()> {
        match OpenOptions::new().append(true).open(self.folder.join("calls.jsonl")) {
            Ok(mut file) => file.write_all(format!("{line}\n").as_bytes()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error),
        }
    }

    fn world(&self) -> PathBuf {
        self.folder.join("world.json")
    }
}

impl Stamp {
    fn of(metadata: &Metadata) -> Self {
        Self { file: file_number(metadata), length: metadata.len(), modified: metadata.modified().ok() }
    }
}

/// Options that make files their owner's alone.
#[cfg(unix)]
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

#[cfg(not(unix))]
fn private() -> OpenOptions {
    OpenOptions::new()
}

#[cfg(unix)]
fn file_number(metadata: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(metadata)
}

#[cfg(not(unix))]
fn file_number(_: &Metadata) -> u64 {
    0
}

#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}
