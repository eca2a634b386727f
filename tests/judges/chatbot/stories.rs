//! Both environments of the chatbot on moto, all but App Runner.

use super::chatbot_on_moto;
use crate::judge::{self, Judge};
use crate::moto::Moto;

const AUDIT: &str = "
[resource.cloudwatch_log_group.audit]
log_group_name    = \"/chatbot/audit\"
retention_in_days = 30
";

#[test]
fn moto_plays_the_chatbot_with_a_database_but_for_its_services() {
    let Some(server) = judge::ask(Judge::Moto, "chatbot-dev") else { return };
    let moto = Moto::serve(&server);
    let mut chatbot = chatbot_on_moto(moto.port, "dev");
    let made = chatbot.apply();
    assert!(made.contains("Plan: 17 to create"), "{made}");

    chatbot.password = "another-horse-battery";
    let rotated = chatbot.apply();
    assert!(rotated.contains("Plan: 2 to update"), "{rotated}");

    // Migrations are done, and somebody wants a log.
    chatbot.edit("environments/dev.toml", "public_database    = true", "public_database    = false");
    chatbot.append(AUDIT);
    let migrated = chatbot.apply();
    assert!(migrated.contains("Plan: 1 to create, 1 to update, 1 to delete"), "{migrated}");

    chatbot.groma(&["destroy", "dev", "--check"]).ended(2);
    let refused = chatbot.groma(&["destroy", "dev", "--auto-approve"]);
    assert_eq!(refused.code, Some(1), "the database is protected: {}", refused.out);
    chatbot.groma(&["destroy", "dev", "--auto-approve", "--allow-unprotect"]).ended(0);
    chatbot.groma(&["plan", "dev", "--destroy", "--detailed-exitcode"]).ended(0);
}

#[test]
fn moto_plays_the_chatbot_with_a_table_but_for_its_services() {
    let Some(server) = judge::ask(Judge::Moto, "chatbot-sandbox") else { return };
    let moto = Moto::serve(&server);
    let mut chatbot = chatbot_on_moto(moto.port, "sandbox");
    let made = chatbot.apply();
    assert!(made.contains("Plan: 12 to create"), "{made}");
    chatbot.append(AUDIT);
    let more = chatbot.apply();
    assert!(more.contains("Plan: 1 to create"), "{more}");
    chatbot.groma(&["destroy", "sandbox", "--auto-approve"]).ended(0);
    chatbot.groma(&["plan", "sandbox", "--destroy", "--detailed-exitcode"]).ended(0);
}
