"""The same as bench_sigv4, by botocore: sigv4_botocore.py BODY_SIZE SECONDS"""

import datetime
import sys
import time
import types

import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

MOMENT = datetime.datetime(2015, 8, 30, 12, 36)


class Frozen(datetime.datetime):
    @classmethod
    def utcnow(cls):
        return MOMENT


botocore.auth.datetime = types.SimpleNamespace(datetime=Frozen)
botocore.auth.get_current_datetime = lambda *_, **__: MOMENT
body, wanted = b'b' * int(sys.argv[1]), float(sys.argv[2])
signer = botocore.auth.SigV4Auth(
    Credentials('AKIDEXAMPLE', 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY', 't' * 400), 'dynamodb', 'us-east-1')
headers = {'Content-Type': 'application/x-amz-json-1.0', 'X-Amz-Target': 'DynamoDB_20120810.GetItem'}
turns, start = 0, time.process_time()
while time.process_time() - start < wanted:
    for _ in range(4):
        request = AWSRequest(method='POST', url='https://dynamodb.us-east-1.amazonaws.com/', data=body, headers=headers)
        signer.add_auth(request)
    turns += 4
spent = time.process_time() - start
print(turns / spent, request.headers['Authorization'].rsplit('=', 1)[1])
