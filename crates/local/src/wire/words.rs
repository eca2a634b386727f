//! The words in which each service refuses an input.

use super::rest::malformed;
use super::validate::{Complaint, Rule};
use crate::refusal::Refusal;
use crate::service::Service;

/// The refusal of an input that the model does not accept; `complaints` is not empty.
pub(crate) fn refusal(service: Service, complaints: &[Complaint]) -> Refusal {
    match service {
        Service::Ecr => Refusal::new("InvalidParameterException", ecr(complaints)),
        Service::Ec2 => ec2(&complaints[0]),
        Service::Iam => Refusal::new("ValidationError", iam(complaints)),
        Service::Sts => Refusal::new("ValidationError", counted(complaints)),
        Service::Logs => Refusal::new("InvalidParameterException", counted(complaints)),
        Service::Rds => Refusal::new("ValidationError", counted(complaints)),
        Service::S3 => s3(complaints),
        Service::AppRunner | Service::DynamoDb | Service::SecretsManager | Service::Ssm => {
            Refusal::new("ValidationException", counted(complaints))
        }
    }
}

/// `2 validation errors detected: Value '' at 'x' failed to satisfy constraint: …; Value …`
fn counted(complaints: &[Complaint]) -> String {
    let plural = if complaints.len() == 1 { "" } else { "s" };
    let each: Vec<_> = complaints.iter().map(each).collect();
    format!("{} validation error{plural} detected: {}", complaints.len(), each.join("; "))
}

fn each(complaint: &Complaint) -> String {
    let value = match &complaint.value {
        Some(_) if complaint.rule == Rule::NotNull => "Value null".to_owned(),
        Some(value) => format!("Value '{value}'"),
        None => "Value".to_owned(),
    };
    format!("{value} at '{}' failed to satisfy constraint: {}", complaint.path, coral(&complaint.rule))
}

fn coral(rule: &Rule) -> String {
    let list = |rules: &[Rule]| rules.iter().map(coral).collect::<Vec<_>>().join(", ");
    match rule {
        Rule::Elements(rules) => format!("Member must satisfy constraint: [{}]", list(rules)),
        Rule::Keys(rules) => format!("Map keys must satisfy constraint: [{}]", list(rules)),
        Rule::Values(rules) => format!("Map value must satisfy constraint: [{}]", list(rules)),
        Rule::NotNull => "Member must not be null".to_owned(),
        Rule::OneOf(values) => format!("Member must satisfy enum value set: [{}]", values.join(", ")),
        Rule::Pattern(pattern) => format!("Member must satisfy regular expression pattern: {pattern}"),
        Rule::MinLength(min) => format!("Member must have length greater than or equal to {min}"),
        Rule::MaxLength(max) => format!("Member must have length less than or equal to {max}"),
        Rule::MinValue(min) => format!("Member must have value greater than or equal to {min}"),
        Rule::MaxValue(max) => format!("Member must have value less than or equal to {max}"),
    }
}

/// ECR has words of its own, and quotes the constraint.
fn ecr(complaints: &[Complaint]) -> String {
    let one = |complaint: &Complaint| {
        let rule = match &complaint.rule {
            Rule::Pattern(pattern) => format!("must satisfy regular expression '{pattern}'"),
            rule @ (Rule::MinLength(_) | Rule::MaxLength(_)) => coral(rule).replacen("Member must", "must", 1),
            rule => coral(rule),
        };
        format!("Invalid parameter at '{}' failed to satisfy constraint: '{rule}'", complaint.path)
    };
    complaints.iter().map(one).collect::<Vec<_>>().join("; ")
}

/// IAM explains the characters of a name or path where that alone is wrong.
fn iam(complaints: &[Complaint]) -> String {
    let [Complaint { path, rule: Rule::Pattern(pattern), .. }] = complaints else { return counted(complaints) };
    match pattern.as_str() {
        r"[\w+=,.@-]+" => format!(
            "The specified value for {path} is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-"
        ),
        _ if path == "path" => {
            "The specified value for path is invalid. It must begin and end with / and contain only \
                                alphanumeric characters and/or / characters."
                .to_owned()
        }
        _ => counted(complaints),
    }
}

/// S3 names the first mistake of the headers and the query; of a body it only says that it is wrong.
fn s3(complaints: &[Complaint]) -> Refusal {
    let Complaint { path, value, rule } = &complaints[0];
    let value = value.as_deref().unwrap_or_default();
    if path == "createBucketConfiguration.locationConstraint" {
        let message = "The specified location-constraint is not valid";
        return Refusal::new("InvalidLocationConstraint", message).with("LocationConstraint", value);
    }
    match rule {
        _ if path.contains('.') => malformed(),
        Rule::NotNull => Refusal::new("MissingRequestBodyError", "Request Body is empty"),
        _ if path == "encodingType" => argument("Invalid Encoding Method specified in Request", "encoding-type", value),
        rule => argument(&format!("The value of {path} is invalid: {}", coral(rule)), path, value),
    }
}

fn argument(message: &str, name: &str, value: &str) -> Refusal {
    Refusal::new("InvalidArgument", message).with("ArgumentName", name).with("ArgumentValue", value)
}

/// EC2 names the first mistake alone.
fn ec2(complaint: &Complaint) -> Refusal {
    let value = complaint.value.as_deref().unwrap_or_default();
    let path = &complaint.path;
    match &complaint.rule {
        Rule::NotNull => Refusal::new("MissingParameter", format!("The request must contain the parameter {path}")),
        Rule::MinValue(min) => Refusal::new(
            "InvalidParameterValue",
            format!(
                "Value ( {value} ) for parameter {path} is invalid. Expecting a value greater than or equal to {min}."
            ),
        ),
        Rule::MaxValue(max) => Refusal::new(
            "InvalidParameterValue",
            format!(
                "Value ( {value} ) for parameter {path} is invalid. Expecting a value less than or equal to {max}."
            ),
        ),
        rule => Refusal::new(
            "InvalidParameterValue",
            format!("Value ({value}) for parameter {path} is invalid. {}", coral(rule)),
        ),
    }
}
