//! Custom domains of services.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::refusal::Answer;
use crate::world::{Caller, World};

use super::AppRunner;
use super::answer::{invalid, not_found, page, text};
use super::services::{self, Service, Status};

/// Domains per service.
const LIMIT: usize = 5;
/// When the certificate has been asked for and its records are known, in seconds after the association.
const RECORDS_AFTER: i64 = 8;
/// How long the validation takes; whoever reads the records is taken to write them to the DNS at once.
const VALIDATION_TAKES: i64 = 900;
const BINDING_TAKES: i64 = 180;
const DELETION_TAKES: i64 = 20;

/// How far an association is. App Runner answers it in lower case, unlike its model.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Progress {
    Creating,
    PendingCertificateDnsValidation,
    BindingCertificate,
    Active,
    Deleting,
}

/// One associated domain.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Domain {
    pub name: String,
    pub www: bool,
    pub progress: Progress,
    /// When the next progress comes; never again once it is active.
    pub due: Option<Timestamp>,
    /// Name and value of the CNAMEs that validate the certificate; empty at first.
    pub records: Vec<(String, String)>,
}

pub(super) fn associate(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let name = text(input, "DomainName")?.to_ascii_lowercase();
    let now = world.now();
    // The model of this operation knows no ResourceNotFoundException.
    let found = services::live(world, caller, input).map_err(|refusal| invalid(refusal.message));
    let service = found?.clone();
    if !matches!(service.status, Status::Running | Status::Paused) {
        return Err(service.not_now("associated with a custom domain"));
    }
    let state = &world.region(caller).apprunner;
    if let Some(other) = state.services.values().find(|other| other.domains.iter().any(|domain| domain.name == name)) {
        // The beginning of the text is AWS's.
        return Err(invalid(format!("{name} is already associated with the service {}", other.arn)));
    }
    if service.domains.len() >= LIMIT {
        return Err(invalid(format!("A service can have at most {LIMIT} custom domains.")));
    }
    let www = input["EnableWWWSubdomain"].as_bool().unwrap_or(true);
    let due = Some(now + SignedDuration::from_secs(RECORDS_AFTER));
    let made = Domain { name, www, progress: Progress::Creating, due, records: Vec::new() };
    let service = services::live(world, caller, input)?;
    service.domains.push(made.clone());
    let id = service.id.clone();
    Ok(with_targets(&world.region(caller).apprunner, &id, json!({ "CustomDomain": view(&made) })))
}

pub(super) fn describe(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let service = services::live(world, caller, input)?;
    let id = service.id.clone();
    let shown = page(input, "CustomDomains", service.domains.iter().map(view).collect())?;
    Ok(with_targets(&world.region(caller).apprunner, &id, shown))
}

pub(super) fn disassociate(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let name = text(input, "DomainName")?.to_ascii_lowercase();
    let due = Some(world.now() + SignedDuration::from_secs(DELETION_TAKES));
    let service = services::live(world, caller, input)?;
    if service.status == Status::OperationInProgress {
        return Err(service.not_now("disassociated from a custom domain"));
    }
    let id = service.id.clone();
    let found = service.domains.iter_mut().find(|domain| domain.name == name);
    let domain = found.ok_or_else(|| not_found(format!("No custom domain {name} found for the provided service.")))?;
    if domain.progress != Progress::Deleting {
        domain.progress = Progress::Deleting;
        domain.due = due;
    }
    let shown = json!({ "CustomDomain": view(domain) });
    Ok(with_targets(&world.region(caller).apprunner, &id, shown))
}

/// Takes every association to where it is by now.
pub(super) fn tick(world: &mut World, caller: &Caller) {
    let now = world.now();
    let ids: Vec<_> = world.region(caller).apprunner.services.keys().cloned().collect();
    for id in ids {
        let Some(mut service) = world.region(caller).apprunner.services.remove(&id) else { continue };
        while let Some(at) = service.domains.iter().position(|domain| domain.due.is_some_and(|due| due <= now)) {
            advance(world, &mut service, at);
        }
        world.region(caller).apprunner.services.insert(id, service);
    }
}

fn advance(world: &mut World, service: &mut Service, at: usize) {
    let domain = &mut service.domains[at];
    let after = |seconds: i64| domain.due.map(|due| due + SignedDuration::from_secs(seconds));
    (domain.progress, domain.due) = match domain.progress {
        Progress::Creating => (Progress::PendingCertificateDnsValidation, after(VALIDATION_TAKES)),
        Progress::PendingCertificateDnsValidation => (Progress::BindingCertificate, after(BINDING_TAKES)),
        Progress::BindingCertificate | Progress::Active => (Progress::Active, None),
        Progress::Deleting => {
            service.domains.remove(at);
            return;
        }
    };
    if domain.records.is_empty() {
        domain.records = records(world, &domain.name, domain.www);
    }
}

/// One CNAME for the name itself, one for `www.` if wanted, and one for a name that App Runner makes up.
fn records(world: &mut World, name: &str, www: bool) -> Vec<(String, String)> {
    let base = name.trim_start_matches("*.");
    let made_up = format!("{}.{base}", services::label(world));
    let names = [Some(base.to_owned()), www.then(|| format!("www.{base}")), Some(made_up)];
    let authority = services::label(world);
    let record = |name: String, world: &mut World| {
        (format!("_{}.{name}.", world.hex(32)), format!("_{}.{authority}.acm-validations.aws.", world.hex(32)))
    };
    names.into_iter().flatten().map(|name| record(name, world)).collect()
}

/// Adds what every answer about domains says of the service.
fn with_targets(state: &AppRunner, id: &str, mut answer: Value) -> Value {
    let Some(service) = state.services.get(id) else { return answer };
    let entries = state.ingress.values().filter(|each| each.service_arn == service.arn && each.deleted_at.is_none());
    answer["DNSTarget"] = json!(service.host);
    answer["ServiceArn"] = json!(service.arn);
    answer["VpcDNSTargets"] = entries
        .map(|each| json!({ "VpcIngressConnectionArn": each.arn, "VpcId": each.vpc_id, "DomainName": each.domain }))
        .collect();
    answer
}

fn view(domain: &Domain) -> Value {
    let status = match domain.progress {
        Progress::Creating => "creating",
        Progress::PendingCertificateDnsValidation => "pending_certificate_dns_validation",
        Progress::BindingCertificate => "binding_certificate",
        Progress::Active => "active",
        Progress::Deleting => "deleting",
    };
    let validated = matches!(domain.progress, Progress::BindingCertificate | Progress::Active);
    let records = domain.records.iter().map(|(name, value)| {
        json!({ "Name": name, "Type": "CNAME", "Value": value, "Status": if validated { "SUCCESS" } else { "PENDING_VALIDATION" } })
    });
    json!({ "DomainName": domain.name, "EnableWWWSubdomain": domain.www, "CertificateValidationRecords": records.collect::<Vec<_>>(), "Status": status })
}
