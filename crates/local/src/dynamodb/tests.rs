//! DynamoDB as its callers see it.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::{call, tick};
use crate::world::{Caller, World};

const ARN: &str = "arn:aws:dynamodb:us-east-2:123456789012:table/chat";

struct Cloud {
    world: World,
    caller: Caller,
}

impl Cloud {
    fn new() -> Self {
        let clock: Timestamp = "2026-01-02T03:04:05.678Z".parse().unwrap();
        let caller = Caller { account: "123456789012".to_owned(), region: "us-east-2".to_owned(), partition: "aws" };
        Self { world: World::new(7, clock), caller }
    }

    /// A cloud with the table `chat`, active.
    fn with(table: Value) -> Self {
        let mut cloud = Self::new();
        cloud.must("CreateTable", table);
        cloud.later(30_000);
        cloud
    }

    /// The answer of one call; a refusal as one line.
    fn ask(&mut self, operation: &str, input: Value) -> Value {
        tick(&mut self.world, &self.caller);
        match call(&mut self.world, &self.caller, operation, &input) {
            Ok(answer) => present(answer),
            Err(no) => json!(format!("{}: {}", no.code, no.message)),
        }
    }

    fn must(&mut self, operation: &str, input: Value) -> Value {
        let answer = self.ask(operation, input);
        assert!(answer.is_object(), "{operation}: {answer}");
        answer
    }

    fn later(&mut self, milliseconds: i64) {
        self.world.advance(SignedDuration::from_millis(milliseconds));
    }

    fn table(&mut self) -> Value {
        self.must("DescribeTable", chat())["Table"].clone()
    }

    fn update(&mut self, mut change: Value) -> Value {
        change["TableName"] = json!("chat");
        self.ask("UpdateTable", change)
    }

    fn refuses(&mut self, change: Value, refusal: &str) {
        assert_eq!(self.update(change), json!(refusal));
    }

    /// Milliseconds, in steps of half a second, until the table shows this status.
    fn until(&mut self, status: &str) -> i64 {
        (0..4000)
            .map(|step| step * 500)
            .find(|_| {
                let reached = self.table()["TableStatus"] == status;
                if !reached {
                    self.later(500);
                }
                reached
            })
            .unwrap()
    }
}

/// Without the members that the protocol layer leaves out.
fn present(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            members.into_iter().filter(|(_, v)| !v.is_null()).map(|(k, v)| (k, present(v))).collect()
        }
        Value::Array(items) => items.into_iter().map(present).collect(),
        other => other,
    }
}

fn chat() -> Value {
    json!({ "TableName": "chat" })
}

fn on_demand() -> Value {
    json!({
        "TableName": "chat",
        "AttributeDefinitions": [
            { "AttributeName": "user_id", "AttributeType": "S" },
            { "AttributeName": "session_id", "AttributeType": "S" },
        ],
        "KeySchema": [
            { "AttributeName": "user_id", "KeyType": "HASH" },
            { "AttributeName": "session_id", "KeyType": "RANGE" },
        ],
        "BillingMode": "PAY_PER_REQUEST",
    })
}

fn provisioned(read: i64, write: i64) -> Value {
    let mut table = on_demand();
    table.as_object_mut().unwrap().remove("BillingMode");
    table["ProvisionedThroughput"] = units(read, write);
    table
}

fn units(read: i64, write: i64) -> Value {
    json!({ "ReadCapacityUnits": read, "WriteCapacityUnits": write })
}

fn index(name: &str, attribute: &str) -> Value {
    json!({
        "IndexName": name,
        "KeySchema": [{ "AttributeName": attribute, "KeyType": "HASH" }],
        "Projection": { "ProjectionType": "ALL" },
    })
}

fn define(names: &[&str]) -> Value {
    names.iter().map(|name| json!({ "AttributeName": name, "AttributeType": "S" })).collect()
}

