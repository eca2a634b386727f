#!/usr/bin/env python3
"""Sends the same calls to several endpoints with AWS's own SDK for Python and prints the answers as data.

    answers.py CALLS ENDPOINT...

CALLS holds one call a line: {"call": "ecr.create_repository", "with": {...}}. For each call one line is printed: a list
with one answer for each endpoint; a refusal is {"refused": CODE}. The call "wait" moves the clock of a local cloud on, so
that what has begun there ends; other endpoints know no waiting. Needs boto3, which comes with moto.
"""
import json
import sys
import urllib.error
import urllib.request

import boto3
import botocore.config
import botocore.exceptions

REGION = "us-east-2"


def answer(client, operation, parameters):
    try:
        answered = getattr(client, operation)(**parameters)
    except botocore.exceptions.ClientError as error:
        return {"refused": error.response["Error"]["Code"]}
    answered.pop("ResponseMetadata", None)
    return answered


def wait(endpoint):
    request = urllib.request.Request(f"{endpoint}/_groma/advance", data=b"45m", method="POST")
    try:
        urllib.request.urlopen(request).close()
    except urllib.error.HTTPError:
        pass


def main(calls, endpoints):
    # One attempt: an answer is an answer, also 500.
    config = botocore.config.Config(retries={"total_max_attempts": 1}, parameter_validation=False)
    account = {"aws_access_key_id": "123456789012", "aws_secret_access_key": "local", "region_name": REGION}
    clients = {}
    with open(calls, encoding="utf-8") as lines:
        for line in filter(str.strip, lines):
            call = json.loads(line)
            if call["call"] == "wait":
                for endpoint in endpoints:
                    wait(endpoint)
                continue
            service, operation = call["call"].split(".")
            answers = []
            for endpoint in endpoints:
                key = (service, endpoint)
                if key not in clients:
                    clients[key] = boto3.client(service, endpoint_url=endpoint, config=config, **account)
                answers.append(answer(clients[key], operation, call["with"]))
            print(json.dumps({"call": call["call"], "answers": answers}, default=str), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
