//! What botocore's model of `apprunner` says of each member. Written by `cargo xtask gen`; do not edit.

use model::schema::Member;

/// `AssociateCustomDomainRequest`
pub mod associate_custom_domain_request {
    use super::Member;
    pub const SERVICE_ARN: Member = Member {
        wire: "ServiceArn",
        required: true,
        min: Some(1),
        max: Some(1011),
        pattern: Some("arn:aws(-[\\w]+)*:[a-z0-9-\\\\.]{0,63}:[a-z0-9-\\\\.]{0,63}:[0-9]{12}:(\\w|\\/|-){1,1011}"),
        values: &[],
    };
    pub const DOMAIN_NAME: Member = Member {
        wire: "DomainName",
        required: true,
        min: Some(1),
        max: Some(255),
        pattern: Some("[A-Za-z0-9*.-]{1,255}"),
        values: &[],
    };
    pub const ENABLE_WWW_SUBDOMAIN: Member =
        Member { wire: "EnableWWWSubdomain", required: false, min: None, max: None, pattern: None, values: &[] };
}

/// `AuthenticationConfiguration`
pub mod authentication_configuration {
    use super::Member;
    pub const CONNECTION_ARN: Member = Member {
        wire: "ConnectionArn",
        required: false,
        min: Some(1),
        max: Some(1011),
        pattern: Some("arn:aws(-[\\w]+)*:[a-z0-9-\\\\.]{0,63}:[a-z0-9-\\\\.]{0,63}:[0-9]{12}:(\\w|\\/|-){1,1011}"),
        values: &[],
    };
    pub const ACCESS_ROLE_ARN: Member = Member {
        wire: "AccessRoleArn",
        required: false,
        min: Some(29),
        max: Some(1024),
        pattern: Some(
            "arn:(aws|aws-us-gov|aws-cn|aws-iso|aws-iso-b):iam::[0-9]{12}:(role|role\\/service-role)\\/[\\w+=,.@\\-/]{1,1000}",
        ),
        values: &[],
    };
}

/// `CodeConfiguration`
pub mod code_configuration {
    use super::Member;
    pub const CONFIGURATION_SOURCE: Member = Member {
        wire: "ConfigurationSource",
        required: true,
        min: None,
        max: None,
        pattern: None,
        values: &["REPOSITORY", "API"],
    };
    pub const CODE_CONFIGURATION_VALUES: Member =
        Member { wire: "CodeConfigurationValues", required: false, min: None, max: None, pattern: None, values: &[] };
}

/// `CodeConfigurationValues`
pub mod code_configuration_values {
    use super::Member;
    pub const RUNTIME: Member = Member {
        wire: "Runtime",
        required: true,
        min: None,
        max: None,
        pattern: None,
        values: &[
            "PYTHON_3",
            "NODEJS_12",
            "NODEJS_14",
            "CORRETTO_8",
            "CORRETTO_11",
            "NODEJS_16",
            "GO_1",
            "DOTNET_6",
            "PHP_81",
            "RUBY_31",
            "PYTHON_311",
            "NODEJS_18",
            "NODEJS_22",
        ],
    };
    pub const BUILD_COMMAND: Member = Member {
        wire: "BuildCommand",
        required: false,
        min: None,
        max: None,
        pattern: Some("[^\\x0a\\x0d]+"),
        values: &[],
    };
    pub const START_COMMAND: Member = Member {
        wire: "StartCommand",
        required: false,
        min: None,
        max: None,
        pattern: Some("[^\\x0a\\x0d]+"),
        values: &[],
    };
    pub const PORT: Member =
        Member { wire: "Port", required: false, min: Some(0), max: Some(51200), pattern: Some(".*"), values: &[] };
    pub const RUNTIME_ENVIRONMENT_VARIABLES: Member = Member {
        wire: "RuntimeEnvironmentVariables",
        required: false,
        min: None,
        max: None,
        pattern: None,
        values: &[],
    };
    pub const RUNTIME_ENVIRONMENT_SECRETS: Member =
        Member { wire: "RuntimeEnvironmentSecrets", required: false, min: None, max: None, pattern: None, values: &[] };
}