fn create_index(name: &str, attribute: &str) -> Value {
    json!({
        "AttributeDefinitions": define(&["user_id", "session_id", attribute]),
        "GlobalSecondaryIndexUpdates": [{ "Create": index(name, attribute) }],
    })
}

#[test]
fn creates_and_describes() {
    let mut cloud = Cloud::new();
    let mut expected = json!({
        "AttributeDefinitions": [
            { "AttributeName": "session_id", "AttributeType": "S" },
            { "AttributeName": "user_id", "AttributeType": "S" },
        ],
        "TableName": "chat",
        "KeySchema": [
            { "AttributeName": "user_id", "KeyType": "HASH" },
            { "AttributeName": "session_id", "KeyType": "RANGE" },
        ],
        "TableStatus": "CREATING",
        "CreationDateTime": "2026-01-02T03:04:05.678Z",
        "ProvisionedThroughput": { "NumberOfDecreasesToday": 0, "ReadCapacityUnits": 0, "WriteCapacityUnits": 0 },
        "TableSizeBytes": 0,
        "ItemCount": 0,
        "TableArn": ARN,
        "BillingModeSummary": {
            "BillingMode": "PAY_PER_REQUEST",
            "LastUpdateToPayPerRequestDateTime": "2026-01-02T03:04:05.678Z",
        },
        "DeletionProtectionEnabled": false,
        "WarmThroughput": { "ReadUnitsPerSecond": 12000, "WriteUnitsPerSecond": 4000, "Status": "CREATING" },
    });
    let created = cloud.must("CreateTable", on_demand());
    expected["TableId"] = created["TableDescription"]["TableId"].clone();
    assert_eq!(created, json!({ "TableDescription": expected }));
    assert_eq!(cloud.ask("DescribeTable", json!({ "TableName": ARN })), json!({ "Table": expected }));
    assert_eq!(cloud.until("ACTIVE"), 6000);
    expected["TableStatus"] = json!("ACTIVE");
    expected["WarmThroughput"]["Status"] = json!("ACTIVE");
    assert_eq!(cloud.table(), expected);
    assert_eq!(cloud.ask("CreateTable", on_demand()), json!("ResourceInUseException: Table already exists: chat"));
    assert_eq!(cloud.ask("ListTables", json!({})), json!({ "TableNames": ["chat"] }));
}

#[test]
fn refuses_to_create() {
    let with = |member: &str, value: Value| {
        let mut table = on_demand();
        table[member] = value;
        table
    };
    let invalid = "One or more parameter values were invalid: ";
    let cases = [
        (
            with("TableName", json!("ab")),
            "TableName must be at least 3 characters long and at most 255 characters long".to_owned(),
        ),
        (
            with("AttributeDefinitions", define(&["user_id"])),
            format!(
                "{invalid}Some index key attributes are not defined in AttributeDefinitions. Keys: [user_id, session_id], AttributeDefinitions: [user_id]"
            ),
        ),
        (
            with("AttributeDefinitions", define(&["user_id", "session_id", "ttl"])),
            format!(
                "{invalid}Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions"
            ),
        ),
        (
            with("KeySchema", json!([{ "AttributeName": "user_id", "KeyType": "RANGE" }])),
            "Invalid KeySchema: The first KeySchemaElement is not a HASH key type".to_owned(),
        ),
        (
            with("ProvisionedThroughput", units(1, 1)),
            format!(
                "{invalid}Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST"
            ),
        ),
        (
            with("BillingMode", json!("PROVISIONED")),
            format!(
                "{invalid}ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED"
            ),
        ),
        (with("GlobalSecondaryIndexes", json!([])), format!("{invalid}List of GlobalSecondaryIndexes is empty")),
        (
            with("GlobalSecondaryIndexes", json!([index("by-user", "user_id"), index("by-user", "user_id")])),
            format!("{invalid}Duplicate index name: by-user"),
        ),
        (
            with("GlobalSecondaryIndexes", (0..21).map(|n| index(&format!("by-{n}"), "user_id")).collect()),
            format!("{invalid}GlobalSecondaryIndex count exceeds the per-table limit of 20"),
        ),
        (
            with(
                "GlobalSecondaryIndexes",
                json!([{
                    "IndexName": "by-user",
                    "KeySchema": [{ "AttributeName": "user_id", "KeyType": "HASH" }],
                    "Projection": { "ProjectionType": "ALL", "NonKeyAttributes": ["a"] },
                }]),
            ),
            format!("{invalid}ProjectionType is ALL, but NonKeyAttributes is specified"),
        ),
        (
            with("LocalSecondaryIndexes", json!([index("by-time", "user_id")])),
            format!("{invalid}Index KeySchema does not have a range key for index: by-time"),
        ),
        (
            with("StreamSpecification", json!({ "StreamEnabled": true })),
            format!("{invalid}StreamViewType must be specified when StreamEnabled is true"),
        ),
    ];
    for (input, refusal) in cases {
        assert_eq!(Cloud::new().ask("CreateTable", input), json!(format!("ValidationException: {refusal}")));
    }
    let empty = with("OnDemandThroughput", json!({}));
    assert_eq!(Cloud::new().ask("CreateTable", empty), json!("InternalServerError: Internal server error"));
}

