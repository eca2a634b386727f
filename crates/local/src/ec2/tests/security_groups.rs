//! Security groups and their rules.

use serde_json::{Value, json};

use super::super::{hold, regroup, release};
use super::{Cloud, filter, tcp};

#[test]
fn a_new_group_lets_everything_out() {
    let mut cloud = Cloud::new("us-east-2");
    let (vpc, _) = cloud.network();
    let tags = json!([{ "ResourceType": "security-group", "Tags": [{ "Key": "team", "Value": "web" }] }]);
    let asked = json!({ "GroupName": "web", "Description": "Web", "VpcId": vpc, "TagSpecifications": tags });
    let made = cloud.ask("CreateSecurityGroup", asked);
    let id = made["GroupId"].as_str().unwrap();
    let shown = cloud.ask("DescribeSecurityGroups", json!({ "GroupIds": [id] }));
    let everything = json!([{
        "IpProtocol": "-1", "UserIdGroupPairs": [], "IpRanges": [{ "CidrIp": "0.0.0.0/0" }], "Ipv6Ranges": [],
        "PrefixListIds": [],
    }]);
    let expected = json!({
        "GroupId": id,
        "IpPermissionsEgress": everything,
        "Tags": [{ "Key": "team", "Value": "web" }],
        "VpcId": vpc,
        "SecurityGroupArn": format!("arn:aws:ec2:us-east-2:123456789012:security-group/{id}"),
        "OwnerId": "123456789012",
        "GroupName": "web",
        "Description": "Web",
        "IpPermissions": [],
    });
    assert_eq!(shown["SecurityGroups"], json!([expected]));
    let revoked = cloud.ask("RevokeSecurityGroupEgress", json!({ "GroupId": id, "IpPermissions": everything.clone() }));
    assert_eq!(revoked["RevokedSecurityGroupRules"][0]["CidrIpv4"], "0.0.0.0/0");
    let again = cloud.ask("RevokeSecurityGroupEgress", json!({ "GroupId": id, "IpPermissions": everything.clone() }));
    // In the default VPC what is not there is told, not refused.
    assert_eq!((&again["Return"], &again["UnknownIpPermissions"]), (&json!(true), &everything));
    assert_eq!(cloud.ask("DeleteSecurityGroup", json!({ "GroupId": id })), json!({ "Return": true, "GroupId": id }));
    let gone = format!("400 InvalidGroup.NotFound: The security group '{id}' does not exist");
    assert_eq!(cloud.ask("DeleteSecurityGroup", json!({ "GroupId": id })), gone);
}

#[test]
fn groups_are_refused() {
    let mut cloud = Cloud::new("us-east-2");
    let (vpc, _) = cloud.network();
    cloud.group("web");
    let set = "are strings less than 256 characters from the following set: a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*";
    let cases = [
        ("Web", "fine", format!("400 InvalidGroup.Duplicate: The security group 'Web' already exists for VPC '{vpc}'")),
        ("sg-web", "fine", "400 InvalidParameterValue: Group names may not be in the format sg-*.".to_owned()),
        ("default", "fine", "400 InvalidParameterValue: Cannot use reserved security group name: default".to_owned()),
        (
            "db",
            "the web's",
            format!("400 InvalidParameterValue: Invalid security group description. Valid descriptions {set}"),
        ),
    ];
    for (name, description, refusal) in cases {
        let asked = json!({ "GroupName": name, "Description": description, "VpcId": vpc });
        assert_eq!(cloud.ask("CreateSecurityGroup", asked), json!(refusal));
    }
    let default = cloud.ask("DescribeSecurityGroups", filter("group-name", "default"));
    let default = default["SecurityGroups"][0]["GroupId"].as_str().unwrap();
    let refusal =
        format!("400 CannotDelete: the specified group: \"{default}\" name: \"default\" cannot be deleted by a user");
    assert_eq!(cloud.ask("DeleteSecurityGroup", json!({ "GroupId": default })), refusal);
}

#[test]
fn a_dry_run_changes_nothing() {
    let mut cloud = Cloud::new("us-east-2");
    let asked = json!({ "GroupName": "web", "Description": "Web", "DryRun": true });
    let refusal = "412 DryRunOperation: Request would have succeeded, but DryRun flag is set.";
    assert_eq!(cloud.ask("CreateSecurityGroup", asked), refusal);
    let groups = cloud.ask("DescribeSecurityGroups", json!({}));
    assert_eq!(groups["SecurityGroups"].as_array().unwrap().len(), 1);
}

