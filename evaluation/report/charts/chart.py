"""What is a chart once it is drawn: a PNG with a file name, and the words for those who cannot see it."""

from base64 import b64encode
from dataclasses import dataclass, field

from matplotlib.figure import Figure

from kartograph.evaluation.report.charts.common import DOTS_PER_INCH, png


@dataclass(frozen=True)
class Chart:
    """One chart of the page."""

    file: str
    """Name of its PNG beside the page."""
    png: bytes = field(repr=False)
    text: str
    """What the chart shows, one sentence."""

    @classmethod
    def of(cls, name: str, figure: Figure, text: str) -> "Chart":
        """Draw a figure; its file is `name`.png."""
        return cls(f"{name}.png", png(figure), text)

    @property
    def uri(self) -> str:
        """The chart as a data URI."""
        return "data:image/png;base64," + b64encode(self.png).decode()

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in dots, as the PNG's header has them."""
        return int.from_bytes(self.png[16:20], "big"), int.from_bytes(self.png[20:24], "big")

    @property
    def width(self) -> int:
        """Width on the page, in CSS pixels: 96 to the inch."""
        return round(self.size[0] * 96 / DOTS_PER_INCH)
