//! The two systems of the repository, as they are made, changed and replaced in tests.

/// Where both stand.
pub const REGION: &str = "us-east-2";

/// The whole system of the repository's first environment.
const ADVICE: &str = include_str!("../../environments/friendly-advice.toml");

/// The image it runs.
pub const ADVICE_IMAGES: &[&str] = &["friendly-advice-columnist:latest"];

/// As it stands in the repository.
pub fn advice() -> String {
    ADVICE.to_owned()
}

/// Something of every kind: updates in place, a new revision to which the service moves, what is left out again.
pub fn advice_changed() -> String {
    let mut text = advice();
    for (from, to) in [
        ("max_size        = 2", "max_size        = 3"),
        ("https://advice.example.org", "https://advice.example.com"),
        ("log_retention_in_days          = 30", "log_retention_in_days          = 14"),
        ("\"dynamodb:Query\",", "\"dynamodb:Scan\","),
        ("time_to_live_specification = { enabled = true, attribute_name = \"ttl\" }", ""),
        ("countNumber = 5", "countNumber = 7"),
        ("managed_policy_arns = [", "description = \"pulls\"\nmanaged_policy_arns = ["),
        ("tags   = { project = \"friendly-advice-columnist\" }", "tags   = { project = \"advice\", team = \"field\" }"),
    ] {
        text = changed(&text, from, to);
    }
    text
}

/// Other names throughout: everything is made anew before the old goes.
pub fn advice_renamed() -> String {
    let renamed = changed(&advice(), "name  = \"friendly-advice-columnist\"", "name  = \"friendlier-advice\"");
    changed(&renamed, "images = [\"friendly-advice-columnist:latest\"]", "images = [\"friendlier-advice:latest\"]")
}

/// The second system: a module with a network, a database and secrets.
const CHATBOT: &str = include_str!("../../environments/dev.toml");

/// The image of the chatbot.
pub const CHATBOT_IMAGES: &[&str] = &["dev-chatbot:latest"];

/// With its one service, in the region of these tests.
pub fn chatbot() -> String {
    let here = changed(CHATBOT, "region = \"us-east-1\"", &format!("region = \"{}\"", REGION));
    changed(&here, "\napprunner_services = []", "\napprunner_services = [\"prod\"]")
}

/// A service more, a rule less, other subnets, which replace the connector, and settings of every kind.
pub fn chatbot_changed() -> String {
    let more = "\napprunner_services = [\"prod\", \"staging\"]\nkeep_images = 5\nmodel_regions = [\"us-east-2\"]\nzones_left_out = [\"use2-az3\"]";
    let text = changed(&chatbot(), "\napprunner_services = [\"prod\"]", more);
    let text = changed(&text, "public_database    = true\n", "");
    changed(&text, "project = \"ai-chatbot\"", "project = \"chatbot\"")
}

/// A text in which something is written otherwise.
///
/// # Panics
/// When it does not stand there.
#[track_caller]
pub fn changed(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "`{from}` is not written there any more");
    text.replace(from, to)
}
