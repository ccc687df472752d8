"""PyPI keepa, synchronous and asynchronous, against the simulator over TLS to api.keepa.com."""

import asyncio
import json
import os

import keepa
from check import check, error_of, finish

key = json.loads(os.environ["LOCAL_SECRETS"])["keepa"]["key"]
asins = ["B071HMM81V", "B0ABCDEFGH", "B0ZABCDEF1"]

api = keepa.Keepa(key, timeout=30)
products = api.query(asins, domain="DE", stats=90, rating=True, buybox=True, progress_bar=False)
check("query gives every product", sorted(one["asin"] for one in products) == sorted(asins), products)
by_asin = {one["asin"]: one for one in products}
data = by_asin["B071HMM81V"]["data"]
check("with histories decoded", len(data["NEW"]) == len(data["NEW_time"]) > 5, list(data))
check("a rating from 0 to 5", 0 < data["RATING"][-1] <= 5, data["RATING"])
check("and a parent that nobody sells", by_asin["B0ZABCDEF1"]["productType"] == 5, by_asin["B0ZABCDEF1"]["productType"])
check("tokens are counted", api.tokens_left == 1200 - 4 * len(asins), api.tokens_left)
bare = api.query(asins[:1], history=False, stats=1, progress_bar=False)
check("the cheap call costs one", api.tokens_left == 1200 - 4 * len(asins) - 1 and bare[0]["stats"]["current"][1] > 0, api.tokens_left)
wrong = error_of(lambda: keepa.Keepa("x" * 64).query(asins[0], progress_bar=False))
check("a wrong key is refused", type(wrong).__name__ in ("RuntimeError", "HTTPError") or "REQUEST_REJECTED" in str(wrong), wrong)


async def asynchronous():
    client = await keepa.AsyncKeepa.create(key, timeout=30)
    return await client.query(asins[0], stats=1, history=False, progress_bar=False)


check("the asynchronous client reads the same", asyncio.run(asynchronous())[0]["asin"] == asins[0])
finish()
