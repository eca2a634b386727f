//! Hashes of text and files.

use base64::{Engine, prelude::BASE64_STANDARD};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};
use uuid::Uuid;

use super::{Call, Fault, Function, Given, files};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::stop("base64sha256", "text", |call| Ok(base64(&Sha256::digest(text(call)?)).into())),
    Function::stop("base64sha512", "text", |call| Ok(base64(&Sha512::digest(text(call)?)).into())),
    Function::stop("filebase64sha256", "path", |call| Ok(base64(&Sha256::digest(files::bytes(call)?)).into())),
    Function::stop("filebase64sha512", "path", |call| Ok(base64(&Sha512::digest(files::bytes(call)?)).into())),
    Function::stop("filemd5", "path", |call| Ok(hex(&Md5::digest(files::bytes(call)?)).into())),
    Function::stop("filesha1", "path", |call| Ok(hex(&Sha1::digest(files::bytes(call)?)).into())),
    Function::stop("filesha256", "path", |call| Ok(hex(&Sha256::digest(files::bytes(call)?)).into())),
    Function::stop("filesha512", "path", |call| Ok(hex(&Sha512::digest(files::bytes(call)?)).into())),
    Function::stop("md5", "text", |call| Ok(hex(&Md5::digest(text(call)?)).into())),
    Function::stop("sha1", "text", |call| Ok(hex(&Sha1::digest(text(call)?)).into())),
    Function::stop("sha256", "text", |call| Ok(hex(&Sha256::digest(text(call)?)).into())),
    Function::stop("sha512", "text", |call| Ok(hex(&Sha512::digest(text(call)?)).into())),
    Function::stop("uuidv5", "namespace, name", uuidv5),
];

fn text(call: &Call<'_>) -> Given<Vec<u8>> {
    Ok(call.text(0)?.as_bytes().to_vec())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn base64(bytes: &[u8]) -> String {
    BASE64_STANDARD.encode(bytes)
}

fn uuidv5(call: &Call<'_>) -> Given {
    let namespace = match &*call.text(0)? {
        "dns" => Uuid::NAMESPACE_DNS,
        "url" => Uuid::NAMESPACE_URL,
        "oid" => Uuid::NAMESPACE_OID,
        "x500" => Uuid::NAMESPACE_X500,
        other => Uuid::parse_str(other)
            .map_err(|_| Fault::at(0, format!("{other:?} is neither a UUID nor dns, url, oid or x500")))?,
    };
    Ok(Uuid::new_v5(&namespace, call.text(1)?.as_bytes()).to_string().into())
}
