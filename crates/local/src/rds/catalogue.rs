//! What RDS offers of each engine: versions with their families, and the parameters of a family. A selection, as data.

/// One major version of an engine.
pub(super) struct Major {
    pub(super) engine: &'static str,
    pub(super) version: &'static str,
    /// Of its parameter groups.
    pub(super) family: &'static str,
    /// The minor versions, oldest first, without the major part and its point.
    pub(super) minors: &'static [&'static str],
    /// The minor version that is taken when none is named.
    pub(super) default: &'static str,
}

/// The major version that an engine gets when none is named.
pub(super) const DEFAULT_MAJORS: &[(&str, &str)] = &[("mysql", "8.4"), ("postgres", "17")];

const fn major(
    engine: &'static str,
    version: &'static str,
    family: &'static str,
    minors: &'static [&'static str],
    default: &'static str,
) -> Major {
    Major { engine, version, family, minors, default }
}

pub(super) const MAJORS: &[Major] = &[
    major("mysql", "8.0", "mysql8.0", &["39", "40", "41", "42", "43"], "42"),
    major("mysql", "8.4", "mysql8.4", &["3", "4", "5", "6"], "5"),
    major("postgres", "13", "postgres13", &["20", "21", "22"], "21"),
    major("postgres", "14", "postgres14", &["17", "18", "19"], "18"),
    major("postgres", "15", "postgres15", &["12", "13", "14"], "13"),
    major("postgres", "16", "postgres16", &["3", "4", "6", "8", "9", "10"], "9"),
    major("postgres", "17", "postgres17", &["2", "4", "5", "6"], "5"),
    major("postgres", "18", "postgres18", &["1"], "1"),
];

/// One parameter of an engine.
pub(super) struct Parameter {
    pub(super) name: &'static str,
    /// Whether a change needs no reboot.
    pub(super) dynamic: bool,
    /// `boolean`, `integer`, `float`, `list` or `string`.
    pub(super) kind: &'static str,
    /// `a-b` for numbers, words with commas for the others; empty: anything.
    pub(super) allowed: &'static str,
    /// The engine's or RDS's own value; empty: none is shown.
    pub(super) default: &'static str,
    pub(super) modifiable: bool,
    pub(super) about: &'static str,
}

const fn parameter(
    name: &'static str,
    dynamic: bool,
    kind: &'static str,
    allowed: &'static str,
    default: &'static str,
    about: &'static str,
) -> Parameter {
    Parameter { name, dynamic, kind, allowed, default, modifiable: true, about }
}

const fn fixed(name: &'static str, kind: &'static str, default: &'static str, about: &'static str) -> Parameter {
    Parameter { name, dynamic: false, kind, allowed: "", default, modifiable: false, about }
}

const DYNAMIC: bool = true;
const STATIC: bool = false;

/// The parameters of a family, sorted by name; nothing for families that are not offered.
pub(super) fn parameters(family: &str) -> Option<Vec<&'static Parameter>> {
    let major = MAJORS.iter().find(|major| major.family == family)?;
    let all = if major.engine == "mysql" { MYSQL } else { POSTGRES };
    Some(all.iter().collect())
}

