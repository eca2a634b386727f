//! What the file store asks of a disk: the real one, or one in memory that loses what was not synced.

pub mod memory;
mod real;
#[cfg(test)]
mod tests;

use std::{
    fmt,
    fs::TryLockError,
    io,
    path::{Path, PathBuf},
    time::Duration,
};

pub(crate) use real::RealDisk;

/// Files in folders, and what else a store needs of the machine.
pub trait Disk: fmt::Debug + Send + Sync {
    fn is_folder(&self, path: &Path) -> bool;

    fn exists(&self, path: &Path) -> bool;

    /// Makes a folder and those above it, for nobody else's eyes.
    ///
    /// # Errors
    /// As [`std::fs::create_dir_all`].
    fn make_folder(&self, path: &Path) -> io::Result<()>;

    /// What is in a file.
    ///
    /// # Errors
    /// As [`std::fs::read`].
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;

    /// Makes or replaces a file that nothing depends on; it is not synced.
    ///
    /// # Errors
    /// As [`std::fs::write`].
    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()>;

    /// Opens a file for reading and writing, and makes it for nobody else's eyes if it is not there.
    ///
    /// # Errors
    /// As [`std::fs::OpenOptions::open`].
    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskFile>>;

    /// Opens a file for reading alone.
    ///
    /// # Errors
    /// As [`std::fs::File::open`].
    fn look(&self, path: &Path) -> io::Result<Box<dyn DiskFile>>;

    /// A new file that has no lasting name yet, in the folder where it is to get one.
    ///
    /// # Errors
    /// It cannot be made.
    fn draft(&self, folder: &Path) -> io::Result<Box<dyn Draft>>;

    /// Removes a file.
    ///
    /// # Errors
    /// As [`std::fs::remove_file`].
    fn remove(&self, path: &Path) -> io::Result<()>;

    /// Makes lasting what was made, renamed and removed in a folder.
    ///
    /// # Errors
    /// It may not last.
    fn sync_folder(&self, folder: &Path) -> io::Result<()>;

    /// Bytes that nobody can guess.
    ///
    /// # Errors
    /// Why there are none.
    fn random(&self, bytes: &mut [u8]) -> Result<(), String>;

    /// A moment for readers who try a lock.
    fn pause(&self, time: Duration);
}

/// An open file. Its lock, if any, goes with it.
pub trait DiskFile: Send + Sync {
    /// All that is in it.
    ///
    /// # Errors
    /// As [`std::io::Read::read_to_end`].
    fn read(&mut self) -> io::Result<Vec<u8>>;

    /// Writes all the bytes from a place on.
    ///
    /// # Errors
    /// Some of them may be written.
    fn write_at(&mut self, from: u64, bytes: &[u8]) -> io::Result<()>;

    /// Cuts it to a length.
    ///
    /// # Errors
    /// As [`std::fs::File::set_len`].
    fn truncate(&mut self, length: u64) -> io::Result<()>;

    /// Makes its contents lasting, and what belongs to it.
    ///
    /// # Errors
    /// They may not last.
    fn sync_all(&mut self) -> io::Result<()>;

    /// As [`Self::sync_all`], without what only tells of it.
    ///
    /// # Errors
    /// As [`Self::sync_all`].
    fn sync_data(&mut self) -> io::Result<()>;

    /// Takes the lock for itself alone.
    ///
    /// # Errors
    /// As [`std::fs::File::try_lock`].
    fn try_lock(&self) -> Result<(), TryLockError>;

    /// Takes the lock together with others that share it.
    ///
    /// # Errors
    /// As [`std::fs::File::try_lock_shared`].
    fn try_lock_shared(&self) -> Result<(), TryLockError>;

    /// Gives the lock back.
    ///
    /// # Errors
    /// As [`std::fs::File::unlock`].
    fn unlock(&self) -> io::Result<()>;
}

/// A file on its way to a name. Dropped before that, it is gone.
pub trait Draft {
    /// Writes all the bytes behind those before.
    ///
    /// # Errors
    /// As [`std::io::Write::write_all`].
    fn write(&mut self, bytes: &[u8]) -> io::Result<()>;

    /// As [`DiskFile::sync_all`].
    ///
    /// # Errors
    /// As [`DiskFile::sync_all`].
    fn sync_all(&mut self) -> io::Result<()>;

    /// Gives it its name, in the place of whatever had it.
    ///
    /// # Errors
    /// As [`std::fs::rename`].
    fn name(self: Box<Self>, path: PathBuf) -> io::Result<()>;

    /// Gives it its name, if no file has it.
    ///
    /// # Errors
    /// [`io::ErrorKind::AlreadyExists`], and as [`std::fs::hard_link`].
    fn name_new(self: Box<Self>, path: PathBuf) -> io::Result<()>;
}
