#!/usr/bin/env python3
"""Tells what exists at an endpoint, asked with AWS's own SDK for Python.

    census.py ENDPOINT REGION

For each line that it reads it prints one: {"things": [[KIND, ID], ...], "essence": {KIND: [...]}}. The essence has names,
settings and tags, and nothing that differs between equal runs. What an account has from its start is left out. Needs boto3,
which comes with moto.
"""
import datetime
import json
import re
import sys

import boto3
import botocore.config
import botocore.exceptions

# Members that each run makes up, or that tell of the past.
MADE_UP = {
    "ResponseMetadata", "RoleId", "PolicyId", "VersionId", "VersionIdsToStages", "TableId", "creationTime", "RoleLastUsed",
    "UpdateDate", "ItemCount", "TableSizeBytes", "DefaultVersionId", "storedBytes", "SecretVersionsToStages",
}
TOKENS = {"groma:create", "groma:lineage"}
IDS = [
    (re.compile(r"\b(vpc|subnet|sg|sgr|vpce|eni)-[0-9a-f]{8,17}\b"), r"\1-(id)"),
    (re.compile(r"\bdb-[A-Z0-9]{26}\b"), "db-(id)"),
    (re.compile(r"(:secret:.+)-[A-Za-z0-9]{6}$"), r"\1-(id)"),
    (re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"), "(id)"),
]


def lasting(value):
    """A value without what each run makes up."""
    if isinstance(value, dict):
        kept = {name: lasting(member) for name, member in value.items() if name not in MADE_UP}
        return {name: member for name, member in kept.items() if member is not None}
    if isinstance(value, list):
        tags = [item for item in value if not (isinstance(item, dict) and TOKENS & {item.get("Key"), item.get("key")})]
        return sorted((lasting(item) for item in tags), key=lambda item: json.dumps(item, sort_keys=True))
    if isinstance(value, datetime.datetime):
        return None
    if isinstance(value, str):
        for pattern, shown in IDS:
            value = pattern.sub(shown, value)
    return value


class Account:
    def __init__(self, endpoint, region):
        config = botocore.config.Config(retries={"total_max_attempts": 1})
        self.made = {}
        self.client = lambda service: self.made.setdefault(service, boto3.client(
            service, endpoint_url=endpoint, config=config, region_name=region,
            aws_access_key_id="123456789012", aws_secret_access_key="moto"))

    def every(self, service, operation, member, **arguments):
        """All pages of a list."""
        client = self.client(service)
        if not client.can_paginate(operation):
            return getattr(client, operation)(**arguments)[member]
        pages = client.get_paginator(operation).paginate(**arguments)
        return [item for page in pages for item in page[member]]

    def ask(self, service, operation, **arguments):
        """One answer; none where there is nothing to tell of."""
        try:
            return getattr(self.client(service), operation)(**arguments)
        except botocore.exceptions.ClientError as error:
            return {"refused": error.response["Error"]["Code"]}

    def ecr_repositories(self):
        for found in self.every("ecr", "describe_repositories", "repositories"):
            name = found["repositoryName"]
            yield name, [found, self.ask("ecr", "get_lifecycle_policy", repositoryName=name),
                         self.ask("ecr", "list_tags_for_resource", resourceArn=found["repositoryArn"])]

    def dynamodb_tables(self):
        for name in self.every("dynamodb", "list_tables", "TableNames"):
            found = self.ask("dynamodb", "describe_table", TableName=name)
            yield name, [found, self.ask("dynamodb", "describe_time_to_live", TableName=name),
                         self.ask("dynamodb", "describe_continuous_backups", TableName=name),
                         self.ask("dynamodb", "list_tags_of_resource", ResourceArn=found["Table"]["TableArn"])]

    def iam_roles(self):
        for found in self.every("iam", "list_roles", "Roles"):
            name = found["RoleName"]
            if found["Path"].startswith("/aws-service-role/"):
                continue
            inline = self.every("iam", "list_role_policies", "PolicyNames", RoleName=name)
            yield name, [self.ask("iam", "get_role", RoleName=name),
                         self.every("iam", "list_attached_role_policies", "AttachedPolicies", RoleName=name),
                         [self.ask("iam", "get_role_policy", RoleName=name, PolicyName=policy) for policy in inline]]

    def iam_policies(self):
        for found in self.every("iam", "list_policies", "Policies", Scope="Local"):
            arn = found["Arn"]
            version = self.ask("iam", "get_policy_version", PolicyArn=arn, VersionId=found["DefaultVersionId"])
            yield arn, [self.ask("iam", "get_policy", PolicyArn=arn), version]

    def logs_groups(self):
        for found in self.every("logs", "describe_log_groups", "logGroups"):
            yield found["logGroupName"], [found, self.ask(
                "logs", "list_tags_log_group", logGroupName=found["logGroupName"])]

    def ec2_groups(self):
        for found in self.every("ec2", "describe_security_groups", "SecurityGroups"):
            if found["GroupName"] != "default":
                yield found["GroupId"], [found]

    def ec2_rules(self):
        ours = {group for group, _ in self.ec2_groups()}
        for found in self.every("ec2", "describe_security_group_rules", "SecurityGroupRules"):
            if found["GroupId"] in ours:
                yield found["SecurityGroupRuleId"], [found]

    def ec2_endpoints(self):
        for found in self.every("ec2", "describe_vpc_endpoints", "VpcEndpoints"):
            yield found["VpcEndpointId"], [found]

    def rds_instances(self):
        for found in self.every("rds", "describe_db_instances", "DBInstances"):
            yield found["DbiResourceId"], [found]

    def rds_parameter_groups(self):
        for found in self.every("rds", "describe_db_parameter_groups", "DBParameterGroups"):
            name = found["DBParameterGroupName"]
            if not name.startswith("default."):
                yield name, [found, self.every(
                    "rds", "describe_db_parameters", "Parameters", DBParameterGroupName=name, Source="user")]

    def rds_subnet_groups(self):
        for found in self.every("rds", "describe_db_subnet_groups", "DBSubnetGroups"):
            yield found["DBSubnetGroupName"], [found]

    def secretsmanager_secrets(self):
        for found in self.every("secretsmanager", "list_secrets", "SecretList"):
            yield found["ARN"], [found, self.ask("secretsmanager", "get_secret_value", SecretId=found["ARN"])]

    def ssm_parameters(self):
        for found in self.every("ssm", "describe_parameters", "Parameters"):
            yield found["Name"], [found]


KINDS = {
    "dynamodb tables": Account.dynamodb_tables,
    "ec2 endpoints": Account.ec2_endpoints,
    "ec2 groups": Account.ec2_groups,
    "ec2 rules": Account.ec2_rules,
    "ecr repositories": Account.ecr_repositories,
    "iam policies": Account.iam_policies,
    "iam roles": Account.iam_roles,
    "logs groups": Account.logs_groups,
    "rds instances": Account.rds_instances,
    "rds parameter_groups": Account.rds_parameter_groups,
    "rds subnet_groups": Account.rds_subnet_groups,
    "secretsmanager secrets": Account.secretsmanager_secrets,
    "ssm parameters": Account.ssm_parameters,
}


def main(endpoint, region):
    account = Account(endpoint, region)
    for _ in sys.stdin:
        things, essence = [], {}
        for kind, found in KINDS.items():
            for ident, seen in found(account):
                things.append([kind, ident])
                essence.setdefault(kind, []).append(lasting(seen))
        essence = {kind: lasting(list(seen)) for kind, seen in essence.items()}
        print(json.dumps({"things": things, "essence": essence}, default=str), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
