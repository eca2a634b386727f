//! Requests in, whole responses out.

use http::Request;
use serde_json::{Value, json};

use super::*;
use crate::refusal::Answer;

const SCOPE: &str =
    "AWS4-HMAC-SHA256 Credential=123456789012/20260101/us-east-2/SERVICE/aws4_request, SignedHeaders=host, Signature=0";

fn signed(service: &str) -> http::request::Builder {
    Request::post("/").header("authorization", SCOPE.replace("SERVICE", service))
}

fn json_request(service: &str, target: &str, body: &Value) -> Request<Bytes> {
    signed(service).header("x-amz-target", target).body(Bytes::from(body.to_string())).unwrap()
}

fn form_request(service: &str, body: &str) -> Request<Bytes> {
    signed(service).body(Bytes::from(body.to_owned())).unwrap()
}

/// The input a service gets, or the response that refuses the request.
fn read_whole(request: &Request<Bytes>) -> String {
    let call = match read(request) {
        Ok(call) => call,
        Err(refused) => return shown(refuse(&refused.dialect, &refused.refusal, "id")),
    };
    match call.check() {
        Ok(()) => call.input.to_string(),
        Err(refusal) => shown(respond(&call, Err(refusal), "id")),
    }
}

fn shown(response: http::Response<Bytes>) -> String {
    let body = String::from_utf8_lossy(response.body()).into_owned();
    format!("{} {}\n{body}", response.status().as_u16(), response.headers()["content-type"].to_str().unwrap())
}

fn check(request: Request<Bytes>, expected: &str) {
    assert_eq!(read_whole(&request), expected);
}

fn check_answer(request: Request<Bytes>, answer: Answer, expected: &str) {
    let call = read(&request).map_err(|refused| refused.refusal).unwrap();
    assert_eq!(shown(respond(&call, answer, "id")), expected);
}

const CREATE_REPOSITORY: &str = "AmazonEC2ContainerRegistry_V20150921.CreateRepository";

#[test]
fn json_keeps_what_the_model_knows() {
    let body =
        json!({ "repositoryName": "app", "unknown": 1, "tags": [{ "Key": "a", "Value": "b" }], "registryId": null });
    check(
        json_request("ecr", CREATE_REPOSITORY, &body),
        r#"{"repositoryName":"app","tags":[{"Key":"a","Value":"b"}]}"#,
    );
}

#[test]
fn json_refuses_a_wrong_type() {
    check(
        json_request("ecr", CREATE_REPOSITORY, &json!({ "repositoryName": 7 })),
        "400 application/x-amz-json-1.1\n{\"__type\":\"SerializationException\",\"message\":\"NUMBER_VALUE cannot be converted to String\"}",
    );
}

#[test]
fn ecr_refuses_in_its_own_words() {
    check(
        json_request(
            "ecr",
            "AmazonEC2ContainerRegistry_V20150921.GetLifecyclePolicy",
            &json!({ "repositoryName": "a", "registryId": "12" }),
        ),
        "400 application/x-amz-json-1.1\n{\"__type\":\"InvalidParameterException\",\"message\":\"Invalid parameter at 'registryId' \
         failed to satisfy constraint: 'must satisfy regular expression '[0-9]{12}''; Invalid parameter at 'repositoryName' failed to \
         satisfy constraint: 'must have length greater than or equal to 2'\"}",
    );
}

#[test]
fn dynamodb_counts_its_complaints() {
    let body = json!({ "TableName": "", "AttributeDefinitions": [{ "AttributeName": "a", "AttributeType": "X" }] });
    check(
        json_request("dynamodb", "DynamoDB_20120810.CreateTable", &body),
        "400 application/x-amz-json-1.0\n{\"__type\":\"com.amazon.coral.validate#ValidationException\",\"message\":\"2 validation errors \
         detected: Value 'X' at 'attributeDefinitions.1.member.attributeType' failed to satisfy constraint: Member must satisfy enum value \
         set: [S, N, B]; Value '' at 'tableName' failed to satisfy constraint: Member must have length greater than or equal to 1\"}",
    );
}

#[test]
fn logs_names_the_pattern_before_the_length() {
    check(
        json_request("logs", "Logs_20140328.DescribeLogGroups", &json!({ "logGroupNamePrefix": "", "limit": 0 })),
        "400 application/x-amz-json-1.1\n{\"__type\":\"InvalidParameterException\",\"message\":\"3 validation errors detected: Value '' at \
         'logGroupNamePrefix' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\\\.\\\\-_/#A-Za-z0-9]+; Value \
         '' at 'logGroupNamePrefix' failed to satisfy constraint: Member must have length greater than or equal to 1; Value '0' at 'limit' \
         failed to satisfy constraint: Member must have value greater than or equal to 1\"}",
    );
}

