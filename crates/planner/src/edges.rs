//! Orders of deletion that no reference shows (`aws-behaviour.md` 19). The only place of this crate that knows type names.

/// `first` goes before `then`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Edge {
    pub(crate) first: &'static str,
    pub(crate) then: &'static str,
    pub(crate) strength: Strength,
}

/// What happens when the order is not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Strength {
    /// Something is left over or breaks for a while.
    Tidy,
    /// AWS refuses to delete `then` while `first` uses it.
    InUse,
    /// `first` lies inside `then`: AWS refuses, and a new `then` needs a new `first`.
    Part,
}

const EDGES: &[Edge] = &[
    edge("apprunner_custom_domain", "apprunner_service", Strength::Part),
    edge("apprunner_service", "apprunner_auto_scaling_configuration", Strength::InUse),
    edge("apprunner_service", "apprunner_connection", Strength::InUse),
    edge("apprunner_service", "apprunner_observability_configuration", Strength::InUse),
    edge("apprunner_service", "apprunner_vpc_connector", Strength::InUse),
    edge("apprunner_service", "cloudwatch_log_group", Strength::Tidy),
    edge("apprunner_service", "ecr_repository", Strength::Tidy),
    edge("apprunner_service", "iam_role", Strength::Tidy),
    edge("apprunner_service", "secretsmanager_secret", Strength::Tidy),
    edge("apprunner_service", "ssm_parameter", Strength::Tidy),
    edge("iam_role", "iam_policy", Strength::InUse),
    edge("iam_role_policy", "iam_role", Strength::Part),
    edge("iam_role_policy_attachment", "iam_policy", Strength::Part),
    edge("iam_role_policy_attachment", "iam_role", Strength::Part),
];

const fn edge(first: &'static str, then: &'static str, strength: Strength) -> Edge {
    Edge { first, then, strength }
}

/// The edge between two types, when one goes first.
pub(crate) fn between(first: &str, then: &str) -> Option<&'static Edge> {
    EDGES.iter().find(|edge| edge.first == first && edge.then == then)
}

/// Whether a resource lies inside another and so is made anew with it.
pub(crate) fn is_part(type_name: &str, owner: &str) -> bool {
    between(type_name, owner).is_some_and(|edge| edge.strength == Strength::Part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_has_no_circle() {
        assert!(EDGES.is_sorted_by(|a, b| (a.first, a.then) < (b.first, b.then)));
        let mut left: Vec<&Edge> = EDGES.iter().collect();
        while let Some(at) = left.iter().position(|edge| !left.iter().any(|other| other.then == edge.first)) {
            left.remove(at);
        }
        assert_eq!(left, Vec::<&Edge>::new());
    }
}
