#!/usr/bin/env python3
"""Writes suite/: the cases of AWS's signing test suite by their names, in its layout, with requests of our own, as botocore
signs them. To be run by hand when a case is added; the test reads what it wrote.

    make_suite.py FOLDER
"""

import hashlib
import json
import pathlib
import sys

import botocore.auth
from botocore_signer import AsGiven, AsGivenQuery, freeze, keys, request

IDENTITY, SECRET = 'AKIDEXAMPLE', 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'
TOKEN = 'a/session+token=='
TIME, SECONDS = '2015-08-30T12:36:00Z', 1440938160
UNRESERVED = '-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
FORM = ('Content-Type', 'application/x-www-form-urlencoded')


def case(method='GET', path='/', query='', headers=(), body='', normalize=True, token='', omit=False, sign_body=False):
    return dict(method=method, path=path, query=query, headers=list(headers), body=body, normalize=normalize, token=token,
                omit=omit, sign_body=sign_body)


def both(name, path):
    return {f'{name}-normalized': case(path=path), f'{name}-unnormalized': case(path=path, normalize=False)}


CASES = {
    'get-header-key-duplicate': case(headers=[('My-Header1', 'value2'), ('My-Header1', 'value2'), ('My-Header1', 'value1')]),
    'get-header-value-multiline': case(headers=[('My-Header1', 'value1\n  value2\n     value3')]),
    'get-header-value-order': case(headers=[('My-Header1', v) for v in ('value4', 'value1', 'value3', 'value2')]),
    'get-header-value-trim': case(headers=[('My-Header1', '  value1'), ('My-Header2', ' "a   b   c"')]),
    **both('get-relative', '/example/..'),
    **both('get-relative-relative', '/example1/example2/../..'),
    **both('get-slash', '//'),
    **both('get-slash-dot-slash', '/./'),
    **both('get-slash-pointless-dot', '/./example'),
    **both('get-slashes', '//example//'),
    **both('get-space', '/example space/'),
    'get-unreserved': case(path='/' + UNRESERVED),
    'get-utf8': case(path='/ሴ'),
    'get-vanilla': case(),
    'get-vanilla-empty-query-key': case(query='Param1=value1'),
    'get-vanilla-query': case(query='Param1=value1'),
    'get-vanilla-query-order-encoded': case(query='Param-3=Value3&Param=Value2&%E1%88%B4=Value1'),
    'get-vanilla-query-order-key-case': case(query='Param2=value2&Param1=value1'),
    'get-vanilla-query-unreserved': case(query=f'{UNRESERVED}={UNRESERVED}'),
    'get-vanilla-utf8-query': case(query='%E1%88%B4=bar'),
    'get-vanilla-with-session-token': case(token=TOKEN),
    'post-header-key-case': case('POST'),
    'post-header-key-sort': case('POST', headers=[('My-Header1', 'value1'), ('A-Header', 'a')]),
    'post-header-value-case': case('POST', headers=[('My-Header1', 'VALUE1')]),
    'post-sts-header-after': case('POST', token=TOKEN, omit=True),
    'post-sts-header-before': case('POST', token=TOKEN),
    'post-vanilla': case('POST'),
    'post-vanilla-empty-query-value': case('POST', query='Param1='),
    'post-vanilla-query': case('POST', query='Param1=value1'),
    'post-x-www-form-urlencoded': case('POST', headers=[FORM], body='Param1=value1', sign_body=True),
    'post-x-www-form-urlencoded-parameters': case('POST', headers=[(FORM[0], FORM[1] + '; charset=utf8')], body='Param1=value1',
                                                  sign_body=True),
}
HOST = 'example.amazonaws.com'


def context(one):
    credentials = {'access_key_id': IDENTITY, 'secret_access_key': SECRET}
    if one['token']:
        credentials['token'] = one['token']
    text = {'credentials': credentials, 'expiration_in_seconds': 3600, 'normalize': one['normalize'], 'region': 'us-east-1',
            'service': 'service', 'sign_body': one['sign_body'], 'timestamp': TIME}
    if one['omit']:
        text['omit_session_token'] = True
    return json.dumps(text, indent=4) + '\n'


def written(one):
    target = one['path'] + ('?' + one['query'] if one['query'] else '')
    headers = ''.join(f'{name}:{value}\n' for name, value in [('Host', HOST), *one['headers']])
    return f'{one["method"]} {target} HTTP/1.1\n{headers}\n{one["body"]}'


def signed(one, query):
    """The canonical request and the signature."""
    rules = {(False, True): botocore.auth.SigV4Auth, (False, False): AsGiven, (True, True): botocore.auth.SigV4QueryAuth,
             (True, False): AsGivenQuery}[query, one['normalize']]
    seen = {}

    class Recording(rules):
        def payload(self, made):
            return hashlib.sha256(one['body'].encode()).hexdigest()

        def string_to_sign(self, made, canonical_request):
            seen['canonical'] = canonical_request
            return super().string_to_sign(made, canonical_request)

        def signature(self, string_to_sign, made):
            seen['signature'] = super().signature(string_to_sign, made)
            return seen['signature']

    freeze(SECONDS)
    made = request(one['method'], f'https://{HOST}{one["path"]}' + ('?' + one['query'] if one['query'] else ''), one['headers'])
    if one['sign_body'] and not query:
        made.headers['X-Amz-Content-SHA256'] = Recording(None, '', '').payload(made)
    credentials = keys(IDENTITY, SECRET, '' if one['omit'] else one['token'])
    Recording(credentials, 'service', 'us-east-1').add_auth(made)
    return seen


def main():
    for name, one in CASES.items():
        folder = pathlib.Path(sys.argv[1]) / 'v4' / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / 'context.json').write_text(context(one))
        (folder / 'request.txt').write_text(written(one))
        for form in ('header', 'query'):
            seen = signed(one, form == 'query')
            (folder / f'{form}-canonical-request.txt').write_text(seen['canonical'])
            (folder / f'{form}-signature.txt').write_text(seen['signature'])
    print(f'{len(CASES)} cases')


main()
