//! The search for secrets in what is written down.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};

/// Every form of a secret that the search knows, by its name.
pub fn forms(secret: &str) -> Vec<(String, String)> {
    let mut found = vec![("plain".to_owned(), secret.to_owned())];
    for ahead in 0..3 {
        let padded = [vec![b'.'; ahead], secret.as_bytes().to_vec()].concat();
        // What is shared with its neighbours says nothing of the secret.
        let own = (ahead * 8).div_ceil(6)..padded.len() * 8 / 6;
        found.push((format!("base64 + {ahead}"), STANDARD.encode(&padded)[own.clone()].to_owned()));
        found.push((format!("base64url + {ahead}"), URL_SAFE.encode(&padded)[own].to_owned()));
    }
    let each = |form: fn(u8) -> String| secret.bytes().map(form).collect::<String>();
    found.push(("hex".to_owned(), each(|byte| format!("{byte:02x}"))));
    found.push(("HEX".to_owned(), each(|byte| format!("{byte:02X}"))));
    let json = serde_json::to_string(secret).expect("a text has a JSON form");
    let json = json.trim_matches('"');
    let ascii = |text: &str| {
        let escaped =
            |letter: char| if letter.is_ascii() { letter.to_string() } else { format!("\\u{:04x}", u32::from(letter)) };
        text.chars().map(escaped).collect::<String>()
    };
    found.push(("JSON".to_owned(), json.to_owned()));
    found.push(("JSON in ASCII".to_owned(), ascii(json)));
    let twice = serde_json::to_string(json).expect("a text has a JSON form");
    found.push(("JSON in JSON".to_owned(), twice.trim_matches('"').to_owned()));
    for (name, kept, space) in [("URL", "-._~", "%20"), ("form", "-._*", "+")] {
        let percent = |byte: u8| match byte {
            b' ' => space.to_owned(),
            _ if byte.is_ascii_alphanumeric() || kept.contains(char::from(byte)) => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        };
        let text: String = secret.bytes().map(percent).collect();
        found.push((name.to_owned(), text));
    }
    let html = secret.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    found.push(("HTML".to_owned(), html.replace('"', "&quot;")));
    found.push(("HTML text".to_owned(), html));
    found
}

/// The forms in which a text holds a secret.
pub fn held(text: &[u8], secret: &str) -> Vec<String> {
    let holds = |form: &str| text.windows(form.len()).any(|window| window == form.as_bytes());
    forms(secret).into_iter().filter(|(_, form)| holds(form)).map(|(name, _)| name).collect()
}
