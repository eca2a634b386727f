//! The services that have a service-linked role.

use super::refusals::invalid_input;
use crate::refusal::Refusal;

/// A service that has a service-linked role.
pub(super) struct Service {
    pub(super) principal: &'static str,
    /// What follows `AWSServiceRoleFor`.
    pub(super) role: &'static str,
    /// Of `managed.json`, under `aws-service-role/`.
    pub(super) policy: Option<&'static str>,
    pub(super) suffix: Suffix,
}

#[derive(PartialEq)]
pub(super) enum Suffix {
    Allowed,
    Refused,
}

const fn service(principal: &'static str, role: &'static str) -> Service {
    Service { principal, role, policy: None, suffix: Suffix::Refused }
}

const fn with_policy(principal: &'static str, role: &'static str, policy: &'static str) -> Service {
    Service { principal, role, policy: Some(policy), suffix: Suffix::Refused }
}

/// Sorted by principal. AWS has more; these are what an application is likely to meet.
const SERVICES: &[Service] = &[
    service("apidestinations.events.amazonaws.com", "AmazonEventBridgeApiDestinations"),
    with_policy("apprunner.amazonaws.com", "AppRunner", "AppRunnerServiceRolePolicy"),
    Service {
        principal: "autoscaling.amazonaws.com",
        role: "AutoScaling",
        policy: Some("AutoScalingServiceRolePolicy"),
        suffix: Suffix::Allowed,
    },
    service("backup.amazonaws.com", "Backup"),
    service("batch.amazonaws.com", "Batch"),
    service("cloudtrail.amazonaws.com", "CloudTrail"),
    service("config.amazonaws.com", "Config"),
    service("contributorinsights.dynamodb.amazonaws.com", "DynamoDBCloudWatchContributorInsights"),
    service("dynamodb.application-autoscaling.amazonaws.com", "ApplicationAutoScaling_DynamoDBTable"),
    service("ecs.amazonaws.com", "ECS"),
    service("ecs.application-autoscaling.amazonaws.com", "ApplicationAutoScaling_ECSService"),
    service("eks-fargate.amazonaws.com", "AmazonEKSForFargate"),
    service("eks-nodegroup.amazonaws.com", "AmazonEKSNodegroup"),
    service("eks.amazonaws.com", "AmazonEKS"),
    service("elasticache.amazonaws.com", "ElastiCache"),
    service("elasticfilesystem.amazonaws.com", "AmazonElasticFileSystem"),
    with_policy(
        "elasticloadbalancing.amazonaws.com",
        "ElasticLoadBalancing",
        "AWSElasticLoadBalancingServiceRolePolicy",
    ),
    service("email.cognito-idp.amazonaws.com", "AmazonCognitoIdpEmailService"),
    service("guardduty.amazonaws.com", "AmazonGuardDuty"),
    service("kinesisreplication.dynamodb.amazonaws.com", "DynamoDBKinesisDataStreamsReplication"),
    service("lambda.application-autoscaling.amazonaws.com", "ApplicationAutoScaling_LambdaConcurrency"),
    service("logger.cloudfront.amazonaws.com", "CloudFrontLogger"),
    with_policy("networking.apprunner.amazonaws.com", "AppRunnerNetworking", "AppRunnerNetworkingServiceRolePolicy"),
    service("opensearchservice.amazonaws.com", "AmazonOpenSearchService"),
    service("ops.apigateway.amazonaws.com", "APIGateway"),
    service("organizations.amazonaws.com", "Organizations"),
    service("pullthroughcache.ecr.amazonaws.com", "ECRPullThroughCache"),
    with_policy("rds.amazonaws.com", "RDS", "AmazonRDSServiceRolePolicy"),
    service("rds.application-autoscaling.amazonaws.com", "ApplicationAutoScaling_RDSCluster"),
    service("redshift.amazonaws.com", "Redshift"),
    with_policy("replication.dynamodb.amazonaws.com", "DynamoDBReplication", "DynamoDBReplicationServiceRolePolicy"),
    service("replication.ecr.amazonaws.com", "ECRReplication"),
    service("replicator.lambda.amazonaws.com", "LambdaReplicator"),
    service("securityhub.amazonaws.com", "SecurityHub"),
    service("spot.amazonaws.com", "EC2Spot"),
    service("spotfleet.amazonaws.com", "EC2SpotFleet"),
    service("ssm.amazonaws.com", "AmazonSSM"),
    service("sso.amazonaws.com", "SSO"),
    service("support.amazonaws.com", "Support"),
    service("transitgateway.amazonaws.com", "VPCTransitGateway"),
    with_policy("trustedadvisor.amazonaws.com", "TrustedAdvisor", "AWSTrustedAdvisorServiceRolePolicy"),
    service("vpc-lattice.amazonaws.com", "VpcLattice"),
    service("wafv2.amazonaws.com", "WAFV2Logging"),
];

/// The service of a principal such as `apprunner.amazonaws.com`.
pub(super) fn find(principal: &str) -> Result<&'static Service, Refusal> {
    let found = SERVICES.iter().find(|service| service.principal == principal);
    found.ok_or_else(|| invalid_input(format!("Service {principal} does not have a service-linked role.")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_are_sorted_and_their_policies_known() {
        assert!(SERVICES.is_sorted_by(|one, other| one.principal < other.principal));
        for policy in SERVICES.iter().filter_map(|service| service.policy) {
            let arn = format!("arn:aws:iam::aws:policy/aws-service-role/{policy}");
            assert!(super::super::managed::find(&arn).is_some(), "{policy}");
        }
    }
}
