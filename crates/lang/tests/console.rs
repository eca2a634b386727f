//! Every expression gives what `terraform console` gives, but for the listed differences.
//!
//! `tests/data/console/expressions.json` is recorded by `tests/support/record_console.py`.

use std::{collections::BTreeMap, fs, path::PathBuf};

use lang::{Evaluator, Files, NoFacts};
use model::{
    Expression, FileId, ModulePath, Scopes, Span, Written, WrittenKind,
    graph::{EnvironmentFacts, Scope},
};
use serde_json::Value as Json;

fn data() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/console")
}

fn rows(name: &str) -> Vec<BTreeMap<String, Json>> {
    let text = fs::read_to_string(data().join(name)).expect("the data stands in the repository");
    serde_json::from_str(&text).expect("the data is JSON")
}

/// The files beside the recorded expressions.
struct Folder(PathBuf);

impl Files for Folder {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        fs::read(self.0.join(path)).map_err(|error| error.to_string())
    }

    fn list(&self, folder: &str) -> Result<Vec<String>, String> {
        let mut found = Vec::new();
        for entry in fs::read_dir(self.0.join(folder)).map_err(|error| error.to_string())? {
            let entry = entry.map_err(|error| error.to_string())?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = if folder.is_empty() { name } else { format!("{folder}/{name}") };
            if entry.path().is_dir() { found.extend(self.list(&path)?) } else { found.push(path) }
        }
        found.sort();
        Ok(found)
    }
}

/// The value as JSON, or the first error in words.
fn ours(expression: &str) -> Result<Json, String> {
    let text = format!("${{{expression}}}");
    let span = Span::new(FileId(0), 0, text.len());
    let kind = WrittenKind::Expression(Expression { text, span, offsets: Vec::new(), sees: Default::default() });
    let scopes = Scopes {
        environment: EnvironmentFacts::default(),
        modules: [(ModulePath::default(), Scope::default())].into(),
        ..Scopes::default()
    };
    let value = Evaluator::new(&scopes, &NoFacts, &Folder(data().join("files"))).written(&Written { kind, span });
    match value {
        Ok(value) => value.exposed_json().ok_or_else(|| "not known".to_owned()),
        Err(diagnostics) => Err(format!("{}: {}", diagnostics[0].summary, diagnostics[0].detail)),
    }
}

/// Equal but for the last bits of doubles.
fn same(a: &Json, b: &Json) -> bool {
    match (a, b) {
        (Json::Number(a), Json::Number(b)) => {
            let (a, b) = (a.as_f64().unwrap_or(f64::NAN), b.as_f64().unwrap_or(f64::NAN));
            a == b || (a - b).abs() <= 1e-12 * a.abs().max(b.abs())
        }
        (Json::Array(a), Json::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Json::Object(a), Json::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| same(a, b)))
        }
        (a, b) => a == b,
    }
}

#[test]
fn expressions_give_what_terraform_gives() {
    let mut differences: BTreeMap<String, Json> = rows("differences.json")
        .into_iter()
        .map(|mut row| {
            assert!(row["reason"].as_str().is_some_and(|reason| reason.len() > 10), "{row:?} has no reason");
            (row["expression"].as_str().unwrap().to_owned(), row.remove("ours").unwrap_or(Json::Null))
        })
        .collect();
    let recorded = rows("expressions.json");
    assert!(recorded.len() > 800, "{} expressions", recorded.len());
    let mut wrong = Vec::new();
    for row in &recorded {
        let expression = row["expression"].as_str().unwrap();
        let found = ours(expression);
        let alike = match (&found, row.get("result")) {
            (Ok(found), Some(result)) => same(found, result),
            (Err(_), None) => true,
            _ => false,
        };
        let shown = match &found {
            Ok(value) => serde_json::json!({ "result": value }),
            Err(error) => serde_json::json!({ "error": error }),
        };
        match differences.remove(expression) {
            Some(listed) if alike || listed != shown => {
                wrong.push(format!("{expression}\n  listed as different: {listed}\n  found: {shown}"));
            }
            None if !alike => {
                let theirs = row.get("result").or(row.get("error")).unwrap();
                wrong.push(format!("{expression}\n  theirs: {theirs}\n  ours:   {shown}"));
            }
            _ => {}
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), recorded.len(), wrong.join("\n"));
    assert!(differences.is_empty(), "listed, but not recorded: {differences:?}");
}
