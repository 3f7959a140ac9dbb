"""What botocore reads in configuration files: botocore_files.py FOLDER

For each number N with a file FOLDER/N.config or FOLDER/N.credentials, in order, prints the profiles of both files merged, and
the sso-sessions, as the C++ test shows them; "error" for what botocore refuses.
"""
import os
import sys

from botocore.configloader import load_config, raw_config_parse
from botocore.exceptions import ConfigNotFound, ConfigParseError


def shown_value(value):
    if isinstance(value, dict):
        return "".join(f"<{name}={value[name]}>" for name in sorted(value))
    return value


def shown(kind, sections):
    return "".join(
        kind + name + "{" + ", ".join(f"{key}={shown_value(sections[name][key])}" for key in sorted(sections[name])) + "}"
        for name in sorted(sections)
    )


def read(config_file, credentials_file):
    try:
        config = load_config(config_file)
    except ConfigNotFound:
        config = {"profiles": {}, "sso_sessions": {}}
    try:
        for name, values in raw_config_parse(credentials_file).items():
            config["profiles"].setdefault(name, {}).update(values)
    except ConfigNotFound:
        pass
    return shown("", config["profiles"]) + shown("session:", config["sso_sessions"])


def main(folder):
    numbers = sorted({int(name.split(".")[0]) for name in os.listdir(folder)})
    for number in numbers:
        place = os.path.join(folder, str(number))
        try:
            print(read(place + ".config", place + ".credentials").replace("\n", "\\n"))
        except ConfigParseError:
            print("error")


main(sys.argv[1])
