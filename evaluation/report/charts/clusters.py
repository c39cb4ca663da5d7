"""Clusters in the plane: a scatter plot with one colour and marker a cluster, and their medoids."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float, Int
from matplotlib.figure import Figure
from numpy import ndarray

from kartograph.evaluation.report.charts.common import INK, MARKERS, PALETTE, new_figure, styled


@styled
def cluster_scatter(
    points: Float[ndarray, "objects 2"],
    clusters: Int[ndarray, " objects"],
    title: str,
    names: Sequence[str] | None = None,
    medoids: Sequence[int] | None = None,
) -> Figure:
    """Points by cluster; `names[c]` names cluster c, `medoids` are row numbers that get a ring.

    The axes of a projection mean nothing, so they bear no numbers. Clusters appear in order of their number; the legend
    says how many objects each has.
    """
    figure, axes = new_figure(title, height=4.2)
    for position, cluster in enumerate(np.unique(clusters)):
        inside = clusters == cluster
        label = f"{names[cluster] if names else f'cluster {cluster}'} ({inside.sum():,})"
        marker = MARKERS[(position // len(PALETTE) + position) % len(MARKERS)]
        axes.scatter(
            *points[inside].T,
            s=12,
            marker=marker,
            color=PALETTE[position % len(PALETTE)],
            alpha=0.7,
            linewidths=0,
            label=label,
        )
    if medoids is not None:
        ring = points[np.asarray(medoids)]
        axes.scatter(*ring.T, s=90, facecolors="none", edgecolors=INK, linewidths=1.4, label="medoid")
    axes.set_xticks([])
    axes.set_yticks([])
    axes.set_xlabel("First dimension of the projection")
    axes.set_ylabel("Second dimension")
    figure.legend(loc="outside lower left", ncols=2, markerscale=1.2)
    return figure
