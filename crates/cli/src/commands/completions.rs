//! `groma completions`

use clap::CommandFactory;
use clap_complete::Shell;

use crate::{args::Arguments, exit::Exit, out::Out};

pub(crate) fn run(out: &Out, shell: Shell) -> Exit {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "groma", &mut script);
    out.text(&String::from_utf8_lossy(&script));
    Exit::Done
}
