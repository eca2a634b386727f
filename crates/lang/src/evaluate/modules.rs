//! References to module outputs: `module.NAME.OUTPUT`.

use std::{collections::BTreeMap, rc::Rc};

use hcl_edit::{Decorated, Ident, expr::TraversalOperator as Step};
use model::{ModulePath, Span, Unknown, Value, expression::Sees, graph::Instances};

use super::{Evaluator, resources::Chosen, roots::attribute};
use crate::{
    frame::Frame,
    mistake::{Mistakes, Outcome, collect},
    suggest::unknown_name,
};

impl Evaluator<'_> {
    pub(super) fn module(
        &self,
        frame: Frame<'_>,
        sees: &Sees,
        root: &Decorated<Ident>,
        steps: &[Decorated<Step>],
    ) -> Outcome<(Rc<Value>, usize)> {
        let name = attribute(frame, root, steps, "the name of a module")?;
        let scope = self.scope(&sees.module, frame.span(root))?;
        let Some(instances) = scope.modules.get(name.as_str()) else {
            let detail = format!("there is no module `{}` here", name.as_str());
            let known = scope.modules.keys().map(String::as_str);
            let span = frame.span(name);
            return Err(Mistakes::fixed(unknown_name("unknown module", detail, span, name.as_str(), known)));
        };
        let block = format!("module.{}", name.as_str());
        match instances {
            Instances::Absent => Ok((Rc::new(Value::Null), 1)),
            Instances::Symbolic => {
                let unknown = Unknown { expression: format!("{block}[\"*\"]"), needs: Default::default() };
                Ok((Rc::new(Value::Unknown(unknown)), 1))
            }
            Instances::One => {
                let path = sees.module.child(name.as_str(), None);
                let (value, taken) = self.module_instance(frame, &path, &steps[1..])?;
                Ok((value, taken + 1))
            }
            Instances::Keyed(keys) => match self.chosen(frame, keys, &steps[1..], &block)? {
                Chosen::Unknown(unknown) => Ok((Rc::new(unknown), 2)),
                Chosen::Key(key) => {
                    let path = sees.module.child(name.as_str(), Some(&key));
                    let (value, taken) = self.module_instance(frame, &path, &steps[2..])?;
                    Ok((value, taken + 2))
                }
                Chosen::All => {
                    let all = keys.iter().map(|key| {
                        let path = sees.module.child(name.as_str(), Some(key));
                        Ok((key.clone(), self.all_outputs(&path, frame.span(name))?))
                    });
                    Ok((Rc::new(Value::Map(collect(all)?.into_iter().collect())), 1))
                }
            },
        }
    }

    /// The output that the next step names, or a map of all.
    fn module_instance(
        &self,
        frame: Frame<'_>,
        path: &ModulePath,
        rest: &[Decorated<Step>],
    ) -> Outcome<(Rc<Value>, usize)> {
        match rest.first().map(|step| step.value()) {
            Some(Step::GetAttr(output)) => Ok((self.output_value(path, output.as_str(), frame.span(output))?, 1)),
            _ => Ok((Rc::new(self.all_outputs(path, None)?), 0)),
        }
    }

    fn all_outputs(&self, path: &ModulePath, span: Option<Span>) -> Outcome {
        let scope = self.scope(path, span)?;
        let outputs = scope
            .outputs
            .keys()
            .map(|name| Ok((name.clone(), Rc::unwrap_or_clone(self.output_value(path, name, span)?))));
        let outputs: BTreeMap<String, Value> = collect(outputs)?.into_iter().collect();
        Ok(Value::Map(outputs))
    }
}
