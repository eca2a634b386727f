//! Sets: lists that are sorted and hold each item once.

use model::Value;

use super::{Call, Fault, Function, Given, lists::MIXED};
use crate::unify;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::stop("setintersection", "set, others...", |call| {
        folded(call, |kept, other| kept.into_iter().filter(|item| other.contains(item)).collect())
    }),
    Function::through("setproduct", "set, other, others...", setproduct),
    Function::stop("setsubtract", "set, without", |call| {
        folded(call, |kept, other| kept.into_iter().filter(|item| !other.contains(item)).collect())
    }),
    Function::stop("setunion", "set, others...", |call| folded(call, |kept, other| [kept, other].concat())),
];

/// Combines the sets from left to right, after all items have been brought to one type.
fn folded(call: &Call<'_>, combine: fn(Vec<Value>, Vec<Value>) -> Vec<Value>) -> Given {
    let lists = (0..call.values.len()).map(|index| call.list(index)).collect::<Given<Vec<_>>>()?;
    let all = unify::unify(lists.concat()).ok_or_else(|| Fault::whole(MIXED))?;
    let mut rest = all.into_iter();
    let mut sets = lists.iter().map(|list| rest.by_ref().take(list.len()).collect::<Vec<_>>());
    let first = sets.next().unwrap_or_default();
    let combined = sets.fold(first, combine);
    unify::set(combined).map(Value::List).ok_or_else(|| Fault::whole(MIXED))
}

fn setproduct(call: &Call<'_>) -> Given {
    /// Enough for any plan, and too little to fill the memory.
    const MOST: usize = 100_000;
    let mut rows: Vec<Vec<Value>> = vec![Vec::new()];
    for index in 0..call.values.len() {
        let items = unify::unify(call.list(index)?.to_vec()).ok_or_else(|| Fault::at(index, MIXED))?;
        if rows.len().saturating_mul(items.len()) > MOST {
            return Err(Fault::whole(format!("more than {MOST} combinations")));
        }
        rows = rows
            .into_iter()
            .flat_map(|row| items.iter().map(move |item| [row.clone(), vec![item.clone()]].concat()))
            .collect();
    }
    Ok(Value::List(rows.into_iter().map(Value::List).collect()))
}
