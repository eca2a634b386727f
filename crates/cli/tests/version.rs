//! The binary is there and says its version; this test also makes a workspace test run build it for the others.

use std::process::Command;

#[test]
fn says_its_version() {
    let output = Command::new(env!("CARGO_BIN_EXE_groma")).arg("--version").output().expect("groma runs");
    assert_eq!(String::from_utf8_lossy(&output.stdout), format!("groma {}\n", env!("CARGO_PKG_VERSION")));
}