/// `CodeRepository`
pub mod code_repository {
    use super::Member;
    pub const REPOSITORY_URL: Member = Member {
        wire: "RepositoryUrl",
        required: true,
        min: Some(0),
        max: Some(51200),
        pattern: Some(".*"),
        values: &[],
    };
    pub const SOURCE_CODE_VERSION: Member =
        Member { wire: "SourceCodeVersion", required: true, min: None, max: None, pattern: None, values: &[] };
    pub const CODE_CONFIGURATION: Member =
        Member { wire: "CodeConfiguration", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const SOURCE_DIRECTORY: Member = Member {
        wire: "SourceDirectory",
        required: false,
        min: Some(1),
        max: Some(4096),
        pattern: Some("[^\\x00]+"),
        values: &[],
    };
}

/// `CreateAutoScalingConfigurationRequest`
pub mod create_auto_scaling_configuration_request {
    use super::Member;
    pub const AUTO_SCALING_CONFIGURATION_NAME: Member = Member {
        wire: "AutoScalingConfigurationName",
        required: true,
        min: Some(4),
        max: Some(32),
        pattern: Some("[A-Za-z0-9][A-Za-z0-9\\-_]{3,31}"),
        values: &[],
    };
    pub const MAX_CONCURRENCY: Member =
        Member { wire: "MaxConcurrency", required: false, min: Some(1), max: Some(200), pattern: None, values: &[] };
    pub const MIN_SIZE: Member =
        Member { wire: "MinSize", required: false, min: Some(1), max: Some(25), pattern: None, values: &[] };
    pub const MAX_SIZE: Member =
        Member { wire: "MaxSize", required: false, min: Some(1), max: None, pattern: None, values: &[] };
    pub const TAGS: Member = Member { wire: "Tags", required: false, min: None, max: None, pattern: None, values: &[] };
}

/// `CreateObservabilityConfigurationRequest`
pub mod create_observability_configuration_request {
    use super::Member;
    pub const OBSERVABILITY_CONFIGURATION_NAME: Member = Member {
        wire: "ObservabilityConfigurationName",
        required: true,
        min: Some(4),
        max: Some(32),
        pattern: Some("[A-Za-z0-9][A-Za-z0-9\\-_]{3,31}"),
        values: &[],
    };
    pub const TRACE_CONFIGURATION: Member =
        Member { wire: "TraceConfiguration", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const TAGS: Member = Member { wire: "Tags", required: false, min: None, max: None, pattern: None, values: &[] };
}

/// `CreateServiceRequest`
pub mod create_service_request {
    use super::Member;
    pub const SERVICE_NAME: Member = Member {
        wire: "ServiceName",
        required: true,
        min: Some(4),
        max: Some(40),
        pattern: Some("[A-Za-z0-9][A-Za-z0-9-_]{3,39}"),
        values: &[],
    };
    pub const SOURCE_CONFIGURATION: Member =
        Member { wire: "SourceConfiguration", required: true, min: None, max: None, pattern: None, values: &[] };
    pub const INSTANCE_CONFIGURATION: Member =
        Member { wire: "InstanceConfiguration", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const TAGS: Member = Member { wire: "Tags", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const ENCRYPTION_CONFIGURATION: Member =
        Member { wire: "EncryptionConfiguration", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const HEALTH_CHECK_CONFIGURATION: Member =
        Member { wire: "HealthCheckConfiguration", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const AUTO_SCALING_CONFIGURATION_ARN: Member = Member {
        wire: "AutoScalingConfigurationArn",
        required: false,
        min: Some(1),
        max: Some(1011),
        pattern: Some("arn:aws(-[\\w]+)*:[a-z0-9-\\\\.]{0,63}:[a-z0-9-\\\\.]{0,63}:[0-9]{12}:(\\w|\\/|-){1,1011}"),
        values: &[],
    };
    pub const NETWORK_CONFIGURATION: Member =
        Member { wire: "NetworkConfiguration", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const OBSERVABILITY_CONFIGURATION: Member = Member {
        wire: "ObservabilityConfiguration",
        required: false,
        min: None,
        max: None,
        pattern: None,
        values: &[],
    };
}

/// `CreateVpcConnectorRequest`
pub mod create_vpc_connector_request {
    use super::Member;
    pub const VPC_CONNECTOR_NAME: Member = Member {
        wire: "VpcConnectorName",
        required: true,
        min: Some(4),
        max: Some(40),
        pattern: Some("[A-Za-z0-9][A-Za-z0-9\\-_]{3,39}"),
        values: &[],
    };
    pub const SUBNETS: Member =
        Member { wire: "Subnets", required: true, min: None, max: None, pattern: None, values: &[] };
    pub const SECURITY_GROUPS: Member =
        Member { wire: "SecurityGroups", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const TAGS: Member = Member { wire: "Tags", required: false, min: None, max: None, pattern: None, values: &[] };
}

/// `EgressConfiguration`
pub mod egress_configuration {
    use super::Member;
    pub const EGRESS_TYPE: Member = Member {
        wire: "EgressType",
        required: false,
        min: None,
        max: None,
        pattern: None,
        values: &["DEFAULT", "VPC"],
    };
    pub const VPC_CONNECTOR_ARN: Member = Member {
        wire: "VpcConnectorArn",
        required: false,
        min: Some(1),
        max: Some(1011),
        pattern: Some("arn:aws(-[\\w]+)*:[a-z0-9-\\\\.]{0,63}:[a-z0-9-\\\\.]{0,63}:[0-9]{12}:(\\w|\\/|-){1,1011}"),
        values: &[],
    };
}

/// `EncryptionConfiguration`
pub mod encryption_configuration {
    use super::Member;
    pub const KMS_KEY: Member = Member {
        wire: "KmsKey",
        required: true,
        min: Some(0),
        max: Some(256),
        pattern: Some(
            "arn:aws(-[\\w]+)*:kms:[a-z\\-]+-[0-9]{1}:[0-9]{12}:key\\/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
        ),
        values: &[],
    };
}

/// `HealthCheckConfiguration`
pub mod health_check_configuration {
    use super::Member;
    pub const PROTOCOL: Member =
        Member { wire: "Protocol", required: false, min: None, max: None, pattern: None, values: &["TCP", "HTTP"] };
    pub const PATH: Member =
        Member { wire: "Path", required: false, min: Some(1), max: None, pattern: None, values: &[] };
    pub const INTERVAL: Member =
        Member { wire: "Interval", required: false, min: Some(1), max: Some(20), pattern: None, values: &[] };
    pub const TIMEOUT: Member =
        Member { wire: "Timeout", required: false, min: Some(1), max: Some(20), pattern: None, values: &[] };
    pub const HEALTHY_THRESHOLD: Member =
        Member { wire: "HealthyThreshold", required: false, min: Some(1), max: Some(20), pattern: None, values: &[] };
    pub const UNHEALTHY_THRESHOLD: Member =
        Member { wire: "UnhealthyThreshold", required: false, min: Some(1), max: Some(20), pattern: None, values: &[] };
}

/// `ImageConfiguration`
pub mod image_configuration {
    use super::Member;
    pub const RUNTIME_ENVIRONMENT_VARIABLES: Member = Member {
        wire: "RuntimeEnvironmentVariables",
        required: false,
        min: None,
        max: None,
        pattern: None,
        values: &[],
    };
    pub const START_COMMAND: Member = Member {
        wire: "StartCommand",
        required: false,
        min: None,
        max: None,
        pattern: Some("[^\\x0a\\x0d]+"),
        values: &[],
    };
    pub const PORT: Member =
        Member { wire: "Port", required: false, min: Some(0), max: Some(51200), pattern: Some(".*"), values: &[] };
    pub const RUNTIME_ENVIRONMENT_SECRETS: Member =
        Member { wire: "RuntimeEnvironmentSecrets", required: false, min: None, max: None, pattern: None, values: &[] };
}

/// `ImageRepository`
pub mod image_repository {
    use super::Member;
    pub const IMAGE_IDENTIFIER: Member = Member {
        wire: "ImageIdentifier",
        required: true,
        min: Some(1),
        max: Some(1024),
        pattern: Some(
            "([0-9]{12}.dkr.ecr.[a-z\\-]+-[0-9]{1}.amazonaws.com\\/((?:[a-z0-9]+(?:[._-][a-z0-9]+)*\\/)*[a-z0-9]+(?:[._-][a-z0-9]+)*)(:([\\w\\d+\\-=._:\\/@])+|@([\\w\\d\\:]+))?)|(^public\\.ecr\\.aws\\/.+\\/((?:[a-z0-9]+(?:[._-][a-z0-9]+)*\\/)*[a-z0-9]+(?:[._-][a-z0-9]+)*)(:([\\w\\d+\\-=._:\\/@])+|@([\\w\\d\\:]+))?)",
        ),
        values: &[],
    };
    pub const IMAGE_CONFIGURATION: Member =
        Member { wire: "ImageConfiguration", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const IMAGE_REPOSITORY_TYPE: Member = Member {
        wire: "ImageRepositoryType",
        required: true,
        min: None,
        max: None,
        pattern: None,
        values: &["ECR", "ECR_PUBLIC"],
    };
}

/// `IngressConfiguration`
pub mod ingress_configuration {
    use super::Member;
    pub const IS_PUBLICLY_ACCESSIBLE: Member =
        Member { wire: "IsPubliclyAccessible", required: false, min: None, max: None, pattern: None, values: &[] };
}

/// `InstanceConfiguration`
pub mod instance_configuration {
    use super::Member;
    pub const CPU: Member = Member {
        wire: "Cpu",
        required: false,
        min: Some(3),
        max: Some(9),
        pattern: Some("256|512|1024|2048|4096|(0.25|0.5|1|2|4) vCPU"),
        values: &[],
    };
    pub const MEMORY: Member = Member {
        wire: "Memory",
        required: false,
        min: Some(3),
        max: Some(6),
        pattern: Some("512|1024|2048|3072|4096|6144|8192|10240|12288|(0.5|1|2|3|4|6|8|10|12) GB"),
        values: &[],
    };
    pub const INSTANCE_ROLE_ARN: Member = Member {
        wire: "InstanceRoleArn",
        required: false,
        min: Some(29),
        max: Some(1024),
        pattern: Some(
            "arn:(aws|aws-us-gov|aws-cn|aws-iso|aws-iso-b):iam::[0-9]{12}:(role|role\\/service-role)\\/[\\w+=,.@\\-/]{1,1000}",
        ),
        values: &[],
    };
}

/// `NetworkConfiguration`
pub mod network_configuration {
    use super::Member;
    pub const EGRESS_CONFIGURATION: Member =
        Member { wire: "EgressConfiguration", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const INGRESS_CONFIGURATION: Member =
        Member { wire: "IngressConfiguration", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const IP_ADDRESS_TYPE: Member = Member {
        wire: "IpAddressType",
        required: false,
        min: None,
        max: None,
        pattern: None,
        values: &["IPV4", "DUAL_STACK"],
    };
}

/// `ServiceObservabilityConfiguration`
pub mod service_observability_configuration {
    use super::Member;
    pub const OBSERVABILITY_ENABLED: Member =
        Member { wire: "ObservabilityEnabled", required: true, min: None, max: None, pattern: None, values: &[] };
    pub const OBSERVABILITY_CONFIGURATION_ARN: Member = Member {
        wire: "ObservabilityConfigurationArn",
        required: false,
        min: Some(1),
        max: Some(1011),
        pattern: Some("arn:aws(-[\\w]+)*:[a-z0-9-\\\\.]{0,63}:[a-z0-9-\\\\.]{0,63}:[0-9]{12}:(\\w|\\/|-){1,1011}"),
        values: &[],
    };
}

/// `SourceCodeVersion`
pub mod source_code_version {
    use super::Member;
    pub const TYPE: Member =
        Member { wire: "Type", required: true, min: None, max: None, pattern: None, values: &["BRANCH"] };
    pub const VALUE: Member =
        Member { wire: "Value", required: true, min: Some(0), max: Some(51200), pattern: Some(".*"), values: &[] };
}

/// `SourceConfiguration`
pub mod source_configuration {
    use super::Member;
    pub const CODE_REPOSITORY: Member =
        Member { wire: "CodeRepository", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const IMAGE_REPOSITORY: Member =
        Member { wire: "ImageRepository", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const AUTO_DEPLOYMENTS_ENABLED: Member =
        Member { wire: "AutoDeploymentsEnabled", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const AUTHENTICATION_CONFIGURATION: Member = Member {
        wire: "AuthenticationConfiguration",
        required: false,
        min: None,
        max: None,
        pattern: None,
        values: &[],
    };
}

/// `Tag`
pub mod tag {
    use super::Member;
    pub const KEY: Member = Member {
        wire: "Key",
        required: false,
        min: Some(1),
        max: Some(128),
        pattern: Some("^(?!aws:).+"),
        values: &[],
    };
    pub const VALUE: Member =
        Member { wire: "Value", required: false, min: Some(0), max: Some(256), pattern: Some(".*"), values: &[] };
}

/// `TraceConfiguration`
pub mod trace_configuration {
    use super::Member;
    pub const VENDOR: Member =
        Member { wire: "Vendor", required: true, min: None, max: None, pattern: None, values: &["AWSXRAY"] };
}
