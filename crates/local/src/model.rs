//! AWS's service models, cut from botocore (`models/README.md`): what a request may say and how an answer is written.
//!
//! Nothing is unpacked before its service is called.

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::OnceLock;

use flate2::read::GzDecoder;
use indexmap::IndexMap;
use serde::Deserialize;

use crate::service::Service;

/// The model of one service.
#[derive(Debug, Deserialize)]
pub(crate) struct Model {
    pub(crate) metadata: Metadata,
    pub(crate) operations: BTreeMap<String, Operation>,
    pub(crate) shapes: BTreeMap<String, Shape>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Metadata {
    pub(crate) protocol: Protocol,
    #[cfg(test)]
    pub(crate) api_version: String,
    #[cfg(test)]
    pub(crate) endpoint_prefix: String,
    #[serde(default)]
    pub(crate) json_version: String,
    #[cfg(test)]
    #[serde(default)]
    pub(crate) target_prefix: String,
    #[serde(default)]
    pub(crate) xml_namespace: String,
}

/// How requests and answers of a service are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Protocol {
    Json,
    Query,
    Ec2,
    #[serde(rename = "rest-xml")]
    RestXml,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Operation {
    pub(crate) name: String,
    pub(crate) http: Http,
    pub(crate) input: Option<Reference>,
    pub(crate) output: Option<Reference>,
    #[cfg(test)]
    #[serde(default)]
    pub(crate) errors: Vec<Reference>,
    /// `none` for the operations that take no signature.
    pub(crate) authtype: Option<String>,
}

/// How an operation is asked for and answered over HTTP; it tells operations apart in the rest protocols alone.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Http {
    pub(crate) method: String,
    /// For example `/{Bucket}/{Key+}?versioning`.
    pub(crate) request_uri: String,
    /// The status of success, where it is not 200.
    pub(crate) response_code: Option<u16>,
}

/// The use of a shape, with how this use is named on the wire.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Reference {
    pub(crate) shape: String,
    pub(crate) location_name: Option<String>,
    pub(crate) query_name: Option<String>,
    /// Where the rest protocols write the member, if not in the body.
    pub(crate) location: Option<Location>,
    #[serde(default)]
    pub(crate) flattened: bool,
    /// The element around a query protocol answer.
    pub(crate) result_wrapper: Option<String>,
}

/// A place in a request or an answer outside of its body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Location {
    Uri,
    QueryString,
    Header,
    /// All headers that begin with the member's name, as a map.
    Headers,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Shape {
    #[serde(rename = "type")]
    pub(crate) kind: Kind,
    #[serde(default)]
    pub(crate) members: IndexMap<String, Reference>,
    #[serde(default)]
    pub(crate) required: Vec<String>,
    /// The member that alone is the body, in the rest protocols.
    pub(crate) payload: Option<String>,
    #[serde(default, rename = "enum")]
    pub(crate) values: Vec<String>,
    pub(crate) pattern: Option<String>,
    pub(crate) min: Option<f64>,
    pub(crate) max: Option<f64>,
    pub(crate) member: Option<Reference>,
    pub(crate) key: Option<Reference>,
    pub(crate) value: Option<Reference>,
    #[serde(default)]
    pub(crate) flattened: bool,
    #[serde(default)]
    pub(crate) sensitive: bool,
    pub(crate) error: Option<ErrorTrait>,
    #[serde(default)]
    pub(crate) fault: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    Structure,
    List,
    Map,
    String,
    Integer,
    Long,
    Float,
    Double,
    Boolean,
    Blob,
    Timestamp,
}

/// How an error is named on the wire where that is not its shape's name.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ErrorTrait {
    pub(crate) code: Option<String>,
    pub(crate) http_status_code: Option<u16>,
}

impl Model {
    /// The model of a service, unpacked at its first use.
    pub(crate) fn of(service: Service) -> &'static Self {
        static MODELS: [OnceLock<Model>; Service::ALL.len()] = [const { OnceLock::new() }; Service::ALL.len()];
        MODELS[service as usize].get_or_init(|| unpack(service))
    }

    pub(crate) fn shape(&self, name: &str) -> &Shape {
        self.shapes.get(name).expect("the models are cut with every shape they reach; a test walks them")
    }

    /// The shape that a use refers to.
    pub(crate) fn at(&self, reference: &Reference) -> &Shape {
        self.shape(&reference.shape)
    }

    /// The modelled error of an operation by the code that goes over the wire.
    pub(crate) fn error(&self, code: &str) -> Option<&Shape> {
        let by_trait = || {
            self.shapes
                .values()
                .find(|shape| shape.error.as_ref().and_then(|error| error.code.as_deref()) == Some(code))
        };
        self.shapes.get(code).or_else(by_trait)
    }
}

fn unpack(service: Service) -> Model {
    let mut text = Vec::new();
    let read = GzDecoder::new(packed(service)).read_to_end(&mut text);
    read.expect("the embedded models are whole; a test unpacks them");
    serde_json::from_slice(&text).expect("the embedded models are well formed; a test unpacks them")
}

fn packed(service: Service) -> &'static [u8] {
    match service {
        Service::AppRunner => include_bytes!("../models/apprunner.json.gz"),
        Service::DynamoDb => include_bytes!("../models/dynamodb.json.gz"),
        Service::Ec2 => include_bytes!("../models/ec2.json.gz"),
        Service::Ecr => include_bytes!("../models/ecr.json.gz"),
        Service::Iam => include_bytes!("../models/iam.json.gz"),
        Service::Logs => include_bytes!("../models/logs.json.gz"),
        Service::Rds => include_bytes!("../models/rds.json.gz"),
        Service::S3 => include_bytes!("../models/s3.json.gz"),
        Service::SecretsManager => include_bytes!("../models/secretsmanager.json.gz"),
        Service::Ssm => include_bytes!("../models/ssm.json.gz"),
        Service::Sts => include_bytes!("../models/sts.json.gz"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_model_unpacks_and_reaches_only_what_it_holds() {
        for service in Service::ALL {
            let model = Model::of(*service);
            for operation in model.operations.values() {
                let ends = operation.input.iter().chain(&operation.output).chain(&operation.errors);
                ends.for_each(|end| assert!(model.shapes.contains_key(&end.shape), "{} {}", operation.name, end.shape));
            }
            for shape in model.shapes.values() {
                let uses = shape.members.values().chain(&shape.member).chain(&shape.key).chain(&shape.value);
                uses.for_each(|used| assert!(model.shapes.contains_key(&used.shape), "{}", used.shape));
            }
        }
    }

    #[test]
    fn requests_name_the_services_as_their_models_do() {
        for service in Service::ALL {
            let metadata = &Model::of(*service).metadata;
            let found = match metadata.protocol {
                Protocol::Json => Service::of_target(&metadata.target_prefix),
                Protocol::Query | Protocol::Ec2 => Service::of_version(&metadata.api_version),
                // The scope of the signature names it.
                Protocol::RestXml => Service::named(&metadata.endpoint_prefix),
            };
            assert_eq!(found, Some(*service));
        }
    }
}
