"""The leaderboard of a shop from the journals of its runs, for the report."""

from kartograph.evaluation.report.shop_board import Night, ShopBoard
from kartograph.pipeline.run import in_words, journals_of


def shop_board(shop: str) -> ShopBoard | None:
    """The leaderboard of a shop; None where its pipeline has not run yet."""
    nights = [
        Night(in_words(one.started), one.status, one.verdict, one.board)
        for one in journals_of(shop).all()
        if one.status != "running"
    ]
    return ShopBoard(shop, nights) if nights else None
