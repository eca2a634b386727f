//! What takes minutes of Terraform's own clock: its provider waits one before it first looks at a database. What waits, waits
//! side by side.

use std::thread;

use crate::chatbot::imports;
use crate::rds;

#[test]
fn databases_of_terraform() {
    thread::scope(|scope| {
        scope.spawn(rds::terraform_makes_and_changes_a_database);
        scope.spawn(rds::terraform_takes_over_a_database_of_groma_and_destroys_it);
        scope.spawn(imports::what_terraform_made_is_imported_with_nothing_to_change_but_ownership_tags);
        scope.spawn(imports::what_terraform_made_on_moto_is_imported_with_nothing_to_change_but_ownership_tags);
    });
}
