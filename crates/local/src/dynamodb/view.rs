//! A table as DynamoDB describes it.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::budget;
use super::table::{Capacity, GlobalIndex, LocalIndex, OnDemand, Status, Table};

impl Table {
    /// `TableDescription`: values that are not set are null and stay out of the answer.
    pub(super) fn describe(&self, now: Timestamp) -> Value {
        let definition = |(name, kind): (&String, &String)| json!({ "AttributeName": name, "AttributeType": kind });
        let locals: Vec<_> = self.local_indexes.iter().map(|index| self.describe_local(index)).collect();
        let globals: Vec<_> = self.global_indexes.iter().map(|index| self.describe_global(index, now)).collect();
        json!({
            "AttributeDefinitions": self.attributes.iter().map(definition).collect::<Vec<_>>(),
            "TableName": self.name,
            "KeySchema": self.keys,
            "TableStatus": self.status,
            "CreationDateTime": self.created,
            "ProvisionedThroughput": self.capacity.describe(now),
            "TableSizeBytes": self.size(),
            "ItemCount": self.items.len(),
            "TableArn": self.arn,
            "TableId": self.id,
            "BillingModeSummary": self.describe_billing(),
            "LocalSecondaryIndexes": unless_empty(locals),
            "GlobalSecondaryIndexes": unless_empty(globals),
            "StreamSpecification": self.stream.as_ref().map(|view| json!({ "StreamEnabled": true, "StreamViewType": view })),
            "LatestStreamLabel": self.stream_label,
            "LatestStreamArn": self.stream_label.as_ref().map(|label| format!("{}/stream/{label}", self.arn)),
            "SSEDescription": self.encryption.as_ref().map(|encryption| encryption.describe(self.is_encrypting())),
            "TableClassSummary": self.describe_class(),
            "DeletionProtectionEnabled": self.protected,
            "OnDemandThroughput": shown(self.capacity.on_demand),
            "WarmThroughput": self.capacity.describe_warm(self.status),
        })
    }

    fn describe_billing(&self) -> Value {
        match self.billing.on_demand_since {
            Some(since) => json!({ "BillingMode": self.billing.mode, "LastUpdateToPayPerRequestDateTime": since }),
            None => Value::Null,
        }
    }

    fn describe_class(&self) -> Value {
        match &self.class.name {
            Some(name) => json!({ "TableClass": name, "LastUpdateDateTime": self.class.changed.last() }),
            None => Value::Null,
        }
    }

    fn describe_local(&self, index: &LocalIndex) -> Value {
        json!({
            "IndexName": index.index_name,
            "KeySchema": index.key_schema,
            "Projection": sorted(&index.projection),
            "IndexSizeBytes": 0,
            "ItemCount": self.items.len(),
            "IndexArn": format!("{}/index/{}", self.arn, index.index_name),
        })
    }

    fn describe_global(&self, index: &GlobalIndex, now: Timestamp) -> Value {
        let online = matches!(index.status, Status::Creating) && self.status != Status::Creating;
        json!({
            "IndexName": index.name,
            "KeySchema": index.keys,
            "Projection": sorted(&index.projection),
            "IndexStatus": index.status,
            "Backfilling": online.then_some(index.backfilling),
            "ProvisionedThroughput": index.capacity.describe(now),
            "IndexSizeBytes": 0,
            "ItemCount": self.items.values().filter(|item| index.keys.iter().all(|key| item.contains_key(&key.attribute_name))).count(),
            "IndexArn": format!("{}/index/{}", self.arn, index.name),
            "OnDemandThroughput": shown(index.capacity.on_demand),
            "WarmThroughput": index.capacity.describe_warm(index.status),
        })
    }

    fn size(&self) -> usize {
        self.items.values().map(|item| Value::Object(item.clone()).to_string().len()).sum()
    }
}

impl Capacity {
    fn describe(&self, now: Timestamp) -> Value {
        json!({
            "LastIncreaseDateTime": self.increased,
            "LastDecreaseDateTime": self.decreased.last(),
            "NumberOfDecreasesToday": budget::today(&self.decreased, now),
            "ReadCapacityUnits": self.provisioned.read,
            "WriteCapacityUnits": self.provisioned.write,
        })
    }

    fn describe_warm(&self, status: Status) -> Value {
        let status = if self.warming { Status::Updating } else { status };
        json!({ "ReadUnitsPerSecond": self.warm.read, "WriteUnitsPerSecond": self.warm.write, "Status": status })
    }
}

fn shown(limits: OnDemand) -> Value {
    if limits == OnDemand::default() { Value::Null } else { json!(limits) }
}

fn unless_empty(list: Vec<Value>) -> Value {
    if list.is_empty() { Value::Null } else { Value::Array(list) }
}

fn sorted(projection: &super::table::Projection) -> Value {
    let mut projection = projection.clone();
    projection.non_key_attributes.iter_mut().for_each(|names| names.sort());
    json!(projection)
}
