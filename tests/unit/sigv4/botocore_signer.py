"""botocore's signers with the clock and the rules under the test's control."""

import datetime
import types
from urllib.parse import quote

import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials


class FrozenDatetime(datetime.datetime):
    frozen = datetime.datetime(2015, 8, 30, 12, 36)

    @classmethod
    def utcnow(cls):
        return cls.frozen


def freeze(seconds):
    FrozenDatetime.frozen = datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=seconds)


def install_clock():
    # Older releases ask the module, newer ones a function of their own.
    botocore.auth.datetime = types.SimpleNamespace(datetime=FrozenDatetime)
    botocore.auth.get_current_datetime = lambda *_, **__: FrozenDatetime.frozen


install_clock()


class AsGiven(botocore.auth.SigV4Auth):
    """Encodes a path once more, and removes nothing from it."""

    def _normalize_url_path(self, path):
        return quote(path or '/', safe='/~')


class AsGivenQuery(botocore.auth.SigV4QueryAuth):
    def _normalize_url_path(self, path):
        return quote(path or '/', safe='/~')


def keys(identity, secret, token):
    return Credentials(identity, secret, token or None)


def request(method, url, headers=(), body='', params=None, context=None):
    made = AWSRequest(method=method, url=url, data=body.encode(), params=params or {})
    for name, value in headers:
        made.headers[name] = value
    made.context.update(context or {})
    return made
