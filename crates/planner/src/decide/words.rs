//! Reasons in words.

use model::{Address, Graph, graph::Instances, plan::Difference};

/// Why something changes in place.
pub(crate) fn in_place(differences: &[Difference]) -> Vec<String> {
    let (outside, asked): (Vec<&Difference>, Vec<&Difference>) =
        differences.iter().partition(|difference| difference.drifted);
    let mut reasons = Vec::new();
    if !asked.is_empty() {
        let verb = if asked.len() == 1 { "changes" } else { "change" };
        reasons.push(format!("{} {verb} in place", names(&asked)));
    }
    if !outside.is_empty() {
        reasons.push(format!("changed outside since the last run: {}", names(&outside)));
    }
    reasons
}

/// What is taken over unseen.
pub(crate) fn unseen(names: &[String]) -> Option<String> {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    (!names.is_empty()).then(|| format!("cannot be read, so taken to be as written: {}", names.join(", ")))
}

/// Why something is replaced, from the attributes that cannot change in place.
pub(crate) fn forced(differences: &[Difference]) -> Option<String> {
    let forcing: Vec<&Difference> = differences.iter().filter(|difference| difference.replaces).collect();
    if forcing.is_empty() { None } else { Some(format!("forces replacement: {}", names(&forcing))) }
}

fn names(differences: &[&Difference]) -> String {
    differences.iter().map(|difference| format!("`{}`", difference.path)).collect::<Vec<_>>().join(", ")
}

/// Why a recorded resource is written no longer.
pub(crate) fn vanished(graph: &Graph, address: &Address) -> String {
    let Some(scope) = graph.scopes.modules.get(&address.module) else {
        return if address.module.is_root() {
            "no longer written".to_owned()
        } else {
            format!("`{}` is no longer there", address.module)
        };
    };
    let block = format!("{}.{}", address.type_name, address.name);
    match (scope.resources.get(&block), &address.key) {
        (None | Some(Instances::Symbolic), _) => "no longer written".to_owned(),
        (Some(Instances::Absent), _) => "its `when` is false".to_owned(),
        (Some(Instances::Keyed(_)), Some(key)) => format!("its `for_each` has no key \"{key}\" any more"),
        (Some(Instances::Keyed(_)), None) => "its block has `for_each` now".to_owned(),
        (Some(Instances::One), _) => "its block has no `for_each` any more".to_owned(),
    }
}