#[test]
fn rules_are_objects() {
    let mut cloud = Cloud::new("us-east-2");
    let group = cloud.group("web");
    let permissions = json!([{
        "IpProtocol": "6", "FromPort": 443, "ToPort": 443,
        "IpRanges": [{ "CidrIp": "10.1.2.3/16", "Description": "inside" }, { "CidrIp": "192.0.2.0/24" }],
    }]);
    let tags = json!([{ "ResourceType": "security-group-rule", "Tags": [{ "Key": "a", "Value": "b" }] }]);
    let asked = json!({ "GroupId": group, "IpPermissions": permissions, "TagSpecifications": tags });
    let made = cloud.ask("AuthorizeSecurityGroupIngress", asked);
    let id = made["SecurityGroupRules"][0]["SecurityGroupRuleId"].as_str().unwrap().to_owned();
    let expected = json!({
        "SecurityGroupRuleId": id,
        "GroupId": group,
        "GroupOwnerId": "123456789012",
        "IsEgress": false,
        "IpProtocol": "tcp",
        "FromPort": 443,
        "ToPort": 443,
        "CidrIpv4": "10.1.0.0/16",
        "Description": "inside",
        "Tags": [{ "Key": "a", "Value": "b" }],
        "SecurityGroupRuleArn": format!("arn:aws:ec2:us-east-2:123456789012:security-group-rule/{id}"),
    });
    let shown = cloud.ask("DescribeSecurityGroupRules", filter("security-group-rule-id", &id));
    assert_eq!(shown["SecurityGroupRules"], json!([expected]));
    // The group shows rules of equal ports as one permission.
    let shown = cloud.ask("DescribeSecurityGroups", filter("ip-permission.cidr", "10.1.0.0/16"));
    let inward = &shown["SecurityGroups"][0]["IpPermissions"];
    assert_eq!((inward.as_array().unwrap().len(), inward[0]["IpRanges"].as_array().unwrap().len()), (1, 2));
    assert_eq!(
        cloud.allow(&group, 443, "10.1.0.0/16"),
        "400 InvalidPermission.Duplicate: the specified rule \"peer: 10.1.0.0/16, TCP, from port: 443, to port: 443, ALLOW\" already exists"
    );
    let rule = json!({ "IpProtocol": "tcp", "FromPort": 80, "ToPort": 81, "CidrIpv4": "10.2.0.0/16" });
    let update = json!([{ "SecurityGroupRuleId": id, "SecurityGroupRule": rule }]);
    let modified = cloud.ask("ModifySecurityGroupRules", json!({ "GroupId": group, "SecurityGroupRules": update }));
    assert_eq!(modified, json!({ "Return": true }));
    let shown = cloud.ask("DescribeSecurityGroupRules", json!({ "SecurityGroupRuleIds": [id] }));
    let shown = &shown["SecurityGroupRules"][0];
    assert_eq!(
        (&shown["ToPort"], &shown["CidrIpv4"], &shown["Description"]),
        (&json!(81), &json!("10.2.0.0/16"), &Value::Null)
    );
    let described = json!([{ "SecurityGroupRuleId": id, "Description": "again" }]);
    let asked = json!({ "GroupId": group, "SecurityGroupRuleDescriptions": described });
    assert_eq!(cloud.ask("UpdateSecurityGroupRuleDescriptionsIngress", asked), json!({ "Return": true }));
    let revoke = json!({ "GroupId": group, "SecurityGroupRuleIds": [id] });
    let revoked = cloud.ask("RevokeSecurityGroupIngress", revoke.clone());
    assert_eq!(revoked["RevokedSecurityGroupRules"][0]["Description"], "again");
    let gone = format!("400 InvalidSecurityGroupRuleId.NotFound: The security group rule ID '{id}' does not exist");
    assert_eq!(cloud.ask("RevokeSecurityGroupIngress", revoke), gone);
}

#[test]
fn a_rule_keeps_the_kind_of_its_source() {
    let mut cloud = Cloud::new("us-east-2");
    let group = cloud.group("web");
    let made = cloud.allow(&group, 80, "10.0.0.0/8");
    let id = &made["SecurityGroupRules"][0]["SecurityGroupRuleId"];
    let rule = json!({ "IpProtocol": "-1", "ReferencedGroupId": group });
    let update = json!([{ "SecurityGroupRuleId": id, "SecurityGroupRule": rule }]);
    let said = cloud.ask("ModifySecurityGroupRules", json!({ "GroupId": group, "SecurityGroupRules": update }));
    assert_eq!(
        said,
        "400 InvalidParameterCombination: You may not change the source or destination type of a security group rule"
    );
}

