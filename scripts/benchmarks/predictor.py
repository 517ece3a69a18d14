"""Measures one runtime in one precision, in a process of its own: `python -m benchmarks.predictor JOB`.

A process each, because Keras keeps to one backend, and because runtimes' threads would get in each other's way.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vidtag.errors import VidtagError
from vidtag.records.bundles import find_bundle, read_weights

from .operations import OPERATIONS_OF_A_MULTIPLY_ADD, counted, random_weights
from .processes import CommandFailedError
from .runtimes import KERAS_BACKENDS, Network, make_runtime
from .timing import rates_of

ROOT = Path(__file__).resolve().parents[2]
_PATCH_PX = 8
_ERROR = re.compile(r"[\w.]+(Error|Exception)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What to measure in one process.

    Attributes:
        model: name or folder of the bundle.
        backend, precision: of `runtimes.BACKENDS`, of `runtimes.PRECISIONS`.
        batches: pictures at once, in turn.
        seconds: how long a measurement must last.
        ahead: batches that may be under way before the first one's scores are fetched.
        random: whether the weights are random; then those of the bundle are not read.
        limit_gflops: the device's limit in 10^9 operations/s; None to measure it with a matrix product.
        matrix_side: side of its matrices; None for what suits the device.
    """

    model: str
    backend: str
    precision: str
    batches: tuple[int, ...]
    seconds: float
    ahead: int
    random: bool
    limit_gflops: float | None
    matrix_side: int | None


def run_job(job: Job) -> dict[str, Any]:
    """Measure in a process of its own.

    Returns:
        What `measure_job` gives.

    Raises:
        CommandFailedError: it did not work, for example because the runtime does not know the precision.
    """
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "XLA_PYTHON_CLIENT_PREALLOCATE": "false"}
    places = [str(ROOT / "scripts"), str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment["PYTHONPATH"] = os.pathsep.join(places)
    if job.backend in KERAS_BACKENDS:
        environment["KERAS_BACKEND"] = job.backend
    command = [sys.executable, "-P", "-m", "benchmarks.predictor", json.dumps(asdict(job))]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CommandFailedError(f"{job.backend} in {job.precision} does not run: {_complaint(done.stderr)}")
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _complaint(said: str) -> str:
    """Give the last line that names an error, as runtimes may add remarks, or else the last one."""
    lines = [line.strip() for line in said.splitlines() if line.strip()] or ["no message"]
    return next((line for line in reversed(lines) if _ERROR.match(line)), lines[-1])[:300]


def measure_job(job: Job) -> dict[str, Any]:
    """Measure in this process.

    Returns:
        `device`, `limit_gflops`, and `batches`: for each `batch` its `pictures_per_second` and the (n, characters)
        `scores` of the first pictures, which are the same in every job.
    """
    network = load_network(job.model, job.random)
    runtime = make_runtime(job.backend, job.precision)
    rows = []
    for batch in job.batches:
        run = runtime.prepare(network, patches(batch, *network.input_size), job.ahead)
        rate = batch * median(rates_of(run, job.seconds))
        rows.append({"batch": batch, "pictures_per_second": rate, "scores": run(1)[:1].tolist()})
    limit = job.limit_gflops
    if limit is None:
        side = job.matrix_side or runtime.matrix_side
        products = max(rates_of(runtime.product(side), job.seconds))
        limit = products * OPERATIONS_OF_A_MULTIPLY_ADD * side**3 / 1e9
    return {"device": runtime.device, "limit_gflops": limit, "batches": rows}


def load_network(model: str, random: bool) -> Network:
    """Read a bundle's network, with its weights or random ones."""
    bundle = find_bundle(model)
    shapes = counted(bundle.network, bundle.input_size, len(bundle.cast), bundle.arguments).weights
    return Network(
        name=bundle.network,
        input_size=bundle.input_size,
        characters=len(bundle.cast),
        arguments=bundle.arguments,
        arrays=random_weights(shapes) if random else read_weights(bundle),
        source=model,
    )


def patches(count: int, height: int, width: int) -> NDArray[np.uint8]:
    """Give random pictures of 8 px patches, (count, height, width, 3) uint8; the first are the same for every count."""
    rows, columns = -(-height // _PATCH_PX), -(-width // _PATCH_PX)
    coarse = np.random.default_rng(1).integers(0, 256, (count, rows, columns, 3)).astype(np.uint8)
    return np.ascontiguousarray(coarse.repeat(_PATCH_PX, axis=1).repeat(_PATCH_PX, axis=2)[:, :height, :width])


def rows_of(
    job: Job, answer: Mapping[str, Any], operations: int, reference: Sequence[Any] | None
) -> list[dict[str, Any]]:
    """Give a plain row for each batch size.

    Args:
        job: what was measured.
        answer: what `measure_job` gave.
        operations: of one picture.
        reference: (1, characters) scores of another job, which these are compared with, if they can be.

    Returns:
        Rows with `backend`, `precision`, `device`, `batch`, `pictures_per_second`, `gflops` (10^9 operations of the
        network each second), `limit_gflops`, `share` of the limit, and `difference`: the largest of any score from
        the reference, or None.
    """
    rows = []
    for measured in answer["batches"]:
        difference = None if reference is None else float(np.abs(np.subtract(measured["scores"], reference)).max())
        gflops = measured["pictures_per_second"] * operations / 1e9
        rows.append(
            {
                "backend": job.backend,
                "precision": job.precision,
                "device": answer["device"],
                "batch": measured["batch"],
                "pictures_per_second": measured["pictures_per_second"],
                "gflops": gflops,
                "limit_gflops": answer["limit_gflops"],
                "share": gflops / answer["limit_gflops"],
                "difference": difference,
            }
        )
    return rows


def main() -> None:
    """Measure the job that the command line holds as JSON and print the answer as JSON."""
    values = json.loads(sys.argv[1])
    try:
        print(json.dumps(measure_job(Job(**{**values, "batches": tuple(values["batches"])}))))
    except VidtagError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