#[test]
fn elements_of_lists_and_maps_are_named_together() {
    let body = json!({ "logGroupName": "g", "tags": { "": "v", "k": "v" } });
    let expected = "400 application/x-amz-json-1.1\n{\"__type\":\"InvalidParameterException\",\"message\":\"1 validation error detected: \
                    Value '{=v, k=v}' at 'tags' failed to satisfy constraint: Map keys must satisfy constraint: [Member must satisfy regular \
                    expression pattern: ^([\\\\p{L}\\\\p{Z}\\\\p{N}_.:/=+\\\\-@]+)$, Member must have length less than or equal to 128, Member \
                    must have length greater than or equal to 1]\"}";
    check(json_request("logs", "Logs_20140328.CreateLogGroup", &body), expected);
}

#[test]
fn an_unknown_operation_is_named() {
    check(
        json_request("ecr", "AmazonEC2ContainerRegistry_V20150921.StartImageScan", &json!({})),
        "400 application/x-amz-json-1.1\n{\"__type\":\"UnknownOperationException\",\"message\":\"the local cloud does not serve ecr:StartImageScan\"}",
    );
    check(
        form_request("iam", "Action=CreateUser&Version=2010-05-08"),
        "400 text/xml\n<ErrorResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"><Error><Type>Sender</Type><Code>InvalidAction</Code>\
         <Message>Could not find operation CreateUser for version 2010-05-08</Message></Error><RequestId>id</RequestId></ErrorResponse>",
    );
    check(
        json_request("kms", "TrentService.CreateKey", &json!({})),
        "400 application/x-amz-json-1.1\n{\"__type\":\"UnknownOperationException\",\"message\":\"the local cloud does not serve \
         kms:TrentService.CreateKey; it serves apprunner, dynamodb, ec2, ecr, iam, logs, rds, s3, secretsmanager, ssm, sts\"}",
    );
}

#[test]
fn an_unsigned_request_is_refused_except_where_none_is_signed() {
    let unsigned = |target: &str| Request::post("/").header("x-amz-target", target).body(Bytes::new()).unwrap();
    check(
        unsigned("DynamoDB_20120810.ListTables"),
        "400 application/x-amz-json-1.0\n{\"__type\":\"com.amazon.coral.service#MissingAuthenticationTokenException\",\"message\":\"Request is \
         missing Authentication Token\"}",
    );
    let form = |body: &'static str| Request::post("/").body(Bytes::from(body)).unwrap();
    check(
        form("Action=GetCallerIdentity&Version=2011-06-15"),
        "403 text/xml\n<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender</Type>\
         <Code>MissingAuthenticationToken</Code><Message>Request is missing Authentication Token</Message></Error><RequestId>id</RequestId>\
         </ErrorResponse>",
    );
    check(
        form(
            "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=arn:aws:iam::1:role/r&RoleSessionName=ci&WebIdentityToken=abcd",
        ),
        r#"{"RoleArn":"arn:aws:iam::1:role/r","RoleSessionName":"ci","WebIdentityToken":"abcd"}"#,
    );
}

#[test]
fn forms_are_read_by_their_paths() {
    check(
        form_request(
            "iam",
            "Action=CreateRole&Version=2010-05-08&RoleName=r&AssumeRolePolicyDocument=%7B%7D&MaxSessionDuration=3600\
             &Tags.member.1.Key=a&Tags.member.1.Value=&Tags.member.2.Key=b&Tags.member.2.Value=c+d",
        ),
        r#"{"RoleName":"r","AssumeRolePolicyDocument":"{}","MaxSessionDuration":3600,"Tags":[{"Key":"a","Value":""},{"Key":"b","Value":"c d"}]}"#,
    );
    check(
        form_request(
            "ec2",
            "Action=DescribeSubnets&Version=2016-11-15&SubnetId.1=s-1&SubnetId.2=s-2&Filter.1.Name=vpc-id&Filter.1.Value.1=v",
        ),
        r#"{"Filters":[{"Name":"vpc-id","Values":["v"]}],"SubnetIds":["s-1","s-2"]}"#,
    );
}

