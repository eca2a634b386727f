//! The changes of an instance.

use std::collections::BTreeSet;

use aws_sdk_rds::{
    operation::modify_db_instance::builders::ModifyDBInstanceFluentBuilder, types::CloudwatchLogsExportConfiguration,
};
use model::{Live, Value};
use provider::{Call, Place, RetryClass, Sent, Want};

use super::super::common::{reads, tag_call, text};
use super::Arguments;
use crate::{client::Client, failure::failure};

const MODIFY: &str = "rds:ModifyDBInstance";
/// The word for `settle`: nothing may wait any more.
pub(super) const IMMEDIATELY: &str = "immediately";

/// The updates of one instance.
pub(super) struct Update<'a> {
    pub(super) client: &'a Client,
    pub(super) place: &'a Place,
    pub(super) want: &'a Want<Arguments>,
    pub(super) live: &'a Live,
}

/// The name it has now; another one may be on its way.
pub(super) fn identifier(live: &Live) -> &str {
    let arn = text(live, "db_instance_arn");
    arn.rsplit(':').next().filter(|name| !name.is_empty()).unwrap_or(&live.id)
}

impl<'a> Update<'a> {
    pub(super) fn next(&self) -> Option<Call<'a>> {
        self.password()
            .or_else(|| self.settings())
            .or_else(|| tag_call(self.client, self.place, self.want, self.live, text(self.live, "db_instance_arn")))
    }

    fn builder(&self) -> ModifyDBInstanceFluentBuilder {
        reads(self.client, self.place).modify_db_instance().db_instance_identifier(identifier(self.live))
    }

    fn call(&self, does: String, builder: ModifyDBInstanceFluentBuilder) -> Call<'a> {
        let immediately = self.want.arguments.apply_immediately.unwrap_or(false);
        let builder = builder.apply_immediately(immediately);
        Call::new(MODIFY, RetryClass::Upsert, does, async move {
            builder.send().await.map_err(|error| failure(MODIFY, error))?;
            Ok(Sent::default().operation(immediately.then_some(IMMEDIATELY)))
        })
    }

    /// Alone, since nobody answers it: a call with it is not repeated because of what else still differs.
    fn password(&self) -> Option<Call<'a>> {
        let builder = self.builder().master_user_password(&self.want.arguments.master_user_password);
        self.want.differs("master_user_password").then(|| self.call("sets the master password".to_owned(), builder))
    }

    /// One call for everything else: a new major version and its parameter group belong together.
    fn settings(&self) -> Option<Call<'a>> {
        let mut changed = BTreeSet::new();
        let mut differs = |name: &'static str| {
            let differs = self.want.differs(name);
            if differs {
                changed.insert(name);
            }
            differs
        };
        let wanted = &self.want.arguments;
        macro_rules! changed {
            ($builder:expr, $($name:ident => $set:ident),+ $(,)?) => {{
                let mut builder = $builder;
                $(if let Some(value) = wanted.$name.clone() && differs(stringify!($name)) {
                    builder = builder.$set(Some(value));
                })+
                builder
            }};
        }
        let builder = changed!(self.builder(),
            db_instance_identifier => set_new_db_instance_identifier,
            db_instance_class => set_db_instance_class,
            engine_version => set_engine_version,
            allocated_storage => set_allocated_storage,
            max_allocated_storage => set_max_allocated_storage,
            storage_type => set_storage_type,
            iops => set_iops,
            storage_throughput => set_storage_throughput,
            port => set_db_port_number,
            db_subnet_group_name => set_db_subnet_group_name,
            vpc_security_group_ids => set_vpc_security_group_ids,
            publicly_accessible => set_publicly_accessible,
            multi_az => set_multi_az,
            db_parameter_group_name => set_db_parameter_group_name,
            ca_certificate_identifier => set_ca_certificate_identifier,
            backup_retention_period => set_backup_retention_period,
            preferred_backup_window => set_preferred_backup_window,
            preferred_maintenance_window => set_preferred_maintenance_window,
            auto_minor_version_upgrade => set_auto_minor_version_upgrade,
            copy_tags_to_snapshot => set_copy_tags_to_snapshot,
            enable_iam_database_authentication => set_enable_iam_database_authentication,
            enable_performance_insights => set_enable_performance_insights,
            performance_insights_retention_period => set_performance_insights_retention_period,
            monitoring_interval => set_monitoring_interval,
            monitoring_role_arn => set_monitoring_role_arn,
            deletion_protection => set_deletion_protection,
        );
        let logs = self.logs();
        if logs.is_some() {
            changed.insert("enable_cloudwatch_logs_exports");
        }
        let cleared = self.cleared(&mut changed, builder.set_cloudwatch_logs_export_configuration(logs));
        let does = format!("changes {}", changed.iter().copied().collect::<Vec<_>>().join(", "));
        (!changed.is_empty()).then(|| self.call(does, self.companions(&changed, cleared)))
    }

    /// What AWS wants to hear together with what changes.
    fn companions(
        &self,
        changed: &BTreeSet<&str>,
        builder: ModifyDBInstanceFluentBuilder,
    ) -> ModifyDBInstanceFluentBuilder {
        let wanted = &self.want.arguments;
        let mut builder = builder;
        if changed.contains("engine_version") {
            builder = builder.set_allow_major_version_upgrade(wanted.allow_major_version_upgrade);
        }
        if changed.contains("monitoring_interval") {
            builder = builder.set_monitoring_role_arn(wanted.monitoring_role_arn.clone());
        }
        // Speed alone is refused without the size.
        if ["iops", "storage_throughput", "storage_type"].iter().any(|name| changed.contains(name)) {
            builder = builder.allocated_storage(wanted.allocated_storage.unwrap_or_default().max(self.size()));
            builder = builder.set_iops(wanted.iops).set_storage_throughput(wanted.storage_throughput);
        }
        builder
    }

    /// The storage there is, GiB.
    fn size(&self) -> i32 {
        let size = self.live.attributes.get("allocated_storage").and_then(Value::as_i64).unwrap_or_default();
        i32::try_from(size).unwrap_or_default()
    }

    /// What is no longer written and has its own way of going.
    fn cleared(
        &self,
        changed: &mut BTreeSet<&'static str>,
        builder: ModifyDBInstanceFluentBuilder,
    ) -> ModifyDBInstanceFluentBuilder {
        let mut builder = builder;
        let has = |name: &str| self.live.attributes.get(name).is_some_and(|value| !value.is_null());
        // A limit at the present size is none.
        if self.want.clears("max_allocated_storage") && has("max_allocated_storage") {
            changed.insert("max_allocated_storage");
            builder = builder.max_allocated_storage(self.size());
        }
        let default = default_group(text(self.live, "engine"), text(self.live, "engine_version"));
        if let Some(default) = default.filter(|_| self.want.clears("db_parameter_group_name"))
            && text(self.live, "db_parameter_group_name") != default
        {
            changed.insert("db_parameter_group_name");
            builder = builder.db_parameter_group_name(default);
        }
        builder
    }

    /// Log types to be added and taken away.
    fn logs(&self) -> Option<CloudwatchLogsExportConfiguration> {
        let name = "enable_cloudwatch_logs_exports";
        let wanted: BTreeSet<&str> = match &self.want.arguments.enable_cloudwatch_logs_exports {
            Some(wanted) if self.want.differs(name) => wanted.iter().map(String::as_str).collect(),
            None if self.want.clears(name) => BTreeSet::new(),
            _ => return None,
        };
        let live = self.live.attributes.get(name).and_then(Value::as_list).unwrap_or_default();
        let live: BTreeSet<&str> = live.iter().filter_map(Value::as_text).collect();
        let owned = |kinds: Vec<&&str>| kinds.into_iter().map(|kind| (*kind).to_owned()).collect::<Vec<_>>();
        let (more, less) = (owned(wanted.difference(&live).collect()), owned(live.difference(&wanted).collect()));
        if more.is_empty() && less.is_empty() {
            return None;
        }
        let given = |kinds: Vec<String>| Some(kinds).filter(|kinds| !kinds.is_empty());
        let builder = CloudwatchLogsExportConfiguration::builder().set_enable_log_types(given(more));
        Some(builder.set_disable_log_types(given(less)).build())
    }
}

/// The family's own parameter group, for the engines whose families are named by a rule.
fn default_group(engine: &str, version: &str) -> Option<String> {
    let parts = match engine {
        "postgres" => 1,
        "mysql" | "mariadb" => 2,
        _ => return None,
    };
    let major = version.split('.').take(parts).collect::<Vec<_>>().join(".");
    Some(format!("default.{engine}{major}"))
}
