//! EC2's refusals.

use crate::refusal::Refusal;

pub(super) fn invalid(message: impl Into<String>) -> Refusal {
    Refusal::new("InvalidParameterValue", message)
}

/// Names and descriptions of groups and rules: `what` starts the sentence.
pub(super) fn group_text(text: &str, what: &str) -> Result<(), Refusal> {
    let allowed = |letter: char| letter.is_ascii_alphanumeric() || " ._-:/()#,@[]+=&;{}!$*".contains(letter);
    if text.len() < 256 && text.chars().all(allowed) {
        return Ok(());
    }
    let set = "a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*";
    Err(invalid(format!("{what} are strings less than 256 characters from the following set: {set}")))
}

/// What EC2 calls a kind of thing: in its ids, its codes and its words.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kind {
    /// `vpc-`.
    pub(super) prefix: &'static str,
    pub(super) missing: &'static str,
    pub(super) malformed: &'static str,
    /// `vpc ID`, in "The vpc ID 'vpc-1' does not exist".
    pub(super) noun: &'static str,
}

pub(super) const VPC: Kind =
    Kind { prefix: "vpc-", missing: "InvalidVpcID.NotFound", malformed: "InvalidVpcID.Malformed", noun: "vpc ID" };
pub(super) const SUBNET: Kind = Kind {
    prefix: "subnet-",
    missing: "InvalidSubnetID.NotFound",
    malformed: "InvalidSubnetID.Malformed",
    noun: "subnet ID",
};
pub(super) const GROUP: Kind = Kind {
    prefix: "sg-",
    missing: "InvalidGroup.NotFound",
    malformed: "InvalidGroupId.Malformed",
    noun: "security group",
};
pub(super) const GROUP_RULE: Kind = Kind {
    prefix: "sgr-",
    missing: "InvalidSecurityGroupRuleId.NotFound",
    malformed: "InvalidSecurityGroupRuleId.Malformed",
    noun: "security group rule ID",
};
pub(super) const ROUTE_TABLE: Kind = Kind {
    prefix: "rtb-",
    missing: "InvalidRouteTableID.NotFound",
    malformed: "InvalidRouteTableId.Malformed",
    noun: "routeTable ID",
};
pub(super) const GATEWAY: Kind = Kind {
    prefix: "igw-",
    missing: "InvalidInternetGatewayID.NotFound",
    malformed: "InvalidInternetGatewayId.Malformed",
    noun: "internetGateway ID",
};
pub(super) const ACL: Kind = Kind {
    prefix: "acl-",
    missing: "InvalidNetworkAclID.NotFound",
    malformed: "InvalidNetworkAclId.Malformed",
    noun: "networkAcl ID",
};
pub(super) const INTERFACE: Kind = Kind {
    prefix: "eni-",
    missing: "InvalidNetworkInterfaceID.NotFound",
    malformed: "InvalidNetworkInterfaceId.Malformed",
    noun: "networkInterface ID",
};
pub(super) const PREFIX_LIST: Kind = Kind {
    prefix: "pl-",
    missing: "InvalidPrefixListID.NotFound",
    malformed: "InvalidPrefixListId.Malformed",
    noun: "prefix list ID",
};
pub(super) const ENDPOINT: Kind = Kind {
    prefix: "vpce-",
    missing: "InvalidVpcEndpointId.NotFound",
    malformed: "InvalidVpcEndpointId.Malformed",
    noun: "Vpc Endpoint Id",
};

impl Kind {
    /// Refuses ids that cannot be of this kind: eight or seventeen hex digits follow the prefix.
    pub(super) fn check(self, id: &str) -> Result<(), Refusal> {
        let digits = id.strip_prefix(self.prefix).unwrap_or_default();
        if [8, 17].contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Ok(());
        }
        Err(Refusal::new(self.malformed, format!("Invalid id: \"{id}\" (expecting \"{}...\")", self.prefix)))
    }

    /// The refusal that names what is missing.
    pub(super) fn missing(self, ids: &[&str]) -> Refusal {
        let message = match ids {
            [id] => format!("The {} '{id}' does not exist", self.noun),
            ids => format!("The {}s '{}' do not exist", self.noun, ids.join(", ")),
        };
        Refusal::new(self.missing, message)
    }
}
