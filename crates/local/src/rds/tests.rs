//! Calls in, answers out.

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::*;
use crate::ec2;

struct Region {
    world: World,
    caller: Caller,
}

impl Region {
    fn new() -> Self {
        let world = World::new(0, "2026-01-01T00:00:00Z".parse().unwrap());
        Self { world, caller: Caller::new("123456789012", "us-east-2") }
    }

    fn call(&mut self, operation: &str, input: Value) -> Value {
        tick(&mut self.world, &self.caller);
        let answer = call(&mut self.world, &self.caller, operation, &input);
        answer.unwrap_or_else(|refusal| json!(format!("{}: {}", refusal.code, refusal.message)))
    }

    #[track_caller]
    fn check(&mut self, operation: &str, input: Value, expected: Value) {
        assert_eq!(self.call(operation, input), expected, "{operation}");
    }

    /// The code of a refusal.
    #[track_caller]
    fn refuses(&mut self, operation: &str, input: Value, code: &str) {
        let answer = self.call(operation, input);
        assert_eq!(answer.as_str().and_then(|said| said.split(':').next()), Some(code), "{operation}: {answer}");
    }

    fn wait(&mut self, minutes: i64) {
        self.world.advance(SignedDuration::from_mins(minutes));
    }

    /// The subnets of the default VPC.
    fn subnets(&mut self) -> Vec<String> {
        ec2::subnet(&mut self.world, &self.caller, "");
        self.world.region(&self.caller).ec2.subnets.keys().cloned().collect()
    }

    fn create(&mut self, more: Value) -> Value {
        let mut input = json!({
            "DBInstanceIdentifier": "orders",
            "DBInstanceClass": "db.t3.micro",
            "Engine": "postgres",
            "EngineVersion": "16",
            "AllocatedStorage": 20,
            "MasterUsername": "shop",
            "MasterUserPassword": "planted-password",
        });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.call("CreateDBInstance", input)
    }

    /// Members of the one instance.
    fn see<const N: usize>(&mut self, members: [&str; N]) -> [Value; N] {
        let answer = self.call("DescribeDBInstances", json!({}));
        members.map(|member| answer["DBInstances"][0][member].clone())
    }

    fn status(&mut self) -> String {
        let [status] = self.see(["DBInstanceStatus"]);
        status.as_str().unwrap_or("gone").to_owned()
    }

    fn modify(&mut self, more: Value) -> Value {
        let mut input = json!({ "DBInstanceIdentifier": "orders" });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.call("ModifyDBInstance", input)
    }

    /// An instance that is there.
    fn running(more: Value) -> Self {
        let mut region = Self::new();
        region.create(more);
        region.wait(20);
        region
    }
}

#[test]
fn an_instance_is_made_backed_up_and_there_with_its_defaults() {
    let mut region = Region::new();
    let made = region.create(json!({}));
    assert_eq!(made["DBInstance"]["DBInstanceStatus"], "creating");
    assert_eq!(made["DBInstance"]["Endpoint"], Value::Null);
    region.wait(4);
    assert_eq!(region.status(), "backing-up");
    region.wait(1);
    assert_eq!(region.status(), "available");
    let members = [
        "EngineVersion",
        "AllocatedStorage",
        "StorageType",
        "Iops",
        "BackupRetentionPeriod",
        "AutoMinorVersionUpgrade",
        "LicenseModel",
        "DBParameterGroups",
        "OptionGroupMemberships",
        "PendingModifiedValues",
    ];
    let [endpoint] = region.see(["Endpoint"]);
    assert!(endpoint["Address"].as_str().unwrap().starts_with("orders.c"), "{endpoint}");
    assert_eq!((&endpoint["Port"], &endpoint["HostedZoneId"]), (&json!(5432), &json!("Z2XHWR1WZ565X2")));
    let expected = [
        json!("16.9"),
        json!(20),
        json!("gp3"),
        json!(3000),
        json!(1),
        json!(true),
        json!("postgresql-license"),
        json!([{ "DBParameterGroupName": "default.postgres16", "ParameterApplyStatus": "in-sync" }]),
        json!([{ "OptionGroupName": "default:postgres-16", "Status": "in-sync" }]),
        json!({}),
    ];
    assert_eq!(region.see(members), expected);
}

