"""A program of Google's library for Python, as its users write them: one session, which asks until it has used two tokens.
VERTEX is where the models are.

usage: google_client.py token
"""
import json
import os
import time

import google.auth
from google.auth.transport.requests import AuthorizedSession

credentials, project = google.auth.default(scopes=['https://www.googleapis.com/auth/cloud-platform'])
session = AuthorizedSession(credentials)
place = 'projects/%s/locations/europe-west1/publishers/anthropic/models/claude-sandbox:rawPredict' % os.environ['PROJECT']
body = {'anthropic_version': 'vertex-2023-10-16', 'max_tokens': 9, 'messages': [{'role': 'user', 'content': 'Hello'}]}
tokens, statuses = set(), set()
deadline = time.monotonic() + 60
while len(tokens) < 2 and time.monotonic() < deadline:
    statuses.add(session.post('%s/%s' % (os.environ['VERTEX'], place), json=body).status_code)
    tokens.add(credentials.token)
    time.sleep(0.05)
kind = type(credentials).__module__ + '.' + type(credentials).__name__
print(json.dumps({'tokens': len(tokens), 'statuses': sorted(statuses), 'kind': kind, 'project': project}))
