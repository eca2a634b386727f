//! The updates of a table. DynamoDB takes one logical change in a call (`aws-behaviour.md` 3.2), in this order.

use std::future::Future;

use aws_sdk_dynamodb::{
    error::SdkError,
    operation::update_table::builders::UpdateTableFluentBuilder,
    types::{
        BillingMode, CreateGlobalSecondaryIndexAction, DeleteGlobalSecondaryIndexAction, GlobalSecondaryIndexUpdate,
        PointInTimeRecoverySpecification, SseSpecification, StreamSpecification, TableClass, TimeToLiveSpecification,
        UpdateGlobalSecondaryIndexAction,
    },
};
use model::{Live, Value};
use provider::{Call, RetryClass, Sent, Want};

use super::table::{Arguments, Encryption, Index, OnDemand, Throughput, tags};
use crate::{
    calls::{count, upsert},
    failure::failure,
};

/// One table on its way to what is wanted.
pub(super) struct Update<'a> {
    pub(super) dynamodb: aws_sdk_dynamodb::Client,
    pub(super) want: &'a Want<Arguments>,
    pub(super) live: &'a Live,
}

impl<'a> Update<'a> {
    /// The next call still to send.
    pub(super) fn next(&self) -> Option<Call<'a>> {
        self.delete_index()
            .or_else(|| self.table_class())
            .or_else(|| self.billing())
            .or_else(|| self.on_demand())
            .or_else(|| self.end_stream())
            .or_else(|| self.start_stream())
            .or_else(|| self.create_index())
            .or_else(|| self.encryption())
            .or_else(|| self.deletion_protection())
            .or_else(|| self.time_to_live())
            .or_else(|| self.recovery())
            .or_else(|| self.set_tags())
            .or_else(|| self.remove_tags())
    }

    fn table(&self) -> UpdateTableFluentBuilder {
        self.dynamodb.update_table().table_name(&self.live.id)
    }

    /// The same UpdateTable again is mostly refused ("will not change"), so it is never repeated blindly.
    fn update(&self, does: impl Into<String>, call: UpdateTableFluentBuilder) -> Option<Call<'a>> {
        Some(once("dynamodb:UpdateTable", does, call.send()))
    }

    fn live(&self, path: &[&str]) -> Option<&'a Value> {
        let mut at = self.live.attributes.get(*path.first()?)?;
        for name in &path[1..] {
            at = at.as_map()?.get(*name)?;
        }
        Some(at)
    }

    fn live_flag(&self, path: &[&str]) -> bool {
        self.live(path).and_then(Value::as_flag).unwrap_or(false)
    }

    fn live_index(&self, name: &str) -> Option<&'a Value> {
        let indexes = self.live(&["global_secondary_indexes"])?.as_list()?;
        indexes.iter().find(|index| index_name(index) == Some(name))
    }

    fn wanted_index(&self, name: &str) -> Option<&'a Index> {
        self.want.arguments.global_secondary_indexes.iter().find(|index| index.index_name == name)
    }

    /// The wanted index as a value, for comparing what cannot be changed in place.
    fn wanted_value(&self, name: &str) -> Option<&'a Value> {
        let indexes = self.want.values.get("global_secondary_indexes")?.as_list()?;
        indexes.iter().find(|index| index_name(index) == Some(name))
    }

    /// An index that was ours and is no longer written, or whose key or projection is another now.
    fn delete_index(&self) -> Option<Call<'a>> {
        let dropped = self.want.dropped.get("global_secondary_indexes").into_iter().flatten();
        let gone = dropped
            .map(String::as_str)
            .find(|name| self.wanted_index(name).is_none() && self.live_index(name).is_some());
        let changed = || {
            let names = self.want.arguments.global_secondary_indexes.iter().map(|index| index.index_name.as_str());
            names.into_iter().find(|name| match (self.live_index(name), self.wanted_value(name)) {
                (Some(live), Some(wanted)) => must_be_made_anew(live, wanted),
                _ => false,
            })
        };
        let name = gone.or_else(changed)?;
        let action = DeleteGlobalSecondaryIndexAction::builder().index_name(name).build().expect("the name is set");
        let update = GlobalSecondaryIndexUpdate::builder().delete(action).build();
        self.update(format!("removes the index {name}"), self.table().global_secondary_index_updates(update))
    }

    fn table_class(&self) -> Option<Call<'a>> {
        let class = self.want.arguments.table_class.as_deref().filter(|_| self.want.differs("table_class"))?;
        self.update(format!("sets the table class to {class}"), self.table().table_class(TableClass::from(class)))
    }

    /// Billing mode and all throughput, of the table and of its indexes, are one change.
    fn billing(&self) -> Option<Call<'a>> {
        let arguments = &self.want.arguments;
        let mode = arguments.billing_mode.as_deref().filter(|_| self.want.differs("billing_mode"));
        let on_demand_now = self.live(&["billing_mode"]).and_then(Value::as_text) == Some("PAY_PER_REQUEST");
        if mode == Some("PAY_PER_REQUEST") {
            let call = self.table().billing_mode(BillingMode::PayPerRequest);
            return self.update("sets billing to PAY_PER_REQUEST", call);
        }
        let to_provisioned = mode.is_some();
        if on_demand_now && !to_provisioned {
            return None;
        }
        let table = arguments.provisioned_throughput.as_ref();
        let table = table.filter(|_| to_provisioned || self.want.differs("provisioned_throughput"));
        let indexes: Vec<GlobalSecondaryIndexUpdate> = arguments
            .global_secondary_indexes
            .iter()
            .filter(|index| self.live_index(&index.index_name).is_some())
            .filter_map(|index| {
                let units = index.provisioned_throughput.as_ref()?;
                let same = !to_provisioned && self.index_member_is_same(&index.index_name, "provisioned_throughput");
                (!same).then(|| index_throughput(&index.index_name, units))
            })
            .collect();
        if table.is_none() && indexes.is_empty() {
            return None;
        }
        let call = self
            .table()
            .set_billing_mode(to_provisioned.then_some(BillingMode::Provisioned))
            .set_provisioned_throughput(table.map(Throughput::sdk))
            .set_global_secondary_index_updates((!indexes.is_empty()).then_some(indexes));
        let does = if to_provisioned { "sets billing to PROVISIONED" } else { "sets the provisioned throughput" };
        self.update(does, call)
    }

    fn index_member_is_same(&self, index: &str, member: &str) -> bool {
        let of = |value: Option<&Value>| value.and_then(|value| value.as_map()?.get(member).cloned());
        of(self.live_index(index)) == of(self.wanted_value(index))
    }

    fn on_demand(&self) -> Option<Call<'a>> {
        let arguments = &self.want.arguments;
        if let Some(limits) =
            arguments.on_demand_throughput.as_ref().filter(|_| self.want.differs("on_demand_throughput"))
        {
            return self.update("sets the on-demand limits", self.table().on_demand_throughput(limits.sdk()));
        }
        let index = arguments.global_secondary_indexes.iter().find(|index| {
            index.on_demand_throughput.is_some()
                && self.live_index(&index.index_name).is_some()
                && !self.index_member_is_same(&index.index_name, "on_demand_throughput")
        })?;
        let action = UpdateGlobalSecondaryIndexAction::builder()
            .index_name(&index.index_name)
            .set_on_demand_throughput(index.on_demand_throughput.as_ref().map(OnDemand::sdk))
            .build()
            .expect("the name is set");
        let update = GlobalSecondaryIndexUpdate::builder().update(action).build();
        let does = format!("sets the on-demand limits of the index {}", index.index_name);
        self.update(does, self.table().global_secondary_index_updates(update))
    }

    /// A stream whose view type changes is ended and started anew.
    fn end_stream(&self) -> Option<Call<'a>> {
        let name = "stream_specification";
        let running = self.live_flag(&[name, "stream_enabled"]);
        let ends = self.want.clears(name) || self.want.differs(name);
        if !running || !ends {
            return None;
        }
        let off = StreamSpecification::builder().stream_enabled(false).build().expect("it is set");
        self.update("ends the stream", self.table().stream_specification(off))
    }

    fn start_stream(&self) -> Option<Call<'a>> {
        let name = "stream_specification";
        let stream = self.want.arguments.stream_specification.as_ref().filter(|stream| stream.stream_enabled)?;
        if self.live_flag(&[name, "stream_enabled"]) || !self.want.differs(name) {
            return None;
        }
        self.update("starts a stream", self.table().stream_specification(stream.sdk()))
    }

    fn create_index(&self) -> Option<Call<'a>> {
        let arguments = &self.want.arguments;
        let missing = |index: &&Index| self.live_index(&index.index_name).is_none();
        let index = arguments.global_secondary_indexes.iter().find(missing)?;
        let action = CreateGlobalSecondaryIndexAction::builder()
            .index_name(&index.index_name)
            .set_key_schema(Some(index.keys()))
            .projection(index.projection())
            .set_provisioned_throughput(index.provisioned_throughput.as_ref().map(Throughput::sdk))
            .set_on_demand_throughput(index.on_demand_throughput.as_ref().map(OnDemand::sdk))
            .build()
            .expect("name, key and projection are set");
        let update = GlobalSecondaryIndexUpdate::builder().create(action).build();
        let call = self.table().set_attribute_definitions(Some(arguments.definitions()));
        self.update(format!("makes the index {}", index.index_name), call.global_secondary_index_updates(update))
    }

    fn encryption(&self) -> Option<Call<'a>> {
        let name = "sse_specification";
        if let Some(written) = self.want.arguments.sse_specification.as_ref().filter(|_| self.want.differs(name)) {
            return self.update("sets the encryption", self.table().sse_specification(Encryption::sdk(written)));
        }
        if !self.want.clears(name) || !self.live_flag(&[name, "enabled"]) {
            return None;
        }
        let off = SseSpecification::builder().enabled(false).build();
        self.update("sets the encryption back to AWS's own key", self.table().sse_specification(off))
    }

    fn deletion_protection(&self) -> Option<Call<'a>> {
        let name = "deletion_protection_enabled";
        let wanted = self.want.arguments.deletion_protection_enabled.filter(|_| self.want.differs(name))?;
        let does = format!("switches deletion protection {}", if wanted { "on" } else { "off" });
        self.update(does, self.table().deletion_protection_enabled(wanted))
    }

    /// Switching off needs the name of the attribute that is in force.
    fn time_to_live(&self) -> Option<Call<'a>> {
        let name = "time_to_live_specification";
        let running = self.live_flag(&[name, "enabled"]);
        let in_force = self.live(&[name, "attribute_name"]).and_then(Value::as_text);
        let wanted = self.want.arguments.time_to_live_specification.as_ref().filter(|_| self.want.differs(name));
        let (on, attribute) = match wanted {
            Some(wanted) if wanted.enabled && in_force.is_none_or(|attribute| attribute == wanted.attribute_name) => {
                (true, wanted.attribute_name.as_str())
            }
            Some(_) if running => (false, in_force?),
            None if self.want.clears(name) && running => (false, in_force?),
            _ => return None,
        };
        if on == running {
            return None;
        }
        let specification =
            TimeToLiveSpecification::builder().enabled(on).attribute_name(attribute).build().expect("both are set");
        let does = match on {
            true => format!("lets items expire by {attribute}"),
            false => format!("ends expiry by {attribute}"),
        };
        let call = self.dynamodb.update_time_to_live().table_name(&self.live.id);
        Some(once("dynamodb:UpdateTimeToLive", does, call.time_to_live_specification(specification).send()))
    }

    fn recovery(&self) -> Option<Call<'a>> {
        let name = "point_in_time_recovery_specification";
        let running = self.live_flag(&[name, "point_in_time_recovery_enabled"]);
        let written = self.want.arguments.point_in_time_recovery_specification.as_ref();
        let (on, days) = match written.filter(|_| self.want.differs(name)) {
            Some(written) => (written.point_in_time_recovery_enabled, written.recovery_period_in_days),
            None if self.want.clears(name) && running => (false, None),
            None => return None,
        };
        let specification = PointInTimeRecoverySpecification::builder()
            .point_in_time_recovery_enabled(on)
            .set_recovery_period_in_days(days.filter(|_| on))
            .build()
            .expect("whether it is enabled is set");
        let does = format!("switches point-in-time recovery {}", if on { "on" } else { "off" });
        let call = self.dynamodb.update_continuous_backups().table_name(&self.live.id);
        let call = call.point_in_time_recovery_specification(specification);
        Some(upsert("dynamodb:UpdateContinuousBackups", does, call.send()))
    }

    fn arn(&self) -> &'a str {
        self.live(&["table_arn"]).and_then(Value::as_text).unwrap_or_default()
    }

    fn set_tags(&self) -> Option<Call<'a>> {
        let wanted = self.want.tags_to_set(self.live);
        let does = format!("sets {}", count(wanted.len(), "tag"));
        let call = self.dynamodb.tag_resource().resource_arn(self.arn()).set_tags(Some(tags(&wanted)));
        (!wanted.is_empty()).then(|| upsert("dynamodb:TagResource", does, call.send()))
    }

    fn remove_tags(&self) -> Option<Call<'a>> {
        let dropped = self.want.tags_to_remove(self.live);
        let does = format!("removes {}", count(dropped.len(), "tag"));
        let any = !dropped.is_empty();
        let call = self.dynamodb.untag_resource().resource_arn(self.arn()).set_tag_keys(Some(dropped));
        any.then(|| upsert("dynamodb:UntagResource", does, call.send()))
    }
}

