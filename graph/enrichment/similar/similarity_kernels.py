"""The compiled pass of the comparison of items by their users."""

from numba import njit


@njit(cache=True, nogil=True)
def most_alike(  # pragma: no cover - compiled
    rows, item_offsets, item_users, user_offsets, user_items, cutoff, shared, neighbours, scores
):
    """Fill `neighbours` and `scores` with the others of the largest Jaccard index of each row, at least `cutoff`.

    Equals come by number. `shared` has a zero for every item, and again at the end; cells of `neighbours` (-1) and
    `scores` for which there are too few others are not touched.
    """
    kept = neighbours.shape[1]
    for row in range(len(rows)):
        item = rows[row]
        users = item_offsets[item + 1] - item_offsets[item]
        for place in range(item_offsets[item], item_offsets[item + 1]):
            user = item_users[place]
            for other in user_items[user_offsets[user] : user_offsets[user + 1]]:
                shared[other] += 1
        shared[item] = 0
        count = 0
        for place in range(item_offsets[item], item_offsets[item + 1]):
            user = item_users[place]
            for other in user_items[user_offsets[user] : user_offsets[user + 1]]:
                both = shared[other]
                if both == 0:
                    continue
                shared[other] = 0
                score = both / (users + item_offsets[other + 1] - item_offsets[other] - both)
                if score < cutoff:
                    continue
                last = count == kept
                if last and not _before(score, other, scores[row, kept - 1], neighbours[row, kept - 1]):
                    continue
                at = kept - 1 if last else count
                count += not last
                while at > 0 and _before(score, other, scores[row, at - 1], neighbours[row, at - 1]):
                    scores[row, at], neighbours[row, at] = scores[row, at - 1], neighbours[row, at - 1]
                    at -= 1
                scores[row, at], neighbours[row, at] = score, other


@njit(cache=True, inline="always")
def _before(score, other, than, number):  # pragma: no cover - compiled
    return score > than or (score == than and other < number)
