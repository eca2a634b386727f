//! Every type this crate knows, and the provider that joins them to a client.

use std::{collections::BTreeMap, sync::Arc};

use futures::future::BoxFuture;
use model::Schemas;
use provider::{
    AnyData, AnyResource, DataSource, Failure, Identity, Provider, Resource, data::BoundData, erased::Bound,
};

use crate::{apprunner, client::Client, dynamodb, ec2, ecr, iam, logs, rds, secretsmanager, ssm, sts};

type MakeResource = fn(Arc<Client>) -> Box<dyn AnyResource>;

fn bind<R: Resource<Client = Client>>(client: Arc<Client>) -> Box<dyn AnyResource> {
    Box::new(Bound::<R>::new(client))
}

/// All resource types, sorted by name.
const RESOURCES: &[(&model::Schema, MakeResource)] = &[
    (
        &apprunner::auto_scaling_configuration::SCHEMA,
        bind::<apprunner::auto_scaling_configuration::ApprunnerAutoScalingConfiguration>,
    ),
    (&apprunner::custom_domain::SCHEMA, bind::<apprunner::custom_domain::ApprunnerCustomDomain>),
    (
        &apprunner::observability_configuration::SCHEMA,
        bind::<apprunner::observability_configuration::ApprunnerObservabilityConfiguration>,
    ),
    (&apprunner::service::SCHEMA, bind::<apprunner::service::ApprunnerService>),
    (&apprunner::vpc_connector::SCHEMA, bind::<apprunner::vpc_connector::ApprunnerVpcConnector>),
    (&logs::log_group::SCHEMA, bind::<logs::log_group::CloudwatchLogGroup>),
    (&dynamodb::table::SCHEMA, bind::<dynamodb::table::DynamodbTable>),
    (&ec2::security_group::SCHEMA, bind::<ec2::security_group::Ec2SecurityGroup>),
    (&ec2::security_group_rule::SCHEMA, bind::<ec2::security_group_rule::Ec2SecurityGroupRule>),
    (&ec2::vpc_endpoint::SCHEMA, bind::<ec2::vpc_endpoint::Ec2VpcEndpoint>),
    (&ecr::repository::SCHEMA, bind::<ecr::repository::EcrRepository>),
    (&iam::policy::SCHEMA, bind::<iam::policy::IamPolicy>),
    (&iam::role::SCHEMA, bind::<iam::role::IamRole>),
    (&iam::role_policy::SCHEMA, bind::<iam::role_policy::IamRolePolicy>),
    (&iam::role_policy_attachment::SCHEMA, bind::<iam::role_policy_attachment::IamRolePolicyAttachment>),
    (&rds::instance::SCHEMA, bind::<rds::instance::RdsInstance>),
    (&rds::parameter_group::SCHEMA, bind::<rds::parameter_group::RdsParameterGroup>),
    (&rds::subnet_group::SCHEMA, bind::<rds::subnet_group::RdsSubnetGroup>),
    (&secretsmanager::secret::SCHEMA, bind::<secretsmanager::secret::SecretsmanagerSecret>),
    (&ssm::parameter::SCHEMA, bind::<ssm::parameter::SsmParameter>),
];

type MakeData = fn(Arc<Client>) -> Box<dyn AnyData>;

fn bind_data<D: DataSource<Client = Client>>(client: Arc<Client>) -> Box<dyn AnyData> {
    Box::new(BoundData::<D>::new(client))
}

/// All data types, sorted by name.
const DATA: &[(&model::schema::DataSchema, MakeData)] = &[
    (&ec2::availability_zones::SCHEMA, bind_data::<ec2::availability_zones::Ec2AvailabilityZones>),
    (&ec2::subnets::SCHEMA, bind_data::<ec2::subnets::Ec2Subnets>),
    (&ec2::vpc::SCHEMA, bind_data::<ec2::vpc::Ec2Vpc>),
    (&ecr::image::SCHEMA, bind_data::<ecr::image::EcrImage>),
    (&iam::policy_lookup::SCHEMA, bind_data::<iam::policy_lookup::IamPolicyLookup>),
    (&secretsmanager::lookup::SCHEMA, bind_data::<secretsmanager::lookup::SecretLookup>),
    (&ssm::lookup::SCHEMA, bind_data::<ssm::lookup::ParameterLookup>),
    (&sts::SCHEMA, bind_data::<sts::StsCallerIdentity>),
];

/// All schemas; needs no client and no network.
pub fn schemas() -> Schemas {
    Schemas {
        resources: RESOURCES.iter().map(|(schema, _)| (schema.name, *schema)).collect(),
        data: DATA.iter().map(|(schema, _)| (schema.name, *schema)).collect(),
    }
}

/// AWS as a provider.
pub struct Aws {
    client: Arc<Client>,
    region: String,
    schemas: Schemas,
    resources: BTreeMap<&'static str, Box<dyn AnyResource>>,
    data: BTreeMap<&'static str, Box<dyn AnyData>>,
}

impl Aws {
    pub fn new(client: Client, region: &str) -> Self {
        let client = Arc::new(client);
        let resources = RESOURCES.iter().map(|(schema, make)| (schema.name, make(Arc::clone(&client)))).collect();
        let data = DATA.iter().map(|(schema, make)| (schema.name, make(Arc::clone(&client)))).collect();
        Self { client, region: region.to_owned(), schemas: schemas(), resources, data }
    }

    pub fn client(&self) -> &Client {
        &self.client
    }

    /// What is kept in Secrets Manager, as a source of secrets.
    pub fn stored_secrets(&self) -> secretsmanager::StoredSecrets {
        secretsmanager::StoredSecrets::new(Arc::clone(&self.client), &self.region)
    }
}

impl Provider for Aws {
    fn schemas(&self) -> &Schemas {
        &self.schemas
    }

    fn resource(&self, type_name: &str) -> Option<&dyn AnyResource> {
        self.resources.get(type_name).map(AsRef::as_ref)
    }

    fn data(&self, type_name: &str) -> Option<&dyn AnyData> {
        self.data.get(type_name).map(AsRef::as_ref)
    }

    fn identity(&self) -> BoxFuture<'_, Result<Identity, Failure>> {
        Box::pin(sts::identity(&self.client, &self.region))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_sorted() {
        assert!(RESOURCES.is_sorted_by(|a, b| a.0.name < b.0.name));
        assert!(DATA.is_sorted_by(|a, b| a.0.name < b.0.name));
    }

    #[test]
    fn every_type_has_a_schema() {
        let schemas = schemas();
        assert_eq!(schemas.resources.len(), RESOURCES.len());
        assert_eq!(schemas.data.len(), DATA.len());
    }
}
