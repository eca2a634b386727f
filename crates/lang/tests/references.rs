//! What texts refer to, without evaluating them.

mod project;

use model::{Address, expression::Sees};
use project::{constant, each, root, scopes, web, written};

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    check_in(text, root(), expected);
}

#[track_caller]
fn check_in(text: &str, sees: Sees, expected: &[&str]) {
    let found: Vec<String> = lang::references(&scopes(), &written(text, sees)).iter().map(Address::to_string).collect();
    assert_eq!(found, expected, "{text}");
}

#[test]
fn references_are_found_through_names() {
    check("${ecr_repository.app.repository_uri}", &["ecr_repository.app"]);
    check("${local.uris} ${local.port}", &["ecr_repository.app"]);
    check_in("${var.repository}", web(), &["ecr_repository.app"]);
    check("${module.web.image}", &["ecr_repository.app"]);
    check("${module.web.key}", &[]);
    check("${module.web}", &["ecr_repository.app"]);
    check("${values(module.each)[*].image}", &["ecr_repository.app"]);
    check("${data.ecr_image.latest.digest}", &["data.ecr_image.latest"]);
    check_in("${each.value}", each("a", written("${data.ecr_image.latest}", root())), &["data.ecr_image.latest"]);
    check("${local.one}", &[]);
}

#[test]
fn keys_name_one_instance_where_they_are_written() {
    let both = ["apprunner_service.web[\"prod\"]", "apprunner_service.web[\"test\"]"];
    check("${apprunner_service.web}", &both);
    check("${apprunner_service.web[local.port].arn}", &both);
    check("${apprunner_service.web[\"prod\"].arn}", &both[..1]);
    check("${apprunner_service.web.test.arn}", &both[1..]);
    check_in("${apprunner_service.web[each.key].arn}", each("test", constant(serde_json::json!(1))), &both[1..]);
    check("${data.ec2_subnet.each[\"a\"].id}", &["data.ec2_subnet.each[\"a\"]"]);
    check("${iam_role.absent.arn}", &[]);
    check("${iam_role.many.arn}", &["iam_role.many[\"*\"]"]);
}

#[test]
fn references_stand_anywhere_and_are_hidden_by_names() {
    check("%{ if true }a%{ else }${ecr_repository.app.arn}%{ endif }", &["ecr_repository.app"]);
    check("%{ for ecr_repository in [1] }${ecr_repository.app}%{ endfor }", &[]);
    check("${[for x in ecr_repository.app.tags : x]}", &["ecr_repository.app"]);
    check("${{ (ecr_repository.app.arn) = 1 }}", &["ecr_repository.app"]);
    check("${[1, 2][ecr_repository.app.index]}", &["ecr_repository.app"]);
    check("${templatefile(\"x\", { a = ecr_repository.app.arn })}", &["ecr_repository.app"]);
    check("${true ? 1 : ecr_repository.app.arn}", &["ecr_repository.app"]);
    check("${\"${ecr_repository.app.arn}\"}", &["ecr_repository.app"]);
    check("${<<EOT\n${ecr_repository.app.arn}\nEOT\n}", &["ecr_repository.app"]);
    check("$${ecr_repository.app.arn}", &[]);
    check("${", &[]);
}