fn index_name(index: &Value) -> Option<&str> {
    index.as_map()?.get("index_name")?.as_text()
}

/// Whether key or projection differ; AWS sorts the attributes that a projection lists.
fn must_be_made_anew(live: &Value, wanted: &Value) -> bool {
    let fixed = |index: &Value| {
        let index = index.as_map()?;
        let projection = index.get("projection")?.as_map()?;
        let mut listed: Vec<String> = projection
            .get("non_key_attributes")
            .and_then(Value::as_list)
            .unwrap_or_default()
            .iter()
            .filter_map(|name| name.as_text().map(str::to_owned))
            .collect();
        listed.sort();
        Some((index.get("key_schema").cloned(), projection.get("projection_type").cloned(), listed))
    };
    fixed(live) != fixed(wanted)
}

fn index_throughput(name: &str, units: &Throughput) -> GlobalSecondaryIndexUpdate {
    let action = UpdateGlobalSecondaryIndexAction::builder()
        .index_name(name)
        .provisioned_throughput(units.sdk())
        .build()
        .expect("the name is set");
    GlobalSecondaryIndexUpdate::builder().update(action).build()
}

/// A call that must not be repeated without looking first.
fn once<'a, T, E>(
    operation: &'static str,
    does: impl Into<String>,
    send: impl Future<Output = Result<T, SdkError<E>>> + Send + 'a,
) -> Call<'a>
where
    E: aws_sdk_dynamodb::error::ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
{
    Call::new(operation, RetryClass::None, does, async move {
        send.await.map_err(|error| failure(operation, error))?;
        Ok(Sent::default())
    })
}
