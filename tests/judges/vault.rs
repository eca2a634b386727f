//! Secrets and parameters: what Terraform makes of them on the local cloud.

use std::collections::BTreeSet;

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
fn what_terraform_keeps_is_imported_with_nothing_to_change_but_ownership_tags() {
    let Some(program) = judge::ask(Judge::Terraform, "vault-imported-by-groma") else { return };
    let cloud = Cloud::serve();
    let proxy = Proxy::before(cloud.port);
    let terraform = Terraform::new(program, proxy.port);
    terraform.apply(VAULT_TF);
    let ids = terraform.ids();
    proxy.take();

    let project = Project::new(proxy.port);
    let ours = ["secretsmanager_secret.api", "secretsmanager_secret.gone"].into_iter();
    let ours = ours.chain(["ssm_parameter.port", "ssm_parameter.key", "ssm_parameter.image"]);
    let blocks = ours.map(|address| format!("[import.\"{address}\"]\nid = \"{}\"\n", ids[&format!("aws_{address}")]));
    project.write(&format!("{VAULT_TOML}\n{}", blocks.collect::<String>()));
    let value = [("API", "correct-horse-battery")];
    project.groma_with(&["apply", "judged", "--auto-approve"], &value).ended(0);
    let sent: BTreeSet<String> = proxy.take().into_iter().map(|request| request.operation).collect();
    assert_eq!(sent, BTreeSet::from(["AddTagsToResource", "TagResource"].map(str::to_owned)));
    project.groma_with(&["plan", "judged", "--detailed-exitcode"], &value).ended(0);
}
