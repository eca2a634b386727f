//! The `commands` of a step, one a line:
//!
//! ```text
//! # a comment
//! groma plan app --local                             the program
//! TOKEN=abc groma apply app --local --auto-approve   the same, with environment variables
//! waits groma apply app --local --auto-approve       the same, and what it says of its waits is expected too
//! served groma apply app --auto-approve              the same, with AWS_ENDPOINT_URL at the local cloud, which is served
//! aws ecr:DeleteRepository {"repositoryName": "x"}   a call of somebody else, in us-east-2
//! aws rds:DeleteDBInstance {"Id": "{{id}}"}          `{{id}}` is an output of the state, or a member of an earlier answer
//! begins 2100-01-01T00:00:00Z                        when a local cloud without anything in it begins
//! passes 30m                                         so much time in the local cloud
//! edit app.toml '14' '30'                            one text for another, once, in environments/; `\n` is a new line
//! use environments/friendly-advice.toml              a file of the repository
//! write ready 'a text'                               a file of the project
//! move .groma/app .groma/kept                        a file or folder of the project gets another name
//! remove .groma/app                                  and goes
//! lacks s3cr3t                                       no file but the local cloud's holds it, in no encoding, and nothing said it
//! ```

use std::collections::BTreeMap;

/// One line of a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    Groma { arguments: Vec<String>, environment: BTreeMap<String, String>, manner: Manner },
    Aws { service: String, operation: String, input: String },
    Begins(String),
    Passes(String),
    Edit { file: String, from: String, to: String },
    Use(String),
    Write { file: String, text: String },
    Move { from: String, to: String },
    Remove(String),
    Lacks(String),
}

/// How the program is run and heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Manner {
    pub waits: bool,
    pub served: bool,
}

/// The lines of a script with what they mean.
///
/// # Errors
/// The line that means nothing.
pub fn parse(text: &str) -> Result<Vec<(String, Step)>, String> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| Ok((line.to_owned(), step(line).ok_or_else(|| format!("what does `{line}` mean?"))?))).collect()
}

fn step(line: &str) -> Option<Step> {
    if let Some(rest) = line.strip_prefix("aws ") {
        let (call, input) = rest.split_once(' ').unwrap_or((rest, "{}"));
        let (service, operation) = call.split_once(':')?;
        return Some(Step::Aws {
            service: service.to_owned(),
            operation: operation.to_owned(),
            input: input.to_owned(),
        });
    }
    let words = words(line);
    let (verb, rest) = words.split_first()?;
    let one = || (rest.len() == 1).then(|| rest[0].clone());
    match (verb.as_str(), rest) {
        ("use", _) => one().map(Step::Use),
        ("remove", _) => one().map(Step::Remove),
        ("lacks", _) => one().map(Step::Lacks),
        ("begins", _) => one().map(Step::Begins),
        ("passes", _) => one().map(Step::Passes),
        ("write", [file, text]) => Some(Step::Write { file: file.clone(), text: text.clone() }),
        ("move", [from, to]) => Some(Step::Move { from: from.clone(), to: to.clone() }),
        ("edit", [file, from, to]) => {
            Some(Step::Edit { file: file.clone(), from: from.replace("\\n", "\n"), to: to.replace("\\n", "\n") })
        }
        _ => groma(&words),
    }
}

fn groma(words: &[String]) -> Option<Step> {
    let at = words.iter().position(|word| word == "groma")?;
    let (manners, pairs): (Vec<&String>, Vec<&String>) =
        words[..at].iter().partition(|word| ["waits", "served"].contains(&word.as_str()));
    let is = |name: &str| manners.iter().any(|word| *word == name);
    let manner = Manner { waits: is("waits"), served: is("served") };
    let pairs = pairs.into_iter().map(|word| word.split_once('='));
    let environment: Option<BTreeMap<_, _>> =
        pairs.map(|pair| pair.map(|(name, value)| (name.to_owned(), value.to_owned()))).collect();
    Some(Step::Groma { arguments: words[at + 1..].to_vec(), environment: environment?, manner })
}

/// Words as a shell splits them: quotes hold them together.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    for character in line.chars() {
        match quote {
            Some(end) if character == end => quote = None,
            None if character == '\'' || character == '"' => {
                quote = Some(character);
                word.get_or_insert_default();
            }
            None if character == ' ' => words.extend(word.take()),
            _ => word.get_or_insert_default().push(character),
        }
    }
    words.extend(word);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, expected: &str) {
        let said = parse(line).map(|steps| format!("{:?}", steps[0].1));
        assert_eq!(said.unwrap_or_else(|error| error), expected);
    }

    #[test]
    fn a_line_is_a_command() {
        check(
            r#"A=1 groma plan app --var 'x="y z"'"#,
            r#"Groma { arguments: ["plan", "app", "--var", "x=\"y z\""], environment: {"A": "1"}, manner: Manner { waits: false, served: false } }"#,
        );
        check(
            "served groma plan app",
            r#"Groma { arguments: ["plan", "app"], environment: {}, manner: Manner { waits: false, served: true } }"#,
        );
        check(
            r#"aws ecr:DeleteRepository {"repositoryName": "x"}"#,
            r#"Aws { service: "ecr", operation: "DeleteRepository", input: "{\"repositoryName\": \"x\"}" }"#,
        );
        check("edit app.toml 'a = 1' ''", r#"Edit { file: "app.toml", from: "a = 1", to: "" }"#);
        check("plan app", "what does `plan app` mean?");
    }
}
