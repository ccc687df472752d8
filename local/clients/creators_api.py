"""python-amazon-paapi's Creators API client, over the official SDK, against the simulator."""

import json
import os
import time

from amazon_creatorsapi import AmazonCreatorsApi
from check import check, error_of, finish

secrets = json.loads(os.environ["LOCAL_CREATORS_SECRETS"])
url = os.environ["CREATORS_API_URL"]


def client(version, shop, secret=None, path=None):
    known = secrets[version]
    return AmazonCreatorsApi(
        credential_id=known["client_id"],
        credential_secret=secret or known["client_secret"],
        version=version,
        tag=known["partner_tags"][shop],
        marketplace=shop,
        throttling=1.05,
        retries=0,
        host=url,
        auth_endpoint=url + (path or ("/oauth2/token" if version.startswith("2") else "/auth/o2/token")),
    )


us = client("3.1", "www.amazon.com")
items = us.get_items(["B071HMM81V", "B0ABCDEFGH"])
check("get_items with every resource gives both, in order", [one.asin for one in items] == ["B071HMM81V", "B0ABCDEFGH"], items)
price = items[0].offers_v2.listings[0].price.money
check("with a price in dollars", price.currency == "USD" and float(price.amount) > 0, price)
check("and pictures", items[0].images.primary.hi_res.url.startswith("https://"), items[0].images)

de = client("2.2", "www.amazon.de")
time.sleep(1.05)
check("a 2.2 token serves Germany", de.get_items(["B071HMM81V"])[0].offers_v2.listings[0].price.money.currency == "EUR")
too_soon = error_of(lambda: us.get_items(["B071HMM81V"]))
check("another client of the account is too fast", too_soon is not None and "TooMany" in type(too_soon).__name__, too_soon)
time.sleep(1.05)
found = us.search_items(keywords="lamp", item_count=3)
check("search_items gives three", len(found.items) == 3, found)
family = us.get_variations("B0ZABCDEF1")
check("get_variations gives a page of ten and its summary", len(family.items) == 10 and family.variation_summary.variation_count > 10, family)
nodes = us.get_browse_nodes(["3045"])
check("get_browse_nodes gives the node", nodes[0].id == "3045", nodes)
missing = error_of(lambda: us.get_variations("059035342X"))
check("nothing found is an error of its own", missing is not None and "NotFound" in type(missing).__name__, missing)
wrong = error_of(lambda: client("3.1", "www.amazon.com", secret="wrong").get_items(["B071HMM81V"]))
check("a wrong secret gives no token", "invalid_client" in str(wrong), wrong)
region = error_of(lambda: client("3.1", "www.amazon.com", path="/eu/auth/o2/token").get_items(["B071HMM81V"]))
check("another region's token address refuses the credential", "invalid_client" in str(region), region)
finish()
