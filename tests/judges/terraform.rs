//! Terraform with its AWS provider, as a client of the local cloud.

use std::path::PathBuf;
use std::process::Command;

use tempfile::TempDir;

use crate::cloud::{REGION, Said, client};
use crate::judge::{ProviderSource, provider_source};

/// The provider's version: another one may send other requests.
const PROVIDER: &str = "5.100.0";

/// A folder with a configuration and its state.
pub(crate) struct Terraform {
    program: PathBuf,
    folder: TempDir,
    port: u16,
}

impl Terraform {
    pub(crate) fn new(program: PathBuf, port: u16) -> Self {
        let folder = tempfile::tempdir().expect("a folder can be made");
        if let Some(ProviderSource::Mirror(mirror)) = provider_source() {
            let text = format!("provider_installation {{\n  filesystem_mirror {{\n    path = {mirror:?}\n  }}\n}}\n");
            std::fs::write(folder.path().join("terraformrc"), text).expect("a file can be written");
        }
        let this = Self { program, folder, port };
        this.write("");
        this.run(&["init", "-input=false"]).ended(0);
        this
    }

    pub(crate) fn write(&self, resources: &str) {
        let text = format!(
            "terraform {{\n  required_providers {{\n    aws = {{ source = \"hashicorp/aws\", version = \"{PROVIDER}\" }}\n  }}\n}}\n\n\
             provider \"aws\" {{\n  region = \"{REGION}\"\n}}\n\n{resources}\n"
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
        Said::of(&mut command)
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
}
