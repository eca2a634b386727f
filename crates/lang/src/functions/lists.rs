//! Lists.

use model::Value;
use unicode_segmentation::UnicodeSegmentation;

use super::{Call, Fault, Function, Given};
use crate::{evaluate::surely_different, text, unify};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::unknown_through("alltrue", "bools", |call| quantified(call, false)),
    Function::unknown_through("anytrue", "bools", |call| quantified(call, true)),
    Function::through("chunklist", "list, size", chunklist),
    Function::own("coalesce", "value, others...", coalesce),
    Function::through("coalescelist", "list, others...", coalescelist),
    Function::stop("compact", "texts", compact),
    Function::through("concat", "list, others...", concat),
    Function::unknown_through("contains", "list, value", contains),
    Function::stop("distinct", "list", distinct),
    Function::through("element", "list, index", element),
    Function::through("flatten", "lists", flatten),
    Function::stop("index", "list, value", index),
    Function::through("length", "value", length),
    Function::stop("matchkeys", "values, keys, wanted", matchkeys),
    Function::through("one", "list", one),
    Function::stop("range", "start_or_limit, limit?, step?", range),
    Function::through("reverse", "list", |call| Ok(Value::List(call.list(0)?.iter().rev().cloned().collect()))),
    Function::through("slice", "list, start, end", slice),
    Function::stop("sort", "texts", sort),
];

/// Whether some item decides: a `true` for any, a `false` (or null) for all.
fn quantified(call: &Call<'_>, decides: bool) -> Given {
    let mut open = false;
    for item in call.list(0)? {
        match item {
            Value::Unknown(_) => open = true,
            Value::Null if !decides => return Ok(false.into()),
            Value::Null => {}
            known => match text::flag(known) {
                Some(flag) if flag == decides => return Ok(decides.into()),
                Some(_) => {}
                None => return Err(Fault::at(0, format!("{} is no bool", text::shown(known)))),
            },
        }
    }
    if open { Err(Fault::Unknown) } else { Ok((!decides).into()) }
}

fn chunklist(call: &Call<'_>) -> Given {
    let (items, size) = (call.list(0)?, call.whole(1)?);
    let size = usize::try_from(size).map_err(|_| Fault::at(1, "a size is zero or more"))?;
    Ok(match (items.len(), size) {
        (0, _) => Value::List(Vec::new()),
        (_, 0) => Value::List(vec![Value::List(items.to_vec())]),
        _ => Value::List(items.chunks(size).map(|chunk| Value::List(chunk.to_vec())).collect()),
    })
}

/// The first that is neither null nor empty text, as text when another one is text.
fn coalesce(call: &Call<'_>) -> Given {
    for value in &call.values {
        match value {
            Value::Null => {}
            Value::Text(text) if text.is_empty() => {}
            Value::Unknown(_) => return Err(Fault::Unknown),
            Value::Secret(secret) if secret.expose() == Some("") => {}
            Value::Number(_) | Value::Flag(_) if call.values.iter().any(|value| value.as_text().is_some()) => {
                return Ok(text::scalar(value).map_or(Value::Null, Value::Text));
            }
            found => return Ok(found.clone()),
        }
    }
    Err(Fault::whole("every argument is null or empty text"))
}

fn coalescelist(call: &Call<'_>) -> Given {
    for index in 0..call.values.len() {
        match call.values.get(index) {
            Some(Value::List(items)) if items.is_empty() => {}
            Some(Value::Map(entries)) if !entries.is_empty() => return Ok(Value::Map(entries.clone())),
            _ => return Ok(Value::List(call.list(index)?.to_vec())),
        }
    }
    Err(Fault::whole("every list is empty"))
}

fn compact(call: &Call<'_>) -> Given {
    let kept = call.list(0)?.iter().filter(|item| !item.is_null()).map(|item| {
        text::scalar(item).ok_or_else(|| Fault::at(0, format!("an item is {}, and text is wanted", item.kind_name())))
    });
    let texts = kept.collect::<Given<Vec<_>>>()?;
    Ok(texts.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().into())
}

fn concat(call: &Call<'_>) -> Given {
    let lists = (0..call.values.len()).map(|index| call.list(index)).collect::<Given<Vec<_>>>()?;
    Ok(Value::List(lists.concat()))
}

fn contains(call: &Call<'_>) -> Given {
    let (items, wanted) = (call.list(0)?, call.get(1)?);
    if items.iter().any(|item| item == wanted && item.is_known()) {
        return Ok(true.into());
    }
    if items.iter().all(|item| surely_different(item, wanted)) { Ok(false.into()) } else { Err(Fault::Unknown) }
}