#[test]
fn deletes_and_forgets() {
    let mut cloud = Cloud::new();
    cloud.must("CreateTable", on_demand());
    let busy =
        "ResourceInUseException: Attempt to change a resource which is still in use: Table is being created: chat";
    assert_eq!(cloud.ask("DeleteTable", chat()), json!(busy));
    cloud.later(6000);
    assert_eq!(cloud.must("DeleteTable", chat())["TableDescription"]["TableStatus"], "DELETING");
    assert_eq!(cloud.must("DeleteTable", chat())["TableDescription"]["TableStatus"], "DELETING");
    cloud.later(6000);
    let gone = "ResourceNotFoundException: Requested resource not found: Table: chat not found";
    assert_eq!(cloud.ask("DescribeTable", chat()), json!(gone));
    assert_eq!(cloud.ask("DeleteTable", chat()), json!(gone));
}

#[test]
fn protects_from_deletion() {
    let mut cloud = Cloud::with(on_demand());
    let on = json!({ "DeletionProtectionEnabled": true });
    let off = json!({ "DeletionProtectionEnabled": false });
    assert_eq!(cloud.update(on.clone())["TableDescription"]["DeletionProtectionEnabled"], true);
    assert_eq!(cloud.update(on)["TableDescription"]["DeletionProtectionEnabled"], true);
    let refusal = "ValidationException: Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.";
    assert_eq!(cloud.ask("DeleteTable", chat()), json!(refusal));
    let throttled =
        "ThrottlingException: Please try again after Friday, January 2, 2026 at 3:04:50 AM Coordinated Universal Time";
    cloud.refuses(off.clone(), throttled);
    cloud.later(15_000);
    cloud.update(off);
    cloud.must("DeleteTable", chat());
}

#[test]
fn changes_one_thing_per_call() {
    let mut cloud = Cloud::with(provisioned(5, 5));
    let nothing = "ValidationException: At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates or SSESpecification or ReplicaUpdates is required";
    cloud.refuses(json!({}), nothing);
    let alone = |field: &str| {
        format!(
            "ValidationException: One or more parameter values were invalid: {field} must be the only operation in the request"
        )
    };
    let stream = json!({ "StreamEnabled": true, "StreamViewType": "NEW_IMAGE" });
    cloud.refuses(
        json!({ "DeletionProtectionEnabled": true, "TableClass": "STANDARD" }),
        &alone("DeletionProtectionEnabled"),
    );
    cloud.refuses(
        json!({ "StreamSpecification": stream, "ProvisionedThroughput": units(1, 1) }),
        &alone("StreamSpecification"),
    );
    let both = cloud.update(json!({ "StreamSpecification": stream, "BillingMode": "PAY_PER_REQUEST" }));
    assert_eq!(both["TableDescription"]["TableStatus"], "UPDATING");
    let busy =
        "ResourceInUseException: Attempt to change a resource which is still in use: Table is being updated: chat";
    cloud.refuses(json!({ "TableClass": "STANDARD_INFREQUENT_ACCESS" }), busy);
    assert_eq!(cloud.until("ACTIVE"), 150_000);
    let table = cloud.table();
    assert_eq!(table["StreamSpecification"], stream);
    assert_eq!(table["BillingModeSummary"]["BillingMode"], "PAY_PER_REQUEST");
}

