//! Secrets and parameters: what Terraform makes of them on the local cloud, and groma takes over.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::cloud::{Cloud, Project};
use crate::judge::{self, Judge};
use crate::proxy::Proxy;
use crate::terraform::Terraform;

const VAULT_TF: &str = include_str!("systems/vault.tf");
const VAULT_TOML: &str = include_str!("systems/vault.toml");

#[test]
fn terraform_keeps_and_changes_secrets_and_parameters() {
    let Some(program) = judge::ask(Judge::Terraform, "vault") else { return };
    let cloud = Cloud::serve();
    let terraform = Terraform::new(program, cloud.port);
    terraform.apply(VAULT_TF);
    terraform.plans_nothing();
    let mut changed = VAULT_TF.to_owned();
    for (old, new) in [
        ("Opens the shop", "Opens the door"),
        ("\"correct-horse-battery\"", "\"another-horse-battery\""),
        ("{ team = \"a\" }", "{ owner = \"b\" }"),
        ("\"8080\"", "\"3000\""),
    ] {
        assert!(changed.contains(old), "the system has `{old}`");
        changed = changed.replace(old, new);
    }
    terraform.apply(&changed);
    terraform.plans_nothing();
    terraform.destroy();
    let left = cloud.dump().to_string();
    // Its name rests for a while; the parameter is gone.
    assert!(!left.contains("\"parameters\""), "{left}");
    // It waits for the end of its window.
    assert!(left.contains("judged/api"), "{left}");
}

#[test]
fn what_terraform_made_is_imported() {
    let Some(program) = judge::ask(Judge::Terraform, "vault-imported") else { return };
    let cloud = Cloud::serve();
    let proxy = Proxy::before(cloud.port);
    let terraform = Terraform::new(program, proxy.port);
    terraform.apply(VAULT_TF);
    let shown: Value = serde_json::from_str(&terraform.run(&["show", "-json"]).ended(0)).expect("a state is JSON");
    let resources = shown["values"]["root_module"]["resources"].as_array().expect("there are resources");
    let ours = resources.iter().filter(|resource| resource["mode"] == "managed");
    let blocks = ours.filter_map(|resource| {
        let address = resource["address"].as_str()?.strip_prefix("aws_")?;
        let id = resource["values"]["id"].as_str()?;
        (!address.contains("version")).then(|| format!("[import.\"{address}\"]\nid = \"{id}\"\n"))
    });
    let blocks: String = blocks.collect();
    proxy.take();
    let project = Project::new(proxy.port);
    project.apply(&format!("{VAULT_TOML}\n{blocks}"));
    let sent: BTreeSet<String> = proxy.take().into_iter().map(|request| request.operation).collect();
    assert_eq!(sent, BTreeSet::from(["AddTagsToResource", "TagResource"].map(str::to_owned)));
    project.groma(&["plan", "judged", "--detailed-exitcode"]).ended(0);
}
