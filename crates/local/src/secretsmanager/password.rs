//! Passwords that look random.

use serde_json::{Value, json};

use super::refusals::invalid;
use super::secret::characters;
use crate::refusal::Answer;
use crate::world::World;

/// The kinds of characters, each with the member that leaves it out.
const KINDS: [(&str, &str); 4] = [
    ("ExcludeLowercase", "abcdefghijklmnopqrstuvwxyz"),
    ("ExcludeUppercase", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    ("ExcludeNumbers", "0123456789"),
    ("ExcludePunctuation", "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"),
];

pub(super) fn random(world: &mut World, input: &Value) -> Answer {
    let excluded = input["ExcludeCharacters"].as_str().unwrap_or_default();
    let mut kinds: Vec<String> = KINDS
        .iter()
        .filter(|(excludes, _)| input[*excludes] != true)
        .map(|(_, kind)| kind.chars().filter(|character| !excluded.contains(*character)).collect())
        .filter(|kind: &String| !kind.is_empty())
        .collect();
    if input["IncludeSpace"] == true {
        kinds.push(" ".to_owned());
    }
    let length = input["PasswordLength"].as_u64().unwrap_or(32) as usize;
    let each = input["RequireEachIncludedType"] != false;
    if kinds.is_empty() || (each && kinds.len() > length) {
        return Err(invalid("The password can't be made of the characters that are left."));
    }
    // One of each kind first, the rest from all of them.
    let mut password = String::new();
    if each {
        kinds.iter().for_each(|kind| password.push_str(&characters(world, kind.as_bytes(), 1)));
    }
    let all = kinds.concat();
    let rest = characters(world, all.as_bytes(), length - password.len());
    password.push_str(&rest);
    Ok(json!({ "RandomPassword": password }))
}
