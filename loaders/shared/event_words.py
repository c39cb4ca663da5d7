"""What the words of sources for kinds of event mean, in one table, and what a person says of further ones."""

import re
from collections.abc import Sequence

from kartograph.tables.errors import BadInput
from kartograph.tables.events import EVENTS, TAKES_BACK

IGNORE = "ignore"
"""What is no act on an item."""
KINDS = (*EVENTS, *TAKES_BACK, IGNORE)
WORDS = {
    "view": (
        "view pv click product_view view_item page_view viewed clicked clicks views product_viewed product_clicked "
        "viewed_product product_click item_view view_product view_content content_view product_page_view "
        "page_views select_item detail details item_detail product_detail ecommerce_detail browse browsed visit "
        "visited open read detail_view product_detail_view item_viewed product_views viewed_product_page "
        "product_detail_viewed detail_page_view action"
    ),
    "cart": (
        "cart add_to_cart carts product_added added_to_cart cart_add add_cart basket add_to_basket added_to_basket "
        "add_to_bag item_added product_added_to_cart to_cart in_cart ecommerce_add add_product cart_added "
        "added_product cart_item_added wishlist_product_added_to_cart ecommerce_abandoned_cart"
    ),
    "buy": (
        "buy purchase transaction order purchased bought orders buys purchases transactions order_completed "
        "checkout_completed ordered order_placed order_created completed_order order_confirmed purchase_completed "
        "purchase_complete item_purchased complete_purchase completed_purchase sale sold paid ecommerce_purchase "
        "in_app_purchase product_purchased placed_order ordered_product checkout_complete ecommerce_order payment "
        "order_paid transaction_item"
    ),
    "borrow": "borrow borrowed loan lend checked_out_book loaned",
    "return": (
        "return refund returned refunded returns refunds order_refunded product_returned product_refunded "
        "order_cancelled order_canceled cancelled_order chargeback"
    ),
    "uncart": (
        "remove_from_cart removed_from_cart uncart product_removed cart_remove remove_cart remove_from_basket "
        "delete_from_cart item_removed removed_from_basket remove_from_bag product_removed_from_cart "
        "cart_item_removed"
    ),
    IGNORE: (
        "session_start first_visit user_engagement scroll search view_search_results login sign_up begin_checkout "
        "add_payment_info add_shipping_info view_cart view_item_list view_promotion select_promotion "
        "checkout_started cart_viewed cart_update product_list_viewed products_searched payment_info_entered "
        "identify page heartbeat file_download form_start form_submit video_start video_progress video_complete "
        "generate_lead screen_view collection_viewed search_submitted payment_info_submitted "
        "checkout_contact_info_submitted checkout_address_info_submitted checkout_shipping_info_submitted "
        "product_list_filtered promotion_viewed promotion_clicked checkout_step_viewed checkout_step_completed "
        "coupon_entered coupon_applied coupon_denied coupon_removed product_shared cart_shared order_updated "
        "initiate_checkout lead complete_registration contact home_page_view category_page_view "
        "shopping_cart_page_view goal outlink event content page_ping page_leave autocapture session_end "
        "application_installed application_opened application_backgrounded application_updated app_open app_start"
    ),
}
"""Words of GA4, Segment, Shopify, WooCommerce, Matomo, RetailRocket, REES46, OTTO, Taobao and others, for each kind the
commoner first; case and what stands between letters do not count: `Add to cart` is `add_to_cart`."""


def plain(word: str) -> str:
    """A word as it is compared: small letters and digits alone."""
    return re.sub("[^a-z0-9]", "", word.lower())


USUAL = {plain(word): kind for kind, words in WORDS.items() for word in words.split()}
"""The kind of each usual word."""
PAGES = [plain(word) for word in ("page_view", "page_views", "page_viewed", "visit", "visited")]
"""Words for views that are of no item where the row names none."""


def said_words(pairs: Sequence[str]) -> dict[str, str]:
    """Read `fav=view` and the like. Raises `BadInput` for what is no pair of a word and a kind."""
    words: dict[str, str] = {}
    for pair in pairs:
        for one in pair.split(","):
            word, sign, kind = one.rpartition("=")
            if not sign or not word.strip() or kind.strip().lower() not in KINDS:
                raise BadInput(
                    f"{one!r} does not say what a word means. Write --event-map WORD=KIND, as fav=view; kinds are "
                    f"{', '.join(KINDS)}."
                )
            words[word.strip().lower()] = kind.strip().lower()
    return words
