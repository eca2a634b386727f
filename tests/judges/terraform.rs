//! Terraform with its AWS provider, as a client of the local cloud.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use crate::cloud::{REGION, Said, client, finish};
use crate::judge::{ProviderSource, provider_source};

/// The provider's version: another one may send other requests.
const PROVIDER: &str = "5.100.0";

/// A folder with a configuration and its state.
pub(crate) struct Terraform {
    program: PathBuf,
    folder: TempDir,
    port: u16,
    region: &'static str,
}

impl Terraform {
    pub(crate) fn new(program: PathBuf, port: u16) -> Self {
        Self::in_region(program, port, REGION)
    }

    pub(crate) fn in_region(program: PathBuf, port: u16, region: &'static str) -> Self {
        let folder = tempfile::tempdir().expect("a folder can be made");
        if let Some(ProviderSource::Mirror(mirror)) = provider_source() {
            let text = format!("provider_installation {{\n  filesystem_mirror {{\n    path = {mirror:?}\n  }}\n}}\n");
            std::fs::write(folder.path().join("terraformrc"), text).expect("a file can be written");
        }
        let this = Self { program, folder, port, region };
        this.write("");
        this.run(&["init", "-input=false"]).ended(0);
        this
    }

    pub(crate) fn write(&self, resources: &str) {
        let text = format!(
            "terraform {{\n  required_providers {{\n    aws = {{ source = \"hashicorp/aws\", version = \"{PROVIDER}\" }}\n  }}\n}}\n\n\
             provider \"aws\" {{\n  region = \"{}\"\n}}\n\n{resources}\n",
            self.region
        );
        std::fs::write(self.folder.path().join("main.tf"), text).expect("a file can be written");
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Said {
        let mut command = Command::new(&self.program);
        client(&mut command, self.port, self.folder.path());
        let configuration = match provider_source() {
            Some(ProviderSource::Configuration(file)) => file,
            _ => self.folder.path().join("terraformrc"),
        };
        command.env("TF_CLI_CONFIG_FILE", configuration).env("TF_IN_AUTOMATION", "1").env("CHECKPOINT_DISABLE", "1");
        command.current_dir(self.folder.path()).args(arguments);
        if arguments.first() != Some(&"import") {
            command.arg("-no-color");
        }
        finish(&mut command)
    }

    /// Makes real what is written.
    #[track_caller]
    pub(crate) fn apply(&self, resources: &str) {
        self.write(resources);
        self.run(&["apply", "-auto-approve", "-input=false"]).ended(0);
    }

    /// A plan that has nothing to do.
    #[track_caller]
    pub(crate) fn plans_nothing(&self) {
        self.run(&["plan", "-detailed-exitcode", "-input=false"]).ended(0);
    }

    #[track_caller]
    pub(crate) fn destroy(&self) {
        self.run(&["destroy", "-auto-approve", "-input=false"]).ended(0);
    }

    /// The identifier by which each resource of its state is imported.
    pub(crate) fn ids(&self) -> BTreeMap<String, String> {
        let shown: Value = serde_json::from_str(&self.run(&["show", "-json"]).ended(0)).expect("a state is JSON");
        let resources = shown["values"]["root_module"]["resources"].as_array().expect("there are resources");
        let managed = resources.iter().filter(|resource| resource["mode"] == "managed");
        managed.map(|resource| (address(resource), import_id(resource))).collect()
    }

    /// Plans the import of everything into an empty state; the attributes that would change, by address.
    pub(crate) fn would_change(
        &self,
        resources: &str,
        ids: &BTreeMap<String, String>,
    ) -> BTreeMap<String, BTreeSet<String>> {
        self.write(&format!("{resources}\n{}", imports(ids)));
        self.run(&["plan", "-input=false", "-out=import.plan"]).ended(0);
        let shown = self.run(&["show", "-json", "import.plan"]).ended(0);
        let plan: Value = serde_json::from_str(&shown).expect("a plan is JSON");
        let mut found = BTreeMap::new();
        for resource in plan["resource_changes"].as_array().expect("there are changes") {
            let change = &resource["change"];
            assert!(change["importing"].is_object(), "{} is not imported: {change:#}", address(resource));
            let attributes = change["after"].as_object().expect("nothing goes");
            let differing = attributes.iter().filter(|(name, value)| change["before"][name.as_str()] != **value);
            let differing: BTreeSet<String> = differing.map(|(name, _)| name.clone()).collect();
            if !differing.is_empty() {
                found.insert(address(resource), differing);
            }
        }
        found
    }
}

fn address(resource: &Value) -> String {
    resource["address"].as_str().expect("it has an address").to_owned()
}

fn import_id(resource: &Value) -> String {
    let text = |name: &str| resource["values"][name].as_str().unwrap_or_default().to_owned();
    match resource["type"].as_str() {
        // Its own id is made up.
        Some("aws_iam_role_policy_attachment") => format!("{}/{}", text("role"), text("policy_arn")),
        _ => text("id"),
    }
}

fn imports(ids: &BTreeMap<String, String>) -> String {
    ids.iter().map(|(address, id)| format!("import {{\n  to = {address}\n  id = \"{id}\"\n}}\n")).collect()
}
