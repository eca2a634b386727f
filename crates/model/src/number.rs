//! Numbers of the language: whole numbers exactly, others as doubles.

use std::{cmp::Ordering, fmt};

use serde::{Deserialize, Serialize};

/// A number. A real that is whole is always held as [`Number::Whole`], so equal numbers are equal values.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Number {
    Whole(i64),
    Real(f64),
}

impl Number {
    /// The number of a double; nothing for infinities and NaN.
    pub fn from_f64(real: f64) -> Option<Self> {
        const EXACT: f64 = 9_007_199_254_740_992.0;
        if !real.is_finite() {
            None
        } else if real.fract() == 0.0 && real.abs() <= EXACT {
            Some(Self::Whole(real as i64))
        } else {
            Some(Self::Real(real))
        }
    }

    pub fn as_f64(self) -> f64 {
        match self {
            Self::Whole(whole) => whole as f64,
            Self::Real(real) => real,
        }
    }

    pub fn as_i64(self) -> Option<i64> {
        match self {
            Self::Whole(whole) => Some(whole),
            Self::Real(_) => None,
        }
    }

    /// Reads a number that is written exactly as it would be printed, so that text ↔ number loses nothing.
    pub fn parse_exact(text: &str) -> Option<Self> {
        let number = match text.parse::<i64>() {
            Ok(whole) => Self::Whole(whole),
            Err(_) => Self::from_f64(text.parse::<f64>().ok()?)?,
        };
        (number.to_string() == text).then_some(number)
    }
}

impl From<i64> for Number {
    fn from(whole: i64) -> Self {
        Self::Whole(whole)
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Number {}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Whole(a), Self::Whole(b)) => a.cmp(b),
            _ => self.as_f64().total_cmp(&other.as_f64()),
        }
    }
}

impl std::hash::Hash for Number {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.to_string().hash(state);
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole(whole) => write!(f, "{whole}"),
            Self::Real(real) => write!(f, "{real}"),
        }
    }
}
