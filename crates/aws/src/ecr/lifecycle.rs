//! Lifecycle policies by meaning (`aws-behaviour.md` 1.2).

use std::collections::BTreeMap;

use model::{Value, schema::Finding};
use serde_json::Value as Json;

use crate::values::as_json;

/// Whether two policies do the same: the order of rules and of tags, empty lists and missing descriptions do not count.
pub(super) fn same(wanted: &Value, live: &Value) -> bool {
    normal(as_json(wanted)) == normal(as_json(live))
}

fn normal(mut policy: Json) -> Json {
    if let Some(rules) = policy.get_mut("rules").and_then(Json::as_array_mut) {
        rules.iter_mut().for_each(normal_rule);
        rules.sort_by_key(|rule| rule["rulePriority"].as_i64());
    }
    policy.sort_all_objects();
    policy
}

fn normal_rule(rule: &mut Json) {
    if rule["description"] == "" {
        rule.as_object_mut().map(|rule| rule.remove("description"));
    }
    if let Some(selection) = rule.get_mut("selection").and_then(Json::as_object_mut) {
        selection.retain(|_, value| value.as_array().is_none_or(|items| !items.is_empty()));
        for tags in selection.values_mut().filter_map(Json::as_array_mut) {
            tags.sort_by_key(Json::to_string);
        }
    }
}

/// Mistakes that ECR would refuse.
pub(super) fn check(arguments: &BTreeMap<String, Value>) -> Vec<Finding> {
    let Some(written) = arguments.get("lifecycle_policy_text").filter(|value| value.is_known()) else {
        return Vec::new();
    };
    let policy = as_json(written);
    let Some(rules) = policy["rules"].as_array() else {
        return vec![finding("a lifecycle policy is a table with `rules`, a list".to_owned())];
    };
    let mut found: Vec<Finding> = rules.iter().filter_map(rule_mistake).map(finding).collect();
    found.extend(priority_mistakes(rules).into_iter().map(finding));
    found
}

fn finding(detail: String) -> Finding {
    Finding {
        path: "lifecycle_policy_text".to_owned(),
        summary: "lifecycle policy not valid",
        detail,
        hint: None,
        warning: false,
    }
}

fn rule_mistake(rule: &Json) -> Option<String> {
    let Some(priority) = rule["rulePriority"].as_i64().filter(|priority| *priority >= 1) else {
        return Some("each rule needs a `rulePriority` of 1 or more".to_owned());
    };
    let selection = &rule["selection"];
    let has = |name: &str| selection[name].as_array().is_some_and(|items| !items.is_empty());
    let mistake = match selection["tagStatus"].as_str() {
        Some("tagged") if has("tagPrefixList") && has("tagPatternList") => {
            "takes `tagPrefixList` or `tagPatternList`, not both"
        }
        Some("tagged") if !has("tagPrefixList") && !has("tagPatternList") => {
            "needs `tagPrefixList` or `tagPatternList` for tagged images"
        }
        Some("tagged" | "untagged" | "any") => match (selection["countType"].as_str(), selection["countUnit"].as_str())
        {
            (Some("imageCountMoreThan"), Some(_)) => "takes no `countUnit` with `imageCountMoreThan`",
            (Some("sinceImagePushed"), unit) if unit != Some("days") => "needs `countUnit = \"days\"`",
            (Some("imageCountMoreThan" | "sinceImagePushed"), _) if !selection["countNumber"].is_number() => {
                "needs `countNumber`"
            }
            (Some(_), _) => return None,
            (None, _) => "needs `countType`",
        },
        _ => "needs `tagStatus`: `tagged`, `untagged` or `any`",
    };
    Some(format!("the rule with priority {priority} {mistake}"))
}

fn priority_mistakes(rules: &[Json]) -> Vec<String> {
    let mut found = Vec::new();
    let mut priorities: Vec<i64> = rules.iter().filter_map(|rule| rule["rulePriority"].as_i64()).collect();
    priorities.sort_unstable();
    if priorities.windows(2).any(|pair| pair[0] == pair[1]) {
        found.push("two rules have the same `rulePriority`".to_owned());
    }
    let any: Vec<i64> = rules
        .iter()
        .filter(|rule| rule["selection"]["tagStatus"] == "any")
        .filter_map(|rule| rule["rulePriority"].as_i64())
        .collect();
    if any.len() > 1 {
        found.push("only one rule may have `tagStatus = \"any\"`".to_owned());
    } else if any.first().is_some_and(|priority| priorities.last() != Some(priority)) {
        found.push("the rule with `tagStatus = \"any\"` must have the highest `rulePriority`".to_owned());
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(text: &str) -> Value {
        Value::from_json(serde_json::from_str(text).expect("the test's JSON"))
    }

    fn mistakes(text: &str) -> Vec<String> {
        let arguments = BTreeMap::from([("lifecycle_policy_text".to_owned(), policy(text))]);
        check(&arguments).into_iter().map(|finding| finding.detail).collect()
    }

    #[test]
    fn order_and_spelling_do_not_count() {
        let written = r#"{"rules":[
            {"rulePriority":2,"selection":{"tagStatus":"any","countType":"imageCountMoreThan","countNumber":5},"action":{"type":"expire"}},
            {"rulePriority":1,"description":"","selection":{"tagStatus":"tagged","tagPrefixList":["b","a"],"countType":"imageCountMoreThan","countNumber":1},"action":{"type":"expire"}}]}"#;
        let live = r#"{"rules":[
            {"action":{"type":"expire"},"rulePriority":1,"selection":{"tagStatus":"tagged","tagPrefixList":["a","b"],"tagPatternList":[],"countType":"imageCountMoreThan","countNumber":1}},
            {"rulePriority":2,"selection":{"countNumber":5,"tagStatus":"any","countType":"imageCountMoreThan"},"action":{"type":"expire"}}]}"#;
        assert!(same(&policy(written), &live.into()));
        assert!(!same(&policy(written), &policy(&live.replace(":5", ":6"))));
    }

    #[test]
    fn what_ecr_refuses_is_found() {
        let rule = |more: &str| format!(r#"{{"rulePriority":1,"selection":{{{more}}},"action":{{"type":"expire"}}}}"#);
        let any = r#""tagStatus":"any","countType":"imageCountMoreThan","countNumber":5"#;
        assert_eq!(mistakes(&format!(r#"{{"rules":[{}]}}"#, rule(any))), Vec::<String>::new());
        assert_eq!(
            mistakes(&format!(r#"{{"rules":[{},{}]}}"#, rule(any), rule(any))),
            ["two rules have the same `rulePriority`", "only one rule may have `tagStatus = \"any\"`"]
        );
        assert_eq!(
            mistakes(&format!(r#"{{"rules":[{}]}}"#, rule(r#""tagStatus":"tagged","countType":"imageCountMoreThan""#))),
            ["the rule with priority 1 needs `tagPrefixList` or `tagPatternList` for tagged images"]
        );
        assert_eq!(mistakes("{}"), ["a lifecycle policy is a table with `rules`, a list"]);
    }
}
