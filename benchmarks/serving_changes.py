"""How soon what changes in a served shop acts: items that are created over HTTP, promotions that are made in the graph.

    python benchmarks/serving_changes.py --shop bench --url http://127.0.0.1:8080

makes items in a category of the shop, one after the other, and waits until each is listed and has neighbours; then
promotions that pin an item, one after the other, as they would be typed in Neo4j Browser, and waits until the lists
begin with it. Prints the longest of each. All of it is removed again, or set unavailable.
"""

import argparse
import time
from uuid import uuid4

import httpx

from kartograph.serving.reach import Shop

TIMES = 5
PATIENCE = 60.0


def seconds_of_new_items(url: str) -> list[float]:
    """Seconds from the call that makes an item until it is in lists and has neighbours itself."""
    taken = []
    with httpx.Client(base_url=url, timeout=30) as client:
        category = client.get("/v1/categories", params={"k": 1}).json()[0]["name"]
        for _ in range(TIMES):
            item = f"new-{uuid4().hex[:8]}"
            began = time.perf_counter()
            client.patch("/v1/items", json=[{"item_id": item, "category": category}]).raise_for_status()
            asked = {"items": [], "k": 5, "reasons": False, "filters": {"category": category, "include": [item]}}
            while True:
                similar = client.get(f"/v1/items/{item}/similar", params={"k": 5})
                listed = client.post("/v1/sessions/recommendations", json=asked).json()["items"]
                if similar.status_code == 200 and len(similar.json()["items"]) == 5 and listed:
                    break
                if time.perf_counter() - began > PATIENCE:
                    raise TimeoutError(f"{item} has no neighbours, or is in no list, after {PATIENCE:g} s")
            taken.append(time.perf_counter() - began)
            client.patch("/v1/items", json=[{"item_id": item, "available": False}])
    return taken


def promotion_seconds(url: str, shop: str) -> list[float]:
    """Seconds from the statement that pins an item until the lists begin with it."""
    taken = []
    with httpx.Client(base_url=url, timeout=30) as client, Shop(shop).connect() as graph:
        for position in range(TIMES):
            listed = client.get("/v1/trending", params={"k": 10}).json()["items"]
            asked = {"items": [], "k": 1, "reasons": False, "filters": {"include": [one["item_id"] for one in listed]}}
            item, id = listed[-1 - position]["item_id"], f"bench-{uuid4().hex[:8]}"
            statement = "CREATE (:Promotion {id: $id, action: 'pin', items: [$item], position: 1})"
            graph.query(statement, write=True, id=id, item=item)
            began = time.perf_counter()
            while True:
                first = client.post("/v1/sessions/recommendations", json=asked).json()["items"]
                if first and first[0]["item_id"] == item:
                    break
                if time.perf_counter() - began > PATIENCE:
                    raise TimeoutError(f"the promotion of {item} does not act after {PATIENCE:g} s")
                time.sleep(0.02)
            taken.append(time.perf_counter() - began)
            graph.query("MATCH (p:Promotion {id: $id}) DELETE p", write=True, id=id)
    return taken


def main() -> None:
    """Print the longest of each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shop", default="shop")
    parser.add_argument("--url", default="http://127.0.0.1:8080")
    arguments = parser.parse_args()
    print(
        f"a new item with a category is listed after {max(seconds_of_new_items(arguments.url)) * 1000:.0f} ms at most"
    )
    print(f"a promotion in the graph acts after {max(promotion_seconds(arguments.url, arguments.shop)):.1f} s at most")


if __name__ == "__main__":
    main()
