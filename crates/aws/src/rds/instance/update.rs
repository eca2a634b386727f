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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recorder::{Recorder, live, want};

    /// What is sent for an instance of 40 GiB called `orders`, without what every call has.
    fn sent(arguments: &[(&str, Value)], differing: &[&str], cleared: &[&str], more: &[(&str, Value)]) -> Vec<String> {
        let always = ["engine", "master_username", "master_user_password"].map(|name| (name, Value::from("postgres")));
        let mut want = want::<Arguments>(&[&always[..], arguments].concat(), differing);
        want.cleared.extend(cleared.iter().copied().map(str::to_owned));
        let arn = ("db_instance_arn", Value::from("arn:aws:rds:us-east-2:123456789012:db:orders"));
        let is =
            [arn, ("engine", "postgres".into()), ("engine_version", "16.4".into()), ("allocated_storage", 40.into())];
        let live = live("db-ABCDEFGHIJKLMNOPQRSTUVWXYZ", &[&is[..], more].concat());
        let cloud = Recorder::new();
        let update = Update { client: &cloud.client, place: &cloud.place, want: &want, live: &live };
        let mut lines = cloud.sent(update.next());
        assert!(lines.is_empty() || lines.remove(0) == MODIFY);
        lines.retain(|line| line != "DBInstanceIdentifier=orders" && line != "ApplyImmediately=false");
        lines
    }

    #[test]
    fn what_is_written_and_equal_is_not_sent() {
        let arguments = [("db_instance_class", "db.t3.small".into()), ("multi_az", true.into())];
        assert_eq!(sent(&arguments, &["multi_az"], &[], &[]), ["MultiAZ=true"]);
        assert_eq!(sent(&arguments, &[], &[], &[]), Vec::<String>::new());
    }

    #[test]
    fn a_password_goes_alone() {
        let arguments = [("multi_az", true.into())];
        let lines = sent(&arguments, &["master_user_password", "multi_az"], &[], &[]);
        assert_eq!(lines, ["MasterUserPassword=postgres"]);
    }

    #[test]
    fn a_version_takes_its_parameter_group_and_its_permission_along() {
        let arguments = [
            ("engine_version", "17.5".into()),
            ("allow_major_version_upgrade", true.into()),
            ("db_parameter_group_name", "orders-17".into()),
        ];
        let lines = sent(&arguments, &["engine_version", "db_parameter_group_name"], &[], &[]);
        assert_eq!(lines, ["AllowMajorVersionUpgrade=true", "DBParameterGroupName=orders-17", "EngineVersion=17.5"]);
        assert_eq!(sent(&arguments, &["db_parameter_group_name"], &[], &[]), ["DBParameterGroupName=orders-17"]);
    }

    #[test]
    fn speed_is_sent_with_the_size_that_there_is() {
        let arguments = [("iops", 6000.into()), ("allocated_storage", 20.into()), ("storage_throughput", 250.into())];
        let lines = sent(&arguments, &["iops"], &[], &[]);
        assert_eq!(lines, ["AllocatedStorage=40", "Iops=6000", "StorageThroughput=250"]);
    }

    #[test]
    fn growth_ends_at_the_present_size() {
        let grows = [("max_allocated_storage", 100.into())];
        assert_eq!(sent(&[], &[], &["max_allocated_storage"], &grows), ["MaxAllocatedStorage=40"]);
        assert_eq!(sent(&[], &[], &["max_allocated_storage"], &[]), Vec::<String>::new());
    }

    #[test]
    fn without_a_group_the_family_s_own_comes_back() {
        let group = |name: &str| [("db_parameter_group_name", Value::from(name))];
        let cleared = ["db_parameter_group_name"];
        assert_eq!(sent(&[], &[], &cleared, &group("orders")), ["DBParameterGroupName=default.postgres16"]);
        assert_eq!(sent(&[], &[], &cleared, &group("default.postgres16")), Vec::<String>::new());
        assert_eq!(default_group("mysql", "8.0.35").as_deref(), Some("default.mysql8.0"));
        assert_eq!(default_group("oracle-ee", "19.0.0.0"), None);
    }

    #[test]
    fn logs_are_switched_on_and_off() {
        let logs = |logs: &[&str]| {
            let logs = logs.iter().copied().map(Value::from).collect();
            [("enable_cloudwatch_logs_exports", Value::List(logs))]
        };
        let (name, both) = ("enable_cloudwatch_logs_exports", logs(&["postgresql", "upgrade"]));
        let on = "CloudwatchLogsExportConfiguration.EnableLogTypes.member";
        let off = "CloudwatchLogsExportConfiguration.DisableLogTypes.member";
        assert_eq!(
            sent(&logs(&["upgrade"]), &[name], &[], &logs(&["postgresql"])),
            [format!("{off}.1=postgresql"), format!("{on}.1=upgrade")]
        );
        assert_eq!(sent(&[], &[], &[name], &both), [format!("{off}.1=postgresql"), format!("{off}.2=upgrade")]);
        assert_eq!(sent(&logs(&["upgrade", "postgresql"]), &[], &[], &both), Vec::<String>::new());
    }

    #[test]
    fn another_name_is_sent_to_the_old_one() {
        let lines = sent(&[("db_instance_identifier", "sales".into())], &["db_instance_identifier"], &[], &[]);
        assert_eq!(lines, ["NewDBInstanceIdentifier=sales"]);
    }
}
