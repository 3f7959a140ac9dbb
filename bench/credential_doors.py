"""One fetch of AWS keys by botocore, by each door that hearth opens, in turn.

usage, in `hearth exec`: credential_doors.py ROUNDS 'COMMAND OF credential_process'
"""
import os
import statistics
import sys
import time

from botocore.credentials import ContainerProvider, EnvProvider, ProcessProvider

rounds, command = int(sys.argv[1]), sys.argv[2]
config = {'profiles': {'default': {'credential_process': command}}}
keys = ContainerProvider().load().get_frozen_credentials()
variables = {'AWS_ACCESS_KEY_ID': keys.access_key, 'AWS_SECRET_ACCESS_KEY': keys.secret_key, 'AWS_SESSION_TOKEN': keys.token}

doors = {
    'variables': lambda: EnvProvider(environ=variables).load(),
    'endpoint': lambda: ContainerProvider().load(),
    'process': lambda: ProcessProvider('default', lambda: config).load(),
}
taken = {name: [] for name in doors}
for _ in range(rounds):
    for name, fetch in doors.items():
        begun = time.perf_counter()
        got = fetch().get_frozen_credentials()
        taken[name].append(time.perf_counter() - begun)
        assert got.access_key, name

endpoint = statistics.median(taken['endpoint'])
for name, times in taken.items():
    middle = statistics.median(times)
    print(f'  {name:<10} {middle * 1e6:9.0f} microseconds  {middle / endpoint:6.2f} of the endpoint')
