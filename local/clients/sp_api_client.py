"""python-amazon-sp-api against the simulator over TLS to the selling partner hosts."""

import json
import os
import time

from check import check, error_of, finish
from sp_api.api import CatalogItems, Products
from sp_api.base import Marketplaces

secret = json.loads(os.environ["LOCAL_SECRETS"])["sp-api"]
credentials = {
    "lwa_app_id": secret["client_id"],
    "lwa_client_secret": secret["client_secret"],
    "refresh_token": secret["refresh_token"],
}
catalog = CatalogItems(marketplace=Marketplaces.US, credentials=credentials, version="2022-04-01")
found = catalog.search_catalog_items(
    identifiers=["B071HMM81V", "B0ABCDEFGH"], identifiersType="ASIN", includedData="summaries,images,attributes", pageSize=20
)
check("search_catalog_items gives both", found.payload["numberOfResults"] == 2, found.payload)
check("with the rate that is allowed", str(found.rate_limit) == "2", found.rate_limit)
one = catalog.get_catalog_item("B071HMM81V", includedData=["summaries", "images"])
check("get_catalog_item gives one", one.payload["asin"] == "B071HMM81V", one.payload)
bad = error_of(lambda: catalog.search_catalog_items(identifiers=["B071HMM81V", "bad"], identifiersType="ASIN"))
check("one bad id fails the call", type(bad).__name__ == "SellingApiBadRequestException", bad)
pricing = Products(marketplace=Marketplaces.US, credentials=credentials)
batch = [
    {
        "uri": "/products/pricing/v0/items/B071HMM81V/offers",
        "method": "GET",
        "MarketplaceId": Marketplaces.US.marketplace_id,
        "ItemCondition": "New",
        "CustomerType": "Consumer",
    }
]
offers = pricing.get_item_offers_batch(batch)
entry = offers.payload["responses"][0]
check("get_item_offers_batch gives a price", entry["body"]["payload"]["Summary"]["BuyBoxPrices"][0]["ListingPrice"]["Amount"] > 0, entry)
again = error_of(lambda: pricing.get_item_offers_batch(batch))
check("the next batch is over the quota", type(again).__name__ == "SellingApiRequestThrottledException", again)
time.sleep(1)  # the search bucket is empty by now
europe = CatalogItems(marketplace=Marketplaces.DE, credentials=credentials, version="2022-04-01")
denied = error_of(lambda: europe.search_catalog_items(keywords="lamp"))
check("another region is forbidden", type(denied).__name__ == "SellingApiForbiddenException", denied)
finish()
