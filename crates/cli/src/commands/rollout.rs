//! `groma rollout`: stage by stage. Nothing of its progress is stored; each step is seen from the world.

use std::{
    collections::BTreeMap,
    io::{self, BufRead, BufReader},
    path::Path,
    process::{Command, ExitStatus, Stdio},
};

use engine::{Surroundings, Wish};
use model::{Address, graph::Stage, plan::Withheld};

use crate::{
    args::{Global, TextOrJson},
    commands::{
        lock::patiently,
        run::{Manner, confirmed},
    },
    events::Listener,
    exit::Exit,
    out::{Out, Problem},
    session::Session,
};

/// What every command may know of the process that runs it; everything else must be named by the stage.
const ALWAYS: [&str; 11] =
    ["PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LC_ALL", "TERM", "TMPDIR", "TZ", "AWS_PROFILE"];

pub(crate) async fn run(global: &Global, out: Out, environment: &str, auto_approve: bool) -> Exit {
    let session = match Session::open(global, &out, environment, "rollout").await {
        Ok(session) => session,
        Err(problem) => return out.problem(&problem),
    };
    let stages = match session.engine().stages().await {
        Ok(stages) => stages,
        Err(error) => return session.tell(&out, error),
    };
    let rollout = Rollout { global, session: &session, out: &out, environment, auto_approve };
    match rollout.walk(&stages).await {
        Ok(()) => Exit::Done,
        Err(exit) => exit,
    }
}

struct Rollout<'a> {
    global: &'a Global,
    session: &'a Session,
    out: &'a Out,
    environment: &'a str,
    auto_approve: bool,
}

impl Rollout<'_> {
    /// Makes what no stage holds, passes the first stage, makes what it held, and so on.
    async fn walk(&self, stages: &[Stage]) -> Result<(), Exit> {
        let mut wish = Wish::default();
        for stage in stages {
            let withheld = self.apply(&wish, false).await?;
            self.pass(stage, &withheld).await?;
            wish.passed.insert(stage.name.clone());
        }
        self.apply(&wish, true).await.map(drop)
    }

    /// Applies what is not withheld; gives what is. Only the last says that there is nothing to do.
    async fn apply(&self, wish: &Wish, last: bool) -> Result<BTreeMap<Address, Withheld>, Exit> {
        let listener = Listener::new(self.out, TextOrJson::Text, None);
        let engine = self.session.engine();
        let prepare = async || engine.prepare(wish, &|event| listener.hear(event)).await;
        let prepared = patiently(self.session, self.out, prepare).await?;
        let (withheld, open) = (prepared.plan.withheld.clone(), prepared.plan.gates.is_empty());
        let local = self.global.local_flag();
        let manner = Manner {
            auto_approve: self.auto_approve,
            format: TextOrJson::Text,
            command: "rollout",
            again: format!("groma rollout {}{local}", self.environment),
        };
        if prepared.plan.is_empty() && open && !last {
            return Ok(withheld);
        }
        match confirmed(self.session, self.out.clone(), prepared, &manner).await {
            Exit::Done => Ok(withheld),
            Exit::Gate if open => Ok(withheld),
            exit => Err(exit),
        }
    }

    /// Runs the stage's commands, unless the world says that it is passed already.
    async fn pass(&self, stage: &Stage, withheld: &BTreeMap<Address, Withheld>) -> Result<(), Exit> {
        let surroundings = self.session.engine().surroundings(stage).await;
        let surroundings = surroundings.map_err(|error| self.session.tell(self.out, error))?;
        let out = self.out;
        let shell = Shell { out, folder: &self.global.directory, stage, surroundings: &surroundings };
        let held = withheld.keys().any(|address| stage.holds(address));
        let passed = match &stage.gate {
            Some(gate) => {
                out.text(&format!("Stage {}: tries its gate `{gate}`\n", stage.name));
                shell.runs(gate)?
            }
            None => !held && !stage.hold.is_empty(),
        };
        if passed {
            out.text(&format!("Stage {}: passed.\n", stage.name));
            return Ok(());
        }
        out.text(&shell.shown());
        self.ask(out, stage)?;
        for command in &stage.run {
            shell.must_run(command)?;
        }
        match &stage.gate {
            Some(gate) if !shell.runs(gate)? => {
                let local = self.global.local_flag();
                let again = format!("groma rollout {}{local}", self.environment);
                out.text(&format!("Stage {}: its gate is closed: `{gate}` fails.\nnext: {again}\n", stage.name));
                Err(Exit::Gate)
            }
            _ => {
                out.text(&format!("Stage {}: passed.\n", stage.name));
                Ok(())
            }
        }
    }

    fn ask(&self, out: &Out, stage: &Stage) -> Result<(), Exit> {
        if self.auto_approve || stage.run.is_empty() {
            return Ok(());
        }
        match out.ask(&format!("Run these commands of stage `{}`?", stage.name)) {
            Some(true) => Ok(()),
            Some(false) => {
                out.progress("The rollout ends here; run it again to go on.");
                Err(Exit::Failed)
            }
            None => Err(out.nobody("rollout")),
        }
    }
}

