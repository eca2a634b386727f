//! The walk in dependency order: decide a resource, then evaluate what refers to it with its values after the change.

mod computed;
mod data;
mod existing;
mod missing;
mod naming;
mod taken;
mod vanished;
mod words;

pub(crate) use missing::is_settled;
pub(crate) use naming::prefix_attribute;
pub(crate) use vanished::{leave, protected};

use std::collections::{BTreeMap, BTreeSet};

use lang::{Evaluator, Facts};
use model::{
    Action, Address, Change, Diagnostic, Graph, Live, Observed, Plan, ReplaceOrder, Resource, Schema, Schemas, State,
    Value,
    fault::{Fault, is_planted},
};

use crate::{
    PlanError, Request, destroy,
    evaluate::{self, Decided},
    order, outputs, replace, target,
    view::{Finding, Seen, View},
};

/// How far what refers to something must expect new values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fate {
    Same,
    MayChange,
    /// Made anew: its id and all that is not predicted surely change.
    New,
}

/// A change with what later rules ask about it.
#[derive(Debug, Clone)]
pub(crate) struct Decision {
    pub(crate) change: Change,
    /// Attributes that differ.
    pub(crate) changed: BTreeSet<String>,
    /// A replacement whose new object may stand beside the old one.
    pub(crate) fits_beside: bool,
}

pub(crate) type Decisions = BTreeMap<Address, Decision>;

/// The way from values to a plan.
pub(crate) fn plan(
    desired: &Graph,
    recorded: &State,
    observed: &Observed,
    schemas: &Schemas,
    request: &Request<'_>,
) -> Result<Plan, PlanError> {
    assert!(!is_planted(Fault::Panic), "a planted panic");
    let mut findings = Vec::new();
    let view = View::new(desired, recorded, observed, schemas, request, &mut findings);
    let decided = Decided::new(&desired.scopes, request);
    let evaluator = Evaluator::new(&desired.scopes, &decided, request.files);
    let mut decisions = if request.destroy {
        destroy::decide(&view, &evaluator, &decided, &mut findings)
    } else {
        Walk::new(&view, &evaluator, &decided, &mut findings).all()
    };
    replace::settle(&view, &mut decisions, &mut findings);
    let scope = target::scope(&view, &decisions, &mut findings);
    decisions.retain(|address, _| scope.contains(address));
    let (errors, warnings): (Vec<_>, Vec<_>) = findings
        .into_iter()
        .filter(|(address, _)| address.as_ref().is_none_or(|address| scope.contains(address)))
        .map(|(_, finding)| finding)
        .partition(Diagnostic::is_error);
    let (steps, knots) = order::steps(&view, &decisions);
    let (outputs, wrong) = outputs::plan(&view, &evaluator, &decided, &decisions, &scope);
    let diagnostics: Vec<Diagnostic> = errors.into_iter().chain(knots).chain(wrong).collect();
    if !diagnostics.is_empty() {
        return Err(PlanError { diagnostics: once(diagnostics) });
    }
    let changes: BTreeMap<Address, Change> =
        decisions.into_iter().map(|(address, decision)| (address, decision.change)).collect();
    let mut plan = Plan {
        format: FORMAT,
        made_by: request.made_by.clone(),
        world: request.world,
        environment: desired.scopes.environment.name.clone(),
        account: desired.scopes.environment.account.clone().or_else(|| recorded.account.clone()),
        region: home(&view).to_owned(),
        lineage: recorded.lineage.clone(),
        serial: recorded.serial,
        sources_digest: request.sources_digest.clone(),
        partial: scope.is_partial(),
        destroy: request.destroy,
        changes,
        steps,
        outputs,
        warnings: once(warnings),
        ..Plan::default()
    };
    carry_what_residuals_need(&mut plan, &view, &evaluator, &decided);
    Ok(plan)
}

/// The version of the plan's form.
const FORMAT: u32 = 1;

