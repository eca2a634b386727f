//! References to resources and data: `TYPE.NAME.ATTRIBUTE`, `data.TYPE.NAME`.

use std::{collections::BTreeSet, rc::Rc};

use hcl_edit::{Decorated, Ident, expr::TraversalOperator as Step};
use model::{
    Address, Unknown, Value,
    expression::Sees,
    graph::{Instances, Scope},
};

use super::{Evaluator, roots::ROOTS};
use crate::{
    frame::Frame,
    mistake::{Mistakes, Outcome},
    suggest::{nearest, unknown_name},
    text,
};

/// What the steps after a block's name choose.
pub(super) enum Chosen {
    /// One instance, by its key, with the step taken.
    Key(String),
    /// No instance is named: all of them.
    All,
    /// The key is not known.
    Unknown(Value),
}

impl Evaluator<'_> {
    pub(super) fn resource(
        &self,
        frame: Frame<'_>,
        sees: &Sees,
        scope: &Scope,
        kind: &Decorated<Ident>,
        name: &Decorated<Ident>,
        rest: &[Decorated<Step>],
    ) -> Outcome<(Rc<Value>, usize)> {
        let block = format!("{}.{}", kind.as_str(), name.as_str());
        let Some(instances) = scope.resources.get(&block) else {
            return Err(unknown_block(frame, "resource", &scope.resources, kind, name));
        };
        let address = Address::resource(sees.module.clone(), kind.as_str(), name.as_str(), None);
        let (value, taken) = self.block(frame, &address, instances, rest)?;
        Ok((Rc::new(value), taken + 1))
    }

    pub(super) fn data(
        &self,
        frame: Frame<'_>,
        sees: &Sees,
        root: &Decorated<Ident>,
        steps: &[Decorated<Step>],
    ) -> Outcome<(Rc<Value>, usize)> {
        let (Some(Step::GetAttr(kind)), Some(Step::GetAttr(name))) =
            (steps.first().map(|step| step.value()), steps.get(1).map(|step| step.value()))
        else {
            let detail = "a reference to data is `data.TYPE.NAME.ATTRIBUTE`";
            return Err(Mistakes::fixed(frame.error("incomplete reference", detail, root)));
        };
        let scope = self.scope(&sees.module, frame.span(root))?;
        let block = format!("{}.{}", kind.as_str(), name.as_str());
        let Some(instances) = scope.data.get(&block) else {
            return Err(unknown_block(frame, "data", &scope.data, kind, name));
        };
        let plain = Address::resource(sees.module.clone(), kind.as_str(), name.as_str(), None);
        let address = Address { data: true, ..plain };
        let (value, taken) = self.block(frame, &address, instances, &steps[2..])?;
        Ok((Rc::new(value), taken + 2))
    }

    /// The value of a block, or of the instance that the next step names, with the steps taken.
    fn block(
        &self,
        frame: Frame<'_>,
        block: &Address,
        instances: &Instances,
        rest: &[Decorated<Step>],
    ) -> Outcome<(Value, usize)> {
        match instances {
            Instances::One => Ok((self.instance(block), 0)),
            Instances::Absent => Ok((Value::Null, 0)),
            Instances::Symbolic => Ok((unknown_instance(&Address { key: Some("*".to_owned()), ..block.clone() }), 0)),
            Instances::Keyed(keys) => match self.chosen(frame, keys, rest, &block.to_string())? {
                Chosen::Key(key) => Ok((self.instance(&Address { key: Some(key), ..block.clone() }), 1)),
                Chosen::Unknown(unknown) => Ok((unknown, 1)),
                Chosen::All => {
                    let all = keys
                        .iter()
                        .map(|key| (key.clone(), self.instance(&Address { key: Some(key.clone()), ..block.clone() })));
                    Ok((Value::Map(all.collect()), 0))
                }
            },
        }
    }

    /// Which instance of a block with `for_each` the next step names.
    pub(super) fn chosen(
        &self,
        frame: Frame<'_>,
        keys: &BTreeSet<String>,
        rest: &[Decorated<Step>],
        block: &str,
    ) -> Outcome<Chosen> {
        let Some(step) = rest.first() else {
            return Ok(Chosen::All);
        };
        let key = match step.value() {
            Step::FullSplat(_) | Step::AttrSplat(_) => return Ok(Chosen::All),
            Step::GetAttr(name) if keys.contains(name.as_str()) => return Ok(Chosen::Key(name.as_str().to_owned())),
            Step::GetAttr(name) => {
                let detail = format!("`{block}` has `for_each`: name an instance before `.{}`", name.as_str());
                let example = keys.first().map_or("KEY", String::as_str);
                let hint =
                    format!("`{block}[{example:?}].{0}`, or all: `[for one in {block} : one.{0}]`", name.as_str());
                return Err(frame.wrong("instance not named", detail, name).hint(hint));
            }
            Step::LegacyIndex(at) => Value::from(i64::try_from(**at).unwrap_or(i64::MAX)),
            Step::Index(node) => self.node(frame, node)?,
        };
        match key {
            Value::Unknown(unknown) => {
                let needs = unknown.needs;
                Ok(Chosen::Unknown(Value::Unknown(Unknown {
                    expression: format!("{block}[{}]", unknown.expression),
                    needs,
                })))
            }
            Value::Secret(_) => Err(frame.wrong("secret key", "a secret may not choose an instance", step)),
            known => match text::scalar(&known).filter(|key| keys.contains(key)) {
                Some(key) => Ok(Chosen::Key(key)),
                None => {
                    let detail = format!("`{block}` has no instance {}", text::shown(&known));
                    let wrong = text::scalar(&known).unwrap_or_default();
                    let known = keys.iter().map(String::as_str);
                    let mut diagnostic = unknown_name("unknown instance", detail, frame.span(step), &wrong, known);
                    diagnostic.patch = None;
                    Err(Mistakes::value(diagnostic))
                }
            },
        }
    }

    fn instance(&self, address: &Address) -> Value {
        let known = if address.data {
            self.facts.data(address).or_else(|| self.scopes.data.get(address).cloned())
        } else {
            self.facts.resource(address)
        };
        known.unwrap_or_else(|| unknown_instance(address))
    }
}