#[test]
fn the_password_is_kept_and_shown_to_nobody() {
    let mut region = Region::running(json!({}));
    region.modify(json!({ "MasterUserPassword": "planted-password-2" }));
    let [pending] = region.see(["PendingModifiedValues"]);
    assert_eq!(pending, json!({ "MasterUserPassword": "****" }));
    assert!(!crate::census::of(&region.world).to_string().contains("planted"));
    region.wait(1);
    assert_eq!(region.status(), "available");
    assert_eq!(region.world.region(&region.caller).rds.instances["orders"].master_password, "planted-password-2");
    let everything = format!("{}{}", region.call("DescribeDBInstances", json!({})), crate::census::of(&region.world));
    assert!(!everything.contains("planted"), "{everything}");
}

#[test]
fn what_is_wrong_is_refused() {
    let mut region = Region::new();
    for (more, code) in [
        (json!({ "DBInstanceIdentifier": "two--hyphens" }), "InvalidParameterValue"),
        (json!({ "MasterUserPassword": "short" }), "InvalidParameterValue"),
        (json!({ "MasterUserPassword": "with a space" }), "InvalidParameterValue"),
        (json!({ "MasterUsername": "admin" }), "InvalidParameterValue"),
        (json!({ "DBInstanceClass": "db.t3.tiny" }), "InvalidParameterValue"),
        (json!({ "EngineVersion": "16.99" }), "InvalidParameterCombination"),
        (json!({ "AllocatedStorage": 10 }), "InvalidParameterValue"),
        (json!({ "Iops": 5000, "StorageType": "gp3" }), "InvalidParameterCombination"),
        (json!({ "BackupRetentionPeriod": 36 }), "InvalidParameterValue"),
        (json!({ "PreferredBackupWindow": "3:00-4:00" }), "InvalidParameterValue"),
        (
            json!({ "PreferredBackupWindow": "04:10-04:40", "PreferredMaintenanceWindow": "mon:04:00-mon:04:30" }),
            "InvalidParameterCombination",
        ),
        (json!({ "DBSubnetGroupName": "nowhere" }), "DBSubnetGroupNotFoundFault"),
        (json!({ "DBParameterGroupName": "nothing" }), "DBParameterGroupNotFound"),
        (json!({ "VpcSecurityGroupIds": ["sg-1"] }), "InvalidParameterValue"),
        (json!({ "MonitoringInterval": 60 }), "InvalidParameterCombination"),
        (json!({ "EnableCloudwatchLogsExports": ["audit"] }), "InvalidParameterCombination"),
    ] {
        let answer = region.create(more.clone());
        assert_eq!(answer.as_str().and_then(|said| said.split(':').next()), Some(code), "{more}: {answer}");
    }
    region.create(json!({}));
    let again = region.create(json!({ "DBInstanceIdentifier": "ORDERS" }));
    assert_eq!(again, "DBInstanceAlreadyExists: DB instance already exists");
    region.refuses("DescribeDBInstances", json!({ "DBInstanceIdentifier": "others" }), "DBInstanceNotFound");
}