#[test]
fn iam_and_ec2_refuse_in_their_own_words() {
    check(
        form_request("iam", "Action=GetRole&Version=2010-05-08&RoleName=a+b"),
        "400 text/xml\n<ErrorResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"><Error><Type>Sender</Type><Code>ValidationError</Code>\
         <Message>The specified value for roleName is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-\
         </Message></Error><RequestId>id</RequestId></ErrorResponse>",
    );
    check(
        form_request("ec2", "Action=DescribeVpcs&Version=2016-11-15&Wrong=1"),
        "400 text/xml;charset=UTF-8\n<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Response><Errors><Error><Code>UnknownParameter</Code>\
         <Message>The parameter Wrong is not recognized</Message></Error></Errors><RequestID>id</RequestID></Response>",
    );
    check(
        form_request("ec2", "Action=DescribeVpcAttribute&Version=2016-11-15&Attribute=enableDnsSupport"),
        "400 text/xml;charset=UTF-8\n<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Response><Errors><Error><Code>MissingParameter</Code>\
         <Message>The request must contain the parameter vpcId</Message></Error></Errors><RequestID>id</RequestID></Response>",
    );
}

#[test]
fn answers_follow_the_protocol() {
    check_answer(
        json_request("ecr", CREATE_REPOSITORY, &json!({ "repositoryName": "app" })),
        Ok(
            json!({ "repository": { "createdAt": "2026-01-01T00:00:00.5Z", "repositoryName": "app", "registryId": null } }),
        ),
        "200 application/x-amz-json-1.1\n{\"repository\":{\"createdAt\":1767225600.5,\"repositoryName\":\"app\"}}",
    );
    check_answer(
        form_request("iam", "Action=ListRoles&Version=2010-05-08"),
        Ok(json!({ "Roles": [{ "RoleName": "<r>", "CreateDate": "2026-01-01T00:00:00.5Z" }], "IsTruncated": false })),
        "200 text/xml\n<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ListRolesResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\">\
         <ListRolesResult><Roles><member><RoleName>&lt;r&gt;</RoleName><CreateDate>2026-01-01T00:00:00Z</CreateDate></member></Roles>\
         <IsTruncated>false</IsTruncated></ListRolesResult><ResponseMetadata><RequestId>id</RequestId></ResponseMetadata></ListRolesResponse>",
    );
    check_answer(
        form_request("ec2", "Action=DescribeVpcs&Version=2016-11-15"),
        Ok(json!({ "Vpcs": [{ "VpcId": "vpc-1", "IsDefault": true }] })),
        "200 text/xml;charset=UTF-8\n<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<DescribeVpcsResponse \
         xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\"><requestId>id</requestId><vpcSet><item><isDefault>true</isDefault>\
         <vpcId>vpc-1</vpcId></item></vpcSet></DescribeVpcsResponse>",
    );
}

#[test]
fn refusals_have_the_model_s_status_and_names() {
    check_answer(
        form_request("iam", "Action=GetRole&Version=2010-05-08&RoleName=r"),
        Err(Refusal::new("NoSuchEntity", "The role with name r cannot be found.")),
        "404 text/xml\n<ErrorResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"><Error><Type>Sender</Type><Code>NoSuchEntity</Code>\
         <Message>The role with name r cannot be found.</Message></Error><RequestId>id</RequestId></ErrorResponse>",
    );
    check_answer(
        json_request("dynamodb", "DynamoDB_20120810.DescribeTable", &json!({ "TableName": "tab" })),
        Err(Refusal::new("ResourceNotFoundException", "Requested resource not found: Table: tab not found")),
        "400 application/x-amz-json-1.0\n{\"__type\":\"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException\",\"message\":\"Requested \
         resource not found: Table: tab not found\"}",
    );
    check_answer(
        json_request("ecr", CREATE_REPOSITORY, &json!({ "repositoryName": "app" })),
        Ok(json!({ "repo": {} })),
        "500 application/x-amz-json-1.1\n{\"__type\":\"InternalFailure\",\"message\":\"a mistake of the local cloud: CreateRepositoryResponse \
         has no member repo\"}",
    );
}

#[test]
fn a_call_is_named_by_what_it_is_about() {
    let identity = |request| read(&request).unwrap().identity();
    assert_eq!(identity(json_request("ecr", CREATE_REPOSITORY, &json!({ "repositoryName": "app" }))), "app");
    let tags = json!({ "resourceArn": "arn:x", "tags": [] });
    assert_eq!(identity(json_request("ecr", "AmazonEC2ContainerRegistry_V20150921.TagResource", &tags)), "arn:x");
}
