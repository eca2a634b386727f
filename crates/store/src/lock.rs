//! Who holds a lock.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The run that holds the lock, as it introduced itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Holder {
    /// The user.
    pub owner: String,
    pub host: String,
    pub pid: u32,
    /// `apply`, `destroy` …
    pub command: String,
    /// Seconds since the Unix epoch.
    pub started: u64,
    /// The URL of the CI run; empty elsewhere.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub run: String,
}

impl Holder {
    /// When it began, as `14:02` in UTC.
    pub fn since(&self) -> String {
        let minutes = self.started / 60;
        format!("{:02}:{:02}", minutes / 60 % 24, minutes % 60)
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let or = |text: &str, other: &str| if text.is_empty() { other.to_owned() } else { text.to_owned() };
        write!(f, "`{}` by {}", or(&self.command, "a run"), or(&self.owner, "somebody"))?;
        if !self.host.is_empty() {
            write!(f, " on {}", self.host)?;
        }
        if self.started > 0 {
            write!(f, " since {} UTC", self.since())?;
        }
        if self.pid > 0 {
            write!(f, " (process {})", self.pid)?;
        }
        if !self.run.is_empty() {
            write!(f, ", see {}", self.run)?;
        }
        Ok(())
    }
}
