"""Runs relays of a plan against a server with writers that hold aggregates, roll back and commit out of order.

relay_bench.py SETTINGS, a JSON file: engine, url or cnf (administrator), relay_url or relay_cnf, relay (program),
settings (relay.json), table (the outbox as SQL), seconds, folder, broken. Prints what was lost and what came out of order.
"""
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time

WRITERS, AGGREGATES, RELAYS = 5, 8, 3
with open(sys.argv[1], encoding="utf-8") as file:
    S = json.load(file)
IS_POSTGRES = S["engine"] == "postgres"
OUT = os.path.join(S["folder"], "sent.jsonl")


def connect():
    if IS_POSTGRES:
        import psycopg
        return psycopg.connect(S["url"])
    import pymysql
    return pymysql.connect(read_default_file=S["cnf"], charset="utf8mb4", autocommit=False)


def run(connection, text, values=None):
    cursor = connection.cursor()
    cursor.execute(text, values)
    return cursor


def relay():
    environment = dict(os.environ)
    if IS_POSTGRES:
        environment["OUTBOX_URL"] = S["relay_url"]
    else:
        environment["OUTBOX_CNF"] = S["relay_cnf"]
    return subprocess.Popen(
        [sys.executable, S["relay"], S["settings"], "--sink", "file:" + OUT], env=environment,
        stderr=open(os.path.join(S["folder"], "relay.err"), "a"))


def write(number, until):
    random.seed(number)
    connection = connect()
    while time.monotonic() < until:
        aggregate = random.randrange(AGGREGATES)
        run(connection, "UPDATE relay_bench SET version = version + 1 WHERE id = %s", (aggregate,))
        version = run(connection, "SELECT version FROM relay_bench WHERE id = %s", (aggregate,)).fetchone()[0]
        key = "gen_random_uuid()" if IS_POSTGRES else "uuid()"
        run(connection,
            "INSERT INTO " + S["table"] + " (id, aggregatetype, aggregateid, type, payload) VALUES (" + key
            + ", 'bench', %s, 'bench.changed.v1', %s)", (str(aggregate), json.dumps({"version": version})))
        luck = random.random()
        if luck < 0.15:
            # Its number is taken, others commit before it.
            time.sleep(0.04)
        if luck > 0.92:
            connection.rollback()
        else:
            connection.commit()
    connection.close()


def cursor_reader(query, key, stop, seen):
    """A reader that keeps a position and asks for what is behind it."""
    connection = connect()
    if not IS_POSTGRES:
        run(connection, "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED")
    last = (0, 0)
    while True:
        ends = stop.is_set()
        rows = run(connection, query, key(last)).fetchall()
        connection.commit()
        for row in rows:
            last = (int(row[0]), row[1])
            seen.add(row[1])
        if ends and not rows:
            return
        time.sleep(0.003)


def delivered():
    with open(OUT, encoding="utf-8") as file:
        for line in file:
            if line.endswith("\n"):
                message = json.loads(line)
                yield message["key"], json.loads(message["value"])["version"], message


def main():
    setup = connect()
    run(setup, "CREATE TABLE relay_bench (id int PRIMARY KEY, version int NOT NULL)")
    for number in range(AGGREGATES):
        run(setup, "INSERT INTO relay_bench VALUES (%s, 0)", (number,))
    setup.commit()
    open(OUT, "w").close()
    relays = [relay() for _ in range(RELAYS)]
    stop, naive, horizon = threading.Event(), set(), set()
    readers = [threading.Thread(target=cursor_reader, args=(
        "SELECT 0, seq FROM " + S["table"] + " WHERE seq > %s ORDER BY seq", lambda last: (last[1],), stop, naive))]
    if IS_POSTGRES:
        readers.append(threading.Thread(target=cursor_reader, args=(
            "SELECT txid::text, seq FROM " + S["table"] + " WHERE txid < pg_snapshot_xmin(pg_current_snapshot())"
            " AND (txid, seq) > (%s::text::xid8, %s) ORDER BY txid, seq", lambda last: (str(last[0]), last[1]), stop, horizon)))
    until = time.monotonic() + S["seconds"]
    writers = [threading.Thread(target=write, args=(number, until)) for number in range(WRITERS)]
    for thread in readers + writers:
        thread.start()
    kills = 0
    while time.monotonic() < until:
        time.sleep(S["seconds"] / 5)
        victim = random.randrange(RELAYS)
        relays[victim].send_signal(signal.SIGKILL)
        relays[victim].wait()
        relays[victim] = relay()
        kills += 1
    for thread in writers:
        thread.join()
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        if run(setup, "SELECT count(*) FROM " + S["table"] + " WHERE published_at IS NULL").fetchone()[0] == 0:
            break
        setup.commit()
        time.sleep(0.1)
    stop.set()
    for thread in readers:
        thread.join()
    for process in relays:
        process.kill()
        process.wait()
    setup.commit()
    committed = dict(run(setup, "SELECT id, version FROM relay_bench").fetchall())
    events = {row[0] for row in run(setup, "SELECT seq FROM " + S["table"]).fetchall()}
    first, breaks, duplicates, ghosts = {}, 0, 0, 0
    sample = None
    for key, version, message in delivered():
        sample = sample or message
        seen = first.setdefault(int(key), [])
        if version in seen:
            duplicates += 1
            continue
        if version > committed[int(key)]:
            ghosts += 1
        if seen and version < max(seen):
            breaks += 1
        seen.append(version)
    lost = sum(len(set(range(1, n + 1)) - set(first.get(a, []))) for a, n in committed.items())
    print(json.dumps({
        "committed": sum(committed.values()), "kills": kills, "lost": lost, "ghosts": ghosts, "breaks": breaks,
        "duplicates": duplicates, "naive_lost": len(events - naive), "horizon_lost": len(events - horizon) if IS_POSTGRES else 0,
        "headers": sorted(sample["headers"]) if sample else [], "topic": sample["topic"] if sample else ""}))
    run(setup, "DROP TABLE relay_bench")
    setup.commit()


main()