#[test]
fn a_change_waits_for_the_maintenance_window_or_comes_at_once() {
    let mut region = Region::running(json!({ "PreferredMaintenanceWindow": "Fri:04:00-Fri:04:30" }));
    region.modify(json!({ "DBInstanceClass": "db.t3.small", "BackupRetentionPeriod": 7 }));
    let pending = json!({ "DBInstanceClass": "db.t3.small", "BackupRetentionPeriod": 7 });
    assert_eq!(region.see(["DBInstanceClass", "PendingModifiedValues"]), [json!("db.t3.micro"), pending]);
    region.modify(json!({ "BackupRetentionPeriod": 1 }));
    assert_eq!(region.see(["PendingModifiedValues"]), [json!({ "DBInstanceClass": "db.t3.small" })]);
    // The world begins on a Thursday.
    region.wait(28 * 60);
    assert_eq!(region.see(["DBInstanceClass", "PendingModifiedValues"]), [json!("db.t3.small"), json!({})]);

    region.modify(json!({ "DBInstanceClass": "db.t3.medium", "ApplyImmediately": true }));
    assert_eq!(region.status(), "available");
    region.world.advance(SignedDuration::from_secs(20));
    assert_eq!(region.status(), "modifying");
    region.refuses(
        "ModifyDBInstance",
        json!({ "DBInstanceIdentifier": "orders", "MultiAZ": true }),
        "InvalidDBInstanceState",
    );
    region.wait(5);
    assert_eq!(region.see(["DBInstanceStatus", "DBInstanceClass"]), [json!("available"), json!("db.t3.medium")]);
}

#[test]
fn storage_only_grows_and_rests_after_that() {
    let mut region = Region::running(json!({ "AllocatedStorage": 100 }));
    let grow =
        |size: i64| json!({ "DBInstanceIdentifier": "orders", "AllocatedStorage": size, "ApplyImmediately": true });
    region.refuses("ModifyDBInstance", grow(50), "InvalidParameterCombination");
    region.call("ModifyDBInstance", grow(101));
    region.wait(5);
    assert_eq!(region.see(["DBInstanceStatus", "AllocatedStorage"]), [json!("storage-optimization"), json!(110)]);
    region.wait(30);
    assert_eq!(region.status(), "available");
    region.refuses("ModifyDBInstance", grow(200), "InvalidParameterCombination");
    region.wait(6 * 60);
    region.call("ModifyDBInstance", grow(200));
    region.wait(5);
    assert_eq!(region.see(["AllocatedStorage"]), [json!(200)]);
}

#[test]
fn a_new_major_version_needs_the_word_for_it_and_a_parameter_group() {
    let mut region = Region::running(json!({ "EngineVersion": "16.4" }));
    let refused = region.modify(json!({ "EngineVersion": "17.5", "ApplyImmediately": true }));
    assert!(refused.as_str().unwrap().contains("AllowMajorVersionUpgrade"), "{refused}");
    let older = region.modify(json!({ "EngineVersion": "16.3" }));
    assert_eq!(older, "InvalidParameterCombination: Cannot upgrade postgres from 16.4 to 16.3");
    region.modify(json!({ "EngineVersion": "17.5", "AllowMajorVersionUpgrade": true, "ApplyImmediately": true }));
    region.wait(1);
    assert_eq!(region.status(), "upgrading");
    region.wait(15);
    let groups = json!([{ "DBParameterGroupName": "default.postgres17", "ParameterApplyStatus": "in-sync" }]);
    assert_eq!(region.see(["EngineVersion", "DBParameterGroups"]), [json!("17.5"), groups]);
}

#[test]
fn a_renamed_instance_stays_the_same() {
    let mut region = Region::running(json!({ "Tags": [{ "Key": "team", "Value": "shop" }] }));
    let [resource, tags] = region.see(["DbiResourceId", "TagList"]);
    region.modify(json!({ "NewDBInstanceIdentifier": "Sales", "ApplyImmediately": true }));
    region.wait(5);
    let seen = region.see(["DBInstanceIdentifier", "DbiResourceId", "TagList"]);
    assert_eq!(seen, [json!("sales"), resource.clone(), tags]);
    let filter = json!({ "Filters": [{ "Name": "dbi-resource-id", "Values": [resource] }] });
    assert_eq!(region.call("DescribeDBInstances", filter)["DBInstances"].as_array().map(Vec::len), Some(1));
}