/// The region of what names none.
pub(crate) fn home<'v>(view: &'v View<'_>) -> &'v str {
    let environment = &view.graph.scopes.environment.region;
    let settings = &view.graph.settings.region;
    [environment, settings].into_iter().find(|region| !region.is_empty()).unwrap_or(&view.state.region)
}

fn once(diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut kept: Vec<Diagnostic> = Vec::new();
    for diagnostic in diagnostics {
        if !kept.contains(&diagnostic) {
            kept.push(diagnostic);
        }
    }
    kept
}

/// A plan without residuals needs no scopes and no sources to be carried out.
fn carry_what_residuals_need(plan: &mut Plan, view: &View<'_>, evaluator: &Evaluator<'_>, decided: &Decided<'_>) {
    let later = plan.changes.values().any(|change| !change.residuals.is_empty())
        || plan.outputs.values().any(|output| output.residual.is_some());
    if later {
        plan.scopes = view.graph.scopes.clone();
        plan.scopes.files.extend(evaluator.files_read());
        let read = view.graph.data.keys().chain(view.graph.scopes.data.keys());
        let read = read.filter(|address| !plan.changes.contains_key(*address));
        let read = read.filter_map(|address| Some((address.clone(), decided.sealed(decided.data(address)?))));
        plan.scopes.data = read.collect();
        plan.sources = view.request.sources.clone();
    } else {
        plan.scopes.environment = view.graph.scopes.environment.clone();
    }
}

/// The walk and what it has decided so far.
pub(crate) struct Walk<'w, 'a> {
    view: &'w View<'a>,
    evaluator: &'w Evaluator<'w>,
    decided: &'w Decided<'a>,
    findings: &'w mut Vec<Finding>,
    decisions: Decisions,
    fates: BTreeMap<Address, Fate>,
}

/// One resource while it is decided.
pub(crate) struct Asked<'r> {
    pub(crate) resource: &'r Resource,
    pub(crate) schema: &'static Schema,
    /// The change as far as TOML says it.
    pub(crate) change: Change,
}

impl<'w, 'a> Walk<'w, 'a> {
    pub(crate) fn new(
        view: &'w View<'a>,
        evaluator: &'w Evaluator<'w>,
        decided: &'w Decided<'a>,
        findings: &'w mut Vec<Finding>,
    ) -> Self {
        Self { view, evaluator, decided, findings, decisions: Decisions::new(), fates: BTreeMap::new() }
    }

    /// Decides everything that is written and everything that is only recorded.
    pub(crate) fn all(mut self) -> Decisions {
        let order = match self.view.graph.order() {
            Ok(order) => order,
            Err(cycles) => {
                self.findings.extend(cycles.iter().map(|cycle| {
                    (None, Diagnostic::error("resources that wait for each other", cycle.to_string(), None))
                }));
                return self.decisions;
            }
        };
        for address in &order {
            if let Some(resource) = self.view.graph.resources.get(address) {
                self.resource(resource);
            } else if let Some(data) = self.view.graph.data.get(address) {
                self.data(data);
            }
        }
        self.vanished();
        self.taken_names();
        self.unknown_replacements();
        self.decisions
    }

    fn resource(&mut self, resource: &Resource) {
        let address = &resource.address;
        let Some(schema) = self.view.schema(address) else {
            let detail = format!("`{}` is no resource type", address.type_name);
            return self.refuse(address, Diagnostic::error("unknown type", detail, Some(resource.span)));
        };
        let region = self.region(resource, schema);
        let arguments = evaluate::arguments(self.evaluator, self.decided, schema, resource, self.findings);
        let (Some(region), Some(arguments)) = (region, arguments) else { return self.give_up(resource, schema) };
        let mut change = blank(address, &region);
        change.place = self.view.place(resource.span);
        change.delete_arguments = deletion(schema, &arguments.want);
        change.want = arguments.want;
        change.residuals = arguments.residuals;
        change.dependencies.clone_from(&resource.dependencies);
        change.lifecycle.clone_from(&resource.lifecycle);
        change.timeouts.clone_from(&resource.timeouts);
        change.moved_from = self.view.moved_from.get(address).cloned();
        let asked = Asked { resource, schema, change };
        let recorded = self.view.recorded.get(address);
        match (recorded.filter(|recorded| !recorded.id.is_empty()), self.view.seen(address)) {
            (Some(recorded), Seen::Live(live)) => {
                let live = self.view.hidden(live, &recorded.applied);
                let live = self.view.hidden(&live, &asked.change.want);
                self.existing(asked, recorded, &live);
            }
            (Some(recorded), Seen::Unread) => self.existing(asked, recorded, &View::assumed(recorded)),
            (Some(recorded), Seen::Gone) => {
                let reason = format!("gone since the last run (`{}`)", recorded.id);
                self.missing(asked, vec![reason]);
            }
            (None, _) => self.missing(asked, Vec::new()),
        }
    }

