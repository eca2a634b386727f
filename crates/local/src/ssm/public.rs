//! Public parameters that AWS keeps for everybody: the newest machine images, read-only.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::filter;
use crate::world::Caller;

/// The names that stand for an image's id; `{arch}` is `x86_64` and `arm64`, `{cpu}` is `amd64` and `arm64`.
const IMAGES: &[&str] = &[
    "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-6.1-{arch}",
    "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-{arch}",
    "/aws/service/ami-amazon-linux-latest/al2023-ami-minimal-kernel-default-{arch}",
    "/aws/service/ami-amazon-linux-latest/amzn2-ami-hvm-x86_64-gp2",
    "/aws/service/ami-amazon-linux-latest/amzn2-ami-kernel-5.10-hvm-{arch}-gp2",
    "/aws/service/ami-windows-latest/Windows_Server-2022-English-Full-Base",
    "/aws/service/bottlerocket/aws-ecs-2/{arch}/latest/image_id",
    "/aws/service/canonical/ubuntu/server/22.04/stable/current/{cpu}/hvm/ebs-gp2/ami-id",
    "/aws/service/canonical/ubuntu/server/24.04/stable/current/{cpu}/hvm/ebs-gp3/ami-id",
    "/aws/service/debian/release/12/latest/{cpu}",
    "/aws/service/ecs/optimized-ami/amazon-linux-2023/arm64/recommended/image_id",
    "/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id",
];
const VERSION: u64 = 1;
const MODIFIED: &str = "2026-01-01T00:00:00Z";

/// The public parameter of a name or an ARN.
pub(super) fn view(caller: &Caller, id: &str) -> Option<Value> {
    let prefix = format!("arn:{}:ssm:{}::parameter", caller.partition, caller.region);
    let name = id.strip_prefix(&prefix).unwrap_or(id);
    names().find(|known| known == name).map(|name| shown(caller, &name))
}

/// Those below a path.
pub(super) fn under(caller: &Caller, path: &str, recursive: bool) -> Vec<Value> {
    names()
        .filter(|name| filter::under(path, name, recursive) && path.starts_with("/aws/"))
        .map(|name| shown(caller, &name))
        .collect()
}

fn names() -> impl Iterator<Item = String> {
    IMAGES.iter().flat_map(|name| match name {
        name if name.contains("{arch}") => vec![name.replace("{arch}", "arm64"), name.replace("{arch}", "x86_64")],
        name if name.contains("{cpu}") => vec![name.replace("{cpu}", "amd64"), name.replace("{cpu}", "arm64")],
        name => vec![(*name).to_owned()],
    })
}

fn shown(caller: &Caller, name: &str) -> Value {
    json!({
        "Name": name,
        "Type": "String",
        "Value": image(&caller.region, name),
        "Version": VERSION,
        "LastModifiedDate": MODIFIED,
        "ARN": format!("arn:{}:ssm:{}::parameter{name}", caller.partition, caller.region),
        "DataType": "aws:ec2:image",
    })
}

/// Each region has images of its own.
fn image(region: &str, name: &str) -> String {
    let digest = Sha256::digest(format!("{region} {name}"));
    let hex: String = digest.iter().take(9).map(|byte| format!("{byte:02x}")).collect();
    format!("ami-{}", &hex[..17])
}
