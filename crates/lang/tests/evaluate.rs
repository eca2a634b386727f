//! Expressions over a small project: roots, unknown and secret leaves.

mod project;

use project::{check, check_in, constant, each, web};

#[test]
fn a_single_expression_keeps_its_type() {
    check("${var.sizes}", "[1,2,3]");
    check("${local.port}", "8080");
    check("${local.tags.port}", "8080");
    check("port ${local.port}", r#""port 8080""#);
    check("$${aws:username} and %%{x}", r#""${aws:username} and %{x}""#);
    check("plain", r#""plain""#);
    check("${var.maybe}", "null");
}

#[test]
fn roots_are_what_stands_around() {
    check("${env.name} ${env.region} ${env.partition}", r#""dev us-east-1 aws""#);
    check("${path.module} ${path.root}", r#""environments environments""#);
    check_in("${path.module} ${path.root}", web(), r#""modules/web environments""#);
    check_in("${each.key}=${each.value.size}", each("a", constant(serde_json::json!({"size": 2}))), r#""a=2""#);
    check("${[for env in [1] : env]}", "[1]");
}

#[test]
fn files_are_found_beside_the_file_or_in_the_project() {
    check(r#"${file("hello.txt")}"#, r#""hello\n""#);
    check(r#"${file("${path.module}/hello.txt")}"#, r#""hello\n""#);
    check(r#"${file("../modules/web/policy.json")}"#, r#""{\"Version\":\"2012-10-17\"}""#);
    check_in(r#"${jsondecode(file("policy.json")).Version}"#, web(), r#""2012-10-17""#);
    check_in(r#"${jsondecode(file("${path.module}/policy.json")).Version}"#, web(), r#""2012-10-17""#);
    check(r#"${fileset(path.module, "**")}"#, r#"["hello.tpl","hello.txt","sub/deep.txt"]"#);
    check(r#"${fileexists("nope")} ${filebase64("image.bin")}"#, r#""false //4A""#);
    check(r#"${templatefile("hello.tpl", { name = env.name, list = var.names })}"#, r#""Hello dev!\n- b\n- a\n""#);
}

#[test]
fn resources_are_maps_by_name() {
    check("${ecr_repository.app.repository_name}", r#""app""#);
    check("${iam_role.absent}", "null");
    check("${try(iam_role.absent.arn, null)}", "null");
    check("${apprunner_service.web[\"prod\"].service_name}", r#""web-prod""#);
    check("${apprunner_service.web.test.service_name}", r#""web-test""#);
    check("${[for key in keys(apprunner_service.web) : key]}", r#"["prod","test"]"#);
    check(
        "${{ for key, one in apprunner_service.web : key => one.service_name }}",
        r#"{"prod":"web-prod","test":"web-test"}"#,
    );
    check_in(
        "${apprunner_service.web[each.key].service_name}",
        each("test", constant(serde_json::json!(null))),
        r#""web-test""#,
    );
}

#[test]
fn unknown_leaves_say_where_they_come_from() {
    let uri = "?ecr_repository.app.repository_uri{ecr_repository.app}";
    check("${ecr_repository.app.repository_uri}", uri);
    check("${local.uris}", &format!(r#"[{uri},"known"]"#));
    check("${module.web.image}", "?${var.repository}:latest{ecr_repository.app}");
    check("${module.each[\"x\"].key}", r#""x-dev""#);
    check("${[for name, one in module.each : one.key]}", r#"["x-dev","y-dev"]"#);
    check("${module.off}", "null");
    check(
        "${ecr_repository.app.repository_uri}:latest",
        "?${ecr_repository.app.repository_uri}:latest{ecr_repository.app}",
    );
    check("${data.ecr_image.latest.digest}", "?data.ecr_image.latest.digest{data.ecr_image.latest}");
    check("${data.ec2_subnet.each[\"a\"].cidr}", "?data.ec2_subnet.each[\"a\"].cidr{data.ec2_subnet.each[\"a\"]}");
    check("${iam_role.many.arn}", "?iam_role.many.arn{iam_role.many[\"*\"]}");
    check("${env.account}", "?env.account{}");
    check("arn:aws:iam::${env.account}:root", "?arn:aws:iam::${env.account}:root{}");
    check(
        "${[ecr_repository.app.repository_uri, data.ecr_image.latest.digest] == [\"a\", \"b\"]}",
        "?[ecr_repository.app.repository_uri, data.ecr_image.latest.digest] == [\"a\", \"b\"]{ecr_repository.app,data.ecr_image.latest}",
    );
}

#[test]
fn what_is_known_beside_unknown_leaves_stays_known() {
    check("${length(local.uris)}", "2");
    check("${keys(ecr_repository.app.tags)}", r#"["a","b"]"#);
    check("${ecr_repository.app.tags.a}", r#""1""#);
    check("${lookup(ecr_repository.app.tags, \"c\", \"none\")}", r#""none""#);
    check("${merge(ecr_repository.app.tags, { b = \"2\" })}", r#"{"a":"1","b":"2"}"#);
    check("${concat(local.uris, [1])[2]}", "1");
    check("${coalesce(\"x\", env.account)}", r#""x""#);
    check("${contains(local.uris, \"known\")}", "true");
    check("${contains(local.uris, \"other\")}", "?contains(local.uris, \"other\"){ecr_repository.app}");
    check("${local.uris == [1]}", "false");
    check("${env.account == null}", "?env.account == null{}");
    check("${false && env.account == \"1\"}", "false");
    check("${env.account == \"1\" && false}", "false");
    check("${true ? 1 : env.account}", "1");
    check("${env.account == \"1\" ? local.port : 2}", "?env.account == \"1\" ? local.port : 2{}");
    check("${formatlist(\"%s!\", local.uris)}", "[?formatlist(\"%s!\", local.uris){ecr_repository.app},\"known!\"]");
    check("${[for uri in local.uris : upper(uri)]}", "[?upper(uri){ecr_repository.app},\"KNOWN\"]");
    check("${[for key, tag in ecr_repository.app.tags : key if key != \"b\"]}", r#"["a"]"#);
    check("${try(env.account, 1)}", "?env.account{}");
    check("${can(env.account)}", "?can(env.account){}");
    check("${flatten([[1], [env.account]])}", "?flatten([[1], [env.account]]){}");
    check("${jsonencode(local.uris)}", "?jsonencode(local.uris){ecr_repository.app}");
    check("${local.uris[*]}", "[?ecr_repository.app.repository_uri{ecr_repository.app},\"known\"]");
    check("%{ if env.account == \"1\" }a%{ endif }", "?%{ if env.account == \"1\" }a%{ endif }{}");
}

#[test]
fn secretness_spreads() {
    let from = "[environment variable PASSWORD]";
    check("${var.password}", &format!("*hunter2!*{from}"));
    check("x:${var.password}", &format!("*x:hunter2!*{from}"));
    check("${base64encode(var.password)}", &format!("*aHVudGVyMiE=*{from}"));
    check("${jsonencode({ a = var.password })}", &format!(r#"*{{"a":"hunter2!"}}*{from}"#));
    check("${[var.password, 1]}", &format!("[*hunter2!*{from},1]"));
    check("${merge({ a = var.password }, { b = 1 })}", &format!(r#"{{"a":*hunter2!*{from},"b":1}}"#));
    check("${var.password == \"hunter2!\"}", &format!("*true*{from}"));
    check("${var.password == \"x\" ? 1 : 2}", &format!("*2*{from}"));
    check("${length(var.password)}", &format!("*8*{from}"));
    check("${length([var.password])}", "1");
    check("%{ if var.password == \"x\" }a%{ else }b%{ endif }", &format!("*b*{from}"));
    check("${split(\"r\", var.password)}", &format!("[*hunte*{from},*2!*{from}]"));
    check("${tostring(var.password)}", &format!("*hunter2!*{from}"));
    check("${coalesce(var.password, \"x\")}", &format!("*hunter2!*{from}"));
    check("${var.password == null}", "false");
    check("${sensitive([1, \"a\"])}", "[*1*[],*a*[]]");
    check("${issensitive(var.password)}", "true");
    check("${var.password}${env.account}", "?${var.password}${env.account}{}");
}

#[test]
fn secrets_not_given_stay_secrets() {
    let from = "*not given*[environment variable UNGIVEN]";
    check("${var.ungiven}", from);
    check("x:${var.ungiven}", from);
    check("${jsondecode(var.ungiven).port}", from);
    check("${[for x in jsondecode(var.ungiven) : x]}", from);
    check("${upper(var.ungiven)}", from);
    check("${var.ungiven == \"x\" ? 1 : 2}", from);
    check("${var.ungiven}${var.password}", "*not given*[environment variable PASSWORD,environment variable UNGIVEN]");
}

#[test]
fn heredocs_and_objects_stand_in_strings() {
    check("${<<-EOT\n    one\n      two ${1}\n  EOT\n}", r#""one\n  two 1\n""#);
    check("${<<EOT\n a\nEOT\n}", r#"" a\n""#);
    check("${{ a = 1, \"b\" = [2] }}", r#"{"a":1,"b":[2]}"#);
    check("${{ for s in var.names : s => upper(s) }}", r#"{"a":"A","b":"B"}"#);
    check("${max(var.sizes...)}", "3");
}

#[test]
fn variables_have_types_and_outputs_can_be_secret() {
    let outcome = |kind: &str, secret: bool, text: &str| {
        let mut scopes = project::scopes();
        let kind = lang::parse_type(kind).expect("a type");
        let variable = model::graph::Variable { kind, value: Some(project::written(text, project::root())), secret };
        let scope = scopes.modules.entry(model::ModulePath::default()).or_default();
        scope.variables.insert("x".to_owned(), variable);
        let evaluator = lang::Evaluator::new(&scopes, &project::World, &project::World);
        match evaluator.written(&project::written("${var.x}", project::root())) {
            Ok(value) => project::shown(&value),
            Err(diagnostics) => diagnostics.iter().map(|one| format!("{}: {}", one.summary, one.detail)).collect(),
        }
    };
    assert_eq!(outcome("number", false, "5"), "5");
    assert_eq!(outcome("number", false, "x"), "wrong type: variable `x`: a number is wanted, and this text is none");
    assert_eq!(outcome("list(string)", false, "${var.sizes}"), r#"["1","2","3"]"#);
    assert_eq!(outcome("string", true, "open"), "*open*[variable x]");
    assert_eq!(outcome("string", true, "${var.password}"), "*hunter2!*[environment variable PASSWORD]");
    assert_eq!(outcome("bool", false, "true"), "wrong type: variable `x`: a bool is wanted, not text");
    assert_eq!(outcome("string", false, "${env.account}"), "?env.account{}");
}

#[test]
fn files_are_remembered_for_later() {
    let scopes = project::scopes();
    let evaluator = lang::Evaluator::new(&scopes, &project::World, &project::World);
    let text =
        r#"${file("hello.txt")}${filebase64("image.bin")}${join(",", fileset(".", "*.txt"))}${fileexists("nope")}"#;
    let written = project::written(text, project::root());
    let first = evaluator.written(&written);
    let read = evaluator.files_read();
    assert_eq!(
        read.iter().map(|(path, text)| format!("{path}={text:?}")).collect::<Vec<_>>(),
        [
            r#"environments/="environments/hello.tpl\nenvironments/hello.txt\nenvironments/sub/deep.txt""#,
            r#"environments/hello.txt="hello\n""#,
            r#"environments/image.bin="data:;base64,//4A""#,
        ]
    );
    let again = lang::Evaluator::new(&scopes, &project::World, &lang::RecordedFiles(&read)).written(&written);
    assert_eq!(first, again);
    assert!(first.is_ok());
}
