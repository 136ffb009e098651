"""Answers requests with pandas: a line of JSON for each; see worker.go."""

import json
import os
import re
import sys
import time

import numpy as np
import pandas as pd

DAY = 86_400_000
QUANTILES = [0.5, 0.9, 0.99]


def waits(events):
    """The answered waits: the table is in the order of time, so one stable sort by
    conversation is enough."""
    spoken = events[events.kind.isin([0, 1, 4])]
    spoken = spoken.iloc[np.argsort(spoken.conv.values, kind="stable")]
    customer = spoken.kind.values == 0
    conv = spoken.conv.values
    turn = np.ones(len(spoken), dtype=bool)
    turn[1:] = (conv[1:] != conv[:-1]) | (customer[1:] != customer[:-1])
    turns = spoken[turn]
    conv, ts = turns.conv.values, turns.ts.values
    answered = np.zeros(len(turns), dtype=bool)
    answered[1:] = (turns.kind.values[1:] == 1) & (conv[1:] == conv[:-1])
    wait = np.zeros(len(turns), dtype="int64")
    wait[1:] = ts[1:] - ts[:-1]
    found = turns[answered].assign(wait=wait[answered])
    first = np.ones(len(found), dtype=bool)
    first[1:] = found.conv.values[1:] != found.conv.values[:-1]
    return found.assign(first=first)


def times(found, keys):
    groups = found.groupby(keys).wait
    return pd.concat([groups.count(), groups.mean(), groups.quantile(QUANTILES).unstack()], axis=1)


def both(found, keys):
    return times(found[found["first"]], keys).join(times(found, keys), how="outer", lsuffix="_first")


def rated(events, keys):
    ratings = events[events.kind == 3]
    return ratings.assign(good=ratings.stars >= 4).groupby(keys).agg(
        n=("stars", "count"), good=("good", "sum"), stars=("stars", "sum"))


def report(events):
    stars = rated(events, "channel")
    table = both(waits(events), "channel").join(
        pd.DataFrame({"n": stars.n, "csat": stars.good / stars.n, "stars_mean": stars.stars / stars.n}), how="left").fillna(0)
    return [[str(channel)] + [repr(float(x)) for x in row] for channel, row in zip(table.index, table.values)]


def groups(events):
    keys = ["channel", "agent", "day"]
    found = waits(events)
    table = both(found.assign(day=found.ts // DAY), keys)
    ratings = events[events.kind == 3]
    table = table.join(rated(ratings.assign(day=ratings.ts // DAY), keys), how="outer", rsuffix="_rated")
    return [[str(len(table))] + [repr(float(x)) for x in table.sum().values]]


def peak():
    try:
        with open("/proc/self/status") as status:
            return int(re.search(r"VmHWM:\s+(\d+)", status.read()).group(1)) * 1024
    except OSError:
        return 0


def answer(request):
    global events
    if request["do"] == "open":
        return {"rows": [[pd.__version__]]}
    begin = time.perf_counter()
    if request["do"] == "load":
        types = {"ts": "int64", "conv": "int32", "channel": "int8", "agent": "int16", "kind": "int8", "stars": "int8"}
        events = None
        events = pd.read_csv(os.path.join(request["folder"], "number.csv"), dtype=types)
        return {"seconds": time.perf_counter() - begin, "kept": int(events.memory_usage(index=True).sum())}
    rows = {"report": report, "groups": groups}[request["do"]](events)
    return {"seconds": time.perf_counter() - begin, "rows": rows}


events = None
for line in sys.stdin:
    try:
        with open("/proc/self/clear_refs", "w") as refs:
            refs.write("5")
    except OSError:
        pass
    try:
        reply = answer(json.loads(line))
    except Exception as error:
        reply = {"error": repr(error)}
    reply["peak"] = peak()
    print(json.dumps(reply), flush=True)
