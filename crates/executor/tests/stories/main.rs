//! Whole runs on the simulated cloud.

#[cfg(test)]
mod apply;
#[cfg(test)]
mod laws;
#[cfg(test)]
mod limits;
#[cfg(test)]
mod story;
