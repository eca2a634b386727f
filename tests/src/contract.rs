//! The contract of a type: what its example and each of its changes must do, in any world.

use std::collections::BTreeMap;

use toml::{Table, Value};

use crate::example::{Change, Example};
use crate::judge::Moto;
use crate::project::Project;
use crate::running::Said;

/// Where the contract is tried.
#[derive(Debug)]
pub enum World {
    Local,
    Moto(Moto),
}

/// Found by tags, by name, and what takes its time. Not each type: who looks for everything asks moto for App Runner, too, which it
/// does not play, and again and again until that is certain.
const RECOVERED_ON_MOTO: [&str; 3] = ["ecr_repository", "iam_role_policy", "rds_instance"];

/// One type in one world.
struct Trial<'a> {
    project: Project,
    world: &'a World,
    address: String,
}

/// Create, read back, empty plan, each change, recover and import into a fresh state, delete, gone.
///
/// # Errors
/// The first step that went another way than expected, with what was said.
pub fn run(example: &Example, world: &World) -> Result<(), String> {
    if matches!(world, World::Moto(_)) && example.not_on_moto.contains("all") {
        return Ok(());
    }
    let trial = Trial { project: Project::new(), world, address: example.address() };
    let mut environment = example.environment.clone();
    trial.write(&environment);
    trial.applied("create")?;
    for (number, change) in example.changes.iter().enumerate() {
        let on_moto = matches!(world, World::Moto(_));
        if !on_moto || !example.not_on_moto.contains(&(number + 1).to_string()) {
            trial.changed(&format!("change {}", number + 1), change, &mut environment)?;
        }
    }
    if matches!(world, World::Local) || RECOVERED_ON_MOTO.contains(&example.type_name.as_str()) {
        trial.recovered()?;
    }
    trial.imported(&mut environment)?;
    trial.destroyed()
}