fn distinct(call: &Call<'_>) -> Given {
    let items = unify::unify(call.list(0)?.to_vec()).ok_or_else(|| Fault::at(0, MIXED))?;
    let mut once: Vec<Value> = Vec::new();
    for item in items {
        if !once.contains(&item) {
            once.push(item);
        }
    }
    Ok(Value::List(once))
}

pub(super) const MIXED: &str = "the items have no type in common";

/// The index wraps around at the end.
fn element(call: &Call<'_>) -> Given {
    let (items, at) = (call.list(0)?, call.whole(1)?);
    let at = usize::try_from(at).map_err(|_| Fault::at(1, "an index is zero or more"))?;
    match items.len() {
        0 => Err(Fault::at(0, "an empty list has no elements")),
        count => Ok(items[at % count].clone()),
    }
}

fn flatten(call: &Call<'_>) -> Given {
    let mut flat = Vec::new();
    flatten_into(call.list(0)?, &mut flat)?;
    Ok(Value::List(flat))
}

/// An unknown item might turn out to be a list, so it leaves the whole unknown.
fn flatten_into(items: &[Value], flat: &mut Vec<Value>) -> Given<()> {
    for item in items {
        match item {
            Value::List(inner) => flatten_into(inner, flat)?,
            Value::Unknown(_) => return Err(Fault::Unknown),
            other => flat.push(other.clone()),
        }
    }
    Ok(())
}

fn index(call: &Call<'_>) -> Given {
    let (items, wanted) = (call.list(0)?, &call.values[1]);
    match items.iter().position(|item| item == wanted) {
        Some(at) => Ok((at as i64).into()),
        None => Err(Fault::at(1, "the list does not contain it")),
    }
}

fn length(call: &Call<'_>) -> Given {
    let count = match call.get(0)? {
        Value::List(items) => items.len(),
        Value::Map(entries) => entries.len(),
        Value::Text(text) => text.graphemes(true).count(),
        other => return Err(Fault::at(0, format!("a list, a map or text is wanted, not {}", text::shown(other)))),
    };
    Ok((count as i64).into())
}

fn matchkeys(call: &Call<'_>) -> Given {
    let (values, keys, wanted) = (call.list(0)?, call.list(1)?, call.list(2)?);
    if values.len() != keys.len() {
        return Err(Fault::whole("there are not as many keys as values"));
    }
    let chosen = values.iter().zip(keys).filter(|(_, key)| wanted.contains(key)).map(|(value, _)| value.clone());
    Ok(Value::List(chosen.collect()))
}

fn one(call: &Call<'_>) -> Given {
    match call.list(0)? {
        [] => Ok(Value::Null),
        [Value::Unknown(_)] => Err(Fault::Unknown),
        [only] => Ok(only.clone()),
        more => Err(Fault::at(0, format!("a list of at most one item is wanted, and it has {}", more.len()))),
    }
}

/// From start (0) up or down to the limit, which is left out, by step (1 or -1).
fn range(call: &Call<'_>) -> Given {
    /// As many as Terraform makes at most.
    const MOST: usize = 1024;
    let first = call.number(0)?;
    let (start, limit) = if call.has(1) { (first, call.number(1)?) } else { (0.into(), first) };
    let step = match call.has(2) {
        true => call.number(2)?,
        false => {
            if limit < start {
                (-1).into()
            } else {
                1.into()
            }
        }
    };
    let zero = model::Number::Whole(0);
    match () {
        () if step == zero => return Err(Fault::at(2, "a step of zero goes nowhere")),
        () if step > zero && limit < start => {
            return Err(Fault::whole("the limit lies below the start, so the step must be negative"));
        }
        () if step < zero && limit > start => {
            return Err(Fault::whole("the limit lies above the start, so the step must be positive"));
        }
        () => {}
    }
    let mut items = Vec::new();
    let mut at = start;
    while if step > zero { at < limit } else { at > limit } {
        if items.len() >= MOST {
            return Err(Fault::whole(format!("more than {MOST} numbers")));
        }
        items.push(Value::Number(at));
        at = crate::arithmetic::add(at, step).ok_or_else(|| Fault::whole("the numbers are too large"))?;
    }
    Ok(Value::List(items))
}

fn slice(call: &Call<'_>) -> Given {
    let items = call.list(0)?;
    let bound = |index: usize| {
        let at = call.whole(index)?;
        let fits = usize::try_from(at).ok().filter(|at| *at <= items.len());
        fits.ok_or_else(|| Fault::at(index, format!("it must lie between 0 and {}, the length", items.len())))
    };
    let (start, end) = (bound(1)?, bound(2)?);
    if start > end {
        return Err(Fault::at(1, "the start lies after the end"));
    }
    Ok(Value::List(items[start..end].to_vec()))
}

fn sort(call: &Call<'_>) -> Given {
    let mut texts = call.texts(0)?;
    texts.sort();
    Ok(texts.into())
}
