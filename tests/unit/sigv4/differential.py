#!/usr/bin/env python3
"""Signs thousands of random requests with hearth and with botocore, and compares every octet of what is sent.

    differential.py SIGN_LINES [SEED [COUNT]]
"""

import json
import random
import subprocess
import sys
from types import SimpleNamespace
from urllib.parse import quote

import botocore.auth
from botocore_signer import freeze, keys, request

SEGMENTS = ['a', 'b.c', '.', '..', '...', '', '', ' ', 'two words', '%20', '%2F', '%2f', '%zz', '%', '~', '-_', "!*'()", 'ü',
            'ሴ', '🦜', 'a:b', '@', '+', '&=', '$,', '[x]', '"', '\\', '|', '^`{}', ';v=1', 'arn:aws:x', '*']
TEXTS = ['', 'v', 'two words', 'a+b', '+', '%', '%41', 'ü', 'ሴ', '/', '=', '&', '~', "!*'()", 'A', 'a', 'z', '0', '-', 'Param',
         'Param-3', 'é\t', '#', '?', ':@', '\x01']
HEADERS = ['X-Amz-Meta-A', 'x-amz-meta-a', 'X-AMZ-TARGET', 'Content-Type', 'My-Header1', 'my-header1', 'P', 'p-2', 'Accept',
           'Range', 'X-Amz-Storage-Class', 'User-Agent', 'Expect', 'X-Amzn-Trace-Id', 'content-length', 'a1', 'A-']
VALUES = ['', 'v', '  led', 'trailed \t', 'two  words', 'a\tb   c', 'UPPER', 'a,b', '"a  b"', 'ü', 'application/json; charset=utf-8',
          ' ', 'x' * 700, '1   2 3']
IDENTITIES = [(f'AKIDEXAMPLE{n}', secret) for n, secret in enumerate(
    ['wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY', 's', 'x' * 59, 'x' * 60, 'x' * 61, 'y' * 200, 'ünïcode'])]
TOKENS = ['', '', 'token', 'AQoDYXdzEPT//////////wEXAMPLE==' + 'Z' * 900]
METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'PATCH', 'OPTIONS', 'get', 'pOsT']
REGIONS = ['us-east-1', 'eu-central-1', 'cn-north-1', 'us-gov-west-1']
SERVICES = ['sts', 'bedrock', 'iam', 'execute-api', 'dynamodb']


def sloppy(chooser, text):
    """One of the ways in which a program may percent-encode a text, none of them wrong."""
    out = ''
    for octet in text.encode():
        character = chr(octet)
        if character.isalnum() and octet < 128 or character in '-._~':
            out += f'%{octet:02x}' if chooser.random() < 0.1 else character
        elif character in "!*'(),;:@/$" and chooser.random() < 0.5:
            out += character
        else:
            out += f'%{octet:02x}' if chooser.random() < 0.5 else f'%{octet:02X}'
    return out


def encoded(text):
    return quote(text, safe='-._~')


