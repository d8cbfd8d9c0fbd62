"""Opens the project's tables with pyarrow and polars, and writes theirs. Usage: interop.py FOLDER; prints one JSON object."""

import json
import sys
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as parquet

folder = Path(sys.argv[1])


def shown(table: pa.Table) -> dict:
    table.validate(full=True)
    return {
        "types": {field.name: str(field.type) for field in table.schema},
        "nullable": [field.name for field in table.schema if field.nullable],
        "columns": table.to_pydict(),
    }


with pa.ipc.open_file(str(folder / "ours.arrow")) as file:
    ours = file.read_all()
with pa.ipc.open_file(str(folder / "tensors.arrow")) as file:
    tensors = file.read_all()

answer = {
    "pyarrow": shown(ours),
    "mapped": shown(pa.ipc.open_file(pa.memory_map(str(folder / "ours.arrow"))).read_all())["columns"],
    "polars": pl.read_ipc(folder / "ours.arrow").to_dict(as_series=False),
    "parquet": shown(parquet.read_table(str(folder / "ours.parquet")))["columns"],
    "polarsParquet": pl.read_parquet(folder / "ours.parquet").to_dict(as_series=False),
    "tensors": {
        "head": json.loads(tensors.schema.metadata[b"counterpoise.head"]),
        "columns": tensors.to_pydict(),
    },
}

theirs = pa.table(
    {
        "user": pa.array([10, 20, 2**53 + 1], pa.int64()),
        "item": pa.array(["x", "yy", "é"], pa.large_string()),
        "kind": pa.array(["a", "b", "a"]).dictionary_encode(),
        "rating": pa.array([1.5, None, 3.0], pa.float32()),
        "seen": pa.array([True, False, True]),
        "small": pa.array([-1, 0, 127], pa.int8()),
        "view": pa.array(["short", "longer than twelve bytes", ""], pa.string_view()),
        "at": pa.array([1, 2, 3], pa.timestamp("us", tz="UTC")),
    }
)
both = pa.concat_tables([theirs, theirs.slice(1, 2)]).unify_dictionaries()
with pa.ipc.new_file(str(folder / "theirs-file.arrow"), both.schema) as writer:
    writer.write_table(both, max_chunksize=2)
with pa.ipc.new_stream(str(folder / "theirs-stream.arrow"), both.schema) as writer:
    writer.write_table(both)
feather.write_feather(theirs.drop_columns(["view"]), str(folder / "theirs-lz4.arrow"))
pl.DataFrame({"user": [1, 2], "item": ["a", "b"], "kind": pl.Series(["p", "q"], dtype=pl.Categorical)}).write_ipc(
    folder / "theirs-polars.arrow"
)
print(json.dumps(answer))
