from dataclasses import replace

import numpy as np
from tests.models.sessions import training

from kartograph.models.blend.components import OF_WANTED, WANTED, asked, components_for, fitted_once, model_of
from kartograph.models.data import Histories

VIEW, CART, BUY = 0, 1, 2


def test_a_component_of_wanted_items_is_asked_with_carts_and_purchases_alone():
    queries = Histories(np.array([0, 3, 4]), np.array([5, 6, 7, 8]), np.array([CART, VIEW, BUY, VIEW], dtype=np.int8))

    wanted = asked("stan" + WANTED, queries)

    assert wanted.offsets.tolist() == [0, 2, 2]
    assert (wanted.items.tolist(), wanted.events.tolist()) == ([5, 7], [CART, BUY])
    assert asked("stan", queries) is queries


def test_users_who_cart_or_buy_are_asked_for_what_they_wanted_and_viewers_and_sessions_are_not():
    looked = replace(training("ab", "ac"), kind="users")
    bought = replace(looked, histories=replace(looked.histories, events=np.array([VIEW, BUY, VIEW, VIEW])))

    wanted = [name + WANTED for name in OF_WANTED]

    assert components_for(bought, False) == [*components_for(looked, False), *wanted]
    assert not set(components_for(replace(bought, kind="sessions"), False)) & set(wanted)
    assert {model_of(name) for name in wanted} <= set(components_for(looked, False))


def test_a_model_that_is_asked_twice_is_fitted_once_and_offers_for_both_questions():
    users = replace(training("ab", "ab", "bc", "bc"), kind="users")
    data = replace(users, histories=replace(users.histories, events=np.array([VIEW, BUY] * 4, dtype=np.int8)))
    queries = Histories(np.array([0, 2]), data.items.rows(list("ac")), np.array([VIEW, BUY], dtype=np.int8))

    parts = fitted_once(("stan", "stan" + WANTED), 0, data)
    of_all, of_wanted = (part.rank(asked(name, queries), 3) for name, part in parts.items())

    assert parts["stan"] is parts["stan" + WANTED]
    # Asked with a, which was looked at, and c, which was bought: b goes with both, a goes with a alone.
    a = data.items.rows(["a"])[0]
    assert a in of_all.items
    assert a not in of_wanted.items
