//! How IAM writes documents, times and ids.

use jiff::Timestamp;

use crate::world::World;

/// IAM keeps whole seconds.
pub(super) fn time(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// A policy document as IAM answers it: every byte outside RFC 3986's unreserved set is percent-encoded.
pub(super) fn encoded(document: &str) -> String {
    document.bytes().fold(String::with_capacity(document.len() * 2), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
        text
    })
}

/// The size that quotas count: characters that are not white space.
pub(super) fn size(document: &str) -> usize {
    document.chars().filter(|c| !c.is_whitespace()).count()
}

/// A unique id such as `AROAJ3GB…`: the prefix of the kind and seventeen letters and digits.
pub(super) fn unique_id(world: &mut World, prefix: &str) -> String {
    const ALPHABET: &[u8; 16] = b"ABCDEFGHJKQRSTWX";
    let hex = world.hex(17);
    let letters = hex.bytes().map(|hex| {
        let index = char::from(hex).to_digit(16).expect("hex() gives hex digits");
        char::from(ALPHABET[index as usize])
    });
    prefix.chars().chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodes_all_but_unreserved() {
        assert_eq!(encoded(r#"{"a-._~": "*ü"}"#), "%7B%22a-._~%22%3A%20%22%2A%C3%BC%22%7D");
    }

    #[test]
    fn counts_without_white_space() {
        assert_eq!(size("{ \"a\":\n\t1 }"), 7);
    }
}
