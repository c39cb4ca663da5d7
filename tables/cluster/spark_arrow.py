"""Ibis on Spark with Arrow tables in both directions.

Ibis 12 moves rows between Spark and this process as pandas frames, and PySpark 4.3 warns that it does not yet know
pandas 3. Arrow tables are what both sides read and write themselves. To be imported only where PySpark is installed.
"""

import warnings
from typing import Any

import pyarrow as pa
from ibis.expr import operations as ops
from ibis.formats.pyarrow import PyArrowData

with warnings.catch_warnings():
    # At its import, Ibis declares functions that would run pandas on the executors. No table here calls them.
    warnings.filterwarnings("ignore", message="PySpark does not yet fully support pandas", category=FutureWarning)
    from ibis.backends.pyspark import Backend
    from ibis.backends.pyspark.datatypes import PySparkSchema


class ArrowBackend(Backend):
    """The back end of Ibis, but no pandas frame is made."""

    def to_pyarrow(self, expr: Any, /, *, params: Any = None, limit: Any = None, **kwargs: Any) -> Any:
        """Compute an expression on the cluster and return it as Arrow table, column or scalar."""
        self._run_pre_execute_hooks(expr)
        table = expr.as_table()
        arrow = self.raw_sql(self.compile(table, params=params, limit=limit, **kwargs)).toArrow()
        return expr.__pyarrow_result__(PyArrowData.convert_table(arrow, table.schema()))

    def _register_in_memory_table(self, op: ops.InMemoryTable) -> None:
        rows: pa.Table = op.data.to_pyarrow(op.schema)
        frame = self._session.createDataFrame(rows, schema=PySparkSchema.from_ibis(op.schema))
        frame.createOrReplaceTempView(op.name)


ArrowBackend.register_options()  # which Ibis does for the back ends that it finds by name
