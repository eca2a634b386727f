//! What the provider finds wrong with what is to be made, from reads.

use futures::future::join_all;
use model::{Action, Change, Diagnostic, Graph, Plan, Span, Value, schema::Finding};
use provider::{Identity, Place};

use crate::{Engine, Error};

impl Engine<'_> {
    /// Asks each type about what the plan creates of it: all refusals at once, warnings into the plan.
    pub(crate) async fn examine(&self, plan: &mut Plan, graph: &Graph, identity: &Identity) -> Result<(), Error> {
        let made = plan.changes.values().filter(|change| matches!(change.action, Action::Create | Action::Replace(_)));
        let asked = join_all(made.map(|change| self.examine_one(change, graph, identity))).await;
        let mut diagnostics: Vec<Diagnostic> = Vec::new();
        for found in asked {
            diagnostics.extend(found?);
        }
        if diagnostics.iter().any(Diagnostic::is_error) {
            return Err(Error::Diagnostics(diagnostics));
        }
        plan.warnings.extend(diagnostics);
        Ok(())
    }

    async fn examine_one(&self, change: &Change, graph: &Graph, identity: &Identity) -> Result<Vec<Diagnostic>, Error> {
        let address = &change.address;
        let Some(resource) = self.provider.resource(&address.type_name) else { return Ok(Vec::new()) };
        let place = Place {
            region: change.region.clone(),
            account: identity.account.clone(),
            partition: identity.partition.clone(),
        };
        let known = change.want.iter().filter(|(_, value)| value.is_known() && !value.has_secret());
        let known = known.map(|(name, value): (&String, &Value)| (name.clone(), value.clone())).collect();
        match resource.examine(&place, &known).await {
            Ok(found) => Ok(found.into_iter().map(|finding| told(change, graph, finding)).collect()),
            Err(failure) => Err(Error::Unread(vec![(address.to_string(), failure)])),
        }
    }
}

fn told(change: &Change, graph: &Graph, finding: Finding) -> Diagnostic {
    let attribute = finding.path.split('.').next().unwrap_or_default();
    let resource = graph.resources.get(&change.address);
    let span: Option<Span> =
        resource.map(|resource| resource.arguments.get(attribute).map_or(resource.span, |entry| entry.value.span));
    let detail = format!("`{}`: {}", change.address, finding.detail);
    let mut diagnostic = match finding.warning {
        true => Diagnostic::warning(finding.summary, detail, span),
        false => Diagnostic::error(finding.summary, detail, span),
    };
    diagnostic.hints.extend(finding.hint);
    diagnostic
}