class Case:
    """One request: what hearth is given (`line`), and the same for botocore."""

    def __init__(self, chooser):
        self.s3 = chooser.random() < 0.3
        self.presigned = chooser.random() < 0.3
        identity, secret = chooser.choice(IDENTITIES)
        self.line = {
            'method': chooser.choice(METHODS), 'id': identity, 'secret': secret, 'token': chooser.choice(TOKENS),
            'service': 's3' if self.s3 else chooser.choice(SERVICES), 'region': chooser.choice(REGIONS), 's3': self.s3,
            'at': chooser.choice([chooser.randrange(946684800, 4102444800), 951827696, 1709251199, 1735689600]),
            'body': '', 'payload_hash': '',
            'lifetime': chooser.choice([1, 60, 3600, 604800]) if self.presigned else 0,
        }
        self.context, self.params = {}, None
        self.choose_place(chooser)
        self.choose_query(chooser)
        self.choose_headers(chooser)
        if not self.presigned:
            self.choose_payload(chooser)

    def choose_place(self, chooser):
        raw = ''.join('/' + chooser.choice(SEGMENTS) for _ in range(chooser.randrange(6)))
        # S3's keys are encoded once, by whoever sends them; all other paths are taken as they are.
        self.path = quote(raw, safe='/~') if self.s3 else raw
        if self.s3 and not self.path:
            self.path = '/'
        self.line['path'] = self.path
        name, port = chooser.choice(['example.amazonaws.com', 'bucket.s3.amazonaws.com', '127.0.0.1']), chooser.choice(['', '', ':8443'])
        self.origin = f'https://{name}{port}'
        self.line['host'] = name + port

    def choose_query(self, chooser):
        pairs = [(chooser.choice(TEXTS), chooser.choice(TEXTS)) for _ in range(chooser.choice([0, 0, 1, 2, 5, 12]))]
        self.query = ''
        if self.presigned:
            # botocore writes the query anew, and keeps one value of each name.
            self.query = '&'.join(f'{encoded(n)}={encoded(v)}' for n, v in dict(pairs).items() if n)
            self.line['query'] = self.query
        elif chooser.random() < 0.5:
            self.params = pairs
            self.line['query'] = '&'.join(f'{sloppy(chooser, n)}={sloppy(chooser, v)}' for n, v in pairs)
        else:
            # As it is sent: a name without a value may come without "=".
            self.query = '&'.join(encoded(n) + ('' if not v and n and chooser.random() < 0.5 else '=' + encoded(v)) for n, v in pairs)
            self.line['query'] = self.query

    def choose_headers(self, chooser):
        self.headers = [(chooser.choice(HEADERS), chooser.choice(VALUES)) for _ in range(chooser.choice([0, 1, 3, 8, 20]))]
        if chooser.random() < 0.2:
            self.headers.append((chooser.choice(['Host', 'host']), self.line['host']))
        self.line['headers'] = self.headers

    def choose_payload(self, chooser):
        kind = chooser.random()
        self.line['body'] = chooser.choice(['', '{}', 'ü' * 40, 'x' * 5000])
        if kind < 0.2:
            self.context['payload_signing_enabled'] = False
            self.context['client_config'] = SimpleNamespace(s3={'payload_signing_enabled': False})
            self.line['payload_hash'] = 'UNSIGNED-PAYLOAD'
        elif kind < 0.3 and self.s3:
            self.context['checksum'] = {'request_algorithm': {'in': 'trailer', 'name': 'x-amz-checksum-crc32'}}
            self.line['payload_hash'] = 'STREAMING-UNSIGNED-PAYLOAD-TRAILER'

    def by_botocore(self):
        freeze(self.line['at'])
        url = self.origin + self.path + ('?' + self.query if self.query else '')
        made = request(self.line['method'], url, self.headers, self.line['body'], self.params, self.context)
        arguments = keys(self.line['id'], self.line['secret'], self.line['token']), self.line['service'], self.line['region']
        if self.presigned:
            signer = botocore.auth.S3SigV4QueryAuth if self.s3 else botocore.auth.SigV4QueryAuth
            signer(*arguments, expires=self.line['lifetime']).add_auth(made)
            return {'query': made.url.split('?', 1)[1]}
        (botocore.auth.S3SigV4Auth if self.s3 else botocore.auth.SigV4Auth)(*arguments).add_auth(made)
        return {'authorization': made.headers['Authorization'], 'date': made.headers['X-Amz-Date'],
                'content_sha256': made.headers.get('X-Amz-Content-SHA256', '')}


def main():
    program, seed, count = sys.argv[1], int((sys.argv[2:] or [1])[0]), int((sys.argv[3:] or [6000])[0])
    chooser = random.Random(seed)
    cases = [Case(chooser) for _ in range(count)]
    lines = ''.join(json.dumps(case.line) + '\n' for case in cases)
    answers = subprocess.run([program], input=lines.encode(), stdout=subprocess.PIPE, check=True).stdout.decode().splitlines()
    if len(answers) != count:
        sys.exit(f'{count} requests, {len(answers)} answers')
    differences = 0
    for number, (case, answer) in enumerate(zip(cases, answers)):
        expected, given = case.by_botocore(), json.loads(answer)
        if expected != given:
            differences += 1
            if differences <= 5:
                print(f'request {number} of seed {seed}: {json.dumps(case.line, ensure_ascii=False)}')
                print(f'  botocore {json.dumps(expected)}\n  hearth   {json.dumps(given)}')
    print(f'seed {seed}: {count} requests, {sum(case.presigned for case in cases)} of them presigned, {differences} signed otherwise')
    sys.exit(1 if differences else 0)


main()