#[test]
fn an_update_answers_the_old_values() {
    let mut cloud = Cloud::with(provisioned(5, 5));
    let old = json!({ "NumberOfDecreasesToday": 0, "ReadCapacityUnits": 5, "WriteCapacityUnits": 5 });
    let answer = cloud.update(json!({ "ProvisionedThroughput": units(7, 5) }))["TableDescription"].clone();
    assert_eq!((&answer["TableStatus"], &answer["ProvisionedThroughput"]), (&json!("UPDATING"), &old));
    assert_eq!(cloud.until("ACTIVE"), 2000);
    let table = cloud.table();
    assert_eq!(table["ProvisionedThroughput"]["ReadCapacityUnits"], 7);
    assert_eq!(table["WarmThroughput"]["ReadUnitsPerSecond"], 7);
    assert_eq!(table.get("BillingModeSummary"), None);
    let same = cloud.update(json!({ "ProvisionedThroughput": units(7, 5) }));
    assert!(
        same.as_str()
            .unwrap()
            .starts_with("ValidationException: The provisioned throughput for the table will not change.")
    );
}

#[test]
fn decreases_have_a_budget() {
    let mut cloud = Cloud::with(provisioned(9, 9));
    for read in [8, 7, 6, 5] {
        cloud.update(json!({ "ProvisionedThroughput": units(read, 9) }));
        cloud.until("ACTIVE");
    }
    assert_eq!(cloud.table()["ProvisionedThroughput"]["NumberOfDecreasesToday"], 4);
    let refused = cloud.update(json!({ "ProvisionedThroughput": units(4, 9) }));
    assert!(
        refused
            .as_str()
            .unwrap()
            .starts_with("LimitExceededException: Subscriber limit exceeded: Provisioned throughput decreases")
    );
    cloud.later(3_600_000);
    assert!(cloud.update(json!({ "ProvisionedThroughput": units(4, 9) })).is_object());
}

#[test]
fn switches_billing() {
    let mut table = on_demand();
    table["AttributeDefinitions"] = define(&["user_id", "session_id", "day"]);
    table["GlobalSecondaryIndexes"] = json!([index("by-day", "day")]);
    let mut cloud = Cloud::with(table);
    let invalid = "ValidationException: One or more parameter values were invalid: ";
    let back = json!({ "BillingMode": "PROVISIONED", "ProvisionedThroughput": units(2, 3) });
    cloud.refuses(back.clone(), &format!("{invalid}ProvisionedThroughput must be specified for index: by-day"));
    let mut whole = back;
    whole["GlobalSecondaryIndexUpdates"] =
        json!([{ "Update": { "IndexName": "by-day", "ProvisionedThroughput": units(4, 5) } }]);
    cloud.update(whole);
    // A reversal on its way is accepted and dropped.
    assert!(cloud.update(json!({ "BillingMode": "PAY_PER_REQUEST" })).is_object());
    assert_eq!(cloud.until("ACTIVE"), 80_000);
    let table = cloud.table();
    assert_eq!(table["BillingModeSummary"]["BillingMode"], "PROVISIONED");
    assert_eq!(table["GlobalSecondaryIndexes"][0]["ProvisionedThroughput"]["WriteCapacityUnits"], 5);
    cloud.update(json!({ "BillingMode": "PAY_PER_REQUEST" }));
    assert_eq!(cloud.until("ACTIVE"), 5000);
    assert_eq!(cloud.table()["ProvisionedThroughput"]["ReadCapacityUnits"], 0);
    // The same mode again is no change.
    assert_eq!(cloud.update(json!({ "BillingMode": "PAY_PER_REQUEST" }))["TableDescription"]["TableStatus"], "ACTIVE");
}

