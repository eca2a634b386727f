//! What a function gets and gives.

use std::{borrow::Cow, collections::BTreeMap};

use model::{Number, Value};

use crate::{reader::Reader, text};

/// What a function gives.
pub(crate) type Given<T = Value> = Result<T, Fault>;

/// Why a function gives no value.
#[derive(Debug)]
pub(crate) enum Fault {
    /// An unknown leaf decides.
    Unknown,
    Wrong(Wrong),
}

/// A mistake in a call.
#[derive(Debug)]
pub(crate) struct Wrong {
    pub(crate) summary: &'static str,
    pub(crate) detail: String,
    /// Which argument; nothing for the call as a whole.
    pub(crate) argument: Option<usize>,
    pub(crate) hint: Option<String>,
}

impl Fault {
    /// A mistake of one argument.
    pub(crate) fn at(argument: usize, detail: impl Into<String>) -> Self {
        Self::Wrong(Wrong { summary: "invalid argument", detail: detail.into(), argument: Some(argument), hint: None })
    }

    /// A mistake of the call as a whole.
    pub(crate) fn whole(detail: impl Into<String>) -> Self {
        Self::Wrong(Wrong { summary: "invalid argument", detail: detail.into(), argument: None, hint: None })
    }

    /// A file that cannot be read.
    pub(crate) fn file(detail: impl Into<String>) -> Self {
        Self::Wrong(Wrong { summary: "cannot read a file", detail: detail.into(), argument: Some(0), hint: None })
    }

    pub(crate) fn hint(self, hint: impl Into<String>) -> Self {
        match self {
            Self::Wrong(wrong) => Self::Wrong(Wrong { hint: Some(hint.into()), ..wrong }),
            unknown => unknown,
        }
    }
}

/// One call with its evaluated arguments.
pub(crate) struct Call<'c> {
    pub(crate) values: Vec<Value>,
    /// The call as written, for unknown results.
    pub(crate) expression: &'c str,
    pub(crate) reader: &'c Reader<'c>,
    /// Whether secrets were put in plain into the values: errors are then not shown.
    pub(crate) exposed: bool,
}

impl Call<'_> {
    pub(crate) fn has(&self, index: usize) -> bool {
        self.values.get(index).is_some()
    }

    pub(crate) fn get(&self, index: usize) -> Given<&Value> {
        match self.values.get(index) {
            None | Some(Value::Null) => Err(Fault::at(index, "the argument may not be null")),
            Some(value) => Ok(value),
        }
    }

    fn wanted(&self, index: usize, wanted: &str) -> Fault {
        let found = self.values.get(index).map_or_else(String::new, text::shown);
        Fault::at(index, format!("{wanted} is wanted, not {found}"))
    }

    /// Text; numbers and bools convert.
    pub(crate) fn text(&self, index: usize) -> Given<Cow<'_, str>> {
        match self.get(index)? {
            Value::Text(text) => Ok(Cow::Borrowed(text)),
            other => text::scalar(other).map(Cow::Owned).ok_or_else(|| self.wanted(index, "text")),
        }
    }

    /// A number; text that is one converts.
    pub(crate) fn number(&self, index: usize) -> Given<Number> {
        text::number(self.get(index)?).ok_or_else(|| self.wanted(index, "a number"))
    }

    pub(crate) fn whole(&self, index: usize) -> Given<i64> {
        self.number(index)?.as_i64().ok_or_else(|| self.wanted(index, "a whole number"))
    }

    pub(crate) fn list(&self, index: usize) -> Given<&[Value]> {
        self.get(index)?.as_list().ok_or_else(|| self.wanted(index, "a list"))
    }

    pub(crate) fn map(&self, index: usize) -> Given<&BTreeMap<String, Value>> {
        self.get(index)?.as_map().ok_or_else(|| self.wanted(index, "a map"))
    }

    /// A list of scalars as texts.
    pub(crate) fn texts(&self, index: usize) -> Given<Vec<String>> {
        let item = |item| text::scalar(item).ok_or_else(|| Fault::at(index, not_text(item)));
        self.list(index)?.iter().map(item).collect()
    }
}

fn not_text(item: &Value) -> String {
    format!("an item is {}, and text is wanted", item.kind_name())
}
