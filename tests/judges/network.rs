//! The network of a system: groups, rules and endpoints, made, changed and destroyed by Terraform.

use crate::cloud::Cloud;
use crate::judge::{self, Judge};
use crate::terraform::Terraform;

const NETWORK_TF: &str = include_str!("systems/network.tf");

#[test]
fn terraform_makes_changes_and_destroys_a_network() {
    let Some(program) = judge::ask(Judge::Terraform, "network") else { return };
    let cloud = Cloud::serve_fast();
    let terraform = Terraform::new(program, cloud.port);
    terraform.apply(NETWORK_TF);
    terraform.plans_nothing();

    let mut changed = NETWORK_TF.to_owned();
    for (old, new) in [
        ("to the endpoints", "to the endpoints alone"),
        (
            "from_port                    = 443\n  to_port                      = 443\n  tags",
            "from_port                    = 440\n  to_port                      = 443\n  tags",
        ),
        (
            "ip_protocol       = \"-1\"",
            "ip_protocol       = \"udp\"\n  from_port         = 53\n  to_port           = 53",
        ),
        ("0, 2)", "1, 3)"),
        ("tags        = { team = \"chatbot\" }", "tags        = { owner = \"chatbot\" }"),
    ] {
        assert!(changed.contains(old), "the network has `{old}`");
        changed = changed.replace(old, new);
    }
    terraform.apply(&changed);
    terraform.plans_nothing();
    terraform.destroy();
    let left = cloud.dump().to_string();
    assert!(!left.contains("chatbot-") && !left.contains("vpce-"), "{left}");
}