#[test]
fn limits_on_demand_capacity() {
    let mut cloud = Cloud::with(on_demand());
    let limits = |read: i64| json!({ "OnDemandThroughput": { "MaxReadRequestUnits": read } });
    cloud.update(limits(10));
    cloud.until("ACTIVE");
    assert_eq!(cloud.table()["OnDemandThroughput"], json!({ "MaxReadRequestUnits": 10 }));
    cloud.update(limits(-1));
    cloud.until("ACTIVE");
    assert_eq!(cloud.table().get("OnDemandThroughput"), None);
}

#[test]
fn warms_up_while_active() {
    let mut cloud = Cloud::with(on_demand());
    let lower = "ValidationException: One or more parameter values were invalid: Requested WarmThroughput.ReadUnitsPerSecond value (1) is lower than the current value (12000)";
    cloud.refuses(json!({ "WarmThroughput": { "ReadUnitsPerSecond": 1 } }), lower);
    cloud.update(json!({ "WarmThroughput": { "ReadUnitsPerSecond": 15000 } }));
    let table = cloud.table();
    let warming = json!({ "ReadUnitsPerSecond": 12000, "WriteUnitsPerSecond": 4000, "Status": "UPDATING" });
    assert_eq!((&table["TableStatus"], &table["WarmThroughput"]), (&json!("ACTIVE"), &warming));
    cloud.later(360_000);
    let warm = json!({ "ReadUnitsPerSecond": 15000, "WriteUnitsPerSecond": 4000, "Status": "ACTIVE" });
    assert_eq!(cloud.table()["WarmThroughput"], warm);
}

#[test]
fn builds_one_index_at_a_time() {
    let mut cloud = Cloud::with(on_demand());
    cloud.update(create_index("by-day", "day"));
    let shown = |cloud: &mut Cloud| {
        let table = cloud.table();
        let index = &table["GlobalSecondaryIndexes"][0];
        format!("{} {} {}", table["TableStatus"], index["IndexStatus"], index["Backfilling"]).replace('"', "")
    };
    assert_eq!(shown(&mut cloud), "UPDATING CREATING false");
    cloud.later(40_000);
    assert_eq!(shown(&mut cloud), "ACTIVE CREATING true");
    let second = "LimitExceededException: Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table";
    cloud.refuses(create_index("by-week", "week"), second);
    let busy = "ResourceInUseException: Attempt to change a resource which is still in use: Cannot delete table while indexes are being created, updated, or deleted: chat";
    assert_eq!(cloud.ask("DeleteTable", chat()), json!(busy));
    cloud.later(680_000);
    assert_eq!(shown(&mut cloud), "ACTIVE ACTIVE null");
    assert_eq!(cloud.table()["AttributeDefinitions"], define(&["day", "session_id", "user_id"]));

    cloud.update(json!({ "GlobalSecondaryIndexUpdates": [{ "Delete": { "IndexName": "by-day" } }] }));
    assert_eq!(shown(&mut cloud), "UPDATING DELETING null");
    assert_eq!(cloud.until("ACTIVE"), 4000);
    let table = cloud.table();
    assert_eq!(table.get("GlobalSecondaryIndexes"), None);
    assert_eq!(table["AttributeDefinitions"], define(&["session_id", "user_id"]));
    let none = "ResourceNotFoundException: Requested resource not found: Index: by-day of Table: chat not found";
    cloud.refuses(json!({ "GlobalSecondaryIndexUpdates": [{ "Delete": { "IndexName": "by-day" } }] }), none);
}