#[test]
fn deletion_wants_a_word_about_the_last_snapshot() {
    let mut region = Region::running(json!({ "DeletionProtection": true }));
    let delete = |more: Value| {
        let mut input = json!({ "DBInstanceIdentifier": "orders" });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        input
    };
    let protected = "InvalidParameterCombination: Cannot delete protected DB Instance, please disable deletion protection and try again.";
    region.check("DeleteDBInstance", delete(json!({ "SkipFinalSnapshot": true })), json!(protected));
    region.modify(json!({ "DeletionProtection": false }));
    let undecided =
        "InvalidParameterCombination: FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified.";
    region.check("DeleteDBInstance", delete(json!({})), json!(undecided));
    region.call("CreateDBSnapshot", json!({ "DBInstanceIdentifier": "orders", "DBSnapshotIdentifier": "last" }));
    region.wait(5);
    region.refuses(
        "DeleteDBInstance",
        delete(json!({ "FinalDBSnapshotIdentifier": "last" })),
        "DBSnapshotAlreadyExists",
    );
    region.call("DeleteDBInstance", delete(json!({ "FinalDBSnapshotIdentifier": "very-last" })));
    assert_eq!(region.status(), "deleting");
    region.refuses("DeleteDBInstance", delete(json!({ "SkipFinalSnapshot": true })), "InvalidDBInstanceState");
    assert_eq!(interfaces(&region.world, &region.caller).len(), 1);
    region.wait(10);
    region.refuses("DeleteDBInstance", delete(json!({ "SkipFinalSnapshot": true })), "DBInstanceNotFound");
    assert!(interfaces(&region.world, &region.caller).is_empty());
    let snapshots = region.call("DescribeDBSnapshots", json!({}));
    let names: Vec<_> =
        snapshots["DBSnapshots"].as_array().unwrap().iter().map(|one| &one["DBSnapshotIdentifier"]).collect();
    assert_eq!(names, ["last", "very-last"]);
    region.call("DeleteDBSnapshot", json!({ "DBSnapshotIdentifier": "last" }));
    region.refuses("DescribeDBSnapshots", json!({ "DBSnapshotIdentifier": "last" }), "DBSnapshotNotFound");
}

#[test]
fn an_instance_holds_its_groups_until_it_is_gone() {
    let mut region = Region::new();
    region.subnets();
    let ec2 = |region: &mut Region, operation: &str, input: Value| {
        tick(&mut region.world, &region.caller);
        ec2::call(&mut region.world, &region.caller, operation, &input)
    };
    let [web, other] = ["web", "other"].map(|name| {
        let made = ec2(&mut region, "CreateSecurityGroup", json!({ "GroupName": name, "Description": name }));
        made.unwrap()["GroupId"].as_str().unwrap().to_owned()
    });
    region.create(json!({ "VpcSecurityGroupIds": [web] }));
    region.wait(20);
    let held =
        ec2(&mut region, "DescribeNetworkInterfaces", json!({ "Filters": [{ "Name": "group-id", "Values": [web] }] }));
    let held = held.unwrap()["NetworkInterfaces"][0].clone();
    assert_eq!((&held["RequesterId"], &held["Description"]), (&json!("amazon-rds"), &json!("RDSNetworkInterface")));
    assert_eq!((&held["RequesterManaged"], &held["Groups"][0]["GroupName"]), (&json!(true), &json!("web")));
    let delete = |region: &mut Region, group: &str| {
        ec2(region, "DeleteSecurityGroup", json!({ "GroupId": group })).map(|_| ()).map_err(|refusal| refusal.code)
    };
    assert_eq!(delete(&mut region, &web), Err("DependencyViolation".to_owned()));
    region.modify(json!({ "VpcSecurityGroupIds": [other] }));
    assert_eq!(delete(&mut region, &web), Ok(()));
    region.wait(20);
    region.call("DeleteDBInstance", json!({ "DBInstanceIdentifier": "orders", "SkipFinalSnapshot": true }));
    assert_eq!(delete(&mut region, &other), Err("DependencyViolation".to_owned()));
    region.wait(20);
    assert_eq!(delete(&mut region, &other), Ok(()));
}

