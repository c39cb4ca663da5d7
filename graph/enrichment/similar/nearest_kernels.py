"""The compiled pass of the search for nearest vectors."""

from numba import njit


@njit(cache=True, nogil=True)
def keep_nearest(cosines, first, own, step, scores, places):  # pragma: no cover - compiled
    """Enter a block of cosines into the lists of the best so far, each in falling order.

    `cosines` are queries × vectors, the vectors those from row `first` on; `own` are the rows of the queries
    themselves, which are left out. Cosines are compared rounded to a multiple of `step`, and of equals the one that
    came first stays ahead. `scores` (rounded, in steps) and `places` are queries × k, changed in place.
    """
    k = scores.shape[1]
    for query in range(cosines.shape[0]):
        least = scores[query, k - 1]
        for column in range(cosines.shape[1]):
            cosine = cosines[query, column]
            if cosine <= (least + 0.4) * step:  # cheap, and lets through whatever may round to more
                continue
            score = round(cosine / step)
            if score <= least or first + column == own[query]:
                continue
            place = k - 1
            while place > 0 and scores[query, place - 1] < score:
                scores[query, place] = scores[query, place - 1]
                places[query, place] = places[query, place - 1]
                place -= 1
            scores[query, place] = score
            places[query, place] = first + column
            least = scores[query, k - 1]
