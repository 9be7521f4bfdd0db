"""Does with its token file what the Python clients of KIS do: loads and checks it, else asks KIS and writes it in its place.

python3 python_client.py PATH COMMAND, with BASE_URL, APP_KEY and APP_SECRET in the environment. Prints JSON, and no token:
  use      uses the stored token, or issues one
  renew    removes the file, and issues one
  rewrite  writes two tokens in turn, over and over, for a second
"""

import datetime
import hashlib
import json
import os
import pickle
import sys
import time
import urllib.request

PATH, COMMAND = sys.argv[1:]
APP_KEY, APP_SECRET = os.environ["APP_KEY"], os.environ["APP_SECRET"]
KOREA = datetime.timezone(datetime.timedelta(hours=9))


def load():
    try:
        with open(PATH, "rb") as file:
            stored = pickle.load(file)
    except Exception:
        return None
    is_own = stored["api_key"] == APP_KEY and stored["api_secret"] == APP_SECRET
    return stored if is_own and int(time.time()) < stored["timestamp"] else None


def dump(body):
    expiry = datetime.datetime.strptime(body["access_token_token_expired"], "%Y-%m-%d %H:%M:%S")
    body["timestamp"] = int(expiry.replace(tzinfo=KOREA).timestamp())
    body["api_key"], body["api_secret"] = APP_KEY, APP_SECRET
    os.makedirs(os.path.dirname(PATH), exist_ok=True)
    with open(PATH, "wb") as file:
        pickle.dump(body, file)


def issue():
    keys = {"grant_type": "client_credentials", "appkey": APP_KEY, "appsecret": APP_SECRET}
    request = urllib.request.Request(os.environ["BASE_URL"] + "/oauth2/tokenP", json.dumps(keys).encode())
    with urllib.request.urlopen(request, timeout=10) as reply:
        dump(json.load(reply))


def rewrite():
    bodies = json.load(sys.stdin)
    count, end = 0, time.monotonic() + 1
    while time.monotonic() < end:
        dump(bodies[count % 2])
        count += 1
    return {"count": count}


def use():
    is_stored = load() is not None
    if not is_stored:
        issue()
    return {"isStored": is_stored, "token": hashlib.sha256(load()["access_token"].encode()).hexdigest()}


if COMMAND == "renew":
    os.unlink(PATH)
print(json.dumps(rewrite() if COMMAND == "rewrite" else use()))