#[test]
fn an_instance_stops_starts_and_reboots() {
    let mut region = Region::running(json!({}));
    let named = || json!({ "DBInstanceIdentifier": "orders" });
    region.refuses("StartDBInstance", named(), "InvalidDBInstanceState");
    region.call("StopDBInstance", named());
    assert_eq!(region.status(), "stopping");
    region.wait(5);
    assert_eq!(region.status(), "stopped");
    region.refuses("RebootDBInstance", named(), "InvalidDBInstanceState");
    region.call("StartDBInstance", named());
    region.wait(6);
    assert_eq!(region.status(), "available");
    region.call("RebootDBInstance", named());
    assert_eq!(region.status(), "rebooting");
}

#[test]
fn a_subnet_group_covers_two_zones_and_stays_while_it_is_used() {
    let mut region = Region::new();
    let subnets = region.subnets();
    let group = |name: &str, subnets: &[String]| json!({ "DBSubnetGroupName": name, "DBSubnetGroupDescription": "Orders", "SubnetIds": subnets });
    region.refuses("CreateDBSubnetGroup", group("Orders", &subnets[..1]), "DBSubnetGroupDoesNotCoverEnoughAZs");
    region.refuses("CreateDBSubnetGroup", group("default", &subnets), "InvalidParameterValue");
    region.refuses("CreateDBSubnetGroup", group("Orders", &["subnet-1".to_owned()]), "InvalidSubnet");
    let made = region.call("CreateDBSubnetGroup", group("Orders", &subnets[..2]));
    assert_eq!(made["DBSubnetGroup"]["DBSubnetGroupName"], "orders");
    assert_eq!(made["DBSubnetGroup"]["SubnetGroupStatus"], "Complete");
    region.refuses("CreateDBSubnetGroup", group("orders", &subnets), "DBSubnetGroupAlreadyExists");
    region.create(json!({ "DBSubnetGroupName": "orders" }));
    region.refuses("DeleteDBSubnetGroup", json!({ "DBSubnetGroupName": "orders" }), "InvalidDBSubnetGroupStateFault");
    region.refuses("ModifyDBSubnetGroup", group("orders", &subnets[1..]), "SubnetAlreadyInUse");
    region.wait(10);
    region.call("DeleteDBInstance", json!({ "DBInstanceIdentifier": "orders", "SkipFinalSnapshot": true }));
    region.refuses("DeleteDBSubnetGroup", json!({ "DBSubnetGroupName": "orders" }), "InvalidDBSubnetGroupStateFault");
    region.wait(5);
    region.check("DeleteDBSubnetGroup", json!({ "DBSubnetGroupName": "orders" }), json!({}));
    region.refuses("DescribeDBSubnetGroups", json!({ "DBSubnetGroupName": "orders" }), "DBSubnetGroupNotFoundFault");
}