#[rustfmt::skip]
const POSTGRES: &[Parameter] = &[
    parameter("application_name", DYNAMIC, "string", "", "", "Sets the application name to be reported in statistics and logs."),
    parameter("autovacuum", DYNAMIC, "boolean", "0,1", "1", "Starts the autovacuum subprocess."),
    parameter("autovacuum_analyze_scale_factor", DYNAMIC, "float", "0-100", "0.05", "Number of tuple inserts, updates or deletes prior to analyze as a fraction of reltuples."),
    parameter("autovacuum_max_workers", STATIC, "integer", "1-262143", "GREATEST({DBInstanceClassMemory/64371566592},3)", "Sets the maximum number of simultaneously running autovacuum worker processes."),
    parameter("autovacuum_naptime", DYNAMIC, "integer", "1-2147483", "15", "(s) Time to sleep between autovacuum runs."),
    parameter("autovacuum_vacuum_scale_factor", DYNAMIC, "float", "0-100", "0.1", "Number of tuple updates or deletes prior to vacuum as a fraction of reltuples."),
    parameter("checkpoint_completion_target", DYNAMIC, "float", "0-1", "0.9", "Time spent flushing dirty buffers during checkpoint, as fraction of checkpoint interval."),
    parameter("checkpoint_timeout", DYNAMIC, "integer", "30-86400", "300", "(s) Sets the maximum time between automatic WAL checkpoints."),
    parameter("client_encoding", DYNAMIC, "string", "", "UTF8", "Sets the clients character set encoding."),
    fixed("config_file", "string", "/rdsdbdata/config/postgresql.conf", "Sets the servers main configuration file."),
    fixed("data_directory", "string", "/rdsdbdata/db", "Sets the servers data directory."),
    parameter("datestyle", DYNAMIC, "string", "", "", "Sets the display format for date and time values."),
    parameter("deadlock_timeout", DYNAMIC, "integer", "1-2147483647", "", "(ms) Sets the time to wait on a lock before checking for deadlock."),
    parameter("default_statistics_target", DYNAMIC, "integer", "1-10000", "", "Sets the default statistics target."),
    parameter("default_transaction_isolation", DYNAMIC, "string", "serializable,repeatable read,read committed,read uncommitted", "", "Sets the transaction isolation level of each new transaction."),
    parameter("effective_cache_size", DYNAMIC, "integer", "1-2147483647", "{DBInstanceClassMemory/16384}", "(8kB) Sets the planners assumption about the size of the disk cache."),
    parameter("effective_io_concurrency", DYNAMIC, "integer", "0-1000", "", "Number of simultaneous requests that can be handled efficiently by the disk subsystem."),
    parameter("idle_in_transaction_session_timeout", DYNAMIC, "integer", "0-2147483647", "86400000", "(ms) Sets the maximum allowed duration of any idling transaction."),
    parameter("jit", DYNAMIC, "boolean", "0,1", "", "Allow JIT compilation."),
    parameter("lock_timeout", DYNAMIC, "integer", "0-2147483647", "", "(ms) Sets the maximum allowed duration of any wait for a lock."),
    parameter("log_autovacuum_min_duration", DYNAMIC, "integer", "-1-2147483647", "10000", "(ms) Sets the minimum execution time above which autovacuum actions will be logged."),
    parameter("log_connections", DYNAMIC, "boolean", "0,1", "", "Logs each successful connection."),
    parameter("log_disconnections", DYNAMIC, "boolean", "0,1", "", "Logs end of a session, including duration."),
    parameter("log_duration", DYNAMIC, "boolean", "0,1", "", "Logs the duration of each completed SQL statement."),
    parameter("log_lock_waits", DYNAMIC, "boolean", "0,1", "", "Logs long lock waits."),
    parameter("log_min_duration_statement", DYNAMIC, "integer", "-1-2147483647", "", "(ms) Sets the minimum execution time above which statements will be logged."),
    parameter("log_min_messages", DYNAMIC, "string", "debug5,debug4,debug3,debug2,debug1,info,notice,warning,error,log,fatal,panic", "", "Sets the message levels that are logged."),
    parameter("log_rotation_age", DYNAMIC, "integer", "1-1440", "60", "(min) Automatic log file rotation will occur after N minutes."),
    parameter("log_statement", DYNAMIC, "string", "none,ddl,mod,all", "", "Sets the type of statements logged."),
    parameter("log_temp_files", DYNAMIC, "integer", "-1-2147483647", "", "(kB) Log the use of temporary files larger than this number of kilobytes."),
    parameter("maintenance_work_mem", DYNAMIC, "integer", "1024-2147483647", "GREATEST({DBInstanceClassMemory*1024/63963136},65536)", "(kB) Sets the maximum memory to be used for maintenance operations."),
    parameter("max_connections", STATIC, "integer", "6-8388607", "LEAST({DBInstanceClassMemory/9531392},5000)", "Sets the maximum number of concurrent connections."),
    parameter("max_locks_per_transaction", STATIC, "integer", "10-2147483647", "64", "Sets the maximum number of locks per transaction."),
    parameter("max_parallel_workers", DYNAMIC, "integer", "0-1024", "GREATEST($DBInstanceVCPU/2,8)", "Sets the maximum number of parallel workers that can be active at one time."),
    parameter("max_prepared_transactions", STATIC, "integer", "0-262143", "0", "Sets the maximum number of simultaneously prepared transactions."),
    parameter("max_replication_slots", STATIC, "integer", "5-1000", "20", "Sets the maximum number of replication slots that the server can support."),
    parameter("max_wal_senders", STATIC, "integer", "5-1000", "35", "Sets the maximum number of simultaneously running WAL sender processes."),
    parameter("max_wal_size", DYNAMIC, "integer", "128-201326592", "", "(MB) Sets the WAL size that triggers the checkpoint."),
    parameter("max_worker_processes", STATIC, "integer", "0-262143", "GREATEST($DBInstanceVCPU*2,8)", "Sets the maximum number of concurrent worker processes."),
    parameter("pg_stat_statements.max", STATIC, "integer", "100-2147483647", "", "Sets the maximum number of statements tracked by pg_stat_statements."),
    parameter("pg_stat_statements.track", DYNAMIC, "string", "all,top,none", "", "Selects which statements are tracked by pg_stat_statements."),
    parameter("random_page_cost", DYNAMIC, "float", "0-1.79769e+308", "", "Sets the planners estimate of the cost of a nonsequentially fetched disk page."),
    parameter("rds.force_admin_logging_level", DYNAMIC, "string", "disabled,debug5,debug4,debug3,debug2,debug1,info,notice,warning,error,log,fatal,panic", "", "See log messages for RDS admin user actions in customer databases."),
    parameter("rds.force_ssl", DYNAMIC, "boolean", "0,1", "1", "Force SSL connections."),
    parameter("rds.log_retention_period", DYNAMIC, "integer", "1440-10080", "4320", "Amazon RDS will delete PostgreSQL logs that are older than N minutes."),
    parameter("rds.logical_replication", STATIC, "boolean", "0,1", "0", "Enables logical decoding."),
    parameter("search_path", DYNAMIC, "string", "", "", "Sets the schema search order for names that are not schema-qualified."),
    parameter("shared_buffers", STATIC, "integer", "16-1073741823", "{DBInstanceClassMemory/32768}", "(8kB) Sets the number of shared memory buffers used by the server."),
    parameter("shared_preload_libraries", STATIC, "list", "auto_explain,orafce,pgaudit,pglogical,pg_bigm,pg_cron,pg_hint_plan,pg_prewarm,pg_similarity,pg_stat_statements,pg_tle,pg_transport,plprofiler,plrust", "pg_stat_statements", "Lists shared libraries to preload into server."),
    parameter("statement_timeout", DYNAMIC, "integer", "0-2147483647", "", "(ms) Sets the maximum allowed duration of any statement."),
    parameter("synchronous_commit", DYNAMIC, "string", "local,on,off", "on", "Sets the current transactions synchronization level."),
    parameter("temp_buffers", DYNAMIC, "integer", "100-1073741823", "", "(8kB) Sets the maximum number of temporary buffers used by each session."),
    parameter("timezone", DYNAMIC, "string", "", "UTC", "Sets the time zone for displaying and interpreting time stamps."),
    parameter("track_activity_query_size", STATIC, "integer", "100-1048576", "4096", "Sets the size reserved for pg_stat_activity.current_query, in bytes."),
    parameter("track_io_timing", DYNAMIC, "boolean", "0,1", "1", "Collects timing statistics on database IO activity."),
    parameter("wal_buffers", STATIC, "integer", "-1-262143", "", "(8kB) Sets the number of disk-page buffers in shared memory for WAL."),
    parameter("wal_sender_timeout", DYNAMIC, "integer", "0-3600000", "", "(ms) Sets the maximum time to wait for WAL replication."),
    parameter("work_mem", DYNAMIC, "integer", "64-2147483647", "", "(kB) Sets the maximum memory to be used for query workspaces."),
];