/// Runs the commands of one stage.
struct Shell<'a> {
    out: &'a Out,
    folder: &'a Path,
    stage: &'a Stage,
    surroundings: &'a Surroundings,
}

impl Shell<'_> {
    /// The commands as they will run, with the names of what they are given.
    fn shown(&self) -> String {
        if self.stage.run.is_empty() {
            return String::new();
        }
        let mut text = format!("Stage {}:\n", self.stage.name);
        let names: Vec<&str> =
            self.surroundings.variables.keys().chain(&self.stage.inherit).map(String::as_str).collect();
        for command in &self.stage.run {
            text.push_str(&format!("    $ {command}\n"));
        }
        if !names.is_empty() {
            text.push_str(&format!("    with {}\n", names.join(", ")));
        }
        text
    }

    fn must_run(&self, command: &str) -> Result<(), Exit> {
        let status = self.start(command, true)?;
        if status.success() {
            return Ok(());
        }
        let stage = &self.stage.name;
        let code = status.code().map_or_else(|| "a signal".to_owned(), |code| code.to_string());
        let detail = format!("stage `{stage}`: `{command}` ended with {code}; what the stage holds is withheld still");
        Err(self.out.problem(&Problem::words("a command failed", detail)))
    }

    /// Whether the command ends with 0; what it says is not shown.
    fn runs(&self, command: &str) -> Result<bool, Exit> {
        Ok(self.start(command, false)?.success())
    }

    fn start(&self, command: &str, shown: bool) -> Result<ExitStatus, Exit> {
        let run = || -> io::Result<ExitStatus> {
            let mut child = self.command(command).spawn()?;
            let said = child.stdout.take().map(BufReader::new);
            for line in said.into_iter().flat_map(|said| said.split(b'\n')) {
                let line = line?;
                if shown {
                    self.out.text(&format!("    | {}\n", String::from_utf8_lossy(&line)));
                }
            }
            child.wait()
        };
        run().map_err(|error| {
            let detail = format!("`{command}`: {error}");
            self.out.problem(&Problem::words("a command cannot be started", detail))
        })
    }

    fn command(&self, command: &str) -> Command {
        let mut shell = Command::new("sh");
        shell.arg("-c").arg(format!("exec 2>&1\n{command}")).current_dir(self.folder);
        shell.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).env_clear();
        let inherited = ALWAYS.into_iter().chain(self.stage.inherit.iter().map(String::as_str));
        shell.envs(inherited.filter_map(|name| Some((name, std::env::var_os(name)?))));
        let given = self.surroundings.variables.iter();
        shell.envs(given.filter_map(|(name, value)| Some((name, value.expose()?))));
        shell
    }
}
