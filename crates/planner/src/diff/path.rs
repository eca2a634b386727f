//! Paths of attributes: `image_scanning_configuration.scan_on_push`, `tags["team"]`, `ports[0]`.

use std::{collections::BTreeMap, fmt};

use model::Value;

/// One step into a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Segment {
    Name(String),
    Key(String),
    Index(usize),
}

/// The way to a value inside the attributes of a resource.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Path(pub(crate) Vec<Segment>);

impl Path {
    pub(crate) fn of(name: &str) -> Self {
        Self(vec![Segment::Name(name.to_owned())])
    }

    fn with(&self, segment: Segment) -> Self {
        let mut segments = self.0.clone();
        segments.push(segment);
        Self(segments)
    }

    pub(crate) fn member(&self, name: &str) -> Self {
        self.with(Segment::Name(name.to_owned()))
    }

    pub(crate) fn key(&self, key: &str) -> Self {
        self.with(Segment::Key(key.to_owned()))
    }

    pub(crate) fn index(&self, at: usize) -> Self {
        self.with(Segment::Index(at))
    }

    /// The attribute it lies in.
    pub(crate) fn attribute(&self) -> String {
        self.0.first().map(Segment::text).unwrap_or_default()
    }

    /// The steps as texts.
    pub(crate) fn names(&self) -> impl Iterator<Item = String> {
        self.0.iter().map(Segment::text)
    }

    /// As a person writes it; nothing when brackets do not match.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut segments = Vec::new();
        let mut rest = text.trim();
        while !rest.is_empty() {
            if let Some(inside) = rest.strip_prefix('[') {
                let (content, after) = inside.split_once(']')?;
                segments.push(match content.strip_prefix('"').and_then(|quoted| quoted.strip_suffix('"')) {
                    Some(key) => Segment::Key(key.to_owned()),
                    None => Segment::Index(content.parse().ok()?),
                });
                rest = after.strip_prefix('.').unwrap_or(after);
            } else {
                let end = rest.find(['.', '[']).unwrap_or(rest.len());
                segments.push(Segment::Name(rest[..end].to_owned()));
                rest = rest[end..].strip_prefix('.').unwrap_or(&rest[end..]);
            }
        }
        Some(Self(segments))
    }

    /// Whether this path is the other or lies inside it; `tags.team` and `tags["team"]` are the same.
    pub(crate) fn is_within(&self, other: &Self) -> bool {
        self.0.len() >= other.0.len() && self.0.iter().zip(&other.0).all(|(mine, theirs)| mine.text() == theirs.text())
    }
}

impl Segment {
    fn text(&self) -> String {
        match self {
            Self::Name(text) | Self::Key(text) => text.clone(),
            Self::Index(at) => at.to_string(),
        }
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, segment) in self.0.iter().enumerate() {
            match segment {
                Segment::Name(name) if at == 0 => f.write_str(name)?,
                Segment::Name(name) => write!(f, ".{name}")?,
                Segment::Key(key) => write!(f, "[\"{key}\"]")?,
                Segment::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

/// The value at the rest of a path.
pub(crate) fn get<'a>(value: &'a Value, segments: &[Segment]) -> Option<&'a Value> {
    let Some((first, rest)) = segments.split_first() else { return Some(value) };
    let inner = match (value, first) {
        (Value::Map(entries), segment) => entries.get(&segment.text()),
        (Value::List(items), Segment::Index(at)) => items.get(*at),
        _ => None,
    };
    inner.and_then(|inner| get(inner, rest))
}

/// Puts a value at a path, or takes it away; makes no list longer and replaces nothing that is not a map.
pub(crate) fn put(attributes: &mut BTreeMap<String, Value>, path: &Path, value: Option<Value>) {
    let Some((last, parents)) = path.0.split_last() else { return };
    let mut at = attributes;
    for parent in parents {
        if value.is_some() {
            at.entry(parent.text()).or_insert_with(|| Value::Map(BTreeMap::new()));
        }
        match at.get_mut(&parent.text()) {
            Some(Value::Map(entries)) => at = entries,
            _ => return,
        }
    }
    match value {
        Some(value) => at.insert(last.text(), value),
        None => at.remove(&last.text()),
    };
}
