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


KINDS = {"message_received": 0, "reply_sent": 1, "rating_given": 3, "resolved": 4, "reopened": 5}


def desk(file):
    """The events of a file of the desk, with numbers for conversations. JSON is read
    some lines at a time, since it would take 1.5 kilobytes for each of all events."""
    if file.endswith(".csv"):
        types = {"type": "category", "channel": "category", "by": "category", "stars": "float32"}
        columns = ["type", "conversation", "at", "channel", "by", "stars"]
        events = columns_of(pd.read_csv(file, dtype=types, usecols=columns))
    else:
        with pd.read_json(file, lines=True, dtype=False, convert_dates=False, chunksize=100_000) as parts:
            events = pd.concat([columns_of(part) for part in parts], ignore_index=True)
    return events.assign(conv=pd.factorize(events.conv)[0], channel=events.channel.astype("category"))


def columns_of(table):
    at = pd.to_datetime(table["at"], utc=True, cache=False).dt.tz_localize(None)
    kind = table.type.map(KINDS).astype("int8").values
    return pd.DataFrame({
        "ts": at.values.astype("datetime64[ms]").astype("int64"),
        "conv": table.conversation,
        "channel": table.channel,
        "kind": np.where((kind == 1) & table.by.notna().values, 2, kind),
        "stars": table.stars.fillna(0).astype("int8"),
    })


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
        if request.get("table", "").startswith("desk."):
            events = desk(os.path.join(request["folder"], request["table"]))
            return {"seconds": time.perf_counter() - begin}
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
