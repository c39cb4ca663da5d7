"""The page's section on the data: the charts of the PRE-ADDL paper's figures 4 to 10, drawn from ours."""

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure

from kartograph.evaluation.report.charts.chart import Chart
from kartograph.evaluation.report.charts.data import counted_bars, purchase_histogram, purchases_by_hour
from kartograph.evaluation.report.data import DataFigures
from kartograph.evaluation.report.numbers import count


@dataclass(frozen=True)
class Counted:
    """A chart of counts and the counts themselves."""

    title: str
    chart: Chart
    headings: tuple[str, str]
    rows: tuple[tuple[str, str], ...]


def data_charts(data: DataFigures) -> tuple[Counted, ...]:
    """The charts in the paper's order; what the data does not have is left out, see `absent`."""
    missing = [(f"{table.name}.{column}", number) for table in data.tables for column, number in table.missing.items()]
    events = list(data.events.items())
    per_user = sorted(data.purchases_per_user.items())
    hours = [(f"{hour:02d}", number) for hour, number in enumerate(data.purchases_by_hour)]
    charts = []
    if missing:
        figure = counted_bars(missing, "Missing values", "Rows without a value")
        charts.append(_counted("missing", "Missing values", figure, ("Column", "Rows without a value"), missing))
    if events:
        figure = counted_bars(events, "Events by kind", "Events")
        charts.append(_counted("events", "Events by kind", figure, ("Kind", "Events"), events))
    if per_user:
        figure = purchase_histogram(data.purchases_per_user, "Purchases of a user")
        rows = [(count(number), users) for number, users in per_user]
        charts.append(_counted("purchases", "Purchases of a user", figure, ("Purchases", "Users"), rows))
        figure = counted_bars(data.top_customers, "Top customers", "Purchases")
        charts.append(_counted("customers", "Top customers", figure, ("User", "Purchases"), data.top_customers))
    if sum(data.purchases_by_hour):
        figure = purchases_by_hour(data.purchases_by_hour, "Hours of purchase")
        charts.append(_counted("hours", "Hours of purchase", figure, ("Hour, UTC", "Purchases"), hours))
    if data.top_products:
        figure = counted_bars(data.top_products, "Top products", "Purchases")
        charts.append(_counted("products", "Top products", figure, ("Item", "Purchases"), data.top_products))
    if data.top_categories:
        figure = counted_bars(data.top_categories, "Top categories", "Events")
        charts.append(_counted("categories", "Top categories", figure, ("Category", "Events"), data.top_categories))
    return tuple(charts)


def absent(data: DataFigures) -> tuple[str, ...]:
    """What the paper shows and this data cannot, each as a short phrase."""
    there = {
        "missing values, for no table was described": bool(data.tables),
        "events": bool(data.events),
        "purchases and customers, for no known user bought anything": bool(data.purchases_per_user),
        "hours of purchase, for no purchase has a time": bool(sum(data.purchases_by_hour)),
        "products sold, for nothing was": bool(data.top_products),
        "categories, for no item with events has one": bool(data.top_categories),
    }
    return tuple(phrase for phrase, present in there.items() if not present)


def _counted(
    name: str, title: str, figure: Figure, headings: tuple[str, str], counts: Sequence[tuple[str, int]]
) -> Counted:
    text = f"{title}: {headings[1].lower()} by {headings[0].lower()}; the numbers stand in the table below."
    rows = tuple((label, count(number)) for label, number in counts)
    return Counted(title, Chart.of(f"data-{name}", figure, text), headings, rows)
