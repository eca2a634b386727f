//! A database with its groups: made and changed by Terraform, and taken over from groma and destroyed by it.

use std::collections::{BTreeMap, BTreeSet};

use crate::cloud::{Cloud, Project};
use crate::judge::{self, Judge};
use crate::terraform::Terraform;

const RDS_TF: &str = include_str!("systems/rds.tf");
const RDS_TOML: &str = include_str!("systems/rds.toml");

pub(crate) fn terraform_makes_and_changes_a_database() {
    let Some(program) = judge::ask(Judge::Terraform, "rds") else { return };
    let cloud = Cloud::serve_fast();
    let terraform = Terraform::new(program, cloud.port);
    terraform.apply(RDS_TF);
    terraform.plans_nothing();

    let mut changed = RDS_TF.to_owned();
    for (old, new) in [
        ("Where the orders stand", "Where the orders stay"),
        ("value = \"1000\"", "value = \"500\""),
        (
            "name         = \"max_connections\"\n    value        = \"80\"",
            "name         = \"log_statement\"\n    value        = \"ddl\"",
        ),
        ("allocated_storage         = 20", "allocated_storage         = 30"),
        ("backup_retention_period   = 1", "backup_retention_period   = 7"),
        ("correct-horse-battery", "another-horse-battery"),
        ("{ team = \"orders\" }", "{ owner = \"orders\" }"),
    ] {
        assert!(changed.contains(old), "the database has `{old}`");
        changed = changed.replace(old, new);
    }
    terraform.apply(&changed);
    terraform.plans_nothing();
    let census = cloud.dump().to_string();
    let changed = ["\"storage\":30", "\"backup_retention\":7", "\"log_statement\"", "Where the orders stay"];
    assert!(changed.iter().all(|part| census.contains(part)) && !census.contains("max_connections"), "{census}");
}

pub(crate) fn terraform_takes_over_a_database_of_groma_and_destroys_it() {
    let Some(program) = judge::ask(Judge::Terraform, "rds-taken-over") else { return };
    let cloud = Cloud::serve_fast();
    let project = Project::new(cloud.port);
    project.write(RDS_TOML);
    let password = [("ORDERS_PASSWORD", "correct-horse-battery")];
    project.groma_with(&["apply", "judged", "--auto-approve"], &password).ended(0);
    project.groma_with(&["plan", "judged", "--detailed-exitcode"], &password).ended(0);

    // Terraform cannot read the password, knows what concerns itself from its own files alone, and has no tags of groma.
    let ours = project.ids();
    let ids = [
        ("aws_security_group.database", "ec2_security_group.database"),
        ("aws_db_subnet_group.orders", "rds_subnet_group.orders"),
        ("aws_db_parameter_group.orders", "rds_parameter_group.orders"),
        ("aws_db_instance.orders", "rds_instance.orders"),
    ];
    let ids: BTreeMap<String, String> =
        ids.iter().map(|(theirs, address)| ((*theirs).to_owned(), ours[*address].clone())).collect();
    let terraform = Terraform::new(program, cloud.port);
    let tags: &[&str] = &["tags", "tags_all"];
    let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<String>>();
    let own: &[&str] =
        &["apply_immediately", "engine_version", "final_snapshot_identifier", "password", "skip_final_snapshot"];
    let expected: BTreeMap<String, BTreeSet<String>> = [
        ("aws_db_instance.orders", [own, tags].concat()),
        ("aws_db_parameter_group.orders", tags.to_vec()),
        ("aws_db_subnet_group.orders", tags.to_vec()),
        ("aws_security_group.database", [&["revoke_rules_on_delete"], tags].concat()),
    ]
    .map(|(address, names)| (address.to_owned(), set(&names)))
    .into();
    assert_eq!(terraform.would_change(RDS_TF, &ids), expected);

    let keeps = "tags                      = { team = \"orders\" }\n  lifecycle {\n    ignore_changes = [engine_version, password]\n  }";
    let taken = RDS_TF.replace("tags                      = { team = \"orders\" }", keeps);
    assert_ne!(taken, RDS_TF);
    assert!(terraform.would_change(&taken, &ids).len() == ids.len());
    terraform.run(&["apply", "-auto-approve", "-input=false", "import.plan"]).ended(0);
    terraform.destroy();
    let left = cloud.dump().to_string();
    assert!(left.contains("orders-last"), "the last snapshot stays: {left}");
    assert!(!left.contains("orders-database") && !left.contains("Where the orders stand"), "{left}");
}
