"""botocore as a test's peer, the copy that comes with the AWS CLI: signs requests, and reads event streams.

Reads one JSON document from stdin and prints one: {"sign": [request, ...]} or {"events": base64}.
"""
import base64
import json
import sys

import awscli.botocore.session  # Before the rest: its modules import one another in a circle.
from awscli.botocore import auth, eventstream
from awscli.botocore.awsrequest import AWSRequest
from awscli.botocore.credentials import Credentials


def signed(wanted):
    keys = Credentials(wanted["access_key"], wanted["secret"], wanted.get("token"))
    request = AWSRequest(
        method=wanted.get("method", "POST"),
        url=wanted["url"],
        headers=wanted.get("headers", {}),
        data=wanted.get("body", "").encode(),
    )
    scope = (wanted.get("service", "sts"), wanted.get("region", "eu-central-1"))
    if "expires" in wanted:
        auth.SigV4QueryAuth(keys, *scope, expires=wanted["expires"]).add_auth(request)
    else:
        auth.SigV4Auth(keys, *scope).add_auth(request)
    return {
        "method": request.method,
        "url": request.url,
        "headers": dict(request.headers.items()),
        "body": wanted.get("body", ""),
    }


def events(stream):
    buffer = eventstream.EventStreamBuffer()
    buffer.add_data(base64.b64decode(stream))
    told = []
    for event in buffer:
        headers = event.headers
        payload = json.loads(event.payload)
        told.append({"headers": headers, "event": json.loads(base64.b64decode(payload["bytes"]))})
    return told


asked = json.load(sys.stdin)
if "sign" in asked:
    print(json.dumps([signed(one) for one in asked["sign"]]))
else:
    print(json.dumps(events(asked["events"])))