    fn region(&mut self, resource: &Resource, schema: &Schema) -> Option<String> {
        let Some(written) = resource.region.as_ref().filter(|_| !schema.global) else {
            return Some(home(self.view).to_owned());
        };
        match evaluate::known_text(self.evaluator, "region", written) {
            Ok(region) => Some(region.unwrap_or_else(|| home(self.view).to_owned())),
            Err(mistakes) => {
                mistakes.into_iter().for_each(|mistake| self.refuse(&resource.address, mistake));
                None
            }
        }
    }

    fn refuse(&mut self, address: &Address, diagnostic: Diagnostic) {
        self.findings.push((Some(address.clone()), diagnostic));
    }

    /// What refers to something that cannot be evaluated shall not be blamed for it.
    fn give_up(&mut self, resource: &Resource, schema: &Schema) {
        let unknown = |name: &str| (name.to_owned(), evaluate::unknown(&resource.address, name));
        let attributes = schema.attributes.iter().map(|spec| unknown(spec.name)).collect();
        self.decided.set(resource.address.clone(), attributes);
        self.fates.insert(resource.address.clone(), Fate::MayChange);
    }

    /// Writes a decision down; what refers to it sees its values after the change.
    fn decide(&mut self, schema: &Schema, decision: Decision, live: Option<&Live>) {
        let change = &decision.change;
        let kept = live.filter(|_| !matches!(change.action, Action::Create | Action::Replace(_)));
        self.decided.set(change.address.clone(), computed::attributes(schema, change, kept));
        let fate = match change.action {
            Action::Create | Action::Replace(_) => Fate::New,
            Action::Update | Action::Finish | Action::Import | Action::Adopt | Action::Read => Fate::MayChange,
            _ => Fate::Same,
        };
        self.fates.insert(change.address.clone(), fate);
        self.decisions.insert(change.address.clone(), decision);
    }

    fn fate(&self, address: &Address) -> Fate {
        self.fates.get(address).copied().unwrap_or(Fate::Same)
    }

    /// `--replace` of what is not there.
    fn unknown_replacements(&mut self) {
        for address in &self.view.request.replace {
            let there = self.view.graph.resources.contains_key(address) && self.view.recorded.contains_key(address);
            if !there {
                let detail = format!("`{address}` is not both written and recorded, so there is nothing to replace");
                self.findings.push((None, Diagnostic::error("nothing to replace", detail, None)));
            }
        }
    }
}

/// A change of which only the address is known.
pub(crate) fn blank(address: &Address, region: &str) -> Change {
    Change::blank(address, Action::Keep, region)
}

/// The arguments of deletion among the written ones.
pub(crate) fn deletion(schema: &Schema, want: &BTreeMap<String, Value>) -> BTreeMap<String, Value> {
    let names = schema.deletion_arguments();
    let written = want.iter().filter(|(name, value)| names.contains(name.as_str()) && value.is_known());
    written.map(|(name, value)| (name.clone(), value.clone())).collect()
}

impl Decision {
    pub(crate) fn plain(change: Change) -> Self {
        Self { change, changed: BTreeSet::new(), fits_beside: false }
    }

    pub(crate) fn replaces(&self) -> Option<ReplaceOrder> {
        match self.change.action {
            Action::Replace(order) => Some(order),
            _ => None,
        }
    }
}
