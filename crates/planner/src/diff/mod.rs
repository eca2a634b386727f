//! What is written against what was last applied and what lives, attribute by attribute.

pub(crate) mod collections;
pub(crate) mod compare;
pub(crate) mod path;
mod per_key;
pub(crate) mod policy;
pub(crate) mod record;
mod unset;

use std::collections::{BTreeMap, BTreeSet};

use model::{
    Address, Attribute, Kind, Live, Place, Schema, Value,
    plan::Difference,
    schema::{Effect, Owns},
};

use compare::{Likeness, Rule};
use path::Path;

/// What is compared.
pub(crate) struct Sides<'a> {
    pub(crate) schema: &'a Schema,
    pub(crate) want: &'a BTreeMap<String, Value>,
    pub(crate) applied: &'a BTreeMap<String, Value>,
    pub(crate) live: &'a Live,
    /// `lifecycle.ignore_changes`
    pub(crate) ignore: Vec<Path>,
    /// Whether what an unknown value needs is made anew by this plan, so that the value surely changes.
    pub(crate) is_new: &'a dyn Fn(&Address) -> bool,
    /// Where a path is written.
    pub(crate) place: &'a dyn Fn(&Path) -> Option<Place>,
}

/// All that differs, and what to send.
#[derive(Debug, Default)]
pub(crate) struct Comparison {
    pub(crate) differences: Vec<Difference>,
    /// What is written, with defaults for what is no longer written and live values for what is ignored.
    pub(crate) want: BTreeMap<String, Value>,
    pub(crate) reset: BTreeSet<String>,
    pub(crate) cleared: BTreeSet<String>,
    pub(crate) dropped: BTreeMap<String, BTreeSet<String>>,
    /// "`retention_in_days` is no longer managed, it stays 30"
    pub(crate) notes: Vec<String>,
    /// Secrets that could not be compared, by path.
    pub(crate) not_given: Vec<String>,
}

impl Comparison {
    /// The attributes in which anything differs.
    pub(crate) fn changed(&self) -> BTreeSet<String> {
        self.differences
            .iter()
            .filter_map(|difference| Path::parse(&difference.path))
            .map(|path| path.attribute())
            .collect()
    }

    /// The paths that cannot change in place.
    pub(crate) fn forcing(&self) -> impl Iterator<Item = &str> {
        self.differences.iter().filter(|difference| difference.replaces).map(|difference| difference.path.as_str())
    }
}

/// Parses `lifecycle.ignore_changes`.
pub(crate) fn ignored(paths: &[String]) -> Vec<Path> {
    paths.iter().filter_map(|text| Path::parse(text)).collect()
}

/// Compares everything that is or was written.
pub(crate) fn compare(sides: &Sides<'_>) -> Comparison {
    let mut walk = Walk { sides, found: Comparison { want: sides.want.clone(), ..Comparison::default() } };
    for spec in sides.schema.arguments().filter(|spec| !spec.deletion) {
        walk.attribute(spec);
    }
    walk.keep_ignored();
    walk.found
}

/// The three values of one place.
#[derive(Clone, Copy)]
pub(crate) struct Three<'a> {
    want: &'a Value,
    live: &'a Value,
    applied: Option<&'a Value>,
    /// Whether anybody knows what lives; if not, a difference never replaces.
    certain: bool,
}

struct Walk<'a> {
    sides: &'a Sides<'a>,
    found: Comparison,
}

const NULL: &Value = &Value::Null;

