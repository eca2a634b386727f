//! What stands in the way of a destroy, on moto: found before anything has gone, in the words of the local cloud, and cleared by what is
//! named.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::cloud::{Project, client, finish};
use crate::judge::{self, Judge};
use crate::moto::Moto;

const RESOURCES: &str = r#"
[resource.ecr_repository.images]
repository_name = "shop"

[resource.dynamodb_table.orders]
table_name                  = "orders"
billing_mode                = "PAY_PER_REQUEST"
deletion_protection_enabled = true
attribute_definitions       = [{ attribute_name = "id", attribute_type = "S" }]
key_schema                  = [{ attribute_name = "id", key_type = "HASH" }]

[resource.rds_instance.ledger]
db_instance_identifier       = "ledger"
db_instance_class            = "db.t3.micro"
engine                       = "postgres"
engine_version               = "16.4"
allocated_storage            = 20
master_username              = "shop"
master_user_password         = "only-for-the-test"
deletion_protection          = true
final_db_snapshot_identifier = "ledger-last"

[resource.ec2_security_group.shared]
group_name  = "shared"
description = "In use by others"
"#;

/// What is in the way, each with what clears it. A secret is not among them: moto cannot read many at once while one has no
/// value yet.
const BLOCKED: &[&str] = &[
    "dynamodb_table.orders: deletion protection is on | deletion_protection_enabled = false | --allow-unprotect",
    "ec2_security_group.shared: a network interface in it, \"theirs\" | lifecycle = { retain = true } | ",
    "ec2_security_group.shared: the security group theirs (ID) refers to it in its rules | lifecycle = { retain = true } | ",
    "ecr_repository.images: 1 image (v1; SIZE) | force_delete = true | --delete-images",
    "rds_instance.ledger: a snapshot has the name of the final one, `ledger-last`, already | skip_final_snapshot = true | --skip-final-snapshot",
    "rds_instance.ledger: deletion protection is on | deletion_protection = false | --allow-unprotect",
];

/// The AWS CLI, as somebody else uses it.
struct Others<'a> {
    program: &'a Path,
    port: u16,
}

impl Others<'_> {
    /// Does what the words say; the part of the answer that `--query` names.
    #[track_caller]
    fn call(&self, words: &[&str]) -> String {
        let home = tempfile::tempdir().expect("a folder can be made");
        let mut command = Command::new(self.program);
        client(&mut command, self.port, home.path());
        command.env("AWS_PAGER", "").args(words).args(["--output", "text"]);
        finish(&mut command).ended(0).trim().to_owned()
    }
}

/// The blockers of a check, sorted; without what moto makes up.
fn told(check: &str) -> Vec<String> {
    let check: Value = serde_json::from_str(check).expect("a check is JSON");
    let listed = check["blocked"].as_array().into_iter().flatten();
    let mut told: Vec<String> = listed
        .flat_map(|one| {
            let address = one["address"].as_str().unwrap_or_default().to_owned();
            let blockers = one["blockers"].as_array().cloned().unwrap_or_default();
            blockers.into_iter().map(move |blocker| {
                let text = |name: &str| blocker[name].as_str().unwrap_or_default().to_owned();
                format!("{address}: {} | {} | {}", text("what"), text("toml"), text("flag"))
            })
        })
        .collect();
    for line in &mut told {
        *line = without(&without(line, "(sg-", ")", "(ID)"), "(v1; ", ")", "(v1; SIZE)");
    }
    told.sort();
    told
}

/// A text with what stands between two words written otherwise.
fn without(line: &str, from: &str, to: &str, instead: &str) -> String {
    let Some((before, rest)) = line.split_once(from) else { return line.to_owned() };
    let (_, after) = rest.split_once(to).unwrap_or_default();
    format!("{before}{instead}{after}")
}

#[test]
fn everything_in_the_way_is_told_and_cleared_on_moto() {
    let Some(program) = judge::ask(Judge::Moto, "blockers") else { return };
    let Some(aws) = judge::ask(Judge::Aws, "blockers") else { return };
    let moto = Moto::serve(&program);
    let (project, others) = (Project::new(moto.port), Others { program: &aws, port: moto.port });
    project.apply(RESOURCES);
    let shared = project.ids()["ec2_security_group.shared"].clone();
    let (interface, theirs) = come_in(&others, &shared);

    let check = ["destroy", "judged", "--check", "--format", "json"];
    assert_eq!(told(&project.groma(&check).ended(2)), BLOCKED);
    project.groma(&["destroy", "judged", "--auto-approve"]).ended(1);
    assert_eq!(told(&project.groma(&check).ended(2)), BLOCKED);
    project.groma(&["drift", "judged", "--detailed-exitcode"]).ended(0);

    others.call(&["ec2", "delete-network-interface", "--network-interface-id", &interface]);
    others.call(&[
        "ec2",
        "revoke-security-group-ingress",
        "--group-id",
        &theirs,
        "--protocol",
        "tcp",
        "--port",
        "443",
        "--source-group",
        &shared,
    ]);
    let flags = ["--allow-unprotect", "--delete-images", "--skip-final-snapshot"];
    let lifted = project.groma(&[&["destroy", "judged", "--auto-approve"], &flags[..]].concat()).ended(0);
    assert!(flags.iter().all(|flag| lifted.contains(&format!("{flag} lifts: "))), "{lifted}");
}

/// Others push an image, take the name of the snapshot, and come into the group; their interface and group.
fn come_in(others: &Others<'_>, shared: &str) -> (String, String) {
    let manifest = r#"{"schemaVersion": 2, "mediaType": "application/vnd.docker.distribution.manifest.v2+json", "config": {"mediaType": "application/vnd.docker.container.image.v1+json", "size": 1, "digest": "sha256:ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"}, "layers": []}"#;
    others.call(&["ecr", "put-image", "--repository-name", "shop", "--image-tag", "v1", "--image-manifest", manifest]);
    others.call(&[
        "rds",
        "create-db-snapshot",
        "--db-instance-identifier",
        "ledger",
        "--db-snapshot-identifier",
        "ledger-last",
    ]);
    let subnet = others.call(&["ec2", "describe-subnets", "--query", "Subnets[0].SubnetId"]);
    let made =
        ["ec2", "create-network-interface", "--subnet-id", &subnet, "--groups", shared, "--description", "theirs"];
    let interface = others.call(&[&made[..], &["--query", "NetworkInterface.NetworkInterfaceId"]].concat());
    let group = ["ec2", "create-security-group", "--group-name", "theirs", "--description", "theirs"];
    let theirs = others.call(&[&group[..], &["--query", "GroupId"]].concat());
    others.call(&[
        "ec2",
        "authorize-security-group-ingress",
        "--group-id",
        &theirs,
        "--protocol",
        "tcp",
        "--port",
        "443",
        "--source-group",
        shared,
    ]);
    (interface, theirs)
}
