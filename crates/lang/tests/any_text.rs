//! Laws that hold for any text.

mod project;

use lang::{Evaluator, check_syntax, convert, parse_type};
use model::{Value, WrittenKind};
use project::{World, root, scopes, written};
use proptest::{prelude::*, strategy::ValueTree};

/// Texts that look like expressions more often than random bytes do.
fn texts() -> impl Strategy<Value = String> {
    let part = prop::sample::select(vec![
        "${",
        "%{",
        "}",
        "$${",
        "~",
        "if ",
        "else",
        "endif ",
        "for ",
        "endfor ",
        " in ",
        " : ",
        "=>",
        "...",
        "(",
        ")",
        "[",
        "]",
        "{",
        "\"",
        ".",
        "*",
        ",",
        "\n",
        " ",
        "?",
        "&&",
        "||",
        "==",
        "!",
        "-",
        "+",
        "/",
        "%",
        "0",
        "1",
        "1e9",
        "\u{e9}",
        "x",
        "var.sizes",
        "var.password",
        "local.one",
        "local.uris",
        "each.key",
        "null",
        "true",
        "env.account",
        "ecr_repository.app",
        "module.each",
        "apprunner_service.web",
        "jsonencode(",
        "format(",
        "\"%5.1f\"",
        "range(",
        "substr(",
        "cidrsubnet(",
        "timeadd(",
        "regex(",
        "flatten(",
        "merge(",
        "try(",
        "<<EOT\n",
        "EOT\n",
        "\\",
        "::",
    ]);
    prop_oneof![
        prop::collection::vec(part, 0..14).prop_map(|parts| parts.concat()),
        ".{0,40}".prop_map(|text| format!("${{{text}}}")),
        "\\PC{0,40}",
    ]
}

/// Values as arguments of functions, marked ones among them.
fn arguments() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "null",
        "true",
        "0",
        "1",
        "-1",
        "1.5",
        "1e300",
        "9223372036854775807",
        "\"\"",
        "\"x\"",
        "\"10.0.0.0/8\"",
        "\"2026-01-31T12:00:00Z\"",
        "\"%d %[9]s %-999999d\"",
        "\"(\"",
        "\"\u{e9}\u{1f44d}\"",
        "[]",
        "[1, \"a\", null]",
        "[[1], [2]]",
        "{}",
        "{ a = [1], b = null }",
        "var.password",
        "var.ungiven",
        "env.account",
        "local.uris",
        "ecr_repository.app",
        "[var.password, env.account]",
        "-9223372036854775808",
    ])
    .prop_map(str::to_owned)
}

fn evaluate(text: &str) -> Result<Value, Vec<model::Diagnostic>> {
    let scopes = scopes();
    Evaluator::new(&scopes, &World, &World).written(&written(text, root()))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(3000) })]

    #[test]
    fn no_text_is_too_odd(text in texts()) {
        let value = written(&text, root());
        if let Err(diagnostics) = evaluate(&text) {
            prop_assert!(!diagnostics.is_empty());
            for diagnostic in diagnostics {
                prop_assert!(!diagnostic.detail.contains("hunter2"), "{}", diagnostic.detail);
            }
        }
        let _ = lang::references(&scopes(), &value);
        if let WrittenKind::Expression(expression) = &value.kind {
            for diagnostic in check_syntax(expression) {
                let span = diagnostic.span.expect("mistakes of syntax have a place");
                prop_assert!(text.get(span.range()).is_some(), "{diagnostic:?}");
            }
        }
        if let Ok(kind) = parse_type(&text) {
            let _ = convert(Value::from("x"), &kind);
        }
    }

    #[test]
    fn evaluating_twice_gives_the_same(text in texts()) {
        prop_assert_eq!(format!("{:?}", evaluate(&text)), format!("{:?}", evaluate(&text)));
    }
}