#[test]
fn streams_have_new_arns() {
    let mut cloud = Cloud::with(on_demand());
    let on = json!({ "StreamSpecification": { "StreamEnabled": true, "StreamViewType": "KEYS_ONLY" } });
    let off = json!({ "StreamSpecification": { "StreamEnabled": false } });
    cloud.refuses(off.clone(), "ValidationException: Table has no stream to disable: TableName: chat");
    cloud.update(on.clone());
    assert_eq!(cloud.until("ACTIVE"), 5000);
    let first = cloud.table()["LatestStreamArn"].clone();
    assert_eq!(first, json!(format!("{ARN}/stream/2026-01-02T03:04:40.678")));
    cloud.refuses(on.clone(), "ValidationException: Table already has an enabled stream: TableName: chat");
    cloud.update(off);
    cloud.until("ACTIVE");
    assert_eq!(
        (cloud.table().get("StreamSpecification"), cloud.table()["LatestStreamArn"].clone()),
        (None, first.clone())
    );
    cloud.update(on);
    cloud.until("ACTIVE");
    assert_ne!(cloud.table()["LatestStreamArn"], first);
}

#[test]
fn encrypts_with_a_key() {
    let mut cloud = Cloud::with(on_demand());
    let key = "arn:aws:kms:us-east-2:123456789012:key/0a1b2c3d-0000-4000-8000-000000000000";
    let change = json!({ "SSESpecification": { "Enabled": true, "SSEType": "KMS", "KMSMasterKeyId": key } });
    let answer = cloud.update(change.clone())["TableDescription"].clone();
    let described = |status: &str| json!({ "Status": status, "SSEType": "KMS", "KMSMasterKeyArn": key });
    assert_eq!((&answer["TableStatus"], &answer["SSEDescription"]), (&json!("ACTIVE"), &described("UPDATING")));
    cloud.later(22_000);
    assert_eq!(cloud.table()["SSEDescription"], described("ENABLED"));
    for _ in 0..3 {
        assert!(cloud.update(change.clone()).is_object());
        cloud.later(22_000);
    }
    assert!(
        cloud
            .update(change)
            .as_str()
            .unwrap()
            .starts_with("LimitExceededException: Subscriber limit exceeded: Updates to SSE")
    );
    cloud.update(json!({ "SSESpecification": { "Enabled": false } }));
}

#[test]
fn changes_class_twice_a_month() {
    let mut cloud = Cloud::with(on_demand());
    for class in ["STANDARD_INFREQUENT_ACCESS", "STANDARD"] {
        cloud.update(json!({ "TableClass": class }));
        assert_eq!(cloud.until("ACTIVE"), 5000);
        assert_eq!(cloud.table()["TableClassSummary"]["TableClass"], class);
    }
    let refused = cloud.update(json!({ "TableClass": "STANDARD_INFREQUENT_ACCESS" }));
    assert!(
        refused
            .as_str()
            .unwrap()
            .starts_with("LimitExceededException: Subscriber limit exceeded: Updates to TableClass")
    );
}

