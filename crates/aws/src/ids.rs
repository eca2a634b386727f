//! Ids that AWS makes up, where people like to write names.

use model::{Value, schema::Finding};

/// A kind of thing with made-up ids.
pub(crate) struct Kind {
    /// What a person calls it.
    what: &'static str,
    /// How its ids begin.
    start: &'static str,
    /// An expression that gives such an id.
    refer: &'static str,
}

pub(crate) const GROUP: Kind =
    Kind { what: "a security group", start: "sg-", refer: "${ec2_security_group.NAME.group_id}" };
pub(crate) const PREFIX_LIST: Kind = Kind { what: "a prefix list", start: "pl-", refer: "pl-63a5400a" };
pub(crate) const ROUTE_TABLE: Kind = Kind { what: "a route table", start: "rtb-", refer: "rtb-0123456789abcdef0" };
pub(crate) const SUBNET: Kind = Kind { what: "a subnet", start: "subnet-", refer: "${data.ec2_subnets.NAME.ids[0]}" };
pub(crate) const VPC: Kind = Kind { what: "a VPC", start: "vpc-", refer: "${data.ec2_vpc.NAME.vpc_id}" };

impl Kind {
    /// A mistake for each text, alone or in a list, that is no id of this kind. What is not known yet is left alone.
    pub(crate) fn mistakes(&self, path: &str, value: Option<&Value>) -> Vec<Finding> {
        match value {
            Some(Value::Text(text)) => self.mistake(path, text).into_iter().collect(),
            Some(Value::List(items)) => {
                let texts = items.iter().enumerate().filter_map(|(at, item)| Some((at, item.as_text()?)));
                texts.filter_map(|(at, text)| self.mistake(&format!("{path}[{at}]"), text)).collect()
            }
            _ => Vec::new(),
        }
    }

    fn mistake(&self, path: &str, text: &str) -> Option<Finding> {
        let Self { what, start, refer } = self;
        (!text.starts_with(start)).then(|| Finding {
            path: path.to_owned(),
            summary: "value not allowed",
            detail: format!("`{text}` is no id of {what}: those begin with `{start}`"),
            hint: Some(format!("for example \"{refer}\"")),
            warning: false,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_no_ids() {
        let said = |value: Value| {
            let found = GROUP.mistakes("groups", Some(&value));
            found.into_iter().map(|finding| format!("{}: {}", finding.path, finding.detail)).collect::<Vec<_>>()
        };
        assert_eq!(said("sg-078818cff038f1d49".into()), Vec::<String>::new());
        assert_eq!(said(Value::Null), Vec::<String>::new());
        assert_eq!(said("web".into()), ["groups: `web` is no id of a security group: those begin with `sg-`"]);
        let list = Value::List(vec!["sg-078818cff038f1d49".into(), "web".into()]);
        assert_eq!(said(list), ["groups[1]: `web` is no id of a security group: those begin with `sg-`"]);
    }
}