/// Every function with up to four arguments of every sort: no panic, no endless work, no secret in an error, and a
/// value or a mistake each time.
#[test]
fn no_arguments_are_too_odd() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let arguments = prop::collection::vec(arguments(), 0..4);
    for name in FUNCTIONS.split_whitespace() {
        for _ in 0..60 {
            let given = arguments.new_tree(&mut runner).expect("arguments are always found").current();
            let text = format!("${{{name}({})}}", given.join(", "));
            match evaluate(&text) {
                Ok(value) => {
                    let secret =
                        text.contains("var.password") && !matches!(name, "length" | "keys" | "can" | "issensitive");
                    let plain = format!("{value:?}");
                    assert!(!(secret && plain.contains("hunter2")), "{text}: {plain}");
                }
                Err(diagnostics) => {
                    for diagnostic in &diagnostics {
                        let words = format!("{diagnostic:?}");
                        assert!(!words.contains("hunter2"), "{text}: {words}");
                    }
                }
            }
        }
    }
}

const FUNCTIONS: &str = "abs ceil floor log max min parseint pow signum sum chomp endswith format formatlist indent join \
    lower regex regexall replace split startswith strcontains strrev substr title trim trimprefix trimspace trimsuffix upper \
    alltrue anytrue chunklist coalesce coalescelist compact concat contains distinct element flatten index keys length lookup \
    matchkeys merge one range reverse setintersection setproduct setsubtract setunion slice sort transpose values zipmap \
    base64decode base64encode base64gzip csvdecode jsondecode jsonencode textdecodebase64 textencodebase64 urlencode yamldecode \
    yamlencode basename dirname file filebase64 fileexists fileset filemd5 filesha256 formatdate timeadd timecmp base64sha256 md5 \
    sha1 sha256 sha512 uuidv5 cidrhost cidrnetmask cidrsubnet cidrsubnets can issensitive sensitive tobool tolist tomap tonumber \
    toset tostring try type templatefile templatestring";

/// Deep nesting is an error and not the end of the process, on the small stack of a worker thread.
#[test]
fn nesting_ends_before_the_stack_does() {
    let texts: Vec<String> = [
        format!("${{{}1{}}}", "(".repeat(60), ")".repeat(60)),
        format!("${{{}1{}}}", "(".repeat(600), ")".repeat(600)),
        format!("${{{}1{}}}", "[".repeat(62), "]".repeat(62)),
        format!("${{{}}}", vec!["1"; 120].join(" + ")),
        format!("${{{}}}", vec!["1"; 5000].join(" + ")),
        format!("${{{}true}}", "!".repeat(5000)),
        format!("${{{}1{}}}", "max(".repeat(60), ")".repeat(60)),
        format!("{}x{}", "%{ if true }".repeat(60), "%{ endif }".repeat(60)),
        format!("{}x{}", "%{ if true }".repeat(6000), "%{ endif }".repeat(6000)),
        format!("${{x{}}}", ".a".repeat(50000)),
        format!("${{x{}}}", "[0]".repeat(50000)),
    ]
    .to_vec();
    let deep = std::thread::Builder::new().stack_size(2 * 1024 * 1024).spawn(move || {
        for text in texts {
            let _ = evaluate(&text);
            let _ = lang::references(&scopes(), &written(&text, root()));
        }
        chain_of_locals();
    });
    deep.unwrap().join().unwrap();
}

fn chain_of_locals() {
    let mut scopes = scopes();
    let scope = scopes.modules.get_mut(&model::ModulePath::default()).expect("the environment is there");
    for link in 0..1000 {
        let text = format!("${{[for x in [local.l{}] : x][0]}}", link + 1);
        scope.locals.insert(format!("l{link}"), written(&text, root()));
    }
    scope.locals.insert("l1000".to_owned(), written("end", root()));
    let evaluator = Evaluator::new(&scopes, &World, &World);
    assert_eq!(evaluator.written(&written("${local.l980}", root())), Ok("end".into()));
    let summary =
        evaluator.written(&written("${local.l0}", root())).map_err(|diagnostics| diagnostics[0].summary.clone());
    assert_eq!(summary, Err("expressions nested too deeply".to_owned()));
    let far = format!("${{{}local.l0{}}}", "(".repeat(50), ")".repeat(50));
    scopes.modules.entry(model::ModulePath::default()).and_modify(|scope| {
        scope.locals.insert("l960".to_owned(), written(&far.replace("l0", "l999"), root()));
    });
    for link in [900, 920, 940, 950, 959] {
        let _ = Evaluator::new(&scopes, &World, &World).written(&written(&format!("${{local.l{link}}}"), root()));
    }
    assert!(lang::references(&scopes, &written("${local.l0}", root())).is_empty());
}