#[test]
fn time_to_live_changes_rarely() {
    let mut cloud = Cloud::with(on_demand());
    let change = |on: bool, name: &str| json!({ "TableName": "chat", "TimeToLiveSpecification": { "Enabled": on, "AttributeName": name } });
    let describe = |cloud: &mut Cloud| cloud.ask("DescribeTimeToLive", chat())["TimeToLiveDescription"].clone();
    assert_eq!(describe(&mut cloud), json!({ "TimeToLiveStatus": "DISABLED" }));
    assert_eq!(
        cloud.ask("UpdateTimeToLive", change(false, "ttl")),
        json!("ValidationException: TimeToLive is already disabled")
    );
    let answer = json!({ "TimeToLiveSpecification": { "Enabled": true, "AttributeName": "ttl" } });
    assert_eq!(cloud.ask("UpdateTimeToLive", change(true, "ttl")), answer);
    assert_eq!(describe(&mut cloud), json!({ "TimeToLiveStatus": "ENABLING", "AttributeName": "ttl" }));
    cloud.later(1000);
    assert_eq!(describe(&mut cloud), json!({ "TimeToLiveStatus": "ENABLED", "AttributeName": "ttl" }));
    assert_eq!(
        cloud.ask("UpdateTimeToLive", change(true, "ttl")),
        json!("ValidationException: TimeToLive is already enabled")
    );
    let other = "ValidationException: TimeToLive is active on a different AttributeName: current AttributeName is ttl";
    assert_eq!(cloud.ask("UpdateTimeToLive", change(true, "end")), json!(other));
    let soon = "ValidationException: Time to live has been modified multiple times within a fixed interval";
    assert_eq!(cloud.ask("UpdateTimeToLive", change(false, "ttl")), json!(soon));
    cloud.later(31 * 60_000);
    cloud.must("UpdateTimeToLive", change(false, "ttl"));
    cloud.later(1000);
    assert_eq!(describe(&mut cloud), json!({ "TimeToLiveStatus": "DISABLED" }));
}

#[test]
fn recovery_comes_after_the_table() {
    let mut cloud = Cloud::new();
    cloud.must("CreateTable", on_demand());
    let on = json!({ "TableName": "chat", "PointInTimeRecoverySpecification": { "PointInTimeRecoveryEnabled": true } });
    assert_eq!(
        cloud.ask("UpdateContinuousBackups", on.clone()),
        json!("TableNotFoundException: Table not found: chat")
    );
    cloud.later(3000);
    let unavailable =
        "ContinuousBackupsUnavailableException: Backups are being enabled for the table: chat. Please retry later";
    assert_eq!(cloud.ask("UpdateContinuousBackups", on.clone()), json!(unavailable));
    let off = json!({ "ContinuousBackupsDescription": {
        "ContinuousBackupsStatus": "ENABLED",
        "PointInTimeRecoveryDescription": { "PointInTimeRecoveryStatus": "DISABLED" },
    } });
    assert_eq!(cloud.ask("DescribeContinuousBackups", chat()), off);
    cloud.later(5000);
    let expected = json!({ "ContinuousBackupsDescription": {
        "ContinuousBackupsStatus": "ENABLED",
        "PointInTimeRecoveryDescription": {
            "PointInTimeRecoveryStatus": "ENABLED",
            "RecoveryPeriodInDays": 35,
            "EarliestRestorableDateTime": "2026-01-02T03:04:13.678Z",
            "LatestRestorableDateTime": "2026-01-02T03:04:13.678Z",
        },
    } });
    assert_eq!(cloud.ask("UpdateContinuousBackups", on), expected);
}

#[test]
fn tags_are_locked_after_each_write() {
    let mut cloud = Cloud::new();
    let mut table = on_demand();
    table["Tags"] = json!([{ "Key": "a", "Value": "1" }]);
    cloud.must("CreateTable", table);
    let list = json!({ "ResourceArn": ARN });
    let tag = |value: &str| json!({ "ResourceArn": ARN, "Tags": [{ "Key": "b", "Value": value }] });
    let absent = format!("ResourceNotFoundException: Requested resource not found: ResourcArn: {ARN} not found");
    assert_eq!(cloud.ask("ListTagsOfResource", list.clone()), json!(absent));
    cloud.later(6000);
    cloud.must("TagResource", tag("2"));
    // Nothing new: no write.
    cloud.must("TagResource", tag("2"));
    let locked = "LimitExceededException: Subscriber limit exceeded: Table tags are being updated: chat";
    assert_eq!(cloud.ask("TagResource", tag("3")), json!(locked));
    let busy = "ResourceInUseException: Attempt to change a resource which is still in use: Table tags are being updated: chat";
    assert_eq!(cloud.ask("DeleteTable", chat()), json!(busy));
    cloud.later(1700);
    cloud.must("UntagResource", json!({ "ResourceArn": ARN, "TagKeys": ["a"] }));
    assert_eq!(cloud.ask("ListTagsOfResource", list), json!({ "Tags": [{ "Key": "b", "Value": "2" }] }));
}

