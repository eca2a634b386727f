//! The files of a project, as expressions and configuration may read them.

/// Where files come from: the disk, or a revision of git. Paths are relative to the project folder, with forward slashes.
pub trait Files {
    /// The bytes of a file.
    ///
    /// # Errors
    /// One sentence on why it cannot be read.
    fn read(&self, path: &str) -> Result<Vec<u8>, String>;

    /// The paths, relative to the project folder, of all files below a folder, sorted.
    ///
    /// # Errors
    /// One sentence on why the folder cannot be listed.
    fn list(&self, folder: &str) -> Result<Vec<String>, String>;
}
