"""Synthetic cells of contacts, as many as the country has, and later versions of them: what protection is tried on.

Belongs here: true counts of base cells and the areas they are summed by. Does not belong here: contacts one by one
(`tests/feeds/contacts.py`), what is published of the counts (`rivals.py`), and who finds them out (`attack.py`).

Nothing in them is a fact but the codes of municipalities, counties and FA-regions: sizes are spread as those of Swedish
municipalities are, and the same seed gives the same counts.
"""

from collections.abc import Collection, Sequence
from datetime import date
from statistics import NormalDist

import numpy as np
import polars as pl

from sources.geography import AF_REGIONS, counties, municipalities

GROUP_SHARES = {
    "native_no_disability": 0.40,
    "disability": 0.14,
    "establishment": 0.15,
    "over_55": 0.15,
    "job_development_guarantee": 0.10,
    "youth_guarantee": 0.05,
    "no_group": 0.01,
}
"""Disjoint; the last one is nobody's group, and is never published by itself."""

CHANNEL_SIZES = {"visit_booked": 0.45, "visit_drop_in": 0.55, "phone": 1.3, "digital_meeting": 0.35, "chat": 0.15}
"""For each visit, of whatever kind."""

MEDIAN_VISITS = 100
SPREAD_OF_SIZES = 1.5
SPREAD_OF_SHARES = 0.3

# By the number of their first county: any assignment will do in which counties nest in regions.
_FIRST_COUNTY_OF_REGION = {"Stockholm Gotland": 1, "Öst": 3, "Syd": 7, "Väst": 13, "Mitt": 17, "Nord": 22}


def af_region_of(county_code: str) -> str:
    """One of the six regions, each of whole counties."""
    found = [region for region, first in _FIRST_COUNTY_OF_REGION.items() if first <= int(county_code)]
    return found[-1]


def areas(codes: Collection[str] | None = None) -> pl.DataFrame:
    """Which municipality lies in which areas, as core.dim_municipality_scope says it; of those codes only, if any."""
    return pl.DataFrame(
        [
            (place.municipality_code, scope, scope_code)
            for place in municipalities()
            if codes is None or place.municipality_code in codes
            for scope, scope_code in (
                ("national", "SE"),
                ("af_region", af_region_of(place.county_code)),
                ("county", place.county_code),
                ("fa_region", place.fa_region_code),
                ("municipality", place.municipality_code),
            )
        ],
        schema=["municipality_code", "scope", "scope_code"],
        orient="row",
    )


def codes_of(af_region: str) -> list[str]:
    """The municipalities of a region."""
    assert af_region in AF_REGIONS
    inside = {each.county_code for each in counties() if af_region_of(each.county_code) == af_region}
    return [each.municipality_code for each in municipalities() if each.county_code in inside]


def cells(months: Sequence[date], seed: int, codes: Collection[str] | None = None) -> pl.DataFrame:
    """True counts of every base cell, zeros too: month, municipality, group (also no_group), channel, contacts.

    A municipality has the same counts whether others are asked for or not.
    """
    chance = np.random.default_rng(seed)
    places = [each.municipality_code for each in municipalities()]
    quantiles = [NormalDist().inv_cdf((at + 0.5) / len(places)) for at in range(len(places))]
    sizes = MEDIAN_VISITS * np.exp(SPREAD_OF_SIZES * chance.permutation(quantiles))
    shares = np.array(list(GROUP_SHARES.values())) * np.exp(
        chance.normal(0, SPREAD_OF_SHARES, (len(places), len(GROUP_SHARES)))
    )
    shares /= shares.sum(axis=1, keepdims=True)
    means = sizes[:, None, None] * shares[:, :, None] * np.array(list(CHANNEL_SIZES.values()))
    counts = chance.poisson(means, (len(months), *means.shape))
    index = np.indices(counts.shape).reshape(4, -1)
    frame = pl.DataFrame(
        {
            "report_month": pl.Series([months[at] for at in index[0]], dtype=pl.Date),
            "municipality_code": [places[at] for at in index[1]],
            "visitor_group": np.array(list(GROUP_SHARES))[index[2]].tolist(),
            "channel": np.array(list(CHANNEL_SIZES))[index[3]].tolist(),
            "contacts": counts.reshape(-1).astype(np.int64),
        }
    )
    return frame if codes is None else frame.filter(pl.col("municipality_code").is_in(list(codes)))


def corrected(before: pl.DataFrame, share: float, seed: int) -> pl.DataFrame:
    """A later version: about that share of the cells has another count, the others have the same.

    Half of the changes are late rows (+1 to +3). The rest are corrections: contacts that move to another group of the
    same municipality and channel, counts that fall to 1–4, small ones that grow to 5 or more, and ones that vanish.
    """
    chance = np.random.default_rng(seed)
    counts = before["contacts"].to_numpy().copy()
    draw = chance.random(len(counts)) / max(share, 1e-12)
    small, large = (counts >= 1) & (counts <= 4), counts >= 5
    late = (draw < 0.5) & (counts > 0)
    counts[late] += chance.integers(1, 4, late.sum())
    falls = (draw >= 0.5) & (draw < 0.65) & large
    counts[falls] = chance.integers(1, 5, falls.sum())
    grows = (draw >= 0.5) & (draw < 0.65) & small
    counts[grows] += chance.integers(4, 8, grows.sum())
    vanishes = (draw >= 0.65) & (draw < 0.75) & small
    counts[vanishes] = 0
    changed = before.with_columns(contacts=pl.Series(counts, dtype=pl.Int64))
    moves = (draw >= 0.75) & (draw < 1) & (counts > 0)
    # The target is another group of the same place and channel: the next one that the version before lists.
    keys = ["report_month", "municipality_code", "channel"]
    row = pl.int_range(pl.len()).over(keys)
    return (
        changed.with_columns(moved=pl.Series(moves).cast(pl.Int64))
        .with_columns(arrived=pl.col("moved").shift(1, fill_value=0).over(keys))
        .with_columns(moved=pl.when(row == pl.len().over(keys) - 1).then(0).otherwise("moved"))
        .with_columns(contacts=pl.col("contacts") - pl.col("moved") + pl.col("arrived"))
        .drop("moved", "arrived")
    )
