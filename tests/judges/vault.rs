//! Secrets and parameters: what Terraform makes of them on the local cloud.

use crate::cloud::Cloud;
use crate::judge::{self, Judge};
use crate::terraform::Terraform;

const VAULT_TF: &str = include_str!("systems/vault.tf");

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