#[test]
fn resource_policies_have_revisions() {
    let mut cloud = Cloud::with(on_demand());
    let none = format!("PolicyNotFoundException: Resource-based policy not found for the provided ResourceArn: {ARN}");
    let of = json!({ "ResourceArn": ARN });
    assert_eq!(cloud.ask("GetResourcePolicy", of.clone()), json!(none));
    let text = r#"{"Version":"2012-10-17","Statement":[]}"#;
    let put = cloud.must("PutResourcePolicy", json!({ "ResourceArn": ARN, "Policy": text }));
    let expected = json!({ "Policy": text, "RevisionId": put["RevisionId"] });
    assert_eq!(cloud.ask("GetResourcePolicy", of.clone()), expected);
    let stale = json!({ "ResourceArn": ARN, "Policy": text, "ExpectedRevisionId": "NO_POLICY" });
    assert_eq!(cloud.ask("PutResourcePolicy", stale), json!(none));
    assert_eq!(cloud.ask("DeleteResourcePolicy", of.clone()), put);
    assert_eq!(cloud.ask("DeleteResourcePolicy", of), json!({}));
}

#[test]
fn holds_items() {
    let mut cloud = Cloud::with(on_demand());
    let key = |session: &str| json!({ "user_id": { "S": "u" }, "session_id": { "S": session } });
    for session in ["a", "b"] {
        let mut item = key(session);
        item["text"] = json!({ "S": "hi" });
        assert_eq!(cloud.ask("PutItem", json!({ "TableName": "chat", "Item": item })), json!({}));
    }
    let got = cloud.ask("GetItem", json!({ "TableName": "chat", "Key": key("a") }));
    assert_eq!(got["Item"]["text"], json!({ "S": "hi" }));
    let first = cloud.ask("Scan", json!({ "TableName": "chat", "Limit": 1 }));
    assert_eq!((&first["Count"], &first["LastEvaluatedKey"]), (&json!(1), &key("a")));
    let rest = cloud.ask("Scan", json!({ "TableName": "chat", "ExclusiveStartKey": key("a"), "Select": "COUNT" }));
    assert_eq!(rest, json!({ "Count": 1, "ScannedCount": 1 }));
    assert_eq!(cloud.table()["ItemCount"], 2);
    let twice =
        json!({ "TableName": "chat", "Item": key("a"), "ConditionExpression": "attribute_not_exists(user_id)" });
    assert_eq!(cloud.ask("PutItem", twice), json!("ConditionalCheckFailedException: The conditional request failed"));
    cloud.must("DeleteItem", json!({ "TableName": "chat", "Key": key("a") }));
    assert_eq!(cloud.ask("GetItem", json!({ "TableName": "chat", "Key": key("a") })), json!({}));
    let missing = json!({ "TableName": "chat", "Item": { "user_id": { "S": "u" } } });
    let refusal =
        "ValidationException: One or more parameter values were invalid: Missing the key session_id in the item";
    assert_eq!(cloud.ask("PutItem", missing), json!(refusal));
}

#[test]
fn lists_in_pages() {
    let mut cloud = Cloud::new();
    for name in ["aaa", "bbb", "ccc"] {
        let mut table = on_demand();
        table["TableName"] = json!(name);
        cloud.must("CreateTable", table);
    }
    let first = json!({ "TableNames": ["aaa", "bbb"], "LastEvaluatedTableName": "bbb" });
    assert_eq!(cloud.ask("ListTables", json!({ "Limit": 2 })), first);
    let rest = json!({ "TableNames": ["ccc"] });
    assert_eq!(cloud.ask("ListTables", json!({ "Limit": 2, "ExclusiveStartTableName": "bbb" })), rest);
}
