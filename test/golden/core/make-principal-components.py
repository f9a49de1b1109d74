"""Makes principal-components.json with numpy alone: singular values of the centred rows."""
import json
import pathlib

import numpy as np

rng = np.random.default_rng(7)
cases = []


def case(name, rows, components):
    rows = rows.astype(np.float32).astype(np.float64)
    mean = rows.mean(0)
    centred = rows - mean
    _, singular, axes = np.linalg.svd(centred, full_matrices=False)
    axes = axes[:components]
    # an axis' largest number is positive
    axes = axes * np.sign(axes[np.arange(components), np.abs(axes).argmax(1)])[:, None]
    squares = singular**2
    cases.append(
        {
            "name": name,
            "count": len(rows),
            "components": components,
            "rows": rows.ravel().tolist(),
            "mean": mean.tolist(),
            "axes": axes.ravel().tolist(),
            "variances": (squares[:components] / (len(rows) - 1)).tolist(),
            "shares": (squares[:components] / squares.sum()).tolist(),
            "scores": (centred @ axes.T).ravel().tolist(),
        }
    )


mixed = rng.standard_normal((12, 5)) @ rng.standard_normal((5, 5)) + 50
case("correlated columns, far from the origin", np.round(mixed, 3), 3)
case("fewer rows than columns", np.round(rng.standard_normal((6, 11)), 3), 5)
unit = rng.standard_normal((30, 14))
unit /= np.linalg.norm(unit, axis=1, keepdims=True)
case("rows of length 1 whose variances lie close together", np.round(unit, 4), 2)
path = pathlib.Path(__file__).with_name("principal-components.json")
path.write_text(json.dumps(cases, separators=(",", ":")))
