"""A program of botocore's, as its users write them: one session, calls to STS until it has used two keys.

usage: aws_client.py sts
"""
import json
import time

import botocore.session

session = botocore.session.get_session()
sts = session.create_client('sts')
keys, arns = set(), []
deadline = time.monotonic() + 60
while len(keys) < 2 and time.monotonic() < deadline:
    arns.append(sts.get_caller_identity()['Arn'])
    keys.add(session.get_credentials().get_frozen_credentials().access_key)
    time.sleep(0.05)
print(json.dumps({'keys': len(keys), 'arns': arns[:1] + arns[-1:]}))
