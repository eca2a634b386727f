//! What botocore's model of `ec2` says of each member. Written by `cargo xtask gen`; do not edit.

use model::schema::Member;

/// `CreateSecurityGroupRequest`
pub mod create_security_group_request {
    use super::Member;
    pub const DESCRIPTION: Member =
        Member { wire: "Description", required: true, min: None, max: None, pattern: None, values: &[] };
    pub const GROUP_NAME: Member =
        Member { wire: "GroupName", required: true, min: None, max: None, pattern: None, values: &[] };
    pub const VPC_ID: Member =
        Member { wire: "VpcId", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const TAG_SPECIFICATIONS: Member =
        Member { wire: "TagSpecifications", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const DRY_RUN: Member =
        Member { wire: "DryRun", required: false, min: None, max: None, pattern: None, values: &[] };
}

/// `CreateVpcEndpointRequest`
pub mod create_vpc_endpoint_request {
    use super::Member;
    pub const DRY_RUN: Member =
        Member { wire: "DryRun", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const VPC_ENDPOINT_TYPE: Member = Member {
        wire: "VpcEndpointType",
        required: false,
        min: None,
        max: None,
        pattern: None,
        values: &["Interface", "Gateway", "GatewayLoadBalancer", "Resource", "ServiceNetwork", "Tunnel"],
    };
    pub const VPC_ID: Member =
        Member { wire: "VpcId", required: true, min: None, max: None, pattern: None, values: &[] };
    pub const SERVICE_NAME: Member =
        Member { wire: "ServiceName", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const POLICY_DOCUMENT: Member =
        Member { wire: "PolicyDocument", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const ROUTE_TABLE_IDS: Member =
        Member { wire: "RouteTableIds", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const SUBNET_IDS: Member =
        Member { wire: "SubnetIds", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const SECURITY_GROUP_IDS: Member =
        Member { wire: "SecurityGroupIds", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const IP_ADDRESS_TYPE: Member = Member {
        wire: "IpAddressType",
        required: false,
        min: None,
        max: None,
        pattern: None,
        values: &["ipv4", "dualstack", "ipv6"],
    };
    pub const DNS_OPTIONS: Member =
        Member { wire: "DnsOptions", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const CLIENT_TOKEN: Member =
        Member { wire: "ClientToken", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const PRIVATE_DNS_ENABLED: Member =
        Member { wire: "PrivateDnsEnabled", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const TAG_SPECIFICATIONS: Member =
        Member { wire: "TagSpecifications", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const SUBNET_CONFIGURATIONS: Member =
        Member { wire: "SubnetConfigurations", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const SERVICE_NETWORK_ARN: Member =
        Member { wire: "ServiceNetworkArn", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const RESOURCE_CONFIGURATION_ARN: Member =
        Member { wire: "ResourceConfigurationArn", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const SERVICE_REGION: Member =
        Member { wire: "ServiceRegion", required: false, min: None, max: None, pattern: None, values: &[] };
}

/// `DnsOptionsSpecification`
pub mod dns_options_specification {
    use super::Member;
    pub const DNS_RECORD_IP_TYPE: Member = Member {
        wire: "DnsRecordIpType",
        required: false,
        min: None,
        max: None,
        pattern: None,
        values: &["ipv4", "dualstack", "ipv6", "service-defined"],
    };
    pub const PRIVATE_DNS_ONLY_FOR_INBOUND_RESOLVER_ENDPOINT: Member = Member {
        wire: "PrivateDnsOnlyForInboundResolverEndpoint",
        required: false,
        min: None,
        max: None,
        pattern: None,
        values: &[],
    };
    pub const PRIVATE_DNS_PREFERENCE: Member =
        Member { wire: "PrivateDnsPreference", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const PRIVATE_DNS_SPECIFIED_DOMAINS: Member = Member {
        wire: "PrivateDnsSpecifiedDomains",
        required: false,
        min: Some(0),
        max: Some(10),
        pattern: None,
        values: &[],
    };
}

/// `ModifySecurityGroupRulesRequest`
pub mod modify_security_group_rules_request {
    use super::Member;
    pub const GROUP_ID: Member =
        Member { wire: "GroupId", required: true, min: None, max: None, pattern: None, values: &[] };
    pub const SECURITY_GROUP_RULES: Member =
        Member { wire: "SecurityGroupRules", required: true, min: None, max: None, pattern: None, values: &[] };
    pub const DRY_RUN: Member =
        Member { wire: "DryRun", required: false, min: None, max: None, pattern: None, values: &[] };
}

/// `SecurityGroupRuleRequest`
pub mod security_group_rule_request {
    use super::Member;
    pub const IP_PROTOCOL: Member =
        Member { wire: "IpProtocol", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const FROM_PORT: Member =
        Member { wire: "FromPort", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const TO_PORT: Member =
        Member { wire: "ToPort", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const CIDR_IPV4: Member =
        Member { wire: "CidrIpv4", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const CIDR_IPV6: Member =
        Member { wire: "CidrIpv6", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const PREFIX_LIST_ID: Member =
        Member { wire: "PrefixListId", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const REFERENCED_GROUP_ID: Member =
        Member { wire: "ReferencedGroupId", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const DESCRIPTION: Member =
        Member { wire: "Description", required: false, min: None, max: None, pattern: None, values: &[] };
}

/// `SecurityGroupRuleUpdate`
pub mod security_group_rule_update {
    use super::Member;
    pub const SECURITY_GROUP_RULE_ID: Member =
        Member { wire: "SecurityGroupRuleId", required: true, min: None, max: None, pattern: None, values: &[] };
    pub const SECURITY_GROUP_RULE: Member =
        Member { wire: "SecurityGroupRule", required: false, min: None, max: None, pattern: None, values: &[] };
}

/// `SubnetConfiguration`
pub mod subnet_configuration {
    use super::Member;
    pub const SUBNET_ID: Member =
        Member { wire: "SubnetId", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const IPV4: Member = Member { wire: "Ipv4", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const IPV6: Member = Member { wire: "Ipv6", required: false, min: None, max: None, pattern: None, values: &[] };
}

/// `Tag`
pub mod tag {
    use super::Member;
    pub const KEY: Member = Member { wire: "Key", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const VALUE: Member =
        Member { wire: "Value", required: false, min: None, max: None, pattern: None, values: &[] };
}

/// `TagSpecification`
pub mod tag_specification {
    use super::Member;
    pub const RESOURCE_TYPE: Member = Member {
        wire: "ResourceType",
        required: false,
        min: None,
        max: None,
        pattern: None,
        values: &[
            "capacity-reservation",
            "client-vpn-endpoint",
            "customer-gateway",
            "carrier-gateway",
            "coip-pool",
            "declarative-policies-report",
            "dedicated-host",
            "dhcp-options",
            "egress-only-internet-gateway",
            "elastic-ip",
            "elastic-gpu",
            "export-image-task",
            "export-instance-task",
            "fca-policy",
            "fleet",
            "fpga-image",
            "host-reservation",
            "image",
            "image-usage-report",
            "import-image-task",
            "import-snapshot-task",
            "instance",
            "instance-event-window",
            "internet-gateway",
            "ipam",
            "ipam-pool",
            "ipam-scope",
            "ipv4pool-ec2",
            "ipv6pool-ec2",
            "key-pair",
            "launch-template",
            "local-gateway",
            "local-gateway-route-table",
            "local-gateway-virtual-interface",
            "local-gateway-virtual-interface-group",
            "local-gateway-route-table-vpc-association",
            "local-gateway-route-table-virtual-interface-group-association",
            "natgateway",
            "network-acl",
            "network-interface",
            "network-insights-analysis",
            "network-insights-path",
            "network-insights-access-scope",
            "network-insights-access-scope-analysis",
            "outpost-lag",
            "placement-group",
            "prefix-list",
            "replace-root-volume-task",
            "reserved-instances",
            "route-table",
            "security-group",
            "security-group-rule",
            "service-link-virtual-interface",
            "snapshot",
            "spot-fleet-request",
            "spot-instances-request",
            "subnet",
            "subnet-cidr-reservation",
            "traffic-mirror-filter",
            "traffic-mirror-session",
            "traffic-mirror-target",
            "transit-gateway",
            "transit-gateway-attachment",
            "transit-gateway-connect-peer",
            "transit-gateway-multicast-domain",
            "transit-gateway-policy-table",
            "transit-gateway-metering-policy",
            "transit-gateway-route-table",
            "transit-gateway-route-table-announcement",
            "volume",
            "vpc",
            "vpc-endpoint",
            "vpc-endpoint-connection",
            "vpc-endpoint-service",
            "vpc-endpoint-service-permission",
            "vpc-peering-connection",
            "vpn-connection",
            "vpn-gateway",
            "vpc-flow-log",
            "capacity-reservation-fleet",
            "traffic-mirror-filter-rule",
            "vpc-endpoint-connection-device-type",
            "verified-access-instance",
            "verified-access-group",
            "verified-access-endpoint",
            "verified-access-policy",
            "verified-access-trust-provider",
            "vpn-connection-device-type",
            "vpc-block-public-access-exclusion",
            "vpc-encryption-control",
            "route-server",
            "route-server-endpoint",
            "route-server-peer",
            "ipam-resource-discovery",
            "ipam-resource-discovery-association",
            "instance-connect-endpoint",
            "verified-access-endpoint-target",
            "ipam-external-resource-verification-token",
            "capacity-block",
            "mac-modification-task",
            "ipam-prefix-list-resolver",
            "ipam-policy",
            "ipam-prefix-list-resolver-target",
            "ipam-internet-registry-association",
            "secondary-interface",
            "secondary-network",
            "secondary-subnet",
            "capacity-manager-data-export",
            "vpn-concentrator",
            "ipam-pool-allocation",
            "capacity-reservation-cancellation-quote",
            "application-status-check",
            "capacity-reservation-modification-quote",
            "metric-category",
        ],
    };
    pub const TAGS: Member = Member { wire: "Tags", required: false, min: None, max: None, pattern: None, values: &[] };
}
