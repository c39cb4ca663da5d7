"""A tool for each list of a running `kartograph serve`; each asks over HTTP and changes nothing."""

from collections.abc import Callable
from typing import Annotated, Any
from urllib.parse import quote

import httpx
from pydantic import Field

from kartograph.tables.errors import ServerError

Filters = Annotated[
    str | None, Field(description='A filter as JSON: {"category": "1613", "price_max": 50, "available": true}.')
]
Many = Annotated[int, Field(ge=1, le=1000, description="Items in the list.")]


class Calls:
    """The calls of one server."""

    def __init__(self, url: str, key: str | None, most: int) -> None:
        """`key` is sent where there is one; a list has at most `most` items."""
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._client = httpx.Client(base_url=url, headers=headers, timeout=30)
        self._most = most

    @property
    def all(self) -> list[Callable[..., dict[str, Any]]]:
        """The tools."""
        return [
            self.recommend_user,
            self.recommend_session,
            self.similar_items,
            self.items_together,
            self.trending_items,
            self.search_items,
            self.why_recommended,
        ]

    def recommend_user(
        self, user: str, k: Many = 10, model: str | None = None, filters: Filters = None
    ) -> dict[str, Any]:
        """Items for a user by everything known up to now, each with its reason."""
        return self._get(f"/v1/users/{_part(user)}/recommendations", k=k, model=model, filters=filters)

    def recommend_session(
        self, items: list[str], k: Many = 10, model: str | None = None, user: str | None = None
    ) -> dict[str, Any]:
        """Items for somebody who has looked at these items, oldest first; of a user where one is known."""
        body = {"items": items, "k": min(k, self._most), "model": model, "user_id": user}
        return self._answer(lambda: self._client.post("/v1/sessions/recommendations", json=body))

    def similar_items(self, item: str, k: Many = 10, filters: Filters = None) -> dict[str, Any]:
        """Items that are like one item."""
        return self._get(f"/v1/items/{_part(item)}/similar", k=k, filters=filters)

    def items_together(self, item: str, k: Many = 10) -> dict[str, Any]:
        """Items that occur in the same sessions as one item."""
        return self._get(f"/v1/items/{_part(item)}/together", k=k)

    def trending_items(
        self, hours: Annotated[float, Field(gt=0, le=2160)] = 24, category: str | None = None, k: Many = 10
    ) -> dict[str, Any]:
        """Items with most events in the latest hours."""
        return self._get("/v1/trending", hours=hours, category=category, k=k)

    def search_items(self, words: str, user: str | None = None, k: Many = 10) -> dict[str, Any]:
        """Items whose titles hold the words, in the order of who asks."""
        return self._get("/v1/items/search", q=words, user=user, k=k)

    def why_recommended(
        self, item: str, user: str | None = None, session: list[str] | None = None, model: str | None = None
    ) -> dict[str, Any]:
        """Why an item goes with a user or with the items of a session: parts of the score, paths, attributes alike."""
        joined = None if session is None else ",".join(session)
        return self._get("/v1/explanations", item=item, user=user, session=joined, model=model)

    def _get(self, path: str, k: int | None = None, **parameters: Any) -> dict[str, Any]:
        query = {name: value for name, value in parameters.items() if value is not None}
        if k is not None:
            query["k"] = min(k, self._most)
        return self._answer(lambda: self._client.get(path, params=query))

    def _answer(self, ask: Callable[[], httpx.Response]) -> dict[str, Any]:
        try:
            answer = ask()
        except httpx.HTTPError as error:
            raise ServerError(f"{self._client.base_url} does not answer ({error}): run `kartograph serve`") from None
        if answer.status_code != 200:
            raise ServerError(str(answer.json().get("detail", answer.status_code)))
        return answer.json()


def _part(id: str) -> str:
    return quote(id, safe="")
