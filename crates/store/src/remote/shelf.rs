//! Requests that are sent again while nobody answers, with errors that name the object.

use crate::{
    StoreError,
    remote::objects::{Condition, Object, ObjectError, Objects, Version},
};

/// How often a request is sent before its silence is an error. Waits between attempts are the business of [`Objects`].
const TRIES: usize = 3;

/// The objects of one store.
#[derive(Clone, Copy)]
pub(crate) struct Shelf<'s>(pub(crate) &'s dyn Objects);

/// How a conditional put ended.
pub(crate) enum Put {
    /// It was written now and has this etag.
    Ours(String),
    /// It already held exactly our bytes, from a sending that nobody answered, and has this etag.
    Before(String),
    /// The condition did not hold, and this is what is there.
    Theirs(Option<Object>),
}

impl Shelf<'_> {
    /// The full name, for people.
    pub(crate) fn at(&self, name: &str) -> String {
        format!("{}/{name}", self.0.place())
    }

    pub(crate) fn get(&self, name: &str) -> Result<Option<Object>, StoreError> {
        again(|| self.0.get(name)).map_err(self.failed("read", name))
    }

    pub(crate) fn get_all(&self, names: &[String]) -> Result<Vec<Option<Object>>, StoreError> {
        again(|| self.0.get_all(names)).map_err(self.failed("read", "journal"))
    }

    pub(crate) fn list(&self, prefix: &str) -> Result<Vec<String>, StoreError> {
        again(|| self.0.list(prefix)).map_err(self.failed("list", prefix))
    }

    pub(crate) fn delete(&self, name: &str) -> Result<(), StoreError> {
        again(|| self.0.delete(name)).map_err(self.failed("delete", name))
    }

    pub(crate) fn keeps_versions(&self) -> Result<bool, StoreError> {
        again(|| self.0.keeps_versions()).map_err(self.failed("ask for the versioning of", ""))
    }

    pub(crate) fn versions(&self, name: &str, count: usize) -> Result<Vec<Version>, StoreError> {
        again(|| self.0.versions(name, count)).map_err(self.failed("list the versions of", name))
    }

    pub(crate) fn get_version(&self, name: &str, id: &str) -> Result<Option<Vec<u8>>, StoreError> {
        again(|| self.0.get_version(name, id)).map_err(self.failed("read a version of", name))
    }

    /// Puts until there is an answer, asking `may` before each attempt. A sending that was not answered may have had its
    /// effect, so that the next one finds its condition broken by ourselves: equal bytes are ours. Hence no two writers may
    /// ever have the same bytes to say under one name.
    pub(crate) fn put(
        &self,
        name: &str,
        bytes: &[u8],
        condition: &Condition,
        may: impl Fn() -> Result<(), StoreError>,
    ) -> Result<Put, StoreError> {
        let mut silence = None;
        for _ in 0..TRIES {
            may()?;
            match self.0.put(name, bytes, condition.clone()) {
                Ok(etag) => return Ok(Put::Ours(etag)),
                Err(ObjectError::Condition) => {
                    return Ok(match self.get(name)? {
                        Some(found) if found.bytes == bytes => Put::Before(found.etag),
                        found => Put::Theirs(found),
                    });
                }
                Err(error @ ObjectError::Unanswered { .. }) => silence = Some(error),
                Err(error) => return Err(self.failed("write", name)(error)),
            }
        }
        let silence = silence.unwrap_or(ObjectError::Unanswered { reason: String::new() });
        Err(self.failed("write", name)(silence))
    }

    fn failed(&self, doing: &'static str, name: &str) -> impl FnOnce(ObjectError) -> StoreError {
        let place = self.at(name);
        move |source| StoreError::Remote { doing, place, source }
    }
}

/// Asks again while nobody answers: for what changes nothing.
fn again<T>(ask: impl Fn() -> Result<T, ObjectError>) -> Result<T, ObjectError> {
    let mut answer = ask();
    for _ in 1..TRIES {
        if !matches!(answer, Err(ObjectError::Unanswered { .. })) {
            break;
        }
        answer = ask();
    }
    answer
}
