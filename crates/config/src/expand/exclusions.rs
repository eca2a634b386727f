//! Things that two blocks would both own.

use model::{Attribute, Diagnostic, Graph, Resource, Schemas, expression::Entry};

use crate::mistakes::Mistakes;

/// Refuses references to resources that own the same thing by an attribute of theirs.
pub(super) fn check(graph: &Graph, schemas: &Schemas, mistakes: &mut Mistakes) {
    for resource in graph.resources.values() {
        let Some(schema) = schemas.resource(&resource.address.type_name) else { continue };
        for (name, entry) in &resource.arguments {
            if let Some(attribute) = schema.attribute(name) {
                mistakes.extend(clashes(graph, resource, attribute, entry));
            }
        }
    }
}

fn clashes(graph: &Graph, resource: &Resource, attribute: &Attribute, entry: &Entry) -> Vec<Diagnostic> {
    let Some((type_name, other)) = attribute.excludes else { return Vec::new() };
    let referred = lang::references(&graph.scopes, &entry.value);
    let owners = referred.iter().filter(|address| address.type_name == type_name);
    let written = owners.filter_map(|address| Some((address, graph.resources.get(address)?.arguments.get(other)?)));
    written
        .map(|(address, theirs)| {
            let detail = format!("`{}` and `{other}` of `{address}` would both own the same thing", resource.address);
            Diagnostic::error("owned twice", detail, Some(entry.value.span))
                .label(theirs.key_span, "written here")
                .hint(format!("write it in `{other}`, or take `{other}` away and keep blocks of their own"))
        })
        .collect()
}