#[rustfmt::skip]
const MYSQL: &[Parameter] = &[
    fixed("basedir", "string", "/rdsdbbin/mysql", "The MySQL installation base directory."),
    parameter("binlog_format", DYNAMIC, "string", "ROW,STATEMENT,MIXED", "MIXED", "Binary logging format for replication."),
    parameter("character_set_client", DYNAMIC, "string", "big5,latin1,latin2,utf8,utf8mb3,utf8mb4", "", "The character set for statements that arrive from the client."),
    parameter("character_set_connection", DYNAMIC, "string", "big5,latin1,latin2,utf8,utf8mb3,utf8mb4", "", "The character set used for literals that do not have a character set introducer."),
    parameter("character_set_database", DYNAMIC, "string", "big5,latin1,latin2,utf8,utf8mb3,utf8mb4", "", "The character set used by the default database."),
    parameter("character_set_results", DYNAMIC, "string", "big5,latin1,latin2,utf8,utf8mb3,utf8mb4", "", "The character set used for returning query results to the client."),
    parameter("character_set_server", DYNAMIC, "string", "big5,latin1,latin2,utf8,utf8mb3,utf8mb4", "", "The server's default character set."),
    parameter("collation_server", DYNAMIC, "string", "", "", "The server's default collation."),
    fixed("datadir", "string", "/rdsdbdata/db/", "The MySQL data directory."),
    parameter("event_scheduler", DYNAMIC, "string", "ON,OFF", "", "Indicates the status of the Event Scheduler."),
    parameter("general_log", DYNAMIC, "boolean", "0,1", "", "Whether the general query log is enabled."),
    parameter("innodb_buffer_pool_size", DYNAMIC, "integer", "5242880-18446744073709551615", "{DBInstanceClassMemory*3/4}", "The size in bytes of the memory buffer InnoDB uses to cache data and indexes of its tables."),
    parameter("innodb_flush_log_at_trx_commit", DYNAMIC, "integer", "0-2", "1", "Determines Innodb transaction durability."),
    parameter("innodb_lock_wait_timeout", DYNAMIC, "integer", "1-1073741824", "", "Timeout in seconds an innodb transaction may wait for a row lock before giving up."),
    parameter("interactive_timeout", DYNAMIC, "integer", "1-31536000", "", "The number of seconds the server waits for activity on an interactive connection before closing it."),
    parameter("log_bin_trust_function_creators", DYNAMIC, "boolean", "0,1", "", "Enforces restrictions on stored functions and triggers."),
    parameter("log_output", DYNAMIC, "string", "TABLE,FILE,NONE", "FILE", "Controls where to store query logs."),
    parameter("long_query_time", DYNAMIC, "float", "0-31536000", "", "Defines what MySQL considers long queries."),
    parameter("max_allowed_packet", DYNAMIC, "integer", "1024-1073741824", "", "The maximum size of one packet or any generated or intermediate string."),
    parameter("max_connections", DYNAMIC, "integer", "1-100000", "{DBInstanceClassMemory/12582880}", "The number of simultaneous client connections allowed."),
    parameter("performance_schema", STATIC, "boolean", "0,1", "0", "Enables or disables the Performance Schema."),
    parameter("require_secure_transport", DYNAMIC, "string", "ON,OFF,0,1", "", "Whether client connections to the server are required to use some form of secure transport."),
    parameter("slow_query_log", DYNAMIC, "boolean", "0,1", "", "Enable or disable the slow query log."),
    parameter("sql_mode", DYNAMIC, "list", "", "", "Current SQL Server Mode."),
    parameter("table_open_cache", DYNAMIC, "integer", "1-524288", "LEAST({DBInstanceClassMemory/1179121},6000)", "The number of open tables for all threads."),
    parameter("time_zone", DYNAMIC, "string", "", "", "The server time zone."),
    parameter("wait_timeout", DYNAMIC, "integer", "1-31536000", "", "The number of seconds the server waits for activity on a noninteractive TCP/IP or UNIX File connection before closing it."),
];

/// Instance classes: families with their sizes.
pub(super) const CLASSES: &[(&str, &[&str])] = &[
    ("m5", LARGE),
    ("m6g", LARGE),
    ("m6i", LARGE),
    ("m7g", LARGE),
    ("r5", LARGE),
    ("r6g", LARGE),
    ("r6i", LARGE),
    ("r7g", LARGE),
    ("t3", BURSTING),
    ("t4g", BURSTING),
];

const BURSTING: &[&str] = &["micro", "small", "medium", "large", "xlarge", "2xlarge"];
const LARGE: &[&str] = &["large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge"];