impl Trial<'_> {
    fn write(&self, environment: &Table) {
        self.project.write("environments/it.toml", &environment.to_string());
    }

    fn groma(&self, arguments: &[&str]) -> Said {
        let mut environment = BTreeMap::new();
        let mut all = arguments.to_vec();
        match self.world {
            World::Local => all.push("--local"),
            World::Moto(moto) => {
                let pairs = [
                    ("AWS_ENDPOINT_URL", format!("http://127.0.0.1:{}", moto.port)),
                    ("AWS_ACCESS_KEY_ID", "123456789012".to_owned()),
                    ("AWS_SECRET_ACCESS_KEY", "moto".to_owned()),
                    ("AWS_EC2_METADATA_DISABLED", "true".to_owned()),
                ];
                environment.extend(pairs.map(|(name, value)| (name.to_owned(), value)));
                // Nothing takes its time there, so that nobody needs to wait for it.
                all.extend(["--local-speed", "200"]);
            }
        }
        self.project.groma(&all, &environment)
    }

    fn ends(&self, step: &str, arguments: &[&str], code: i32) -> Result<Said, String> {
        let said = self.groma(arguments);
        if said.code == Some(code) {
            return Ok(said);
        }
        let text = self.project.read("environments/it.toml");
        let words = arguments.join(" ");
        Err(format!("{step}: `groma {words}` ended with {:?}\n{}\n{}\n\n{text}", said.code, said.out, said.err))
    }

    /// Makes it real; then nothing is left to do, and nothing has drifted.
    fn applied(&self, step: &str) -> Result<(), String> {
        self.ends(step, &["apply", "it", "--auto-approve"], 0)?;
        self.ends(&format!("{step}, plan again"), &["plan", "it", "--detailed-exitcode"], 0)?;
        self.ends(&format!("{step}, read back"), &["drift", "it", "--detailed-exitcode"], 0)?;
        Ok(())
    }

    fn changed(&self, step: &str, change: &Change, environment: &mut Table) -> Result<(), String> {
        change.apply(environment, &self.address);
        self.write(environment);
        let said = self.ends(step, &["plan", "it", "--format", "json"], 0)?;
        let action = self.action(&said.out);
        if action != change.expect {
            let shown = self.groma(&["plan", "it"]).out;
            return Err(format!("{step}: expected {}, planned {action}\n{shown}", change.expect));
        }
        self.applied(step)
    }

    /// What the plan does with the resource.
    fn action(&self, plan: &str) -> String {
        let plan: serde_json::Value = serde_json::from_str(plan).expect("the plan is JSON");
        let changes = plan["changes"].as_array().into_iter().flatten();
        let ours = changes.filter(|change| change["address"] == self.address.as_str());
        let actions: Vec<&str> = ours.filter_map(|change| change["action"].as_str()).collect();
        if actions.is_empty() { "keep".to_owned() } else { actions.join(", ") }
    }

    /// The state is lost; everything is found by its tags or name, the plan is empty, and the state is what it was.
    fn recovered(&self) -> Result<(), String> {
        let before = self.remembered();
        self.forget();
        self.ends("recover", &["state", "recover", "it", "--auto-approve"], 0)?;
        self.ends("recover, plan again", &["plan", "it", "--detailed-exitcode"], 0)?;
        let after = self.remembered();
        if after == before {
            return Ok(());
        }
        let text = |state| serde_json::to_string_pretty(state).expect("it is JSON");
        let differs = similar::TextDiff::from_lines(text(&before), text(&after)).unified_diff().to_string();
        Err(format!("recover: the state is another one\n{differs}"))
    }

    /// What is recorded of the resources, without what cannot come back: the key of fingerprints is a new one, and what takes
    /// no tags does not know its create call.
    fn remembered(&self) -> serde_json::Value {
        let mut state = self.recorded();
        let mut resources = state["resources"].take();
        fade(&mut resources);
        resources
    }

    /// The state is lost; everything is imported by its id, and nothing is left to do.
    fn imported(&self, environment: &mut Table) -> Result<(), String> {
        let imports = self.ids();
        self.forget();
        let mut importing = environment.clone();
        importing.insert("import".to_owned(), Value::Table(imports));
        self.write(&importing);
        self.ends("import", &["apply", "it", "--auto-approve"], 0)?;
        self.write(environment);
        self.ends("import, plan again", &["plan", "it", "--detailed-exitcode"], 0)?;
        Ok(())
    }

    fn destroyed(&self) -> Result<(), String> {
        let imports = self.ids();
        self.ends("delete", &["destroy", "it", "--auto-approve"], 0)?;
        self.ends("delete, plan again", &["plan", "it", "--destroy", "--detailed-exitcode"], 0)?;
        // Gone is what cannot be imported any more.
        let id = imports[&self.address]["id"].as_str().expect("an id is text").to_owned();
        let said = self.ends("gone", &["import", "it", &self.address, &id, "--auto-approve"], 1)?;
        if said.err.contains("nothing to import") || said.out.contains("nothing to import") {
            return Ok(());
        }
        Err(format!("gone: the import of `{id}` failed for another reason\n{}\n{}", said.out, said.err))
    }

    fn state(&self) -> std::path::PathBuf {
        let world = if matches!(self.world, World::Local) { "local" } else { "endpoint" };
        self.project.path(".groma/it").join(world)
    }

    fn recorded(&self) -> serde_json::Value {
        let text = std::fs::read_to_string(self.state().join("state.json")).expect("there is a state");
        serde_json::from_str(&text).expect("a state is JSON")
    }

    /// `import` blocks for everything that is recorded.
    fn ids(&self) -> Table {
        let state = self.recorded();
        let resources = state["resources"].as_object().expect("there are resources").iter();
        let block = |id: &str| Value::Table(Table::from_iter([("id".to_owned(), Value::from(id))]));
        resources
            .map(|(address, recorded)| (address.clone(), block(recorded["id"].as_str().unwrap_or_default())))
            .collect()
    }

    fn forget(&self) {
        std::fs::remove_dir_all(self.state()).expect("the state can go");
    }
}

fn fade(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::Object(members) => {
            members.remove("create_token");
            members.remove("fingerprint");
            members.values_mut().for_each(fade);
        }
        serde_json::Value::Array(items) => items.iter_mut().for_each(fade),
        _ => {}
    }
}
