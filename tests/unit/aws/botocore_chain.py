"""Where botocore finds credentials: botocore_chain.py FOLDER

For each number N with files FOLDER/N.config, N.credentials, N.variables and, where a profile is named, N.profile, in order,
prints the ways from the role that is asked for to what it rests on, with the access key id where there is one; "error" for
what botocore refuses, and where it finds nothing. Nothing is asked of the network: roles are not assumed, and what could be
a machine's own is off.
"""
import os
import sys

from botocore.exceptions import BotoCoreError
from botocore.session import Session


def source_of(credentials):
    refresh = credentials._refresh_using
    if not hasattr(refresh, "__self__"):  # Asks for the code of a device once.
        refresh = refresh._refresh
    return refresh.__self__._source_credentials


def shown(credentials):
    text = credentials.method
    if text == "assume-role":
        return text + " < " + shown(source_of(credentials))
    if text in ("assume-role-with-web-identity", "sso"):
        return text
    return text + " " + credentials.access_key


def content(path):
    if not os.path.exists(path):
        return ""
    with open(path, encoding="utf-8") as file:
        return file.read()


def answer(place):
    os.environ.clear()
    os.environ.update(
        HOME=os.path.dirname(place),
        PATH="/usr/bin:/bin",
        AWS_EC2_METADATA_DISABLED="true",
        AWS_CONFIG_FILE=place + ".config",
        AWS_SHARED_CREDENTIALS_FILE=place + ".credentials",
    )
    os.environ.update(line.split("=", 1) for line in content(place + ".variables").splitlines())
    try:
        session = Session(profile=content(place + ".profile") or None)
        resolver = session.get_component("credential_provider")
        resolver.remove("boto-config")
        credentials = resolver.load_credentials()
        return shown(credentials) if credentials else "error"
    except BotoCoreError:
        return "error"


def main(folder):
    for number in sorted({int(name.split(".")[0]) for name in os.listdir(folder)}):
        print(answer(os.path.join(folder, str(number))))


main(sys.argv[1])