#[test]
fn rules_are_refused() {
    let mut cloud = Cloud::new("us-east-2");
    let group = cloud.group("web");
    let cases = [
        (tcp(80, "10.0.0.0"), "InvalidParameterValue: CIDR block 10.0.0.0 is malformed"),
        (
            json!({ "IpProtocol": "web", "IpRanges": [{ "CidrIp": "10.0.0.0/8" }] }),
            "InvalidParameterValue: Invalid value 'web' for IP protocol. Unknown protocol.",
        ),
        (
            json!({ "IpProtocol": "-1" }),
            "MissingParameter: Missing source specification: include source security group or CIDR information",
        ),
        (
            json!({ "IpProtocol": "-1", "UserIdGroupPairs": [{ "GroupId": "sg-12345678" }] }),
            "InvalidGroup.NotFound: The security group 'sg-12345678' does not exist",
        ),
        (
            json!({ "IpProtocol": "-1", "PrefixListIds": [{ "PrefixListId": "pl-12345678" }] }),
            "InvalidPrefixListID.NotFound: The prefix list ID 'pl-12345678' does not exist",
        ),
    ];
    for (permission, refusal) in cases {
        let asked = json!({ "GroupId": group, "IpPermissions": [permission] });
        assert_eq!(cloud.ask("AuthorizeSecurityGroupEgress", asked), format!("400 {refusal}"));
    }
    for port in 1..=60 {
        assert_eq!(cloud.allow(&group, port, "10.0.0.0/8")["Return"], true);
    }
    let refusal =
        "400 RulesPerSecurityGroupLimitExceeded: The maximum number of rules per security group has been reached.";
    assert_eq!(cloud.allow(&group, 61, "10.0.0.0/8"), refusal);
}

#[test]
fn a_group_in_use_stays() {
    let mut cloud = Cloud::new("us-east-2");
    let (_, subnets) = cloud.network();
    let (web, db) = (cloud.group("web"), cloud.group("db"));
    let delete = json!({ "GroupId": web });
    let refusal = format!("400 DependencyViolation: resource {web} has a dependent object");
    let own = json!([{ "IpProtocol": "-1", "UserIdGroupPairs": [{ "GroupId": web }] }]);
    cloud.ask("AuthorizeSecurityGroupIngress", json!({ "GroupId": web, "IpPermissions": own }));
    let other = json!({ "GroupId": db, "IpPermissions": own });
    cloud.ask("AuthorizeSecurityGroupIngress", other.clone());
    let using = cloud.ask("DescribeSecurityGroups", filter("ip-permission.group-id", &web));
    assert_eq!(using["SecurityGroups"].as_array().unwrap().len(), 2);
    assert_eq!(cloud.ask("DeleteSecurityGroup", delete.clone()), refusal);
    cloud.ask("RevokeSecurityGroupIngress", other);
    let Cloud { world, caller } = &mut cloud;
    let held = hold(world, caller, "amazon-rds", "RDSNetworkInterface", &subnets[0], std::slice::from_ref(&web));
    assert_eq!(cloud.ask("DeleteSecurityGroup", delete.clone()), refusal);
    let shown = cloud.ask("DescribeNetworkInterfaces", filter("group-id", &web));
    let shown = &shown["NetworkInterfaces"][0];
    assert_eq!((&shown["NetworkInterfaceId"], &shown["RequesterId"]), (&json!(held), &json!("amazon-rds")));
    regroup(&mut cloud.world, &cloud.caller, &held, std::slice::from_ref(&db));
    // Its own rule that refers to itself holds nothing.
    assert_eq!(cloud.ask("DeleteSecurityGroup", delete)["Return"], true);
    assert!(cloud.ask("DeleteSecurityGroup", json!({ "GroupId": db })).is_string());
    release(&mut cloud.world, &cloud.caller, &held);
    assert_eq!(cloud.ask("DeleteSecurityGroup", json!({ "GroupId": db }))["Return"], true);
}

#[test]
fn tags_come_and_go() {
    let mut cloud = Cloud::new("us-east-2");
    let group = cloud.group("web");
    let tag = |key: &str, value: &str| json!({ "Key": key, "Value": value });
    let both = json!([tag("a", "1"), tag("b", "2")]);
    assert_eq!(cloud.ask("CreateTags", json!({ "Resources": [group], "Tags": both })), json!({}));
    let kept = json!([{ "Key": "a", "Value": "3" }, { "Key": "b" }]);
    cloud.ask("DeleteTags", json!({ "Resources": [group], "Tags": kept }));
    let tags = cloud.ask("DescribeTags", filter("resource-id", &group));
    let expected = json!({ "Key": "a", "Value": "1", "ResourceId": group, "ResourceType": "security-group" });
    assert_eq!(tags["Tags"], json!([expected]));
    let cases = [
        (
            json!([group]),
            tag("aws:x", "1"),
            "InvalidParameterValue: Tag keys starting with 'aws:' are reserved for internal use",
        ),
        (
            json!(["sg-12345678"]),
            tag("x", "1"),
            "InvalidGroup.NotFound: The security group 'sg-12345678' does not exist",
        ),
        (json!(["web"]), tag("x", "1"), "InvalidID: The ID 'web' is not valid"),
    ];
    for (resources, tag, refusal) in cases {
        let said = cloud.ask("CreateTags", json!({ "Resources": resources, "Tags": [tag] }));
        assert_eq!(said, format!("400 {refusal}"));
    }
}