#[test]
fn parameters_are_set_few_at_a_time_and_static_ones_wait_for_a_reboot() {
    let mut region = Region::new();
    let group =
        json!({ "DBParameterGroupName": "Orders", "DBParameterGroupFamily": "postgres16", "Description": "Orders" });
    region.call("CreateDBParameterGroup", group.clone());
    region.refuses("CreateDBParameterGroup", group, "DBParameterGroupAlreadyExists");
    region.create(json!({ "DBParameterGroupName": "orders" }));
    region.wait(10);
    let set = |name: &str, value: &str, method: &str| {
        let parameter = json!({ "ParameterName": name, "ParameterValue": value, "ApplyMethod": method });
        json!({ "DBParameterGroupName": "orders", "Parameters": [parameter] })
    };
    region.refuses("ModifyDBParameterGroup", set("max_connections", "50", "immediate"), "InvalidParameterCombination");
    region.refuses("ModifyDBParameterGroup", set("no_such", "1", "immediate"), "InvalidParameterValue");
    region.refuses("ModifyDBParameterGroup", set("rds.force_ssl", "2", "immediate"), "InvalidParameterValue");
    region.refuses("ModifyDBParameterGroup", set("data_directory", "/", "pending-reboot"), "InvalidParameterValue");
    let many: Vec<_> = (0..21).map(|_| set("jit", "1", "immediate")["Parameters"][0].clone()).collect();
    let many = json!({ "DBParameterGroupName": "orders", "Parameters": many });
    region.refuses("ModifyDBParameterGroup", many, "InvalidParameterValue");
    region.call("ModifyDBParameterGroup", set("rds.force_ssl", "0", "immediate"));
    let state = |region: &mut Region| region.see(["DBParameterGroups"])[0][0]["ParameterApplyStatus"].clone();
    assert_eq!(state(&mut region), "in-sync");
    region.call("ModifyDBParameterGroup", set("max_connections", "50", "pending-reboot"));
    assert_eq!(state(&mut region), "pending-reboot");
    region.call("RebootDBInstance", json!({ "DBInstanceIdentifier": "orders" }));
    region.wait(2);
    assert_eq!(state(&mut region), "in-sync");
    let ours = json!({ "DBParameterGroupName": "orders", "Source": "user" });
    let shown = region.call("DescribeDBParameters", ours.clone());
    assert_eq!(shown["Parameters"].as_array().map(Vec::len), Some(2));
    assert_eq!(shown["Parameters"][0]["ParameterValue"], "50");
    region.call("ResetDBParameterGroup", set("max_connections", "", "pending-reboot"));
    assert_eq!(region.call("DescribeDBParameters", ours)["Parameters"].as_array().map(Vec::len), Some(1));
    region.refuses(
        "DeleteDBParameterGroup",
        json!({ "DBParameterGroupName": "orders" }),
        "InvalidDBParameterGroupState",
    );
    region.refuses(
        "DeleteDBParameterGroup",
        json!({ "DBParameterGroupName": "default.postgres16" }),
        "InvalidDBParameterGroupState",
    );
}

#[test]
fn tags_belong_to_what_is_there() {
    let mut region = Region::running(json!({ "Tags": [{ "Key": "team", "Value": "shop" }] }));
    let name = "arn:aws:rds:us-east-2:123456789012:db:orders";
    region.check(
        "AddTagsToResource",
        json!({ "ResourceName": name, "Tags": [{ "Key": "stage", "Value": "dev" }] }),
        json!({}),
    );
    region.check("RemoveTagsFromResource", json!({ "ResourceName": name, "TagKeys": ["team"] }), json!({}));
    let tags = json!([{ "Key": "stage", "Value": "dev" }]);
    region.check("ListTagsForResource", json!({ "ResourceName": name }), json!({ "TagList": tags }));
    assert_eq!(region.see(["TagList"]), [tags]);
    region.refuses("ListTagsForResource", json!({ "ResourceName": format!("{name}-2") }), "DBInstanceNotFound");
    region.refuses(
        "AddTagsToResource",
        json!({ "ResourceName": name, "Tags": [{ "Key": "aws:x", "Value": "" }] }),
        "InvalidParameterValue",
    );
}

#[test]
fn versions_are_listed_by_what_is_asked() {
    let mut region = Region::new();
    let list = |region: &mut Region, input: Value| {
        let answer = region.call("DescribeDBEngineVersions", input);
        let versions = answer["DBEngineVersions"].as_array().cloned().unwrap_or_default();
        versions.iter().map(|one| one["EngineVersion"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let of = json!({ "Engine": "postgres", "DBParameterGroupFamily": "postgres16" });
    assert_eq!(list(&mut region, of), ["16.3", "16.4", "16.6", "16.8", "16.9", "16.10"].map(str::to_owned));
    assert_eq!(list(&mut region, json!({ "Engine": "postgres", "DefaultOnly": true })), ["17.5"]);
    assert_eq!(
        list(&mut region, json!({ "Engine": "mysql", "EngineVersion": "8.0", "DefaultOnly": true })),
        ["8.0.42"]
    );
    let orderable = json!({ "Engine": "postgres", "DBInstanceClass": "db.t3.micro" });
    let options = region.call("DescribeOrderableDBInstanceOptions", orderable);
    assert_eq!(options["OrderableDBInstanceOptions"].as_array().map(Vec::len), Some(2));
}
