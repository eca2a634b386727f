//! The contract of each type, on the local cloud and on moto: see [`tests::contract`].

use std::collections::{BTreeMap, BTreeSet};

use libtest_mimic::{Arguments, Failed, Trial};
use tests::contract::{self, World};
use tests::example::Example;
use tests::judge::{self, Moto};
use tests::project::{Project, folders, name, repository};

/// The services that moto plays.
const ON_MOTO: [&str; 8] = ["cloudwatch", "dynamodb", "ec2", "ecr", "iam", "rds", "secretsmanager", "ssm"];

fn main() -> std::process::ExitCode {
    let mut trials = vec![Trial::test("every_type_has_an_example", every_type_has_an_example)];
    for folder in folders(&repository("tests/types")) {
        let (type_name, twin) = (name(&folder), name(&folder));
        let service = type_name.split('_').next().unwrap_or_default().to_owned();
        trials.push(Trial::test(format!("{type_name}::every_attribute_is_tried"), {
            let type_name = type_name.clone();
            move || every_attribute_is_tried(&type_name)
        }));
        trials.push(Trial::test(format!("{type_name}::local"), move || on(&type_name, &World::Local)));
        if ON_MOTO.contains(&service.as_str()) {
            trials.push(Trial::test(format!("{twin}::moto"), move || on_moto(&twin)));
        }
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

fn on(type_name: &str, world: &World) -> Result<(), Failed> {
    contract::run(&Example::of(type_name), world).map_err(Failed::from)
}

#[expect(clippy::print_stderr, reason = "whoever reads the output learns that nobody judged")]
fn on_moto(type_name: &str) -> Result<(), Failed> {
    let Some(program) = judge::moto(&format!("contract.{type_name}")) else {
        eprintln!("not judged by moto: it is not here, or GROMA_JUDGES does not name it");
        return Ok(());
    };
    on(type_name, &World::Moto(Moto::serve(program)))
}

fn said(arguments: &[&str]) -> String {
    let said = Project::new().groma(arguments, &BTreeMap::new());
    assert_eq!(said.code, Some(0), "{}", said.err);
    said.out
}

fn every_type_has_an_example() -> Result<(), Failed> {
    let listed = said(&["docs"]);
    let listed = listed.lines().filter(|line| !line.starts_with("data.")).filter_map(|line| line.split(' ').next());
    let known: BTreeSet<String> = listed.map(str::to_owned).collect();
    let here: BTreeSet<String> = folders(&repository("tests/types")).iter().map(|folder| name(folder)).collect();
    if known == here { Ok(()) } else { Err(format!("types: {known:?}\nexamples: {here:?}").into()) }
}

/// Each argument is part of a change, or it is said why not.
fn every_attribute_is_tried(type_name: &str) -> Result<(), Failed> {
    let page = said(&["docs", type_name]);
    let arguments = page.split("\n## ").find(|part| part.starts_with("Arguments")).unwrap_or_default();
    let names = arguments.lines().filter_map(|line| line.strip_prefix("- `")?.split('`').next());
    let known: BTreeSet<String> = names.map(str::to_owned).collect();
    let example = Example::of(type_name);
    let told: BTreeSet<String> = example.tried().into_iter().chain(example.untried.keys().cloned()).collect();
    if known == told {
        return Ok(());
    }
    let missing: Vec<_> = known.difference(&told).collect();
    let unknown: Vec<_> = told.difference(&known).collect();
    Err(format!("neither tried nor excused: {missing:?}; no arguments: {unknown:?}").into())
}
