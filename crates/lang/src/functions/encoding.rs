//! Encodings of text and of values.

use std::io::Write;

use base64::{Engine, prelude::BASE64_STANDARD};
use flate2::{Compression, write::GzEncoder};
use model::Value;

use super::{Call, Fault, Function, Given, csv, json, yaml, yaml_text};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::stop("base64decode", "text", base64decode),
    Function::stop("base64encode", "text", |call| Ok(BASE64_STANDARD.encode(&*call.text(0)?).into())),
    Function::stop("base64gzip", "text", base64gzip),
    Function::stop("csvdecode", "text", csv::decode),
    Function::stop("jsondecode", "text", json::decode),
    Function::stop("jsonencode", "value", |call| Ok(json::encode(&call.values[0]).into())),
    Function::stop("textdecodebase64", "base64, encoding", textdecodebase64),
    Function::stop("textencodebase64", "text, encoding", textencodebase64),
    Function::stop("urlencode", "text", |call| Ok(urlencoded(&call.text(0)?).into())),
    Function::stop("yamldecode", "text", yaml::decode),
    Function::stop("yamlencode", "value", |call| Ok(yaml_text::encode(&call.values[0]).into())),
];

fn bytes(call: &Call<'_>) -> Given<Vec<u8>> {
    BASE64_STANDARD.decode(&*call.text(0)?).map_err(|error| Fault::at(0, format!("no base64: {error}")))
}

fn base64decode(call: &Call<'_>) -> Given {
    String::from_utf8(bytes(call)?).map(Value::Text).map_err(|_| Fault::at(0, "the bytes inside are no UTF-8 text"))
}

fn base64gzip(call: &Call<'_>) -> Given {
    let failed = |_| Fault::whole("the text cannot be compressed");
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(call.text(0)?.as_bytes()).map_err(failed)?;
    Ok(BASE64_STANDARD.encode(encoder.finish().map_err(failed)?).into())
}

/// Unreserved characters stay, a space becomes `+`, all else `%XX`.
fn urlencoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => char::from(byte).to_string(),
            b' ' => "+".to_owned(),
            other => format!("%{other:02X}"),
        })
        .collect()
}

/// The character encodings that are offered.
#[derive(Clone, Copy)]
enum Charset {
    Utf8,
    Utf16 { big_endian: bool },
    Latin1 { most: u32 },
}

fn charset(call: &Call<'_>) -> Given<Charset> {
    let name = call.text(1)?;
    match name.to_ascii_uppercase().as_str() {
        "UTF-8" => Ok(Charset::Utf8),
        "UTF-16LE" => Ok(Charset::Utf16 { big_endian: false }),
        "UTF-16BE" | "UTF-16" => Ok(Charset::Utf16 { big_endian: true }),
        "ISO-8859-1" | "LATIN1" => Ok(Charset::Latin1 { most: 0xFF }),
        "US-ASCII" | "ASCII" => Ok(Charset::Latin1 { most: 0x7F }),
        _ => Err(Fault::at(1, format!("{name:?} is not offered"))
            .hint("there are UTF-8, UTF-16, UTF-16LE, UTF-16BE, ISO-8859-1 and US-ASCII")),
    }
}

fn textencodebase64(call: &Call<'_>) -> Given {
    let text = call.text(0)?;
    let encoded: Vec<u8> = match charset(call)? {
        Charset::Utf8 => text.as_bytes().to_vec(),
        Charset::Utf16 { big_endian } => text
            .encode_utf16()
            .flat_map(|unit| if big_endian { unit.to_be_bytes() } else { unit.to_le_bytes() })
            .collect(),
        Charset::Latin1 { most } => text
            .chars()
            .map(|character| u8::try_from(u32::from(character)).ok().filter(|byte| u32::from(*byte) <= most))
            .collect::<Option<_>>()
            .ok_or_else(|| Fault::at(0, "a character cannot be written in that encoding"))?,
    };
    Ok(BASE64_STANDARD.encode(encoded).into())
}

fn textdecodebase64(call: &Call<'_>) -> Given {
    let bytes = bytes(call)?;
    let wrong = || Fault::at(0, "the bytes inside are no text in that encoding");
    let text = match charset(call)? {
        Charset::Utf8 => String::from_utf8(bytes).map_err(|_| wrong())?,
        Charset::Utf16 { big_endian } => {
            let units: Vec<u16> = bytes
                .chunks(2)
                .map(|pair| <[u8; 2]>::try_from(pair).ok())
                .map(|pair| {
                    pair.map(|pair| if big_endian { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) })
                })
                .collect::<Option<_>>()
                .ok_or_else(wrong)?;
            String::from_utf16(&units).map_err(|_| wrong())?
        }
        Charset::Latin1 { .. } => bytes.into_iter().map(char::from).collect(),
    };
    Ok(text.into())
}
