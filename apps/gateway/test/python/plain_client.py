"""What a user writes from KIS's documents: a token, then prices, with the headers of the documents."""

import json
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import requests

BASE_URL = os.environ["KIS_BASE_URL"]
APP_KEY = os.environ["KIS_APP_KEY"]
APP_SECRET = os.environ["KIS_APP_SECRET"]
CALLS = int(sys.argv[1]) if len(sys.argv) > 1 else 1
PER_SECOND = 18

session = requests.Session()


def get_token():
    body = {"grant_type": "client_credentials", "appkey": APP_KEY, "appsecret": APP_SECRET}
    reply = session.post(f"{BASE_URL}/oauth2/tokenP", headers={"content-type": "application/json"}, data=json.dumps(body))
    reply.raise_for_status()
    return reply.json()["access_token"]


def headers(token, tr_id):
    return {
        "content-type": "application/json; charset=utf-8",
        "authorization": f"Bearer {token}",
        "appkey": APP_KEY,
        "appsecret": APP_SECRET,
        "tr_id": tr_id,
        "custtype": "P",
    }


def inquire_price(token, code):
    reply = session.get(
        f"{BASE_URL}/uapi/domestic-stock/v1/quotations/inquire-price",
        headers=headers(token, "FHKST01010100"),
        params={"FID_COND_MRKT_DIV_CODE": "J", "FID_INPUT_ISCD": code},
    )
    body = reply.json()
    return int(body["output"]["stck_prpr"]) if reply.status_code == 200 and body["rt_cd"] == "0" else body["msg_cd"]


def order(token):
    body = {
        "CANO": "12345678",
        "ACNT_PRDT_CD": "01",
        "PDNO": "005930",
        "ORD_DVSN": "01",
        "ORD_QTY": "1",
        "ORD_UNPR": "0",
    }
    key = session.post(f"{BASE_URL}/uapi/hashkey", headers=headers(token, "TTTC0012U"), data=json.dumps(body)).json()["HASH"]
    reply = session.post(
        f"{BASE_URL}/uapi/domestic-stock/v1/trading/order-cash",
        headers={**headers(token, "TTTC0012U"), "hashkey": key},
        data=json.dumps(body),
    )
    return reply.json()["msg_cd"]


def paced(token):
    """So many calls a second as KIS allows one app key; ten of these programs ask for ten times as much."""
    results = []
    with ThreadPoolExecutor(4) as pool:
        started = time.monotonic()
        waiting = []
        for n in range(CALLS):
            time.sleep(max(0.0, started + n / PER_SECOND - time.monotonic()))
            waiting.append(pool.submit(inquire_price, token, "005930"))
        results = [each.result() for each in waiting]
    return results


token = get_token()
if os.environ.get("ORDER"):
    print(json.dumps({"order": order(token)}))
else:
    results = paced(token)
    prices = [it for it in results if isinstance(it, int)]
    print(json.dumps({"ok": len(prices), "price": prices[0] if prices else 0, "failed": [it for it in results if it not in prices]}))