impl Walk<'_> {
    fn attribute(&mut self, spec: &Attribute) {
        let sides = self.sides;
        let applied = sides.applied.get(spec.name).filter(|value| !value.is_null());
        let answered = if spec.write_only { None } else { sides.live.attributes.get(spec.name) };
        let certain = answered.is_some() || applied.is_some();
        let live = answered.or(applied).unwrap_or(NULL);
        let path = Path::of(spec.name);
        match sides.want.get(spec.name).filter(|value| !value.is_null()) {
            Some(want) => self.place(spec, &path, Three { want, live, applied, certain }, false),
            None => {
                if let Some(applied) = applied {
                    self.unset(spec, &path, live, applied, false);
                }
            }
        }
    }

    /// A secret without its value can be compared only by its recipe, which the state keeps.
    fn recipe<'v>(want: &Value, live: &'v Value, applied: Option<&'v Value>) -> &'v Value {
        match (want, applied) {
            (Value::Secret(want), Some(applied @ Value::Secret(_))) if want.fingerprint.is_none() => applied,
            _ => live,
        }
    }

    /// One attribute or member that is written. `replacing`: the object around it replaces with any change.
    fn place(&mut self, spec: &Attribute, path: &Path, three: Three<'_>, replacing: bool) {
        let three = Three { live: Self::recipe(three.want, three.live, three.applied), ..three };
        let replacing = replacing || self.replaces(spec, three.want, three.live);
        if let (Owns::PerKey(member), true) =
            (spec.owns, three.want.as_map().is_some() || three.want.as_list().is_some())
        {
            return self.per_key(spec, member, path, three, replacing);
        }
        if let (Kind::Object(members), Value::Map(want), Value::Map(live)) = (&spec.kind, three.want, three.live)
            && !Rule::of(spec).is_document()
            && !matches!(spec.compare, model::schema::Compare::Same(_))
        {
            return self.members(members, path, want, live, three, replacing);
        }
        let likeness = compare::attribute(spec, three.want, three.live);
        self.differ(Rule::of(spec), path, three, likeness, replacing);
    }

    fn members(
        &mut self,
        members: &[Attribute],
        path: &Path,
        want: &BTreeMap<String, Value>,
        live: &BTreeMap<String, Value>,
        three: Three<'_>,
        replacing: bool,
    ) {
        let applied = three.applied.and_then(Value::as_map);
        for member in members.iter().filter(|member| member.is_argument() && !member.deletion) {
            let applied = applied.and_then(|applied| applied.get(member.name)).filter(|value| !value.is_null());
            let answered = if member.write_only { applied } else { live.get(member.name) };
            let live = answered.unwrap_or(NULL);
            let path = path.member(member.name);
            match want.get(member.name).filter(|value| !value.is_null()) {
                Some(want) => self.place(member, &path, Three { want, live, applied, ..three }, replacing),
                None => {
                    if let Some(applied) = applied {
                        self.unset(member, &path, live, applied, replacing);
                    }
                }
            }
        }
    }

    /// Splits what differs into the smallest parts that can be shown alone.
    fn differ(&mut self, rule: Rule<'_>, path: &Path, three: Three<'_>, likeness: Likeness, replacing: bool) {
        match likeness {
            Likeness::Same => return,
            Likeness::CannotTell => return self.found.not_given.push(path.to_string()),
            Likeness::MayDiffer | Likeness::Differs => {}
        }
        match (rule.kind, three.want, three.live) {
            (Kind::Map(inner), Value::Map(want), Value::Map(live)) if !rule.is_document() => {
                let keys: BTreeSet<&String> = want.keys().chain(live.keys()).collect();
                for key in keys {
                    let inside = three.at(
                        want.get(key),
                        live.get(key),
                        three.applied.and_then(|applied| applied.as_map()?.get(key)),
                    );
                    let likeness = compare::value(rule.inner(inner), inside.want, inside.live);
                    self.differ(rule.inner(inner), &path.key(key), inside, likeness, replacing);
                }
            }
            (Kind::List(inner), Value::List(want), Value::List(live)) if want.len() == live.len() => {
                for (at, (want, live)) in want.iter().zip(live).enumerate() {
                    let applied = three.applied.and_then(|applied| applied.as_list()?.get(at));
                    let inside = three.at(Some(want), Some(live), applied);
                    let likeness = compare::value(rule.inner(inner), want, live);
                    self.differ(rule.inner(inner), &path.index(at), inside, likeness, replacing);
                }
            }
            (Kind::Object(members), Value::Map(want), Value::Map(live)) => {
                self.members(members, path, want, live, three, replacing);
            }
            _ => self.leaf(rule, path, three, likeness, replacing),
        }
    }

    fn leaf(&mut self, rule: Rule<'_>, path: &Path, three: Three<'_>, likeness: Likeness, replacing: bool) {
        if self.is_ignored(path) {
            return;
        }
        let surely = likeness == Likeness::Differs || three.want.needs().iter().any(self.sides.is_new);
        let as_before = |applied| compare::value(rule, three.want, applied) == Likeness::Same;
        self.found.differences.push(Difference {
            path: path.to_string(),
            before: three.live.clone(),
            after: three.want.clone(),
            replaces: replacing && surely && three.certain,
            document: rule.is_document(),
            place: (self.sides.place)(path),
            drifted: three.applied.is_some_and(as_before),
        });
    }

    fn replaces(&self, spec: &Attribute, want: &Value, live: &Value) -> bool {
        match spec.effect {
            Effect::InPlace => false,
            Effect::Replaces => true,
            Effect::ReplacesIf(test) => want.is_known() && test(live, want),
        }
    }

    fn is_ignored(&self, path: &Path) -> bool {
        self.sides.ignore.iter().any(|ignored| path.is_within(ignored))
    }

    /// An update of something near must not send what is ignored.
    fn keep_ignored(&mut self) {
        for path in &self.sides.ignore {
            let rest = &path.0[1.min(path.0.len())..];
            let written = self.sides.want.get(&path.attribute()).and_then(|want| path::get(want, rest));
            if let (Some(_), Some(live)) = (written, self.sides.live.attributes.get(&path.attribute())) {
                let inside = path::get(live, rest).filter(|value| !value.is_null());
                path::put(&mut self.found.want, path, inside.cloned());
            }
        }
    }
}

impl<'a> Three<'a> {
    /// The same question one step further in.
    fn at(self, want: Option<&'a Value>, live: Option<&'a Value>, applied: Option<&'a Value>) -> Self {
        Self { want: want.unwrap_or(NULL), live: live.unwrap_or(NULL), applied, certain: self.certain }
    }
}