fn unknown_instance(address: &Address) -> Value {
    Value::Unknown(Unknown { expression: address.to_string(), needs: BTreeSet::from([address.clone()]) })
}

/// An error about `TYPE.NAME` that nobody declared.
fn unknown_block(
    frame: Frame<'_>,
    what: &str,
    declared: &std::collections::BTreeMap<String, Instances>,
    kind: &Decorated<Ident>,
    name: &Decorated<Ident>,
) -> Mistakes {
    let same_type: Vec<&str> = declared
        .keys()
        .filter_map(|block| block.split_once('.').filter(|(of, _)| *of == kind.as_str()).map(|(_, name)| name))
        .collect();
    if !same_type.is_empty() {
        let detail = format!("there is no {what} `{}.{}` in this module", kind.as_str(), name.as_str());
        let summary = if what == "data" { "unknown data" } else { "unknown resource" };
        return Mistakes::fixed(unknown_name(summary, detail, frame.span(name), name.as_str(), same_type));
    }
    let types: BTreeSet<&str> = declared.keys().filter_map(|block| block.split('.').next()).collect();
    let mut known: Vec<&str> = types.iter().copied().collect();
    if what == "resource" {
        known.extend(ROOTS);
        known.extend(frame.all_names());
    }
    let detail = match what {
        "data" => format!("there is no data of type `{}` in this module", kind.as_str()),
        _ => format!("`{}` is no resource type of this module and no other name that can be seen here", kind.as_str()),
    };
    let summary = if what == "data" { "unknown data" } else { "unknown name" };
    let near = nearest(kind.as_str(), known);
    Mistakes::fixed(unknown_name(summary, detail, frame.span(kind), kind.as_str(), near))
}
